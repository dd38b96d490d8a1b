//! What came from the broker, and what goes back to one.

use std::sync::Arc;

use jiff::Timestamp;

/// One Kafka message as the consumer lent it to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record<'a> {
    /// The topic it was read from.
    pub topic: &'a str,
    /// The partition it was read from.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
    /// The broker's time in milliseconds since 1970; `None` when the broker says -1 (no time).
    pub timestamp_ms: Option<i64>,
    /// The key; `None` is a null key, which is not an empty one.
    pub key: Option<&'a [u8]>,
    /// The value; `None` is a deletion in a compacted topic, which is not an empty value.
    pub value: Option<&'a [u8]>,
    /// The headers in their order; a name may stand more than once and a value may be null.
    pub headers: Vec<(&'a str, Option<&'a [u8]>)>,
}

impl Record<'_> {
    /// The broker's time of the record; `None` when there is none, or none that a calendar has.
    #[must_use]
    pub fn timestamp(&self) -> Option<Timestamp> {
        self.timestamp_ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
    }
}

/// A record to produce.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Where it goes; the producer's partitioner chooses the partition by the key.
    pub topic: Arc<str>,
    /// The key; `None` is a null key.
    pub key: Option<Vec<u8>>,
    /// The value; `None` is a null value.
    pub payload: Option<Vec<u8>>,
    /// The headers, in order.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    /// Its time in milliseconds since 1970; `None` = the time of sending.
    ///
    /// Ours are all `None`: a verdict on an old record that carried the old time would fall to the retention of
    /// the output topic as soon as it is written. The time of the source stands in a header or in the payload.
    pub timestamp_ms: Option<i64>,
}

impl Outgoing {
    /// Bytes on the wire, near enough to compare with `message.max.bytes` (an upper bound of the v2 record format).
    #[must_use]
    pub fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.as_deref()));
        wire_size(self.key.as_deref(), self.payload.as_deref(), headers)
    }

    /// The text of the last header of this name, as Kafka's own `lastHeader` reads it.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().rfind(|(n, _)| n == name)?;
        std::str::from_utf8(value.as_deref()?).ok()
    }
}

/// The batch header of the v2 format, and one record's own fields at their longest.
const RECORD_OVERHEAD: usize = 61 + 31;
/// Two varint lengths at their longest.
const HEADER_OVERHEAD: usize = 10;

/// An upper bound of the bytes that a message takes in a batch of its own.
pub(super) fn wire_size<'a>(
    key: Option<&[u8]>,
    value: Option<&[u8]>,
    headers: impl Iterator<Item = (&'a str, Option<&'a [u8]>)>,
) -> usize {
    let headers: usize = headers.map(|(name, value)| HEADER_OVERHEAD + name.len() + value.map_or(0, <[u8]>::len)).sum();
    RECORD_OVERHEAD + key.map_or(0, <[u8]>::len) + value.map_or(0, <[u8]>::len) + headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_outside_the_calendar_is_no_time() {
        for (ms, expected) in [
            (None, None),
            (Some(0), Some("1970-01-01T00:00:00Z")),
            (Some(1_795_334_400_123), Some("2026-11-22T08:00:00.123Z")),
            (Some(i64::MAX), None),
            (Some(i64::MIN), None),
        ] {
            let record = Record {
                topic: "posts",
                partition: 0,
                offset: 0,
                timestamp_ms: ms,
                key: None,
                value: None,
                headers: vec![],
            };
            let text = record.timestamp().map(|t| t.to_string());
            assert_eq!(text.as_deref(), expected, "{ms:?}");
        }
    }

    #[test]
    fn the_last_header_of_a_name_is_the_one_that_counts() {
        let out = Outgoing {
            topic: "t".into(),
            key: None,
            payload: None,
            headers: vec![("a".into(), Some(b"1".to_vec())), ("a".into(), Some(b"2".to_vec())), ("null".into(), None)],
            timestamp_ms: None,
        };
        assert_eq!(out.header("a"), Some("2"));
        assert_eq!(out.header("null"), None);
        assert_eq!(out.header("b"), None);
        assert!(out.size() >= RECORD_OVERHEAD + 3 * HEADER_OVERHEAD + 8);
    }
}
