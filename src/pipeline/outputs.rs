//! The topics of the settings, and what they have to be like for us.

use crate::config::Settings;
use crate::stream::{TopicNeeds, TopicRole};

/// The default of both `message.max.bytes` of librdkafka and (nearly) `max.message.bytes` of a topic.
pub(super) const MAX_MESSAGE_BYTES: usize = 1_000_000;

/// Each topic of the settings and what we do with it: the sources in their order, then what we write.
#[must_use]
pub fn topic_uses(settings: &Settings) -> Vec<(String, TopicRole)> {
    let sources = settings.sources.iter().map(|source| (source.topic.clone(), TopicRole::Source));
    let outputs = [
        (settings.verdicts.topic.clone(), TopicRole::Verdicts),
        (settings.dead_letters.topic.clone(), TopicRole::DeadLetters),
        (settings.receipts.topic.clone(), TopicRole::Receipts),
    ];
    sources.chain(outputs).collect()
}

/// What the settings ask of topics, when a verdict has at most so many bytes.
#[must_use]
pub fn topic_needs(settings: &Settings, largest_verdict: usize) -> TopicNeeds {
    TopicNeeds { largest_verdict, producer_max: producer_max(settings), consumers: settings.kafka.consumers }
}

/// The most bytes of a record that our producer sends.
pub(super) fn producer_max(settings: &Settings) -> usize {
    let set = settings.kafka.properties.get("message.max.bytes");
    set.and_then(|value| value.parse().ok()).unwrap_or(MAX_MESSAGE_BYTES)
}

/// Bytes of the longest name of a field.
#[must_use]
pub fn longest_field(settings: &Settings) -> usize {
    let fields = settings.sources.iter().flat_map(|source| source.fields.text.iter().chain(&source.fields.links));
    fields.map(|(name, _)| name.len()).max().unwrap_or(0)
}
