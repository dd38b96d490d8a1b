//! Reading a bounded part of a topic as often as one likes: no group is joined, nothing is committed, nobody is disturbed.
//!
//! One reader reads one topic: the end of a partition is told by its number alone. librdkafka wants a group id even so; we give
//! it the settings' own, because that is the one whose use an operator has allowed, and never subscribe or commit.
//! The ends come from the same client that reads, so that they are last stable offsets: a record of an open
//! transaction is behind them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer as _, ConsumerContext};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::consumer::{at_offset, in_helper_thread, known, offset_in};
use super::context::log;
use super::{Arrival, Class, Cluster, Connection, Doing, Error, Reaction, TopicPartition, cluster};
use crate::stream::{Range, Ranges, Within};

/// How long the cluster may take to say where a partition begins now, when our position is no longer there.
const ASK: Duration = Duration::from_secs(10);

/// The cluster's id comes with the first metadata.
const KNOWN: Duration = Duration::from_secs(1);

/// Properties of a client that reads a range, over those of a consumer.
const PROPERTIES: &[(&str, &str)] = &[
    // A range may end with offsets that no record has.
    ("enable.partition.eof", "true"),
    // From leaders only: a follower that lags behind would tell an end before the snapshot's.
    ("client.rack", ""),
    ("statistics.interval.ms", "0"),
];

/// Where a partition begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// Which.
    pub at: TopicPartition,
    /// The first offset that is there.
    pub low: i64,
    /// The last stable offset.
    pub high: i64,
}

/// A client that asks and reads without a group.
pub struct RangeClient {
    client: Arc<BaseConsumer<Trouble>>,
}

/// Keeps the newest word of librdkafka on why nothing comes.
#[derive(Debug, Default)]
pub(super) struct Trouble(Mutex<Option<String>>);

impl Trouble {
    fn note(&self, reason: String) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(reason);
    }
}

impl ClientContext for Trouble {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        log(level, facility, message);
    }

    fn stats_raw(&self, _json: &[u8]) {}

    fn error(&self, _error: KafkaError, reason: &str) {
        self.note(reason.to_owned());
    }
}

impl ConsumerContext for Trouble {}

impl RangeClient {
    /// A client that connects in the background.
    ///
    /// # Errors
    /// [`Class::Settings`] when librdkafka refuses a property.
    pub fn connect(connection: &Connection) -> Result<Self, Error> {
        let mut config = connection.consumer();
        for (key, value) in PROPERTIES {
            config.set(*key, *value);
        }
        let client = Arc::new(config.create_with_context(Trouble::default())?);
        Ok(Self { client })
    }

    /// The cluster's id. Asks about a topic first, which makes librdkafka connect at once and not when a second is over.
    ///
    /// # Errors
    /// When no broker answers within the time, with what librdkafka says of it.
    pub fn cluster(&self, topic: &str, within: Duration) -> Result<Cluster, Error> {
        let asked = self.client.client().fetch_metadata(Some(topic), within);
        let id = asked.is_ok().then(|| self.client.client().fetch_cluster_id(KNOWN)).flatten();
        id.filter(|id| !id.is_empty()).map(|id| Cluster { id }).ok_or_else(|| {
            let _told = self.client.poll(Duration::ZERO); // serves the callback that tells why
            let trouble = self.trouble().map_or(String::new(), |trouble| format!(": {trouble}"));
            Error::new(Class::Transient, format!("no broker answers{trouble}"))
        })
    }

    /// How many partitions a topic has. Makes no topic.
    ///
    /// # Errors
    /// When the topic does not exist, may not be seen, or no broker answers within the time.
    pub fn partitions(&self, topic: &str, within: Duration) -> Result<usize, Error> {
        cluster::partitions(self.client.client(), topic, within)
    }

    /// Where partitions begin and end: two requests to each leader, whatever their number.
    ///
    /// # Errors
    /// When the brokers do not answer for all of them within the time.
    pub fn ends(&self, partitions: &[TopicPartition], within: Duration) -> Result<Vec<Ends>, Error> {
        let deadline = Instant::now() + within;
        let low = self.client.offsets_for_times(at_offset(partitions, Offset::Beginning)?, within)?;
        let left = deadline.saturating_duration_since(Instant::now());
        let high = self.client.offsets_for_times(at_offset(partitions, Offset::End)?, left)?;
        let of = |list: &TopicPartitionList, at: &TopicPartition| known(at, offset_in(list, at)?);
        let one = |at: &TopicPartition| Ok(Ends { at: at.clone(), low: of(&low, at)?, high: of(&high, at)? });
        partitions.iter().map(one).collect()
    }

