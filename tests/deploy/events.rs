//! `EVENTS.md` against the schemas: its example is a valid event, and its tables name every field and nothing else.

use std::collections::BTreeSet;

use serde_json::Value;
use tripline::event::{envelope_schema, receipt_schema, schema};
use tripline::stream::PoisonClass;

use crate::read;

const DOCUMENT: &str = "deploy/EVENTS.md";

/// The code blocks of one language.
fn blocks(language: &str) -> Vec<String> {
    let text = read(DOCUMENT);
    let blocks = text.split("\n```").skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let begin = format!("{language}\n");
    blocks.into_iter().filter_map(|block| block.strip_prefix(&begin).map(str::to_owned)).collect()
}

/// The first column of the table below a heading.
fn first_column(heading: &str) -> Vec<String> {
    let text = read(DOCUMENT);
    let (_, below) = text.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("{heading}"));
    let section = below.split("\n#").next().expect("a section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| row.split('`').nth(1).expect("a name in backticks").to_owned()).collect()
}

/// `record.topic`, `mentions[].span.bytes`: every property of a schema, with its path.
fn paths(schema: &Value, root: &Value, prefix: &str, into: &mut Vec<String>) {
    let target = schema["$ref"].as_str().map_or(schema, |reference| {
        let name = reference.strip_prefix("#/$defs/").expect("inside the schema");
        &root["$defs"][name]
    });
    for (name, property) in target["properties"].as_object().into_iter().flatten() {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        let items = &property["items"];
        let is_list_of_objects =
            items["$ref"].as_str().is_some_and(|r| !root["$defs"][&r[8..]]["properties"].is_null());
        into.push(path.clone());
        if is_list_of_objects {
            paths(items, root, &format!("{path}[]"), into);
        } else if !items.is_object() {
            paths(property, root, &path, into);
        }
    }
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[test]
fn the_table_of_the_data_has_every_field_of_the_schema_and_no_other() {
    let schema: Value = serde_json::from_str(schema()).unwrap();
    let mut all = Vec::new();
    paths(&schema, &schema, "", &mut all);
    // Said once, where a span is explained.
    all.retain(|path| !path.contains(".cues[].span.") && !path.contains(".branch.span."));
    assert_eq!(sorted(first_column("### The data")), sorted(all));
}

#[test]
fn the_table_of_the_envelope_has_every_attribute() {
    let schema: Value = serde_json::from_str(envelope_schema()).unwrap();
    let attributes = schema["properties"].as_object().unwrap().keys().filter(|name| *name != "data").cloned();
    assert_eq!(sorted(first_column("### The envelope")), sorted(attributes.collect()));
}

#[test]
fn the_table_of_receipts_has_every_field() {
    let schema: Value = serde_json::from_str(receipt_schema()).unwrap();
    let fields = schema["properties"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(sorted(first_column("## Receipts")), sorted(fields));
}

#[test]
fn every_value_of_a_choice_is_told() {
    let text = read(DOCUMENT);
    let schema: Value = serde_json::from_str(schema()).unwrap();
    let mut choices = BTreeSet::new();
    collect_choices(&schema, &mut choices);
    assert!(choices.len() > 30, "{choices:?}");
    for choice in choices {
        assert!(text.contains(&format!("`{choice}`")), "{choice}");
    }
}

fn collect_choices(schema: &Value, into: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            into.extend(entries.get("enum").into_iter().flat_map(|list| {
                list.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
            }));
            entries.values().for_each(|inner| collect_choices(inner, into));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_choices(inner, into)),
        _ => {}
    }
}

#[test]
fn the_example_is_a_valid_event() {
    let example: Value = serde_json::from_str(&blocks("json")[0]).expect("the first JSON block is the event");
    let envelope: Value = serde_json::from_str(envelope_schema()).unwrap();
    let data: Value = serde_json::from_str(schema()).unwrap();
    let mut alone = envelope;
    alone["properties"]["data"] = Value::Bool(true);
    for (schema, instance) in [(&alone, &example), (&data, &example["data"])] {
        let validator = jsonschema::validator_for(schema).expect("our schemas are schemas");
        let faults: Vec<String> =
            validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(faults, [""; 0]);
    }
}

#[test]
fn every_reason_of_a_dead_letter_is_told() {
    let told = first_column("### Reasons");
    let reasons: Vec<String> = PoisonClass::ALL.iter().map(|class| class.as_str().to_owned()).collect();
    assert_eq!(told, reasons);
}

#[test]
fn every_header_of_a_dead_letter_is_told() {
    let text = read(DOCUMENT);
    let code = read("src/stream/dead_letter.rs");
    let (code, _) = code.split_once("#[cfg(test)]").expect("tests stand at the end");
    let headers: BTreeSet<&str> =
        code.split('"').filter(|text| text.starts_with("tripline.") && !text.contains(' ')).collect();
    assert!(headers.len() >= 8, "{headers:?}");
    for header in headers {
        assert!(text.contains(&format!("`{header}`")), "{header}");
    }
}
