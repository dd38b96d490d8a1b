//! Every alert has a section in the runbook, and every section an alert.

use std::collections::BTreeSet;

use crate::read;
use crate::yaml::document;

fn alerts() -> Vec<(String, String)> {
    let document = document("deploy/prometheus/alerts.yaml");
    let groups = document["groups"].as_array().expect("groups");
    let rules = groups.iter().flat_map(|group| group["rules"].as_array().expect("rules"));
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    rules.map(|rule| (text(&rule["alert"]), text(&rule["annotations"]["runbook"]))).collect()
}

/// The name of each `## Tripline…` and the lines below it.
fn sections(runbook: &str) -> Vec<(&str, Vec<&str>)> {
    let parts = runbook.split("\n## ").skip(1).filter_map(|part| part.split_once('\n'));
    let named = parts.filter(|(title, _)| title.starts_with("Tripline"));
    named.map(|(title, body)| (title, body.lines().filter(|line| !line.trim().is_empty()).collect())).collect()
}

#[test]
fn every_alert_has_a_section_and_every_section_an_alert() {
    let runbook = read("deploy/RUNBOOK.md");
    let written: Vec<&str> = sections(&runbook).iter().map(|(title, _)| *title).collect();
    let alerts = alerts();
    let named: Vec<&str> = alerts.iter().map(|(alert, _)| alert.as_str()).collect();
    assert_eq!(written, named, "in the same order");
    assert_eq!(named.iter().collect::<BTreeSet<_>>().len(), named.len());
}

#[test]
fn every_alert_links_to_its_section() {
    for (alert, link) in alerts() {
        assert_eq!(link, format!("deploy/RUNBOOK.md#{}", alert.to_lowercase()));
    }
}

#[test]
fn a_section_is_short_and_says_what_to_do() {
    let runbook = read("deploy/RUNBOOK.md");
    for (title, lines) in sections(&runbook) {
        assert!((5..=14).contains(&lines.len()), "{title} has {} lines", lines.len());
        for part in ["**Means**", "**Look**", "**Causes**", "**Do**", "**Ends**"] {
            assert!(lines.iter().any(|line| line.starts_with(part)), "{title}: {part}");
        }
    }
}

#[test]
fn the_runbook_names_only_commands_metrics_and_settings_that_exist() {
    let runbook = read("deploy/RUNBOOK.md");
    let known: BTreeSet<&str> = tripline::metrics::Metrics::names().iter().map(|family| family.name).collect();
    let recorded = read("deploy/prometheus/rules.yaml");
    for word in runbook.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')) {
        if word.starts_with("tripline_") {
            let family = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
            assert!(known.contains(family), "{word}");
        } else if word.contains(":tripline_") {
            assert!(recorded.contains(&format!("record: {word}\n")), "{word}");
        }
    }
}
