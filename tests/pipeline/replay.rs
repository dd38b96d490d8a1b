//! `tripline replay` over the topics of a real broker: exactly what a `read_committed` reader sees up to the snapshot,
//! counted as somebody counts who shares no code with it but the scanner.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rdkafka::message::{Message as _, OwnedMessage};
use serde_json::{Value, json};
use tempfile::TempDir;
use tripline::config::RuleSource;
use tripline::content::{Content, Kind, Role};
use tripline::engine::Scanner;
use tripline::rule::{Action, RuleSet};

use crate::judge::{event, header};
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Service, Setup, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);
/// Listed by the candidate only.
const NEW: &str = "春风社团联合会";
const NEW_NOTICE: &str = "notice:
  id: made-up-1
  authority: { en: Office of Made-up Affairs }
  kind: ban
  jurisdiction: CN
  published: 2020-01-01
  sources: [{ url: \"https://office.example/1\", kind: official }]
organizations:
  - id: chunfeng-shetuan
    name: 春风社团联合会
    listing: banned
";

/// The shipped rules, and the same with one organisation more and one less.
struct Rules {
    folder: TempDir,
}

impl Rules {
    fn write() -> Rules {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let candidate = folder.path().join("candidate");
        fs::create_dir_all(candidate.join("notices")).expect("a folder can be made");
        for part in ["", "notices"] {
            for entry in fs::read_dir(shipped.join(part)).expect("the rules can be listed") {
                let path = entry.expect("an entry can be read").path();
                if path.extension().is_some_and(|ending| ending == "yaml") {
                    let yaml = fs::read_to_string(&path).expect("a rule file can be read");
                    let line = format!("    name: {LISTED}\n");
                    let yaml = yaml.replace(&line, &format!("{line}    status: retired\n"));
                    let name = path.file_name().expect("a file has a name");
                    fs::write(candidate.join(part).join(name), yaml).expect("a rule file can be written");
                }
            }
        }
        fs::write(candidate.join("notices/made-up.yaml"), NEW_NOTICE).expect("a rule file can be written");
        Rules { folder }
    }

    fn candidate(&self) -> PathBuf {
        self.folder.path().join("candidate")
    }

    fn base() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")
    }
}

fn rule_set(path: PathBuf) -> RuleSet {
    let builder = RuleSource::Paths(vec![path]).builder().expect("the rules can be read");
    builder.jurisdictions(&["CN".to_owned()]).build().expect("the rules are valid")
}

/// Exit code, stdout and stderr of a replay.
fn replay(setup: &Setup, arguments: &[&str]) -> (i32, String, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let settings = setup.write_settings(folder.path());
    let mut command = Command::new(env!("CARGO_BIN_EXE_tripline"));
    command.args(["replay".as_ref(), "-c".as_ref(), settings.as_os_str()]).args(arguments);
    let output = command.output().expect("tripline runs");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn report(setup: &Setup, arguments: &[&str]) -> Value {
    let (code, stdout, stderr) = replay(setup, &[arguments, &["--format", "json"]].concat());
    assert_eq!(code, 0, "{stdout}\n{stderr}");
    serde_json::from_str(&stdout).expect("a report is JSON")
}

fn post(setup: &Setup, partition: i32, body: &str) -> Message {
    Message::to(&setup.posts).partition(partition).key("k").value(json!({ "id": "p", "body": body }).to_string())
}

/// Clean and flagged ones of every kind, poison and deletions.
fn mixed(setup: &Setup, count: usize) -> Vec<Message> {
    let one = |n: usize| {
        let (partition, topic) = (i32::try_from(n % 3).expect("small"), &setup.posts);
        match n % 23 {
            1 => post(setup, partition, &format!("{LISTED}招募 {n}")),
            2 => post(setup, partition, &format!("{NEW} 邀请 {n}")),
            3 => post(setup, partition, &format!("{LISTED}、{NEW}")),
            4 => post(setup, partition, "全国邢氏宗亲总会"),
            5 => post(setup, partition, &format!("全国邢氏宗亲总会和{NEW} {n}")),
            6 => Message::to(topic).partition(partition).key("deleted"),
            7 => Message::to(topic).partition(partition).value("{\"id\":"),
            8 => Message::to(&setup.registrations)
                .partition(partition)
                .value(json!({ "account_id": "a", "display_name": NEW, "bio": LISTED }).to_string()),
            _ => post(setup, partition, &format!("今天天气很好 {n}")),
        }
    };
    (0..count).map(one).collect()
}

/// What of a report can be counted by hand.
#[derive(Debug, Default, PartialEq)]
struct Counted {
    read: u64,
    empty: u64,
    poison: u64,
    new: u64,
    lost: u64,
    changed: u64,
    unchanged: u64,
    clean: u64,
    flagged: [u64; 2],
    by_organization: [BTreeMap<String, u64>; 2],
}

impl Counted {
    fn of_report(report: &Value) -> Counted {
        let number = |value: &Value| value.as_u64().expect("a count");
        let (records, changes) = (&report["records"], &report["changes"]);
        let sides = [&report["rule_sets"][0], &report["rule_sets"][1]];
        let poison = records["poison"].as_object().expect("counts by class").values();
        let organizations = |side: &Value| {
            let list = side["organizations"].as_array().expect("a list").iter();
            let id = |row: &Value| row["id"].as_str().expect("an id").to_owned();
            list.map(|row| (id(row), number(&row["records"]))).collect()
        };
        Counted {
            read: number(&records["read"]),
            empty: number(&records["empty"]),
            poison: poison.map(number).sum(),
            new: number(&changes["new"]),
            lost: number(&changes["lost"]),
            changed: number(&changes["changed"]),
            unchanged: number(&changes["unchanged"]),
            clean: number(&changes["clean"]),
            flagged: sides.map(|side| number(&side["flagged"])),
            by_organization: sides.map(organizations),
        }
    }

    /// Record by record, with a scanner each.
    fn by_hand(records: &[OwnedMessage], setup: &Setup, rules: &[RuleSet; 2]) -> Counted {
        let mut counted = Counted::default();
        for record in records {
            counted.read += 1;
            let Some(value) = record.payload() else {
                counted.empty += 1;
                continue;
            };
            let Ok(value) = serde_json::from_slice::<Value>(value) else {
                counted.poison += 1;
                continue;
            };
            let content = content(&value, record.topic() == setup.posts, record.timestamp().to_millis());
            let [base, candidate] = rules.each_ref().map(|rules| {
                let verdict = Scanner::new(rules).scan(&content).expect("the shipped policy can be evaluated");
                let named = verdict.mentions.iter().filter_map(|mention| mention.organization);
                let mut spans = BTreeSet::new();
                for mention in &verdict.mentions {
                    let organization = mention.organization.expect("no canary").id.to_string();
                    spans.insert((organization, mention.field.to_string(), mention.span.bytes.start));
                }
                let named: BTreeSet<String> = named.map(|organization| organization.id.to_string()).collect();
                (verdict.action, verdict.severity, named, spans)
            });
            for (side, verdict) in [&base, &candidate].into_iter().enumerate() {
                counted.flagged[side] += u64::from(verdict.0 > Action::None);
                for id in &verdict.2 {
                    *counted.by_organization[side].entry(id.clone()).or_default() += 1;
                }
            }
            match (base.0 > Action::None, candidate.0 > Action::None) {
                (false, false) => counted.clean += 1,
                (false, true) => counted.new += 1,
                (true, false) => counted.lost += 1,
                (true, true) if base == candidate => counted.unchanged += 1,
                (true, true) => counted.changed += 1,
            }
        }
        counted
    }
}

/// The fields as `Setup` maps them, taken from a tree.
fn content(value: &Value, is_post: bool, timestamp_ms: Option<i64>) -> Content<'static> {
    let (kind, fields) = if is_post {
        (Kind::Post, &["title", "body"][..])
    } else {
        (Kind::Registration, &["display_name", "organization", "bio"][..])
    };
    let mut content = Content::new(kind);
    for field in fields {
        if let Some(text) = value[field].as_str() {
            content = content.with_field(*field, Role::Text, text.to_owned());
        }
    }
    content.timestamp = timestamp_ms.and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    content
}

/// The records of both sources that stand within what a report says it has read.
fn within(broker: &Broker, setup: &Setup, report: &Value) -> Vec<OwnedMessage> {
    let parts = report["parts"].as_array().expect("parts");
    let is_read = |record: &OwnedMessage| {
        let part = parts.iter().find(|p| p["source"] == record.topic() && p["partition"] == record.partition());
        part.is_some_and(|part| {
            (part["from"].as_i64() <= Some(record.offset())) && (Some(record.offset()) < part["to"].as_i64())
        })
    };
    setup.sources().iter().flat_map(|topic| broker.read_all(topic)).filter(is_read).collect()
}

#[test]
fn two_rule_sets_in_one_pass_over_transactions_and_a_producer_that_keeps_writing() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 3);
    let rules = Rules::write();
    broker.produce(&mixed(&setup, 3_000));
    let aborted: Vec<Message> = (0..40).map(|n| post(&setup, n % 3, &format!("{LISTED} 从未发生"))).collect();
    broker.begin(&aborted).abort();
    broker.produce(&mixed(&setup, 1_000));
    broker.begin(&mixed(&setup, 500)).commit();
    // Partition 1 ends with aborted records and markers, partition 2 with an open transaction and records behind it.
    broker.begin(&[post(&setup, 1, LISTED), post(&setup, 1, LISTED)]).abort();
    let open = broker.begin(&[post(&setup, 2, LISTED)]);
    broker.produce(&[post(&setup, 2, LISTED), post(&setup, 2, LISTED)]);
    let [first, second] = [0, 1].map(|partition| broker.watermarks(&setup.posts, partition).1);

    let stop = AtomicBool::new(false);
    let report = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let more: Vec<Message> = (0..50).map(|_| post(&setup, 0, LISTED)).collect();
                broker.produce(&more);
            }
        });
        let deadline = Instant::now() + LIMIT;
        while broker.watermarks(&setup.posts, 0).1 <= first {
            assert!(Instant::now() < deadline, "the producer writes");
        }
        let base = Rules::base().display().to_string();
        let candidate = rules.candidate().display().to_string();
        let report = report(&setup, &["--base", &base, "--candidate", &candidate]);
        stop.store(true, Ordering::Relaxed);
        report
    });
    open.abort();

    assert_eq!(report["ended"], "complete");
    let to = |partition: usize| report["parts"][partition]["to"].as_i64().expect("an offset");
    assert!(to(0) > first && to(1) == second, "all that was there is read, and what was being written");
    assert!(to(0) < broker.watermarks(&setup.posts, 0).1, "and no more than was there at its start");
    let sets = [rule_set(Rules::base()), rule_set(rules.candidate())];
    let records = within(broker, &setup, &report);
    let (found, expected) = (Counted::of_report(&report), Counted::by_hand(&records, &setup, &sets));
    assert_eq!(found, expected);
    assert!(
        found.new > 0 && found.lost > 0 && found.changed > 0 && found.unchanged > 0 && found.poison > 0,
        "{found:?}"
    );
    assert_eq!(found.read, records.len() as u64);
    let parts = report["parts"].as_array().expect("parts").iter();
    assert_eq!(parts.map(|part| part["records"].as_u64().expect("a count")).sum::<u64>(), found.read);
    assert_eq!(broker.committed(&setup.group, &setup.posts), [], "nothing is committed");
    assert_eq!(broker.members(&setup.group), 0, "no group is joined");
}

