//! Alerts, recording rules and dashboard ask only for metrics, labels and label values that the program has.

use std::collections::{BTreeMap, BTreeSet};

use prometheus::Registry;
use serde_json::Value;
use tripline::config::RuleSource;
use tripline::content::Kind;
use tripline::metrics::{Metrics, Sort};

use crate::promql::{Selector, named};
use crate::read;
use crate::yaml::document;

/// What Prometheus puts on every series that it scrapes.
const ON_EVERYTHING: &[&str] = &["job", "instance"];
/// Series of Prometheus's own that we ask for, with their labels.
const OF_PROMETHEUS: &[(&str, &[&str])] = &[("up", &[]), ("ALERTS", &["alertname", "alertstate", "severity"])];
/// A label whose values the settings give.
const OF_SETTINGS: &[&str] = &["job", "instance", "source", "topic", "partition", "alertname", "alertstate"];

/// Where an expression stands, itself, and what is made of its labels.
struct Asked {
    place: String,
    expression: String,
    /// Legends, summaries and descriptions.
    templates: Vec<String>,
}

/// Every series there may be, by name, with its labels.
fn series() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for family in Metrics::names() {
        let labels: BTreeSet<String> = family.labels.iter().chain(ON_EVERYTHING).map(|l| (*l).to_owned()).collect();
        if family.sort != Sort::Histogram {
            all.insert(family.name.to_owned(), labels);
            continue;
        }
        let with_le = labels.iter().cloned().chain(["le".to_owned()]).collect();
        all.insert(format!("{}_bucket", family.name), with_le);
        all.insert(format!("{}_sum", family.name), labels.clone());
        all.insert(format!("{}_count", family.name), labels);
    }
    for (name, labels) in OF_PROMETHEUS {
        all.insert((*name).to_owned(), labels.iter().chain(ON_EVERYTHING).map(|l| (*l).to_owned()).collect());
    }
    for rule in rules("deploy/prometheus/rules.yaml") {
        let name = rule["record"].as_str().expect("rules.yaml only records").to_owned();
        let labels = grouped_by(&name);
        all.insert(name, labels);
    }
    all
}

/// `job_source:tripline_records:rate5m` -> job, source
fn grouped_by(recorded: &str) -> BTreeSet<String> {
    let (level, _) = recorded.split_once(':').expect("level:metric:operation");
    level.split('_').map(str::to_owned).collect()
}

fn rules(file: &str) -> Vec<Value> {
    let document = document(file);
    let groups = document["groups"].as_array().expect("groups");
    groups.iter().flat_map(|group| group["rules"].as_array().expect("rules").clone()).collect()
}

fn asked() -> Vec<Asked> {
    let mut all = Vec::new();
    for file in ["deploy/prometheus/rules.yaml", "deploy/prometheus/alerts.yaml"] {
        for rule in rules(file) {
            let name = rule["alert"].as_str().or(rule["record"].as_str()).expect("an alert or a record");
            let annotations = rule["annotations"].as_object().into_iter().flatten();
            all.push(Asked {
                place: name.to_owned(),
                expression: rule["expr"].as_str().expect("expr").to_owned(),
                templates: annotations.map(|(_, text)| text.to_string().replace("$labels.", "")).collect(),
            });
        }
    }
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/tripline.json")).expect("JSON");
    for panel in dashboard["panels"].as_array().expect("panels") {
        for target in panel["targets"].as_array().into_iter().flatten() {
            all.push(Asked {
                place: panel["title"].to_string(),
                expression: target["expr"].as_str().expect("expr").to_owned(),
                templates: vec![target["legendFormat"].as_str().expect("legendFormat").to_owned()],
            });
        }
    }
    for annotation in dashboard["annotations"]["list"].as_array().expect("annotations") {
        if let Some(expression) = annotation["expr"].as_str() {
            let templates = vec![annotation["textFormat"].as_str().unwrap_or_default().to_owned()];
            all.push(Asked { place: annotation["name"].to_string(), expression: expression.to_owned(), templates });
        }
    }
    for variable in dashboard["templating"]["list"].as_array().expect("variables") {
        if let Some((selector, label)) = variable["definition"].as_str().and_then(label_values) {
            let templates = vec![format!("{{{{{label}}}}}")];
            all.push(Asked { place: variable["name"].to_string(), expression: selector.to_owned(), templates });
        }
    }
    all
}

/// `label_values(a{b="$c"}, d)` -> `a{b="$c"}` and `d`
fn label_values(definition: &str) -> Option<(&str, &str)> {
    let (selector, label) = definition.strip_prefix("label_values(")?.strip_suffix(')')?.rsplit_once(',')?;
    Some((selector, label.trim()))
}

/// `{{source}}: {{ outcome }}` -> source, outcome
fn placeholders(template: &str) -> Vec<String> {
    let parts = template.split("{{").skip(1);
    let inside = parts.filter_map(|part| part.split_once("}}")).map(|(inside, _)| inside.trim().to_owned());
    inside.filter(|name| !name.starts_with('$')).collect()
}

