//! `tripline topics` on a real broker, and what `run` does about topics that are not as they should be.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::judge::event;
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Ran, Service, Setup, tripline};

const LIMIT: Duration = Duration::from_secs(60);

fn json_lines(ran: &Ran) -> Vec<Value> {
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

/// Topic and result of each line.
fn results(ran: &Ran) -> Vec<(String, String)> {
    let of = |line: &Value, key: &str| line[key].as_str().expect("it is there").to_owned();
    json_lines(ran).iter().map(|line| (of(line, "topic"), of(line, "result"))).collect()
}

#[test]
fn what_is_missing_is_made_once_and_what_is_there_is_left_alone() {
    let broker = Broker::shared();
    let setup = Setup::without_topics(broker.bootstrap());
    broker.create_topic(&setup.posts, 5, &[]);
    broker.create_topic(&setup.dead_letters, 2, &[("cleanup.policy", "compact")]);
    let expected = |registrations: &str, outputs: &str| {
        let all = [
            (&setup.posts, "exists"),
            (&setup.registrations, registrations),
            (&setup.verdicts, outputs),
            (&setup.dead_letters, "exists"),
            (&setup.receipts, outputs),
        ];
        all.map(|(topic, result)| (topic.clone(), result.to_owned()))
    };

    let dry = tripline(&setup, &["topics", "create", "--sources", "--dry-run", "--format", "json"]);
    assert_eq!((dry.code, results(&dry)), (0, expected("would-create", "would-create").to_vec()), "{}", dry.stderr);
    let made = tripline(&setup, &["topics", "create", "--format", "json"]);
    assert_eq!((made.code, results(&made)), (0, expected("missing", "created").to_vec()), "{}", made.stderr);
    let sources = tripline(&setup, &["topics", "create", "--sources", "--partitions", "4"]);
    assert_eq!(sources.code, 0, "{}", sources.stderr);
    assert!(sources.stdout.contains(&format!("created       {}  (source)  partitions=4", setup.registrations)));
    let again = tripline(&setup, &["topics", "create", "--format", "json"]);
    assert_eq!((again.code, results(&again)), (0, expected("exists", "exists").to_vec()), "{}", again.stderr);

    for (topic, partitions) in
        [(&setup.registrations, 4), (&setup.verdicts, 5), (&setup.dead_letters, 2), (&setup.receipts, 1)]
    {
        assert_eq!(broker.partitions(topic).len(), partitions, "{topic}");
    }
    // Of the topics only the one that somebody else made is at fault.
    let check = tripline(&setup, &["topics", "check", "--format", "json"]);
    let report = json_lines(&check).remove(0);
    let topics = report["topics"].as_array().expect("a list");
    for topic in topics {
        let faults = topic["faults"].as_array().expect("a list").iter();
        let serious: Vec<_> = faults.filter(|fault| fault["level"] != "note").map(|fault| &fault["code"]).collect();
        let is_theirs = topic["topic"] == setup.dead_letters.as_str();
        assert_eq!(serious, if is_theirs { vec!["compacted"] } else { vec![] }, "{topic}");
    }
    assert_eq!(check.code, 1);
}

#[test]
fn a_check_says_what_is_wrong_how_it_is_mended_and_which_rights_are_needed() {
    let broker = Broker::shared();
    let setup = Setup::without_topics(broker.bootstrap());
    broker.create_topic(&setup.posts, 1, &[("max.message.bytes", "5000000")]);
    broker.create_topic(&setup.verdicts, 1, &[("max.message.bytes", "100000"), ("cleanup.policy", "compact,delete")]);
    broker.create_topic(&setup.dead_letters, 1, &[("retention.ms", "60000"), ("min.insync.replicas", "2")]);
    let check = tripline(&setup, &["topics", "check", "--principal", "User:someone"]);
    assert_eq!(check.code, 1, "{}", check.stderr);
    for words in [
        &format!("{} (source): missing\n  error: it does not exist\n    help: ", setup.registrations),
        "  error: compaction (cleanup.policy) would delete verdicts",
        "--add-config cleanup.policy=delete",
        "  warning: max.message.bytes is 100000 and the largest verdict has ",
        "  warning: max.message.bytes is 1048588 and a record of ",
        "  error: min.insync.replicas is 2 and there are 1 replicas",
        "  note: kept for 60000 ms: a dead letter waits for a person",
        "  note: one replica",
        &format!("{} (receipts): missing", setup.receipts),
        "ACLs that these settings need:",
        &format!("--allow-principal User:someone --operation Read --group {}", setup.group),
    ] {
        assert!(check.stdout.contains(words), "no {words:?} in\n{}", check.stdout);
    }
}

#[test]
fn without_a_broker_a_check_ends_and_the_rights_are_told_all_the_same() {
    let setup = Setup::without_topics("127.0.0.1:9");
    for command in ["check", "create"] {
        let began = Instant::now();
        let ran = tripline(&setup, &["topics", command, "--timeout", "500ms"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains("cannot reach 127.0.0.1:9 within 500ms"), "{}", ran.stderr);
        assert!(began.elapsed() < Duration::from_secs(10), "{command}");
    }
    let ran = tripline(&setup, &["topics", "acls", "--format", "json"]);
    let rights = json_lines(&ran).remove(0);
    let rights = rights.as_array().expect("a list");
    assert_eq!((ran.code, rights.len()), (0, 6), "{}", ran.stderr);
    assert_eq!(rights[0]["names"], serde_json::json!([setup.posts, setup.registrations]));
}

#[test]
fn a_service_does_not_write_where_compaction_would_delete_it() {
    let broker = Broker::shared();
    let picks: [fn(&Setup) -> String; 3] =
        [|setup| setup.verdicts.clone(), |setup| setup.dead_letters.clone(), |setup| setup.receipts.clone()];
    for pick in picks {
        let setup = Setup::without_topics(broker.bootstrap());
        let bad = pick(&setup);
        for topic in [&setup.posts, &setup.registrations, &setup.verdicts, &setup.dead_letters, &setup.receipts] {
            let policy = if *topic == bad { "compact" } else { "delete" };
            broker.create_topic(topic, 1, &[("cleanup.policy", policy)]);
        }
        let mut service = Service::start(&setup, "one");
        let status = service.ended_within(LIMIT);
        let log = service.log();
        assert_eq!(status.code(), Some(2), "{log}");
        for words in [bad.as_str(), "cleanup.policy"] {
            assert!(log.lines().last().is_some_and(|line| line.contains(words)), "no {words:?} at the end of\n{log}");
        }
    }
}

#[test]
fn a_service_waits_for_missing_topics_and_warns_once_of_small_ones() {
    let broker = Broker::shared();
    let mut setup = Setup::without_topics(broker.bootstrap());
    setup.flags.push("--once".to_owned());
    broker.create_topic(&setup.verdicts, 1, &[("max.message.bytes", "100000")]);
    let mut service = Service::start(&setup, "one");
    service.until("it waits", LIMIT, |service| service.log().contains("waiting for the cluster"));
    assert!(service.log().contains("(see tripline topics create)"), "{}", service.log());
    assert_eq!(tripline(&Setup { flags: vec![], ..setup.clone() }, &["topics", "create", "--sources"]).code, 0);
    broker.produce(&[Message::to(&setup.posts).value(format!(r#"{{"id":"p-1","body":"{LISTED}"}}"#))]);
    let status = service.ended_within(LIMIT);
    let log = service.log();
    assert_eq!(status.code(), Some(0), "{log}");
    assert_eq!(log.matches("a topic is not as it should be").count(), 1, "{log}");
    assert!(log.contains("max.message.bytes is 100000 and the largest verdict has"), "{log}");
    // What is written before the service looks may be left to the next run.
    let verdicts = broker.read_all(&setup.verdicts);
    assert!(verdicts.len() <= 1 && verdicts.iter().all(|verdict| event(verdict).1.action == "flag"));
}
