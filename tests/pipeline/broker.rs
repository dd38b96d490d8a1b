//! The broker of these tests itself: it answers, it keeps its data over a restart, and nothing of it outlives us.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use rdkafka::message::Message as _;

use crate::kafka::{Broker, Guardian, Message, unique};

#[test]
fn records_come_back_as_they_were_written() {
    let broker = Broker::shared();
    let topic = unique("as-written");
    broker.create_topic(&topic, 2, &[]);

    broker.produce(&[
        Message::to(&topic).partition(0).key("k").value("v").header("h", "x").timestamp_ms(1_700_000_000_000),
        Message::to(&topic).partition(1),
    ]);

    let all = broker.read_all(&topic);
    assert_eq!(all.len(), 2);
    let full = all.iter().find(|record| record.partition() == 0).expect("partition 0 has a record");
    assert_eq!((full.key(), full.payload()), (Some(&b"k"[..]), Some(&b"v"[..])));
    assert_eq!(full.timestamp().to_millis(), Some(1_700_000_000_000));
    let null = all.iter().find(|record| record.partition() == 1).expect("partition 1 has a record");
    assert_eq!((null.key(), null.payload()), (None, None));
    assert_eq!(broker.watermarks(&topic, 0), (0, 1));
}

#[test]
fn a_broker_keeps_its_port_and_its_data_over_a_kill() {
    let Some(broker) = Broker::own() else { return };
    broker.create_topic("kept", 1, &[]);
    broker.produce(&[Message::to("kept").value("v")]);

    broker.kill();
    broker.start_again();

    assert_eq!(broker.read_all("kept").len(), 1);
}

#[test]
fn nothing_outlives_a_test_process_that_is_killed() {
    let mut victim = Command::new(env::current_exe().expect("a test binary has a path"))
        .args(["--exact", "broker::holds_a_guardian_until_it_is_killed", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the test binary runs");
    let mut lines = BufReader::new(victim.stdout.take().expect("stdout is a pipe")).lines();
    let report = lines.find_map(|line| line.ok()?.split_once("held: ").map(|(_, held)| held.to_owned()));
    let report = report.expect("the victim says what it holds");
    let (pid, folder) = report.split_once(' ').expect("a process and a folder");
    assert!(is_alive(pid), "the guarded process runs");

    victim.kill().expect("it can be killed");
    victim.wait().expect("it ends");

    assert!(within_10_s(|| !is_alive(pid)), "the guarded process {pid} outlived its test");
    assert!(within_10_s(|| !Path::new(folder).exists()), "{folder} was left behind");
}

#[test]
#[ignore = "the victim of the test above"]
fn holds_a_guardian_until_it_is_killed() {
    let folder = env::temp_dir().join(unique("tripline-guarded"));
    fs::create_dir(&folder).expect("a temporary folder is writable");
    let mut guardian = Guardian::of(&folder, ["sleep", "600"]);
    let started = guardian.order("start");
    println!("held: {} {}", started.trim_start_matches("started "), folder.display());
    thread::sleep(Duration::from_secs(600));
}

fn is_alive(pid: &str) -> bool {
    // A zombie still has its entry, and ends with whoever should have waited for it.
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

fn within_10_s(mut happens: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if happens() {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}
