//! Every key of the settings, declared once: name, shape, default, meaning, secrecy, and how the environment reaches it.
//!
//! From this table come the keys that the readers know and their "did you mean", the checks of shape, the defaults,
//! `tripline config show`, and the reference in `deploy/SETTINGS.md`. What a value means is for [`super::load`].
//!
//! ```text
//! [kafka] gaps, one of stop | continue, "stop"   ->   TRIPLINE__KAFKA__GAPS=continue, --set kafka.gaps=continue
//! ```

use std::fmt;
use std::net::SocketAddr;

use super::literal::Literal;
use super::settings::{Compression, Emit, Gaps, LogFormat};
use crate::content::Kind;
use crate::event::Mode;
use crate::stream::Start;

/// Everything before the first key in a variable's name.
pub(super) const PREFIX: &str = "TRIPLINE__";

/// One table of the settings file.
#[derive(Debug)]
pub struct Section {
    /// Its name, such as `kafka`.
    pub name: &'static str,
    /// Whether there may be several: `[[source]]`.
    pub is_list: bool,
    /// What it is about.
    pub meaning: &'static str,
    /// Its keys, in the order of the reference.
    pub keys: &'static [Key],
}

/// One key of a section.
#[derive(Debug)]
pub struct Key {
    /// Its name within the section, such as `group_id`.
    pub name: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What holds when nobody sets it.
    pub preset: Preset,
    /// What it says, in one line.
    pub meaning: &'static str,
    /// Whether its value must not be shown. Of [`Shape::Properties`] some are: see `config show`.
    pub is_secret: bool,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text.
    Text,
    /// A text that is not empty.
    Word,
    /// A text that something must be able to read: what it wants, in words, and whether it can.
    Form(&'static str, fn(&str) -> bool),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number, both ends allowed.
    Number(u64, u64),
    /// True or false.
    Flag,
    /// A list of texts; with commas where there is only text.
    Texts,
    /// An RFC 6901 pointer, `*` = each item.
    Pointer,
    /// A table of field names and pointers.
    Pointers,
    /// A table of librdkafka's properties.
    Properties,
}

/// What holds when nobody sets a key.
#[derive(Clone, Copy, Debug)]
pub enum Preset {
    /// Somebody must.
    Required,
    /// Nothing; of a table: no entries.
    Nothing,
    /// This text.
    Text(&'static str),
    /// This number.
    Number(u64),
    /// This.
    Flag(bool),
    /// These texts.
    Texts(&'static [&'static str]),
}

const ADDRESS: Shape =
    Shape::Form("an address and a port such as 127.0.0.1:9464 or [::]:9464", |text| text.parse::<SocketAddr>().is_ok());
const START: Shape = Shape::Form("earliest, latest or an RFC 3339 time such as 2026-11-22T08:00:00Z", |text| {
    text.parse::<Start>().is_ok()
});
/// The second one is refused until it exists, never quietly downgraded.
const DELIVERIES: &[&str] = &["at-least-once", "exactly-once"];
const KINDS: &[&str] = &[Kind::Post.as_str(), Kind::Registration.as_str()];
const MODES: &[&str] = &[Mode::Binary.as_str(), Mode::Structured.as_str()];
/// More threads than this is a slip: a consumer is a client with its own connections.
const MAX_CONSUMERS: u64 = 256;
/// An hour.
const MAX_DRAIN_MS: u64 = 3_600_000;
/// Two thirds of the 30 s that Kubernetes grants by default.
const DRAIN_MS: u64 = 20_000;

/// A few megabytes for each condition whose breaker is open.
const MAX_BREAKER_TEXTS: u64 = 100_000;
/// A week.
const MAX_BREAKER_WINDOW_S: u64 = 604_800;

/// Every section, in the order of the reference.
#[rustfmt::skip] // one key, one row
pub const SECTIONS: &[Section] = &[
    Section { name: "kafka", is_list: false, meaning: "The cluster, and our place in its group.", keys: &[
        key("bootstrap_servers", Shape::Word, Preset::Text("localhost:9092"), "host:port, comma separated"),
        key("group_id", Shape::Word, Preset::Text("tripline"), "the consumer group"),
        key("instance", Shape::Text, Preset::Text(""), "unique among live processes; empty = the host name"),
        key("delivery", Shape::Choice(DELIVERIES), Preset::Text("at-least-once"), "verdicts carry ids by which a consumer drops the rare duplicate; exactly-once is refused until it is built"),
        key("start", START, Preset::Text("earliest"), "where a partition without a commit begins"),
        key("gaps", Shape::Choice(Gaps::WORDS), Preset::Text("stop"), "what to do when records were removed before we read them; both report it"),
        key("consumers", Shape::Number(0, MAX_CONSUMERS), Preset::Number(0), "consumer threads; 0 = one for each core that the cgroup grants"),
        key("compression", Shape::Choice(Compression::WORDS), Preset::Text("lz4"), "how what is written is compressed"),
        key("properties", Shape::Properties, Preset::Nothing, "any librdkafka property that tripline does not own itself"),
    ] },
    Section { name: "source", is_list: true, meaning: "One for each topic to read, at least one; its fields are RFC 6901 pointers, `*` = each item.", keys: &[
        key("topic", Shape::Word, Preset::Required, "the topic"),
        key("kind", Shape::Choice(KINDS), Preset::Required, "which policy judges its records"),
        key("id", Shape::Pointer, Preset::Nothing, "the record's id, copied to the verdict"),
        key("author", Shape::Pointer, Preset::Nothing, "the author's id, copied to the verdict"),
        key("time", Shape::Pointer, Preset::Nothing, "when it was written, copied to the verdict"),
        key("region", Shape::Pointer, Preset::Nothing, "for rules that are limited to a jurisdiction"),
        key("attributes", Shape::Pointers, Preset::Nothing, "what allow-lists may ask for as record.attributes[\"…\"], such as { verified_newsroom = \"/author/badges/0\" }; texts, numbers, true and false"),
        key("text", Shape::Pointers, Preset::Nothing, "texts by field name, such as { title = \"/title\", body = \"/body\" }"),
        key("links", Shape::Pointers, Preset::Nothing, "URLs and e-mail addresses by field name, such as { website = \"/website\" }"),
    ] },
    Section { name: "verdicts", is_list: false, meaning: "Where verdicts go, and which.", keys: &[
        key("topic", Shape::Word, Preset::Text("verdicts"), "the topic"),
        key("mode", Shape::Choice(MODES), Preset::Text("binary"), "CloudEvents content mode"),
        key("emit", Shape::Choice(Emit::WORDS), Preset::Text("flagged"), "which records get a verdict event"),
        key("headers", Shape::Texts, Preset::Texts(&[]), "headers of a record that its verdict carries too, such as [\"traceparent\"]"),
    ] },
    Section { name: "dead_letters", is_list: false, meaning: "What could not be judged, with its original bytes.", keys: &[
        key("topic", Shape::Word, Preset::Text("tripline.dead-letters"), "the topic"),
    ] },
    Section { name: "receipts", is_list: false, meaning: "One small record per partition and batch: what was judged, by which rules.", keys: &[
        key("topic", Shape::Word, Preset::Text("tripline.receipts"), "the topic"),
    ] },
    Section { name: "rules", is_list: false, meaning: "What to judge by.", keys: &[
        key("paths", Shape::Texts, Preset::Texts(&["rules"]), "folders or files, overlays in order; [] = the lists built into the program"),
        key("jurisdictions", Shape::Texts, Preset::Texts(&["CN"]), "judge by notices of these only; [] = all"),
        key("watch", Shape::Flag, Preset::Flag(true), "load a change of these files within seconds, unasked; a bad set never replaces a good one"),
    ] },
    Section { name: "breaker", is_list: false, meaning: "How much one policy condition may ask of those who review: beyond it, what it raises in posts is only flagged, until fewer come.", keys: &[
        key("texts", Shape::Number(0, MAX_BREAKER_TEXTS), Preset::Number(1_000), "distinct texts that a condition may raise above flag in a window, in each process; 0 = as many as it likes"),
        key("window_s", Shape::Number(60, MAX_BREAKER_WINDOW_S), Preset::Number(3_600), "seconds of the window, by the records' timestamps"),
    ] },
    Section { name: "http", is_list: false, meaning: "Metrics, health, reload.", keys: &[
        key("listen", ADDRESS, Preset::Text("127.0.0.1:9464"), "/metrics /live /ready /-/reload; reading needs no token: mind who can reach it"),
        secret("token", Shape::Text, Preset::Text(""), "bearer token for POST /-/reload from elsewhere; empty = only this machine may"),
    ] },
    Section { name: "log", is_list: false, meaning: "What is said on stderr.", keys: &[
        key("format", Shape::Choice(LogFormat::WORDS), Preset::Text("text"), "lines for people or for machines"),
        key("level", Shape::Word, Preset::Text("info"), "off, error, warn, info, debug or trace, or directives such as info,tripline::kafka=debug"),
    ] },
    Section { name: "shutdown", is_list: false, meaning: "How we leave.", keys: &[
        key("drain_ms", Shape::Number(0, MAX_DRAIN_MS), Preset::Number(DRAIN_MS), "milliseconds from the first signal in which work in flight is finished and committed"),
    ] },
];

const fn key(name: &'static str, shape: Shape, preset: Preset, meaning: &'static str) -> Key {
    Key { name, shape, preset, meaning, is_secret: false }
}

const fn secret(name: &'static str, shape: Shape, preset: Preset, meaning: &'static str) -> Key {
    Key { name, shape, preset, meaning, is_secret: true }
}

impl Section {
    /// The heading of the section in the file: `[kafka]`, `[[source]]`.
    #[must_use]
    pub fn heading(&self) -> String {
        if self.is_list { format!("[[{}]]", self.name) } else { format!("[{}]", self.name) }
    }

