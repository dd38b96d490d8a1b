//! From settings and rules to running consumers, and back to an exit.
//!
//! ```text
//! connect (keeps trying) -> topics there (keeps trying) -> what the group has committed -> consumers -> join them
//! ```
//! A broker that is away and a topic that is missing are said once and then rarely, and stand in `/ready` meanwhile.

use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use prometheus::Registry;

use super::beginning::Beginnings;
use super::breaker::Breaker;
use super::commit::{AtLeastOnce, Outlets, Window};
use super::judge::{Observer, Plan, PlannedSource};
use super::once::{Errand, Once};
use super::outputs::{MAX_MESSAGE_BYTES, producer_max};
use super::probe::Probe;
use super::reload::{Around, Reload, Reloader, RulesHandle};
use super::shutdown::Stop;
use super::startup::Startup;
use super::worker::{Shared, Worker};
use crate::config::{RulesState, Settings};
use crate::kafka::{Connection, Consumer, Error, Producer, TopicPartition};
use crate::metrics::Metrics;
use crate::rule::RuleSet;
use crate::stream::{DescribedTopic, FieldMap, Gap, TopicRole, TopicState};

/// What the process around us brings along.
#[derive(Default)]
pub struct Options {
    /// Where the metrics are registered.
    pub registry: Registry,
    /// What HTTP reads.
    pub probe: Arc<Probe>,
    /// How we are asked to stop.
    pub stop: Stop,
    /// Ends when everything that is there now is judged.
    pub once: bool,
    /// The topics are as they should be: do not ask.
    pub trusts_topics: bool,
    /// Sees flagged records as they come.
    pub observer: Option<Observer>,
    /// How others ask for the rules to be loaded again.
    pub reload: Reload,
    /// How the files of the rules looked when they were read; `None`: as they look when the run begins.
    pub rules_state: Option<RulesState>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Exit {
    /// Asked to stop, and stopped.
    Clean,
    /// Could not go on.
    Stopped(Fatal),
}

impl Exit {
    /// The exit code of the process: 0, or 3.
    #[must_use]
    pub const fn code(&self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Stopped(_) => 3,
        }
    }
}

