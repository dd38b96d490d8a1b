//! What is wrong with topics: a table of looks at one topic, each with what it finds.

use super::{
    DEAD_LETTER_HEADERS, DescribedTopic, LEAST_RETENTION, Retention, TopicFacts, TopicRole, TopicState, largest_record,
    longest_source, sources,
};

/// How much a fault matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultLevel {
    /// Worth knowing; nothing fails by it.
    Note,
    /// It works until a large record comes.
    Warning,
    /// It does not work, or verdicts would be lost.
    Error,
}

impl FaultLevel {
    /// The name for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            FaultLevel::Note => "note",
            FaultLevel::Warning => "warning",
            FaultLevel::Error => "error",
        }
    }
}

/// One thing that is wrong with a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicFault {
    /// How much it matters.
    pub level: FaultLevel,
    /// The topic.
    pub topic: String,
    /// For programs, such as `compacted`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be nothing.
    pub help: String,
}

/// What the settings and the rules ask of topics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicNeeds {
    /// Bytes of the largest verdict.
    pub largest_verdict: usize,
    /// Bytes of the largest record that our producer sends (librdkafka's `message.max.bytes`).
    pub producer_max: usize,
    /// Consumer threads that the settings ask for; 0 = as many as there are cores, which is no wish.
    pub consumers: usize,
}

/// All that a look may look at.
struct Look<'a> {
    all: &'a [DescribedTopic],
    needs: &'a TopicNeeds,
    of: &'a DescribedTopic,
    facts: &'a TopicFacts,
}