    /// The names of its keys.
    pub(super) fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

impl Key {
    /// The environment variable that sets the key; none where the environment cannot reach: a list of tables.
    #[must_use]
    pub fn variable(&self, section: &Section) -> Option<String> {
        let rest = if matches!(self.shape, Shape::Properties) { "__…" } else { "" };
        let name = || format!("{PREFIX}{}__{}{rest}", section.name.to_uppercase(), self.name.to_uppercase());
        (!section.is_list).then(name)
    }
}

impl Shape {
    /// Whether the value is a table whose names the user chooses.
    #[must_use]
    pub const fn is_table(self) -> bool {
        matches!(self, Shape::Pointers | Shape::Properties)
    }
}

impl Preset {
    /// As a value, when there is one.
    #[must_use]
    pub fn literal(self) -> Option<Literal> {
        match self {
            Preset::Required | Preset::Nothing => None,
            Preset::Text(text) => Some(Literal::Text(text.to_owned())),
            Preset::Number(number) => Some(Literal::Number(number)),
            Preset::Flag(flag) => Some(Literal::Flag(flag)),
            Preset::Texts(texts) => Some(Literal::Texts(texts.iter().map(|text| (*text).to_owned()).collect())),
        }
    }
}

/// The shape for a reader of the reference.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Text | Shape::Word => f.write_str("text"),
            Shape::Form(what, _) => f.write_str(what),
            Shape::Choice(words) => f.write_str(&words.join(" | ")),
            Shape::Number(from, to) => write!(f, "number, {from} to {to}"),
            Shape::Flag => f.write_str("true | false"),
            Shape::Texts => f.write_str("list of texts"),
            Shape::Pointer => f.write_str("pointer"),
            Shape::Pointers => f.write_str("table of pointers"),
            Shape::Properties => f.write_str("table of properties"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_reaches_all_but_lists_of_tables() {
        let variable = |section: &str, name: &str| {
            let section = SECTIONS.iter().find(|it| it.name == section).unwrap();
            section.keys.iter().find(|it| it.name == name).unwrap().variable(section)
        };
        for (section, name, expected) in [
            ("kafka", "group_id", Some("TRIPLINE__KAFKA__GROUP_ID")),
            ("dead_letters", "topic", Some("TRIPLINE__DEAD_LETTERS__TOPIC")),
            ("kafka", "properties", Some("TRIPLINE__KAFKA__PROPERTIES__…")),
            ("source", "topic", None),
            ("source", "text", None),
        ] {
            assert_eq!(variable(section, name).as_deref(), expected, "{section}.{name}");
        }
    }

    #[test]
    fn a_preset_has_the_shape_of_its_key() {
        for key in SECTIONS.iter().flat_map(|section| section.keys) {
            let fits = match (key.shape, key.preset) {
                (Shape::Choice(words), Preset::Text(text)) => words.contains(&text),
                (Shape::Form(_, fits), Preset::Text(text)) => fits(text),
                (Shape::Word, Preset::Text(text)) => !text.is_empty(),
                (Shape::Number(from, to), Preset::Number(number)) => (from..=to).contains(&number),
                (Shape::Text, Preset::Text(_))
                | (Shape::Flag, Preset::Flag(_))
                | (Shape::Texts, Preset::Texts(_))
                | (Shape::Pointer | Shape::Pointers | Shape::Properties, Preset::Nothing)
                | (Shape::Word | Shape::Choice(_), Preset::Required) => true,
                _ => false,
            };
            assert!(fits, "{}: {:?} is not {}", key.name, key.preset, key.shape);
        }
    }

    #[test]
    fn a_name_stands_once() {
        for section in SECTIONS {
            let mut names = section.names();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), section.keys.len(), "{}", section.name);
        }
    }
}