    /// The first offset at or after a time in each partition; `None` where nothing is that new.
    ///
    /// # Errors
    /// When the brokers do not answer for all of them within the time.
    pub fn at_time(&self, partitions: &[TopicPartition], ms: i64, within: Duration) -> Result<Vec<Option<i64>>, Error> {
        let asked = at_offset(partitions, Offset::Offset(ms.max(0)))?;
        let answer = self.client.offsets_for_times(asked, within)?;
        partitions.iter().map(|at| offset_in(&answer, at)).collect()
    }

    /// The newest trouble, in librdkafka's words.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.client.context().0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads ranges of one topic from now on.
    ///
    /// # Errors
    /// When librdkafka refuses an offset.
    pub fn read(self, topic: Arc<str>, ranges: &[Range]) -> Result<RangeReader, Error> {
        let reader = RangeReader { client: self, topic, ranges: Ranges::of(ranges), gone: Vec::new() };
        reader.assign()?;
        Ok(reader)
    }
}

/// Reads ranges of one topic.
pub struct RangeReader {
    client: RangeClient,
    topic: Arc<str>,
    ranges: Ranges,
    gone: Vec<Range>,
}

impl RangeReader {
    /// What is left to read.
    #[must_use]
    pub fn ranges(&self) -> &Ranges {
        &self.ranges
    }

    /// What retention removed while we were reading.
    #[must_use]
    pub fn gone(&self) -> &[Range] {
        &self.gone
    }

    /// The newest trouble, in librdkafka's words.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.client.trouble()
    }

    /// Lends up to `max` records within the ranges to `each`, after waiting up to `wait` for the first. 0 tells that
    /// nothing happened; the end of a partition counts as something.
    ///
    /// # Errors
    /// What no patience mends. Other trouble is noted and shows as silence.
    pub fn take(&mut self, max: usize, wait: Duration, each: &mut dyn FnMut(&Arrival<'_>)) -> Result<usize, Error> {
        let client = Arc::clone(&self.client.client);
        let mut taken = 0;
        while taken < max && !self.ranges.is_done() {
            match client.poll(if taken == 0 { wait } else { Duration::ZERO }) {
                None | Some(Err(KafkaError::NoMessageReceived)) => break,
                Some(Ok(message)) => match self.ranges.record(message.partition(), message.offset()) {
                    Within::Inside => each(&Arrival::lent(&message)),
                    Within::Last => {
                        each(&Arrival::lent(&message));
                        self.pause(message.partition())?;
                    }
                    Within::Beyond => self.pause(message.partition())?,
                    Within::Stray => {}
                },
                Some(Err(KafkaError::PartitionEOF(partition))) => self.ranges.end(partition),
                Some(Err(error)) => {
                    self.mend(error.into())?;
                    break;
                }
            }
            taken += 1;
        }
        Ok(taken)
    }

    /// Wants nothing more of a partition.
    ///
    /// # Errors
    /// When the client refuses.
    pub fn end(&mut self, partition: i32) -> Result<(), Error> {
        self.ranges.end(partition);
        self.pause(partition)
    }

    /// Ends the client in a helper thread, because a close has no deadline of its own.
    pub fn close(self, within: Duration) {
        let client = self.client;
        let _closed = in_helper_thread("tripline-close", within, move || drop(client));
    }

    /// A partition that is done would fill the queue of those that are not.
    fn pause(&self, partition: i32) -> Result<(), Error> {
        let at = TopicPartition::new(Arc::clone(&self.topic), partition);
        let mut list = TopicPartitionList::with_capacity(1);
        list.add_partition(&at.topic, at.partition);
        Ok(self.client.client.pause(&list)?)
    }

    fn mend(&mut self, error: Error) -> Result<(), Error> {
        if error.class() == Class::OutOfRange {
            return self.step_over_what_is_gone(&error);
        }
        if error.reaction(Doing::Consuming) != Reaction::Retry {
            return Err(error);
        }
        self.client.client.context().note(error.to_string());
        Ok(())
    }

    /// Retention was faster than we were: goes on where the partitions begin now.
    fn step_over_what_is_gone(&mut self, error: &Error) -> Result<(), Error> {
        let at = |range: &Range| TopicPartition::new(Arc::clone(&self.topic), range.partition);
        let open: Vec<TopicPartition> = self.ranges.open().map(at).collect();
        let before = self.gone.len();
        for Ends { at, low, high } in self.client.ends(&open, ASK)? {
            self.gone.extend(self.ranges.overtaken(at.partition, low, high));
        }
        if self.gone.len() > before {
            return self.assign();
        }
        // Every partition tells its own, and the first word of any mended all of them.
        self.client.client.context().note(error.to_string());
        Ok(())
    }

    fn assign(&self) -> Result<(), Error> {
        let mut list = TopicPartitionList::new();
        for range in self.ranges.open() {
            list.add_partition_offset(&self.topic, range.partition, Offset::Offset(range.from))?;
        }
        Ok(self.client.client.assign(&list)?)
    }
}
