//! At least once: an offset is committed only behind the acknowledged verdict, dead letter and receipt of its record.
//!
//! ```text
//! accept(batch) -> verdicts and dead letters sent -> all acknowledged -> receipts sent -> all acknowledged -> done
//! ```
//! A receipt is written only behind what it states: a verdict that the brokers refuse for good becomes a dead letter
//! first, and the receipt says so. Batches overlap and may be done in any order; the offset tracker lets only the
//! contiguous frontier through.
//!
//! What is refused is tried again, later and never in a tight loop, unless trying is useless. `MSG_SIZE_TOO_LARGE` is about
//! a whole request, so whoever stood in one is first sent again alone; refused alone, it is put aside.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::batch::{Batch, Output, Part, What};
use super::run::Fatal;
use crate::kafka::{Acknowledgement, Class, Doing, Error, Reaction, Sink};
use crate::metrics::{BatchStage, BatchTally, Metrics};
use crate::stream::{Backoff, PoisonClass, RarelyPer};

/// Where a batch is concluded: the seam between the two delivery guarantees.
pub(super) trait Delivery {
    /// Takes over a judged batch.
    fn accept(&mut self, batch: Batch);

    /// Waits up to `wait` for acknowledgements; the next [`Delivery::progress`] reads them, by a clock read after the wait.
    fn wait(&mut self, wait: Duration);

    /// Sends what waits and reads the acknowledgements that have come; returns what is done.
    ///
    /// # Errors
    /// When the process has to stop.
    fn progress(&mut self, clock: Clock) -> Result<Vec<Done>, Fatal>;

    /// Another batch may be judged.
    fn has_room(&self) -> bool;

    /// How long the oldest batch has been under way.
    fn age(&self, now: Instant) -> Option<Duration>;
}

/// The time, both ways: to measure by, and to compare with a record's timestamp (milliseconds since 1970).
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    pub now: Instant,
    pub unix_ms: i64,
}

/// A batch that is written, receipts and all: its offsets are finished.
#[derive(Debug)]
pub(super) struct Done {
    pub parts: Vec<Part>,
    pub tally: BatchTally,
}

/// The bounds of what is under way in one worker.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub batches: usize,
    pub bytes: usize,
}

/// Where the outputs go, and how large they may be.
#[derive(Clone, Debug)]
pub(super) struct Outlets {
    pub dead_letters: Arc<str>,
    pub receipts: Arc<str>,
    /// The most bytes of a record in the dead-letter topic.
    pub max_dead_letter: usize,
}

/// One batch under way.
#[derive(Debug)]
struct Flight {
    batch: Batch,
    bytes: usize,
    /// Outputs that are not acknowledged.
    waiting: usize,
    receipts_are_out: bool,
    /// When its present stage began.
    since: Instant,
}

/// Which output of which batch; on the wire it is one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Ticket {
    flight: u32,
    output: u32,
}

impl Ticket {
    fn number(self) -> u64 {
        u64::from(self.flight) << 32 | u64::from(self.output)
    }

    fn of(number: u64) -> Self {
        let low = |n: u64| u32::try_from(n & u64::from(u32::MAX)).expect("32 bits are left");
        Self { flight: low(number >> 32), output: low(number) }
    }
}

/// At-least-once delivery through one producer.
pub(super) struct AtLeastOnce<S> {
    sink: S,
    outlets: Outlets,
    window: Window,
    metrics: Metrics,
    flights: HashMap<u32, Flight>,
    next_flight: u32,
    bytes: usize,
    /// Not handed to the producer yet, in order.
    queue: VecDeque<Ticket>,
    /// To be sent again when their time has come.
    later: BinaryHeap<Reverse<(Instant, Ticket)>>,
    /// To be sent again with nothing beside them.
    alone: VecDeque<Ticket>,
    /// Sent with nothing beside it and not answered: until it is, nothing may join its request.
    sole: Option<Ticket>,
    /// Handed to the producer and not answered.
    outstanding: usize,
    backoff: Backoff,
    /// The wait of everything that is refused in one round of answers: an outage refuses thousands at once.
    wait: Option<Duration>,
    said: RarelyPer<(Arc<str>, Class)>,
    answers: Vec<Acknowledgement>,
}

/// The first wait before a refused record is sent again, and the longest.
const RETRY: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));
const SAY_AGAIN: Duration = Duration::from_secs(60);

impl<S: Sink> AtLeastOnce<S> {
    pub fn new(sink: S, outlets: Outlets, window: Window, metrics: Metrics) -> Self {
        Self {
            sink,
            outlets,
            window,
            metrics,
            flights: HashMap::new(),
            next_flight: 0,
            bytes: 0,
            queue: VecDeque::new(),
            later: BinaryHeap::new(),
            alone: VecDeque::new(),
            sole: None,
            outstanding: 0,
            backoff: Backoff::new(RETRY.0, RETRY.1),
            wait: None,
            said: RarelyPer::new(SAY_AGAIN),
            answers: Vec::new(),
        }
    }

