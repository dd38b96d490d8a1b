//! A mapping read key by key: each wrong value is a problem at its place, each key that nobody asked for too.

use super::date::PartialDate;
use super::diagnostic::{Code, Diagnostic};
use super::source::{At, Place, Source};
use super::suggest;
use super::yaml::{Node, Scalar, Value};
use std::sync::Arc;

/// A closed set of words, as rule files write them.
pub(super) trait Word: Copy + 'static {
    const VALUES: &'static [Self];
    fn word(self) -> &'static str;
}

/// The document being read, and what is wrong with it so far.
pub(super) struct Reading<'p> {
    pub source: Arc<Source>,
    pub problems: &'p mut Vec<Diagnostic>,
}

impl Reading<'_> {
    pub fn at<T>(&self, place: Place, value: T) -> At<T> {
        At { value, file: Arc::clone(&self.source), place }
    }
    pub fn problem(&mut self, code: Code, place: Place, message: impl Into<String>, help: Option<String>) {
        let problem = self.source.problem(code, place, message).maybe_help(help);
        self.problems.push(problem);
    }

    /// A text of one line that says something.
    pub fn text(&mut self, node: &Node, what: &str) -> Option<At<String>> {
        let scalar = self.scalar(node, what)?;
        let text = scalar.text.as_str();
        if text.trim().is_empty() {
            self.problem(Code::EmptyText, node.place, format!("{what} is empty"), None);
            return None;
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            let help = Some("write it on one line, without blanks around it".to_owned());
            self.problem(
                Code::WrongShape,
                node.place,
                format!("{what} has blanks around it or line breaks in it"),
                help,
            );
            return None;
        }
        Some(self.at(node.place, text.to_owned()))
    }

    /// A scalar that is not null.
    pub fn scalar<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n Scalar> {
        match &node.value {
            Value::Scalar(scalar) if scalar.is_null() => {
                self.problem(Code::EmptyText, node.place, format!("{what} is empty"), None);
                None
            }
            Value::Scalar(scalar) => Some(scalar),
            Value::Broken => None,
            Value::Sequence(_) => self.wrong_shape(node, what, "a text", "a list"),
            Value::Mapping(_) => self.wrong_shape(node, what, "a text", "a mapping"),
        }
    }

    /// The items of a list.
    pub fn items<'n>(&mut self, node: &'n Node, what: &str) -> &'n [Node] {
        let wrong = match &node.value {
            Value::Sequence(items) => return items,
            Value::Scalar(scalar) if scalar.is_null() => return &[],
            Value::Broken => return &[],
            Value::Scalar(_) => "a text",
            Value::Mapping(_) => "a mapping",
        };
        self.wrong_shape::<()>(node, what, "a list", wrong);
        &[]
    }

    pub fn wrong_shape<T>(&mut self, node: &Node, what: &str, wanted: &str, found: &str) -> Option<T> {
        self.problem(Code::WrongShape, node.place, format!("{what} is {found}; it must be {wanted}"), None);
        None
    }

    /// A value of a closed set of words.
    pub fn word<W: Word>(&mut self, node: &Node, what: &str) -> Option<At<W>> {
        let written = self.text(node, what)?;
        let found = W::VALUES.iter().find(|w| w.word() == written.value);
        if found.is_none() {
            let help = suggest::help(&written.value, W::VALUES.iter().map(|w| w.word()));
            self.problem(Code::UnknownValue, node.place, format!("{:?} is not a value of {what}", written.value), help);
        }
        found.map(|w| written.with(*w))
    }
}

/// The entries of one mapping.
pub(super) struct Fields<'n> {
    entries: &'n [(At<String>, Node)],
    asked: Vec<&'static str>,
    /// Where the mapping begins, for what is missing in it.
    pub place: Place,
}

impl<'n> Fields<'n> {
    /// The mapping, or a problem.
    pub fn of(reading: &mut Reading<'_>, node: &'n Node, what: &str) -> Option<Self> {
        let found = match &node.value {
            Value::Mapping(entries) => {
                let place = entries.first().map_or(node.place, |(key, _)| key.place);
                return Some(Self { entries, asked: Vec::new(), place });
            }
            Value::Broken => return None,
            Value::Sequence(_) => "a list",
            Value::Scalar(scalar) if scalar.is_null() => "empty",
            Value::Scalar(_) => "a text",
        };
        reading.wrong_shape(node, what, "a mapping", found)
    }

