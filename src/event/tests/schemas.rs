//! The schemas: whether they tell a wrong event from a right one, and describe what they name.

use super::super::*;
use super::{faults, parse, stamp, suspected_event, validator};
use crate::stream::{Outcome, Tally};
use serde_json::{Value, json};

#[test]
fn a_wrong_event_is_told_from_a_right_one() {
    let right = parse(&suspected_event().to_json_line());
    let set = |pointer: &str, value: Value| {
        let mut wrong = right.clone();
        *wrong.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
        (format!("{pointer} changed"), wrong)
    };
    let without = |object: &str, key: &str| {
        let mut wrong = right.clone();
        wrong.pointer_mut(object).unwrap().as_object_mut().unwrap().remove(key).unwrap();
        (format!("{object} without {key}"), wrong)
    };
    let with = |object: &str| {
        let mut wrong = right.clone();
        wrong.pointer_mut(object).unwrap().as_object_mut().unwrap().insert("more".into(), json!(1));
        (format!("{object} with more"), wrong)
    };
    let mut cases = vec![
        set("/id", json!("7")),
        set("/specversion", json!("0.3")),
        set("/type", json!("tripline.verdict.v2")),
        set("/time", json!("2026-11-22T16:00:00+08:00")),
        set("/time", Value::Null),
        set("/source", json!("tripline")),
        set("/subject", json!("posts/3")),
        set("/data/action", json!("delete")),
        set("/data/action", json!("none")),
        set("/data/severity", Value::Null),
        set("/data/severity", json!("grave")),
        set("/data/mentions", json!([])),
        set("/data/reasons", json!([])),
        set("/data/record/partition", json!("3")),
        set("/data/record/kind", json!("comment")),
        set("/data/rule_set/digest", json!("sha256:0")),
        set("/data/mentions/0/listing", json!("blacklist")),
        set("/data/mentions/0/status", json!("shadow")),
        set("/data/mentions/0/score", json!(1.5)),
        set("/data/mentions/0/score", Value::Null),
        set("/data/mentions/0/span/bytes", json!([16])),
        set("/data/mentions/0/span/bytes", json!([16, 30, 31])),
        set("/data/mentions/0/folds", json!(["rot13"])),
        set("/data/mentions/0/text", json!("")),
        set("/data/mentions/0/listed_as", json!("")),
        set("/data/mentions/0/notices/0/kind", json!("rumour")),
        set("/data/mentions/0/notices/0/source", json!("mirror")),
        set("/data/mentions/0/notices/0/published", json!("14.4.2021")),
        set("/data/mentions/0/notices/0/url", json!("ftp://copy.example")),
    ];
    let in_mention = ["/data/mentions/0", "/data/mentions/0/span", "/data/mentions/0/notices/0"];
    for object in ["", "/data", "/data/record", "/data/rule_set"].into_iter().chain(in_mention) {
        cases.push(with(object));
        let keys: Vec<String> = right.pointer(object).unwrap().as_object().unwrap().keys().cloned().collect();
        cases.extend(keys.iter().filter(|k| *k != "time").map(|key| without(object, key)));
    }
    let validator = validator(envelope_schema());
    assert!(validator.is_valid(&right));
    for (name, wrong) in cases {
        assert!(!validator.is_valid(&wrong), "{name}");
    }
}

#[test]
fn receipts_are_held_against_their_schema() {
    let mut tally = Tally::new(5);
    tally.add(6, Outcome::Flagged, true);
    let receipt = tally.seal("posts", 3, &stamp()).unwrap();
    let out = receipt.to_outgoing(&"receipts".into());
    let right: Value = serde_json::from_slice(&out.payload.unwrap()).unwrap();
    assert_eq!(faults(receipt_schema(), &right), Vec::<String>::new());
    for key in right.as_object().unwrap().keys() {
        let mut wrong = right.clone();
        wrong[key] = json!([]);
        assert_ne!(faults(receipt_schema(), &wrong), Vec::<String>::new(), "{key}");
        wrong.as_object_mut().unwrap().remove(key);
        assert_ne!(faults(receipt_schema(), &wrong), Vec::<String>::new(), "without {key}");
    }
}

#[test]
fn each_field_of_a_schema_is_described() {
    fn walk(path: &str, schema: &Value, silent: &mut Vec<String>) {
        let Some(properties) = schema["properties"].as_object() else { return };
        assert_eq!(schema["additionalProperties"], json!(false), "{path}");
        for (name, property) in properties {
            let path = format!("{path}/{name}");
            if property.get("description").is_none() && property.get("$ref").is_none() {
                silent.push(path.clone());
            }
            walk(&path, property, silent);
        }
    }
    for schema in [schema(), envelope_schema(), receipt_schema()] {
        let (schema, mut silent) = (parse(schema), Vec::new());
        walk("", &schema, &mut silent);
        for (name, part) in schema["$defs"].as_object().into_iter().flatten() {
            assert!(part.get("description").is_some(), "{name}");
            walk(name, part, &mut silent);
        }
        assert_eq!(silent, Vec::<String>::new());
    }
}
