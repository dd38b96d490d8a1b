//! Typed readers over the tree of values: strict with a file's types, reading text from the environment and flags.
//!
//! `config` would turn `"yes"` into true and 1 into `"1"`. Here a file's value must have the type of its key, and a
//! text from the environment or a flag is parsed by the reader of its key. A reader never stops at a problem.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use config::{Map, Value, ValueKind};

use super::problem::{Origin, Problem, nearest};

/// What the readers found out: problems, and where each key came from.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub problems: Vec<Problem>,
    origins: BTreeMap<String, Origin>,
}

impl Findings {
    /// Notes a problem at a key, with the origin that was seen when the key was read.
    pub fn problem(&mut self, key: impl Into<String>, message: impl Into<String>) {
        let key = key.into();
        let origin = self.origins.get(&key).cloned();
        self.problems.push(Problem { key, origin, message: message.into() });
    }

    fn saw(&mut self, key: &str, value: &Value) {
        if let Some(origin) = origin_of(value) {
            self.origins.insert(key.to_owned(), Origin::parse(origin));
        }
    }
}

/// One table of the settings, with the keys it may have.
#[derive(Debug)]
pub(super) struct Section<'v> {
    path: String,
    table: Option<&'v Map<String, Value>>,
}

impl<'v> Section<'v> {
    /// The whole tree. Keys that are not in `known` are problems, here and in every other section.
    pub fn root(table: &'v Map<String, Value>, known: &[&str], found: &mut Findings) -> Self {
        let section = Section { path: String::new(), table: Some(table) };
        section.refuse_unknown(known, found);
        section
    }

