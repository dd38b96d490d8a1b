//! The tree of values against the table of keys: strict with a file's types, reading text from the environment and flags.
//!
//! `config` would turn `"yes"` into true and 1 into `"1"`. Here a file's value must have the shape of its key, and a
//! text from the environment or a flag is parsed as that shape. Reading never stops at a problem: a wrong value is
//! noted, and its default stands in for it.

use std::collections::BTreeMap;

use config::{Map, Value, ValueKind};

use super::keys::{Key, Preset, SECTIONS, Section, Shape};
use super::literal::Literal;
use super::problem::{Origin, Problem, nearest};

/// What was found out while reading: problems, and where each key came from.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub problems: Vec<Problem>,
    origins: BTreeMap<String, Origin>,
}

impl Findings {
    /// Notes a problem at a key, with the origin that was seen when the key was read, or that of its `[[source]]`.
    pub fn problem(&mut self, key: impl Into<String>, message: impl Into<String>) {
        let key = key.into();
        let table = || key.split_once("].").and_then(|(table, _)| self.origins.get(&format!("{table}]")));
        let origin = self.origins.get(&key).or_else(table).cloned();
        self.problems.push(Problem { key, origin, message: message.into() });
    }

    fn saw(&mut self, key: &str, value: &Value) {
        if let Some(origin) = origin_of(value) {
            self.origins.insert(key.to_owned(), Origin::parse(origin));
        }
    }
}

/// One key that was read.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// The name within a table of pointers or properties, such as `body`.
    pub item: Option<String>,
    /// What the table says about it.
    pub declared: &'static Key,
    /// The value that holds; none when nobody set the key and it has no default, or when what was set is wrong.
    pub value: Option<Literal>,
    /// Who set it; none: nobody, so that the default holds.
    pub origin: Option<Origin>,
}

/// One section that was read.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// Its name in full, such as `kafka` or `source[0]`.
    pub path: String,
    /// What the table says about it.
    pub section: &'static Section,
    /// Its keys, in the order of the table; of a table of pointers or properties, each item.
    pub entries: Vec<Entry>,
}

/// Reads every key that the table knows, and notes every other one.
pub(super) fn read(tree: &Map<String, Value>, found: &mut Findings) -> Vec<Scope> {
    let names: Vec<_> = SECTIONS.iter().map(|section| section.name).collect();
    refuse_unknown("", tree, &names, found);
    SECTIONS.iter().flat_map(|section| scopes(section, tree.get(section.name), found)).collect()
}

fn scopes(section: &'static Section, value: Option<&Value>, found: &mut Findings) -> Vec<Scope> {
    let name = section.name;
    if let Some(value) = value {
        found.saw(name, value);
    }
    if !section.is_list {
        return vec![scope(section, name.to_owned(), value, found)];
    }
    match value.map(|value| &value.kind) {
        None => Vec::new(),
        Some(ValueKind::Array(items)) => {
            let item = |(index, item)| scope(section, format!("{name}[{index}]"), Some(item), found);
            items.iter().enumerate().map(item).collect()
        }
        Some(_) => {
            found.problem(name, format!("must be a list of tables, {}", section.heading()));
            Vec::new()
        }
    }
}

fn scope(section: &'static Section, path: String, value: Option<&Value>, found: &mut Findings) -> Scope {
    let table = value.and_then(|value| {
        found.saw(&path, value);
        as_table(&path, value, found)
    });
    let is_wrong = value.is_some() && table.is_none();
    if let Some(table) = table {
        refuse_unknown(&path, table, &section.names(), found);
    }
    let mut scope = Scope { path, section, entries: Vec::new() };
    for key in section.keys {
        let full = format!("{}.{}", scope.path, key.name);
        if let Some(value) = table.and_then(|table| table.get(key.name)) {
            read_key(key, &full, value, &mut scope.entries, found);
            continue;
        }
        if matches!(key.preset, Preset::Required) && !is_wrong {
            found.problem(full, "is missing");
        }
        if !key.shape.is_table() {
            let value = key.preset.literal();
            scope.entries.push(Entry { item: None, declared: key, value, origin: None });
        }
    }
    scope
}

