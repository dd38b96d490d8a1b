//! What to create: the topics that are missing, each setting with its reason.

use super::{
    DAY_MS, DEAD_LETTER_HEADERS, DescribedTopic, LEAST_RETENTION, Retention, TopicNeeds, TopicRole, TopicState,
    largest_record, longest_source, sources,
};

/// Kafka's own default of `max.message.bytes`: never less, whatever a cluster's own default is.
const DEFAULT_MAX_MESSAGE_BYTES: usize = 1_048_588;
/// A dead letter waits for a person, who may be on holiday.
const DEAD_LETTER_RETENTION: u64 = 30 * DAY_MS;
/// Dead letters are rare, but whole records: a storm of them is not one broker's alone.
const DEAD_LETTER_PARTITIONS: i32 = 3;
/// A source for a first try, and verdicts of sources that are not there yet.
const TRIAL_PARTITIONS: i32 = 3;

/// What whoever creates may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CreateOptions {
    /// Partitions of the verdicts (and of sources); the largest source's when not given.
    pub partitions: Option<i32>,
    /// -1 = the broker's default; not given as well.
    pub replication_factor: Option<i32>,
    /// Missing sources too.
    pub sources: bool,
}

/// A setting of a topic to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSetting {
    /// Kafka's name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Why.
    pub why: &'static str,
}

/// A topic to create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTopic {
    /// Its name.
    pub topic: String,
    /// What we do with it.
    pub role: TopicRole,
    /// How many partitions.
    pub partitions: i32,
    /// How many replicas; -1 = the broker's default.
    pub replication_factor: i32,
    /// What is set; the rest is the broker's default.
    pub settings: Vec<TopicSetting>,
}

/// The missing topics, as they should be.
#[must_use]
pub fn missing_topics(topics: &[DescribedTopic], needs: &TopicNeeds, options: &CreateOptions) -> Vec<NewTopic> {
    let is_wanted = |topic: &&DescribedTopic| {
        topic.state == TopicState::Missing && (options.sources || topic.role != TopicRole::Source)
    };
    let one = |topic: &DescribedTopic| NewTopic {
        topic: topic.topic.clone(),
        role: topic.role,
        partitions: partitions(topic.role, topics, options),
        replication_factor: options.replication_factor.unwrap_or(-1),
        settings: settings(topic.role, topics, needs),
    };
    topics.iter().filter(is_wanted).map(one).collect()
}

fn partitions(role: TopicRole, topics: &[DescribedTopic], options: &CreateOptions) -> i32 {
    let largest = sources(topics).map(|(_, facts)| facts.partitions).max();
    let largest = largest.and_then(|n| i32::try_from(n).ok()).unwrap_or(TRIAL_PARTITIONS);
    match role {
        TopicRole::Source => options.partitions.unwrap_or(TRIAL_PARTITIONS),
        TopicRole::Verdicts => options.partitions.unwrap_or(largest),
        TopicRole::DeadLetters => DEAD_LETTER_PARTITIONS,
        // A few small records a second, read by audits from end to end.
        TopicRole::Receipts => 1,
    }
}

fn settings(role: TopicRole, topics: &[DescribedTopic], needs: &TopicNeeds) -> Vec<TopicSetting> {
    let set = |name, value: String, why| TopicSetting { name, value, why };
    let cleanup = set("cleanup.policy", "delete".to_owned(), "compaction would delete all but one record of a key");
    let longest = longest_source(topics).map_or(Retention::Ms(LEAST_RETENTION), |(_, kept)| kept);
    let kept = |least: u64, why| set("retention.ms", ms(longest.max(Retention::Ms(least))), why);
    let bytes = |least: usize, why| set("max.message.bytes", least.max(DEFAULT_MAX_MESSAGE_BYTES).to_string(), why);
    match role {
        TopicRole::Source => Vec::new(),
        TopicRole::Verdicts => vec![
            cleanup,
            bytes(needs.largest_verdict, "the largest verdict fits"),
            kept(LEAST_RETENTION, "as long as the longest source, so that an audit finds the verdict of each record"),
        ],
        TopicRole::DeadLetters => {
            let largest = largest_record(topics).map_or(0, |(_, max)| max + DEAD_LETTER_HEADERS);
            vec![
                cleanup,
                bytes(largest, "the largest record of a source fits, with our headers"),
                kept(DEAD_LETTER_RETENTION, "a dead letter waits for a person"),
            ]
        }
        TopicRole::Receipts => vec![
            cleanup,
            kept(LEAST_RETENTION, "as long as the longest source, so that an audit covers every record that is left"),
        ],
    }
}

fn ms(kept: Retention) -> String {
    match kept {
        Retention::Ms(ms) => ms.to_string(),
        Retention::Unlimited => "-1".to_owned(),
    }
}
