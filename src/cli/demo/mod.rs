//! `tripline demo`: the whole service in one process, fed with made-up posts and registrations.
//!
//! librdkafka's in-process cluster stands for Kafka; everything else is what `tripline run` runs. The texts are of our
//! own writing about made-up people; the organisations in them are those of the public lists.

mod feed;
mod samples;
mod show;

use std::io::{self, IsTerminal as _, Write, stderr, stdout};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::color::ColorChoice;
use super::exit::{Exit, Failure, WhileRunning as _};
use super::service::{Service, on_signals};
use super::settings::{build, describe, load_layers, source_of};
use super::tell::tell;
use crate::config::{Layers, Override, RuleSource, Settings};
use crate::kafka::{Connection, MockBroker, Tail, TopicPartition};
use crate::pipeline::{self, Options, Stop};

use self::feed::Feed;
use self::samples::Samples;
use self::show::Show;

/// The topics of the demo and their partitions; more than one where order within a topic does not matter.
const TOPICS: &[(&str, i32)] =
    &[("posts", 4), ("registrations", 2), ("verdicts", 1), ("tripline.dead-letters", 1), ("tripline.receipts", 1)];
/// How long the last records may take once nothing more is fed.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often the count is drawn.
const TICK: Duration = Duration::from_millis(200);

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("Example:\n  tripline demo --for 30s\n  tripline demo --records 1000 --rate 0"))]
pub(super) struct Arguments {
    /// End after this time, such as 30s or 5m
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    time: Option<Duration>,
    /// End after this many records
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    records: Option<u64>,
    /// Records a second; 0 = no pace
    #[arg(long, value_name = "N", default_value_t = 4)]
    rate: u32,
    /// Where /metrics is served [default: 127.0.0.1:9464]
    #[arg(long, value_name = "IP:PORT")]
    http_listen: Option<SocketAddr>,
    /// Rules folder or file [default: ./rules, or built-in]
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,
    /// Log level of the service
    #[arg(long, value_name = "LEVEL", default_value = "warn")]
    log_level: String,
}

/// `30s`, `5m`, `1h` or plain seconds.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000)];
    let unit = units.iter().find_map(|(unit, ms)| Some((text.strip_suffix(unit)?, *ms)));
    let (number, ms) = unit.unwrap_or((text, 1000));
    let number: u64 = number.trim().parse().map_err(|_| "write a time such as 30s or 5m".to_owned())?;
    number.checked_mul(ms).map(Duration::from_millis).ok_or_else(|| "too long".to_owned())
}

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let source = source_of(&arguments.rules);
    let broker = start_broker()?; // before all clients, so that it goes after them
    let settings = settings(arguments, &source, &broker)?;
    super::log::start(&settings.log, color)?;
    let (asked, reload) = on_signals()?;
    let rules_state = Some(source.state());
    let rules = build(&source, &settings.rules.jurisdictions)?;
    let stop = Stop::new(); // of the service, which ends last: what was fed is judged first
    let options = Options { stop: stop.clone(), reload, rules_state, trusts_topics: true, ..Options::default() };
    let service = Service::listen(&settings, options)?;
    introduce(&describe(&source, &rules), service.address());

    let connection = connection(&settings);
    let tail = Tail::from_beginning(&connection, &outputs(&settings)).context("cannot read the verdicts")?;
    let service = service.spawn(settings, rules)?;
    let (samples, judged) = (Arc::new(Samples::shipped()), Arc::new(AtomicU64::new(0)));
    let feed = Feed::start(&connection, &samples, arguments.rate, arguments.records, &judged)?;
    let mut show = Show::new(samples, color.palette(&stdout()), judged);
    let played = play(arguments.time, &tail, &feed, &mut show, [&asked, &stop]);
    stop.request();
    let ended = service.join();
    show::clear();
    ended?; // first: it is the reason when nothing is judged any more
    played.while_running()?;
    tell!("{}", show.summary(feed.sent()));
    Ok(Exit::Clean)
}

/// Shows verdicts until the time is over, all is fed, or somebody asks to stop; then what is still under way.
fn play(
    time: Option<Duration>,
    tail: &Tail,
    feed: &Feed,
    show: &mut Show,
    [asked, service]: [&Stop; 2],
) -> anyhow::Result<()> {
    let until = time.map(|time| Instant::now() + time);
    let is_over = || {
        let is_late = until.is_some_and(|until| Instant::now() >= until);
        is_late || feed.is_over() || asked.is_requested() || service.is_requested()
    };
    let watched = watch(tail, feed, show, &is_over);
    feed.stop();
    watched.and_then(|()| drain(tail, feed, show, service))
}

