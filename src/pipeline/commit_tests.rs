//! At-least-once delivery against a producer that answers what the test says.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::batch::{Batch, Original, Output, What};
use super::commit::{AtLeastOnce, Clock, Delivery, Done, Outlets, Window};
use super::run::Fatal;
use crate::content::Kind;
use crate::kafka::{Acknowledgement, Class, Error, Sink};
use crate::metrics::{BatchTally, Metrics};
use crate::stream::{Outcome, OutcomeCounts, Outgoing, Receipt, Record};

/// A producer that keeps what it is given until the test answers.
#[derive(Clone, Default)]
struct Double(Rc<RefCell<State>>);

#[derive(Default)]
struct State {
    /// Sent and not answered: topic and ticket.
    sent: Vec<(String, u64)>,
    answers: Vec<Acknowledgement>,
    /// What the next calls of `send` say, before any success.
    refusals: VecDeque<Class>,
    room: Option<usize>,
}

impl Sink for Double {
    fn send(&self, outgoing: &Outgoing, ticket: u64) -> Result<(), Error> {
        let mut state = self.0.borrow_mut();
        if let Some(class) = state.refusals.pop_front() {
            return Err(Error::new(class, "refused at once"));
        }
        if state.room.is_some_and(|room| state.sent.len() >= room) {
            return Err(Error::new(Class::QueueFull, "full"));
        }
        state.sent.push((outgoing.topic.to_string(), ticket));
        Ok(())
    }

    fn acknowledgements(&self, _wait: Duration, into: &mut Vec<Acknowledgement>) {
        into.append(&mut self.0.borrow_mut().answers);
    }

    fn flush(&self, _within: Duration) -> bool {
        true
    }
}

impl Double {
    fn answer(&self, result: Result<(), Class>) {
        let mut state = self.0.borrow_mut();
        let sent = std::mem::take(&mut state.sent);
        let result = || result.map_err(|class| Error::new(class, "refused by the broker"));
        state.answers.extend(sent.into_iter().map(|(_, ticket)| Acknowledgement { ticket, result: result() }));
    }

    /// The topics of what is sent and not answered.
    fn topics(&self) -> Vec<String> {
        self.0.borrow().sent.iter().map(|(topic, _)| topic.clone()).collect()
    }
}

/// A delivery with its producer and a clock that only the test moves.
struct Bench {
    double: Double,
    delivery: AtLeastOnce<Double>,
    now: Instant,
}

impl Bench {
    fn new() -> Bench {
        let double = Double::default();
        let metrics = Metrics::register(&prometheus::Registry::new()).expect("a fresh registry");
        let outlets = Outlets { dead_letters: "dead".into(), receipts: "receipts".into(), max_dead_letter: 1_000_000 };
        let delivery = AtLeastOnce::new(double.clone(), outlets, Window { batches: 2, bytes: 1 << 20 }, metrics);
        Bench { double, delivery, now: Instant::now() }
    }

    fn progress(&mut self) -> Result<Vec<Done>, Fatal> {
        self.delivery.progress(Clock { now: self.now, unix_ms: 2_000 })
    }

    fn answer_and_progress(&mut self, result: Result<(), Class>) -> Vec<Done> {
        self.double.answer(result);
        self.progress().expect("not fatal")
    }
}

/// A batch of one partition with these records, of which `flagged` have a verdict.
fn batch(first: i64, records: i64, flagged: i64) -> Batch {
    let mut batch = Batch::new(Instant::now());
    let part = batch.part(&"posts".into(), 0, Kind::Post);
    batch.parts[part].offsets = (first..first + records).collect();
    for offset in first..first + flagged {
        batch.outputs.push(verdict(part, offset));
        BatchTally::add(&mut batch.tally.records, (Arc::from("posts"), Kind::Post, Outcome::Flagged));
    }
    let count = |n: i64| u64::try_from(n).expect("a count");
    batch.parts[part].receipt = Some(Receipt {
        topic: "posts".into(),
        partition: 0,
        first,
        next: first + records,
        records: count(records),
        outcomes: OutcomeCounts { none: count(records - flagged), flagged: count(flagged), ..Default::default() },
        verdicts: count(flagged),
        digest: "sha256:00".into(),
        epoch: 1,
        engine: "0".into(),
        settings: "sha256:00".into(),
    });
    batch
}

