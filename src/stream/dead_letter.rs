//! How a record that cannot be judged is kept: as it came, with our headers behind its own.
//!
//! Key, value, headers and what was null stay what they were, so that the record can be put back once the fault is
//! mended. A record too large to pass on goes as a stub: its size, its sha256 and where it stands.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::poison::Poison;
use super::record::{Outgoing, Record, wire_size};

/// Where a record failed: the header `tripline.error.stage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Bytes to fields.
    Decode,
    /// Fields to mentions.
    Scan,
    /// Mentions to a decision.
    Policy,
    /// A decision to the broker: its verdict was refused.
    Produce,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Stage; 4] = [Stage::Decode, Stage::Scan, Stage::Policy, Stage::Produce];

    /// The name in headers.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Decode => "decode",
            Stage::Scan => "scan",
            Stage::Policy => "policy",
            Stage::Produce => "produce",
        }
    }
}

/// Longer messages are cut: a header is for a person.
const MAX_MESSAGE_BYTES: usize = 500;

/// The dead letter of a record, for the topic `to`, of at most `max_bytes` on the wire.
///
/// Ours are added behind the record's own headers; where a name stands twice (a dead letter put back that failed
/// again) the last counts, as in Kafka's own `lastHeader`. The stub of a record that is too large keeps key and
/// headers, unless they alone are too large.
#[must_use]
pub fn dead_letter(record: &Record<'_>, poison: &Poison, stage: Stage, to: &str, max_bytes: usize) -> Outgoing {
    let ours = our_headers(record, poison, stage);
    let room = max_bytes.saturating_sub(wire_size(None, None, borrowed(&ours)));
    let theirs = record.headers.iter().copied();
    if wire_size(record.key, record.value, theirs.clone()) <= room {
        let headers = owned(theirs).chain(ours).collect();
        return outgoing(to, record.key, record.value.map(<[u8]>::to_vec), headers);
    }
    let stub = Stub::new(record);
    let marker = ("tripline.stub".to_owned(), Some(b"true".to_vec()));
    let size_with = |stub: &Stub<'_>| stub.json().len() + STUB_MARKER_BYTES;
    if wire_size(record.key, None, theirs.clone()) + size_with(&stub) <= room {
        let headers = owned(theirs).chain(ours).chain([marker]).collect();
        return outgoing(to, record.key, Some(stub.json()), headers);
    }
    let bare = Stub { left_out: &["value", "key", "headers"], ..stub };
    let headers = ours.into_iter().chain([marker]).collect();
    outgoing(to, None, Some(bare.json()), headers)
}

/// The marker's name, value and lengths.
const STUB_MARKER_BYTES: usize = 32;

/// What stands in place of a record that is too large.
#[derive(Debug, Serialize)]
struct Stub<'a> {
    topic: &'a str,
    partition: i32,
    offset: i64,
    /// Bytes of the value; null when the value is.
    size: Option<usize>,
    /// Of the value, in hexadecimal.
    sha256: Option<String>,
    left_out: &'static [&'static str],
}

impl<'a> Stub<'a> {
    fn new(record: &Record<'a>) -> Self {
        Self {
            topic: record.topic,
            partition: record.partition,
            offset: record.offset,
            size: record.value.map(<[u8]>::len),
            sha256: record.value.map(sha256),
            left_out: &["value"],
        }
    }

    fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("numbers and texts can be written as JSON")
    }
}

fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        write!(text, "{byte:02x}").expect("a String takes what is written to it");
    }
    text
}

type Headers = Vec<(String, Option<Vec<u8>>)>;

fn our_headers(record: &Record<'_>, poison: &Poison, stage: Stage) -> Headers {
    let timestamp = record.timestamp_ms.map(|ms| ms.to_string());
    [
        ("tripline.error.class", Some(poison.class.as_str().to_owned())),
        ("tripline.error.message", Some(cut(&poison.message).to_owned())),
        ("tripline.error.stage", Some(stage.as_str().to_owned())),
        ("tripline.source.topic", Some(record.topic.to_owned())),
        ("tripline.source.partition", Some(record.partition.to_string())),
        ("tripline.source.offset", Some(record.offset.to_string())),
        ("tripline.source.timestamp", timestamp),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.map(String::into_bytes)))
    .collect()
}

fn cut(message: &str) -> &str {
    &message[..message.floor_char_boundary(MAX_MESSAGE_BYTES)]
}

fn outgoing(to: &str, key: Option<&[u8]>, payload: Option<Vec<u8>>, headers: Headers) -> Outgoing {
    Outgoing { topic: to.into(), key: key.map(<[u8]>::to_vec), payload, headers, timestamp_ms: None }
}

fn borrowed(headers: &Headers) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
    headers.iter().map(|(n, v)| (n.as_str(), v.as_deref()))
}

