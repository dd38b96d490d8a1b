//! A whole report: what was read, by which rules, what was found, and what it cost.

use super::example::Place;
use super::gates::Gates;
use super::numbers::count;
use super::tally::Tally;
use std::sync::Arc;

use jiff::Timestamp;

/// Everything that a renderer needs.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was read, part by part.
    pub parts: Vec<Part>,
    /// Offsets that retention had removed.
    pub gone: Vec<Gone>,
    /// The range that was asked for.
    pub asked: Asked,
    /// The moment by which effective dates were judged; `None`: each record's own time.
    pub as_of: Option<String>,
    /// The rule sets, in the order of the tally: one, or the base and the candidate.
    pub sides: Vec<Side>,
    /// What was found.
    pub tally: Tally,
    /// What it cost.
    pub cost: Cost,
    /// How the reading ended.
    pub ended: Ended,
    /// What was asked of the change.
    pub gates: Gates,
    /// Where verdicts were written, and how many.
    pub written: Option<(String, u64)>,
}

/// What of the records was asked for; `None`: all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Where to begin.
    pub from: Option<String>,
    /// Before what to end.
    pub to: Option<String>,
    /// The most records of each partition or file.
    pub limit: Option<u64>,
}

/// A partition or a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The topic or the file.
    pub source: Arc<str>,
    /// Of a topic: the partition, the first offset, and the one behind the last.
    pub range: Option<(i32, i64, i64)>,
    /// Records that were there.
    pub records: u64,
}

/// Offsets that were asked for and are no longer there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gone {
    /// The topic.
    pub topic: Arc<str>,
    /// The partition.
    pub partition: i32,
    /// The first offset that is missing.
    pub from: i64,
    /// The offset behind the last.
    pub to: i64,
}

impl Gone {
    /// How many offsets; an upper bound of the records.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.to.saturating_sub(self.from)).unwrap_or(0)
    }

    /// Where the first of them stood.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::Offset { topic: Arc::clone(&self.topic), partition: self.partition, offset: self.from }
    }
}

/// A rule set, and what it is in this report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// `rules`, `base` or `candidate`.
    pub role: &'static str,
    /// The folders or files.
    pub from: String,
    /// `sha256:…`.
    pub digest: String,
    /// How many organisations it holds.
    pub organizations: usize,
    /// The jurisdictions that it is limited to; none: all.
    pub jurisdictions: Vec<String>,
    /// Organisations of other jurisdictions.
    pub left_out: usize,
}

impl Side {
    /// `, jurisdictions CN, SG`, or nothing.
    #[must_use]
    pub fn only(&self) -> String {
        let only = self.jurisdictions.join(", ");
        if only.is_empty() { only } else { format!(", jurisdictions {only}") }
    }
}

/// What it cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// From the first record to the last, in seconds.
    pub seconds: f64,
    /// Threads that judged.
    pub threads: usize,
    /// Seconds of all threads in decoding.
    pub decode_seconds: f64,
    /// Seconds of all threads in judging by each rule set.
    pub judge_seconds: Vec<f64>,
}

/// How the reading ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// At the end of what was asked for.
    Complete,
    /// Somebody asked to stop: what is told is of the part that was read.
    Interrupted,
    /// It could not go on, and why: what is told is of the part that was read.
    Failed(String),
}

impl Ended {
    /// The name in JSON.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Ended::Complete => "complete",
            Ended::Interrupted => "interrupted",
            Ended::Failed(_) => "failed",
        }
    }
}

impl Report {
    /// The name of an organization, as the candidate has it if it does.
    #[must_use]
    pub fn name_of<'n>(&'n self, id: &'n str) -> &'n str {
        let found = self.tally.sides.iter().rev().find_map(|side| side.organizations.get(id));
        found.map_or(id, |count| count.name.as_str())
    }

    /// The times of the first and the last record that was judged, if any has one.
    #[must_use]
    pub fn times(&self) -> Option<(String, String)> {
        let (first, last) = self.tally.times?;
        let time = |ms| Timestamp::from_millisecond(ms).ok().map(|time| time.to_string());
        Some((time(first)?, time(last)?))
    }

    /// Records a second, of those that were there.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of records has far fewer than 52 bits")]
    pub fn records_per_second(&self) -> f64 {
        if self.cost.seconds > 0.0 { self.tally.read() as f64 / self.cost.seconds } else { 0.0 }
    }

    /// Microseconds of one thread in judging one record by a rule set.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of records has far fewer than 52 bits")]
    pub fn judge_micros(&self, side: usize) -> f64 {
        let seconds = self.cost.judge_seconds.get(side).copied().unwrap_or(0.0);
        let records = self.tally.decoded();
        if records == 0 { 0.0 } else { seconds * 1e6 / records as f64 }
    }

    /// Why the change does not pass its gates; empty when it does, or when nothing is compared. Half a range passes none.
    #[must_use]
    pub fn failures(&self) -> Vec<String> {
        let Some(changes) = &self.tally.changes else {
            return Vec::new();
        };
        let mut failures = self.gates.failures(changes, self.tally.why_nothing());
        if !self.gates.is_empty() && self.ended != Ended::Complete {
            failures.push("not all of the range was read".to_owned());
        }
        failures
    }

    /// What a reader should know before he believes the figures.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        match &self.ended {
            Ended::Complete => {}
            Ended::Interrupted => notes.push("stopped before the end: this is the part that was read".to_owned()),
            Ended::Failed(why) => notes.push(format!("broke off: {why}; this is the part that was read")),
        }
        notes.extend(self.tally.why_nothing().map(str::to_owned));
        for gone in &self.gone {
            notes.push(format!(
                "{}/{}: {} offsets were removed by retention ({} to {})",
                gone.topic,
                gone.partition,
                gone.size(),
                gone.from,
                gone.to
            ));
        }
        for side in self.sides.iter().filter(|side| side.left_out > 0) {
            let left_out = count(side.left_out as u64, "organisation", "organisations");
            notes.push(format!("{}: {left_out} of other jurisdictions left out{}", side.role, side.only()));
        }
        if let [base, candidate] = &self.sides[..]
            && base.digest == candidate.digest
        {
            notes.push("base and candidate are the same rule set".to_owned());
        }
        notes
    }
}