#[test]
fn compacted_holes_at_the_end_of_a_range_do_not_stop_it() {
    let broker = Broker::shared();
    let setup = Setup::without_topics(broker.bootstrap());
    let compacted = [
        ("cleanup.policy", "compact"),
        ("segment.ms", "100"),
        ("min.cleanable.dirty.ratio", "0.01"),
        ("max.compaction.lag.ms", "100"),
    ];
    broker.create_topic(&setup.posts, 1, &compacted);
    broker.create_topic(&setup.registrations, 1, &[]);
    let keyed = |n: usize| post(&setup, 0, LISTED).key(format!("{}", n % 5));
    broker.produce(&(0..100).map(keyed).collect::<Vec<_>>());
    let deadline = Instant::now() + LIMIT;
    let mut rolled = 100_i64;
    // The newest segment is never compacted, so new ones are begun until the old one was.
    while broker.read_all(&setup.posts).len() > 60 {
        assert!(Instant::now() < deadline, "the broker compacts");
        thread::sleep(Duration::from_millis(300));
        broker.produce(&[post(&setup, 0, "茶").key("roll")]);
        rolled += 1;
    }
    let seen = broker.read_all(&setup.posts);
    // Ranges that end at, before and behind a hole.
    for to in [20, 96, rolled] {
        let report = report(&setup, &["--to", &to.to_string(), "--topic", &setup.posts]);
        let expected = seen.iter().filter(|record| record.offset() < to).count();
        // Compaction may go on between our look and the replay's.
        let read = report["records"]["read"].as_u64().expect("a count");
        assert!(read <= expected as u64 && (to < 96 || read >= 1), "to {to}: {read} of {expected}");
        assert_eq!(report["ended"], "complete");
    }
}

