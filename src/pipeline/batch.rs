//! A batch between judging and its conclusion: what is to be written for it, and what its receipts will say.
//!
//! It owns everything it needs (no record is borrowed any more), so it can wait for acknowledgements while the next ones
//! are judged.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crate::content::Kind;
use crate::kafka::TopicPartition;
use crate::metrics::BatchTally;
use crate::rule::{Action, Status};
use crate::stream::{Outcome, OutcomeCounts, Outgoing, Poison, PoisonClass, Receipt, Record, Stage, dead_letter};

/// The records that were taken together.
#[derive(Debug)]
pub(super) struct Batch {
    /// One for each partition that has a record in it.
    pub parts: Vec<Part>,
    /// Verdicts and dead letters; receipts join when these are acknowledged.
    pub outputs: Vec<Output>,
    /// For the metrics, when the batch is done.
    pub tally: BatchTally,
    /// When its first record was taken.
    pub began: Instant,
}

/// The records of one partition.
#[derive(Debug)]
pub(super) struct Part {
    pub at: TopicPartition,
    pub kind: Kind,
    /// Ascending.
    pub offsets: Vec<i64>,
    /// Sealed when the batch is complete; corrected when a verdict turns out to be unsendable.
    pub receipt: Option<Receipt>,
}

/// A record to write.
#[derive(Debug)]
pub(super) struct Output {
    pub outgoing: Outgoing,
    /// Index into [`Batch::parts`].
    pub part: usize,
    pub what: What,
    /// What it is about, until it is acknowledged: a refused verdict becomes a dead letter of it.
    pub original: Option<Box<Original>>,
    /// It was refused, and has been sent again with nothing beside it.
    pub was_alone: bool,
}

/// What a record to write is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// The verdict on a record of this time, which counts under this outcome.
    Verdict { timestamp_ms: Option<i64>, outcome: Outcome },
    /// The record itself, put aside.
    DeadLetter,
    /// What became of the part.
    Receipt,
}

/// A record that we own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Original {
    topic: Arc<str>,
    partition: i32,
    offset: i64,
    timestamp_ms: Option<i64>,
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(String, Option<Vec<u8>>)>,
}

impl Original {
    pub fn of(record: &Record<'_>) -> Self {
        let headers = record.headers.iter();
        Self {
            topic: record.topic.into(),
            partition: record.partition,
            offset: record.offset,
            timestamp_ms: record.timestamp_ms,
            key: record.key.map(<[u8]>::to_vec),
            value: record.value.map(<[u8]>::to_vec),
            headers: headers.map(|(name, value)| ((*name).to_owned(), value.map(<[u8]>::to_vec))).collect(),
        }
    }

    fn record(&self) -> Record<'_> {
        Record {
            topic: &self.topic,
            partition: self.partition,
            offset: self.offset,
            timestamp_ms: self.timestamp_ms,
            key: self.key.as_deref(),
            value: self.value.as_deref(),
            headers: self.headers.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect(),
        }
    }

    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.as_ref().map_or(0, Vec::len));
        self.key.as_ref().map_or(0, Vec::len) + self.value.as_ref().map_or(0, Vec::len) + headers.sum::<usize>()
    }
}

impl Output {
    /// Bytes that are kept for it.
    pub fn size(&self) -> usize {
        self.outgoing.size() + self.original.as_ref().map_or(0, |original| original.size())
    }
}

impl Batch {
    pub fn new(began: Instant) -> Self {
        Self { parts: Vec::new(), outputs: Vec::new(), tally: BatchTally::default(), began }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    pub fn records(&self) -> usize {
        self.parts.iter().map(|part| part.offsets.len()).sum()
    }

    pub fn size(&self) -> usize {
        self.outputs.iter().map(Output::size).sum()
    }

    /// The index of the part of a partition. Records come in runs of one partition, so the last part is looked at first.
    pub fn part(&mut self, topic: &Arc<str>, partition: i32, kind: Kind) -> usize {
        let is_it = |part: &Part| part.at.partition == partition && part.at.topic == *topic;
        if let Some(index) = self.parts.iter().rposition(is_it) {
            return index;
        }
        let at = TopicPartition::new(Arc::clone(topic), partition);
        self.parts.push(Part { at, kind, offsets: Vec::new(), receipt: None });
        self.parts.len() - 1
    }

    /// Counts the records by outcome, and the verdicts without an action, as the receipts state them: one count for all of
    /// a part instead of one for each record.
    pub fn count_outcomes(&mut self) {
        for part in &self.parts {
            let Some(receipt) = &part.receipt else { continue };
            for outcome in Outcome::ALL {
                let n = receipt.outcomes.get(outcome);
                if n > 0 {
                    *self.tally.records.entry((Arc::clone(&part.at.topic), part.kind, outcome)).or_default() += n;
                }
            }
            let without_action = receipt.outcomes.none + receipt.outcomes.shadow;
            if without_action > 0 {
                *self.tally.verdicts.entry((part.kind, Action::None, None, Status::Active)).or_default() +=
                    without_action;
            }
        }
    }

    /// The verdict of an output cannot be written: a dead letter takes its place, and the books say so.
    /// `None` when there is nothing smaller left to try.
    pub fn put_aside(&mut self, output: usize, class: PoisonClass, reason: &str, to: &str, max: usize) -> Option<()> {
        let refused = &self.outputs[output];
        let original = refused.original.as_deref()?;
        let letter = |poison: &Poison, max| dead_letter(&original.record(), poison, Stage::Produce, to, max);
        let (outgoing, was, original) = match refused.what {
            What::Receipt => return None,
            // The whole record did not fit: its stub does, or nothing will. There is nothing smaller after that.
            What::DeadLetter => (letter(&Poison::new(PoisonClass::TooLarge, reason), STUB_BYTES), None, None),
            What::Verdict { outcome, .. } => {
                (letter(&Poison::new(class, reason), max), Some(outcome), refused.original.clone())
            }
        };
        let part = refused.part;
        self.outputs[output] = Output { outgoing, part, what: What::DeadLetter, original, was_alone: false };
        if let Some(outcome) = was {
            self.correct(part, outcome, class);
        }
        Some(())
    }

    /// A record that counted under `outcome`, with a verdict, is a dead letter after all.
    fn correct(&mut self, part: usize, outcome: Outcome, class: PoisonClass) {
        let part = &mut self.parts[part];
        if let Some(receipt) = &mut part.receipt {
            less(&mut receipt.outcomes, outcome);
            receipt.outcomes.add(Outcome::DeadLetter);
            receipt.verdicts = receipt.verdicts.saturating_sub(1);
        }
        let topic = &part.at.topic;
        take_one(&mut self.tally.records, &(Arc::clone(topic), part.kind, outcome));
        BatchTally::add(&mut self.tally.records, (Arc::clone(topic), part.kind, Outcome::DeadLetter));
        BatchTally::add(&mut self.tally.dead_letters, (Arc::clone(topic), class));
    }
}

/// Less than any topic's limit that lets a service work at all: without value, key and headers.
const STUB_BYTES: usize = 4096;

fn less(counts: &mut OutcomeCounts, outcome: Outcome) {
    let mut corrected = OutcomeCounts::default();
    for each in Outcome::ALL {
        let n = counts.get(each) - u64::from(each == outcome && counts.get(each) > 0);
        (0..n).for_each(|_| corrected.add(each));
    }
    *counts = corrected;
}

fn take_one<K: Ord>(map: &mut BTreeMap<K, u64>, key: &K) {
    if let Some(n) = map.get_mut(key) {
        *n = n.saturating_sub(1);
    }
}
