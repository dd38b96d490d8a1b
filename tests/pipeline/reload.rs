//! Reload through the process: large sets under load, every trigger, a broker that is away.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{fs, thread};

use rdkafka::message::{Message as _, OwnedMessage};
use serde_json::{Value, json};
use tripline::config::RuleSource;
use tripline::content::Kind;
use tripline::engine::Scanner;
use tripline::event::{Origin, RuleSetStamp, verdict_event};
use tripline::rule::RuleSet;
use tripline::stream::{Decoded, FieldMap, Record, SourceFields, decode_record};

use crate::judge::{Expected, Repeats, Run, event, header};
use crate::kafka::{Broker, Message};
use crate::made_up::{Volume, name};
use crate::support::{Service, Setup, free_address, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);
const NAMES: usize = 10_000;
const SETS: usize = 3;
/// Records are written in such parts for as long as sets are swapped.
const PART: usize = 4_000;

#[test]
fn ten_thousand_names_are_swapped_under_load_and_each_record_is_judged_by_one_set_wholly() {
    let broker = Broker::shared();
    let rules = tempfile::tempdir().expect("a temporary folder");
    let volume = Volume::make(rules.path(), SETS, NAMES);
    let setup = Setup { emit: "all", consumers: 2, rules: volume.folder().to_owned(), ..Setup::on(broker, 4) };
    let sets = sets(&volume);
    let mut service = Service::start_ready(&setup, "one");

    let is_over = AtomicBool::new(false);
    let written = thread::scope(|scope| {
        let writer = scope.spawn(|| write_until(broker, &setup, &is_over));
        swap_under_load(&mut service, &volume, &sets);
        is_over.store(true, Ordering::Relaxed);
        writer.join().expect("the broker takes them")
    });
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    let (records, scans) =
        (service.metric("tripline_records_total", ""), service.metric("tripline_scan_seconds_count", ""));
    service.stop();

    assert!(
        is(records, written) && is(scans, written),
        "every record is counted and timed: {records}, {scans}, {written}"
    );
    let run = Run::read(broker, &setup);
    println!("{}", run.summary());
    assert_eq!(run.inputs.len(), written);
    assert_eq!(first(&run.faults(Repeats::Never)), [""; 0]);
    let receipts = Receipts::read(broker, &setup);
    assert_eq!(first(&receipts.faults(&sets)), [""; 0]);
    assert_eq!(first(&against_fresh_judgements(broker, &setup, &sets, &receipts)), [""; 0]);
}

/// Every set is shown and asked for in one of the ways; a broken one stands between two of them.
fn swap_under_load(service: &mut Service, volume: &Volume, sets: &BTreeMap<String, RuleSet>) {
    for (epoch, (set, ask)) in
        (2..).zip([(1, "http"), (2, "sighup"), (0, "watch"), (1, "http"), (2, "http"), (0, "http")])
    {
        // Each set judges something, also on a machine where the writer is slow to begin.
        let before = scans(service);
        service.until("records are judged", LIMIT, |service| scans(service) > before);
        volume.show(set);
        match ask {
            "http" => {
                let (status, body) = service.post("/-/reload", "").expect("it answers");
                assert_eq!(status, 200, "{body}");
                assert!(body.contains(&format!("\"epoch\":{epoch}")), "{body}");
            }
            "sighup" => service.signal("HUP"),
            _ => {}
        }
        service.until("the set is loaded", LIMIT, |service| ready(service)["rule_set"]["epoch"] == epoch);
        let digest = ready(service)["rule_set"]["digest"].as_str().expect("a text").to_owned();
        assert!(sets.contains_key(&digest), "{digest}");

        let broken = volume.folder().join("broken.yaml");
        fs::write(&broken, "notice: { id: 5").expect("it is writable");
        let (status, body) = service.post("/-/reload", "").expect("it answers");
        assert_eq!(status, 422, "{body}");
        fs::remove_file(&broken).expect("it is there");
        thread::sleep(Duration::from_millis(300));
    }
}

fn scans(service: &Service) -> f64 {
    service.metric("tripline_scan_seconds_count", "")
}

