//! One record: decode, scan, and what is to be written about it. No effect happens here; the batch takes it all.
//!
//! Whatever is wrong with a record ends as a dead letter with its class, also a panic of ours: it is caught, and the
//! scanner with its half-written scratch is thrown away.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use prometheus::local::LocalHistogram;

use super::batch::{Batch, Original, Output, What};
use super::breaker::Breaker;
use super::reload::Loaded;
use super::worker::clock;
use crate::config::Emit;
use crate::content::{Content, Kind};
use crate::engine::{Mention, ScanError, Scanner, Subject, Verdict};
use crate::event::{Mode, Origin, VerdictEvent, passed_headers, verdict_event};
use crate::kafka::Arrival;
use crate::metrics::{BatchTally, Metrics};
use crate::rule::{Action, RuleSet, Status};
use crate::stream::{
    Assignment, Decoded, FieldMap, Outcome, Outgoing, Poison, PoisonClass, Record, RuleSetStamp, Stage, dead_letter,
    decode_record,
};

/// A flagged record as somebody watching sees it: the event, and the fields it speaks of.
#[derive(Clone, Debug)]
pub struct Observed {
    /// The event that is sent.
    pub event: VerdictEvent,
    /// Each field by name (and item, for a pointer with `*`), as the author wrote it.
    pub fields: Vec<(Arc<str>, Option<u32>, String)>,
}

/// Where flagged records are shown to somebody watching. Lossy by design: who does not keep up misses some.
pub type Observer = SyncSender<Observed>;

/// Everything that judging needs and no batch changes.
pub(super) struct Plan {
    /// The id of the cluster, a part of every verdict's id.
    pub cluster: String,
    pub sources: Vec<PlannedSource>,
    pub verdicts: Arc<str>,
    pub mode: Mode,
    pub emit: Emit,
    /// Headers of a record that its verdict carries too.
    pub headers: Vec<String>,
    pub dead_letters: Arc<str>,
    /// `sha256:…` of the settings.
    pub settings: String,
    /// The most bytes of a verdict, and of a dead letter.
    pub max_verdict: usize,
    pub max_dead_letter: usize,
    pub observer: Option<Observer>,
    pub metrics: Metrics,
    pub breaker: Breaker,
}

/// A source topic.
pub(super) struct PlannedSource {
    pub topic: Arc<str>,
    pub kind: Kind,
    pub map: FieldMap,
}

/// One worker's judge under one rule set.
pub(super) struct Judge<'r> {
    plan: &'r Plan,
    rules: &'r RuleSet,
    scanner: Scanner<'r>,
    stamp: RuleSetStamp,
    seconds: LocalHistogram,
    times: Times,
}

/// Record times, for the breakers: never after our own clock, or one stamp from the future would hold them for ever.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "the unit of each")]
pub(super) struct Times {
    /// Our clock when the batch began.
    pub clock_ms: i64,
    /// The record under way; without a stamp it is as late as our clock.
    pub record_ms: i64,
    /// The latest of the batch.
    pub latest_ms: i64,
}

impl Times {
    pub fn record(&mut self, timestamp_ms: Option<i64>) {
        self.record_ms = timestamp_ms.map_or(self.clock_ms, |ms| ms.min(self.clock_ms));
        self.latest_ms = self.latest_ms.max(self.record_ms);
    }
}

/// What is to be done with one record.
struct Decision {
    outcome: Outcome,
    output: Option<(Outgoing, What, Option<Box<Original>>)>,
}

impl<'r> Judge<'r> {
    pub fn new(plan: &'r Plan, loaded: &'r Loaded) -> Self {
        let stamp = RuleSetStamp {
            digest: loaded.rules.digest().to_string(),
            epoch: loaded.epoch,
            engine: env!("CARGO_PKG_VERSION"),
            settings: plan.settings.clone(),
        };
        let rules = &*loaded.rules;
        let seconds = plan.metrics.scan_seconds();
        if plan.breaker.judged_by(loaded, &plan.metrics) {
            for attribute in unmapped(plan, rules) {
                tracing::warn!(%attribute, "the rules ask for an attribute that no [[source]] takes from its records; it is empty");
            }
        }
        Self { plan, rules, scanner: Scanner::new(rules), stamp, seconds, times: Times::default() }
    }

