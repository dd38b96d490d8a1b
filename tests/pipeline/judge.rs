//! Judging a run from its topics alone: each record has its verdict or dead letter or is empty, and receipts tile.
//!
//! Independent of the code under test: it knows the shapes that product.md promises and reads JSON.

use std::collections::{BTreeMap, BTreeSet};

use rdkafka::message::{Headers as _, Message as _, OwnedMessage};
use serde_json::Value;

use crate::kafka::Broker;
use crate::support::Setup;

/// What should become of a record; test records say it in their header `expected`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Expected {
    None,
    Flagged,
    Empty,
    DeadLetter,
}

impl Expected {
    pub const ALL: [(Expected, &'static str); 4] = [
        (Expected::None, "none"),
        (Expected::Flagged, "flagged"),
        (Expected::Empty, "empty"),
        (Expected::DeadLetter, "dead_letter"),
    ];

    pub fn as_str(self) -> &'static str {
        Expected::ALL.iter().find(|(expected, _)| *expected == self).expect("all are listed").1
    }

    fn parse(name: &str) -> Expected {
        Expected::ALL.iter().find(|(_, listed)| *listed == name).expect("only listed names are written").0
    }
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub topic: String,
    pub partition: i32,
    pub offset: i64,
}

/// A verdict event, taken apart.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: String,
    pub action: String,
    /// The event's `data`.
    pub data: Value,
}

/// The range of a receipt and its counts.
#[derive(Clone, Debug)]
pub struct Range {
    pub topic: String,
    pub partition: i32,
    pub first: i64,
    pub next: i64,
    pub records: u64,
    pub outcomes: BTreeMap<String, u64>,
}

/// A whole run, as its topics show it.
#[derive(Clone, Debug, Default)]
pub struct Run {
    pub inputs: BTreeMap<Place, Expected>,
    pub verdicts: BTreeMap<Place, Vec<Event>>,
    pub dead_letters: BTreeMap<Place, Vec<String>>,
    pub receipts: Vec<Range>,
    /// The first and next offset of each source partition.
    pub bounds: BTreeMap<(String, i32), (i64, i64)>,
}

/// What may be found twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Nothing: every process ended in good order.
    Never,
    /// What a killed process had sent and not committed: the same ids again, the same ranges again.
    AfterAKill,
}

impl Run {
    /// Reads all five topics, `read_committed`.
    pub fn read(broker: &Broker, setup: &Setup) -> Run {
        let mut run = Run::default();
        for topic in setup.sources() {
            for record in broker.read_all(topic) {
                let expected = header(&record, "expected").expect("a test record says what it expects");
                run.inputs.insert(place(&record), Expected::parse(&expected));
            }
            for partition in broker.partitions(topic) {
                run.bounds.insert((topic.to_owned(), partition), broker.watermarks(topic, partition));
            }
        }
        for record in broker.read_all(&setup.verdicts) {
            let (place, event) = event(&record);
            run.verdicts.entry(place).or_default().push(event);
        }
        for record in broker.read_all(&setup.dead_letters) {
            let class = header(&record, "tripline.error.class").expect("a dead letter has a class");
            run.dead_letters.entry(source_of(&record)).or_default().push(class);
        }
        run.receipts = broker.read_all(&setup.receipts).iter().map(range).collect();
        run
    }

    /// What there was, in one line.
    pub fn summary(&self) -> String {
        let events: usize = self.verdicts.values().map(Vec::len).sum();
        let letters: usize = self.dead_letters.values().map(Vec::len).sum();
        format!(
            "{} records: {events} verdicts on {} of them, {letters} dead letters of {}, {} receipts",
            self.inputs.len(),
            self.verdicts.len(),
            self.dead_letters.len(),
            self.receipts.len(),
        )
    }

    /// Everything that is wrong with it, for `emit = "all"`.
    pub fn faults(&self, repeats: Repeats) -> Vec<String> {
        let mut faults = self.missing_or_wrong();
        faults.extend(self.of_no_record());
        faults.extend(self.doubled(repeats));
        faults.extend(self.tiling(repeats));
        faults.extend(self.miscounted());
        faults
    }

    fn missing_or_wrong(&self) -> Vec<String> {
        let fault = |(place, expected): (&Place, &Expected)| {
            let verdict = self.verdicts.get(place).map(|events| events[0].action.as_str());
            let dead = self.dead_letters.contains_key(place);
            let found = match (verdict, dead) {
                (None, true) => "dead_letter",
                (Some("none"), false) => "none",
                (Some(_), false) => "flagged",
                // A verdict and a dead letter at once is never right.
                (Some(_), true) => "both",
                (None, false) => "empty",
            };
            (found != expected.as_str()).then(|| format!("{place:?} is {found}, not {}", expected.as_str()))
        };
        self.inputs.iter().filter_map(fault).collect()
    }

