//! Short posts and registrations: exact mentions and the action, half of them about people to be left alone.

use super::{corpus, shipped_rules};
use serde_json::Value;
use std::collections::BTreeSet;
use tripline::content::{Content, Field, Kind, Role};
use tripline::engine::{Scanner, Verdict};

#[test]
fn every_post_and_registration_gets_its_mentions_and_its_action() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let lines = corpus("posts/posts.jsonl");
    let mut problems = [Vec::new(), Vec::new()];
    let mut records = [0, 0];
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("JSON");
        let half = usize::from(case["half"] == "test");
        records[half] += 1;
        let content = content_of(&case);
        let verdict = scanner.scan(&content).expect("the policy runs");
        problems[half].extend(problem_of(&case, &content, &verdict));
    }
    for (half, (problems, records)) in ["development", "test"].iter().zip(problems.iter().zip(records)) {
        println!("posts, {half} half: {} of {records} right", records - problems.len());
        for problem in problems {
            println!("  {problem}");
        }
    }
    assert!(records.iter().all(|n| *n > 100), "the exam is whole");
    assert!(problems.iter().all(Vec::is_empty), "see the lists above");
}

/// Fields by the names of the settings page: links are links, a handle is a handle, the rest is text.
fn content_of(case: &Value) -> Content<'static> {
    let kind = if case["kind"] == "registration" { Kind::Registration } else { Kind::Post };
    let mut content = Content::new(kind);
    for (name, value) in case["fields"].as_object().expect("fields") {
        let role = match name.as_str() {
            "urls" | "website" | "email" => Role::Link,
            "handle" => Role::Handle,
            _ => Role::Text,
        };
        let items: Vec<&Value> = value.as_array().map_or_else(|| vec![value], |items| items.iter().collect());
        for (index, item) in items.into_iter().enumerate() {
            let item_number = value.is_array().then(|| u32::try_from(index).expect("few items"));
            let value = item.as_str().expect("text").to_owned().into();
            content.fields.push(Field { name: name.as_str().into(), item: item_number, role, value });
        }
    }
    content
}

fn problem_of(case: &Value, content: &Content<'_>, verdict: &Verdict<'_>) -> Option<String> {
    let id = case["id"].as_str().expect("an id");
    let wanted: BTreeSet<_> =
        case["expect"].as_array().expect("a list").iter().map(|m| wanted_place(content, m)).collect();
    let found: BTreeSet<_> = verdict
        .mentions
        .iter()
        .map(|m| {
            (
                m.organization.map_or("canary", |o| &o.id).to_owned(),
                m.field.to_string(),
                m.span.bytes.start,
                m.text.clone(),
            )
        })
        .collect();
    let action = case["action"].as_str().expect("an action");
    (wanted != found || action != verdict.action.as_str()).then(|| {
        let why = case["why"].as_str().unwrap_or("");
        format!("{id} ({why}): wanted {action} {wanted:?}, found {} {found:?}", verdict.action.as_str())
    })
}

/// Organization, field, first byte and words of an expected mention.
fn wanted_place(content: &Content<'_>, mention: &Value) -> (String, String, usize, String) {
    let field = mention["field"].as_str().expect("a field");
    let words = mention["text"].as_str().expect("words");
    let nth = mention["occurrence"].as_u64().map_or(0, |n| usize::try_from(n).expect("small"));
    let values = content.fields.iter().filter(|f| &*f.name == field);
    let (start, _) =
        values.flat_map(|f| f.value.match_indices(words)).nth(nth).unwrap_or_else(|| panic!("{words} is not there"));
    (mention["organization"].as_str().expect("an id").to_owned(), field.to_owned(), start, words.to_owned())
}
