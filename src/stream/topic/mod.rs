//! The topics that a settings file needs: what they should be like, what is wrong with those that are there, and the
//! rights that working with them takes.
//!
//! described topics -> [`check_topics`] -> faults; [`missing_topics`] -> what to create; names -> [`acls`]
//!
//! Nothing here asks a broker: whoever does brings the answers as [`TopicState`].

mod acl;
mod check;
mod missing;

use std::collections::BTreeMap;

pub use acl::{Acl, AclUse, Resource, acls};
pub use check::{FaultLevel, TopicFault, TopicNeeds, check_topics};
pub use missing::{CreateOptions, NewTopic, TopicSetting, missing_topics};

/// What we do with a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TopicRole {
    /// We read it.
    Source,
    /// Verdicts go there.
    Verdicts,
    /// What could not be judged goes there.
    DeadLetters,
    /// What was judged, by which rules.
    Receipts,
}

impl TopicRole {
    /// The name for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            TopicRole::Source => "source",
            TopicRole::Verdicts => "verdicts",
            TopicRole::DeadLetters => "dead letters",
            TopicRole::Receipts => "receipts",
        }
    }
}

/// What a broker says of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicState {
    /// There is none.
    Missing,
    /// We may not see whether there is one.
    Denied,
    /// It is there.
    Found(TopicFacts),
}

/// A topic that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TopicFacts {
    /// How many partitions it has.
    pub partitions: usize,
    /// Replicas of the partition that has the fewest.
    pub replicas: usize,
    /// Its settings by name, defaults included; `None` when we may not see them.
    pub settings: Option<BTreeMap<String, String>>,
}

impl TopicFacts {
    fn setting(&self, name: &str) -> Option<&str> {
        self.settings.as_ref()?.get(name).map(String::as_str)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.setting(name)?.parse().ok()
    }

    /// The largest record batch, in bytes.
    #[must_use]
    pub fn max_message_bytes(&self) -> Option<usize> {
        usize::try_from(self.number("max.message.bytes")?).ok()
    }

    /// Compaction keeps one record of each key, and refuses those without one.
    #[must_use]
    pub fn is_compacted(&self) -> bool {
        self.setting("cleanup.policy").is_some_and(|policy| policy.split(',').any(|word| word.trim() == "compact"))
    }

    /// How long its records are kept, as far as time decides.
    fn retention(&self) -> Option<Retention> {
        if self.setting("cleanup.policy").is_some_and(|policy| !policy.contains("delete")) {
            return Some(Retention::Unlimited);
        }
        let ms = self.number("retention.ms")?;
        Some(u64::try_from(ms).map_or(Retention::Unlimited, Retention::Ms))
    }
}

/// How long records are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Retention {
    Ms(u64),
    Unlimited,
}

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;

impl std::fmt::Display for Retention {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Retention::Unlimited => f.write_str("for ever"),
            Retention::Ms(ms) if *ms >= 2 * DAY_MS => write!(f, "for {} days", ms / DAY_MS),
            Retention::Ms(ms) if *ms >= 2 * HOUR_MS => write!(f, "for {} hours", ms / HOUR_MS),
            Retention::Ms(ms) => write!(f, "for {ms} ms"),
        }
    }
}

/// A topic of the settings, and what a broker says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescribedTopic {
    /// Its name.
    pub topic: String,
    /// What we do with it.
    pub role: TopicRole,
    /// What is known of it.
    pub state: TopicState,
}

impl DescribedTopic {
    fn facts(&self) -> Option<&TopicFacts> {
        match &self.state {
            TopicState::Found(facts) => Some(facts),
            TopicState::Missing | TopicState::Denied => None,
        }
    }
}

/// The sources that are there.
fn sources(topics: &[DescribedTopic]) -> impl Iterator<Item = (&DescribedTopic, &TopicFacts)> {
    let sources = topics.iter().filter(|topic| topic.role == TopicRole::Source);
    sources.filter_map(|topic| Some((topic, topic.facts()?)))
}

/// The source whose records are kept longest.
fn longest_source(topics: &[DescribedTopic]) -> Option<(&DescribedTopic, Retention)> {
    sources(topics).filter_map(|(topic, facts)| Some((topic, facts.retention()?))).max_by_key(|(_, kept)| *kept)
}

/// The largest record that a source may hold.
fn largest_record(topics: &[DescribedTopic]) -> Option<(&DescribedTopic, usize)> {
    sources(topics).filter_map(|(topic, facts)| Some((topic, facts.max_message_bytes()?))).max_by_key(|(_, max)| *max)
}

/// What a dead letter adds to its record: our seven headers with a message of 500 bytes, and a topic's name.
const DEAD_LETTER_HEADERS: usize = 2048;
/// An audit holds receipts against verdicts and dead letters: as long as the records are there, and never less.
const LEAST_RETENTION: u64 = 7 * DAY_MS;

#[cfg(test)]
mod tests;
