//! Settings as the service uses them: read, checked, complete.
//!
//! Whoever holds a [`Settings`] need not check anything again: topics are named, pointers compile, what is
//! optional has its default. Only [`super::load`] makes one from a file, the environment and flags.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::stream::{BreakerLimits, SourceFields, Start};

/// The words of a choice: every one, and the one of each variant.
macro_rules! words {
    ($name:ident { $($variant:ident => $word:literal),* $(,)? }) => {
        impl $name {
            /// Every choice.
            pub const ALL: &'static [Self] = &[$($name::$variant),*];
            /// Their names in the settings.
            pub(super) const WORDS: &'static [&'static str] = &[$($word),*];

            /// The name in the settings.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word),*
                }
            }
        }
    };
}

/// Everything `tripline run` needs to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// `[kafka]`.
    pub kafka: Kafka,
    /// `[[source]]`, in the order of the file; at least one.
    pub sources: Vec<Source>,
    /// `[verdicts]`.
    pub verdicts: Verdicts,
    /// `[dead_letters]`.
    pub dead_letters: Topic,
    /// `[receipts]`.
    pub receipts: Topic,
    /// `[rules]`.
    pub rules: Rules,
    /// `[breaker]`.
    pub breaker: Breaker,
    /// `[http]`.
    pub http: Http,
    /// `[log]`.
    pub log: Log,
    /// `[shutdown]`.
    pub shutdown: Shutdown,
}

/// `[kafka]`: the cluster and our place in its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Kafka {
    /// `host:port`, comma separated.
    pub bootstrap_servers: String,
    /// The consumer group.
    pub group_id: String,
    /// Unique among live processes; the host name when the settings leave it empty.
    pub instance: String,
    /// How often a verdict may arrive.
    pub delivery: Delivery,
    /// Where a partition without a commit begins.
    pub start: Start,
    /// What to do when retention has removed records that we had not read.
    pub gaps: Gaps,
    /// Consumer threads as the settings say; 0 = one for each core. See [`Kafka::threads`].
    pub consumers: usize,
    /// How what we write is compressed.
    pub compression: Compression,
    /// librdkafka properties that tripline does not own, as given.
    pub properties: BTreeMap<String, String>,
}

impl Kafka {
    /// The number of consumer threads: `consumers`, or the cores that the scheduler and the cgroup grant us.
    #[must_use]
    pub fn threads(&self) -> usize {
        match self.consumers {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            n => n,
        }
    }
}

/// How often a verdict may arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// At least once: after a crash a verdict may come again, with the same id.
    AtLeastOnce,
}

impl Delivery {
    /// The name in the settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Delivery::AtLeastOnce => "at-least-once",
        }
    }
}

/// What to do when retention has removed records that we had not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// Report the gap and stop: somebody must decide.
    Stop,
    /// Report and count the gap, and go on at the first record that is left.
    Continue,
}

words!(Gaps { Stop => "stop", Continue => "continue" });

/// How record batches are compressed: librdkafka's `compression.type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// Small and slow.
    Gzip,
    /// Fast.
    Snappy,
    /// Fast, and small enough.
    Lz4,
    /// The smallest.
    Zstd,
}

words!(Compression { None => "none", Gzip => "gzip", Snappy => "snappy", Lz4 => "lz4", Zstd => "zstd" });

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the value.
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(value)
    }

    /// The value, for whoever has to compare it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// One `[[source]]`: a topic, and where its records keep what we judge.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// The topic's name.
    pub topic: String,
    /// Kind and pointers; they compile.
    pub fields: SourceFields,
}

/// `[verdicts]`: where verdicts go, and which.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdicts {
    /// The topic's name.
    pub topic: String,
    /// CloudEvents content mode.
    pub mode: crate::event::Mode,
    /// Which records get a verdict event.
    pub emit: Emit,
    /// Headers of the record that its verdict carries too, by name.
    pub headers: Vec<String>,
}

/// Which records get a verdict event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emit {
    /// Those whose action is not none.
    Flagged,
    /// All.
    All,
}