/// Why a run could not begin: exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// librdkafka refuses the settings.
    #[error("cannot use the settings of [kafka]")]
    Kafka(#[source] Error),
    /// What a run that ends needs did not come in time.
    #[error("not there in time")]
    NotThere(#[source] Error),
    /// A topic would lose what we write.
    #[error("cannot write to topic {topic}: {reason}")]
    Topic {
        /// Which.
        topic: String,
        /// What is wrong with it, and how it is mended.
        reason: String,
    },
    /// The registry was used before.
    #[error("cannot register the metrics")]
    Metrics(#[from] prometheus::Error),
    /// The system gives us no thread.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
    /// The fields of a source do not compile.
    #[error("cannot use the fields of source {topic}: {reason}")]
    Fields {
        /// The source's topic.
        topic: String,
        /// Every problem.
        reason: String,
    },
}

/// Why a running service cannot go on: exit code 3.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// The producer cannot go on.
    #[error("the producer cannot go on")]
    Producer(#[source] Error),
    /// The consumer cannot go on.
    #[error("the consumer cannot go on")]
    Consumer(#[source] Error),
    /// A record that must be written is refused for good.
    #[error("topic {topic} refuses a record that must be written, also the smallest in its place")]
    Refused {
        /// The topic.
        topic: String,
        /// What the broker says.
        #[source]
        error: Error,
    },
    /// Records are gone that were not read.
    #[error(
        "offsets {} to {} of {at} are gone ({}); kafka.gaps = \"continue\" goes on without them",
        gap.from, gap.to, gap.kind.as_str()
    )]
    Gap {
        /// Where.
        at: TopicPartition,
        /// Which.
        gap: Gap,
    },
    /// A fault of ours.
    #[error("a consumer thread panicked")]
    Panicked,
}

/// What is under way in one worker at most: enough to hide a broker's round trip, little enough to drain in a moment.
const WINDOW: Window = Window { batches: 16, bytes: 32 << 20 };

/// Runs until asked to stop, or until it cannot go on. Blocks.
///
/// # Errors
/// When it could not begin: [`RunError`].
#[expect(clippy::needless_pass_by_value, reason = "a run owns its options; a caller clones what it keeps")]
pub fn run(settings: &Settings, rules: Arc<RuleSet>, options: Options) -> Result<Exit, RunError> {
    let mut connection = connection(settings);
    connection.check().map_err(RunError::Kafka)?;
    let metrics = Metrics::register(&options.registry)?;
    let sources = sources(settings)?;
    touch(&metrics, settings);
    let rules = Arc::new(RulesHandle::new(rules));
    judge_by(&rules, &metrics, &options);
    reloader(settings, &rules, &metrics, &options).spawn().map_err(RunError::Thread)?;

    let start = Startup { settings, connection: &connection, options: &options, metrics: &metrics };
    let Some(cluster) = start.cluster()? else {
        return Ok(Exit::Clean);
    };
    let topics = start.topics(&rules.current().rules)?;
    let consumers = join(&connection, settings, cluster.partitions.len())?;
    let sizes = cap_batches(&mut connection, settings, &topics);
    let beginnings = Beginnings {
        start: settings.kafka.start,
        gaps: settings.kafka.gaps,
        before: cluster.before,
        metrics: metrics.clone(),
    };
    let plan = plan(settings, sources, cluster.id, &sizes, &options, &metrics);
    let stop = options.stop.clone();
    let shared = Arc::new(Shared { plan, rules, beginnings, metrics, stop, drain: settings.shutdown.drain() });
    let once = || Once::new(cluster.partitions, consumers.len(), options.stop.clone());
    let once = options.once.then(|| Arc::new(once()));
    let exit = supervise(consumers, &connection, settings, &shared, &options, once.as_ref())?;
    if let (Exit::Clean, Some(once)) = (&exit, once) {
        once.tell();
    }
    Ok(exit)
}

/// The first rules judge. Whoever looks can see which.
fn judge_by(rules: &RulesHandle, metrics: &Metrics, options: &Options) {
    let loaded = rules.current();
    metrics.touch_rules(&loaded.rules);
    metrics.judged_by(&loaded.rules, loaded.epoch, Timestamp::now());
    options.probe.judges_by(loaded.rules.digest().to_string(), loaded.epoch);
}

/// Rules may be mended before the brokers are there, so this is at work from the beginning.
fn reloader(settings: &Settings, rules: &Arc<RulesHandle>, metrics: &Metrics, options: &Options) -> Reloader {
    let around = Around {
        rules: Arc::clone(rules),
        metrics: metrics.clone(),
        probe: Arc::clone(&options.probe),
        requests: options.reload.clone(),
        stop: options.stop.clone(),
    };
    Reloader::new(settings, options.rules_state.clone(), around)
}

/// As many consumers as the settings say, but never one that can have no partition.
fn join(connection: &Connection, settings: &Settings, partitions: usize) -> Result<Vec<Consumer>, RunError> {
    let topics: Vec<&str> = settings.sources.iter().map(|source| source.topic.as_str()).collect();
    let consumers = settings.kafka.threads().min(partitions).max(1);
    (0..consumers).map(|_| Consumer::subscribe(connection, &topics).map_err(RunError::Kafka)).collect()
}

fn sources(settings: &Settings) -> Result<Vec<PlannedSource>, RunError> {
    let one = |source: &crate::config::Source| {
        let map = FieldMap::compile(&source.fields).map_err(|faults| RunError::Fields {
            topic: source.topic.clone(),
            reason: faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        })?;
        Ok(PlannedSource { topic: source.topic.as_str().into(), kind: source.fields.kind, map })
    };
    settings.sources.iter().map(one).collect()
}

/// The topics that we write to.
pub(super) fn outputs(settings: &Settings) -> [&str; 3] {
    [&settings.verdicts.topic, &settings.dead_letters.topic, &settings.receipts.topic]
}

fn touch(metrics: &Metrics, settings: &Settings) {
    let sources = settings.sources.iter().map(|source| (source.topic.as_str(), source.fields.kind));
    metrics.touch_topics(&sources.collect::<Vec<_>>(), &outputs(settings));
}

/// How the settings reach the cluster.
#[must_use]
pub fn connection(settings: &Settings) -> Connection {
    Connection {
        bootstrap_servers: settings.kafka.bootstrap_servers.clone(),
        group_id: settings.kafka.group_id.clone(),
        instance: settings.kafka.instance.clone(),
        compression: settings.kafka.compression.as_str(),
        properties: settings.kafka.properties.clone(),
    }
}

/// The largest verdict and the largest dead letter, in bytes.
struct Sizes {
    verdict: usize,
    dead_letter: usize,
}

/// Keeps a request below the smallest limit of the topics: one that is too large is refused as a whole. A limit that is not
/// known is found out when a record is refused.
fn cap_batches(connection: &mut Connection, settings: &Settings, topics: &[DescribedTopic]) -> Sizes {
    let client = producer_max(settings);
    let limit = |topic: &DescribedTopic| match &topic.state {
        TopicState::Found(facts) if topic.role != TopicRole::Source => facts.max_message_bytes(),
        _ => None,
    };
    let of = |role: TopicRole| {
        let topic = topics.iter().find(|topic| topic.role == role);
        topic.and_then(limit).map_or(client, |limit| limit.min(client))
    };
    let sizes = Sizes { verdict: of(TopicRole::Verdicts), dead_letter: of(TopicRole::DeadLetters) };
    if let Some(smallest) = topics.iter().filter_map(limit).min() {
        let batch = smallest.min(MAX_MESSAGE_BYTES).to_string();
        connection.properties.entry("batch.size".into()).or_insert(batch);
    }
    sizes
}

fn plan(
    settings: &Settings,
    sources: Vec<PlannedSource>,
    cluster: String,
    sizes: &Sizes,
    options: &Options,
    metrics: &Metrics,
) -> Plan {
    Plan {
        cluster,
        sources,
        verdicts: settings.verdicts.topic.as_str().into(),
        mode: settings.verdicts.mode,
        emit: settings.verdicts.emit,
        headers: settings.verdicts.headers.clone(),
        dead_letters: settings.dead_letters.topic.as_str().into(),
        settings: settings.digest(),
        max_verdict: sizes.verdict,
        max_dead_letter: sizes.dead_letter,
        observer: options.observer.clone(),
        metrics: metrics.clone(),
        breaker: Breaker::new(settings.breaker.limits()),
    }
}

/// What a consumer thread reports when it has ended.
type Ended = Result<(), Fatal>;

/// Runs the consumers; the first that cannot go on stops the others.
fn supervise(
    consumers: Vec<Consumer>,
    connection: &Connection,
    settings: &Settings,
    shared: &Arc<Shared>,
    options: &Options,
    once: Option<&Arc<Once>>,
) -> Result<Exit, RunError> {
    let (report, ended) = mpsc::channel();
    tracing::info!(consumers = consumers.len(), "consuming");
    for (number, source) in consumers.into_iter().enumerate() {
        let producer = Producer::new(connection).map_err(RunError::Kafka)?;
        let outlets = Outlets {
            dead_letters: Arc::clone(&shared.plan.dead_letters),
            receipts: settings.receipts.topic.as_str().into(),
            max_dead_letter: shared.plan.max_dead_letter,
        };
        let delivery = AtLeastOnce::new(producer, outlets, WINDOW, shared.metrics.clone());
        let errand = once.map(|once| Errand::new(Arc::clone(once), number));
        let worker = Worker::new(Arc::clone(shared), options.probe.worker(), source, delivery).with_errand(errand);
        let (report, stop, drain) = (report.clone(), shared.stop.clone(), shared.drain);
        let body = move || consume(worker, &report, &stop, drain);
        std::thread::Builder::new()
            .name(format!("tripline-consumer-{number}"))
            .spawn(body)
            .expect("a process that has just started may have threads");
    }
    drop(report);
    options.probe.is_running();
    Ok(wait(&ended, shared, &options.probe))
}

/// The life of one consumer thread. How it ended is said and reported before anything is closed, which may take all the
/// time that is left.
fn consume(
    worker: Worker<Consumer, AtLeastOnce<Producer>>,
    report: &mpsc::Sender<Ended>,
    stop: &Stop,
    drain: Duration,
) {
    let run = std::panic::AssertUnwindSafe(|| worker.run());
    let (clients, result) = match std::panic::catch_unwind(run) {
        Ok((source, delivery, result)) => (Some((source, delivery)), result),
        Err(_panic) => (None, Err(Fatal::Panicked)),
    };
    if let Err(fatal) = &result {
        tracing::error!(error = %fatal, cause = ?std::error::Error::source(fatal), "a consumer cannot go on");
        stop.request();
    }
    // Nobody listens any more when the time is over.
    let _ = report.send(result);
    if let Some((source, delivery)) = clients {
        close(source, &delivery, stop, drain);
    }
}

fn close(source: Consumer, delivery: &AtLeastOnce<Producer>, stop: &Stop, drain: Duration) {
    let left = || stop.deadline(drain).saturating_duration_since(Instant::now()).max(Duration::from_millis(200));
    if !source.close(left()) {
        tracing::warn!("a consumer did not leave the group in time; its session has to time out");
    }
    if !delivery.sink().close(left()) {
        tracing::warn!("records were still being sent; what was not committed comes again");
    }
}

/// Waits for all consumers; once somebody has asked to stop, no longer than the deadline.
fn wait(ended: &mpsc::Receiver<Ended>, shared: &Shared, probe: &Probe) -> Exit {
    let mut exit = Exit::Clean;
    loop {
        if shared.stop.is_requested() {
            probe.is_stopping();
        }
        shared.metrics.ready(probe.snapshot().conditions.iter().map(|condition| (condition.name, condition.ok)));
        match ended.recv_timeout(Duration::from_millis(100)) {
            Ok(Ok(())) => {}
            Ok(Err(fatal)) => {
                shared.stop.request();
                if matches!(exit, Exit::Clean) {
                    exit = Exit::Stopped(fatal);
                }
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => return exit,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let deadline = shared.stop.deadline(shared.drain);
                if shared.stop.is_requested() && Instant::now() >= deadline {
                    tracing::warn!("a consumer did not end in time");
                    return exit;
                }
            }
        }
    }
}
