//! `deploy/METRICS.md`, made from the declarations and from what a registry really holds after a start.
//!
//! The test compares; `TRIPLINE_BLESS=1` rewrites the file. The values of a bounded label are not written down a second
//! time: they are those that are there before anything has happened.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::*;

/// Labels whose values come from the settings, the rules or the brokers.
const OPEN: &[(&str, &str)] = &[
    ("source", "the topic of a `[[source]]`"),
    ("topic", "a topic"),
    ("partition", "its number"),
    ("notice", "the id of a notice of the lists, such as `web-2021-2`"),
    ("rule", "the id of a condition of the policy"),
    ("allow", "the id of an entry of an allow-list"),
    ("digest", "`sha256:…` of the rule set"),
    ("epoch", "counts the rule sets of this process"),
    ("version", "of tripline"),
];

/// What a name does not say about its unit.
const UNITS: &[(&str, &str)] = &[
    ("tripline_records_total", "records"),
    ("tripline_verdicts_total", "verdicts"),
    ("tripline_mentions_total", "mentions"),
    ("tripline_evasions_total", "mentions"),
    ("tripline_rule_hits_total", "mentions"),
    ("tripline_degraded_verdicts_total", "verdicts"),
    ("tripline_allowed_mentions_total", "mentions"),
    ("tripline_findings_total", "mentions"),
    ("tripline_dead_letters_total", "records"),
    ("tripline_consumer_lag", "records"),
    ("tripline_offset_gaps_total", "offsets"),
    ("tripline_send_retries_total", "records"),
];

/// Questions that somebody asks, and the query that answers.
const QUERIES: &[(&str, &str, &str)] = &[
    ("tripline_records_total", "records a second, by outcome", "sum by (outcome) (rate(tripline_records_total[5m]))"),
    (
        "tripline_records_total",
        "the part of records that is flagged",
        "sum(rate(tripline_records_total{outcome=\"flagged\"}[1h])) / sum(rate(tripline_records_total[1h]))",
    ),
    (
        "tripline_verdicts_total",
        "verdicts for a reviewer in a day, by severity",
        "sum by (severity) (increase(tripline_verdicts_total{action=\"review\",status=\"active\"}[1d]))",
    ),
    (
        "tripline_mentions_total",
        "the notices that are found most",
        "topk(10, sum by (notice) (increase(tripline_mentions_total[1d])))",
    ),
    ("tripline_evasions_total", "ways to hide, today", "increase(tripline_evasions_total[1d]) > 0"),
    ("tripline_rule_hits_total", "what each condition holds for", "sum by (rule) (rate(tripline_rule_hits_total[1h]))"),
    ("tripline_breaker_open", "conditions whose breaker is open", "max by (rule) (tripline_breaker_open) == 1"),
    (
        "tripline_degraded_verdicts_total",
        "verdicts that nobody reviewed because of a breaker, today",
        "sum by (rule) (increase(tripline_degraded_verdicts_total[1d])) > 0",
    ),
    (
        "tripline_allowed_mentions_total",
        "what allow-lists lower, by entry",
        "sum by (allow) (rate(tripline_allowed_mentions_total{status=\"active\"}[1h]))",
    ),
    ("tripline_findings_total", "mentions by listing", "sum by (listing) (increase(tripline_findings_total[1d]))"),
    (
        "tripline_dead_letters_total",
        "what cannot be read, and why",
        "sum by (source, reason) (increase(tripline_dead_letters_total[1h])) > 0",
    ),
    (
        "tripline_scan_seconds",
        "seconds for one record, of 99 in 100",
        "histogram_quantile(0.99, sum by (le) (rate(tripline_scan_seconds_bucket[5m])))",
    ),
    (
        "tripline_batch_seconds",
        "mean seconds of a batch, by stage",
        "sum by (stage) (rate(tripline_batch_seconds_sum[5m])) / sum by (stage) (rate(tripline_batch_seconds_count[5m]))",
    ),
    (
        "tripline_verdict_delay_seconds",
        "seconds from record to verdict, of 95 in 100",
        "histogram_quantile(0.95, sum by (le) (rate(tripline_verdict_delay_seconds_bucket[5m])))",
    ),
    ("tripline_consumer_lag", "records behind, by topic", "sum by (topic) (tripline_consumer_lag)"),
    ("tripline_offset_gaps_total", "records lost to retention", "increase(tripline_offset_gaps_total[1h]) > 0"),
    ("tripline_rebalances_total", "rebalances an hour", "sum by (kind) (increase(tripline_rebalances_total[1h]))"),
    ("tripline_commits_total", "commits that failed", "increase(tripline_commits_total{result=\"failed\"}[5m]) > 0"),
    ("tripline_send_retries_total", "brokers that refuse", "rate(tripline_send_retries_total[5m]) > 0"),
    ("tripline_rules_info", "rule sets that judge at the same time", "count(count by (digest) (tripline_rules_info))"),
    (
        "tripline_rules_reloads_total",
        "reloads that failed",
        "increase(tripline_rules_reloads_total{result=\"failed\"}[1h]) > 0",
    ),
    (
        "tripline_rules_reload_successful",
        "replicas that judge by older rules",
        "count(tripline_rules_reload_successful == 0)",
    ),
    (
        "tripline_rules_loaded_timestamp_seconds",
        "hours since the rules were loaded",
        "(time() - max(tripline_rules_loaded_timestamp_seconds)) / 3600",
    ),
    ("tripline_build_info", "versions that run", "count by (version) (tripline_build_info)"),
];

