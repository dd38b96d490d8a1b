//! From a Kafka error to what we do about it: one table of classes, one of reactions.
//!
//! `MSG_SIZE_TOO_LARGE` while producing -> [`Class::TooLarge`] -> [`Reaction::DeadLetter`]. Callers switch on the
//! reaction, never on the text. Whoever must tell two errors of one reaction apart asks for the class.

use rdkafka::error::KafkaError;
use rdkafka::types::RDKafkaErrorCode as Code;

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// The producer's own queue is full: wait for acknowledgements, then send again.
    QueueFull,
    /// It may work later: network, leader election, a coordinator that loads, a topic that does not exist yet.
    Transient,
    /// Not allowed, or not who we say we are. An operator can mend it while we wait.
    Denied,
    /// The record is too large for the topic or the client.
    TooLarge,
    /// The broker refuses this record and will refuse it again.
    Refused,
    /// The offset we ask for is no longer (or not yet) there.
    OutOfRange,
    /// The group has moved on: the next generation commits.
    StaleGeneration,
    /// The open transaction has to be aborted; its records can be sent again in a new one.
    Abortable,
    /// Another process has our identity.
    Fenced,
    /// A setting that librdkafka does not accept.
    Settings,
    /// The client cannot go on: only a new process can.
    Broken,
}

/// What we were doing when it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Creating a client.
    Connecting,
    /// Reading records or asking for offsets.
    Consuming,
    /// Writing verdicts, dead letters, receipts.
    Producing,
    /// Committing offsets.
    Committing,
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// The same call again, later.
    Retry,
    /// Give up what is under way and begin it anew (until transactions exist: the commit of a past generation).
    Abort,
    /// Stop with exit code 3; the supervisor starts a new process.
    Fatal,
    /// Put the record aside and go on.
    DeadLetter,
}

/// A Kafka error, of which only the class and the words leave this folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    class: Class,
    message: String,
}

/// Every code that we know to mean something; all others are [`Class::Transient`] (a code of a newer broker must not
/// stop the service: what is not fatal can be tried again, and a retry that never ends shows in lag and readiness).
const CLASSES: &[(Class, &[Code])] = &[
    (Class::QueueFull, &[Code::QueueFull]),
    (
        Class::Denied,
        &[
            Code::Authentication,
            Code::SSL,
            Code::TopicAuthorizationFailed,
            Code::GroupAuthorizationFailed,
            Code::ClusterAuthorizationFailed,
            Code::SaslAuthenticationFailed,
            Code::TransactionalIdAuthorizationFailed,
        ],
    ),
    (Class::TooLarge, &[Code::MessageSizeTooLarge, Code::MessageBatchTooLarge, Code::InvalidMessageSize]),
    (
        Class::Refused,
        &[
            Code::InvalidMessage,
            Code::InvalidTimestamp,
            Code::InvalidRecord,
            Code::InvalidDifferentRecord,
            Code::PolicyViolation,
            Code::BadMessage,
        ],
    ),
    (Class::OutOfRange, &[Code::OffsetOutOfRange, Code::AutoOffsetReset, Code::LogTruncation]),
    (
        Class::StaleGeneration,
        &[
            Code::IllegalGeneration,
            Code::RebalanceInProgress,
            Code::UnknownMemberId,
            Code::AssignmentLost,
            Code::NoOffset,
            // KIP-848.
            Code::StaleMemberEpoch,
            Code::FencedMemberEpoch,
        ],
    ),
    (
        Class::Fenced,
        &[
            Code::Fenced,
            Code::ProducerFenced,
            Code::InvalidProducerEpoch,
            Code::FencedInstanceId,
            Code::TransactionCoordinatorFenced,
        ],
    ),
    (
        Class::Settings,
        &[
            Code::InvalidConfig,
            Code::InvalidArgument,
            Code::InconsistentGroupProtocol,
            Code::InvalidGroupId,
            Code::InvalidSessionTimeout,
            Code::InvalidTopic,
            Code::UnsupportedSASLMechanism,
        ],
    ),
    (
        Class::Broken,
        &[
            Code::Fatal,
            Code::BrokerDestroy,
            Code::CriticalSystemResource,
            Code::OutOfOrderSequenceNumber,
            Code::UnsupportedFeature,
            Code::UnsupportedVersion,
        ],
    ),
];

/// What each class asks for where it is not the same everywhere: the first row that fits wins.
const REACTIONS: &[(Class, Option<Doing>, Reaction)] = &[
    (Class::QueueFull, None, Reaction::Retry),
    (Class::Transient, None, Reaction::Retry),
    (Class::Denied, None, Reaction::Retry),
    (Class::TooLarge, Some(Doing::Producing), Reaction::DeadLetter),
    (Class::TooLarge, None, Reaction::Fatal),
    (Class::Refused, Some(Doing::Producing), Reaction::DeadLetter),
    (Class::Refused, None, Reaction::Retry),
    (Class::OutOfRange, Some(Doing::Consuming), Reaction::Abort),
    (Class::OutOfRange, None, Reaction::Retry),
    (Class::StaleGeneration, Some(Doing::Committing), Reaction::Abort),
    (Class::StaleGeneration, None, Reaction::Retry),
    (Class::Abortable, None, Reaction::Abort),
    (Class::Fenced, None, Reaction::Fatal),
    (Class::Settings, None, Reaction::Fatal),
    (Class::Broken, None, Reaction::Fatal),
];