#[test]
fn each_trigger_takes_a_change_and_a_bad_set_is_said_once() {
    let broker = Broker::shared();
    let rules = tempfile::tempdir().expect("a temporary folder");
    let file = rules.path().join("notice.yaml");
    let good = |names: &[&str]| fs::write(&file, small(names)).expect("it is writable");
    good(&["甲样例学会"]);
    let setup = Setup { rules: rules.path().to_owned(), ..Setup::on(broker, 1) };
    let mut service = Service::start_ready(&setup, "one");
    assert_eq!(ready(&service)["last_reload"], Value::Null);
    assert_eq!(service.post("/-/reload", "").map(|(status, _)| status), Some(200));
    assert_eq!(
        (ready(&service)["rule_set"]["epoch"].clone(), last(&service, "result")),
        (json!(1), "unchanged".into())
    );

    good(&["甲样例学会", "乙样例学会"]);
    service.until("the change is seen", LIMIT, |service| ready(service)["rule_set"]["epoch"] == 2);
    assert_eq!((last(&service, "result"), last(&service, "trigger")), ("loaded".into(), "watch".into()));

    fs::write(&file, small(&["甲样例学会"]).replace("listing", "lisitng")).expect("it is writable");
    service.until("the bad set is tried", LIMIT, |service| last(service, "result") == "failed");
    thread::sleep(Duration::from_secs(3));
    assert!(last(&service, "reason").contains("notice.yaml:9:"), "{}", last(&service, "reason"));
    assert_eq!(service.status("/ready"), Some(200), "good rules judge");
    assert!(is(service.metric("tripline_rules_reloads_total", "failed"), 1));
    assert!(is(service.metric("tripline_rules_reload_successful", ""), 0));
    let log = service.log();
    assert_eq!(log.matches("rules not loaded").count(), 1, "{log}");
    assert_eq!(log.matches("notice.yaml:9:").count(), 2, "the missing key and the unknown one, each once:\n{log}");

    service.signal("HUP");
    service.until("the signal is taken", LIMIT, |service| last(service, "trigger") == "sighup");
    assert_eq!(last(&service, "result"), "failed");
    good(&["甲样例学会", "乙样例学会", "丙样例学会"]);
    service.signal("HUP");
    service.until("the next good set is taken", LIMIT, |service| ready(service)["rule_set"]["epoch"] == 3);
    assert!(is(service.metric("tripline_rules_reload_successful", ""), 1));
    let digest = ready(&service)["rule_set"]["digest"].as_str().expect("a text").to_owned();
    assert!(is(service.metric("tripline_rules_info", &format!("digest=\"{digest}\",epoch=\"3\"")), 1));
    assert_eq!(service.post("/-/reload", "Origin: https://page.example\r\n").map(|(status, _)| status), Some(403));
    assert_eq!(service.status("/-/reload"), Some(405));
    service.stop();
}