const INTRODUCTION: &str = "\
# Metrics

<!-- Generated: `TRIPLINE_BLESS=1 cargo test --lib metrics::reference` makes it anew from src/metrics.rs. Do not edit. -->

`GET /metrics` at `http.listen`, in Prometheus' text format. Every series whose labels are known is there from the start,
at 0, so that an alert on it is not silent. No label carries a text, an author or an organisation's name. A histogram has
`_bucket`, `_sum` and `_count`.
";

/// The values of each label of each family, in a registry in which every series that can be known is touched.
fn values() -> BTreeMap<(String, String), BTreeSet<String>> {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry).expect("a fresh registry");
    metrics.touch_topics(&[("posts", Kind::Post), ("registrations", Kind::Registration)], &["verdicts"]);
    let mut tally = BatchTally::default();
    for via in Via::ALL {
        BatchTally::add(&mut tally.mentions, ("notice".into(), *via));
    }
    // a condition has no other status
    for status in [Status::Active, Status::Shadow] {
        BatchTally::add(&mut tally.rule_hits, ("rule".into(), status));
        BatchTally::add(&mut tally.allowed, ("allow".into(), status));
    }
    metrics.batch(&tally);
    let mut values: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for family in registry.gather() {
        for label in family.get_metric().iter().flat_map(prometheus::proto::Metric::get_label) {
            let key = (family.name().to_owned(), label.name().to_owned());
            values.entry(key).or_default().insert(label.value().to_owned());
        }
    }
    values
}

fn unit(family: &Family) -> &'static str {
    let said = UNITS.iter().find(|(name, _)| *name == family.name).map(|(_, unit)| *unit);
    let by_name = [("_timestamp_seconds", "seconds since 1970"), ("_seconds", "seconds"), ("_total", "times")];
    let by_name = || by_name.iter().find(|(end, _)| family.name.ends_with(end)).map(|(_, unit)| *unit);
    said.or_else(by_name).unwrap_or("1 or 0")
}

fn metrics_md() -> String {
    let values = values();
    let mut page = INTRODUCTION.to_owned();
    for family in Metrics::names() {
        let sort = format!("{:?}", family.sort).to_lowercase();
        writeln!(page, "\n## `{}`\n\n{} *{sort}, {}*\n", family.name, family.help, unit(family)).unwrap();
        for label in family.labels {
            let open = OPEN.iter().find(|(name, _)| name == label).map(|(_, words)| (*words).to_owned());
            let bounded = || values.get(&(family.name.to_owned(), (*label).to_owned()));
            let quoted = || bounded().map(|set| set.iter().map(|v| format!("`{v}`")).collect::<Vec<_>>().join(", "));
            let said = open.or_else(quoted);
            let said =
                said.unwrap_or_else(|| panic!("{}: describe the label {label} in OPEN, or touch it", family.name));
            writeln!(page, "- `{label}`: {said}").unwrap();
        }
        let queries: Vec<_> = QUERIES.iter().filter(|(name, _, _)| *name == family.name).collect();
        if !queries.is_empty() {
            let blank = if family.labels.is_empty() { "" } else { "\n" };
            writeln!(page, "{blank}```promql").unwrap();
            for (_, question, query) in queries {
                writeln!(page, "# {question}\n{query}").unwrap();
            }
            writeln!(page, "```").unwrap();
        }
    }
    while page.ends_with("\n\n") {
        page.pop();
    }
    page
}

#[test]
fn the_committed_reference_is_what_the_registry_holds() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/METRICS.md");
    let made = metrics_md();
    if std::env::var_os("TRIPLINE_BLESS").is_some() {
        std::fs::write(path, &made).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    let differs = committed.lines().zip(made.lines()).find(|(old, new)| old != new);
    assert_eq!(differs, None, "TRIPLINE_BLESS=1 rewrites it");
    assert_eq!(committed.len(), made.len(), "TRIPLINE_BLESS=1 rewrites it");
}

#[test]
fn a_query_names_metrics_and_labels_that_exist() {
    let values = values();
    for (family, question, query) in QUERIES {
        assert!(Metrics::names().iter().any(|it| it.name == *family), "{question}: no metric {family}");
        assert!(query.contains(family), "{question}: asks for something else than {family}");
        for (label, rest) in query.match_indices("=\"").map(|(at, _)| (&query[..at], &query[at + 2..])) {
            let label = label.rsplit(['{', ',']).next().expect("rsplit gives at least one");
            let value = rest.split('"').next().expect("split gives at least one");
            let known = values.get(&((*family).to_owned(), label.to_owned()));
            assert!(known.is_some_and(|known| known.contains(value)), "{question}: {family} has no {label}={value}");
        }
    }
    for (name, _) in UNITS {
        assert!(Metrics::names().iter().any(|it| it.name == *name), "no metric {name}");
    }
}
