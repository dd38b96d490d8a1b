//! Where the partitions of a new assignment begin: asked of the brokers, decided by [`begin`].
//!
//! librdkafka would decide it in silence, with one setting for "no commit yet" and "the commit is gone".

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use super::run::Fatal;
use crate::config::Gaps;
use crate::kafka::{Error, Offsets, Position, Source, TopicPartition};
use crate::metrics::Metrics;
use crate::stream::{Begin, Start, begin};

/// What the group and the topics looked like before we joined: it tells a partition that came into being since.
#[derive(Clone, Debug, Default)]
pub(super) struct Before {
    topics: HashMap<Arc<str>, TopicBefore>,
}

#[derive(Clone, Debug, Default)]
struct TopicBefore {
    partitions: usize,
    committed: BTreeSet<i32>,
}

impl Before {
    /// The number of partitions of a topic, and those the group has committed.
    pub fn note(&mut self, topic: Arc<str>, partitions: usize, committed: impl IntoIterator<Item = i32>) {
        let committed = committed.into_iter().collect();
        self.topics.insert(topic, TopicBefore { partitions, committed });
    }

    /// A partition without a commit came into being while the group was at work: it is numbered behind all that the group
    /// has committed, or behind all that were there when we looked.
    fn is_new(&self, at: &TopicPartition) -> bool {
        let Some(topic) = self.topics.get(&at.topic) else {
            return false;
        };
        let was_there = usize::try_from(at.partition).is_ok_and(|number| number < topic.partitions);
        // Only behind the last commit: one that is missing in between was left out by an accident, and `start` holds.
        !was_there || topic.committed.last().is_some_and(|last| at.partition > *last)
    }
}

/// What to do about gaps, and whom to tell.
#[derive(Clone)]
pub(super) struct Beginnings {
    pub start: Start,
    pub gaps: Gaps,
    pub before: Before,
    pub metrics: Metrics,
}

/// A partition that is to begin, and its next offset when it was ours a moment ago.
pub(super) type Unresolved = (TopicPartition, Option<i64>);

/// Where one partition begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    pub position: Position,
    /// The last stable offset at that moment.
    pub end: i64,
    /// The group has committed just this; otherwise it is still to be committed.
    pub is_committed: bool,
}

impl Beginnings {
    /// Resolves all partitions of an assignment. The outer error is to be tried again, the inner one is final.
    pub fn resolve(
        &self,
        source: &impl Source,
        partitions: &[Unresolved],
        within: Duration,
    ) -> Result<Result<Vec<Beginning>, Fatal>, Error> {
        let at_ms = match self.start {
            Start::At(time) => Some(time.as_millisecond()),
            Start::Earliest | Start::Latest => None,
        };
        let list: Vec<_> = partitions.iter().map(|(at, _)| at.clone()).collect();
        let offsets = source.offsets(&list, at_ms, within)?;
        Ok(offsets.iter().zip(partitions).map(|(offsets, (_, next))| self.one(offsets, *next)).collect())
    }

    fn one(&self, offsets: &Offsets, reached: Option<i64>) -> Result<Beginning, Fatal> {
        let Offsets { at, committed, low, high, at_time } = offsets;
        let is_new = self.before.is_new(at);
        let known = reached.or(*committed);
        let mut begin = begin(&self.start, known, *low, *high, *at_time, is_new);
        if known.is_none() {
            // Nobody ever read here, so nobody fell behind: what is gone went before we came.
            begin.gap = None;
        }
        let next = self.decide(at, begin)?;
        tracing::info!(partition = %at, offset = next, ?committed, low, high, "partition begins");
        let is_committed = *committed == Some(next);
        Ok(Beginning { position: Position { at: at.clone(), next }, end: *high, is_committed })
    }

    /// A gap is counted and said, and ends the process unless the settings allow it.
    fn decide(&self, at: &TopicPartition, begin: Begin) -> Result<i64, Fatal> {
        let Some(gap) = begin.gap else {
            return Ok(begin.offset);
        };
        self.metrics.gap(&at.topic, gap.size());
        let (kind, size) = (gap.kind.as_str(), gap.size());
        tracing::error!(partition = %at, from = gap.from, to = gap.to, size, kind, "offsets are missing");
        match self.gaps {
            Gaps::Continue => Ok(begin.offset),
            Gaps::Stop => Err(Fatal::Gap { at: at.clone(), gap }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partition_is_new_when_it_came_after_the_group() {
        let mut before = Before::default();
        before.note("first-start".into(), 2, []);
        before.note("at-work".into(), 3, [0, 1]);
        before.note("with-a-hole".into(), 3, [0, 2]);
        let table = [
            ("first-start", 0, false),
            ("first-start", 1, false),
            ("first-start", 2, true),
            ("at-work", 0, false),
            ("at-work", 2, true),
            ("at-work", 3, true),
            // Its first commit got lost; those behind it have theirs.
            ("with-a-hole", 1, false),
            ("never-seen", 0, false),
        ];
        for (topic, partition, expected) in table {
            assert_eq!(before.is_new(&TopicPartition::new(topic, partition)), expected, "{topic}/{partition}");
        }
    }
}