    /// The node of a key; absent when it is null.
    pub fn get(&mut self, key: &'static str) -> Option<&'n Node> {
        self.asked.push(key);
        let node = self.entries.iter().find(|(k, _)| k.value == key).map(|(_, node)| node)?;
        let null = matches!(&node.value, Value::Scalar(scalar) if scalar.is_null());
        (!null).then_some(node)
    }

    /// The node of a key that must be there.
    pub fn required(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<&'n Node> {
        let node = self.get(key);
        if node.is_none() {
            let at = self.entries.iter().find(|(k, _)| k.value == key).map_or(self.place, |(k, _)| k.place);
            reading.problem(Code::MissingKey, at, format!("{key} is missing"), None);
        }
        node
    }

    pub fn text(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<String>> {
        self.get(key).and_then(|node| reading.text(node, key))
    }

    pub fn required_text(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<String>> {
        self.required(reading, key).and_then(|node| reading.text(node, key))
    }

    /// Prose: it may have several lines.
    pub fn prose(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<String> {
        let scalar = self.get(key).and_then(|node| reading.scalar(node, key))?;
        Some(scalar.text.trim().to_owned()).filter(|t| !t.is_empty())
    }

    pub fn items(&mut self, reading: &mut Reading<'_>, key: &'static str) -> &'n [Node] {
        self.get(key).map_or(&[], |node| reading.items(node, key))
    }

    pub fn texts(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Vec<At<String>> {
        self.items(reading, key).iter().filter_map(|node| reading.text(node, key)).collect()
    }

    /// One text or a list of them.
    pub fn text_or_texts(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Vec<At<String>> {
        match self.get(key) {
            Some(node) if matches!(node.value, Value::Scalar(_)) => reading.text(node, key).into_iter().collect(),
            Some(node) => reading.items(node, key).iter().filter_map(|n| reading.text(n, key)).collect(),
            None => Vec::new(),
        }
    }

    pub fn word<W: Word>(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<W>> {
        self.get(key).and_then(|node| reading.word(node, key))
    }

    pub fn required_word<W: Word>(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<W>> {
        self.required(reading, key).and_then(|node| reading.word(node, key))
    }

    /// A list of words, each once.
    pub fn words<W: Word>(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Vec<W> {
        let mut words: Vec<At<W>> = Vec::new();
        for node in self.items(reading, key) {
            let Some(word) = reading.word::<W>(node, key) else { continue };
            if words.iter().any(|w| w.value.word() == word.value.word()) {
                reading.problem(
                    Code::WrongList,
                    node.place,
                    format!("{:?} stands twice in {key}", word.value.word()),
                    None,
                );
            } else {
                words.push(word);
            }
        }
        words.into_iter().map(|w| w.value).collect()
    }

    /// YYYY, YYYY-MM or YYYY-MM-DD.
    pub fn date(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<PartialDate>> {
        let text = self.text(reading, key)?;
        match PartialDate::parse(&text.value) {
            Ok(date) => Some(text.with(date)),
            Err(error) => {
                let help = Some("YYYY, YYYY-MM or YYYY-MM-DD".to_owned());
                reading.problem(Code::BadDate, text.place, format!("{:?} is not a date: {error}", text.value), help);
                None
            }
        }
    }

    /// `true` or `false`; absent is false.
    pub fn flag(&mut self, reading: &mut Reading<'_>, key: &'static str) -> bool {
        let Some(text) = self.text(reading, key) else { return false };
        if !matches!(text.value.as_str(), "true" | "false") {
            let message = format!("{:?} is neither true nor false", text.value);
            reading.problem(Code::BadNumber, text.place, message, Some("write true or false".to_owned()));
        }
        text.value == "true"
    }

    /// A whole number.
    pub fn count(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<u32> {
        let text = self.text(reading, key)?;
        let digits = text.value.bytes().all(|b| b.is_ascii_digit());
        let number = text.value.parse().ok().filter(|_| digits);
        if number.is_none() {
            reading.problem(Code::BadNumber, text.place, format!("{:?} is not a whole number", text.value), None);
        }
        number
    }

    /// A slug: lower-case ASCII words and digits joined by hyphens.
    pub fn required_id(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<At<String>> {
        self.required(reading, key).and_then(|node| id(reading, node, key))
    }

    /// Keys that nobody asked for.
    pub fn finish(self, reading: &mut Reading<'_>) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.value.as_str()) {
                let help = suggest::help(&key.value, self.asked.iter().copied());
                reading.problem(Code::UnknownKey, key.place, format!("unknown key {:?}", key.value), help);
            }
        }
    }
}

/// An id is a metric label and part of file names: it has to be short and plain.
const LONGEST_ID: usize = 120;

/// Reads an id, see [`Fields::required_id`]. One that is told to be none is still taken, so that what refers to it is not told too.
pub(super) fn id(reading: &mut Reading<'_>, node: &Node, what: &str) -> Option<At<String>> {
    let text = reading.text(node, what)?;
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if text.value.len() > LONGEST_ID || !text.value.split('-').all(word) {
        let help = Some("lower-case letters a-z and digits, in words joined by hyphens, at most 120".to_owned());
        reading.problem(Code::BadId, text.place, format!("{:?} is not an id", text.value), help);
    }
    Some(text)
}
