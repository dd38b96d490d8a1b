//! YAML as JSON values, so that one way of asking serves both.

use saphyr::{LoadableYamlNode as _, Scalar, Yaml};
use serde_json::{Map, Value};

use crate::read;

/// The documents of a text.
pub fn documents(text: &str) -> Vec<Value> {
    Yaml::load_from_str(text).unwrap_or_else(|error| panic!("{error} in\n{text}")).iter().map(value).collect()
}

/// The only document of a file of the repository.
pub fn document(path: &str) -> Value {
    let mut all = documents(&read(path));
    assert_eq!(all.len(), 1, "{path}");
    all.remove(0)
}

fn value(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(truth)) => (*truth).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::FloatingPoint(number)) => number.into_inner().into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(entries) => entries.iter().map(|(k, v)| (key(k), value(v))).collect::<Map<_, _>>().into(),
        other => panic!("neither tags nor aliases stand in our files: {other:?}"),
    }
}

fn key(yaml: &Yaml<'_>) -> String {
    match value(yaml) {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// The texts of a list.
pub fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().map(|item| item.as_str().expect("a text")).collect()
}
