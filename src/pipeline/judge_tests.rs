//! What becomes of one record: its outcome, and what is written about it.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use super::batch::{Batch, What};
use super::breaker::Breaker;
use super::judge::{Judge, Observed, Plan, PlannedSource, Times};
use super::reload::Loaded;
use crate::config::Emit;
use crate::content::Kind;
use crate::event::Mode;
use crate::kafka::Arrival;
use crate::metrics::Metrics;
use crate::rule::{Action, RuleSet, Status};
use crate::stream::{Assignment, BreakerLimits, Consuming, FieldMap, Outcome, Record, SourceFields};

const RULES: &str = "\
notice:
  id: made-up-1
  authority: { zh: 虚构机关, en: Made-up Authority }
  kind: ban
  jurisdiction: CN
  published: 2020-01-01
  sources: [{ url: https://notice.example/1, kind: official }]
organizations:
  - id: made-up
    name: 虚构示例促进会
    listing: banned
  - id: in-shadow
    name: 阴影示例研究院
    listing: banned
    status: shadow
";

fn fields() -> SourceFields {
    SourceFields {
        kind: Kind::Post,
        id: Some("/id".into()),
        author: None,
        time: None,
        region: None,
        attributes: vec![],
        text: vec![("body".into(), "/body".into())],
        links: vec![],
    }
}

fn plan(emit: Emit) -> Plan {
    let map = FieldMap::compile(&fields()).expect("two pointers");
    Plan {
        cluster: "c".into(),
        sources: vec![PlannedSource { topic: "posts".into(), kind: Kind::Post, map }],
        verdicts: "verdicts".into(),
        mode: Mode::Binary,
        emit,
        headers: Vec::new(),
        dead_letters: "dead".into(),
        settings: "sha256:00".into(),
        max_verdict: 20_000,
        max_dead_letter: 1_000_000,
        observer: None,
        metrics: Metrics::register(&prometheus::Registry::new()).expect("a fresh registry"),
        breaker: Breaker::new(LIMITS),
    }
}

const LIMITS: BreakerLimits = BreakerLimits { texts: 3, window_ms: 3_600_000 };

fn loaded() -> Loaded {
    let rules = RuleSet::builder().add_yaml("made-up.yaml", RULES).build().expect("these rules are fine");
    Loaded { rules: Arc::new(rules), epoch: 1 }
}

/// Judges these values (key, value) from offset 5 on.
fn judge(plan: &Plan, values: &[(Option<&str>, Option<&str>)]) -> Batch {
    judge_by(plan, &loaded(), START_MS, values)
}

const START_MS: i64 = 1_700_000_000_000;

/// The same by these rules, records of this time.
fn judge_by(plan: &Plan, loaded: &Loaded, timestamp_ms: i64, values: &[(Option<&str>, Option<&str>)]) -> Batch {
    let mut judge = Judge::new(plan, loaded);
    let mut assignment = Assignment::new();
    assignment.assign(Consuming::new("posts".into(), 0, 5));
    let mut batch = Batch::new(Instant::now());
    for (offset, (key, value)) in (5..).zip(values) {
        let record = Record {
            topic: "posts",
            partition: 0,
            offset,
            timestamp_ms: Some(timestamp_ms),
            key: key.map(str::as_bytes),
            value: value.map(str::as_bytes),
            headers: vec![],
        };
        judge.record(&Arrival::of(record), &mut batch, &mut assignment);
    }
    judge.end(&mut batch, &mut assignment);
    batch
}

fn post(body: &str) -> String {
    format!(r#"{{"id":"1","body":"{body}"}}"#)
}

#[test]
fn every_record_has_one_outcome_and_what_is_written_follows_from_it() {
    let many = post(&"虚构示例促进会 ".repeat(200));
    let (listed, shadow, clean) = (post("虚构示例促进会"), post("阴影示例研究院"), post("nothing"));
    let table = [
        // key, value, outcome, written with `flagged`, written with `all`
        (None, Some(clean.as_str()), Outcome::None, None, Some("verdicts")),
        (None, Some(&listed), Outcome::Flagged, Some("verdicts"), Some("verdicts")),
        (None, Some(&shadow), Outcome::Shadow, None, Some("verdicts")),
        (None, None, Outcome::Empty, None, None),
        (None, Some("{"), Outcome::DeadLetter, Some("dead"), Some("dead")),
        (None, Some("[]"), Outcome::DeadLetter, Some("dead"), Some("dead")),
        (Some("panic"), Some(&clean), Outcome::DeadLetter, Some("dead"), Some("dead")),
        // A verdict of more bytes than its topic takes.
        (None, Some(&many), Outcome::DeadLetter, Some("dead"), Some("dead")),
        // A scanner that is used after a panic is a fresh one.
        (None, Some(&listed), Outcome::Flagged, Some("verdicts"), Some("verdicts")),
    ];
    let (flagged, all) = (plan(Emit::Flagged), plan(Emit::All));
    for (key, value, outcome, with_flagged, with_all) in table {
        for (plan, written) in [(&flagged, with_flagged), (&all, with_all)] {
            let batch = judge(plan, &[(key, value)]);
            let receipt = batch.parts[0].receipt.as_ref().expect("a receipt");
            assert_eq!((receipt.records, receipt.outcomes.get(outcome)), (1, 1), "{value:?}");
            let topics: Vec<_> = batch.outputs.iter().map(|output| &*output.outgoing.topic).collect();
            assert_eq!(topics, written.into_iter().collect::<Vec<_>>(), "{value:?}");
            let verdicts = batch.outputs.iter().filter(|output| matches!(output.what, What::Verdict { .. })).count();
            assert_eq!(receipt.verdicts, verdicts as u64, "{value:?}");
            assert_eq!(batch.tally.records.values().sum::<u64>(), 1, "{value:?}");
        }
    }
}

#[test]
fn one_receipt_covers_the_batch_of_a_partition() {
    let (listed, clean) = (post("虚构示例促进会"), post("nothing"));
    let values = [(None, Some(clean.as_str())), (Some("panic"), Some(&listed)), (None, Some(&listed)), (None, None)];
    let batch = judge(&plan(Emit::Flagged), &values);
    let receipt = batch.parts[0].receipt.as_ref().expect("a receipt");
    assert_eq!((receipt.first, receipt.next, receipt.records, receipt.verdicts), (5, 9, 4, 1));
    assert_eq!(batch.parts[0].offsets, [5, 6, 7, 8]);
    let clean = (Kind::Post, Action::None, None, Status::Active);
    assert_eq!(batch.tally.verdicts[&clean], 1, "a verdict that says nothing is counted from the receipt");
    assert_eq!(batch.tally.mentions.values().sum::<u64>(), 1);
}

#[test]
fn whoever_watches_sees_flagged_records_and_holds_nobody_up() {
    let (observer, seen) = mpsc::sync_channel::<Observed>(1);
    let plan = Plan { observer: Some(observer), ..plan(Emit::All) };
    let (listed, clean) = (post("虚构示例促进会"), post("nothing"));
    judge(&plan, &[(None, Some(&clean)), (None, Some(&listed)), (None, Some(&listed))]);
    let first = seen.try_recv().expect("the first flagged record");
    assert_eq!(first.event.subject, "posts/0/6");
    assert_eq!(first.fields[0].2, "虚构示例促进会");
    assert!(seen.try_recv().is_err(), "there was room for one");
}

/// Reviews what says "join", and `also`.
fn reviewing(epoch: u64, also: &str) -> Loaded {
    let policy = format!(
        "policy:\n  - {{ id: names, text: N., action: flag, severity: low, when: 'true' }}\n  \
           - {{ id: offers, text: O., action: review, severity: high, when: mention.field == \"body\"{also} }}\n"
    );
    let rules = RuleSet::builder().add_yaml("made-up.yaml", RULES).add_yaml("p.yaml", &policy).build();
    Loaded { rules: Arc::new(rules.expect("these rules are fine")), epoch }
}

/// `action/action before the breaker` of each verdict, and the reasons of the last.
fn actions(batch: &Batch) -> (Vec<String>, Vec<String>) {
    let data = |output: &super::batch::Output| -> serde_json::Value {
        serde_json::from_slice(output.outgoing.payload.as_deref().expect("a verdict")).expect("JSON")
    };
    let all: Vec<_> = batch.outputs.iter().map(data).collect();
    let word = |value: &serde_json::Value| value.as_str().expect("a word").to_owned();
    let both = |v: &serde_json::Value| format!("{}/{}", word(&v["action"]), word(&v["action_before_breaker"]));
    let reasons = all.last().and_then(|v| v["reasons"].as_array()).into_iter().flatten();
    (all.iter().map(both).collect(), reasons.map(|reason| word(&reason["rule"])).collect())
}

fn texts(numbers: std::ops::Range<usize>) -> Vec<String> {
    numbers.map(|n| post(&format!("虚构示例促进会 {n}"))).collect()
}

fn values(posts: &[String]) -> Vec<(Option<&str>, Option<&str>)> {
    posts.iter().map(|value| (None, Some(value.as_str()))).collect()
}

#[test]
fn a_condition_that_raises_too_many_texts_is_degraded_and_nothing_is_dropped() {
    let (registry, hour) = (prometheus::Registry::new(), LIMITS.window_ms);
    let metrics = Metrics::register(&registry).expect("a fresh registry");
    let (plan, rules) = (Plan { metrics, ..plan(Emit::Flagged) }, reviewing(1, ""));
    plan.metrics.touch_rules(&rules.rules);
    let open = || {
        let families = registry.gather();
        let family = families.iter().find(|family| family.name() == "tripline_breaker_open").expect("touched");
        assert_eq!(family.get_metric().len(), 1, "only of a condition that raises above flag");
        family.get_metric()[0].get_gauge().get_value()
    };
    let (raised, lowered) = ("review/review", "flag/review");
    let one = post("虚构示例促进会 0");
    let told = judge_by(&plan, &rules, START_MS, &vec![(None, Some(one.as_str())); 10]);
    assert_eq!(actions(&told).0, [raised; 10], "a campaign is one text");
    assert!(open() < 0.5);

    let many = texts(0..5);
    let told = judge_by(&plan, &rules, START_MS, &values(&many));
    let (each, reasons) = actions(&told);
    assert_eq!(each, [raised, raised, raised, lowered, lowered]);
    assert_eq!(reasons, ["names", "offers", "breaker"]);
    assert_eq!(told.tally.degraded[&Arc::from("offers")], 2);
    assert_eq!(
        told.tally
            .verdicts
            .iter()
            .filter(|((_, action, ..), _)| *action == Action::Review)
            .map(|(_, n)| n)
            .sum::<u64>(),
        3
    );
    assert_eq!(told.parts[0].receipt.as_ref().expect("a receipt").outcomes.get(Outcome::Flagged), 5);
    assert!(open() > 0.5);

    let clean = post("nothing");
    judge_by(&plan, &rules, START_MS + hour / 2, &[(None, Some(&clean))]);
    assert!(open() > 0.5, "the half in which it opened is over, and was not quiet");
    judge_by(&plan, &rules, START_MS + hour, &[(None, Some(&clean))]);
    assert!(open() < 0.5, "it closes although the condition raises nothing any more");
    assert_eq!(actions(&judge_by(&plan, &rules, START_MS + hour, &values(&texts(7..8)))).0, [raised]);
}

#[test]
fn a_breaker_begins_anew_for_a_changed_condition_and_stays_open_for_others() {
    let plan = plan(Emit::Flagged);
    let (many, more) = (texts(0..5), texts(9..10));
    judge_by(&plan, &reviewing(1, ""), START_MS, &values(&many));
    for (epoch, also, expected) in
        [(1, "", "flag/review"), (2, "", "flag/review"), (3, " || false", "review/review"), (2, "", "review/review")]
    {
        let told = judge_by(&plan, &reviewing(epoch, also), START_MS, &values(&more));
        assert_eq!(actions(&told).0, [expected], "{epoch}{also}");
    }
}

#[test]
fn what_breakers_leave_alone() {
    let many = texts(0..9);
    let off = Plan { breaker: Breaker::new(BreakerLimits { texts: 0, ..LIMITS }), ..plan(Emit::Flagged) };
    assert_eq!(actions(&judge_by(&off, &reviewing(1, ""), START_MS, &values(&many))).0, ["review/review"; 9]);

    let mut registrations = plan(Emit::Flagged);
    let fields = SourceFields { kind: Kind::Registration, ..fields() };
    registrations.sources[0].map = FieldMap::compile(&fields).expect("two pointers");
    let told = judge_by(&registrations, &reviewing(1, ""), START_MS, &values(&many));
    assert_eq!(actions(&told).0, ["review/review"; 9], "a registration is never lowered");
}

#[test]
fn the_time_of_breakers_is_that_of_the_records_and_never_after_our_clock() {
    let mut times = Times { clock_ms: 1_000, ..Times::default() };
    for (stamp, record, latest) in
        [(Some(10), 10, 10), (Some(7), 7, 10), (Some(-5), -5, 10), (Some(i64::MAX), 1_000, 1_000), (None, 1_000, 1_000)]
    {
        times.record(stamp);
        assert_eq!((times.record_ms, times.latest_ms), (record, latest), "{stamp:?}");
    }
}

#[test]
fn an_allow_list_by_attribute_lowers_a_record_and_is_told_and_counted() {
    let allow = "allow:\n  - { id: news, text: A newsroom., effect: none, basis: b, when: 'record.attributes[\"badge\"] == \"news\"' }\n  \
                 - { id: partner, text: A partner., effect: flag, basis: b, when: 'record.attributes[\"badge\"] == \"partner\"' }\n  \
                 - { id: tried, text: On trial., effect: none, basis: b, status: shadow, when: 'record.source == \"posts\"' }\n";
    let policy = "policy:\n  - { id: offers, text: O., action: review, severity: high, when: 'true' }\n";
    let rules = RuleSet::builder().add_yaml("a.yaml", RULES).add_yaml("b.yaml", allow).add_yaml("c.yaml", policy);
    let loaded = Loaded { rules: Arc::new(rules.build().expect("these rules are fine")), epoch: 1 };
    let mut plan = plan(Emit::Flagged);
    let fields = SourceFields { attributes: vec![("badge".into(), "/badge".into())], ..fields() };
    plan.sources[0].map = FieldMap::compile(&fields).expect("three pointers");
    for (badge, action, reasons) in [
        ("", Some("review/review"), &["offers"][..]),
        ("partner", Some("flag/flag"), &["offers", "partner"]),
        ("news", None, &[]),
        ("old news", Some("review/review"), &["offers"]),
    ] {
        let value = format!(r#"{{"body":"虚构示例促进会","badge":"{badge}"}}"#);
        let batch = judge_by(&plan, &loaded, START_MS, &[(None, Some(&value))]);
        let (actions, told) = actions(&batch);
        assert_eq!(
            (actions.first().map(String::as_str), told),
            (action, reasons.iter().map(|r| (*r).to_owned()).collect())
        );
        let counted: Vec<_> = batch.tally.allowed.keys().map(|(id, status)| format!("{id} {status}")).collect();
        let own = [("partner", "partner active"), ("news", "news active")].iter().find(|(b, _)| *b == badge);
        let expected: Vec<&str> = own.map(|(_, told)| *told).into_iter().chain(["tried shadow"]).collect();
        assert_eq!(counted, expected, "{badge}");
        let outcome = if action.is_none() { Outcome::None } else { Outcome::Flagged };
        assert_eq!(batch.parts[0].receipt.as_ref().expect("a receipt").outcomes.get(outcome), 1, "{badge}");
    }
}
