//! Every metric of the service, declared once: name, unit, labels, what it says.
//!
//! The worker fills a [`BatchTally`] while it judges and hands it over when the batch is done: one call per batch, never
//! one per record. Every label value that is known at start is touched at start, so that a family is in the first scrape
//! and an alert on it is not silent. No label carries a text, an author or an organisation's name.
//!
//! Not here: what librdkafka counts of itself, and anything per author or per record.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry};

use crate::content::Kind;
use crate::rule::{Action, Focus, RuleSet, Severity, Status, Via};
use crate::stream::{Outcome, PoisonClass};
use crate::text::Fold;

/// What sort of metric a family is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A distribution, in seconds.
    Histogram,
}

/// The declaration of one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The name in the scrape.
    pub name: &'static str,
    /// Counter, gauge or histogram.
    pub sort: Sort,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// What it says, for `# HELP` and the documentation.
    pub help: &'static str,
}

macro_rules! families {
    ($($id:ident $sort:ident $name:literal [$($label:literal),*] $help:literal)*) => {
        $(const $id: Family = Family {
            name: $name, sort: Sort::$sort, labels: &[$($label),*], help: $help,
        };)*
        const FAMILIES: &[Family] = &[$($id),*];
    };
}

families! {
    RECORDS Counter "tripline_records_total" ["source", "kind", "outcome"]
        "Records that are done, by source topic, kind and outcome; counted with the receipt that states them."
    VERDICTS Counter "tripline_verdicts_total" ["kind", "action", "severity", "status"]
        "Verdicts on judged records; status shadow: by shadow entries only, never emitted."
    MENTIONS Counter "tripline_mentions_total" ["notice", "via"]
        "Active mentions, by each notice that lists the organisation and the way it was found."
    EVASIONS Counter "tripline_evasions_total" ["technique"]
        "Mentions that were written to hide, by technique."
    RULE_HITS Counter "tripline_rule_hits_total" ["rule", "status"]
        "Mentions for which a policy condition holds."
    BREAKER_OPEN Gauge "tripline_breaker_open" ["rule"]
        "1 while the breaker of a policy condition is open: posts that it would raise above flag are flagged."
    DEGRADED Counter "tripline_degraded_verdicts_total" ["rule"]
        "Verdicts on posts that an open breaker lowered to a weaker action, by the policy condition; none is dropped."
    ALLOWED Counter "tripline_allowed_mentions_total" ["allow", "status"]
        "Mentions for which an entry of an allow-list holds and leaves less than the policy raised; status shadow: lowered nothing."
    FINDINGS Counter "tripline_findings_total" ["listing", "focus"]
        "Active mentions, by listing and focus type of the organisation (none: without a focus type)."
    DEAD_LETTERS Counter "tripline_dead_letters_total" ["source", "reason"]
        "Records that could not be processed and were put aside."
    SCAN Histogram "tripline_scan_seconds" []
        "Seconds to decode and judge one record."
    BATCH Histogram "tripline_batch_seconds" ["stage"]
        "Seconds of one batch: judge (take and judge), acknowledge (verdicts and dead letters written), conclude (receipts written)."
    DELAY Histogram "tripline_verdict_delay_seconds" []
        "Seconds from a record's timestamp to its acknowledged verdict."
    LAG Gauge "tripline_consumer_lag" ["topic", "partition"]
        "Records between the last stable offset and our own frontier; the series goes when the partition goes."
    GAPS Counter "tripline_offset_gaps_total" ["topic"]
        "Offsets that were gone before we read them."
    TRANSACTIONS Counter "tripline_transactions_total" ["result"]
        "Transactions ended, by result; none under at-least-once delivery."
    REBALANCES Counter "tripline_rebalances_total" ["kind"]
        "Changes of our assignment: assigned, revoked, lost."
    COMMITS Counter "tripline_commits_total" ["result"]
        "Offset commits answered: committed, stale (the group had moved on), failed."
    RETRIES Counter "tripline_send_retries_total" ["topic"]
        "Records that were sent again after the brokers had refused them."
    READY Gauge "tripline_ready" ["condition"]
        "1 where a condition of readiness holds: rules, cluster, group, producer; the reason of a 0 is in /ready."
    RULES Gauge "tripline_rules_info" ["digest", "epoch"]
        "1 for the rule set that judges now."
    RELOADS Counter "tripline_rules_reloads_total" ["result"]
        "Attempts to load rules after the start, by result: loaded, unchanged, failed (the rules before go on judging)."
    RELOAD_SUCCESSFUL Gauge "tripline_rules_reload_successful" []
        "1 when the last attempt to load rules succeeded, 0 when it failed and older rules judge."
    RULES_LOADED Gauge "tripline_rules_loaded_timestamp_seconds" []
        "When the rules that judge now were loaded, in seconds since 1970."
    BUILD Gauge "tripline_build_info" ["version"]
        "1 for the version that runs."
}

