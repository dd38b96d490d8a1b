//! The only folder that names rdkafka: bytes in, bytes out, and what went wrong.
//!
//! The pipeline sees [`Source`] (records, rebalances, commits) and [`Sink`] (records to write, acknowledgements), and an
//! [`Error`] of which it only asks the [`Class`]. Nothing here decides what a record means or when it is done.
//!
//! Not here: transactions (the seam is the pipeline's `Delivery`), and `StreamConsumer`, whose wake-ups get lost.

mod client;
mod cluster;
mod committer;
mod consumer;
mod context;
mod error;
mod mock;
mod producer;
mod range;
mod statistics;
mod tail;
mod topics;

pub use client::{Connection, OWNED_PROPERTIES, check_property};
pub use cluster::Cluster;
pub use consumer::{Arrival, Consumer, Offsets, Source};
pub use context::Event;
pub use error::{Class, Doing, Error, Reaction};
pub use mock::MockBroker;
pub use producer::{Acknowledgement, Producer, Sink};
pub use range::{Ends, RangeClient, RangeReader};
pub use statistics::{PartitionStatistics, Statistics};
pub use tail::Tail;
pub use topics::{Created, TopicSettings, Topics};

use std::sync::Arc;

/// A partition of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicPartition {
    /// The topic's name.
    pub topic: Arc<str>,
    /// The partition's number, from 0.
    pub partition: i32,
}

impl TopicPartition {
    /// A partition by name and number.
    pub fn new(topic: impl Into<Arc<str>>, partition: i32) -> Self {
        let topic = topic.into();
        Self { topic, partition }
    }
}

impl std::fmt::Display for TopicPartition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.topic, self.partition)
    }
}

/// A partition and the next offset to read (or to commit) there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// Where.
    pub at: TopicPartition,
    /// The next offset; all before it is done.
    pub next: i64,
}
