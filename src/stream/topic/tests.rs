use super::*;

const NEEDS: TopicNeeds = TopicNeeds { largest_verdict: 700_000, producer_max: 1_000_000, consumers: 0 };

/// A topic of two partitions and two replicas, with these settings over the usual ones.
fn found(topic: &str, role: TopicRole, settings: &[(&str, &str)]) -> DescribedTopic {
    let usual = [
        ("cleanup.policy", "delete"),
        ("retention.ms", "604800000"),
        ("max.message.bytes", "1048588"),
        ("min.insync.replicas", "1"),
    ];
    let all = usual.iter().chain(settings).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let facts = TopicFacts { partitions: 2, replicas: 2, settings: Some(all.collect()) };
    DescribedTopic { topic: topic.to_owned(), role, state: TopicState::Found(facts) }
}

fn with(mut topic: DescribedTopic, change: impl Fn(&mut TopicFacts)) -> DescribedTopic {
    if let TopicState::Found(facts) = &mut topic.state {
        change(facts);
    }
    topic
}

fn source(settings: &[(&str, &str)]) -> DescribedTopic {
    found("posts", TopicRole::Source, settings)
}

fn verdicts(settings: &[(&str, &str)]) -> DescribedTopic {
    found("verdicts", TopicRole::Verdicts, settings)
}

fn dead(settings: &[(&str, &str)]) -> DescribedTopic {
    found("dead", TopicRole::DeadLetters, settings)
}

fn receipts(settings: &[(&str, &str)]) -> DescribedTopic {
    found("receipts", TopicRole::Receipts, settings)
}

fn in_state(topic: DescribedTopic, state: TopicState) -> DescribedTopic {
    DescribedTopic { state, ..topic }
}

fn faults(topics: &[DescribedTopic], needs: &TopicNeeds) -> Vec<(String, &'static str, &'static str)> {
    check_topics(topics, needs).into_iter().map(|f| (f.topic, f.level.as_str(), f.code)).collect()
}

#[test]
fn topics_as_they_should_be_have_no_faults() {
    let week = [("retention.ms", "604800000")];
    for topics in [
        vec![],
        vec![source(&[]), verdicts(&[]), dead(&[]), receipts(&[])],
        vec![source(&week), verdicts(&[("retention.ms", "-1")]), receipts(&[("cleanup.policy", "delete")])],
        // Of a source compaction, a small limit and few replicas in sync are its owner's business.
        vec![source(&[("cleanup.policy", "compact"), ("max.message.bytes", "1000"), ("min.insync.replicas", "9")])],
        vec![source(&[("retention.ms", "3600000")]), verdicts(&[]), receipts(&[])],
        vec![dead(&[("max.message.bytes", "1048588")]), source(&[])],
    ] {
        assert_eq!(faults(&topics, &NEEDS), [], "{topics:?}");
    }
}

#[test]
fn each_fault_is_found_with_its_weight() {
    let small = TopicNeeds { producer_max: 500_000, ..NEEDS };
    let threads = TopicNeeds { consumers: 5, ..NEEDS };
    let one_replica = |topic| with(topic, |facts| facts.replicas = 1);
    let hidden = |topic| with(topic, |facts| facts.settings = None);
    for (topics, needs, expected) in [
        (vec![in_state(verdicts(&[]), TopicState::Missing)], NEEDS, vec![("verdicts", "error", "missing")]),
        (vec![in_state(source(&[]), TopicState::Missing)], NEEDS, vec![("posts", "error", "missing")]),
        (vec![in_state(dead(&[]), TopicState::Denied)], NEEDS, vec![("dead", "error", "denied")]),
        (vec![verdicts(&[("cleanup.policy", "compact")])], NEEDS, vec![("verdicts", "error", "compacted")]),
        (vec![dead(&[("cleanup.policy", "compact,delete")])], NEEDS, vec![("dead", "error", "compacted")]),
        (vec![receipts(&[("cleanup.policy", "delete, compact")])], NEEDS, vec![("receipts", "error", "compacted")]),
        (vec![receipts(&[("min.insync.replicas", "3")])], NEEDS, vec![("receipts", "error", "min-insync-replicas")]),
        (vec![verdicts(&[("max.message.bytes", "699999")])], NEEDS, vec![("verdicts", "warning", "max-message-bytes")]),
        (vec![verdicts(&[])], small, vec![("verdicts", "warning", "producer-max-bytes")]),
        (
            vec![source(&[("max.message.bytes", "5000000")]), dead(&[])],
            NEEDS,
            vec![("dead", "warning", "max-message-bytes")],
        ),
        (vec![receipts(&[("retention.ms", "86400000")])], NEEDS, vec![("receipts", "note", "retention")]),
        (vec![dead(&[("retention.ms", "86400000")])], NEEDS, vec![("dead", "note", "retention")]),
        (vec![source(&[("retention.ms", "-1")]), verdicts(&[])], NEEDS, vec![("verdicts", "note", "retention")]),
        (vec![source(&[("cleanup.policy", "compact")]), receipts(&[])], NEEDS, vec![("receipts", "note", "retention")]),
        (vec![one_replica(verdicts(&[]))], NEEDS, vec![("verdicts", "note", "replication")]),
        (vec![source(&[]), found("more", TopicRole::Source, &[])], threads, vec![("posts", "note", "partitions")]),
        // What we may not see is not guessed at.
        (vec![hidden(verdicts(&[("cleanup.policy", "compact")]))], NEEDS, vec![("verdicts", "note", "hidden")]),
    ] {
        let expected: Vec<_> =
            expected.into_iter().map(|(topic, level, code)| (topic.to_owned(), level, code)).collect();
        assert_eq!(faults(&topics, &needs), expected, "{topics:?}");
    }
}