    fn of_no_record(&self) -> Vec<String> {
        let places = self.verdicts.keys().chain(self.dead_letters.keys());
        places.filter(|place| !self.inputs.contains_key(place)).map(|place| format!("{place:?} is no record")).collect()
    }

    fn doubled(&self, repeats: Repeats) -> Vec<String> {
        let mut faults = Vec::new();
        let mut ids = BTreeSet::new();
        for (place, events) in &self.verdicts {
            if events.iter().any(|event| event.id != events[0].id) {
                faults.push(format!("{place:?} has verdicts with different ids"));
            }
            if !ids.insert(&events[0].id) {
                faults.push(format!("{place:?} has the id of another record"));
            }
        }
        let verdicts = self.verdicts.iter().map(|(place, events)| (place, events.len()));
        let letters = self.dead_letters.iter().map(|(place, classes)| (place, classes.len()));
        if repeats == Repeats::Never {
            let twice = verdicts.chain(letters).filter(|(_, times)| *times > 1);
            faults.extend(twice.map(|(place, times)| format!("{place:?} came out {times} times")));
        }
        faults
    }

    /// Receipts cover each partition from its first to its next offset without a hole.
    fn tiling(&self, repeats: Repeats) -> Vec<String> {
        let mut faults = Vec::new();
        for ((topic, partition), (low, high)) in &self.bounds {
            let mut ranges: Vec<(i64, i64)> = self
                .receipts
                .iter()
                .filter(|range| &range.topic == topic && range.partition == *partition)
                .map(|range| (range.first, range.next))
                .collect();
            ranges.sort_unstable();
            let mut reached = *low;
            for (first, next) in ranges {
                let at = format!("{topic}/{partition}: receipt {first}..{next}");
                if next <= first {
                    faults.push(format!("{at} is empty"));
                } else if first > reached {
                    faults.push(format!("{at} leaves a hole from {reached}"));
                } else if first < reached && repeats == Repeats::Never {
                    faults.push(format!("{at} covers again what ended at {reached}"));
                }
                reached = reached.max(next);
            }
            if reached != *high {
                faults.push(format!("{topic}/{partition}: receipts end at {reached}, the partition at {high}"));
            }
        }
        faults
    }

    /// Each receipt counts what its range holds.
    fn miscounted(&self) -> Vec<String> {
        let fault = |range: &Range| {
            let from = Place { topic: range.topic.clone(), partition: range.partition, offset: range.first };
            let to = Place { offset: range.next, ..from.clone() };
            let mut counts: BTreeMap<String, u64> = BTreeMap::new();
            for expected in self.inputs.range(from..to).map(|(_, expected)| expected) {
                *counts.entry(expected.as_str().to_owned()).or_default() += 1;
            }
            let claimed: BTreeMap<String, u64> = range
                .outcomes
                .iter()
                .filter(|(_, count)| **count > 0)
                .map(|(name, count)| (name.clone(), *count))
                .collect();
            let sum: u64 = counts.values().sum();
            (claimed != counts || range.records != sum).then(|| format!("{range:?} holds {counts:?}"))
        };
        self.receipts.iter().filter_map(fault).collect()
    }
}

fn place(record: &OwnedMessage) -> Place {
    Place { topic: record.topic().to_owned(), partition: record.partition(), offset: record.offset() }
}

/// A header's value as text; of several the last, as Kafka's own `lastHeader`.
pub fn header(record: &OwnedMessage, name: &str) -> Option<String> {
    let headers = record.headers()?;
    let last = headers.iter().filter(|header| header.key == name).last()?;
    Some(String::from_utf8_lossy(last.value?).into_owned())
}

/// The record that a dead letter was.
pub fn source_of(record: &OwnedMessage) -> Place {
    let value = |name: &str| {
        let name = format!("tripline.source.{name}");
        header(record, &name).unwrap_or_else(|| panic!("a dead letter has the header {name}"))
    };
    Place {
        topic: value("topic"),
        partition: value("partition").parse().expect("a partition is a number"),
        offset: value("offset").parse().expect("an offset is a number"),
    }
}

/// A verdict event in either content mode, and the record it is about.
pub fn event(record: &OwnedMessage) -> (Place, Event) {
    let payload: Value = serde_json::from_slice(record.payload().expect("a verdict has a value")).expect("it is JSON");
    let structured =
        header(record, "content-type").is_some_and(|kind| kind.starts_with("application/cloudevents+json"));
    let (id, data) = if structured {
        (payload["id"].as_str().map(str::to_owned), payload["data"].clone())
    } else {
        (header(record, "ce_id"), payload)
    };
    let of = &data["record"];
    let place = Place {
        topic: of["topic"].as_str().expect("a verdict names its topic").to_owned(),
        partition: of["partition"].as_i64().and_then(|n| n.try_into().ok()).expect("it names its partition"),
        offset: of["offset"].as_i64().expect("it names its offset"),
    };
    let action = data["action"].as_str().expect("it has an action").to_owned();
    (place, Event { id: id.expect("an event has an id"), action, data })
}