    /// A table within this one; without entries when the file does not have it.
    pub fn child(&self, name: &str, known: &[&str], found: &mut Findings) -> Section<'v> {
        let path = self.key(name);
        let table = self.get(name, found).and_then(|value| as_table(&path, value, found));
        let section = Section { path, table };
        section.refuse_unknown(known, found);
        section
    }

    /// A list of tables within this one.
    pub fn children(&self, name: &str, known: &[&str], found: &mut Findings) -> Vec<Section<'v>> {
        let path = self.key(name);
        let Some(value) = self.get(name, found) else {
            return Vec::new();
        };
        let ValueKind::Array(items) = &value.kind else {
            found.problem(path, format!("must be a list of tables, [[{name}]]"));
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}[{index}]");
            found.saw(&path, item);
            let table = as_table(&path, item, found);
            let section = Section { path, table };
            section.refuse_unknown(known, found);
            sections.push(section);
        }
        sections
    }

    /// Notes each of these keys that the table does not have.
    pub fn require(&self, names: &[&str], found: &mut Findings) {
        for name in names {
            if self.table.is_some_and(|table| !table.contains_key(*name)) {
                found.problem(self.key(name), "is missing");
            }
        }
    }

    /// The full name of one of this section's keys.
    pub fn key(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// A text.
    pub fn text(&self, name: &str, found: &mut Findings) -> Option<String> {
        let value = self.get(name, found)?;
        match &value.kind {
            ValueKind::String(text) => Some(text.clone()),
            other => {
                found.problem(self.key(name), format!("must be a text, not {}", describe(other)));
                None
            }
        }
    }

    /// A text that must not be empty.
    pub fn word(&self, name: &str, found: &mut Findings) -> Option<String> {
        let text = self.text(name, found)?;
        if text.trim().is_empty() {
            found.problem(self.key(name), "must not be empty");
            return None;
        }
        Some(text)
    }

    /// A whole number within a range.
    pub fn number(&self, name: &str, range: RangeInclusive<u64>, found: &mut Findings) -> Option<u64> {
        let value = self.get(name, found)?;
        let number = match &value.kind {
            ValueKind::I64(n) => u64::try_from(*n).ok(),
            ValueKind::U64(n) => Some(*n),
            ValueKind::String(text) if is_text(value) => text.trim().parse().ok(),
            other => {
                found.problem(self.key(name), format!("must be a whole number, not {}", describe(other)));
                return None;
            }
        };
        let number = number.filter(|n| range.contains(n));
        if number.is_none() {
            let shown = describe(&value.kind);
            found.problem(
                self.key(name),
                format!("must be a whole number from {} to {}, not {shown}", range.start(), range.end()),
            );
        }
        number
    }

    /// True or false.
    pub fn flag(&self, name: &str, found: &mut Findings) -> Option<bool> {
        let value = self.get(name, found)?;
        match &value.kind {
            ValueKind::Boolean(flag) => Some(*flag),
            ValueKind::String(text) if is_text(value) && matches!(text.as_str(), "true" | "false") => {
                Some(text == "true")
            }
            other => {
                found.problem(self.key(name), format!("must be true or false, not {}", describe(other)));
                None
            }
        }
    }

    /// One of a few words.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)], found: &mut Findings) -> Option<T> {
        let text = self.text(name, found)?;
        if let Some((_, choice)) = choices.iter().find(|(word, _)| *word == text) {
            return Some(*choice);
        }
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let hint = nearest(&text, &words).map_or(String::new(), |word| format!(" (did you mean {word}?)"));
        found.problem(self.key(name), format!("must be {}, not {text:?}{hint}", words.join(" or ")));
        None
    }

    /// A list of texts; from the environment or a flag, one text with commas.
    pub fn list(&self, name: &str, found: &mut Findings) -> Option<Vec<String>> {
        let value = self.get(name, found)?;
        match &value.kind {
            ValueKind::Array(items) => Some(self.texts(name, items, found)),
            ValueKind::String(text) if is_text(value) => {
                Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
            }
            other => {
                found.problem(self.key(name), format!("must be a list of texts, not {}", describe(other)));
                None
            }
        }
    }

    fn texts(&self, name: &str, items: &[Value], found: &mut Findings) -> Vec<String> {
        let mut texts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let key = format!("{}[{index}]", self.key(name));
            found.saw(&key, item);
            match &item.kind {
                ValueKind::String(text) => texts.push(text.clone()),
                other => found.problem(key, format!("must be a text, not {}", describe(other))),
            }
        }
        texts
    }

    /// A table whose keys the user chooses and whose values are texts, in the order of the file.
    pub fn texts_by_name(&self, name: &str, found: &mut Findings) -> Vec<(String, String)> {
        let path = self.key(name);
        let table = self.get(name, found).and_then(|value| as_table(&path, value, found));
        let section = Section { path, table };
        section.names().filter_map(|name| Some((name.to_owned(), section.text(name, found)?))).collect()
    }

    /// The same for librdkafka's properties: values may be texts, numbers or booleans, and a name written without its
    /// quotes (`ssl.ca.location = "…"`, which TOML reads as nested tables) is put together again.
    pub fn properties(&self, name: &str, found: &mut Findings) -> BTreeMap<String, String> {
        let path = self.key(name);
        let table = self.get(name, found).and_then(|value| as_table(&path, value, found));
        let mut properties = BTreeMap::new();
        flatten(&Section { path, table }, "", &mut properties, found);
        properties
    }

    /// The names of this section's keys.
    fn names(&self) -> impl Iterator<Item = &'v str> {
        self.table.into_iter().flat_map(|table| table.keys().map(String::as_str))
    }

    fn get(&self, name: &str, found: &mut Findings) -> Option<&'v Value> {
        let value = self.table?.get(name)?;
        found.saw(&self.key(name), value);
        Some(value)
    }

    fn refuse_unknown(&self, known: &[&str], found: &mut Findings) {
        for name in self.names().filter(|name| !known.contains(name)) {
            let _ = self.get(name, found);
            let hint = match nearest(name, known) {
                Some(word) => format!("did you mean {word}?"),
                None => format!("known here: {}", known.join(", ")),
            };
            found.problem(self.key(name), format!("unknown key; {hint}"));
        }
    }
}

fn flatten(section: &Section<'_>, prefix: &str, out: &mut BTreeMap<String, String>, found: &mut Findings) {
    for name in section.names() {
        let Some(value) = section.get(name, found) else {
            continue;
        };
        let full = format!("{prefix}{name}");
        let text = match &value.kind {
            ValueKind::String(text) => text.clone(),
            ValueKind::Boolean(flag) => flag.to_string(),
            ValueKind::I64(number) => number.to_string(),
            ValueKind::Float(number) => number.to_string(),
            ValueKind::Table(table) => {
                let inner = Section { path: section.key(name), table: Some(table) };
                flatten(&inner, &format!("{full}."), out, found);
                continue;
            }
            other => {
                let message = format!("must be a text, a number or a boolean, not {}", describe(other));
                found.problem(section.key(name), message);
                continue;
            }
        };
        out.insert(full, text);
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
