//! Where a partition begins: at the group's commit, and without one where `start` says.

use std::time::Duration;

use crate::judge::event;
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Service, Setup, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);
/// 2026-01-01T00:00:00Z
const NEW_YEAR_MS: i64 = 1_767_225_600_000;

fn post(setup: &Setup, id: &str, at_ms: i64) -> Message {
    let value = format!(r#"{{"id":"{id}","body":"{LISTED}"}}"#);
    Message::to(&setup.posts).partition(0).value(value).timestamp_ms(at_ms)
}

/// The ids of the records that have a verdict, in order of their offsets.
fn judged(broker: &Broker, setup: &Setup) -> Vec<String> {
    let mut events: Vec<_> = broker.read_all(&setup.verdicts).iter().map(event).collect();
    events.sort_by(|(one, _), (other, _)| one.cmp(other));
    events.iter().map(|(_, event)| event.data["record"]["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn without_a_commit_it_begins_where_start_says() {
    let broker = Broker::shared();
    for (start, expected) in [
        ("earliest", &["old", "new", "late"][..]),
        ("latest", &["late"]),
        ("2026-01-01T00:00:00Z", &["new", "late"]),
        ("2030-01-01T00:00:00Z", &["late"]),
    ] {
        let setup = Setup { start: start.to_owned(), ..Setup::on(broker, 1) };
        broker.produce(&[post(&setup, "old", NEW_YEAR_MS - 1), post(&setup, "new", NEW_YEAR_MS)]);

        let mut service = Service::start_ready(&setup, "one");
        service.until("its partitions are assigned", LIMIT, |service| lag_series(service) >= 2);
        broker.produce(&[post(&setup, "late", NEW_YEAR_MS + 1)]);
        until_verdicts(broker, &setup, &mut service, expected.len());
        service.stop();

        assert_eq!(judged(broker, &setup), expected, "start = {start}");
    }
}

/// How many partitions have a series of lag: those that are assigned.
fn lag_series(service: &Service) -> usize {
    let (_, metrics) = service.get("/metrics").expect("metrics are served");
    metrics.lines().filter(|line| line.starts_with("tripline_consumer_lag{")).count()
}

fn until_verdicts(broker: &Broker, setup: &Setup, service: &mut Service, count: usize) {
    service.until("its verdicts are there", LIMIT, |_| judged(broker, setup).len() >= count);
}

#[test]
fn a_restart_continues_behind_the_commits_whatever_start_says() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 1);
    broker.produce(&[post(&setup, "first", NEW_YEAR_MS)]);
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();

    broker.produce(&[post(&setup, "while it was away", NEW_YEAR_MS)]);
    let setup = Setup { start: "latest".to_owned(), ..setup };
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();

    assert_eq!(judged(broker, &setup), ["first", "while it was away"]);
}

#[test]
fn records_that_went_before_they_were_read_stop_it_unless_the_settings_say_otherwise() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 1);
    broker.produce(&[post(&setup, "first", NEW_YEAR_MS)]);
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();
    let away: Vec<_> = ["lost", "lost too", "kept"].map(|id| post(&setup, id, NEW_YEAR_MS)).into();
    broker.produce(&away);
    broker.delete_before(&setup.posts, 0, 3);

    let mut service = Service::start(&setup, "one");
    let status = service.ended_within(LIMIT);
    assert_eq!(status.code(), Some(3), "its log:\n{}", service.log());
    assert!(service.log().contains("offsets 1 to 3"), "it says which:\n{}", service.log());

    let setup = Setup { gaps: "continue", ..setup };
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    assert!((service.metric("tripline_offset_gaps_total", &setup.posts) - 2.0).abs() < 0.5, "two offsets are missing");
    service.stop();
    assert_eq!(judged(broker, &setup), ["first", "kept"]);
}

#[test]
fn a_partition_that_appears_later_begins_at_its_first_record() {
    let broker = Broker::shared();
    let setup = Setup { start: "latest".to_owned(), ..Setup::on(broker, 1) };
    broker.produce(&[post(&setup, "before us", NEW_YEAR_MS)]);
    let mut service = Service::start_ready(&setup, "one");
    service.until("its partitions are assigned", LIMIT, |service| lag_series(service) >= 2);

    broker.grow_topic(&setup.posts, 2);
    // Written before anybody can have seen the new partition.
    broker.produce(&[post(&setup, "in the new one", NEW_YEAR_MS).partition(1)]);
    until_verdicts(broker, &setup, &mut service, 1);
    service.stop();

    assert_eq!(judged(broker, &setup), ["in the new one"]);
}
