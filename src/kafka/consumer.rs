//! The reading side: `BaseConsumer::poll` on one thread, each record judged where librdkafka keeps it.
//!
//! A record is lent to the caller and given back before the next one is asked for, so nothing is copied, and no message
//! is alive when the consumer closes (one that is would block the close for ever).

use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _, RebalanceProtocol};
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::committer::Committer;
use super::context::{Mailbox, positions_of};
use super::{Class, Connection, Error, Event, Position, TopicPartition};
use crate::stream::Record;

/// A record as it arrives. Its headers are read only when somebody asks: a dead letter does, a verdict does not.
pub struct Arrival<'a> {
    record: Record<'a>,
    message: Option<&'a BorrowedMessage<'a>>,
}

impl<'a> Arrival<'a> {
    /// An arrival that is not librdkafka's; for doubles.
    #[must_use]
    pub fn of(record: Record<'a>) -> Self {
        let message = None;
        Self { record, message }
    }

    pub(super) fn lent(message: &'a BorrowedMessage<'a>) -> Self {
        let record = Record {
            topic: message.topic(),
            partition: message.partition(),
            offset: message.offset(),
            timestamp_ms: message.timestamp().to_millis().filter(|ms| *ms >= 0),
            key: message.key(),
            value: message.payload(),
            headers: Vec::new(),
        };
        let message = Some(message);
        Self { record, message }
    }

    /// The record without its headers.
    #[must_use]
    pub fn record(&self) -> &Record<'a> {
        &self.record
    }

    /// The record with its headers.
    #[must_use]
    pub fn with_headers(&self) -> Record<'a> {
        let mut record = self.record.clone();
        if let Some(headers) = self.message.and_then(|message| message.headers()) {
            record.headers = headers.iter().map(|header| (header.key, header.value)).collect();
        }
        record
    }
}

/// What a partition's beginning is resolved from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offsets {
    /// Which partition.
    pub at: TopicPartition,
    /// The group's committed offset.
    pub committed: Option<i64>,
    /// The first offset that is there.
    pub low: i64,
    /// The last stable offset.
    pub high: i64,
    /// The first offset at or after the time that was asked for; `None`: no time was asked for, or nothing is that new.
    pub at_time: Option<i64>,
}

/// Where records come from, and the group that shares them out.
pub trait Source {
    /// Lends up to `max` records to `each`, one after the other: waits up to `wait` for the first and takes at most
    /// `within` for all. Serves callbacks on the way and ends early when there is an event to read.
    ///
    /// # Errors
    /// What librdkafka says of a partition or of the client; the records before it have been lent.
    fn take(
        &self,
        max: usize,
        wait: Duration,
        within: Duration,
        each: &mut dyn FnMut(&Arrival<'_>),
    ) -> Result<usize, Error>;

    /// The oldest event that was not read yet.
    fn event(&self) -> Option<Event>;

    /// What the cluster knows of these partitions. Asks the brokers.
    ///
    /// # Errors
    /// When they do not answer for all of them within the time.
    fn offsets(
        &self,
        partitions: &[TopicPartition],
        at_ms: Option<i64>,
        within: Duration,
    ) -> Result<Vec<Offsets>, Error>;

    /// Takes over partitions at explicit offsets.
    ///
    /// # Errors
    /// When the client refuses.
    fn assign(&self, positions: &[Position]) -> Result<(), Error>;

    /// Gives up partitions.
    ///
    /// # Errors
    /// When the client refuses.
    fn unassign(&self, partitions: &[TopicPartition]) -> Result<(), Error>;

    /// Commits without waiting; the answer is an [`Event::Committed`].
    ///
    /// # Errors
    /// When it cannot even be sent.
    fn commit(&self, positions: &[Position]) -> Result<(), Error>;

    /// Commits and waits for the answer.
    ///
    /// # Errors
    /// What the broker says, or that the time is over.
    fn commit_now(&self, positions: &[Position], within: Duration) -> Result<(), Error>;

    /// Stops fetching these partitions; polling keeps us in the group.
    ///
    /// # Errors
    /// When the client refuses.
    fn pause(&self, partitions: &[TopicPartition]) -> Result<(), Error>;

    /// Fetches them again.
    ///
    /// # Errors
    /// When the client refuses.
    fn resume(&self, partitions: &[TopicPartition]) -> Result<(), Error>;
}

/// librdkafka's consumer.
pub struct Consumer {
    client: Arc<BaseConsumer<Mailbox>>,
    /// Ends before the client does.
    committer: Option<Committer>,
}

impl Consumer {
    /// A consumer that connects and joins in the background.
    ///
    /// # Errors
    /// [`Class::Settings`] when librdkafka refuses a property.
    pub fn subscribe(connection: &Connection, topics: &[&str]) -> Result<Self, Error> {
        let client: BaseConsumer<Mailbox> = connection.consumer().create_with_context(Mailbox::default())?;
        client.subscribe(topics)?;
        let client = Arc::new(client);
        let committer = Some(Committer::start(Arc::clone(&client))?);
        Ok(Self { client, committer })
    }