fn read_key(key: &'static Key, full: &str, value: &Value, entries: &mut Vec<Entry>, found: &mut Findings) {
    found.saw(full, value);
    if key.shape.is_table() {
        if let Some(table) = as_table(full, value, found) {
            read_items(key, full, "", table, entries, found);
        }
        return;
    }
    let literal = read_value(key, full, value, found);
    let origin = found.origins.get(full).cloned();
    entries.push(Entry { item: None, declared: key, value: literal, origin });
}

/// The entries of a table whose names the user chooses, in the order of the file. A property's name written without its
/// quotes (`ssl.ca.location = "…"`, which TOML reads as nested tables) is put together again.
fn read_items(
    key: &'static Key,
    path: &str,
    prefix: &str,
    table: &Map<String, Value>,
    entries: &mut Vec<Entry>,
    found: &mut Findings,
) {
    for (name, value) in table {
        let (full, item) = (format!("{path}.{name}"), format!("{prefix}{name}"));
        found.saw(&full, value);
        let text = match (&value.kind, key.shape) {
            (ValueKind::Table(inner), Shape::Properties) => {
                read_items(key, &full, &format!("{item}."), inner, entries, found);
                continue;
            }
            (ValueKind::String(text), _) => Some(text.clone()),
            (ValueKind::Boolean(flag), Shape::Properties) => Some(flag.to_string()),
            (ValueKind::I64(number), Shape::Properties) => Some(number.to_string()),
            (ValueKind::Float(number), Shape::Properties) => Some(number.to_string()),
            (other, Shape::Properties) => {
                found.problem(&full, format!("must be a text, a number or a boolean, not {}", describe(other)));
                None
            }
            (other, _) => {
                found.problem(&full, format!("must be a text, not {}", describe(other)));
                None
            }
        };
        let (value, origin) = (text.map(Literal::Text), found.origins.get(&full).cloned());
        add(Entry { item: Some(item), declared: key, value, origin }, &full, entries, found);
    }
}

/// A name may come twice, with quotes and without: `config` takes them for two. What came over the file wins.
fn add(entry: Entry, full: &str, entries: &mut Vec<Entry>, found: &mut Findings) {
    let is_over = |entry: &Entry| entry.origin.as_ref().is_some_and(Origin::is_text);
    let same = |it: &Entry| std::ptr::eq(it.declared, entry.declared) && it.item == entry.item;
    match entries.iter().position(same) {
        None => entries.push(entry),
        Some(at) if is_over(&entry) => entries[at] = entry,
        Some(at) if is_over(&entries[at]) => {}
        Some(_) => found.problem(full, "is set twice, with quotes and without"),
    }
}

/// A value as its key's shape; what is wrong is noted.
fn read_value(key: &Key, full: &str, value: &Value, found: &mut Findings) -> Option<Literal> {
    if let (Shape::Texts, ValueKind::Array(items)) = (key.shape, &value.kind) {
        return Some(Literal::Texts(texts(full, items, found)));
    }
    match literal(key.shape, value) {
        Ok(literal) => Some(literal),
        Err(Wrong::IsEmpty) => {
            found.problem(full, "must not be empty");
            None
        }
        Err(Wrong::MustBe(what)) if key.is_secret => {
            found.problem(full, format!("must be {what}"));
            None
        }
        Err(Wrong::MustBe(what)) => {
            let hint = nearest_word(key.shape, value).map_or(String::new(), |word| format!(" (did you mean {word}?)"));
            found.problem(full, format!("must be {what}, not {}{hint}", describe(&value.kind)));
            None
        }
    }
}

enum Wrong {
    IsEmpty,
    MustBe(String),
}

