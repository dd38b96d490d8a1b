//! One record as an example: where it stands, what was decided, and the matched words in their context.

use std::fmt;
use std::sync::Arc;

use crate::content::{Content, Kind};
use crate::engine::{Mention, Verdict};
use crate::rule::{Action, Severity, Status, Via};
use crate::text::FoldSet;

/// Characters of context on each side of matched words.
const REACH: usize = 32;
/// Characters of matched words; a name that takes more is one with padding.
const MAX_WORDS: usize = 200;
/// Characters of a record's own id.
const MAX_ID: usize = 100;

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a topic.
    Offset {
        /// Its name.
        topic: Arc<str>,
        /// The partition.
        partition: i32,
        /// The offset.
        offset: i64,
    },
    /// In a file.
    File {
        /// Its name.
        file: Arc<str>,
        /// The line, from 1; `None` when the file is one text.
        line: Option<u64>,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Offset { topic, partition, offset } => write!(f, "{topic}/{partition}/{offset}"),
            Place::File { file, line: Some(line) } => write!(f, "{file}:{line}"),
            Place::File { file, line: None } => f.write_str(file),
        }
    }
}

/// What one rule set decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The action of the record.
    pub action: Action,
    /// `None` when the action is.
    pub severity: Option<Severity>,
}

impl Decision {
    /// What a verdict decides.
    #[must_use]
    pub fn of(verdict: &Verdict<'_>) -> Self {
        let severity = verdict.severity.filter(|_| verdict.action > Action::None);
        Self { action: verdict.action, severity }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.as_str())?;
        self.severity.map_or(Ok(()), |severity| write!(f, ", {}", severity.as_str()))
    }
}

/// Matched words, and what they are said to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The organization's id; `canary` for the canary.
    pub organization: String,
    /// Its name for people.
    pub name: String,
    /// The field's name in the settings, with the item: `urls[2]`.
    pub field: String,
    /// What stands before the words in the same field, at most 32 characters.
    pub before: String,
    /// The matched words of the original.
    pub text: String,
    /// What stands behind them.
    pub after: String,
    /// There is more before `before`, and behind `after`.
    pub is_cut: (bool, bool),
    /// What of the organization was found.
    pub via: Via,
    /// How the words differ from the official spelling.
    pub folds: FoldSet,
    /// Which of these hide the name.
    pub evasion: FoldSet,
    /// What the policy makes of this mention; in shadow, what it would.
    pub decision: Decision,
    /// In force, or in shadow.
    pub status: Status,
    /// The conditions that hold for it.
    pub conditions: Vec<Arc<str>>,
}

/// A record that shows what a report counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The verdict's id, which is a hash: the smallest are kept.
    pub rank: u128,
    /// Where the record stands.
    pub place: Place,
    /// The record's own id.
    pub id: Option<String>,
    /// Post or registration.
    pub kind: Kind,
    /// What each rule set decided, in the order of the report's rule sets.
    pub decisions: Vec<Decision>,
    /// The words that it is about.
    pub finding: Finding,
}

/// The id under which a mention is counted.
pub(super) fn organization<'m>(mention: &'m Mention<'_>) -> &'m str {
    mention.subject().id().unwrap_or(Via::Canary.as_str())
}

/// The name that people read.
pub(super) fn name<'m>(mention: &'m Mention<'_>) -> &'m str {
    mention.subject().name().unwrap_or("deployment test string")
}

/// The record's own id, cut to what an example may hold.
pub(super) fn id(content: &Content<'_>) -> Option<String> {
    content.id.as_deref().map(|id| first(id, MAX_ID).to_owned())
}

impl Finding {
    /// The words of a mention with what stands around them.
    #[must_use]
    pub fn of(mention: &Mention<'_>, content: &Content<'_>) -> Self {
        let field = content.fields.iter().find(|field| field.name == mention.field && field.item == mention.item);
        let text = field.map_or("", |field| &*field.value);
        let before = text.get(..mention.span.bytes.start).unwrap_or("");
        let after = text.get(mention.span.bytes.end..).unwrap_or("");
        let start = before.char_indices().rev().take(REACH).last().map_or(before.len(), |(at, _)| at);
        let near = first(after, REACH);
        Self {
            organization: organization(mention).to_owned(),
            name: name(mention).to_owned(),
            field: mention.item.map_or_else(|| mention.field.to_string(), |item| format!("{}[{item}]", mention.field)),
            before: before[start..].to_owned(),
            text: first(&mention.text, MAX_WORDS).to_owned(),
            after: near.to_owned(),
            is_cut: (start > 0, near.len() < after.len()),
            via: mention.via,
            folds: mention.folds,
            evasion: mention.evasion,
            decision: Decision { action: mention.action, severity: mention.severity },
            status: mention.status,
            conditions: mention.conditions.iter().map(|condition| Arc::clone(&condition.id)).collect(),
        }
    }
}

/// The first characters of a text.
fn first(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Scanner;
    use crate::report::made_up::rules;

    #[test]
    fn a_finding_shows_the_words_between_their_neighbours() {
        let rules = rules("amber-society", "Amber Society");
        let far = "x".repeat(40);
        for (text, before, after, is_cut) in [
            ("Join Amber Society now", "Join ", " now", (false, false)),
            ("Amber Society", "", "", (false, false)),
            (
                &format!("{far} Amber Society {far}"),
                &format!("{} ", &far[..31]),
                &format!(" {}", &far[..31]),
                (true, true),
            ),
        ] {
            let content = Content::post(text);
            let verdict = Scanner::new(&rules).scan(&content).unwrap();
            let finding = Finding::of(&verdict.mentions[0], &content);
            assert_eq!((finding.before.as_str(), finding.after.as_str(), finding.is_cut), (before, after, is_cut));
            assert_eq!((finding.text.as_str(), finding.organization.as_str()), ("Amber Society", "amber-society"));
        }
    }

    #[test]
    fn a_place_is_written_as_it_can_be_looked_up() {
        let (topic, file): (Arc<str>, Arc<str>) = ("posts".into(), "a.ndjson".into());
        for (place, expected) in [
            (Place::Offset { topic, partition: 3, offset: 1289 }, "posts/3/1289"),
            (Place::File { file: Arc::clone(&file), line: Some(7) }, "a.ndjson:7"),
            (Place::File { file, line: None }, "a.ndjson"),
        ] {
            assert_eq!(place.to_string(), expected);
        }
    }
}
