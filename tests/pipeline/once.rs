//! `tripline run --once`: it ends by itself when what is there is judged and committed, and not before.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};

use crate::kafka::{Broker, Message, unique};
use crate::support::{LISTED, Service, Setup, committed_records};

const LIMIT: Duration = Duration::from_secs(60);

fn once(setup: &Setup) -> Setup {
    let mut setup = setup.clone();
    setup.flags.push("--once".to_owned());
    setup
}

fn post(setup: &Setup, partition: i32, n: usize) -> Message {
    Message::to(&setup.posts).partition(partition).value(format!(r#"{{"id":"p-{n}","body":"看：{LISTED}"}}"#))
}

/// Waits for its end and returns how many records it says it judged.
fn judged(mut service: Service) -> usize {
    let status = service.ended_within(LIMIT);
    let log = service.log();
    assert_eq!(status.code(), Some(0), "its log:\n{log}");
    let line = log.lines().find(|line| line.contains("judged all that was there"));
    let line = line.unwrap_or_else(|| panic!("it does not say that it is done:\n{log}"));
    let (_, count) = line.split_once("records=").unwrap_or_else(|| panic!("no count: {line}"));
    count.trim().parse().unwrap_or_else(|_| panic!("no count: {line}"))
}

/// A record that counts and one that was taken back, each with a marker behind it.
fn in_transactions(broker: &Broker, setup: &Setup) {
    let producer: ThreadedProducer<DefaultProducerContext> =
        broker.client().set("transactional.id", unique("once")).create().expect("the settings are valid");
    producer.init_transactions(LIMIT).expect("the broker answers");
    let value = format!(r#"{{"id":"p-t","body":"{LISTED}"}}"#);
    let send = || {
        let record: BaseRecord<'_, (), str> = BaseRecord::to(&setup.posts).partition(1).payload(&value);
        producer.begin_transaction().expect("a transaction begins");
        producer.send(record).map_err(|(error, _)| error).expect("there is room");
        producer.flush(LIMIT).expect("the broker takes it");
    };
    send();
    producer.commit_transaction(LIMIT).expect("it is committed");
    send();
    producer.abort_transaction(LIMIT).expect("it is aborted");
}

#[test]
fn it_ends_at_the_end_of_what_is_there_with_markers_and_without_records() {
    let broker = Broker::shared();
    // Partition 2 of the posts stays empty, like the other topic.
    let setup = Setup { consumers: 2, ..Setup::on(broker, 3) };
    let posts: Vec<_> = (0..500).map(|n| post(&setup, i32::from(n % 2 == 0), n)).collect();
    broker.produce(&posts);
    in_transactions(broker, &setup);
    assert_eq!(judged(Service::start(&once(&setup), "one")), 501);
    assert_eq!(broker.read_all(&setup.verdicts).len(), 501);
    // The markers are not committed, all records are.
    assert_eq!(committed_records(broker, &setup), 501);

    broker.produce(&[post(&setup, 2, 500)]);
    assert_eq!(judged(Service::start(&once(&setup), "one")), 1, "only what has come since");
    assert_eq!(judged(Service::start(&once(&setup), "one")), 0, "and nothing more");
}

#[test]
fn a_producer_that_keeps_writing_does_not_keep_it() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 1);
    broker.produce(&[post(&setup, 0, 0)]);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                broker.produce(&[post(&setup, 0, n)]);
            }
        });
        let ended = thread::scope(|inner| inner.spawn(|| judged(Service::start(&once(&setup), "one"))).join());
        is_over.store(true, Ordering::Relaxed);
        assert!(ended.expect("it ends") >= 1);
    });
}

#[test]
fn several_members_of_a_group_each_do_their_share() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 4);
    let posts: Vec<_> = (0..400).map(|n| post(&setup, n % 4, usize::try_from(n).expect("it is small"))).collect();
    broker.produce(&posts);
    let services = ["one", "two"].map(|name| Service::start(&once(&setup), name));
    let judged: usize = services.into_iter().map(judged).sum();
    // A partition that moves while it is read is read again from its commit, so there may be more.
    assert!(judged >= 400, "{judged}");
    assert_eq!(committed_records(broker, &setup), 400);
}

#[test]
fn what_never_comes_is_not_waited_for_for_ever() {
    // Nobody listens there.
    let setup = once(&Setup::without_topics("127.0.0.1:9"));
    let mut service = Service::start(&setup, "one");
    let status = service.ended_within(LIMIT);
    assert_eq!(status.code(), Some(2), "its log:\n{}", service.log());
    assert!(service.log().contains("no broker answers"), "{}", service.log());
}