    /// Judges one record into `batch`. A record of a partition that is not (or no longer) ours, and one that is under way
    /// already, is left alone.
    pub fn record(&mut self, arrival: &Arrival<'_>, batch: &mut Batch, assignment: &mut Assignment) {
        let record = arrival.record();
        let Some(partition) = assignment.get_mut(record.topic, record.partition) else {
            return;
        };
        let plan = self.plan;
        let Some(source) = plan.sources.iter().find(|source| *source.topic == *record.topic) else {
            return;
        };
        if !partition.offsets.begin(record.offset) {
            return;
        }
        // From here: the time before was spent waiting for the record.
        let began = Instant::now();
        if batch.is_empty() {
            batch.began = began;
            self.times = Times { clock_ms: clock().unix_ms, ..Times::default() };
        }
        self.times.record(record.timestamp_ms);
        let decision = catch_unwind(AssertUnwindSafe(|| self.decide(source, arrival, batch)))
            .unwrap_or_else(|_panic| self.panicked(source, arrival, batch));
        let part = batch.part(&source.topic, record.partition, source.kind);
        batch.parts[part].offsets.push(record.offset);
        let has_verdict = matches!(decision.output, Some((_, What::Verdict { .. }, _)));
        partition.tally.add(record.offset, decision.outcome, has_verdict);
        if let Some((outgoing, what, original)) = decision.output {
            batch.outputs.push(Output { outgoing, part, what, original, was_alone: false });
        }
        self.seconds.observe(began.elapsed().as_secs_f64());
    }

    /// The batch is complete: its receipts are sealed, and what needs no count of its own is counted from them.
    pub fn end(&mut self, batch: &mut Batch, assignment: &mut Assignment) {
        self.seconds.flush();
        if !batch.is_empty() {
            self.plan.breaker.advance(self.times.latest_ms, &self.plan.metrics);
        }
        for part in &mut batch.parts {
            let partition = assignment.get_mut(&part.at.topic, part.at.partition);
            let seal = |p: &mut crate::stream::Consuming| p.tally.seal(&part.at.topic, part.at.partition, &self.stamp);
            part.receipt = partition.and_then(seal);
        }
        batch.count_outcomes();
    }

    fn decide(&mut self, source: &PlannedSource, arrival: &Arrival<'_>, batch: &mut Batch) -> Decision {
        #[cfg(test)]
        assert_ne!(arrival.record().key, Some(&b"panic"[..]), "a fault of ours, as a test asks for it");
        let (poison, stage) = match decode_record(&source.map, arrival.record()) {
            Decoded::Empty => return Decision { outcome: Outcome::Empty, output: None },
            Decoded::Poison(poison) => (poison, Stage::Decode),
            Decoded::Content(content) => match self.scan(&content) {
                Ok(verdict) => return self.verdict(source, arrival, &content, verdict, batch),
                Err((poison, stage)) => (poison, stage),
            },
        };
        self.put_aside(source, &arrival.with_headers(), &poison, stage, batch)
    }

