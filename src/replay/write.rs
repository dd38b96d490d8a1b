//! Verdicts of a replay, written to a topic of their own and waited for.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::event::{Mode, RuleSetStamp};
use crate::kafka::{Acknowledgement, Class, Connection, Error, Producer, Sink as _};
use crate::stream::Outgoing;

/// Verdicts under way at most: enough to fill requests.
const WINDOW: usize = 20_000;
const TICK: Duration = Duration::from_millis(20);

/// Where verdicts go, and in which form.
#[derive(Clone, Debug)]
pub struct Output {
    /// The topic.
    pub topic: Arc<str>,
    /// As the settings lay verdicts into messages.
    pub mode: Mode,
    /// Also those that say nothing.
    pub all: bool,
    /// Headers of a record that its verdict carries too.
    pub headers: Vec<String>,
    /// Which rules judged.
    pub stamp: RuleSetStamp,
}

/// Why verdicts are not all written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A verdict was refused, or the producer cannot go on.
    #[error("cannot write verdicts to topic {topic}: {source}")]
    Refused {
        /// The topic.
        topic: Arc<str>,
        /// What librdkafka says.
        source: Error,
    },
    /// No acknowledgement for so long.
    #[error("topic {topic} has not acknowledged {waiting} verdicts within {} s", within.as_secs_f64())]
    Silent {
        /// The topic.
        topic: Arc<str>,
        /// How many.
        waiting: usize,
        /// How long.
        within: Duration,
    },
}

/// Writes until nobody sends any more, and waits for all acknowledgements: how many there were, and what went wrong.
pub(super) fn write(
    connection: &Connection,
    topic: &Arc<str>,
    verdicts: &Receiver<Outgoing>,
    patience: Duration,
) -> (u64, Result<(), WriteError>) {
    let refused = |source| WriteError::Refused { topic: Arc::clone(topic), source };
    let producer = match Producer::new(connection) {
        Ok(producer) => producer,
        Err(error) => return (0, Err(refused(error))),
    };
    let mut writer = Writer {
        producer: &producer,
        waiting: BTreeSet::new(),
        next: 0,
        acknowledged: 0,
        heard: Instant::now(),
        answers: Vec::new(),
    };
    let result = writer.run(verdicts, patience);
    let result = result.map_err(|failure| match failure {
        Failure::Refused(source) => refused(source),
        Failure::Silent => {
            WriteError::Silent { topic: Arc::clone(topic), waiting: writer.waiting.len(), within: patience }
        }
    });
    (writer.acknowledged, result)
}

enum Failure {
    Refused(Error),
    Silent,
}

struct Writer<'p> {
    producer: &'p Producer,
    waiting: BTreeSet<u64>,
    next: u64,
    acknowledged: u64,
    heard: Instant,
    answers: Vec<Acknowledgement>,
}

impl Writer<'_> {
    fn run(&mut self, verdicts: &Receiver<Outgoing>, patience: Duration) -> Result<(), Failure> {
        loop {
            match verdicts.recv_timeout(TICK) {
                Ok(outgoing) => self.send(&outgoing, patience)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.hear(Duration::ZERO, patience)?;
        }
        let _all = self.producer.flush(Duration::ZERO); // sends what lingers
        while !self.waiting.is_empty() {
            self.hear(TICK, patience)?;
        }
        Ok(())
    }

    /// A full queue is waited out under the same patience.
    fn send(&mut self, outgoing: &Outgoing, patience: Duration) -> Result<(), Failure> {
        if self.waiting.is_empty() {
            self.heard = Instant::now(); // there was nothing to hear of
        }
        while self.waiting.len() >= WINDOW {
            self.hear(TICK, patience)?;
        }
        loop {
            match self.producer.send(outgoing, self.next) {
                Ok(()) => break,
                Err(error) if error.class() == Class::QueueFull => self.hear(TICK, patience)?,
                Err(error) => return Err(Failure::Refused(error)),
            }
        }
        self.waiting.insert(self.next);
        self.next += 1;
        Ok(())
    }

    fn hear(&mut self, wait: Duration, patience: Duration) -> Result<(), Failure> {
        self.producer.acknowledgements(wait, &mut self.answers);
        for answer in std::mem::take(&mut self.answers) {
            answer.result.map_err(Failure::Refused)?;
            self.waiting.remove(&answer.ticket);
            self.acknowledged += 1;
            self.heard = Instant::now();
        }
        if !self.waiting.is_empty() && self.heard.elapsed() >= patience {
            return Err(Failure::Silent);
        }
        Ok(())
    }
}
