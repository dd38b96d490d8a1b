//! Everything that is asked before the first record, and asked again until it is answered.
//!
//! A broker that is away and a topic that is missing are said once and then rarely, and stand in `/ready` meanwhile.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::beginning::Before;
use super::run::{Options, RunError, outputs};
use crate::config::Settings;
use crate::kafka::{Class, Connection, Consumer, Error, Producer, TopicPartition};
use crate::stream::Rarely;

/// The first contact is waited for in short turns, between which a request to stop is heard. Connecting goes on meanwhile.
const FIRST_CONTACT: Duration = Duration::from_secs(1);
/// How long one question to the brokers may take at start, and how long we wait before the next.
const ASK: Duration = Duration::from_secs(5);
const ASK_AGAIN: Duration = Duration::from_secs(1);
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// A cluster that has all we need.
pub(super) struct ReadyCluster {
    /// Its id, a part of every verdict's.
    pub id: String,
    /// How many partitions the sources have, all together.
    pub partitions: usize,
    /// What the group had committed.
    pub before: Before,
}

/// Everything that is asked before the first record, and asked again until it is answered.
pub(super) struct Startup<'a> {
    pub settings: &'a Settings,
    pub connection: &'a Connection,
    pub options: &'a Options,
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
        let mut all = 0;
        for source in &self.settings.sources {
            let Some(partitions) = self.keep_trying(|| producer.partitions(&source.topic, ASK))? else {
                return Ok(None);
            };
            let Some(committed) = self.keep_trying(|| self.committed(&source.topic, partitions))? else {
                return Ok(None);
            };
            before.note(source.topic.as_str().into(), partitions, committed);
            all += partitions;
        }
        Ok(Some(ReadyCluster { id: cluster.id, partitions: all, before }))
    }

    fn committed(&self, topic: &str, partitions: usize) -> Result<Vec<i32>, Error> {
        let topic: Arc<str> = topic.into();
        let number = |n: usize| i32::try_from(n).expect("Kafka counts partitions in 31 bits");
        let partitions: Vec<_> = (0..partitions).map(|n| TopicPartition::new(Arc::clone(&topic), number(n))).collect();
        let positions = Consumer::committed(self.connection, &partitions, ASK)?;
        Ok(positions.into_iter().map(|position| position.at.partition).collect())
    }

    /// Asks until there is an answer or somebody asks to stop (`None`); what no waiting mends is an error.
    fn keep_trying<T>(&self, mut ask: impl FnMut() -> Result<T, Error>) -> Result<Option<T>, RunError> {
        let mut said = Rarely::new(SAY_AGAIN);
        while !self.options.stop.is_requested() {
            match ask() {
                Ok(answer) => return Ok(Some(answer)),
                Err(error) if matches!(error.class(), Class::Settings | Class::Broken) => {
                    return Err(RunError::Kafka(error));
                }
                Err(error) => {
                    self.options.probe.waits_for(error.to_string());
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
