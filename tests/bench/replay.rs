//! A replay of a million records by two rule sets in one pass: the same counts as somebody who reads and judges one record
//! after the other, and its speed beside a consumer that only reads and an engine that has the records in memory.

use std::cell::RefCell;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::{Offset, TopicPartitionList};
use serde_json::Value;
use tempfile::TempDir;
use tripline::config::RuleSource;
use tripline::content::{Content, Role};
use tripline::engine::Scanner;
use tripline::rule::{Action, RuleSet};
use tripline::stream::{Decoded, FieldMap, decode};

use crate::kafka::{Broker, Message, unique};
use crate::memory::field_map;
use crate::records::posts;
use crate::rounds::{Contestant, compare};

const COUNT: usize = 1_000_000;
/// So many different posts; the topic holds each of them ten times.
const DIFFERENT: usize = 100_000;
const PARTITIONS: i32 = 8;
const ROUNDS: usize = 5;
const LIMIT: Duration = Duration::from_secs(300);
/// Every so manyth post names it; only the candidate lists it.
const NEW: &str = "春风社团联合会";
const NEW_EVERY: usize = 97;
/// A name of the shipped lists that the candidate retires.
const RETIRED: &str = "中国雷锋基金会";

/// Exact counts, then records a second.
pub fn against_reading_and_judging() {
    let broker = Broker::shared();
    let posts = different_posts();
    let setup = Setup::fill(broker, &posts);
    let rules = [rule_set(&setup.base()), rule_set(&setup.candidate())];

    let began = Instant::now();
    let expected = by_hand(broker, &setup.topic, &rules);
    println!("\ncounted one by one in {:.1} s: {expected:?}", began.elapsed().as_secs_f64());
    let report = setup.replay(&[]);
    let found = ["new", "lost", "changed", "unchanged", "clean"].map(|key| report["changes"][key].as_u64());
    assert_eq!(found, expected.map(Some), "a replay counts the same");
    assert_eq!(report["records"]["read"], COUNT);
    println!("the replay counts the same");

    let map = field_map();
    let last = RefCell::new(Value::Null);
    let replay = |threads: &'static str| {
        let (setup, last) = (&setup, &last);
        move || {
            let report = setup.replay(&["--threads", threads]);
            let seconds = report["cost"]["seconds"].as_f64().expect("a number of seconds");
            *last.borrow_mut() = report;
            seconds
        }
    };
    let rates = compare(
        "replay by two rule sets in one pass; the broker shares this machine",
        "records",
        COUNT,
        ROUNDS,
        vec![
            Contestant { name: "raw consume, one thread", round: Box::new(|| raw_consume(broker, &setup.topic)) },
            in_memory(&rules, &map, &posts),
            Contestant { name: "tripline replay --threads 1", round: Box::new(replay("1")) },
            Contestant { name: "tripline replay --threads 2", round: Box::new(replay("2")) },
        ],
    );
    let slower = rates[0].min(rates[1]);
    for (threads, rate) in [(1, rates[2]), (2, rates[3])] {
        println!(
            "  {threads} thread(s): {:.3} x the slower of raw consume and the engine in memory (target 0.9)",
            rate / slower
        );
    }
    let last = last.into_inner();
    println!("  the last round's own word on cost: {}", last["cost"]);
}

fn different_posts() -> Vec<Vec<u8>> {
    let mut all = posts(DIFFERENT, 50);
    for post in all.iter_mut().step_by(NEW_EVERY) {
        let text = String::from_utf8(std::mem::take(post)).expect("our posts are UTF-8");
        *post = text.replace("日常", NEW).into_bytes();
    }
    all
}

/// A topic with records, and settings and rules on disk.
struct Setup {
    topic: String,
    folder: TempDir,
}

impl Setup {
    fn fill(broker: &Broker, posts: &[Vec<u8>]) -> Setup {
        let setup = Setup { topic: unique("bench-replay"), folder: tempfile::tempdir().expect("a temporary folder") };
        broker.create_topic(&setup.topic, PARTITIONS, &[]);
        for _ in 0..COUNT / DIFFERENT {
            let records = posts.iter().zip((0..PARTITIONS).cycle());
            let records = records.map(|(post, partition)| Message::to(&setup.topic).partition(partition).value(post));
            broker.produce(&records.collect::<Vec<_>>());
        }
        setup.write_rules();
        fs::write(setup.settings(), settings(broker, &setup.topic)).expect("settings can be written");
        setup
    }

    fn base(&self) -> String {
        self.folder.path().join("base").display().to_string()
    }

    fn candidate(&self) -> String {
        self.folder.path().join("candidate").display().to_string()
    }

    fn settings(&self) -> String {
        self.folder.path().join("tripline.toml").display().to_string()
    }

    /// The shipped rules, and the same with one organisation more and one less.
    fn write_rules(&self) {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let documents = RuleSource::Paths(vec![shipped]).documents().expect("the shipped rules can be read");
        for (number, (_, yaml)) in documents.iter().enumerate() {
            let line = format!("    name: {RETIRED}\n");
            let changed = yaml.replace(&line, &format!("{line}    status: retired\n"));
            for (folder, yaml) in [(self.base(), yaml), (self.candidate(), &changed)] {
                fs::create_dir_all(&folder).expect("a folder can be made");
                fs::write(format!("{folder}/{number}.yaml"), yaml).expect("a rule file can be written");
            }
        }
        let notice = format!(
            "notice:\n  id: made-up-1\n  authority: {{ en: Office of Made-up Affairs }}\n  kind: ban\n  jurisdiction: CN\n  published: 2020-01-01\n  sources: [{{ url: \"https://office.example/1\", kind: official }}]\norganizations:\n  - id: made-up\n    name: {NEW}\n    listing: banned\n"
        );
        fs::write(format!("{}/new.yaml", self.candidate()), notice).expect("a rule file can be written");
    }

