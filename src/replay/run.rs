//! A replay from its first record to its last: readers, judges and a writer on threads of their own.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::batch::Batch;
use super::judge::{Bench, Judge, Queue, Reading, next};
use super::plan::Plan;
use super::progress::Progress;
use super::read::{Broken, Desk, RecordFile, Took, files, topic};
use super::write::{Output, WriteError, write};
use crate::kafka::Connection;
use crate::report::{Cost, Gone, Part, Tally};
use crate::rule::RuleSet;
use crate::stream::{FieldMap, Outgoing};

/// Batches that wait for each judge: enough that none is idle while a reader waits for its core.
const QUEUED: usize = 8;
/// Verdicts that wait for the writer.
const WRITTEN: usize = 4_096;

/// Where the records are.
pub enum Sources<'s> {
    /// In topics: the plan, and how the records of each of its topics are read.
    Topics {
        /// How to reach them.
        connection: &'s Connection,
        /// What to read.
        plan: &'s Plan,
        /// One for each topic of the plan.
        maps: Vec<&'s FieldMap>,
    },
    /// In files.
    Files(Vec<&'s dyn RecordFile>),
}

/// What is to be done with them.
pub struct Job<'j> {
    /// Where they are.
    pub sources: Sources<'j>,
    /// The base and the candidate, or one.
    pub rules: Vec<&'j RuleSet>,
    /// Effective dates are judged by this moment instead of the records' own.
    pub as_of: Option<Timestamp>,
    /// Examples of each kind.
    pub examples: usize,
    /// Threads that judge.
    pub threads: usize,
    /// The most records of each partition or file.
    pub limit: u64,
    /// How long a broker may be silent.
    pub patience: Duration,
    /// Where verdicts go; of topics only.
    pub output: Option<Output>,
}

/// What came of it.
#[derive(Debug)]
pub struct Outcome {
    /// What was found.
    pub tally: Tally,
    /// What it cost.
    pub cost: Cost,
    /// What was read.
    pub parts: Vec<Part>,
    /// What retention had removed, or removed meanwhile.
    pub gone: Vec<Gone>,
    /// Why the reading broke off.
    pub broken: Option<Broken>,
    /// Verdicts that are in the output topic for certain.
    pub written: u64,
    /// Why the writing broke off.
    pub unwritten: Option<WriteError>,
}

/// Reads, judges and counts until all is read, or `should_stop` says so. What was found until then is told in any case.
///
/// # Panics
/// When a thread of ours does, which is a fault of ours.
#[must_use]
pub fn run(job: &Job<'_>, progress: &Progress, should_stop: &(dyn Fn() -> bool + Sync)) -> Outcome {
    let bench = bench(job);
    let threads = job.threads.max(1);
    let (batches, queue) = mpsc::sync_channel(QUEUED * threads);
    let queue: Queue = Arc::new(Mutex::new(queue));
    let (verdicts, written) = mpsc::sync_channel(WRITTEN);
    let verdicts = job.output.is_some().then_some(verdicts);
    let broke_off = AtomicBool::new(false);
    let first = OnceLock::new();
    let should_stop = || should_stop() || broke_off.load(Ordering::Relaxed);
    let desk = Desk {
        progress,
        should_stop: &should_stop,
        limit: job.limit,
        first: &first,
        with_keys: job.output.is_some(),
        with_headers: job.output.as_ref().is_some_and(|output| !output.headers.is_empty()),
        patience: job.patience,
    };
    std::thread::scope(|scope| {
        let writer = writer(scope, job, written, &broke_off);
        let judges: Vec<_> = (0..threads)
            .map(|_| {
                let (bench, queue, verdicts, broke_off) = (&bench, Arc::clone(&queue), verdicts.clone(), &broke_off);
                scope.spawn(move || judge(Judge::new(bench, verdicts), &queue, progress, broke_off))
            })
            .collect();
        drop((verdicts, queue)); // the judges' own keep the channels open
        let readers = readers(scope, job, &desk, batches, &broke_off);
        let (mut outcome, last) = gather(&bench, readers, judges);
        if let (Some(first), Some(last)) = (first.get(), last) {
            outcome.cost.seconds = last.saturating_duration_since(*first).as_secs_f64();
        }
        outcome.cost.threads = threads;
        if let Some(writer) = writer {
            let (written, result) = joined(writer);
            (outcome.written, outcome.unwritten) = (written, result.err());
        }
        outcome
    })
}

