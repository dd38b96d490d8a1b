//! Records that are not what we expect: each has the right outcome, and the records behind it are judged.

use std::time::Duration;

use rdkafka::message::Message as _;
use serde_json::{Value, json};

use crate::judge::{Event, Place, event, header, source_of};
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Service, Setup, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);
const MEGABYTE: usize = 1_000_000;

/// What should become of a record.
#[derive(Debug, PartialEq)]
enum Fate {
    /// A verdict with this action.
    Action(&'static str),
    /// A dead letter of this class, with the record's own bytes.
    DeadLetter(&'static str),
    /// Neither: only a receipt counts it.
    Empty,
}

#[test]
fn each_bad_record_has_its_outcome_and_stops_nobody() {
    let broker = Broker::shared();
    let setup = Setup { emit: "all", ..Setup::without_topics(broker.bootstrap()) };
    broker.create_topic(&setup.posts, 1, &[("max.message.bytes", "20000000")]);
    for topic in [&setup.registrations, &setup.verdicts, &setup.dead_letters, &setup.receipts] {
        broker.create_topic(topic, 1, &[]);
    }
    let cases = cases();
    let messages: Vec<Message> = cases
        .iter()
        .map(|(name, value, _)| {
            let message = Message::to(&setup.posts).partition(0).header("case", name).header("trace", [0xff, 0x00]);
            let message = if *name == "a null key" { message } else { message.key(name) };
            Message { value: value.clone(), ..message }
        })
        .collect();
    broker.produce(&messages);

    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    counts_each_once(&service, &cases);
    service.stop();

    let verdicts: Vec<(Place, Event)> = broker.read_all(&setup.verdicts).iter().map(event).collect();
    let dead_letters = broker.read_all(&setup.dead_letters);
    for (offset, (name, value, expected)) in (0..).zip(&cases) {
        let verdict = verdicts.iter().find(|(place, _)| place.offset == offset).map(|(_, event)| event);
        let dead_letter = dead_letters.iter().find(|letter| source_of(letter).offset == offset);
        match expected {
            Fate::Action(action) => {
                let verdict = verdict.unwrap_or_else(|| panic!("{name}: no verdict"));
                assert_eq!(verdict.action, *action, "{name}: {}", verdict.data);
                assert!(dead_letter.is_none(), "{name}");
            }
            Fate::Empty => assert!(verdict.is_none() && dead_letter.is_none(), "{name}"),
            Fate::DeadLetter(class) => {
                assert!(verdict.is_none(), "{name}");
                let letter = dead_letter.unwrap_or_else(|| panic!("{name}: no dead letter"));
                assert_eq!(header(letter, "tripline.error.class").as_deref(), Some(*class), "{name}");
                assert!(header(letter, "tripline.error.message").is_some_and(|message| !message.is_empty()), "{name}");
                assert_eq!(letter.key(), Some(name.as_bytes()), "{name}: the key is the record's own");
                assert_eq!(header(letter, "case").as_deref(), Some(*name), "its own headers stay");
                is_kept(name, value.as_deref().expect("a null value is no dead letter"), letter.payload());
            }
        }
    }
}

/// The metrics say of each kind how often it came.
fn counts_each_once(service: &Service, cases: &[Case]) {
    let count = |wanted: fn(&Fate) -> bool| cases.iter().filter(|(_, _, fate)| wanted(fate)).count().to_string();
    for (outcome, expected) in [
        ("none", count(|fate| *fate == Fate::Action("none"))),
        ("flagged", count(|fate| *fate == Fate::Action("flag"))),
        ("empty", count(|fate| *fate == Fate::Empty)),
        ("dead_letter", count(|fate| matches!(fate, Fate::DeadLetter(_)))),
    ] {
        let found = service.metric("tripline_records_total", &format!("outcome=\"{outcome}\""));
        assert_eq!(found.to_string(), expected, "{outcome}");
    }
    let deep = service.metric("tripline_dead_letters_total", "reason=\"too-deep\"");
    assert_eq!(deep.to_string(), count(|fate| *fate == Fate::DeadLetter("too-deep")));
}

/// The original bytes; of a record too large for the topic, a stub that says how large and its sha256.
fn is_kept(name: &str, value: &[u8], kept: Option<&[u8]>) {
    let kept = kept.unwrap_or_else(|| panic!("{name}: the dead letter has a value"));
    if value.len() <= MEGABYTE {
        assert_eq!(kept, value, "{name}");
        return;
    }
    let stub: Value = serde_json::from_slice(kept).expect("a stub is JSON");
    assert_eq!(stub["size"], json!(value.len()), "{name}: {stub}");
    assert!(stub["sha256"].as_str().is_some_and(|sum| sum.len() == 64), "{name}: {stub}");
}

/// A name, a record's value, and what should become of it.
type Case = (&'static str, Option<Vec<u8>>, Fate);

fn cases() -> Vec<Case> {
    let post = |body: &str| Some(json!({ "id": "p", "body": body }).to_string().into_bytes());
    let bytes = |bytes: &[u8]| Some(bytes.to_vec());
    let nested = |open: &str, close: &str| {
        let deep = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        bytes(format!(r#"{{"id":"p","body":{deep}}}"#).as_bytes())
    };
    let unused = format!(r#"{{"unused":{}{},"id":"p","body":"{LISTED}"}}"#, "[".repeat(10_000), "]".repeat(10_000));
    vec![
        ("a clean post", post("茶"), Fate::Action("none")),
        ("a listed name", post(LISTED), Fate::Action("flag")),
        ("10 MB of clean text", post(&"茶".repeat(10 * MEGABYTE / 3)), Fate::Action("none")),
        ("10 MB that are no JSON", bytes(&vec![b'x'; 10 * MEGABYTE]), Fate::DeadLetter("invalid-json")),
        ("invalid UTF-8", bytes(b"{\"id\":\"p\",\"body\":\"\xff\"}"), Fate::DeadLetter("invalid-utf8")),
        ("an array", bytes(b"[]"), Fate::DeadLetter("not-an-object")),
        ("half an object", bytes(b"{\"id\":"), Fate::DeadLetter("invalid-json")),
        ("a number for a text", bytes(b"{\"id\":\"p\",\"body\":5}"), Fate::DeadLetter("wrong-type")),
        ("10,000 objects deep", nested("{\"a\":", "}"), Fate::DeadLetter("too-deep")),
        ("10,000 arrays deep in a field of no use", Some(unused.into_bytes()), Fate::DeadLetter("too-deep")),
        ("one million zero-width characters", post(&"\u{200b}".repeat(MEGABYTE / 3 * 3)), Fate::Action("none")),
        ("a null value", None, Fate::Empty),
        ("a null key", post(LISTED), Fate::Action("flag")),
        ("the last one", post(LISTED), Fate::Action("flag")),
    ]
}
