//! librdkafka properties: what the settings say, what we own, and why.
//!
//! `kafka.properties` may hold any property that is not in [`OWNED_PROPERTIES`]. A property of one side only (a
//! consumer's, a producer's) goes to that side, so that librdkafka has nothing to warn about.

use std::collections::BTreeMap;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use super::Error;

/// How to reach the cluster and who we are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// `host:port`, comma separated.
    pub bootstrap_servers: String,
    /// The consumer group.
    pub group_id: String,
    /// Unique among live processes; the client id is `tripline-<instance>` unless a property says otherwise.
    pub instance: String,
    /// The `compression.type` of what is written.
    pub compression: &'static str,
    /// Properties from the settings, none of them ours.
    pub properties: BTreeMap<String, String>,
}

/// The properties that settings must not name, each with the reason: delivery depends on them.
pub const OWNED_PROPERTIES: &[(&str, &str)] = &[
    ("acks", "a verdict counts when all replicas have it"),
    ("auto.commit.enable", "offsets are committed behind acknowledged verdicts only"),
    ("auto.commit.interval.ms", "offsets are committed behind acknowledged verdicts only"),
    ("auto.offset.reset", "tripline resolves where a partition begins: see kafka.start"),
    ("bootstrap.servers", "see kafka.bootstrap_servers"),
    ("compression.codec", "see kafka.compression"),
    ("compression.type", "see kafka.compression"),
    ("delivery.report.only.error", "every acknowledgement is needed"),
    ("delivery.timeout.ms", "a verdict is sent until it is acknowledged"),
    ("enable.auto.commit", "offsets are committed behind acknowledged verdicts only"),
    ("enable.auto.offset.store", "offsets are committed behind acknowledged verdicts only"),
    ("enable.gapless.guarantee", "one refused verdict must not stop the others"),
    ("enable.idempotence", "a retry inside the producer must not double a verdict"),
    ("enable.partition.eof", "the end of a partition is not an event here"),
    ("group.id", "see kafka.group_id"),
    ("group.instance.id", "several consumers of one process would share it"),
    ("isolation.level", "records of aborted transactions are not judged"),
    ("log.queue", "librdkafka's log goes into ours"),
    ("log_level", "see log.level"),
    ("message.timeout.ms", "a verdict is sent until it is acknowledged"),
    ("metadata.broker.list", "see kafka.bootstrap_servers"),
    ("partition.assignment.strategy", "partitions move one by one, drained"),
    ("request.required.acks", "a verdict counts when all replicas have it"),
    ("statistics.interval.ms", "lag and readiness are computed from the statistics"),
    ("transactional.id", "see kafka.delivery"),
    ("transaction.timeout.ms", "see kafka.delivery"),
];

/// Ours, for both sides. Settings cannot change these.
const COMMON: &[(&str, &str)] = &[
    // Lag and readiness are at most this old.
    ("statistics.interval.ms", "1000"),
];

/// The consumer's, which settings cannot change.
const CONSUMER: &[(&str, &str)] = &[
    ("enable.auto.commit", "false"),
    ("enable.auto.offset.store", "false"),
    // One property means "no commit yet" and "out of range": with any other value records are skipped in silence.
    ("auto.offset.reset", "error"),
    ("isolation.level", "read_committed"),
];

/// The consumer's, which settings may change.
const CONSUMER_DEFAULTS: &[(&str, &str)] = &[
    // The default of 1000 lets a partition sleep a second whenever a queue threshold is hit: 12x slower.
    ("fetch.queue.backoff.ms", "10"),
    // The real memory bound of a consumer (the resident size is about 1.65x of it).
    ("queued.max.messages.kbytes", "16384"),
    ("fetch.max.bytes", "8388608"),
    // A quiet topic is not polled a hundred times a second for it, and a record does not wait longer.
    ("fetch.wait.max.ms", "100"),
];

/// Without KIP-848, which refuses these.
const CLASSIC_GROUP: &[(&str, &str)] = &[("partition.assignment.strategy", "cooperative-sticky")];

/// The producer's, which settings cannot change.
const PRODUCER: &[(&str, &str)] = &[
    ("enable.idempotence", "true"),
    ("acks", "all"),
    // For ever: while the broker is away the window fills, taking pauses, and nothing is given up.
    ("message.timeout.ms", "0"),
];

/// The producer's, which settings may change.
const PRODUCER_DEFAULTS: &[(&str, &str)] = &[
    ("linger.ms", "5"),
    // The default is 1 GiB.
    ("queue.buffering.max.kbytes", "32768"),
    // The Java client's, so that a verdict lies in the same partition number as its record.
    ("partitioner", "murmur2_random"),
];

/// Prefixes of properties that only a consumer has.
const CONSUMER_ONLY: &[&str] = &[
    "session.timeout.ms",
    "heartbeat.interval.ms",
    "group.",
    "coordinator.query.interval.ms",
    "max.poll.interval.ms",
    "queued.",
    "fetch.",
    "max.partition.fetch.bytes",
    "check.crcs",
    "client.rack",
    "offset.store.",
];

/// Prefixes of properties that only a producer has.
const PRODUCER_ONLY: &[&str] = &[
    "queue.buffering.",
    "linger.ms",
    "message.send.max.retries",
    "retries",
    "compression.",
    "batch.",
    "sticky.partitioning.linger.ms",
    "partitioner",
    "msg_order_cmp",
    "queuing.strategy",
    "request.timeout.ms",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Consumer,
    Producer,
}