/// 1 µs to 1 s: a record takes microseconds, a pathological one must show.
const SCAN_BUCKETS: &[f64] = &[1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2, 0.1, 1.0];
/// 0.1 ms to 10 s: a batch takes milliseconds, a broker that is away seconds.
const BATCH_BUCKETS: &[f64] = &[1e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// 5 ms to an hour: live, behind, catching up.
const DELAY_BUCKETS: &[f64] =
    &[5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0];

/// The conditions of `/ready`.
pub const READY_CONDITIONS: &[&str] = &["rules", "cluster", "group", "producer"];
const TRANSACTION_RESULTS: &[&str] = &["committed", "aborted", "failed"];

/// The stages of `tripline_batch_seconds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BatchStage {
    /// Taking and judging, in place.
    Judge,
    /// From there until every verdict and dead letter is acknowledged.
    Acknowledge,
    /// From there until every receipt is acknowledged.
    Conclude,
}

/// How our assignment changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rebalance {
    /// Partitions came.
    Assigned,
    /// Partitions went, drained.
    Revoked,
    /// Partitions were taken: nothing was committed.
    Lost,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommitResult {
    /// The broker has it.
    Committed,
    /// The group had moved on; the next generation commits.
    Stale,
    /// Anything else; it is tried again.
    Failed,
}

/// How an attempt to load rules ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReloadResult {
    /// They judge from now on.
    Loaded,
    /// They are those that judge already.
    Unchanged,
    /// There is something wrong with them, and those before go on judging.
    Failed,
}

macro_rules! label {
    ($name:ident { $($variant:ident => $text:literal),* }) => {
        impl $name {
            /// Every value of the label.
            pub const ALL: &[$name] = &[$($name::$variant),*];
            /// The label's value.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),* }
            }
        }
    };
}
label!(BatchStage { Judge => "judge", Acknowledge => "acknowledge", Conclude => "conclude" });
label!(Rebalance { Assigned => "assigned", Revoked => "revoked", Lost => "lost" });
label!(ReloadResult { Loaded => "loaded", Unchanged => "unchanged", Failed => "failed" });
label!(CommitResult { Committed => "committed", Stale => "stale", Failed => "failed" });

/// What one batch did, counted while it was judged and handed over when it is done.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BatchTally {
    /// By source topic, kind and outcome.
    pub records: BTreeMap<(Arc<str>, Kind, Outcome), u64>,
    /// By kind, action, severity and status.
    pub verdicts: BTreeMap<(Kind, Action, Option<Severity>, Status), u64>,
    /// By notice id and the way the organisation was found.
    pub mentions: BTreeMap<(Arc<str>, Via), u64>,
    /// By technique.
    pub evasions: BTreeMap<Fold, u64>,
    /// By condition id and status.
    pub rule_hits: BTreeMap<(Arc<str>, Status), u64>,
    /// Verdicts that an open breaker lowered, by condition id.
    pub degraded: BTreeMap<Arc<str>, u64>,
    /// Mentions by the entry of an allow-list and its status.
    pub allowed: BTreeMap<(Arc<str>, Status), u64>,
    /// By listing and focus type.
    pub findings: BTreeMap<(&'static str, Option<Focus>), u64>,
    /// By source topic and reason.
    pub dead_letters: BTreeMap<(Arc<str>, PoisonClass), u64>,
}

impl BatchTally {
    /// One more of whatever `map` counts.
    pub fn add<K: Ord>(map: &mut BTreeMap<K, u64>, key: K) {
        *map.entry(key).or_default() += 1;
    }
}