fn literal(shape: Shape, value: &Value) -> Result<Literal, Wrong> {
    let must_be = |what: &str| Err(Wrong::MustBe(what.to_owned()));
    match (shape, &value.kind) {
        (Shape::Number(from, to), kind) => number(kind, is_text(value), from, to).map(Literal::Number),
        (Shape::Flag, ValueKind::Boolean(flag)) => Ok(Literal::Flag(*flag)),
        (Shape::Flag, ValueKind::String(text)) if is_text(value) && matches!(text.as_str(), "true" | "false") => {
            Ok(Literal::Flag(text == "true"))
        }
        (Shape::Flag, _) => must_be("true or false"),
        (Shape::Texts, ValueKind::String(text)) if is_text(value) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(Literal::Texts(items.map(str::to_owned).collect()))
        }
        (Shape::Texts, _) => must_be("a list of texts"),
        (Shape::Word, ValueKind::String(text)) if text.trim().is_empty() => Err(Wrong::IsEmpty),
        (Shape::Form(what, fits), ValueKind::String(text)) if !fits(text) => must_be(what),
        (Shape::Choice(words), ValueKind::String(text)) if !words.contains(&text.as_str()) => {
            must_be(&words.join(" or "))
        }
        (_, ValueKind::String(text)) => Ok(Literal::Text(text.clone())),
        _ => must_be("a text"),
    }
}

fn number(kind: &ValueKind, is_text: bool, from: u64, to: u64) -> Result<u64, Wrong> {
    let number = match kind {
        ValueKind::I64(n) => u64::try_from(*n).ok(),
        ValueKind::U64(n) => Some(*n),
        ValueKind::I128(_) | ValueKind::U128(_) => None,
        ValueKind::String(text) if is_text => text.trim().parse().ok(),
        _ => return Err(Wrong::MustBe("a whole number".into())),
    };
    let wrong = || Wrong::MustBe(format!("a whole number from {from} to {to}"));
    number.filter(|n| (from..=to).contains(n)).ok_or_else(wrong)
}

fn nearest_word(shape: Shape, value: &Value) -> Option<&'static str> {
    match (shape, &value.kind) {
        (Shape::Choice(words), ValueKind::String(text)) => nearest(text, words),
        _ => None,
    }
}

fn texts(full: &str, items: &[Value], found: &mut Findings) -> Vec<String> {
    let mut texts = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let key = format!("{full}[{index}]");
        found.saw(&key, item);
        match &item.kind {
            ValueKind::String(text) => texts.push(text.clone()),
            other => found.problem(key, format!("must be a text, not {}", describe(other))),
        }
    }
    texts
}

fn refuse_unknown(path: &str, table: &Map<String, Value>, known: &[&str], found: &mut Findings) {
    for (name, value) in table.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
        let key = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.saw(&key, value);
        let hint = match nearest(name, known) {
            Some(word) => format!("did you mean {word}?"),
            None => format!("known here: {}", known.join(", ")),
        };
        found.problem(key, format!("unknown key; {hint}"));
    }
}

fn as_table<'v>(path: &str, value: &'v Value, found: &mut Findings) -> Option<&'v Map<String, Value>> {
    match &value.kind {
        ValueKind::Table(table) => Some(table),
        ValueKind::Nil => {
            found.problem(path, "is missing, although a later one is given");
            None
        }
        other => {
            found.problem(path, format!("must be a table, not {}", describe(other)));
            None
        }
    }
}

/// Merging forgets where a table came from; its first entry knows.
fn origin_of(value: &Value) -> Option<&str> {
    value.origin().or_else(|| match &value.kind {
        ValueKind::Table(table) => table.values().find_map(origin_of),
        ValueKind::Array(items) => items.iter().find_map(origin_of),
        _ => None,
    })
}

fn is_text(value: &Value) -> bool {
    value.origin().is_some_and(|origin| Origin::parse(origin).is_text())
}

/// A value as a message shows it.
fn describe(kind: &ValueKind) -> String {
    match kind {
        ValueKind::Nil => "nothing".into(),
        ValueKind::Boolean(flag) => format!("the boolean {flag}"),
        ValueKind::I64(n) => format!("the number {n}"),
        ValueKind::I128(n) => format!("the number {n}"),
        ValueKind::U64(n) => format!("the number {n}"),
        ValueKind::U128(n) => format!("the number {n}"),
        ValueKind::Float(n) => format!("the number {n}"),
        ValueKind::String(text) => format!("{text:?}"),
        ValueKind::Table(_) => "a table".into(),
        ValueKind::Array(_) => "a list".into(),
    }
}
