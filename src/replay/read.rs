//! Readers: records from topics or files, copied into batches for whoever is free to judge.

use std::io;
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::batch::Batch;
use super::plan::gone;
use super::progress::Progress;
use crate::kafka::{Connection, Error, RangeClient, RangeReader};
use crate::report::{Gone, Part};
use crate::stream::{Decoded, Range, Record};

/// Records that are taken from librdkafka between two looks at everything else.
const TAKE: usize = 256;
/// How long a reader waits for a record before it looks whether somebody asked to stop.
const WAIT: Duration = Duration::from_millis(100);
/// A client that is done is closed within this time, or left to the end of the process.
const CLOSE: Duration = Duration::from_secs(5);

/// Why the reading broke off.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// Nothing came for so long.
    #[error("nothing came from topic {topic} for {} s, with {left} offsets left{}", within.as_secs_f64(), because(trouble.as_deref()))]
    Silent {
        /// The topic.
        topic: Arc<str>,
        /// How long.
        within: Duration,
        /// How many offsets are left.
        left: u64,
        /// What librdkafka says.
        trouble: Option<String>,
    },
    /// A topic cannot be read.
    #[error("cannot read topic {topic}: {source}")]
    Topic {
        /// The topic.
        topic: Arc<str>,
        /// What librdkafka says.
        source: Error,
    },
    /// A file cannot be read.
    #[error("cannot read {file}: {source}")]
    File {
        /// Its name.
        file: String,
        /// What the system says.
        source: io::Error,
    },
}

fn because(trouble: Option<&str>) -> String {
    trouble.map_or(String::new(), |trouble| format!(": {trouble}"))
}

/// A file of records, or one that is a single text.
pub trait RecordFile: Sync {
    /// As the user named it.
    fn name(&self) -> &str;

    /// How many bytes there are to read, where somebody knows.
    fn size(&self) -> Option<u64>;

    /// Calls `each` for the bytes of every record, with the line it stands in, until it says false.
    ///
    /// # Errors
    /// What the system says.
    fn for_each_record(&self, each: &mut dyn FnMut(Option<u64>, &[u8]) -> bool) -> io::Result<()>;

    /// What the bytes of one record say.
    fn decode<'a>(&self, bytes: &'a [u8]) -> Decoded<'a>;
}

/// What a reader shares with the rest of a run.
pub(super) struct Desk<'d> {
    pub progress: &'d Progress,
    /// Somebody asked to stop, or another part of the run broke off.
    pub should_stop: &'d (dyn Fn() -> bool + Sync),
    /// The most records of each partition or file.
    pub limit: u64,
    /// When the first record came.
    pub first: &'d OnceLock<Instant>,
    /// Keys and headers are wanted too.
    pub with_keys: bool,
    pub with_headers: bool,
    /// The longest silence of a topic.
    pub patience: Duration,
}

/// What a reader has read, also when it broke off.
#[derive(Debug, Default)]
pub(super) struct Took {
    pub parts: Vec<Part>,
    pub gone: Vec<Gone>,
    pub broken: Option<Broken>,
}

/// Fills batches and hands them over.
struct Filler<'d> {
    batch: Batch,
    queue: SyncSender<Batch>,
    first: &'d OnceLock<Instant>,
}

impl<'d> Filler<'d> {
    fn new(queue: SyncSender<Batch>, first: &'d OnceLock<Instant>) -> Self {
        Self { batch: Batch::default(), queue, first }
    }

    /// False when there is nobody left to judge.
    fn push(&mut self, source: usize, record: &Record<'_>) -> bool {
        if self.batch.is_empty() {
            self.first.get_or_init(Instant::now);
        }
        self.batch.push(source, record);
        !self.batch.is_full() || self.flush()
    }

    fn flush(&mut self) -> bool {
        self.batch.is_empty() || self.queue.send(std::mem::take(&mut self.batch)).is_ok()
    }
}

