//! Commits in the background, one after the other, each answered by [`Event::Committed`].
//!
//! Not librdkafka's own asynchronous commit: it answers through `offset_commit_cb` only, and the crate (0.39) asks for the
//! event instead and registers no callback, so no answer ever comes. A thread of ours commits and waits; a synchronous
//! commit has a queue of its own, beside which the consumer is polled as ever.

use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::topic_partition_list::TopicPartitionList;

use super::context::Mailbox;
use super::{Class, Error, Event, Position};

/// The thread that commits for one consumer.
pub(super) struct Committer {
    orders: mpsc::Sender<Order>,
    thread: JoinHandle<()>,
}

type Order = (TopicPartitionList, Vec<Position>);

impl Committer {
    /// Starts the thread. It holds the client until [`Committer::end`].
    pub fn start(client: Arc<BaseConsumer<Mailbox>>) -> Result<Self, Error> {
        let (orders, incoming) = mpsc::channel::<Order>();
        let work = move || {
            while let Ok((list, positions)) = incoming.recv() {
                let result = client.commit(&list, CommitMode::Sync).map_err(Error::from);
                client.context().put(Event::Committed { result, positions });
            }
        };
        let thread = std::thread::Builder::new().name("tripline-commits".into()).spawn(work);
        let thread = thread.map_err(|error| Error::new(Class::Broken, format!("no thread to commit with: {error}")))?;
        Ok(Self { orders, thread })
    }

    /// Commits when what was ordered before is answered.
    pub fn order(&self, list: TopicPartitionList, positions: Vec<Position>) -> Result<(), Error> {
        let gone = |_| Error::new(Class::Broken, "the thread that commits is gone");
        self.orders.send((list, positions)).map_err(gone)
    }

    /// Waits for the last answer and lets go of the client. May take as long as a broker that is away.
    pub fn end(self) {
        drop(self.orders);
        let _ = self.thread.join(); // a panic in it was said where it happened
    }
}
