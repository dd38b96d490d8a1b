//! A judge: batches in, a tally out. One a thread, with a scanner for each rule set.
//!
//! A batch is decoded once; then one rule set after the other judges all of it, so that the cost of each is two looks at
//! the clock a batch, and its automaton stays in the cache. Which one goes first changes from batch to batch: the
//! second finds the texts warm.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use jiff::Timestamp;

use super::batch::Batch;
use super::read::{NO_LINE, RecordFile};
use super::write::Output;
use crate::content::Content;
use crate::engine::Scanner;
use crate::event::{Origin, passed_headers, verdict_event, verdict_id};
use crate::report::{Cost, Judgement, Place, Seen, Tally};
use crate::rule::RuleSet;
use crate::stream::{Decoded, FieldMap, Outgoing, PoisonClass, Record, decode_record};

/// How the records of a source are read.
pub(super) enum Reading<'s> {
    Topic { name: &'s str, map: &'s FieldMap },
    File(&'s dyn RecordFile),
}

impl Reading<'_> {
    pub fn name(&self) -> &str {
        match self {
            Reading::Topic { name, .. } => name,
            Reading::File(file) => file.name(),
        }
    }

    fn decode<'a>(&self, record: &Record<'a>) -> Decoded<'a> {
        let decode = || match self {
            Reading::Topic { map, .. } => decode_record(map, record),
            Reading::File(file) => record.value.map_or(Decoded::Empty, |bytes| file.decode(bytes)),
        };
        // A fault of ours: one record pays for it, as in the service.
        catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_panic| Decoded::Poison(panicked()))
    }

    fn place(&self, record: &Record<'_>) -> Place {
        match self {
            Reading::Topic { name, .. } => {
                Place::Offset { topic: (*name).into(), partition: record.partition, offset: record.offset }
            }
            Reading::File(file) => {
                let line = (record.offset != NO_LINE).then(|| record.offset.unsigned_abs());
                Place::File { file: file.name().into(), line }
            }
        }
    }
}

fn panicked() -> crate::stream::Poison {
    crate::stream::Poison::new(PoisonClass::ScanPanic, "decoding this record panicked; this is a fault of tripline")
}

/// What all judges share.
pub(super) struct Bench<'b> {
    pub readings: Vec<Reading<'b>>,
    /// The cluster's id; of files, a name that they are given.
    pub cluster: &'b str,
    /// The base and the candidate, or one.
    pub rules: Vec<&'b RuleSet>,
    /// Effective dates are judged by this moment instead of the records' own.
    pub as_of: Option<Timestamp>,
    pub examples: usize,
    pub output: Option<&'b Output>,
}

/// One thread's judge.
pub(super) struct Judge<'b> {
    bench: &'b Bench<'b>,
    names: Vec<&'b str>,
    scanners: Vec<Scanner<'b>>,
    tally: Tally,
    cost: Cost,
    out: Option<SyncSender<Outgoing>>,
    batches: usize,
}

impl<'b> Judge<'b> {
    pub fn new(bench: &'b Bench<'b>, out: Option<SyncSender<Outgoing>>) -> Self {
        let scanners: Vec<Scanner<'b>> = bench.rules.iter().map(|rules| Scanner::new(rules)).collect();
        let cost = Cost { judge_seconds: vec![0.0; scanners.len()], ..Cost::default() };
        let names = bench.readings.iter().map(Reading::name).collect();
        Self { bench, names, scanners, tally: Tally::of(&bench.rules, bench.examples), cost, out, batches: 0 }
    }

    /// Judges a batch; false when its verdicts cannot be written any more.
    pub fn batch(&mut self, batch: &Batch) -> bool {
        let names = std::mem::take(&mut self.names);
        let began = Instant::now();
        let decoded = self.decode(batch, &names);
        self.cost.decode_seconds += began.elapsed().as_secs_f64();
        let judged = self.judge(&decoded);
        let is_wanted = self.count(&decoded, &judged);
        drop(decoded);
        self.names = names;
        self.batches += 1;
        is_wanted
    }

    /// What was counted, and what it cost.
    pub fn done(self) -> (Tally, Cost) {
        (self.tally, self.cost)
    }

