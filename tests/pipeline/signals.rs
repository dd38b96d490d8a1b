//! How a process comes and goes: readiness, a broker that is not there, the first signal and the second.

use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::judge::{Repeats, Run};
use crate::kafka::Broker;
use crate::records::mixed;
use crate::support::{Service, Setup, free_address, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);

#[test]
fn a_broker_that_cannot_be_reached_is_said_rarely_and_waited_for() {
    let setup = Setup::without_topics(&free_address().to_string());
    let mut service = Service::start(&setup, "one");
    service.until("it listens", LIMIT, |service| service.status("/live").is_some());
    thread::sleep(Duration::from_secs(6));

    assert_eq!((service.status("/live"), service.status("/ready")), (Some(200), Some(503)));
    let log = service.log();
    let complaints = log.lines().filter(|line| line.contains("WARN") || line.contains("ERROR")).count();
    assert!((1..=6).contains(&complaints), "{complaints} complaints in six seconds:\n{log}");
    assert!(log.contains(&setup.bootstrap), "it names the broker:\n{log}");

    let asked = Instant::now();
    service.signal("TERM");
    assert_eq!(service.ended_within(LIMIT).code(), Some(0), "its log:\n{}", service.log());
    assert!(asked.elapsed() < Duration::from_secs(3), "it took {:?}", asked.elapsed());
}

#[test]
fn it_goes_on_when_the_broker_has_been_away() {
    let Some(broker) = Broker::own() else { return };
    let setup = Setup { emit: "all", ..Setup::on(&broker, 2) };
    let all: Vec<_> = (0..2_000).map(|n| mixed(&setup, n)).collect();
    broker.produce(&all[..1_000]);
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(&broker, &setup, &mut [&mut service], LIMIT);

    broker.kill();
    thread::sleep(Duration::from_secs(3));
    assert_eq!(service.status("/live"), Some(200));
    broker.start_again();
    broker.produce(&all[1_000..]);
    until_all_committed(&broker, &setup, &mut [&mut service], LIMIT);
    service.stop();

    let faults = Run::read(&broker, &setup).faults(Repeats::AfterAKill);
    assert_eq!(faults, [""; 0]);
}

#[test]
fn an_idle_process_ends_within_two_seconds_of_a_signal() {
    let broker = Broker::shared();
    for name in ["TERM", "INT"] {
        let mut service = Service::start_ready(&Setup::on(broker, 2), "one");
        let asked = Instant::now();
        service.signal(name);
        assert_eq!(service.ended_within(LIMIT).code(), Some(0), "its log:\n{}", service.log());
        assert!(asked.elapsed() < Duration::from_secs(2), "SIG{name} took {:?}", asked.elapsed());
    }
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let Some(broker) = Broker::own() else { return };
    let setup = Setup { drain_ms: 60_000, ..Setup::on(&broker, 2) };
    let mut service = Service::start_ready(&setup, "one");
    let records: Vec<_> = (0..5_000).map(|n| mixed(&setup, n)).collect();
    broker.produce(&records);
    // Nothing can be acknowledged now, so the drain would last until its deadline.
    broker.pause();
    service.signal("TERM");
    thread::sleep(Duration::from_millis(500));

    let asked = Instant::now();
    service.signal("TERM");
    let status = service.ended_within(Duration::from_secs(5));

    assert!(asked.elapsed() < Duration::from_secs(1), "it took {:?}", asked.elapsed());
    assert_ne!(status.code(), Some(0), "it was not a clean end");
}

#[test]
fn a_log_that_nobody_reads_any_more_ends_nothing() {
    let setup = Setup::without_topics(&free_address().to_string());
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("log"), "nobody reads its log").expect("it is writable");
    let mut service = Service::start_in(folder, &setup, "one", writer.into());
    service.until("it listens", LIMIT, |service| service.status("/live").is_some());
    // Each says something.
    service.signal("HUP");
    thread::sleep(Duration::from_secs(2));
    assert_eq!(service.status("/live"), Some(200));
    service.signal("TERM");
    assert_eq!(service.ended_within(LIMIT).code(), Some(0));
}

#[test]
fn a_surplus_member_is_ready_too() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 1);
    let members = ["one", "two", "three"].map(|name| Service::start_ready(&setup, name));
    for member in members {
        member.stop();
    }
}
