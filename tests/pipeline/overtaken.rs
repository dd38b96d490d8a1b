//! Retention that overtakes a reader: what a real broker says then, and how a partition goes on.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tripline::kafka::{Class, Connection, Consumer, Error, Event, Position, Source, TopicPartition};

use crate::kafka::{Broker, Message, unique};

/// Takes until there is a record or an error: the offset of the first record.
fn first_offset(consumer: &Consumer) -> Result<i64, Error> {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        let mut first = None;
        consumer.take(1, Duration::from_millis(100), Duration::ZERO, &mut |arrival| {
            first.get_or_insert(arrival.record().offset);
        })?;
        if let Some(offset) = first {
            return Ok(offset);
        }
    }
    panic!("neither a record nor an error in 30 s");
}

fn assigned(consumer: &Consumer) -> Vec<TopicPartition> {
    let deadline = Instant::now() + Duration::from_secs(30);
    while Instant::now() < deadline {
        let taken = consumer.take(1, Duration::from_millis(100), Duration::ZERO, &mut |_| panic!("not assigned yet"));
        taken.expect("no error yet");
        while let Some(event) = consumer.event() {
            if let Event::Assigned(partitions) = event {
                return partitions;
            }
        }
    }
    panic!("not assigned in 30 s");
}

#[test]
fn an_offset_that_is_gone_is_an_error_and_assigning_anew_goes_on() {
    // The classic protocol, and that of KIP-848.
    for protocol in ["classic", "consumer"] {
        overtaken(protocol);
    }
}

fn overtaken(protocol: &str) {
    let broker = Broker::shared();
    let topic = unique("overtaken");
    broker.create_topic(&topic, 1, &[]);
    broker.produce(&vec![Message::to(&topic).value("v"); 100]);
    broker.delete_before(&topic, 0, 40);

    let connection = Connection {
        bootstrap_servers: broker.bootstrap().to_owned(),
        group_id: unique("overtaken"),
        instance: "one".into(),
        compression: "lz4",
        properties: BTreeMap::from([("group.protocol".into(), protocol.into())]),
    };
    let consumer = Consumer::subscribe(&connection, &[&topic]).expect("a consumer");
    let partitions = assigned(&consumer);
    let at = partitions[0].clone();
    let offsets = consumer.offsets(&partitions, None, Duration::from_secs(10)).expect("offsets");
    assert_eq!((offsets[0].committed, offsets[0].low, offsets[0].high), (None, 40, 100));

    consumer.assign(&[Position { at: at.clone(), next: 10 }]).expect("an assignment");
    let error = first_offset(&consumer).expect_err("offset 10 is gone");
    assert_eq!(error.class(), Class::OutOfRange, "{error}");
    // A seek is refused for a partition that has stopped ("erroneous state"): it is assigned anew.
    consumer.unassign(&partitions).expect("it can be let go");
    consumer.assign(&[Position { at, next: 40 }]).expect("and assigned again");
    assert_eq!(first_offset(&consumer), Ok(40));
    assert!(consumer.close(Duration::from_secs(10)));
}
