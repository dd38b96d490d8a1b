//! From the merged tree to [`Settings`]: sections, keys and defaults, as the settings reference lists them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::check;
use super::layers::{Layers, merge};
use super::problem::Problems;
use super::properties::{self, PropertyCheck};
use super::read::{Findings, Section};
use super::settings::{
    Compression, Delivery, Emit, Gaps, Http, Kafka, Log, LogFormat, Rules, Secret, Settings, Shutdown, Source, Topic,
    Verdicts,
};
use crate::content::Kind;
use crate::event::Mode;
use crate::stream::{SourceFields, Start};

/// Finished work may take this long after the first signal: two thirds of the 30 s that Kubernetes grants by default.
const DRAIN_MS: u64 = 20_000;
/// The address of `/metrics`: next to the ports of the Prometheus exporters, and not reachable from outside by default.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 9464);

/// What the shell around us knows and we do not ask for ourselves.
pub struct Surroundings<'a> {
    /// Default of `kafka.instance`.
    pub host_name: String,
    /// Whether librdkafka would take a property.
    pub property: &'a PropertyCheck<'a>,
    /// Whether a path of `rules.paths` exists.
    pub exists: &'a dyn Fn(&Path) -> bool,
}

/// Reads and checks settings.
///
/// # Errors
/// Every problem at once, each with its key and origin.
pub fn load(layers: &Layers, around: &Surroundings<'_>) -> Result<Settings, Problems> {
    let mut found = Findings::default();
    let tree = merge(layers, &mut found.problems);
    if unreadable_file(&found) {
        return Err(Problems(found.problems)); // what the file would have said is unknown: no second-hand complaints
    }
    let settings = read(&tree, around, &mut found);
    check::check(&settings, around, &mut found);
    if found.problems.is_empty() { Ok(settings) } else { Err(Problems(found.problems)) }
}

fn unreadable_file(found: &Findings) -> bool {
    found.problems.iter().any(|problem| problem.key.is_empty())
}

const SECTIONS: &[&str] =
    &["kafka", "source", "verdicts", "dead_letters", "receipts", "rules", "http", "log", "shutdown"];

fn read(tree: &config::Map<String, config::Value>, around: &Surroundings<'_>, found: &mut Findings) -> Settings {
    let root = Section::root(tree, SECTIONS, found);
    Settings {
        kafka: kafka(&root, around, found),
        sources: sources(&root, found),
        verdicts: verdicts(&root, found),
        dead_letters: topic(&root, "dead_letters", "tripline.dead-letters", found),
        receipts: topic(&root, "receipts", "tripline.receipts", found),
        rules: rules(&root, found),
        http: http(&root, found),
        log: log(&root, found),
        shutdown: shutdown(&root, found),
    }
}

fn kafka(root: &Section<'_>, around: &Surroundings<'_>, found: &mut Findings) -> Kafka {
    const KEYS: &[&str] = &[
        "bootstrap_servers",
        "group_id",
        "instance",
        "delivery",
        "start",
        "gaps",
        "consumers",
        "compression",
        "properties",
    ];
    let section = root.child("kafka", KEYS, found);
    let properties = section.properties("properties", found);
    properties::check(&properties, around.property, found);
    Kafka {
        bootstrap_servers: section.word("bootstrap_servers", found).unwrap_or("localhost:9092".into()),
        group_id: section.word("group_id", found).unwrap_or("tripline".into()),
        instance: section
            .text("instance", found)
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| around.host_name.clone()),
        delivery: delivery(&section, found),
        start: start(&section, found),
        gaps: section
            .choice("gaps", &[("stop", Gaps::Stop), ("continue", Gaps::Continue)], found)
            .unwrap_or(Gaps::Stop),
        // more threads than this is a slip: a consumer is a client with its own connections
        consumers: section.number("consumers", 0..=256, found).and_then(|n| usize::try_from(n).ok()).unwrap_or(0),
        compression: section
            .choice("compression", &Compression::ALL.map(|codec| (codec.as_str(), codec)), found)
            .unwrap_or(Compression::Lz4),
        properties,
    }
}

/// Exactly once is refused until it exists, never quietly downgraded.
fn delivery(section: &Section<'_>, found: &mut Findings) -> Delivery {
    const CHOICES: &[(&str, Option<Delivery>)] =
        &[("at-least-once", Some(Delivery::AtLeastOnce)), ("exactly-once", None)];
    match section.choice("delivery", CHOICES, found) {
        Some(None) => {
            found.problem(
                section.key("delivery"),
                "\"exactly-once\" is not built yet; \"at-least-once\" gives verdicts whose ids make duplicates removable",
            );
            Delivery::AtLeastOnce
        }
        Some(Some(delivery)) => delivery,
        None => Delivery::AtLeastOnce,
    }
}

