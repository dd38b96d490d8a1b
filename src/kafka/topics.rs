//! Topics as the brokers describe them, and new ones. What should be there is decided elsewhere ([`crate::stream`]).

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, ConfigResource, NewTopic as NativeTopic, OwnedResourceSpecifier};
use rdkafka::admin::{ResourceSpecifier, TopicReplication};
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::metadata::MetadataPartition;
use rdkafka::types::{RDKafkaErrorCode as Code, RDKafkaRespErr};

use super::cluster::block_on;
use super::context::log;
use super::{Class, Connection, Error};
use crate::stream::{NewTopic, TopicFacts, TopicState};

/// The settings of topics, by the topics' names.
pub type TopicSettings = HashMap<String, BTreeMap<String, String>>;

/// Describes topics and creates them.
pub struct Topics {
    /// Asks for metadata: a consumer's question never creates a topic, a producer's may.
    asks: BaseConsumer<Quiet>,
    admin: AdminClient<Quiet>,
}

/// What became of the order to create a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// It is there now, or would be.
    Made,
    /// Somebody was quicker.
    Existed,
}

/// A client whose troubles are told by the answers.
struct Quiet;

impl ClientContext for Quiet {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats_raw(&self, _json: &[u8]) {}

    fn error(&self, _error: KafkaError, _reason: &str) {}
}

impl ConsumerContext for Quiet {}

impl Connection {
    /// Clients that connect in the background.
    ///
    /// # Errors
    /// [`Class::Settings`] when librdkafka refuses a property.
    pub fn topics(&self) -> Result<Topics, Error> {
        let asks = self.consumer().create_with_context(Quiet)?;
        let admin = self.producer().create_with_context(Quiet)?;
        Ok(Topics { asks, admin })
    }
}

impl Topics {
    /// What the brokers say of these topics, in the order of the question.
    ///
    /// # Errors
    /// When no broker answers within the time. Settings that are not told are left out.
    pub fn describe(&self, topics: &[&str], within: Duration) -> Result<Vec<TopicState>, Error> {
        let deadline = Instant::now() + within;
        let left = || deadline.saturating_duration_since(Instant::now());
        let states = topics.iter().map(|topic| self.state(topic, left()));
        let mut states = states.collect::<Result<Vec<_>, _>>()?;
        let found = topics.iter().zip(&states).filter(|(_, state)| matches!(state, TopicState::Found(_)));
        let found: Vec<&str> = found.map(|(topic, _)| *topic).collect();
        let mut settings = self.settings(&found, left());
        for (topic, state) in topics.iter().zip(&mut states) {
            if let TopicState::Found(facts) = state {
                facts.settings = settings.remove(*topic);
            }
        }
        Ok(states)
    }

    fn state(&self, topic: &str, within: Duration) -> Result<TopicState, Error> {
        let metadata = self.asks.fetch_metadata(Some(topic), within)?;
        let Some(found) = metadata.topics().iter().find(|found| found.name() == topic) else {
            return Ok(TopicState::Missing);
        };
        match found.error() {
            Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) => Ok(TopicState::Missing),
            Some(RDKafkaRespErr::RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED) => Ok(TopicState::Denied),
            Some(code) if found.partitions().is_empty() => {
                let cause = Error::of_code(code.into());
                Err(Error::new(cause.class(), format!("topic {topic}: {cause}")))
            }
            _ => Ok(TopicState::Found(facts(found.partitions()))),
        }
    }

    /// The settings of these topics, defaults included; what the brokers do not tell (no permission, a test double) is
    /// left out.
    #[must_use]
    pub fn settings(&self, topics: &[&str], within: Duration) -> TopicSettings {
        if topics.is_empty() {
            return TopicSettings::new();
        }
        let resources: Vec<_> = topics.iter().map(|topic| ResourceSpecifier::Topic(topic)).collect();
        let options = AdminOptions::new().request_timeout(Some(within));
        let described = block_on(self.admin.describe_configs(&resources, &options), within);
        let answers = match described {
            Some(Ok(answers)) => answers,
            Some(Err(error)) => {
                tracing::debug!(error = %Error::from(error), "the settings of topics are not known");
                Vec::new()
            }
            None => {
                tracing::debug!("the settings of topics are not known: no answer");
                Vec::new()
            }
        };
        answers.into_iter().filter_map(|answer| settings_of(answer.ok()?)).collect()
    }

    /// Creates topics, or only asks whether they could be created. One answer for each, in their order.
    ///
    /// # Errors
    /// When there is no answer within the time.
    pub fn create(
        &self,
        topics: &[NewTopic],
        dry_run: bool,
        within: Duration,
    ) -> Result<Vec<Result<Created, Error>>, Error> {
        let native: Vec<NativeTopic<'_>> = topics.iter().map(native).collect();
        let options =
            AdminOptions::new().request_timeout(Some(within)).operation_timeout(Some(within)).validate_only(dry_run);
        let answers = match block_on(self.admin.create_topics(&native, &options), within + Duration::from_secs(1)) {
            Some(answers) => answers?,
            None => return Err(Error::new(Class::Transient, "the brokers did not answer in time")),
        };
        let answer = |topic: &NewTopic| {
            let of_it = answers.iter().find(|answer| match answer {
                Ok(name) | Err((name, _)) => *name == topic.topic,
            });
            match of_it {
                Some(Ok(_)) => Ok(Created::Made),
                Some(Err((_, Code::TopicAlreadyExists))) => Ok(Created::Existed),
                Some(Err((_, code))) => Err(Error::of_code(*code)),
                None => Err(Error::new(Class::Transient, "the brokers did not answer")),
            }
        };
        Ok(topics.iter().map(answer).collect())
    }
}

fn facts(partitions: &[MetadataPartition]) -> TopicFacts {
    let replicas = partitions.iter().map(|partition| partition.replicas().len()).min();
    TopicFacts { partitions: partitions.len(), replicas: replicas.unwrap_or(0), settings: None }
}

fn settings_of(resource: ConfigResource) -> Option<(String, BTreeMap<String, String>)> {
    let OwnedResourceSpecifier::Topic(topic) = resource.specifier else {
        return None;
    };
    let entries = resource.entries.into_iter().filter_map(|entry| Some((entry.name, entry.value?)));
    let settings: BTreeMap<_, _> = entries.collect();
    // Every topic has settings: one without is one that we may not look into, which the crate does not say.
    (!settings.is_empty()).then_some((topic, settings))
}

fn native(topic: &NewTopic) -> NativeTopic<'_> {
    let replication = TopicReplication::Fixed(topic.replication_factor);
    let native = NativeTopic::new(&topic.topic, topic.partitions, replication);
    topic.settings.iter().fold(native, |native, setting| native.set(setting.name, &setting.value))
}