fn start_broker() -> anyhow::Result<MockBroker> {
    let broker = MockBroker::start().context("cannot start the in-process cluster")?;
    for (topic, partitions) in TOPICS {
        broker.create_topic(topic, *partitions).with_context(|| format!("cannot make the topic {topic}"))?;
    }
    Ok(broker)
}

/// The shipped settings, with what is different here as if given by flags.
fn settings(arguments: &Arguments, source: &RuleSource, broker: &MockBroker) -> anyhow::Result<Settings> {
    let rules = match source {
        RuleSource::BuiltIn => String::new(),
        RuleSource::Paths(paths) => paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(","),
    };
    let listen = listen(arguments.http_listen);
    let over = [
        ("kafka.bootstrap_servers", broker.bootstrap_servers()),
        ("kafka.instance", "demo".to_owned()),
        ("kafka.consumers", "1".to_owned()),
        ("verdicts.mode", "structured".to_owned()),
        ("rules.paths", rules),
        ("http.listen", listen.to_string()),
        ("log.level", arguments.log_level.clone()),
    ];
    let overrides = over.map(|(key, value)| Override { key: key.to_owned(), value, flag: "of the demo".to_owned() });
    let file = Some(("deploy/tripline.toml".to_owned(), super::settings::SHIPPED.to_owned()));
    load_layers(&Layers { file, overrides: overrides.to_vec(), ..Layers::default() })
}

/// The given address, or the default one, or a free port when that is taken.
fn listen(given: Option<SocketAddr>) -> SocketAddr {
    if let Some(address) = given {
        return address;
    }
    let usual = SocketAddr::from(([127, 0, 0, 1], 9464));
    if TcpListener::bind(usual).is_ok() {
        return usual;
    }
    tell!("port 9464 is taken, so another one is used");
    SocketAddr::from(([127, 0, 0, 1], 0))
}

fn introduce(rules: &str, http: SocketAddr) {
    tell!("Made-up posts and registrations go through an in-process Kafka, and verdicts come back.");
    tell!("rules    {rules}");
    tell!("metrics  http://{http}/metrics");
    tell!("end      Ctrl-C");
    tell!("");
}

fn connection(settings: &Settings) -> Connection {
    let reader = "demo-reader".to_owned();
    Connection { group_id: reader.clone(), instance: reader, ..pipeline::connection(settings) }
}

fn outputs(settings: &Settings) -> Vec<TopicPartition> {
    let topics = [&settings.verdicts.topic, &settings.receipts.topic, &settings.dead_letters.topic];
    topics.map(|topic| TopicPartition::new(topic.as_str(), 0)).to_vec()
}

/// Shows verdicts until it is over.
fn watch(tail: &Tail, feed: &Feed, show: &mut Show, is_over: &dyn Fn() -> bool) -> anyhow::Result<()> {
    while !is_over() {
        take(tail, show)?;
        show.status(feed.sent())?;
    }
    Ok(())
}

/// What was fed is judged, and its verdicts are shown, before we leave.
fn drain(tail: &Tail, feed: &Feed, show: &mut Show, stop: &Stop) -> anyhow::Result<()> {
    let until = Instant::now() + PATIENCE;
    let is_over = || stop.is_requested() || Instant::now() >= until;
    let mut idle = false;
    while !(idle && show.judged() >= feed.sent()) {
        if is_over() {
            anyhow::bail!("{} of {} records were judged in time", show.judged(), feed.sent());
        }
        idle = !take(tail, show)?;
        show.status(feed.sent())?;
    }
    Ok(())
}

/// Shows what has come within a tick; false when nothing has.
fn take(tail: &Tail, show: &mut Show) -> anyhow::Result<bool> {
    let until = Instant::now() + TICK;
    let mut any = false;
    let mut shown = Ok(());
    while shown.is_ok()
        && tail.next(until.saturating_duration_since(Instant::now()), &mut |topic, value| {
            shown = show.record(topic, value);
        })?
    {
        any = true;
        if Instant::now() >= until {
            break;
        }
    }
    shown?;
    Ok(any)
}

/// A line that is drawn over itself, on a terminal only.
fn draw(line: &str) -> io::Result<()> {
    let mut err = stderr();
    if err.is_terminal() { write!(err, "\r\u{1b}[K{line}").and_then(|()| err.flush()) } else { Ok(()) }
}

/// Reads a counter that another thread moves.
fn read(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_unit_or_is_in_seconds() {
        for (text, expected) in [
            ("30s", Some(30_000)),
            ("5m", Some(300_000)),
            ("250ms", Some(250)),
            ("1h", Some(3_600_000)),
            ("7", Some(7_000)),
            ("", None),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("99999999999999999999s", None),
            ("18446744073709551615h", None),
        ] {
            assert_eq!(duration(text).ok(), expected.map(Duration::from_millis), "{text}");
        }
    }
}