#[test]
fn a_range_is_what_time_offset_and_partition_say_and_what_is_gone_is_told() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 2);
    // 2026-01-01T00:00:00Z, and a minute between records.
    let at = |n: i64| 1_767_225_600_000 + n * 60_000;
    let record = |n: i64| post(&setup, i32::try_from(n % 2).expect("small"), LISTED).timestamp_ms(at(n));
    broker.produce(&(0..40).map(record).collect::<Vec<_>>());
    for (arguments, expected) in [
        (&[][..], 40),
        (&["--from", "5"], 30),
        (&["--to", "5"], 10),
        (&["--from", "5", "--to", "5"], 0),
        (&["--from", "5", "--partition", "1"], 15),
        (&["--from", "99"], 0),
        (&["--from", "2026-01-01T00:10:00Z"], 30),
        (&["--from", "2026-01-01T00:10:00Z", "--to", "2026-01-01T00:20:00Z"], 10),
        (&["--to", "2026-01-01"], 0),
        (&["--from", "2026-01-02"], 0),
        (&["--from", "latest"], 0),
        (&["--limit", "3"], 6),
        (&["--from", "-52w", "--to", "2026-01-01T00:30:00Z", "--topic", &setup.posts], 30),
    ] {
        let report = report(&setup, arguments);
        assert_eq!(report["rule_sets"][0]["flagged"], expected, "{arguments:?}\n{report:#}");
        assert_eq!(report["gone"], json!([]), "{arguments:?}");
    }

    broker.delete_before(&setup.posts, 1, 8);
    for (arguments, expected, gone) in [
        (&["--from", "0"][..], 32, json!([{ "topic": setup.posts, "partition": 1, "from": 0, "to": 8 }])),
        (&["--from", "3", "--to", "5"], 2, json!([{ "topic": setup.posts, "partition": 1, "from": 3, "to": 5 }])),
        (&[], 32, json!([])),
    ] {
        let report = report(&setup, arguments);
        assert_eq!((&report["rule_sets"][0]["flagged"], &report["gone"]), (&json!(expected), &gone), "{arguments:?}");
    }
    let (_, text, _) = replay(&setup, &["--from", "0"]);
    assert!(text.contains("/1: 8 offsets were removed by retention (0 to 8)"), "{text}");

    for (arguments, words) in [
        (&["--partition", "2"][..], "has no partition 2: it has 2"),
        (&["--output-topic", "no-such-topic"], "cannot write to topic no-such-topic"),
    ] {
        let (code, stdout, stderr) = replay(&setup, arguments);
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(words), "{stderr}");
    }
    let missing = Setup { registrations: "registrations-that-nobody-made".to_owned(), ..setup };
    let (code, _, stderr) = replay(&missing, &[]);
    assert_eq!(code, 2);
    assert!(stderr.contains("cannot read topic registrations-that-nobody-made"), "{stderr}");
}

