//! librdkafka's callbacks as events in a mailbox, and its log as tracing lines.
//!
//! A callback only notes what happened. The worker reads the mailbox on its own thread, between two batches: a
//! rebalance is answered there (`assign`, `unassign`), after a drain, and never in the middle of a poll. Only while
//! the consumer closes is there no worker left to answer, so the callback gives up the partitions itself.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext, RebalanceProtocol};
use rdkafka::error::KafkaError;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;

use super::{Error, Position, Statistics, TopicPartition};
use crate::stream::RarelyPer;

/// Long enough to keep a log readable through an outage of hours, short enough to show that it lasts.
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// What librdkafka told us, in order.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// These partitions are ours: answer with `assign`.
    Assigned(Vec<TopicPartition>),
    /// These partitions are to be given up: answer with `unassign`.
    Revoked {
        /// Which.
        partitions: Vec<TopicPartition>,
        /// They are already somebody else's: commit nothing.
        lost: bool,
    },
    /// The answer to a commit in the background.
    Committed {
        /// Whether the broker took it.
        result: Result<(), Error>,
        /// What was to be committed.
        positions: Vec<Position>,
    },
    /// Once a second.
    Statistics(Statistics),
    /// Trouble of the client as a whole.
    Trouble(Error),
}

/// The mailbox of one consumer.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    events: Mutex<VecDeque<Event>>,
    closing: AtomicBool,
}

impl Mailbox {
    pub(super) fn put(&self, event: Event) {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.push_back(event);
    }

    pub(super) fn take(&self) -> Option<Event> {
        let mut events = self.events.lock().unwrap_or_else(PoisonError::into_inner);
        events.pop_front()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// From now on rebalances are answered in the callback.
    pub(super) fn close(&self) {
        self.closing.store(true, Ordering::Release);
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Acquire)
    }
}

impl ClientContext for Mailbox {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats_raw(&self, json: &[u8]) {
        if let Some(statistics) = Statistics::parse(json) {
            self.put(Event::Statistics(statistics));
        }
    }

    fn error(&self, error: KafkaError, reason: &str) {
        let error = Error::from(error);
        self.put(Event::Trouble(Error::new(error.class(), reason)));
    }
}

impl ConsumerContext for Mailbox {
    fn rebalance(&self, consumer: &BaseConsumer<Self>, what: RDKafkaRespErr, partitions: &mut TopicPartitionList) {
        if self.is_closing() {
            return give_up(consumer, partitions);
        }
        let list = partitions_of(partitions);
        self.put(match what {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => Event::Assigned(list),
            _ => Event::Revoked { partitions: list, lost: consumer.assignment_lost() },
        });
    }
}

/// The answer to a rebalance while closing: an assignment is declined, a revocation confirmed.
fn give_up(consumer: &BaseConsumer<Mailbox>, partitions: &TopicPartitionList) {
    let done = match consumer.rebalance_protocol() {
        RebalanceProtocol::Cooperative => consumer.incremental_unassign(partitions),
        _ => consumer.unassign(),
    };
    if let Err(error) = done {
        tracing::debug!(target: "tripline::kafka", %error, "giving up partitions while closing");
    }
}

fn partitions_of(list: &TopicPartitionList) -> Vec<TopicPartition> {
    let elements = list.elements();
    elements.iter().map(|e| TopicPartition::new(e.topic(), e.partition())).collect()
}

/// The partitions that have an offset and no error of their own.
pub(super) fn positions_of(list: &TopicPartitionList) -> Vec<Position> {
    let elements = list.elements();
    let fine = elements.iter().filter(|e| e.error().is_ok());
    fine.filter_map(|e| match e.offset() {
        Offset::Offset(next) => Some(Position { at: TopicPartition::new(e.topic(), e.partition()), next }),
        _ => None,
    })
    .collect()
}

/// One line of librdkafka's log in ours, under the target `librdkafka`.
pub(super) fn log(level: RDKafkaLogLevel, facility: &str, message: &str) {
    use RDKafkaLogLevel::{Alert, Critical, Debug, Emerg, Error, Info, Notice, Warning};
    match level {
        Emerg | Alert | Critical => tracing::error!(target: "librdkafka", facility, "{message}"),
        // A broker that is away is an "error" there and a matter of patience here: readiness and lag tell.
        Error | Warning => repeated(facility, message),
        Notice | Info => tracing::info!(target: "librdkafka", facility, "{message}"),
        Debug => tracing::debug!(target: "librdkafka", facility, "{message}"),
    }
}

/// Trouble of one facility (connecting, resolving, …) is said once, and a minute later again with how often it came.
fn repeated(facility: &str, message: &str) {
    static SAID: LazyLock<Mutex<RarelyPer<String>>> = LazyLock::new(|| Mutex::new(RarelyPer::new(SAY_AGAIN)));
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    match said.say(facility.to_owned(), Instant::now()) {
        Some(0) => tracing::warn!(target: "librdkafka", facility, "{message}"),
        Some(kept) => tracing::warn!(target: "librdkafka", facility, more = kept, "{message}"),
        None => tracing::debug!(target: "librdkafka", facility, "{message}"),
    }
}
