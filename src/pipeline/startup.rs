//! Everything that is asked before the first record, and asked again until it is answered.
//!
//! A broker that is away and a topic that is missing are said once and then rarely, and stand in `/ready` meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::beginning::Before;
use super::outputs::{longest_field, topic_needs, topic_uses};
use super::run::{Options, RunError, outputs};
use crate::config::Settings;
use crate::event::largest_verdict;
use crate::kafka::{Class, Connection, Consumer, Error, Producer, TopicPartition};
use crate::metrics::Metrics;
use crate::rule::RuleSet;
use crate::stream::{DescribedTopic, FaultLevel, Rarely, TopicFault, check_topics};

/// The first contact is waited for in short turns, between which a request to stop is heard. Connecting goes on meanwhile.
const FIRST_CONTACT: Duration = Duration::from_secs(1);
/// How long one question to the brokers may take at start, and how long we wait before the next.
const ASK: Duration = Duration::from_secs(5);
/// Best effort, and not worth a slow start.
const ASK_TOPICS: Duration = Duration::from_secs(3);
const ASK_AGAIN: Duration = Duration::from_secs(1);
const SAY_AGAIN: Duration = Duration::from_secs(60);
/// How long `--once` waits for each thing that it needs.
const ONCE_PATIENCE: Duration = Duration::from_secs(15);

/// A cluster that has all we need.
pub(super) struct ReadyCluster {
    /// Its id, a part of every verdict's.
    pub id: String,
    /// The partitions of the sources, all together.
    pub partitions: Vec<TopicPartition>,
    /// What the group had committed.
    pub before: Before,
}

/// Everything that is asked before the first record, and asked again until it is answered.
pub(super) struct Startup<'a> {
    pub settings: &'a Settings,
    pub connection: &'a Connection,
    pub options: &'a Options,
    pub metrics: &'a Metrics,
}

impl Startup<'_> {
    /// `None` when asked to stop meanwhile.
    pub fn cluster(&self) -> Result<Option<ReadyCluster>, RunError> {
        let producer = Producer::new(self.connection).map_err(RunError::Kafka)?;
        self.options.probe.waits_for(format!("connecting to {}", self.connection.bootstrap_servers));
        let Some(cluster) = self.keep_trying(|| producer.cluster(FIRST_CONTACT))? else {
            return Ok(None);
        };
        tracing::info!(cluster = cluster.id, "connected");
        for topic in outputs(self.settings) {
            if self.keep_trying(|| producer.partitions(topic, ASK))?.is_none() {
                return Ok(None);
            }
        }
        let mut before = Before::default();
        let mut all = Vec::new();
        for source in &self.settings.sources {
            let Some(partitions) = self.keep_trying(|| producer.partitions(&source.topic, ASK))? else {
                return Ok(None);
            };
            let list = partitions_of(&source.topic, partitions);
            let Some(committed) = self.keep_trying(|| self.committed(&list))? else {
                return Ok(None);
            };
            before.note(source.topic.as_str().into(), partitions, committed);
            all.extend(list);
        }
        Ok(Some(ReadyCluster { id: cluster.id, partitions: all, before }))
    }

    /// The topics as the brokers describe them; nothing where they do not. One that would lose what we write is refused, what
    /// else is wrong is said.
    pub fn topics(&self, rules: &RuleSet) -> Result<Vec<DescribedTopic>, RunError> {
        if self.options.trusts_topics {
            return Ok(Vec::new());
        }
        let uses = topic_uses(self.settings);
        let names: Vec<&str> = uses.iter().map(|(topic, _)| topic.as_str()).collect();
        let states = self.connection.topics().and_then(|topics| topics.describe(&names, ASK_TOPICS));
        let states = states.unwrap_or_else(|error| {
            tracing::debug!(%error, "the topics were not checked");
            Vec::new()
        });
        let described = uses.into_iter().zip(states);
        let described =
            described.map(|((topic, role), state)| DescribedTopic { topic, role, state }).collect::<Vec<_>>();
        let needs = topic_needs(self.settings, largest_verdict(rules, longest_field(self.settings)));
        for fault in check_topics(&described, &needs) {
            let TopicFault { level, topic, code, message, help } = fault;
            if code == "compacted" {
                return Err(RunError::Topic { topic, reason: format!("{message}; {help}") });
            }
            if level > FaultLevel::Note {
                tracing::warn!(%topic, fault = message, %help, "a topic is not as it should be");
            } else {
                tracing::debug!(%topic, fault = message, %help, "a topic could be better");
            }
        }
        Ok(described)
    }

    fn committed(&self, partitions: &[TopicPartition]) -> Result<Vec<i32>, Error> {
        let positions = Consumer::committed(self.connection, partitions, ASK).map_err(|error| {
            let group = &self.connection.group_id;
            Error::new(
                error.class(),
                format!("what group {group} has committed is not told (it takes Read on it): {error}"),
            )
        })?;
        Ok(positions.into_iter().map(|position| position.at.partition).collect())
    }

    /// Asks until there is an answer, or somebody asks to stop (`None`); what no waiting mends is an error.
    fn keep_trying<T>(&self, mut ask: impl FnMut() -> Result<T, Error>) -> Result<Option<T>, RunError> {
        let mut said = Rarely::new(SAY_AGAIN);
        let began = Instant::now();
        while !self.options.stop.is_requested() {
            match ask() {
                Ok(answer) => return Ok(Some(answer)),
                Err(error) if matches!(error.class(), Class::Settings | Class::Broken) => {
                    return Err(RunError::Kafka(error));
                }
                // Whoever runs us for once waits for our end.
                Err(error) if self.options.once && began.elapsed() >= ONCE_PATIENCE => {
                    return Err(RunError::NotThere(error));
                }
                Err(error) => {
                    self.options.probe.waits_for(error.to_string());
                    let conditions = self.options.probe.snapshot().conditions;
                    self.metrics.ready(conditions.iter().map(|condition| (condition.name, condition.ok)));
                    if let Some(more) = said.say(Instant::now()) {
                        let servers = &self.connection.bootstrap_servers;
                        tracing::warn!(%servers, reason = %error, more, "waiting for the cluster; trying again");
                    }
                    self.options.stop.sleep(ASK_AGAIN);
                }
            }
        }
        Ok(None)
    }
}

fn partitions_of(topic: &str, count: usize) -> Vec<TopicPartition> {
    let topic: Arc<str> = topic.into();
    let number = |n: usize| i32::try_from(n).expect("Kafka counts partitions in 31 bits");
    (0..count).map(|n| TopicPartition::new(Arc::clone(&topic), number(n))).collect()
}
