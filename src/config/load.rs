//! From the values that were read to [`Settings`]: what each one means. Shapes and defaults are in [`super::keys`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::check;
use super::keys::SECTIONS;
use super::layers::{Layers, merge};
use super::literal::Literal;
use super::problem::Problems;
use super::properties::{self, PropertyCheck};
use super::read::{Entry, Findings, Scope, read};
use super::settings::{
    Breaker, Compression, Delivery, Emit, Gaps, Http, Kafka, Log, LogFormat, Rules, Secret, Settings, Shutdown, Source,
    Topic, Verdicts,
};
use super::shown::{Shown, shown};
use crate::content::Kind;
use crate::event::Mode;
use crate::stream::{SourceFields, Start};

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
    inspect(layers, around).1
}

/// The same, with every key as it was read: its value, and where that came from. A file that is no TOML has no keys.
pub fn inspect(layers: &Layers, around: &Surroundings<'_>) -> (Vec<Shown>, Result<Settings, Problems>) {
    let mut found = Findings::default();
    let tree = merge(layers, &mut found.problems);
    if unreadable_file(&found) {
        // what the file would have said is unknown: no second-hand complaints
        return (Vec::new(), Err(Problems(found.problems)));
    }
    let scopes = read(&tree, &mut found);
    let settings = settings(&Scopes(&scopes), around, &mut found);
    check::check(&settings, around, &mut found);
    let result = if found.problems.is_empty() { Ok(settings) } else { Err(Problems(found.problems)) };
    (shown(&scopes), result)
}

fn unreadable_file(found: &Findings) -> bool {
    found.problems.iter().any(|problem| problem.key.is_empty())
}

/// Everything that was read.
struct Scopes<'s>(&'s [Scope]);

impl<'s> Scopes<'s> {
    fn one(&self, name: &str) -> &'s Scope {
        self.all(name).next().expect("reading makes a scope of every section that is no list")
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &'s Scope> {
        assert!(SECTIONS.iter().any(|section| section.name == name), "the table has no section {name}");
        self.0.iter().filter(move |scope| scope.section.name == name)
    }
}

/// A key's value; where that is wrong or missing, its default, so that the rest can be checked too. Whoever asks for a
/// key that the table does not have, or not with this shape, is wrong in every run: a test would not come so far.
impl Scope {
    fn literal(&self, name: &str) -> Option<Literal> {
        let entry = self.entries.iter().find(|entry| entry.declared.name == name);
        let key = self.section.keys.iter().find(|key| key.name == name).expect("the table has the key");
        entry.and_then(|entry| entry.value.clone()).or_else(|| key.preset.literal())
    }

    fn optional(&self, name: &str) -> Option<String> {
        match self.literal(name) {
            None => None,
            Some(Literal::Text(text)) => Some(text),
            Some(other) => unreachable!("{name} is {other} and no text"),
        }
    }

    /// Empty when it is missing although it must not be: that was noted.
    fn text(&self, name: &str) -> String {
        self.optional(name).unwrap_or_default()
    }

    fn number(&self, name: &str) -> u64 {
        match self.literal(name) {
            Some(Literal::Number(number)) => number,
            other => unreachable!("{name} is {other:?} and no number"),
        }
    }

    fn flag(&self, name: &str) -> bool {
        match self.literal(name) {
            Some(Literal::Flag(flag)) => flag,
            other => unreachable!("{name} is {other:?} and no flag"),
        }
    }

    fn texts(&self, name: &str) -> Vec<String> {
        match self.literal(name) {
            Some(Literal::Texts(texts)) => texts,
            other => unreachable!("{name} is {other:?} and no list"),
        }
    }

    /// The first choice when the word is missing although it must not be: that was noted.
    fn choice<T: Copy>(&self, name: &str, all: &[T], as_str: fn(T) -> &'static str) -> T {
        let word = self.text(name);
        *all.iter().find(|choice| as_str(**choice) == word).unwrap_or(&all[0])
    }