    /// Which of these partitions the group has committed, for a look before anyone joins.
    ///
    /// # Errors
    /// When the coordinator does not answer within the time.
    pub fn committed(
        connection: &Connection,
        partitions: &[TopicPartition],
        within: Duration,
    ) -> Result<Vec<Position>, Error> {
        let client: BaseConsumer<Mailbox> = connection.consumer().create_with_context(Mailbox::default())?;
        let answer = client.committed_offsets(list(partitions), within)?;
        Ok(positions_of(&answer))
    }

    /// Leaves the group in a helper thread, because a close has no deadline of its own; false when it is not done in
    /// time, and then only the end of the process ends it.
    #[must_use]
    pub fn close(mut self, within: Duration) -> bool {
        let client = Arc::clone(&self.client);
        let committer = self.committer.take();
        drop(self);
        let close = move || {
            if let Some(committer) = committer {
                committer.end();
            }
            drop(client);
        };
        in_helper_thread("tripline-close", within, close).is_some()
    }

    /// Librdkafka's poll returns nothing both when there is nothing and when it has served a callback.
    fn poll(&self, wait: Duration) -> Result<Option<BorrowedMessage<'_>>, Error> {
        match self.client.poll(wait) {
            None | Some(Err(KafkaError::PartitionEOF(_) | KafkaError::NoMessageReceived)) => Ok(None),
            Some(Ok(message)) => Ok(Some(message)),
            Some(Err(error)) => Err(error.into()),
        }
    }
}

impl Consumer {
    /// The next record, if one comes in time and no event is to be read before it.
    fn wait(&self, until: Instant) -> Result<Option<BorrowedMessage<'_>>, Error> {
        while self.client.context().is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            if let Some(message) = self.poll(left)? {
                return Ok(Some(message));
            }
        }
        Ok(None)
    }
}

impl Drop for Consumer {
    /// From now on nobody reads the mailbox, so what is in it is answered here and what comes is answered where it
    /// arrives: librdkafka's own close waits for that answer, for ever.
    fn drop(&mut self) {
        let mailbox = self.client.context();
        mailbox.close();
        while let Some(event) = mailbox.take() {
            let answered = match event {
                Event::Assigned(_) => self.assign(&[]),
                Event::Revoked { partitions, .. } => self.unassign(&partitions),
                _ => Ok(()),
            };
            if let Err(error) = answered {
                tracing::debug!(target: "tripline::kafka", %error, "answering a rebalance while closing");
            }
        }
    }
}