fn verdict(part: usize, offset: i64) -> Output {
    let record = Record {
        topic: "posts",
        partition: 0,
        offset,
        timestamp_ms: Some(1_000),
        key: None,
        value: Some(b"{}"),
        headers: vec![("h", Some(b"v"))],
    };
    let outgoing = Outgoing {
        topic: "verdicts".into(),
        key: None,
        payload: Some(b"{}".to_vec()),
        headers: vec![],
        timestamp_ms: None,
    };
    let what = What::Verdict { timestamp_ms: record.timestamp_ms, outcome: Outcome::Flagged };
    Output { outgoing, part, what, original: Some(Box::new(Original::of(&record))), was_alone: false }
}

#[test]
fn a_receipt_is_sent_only_behind_what_it_states() {
    let mut bench = Bench::new();
    bench.delivery.accept(batch(0, 10, 2));
    assert!(bench.progress().expect("not fatal").is_empty());
    assert_eq!(bench.double.topics(), ["verdicts", "verdicts"]);
    assert!(bench.answer_and_progress(Ok(())).is_empty());
    assert_eq!(bench.double.topics(), ["receipts"]);
    let done = bench.answer_and_progress(Ok(()));
    assert_eq!(done[0].parts[0].offsets.len(), 10);
    assert_eq!(bench.delivery.age(bench.now), None);
}

#[test]
fn a_batch_without_verdicts_needs_only_its_receipt() {
    let mut bench = Bench::new();
    bench.delivery.accept(batch(0, 10, 0));
    bench.progress().expect("not fatal");
    assert_eq!(bench.double.topics(), ["receipts"]);
    assert_eq!(bench.answer_and_progress(Ok(())).len(), 1);
}

#[test]
fn what_may_succeed_later_is_sent_again_later() {
    for class in [Class::Transient, Class::Denied] {
        let mut bench = Bench::new();
        bench.delivery.accept(batch(0, 1, 1));
        bench.progress().expect("not fatal");
        bench.answer_and_progress(Err(class));
        assert!(bench.double.topics().is_empty(), "{class:?}: not at once");
        bench.now += Duration::from_secs(1);
        bench.progress().expect("not fatal");
        assert_eq!(bench.double.topics(), ["verdicts"], "{class:?}");
    }
}

#[test]
fn a_full_queue_stops_the_taking_and_loses_nothing() {
    let mut bench = Bench::new();
    bench.double.0.borrow_mut().room = Some(1);
    bench.delivery.accept(batch(0, 3, 3));
    bench.progress().expect("not fatal");
    assert_eq!(bench.double.topics().len(), 1);
    assert!(!bench.delivery.has_room());
    for _ in 0..3 {
        assert!(bench.answer_and_progress(Ok(())).is_empty());
    }
    assert_eq!(bench.double.topics(), ["receipts"]);
    assert!(bench.delivery.has_room());
}

#[test]
fn the_window_bounds_what_is_under_way() {
    let mut bench = Bench::new();
    for (first, has_room) in [(0, true), (10, false)] {
        bench.delivery.accept(batch(first, 10, 1));
        bench.progress().expect("not fatal");
        assert_eq!(bench.delivery.has_room(), has_room, "after the batch from {first}");
    }
}

#[test]
fn who_stood_in_a_request_that_was_too_large_is_sent_alone() {
    let mut bench = Bench::new();
    bench.delivery.accept(batch(0, 3, 3));
    bench.progress().expect("not fatal");
    bench.answer_and_progress(Err(Class::TooLarge));
    for _ in 0..3 {
        assert_eq!(bench.double.topics(), ["verdicts"], "one at a time");
        bench.answer_and_progress(Ok(()));
    }
    assert_eq!(bench.double.topics(), ["receipts"]);
}