    fn scan(&mut self, content: &Content<'_>) -> Result<Verdict<'r>, (Poison, Stage)> {
        self.scanner
            .scan(content)
            .map_err(|error| (Poison::new(PoisonClass::Policy, with_causes(&error)), Stage::Policy))
    }

    /// A fault of ours: one record pays for it, and not the service.
    fn panicked(&mut self, source: &PlannedSource, arrival: &Arrival<'_>, batch: &mut Batch) -> Decision {
        self.scanner = Scanner::new(self.rules);
        let poison = Poison::new(PoisonClass::ScanPanic, "judging this record panicked; this is a fault of tripline");
        self.put_aside(source, &arrival.with_headers(), &poison, Stage::Scan, batch)
    }

    fn verdict(
        &self,
        source: &PlannedSource,
        arrival: &Arrival<'_>,
        content: &Content<'_>,
        mut verdict: Verdict<'r>,
        batch: &mut Batch,
    ) -> Decision {
        let counts = (&self.plan.metrics, &mut batch.tally);
        self.plan.breaker.ask(&mut verdict, content, self.times.record_ms, counts);
        let outcome = outcome(&verdict);
        count(&mut batch.tally, source.kind, &verdict, self.rules);
        if outcome != Outcome::Flagged && self.plan.emit == Emit::Flagged {
            return Decision { outcome, output: None };
        }
        let record = arrival.with_headers();
        let event = verdict_event(&self.origin(&record), content, &verdict, self.rules, &self.stamp);
        let mut outgoing = event.to_outgoing(self.plan.mode, &self.plan.verdicts, record.key);
        outgoing.headers.extend(passed_headers(&record, &self.plan.headers));
        if outgoing.size() > self.plan.max_verdict {
            let poison = Poison::new(PoisonClass::TooLarge, too_large(outgoing.size(), self.plan.max_verdict));
            return self.put_aside(source, &record, &poison, Stage::Produce, batch);
        }
        if outcome == Outcome::Flagged {
            self.show(event, content);
        }
        let what = What::Verdict { timestamp_ms: record.timestamp_ms, outcome };
        Decision { outcome, output: Some((outgoing, what, Some(Box::new(Original::of(&record))))) }
    }

    fn put_aside(
        &self,
        source: &PlannedSource,
        record: &Record<'_>,
        poison: &Poison,
        stage: Stage,
        batch: &mut Batch,
    ) -> Decision {
        BatchTally::add(&mut batch.tally.dead_letters, (Arc::clone(&source.topic), poison.class));
        let outgoing = dead_letter(record, poison, stage, &self.plan.dead_letters, self.plan.max_dead_letter);
        let original = Some(Box::new(Original::of(record)));
        Decision { outcome: Outcome::DeadLetter, output: Some((outgoing, What::DeadLetter, original)) }
    }

    fn origin<'a>(&'a self, record: &Record<'a>) -> Origin<'a> {
        Origin {
            cluster: &self.plan.cluster,
            topic: record.topic,
            partition: record.partition,
            offset: record.offset,
            timestamp_ms: record.timestamp_ms,
        }
    }

    fn show(&self, event: VerdictEvent, content: &Content<'_>) {
        if let Some(observer) = &self.plan.observer {
            let fields = content.fields.iter();
            let fields = fields.map(|f| (Arc::clone(&f.name), f.item, f.value.clone().into_owned())).collect();
            // Full or gone: whoever watches misses this one.
            let _ = observer.try_send(Observed { event, fields });
        }
    }
}

/// The attributes that the rules ask for and no source gives: most likely a slip in one of the two.
fn unmapped<'r>(plan: &Plan, rules: &'r RuleSet) -> Vec<&'r str> {
    let is_mapped =
        |name: &&String| plan.sources.iter().any(|source| source.map.attributes().any(|known| known == *name));
    rules.policy().attributes().iter().filter(|name| !is_mapped(name)).map(String::as_str).collect()
}

fn outcome(verdict: &Verdict<'_>) -> Outcome {
    if verdict.action != Action::None {
        Outcome::Flagged
    } else if verdict.shadow.is_empty() {
        Outcome::None
    } else {
        Outcome::Shadow
    }
}

/// Counts what a verdict says. One that says nothing is counted with its batch: see [`Batch::count_outcomes`].
fn count(tally: &mut BatchTally, kind: Kind, verdict: &Verdict<'_>, rules: &RuleSet) {
    if verdict.action != Action::None {
        BatchTally::add(&mut tally.verdicts, (kind, verdict.action, verdict.severity, Status::Active));
    }
    let strongest = verdict.shadow.iter().max_by_key(|mention| (mention.action, mention.severity));
    if let Some(shadow) = strongest {
        BatchTally::add(&mut tally.verdicts, (kind, shadow.action, shadow.severity, Status::Shadow));
    }
    for mention in &verdict.mentions {
        count_mention(tally, mention, rules);
    }
    for allow in verdict.mentions.iter().flat_map(|mention| &mention.allows) {
        BatchTally::add(&mut tally.allowed, (Arc::clone(&allow.id), allow.status));
    }
    for condition in verdict.mentions.iter().chain(&verdict.shadow).flat_map(|mention| &mention.conditions) {
        BatchTally::add(&mut tally.rule_hits, (Arc::clone(&condition.id), condition.status));
    }
}

fn count_mention(tally: &mut BatchTally, mention: &Mention<'_>, rules: &RuleSet) {
    for technique in mention.evasion.iter() {
        BatchTally::add(&mut tally.evasions, technique);
    }
    if let Subject::Authority(_) = mention.subject() {
        BatchTally::add(&mut tally.mentions, (Subject::OFFICIAL.into(), mention.via));
        BatchTally::add(&mut tally.findings, (Subject::OFFICIAL, None));
    }
    let Some(organization) = mention.organization else {
        return;
    };
    for notice in organization.notices.iter().filter_map(|index| rules.notices().get(*index)) {
        BatchTally::add(&mut tally.mentions, (Arc::clone(&notice.id), mention.via));
    }
    if organization.focus.is_empty() {
        BatchTally::add(&mut tally.findings, (organization.listing.as_str(), None));
    }
    for focus in &organization.focus {
        BatchTally::add(&mut tally.findings, (organization.listing.as_str(), Some(*focus)));
    }
}

fn too_large(size: usize, max: usize) -> String {
    format!("the verdict has {size} bytes and the topic takes {max}")
}

/// An error and its causes in one line.
fn with_causes(error: &ScanError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
