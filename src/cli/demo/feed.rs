//! The feeder: a producer like any other, paced, and never far ahead of the judges.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::read;
use super::samples::Samples;
use crate::kafka::{Connection, Producer, Sink as _};
use crate::pipeline::Stop;
use crate::stream::Outgoing;

/// Records under way at most: far less than the 5 MiB that the cluster keeps of a partition.
const AHEAD: u64 = 1_000;
/// A short wait: for room in a queue, or for the judges.
const PAUSE: Duration = Duration::from_millis(5);

/// A thread that feeds the topics.
#[derive(Debug)]
pub(super) struct Feed {
    stop: Stop,
    sent: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    thread: std::sync::Mutex<Option<JoinHandle<()>>>,
}

struct Feeder {
    producer: Producer,
    samples: Arc<Samples>,
    rate: u32,
    records: u64,
    judged: Arc<AtomicU64>,
    sent: Arc<AtomicU64>,
    stop: Stop,
}

impl Feed {
    /// Starts feeding.
    pub fn start(
        connection: &Connection,
        samples: &Arc<Samples>,
        rate: u32,
        records: Option<u64>,
        judged: &Arc<AtomicU64>,
    ) -> anyhow::Result<Self> {
        let sent = Arc::new(AtomicU64::new(0));
        let is_over = Arc::new(AtomicBool::new(false));
        let stop = Stop::new(); // of our own: feeding ends before the service does
        let feeder = Feeder {
            producer: Producer::new(connection).context("cannot feed the topics")?,
            samples: Arc::clone(samples),
            rate,
            records: records.unwrap_or(u64::MAX),
            judged: Arc::clone(judged),
            sent: Arc::clone(&sent),
            stop: stop.clone(),
        };
        let over = Arc::clone(&is_over);
        let feed = move || {
            feeder.run();
            over.store(true, Ordering::Release);
        };
        let thread = std::thread::Builder::new().name("tripline-demo-feed".into()).spawn(feed)?;
        Ok(Self { stop, sent, is_over, thread: std::sync::Mutex::new(Some(thread)) })
    }

    /// Records handed to the producer so far.
    pub fn sent(&self) -> u64 {
        read(&self.sent)
    }

    /// All records that were asked for are in the topics.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    /// Feeds no more; what was handed over is in the topics when this returns.
    pub fn stop(&self) {
        self.stop.request();
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Feeder {
    fn run(&self) {
        let started = Instant::now();
        for n in 0..self.records {
            self.wait_for_turn(started, n);
            if self.stop.is_requested() || !self.send(n) {
                break;
            }
            self.sent.fetch_add(1, Ordering::Relaxed);
        }
        self.producer.flush(Duration::from_secs(10));
    }

    /// The pace, and no more under way than the cluster keeps.
    fn wait_for_turn(&self, started: Instant, n: u64) {
        let interval = Duration::from_secs(1).checked_div(self.rate).unwrap_or(Duration::ZERO);
        let due = interval.as_nanos() * u128::from(n);
        loop {
            let early = u64::try_from(due.saturating_sub(started.elapsed().as_nanos())).unwrap_or(u64::MAX);
            let is_ahead = n >= read(&self.judged) + AHEAD;
            if self.stop.is_requested() || (early == 0 && !is_ahead) {
                return;
            }
            self.stop.sleep(Duration::from_nanos(early).max(PAUSE));
        }
    }

    /// Hands one record over; false when that cannot be done.
    fn send(&self, n: u64) -> bool {
        let now = jiff::Timestamp::now().to_string();
        let outgoing = Outgoing {
            topic: self.samples.nth(n).topic.as_str().into(),
            key: Some(Samples::id(n).into_bytes()),
            payload: Some(self.samples.record(n, &now).into_bytes()),
            headers: Vec::new(),
            timestamp_ms: None,
        };
        let mut answers = Vec::new();
        loop {
            self.producer.acknowledgements(Duration::ZERO, &mut answers);
            if answers.iter().any(|answer| answer.result.is_err()) {
                return false;
            }
            answers.clear();
            match self.producer.send(&outgoing, n) {
                Ok(()) => return true,
                Err(error) if error.class() == crate::kafka::Class::QueueFull && !self.stop.is_requested() => {
                    self.stop.sleep(PAUSE);
                }
                Err(error) => {
                    tracing::error!(%error, "the demo cannot be fed");
                    return false;
                }
            }
        }
    }
}
