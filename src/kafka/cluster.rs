//! What we ask a cluster before and beside the records: its id, how many partitions a topic has, how large a record
//! may be.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, ResourceSpecifier};
use rdkafka::client::{Client, ClientContext, DefaultClientContext};
use rdkafka::types::RDKafkaRespErr;

use super::{Class, Connection, Error, Producer};

/// A cluster that answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The id that the brokers agreed on; a part of every verdict's id.
    pub id: String,
}

/// The largest record batch of a topic, in bytes (`max.message.bytes`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicLimits {
    /// The topic's name.
    pub topic: String,
    /// Its limit.
    pub max_message_bytes: usize,
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
        _ => Error::new(Class::Transient, format!("topic {topic} does not exist")),
    }
}

impl Connection {
    /// The limits of these topics; empty where the brokers do not say (no permission, a test double). Best effort: an
    /// unknown limit is found out when a record is refused.
    #[must_use]
    pub fn limits(&self, topics: &[&str], within: Duration) -> Vec<TopicLimits> {
        let config = self.producer();
        let Ok(admin) = config.create::<AdminClient<DefaultClientContext>>() else {
            return Vec::new();
        };
        let resources: Vec<_> = topics.iter().map(|topic| ResourceSpecifier::Topic(topic)).collect();
        let options = AdminOptions::new().request_timeout(Some(within));
        let described = block_on(admin.describe_configs(&resources, &options), within);
        let answers = described.and_then(Result::ok).unwrap_or_default();
        answers.into_iter().flatten().filter_map(|resource| limit_of(&resource)).collect()
    }
}

fn limit_of(resource: &ConfigResource) -> Option<TopicLimits> {
    let rdkafka::admin::OwnedResourceSpecifier::Topic(topic) = &resource.specifier else {
        return None;
    };
    let entry = resource.get("max.message.bytes")?;
    let max_message_bytes = entry.value.as_deref()?.parse().ok()?;
    Some(TopicLimits { topic: topic.clone(), max_message_bytes })
}

/// Waits for a future on this thread; `None` when the time is over. The admin client has a thread of its own that
/// wakes us.
fn block_on<F: Future>(future: F, within: Duration) -> Option<F::Output> {
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