type Found = Option<(FaultLevel, &'static str, String, String)>;

/// Looks at a topic that is there.
const LOOKS: &[fn(&Look<'_>) -> Found] = &[
    compacted,
    min_insync_replicas,
    verdict_too_large,
    producer_too_small,
    dead_letter_too_large,
    short_retention,
    one_replica,
    few_partitions,
    hidden_settings,
];

/// Everything that is wrong with these topics, in their order, the worst of each first.
#[must_use]
pub fn check_topics(topics: &[DescribedTopic], needs: &TopicNeeds) -> Vec<TopicFault> {
    let mut faults = Vec::new();
    for of in topics {
        let found = match &of.state {
            TopicState::Missing => vec![missing(of)],
            TopicState::Denied => vec![denied(of)],
            TopicState::Found(facts) => {
                let look = Look { all: topics, needs, of, facts };
                LOOKS.iter().filter_map(|at| at(&look)).collect()
            }
        };
        faults.extend(found.into_iter().map(|(level, code, message, help)| TopicFault {
            level,
            topic: of.topic.clone(),
            code,
            message,
            help,
        }));
    }
    faults
}

fn missing(of: &DescribedTopic) -> (FaultLevel, &'static str, String, String) {
    let help = match of.role {
        TopicRole::Source => "whoever writes it makes it; for a first try: tripline topics create --sources",
        _ => "tripline topics create",
    };
    (FaultLevel::Error, "missing", "it does not exist".to_owned(), help.to_owned())
}

fn denied(of: &DescribedTopic) -> (FaultLevel, &'static str, String, String) {
    let operation = if of.role == TopicRole::Source { "Read" } else { "Write" };
    (
        FaultLevel::Error,
        "denied",
        "we may not see it".to_owned(),
        format!("allow {operation} and Describe on topic {}", of.topic),
    )
}

fn is_source(look: &Look<'_>) -> bool {
    look.of.role == TopicRole::Source
}

fn compacted(look: &Look<'_>) -> Found {
    if is_source(look) || !look.facts.is_compacted() {
        return None;
    }
    let what = look.of.role.as_str();
    let message = format!("compaction (cleanup.policy) would delete {what}, and refuses records without a key");
    Some((FaultLevel::Error, "compacted", message, alter(look, "cleanup.policy=delete")))
}

fn min_insync_replicas(look: &Look<'_>) -> Found {
    let least = usize::try_from(look.facts.number("min.insync.replicas")?).ok()?;
    if is_source(look) || look.facts.replicas == 0 || least <= look.facts.replicas {
        return None;
    }
    let replicas = look.facts.replicas;
    let message = format!("min.insync.replicas is {least} and there are {replicas} replicas: nothing can be written");
    let help = format!("{}, or more replicas", alter(look, &format!("min.insync.replicas={replicas}")));
    Some((FaultLevel::Error, "min-insync-replicas", message, help))
}

fn verdict_too_large(look: &Look<'_>) -> Found {
    let (max, largest) = (look.facts.max_message_bytes()?, look.needs.largest_verdict);
    if look.of.role != TopicRole::Verdicts || max >= largest {
        return None;
    }
    let message = format!(
        "max.message.bytes is {max} and the largest verdict has {largest}: one that does not fit becomes a dead letter"
    );
    Some((FaultLevel::Warning, "max-message-bytes", message, alter(look, &format!("max.message.bytes={largest}"))))
}

fn producer_too_small(look: &Look<'_>) -> Found {
    let (max, largest) = (look.needs.producer_max, look.needs.largest_verdict);
    if look.of.role != TopicRole::Verdicts || max >= largest {
        return None;
    }
    let message = format!(
        "our producer sends {max} bytes at most and the largest verdict has {largest}: one that does not fit becomes a dead letter"
    );
    let help = format!("kafka.properties.\"message.max.bytes\" = \"{largest}\" in the settings");
    Some((FaultLevel::Warning, "producer-max-bytes", message, help))
}

fn dead_letter_too_large(look: &Look<'_>) -> Found {
    let max = look.facts.max_message_bytes()?;
    let (source, largest) = largest_record(look.all)?;
    // A source at Kafka's default and a topic at the same are meant to go together: the headers do not matter.
    if look.of.role != TopicRole::DeadLetters || max >= largest {
        return None;
    }
    let (topic, needed) = (&source.topic, largest + DEAD_LETTER_HEADERS);
    let message = format!(
        "max.message.bytes is {max} and a record of {topic} may have {largest}: of one that does not fit only a stub is kept"
    );
    let mut help = alter(look, &format!("max.message.bytes={needed}"));
    if look.needs.producer_max < largest {
        help = format!("{help}, and kafka.properties.\"message.max.bytes\" = \"{needed}\" in the settings");
    }
    Some((FaultLevel::Warning, "max-message-bytes", message, help))
}

fn short_retention(look: &Look<'_>) -> Found {
    let kept = look.facts.retention()?;
    let least = Retention::Ms(LEAST_RETENTION);
    let message = match (look.of.role, longest_source(look.all)) {
        (TopicRole::DeadLetters, _) if kept < least => format!("kept {kept}: a dead letter waits for a person"),
        (TopicRole::Source | TopicRole::DeadLetters, _) => return None,
        (_, Some((source, longest))) if kept < longest => {
            format!("kept {kept} and {} {longest}: an audit reaches back no further than this", source.topic)
        }
        _ if kept < least => format!("kept {kept}: an audit reaches back no further than this"),
        _ => return None,
    };
    Some((FaultLevel::Note, "retention", message, alter(look, "retention.ms=…")))
}

fn one_replica(look: &Look<'_>) -> Found {
    let message = || "one replica, on one disk: fine for a trial, not for production".to_owned();
    (look.facts.replicas == 1).then(|| (FaultLevel::Note, "replication", message(), String::new()))
}

/// Said once, of the first source: threads share the partitions of all.
fn few_partitions(look: &Look<'_>) -> Found {
    let (first, _) = sources(look.all).next()?;
    let partitions: usize = sources(look.all).map(|(_, facts)| facts.partitions).sum();
    if look.of != first || partitions >= look.needs.consumers {
        return None;
    }
    let consumers = look.needs.consumers;
    let message =
        format!("the sources have {partitions} partitions together, so {partitions} of {consumers} threads work");
    Some((FaultLevel::Note, "partitions", message, "more partitions, or a smaller kafka.consumers".to_owned()))
}

fn hidden_settings(look: &Look<'_>) -> Found {
    let is_hidden = look.facts.settings.is_none();
    let help = || format!("allow DescribeConfigs on topic {}, if it is to be checked", look.of.topic);
    is_hidden.then(|| (FaultLevel::Note, "hidden", "we may not see its settings".to_owned(), help()))
}

fn alter(look: &Look<'_>, setting: &str) -> String {
    format!("kafka-configs --alter --topic {} --add-config {setting}", look.of.topic)
}