fn bench<'j>(job: &'j Job<'j>) -> Bench<'j> {
    let (cluster, readings) = match &job.sources {
        Sources::Topics { plan, maps, .. } => {
            let topics = plan.topics.iter().zip(maps);
            (plan.cluster.as_str(), topics.map(|((name, _), map)| Reading::Topic { name, map }).collect())
        }
        Sources::Files(files) => ("files", files.iter().map(|file| Reading::File(*file)).collect()),
    };
    let (rules, output) = (job.rules.clone(), job.output.as_ref());
    Bench { readings, cluster, rules, as_of: job.as_of, examples: job.examples, output }
}

type Written = (u64, Result<(), WriteError>);

fn writer<'s>(
    scope: &'s Scope<'s, '_>,
    job: &'s Job<'_>,
    verdicts: Receiver<Outgoing>,
    broke_off: &'s AtomicBool,
) -> Option<ScopedJoinHandle<'s, Written>> {
    let (Some(output), Sources::Topics { connection, .. }) = (&job.output, &job.sources) else {
        return None;
    };
    Some(scope.spawn(move || {
        let (written, result) = write(connection, &output.topic, &verdicts, job.patience);
        if result.is_err() {
            broke_off.store(true, Ordering::Relaxed);
        }
        (written, result)
    }))
}

/// What a judge has counted, what it cost, and when it was done.
type Judged = (Tally, Cost, Instant);

fn judge(mut judge: Judge<'_>, queue: &Queue, progress: &Progress, broke_off: &AtomicBool) -> Judged {
    while let Some(batch) = next(queue) {
        if !judge.batch(&batch) {
            broke_off.store(true, Ordering::Relaxed);
            break;
        }
        progress.judged(batch.len());
    }
    let (tally, cost) = judge.done();
    (tally, cost, Instant::now())
}

/// One reader for each topic, or one for all files. The last one to end closes the queue.
fn readers<'s>(
    scope: &'s Scope<'s, '_>,
    job: &'s Job<'_>,
    desk: &'s Desk<'s>,
    batches: SyncSender<Batch>,
    broke_off: &'s AtomicBool,
) -> Vec<ScopedJoinHandle<'s, Took>> {
    let noted = move |took: Took| {
        if took.broken.is_some() {
            broke_off.store(true, Ordering::Relaxed); // half a range says nothing: the others need not go on
        }
        took
    };
    match &job.sources {
        Sources::Files(inputs) => {
            let size: Option<u64> = inputs.iter().map(|file| file.size()).sum();
            desk.progress.expect(size.unwrap_or(0));
            vec![scope.spawn(move || noted(files(inputs, desk, batches)))]
        }
        Sources::Topics { connection, plan, .. } => {
            let all = plan.topics.iter().flat_map(|(_, ranges)| ranges);
            desk.progress.expect(all.map(crate::stream::Range::size).sum());
            let read = |(source, (name, ranges)): (usize, &'s (Arc<str>, Vec<crate::stream::Range>))| {
                let batches = batches.clone();
                scope.spawn(move || noted(topic((source, name, ranges), connection, desk, batches)))
            };
            plan.topics.iter().enumerate().map(read).collect()
        }
    }
}

/// Waits for all, in an order that does not matter to what they counted.
fn gather(
    bench: &Bench<'_>,
    readers: Vec<ScopedJoinHandle<'_, Took>>,
    judges: Vec<ScopedJoinHandle<'_, Judged>>,
) -> (Outcome, Option<Instant>) {
    let mut last = None;
    let mut outcome = Outcome {
        tally: Tally::of(&bench.rules, bench.examples),
        cost: Cost { judge_seconds: vec![0.0; bench.rules.len()], ..Cost::default() },
        parts: Vec::new(),
        gone: Vec::new(),
        broken: None,
        written: 0,
        unwritten: None,
    };
    for reader in readers {
        let took = joined(reader);
        outcome.parts.extend(took.parts);
        outcome.gone.extend(took.gone);
        outcome.broken = outcome.broken.or(took.broken);
    }
    for judge in judges {
        let (tally, cost, done) = joined(judge);
        last = last.max(Some(done));
        outcome.tally.merge(tally);
        outcome.cost.decode_seconds += cost.decode_seconds;
        for (all, own) in outcome.cost.judge_seconds.iter_mut().zip(cost.judge_seconds) {
            *all += own;
        }
    }
    (outcome, last)
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