fn range(record: &OwnedMessage) -> Range {
    let receipt: Value = serde_json::from_slice(record.payload().expect("a receipt has a value")).expect("it is JSON");
    let number = |key: &str| receipt[key].as_i64().unwrap_or_else(|| panic!("a receipt has {key}: {receipt}"));
    let outcomes = receipt["outcomes"].as_object().expect("a receipt has outcomes");
    Range {
        topic: receipt["topic"].as_str().expect("a receipt names its topic").to_owned(),
        partition: number("partition").try_into().expect("a partition is small"),
        first: number("first"),
        next: number("next"),
        records: number("records").try_into().expect("a count is not negative"),
        outcomes: outcomes.iter().map(|(name, count)| (name.clone(), count.as_u64().expect("a count"))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(offset: i64) -> Place {
        Place { topic: "posts".to_owned(), partition: 0, offset }
    }

    fn verdict(offset: i64, action: &str) -> Event {
        Event { id: format!("id-{offset}"), action: action.to_owned(), data: Value::Null }
    }

    fn receipt(first: i64, next: i64, outcomes: &[(&str, u64)]) -> Range {
        let outcomes: BTreeMap<String, u64> =
            outcomes.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        let records = outcomes.values().sum();
        Range { topic: "posts".to_owned(), partition: 0, first, next, records, outcomes }
    }

    /// Four records, one of each kind, and offset 4 a hole of the log.
    fn good() -> Run {
        let kinds = Expected::ALL.iter().zip(0..);
        Run {
            inputs: kinds.map(|((expected, _), offset)| (at(offset), *expected)).collect(),
            verdicts: [(at(0), vec![verdict(0, "none")]), (at(1), vec![verdict(1, "review")])].into(),
            dead_letters: [(at(3), vec!["invalid-json".to_owned()])].into(),
            receipts: vec![
                receipt(0, 2, &[("none", 1), ("flagged", 1), ("shadow", 0)]),
                receipt(2, 5, &[("empty", 1), ("dead_letter", 1)]),
            ],
            bounds: [(("posts".to_owned(), 0), (0, 5))].into(),
        }
    }

    #[test]
    fn a_run_in_good_order_has_no_faults() {
        assert_eq!(good().faults(Repeats::Never), [""; 0]);
    }

    #[test]
    fn each_loss_is_found() {
        type Change = fn(&mut Run);
        let changes: [(Change, &str); 12] = [
            (|run| drop(run.verdicts.remove(&at(0))), "is empty, not none"),
            (|run| drop(run.verdicts.remove(&at(1))), "is empty, not flagged"),
            (|run| drop(run.dead_letters.remove(&at(3))), "is empty, not dead_letter"),
            (|run| drop(run.verdicts.insert(at(1), vec![verdict(1, "none")])), "is none, not flagged"),
            (|run| drop(run.verdicts.insert(at(3), vec![verdict(3, "flag")])), "is both, not dead_letter"),
            (|run| drop(run.verdicts.insert(at(9), vec![verdict(9, "flag")])), "is no record"),
            (|run| drop(run.verdicts.insert(at(1), vec![verdict(0, "flag")])), "has the id of another record"),
            (|run| drop(run.receipts.remove(0)), "leaves a hole from 0"),
            (|run| drop(run.receipts.remove(1)), "receipts end at 2, the partition at 5"),
            (|run| run.receipts[1].first = 3, "leaves a hole from 2"),
            (|run| run.receipts[0].records = 3, "holds"),
            (|run| run.receipts[0].outcomes.extend([("none".to_owned(), 2)]), "holds"),
        ];
        for (change, expected) in changes {
            let mut run = good();
            change(&mut run);
            let faults = run.faults(Repeats::AfterAKill);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "expected {expected:?} in {faults:?}");
        }
    }

    #[test]
    fn a_repeat_is_a_fault_unless_something_was_killed_and_its_id_is_the_same() {
        let mut run = good();
        run.verdicts.insert(at(0), vec![verdict(0, "none"), verdict(0, "none")]);
        run.receipts.push(receipt(0, 2, &[("none", 1), ("flagged", 1)]));
        assert_eq!(run.faults(Repeats::AfterAKill), [""; 0]);
        let faults = run.faults(Repeats::Never).join("\n");
        assert!(faults.contains("came out 2 times") && faults.contains("covers again"), "{faults}");

        run.verdicts.insert(at(0), vec![verdict(0, "none"), verdict(7, "none")]);
        assert!(run.faults(Repeats::AfterAKill).join("\n").contains("different ids"));
    }
}
