//! What a verdict looks like on the wire, in both content modes.

use std::time::Duration;

use rdkafka::message::{Message as _, OwnedMessage};
use serde_json::Value;

use crate::every_record::schema;
use crate::judge::{event, header};
use crate::kafka::{Broker, Message};
use crate::support::{LISTED, Service, Setup, until_all_committed};

const LIMIT: Duration = Duration::from_secs(60);

/// Judges one flagged post with a key and one without, and returns their verdicts.
fn verdicts(mode: &'static str) -> (Setup, Vec<OwnedMessage>) {
    let broker = Broker::shared();
    let setup = Setup { mode, ..Setup::on(broker, 1) };
    let post = format!(r#"{{"id":"p-1","author":{{"id":"u-1"}},"body":"看：{LISTED}"}}"#);
    broker.produce(&[
        Message::to(&setup.posts).key("k-1").value(&post).timestamp_ms(1_767_225_600_000),
        Message::to(&setup.posts).value(&post),
        Message::to(&setup.posts).key("k-3").value(r#"{"id":"p-3","body":"茶"}"#),
    ]);
    let mut service = Service::start_ready(&setup, "one");
    until_all_committed(broker, &setup, &mut [&mut service], LIMIT);
    service.stop();
    let mut verdicts = broker.read_all(&setup.verdicts);
    verdicts.sort_by_key(|verdict| event(verdict).0);
    (setup, verdicts)
}

#[test]
fn in_binary_mode_the_attributes_are_headers_and_the_value_is_the_data() {
    let (setup, verdicts) = verdicts("binary");

    // Of the clean post nothing is said: `emit = "flagged"`.
    assert_eq!(verdicts.len(), 2);
    let verdict = &verdicts[0];
    for (name, expected) in [
        ("ce_specversion", "1.0"),
        ("ce_type", "tripline.verdict.v1"),
        ("ce_subject", &format!("{}/0/0", setup.posts)),
        ("ce_time", "2026-01-01T00:00:00Z"),
        ("content-type", "application/json"),
    ] {
        let found = header(verdict, name).unwrap_or_default();
        assert!(found == expected || (name == "content-type" && found.starts_with(expected)), "{name}: {found}");
    }
    assert!(header(verdict, "ce_source").is_some_and(|source| source.starts_with("/tripline/")));
    assert_eq!(verdict.key(), Some(&b"k-1"[..]), "the key is the record's own");
    assert_eq!(verdicts[1].key(), None, "null stays null");
    let (_, event) = event(verdict);
    assert_eq!(schema("verdict.v1.schema.json").validate(&event.data).err().map(|error| error.to_string()), None);
    describes_the_mention(&event.data);
}

#[test]
fn in_structured_mode_the_value_is_the_whole_event() {
    let (setup, verdicts) = verdicts("structured");

    assert_eq!(verdicts.len(), 2);
    let verdict = &verdicts[0];
    let kind = header(verdict, "content-type").unwrap_or_default();
    assert!(kind.starts_with("application/cloudevents+json"), "{kind}");
    assert_eq!(verdict.key(), Some(&b"k-1"[..]));
    let whole: Value = serde_json::from_slice(verdict.payload().expect("it has a value")).expect("it is JSON");
    assert_eq!(whole["specversion"], "1.0");
    assert_eq!(whole["type"], "tripline.verdict.v1");
    assert_eq!(whole["subject"], format!("{}/0/0", setup.posts));
    describes_the_mention(&whole["data"]);
}

fn describes_the_mention(data: &Value) {
    assert_eq!(data["record"]["id"], "p-1");
    assert_eq!(data["record"]["author"], "u-1");
    assert_eq!((&data["action"], &data["severity"]), (&"flag".into(), &"low".into()));
    let mention = &data["mentions"][0];
    assert_eq!((&mention["name"], &mention["text"]), (&LISTED.into(), &LISTED.into()));
    // Behind "看：", two characters of three bytes each.
    assert_eq!(mention["span"]["bytes"], serde_json::json!([6, 6 + LISTED.len()]));
    assert_eq!(mention["span"]["chars"], serde_json::json!([2, 9]));
}
