//! What becomes of one record: its outcome, and what is written about it.

use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use super::batch::{Batch, What};
use super::judge::{Judge, Observed, Plan, PlannedSource};
use super::reload::Loaded;
use crate::config::Emit;
use crate::content::Kind;
use crate::event::Mode;
use crate::kafka::Arrival;
use crate::metrics::Metrics;
use crate::rule::{Action, RuleSet, Status};
use crate::stream::{Assignment, Consuming, FieldMap, Outcome, Record, SourceFields};

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

fn plan(emit: Emit) -> Plan {
    let fields = SourceFields {
        kind: Kind::Post,
        id: Some("/id".into()),
        author: None,
        time: None,
        region: None,
        text: vec![("body".into(), "/body".into())],
        links: vec![],
    };
    let map = FieldMap::compile(&fields).expect("two pointers");
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
    }
}

fn loaded() -> Loaded {
    let rules = RuleSet::builder().add_yaml("made-up.yaml", RULES).build().expect("these rules are fine");
    Loaded { rules: Arc::new(rules), epoch: 1 }
}

/// Judges these values (key, value) from offset 5 on.
fn judge(plan: &Plan, values: &[(Option<&str>, Option<&str>)]) -> Batch {
    let loaded = loaded();
    let mut judge = Judge::new(plan, &loaded);
    let mut assignment = Assignment::new();
    assignment.assign(Consuming::new("posts".into(), 0, 5));
    let mut batch = Batch::new(Instant::now());
    for (offset, (key, value)) in (5..).zip(values) {
        let record = Record {
            topic: "posts",
            partition: 0,
            offset,
            timestamp_ms: Some(1_700_000_000_000),
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