/// What is wrong with a property of the settings: ours, unknown to librdkafka, or a value it refuses.
///
/// # Errors
/// The reason, which names no file and no key: the caller knows both.
pub fn check_property(key: &str, value: &str) -> Result<(), String> {
    if let Some((_, why)) = OWNED_PROPERTIES.iter().find(|(owned, _)| *owned == key) {
        return Err(format!("tripline owns this property: {why}"));
    }
    let mut config = ClientConfig::new();
    config.set(key, value);
    match config.create_native_config() {
        Ok(_) => Ok(()),
        Err(rdkafka::error::KafkaError::ClientConfig(_, reason, _, _)) => Err(reason),
        Err(other) => Err(Error::from(other).to_string()),
    }
}

impl Connection {
    /// Whether librdkafka takes all properties, on both sides; connects to nothing.
    ///
    /// # Errors
    /// [`Class::Settings`](super::Class::Settings), naming the property.
    pub fn check(&self) -> Result<(), Error> {
        self.consumer().create_native_config()?;
        self.producer().create_native_config()?;
        Ok(())
    }

    pub(super) fn consumer(&self) -> ClientConfig {
        let mut config = self.base(CONSUMER_DEFAULTS, Side::Consumer);
        config.set("group.id", &self.group_id);
        if self.properties.get("group.protocol").is_none_or(|protocol| protocol == "classic") {
            set_all(&mut config, CLASSIC_GROUP);
        }
        set_all(&mut config, CONSUMER);
        config
    }

    pub(super) fn producer(&self) -> ClientConfig {
        let mut config = self.base(PRODUCER_DEFAULTS, Side::Producer);
        config.set("compression.type", self.compression);
        set_all(&mut config, PRODUCER);
        config
    }

    fn base(&self, defaults: &[(&str, &str)], side: Side) -> ClientConfig {
        let mut config = ClientConfig::new();
        set_all(&mut config, defaults);
        config.set("client.id", format!("tripline-{}", self.instance));
        for (key, value) in self.properties.iter().filter(|(key, _)| belongs(key, side)) {
            config.set(key, value);
        }
        set_all(&mut config, COMMON);
        config.set("bootstrap.servers", &self.bootstrap_servers);
        config.set_log_level(self.log_level());
        config
    }

    /// `debug` contexts speak at the debug level; without them there is nothing below info.
    fn log_level(&self) -> RDKafkaLogLevel {
        if self.properties.contains_key("debug") { RDKafkaLogLevel::Debug } else { RDKafkaLogLevel::Info }
    }
}

fn belongs(key: &str, side: Side) -> bool {
    let (mine, other) = match side {
        Side::Consumer => (CONSUMER_ONLY, PRODUCER_ONLY),
        Side::Producer => (PRODUCER_ONLY, CONSUMER_ONLY),
    };
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.starts_with(prefix));
    starts(mine) || !starts(other)
}

fn set_all(config: &mut ClientConfig, properties: &[(&str, &str)]) {
    for (key, value) in properties {
        config.set(*key, *value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(properties: &[(&str, &str)]) -> Connection {
        Connection {
            bootstrap_servers: "localhost:9092".into(),
            group_id: "g".into(),
            instance: "i".into(),
            compression: "lz4",
            properties: properties.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        }
    }

    #[test]
    fn every_property_of_ours_is_known_to_librdkafka() {
        for config in [connection(&[]).consumer(), connection(&[]).producer()] {
            assert!(config.create_native_config().is_ok(), "{config:?}");
        }
    }

    #[test]
    fn what_settings_cannot_change_is_owned() {
        let owned = |key: &str| OWNED_PROPERTIES.iter().any(|(name, _)| *name == key);
        for (key, _) in [COMMON, CONSUMER, PRODUCER, CLASSIC_GROUP].concat() {
            assert!(owned(key), "{key}");
        }
        for (key, _) in [CONSUMER_DEFAULTS, PRODUCER_DEFAULTS].concat() {
            assert!(!owned(key), "{key} may be set");
        }
    }

    #[test]
    fn settings_change_defaults_and_nothing_else() {
        let c = connection(&[("fetch.queue.backoff.ms", "7"), ("auto.offset.reset", "latest")]);
        let config = c.consumer();
        assert_eq!(config.get("fetch.queue.backoff.ms"), Some("7"));
        assert_eq!(config.get("auto.offset.reset"), Some("error"));
    }

    #[test]
    fn a_property_goes_to_the_side_that_has_it() {
        let c = connection(&[("session.timeout.ms", "6000"), ("linger.ms", "1"), ("security.protocol", "SSL")]);
        let (consumer, producer) = (c.consumer(), c.producer());
        let table = [
            ("session.timeout.ms", Some("6000"), None),
            ("linger.ms", None, Some("1")),
            ("security.protocol", Some("SSL"), Some("SSL")),
        ];
        for (key, of_consumer, of_producer) in table {
            assert_eq!(consumer.get(key), of_consumer, "{key}");
            assert_eq!(producer.get(key), of_producer, "{key}");
        }
    }

    #[test]
    fn the_new_group_protocol_gets_no_assignment_strategy() {
        let key = "partition.assignment.strategy";
        let new = connection(&[("group.protocol", "consumer")]).consumer();
        assert_eq!(new.get(key), None);
        assert_eq!(connection(&[]).consumer().get(key), Some("cooperative-sticky"));
    }

    #[test]
    fn a_bad_property_says_why() {
        let table = [
            ("group.id", "x", "tripline owns this property"),
            ("no.such.key", "x", "No such configuration property"),
            ("session.timeout.ms", "soon", "session.timeout.ms"),
        ];
        for (key, value, words) in table {
            let reason = check_property(key, value).expect_err(key);
            assert!(reason.contains(words), "{key}: {reason}");
        }
        assert_eq!(check_property("session.timeout.ms", "6000"), Ok(()));
        assert_eq!(check_property("security.protocol", "SASL_SSL"), Ok(()));
    }
}
