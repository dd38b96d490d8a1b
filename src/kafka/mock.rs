//! librdkafka's in-process cluster, for `tripline demo` and for tests that need no semantics of a real one.
//!
//! It speaks the protocol over real sockets on the loopback, groups and commits included. It keeps 5 MiB of each partition
//! and drops the oldest silently, so whoever feeds it must not run ahead of whoever reads; and it has no
//! transactions to speak of.

use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;

use super::Error;

/// A cluster of one broker that lives as long as this value.
pub struct MockBroker {
    cluster: MockCluster<'static, DefaultProducerContext>,
}

impl MockBroker {
    /// Starts it on free ports of the loopback.
    ///
    /// # Errors
    /// When no socket can be opened.
    pub fn start() -> Result<Self, Error> {
        let cluster = MockCluster::new(1)?;
        Ok(Self { cluster })
    }

    /// `host:port` for clients.
    #[must_use]
    pub fn bootstrap_servers(&self) -> String {
        self.cluster.bootstrap_servers()
    }

    /// Makes a topic.
    ///
    /// # Errors
    /// When it exists, or the number of partitions is none.
    pub fn create_topic(&self, topic: &str, partitions: i32) -> Result<(), Error> {
        Ok(self.cluster.create_topic(topic, partitions, 1)?)
    }
}