/// Every value that a bounded label has in the first scrape, with the shipped rules.
fn values() -> BTreeMap<(String, String), BTreeSet<String>> {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry).expect("a fresh registry");
    metrics.touch_topics(&[("posts", Kind::Post), ("registrations", Kind::Registration)], &["verdicts"]);
    let rules = RuleSource::BuiltIn.builder().expect("built in").build().expect("the shipped lists are fine");
    metrics.touch_rules(&rules);
    let mut values: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for family in registry.gather() {
        for label in family.get_metric().iter().flat_map(prometheus::proto::Metric::get_label) {
            let key = (family.name().to_owned(), label.name().to_owned());
            values.entry(key).or_default().insert(label.value().to_owned());
        }
    }
    values
}

#[test]
fn every_metric_and_label_that_is_asked_for_exists() {
    let series = series();
    let mut unknown = Vec::new();
    for Asked { place, expression, templates } in asked() {
        let named = named(&expression);
        let mut labels = BTreeSet::new();
        for Selector { metric, matchers } in &named.selectors {
            let Some(known) = series.get(metric) else {
                unknown.push(format!("{place}: {metric}"));
                continue;
            };
            let strangers = matchers.iter().filter(|(label, ..)| !known.contains(label));
            unknown.extend(strangers.map(|(label, ..)| format!("{place}: {metric}{{{label}}}")));
            labels.extend(known.iter().cloned());
        }
        let strangers = named.grouped.iter().filter(|label| !labels.contains(*label));
        unknown.extend(strangers.map(|label| format!("{place}: by ({label})")));
        // What is not grouped by is gone from the answer; `on (…)` alone takes nothing away.
        let left: BTreeSet<String> =
            if expression.contains("by (") { named.grouped.iter().cloned().collect() } else { labels };
        let used = templates.iter().flat_map(|template| placeholders(template));
        unknown.extend(used.filter(|label| !left.contains(label)).map(|label| format!("{place}: {{{{{label}}}}}")));
    }
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn every_label_value_that_is_asked_for_exists() {
    let values = values();
    let mut unknown = Vec::new();
    for Asked { place, expression, .. } in asked() {
        for Selector { metric, matchers } in named(&expression).selectors {
            let family =
                ["_bucket", "_sum", "_count"].iter().find_map(|end| metric.strip_suffix(end)).unwrap_or(&metric);
            for (label, operator, value) in matchers {
                if OF_SETTINGS.contains(&label.as_str()) || operator.contains('~') {
                    continue;
                }
                let known = values.get(&(family.to_owned(), label.clone()));
                if !known.is_some_and(|known| known.contains(&value)) {
                    unknown.push(format!("{place}: {metric}{{{label}=\"{value}\"}}"));
                }
            }
        }
    }
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn a_recorded_name_says_what_it_is_grouped_by() {
    for rule in rules("deploy/prometheus/rules.yaml") {
        let name = rule["record"].as_str().expect("a name");
        let named = named(rule["expr"].as_str().expect("expr"));
        let mut labels: BTreeSet<String> = named.grouped.into_iter().filter(|label| label != "le").collect();
        if labels.is_empty() {
            labels.extend(named.selectors.iter().flat_map(|selector| grouped_by(&selector.metric)));
        }
        assert_eq!(grouped_by(name), labels, "{name}");
    }
}

#[test]
fn every_panel_says_what_it_shows_in_which_unit() {
    let dashboard: Value = serde_json::from_str(&read("deploy/grafana/tripline.json")).expect("JSON");
    let panels = dashboard["panels"].as_array().expect("panels");
    let mut ids = BTreeSet::new();
    for panel in panels {
        let title = panel["title"].as_str().expect("a title");
        assert!(ids.insert(panel["id"].as_u64().expect("an id")), "{title}");
        if panel["type"] == "row" {
            continue;
        }
        assert!(panel["description"].as_str().is_some_and(|text| text.ends_with('.')), "{title}: description");
        assert!(panel["fieldConfig"]["defaults"]["unit"].is_string(), "{title}: unit");
        for target in panel["targets"].as_array().expect("targets") {
            assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}: works with any Prometheus");
            assert_ne!(target["legendFormat"], "", "{title}: legend");
        }
    }
    let rows: Vec<_> = panels.iter().filter(|panel| panel["type"] == "row").map(|row| &row["title"]).collect();
    assert_eq!(rows, ["Overview", "Notices", "Techniques", "Dead letters", "Rules", "Engine and brokers"]);
}

#[test]
fn every_metric_that_can_move_is_on_the_dashboard() {
    // There are no transactions under at-least-once delivery, and versions stand in the table of instances.
    let left_out = ["tripline_transactions_total"];
    let dashboard = read("deploy/grafana/tripline.json");
    for family in Metrics::names() {
        assert_eq!(dashboard.contains(family.name), !left_out.contains(&family.name), "{}", family.name);
    }
}