/// All families, registered.
#[derive(Clone)]
pub struct Metrics {
    records: IntCounterVec,
    verdicts: IntCounterVec,
    mentions: IntCounterVec,
    evasions: IntCounterVec,
    rule_hits: IntCounterVec,
    breaker_open: IntGaugeVec,
    degraded: IntCounterVec,
    allowed: IntCounterVec,
    findings: IntCounterVec,
    dead_letters: IntCounterVec,
    scan: Histogram,
    batch: HistogramVec,
    delay: Histogram,
    lag: IntGaugeVec,
    gaps: IntCounterVec,
    transactions: IntCounterVec,
    rebalances: IntCounterVec,
    commits: IntCounterVec,
    retries: IntCounterVec,
    ready: IntGaugeVec,
    rules: IntGaugeVec,
    reloads: IntCounterVec,
    reload_successful: IntGauge,
    rules_loaded: IntGauge,
    build: IntGaugeVec,
}

impl Metrics {
    /// Registers every family.
    ///
    /// # Errors
    /// When the registry already has one of these names.
    pub fn register(registry: &Registry) -> Result<Self, prometheus::Error> {
        let metrics = Self {
            records: counter(registry, &RECORDS)?,
            verdicts: counter(registry, &VERDICTS)?,
            mentions: counter(registry, &MENTIONS)?,
            evasions: counter(registry, &EVASIONS)?,
            rule_hits: counter(registry, &RULE_HITS)?,
            breaker_open: gauge(registry, &BREAKER_OPEN)?,
            degraded: counter(registry, &DEGRADED)?,
            allowed: counter(registry, &ALLOWED)?,
            findings: counter(registry, &FINDINGS)?,
            dead_letters: counter(registry, &DEAD_LETTERS)?,
            scan: histogram(registry, &SCAN, SCAN_BUCKETS)?.with_label_values(NONE),
            batch: histogram(registry, &BATCH, BATCH_BUCKETS)?,
            delay: histogram(registry, &DELAY, DELAY_BUCKETS)?.with_label_values(NONE),
            lag: gauge(registry, &LAG)?,
            gaps: counter(registry, &GAPS)?,
            transactions: counter(registry, &TRANSACTIONS)?,
            rebalances: counter(registry, &REBALANCES)?,
            commits: counter(registry, &COMMITS)?,
            retries: counter(registry, &RETRIES)?,
            ready: gauge(registry, &READY)?,
            rules: gauge(registry, &RULES)?,
            reloads: counter(registry, &RELOADS)?,
            reload_successful: gauge(registry, &RELOAD_SUCCESSFUL)?.with_label_values(NONE),
            rules_loaded: gauge(registry, &RULES_LOADED)?.with_label_values(NONE),
            build: gauge(registry, &BUILD)?,
        };
        metrics.touch_fixed();
        Ok(metrics)
    }