    /// The names and texts of a table.
    fn items(&self, name: &str) -> impl Iterator<Item = (String, String)> {
        let item = |entry: &Entry| match (&entry.item, &entry.value) {
            (Some(item), Some(Literal::Text(text))) => Some((item.clone(), text.clone())),
            _ => None,
        };
        self.entries.iter().filter(move |entry| entry.declared.name == name).filter_map(item)
    }

    fn key(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }
}

fn settings(scopes: &Scopes<'_>, around: &Surroundings<'_>, found: &mut Findings) -> Settings {
    let topic = |name: &str| Topic { topic: scopes.one(name).text("topic") };
    Settings {
        kafka: kafka(scopes.one("kafka"), around, found),
        sources: scopes.all("source").map(source).collect(),
        verdicts: verdicts(scopes.one("verdicts")),
        dead_letters: topic("dead_letters"),
        receipts: topic("receipts"),
        rules: rules(scopes.one("rules")),
        breaker: breaker(scopes.one("breaker")),
        http: http(scopes.one("http")),
        log: log(scopes.one("log")),
        shutdown: Shutdown { drain_ms: scopes.one("shutdown").number("drain_ms") },
    }
}

fn kafka(scope: &Scope, around: &Surroundings<'_>, found: &mut Findings) -> Kafka {
    let properties: BTreeMap<_, _> = scope.items("properties").collect();
    properties::check(&properties, around.property, found);
    Kafka {
        bootstrap_servers: scope.text("bootstrap_servers"),
        group_id: scope.text("group_id"),
        instance: scope.optional("instance").filter(|name| !name.is_empty()).unwrap_or(around.host_name.clone()),
        delivery: delivery(scope, found),
        start: scope.text("start").parse().unwrap_or(Start::Earliest),
        gaps: scope.choice("gaps", Gaps::ALL, Gaps::as_str),
        consumers: usize::try_from(scope.number("consumers")).unwrap_or(0),
        compression: scope.choice("compression", Compression::ALL, Compression::as_str),
        properties,
    }
}

/// Exactly once is refused until it exists, never quietly downgraded.
fn delivery(scope: &Scope, found: &mut Findings) -> Delivery {
    if scope.text("delivery") != Delivery::AtLeastOnce.as_str() {
        found.problem(
            scope.key("delivery"),
            "\"exactly-once\" is not built yet; \"at-least-once\" gives verdicts whose ids make duplicates removable",
        );
    }
    Delivery::AtLeastOnce
}

fn source(scope: &Scope) -> Source {
    Source {
        topic: scope.text("topic"),
        fields: SourceFields {
            kind: scope.choice("kind", &Kind::ALL, Kind::as_str),
            id: scope.optional("id"),
            author: scope.optional("author"),
            time: scope.optional("time"),
            region: scope.optional("region"),
            attributes: scope.items("attributes").collect(),
            text: scope.items("text").collect(),
            links: scope.items("links").collect(),
        },
    }
}

fn verdicts(scope: &Scope) -> Verdicts {
    Verdicts {
        topic: scope.text("topic"),
        mode: scope.choice("mode", &Mode::ALL, Mode::as_str),
        emit: scope.choice("emit", Emit::ALL, Emit::as_str),
        headers: scope.texts("headers"),
    }
}

fn rules(scope: &Scope) -> Rules {
    Rules {
        paths: scope.texts("paths").into_iter().map(PathBuf::from).collect(),
        jurisdictions: scope.texts("jurisdictions"),
        watch: scope.flag("watch"),
    }
}

fn breaker(scope: &Scope) -> Breaker {
    let texts = usize::try_from(scope.number("texts")).unwrap_or(usize::MAX);
    Breaker { texts, window_s: scope.number("window_s") }
}

fn http(scope: &Scope) -> Http {
    let token = scope.optional("token").filter(|token| !token.is_empty()).map(Secret::new);
    Http { listen: scope.text("listen").parse().expect("its shape is that of an address, as is its default's"), token }
}

fn log(scope: &Scope) -> Log {
    Log { format: scope.choice("format", LogFormat::ALL, LogFormat::as_str), level: scope.text("level") }
}