#[test]
fn a_size_fault_names_both_numbers_and_the_setting() {
    let fault = check_topics(&[verdicts(&[("max.message.bytes", "1000")])], &NEEDS).remove(0);
    for words in ["1000", "700000", "max.message.bytes"] {
        assert!(fault.message.contains(words), "{}", fault.message);
    }
    assert!(fault.help.contains("--topic verdicts --add-config max.message.bytes=700000"), "{}", fault.help);
}

fn missing(topic: DescribedTopic) -> DescribedTopic {
    in_state(topic, TopicState::Missing)
}

#[test]
fn only_what_is_missing_is_created_and_it_has_no_faults() {
    let all = [missing(verdicts(&[])), missing(dead(&[])), missing(receipts(&[]))];
    for (sources, options, expected) in [
        (vec![source(&[])], CreateOptions::default(), vec![("verdicts", 2), ("dead", 3), ("receipts", 1)]),
        (vec![missing(source(&[]))], CreateOptions::default(), vec![("verdicts", 3), ("dead", 3), ("receipts", 1)]),
        (
            vec![missing(source(&[]))],
            CreateOptions { sources: true, ..CreateOptions::default() },
            vec![("posts", 3), ("verdicts", 3), ("dead", 3), ("receipts", 1)],
        ),
        (
            vec![
                source(&[("max.message.bytes", "5000000"), ("retention.ms", "-1")]),
                missing(found("p2", TopicRole::Source, &[])),
            ],
            CreateOptions { partitions: Some(12), sources: true, replication_factor: Some(2) },
            vec![("p2", 12), ("verdicts", 12), ("dead", 3), ("receipts", 1)],
        ),
    ] {
        let topics: Vec<_> = sources.into_iter().chain(all.clone()).collect();
        let created = missing_topics(&topics, &NEEDS, &options);
        let found: Vec<_> = created.iter().map(|topic| (topic.topic.as_str(), topic.partitions)).collect();
        assert_eq!(found, expected);
        assert!(created.iter().all(|topic| topic.replication_factor == options.replication_factor.unwrap_or(-1)));
        let as_made = |of: &DescribedTopic| match created.iter().find(|new| new.topic == of.topic) {
            Some(new) => {
                let set: Vec<_> = new.settings.iter().map(|set| (set.name, set.value.as_str())).collect();
                super::tests::found(&new.topic, new.role, &set)
            }
            None => of.clone(),
        };
        let after: Vec<_> = topics.iter().map(as_made).filter(|topic| topic.state != TopicState::Missing).collect();
        let needs = TopicNeeds { producer_max: 6_000_000, ..NEEDS };
        assert_eq!(faults(&after, &needs), [], "{after:?}");
    }
    assert_eq!(missing_topics(&[in_state(verdicts(&[]), TopicState::Denied)], &NEEDS, &CreateOptions::default()), []);
    assert_eq!(missing_topics(&[verdicts(&[])], &NEEDS, &CreateOptions::default()), []);
}

#[test]
fn acls_name_each_resource_and_say_what_for() {
    let topics = [("posts", TopicRole::Source), ("verdicts", TopicRole::Verdicts), ("dead", TopicRole::DeadLetters)];
    let topics = topics.map(|(topic, role)| (topic.to_owned(), role));
    let commands: Vec<_> = acls(&topics, "a group's").iter().map(|acl| acl.command("b:1", "User:a b")).collect();
    let start = "kafka-acls --bootstrap-server b:1 --add --allow-principal 'User:a b'";
    let expected = [
        "--operation Read --operation Describe --topic posts",
        r"--operation Read --group 'a group'\''s'",
        "--operation Write --operation Describe --topic verdicts --topic dead",
        "--operation IdempotentWrite --cluster",
        "--operation DescribeConfigs --topic posts --topic verdicts --topic dead",
        "--operation Create --topic verdicts --topic dead",
    ];
    assert_eq!(commands, expected.map(|rest| format!("{start} {rest}")));
}
