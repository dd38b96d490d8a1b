//! The writing side: an idempotent producer with its own thread for acknowledgements.
//!
//! A record is done when its acknowledgement says so. `send` never blocks: a full queue is [`Class::QueueFull`], and the
//! caller stops taking until acknowledgements have made room. That is the only error of `send` to try again.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::KafkaError;
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};

use super::context::log;
use super::{Class, Connection, Error};
use crate::stream::Outgoing;

/// What became of one record: the ticket it was sent with, and whether all replicas have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Acknowledgement {
    /// As given to [`Sink::send`].
    pub ticket: u64,
    /// `Err`: it is not in the topic, as far as anyone knows.
    pub result: Result<(), Error>,
}

/// Where records are written to. One thread sends; acknowledgements arrive in any order.
pub trait Sink {
    /// Hands over a record without waiting.
    ///
    /// # Errors
    /// [`Class::QueueFull`] when it has to wait; anything else is about this record.
    fn send(&self, outgoing: &Outgoing, ticket: u64) -> Result<(), Error>;

    /// Moves the acknowledgements that have come to `into`, after waiting up to `wait` for the first.
    fn acknowledgements(&self, wait: Duration, into: &mut Vec<Acknowledgement>);

    /// Sends what is queued at once, without lingering, and waits until all is answered; false when the time is over.
    fn flush(&self, within: Duration) -> bool;
}

/// librdkafka's producer.
pub struct Producer {
    client: ThreadedProducer<Answers>,
}

/// The acknowledgements that nobody has fetched yet.
#[derive(Default)]
pub(super) struct Answers {
    list: Mutex<Vec<Acknowledgement>>,
    arrived: Condvar,
    trouble: Mutex<Option<Error>>,
}

impl Producer {
    /// A producer that connects in the background.
    ///
    /// # Errors
    /// [`Class::Settings`] when librdkafka refuses a property.
    pub fn new(connection: &Connection) -> Result<Self, Error> {
        let client = connection.producer().create_with_context(Answers::default())?;
        Ok(Self { client })
    }

    pub(super) fn client(&self) -> &rdkafka::client::Client<Answers> {
        self.client.client()
    }

    /// Waits for what is queued; what is not sent by then is thrown away when this is dropped. False when the time was over.
    #[must_use]
    pub fn close(&self, within: Duration) -> bool {
        self.flush(within)
    }

    /// The trouble of the client as a whole since the last call, newest only.
    #[must_use]
    pub fn trouble(&self) -> Option<Error> {
        lock(&self.client().context().trouble).take()
    }
}

impl Sink for Producer {
    fn send(&self, outgoing: &Outgoing, ticket: u64) -> Result<(), Error> {
        let mut record = BaseRecord::with_opaque_to(&outgoing.topic, Box::new(ticket));
        record.key = outgoing.key.as_deref();
        record.payload = outgoing.payload.as_deref();
        record.timestamp = outgoing.timestamp_ms;
        record.headers = (!outgoing.headers.is_empty()).then(|| headers(outgoing));
        self.client.send(record).map_err(|(error, _)| error.into())
    }

    fn acknowledgements(&self, wait: Duration, into: &mut Vec<Acknowledgement>) {
        let answers = self.client().context();
        let mut list = lock(&answers.list);
        if list.is_empty() && !wait.is_zero() {
            let waited = answers.arrived.wait_timeout(list, wait);
            list = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        into.append(&mut list);
    }

    /// Not the crate's `flush`, which polls for 100 ms at a time: the first, empty one wakes librdkafka up, and our own
    /// thread serves the answers.
    fn flush(&self, within: Duration) -> bool {
        let deadline = Instant::now() + within;
        let _pending = self.client.flush(Duration::ZERO);
        while self.client.in_flight_count() > 0 {
            if Instant::now() >= deadline {
                return false;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        true
    }
}

fn headers(outgoing: &Outgoing) -> OwnedHeaders {
    let empty = OwnedHeaders::new_with_capacity(outgoing.headers.len());
    outgoing.headers.iter().fold(empty, |headers, (key, value)| {
        let value = value.as_deref();
        headers.insert(Header { key, value })
    })
}

impl ClientContext for Answers {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    /// Ours only counts acknowledgements.
    fn stats_raw(&self, _json: &[u8]) {}

    fn error(&self, error: KafkaError, reason: &str) {
        let class = Error::from(error).class();
        let mut trouble = lock(&self.trouble);
        // The first word of a client that cannot go on is the one that explains it.
        if trouble.as_ref().is_none_or(|t| t.class() != Class::Broken) {
            *trouble = Some(Error::new(class, reason));
        }
    }
}

impl ProducerContext for Answers {
    type DeliveryOpaque = Box<u64>;

    fn delivery(&self, result: &DeliveryResult<'_>, ticket: Box<u64>) {
        let result = match result {
            Ok(_) => Ok(()),
            Err((error, _)) => Err(Error::from(error.clone())),
        };
        let ticket = *ticket;
        lock(&self.list).push(Acknowledgement { ticket, result });
        self.arrived.notify_one();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
