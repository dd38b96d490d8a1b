//! The three layers as one tree of values: the file, the environment over it, flags over both.
//!
//! `config` merges; what a value means is for [`super::read`]. Every value carries its origin as text.
//!
//! ```text
//! TRIPLINE__KAFKA__BOOTSTRAP_SERVERS=a:9092               -> kafka.bootstrap_servers
//! TRIPLINE__KAFKA__PROPERTIES__SECURITY_PROTOCOL=SASL_SSL -> kafka.properties."security.protocol"
//! --set source[0].topic=posts                             -> source[0].topic
//! ```
//! An array of tables, `[[source]]`, cannot be addressed from the environment; flags can.

use std::ffi::{OsStr, OsString};

use config::{Map, Value, ValueKind};

use super::file;
use super::keys::{PREFIX, SECTIONS};
use super::problem::{Origin, Problem};

/// The longest list that a flag can address: a slip such as `source[99999999]` must not fill the memory.
const MAX_INDEX: usize = 99;

/// One `key = value` of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The key, such as `kafka.group_id` or `source[0].topic`.
    pub key: String,
    /// The value, as text.
    pub value: String,
    /// What the user typed, for messages: `--set kafka.group_id=g`.
    pub flag: String,
}

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    /// The file's path, for messages, and its text.
    pub file: Option<(String, String)>,
    /// The process's environment, or a test's.
    pub environment: Vec<(OsString, OsString)>,
    /// Flags; a later one wins.
    pub overrides: Vec<Override>,
}

/// One layer: keys in the syntax of `config`'s paths, values with their origin.
#[derive(Clone, Debug, Default)]
struct Layer(Vec<(String, Value)>);

impl config::Source for Layer {
    fn clone_into_box(&self) -> Box<dyn config::Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.iter().cloned().collect())
    }
}

/// Merges the layers. What cannot even be placed in the tree is a problem and is left out.
pub(super) fn merge(layers: &Layers, problems: &mut Vec<Problem>) -> Map<String, Value> {
    let mut builder = config::Config::builder().add_source(file_layer(layers, problems));
    for (variable, value) in &layers.environment {
        builder = builder.add_source(variable_layer(variable, value, problems));
    }
    for flag in &layers.overrides {
        builder = builder.add_source(flag_layer(flag, problems));
    }
    match builder.build().map(|merged| merged.cache.kind) {
        Ok(ValueKind::Table(table)) => table,
        Ok(_) => Map::new(),
        Err(error) => {
            problems.push(Problem { key: String::new(), origin: None, message: error.to_string() });
            Map::new()
        }
    }
}

fn file_layer(layers: &Layers, problems: &mut Vec<Problem>) -> Layer {
    let Some((path, text)) = &layers.file else {
        return Layer::default();
    };
    match file::parse(path, text) {
        Ok(table) => Layer(table.into_iter().collect()),
        Err(problem) => {
            problems.push(problem);
            Layer::default()
        }
    }
}

fn variable_layer(variable: &OsStr, value: &OsStr, problems: &mut Vec<Problem>) -> Layer {
    let name = variable.to_string_lossy();
    let origin = Origin::Environment(name.clone().into_owned());
    let Some(path) = name.strip_prefix(PREFIX) else {
        problems.extend(slip(&name).map(|(key, message)| Problem { key, origin: Some(origin), message }));
        return Layer::default();
    };
    let key = path.to_lowercase().replace("__", ".");
    let refused = if variable.to_str().is_none() {
        Some("the name of this variable is not UTF-8")
    } else if value.to_str().is_none() {
        Some("the value of this variable is not UTF-8")
    } else if key == "source" || key.starts_with("source.") {
        Some("[[source]] is a list, which the environment cannot address: use the file, or --set source[0].topic=…")
    } else {
        None
    };
    if let Some(message) = refused {
        problems.push(Problem { key, origin: Some(origin), message: message.into() });
        return Layer::default();
    }
    let property = key.strip_prefix("kafka.properties.").map(property_name);
    place(&key, property, &value.to_string_lossy(), origin, problems)
}

/// A variable that means a key and is written otherwise, such as `TRIPLINE_KAFKA_GROUP_ID`: it would do nothing, unseen.
///
/// Only whole names count: for a service of the name `tripline-http`, Kubernetes sets `TRIPLINE_HTTP_PORT`.
fn slip(variable: &str) -> Option<(String, String)> {
    let squeezed = |name: &str| name.to_uppercase().replace("__", "_");
    let written = squeezed(variable);
    let keys = SECTIONS.iter().flat_map(|section| section.keys.iter().map(move |key| (section, key)));
    keys.filter_map(|(section, key)| Some((section, key, key.variable(section)?)))
        .find(|(_, _, name)| squeezed(name) == written)
        .map(|(section, key, name)| {
            (format!("{}.{}", section.name, key.name), format!("this variable is not read: its name is {name}"))
        })
}

/// librdkafka's names have dots, a variable's name cannot: `security_protocol` means `security.protocol`.
/// `log_level` is the one name that has an underscore of its own.
fn property_name(name: &str) -> String {
    match name {
        "log_level" => name.to_owned(),
        _ => name.replace('_', "."),
    }
}

fn flag_layer(flag: &Override, problems: &mut Vec<Problem>) -> Layer {
    let origin = Origin::Flag(flag.flag.clone());
    let property = flag.key.strip_prefix("kafka.properties.").map(str::to_owned);
    place(&flag.key, property, &flag.value, origin, problems)
}

/// One text value at its place in the tree.
fn place(key: &str, property: Option<String>, value: &str, origin: Origin, problems: &mut Vec<Problem>) -> Layer {
    let value = Value::new(Some(&origin.to_string()), value);
    if let Some(name) = property {
        let table: Map<String, Value> = [(name, value)].into_iter().collect();
        return Layer(vec![("kafka.properties".into(), Value::new(Some(&origin.to_string()), table))]);
    }
    if !is_path(key) {
        problems.push(Problem {
            key: key.to_owned(),
            origin: Some(origin),
            message: "not a key: write section.key, or source[0].key".into(),
        });
        return Layer::default();
    }
    Layer(vec![(key.to_owned(), value)])
}

/// `a.b[0].c`: words of letters, digits, `_` and `-`, each with at most one index.
fn is_path(key: &str) -> bool {
    key.split('.').all(|part| {
        let (word, index) = match part.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
            Some((word, index)) => (word, Some(index)),
            None => (part, None),
        };
        let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        is_word && index.is_none_or(|index| index.parse::<usize>().is_ok_and(|i| i <= MAX_INDEX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_words_with_small_indices_and_nothing_else() {
        for (key, expected) in [
            ("kafka.group_id", true),
            ("source[0].topic", true),
            ("source[0].text.display_name", true),
            ("kafka", true),
            ("", false),
            ("kafka.", false),
            (".kafka", false),
            ("source[].topic", false),
            ("source[-1].topic", false),
            ("source[100].topic", false),
            ("source[99999999999999999999]", false),
            ("source[0][1]", false),
            ("kafka group", false),
            ("中国", false),
        ] {
            assert_eq!(is_path(key), expected, "{key}");
        }
    }
}