impl Source for Consumer {
    fn take(
        &self,
        max: usize,
        wait: Duration,
        within: Duration,
        each: &mut dyn FnMut(&Arrival<'_>),
    ) -> Result<usize, Error> {
        let Some(first) = self.poll(wait)? else {
            return Ok(0);
        };
        let until = Instant::now() + within;
        each(&Arrival::lent(&first));
        drop(first);
        let mut taken = 1;
        while taken < max {
            // A look at the clock costs a tenth of a poll: one for 16 records is enough while there are records.
            if taken % 16 == 0 && Instant::now() >= until {
                break;
            }
            let next = match self.poll(Duration::ZERO)? {
                Some(message) => Some(message),
                None => self.wait(until)?,
            };
            let Some(message) = next else {
                break;
            };
            each(&Arrival::lent(&message));
            taken += 1;
        }
        Ok(taken)
    }

    fn event(&self) -> Option<Event> {
        self.client.context().take()
    }

    fn offsets(
        &self,
        partitions: &[TopicPartition],
        at_ms: Option<i64>,
        within: Duration,
    ) -> Result<Vec<Offsets>, Error> {
        let deadline = Instant::now() + within;
        let left = || deadline.saturating_duration_since(Instant::now());
        let committed = self.client.committed_offsets(list(partitions), left())?;
        // Two requests to each leader, whatever the number of partitions; `query_watermark_offsets` takes one for each.
        let low = self.client.offsets_for_times(at_offset(partitions, Offset::Beginning)?, left())?;
        let high = self.client.offsets_for_times(at_offset(partitions, Offset::End)?, left())?;
        let timed = match at_ms {
            Some(ms) => {
                let asked = at_offset(partitions, Offset::Offset(ms.max(0)))?;
                Some(self.client.offsets_for_times(asked, left())?)
            }
            None => None,
        };
        let one = |at: &TopicPartition| {
            Ok(Offsets {
                at: at.clone(),
                committed: offset_in(&committed, at)?,
                low: known(at, offset_in(&low, at)?)?,
                high: known(at, offset_in(&high, at)?)?,
                at_time: timed.as_ref().map_or(Ok(None), |timed| offset_in(timed, at))?,
            })
        };
        partitions.iter().map(one).collect()
    }

    fn assign(&self, positions: &[Position]) -> Result<(), Error> {
        let list = list_at(positions)?;
        match self.client.rebalance_protocol() {
            RebalanceProtocol::Cooperative => self.client.incremental_assign(&list)?,
            _ => self.client.assign(&list)?,
        }
        Ok(())
    }

    fn unassign(&self, partitions: &[TopicPartition]) -> Result<(), Error> {
        match self.client.rebalance_protocol() {
            RebalanceProtocol::Cooperative => self.client.incremental_unassign(&list(partitions))?,
            _ => self.client.unassign()?,
        }
        Ok(())
    }

    fn commit(&self, positions: &[Position]) -> Result<(), Error> {
        let gone = || Error::new(Class::Broken, "the consumer is closing");
        self.committer.as_ref().ok_or_else(gone)?.order(list_at(positions)?, positions.to_vec())
    }

    /// In a helper thread: a synchronous commit has no deadline of its own.
    fn commit_now(&self, positions: &[Position], within: Duration) -> Result<(), Error> {
        let list = list_at(positions)?;
        let client = Arc::clone(&self.client);
        let commit = move || client.commit(&list, CommitMode::Sync);
        match in_helper_thread("tripline-commit", within, commit) {
            Some(result) => Ok(result?),
            None => Err(Error::new(Class::Transient, "the commit was not answered in time")),
        }
    }

    fn pause(&self, partitions: &[TopicPartition]) -> Result<(), Error> {
        Ok(self.client.pause(&list(partitions))?)
    }

    fn resume(&self, partitions: &[TopicPartition]) -> Result<(), Error> {
        Ok(self.client.resume(&list(partitions))?)
    }
}

/// Runs what may block for ever; `None` when it has not ended in time (the thread stays).
pub(super) fn in_helper_thread<T: Send + 'static>(
    name: &str,
    within: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (done, ended) = mpsc::sync_channel(1);
    let run = move || {
        // Nobody listens any more when the time is over.
        let _ = done.send(work());
    };
    std::thread::Builder::new().name(name.into()).spawn(run).ok()?;
    ended.recv_timeout(within).ok()
}

fn list(partitions: &[TopicPartition]) -> TopicPartitionList {
    let mut list = TopicPartitionList::with_capacity(partitions.len());
    for at in partitions {
        list.add_partition(&at.topic, at.partition);
    }
    list
}

fn list_at(positions: &[Position]) -> Result<TopicPartitionList, Error> {
    let mut list = TopicPartitionList::with_capacity(positions.len());
    for Position { at, next } in positions {
        list.add_partition_offset(&at.topic, at.partition, Offset::Offset(*next))?;
    }
    Ok(list)
}

pub(super) fn at_offset(partitions: &[TopicPartition], offset: Offset) -> Result<TopicPartitionList, Error> {
    let mut list = list(partitions);
    list.set_all_offsets(offset)?;
    Ok(list)
}

/// The offset of one partition in an answer; `None` when the answer has none for it.
pub(super) fn offset_in(answer: &TopicPartitionList, at: &TopicPartition) -> Result<Option<i64>, Error> {
    let Some(element) = answer.find_partition(&at.topic, at.partition) else {
        return Ok(None);
    };
    element.error()?;
    match element.offset() {
        Offset::Offset(offset) => Ok(Some(offset)),
        _ => Ok(None),
    }
}

pub(super) fn known(at: &TopicPartition, offset: Option<i64>) -> Result<i64, Error> {
    offset.ok_or_else(|| Error::new(Class::Transient, format!("the ends of {at} are not known")))
}
