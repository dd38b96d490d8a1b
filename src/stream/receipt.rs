//! Receipts: what was judged, by which rules. They tile a partition: each begins where the one before it ended.
//!
//! records 5, 6, 9 -> `{first: 5, next: 10, records: 3, …}`; the next receipt of the partition has `first: 10`.
//!
//! A receipt covers the holes in its range too, so a record without a verdict was judged if a receipt covers it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, OutcomeCounts};
use super::record::Outgoing;

/// By what a record was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetStamp {
    /// Of the rule set: `sha256:…`.
    pub digest: String,
    /// How many rule sets this process has had; from 1.
    pub epoch: u64,
    /// The version of tripline.
    pub engine: &'static str,
    /// Of the settings that bear on verdicts: `sha256:…`.
    pub settings: String,
}

/// What became of the records `first..next` of one partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The topic that was judged.
    pub topic: String,
    /// Its partition.
    pub partition: i32,
    /// The first offset covered; the `next` of the receipt before.
    pub first: i64,
    /// The offset behind the last one covered.
    pub next: i64,
    /// How many records there were; fewer than offsets where the log has holes.
    pub records: u64,
    /// What became of them.
    pub outcomes: OutcomeCounts,
    /// How many verdicts were emitted: those of flagged records, or of all that were judged.
    pub verdicts: u64,
    /// Of the rule set: `sha256:…`.
    pub digest: String,
    /// How many rule sets the process had had; from 1.
    pub epoch: u64,
    /// The version of tripline.
    pub engine: String,
    /// Of the settings: `sha256:…`.
    pub settings: String,
}

impl Receipt {
    /// The record to produce. Its key is the partition, so that the receipts of one partition keep their order.
    #[must_use]
    pub fn to_outgoing(&self, topic: &Arc<str>) -> Outgoing {
        Outgoing {
            topic: topic.clone(),
            key: Some(format!("{}/{}", self.topic, self.partition).into_bytes()),
            payload: Some(self.json()),
            headers: vec![("content-type".to_owned(), Some(b"application/json".to_vec()))],
            timestamp_ms: None,
        }
    }

    fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and texts can be written as JSON")
    }
}

/// Counts what becomes of the records of one partition until the next receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    first: i64,
    next: i64,
    outcomes: OutcomeCounts,
    verdicts: u64,
}

impl Tally {
    /// A tally of a partition that is read from `first` on.
    #[must_use]
    pub fn new(first: i64) -> Self {
        Self { first, next: first, outcomes: OutcomeCounts::default(), verdicts: 0 }
    }

    /// Counts the record at `offset`; `has_verdict` when a verdict on it is emitted.
    pub fn add(&mut self, offset: i64, outcome: Outcome, has_verdict: bool) {
        self.reach(offset.saturating_add(1));
        self.outcomes.add(outcome);
        self.verdicts += u64::from(has_verdict);
    }

    /// There is nothing below `next` that was not counted.
    pub fn reach(&mut self, next: i64) {
        self.next = self.next.max(next);
    }

    /// The receipt of everything since the last, and a fresh tally behind it; `None` when there is nothing.
    pub fn seal(&mut self, topic: &str, partition: i32, stamp: &RuleSetStamp) -> Option<Receipt> {
        if self.next == self.first {
            return None;
        }
        let done = std::mem::replace(self, Self::new(self.next));
        Some(Receipt {
            topic: topic.to_owned(),
            partition,
            first: done.first,
            next: done.next,
            records: done.outcomes.total(),
            outcomes: done.outcomes,
            verdicts: done.verdicts,
            digest: stamp.digest.clone(),
            epoch: stamp.epoch,
            engine: stamp.engine.to_owned(),
            settings: stamp.settings.clone(),
        })
    }
}

/// A place where receipts do not tile their partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TilingFault {
    /// No receipt covers these offsets.
    Hole {
        /// The topic judged.
        topic: String,
        /// Its partition.
        partition: i32,
        /// The first offset not covered.
        from: i64,
        /// The offset behind the last.
        to: i64,
    },
    /// More than one receipt covers these offsets: they were judged again, as at-least-once may after a crash.
    Overlap {
        /// The topic judged.
        topic: String,
        /// Its partition.
        partition: i32,
        /// The first offset covered again.
        from: i64,
        /// The offset behind the last.
        to: i64,
    },
}

impl fmt::Display for TilingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, topic, partition, from, to) = match self {
            TilingFault::Hole { topic, partition, from, to } => ("no receipt covers", topic, partition, from, to),
            TilingFault::Overlap { topic, partition, from, to } => {
                ("more than one receipt covers", topic, partition, from, to)
            }
        };
        write!(f, "{what} {topic}/{partition} from {from} to {to}")
    }
}