fn owned<'a>(
    headers: impl Iterator<Item = (&'a str, Option<&'a [u8]>)>,
) -> impl Iterator<Item = (String, Option<Vec<u8>>)> {
    headers.map(|(name, value)| (name.to_owned(), value.map(<[u8]>::to_vec)))
}

#[cfg(test)]
mod tests {
    use super::super::PoisonClass;
    use super::*;

    const LIMIT: usize = 2_000;

    fn record<'a>(key: Option<&'a [u8]>, value: Option<&'a [u8]>) -> Record<'a> {
        Record {
            topic: "posts",
            partition: 3,
            offset: 1289,
            timestamp_ms: Some(1_795_334_400_000),
            key,
            value,
            headers: vec![("trace", Some(b"\xff\x00")), ("trace", None), ("", Some(b""))],
        }
    }

    fn poison() -> Poison {
        Poison::new(PoisonClass::InvalidJson, "expected value at line 1 column 1")
    }

    fn letter(record: &Record<'_>) -> Outgoing {
        dead_letter(record, &poison(), Stage::Decode, "dead", LIMIT)
    }

    #[test]
    fn what_was_in_the_record_is_untouched() {
        for (key, value) in [
            (Some(&b"k"[..]), Some(&b"\xff\x00not json"[..])),
            (None, Some(&b""[..])),
            (Some(&b""[..]), None),
            (None, None),
        ] {
            let record = record(key, value);
            let out = letter(&record);
            assert_eq!(&*out.topic, "dead");
            assert_eq!((out.key.as_deref(), out.payload.as_deref()), (key, value));
            let theirs: Vec<_> = borrowed(&out.headers).take(3).collect();
            assert_eq!(theirs, record.headers);
            assert_eq!(out.timestamp_ms, None, "retention counts from the letter, not the record");
        }
    }

    #[test]
    fn our_headers_say_what_where_and_when() {
        let out = letter(&record(None, Some(b"x")));
        for (name, value) in [
            ("tripline.error.class", "invalid-json"),
            ("tripline.error.message", "expected value at line 1 column 1"),
            ("tripline.error.stage", "decode"),
            ("tripline.source.topic", "posts"),
            ("tripline.source.partition", "3"),
            ("tripline.source.offset", "1289"),
            ("tripline.source.timestamp", "1795334400000"),
        ] {
            assert_eq!(out.header(name), Some(value), "{name}");
        }
        assert_eq!(out.header("tripline.stub"), None);
        let mut timeless = record(None, None);
        timeless.timestamp_ms = None;
        let last = letter(&timeless).headers.pop().unwrap();
        assert_eq!(last, ("tripline.source.timestamp".to_owned(), None));
    }

    #[test]
    fn a_letter_that_failed_again_tells_of_its_last_failure() {
        let mut again = record(None, Some(b"x"));
        again.headers.push(("tripline.error.class", Some(b"too-deep")));
        let out = letter(&again);
        assert_eq!(out.header("tripline.error.class"), Some("invalid-json"));
        assert_eq!(out.headers[3].1.as_deref(), Some(&b"too-deep"[..]));
    }

    #[test]
    fn a_record_too_large_goes_as_a_stub() {
        let value = vec![b'a'; 1_000_000];
        let out = letter(&record(Some(b"k"), Some(&value)));
        assert_eq!(out.header("tripline.stub"), Some("true"));
        assert_eq!(out.key.as_deref(), Some(&b"k"[..]));
        assert!(out.size() <= LIMIT, "{}", out.size());
        let stub: serde_json::Value = serde_json::from_slice(out.payload.as_deref().unwrap()).unwrap();
        let expected = serde_json::json!({
            "topic": "posts", "partition": 3, "offset": 1289, "size": 1_000_000,
            // printf 'a%.0s' {1..1000000} | sha256sum
            "sha256": "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            "left_out": ["value"],
        });
        assert_eq!(stub, expected);
    }

    #[test]
    fn a_key_or_headers_too_large_are_left_out_too() {
        let large = vec![b'a'; LIMIT];
        let large_key = record(Some(&large), Some(b"x"));
        let mut large_header = record(Some(b"k"), None);
        large_header.headers.push(("h", Some(&large)));
        for (record, size) in [(large_key, Some(1)), (large_header, None)] {
            let out = letter(&record);
            assert!(out.size() <= LIMIT, "{}", out.size());
            assert_eq!((out.key.as_ref(), out.header("trace")), (None, None));
            let stub: serde_json::Value = serde_json::from_slice(out.payload.as_deref().unwrap()).unwrap();
            assert_eq!(stub["left_out"], serde_json::json!(["value", "key", "headers"]));
            assert_eq!(stub["size"], serde_json::json!(size));
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters() {
        let long = Poison::new(PoisonClass::Policy, "界".repeat(1_000));
        let out = dead_letter(&record(None, None), &long, Stage::Policy, "dead", LIMIT);
        let message = out.header("tripline.error.message").unwrap();
        assert_eq!(message.chars().count(), MAX_MESSAGE_BYTES / 3);
    }
}