words!(Emit { Flagged => "flagged", All => "all" });

/// An output of which only the topic can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topic {
    /// The topic's name.
    pub topic: String,
}

/// `[rules]`: what to judge by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Folders or files, overlays in order; empty = the lists built into the program.
    pub paths: Vec<PathBuf>,
    /// Only notices of these jurisdictions are judged; empty = all.
    pub jurisdictions: Vec<String>,
    /// Whether a change of these files is loaded without being asked.
    pub watch: bool,
}

/// `[breaker]`: how much one policy condition may ask of those who review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Breaker {
    /// Distinct texts of posts that a condition may raise above `flag` in a window; 0 = as many as it likes.
    pub texts: usize,
    /// The window in seconds.
    pub window_s: u64,
}

impl Breaker {
    /// The same for the breakers.
    #[must_use]
    pub fn limits(&self) -> BreakerLimits {
        let window_ms = i64::try_from(self.window_s.saturating_mul(1_000)).unwrap_or(i64::MAX);
        BreakerLimits { texts: self.texts, window_ms }
    }
}

/// `[http]`: metrics and health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Where to listen.
    pub listen: SocketAddr,
    /// What a `POST` from elsewhere than the loopback has to bring as a bearer token; none: only the loopback may.
    pub token: Option<Secret>,
}

/// `[log]`: what to say on stderr, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Lines for people or for machines.
    pub format: LogFormat,
    /// A level, or directives such as `info,tripline::kafka=debug`.
    pub level: String,
}

/// Lines for people or for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// One line of text for each event.
    Text,
    /// One JSON object for each event.
    Json,
}

words!(LogFormat { Text => "text", Json => "json" });

/// `[shutdown]`: how we leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shutdown {
    /// Milliseconds from the first signal in which work in flight is finished and committed.
    pub drain_ms: u64,
}

impl Shutdown {
    /// The same as a [`Duration`].
    #[must_use]
    pub const fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }
}

impl Settings {
    /// `sha256:…` over the canonical form of what makes a verdict: equal for all replicas of one deployment.
    ///
    /// Left out: secrets (all of `kafka.properties`, which says how to connect and not what to judge), and what
    /// differs between replicas or decides nothing (`instance`, `consumers`, `compression`, `http`, `log`, `shutdown`, and
    /// the paths of the rules, whose own digest stands beside this one).
    #[must_use]
    pub fn digest(&self) -> String {
        let hash = Sha256::digest(self.canonical().as_bytes());
        hash.iter().fold(String::from("sha256:"), |text, byte| text + &format!("{byte:02x}"))
    }

    /// One line of JSON. Keys are written in alphabetical order here too, so that the text is the same whether or
    /// not some other crate switches on `serde_json`'s `preserve_order`.
    fn canonical(&self) -> String {
        let sources: Vec<_> = self.sources.iter().map(canonical_source).collect();
        json!({
            "breaker": { "texts": self.breaker.texts, "window_s": self.breaker.window_s },
            "dead_letters": self.dead_letters.topic,
            "jurisdictions": self.rules.jurisdictions,
            "kafka": {
                "bootstrap_servers": self.kafka.bootstrap_servers,
                "delivery": self.kafka.delivery.as_str(),
                "gaps": self.kafka.gaps.as_str(),
                "group_id": self.kafka.group_id,
                "start": self.kafka.start.to_string(),
            },
            "receipts": self.receipts.topic,
            "source": sources,
            "verdicts": {
                "emit": self.verdicts.emit.as_str(),
                "headers": self.verdicts.headers,
                "mode": self.verdicts.mode.as_str(),
                "topic": self.verdicts.topic,
            },
        })
        .to_string()
    }
}

fn canonical_source(source: &Source) -> serde_json::Value {
    let fields = &source.fields;
    json!({
        "attributes": fields.attributes,
        "author": fields.author,
        "id": fields.id,
        "kind": fields.kind.as_str(),
        "links": fields.links,
        "region": fields.region,
        "text": fields.text,
        "time": fields.time,
        "topic": source.topic,
    })
}