#[test]
fn verdicts_go_to_another_topic_as_the_service_writes_them() {
    let broker = Broker::shared();
    let setup = Setup::on(broker, 2);
    let output = crate::kafka::unique("replayed");
    broker.create_topic(&output, 2, &[]);
    let records = mixed(&setup, 300).into_iter().map(|message| Message { partition: None, ..message });
    broker.produce(&records.collect::<Vec<_>>());
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();
    let committed = broker.committed(&setup.group, &setup.posts);

    let report = report(&setup, &["--output-topic", &output]);

    let verdicts = |topic: &str| -> BTreeMap<String, (Option<Vec<u8>>, Value)> {
        let all = broker.read_all(topic);
        let one = |message: &OwnedMessage| {
            let mut data = event(message).1.data;
            // What the number of a rule set is to the service, a replay does not have.
            data["rule_set"]["epoch"].take();
            let id = header(message, "ce_id").expect("an id");
            (id, (message.key().map(<[u8]>::to_vec), data))
        };
        let by_id: BTreeMap<_, _> = all.iter().map(one).collect();
        assert_eq!(by_id.len(), all.len(), "one for each record");
        by_id
    };
    let (live, again) = (verdicts(&setup.verdicts), verdicts(&output));
    assert!(!live.is_empty());
    assert_eq!(again, live);
    assert_eq!(report["written"], json!({ "topic": output, "verdicts": live.len() }));
    assert_eq!(broker.committed(&setup.group, &setup.posts), committed, "the group is where it was");
    let candidate = Rules::write();
    let path = candidate.candidate().display().to_string();
    let second = crate::kafka::unique("replayed");
    broker.create_topic(&second, 1, &[]);
    let changed = self::report(&setup, &["--candidate", &path, "--output-topic", &second]);
    assert_eq!(broker.read_all(&second).len() as u64, changed["rule_sets"][1]["flagged"].as_u64().expect("a count"));
}