#[test]
fn what_is_written_after_the_answer_is_judged_by_the_new_rules() {
    const RELOADS: i64 = 12;
    let broker = Broker::shared();
    let rules = tempfile::tempdir().expect("a temporary folder");
    let names: Vec<_> = (0..=RELOADS).map(|n| format!("样例学会第{n}分会")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let show =
        |count: usize| fs::write(rules.path().join("notice.yaml"), small(&names[..count])).expect("it is writable");
    show(1);
    let setup = Setup { rules: rules.path().to_owned(), ..Setup::on(broker, 1).set("rules.watch", "false") };
    let mut service = Service::start_ready(&setup, "one");
    for n in 0..RELOADS {
        show(usize::try_from(n + 2).expect("it is small"));
        let (status, answer) = service.post("/-/reload", "").expect("it answers");
        assert_eq!((status, answer.contains("loaded")), (200, true), "{answer}");
        broker.produce(&[Message::to(&setup.posts).partition(0).value(r#"{"id":"p-1","body":"今天天气很好"}"#)]);
    }
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();
    let receipts = Receipts::read(broker, &setup);
    for n in 0..RELOADS {
        assert_eq!(i64::try_from(receipts.of(0, n).1), Ok(n + 2), "offset {n}");
    }
}

#[test]
fn rules_can_be_mended_while_the_broker_is_away() {
    let rules = tempfile::tempdir().expect("a temporary folder");
    fs::write(rules.path().join("notice.yaml"), small(&["甲样例学会"])).expect("it is writable");
    let setup = Setup { rules: rules.path().to_owned(), ..Setup::without_topics(&free_address().to_string()) };
    let mut service = Service::start(&setup, "one");
    service.until("it listens", LIMIT, |service| service.status("/live").is_some());

    service.signal("HUP");
    service.until("the signal is taken", LIMIT, |service| last(service, "result") == "unchanged");
    fs::write(rules.path().join("notice.yaml"), small(&["乙样例学会"])).expect("it is writable");
    let (status, body) = service.post("/-/reload", "").expect("it answers");
    assert_eq!((status, ready(&service)["rule_set"]["epoch"].clone()), (200, json!(2)), "{body}");
    service.signal("TERM");
    assert_eq!(service.ended_within(Duration::from_secs(5)).code(), Some(0), "its log:\n{}", service.log());
}

fn ready(service: &Service) -> Value {
    let (_, body) = service.get("/ready").expect("it answers");
    serde_json::from_str(&body).expect("it is JSON")
}

fn last(service: &Service, key: &str) -> String {
    ready(service)["last_reload"][key].as_str().unwrap_or_default().to_owned()
}

fn small(names: &[&str]) -> String {
    let header = "notice:
  id: example-2021-1
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: https://authority.example/list, kind: official }]
organizations:
";
    let bodies =
        names.iter().enumerate().map(|(n, name)| format!("  - {{ id: body-{n}, name: {name}, listing: banned }}\n"));
    bodies.fold(header.to_owned(), |text, body| text + &body)
}

/// Whole numbers are exact in a scrape.
fn is(metric: f64, expected: usize) -> bool {
    (metric - f64::from(u32::try_from(expected).expect("it is small"))).abs() < 0.5
}

fn first(faults: &[String]) -> Vec<&str> {
    faults.iter().take(10).map(String::as_str).collect()
}

// -- records

fn write_until(broker: &Broker, setup: &Setup, is_over: &AtomicBool) -> usize {
    let mut written = 0;
    while !is_over.load(Ordering::Relaxed) {
        let records: Vec<_> = (written..written + PART).map(|n| record(setup, n)).collect();
        broker.produce(&records);
        written += PART;
    }
    written
}

/// Every fourth names a first and a last name of each set, so that half a set would find half of its two.
fn record(setup: &Setup, n: usize) -> Message {
    let (expected, body) = if n.is_multiple_of(4) {
        let names = (0..SETS).flat_map(|set| [name(set, n % 100), name(set, NAMES - 1 - n % 100)]);
        (Expected::Flagged, names.fold(String::new(), |body, name| body + "欢迎加入" + &name + "！"))
    } else {
        (Expected::None, format!("今天天气很好，我们去公园散步。Nothing in number {n}."))
    };
    let value = json!({ "id": format!("p-{n}"), "author": { "id": "u-1" }, "body": body }).to_string();
    Message::to(&setup.posts).key(format!("k-{}", n % 50)).header("expected", expected.as_str()).value(value)
}

// -- what the topics show

/// The rule sets by digest, built here from the files.
fn sets(volume: &Volume) -> BTreeMap<String, RuleSet> {
    let build = |set| {
        let source = RuleSource::Paths(vec![volume.path(set)]);
        let builder = source.builder().expect("it can be read").jurisdictions(&["CN".to_owned()]);
        let rules = builder.build().expect("it is a good set");
        (rules.digest().to_string(), rules)
    };
    (0..SETS).map(build).collect()
}

/// First offset, digest and epoch of each receipt, by partition in order of offsets.
struct Receipts(BTreeMap<i64, Vec<(i64, String, u64)>>);

impl Receipts {
    fn read(broker: &Broker, setup: &Setup) -> Receipts {
        let mut all: BTreeMap<i64, Vec<_>> = BTreeMap::new();
        for record in broker.read_all(&setup.receipts) {
            let receipt: Value = serde_json::from_slice(record.payload().expect("a value")).expect("it is JSON");
            let number = |key: &str| receipt[key].as_i64().expect("a number");
            let digest = receipt["digest"].as_str().expect("a text").to_owned();
            let epoch = receipt["epoch"].as_u64().expect("a number");
            all.entry(number("partition")).or_default().push((number("first"), digest, epoch));
        }
        for receipts in all.values_mut() {
            receipts.sort();
        }
        Receipts(all)
    }

    /// Digests are those of our sets, epochs ascend with the offsets and stand for one digest each, and every set judged.
    fn faults(&self, sets: &BTreeMap<String, RuleSet>) -> Vec<String> {
        let mut faults = Vec::new();
        let mut digests: BTreeMap<u64, &str> = BTreeMap::new();
        for receipts in self.0.values() {
            for (_, digest, epoch) in receipts {
                if !sets.contains_key(digest) || *digests.entry(*epoch).or_insert(digest) != digest {
                    faults.push(format!("epoch {epoch} has digest {digest}"));
                }
            }
            faults.extend(receipts.windows(2).filter(|two| two[0].2 > two[1].2).map(|two| format!("{two:?}")));
        }
        if digests.len() < 4 {
            faults.push(format!("only epochs {digests:?} judged: there was no load"));
        }
        faults
    }

    /// The digest and the epoch that judged a record.
    fn of(&self, partition: i64, offset: i64) -> (&str, u64) {
        let receipts = &self.0[&partition];
        let after = receipts.partition_point(|(first, _, _)| *first <= offset);
        let (_, digest, epoch) = &receipts[after - 1];
        (digest, *epoch)
    }
}

/// Each verdict says what the set that it names says, and names the set that its receipt names.
fn against_fresh_judgements(
    broker: &Broker,
    setup: &Setup,
    sets: &BTreeMap<String, RuleSet>,
    receipts: &Receipts,
) -> Vec<String> {
    let map = field_map();
    let mut scanners: BTreeMap<&str, (&RuleSet, Scanner<'_>)> =
        sets.iter().map(|(digest, rules)| (digest.as_str(), (rules, Scanner::new(rules)))).collect();
    let inputs = broker.read_all(&setup.posts);
    let inputs: BTreeMap<_, _> = inputs.iter().map(|record| ((record.partition(), record.offset()), record)).collect();
    let mut faults = Vec::new();
    for message in broker.read_all(&setup.verdicts) {
        let (place, found) = event(&message);
        let said = &found.data["rule_set"];
        let (digest, epoch) = (said["digest"].as_str().expect("a text"), said["epoch"].as_u64().expect("a number"));
        if (digest, epoch) != receipts.of(place.partition.into(), place.offset) {
            faults.push(format!("{place:?}: the verdict names {digest} {epoch}, the receipt another set"));
        }
        let (rules, scanner) = scanners.get_mut(digest).expect("its digest is one of ours: the receipts' are");
        let settings = said["settings"].as_str().expect("a text").to_owned();
        let stamp = RuleSetStamp { digest: digest.to_owned(), epoch, engine: env!("CARGO_PKG_VERSION"), settings };
        let source = header(&message, "ce_source").expect("binary mode");
        let cluster = source.trim_start_matches("/tripline/");
        let fresh = judged(inputs[&(place.partition, place.offset)], &map, cluster, rules, scanner, &stamp);
        if fresh != found.data {
            faults.push(format!("{place:?}: judged again\n{fresh}\nbut said\n{}", found.data));
        }
    }
    faults
}

fn judged<'r>(
    record: &OwnedMessage,
    map: &FieldMap,
    cluster: &str,
    rules: &'r RuleSet,
    scanner: &mut Scanner<'r>,
    stamp: &RuleSetStamp,
) -> Value {
    let timestamp_ms = record.timestamp().to_millis();
    let (topic, partition, offset) = (record.topic(), record.partition(), record.offset());
    let raw = Record {
        topic,
        partition,
        offset,
        timestamp_ms,
        key: record.key(),
        value: record.payload(),
        headers: Vec::new(),
    };
    let Decoded::Content(content) = decode_record(map, &raw) else { panic!("these records decode") };
    let verdict = scanner.scan(&content).expect("this policy can be evaluated");
    let origin = Origin { cluster, topic, partition, offset, timestamp_ms };
    let event = verdict_event(&origin, &content, &verdict, rules, stamp);
    serde_json::to_value(event.data).expect("it is JSON")
}

/// As the settings of [`Setup`] say.
fn field_map() -> FieldMap {
    let pair = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
    let fields = SourceFields {
        kind: Kind::Post,
        id: Some("/id".to_owned()),
        author: Some("/author/id".to_owned()),
        time: None,
        region: None,
        attributes: vec![],
        text: vec![pair("title", "/title"), pair("body", "/body")],
        links: vec![pair("urls", "/urls/*/href")],
    };
    FieldMap::compile(&fields).expect("these pointers are valid")
}