fn start(section: &Section<'_>, found: &mut Findings) -> Start {
    let Some(text) = section.text("start", found) else {
        return Start::Earliest;
    };
    text.parse().unwrap_or_else(|_| {
        found.problem(
            section.key("start"),
            format!("must be earliest, latest or an RFC 3339 time such as 2026-11-22T08:00:00Z, not {text:?}"),
        );
        Start::Earliest
    })
}

const SOURCE_KEYS: &[&str] = &["topic", "kind", "id", "author", "time", "region", "text", "links"];
const KINDS: &[(&str, Kind)] = &[(Kind::Post.as_str(), Kind::Post), (Kind::Registration.as_str(), Kind::Registration)];

fn sources(root: &Section<'_>, found: &mut Findings) -> Vec<Source> {
    root.children("source", SOURCE_KEYS, found).iter().map(|section| source(section, found)).collect()
}

fn source(section: &Section<'_>, found: &mut Findings) -> Source {
    section.require(&["topic", "kind"], found);
    let topic = section.word("topic", found);
    let kind = section.choice("kind", KINDS, found);
    Source {
        topic: topic.unwrap_or_default(),
        fields: SourceFields {
            kind: kind.unwrap_or(Kind::Post),
            id: section.text("id", found),
            author: section.text("author", found),
            time: section.text("time", found),
            region: section.text("region", found),
            text: section.texts_by_name("text", found),
            links: section.texts_by_name("links", found),
        },
    }
}

fn verdicts(root: &Section<'_>, found: &mut Findings) -> Verdicts {
    const MODES: &[(&str, Mode)] = &[("binary", Mode::Binary), ("structured", Mode::Structured)];
    const EMITS: &[(&str, Emit)] = &[("flagged", Emit::Flagged), ("all", Emit::All)];
    let section = root.child("verdicts", &["topic", "mode", "emit", "headers"], found);
    Verdicts {
        topic: section.word("topic", found).unwrap_or("verdicts".into()),
        mode: section.choice("mode", MODES, found).unwrap_or(Mode::Binary),
        emit: section.choice("emit", EMITS, found).unwrap_or(Emit::Flagged),
        headers: section.list("headers", found).unwrap_or_default(),
    }
}

fn topic(root: &Section<'_>, name: &str, default: &str, found: &mut Findings) -> Topic {
    let section = root.child(name, &["topic"], found);
    Topic { topic: section.word("topic", found).unwrap_or(default.into()) }
}

fn rules(root: &Section<'_>, found: &mut Findings) -> Rules {
    let section = root.child("rules", &["paths", "jurisdictions", "watch"], found);
    let paths = section.list("paths", found).unwrap_or_else(|| vec!["rules".into()]);
    Rules {
        paths: paths.into_iter().map(PathBuf::from).collect(),
        jurisdictions: section.list("jurisdictions", found).unwrap_or_else(|| vec!["CN".into()]),
        watch: section.flag("watch", found).unwrap_or(true),
    }
}

fn http(root: &Section<'_>, found: &mut Findings) -> Http {
    let section = root.child("http", &["listen", "token"], found);
    let token = section.text("token", found).filter(|token| !token.is_empty()).map(Secret::new);
    Http { listen: listen(&section, found), token }
}

fn listen(section: &Section<'_>, found: &mut Findings) -> SocketAddr {
    let Some(text) = section.text("listen", found) else {
        return LISTEN;
    };
    text.parse().unwrap_or_else(|_| {
        found.problem(
            section.key("listen"),
            format!("must be an address and a port such as 127.0.0.1:9464 or [::]:9464, not {text:?}"),
        );
        LISTEN
    })
}

fn log(root: &Section<'_>, found: &mut Findings) -> Log {
    const FORMATS: &[(&str, LogFormat)] = &[("text", LogFormat::Text), ("json", LogFormat::Json)];
    let section = root.child("log", &["format", "level"], found);
    Log {
        format: section.choice("format", FORMATS, found).unwrap_or(LogFormat::Text),
        level: section.word("level", found).unwrap_or("info".into()),
    }
}

fn shutdown(root: &Section<'_>, found: &mut Findings) -> Shutdown {
    let section = root.child("shutdown", &["drain_ms"], found);
    Shutdown { drain_ms: section.number("drain_ms", 0..=3_600_000, found).unwrap_or(DRAIN_MS) }
}