#[test]
fn nothing_joins_the_request_of_who_is_sent_alone() {
    let mut bench = Bench::new();
    bench.delivery.accept(batch(0, 1, 1));
    bench.progress().expect("not fatal");
    bench.answer_and_progress(Err(Class::TooLarge));
    // The last that has to go alone is on its way when another batch comes.
    bench.delivery.accept(batch(1, 2, 2));
    bench.progress().expect("not fatal");
    assert_eq!(bench.double.topics(), ["verdicts"], "the new batch waits");
    bench.answer_and_progress(Err(Class::TooLarge));
    bench.answer_and_progress(Ok(()));
    let topics = bench.double.topics();
    assert!(!topics.contains(&"dead".to_owned()), "one dead letter, and it is written: {topics:?}");
}

#[test]
fn what_the_empty_queue_does_not_take_is_too_large_for_it() {
    let mut bench = Bench::new();
    bench.double.0.borrow_mut().refusals = [Class::QueueFull].into();
    bench.delivery.accept(batch(0, 1, 1));
    bench.progress().expect("not fatal");
    assert_eq!(bench.double.topics(), ["dead"]);
}

#[test]
fn refused_alone_a_verdict_becomes_a_dead_letter_and_the_receipt_says_so() {
    for class in [Class::TooLarge, Class::Refused] {
        let mut bench = Bench::new();
        bench.delivery.accept(batch(0, 3, 1));
        bench.progress().expect("not fatal");
        bench.answer_and_progress(Err(class));
        bench.answer_and_progress(Err(class));
        assert_eq!(bench.double.topics(), ["dead"], "{class:?}");
        bench.answer_and_progress(Ok(()));
        let done = bench.answer_and_progress(Ok(()));
        let receipt = done[0].parts[0].receipt.as_ref().expect("a receipt");
        assert_eq!((receipt.verdicts, receipt.records), (0, 3));
        assert_eq!(receipt.outcomes, OutcomeCounts { none: 2, dead_letter: 1, ..Default::default() });
        let records = &done[0].tally.records;
        assert_eq!(records[&("posts".into(), Kind::Post, Outcome::DeadLetter)], 1);
        assert_eq!(records[&("posts".into(), Kind::Post, Outcome::Flagged)], 0);
    }
}

#[test]
fn what_the_client_itself_finds_too_large_has_no_neighbours() {
    let mut bench = Bench::new();
    bench.double.0.borrow_mut().refusals = [Class::TooLarge].into();
    bench.delivery.accept(batch(0, 1, 1));
    bench.progress().expect("not fatal");
    assert_eq!(bench.double.topics(), ["dead"]);
}

#[test]
fn what_cannot_be_written_at_all_ends_the_process_instead_of_a_loop() {
    let mut bench = Bench::new();
    bench.delivery.accept(batch(0, 1, 1));
    bench.progress().expect("not fatal");
    let mut refusals = 0;
    let fatal = loop {
        bench.double.answer(Err(Class::TooLarge));
        refusals += 1;
        assert!(refusals < 10, "it loops");
        if let Err(fatal) = bench.progress() {
            break fatal;
        }
    };
    assert!(matches!(fatal, Fatal::Refused { .. }), "{fatal}");
    // The verdict twice, its dead letter twice, the stub twice.
    assert_eq!(refusals, 6);
}

#[test]
fn a_producer_that_cannot_go_on_is_fatal() {
    for class in [Class::Fenced, Class::Broken] {
        let mut bench = Bench::new();
        bench.delivery.accept(batch(0, 1, 1));
        bench.progress().expect("not fatal");
        bench.double.answer(Err(class));
        assert!(matches!(bench.progress(), Err(Fatal::Producer(_))), "{class:?}");
    }
}
