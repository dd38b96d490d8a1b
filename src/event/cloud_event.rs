//! The envelope: CloudEvents 1.0, and its two modes over Kafka.
//!
//! Binary: `data` is the value, the attributes are headers `ce_id`, `ce_type`, … Structured: the value is the whole
//! event. Source: CloudEvents, Kafka protocol binding 1.0.2, sections 3.2 and 3.3.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use uuid::Uuid;

use super::citations::Citations;
use super::data::{VerdictData, verdict_data};
use super::identity::{Origin, verdict_id};
use crate::content::Content;
use crate::engine::Verdict;
use crate::stream::{Outgoing, RuleSetStamp};

/// The `type` of the event; the form of `data` changes only in ways that a reader of v1 need not notice.
pub const EVENT_TYPE: &str = "tripline.verdict.v1";
const SPEC_VERSION: &str = "1.0";
const JSON: &str = "application/json";

/// How an event is laid into a message: the setting `verdicts.mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// `data` as the value, attributes as headers.
    #[default]
    Binary,
    /// The whole event as the value.
    Structured,
}

impl Mode {
    /// Both modes, in the order of the settings reference.
    pub const ALL: [Mode; 2] = [Mode::Binary, Mode::Structured];

    /// The name in settings.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Mode::Binary => "binary",
            Mode::Structured => "structured",
        }
    }
}

/// One verdict, ready to be sent. Serialises as the structured event.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictEvent {
    /// The verdict's id: the same for the same record.
    pub id: Uuid,
    /// Whose verdict: `/tripline/<cluster>`.
    pub source: String,
    /// On what: `topic/partition/offset`.
    pub subject: String,
    /// The record's time in RFC 3339, UTC, with milliseconds unless they are 0; `None` when it has none.
    pub time: Option<String>,
    /// What is said.
    pub data: VerdictData,
}

/// The event of a verdict. `citations` is a `&RuleSet`, the one that judged.
#[must_use]
pub fn verdict_event<'r>(
    origin: &Origin<'_>,
    content: &Content<'_>,
    verdict: &Verdict<'_>,
    citations: impl Into<Citations<'r>>,
    stamp: &RuleSetStamp,
) -> VerdictEvent {
    let id = verdict_id(origin);
    let time = origin.timestamp_ms.and_then(rfc_3339);
    VerdictEvent {
        id,
        source: format!("/tripline/{}", path_segment(origin.cluster)),
        subject: format!("{}/{}/{}", origin.topic, origin.partition, origin.offset),
        data: verdict_data(id, origin, time.clone(), content, verdict, &citations.into(), stamp),
        time,
    }
}

impl VerdictEvent {
    /// The message: the record's own key (null stays null), so that a verdict is partitioned as its record is.
    #[must_use]
    pub fn to_outgoing(&self, mode: Mode, topic: &Arc<str>, key: Option<&[u8]>) -> Outgoing {
        let (payload, headers) = match mode {
            Mode::Binary => (to_json(&self.data), self.binary_headers()),
            Mode::Structured => {
                (self.to_json_line(), vec![header("content-type", "application/cloudevents+json; charset=UTF-8")])
            }
        };
        Outgoing {
            topic: topic.clone(),
            key: key.map(<[u8]>::to_vec),
            payload: Some(payload.into_bytes()),
            headers,
            timestamp_ms: None,
        }
    }

    /// The structured event on one line, without a line break at its end.
    #[must_use]
    pub fn to_json_line(&self) -> String {
        to_json(self)
    }

    fn binary_headers(&self) -> Vec<(String, Option<Vec<u8>>)> {
        let mut headers = vec![
            header("content-type", JSON),
            header("ce_specversion", SPEC_VERSION),
            header("ce_id", &self.id.to_string()),
            header("ce_source", &self.source),
            header("ce_type", EVENT_TYPE),
            header("ce_subject", &self.subject),
        ];
        headers.extend(self.time.as_deref().map(|time| header("ce_time", time)));
        headers
    }
}

impl Serialize for VerdictEvent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut event = serializer.serialize_struct("VerdictEvent", 7 + usize::from(self.time.is_some()))?;
        event.serialize_field("specversion", SPEC_VERSION)?;
        event.serialize_field("id", &self.id.to_string())?;
        event.serialize_field("source", &self.source)?;
        event.serialize_field("type", EVENT_TYPE)?;
        event.serialize_field("subject", &self.subject)?;
        match &self.time {
            Some(time) => event.serialize_field("time", time)?,
            None => event.skip_field("time")?,
        }
        event.serialize_field("datacontenttype", JSON)?;
        event.serialize_field("data", &self.data)?;
        event.end()
    }
}

fn header(name: &str, value: &str) -> (String, Option<Vec<u8>>) {
    (name.to_owned(), Some(value.as_bytes().to_vec()))
}

pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("numbers, texts and lists can be written as JSON")
}

fn rfc_3339(ms: i64) -> Option<String> {
    // RFC 3339 has no years before 0; beyond 9999 the calendar itself ends.
    let time = Timestamp::from_millisecond(ms).ok().filter(|_| ms >= YEAR_0_MS)?;
    let has_millis = ms.rem_euclid(1_000) != 0;
    Some(if has_millis { format!("{time:.3}") } else { time.to_string() })
}

/// 0000-01-01 in milliseconds since 1970.
const YEAR_0_MS: i64 = -62_167_219_200_000;

/// A text as one segment of a URI path: anything but RFC 3986's unreserved characters is percent-encoded.
fn path_segment(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut segment, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            write!(segment, "%{byte:02X}").expect("a String takes what is written to it");
        }
        segment
    })
}