    pub fn sink(&self) -> &S {
        &self.sink
    }

    /// Hands over as much as the producer takes: first what must go alone, then what is due again, then the rest.
    fn send(&mut self, clock: Clock) -> Result<(), Fatal> {
        if self.sole.is_some() {
            return Ok(());
        }
        while let Some(ticket) = self.alone.front().copied() {
            // Everything else waits until it is answered: only then is it known who is too large.
            if self.outstanding > 0 || !self.hand_over(ticket, clock)? {
                return Ok(());
            }
            self.alone.pop_front();
            if self.outstanding > 0 {
                self.sole = Some(ticket);
                return Ok(());
            }
        }
        while let Some(Reverse((due, ticket))) = self.later.peek().copied() {
            if due > clock.now || !self.hand_over(ticket, clock)? {
                break;
            }
            self.later.pop();
        }
        while let Some(ticket) = self.queue.front().copied() {
            if !self.alone.is_empty() || !self.hand_over(ticket, clock)? {
                break;
            }
            self.queue.pop_front();
        }
        Ok(())
    }

    /// False when the producer's queue is full. Any other error counts as an answer.
    fn hand_over(&mut self, ticket: Ticket, clock: Clock) -> Result<bool, Fatal> {
        let Some(output) = self.output(ticket) else {
            return Ok(true);
        };
        match self.sink.send(&output.outgoing, ticket.number()) {
            Ok(()) => {
                self.outstanding += 1;
                Ok(true)
            }
            Err(error) if error.class() == Class::QueueFull && self.outstanding > 0 => Ok(false),
            Err(error) if error.class() == Class::QueueFull => {
                // An empty queue that is full for this one: no waiting makes room.
                let error = Error::new(Class::TooLarge, format!("larger than the producer's whole queue: {error}"));
                self.refused(ticket, &error, true, clock)?;
                Ok(true)
            }
            Err(error) => {
                // The client itself looked at this one record: no neighbour is to blame.
                let is_final = error.class() == Class::TooLarge;
                self.refused(ticket, &error, is_final, clock)?;
                Ok(true)
            }
        }
    }

    fn read_answers(&mut self, clock: Clock) -> Result<(), Fatal> {
        self.wait = None;
        let mut answers = std::mem::take(&mut self.answers);
        self.sink.acknowledgements(Duration::ZERO, &mut answers);
        let mut delays = Vec::new();
        for Acknowledgement { ticket, result } in answers.drain(..) {
            let ticket = Ticket::of(ticket);
            self.outstanding = self.outstanding.saturating_sub(1);
            self.sole = self.sole.filter(|sole| *sole != ticket);
            match result {
                Ok(()) => delays.extend(self.acknowledged(ticket, clock)),
                Err(error) => self.refused(ticket, &error, false, clock)?,
            }
        }
        self.metrics.verdict_delays(delays);
        self.answers = answers;
        Ok(())
    }

    /// One output less to wait for; the delay of a verdict.
    fn acknowledged(&mut self, ticket: Ticket, clock: Clock) -> Option<Duration> {
        let flight = self.flights.get_mut(&ticket.flight)?;
        flight.waiting -= 1;
        self.backoff.reset();
        let output = flight.batch.outputs.get_mut(index(ticket))?;
        output.original = None;
        match output.what {
            What::Verdict { timestamp_ms: Some(ms), .. } => {
                Some(Duration::from_millis(u64::try_from(clock.unix_ms.saturating_sub(ms)).unwrap_or(0)))
            }
            _ => None,
        }
    }

    fn refused(&mut self, ticket: Ticket, error: &Error, is_final: bool, clock: Clock) -> Result<(), Fatal> {
        let Some(output) = self.output_mut(ticket) else {
            return Ok(());
        };
        let was_alone = output.was_alone;
        let reaction = error.reaction(Doing::Producing);
        output.was_alone |= reaction == Reaction::DeadLetter;
        let topic = Arc::clone(&output.outgoing.topic);
        self.say(&topic, error, clock);
        match reaction {
            Reaction::Fatal | Reaction::Abort => Err(Fatal::Producer(error.clone())),
            Reaction::Retry => {
                self.metrics.send_retry(&topic);
                let wait = *self.wait.get_or_insert_with(|| self.backoff.next(jitter(ticket)));
                self.later.push(Reverse((clock.now + wait, ticket)));
                Ok(())
            }
            Reaction::DeadLetter if is_final || was_alone => self.put_aside(ticket, error),
            Reaction::DeadLetter => {
                self.metrics.send_retry(&topic);
                self.alone.push_back(ticket);
                Ok(())
            }
        }
    }

