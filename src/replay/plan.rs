//! Which offsets a replay reads: asked of the brokers once, at its start.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::bound::{Bound, range};
use crate::kafka::{Connection, Error, RangeClient, TopicPartition};
use crate::report::Gone;
use crate::stream::Range;

/// What a user wants to read.
#[derive(Clone, Debug)]
pub struct Scope {
    /// The topics.
    pub topics: Vec<Arc<str>>,
    /// Only these partitions; empty: all.
    pub partitions: Vec<i32>,
    /// Where each partition begins.
    pub from: Bound,
    /// Where each partition ends, never behind the last stable offset.
    pub to: Bound,
    /// A topic to write to, which has to be there.
    pub output: Option<Arc<str>>,
}

/// What there is to read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The cluster's id, a part of every verdict's id.
    pub cluster: String,
    /// Each topic's ranges, in the order of the scope.
    pub topics: Vec<(Arc<str>, Vec<Range>)>,
    /// What of it retention has removed.
    pub gone: Vec<Gone>,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The settings do not make a client.
    #[error("cannot use the settings of [kafka]")]
    Settings(#[source] Error),
    /// Nobody answers.
    #[error("cannot reach {servers} within {} s", within.as_secs_f64())]
    Away {
        /// Whom we asked.
        servers: String,
        /// How long.
        within: Duration,
        /// What librdkafka says.
        source: Error,
    },
    /// A topic cannot be read.
    #[error("cannot read topic {topic}")]
    Topic {
        /// Its name.
        topic: Arc<str>,
        /// Why.
        source: Error,
    },
    /// The topic to write to is not there.
    #[error(
        "cannot write to topic {topic} (`tripline topics create --set verdicts.topic={topic}` makes a missing one)"
    )]
    Output {
        /// Its name.
        topic: Arc<str>,
        /// Why.
        source: Error,
    },
    /// A topic has no such partition.
    #[error("topic {topic} has no partition {partition}: it has {count}, numbered from 0")]
    Partition {
        /// Its name.
        topic: Arc<str>,
        /// What was asked for.
        partition: i32,
        /// How many there are.
        count: usize,
    },
}

/// Asks where everything begins and ends now.
///
/// # Errors
/// See [`PlanError`]; never later than the time.
pub fn plan(connection: &Connection, scope: &Scope, now: Timestamp, within: Duration) -> Result<Plan, PlanError> {
    let deadline = Instant::now() + within;
    let left = || deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let client = RangeClient::connect(connection).map_err(PlanError::Settings)?;
    let first = scope.topics.first().map_or("", |topic| topic);
    let cluster = client.cluster(first, left()).map_err(|source| {
        let servers = connection.bootstrap_servers.clone();
        PlanError::Away { servers, within, source }
    })?;
    if let Some(topic) = &scope.output {
        let found = client.partitions(topic, left());
        found.map_err(|source| PlanError::Output { topic: Arc::clone(topic), source })?;
    }
    let mut plan = Plan { cluster: cluster.id, topics: Vec::new(), gone: Vec::new() };
    let (from, to) = (scope.from.at(now), scope.to.at(now));
    for topic in &scope.topics {
        let failed = |source| PlanError::Topic { topic: Arc::clone(topic), source };
        let count = client.partitions(topic, left()).map_err(failed)?;
        let partitions = partitions(topic, count, &scope.partitions)?;
        let ends = client.ends(&partitions, left()).map_err(failed)?;
        let asked = |bound: Bound| match bound.asked_ms() {
            Some(ms) => client.at_time(&partitions, ms, left()),
            None => Ok(vec![None; partitions.len()]),
        };
        let (found_from, found_to) = (asked(from).map_err(failed)?, asked(to).map_err(failed)?);
        let mut ranges = Vec::with_capacity(partitions.len());
        for ((ends, found_from), found_to) in ends.iter().zip(found_from).zip(found_to) {
            let (range, lost) = range((from, found_from), (to, found_to), ends);
            ranges.push(range);
            plan.gone.extend(lost.map(|lost| gone(topic, lost)));
        }
        plan.topics.push((Arc::clone(topic), ranges));
    }
    Ok(plan)
}

/// What retention removed of a topic's range.
pub(super) fn gone(topic: &Arc<str>, range: Range) -> Gone {
    Gone { topic: Arc::clone(topic), partition: range.partition, from: range.from, to: range.to }
}

fn partitions(topic: &Arc<str>, count: usize, only: &[i32]) -> Result<Vec<TopicPartition>, PlanError> {
    let all = i32::try_from(count).unwrap_or(i32::MAX);
    if let Some(partition) = only.iter().copied().find(|partition| !(0..all).contains(partition)) {
        return Err(PlanError::Partition { topic: Arc::clone(topic), partition, count });
    }
    let is_chosen = |partition: &i32| only.is_empty() || only.contains(partition);
    Ok((0..all).filter(is_chosen).map(|partition| TopicPartition::new(Arc::clone(topic), partition)).collect())
}