    /// Every declaration, in the order of the documentation.
    #[must_use]
    pub fn names() -> &'static [Family] {
        FAMILIES
    }

    /// These rules judge, since `loaded`.
    pub fn judged_by(&self, rules: &RuleSet, epoch: u64, loaded: Timestamp) {
        let (digest, epoch) = (rules.digest().to_string(), epoch.to_string());
        self.rules.reset();
        self.rules.with_label_values(&[&digest, &epoch]).set(1);
        self.rules_loaded.set(loaded.as_second());
    }

    /// Somebody tried to load other rules.
    pub fn reloaded(&self, result: ReloadResult) {
        self.reloads.with_label_values(&[result.as_str()]).inc();
        self.reload_successful.set(i64::from(result != ReloadResult::Failed));
    }

    /// A batch is done.
    pub fn batch(&self, tally: &BatchTally) {
        for ((source, kind, outcome), n) in &tally.records {
            let labels = [source, kind.as_str(), outcome.as_str()];
            self.records.with_label_values(&labels).inc_by(*n);
        }
        for ((kind, action, severity, status), n) in &tally.verdicts {
            let severity = severity.map_or("none", Severity::as_str);
            let labels = [kind.as_str(), action.as_str(), severity, status.as_str()];
            self.verdicts.with_label_values(&labels).inc_by(*n);
        }
        for ((notice, via), n) in &tally.mentions {
            self.mentions.with_label_values(&[notice, via.as_str()]).inc_by(*n);
        }
        for (technique, n) in &tally.evasions {
            self.evasions.with_label_values(&[technique.as_str()]).inc_by(*n);
        }
        for ((rule, status), n) in &tally.rule_hits {
            self.rule_hits.with_label_values(&[rule, status.as_str()]).inc_by(*n);
        }
        for (rule, n) in &tally.degraded {
            self.degraded.with_label_values(&[rule]).inc_by(*n);
        }
        for ((allow, status), n) in &tally.allowed {
            self.allowed.with_label_values(&[allow, status.as_str()]).inc_by(*n);
        }
        for ((listing, focus), n) in &tally.findings {
            let labels = [*listing, focus.map_or("none", Focus::as_str)];
            self.findings.with_label_values(&labels).inc_by(*n);
        }
        for ((source, reason), n) in &tally.dead_letters {
            self.dead_letters.with_label_values(&[source, reason.as_str()]).inc_by(*n);
        }
    }

    /// The breaker of a condition has opened or closed.
    pub fn breaker(&self, rule: &str, is_open: bool) {
        self.breaker_open.with_label_values(&[rule]).set(i64::from(is_open));
    }

    /// A local histogram of the seconds that one record takes: filled without atomics, flushed once a batch.
    #[must_use]
    pub fn scan_seconds(&self) -> prometheus::local::LocalHistogram {
        self.scan.local()
    }

    /// How long a stage of a batch took.
    pub fn batch_stage(&self, stage: BatchStage, took: Duration) {
        self.batch.with_label_values(&[stage.as_str()]).observe(took.as_secs_f64());
    }

    /// Verdicts were acknowledged this long after their records' timestamps.
    pub fn verdict_delays(&self, delays: impl IntoIterator<Item = Duration>) {
        let local = self.delay.local();
        delays.into_iter().for_each(|delay| local.observe(delay.as_secs_f64()));
        local.flush();
    }

    /// The lag of one partition.
    pub fn lag(&self, topic: &str, partition: i32, records: i64) {
        self.lag.with_label_values(&[topic, &partition.to_string()]).set(records);
    }

    /// The partition is no longer ours.
    pub fn partition_gone(&self, topic: &str, partition: i32) {
        // An error only says that no lag was known yet.
        let _ = self.lag.remove_label_values(&[topic, &partition.to_string()]);
    }

    /// Offsets that were gone before we read them.
    pub fn gap(&self, topic: &str, offsets: u64) {
        self.gaps.with_label_values(&[topic]).inc_by(offsets);
    }

    /// Our assignment changed.
    pub fn rebalance(&self, kind: Rebalance) {
        self.rebalances.with_label_values(&[kind.as_str()]).inc();
    }

    /// A commit was answered.
    pub fn commit(&self, result: CommitResult) {
        self.commits.with_label_values(&[result.as_str()]).inc();
    }

    /// A record is sent again.
    pub fn send_retry(&self, topic: &str) {
        self.retries.with_label_values(&[topic]).inc();
    }

    /// Which conditions of readiness hold.
    pub fn ready<'c>(&self, conditions: impl IntoIterator<Item = (&'c str, bool)>) {
        for (condition, ok) in conditions {
            self.ready.with_label_values(&[condition]).set(i64::from(ok));
        }
    }
}

const NONE: &[&str] = &[];

fn counter(registry: &Registry, family: &Family) -> Result<IntCounterVec, prometheus::Error> {
    let vec = IntCounterVec::new(Opts::new(family.name, family.help), family.labels)?;
    registry.register(Box::new(vec.clone()))?;
    Ok(vec)
}

fn gauge(registry: &Registry, family: &Family) -> Result<IntGaugeVec, prometheus::Error> {
    let vec = IntGaugeVec::new(Opts::new(family.name, family.help), family.labels)?;
    registry.register(Box::new(vec.clone()))?;
    Ok(vec)
}

fn histogram(registry: &Registry, family: &Family, buckets: &[f64]) -> Result<HistogramVec, prometheus::Error> {
    let options = HistogramOpts::new(family.name, family.help).buckets(buckets.to_vec());
    let vec = HistogramVec::new(options, family.labels)?;
    registry.register(Box::new(vec.clone()))?;
    Ok(vec)
}

mod present;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