    /// A dead letter takes the place of what is refused for good.
    fn put_aside(&mut self, ticket: Ticket, error: &Error) -> Result<(), Fatal> {
        let class = match error.class() {
            Class::TooLarge => PoisonClass::TooLarge,
            _ => PoisonClass::Refused,
        };
        let (to, max) = (Arc::clone(&self.outlets.dead_letters), self.outlets.max_dead_letter);
        let reason = error.to_string();
        let flight = self.flights.get_mut(&ticket.flight).expect("its output was just looked at");
        let put_aside = flight.batch.put_aside(index(ticket), class, &reason, &to, max);
        if put_aside.is_none() {
            let topic = flight.batch.outputs[index(ticket)].outgoing.topic.to_string();
            return Err(Fatal::Refused { topic, error: error.clone() });
        }
        self.queue.push_front(ticket);
        Ok(())
    }

    fn say(&mut self, topic: &Arc<str>, error: &Error, clock: Clock) {
        if let Some(more) = self.said.say((Arc::clone(topic), error.class()), clock.now) {
            tracing::warn!(%topic, %error, more, "a record was not written");
        }
    }

    /// Batches whose stage is over go on to the next, or are done.
    fn advance(&mut self, clock: Clock) -> Vec<Done> {
        let over = self.flights.iter().filter(|(_, flight)| flight.waiting == 0);
        let mut over: Vec<u32> = over.map(|(number, _)| *number).collect();
        over.sort_unstable();
        over.into_iter().filter_map(|number| self.advance_one(number, clock)).collect()
    }

    fn advance_one(&mut self, number: u32, clock: Clock) -> Option<Done> {
        let flight = self.flights.get_mut(&number)?;
        let took = clock.now.saturating_duration_since(flight.since);
        flight.since = clock.now;
        if !flight.receipts_are_out {
            self.metrics.batch_stage(BatchStage::Acknowledge, took);
            flight.receipts_are_out = true;
            let first = flight.batch.outputs.len();
            add_receipts(&mut flight.batch, &self.outlets.receipts);
            flight.waiting = flight.batch.outputs.len() - first;
            if flight.waiting > 0 {
                let outputs = first..flight.batch.outputs.len();
                self.queue.extend(outputs.map(|output| ticket(number, output)));
                return None;
            }
        }
        self.metrics.batch_stage(BatchStage::Conclude, took);
        let flight = self.flights.remove(&number)?;
        self.bytes -= flight.bytes;
        Some(Done { parts: flight.batch.parts, tally: flight.batch.tally })
    }

    fn output(&self, ticket: Ticket) -> Option<&Output> {
        self.flights.get(&ticket.flight)?.batch.outputs.get(index(ticket))
    }

    fn output_mut(&mut self, ticket: Ticket) -> Option<&mut Output> {
        self.flights.get_mut(&ticket.flight)?.batch.outputs.get_mut(index(ticket))
    }
}

impl<S: Sink> Delivery for AtLeastOnce<S> {
    fn accept(&mut self, batch: Batch) {
        let number = self.next_flight;
        self.next_flight = self.next_flight.wrapping_add(1);
        self.queue.extend((0..batch.outputs.len()).map(|output| ticket(number, output)));
        let (bytes, waiting) = (batch.size(), batch.outputs.len());
        self.bytes += bytes;
        let since = Instant::now();
        self.metrics.batch_stage(BatchStage::Judge, since.saturating_duration_since(batch.began));
        self.flights.insert(number, Flight { batch, bytes, waiting, receipts_are_out: false, since });
    }

    fn wait(&mut self, wait: Duration) {
        if self.answers.is_empty() {
            self.sink.acknowledgements(wait, &mut self.answers);
        }
    }

    fn progress(&mut self, clock: Clock) -> Result<Vec<Done>, Fatal> {
        self.send(clock)?;
        self.read_answers(clock)?;
        let done = self.advance(clock);
        // Receipts that have just joined the queue, and what now has room.
        self.send(clock)?;
        Ok(done)
    }

    fn has_room(&self) -> bool {
        // What the producer did not take stands in the queue: nothing more is judged until it has.
        self.queue.is_empty() && self.flights.len() < self.window.batches && self.bytes < self.window.bytes
    }

    fn age(&self, now: Instant) -> Option<Duration> {
        let oldest = self.flights.values().map(|flight| flight.since).min()?;
        Some(now.saturating_duration_since(oldest))
    }
}

fn add_receipts(batch: &mut Batch, topic: &Arc<str>) {
    let receipts = batch.parts.iter().enumerate();
    let receipts = receipts.filter_map(|(part, of)| Some((part, of.receipt.as_ref()?.to_outgoing(topic))));
    batch.outputs.extend(receipts.map(|(part, outgoing)| Output {
        outgoing,
        part,
        what: What::Receipt,
        original: None,
        was_alone: false,
    }));
}

fn ticket(flight: u32, output: usize) -> Ticket {
    Ticket { flight, output: u32::try_from(output).expect("a batch has thousands of outputs, not billions") }
}

fn index(ticket: Ticket) -> usize {
    usize::try_from(ticket.output).expect("an index that was one before")
}

/// Spreads the retries of one outage over 256 steps; no source of randomness is worth a dependency here.
fn jitter(ticket: Ticket) -> f64 {
    let mixed = ticket.number().wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
    f64::from(mixed[0]) / 255.0
}
