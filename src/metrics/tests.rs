//! Metrics as facts: what is in the first scrape, what they are called, what a batch adds.

use super::*;

fn registered() -> (Registry, Metrics) {
    let registry = Registry::new();
    let metrics = Metrics::register(&registry).expect("a fresh registry");
    metrics.touch_topics(&[("posts", Kind::Post)], &["verdicts"]);
    (registry, metrics)
}

#[test]
fn every_family_is_in_the_first_scrape() {
    // Known only later: the rule set (touched when it is loaded) and the partitions.
    let later = [
        "tripline_mentions_total",
        "tripline_rule_hits_total",
        "tripline_breaker_open",
        "tripline_degraded_verdicts_total",
        "tripline_allowed_mentions_total",
        "tripline_rules_info",
        "tripline_consumer_lag",
    ];
    let (registry, _metrics) = registered();
    let scraped: Vec<_> = registry.gather().iter().map(|f| f.name().to_owned()).collect();
    for family in Metrics::names() {
        let present = scraped.iter().any(|name| name == family.name);
        assert_eq!(present, !later.contains(&family.name), "{}", family.name);
    }
}

#[test]
fn names_follow_the_conventions() {
    for family in Metrics::names() {
        let ends = |suffix| family.name.ends_with(suffix);
        let fits = match family.sort {
            Sort::Counter => ends("_total"),
            Sort::Histogram => ends("_seconds"),
            Sort::Gauge => !ends("_total") && (!ends("_seconds") || ends("_timestamp_seconds")),
        };
        assert!(fits && family.name.starts_with("tripline_"), "{}", family.name);
        assert!(family.help.ends_with('.'), "{}", family.name);
    }
}

#[test]
fn a_batch_is_counted_once() {
    let (registry, metrics) = registered();
    let mut tally = BatchTally::default();
    let posts: Arc<str> = "posts".into();
    for _ in 0..3 {
        BatchTally::add(&mut tally.records, (posts.clone(), Kind::Post, Outcome::None));
    }
    BatchTally::add(&mut tally.dead_letters, (posts, PoisonClass::InvalidJson));
    metrics.batch(&tally);
    let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).expect("text");
    for line in [
        r#"tripline_records_total{kind="post",outcome="none",source="posts"} 3"#,
        r#"tripline_records_total{kind="post",outcome="flagged",source="posts"} 0"#,
        r#"tripline_dead_letters_total{reason="invalid-json",source="posts"} 1"#,
    ] {
        assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
    }
}

#[test]
fn a_partition_that_goes_takes_its_lag_along() {
    let (registry, metrics) = registered();
    metrics.lag("posts", 0, 7);
    metrics.lag("posts", 1, 8);
    metrics.partition_gone("posts", 0);
    metrics.partition_gone("posts", 9);
    let families = registry.gather();
    let lag = families.iter().find(|f| f.name() == "tripline_consumer_lag").expect("touched");
    assert_eq!(lag.get_metric().len(), 1);
}