/// Reads ranges of one topic to their ends.
pub(super) fn topic(
    (source, topic, ranges): (usize, &Arc<str>, &[Range]),
    connection: &Connection,
    desk: &Desk<'_>,
    queue: SyncSender<Batch>,
) -> Took {
    let part = |range: &Range| Part {
        source: Arc::clone(topic),
        range: Some((range.partition, range.from, range.to)),
        records: 0,
    };
    let mut took = Took { parts: ranges.iter().map(part).collect(), ..Took::default() };
    if ranges.iter().all(|range| range.size() == 0) {
        return took;
    }
    let read = RangeClient::connect(connection).and_then(|client| client.read(Arc::clone(topic), ranges));
    let mut reader = match read {
        Ok(reader) => reader,
        Err(error) => {
            took.broken = Some(Broken::Topic { topic: Arc::clone(topic), source: error });
            return took;
        }
    };
    took.broken = drain(&mut reader, (source, topic), desk, &mut took.parts, Filler::new(queue, desk.first)).err();
    for open in reader.ranges().open() {
        // Not read to its end: somebody asked to stop, or it broke off.
        let part = took.parts.iter_mut().find(|part| part.range.is_some_and(|range| range.0 == open.partition));
        if let Some(part) = part {
            part.range = part.range.map(|(partition, from, _)| (partition, from, open.from));
        }
    }
    took.gone.extend(reader.gone().iter().map(|range| gone(topic, *range)));
    reader.close(CLOSE);
    took
}

fn drain(
    reader: &mut RangeReader,
    (source, topic): (usize, &Arc<str>),
    desk: &Desk<'_>,
    parts: &mut [Part],
    mut filler: Filler<'_>,
) -> Result<(), Broken> {
    let mut heard = Instant::now();
    let mut left = reader.ranges().left();
    let mut is_wanted = true;
    while is_wanted && !reader.ranges().is_done() && !(desk.should_stop)() {
        let mut full = Vec::new();
        let taken = reader.take(TAKE, WAIT, &mut |arrival| {
            let record = arrival.record();
            // Ascending by partition, as they were planned.
            let index = parts.binary_search_by_key(&Some(record.partition), |part| part.range.map(|range| range.0));
            let Some(part) = index.ok().map(|index| &mut parts[index]).filter(|part| part.records < desk.limit) else {
                return;
            };
            part.records += 1;
            if part.records == desk.limit {
                full.push(record.partition);
                part.range = part.range.map(|(partition, from, _)| (partition, from, record.offset + 1));
            }
            is_wanted &= push(&mut filler, source, arrival, desk);
        });
        let taken = taken.map_err(|source| Broken::Topic { topic: Arc::clone(topic), source })?;
        for partition in full {
            reader.end(partition).map_err(|source| Broken::Topic { topic: Arc::clone(topic), source })?;
        }
        let now_left = reader.ranges().left();
        desk.progress.advance(left.saturating_sub(now_left));
        left = now_left;
        if taken > 0 {
            heard = Instant::now();
        } else {
            filler.flush(); // nothing comes for a while: what is there need not wait for it
            if heard.elapsed() >= desk.patience {
                let (topic, trouble) = (Arc::clone(topic), reader.trouble());
                return Err(Broken::Silent { topic, within: desk.patience, left, trouble });
            }
        }
    }
    filler.flush();
    Ok(())
}

fn push(filler: &mut Filler<'_>, source: usize, arrival: &crate::kafka::Arrival<'_>, desk: &Desk<'_>) -> bool {
    if desk.with_headers {
        return filler.push(source, &arrival.with_headers());
    }
    let mut record = arrival.record().clone();
    record.key = record.key.filter(|_| desk.with_keys);
    filler.push(source, &record)
}

/// Reads files one after the other.
pub(super) fn files(files: &[&dyn RecordFile], desk: &Desk<'_>, queue: SyncSender<Batch>) -> Took {
    let mut took = Took::default();
    let mut filler = Filler::new(queue, desk.first);
    for (source, file) in files.iter().enumerate() {
        let mut part = Part { source: file.name().into(), range: None, records: 0 };
        let read = file.for_each_record(&mut |line, bytes| {
            desk.progress.advance(bytes.len() as u64 + 1);
            if line.is_some() && bytes.is_empty() {
                return !(desk.should_stop)();
            }
            part.records += 1;
            let offset = line.and_then(|line| i64::try_from(line).ok()).unwrap_or(NO_LINE);
            let record = Record {
                topic: file.name(),
                partition: 0,
                offset,
                timestamp_ms: None,
                key: None,
                value: Some(bytes),
                headers: Vec::new(),
            };
            filler.push(source, &record) && part.records < desk.limit && !(desk.should_stop)()
        });
        took.parts.push(part);
        if let Err(source) = read {
            took.broken = Some(Broken::File { file: file.name().to_owned(), source });
            break;
        }
        if (desk.should_stop)() {
            break;
        }
    }
    filler.flush();
    took
}

/// The offset of a file that is one text. Lines count from 1.
pub(super) const NO_LINE: i64 = 0;
