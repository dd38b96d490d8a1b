//! Sense, after shape: values that are each well formed and do not go together.

use std::collections::BTreeMap;

use super::load::Surroundings;
use super::read::Findings;
use super::settings::{Settings, Source};
use crate::event::refused_name;
use crate::stream::{FieldMap, FieldMapError};

/// Kafka's limit for a topic's name.
const MAX_TOPIC: usize = 249;
/// The levels that a log may have when no target is named.
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];

/// Notes everything that makes no sense.
pub(super) fn check(settings: &Settings, around: &Surroundings<'_>, found: &mut Findings) {
    check_servers(settings, found);
    check_sources(settings, found);
    check_topics(settings, found);
    check_headers(settings, found);
    check_rules(settings, around, found);
    check_level(settings, found);
}

fn check_servers(settings: &Settings, found: &mut Findings) {
    for server in settings.kafka.bootstrap_servers.split(',').map(str::trim) {
        let address = server.split_once("://").map_or(server, |(_, address)| address);
        let is_address = match address.rsplit_once(':') {
            Some((host, port)) => !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0),
            None => !address.is_empty(),
        };
        if !is_address {
            found.problem("kafka.bootstrap_servers", format!("must be host:port, comma separated, not {server:?}"));
        }
    }
}

fn check_sources(settings: &Settings, found: &mut Findings) {
    if settings.sources.is_empty() && !found.problems.iter().any(|problem| problem.key == "source") {
        found.problem("source", "is missing: at least one [[source]] says which topic to read");
    }
    for (index, source) in settings.sources.iter().enumerate() {
        check_source(index, source, found);
    }
}

fn check_source(index: usize, source: &Source, found: &mut Findings) {
    let path = format!("source[{index}]");
    if let Err(errors) = FieldMap::compile(&source.fields) {
        for error in errors {
            found.problem(format!("{path}.{}", error.key), told(&error));
        }
    }
}

/// Without its key, which the problem names in full.
fn told(error: &FieldMapError) -> String {
    if error.pointer.is_empty() { error.fault.to_string() } else { format!("{:?}: {}", error.pointer, error.fault) }
}

/// A source is read once; an output is neither read nor shared.
fn check_topics(settings: &Settings, found: &mut Findings) {
    let mut used: BTreeMap<&str, String> = BTreeMap::new();
    let sources = settings.sources.iter().enumerate();
    let sources = sources.map(|(index, source)| (format!("source[{index}].topic"), source.topic.as_str()));
    let outputs = [
        ("verdicts.topic".to_owned(), settings.verdicts.topic.as_str()),
        ("dead_letters.topic".to_owned(), settings.dead_letters.topic.as_str()),
        ("receipts.topic".to_owned(), settings.receipts.topic.as_str()),
    ];
    for (key, topic) in sources.chain(outputs).filter(|(_, topic)| !topic.is_empty()) {
        if let Some(reason) = bad_topic(topic) {
            found.problem(&key, format!("{topic:?} is no topic name: {reason}"));
        } else if let Some(first) = used.get(topic) {
            found.problem(&key, format!("{topic:?} is already {first}"));
        } else {
            used.insert(topic, key);
        }
    }
}

fn bad_topic(topic: &str) -> Option<&'static str> {
    let is_legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if topic.len() > MAX_TOPIC {
        Some("it is longer than 249 characters")
    } else if matches!(topic, "." | "..") {
        Some("it is a dot")
    } else if !topic.chars().all(is_legal) {
        Some("only ASCII letters, digits, '.', '_' and '-' are allowed")
    } else {
        None
    }
}

/// What a verdict says of itself cannot come from a record.
fn check_headers(settings: &Settings, found: &mut Findings) {
    for name in &settings.verdicts.headers {
        if let Some(reason) = refused_name(name) {
            found.problem("verdicts.headers", format!("{name:?} cannot be passed through: {reason}"));
        }
    }
}

fn check_rules(settings: &Settings, around: &Surroundings<'_>, found: &mut Findings) {
    for path in settings.rules.paths.iter().filter(|path| !(around.exists)(path)) {
        found.problem(
            "rules.paths",
            format!("{} does not exist; [] means the lists built into the program", path.display()),
        );
    }
}

/// A lone word must be a level: as a directive, `inof` would be a target's name and silence everything else.
fn check_level(settings: &Settings, found: &mut Findings) {
    let level = settings.log.level.as_str();
    for directive in level.split(',').map(str::trim) {
        let (target, word) = directive.rsplit_once('=').map_or((None, directive), |(t, w)| (Some(t), w));
        if target == Some("") || !LEVELS.contains(&word.to_ascii_lowercase().as_str()) {
            found.problem(
                "log.level",
                format!(
                    "must be {}, or directives such as info,tripline::kafka=debug, not {level:?}",
                    LEVELS.join(", ")
                ),
            );
            return;
        }
    }
}
