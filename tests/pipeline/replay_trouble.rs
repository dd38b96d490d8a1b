//! What happens between a replay's plan and its end: retention takes records, the broker falls silent.

use std::collections::BTreeMap;
use std::time::Duration;

use tripline::content::Kind;
use tripline::kafka::Connection;
use tripline::replay::{Bound, Broken, Job, Outcome, Plan, Progress, Scope, Sources, plan, run};
use tripline::rule::RuleSet;
use tripline::stream::{FieldMap, SourceFields};

use crate::kafka::{Broker, Message, unique};

const LIMIT: Duration = Duration::from_secs(30);

fn connection(broker: &Broker) -> Connection {
    Connection {
        bootstrap_servers: broker.bootstrap().to_owned(),
        group_id: unique("replay"),
        instance: "one".into(),
        compression: "lz4",
        properties: BTreeMap::new(),
    }
}

fn planned(connection: &Connection, topic: &str) -> Plan {
    let topics = vec![topic.into()];
    let scope = Scope { topics, partitions: Vec::new(), from: Bound::Earliest, to: Bound::Latest, output: None };
    plan(connection, &scope, jiff::Timestamp::now(), LIMIT).expect("the broker answers")
}

fn judged(connection: &Connection, plan: &Plan, patience: Duration) -> Outcome {
    let fields = SourceFields {
        kind: Kind::Post,
        id: None,
        author: None,
        time: None,
        region: None,
        attributes: vec![],
        text: vec![("body".to_owned(), "/body".to_owned())],
        links: Vec::new(),
    };
    let map = FieldMap::compile(&fields).expect("the pointers are valid");
    let rules = RuleSet::builder().build().expect("an empty set is one");
    let job = Job {
        sources: Sources::Topics { connection, plan, maps: vec![&map] },
        rules: vec![&rules],
        as_of: None,
        examples: 1,
        threads: 2,
        limit: u64::MAX,
        patience,
        output: None,
    };
    run(&job, &Progress::default(), &|| false)
}

fn filled(broker: &Broker, partitions: i32, count: usize) -> String {
    let topic = unique("replay");
    broker.create_topic(&topic, partitions, &[]);
    let record = |partition| Message::to(&topic).partition(partition).value("{\"body\":\"茶\"}");
    broker.produce(&(0..partitions).cycle().take(count).map(record).collect::<Vec<_>>());
    topic
}

#[test]
fn what_retention_takes_after_the_plan_is_stepped_over_and_told() {
    let broker = Broker::shared();
    let connection = connection(broker);
    let topic = filled(broker, 3, 300);
    let plan = planned(&connection, &topic);
    broker.delete_before(&topic, 0, 40);
    broker.delete_before(&topic, 2, 100);

    let outcome = judged(&connection, &plan, LIMIT);

    assert!(outcome.broken.is_none(), "{:?}", outcome.broken);
    assert_eq!(outcome.tally.read(), 160);
    let mut gone: Vec<_> = outcome.gone.iter().map(|gone| (gone.partition, gone.from, gone.to)).collect();
    gone.sort_unstable();
    assert_eq!(gone, [(0, 0, 40), (2, 0, 100)]);
}

#[test]
fn a_broker_that_falls_silent_is_told_and_what_was_read_is_kept() {
    let Some(broker) = Broker::own() else { return };
    let connection = connection(&broker);
    let topic = filled(&broker, 1, 50);
    let plan = planned(&connection, &topic);
    broker.pause();

    let outcome = judged(&connection, &plan, Duration::from_secs(2));
    broker.resume();

    let reason = outcome.broken.expect("nothing comes");
    assert!(matches!(reason, Broken::Silent { left: 50, .. }), "{reason:?}");
    assert!(reason.to_string().starts_with(&format!("nothing came from topic {topic} for 2 s")), "{reason}");
    assert_eq!(outcome.parts[0].range, Some((0, 0, 0)), "it says how far it came");
    assert_eq!(judged(&connection, &plan, LIMIT).tally.read(), 50, "and it can be tried again");
}
