//! Records on their way from a reader to a judge: copied once, into one piece of memory a batch.
//!
//! 256 records keep what a judge works on (texts, decoded fields, one rule set after the other) in its core's cache.

use std::ops::Range;

use crate::stream::Record;

/// The most records of a batch.
const RECORDS: usize = 256;
/// The most bytes of a batch, unless one record alone has more.
const BYTES: usize = 256 << 10;

/// Records of any sources.
#[derive(Debug, Default)]
pub(super) struct Batch {
    bytes: Vec<u8>,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    source: usize,
    partition: i32,
    offset: i64,
    timestamp_ms: Option<i64>,
    key: Option<Range<usize>>,
    value: Option<Range<usize>>,
    headers: Vec<(Range<usize>, Option<Range<usize>>)>,
}

impl Batch {
    /// Copies a record in.
    pub fn push(&mut self, source: usize, record: &Record<'_>) {
        let entry = Entry {
            source,
            partition: record.partition,
            offset: record.offset,
            timestamp_ms: record.timestamp_ms,
            key: record.key.map(|key| self.keep(key)),
            value: record.value.map(|value| self.keep(value)),
            headers: record
                .headers
                .iter()
                .map(|(name, value)| (self.keep(name.as_bytes()), value.map(|value| self.keep(value))))
                .collect(),
        };
        self.entries.push(entry);
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// It is time to hand it over.
    pub fn is_full(&self) -> bool {
        self.entries.len() >= RECORDS || self.bytes.len() >= BYTES
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The source of each record, and the record. `names` are the names of the sources.
    pub fn records<'b>(&'b self, names: &'b [&'b str]) -> impl Iterator<Item = (usize, Record<'b>)> {
        self.entries.iter().map(|entry| {
            let bytes = |range: &Range<usize>| &self.bytes[range.clone()];
            let text = |range: &Range<usize>| std::str::from_utf8(bytes(range)).unwrap_or_default();
            let headers = entry.headers.iter();
            let record = Record {
                topic: names[entry.source],
                partition: entry.partition,
                offset: entry.offset,
                timestamp_ms: entry.timestamp_ms,
                key: entry.key.as_ref().map(bytes),
                value: entry.value.as_ref().map(bytes),
                headers: headers.map(|(name, value)| (text(name), value.as_ref().map(bytes))).collect(),
            };
            (entry.source, record)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_out_as_they_went_in() {
        let record = |key: Option<&'static [u8]>, value: Option<&'static [u8]>, headers| Record {
            topic: "b",
            partition: 3,
            offset: 9,
            timestamp_ms: Some(-1),
            key,
            value,
            headers,
        };
        let records = [
            record(Some(b"k"), Some(b"{}"), vec![("trace", Some(&b"\xff"[..])), ("null", None)]),
            record(None, None, vec![]),
            record(Some(b""), Some(b""), vec![]),
        ];
        let mut batch = Batch::default();
        for record in &records {
            batch.push(1, record);
        }
        let out: Vec<_> = batch.records(&["a", "b"]).collect();
        assert_eq!(out, records.map(|record| (1, record)));
    }

    #[test]
    fn a_batch_is_full_by_number_or_by_size() {
        let bytes = vec![b'x'; BYTES / 2];
        let record = |value| Record {
            topic: "a",
            partition: 0,
            offset: 0,
            timestamp_ms: None,
            key: None,
            value,
            headers: vec![],
        };
        let fill = |value| {
            let mut batch = Batch::default();
            while !batch.is_full() {
                batch.push(0, &record(value));
            }
            batch.len()
        };
        assert_eq!((fill(None), fill(Some(&bytes[..]))), (RECORDS, 2));
    }
}