/// Where receipts, in any order, leave holes between them or overlap; by topic, partition and offset.
#[must_use]
pub fn check_tiling<'r>(receipts: impl IntoIterator<Item = &'r Receipt>) -> Vec<TilingFault> {
    let mut sorted: Vec<&Receipt> = receipts.into_iter().collect();
    sorted.sort_by_key(|r| (&r.topic, r.partition, r.first, r.next));
    let mut faults = Vec::new();
    let same = |a: &&Receipt, b: &&Receipt| (&a.topic, a.partition) == (&b.topic, b.partition);
    for partition in sorted.chunk_by(same) {
        let mut covered = partition[0].first;
        for receipt in partition {
            let (topic, partition) = (receipt.topic.clone(), receipt.partition);
            if receipt.first > covered {
                faults.push(TilingFault::Hole { topic, partition, from: covered, to: receipt.first });
            } else if receipt.first < covered {
                faults.push(TilingFault::Overlap {
                    topic,
                    partition,
                    from: receipt.first,
                    to: covered.min(receipt.next),
                });
            }
            covered = covered.max(receipt.next);
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp() -> RuleSetStamp {
        RuleSetStamp { digest: "sha256:00".into(), epoch: 1, engine: "0.1.0", settings: "sha256:11".into() }
    }

    fn receipt(partition: i32, first: i64, next: i64) -> Receipt {
        let mut tally = Tally::new(first);
        tally.reach(next);
        tally.seal("posts", partition, &stamp()).unwrap()
    }

    #[test]
    fn a_receipt_counts_its_records_and_covers_its_holes() {
        let mut tally = Tally::new(5);
        assert_eq!(tally.seal("posts", 3, &stamp()), None, "nothing was judged");
        tally.add(5, Outcome::Flagged, true);
        tally.add(6, Outcome::None, false);
        tally.add(9, Outcome::DeadLetter, false);
        let receipt = tally.seal("posts", 3, &stamp()).unwrap();
        let json: serde_json::Value = serde_json::to_value(&receipt).unwrap();
        let expected = serde_json::json!({
            "topic": "posts", "partition": 3, "first": 5, "next": 10, "records": 3,
            "outcomes": {"none": 1, "flagged": 1, "shadow": 0, "empty": 0, "dead_letter": 1},
            "verdicts": 1, "digest": "sha256:00", "epoch": 1, "engine": "0.1.0",
            "settings": "sha256:11",
        });
        assert_eq!(json, expected);
        assert_eq!(tally, Tally::new(10));
    }

    #[test]
    fn the_receipts_of_a_partition_keep_their_order() {
        let out = receipt(3, 0, 1).to_outgoing(&"receipts".into());
        assert_eq!(out.key.as_deref(), Some(&b"posts/3"[..]));
        assert_eq!(out.header("content-type"), Some("application/json"));
        let read: Receipt = serde_json::from_slice(&out.payload.unwrap()).unwrap();
        assert_eq!(read, receipt(3, 0, 1));
    }

    #[test]
    fn holes_and_overlaps_are_found() {
        for (receipts, expected) in [
            (vec![], vec![]),
            (vec![receipt(0, 3, 7)], vec![]),
            (vec![receipt(0, 7, 9), receipt(0, 3, 7), receipt(1, 0, 2)], vec![]),
            (vec![receipt(0, 0, 3), receipt(0, 4, 5)], vec!["no receipt covers posts/0 from 3 to 4"]),
            (
                vec![receipt(1, 0, 10), receipt(1, 2, 4), receipt(1, 4, 12), receipt(2, 5, 6)],
                vec![
                    "more than one receipt covers posts/1 from 2 to 4",
                    "more than one receipt covers posts/1 from 4 to 10",
                ],
            ),
        ] {
            let faults: Vec<String> = check_tiling(&receipts).iter().map(ToString::to_string).collect();
            assert_eq!(faults, expected);
        }
    }

    proptest! {
        #[test]
        fn receipts_tile_whatever_was_judged(
            start in 0_i64..1_000,
            steps in prop::collection::vec((0_i64..4, 0_usize..5, any::<bool>(), any::<bool>()), 0..200),
        ) {
            let (mut tally, mut offset, mut records) = (Tally::new(start), start, 0);
            let mut receipts: Vec<Receipt> = Vec::new();
            for (hole, outcome, has_verdict, seal) in steps {
                offset += hole;
                tally.add(offset, Outcome::ALL[outcome], has_verdict);
                offset += 1;
                records += 1;
                if seal {
                    receipts.extend(tally.seal("posts", 0, &stamp()));
                }
            }
            receipts.extend(tally.seal("posts", 0, &stamp()));
            prop_assert_eq!(check_tiling(&receipts), vec![]);
            prop_assert_eq!(receipts.first().map_or(start, |r| r.first), start);
            prop_assert_eq!(receipts.last().map_or(start, |r| r.next), offset);
            prop_assert_eq!(receipts.iter().map(|r| r.records).sum::<u64>(), records);
            for pair in receipts.windows(2) {
                prop_assert_eq!(pair[0].next, pair[1].first);
            }
        }
    }
}