impl Error {
    /// An error of a class; for the pipeline's own doubles, and for what librdkafka says in words only.
    pub fn new(class: Class, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { class, message }
    }

    pub(super) fn of_code(code: Code) -> Self {
        Self::new(classify(code), lower_first(&code.to_string()))
    }

    /// What kind of trouble it is.
    #[must_use]
    pub const fn class(&self) -> Class {
        self.class
    }

    /// What to do about it.
    #[must_use]
    pub fn reaction(&self, doing: Doing) -> Reaction {
        reaction(self.class, doing)
    }
}

impl From<KafkaError> for Error {
    fn from(error: KafkaError) -> Self {
        match error {
            KafkaError::ClientConfig(_, reason, key, _) => {
                Self::new(Class::Settings, format!("kafka.properties.\"{key}\": {reason}"))
            }
            KafkaError::ClientCreation(reason) => Self::new(Class::Settings, reason),
            KafkaError::MessageConsumptionFatal(code) => Self::new(Class::Broken, lower_first(&code.to_string())),
            KafkaError::Transaction(ref cause) if cause.txn_requires_abort() => {
                Self::new(Class::Abortable, error.to_string())
            }
            KafkaError::Transaction(ref cause) if cause.is_fatal() => Self::new(Class::Broken, error.to_string()),
            _ => match error.rdkafka_error_code() {
                Some(code) => Self::of_code(code),
                None => Self::new(Class::Transient, error.to_string()),
            },
        }
    }
}

/// The class of a code.
fn classify(code: Code) -> Class {
    let listed = CLASSES.iter().find(|(_, codes)| codes.contains(&code));
    listed.map_or(Class::Transient, |(class, _)| *class)
}

fn reaction(class: Class, doing: Doing) -> Reaction {
    let row = REACTIONS.iter().find(|(of, when, _)| *of == class && when.is_none_or(|when| when == doing));
    row.map_or(Reaction::Retry, |(_, _, reaction)| *reaction)
}

/// librdkafka's words as a clause of ours: `Broker: Message size too large` -> `broker: Message size too large`.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_reaction() {
        use Doing::{Committing, Connecting, Consuming, Producing};
        use Reaction::{Abort, DeadLetter, Fatal, Retry};
        let table = [
            // code, while, reaction
            (Code::QueueFull, Producing, Retry),
            (Code::BrokerTransportFailure, Producing, Retry),
            (Code::AllBrokersDown, Consuming, Retry),
            (Code::NotEnoughReplicas, Producing, Retry),
            (Code::UnknownTopicOrPartition, Producing, Retry),
            (Code::UnknownTopic, Producing, Retry),
            (Code::TopicAuthorizationFailed, Producing, Retry),
            (Code::GroupAuthorizationFailed, Consuming, Retry),
            (Code::MessageSizeTooLarge, Producing, DeadLetter),
            (Code::MessageBatchTooLarge, Producing, DeadLetter),
            (Code::InvalidRecord, Producing, DeadLetter),
            // Too slow for `max.poll.interval.ms`: librdkafka rejoins by itself.
            (Code::PollExceeded, Consuming, Retry),
            (Code::IllegalGeneration, Committing, Abort),
            (Code::RebalanceInProgress, Committing, Abort),
            (Code::UnknownMemberId, Committing, Abort),
            (Code::StaleMemberEpoch, Committing, Abort),
            (Code::FencedMemberEpoch, Committing, Abort),
            (Code::CoordinatorLoadInProgress, Committing, Retry),
            (Code::OffsetOutOfRange, Consuming, Abort),
            (Code::AutoOffsetReset, Consuming, Abort),
            (Code::ProducerFenced, Producing, Fatal),
            (Code::Fenced, Producing, Fatal),
            (Code::Fatal, Producing, Fatal),
            (Code::FencedInstanceId, Consuming, Fatal),
            (Code::InvalidConfig, Connecting, Fatal),
            // What we have never heard of is tried again.
            (Code::ThrottlingQuotaExceeded, Producing, Retry),
            (Code::Unknown, Committing, Retry),
        ];
        for (code, doing, expected) in table {
            assert_eq!(Error::of_code(code).reaction(doing), expected, "{code:?} while {doing:?}");
        }
    }

    #[test]
    fn no_code_is_in_two_classes() {
        let all: Vec<_> = CLASSES.iter().flat_map(|(_, codes)| codes.iter()).collect();
        for (index, code) in all.iter().enumerate() {
            assert!(!all[..index].contains(code), "{code:?} stands twice");
        }
    }

    #[test]
    fn every_class_has_a_reaction_whatever_we_do() {
        for (class, _, _) in REACTIONS {
            assert!(
                REACTIONS.iter().any(|(of, when, _)| of == class && when.is_none()),
                "{class:?} has no row for the rest"
            );
        }
    }

    #[test]
    fn a_refused_property_is_named() {
        let mut config = rdkafka::ClientConfig::new();
        config.set("no.such.property", "1");
        let error = Error::from(config.create_native_config().err().expect("unknown property"));
        assert_eq!(error.class(), Class::Settings);
        assert!(error.to_string().contains("no.such.property"), "{error}");
    }
}
