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

    /// A partition without a commit came into being while the group was at work: either the group has commits in the
    /// topic already, or the topic had fewer partitions when we looked.
    fn is_new(&self, at: &TopicPartition) -> bool {
        let Some(topic) = self.topics.get(&at.topic) else {
            return false;
        };
        let was_there = usize::try_from(at.partition).is_ok_and(|number| number < topic.partitions);
        !was_there || (!topic.committed.is_empty() && !topic.committed.contains(&at.partition))
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

/// Where one partition begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beginning {
    pub position: Position,
    /// The group has no commit yet: ours will be its first, so that `start` is applied once.
    pub is_first: bool,
}

impl Beginnings {
    /// Resolves all partitions of an assignment. The outer error is to be tried again, the inner one is final.
    pub fn resolve(
        &self,
        source: &impl Source,
        partitions: &[TopicPartition],
        within: Duration,
    ) -> Result<Result<Vec<Beginning>, Fatal>, Error> {
        let at_ms = match self.start {
            Start::At(time) => Some(time.as_millisecond()),
            Start::Earliest | Start::Latest => None,
        };
        let offsets = source.offsets(partitions, at_ms, within)?;
        Ok(offsets.iter().map(|offsets| self.one(offsets)).collect())
    }

    fn one(&self, offsets: &Offsets) -> Result<Beginning, Fatal> {
        let Offsets { at, committed, low, high, at_time } = offsets;
        let is_new = self.before.is_new(at);
        let next = self.decide(at, begin(&self.start, *committed, *low, *high, *at_time, is_new))?;
        let position = Position { at: at.clone(), next };
        tracing::info!(partition = %position.at, offset = next, ?committed, low, high, "partition begins");
        Ok(Beginning { position, is_first: committed.is_none() })
    }

    /// Where a partition goes on whose next offset is no longer there; `None` when it is there.
    pub fn overtaken(&self, offsets: &Offsets, next: i64) -> Result<Option<i64>, Fatal> {
        let begin = begin(&self.start, Some(next), offsets.low, offsets.high, None, false);
        match begin.gap {
            None => Ok(None),
            Some(_) => self.decide(&offsets.at, begin).map(Some),
        }
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
        let table = [
            ("first-start", 0, false),
            ("first-start", 1, false),
            ("first-start", 2, true),
            ("at-work", 0, false),
            ("at-work", 2, true),
            ("at-work", 3, true),
            ("never-seen", 0, false),
        ];
        for (topic, partition, expected) in table {
            assert_eq!(before.is_new(&TopicPartition::new(topic, partition)), expected, "{topic}/{partition}");
        }
    }
}
