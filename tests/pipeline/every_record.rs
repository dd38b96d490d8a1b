//! Nothing is lost: a hundred thousand mixed records, two processes in one group, one stopped and one killed on the way.

use std::time::{Duration, Instant};
use std::{env, fs, thread};

use jsonschema::Validator;
use serde_json::Value;

use crate::judge::{Repeats, Run};
use crate::kafka::Broker;
use crate::records::mixed;
use crate::support::{Service, Setup, committed_records, until_all_committed};

const RECORDS: usize = 100_000;
/// Records are written in such parts while the processes come and go, so that each of them is at work when it happens.
const PART: usize = 2_000;
const PARTITIONS: i32 = 8;
const LIMIT: Duration = Duration::from_secs(180);

#[test]
fn every_record_has_its_outcome_though_one_process_is_stopped_and_one_is_killed() {
    let broker = Broker::shared();
    let setup = Setup { emit: "all", ..Setup::on(broker, PARTITIONS) };

    thread::scope(|scope| {
        scope.spawn(|| write_in_parts(broker, &setup));
        stop_one_and_kill_one(broker, &setup);
    });

    let run = Run::read(broker, &setup);
    println!("{}", run.summary());
    assert_eq!(run.inputs.len(), RECORDS);
    assert_no_faults(&run.faults(Repeats::AfterAKill));
    assert_no_faults(&against_the_schema(&run));
}

#[test]
fn nothing_comes_twice_when_every_process_ends_in_good_order() {
    let broker = Broker::shared();
    let setup = Setup { emit: "all", ..Setup::on(broker, 4) };
    let all: Vec<_> = (0..6_000).map(|n| mixed(&setup, n)).collect();
    let (before, after) = all.split_at(3_000);

    broker.produce(before);
    let mut first = Service::start_ready(&setup, "first");
    first.until("it has begun", LIMIT, |_| committed_records(broker, &setup) > 0);
    // A second member takes over half of the partitions, and hands them back.
    let second = Service::start_ready(&setup, "second");
    broker.produce(after);
    second.stop();
    until_all_committed(broker, &setup, &mut [&mut first], LIMIT);
    first.stop();

    let run = Run::read(broker, &setup);
    assert_eq!(run.inputs.len(), 6_000);
    assert_no_faults(&run.faults(Repeats::Never));
}

fn write_in_parts(broker: &Broker, setup: &Setup) {
    for part in 0..RECORDS / PART {
        let records: Vec<_> = (part * PART..(part + 1) * PART).map(|n| mixed(setup, n)).collect();
        broker.produce(&records);
        thread::sleep(Duration::from_millis(100));
    }
}

fn stop_one_and_kill_one(broker: &Broker, setup: &Setup) {
    let mut first = Service::start(setup, "first");
    let mut second = Service::start(setup, "second");
    until_committed(broker, setup, 20_000, &mut first);
    is_at_work(&first);

    first.signal("TERM");
    assert_eq!(first.ended_within(Duration::from_secs(20)).code(), Some(0), "{}", first.log());
    let mut third = Service::start(setup, "third");
    until_committed(broker, setup, 50_000, &mut third);
    is_at_work(&second);

    second.signal("KILL");
    second.ended_within(Duration::from_secs(5));
    let mut fourth = Service::start(setup, "fourth");
    until_written(broker, setup);
    until_all_committed(broker, setup, &mut [&mut third, &mut fourth], LIMIT);
    third.stop();
    fourth.stop();
}

/// It has judged something: ending it means something.
fn is_at_work(service: &Service) {
    assert!(service.metric("tripline_records_total", "") > 100.0, "it has nothing to do; its log:\n{}", service.log());
}

fn until_committed(broker: &Broker, setup: &Setup, records: i64, at_work: &mut Service) {
    let what = format!("{records} records are committed");
    at_work.until(&what, LIMIT, |_| committed_records(broker, setup) >= records);
}

fn until_written(broker: &Broker, setup: &Setup) {
    let deadline = Instant::now() + LIMIT;
    let written = |topic: &str| -> i64 {
        broker.partitions(topic).into_iter().map(|partition| broker.watermarks(topic, partition).1).sum()
    };
    while setup.sources().into_iter().map(written).sum::<i64>() < i64::try_from(RECORDS).expect("it is small") {
        assert!(Instant::now() < deadline, "the records are not written");
        thread::sleep(Duration::from_millis(200));
    }
}

/// Every verdict's data keeps the published schema.
fn against_the_schema(run: &Run) -> Vec<String> {
    let schema = schema("verdict.v1.schema.json");
    let events = run.verdicts.iter().flat_map(|(place, events)| events.iter().map(move |event| (place, event)));
    let fault = |(place, event): (_, &crate::judge::Event)| {
        schema.validate(&event.data).err().map(|error| format!("{place:?}: {error}: {}", event.data))
    };
    events.filter_map(fault).collect()
}

pub fn schema(name: &str) -> Validator {
    let file = format!("{}/deploy/schema/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("it is a JSON Schema")
}

/// A hundred thousand faults are one fault: the first few tell it.
fn assert_no_faults(faults: &[String]) {
    let first: Vec<&str> = faults.iter().take(20).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults, among them:\n{}", faults.len(), first.join("\n"));
}