    fn replay(&self, arguments: &[&str]) -> Value {
        let (base, candidate, settings) = (self.base(), self.candidate(), self.settings());
        let fixed = ["replay", "-c", &settings, "--base", &base, "--candidate", &candidate, "--format", "json"];
        let mut command = Command::new(env!("CARGO_BIN_EXE_tripline"));
        let output = command.args(fixed).args(arguments).output().expect("tripline runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("a report is JSON")
    }
}

fn rule_set(folder: &str) -> RuleSet {
    let builder = RuleSource::Paths(vec![folder.into()]).builder().expect("the rules can be read");
    builder.jurisdictions(&["CN".to_owned()]).build().expect("the rules are valid")
}

fn settings(broker: &Broker, topic: &str) -> String {
    format!(
        r#"
[kafka]
bootstrap_servers = "{bootstrap}"
group_id = "{group}"
[[source]]
topic = "{topic}"
kind = "post"
id = "/id"
author = "/author/id"
time = "/created_at"
text = {{ title = "/title", body = "/body" }}
links = {{ urls = "/entities/urls/*/expanded_url" }}
[rules]
paths = []
"#,
        bootstrap = broker.bootstrap(),
        group = unique("bench-replay"),
    )
}

fn reader(broker: &Broker, topic: &str) -> BaseConsumer {
    let consumer: BaseConsumer = broker
        .client()
        .set("group.id", unique("bench-raw"))
        .set("enable.auto.commit", "false")
        .set("enable.partition.eof", "true")
        .set("auto.offset.reset", "error")
        .set("isolation.level", "read_committed")
        .set("fetch.queue.backoff.ms", "5")
        .create()
        .expect("the settings are valid");
    let mut list = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        list.add_partition_offset(topic, partition, Offset::Beginning).expect("an offset can be assigned");
    }
    consumer.assign(&list).expect("partitions can be assigned");
    consumer
}

/// Lends every record to `each`, up to the ends of all partitions.
fn read(broker: &Broker, topic: &str, mut each: impl FnMut(&[u8])) {
    let consumer = reader(broker, topic);
    let mut ended = 0;
    while ended < PARTITIONS {
        match consumer.poll(LIMIT).expect("records come") {
            Ok(record) => each(record.payload().unwrap_or_default()),
            Err(KafkaError::PartitionEOF(_)) => ended += 1,
            Err(error) => panic!("the topic cannot be read: {error}"),
        }
    }
}

/// Seconds from the first record to the last.
fn raw_consume(broker: &Broker, topic: &str) -> f64 {
    let (mut began, mut last, mut bytes, mut count) = (None, Instant::now(), 0, 0_usize);
    read(broker, topic, |value| {
        began.get_or_insert_with(Instant::now);
        bytes += value.len();
        count += 1;
        if count == COUNT {
            last = Instant::now();
        }
    });
    assert!(count == COUNT && bytes > COUNT, "all records come");
    last.duration_since(began.expect("there was a record")).as_secs_f64()
}

/// Decoded once and judged by both, on one thread with nothing else going on.
fn in_memory<'c>(rules: &'c [RuleSet; 2], map: &'c FieldMap, posts: &'c [Vec<u8>]) -> Contestant<'c> {
    let [mut base, mut candidate] = rules.each_ref().map(Scanner::new);
    Contestant::timed("decoded once, judged by both in memory", move || {
        for post in (0..COUNT / DIFFERENT).flat_map(|_| posts) {
            if let Decoded::Content(content) = decode(map, Some(black_box(post))) {
                drop(black_box(base.scan(&content)));
                drop(black_box(candidate.scan(&content)));
            }
        }
    })
}

/// new, lost, changed, unchanged, clean: record by record, with a decoder and a comparison of its own.
fn by_hand(broker: &Broker, topic: &str, rules: &[RuleSet; 2]) -> [u64; 5] {
    let [mut base, mut candidate] = rules.each_ref().map(Scanner::new);
    let mut counts = [0; 5];
    read(broker, topic, |value| {
        let value: Value = serde_json::from_slice(value).expect("our posts are JSON");
        let mut content = Content::post(value["body"].as_str().expect("a body").to_owned());
        content = content.with_field("title", Role::Text, value["title"].as_str().expect("a title").to_owned());
        let judge = |scanner: &mut Scanner<'_>| {
            let verdict = scanner.scan(&content).expect("the shipped policy can be evaluated");
            let spot =
                |m: &tripline::engine::Mention<'_>| (m.pattern.to_owned(), m.field.to_string(), m.span.bytes.start);
            let mut spots: Vec<_> = verdict.mentions.iter().map(spot).collect();
            spots.sort();
            (verdict.action, verdict.severity, spots)
        };
        let (base, candidate) = (judge(&mut base), judge(&mut candidate));
        let is_flagged = |verdict: &(Action, _, _)| verdict.0 > Action::None;
        let which = match (is_flagged(&base), is_flagged(&candidate)) {
            (false, true) => 0,
            (true, false) => 1,
            (true, true) if base != candidate => 2,
            (true, true) => 3,
            (false, false) => 4,
        };
        counts[which] += 1;
    });
    counts
}
