//! What we ask a cluster before the records: its id, and how many partitions a topic has.

use std::time::{Duration, Instant};

use rdkafka::client::{Client, ClientContext};
use rdkafka::types::RDKafkaRespErr;

use super::{Class, Error, Producer};

/// A cluster that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The id that the brokers agreed on; a part of every verdict's id.
    pub id: String,
}

impl Producer {
    /// The cluster's id.
    ///
    /// # Errors
    /// When no broker answers within the time.
    pub fn cluster(&self, within: Duration) -> Result<Cluster, Error> {
        let id = self.client().fetch_cluster_id(within);
        let id = id.filter(|id| !id.is_empty());
        id.map(|id| Cluster { id }).ok_or_else(|| {
            let trouble = self.trouble().map(|trouble| format!(": {trouble}"));
            let message = format!("no broker answers{}", trouble.unwrap_or_default());
            Error::new(Class::Transient, message)
        })
    }

    /// How many partitions a topic has. Where the brokers create topics when asked for one, this does.
    ///
    /// # Errors
    /// When the topic does not exist, may not be seen, or no broker answers within the time.
    pub fn partitions(&self, topic: &str, within: Duration) -> Result<usize, Error> {
        partitions(self.client(), topic, within)
    }
}

pub(super) fn partitions<C: ClientContext>(client: &Client<C>, topic: &str, within: Duration) -> Result<usize, Error> {
    let metadata = client.fetch_metadata(Some(topic), within).map_err(Error::from)?;
    let found = metadata.topics().iter().find(|t| t.name() == topic);
    match found {
        Some(t) if t.error().is_none() && !t.partitions().is_empty() => Ok(t.partitions().len()),
        Some(t) => Err(topic_error(topic, t.error())),
        None => Err(topic_error(topic, None)),
    }
}

fn topic_error(topic: &str, error: Option<RDKafkaRespErr>) -> Error {
    match error {
        Some(code) if code != RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART => {
            let cause = Error::of_code(code.into());
            Error::new(cause.class(), format!("topic {topic}: {cause}"))
        }
        _ => Error::new(Class::Transient, format!("topic {topic} does not exist (see tripline topics create)")),
    }
}

/// Waits for a future on this thread; `None` when the time is over. The admin client has a thread of its own that
/// wakes us.
pub(super) fn block_on<F: Future>(future: F, within: Duration) -> Option<F::Output> {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: std::sync::Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut context = std::task::Context::from_waker(&waker);
    let mut future = std::pin::pin!(future);
    let deadline = Instant::now() + within;
    loop {
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        std::thread::park_timeout(left);
    }
}