    fn decode<'a>(&mut self, batch: &'a Batch, names: &'a [&'a str]) -> Vec<(usize, Record<'a>, Content<'a>)> {
        let mut contents = Vec::with_capacity(batch.len());
        for (source, record) in batch.records(names) {
            match self.bench.readings[source].decode(&record) {
                Decoded::Empty => self.tally.empty += 1,
                Decoded::Poison(poison) => self.tally.poison.add(poison.class),
                Decoded::Content(mut content) => {
                    let own = || content.timestamp.map(Timestamp::as_millisecond);
                    record.timestamp_ms.or_else(own).into_iter().for_each(|ms| self.tally.at(ms));
                    content.timestamp = self.bench.as_of.or(content.timestamp);
                    contents.push((source, record, content));
                }
            }
        }
        contents
    }

    fn judge(&mut self, decoded: &[(usize, Record<'_>, Content<'_>)]) -> Vec<Vec<Judgement<'b>>> {
        let mut judged: Vec<Vec<Judgement<'b>>> = self.scanners.iter().map(|_| Vec::new()).collect();
        let sides = self.scanners.len();
        for turn in 0..sides {
            let side = (turn + self.batches) % sides;
            let began = Instant::now();
            let (scanner, rules) = (&mut self.scanners[side], self.bench.rules[side]);
            judged[side] = decoded.iter().map(|(_, _, content)| scan(scanner, rules, content)).collect();
            self.cost.judge_seconds[side] += began.elapsed().as_secs_f64();
        }
        judged
    }

    fn count(&mut self, decoded: &[(usize, Record<'_>, Content<'_>)], judged: &[Vec<Judgement<'b>>]) -> bool {
        let bench = self.bench;
        let mut judgements = Vec::with_capacity(judged.len());
        for (index, (source, record, content)) in decoded.iter().enumerate() {
            judgements.clear();
            judgements.extend(judged.iter().map(|side| &side[index]));
            let is_blank = content.fields.is_empty();
            self.tally.judged(&judgements, &bench.rules, is_blank, || Seen {
                place: bench.readings[*source].place(record),
                rank: verdict_id(&bench.origin(record)).as_u128(),
                content,
            });
            let written = judgements.last().map_or(Ok(()), |judgement| self.write(record, content, judgement));
            if written.is_err() {
                return false;
            }
        }
        true
    }

    /// Hands the candidate's (or the only) verdict to the writer; an error when that has ended.
    fn write(&self, record: &Record<'_>, content: &Content<'_>, judgement: &Judgement<'_>) -> Result<(), ()> {
        let (Some(out), Some(output), Ok(verdict)) = (&self.out, self.bench.output, judgement) else {
            return Ok(());
        };
        if !verdict.is_flagged() && !output.all {
            return Ok(());
        }
        let rules = self.bench.rules[self.bench.rules.len() - 1];
        let event = verdict_event(&self.bench.origin(record), content, verdict, rules, &output.stamp);
        let mut outgoing = event.to_outgoing(output.mode, &output.topic, record.key);
        outgoing.headers.extend(passed_headers(record, &output.headers));
        out.send(outgoing).map_err(|_| ())
    }
}

impl Bench<'_> {
    fn origin<'a>(&'a self, record: &Record<'a>) -> Origin<'a> {
        Origin {
            cluster: self.cluster,
            topic: record.topic,
            partition: record.partition,
            // `scan` gives a file that is one text the offset 1, and the same text has the same verdict id.
            offset: if record.offset == NO_LINE && self.is_files() { 1 } else { record.offset },
            timestamp_ms: record.timestamp_ms,
        }
    }

    fn is_files(&self) -> bool {
        matches!(self.readings.first(), Some(Reading::File(_)))
    }
}

/// A panic of ours costs one record and the scanner's scratch, as in the service.
fn scan<'r>(scanner: &mut Scanner<'r>, rules: &'r RuleSet, content: &Content<'_>) -> Judgement<'r> {
    match catch_unwind(AssertUnwindSafe(|| scanner.scan(content))) {
        Ok(Ok(verdict)) => Ok(verdict),
        Ok(Err(_policy)) => Err(PoisonClass::Policy),
        Err(_panic) => {
            *scanner = Scanner::new(rules);
            Err(PoisonClass::ScanPanic)
        }
    }
}

/// A shared queue of batches: whoever is free takes the next.
pub(super) type Queue = Arc<std::sync::Mutex<std::sync::mpsc::Receiver<Batch>>>;

/// The next batch; `None` when there will be none.
pub(super) fn next(queue: &Queue) -> Option<Batch> {
    queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv().ok()
}
