//! What a health check may know: a small state that workers write and HTTP reads.
//!
//! `/ready` = rules loaded, cluster reached and topics there, group joined by every consumer (an empty assignment
//! counts: a surplus replica must not stall a roll-out), producer up. `/live` fails only when a consumer thread has not
//! come round its loop for [`STALLED`]: a broker that is away is no reason to be restarted.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;

use super::reload::Outcome;

/// A consumer thread comes round in milliseconds; a question to the brokers may take ten seconds.
const STALLED: Duration = Duration::from_secs(60);

/// What we are waiting for before the first record is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Starting(String),
    Running,
    Stopping,
}

/// The state behind `/live` and `/ready`.
#[derive(Debug)]
pub struct Probe {
    born: Instant,
    stage: Mutex<Stage>,
    rules: Mutex<Rules>,
    pulses: Mutex<Vec<Arc<Pulse>>>,
}

/// Both at once, so that nobody sees the rules of a reload without the reload.
#[derive(Debug, Default)]
struct Rules {
    set: Option<RuleSetState>,
    last_reload: Option<LastReload>,
}

/// One worker's share of the probe: written by its thread, without locks.
#[derive(Debug)]
pub(crate) struct Pulse {
    born: Instant,
    last_ms: AtomicU64,
    is_joined: AtomicBool,
    is_producing: AtomicBool,
    is_over: AtomicBool,
}

/// Which rules judge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleSetState {
    /// `sha256:…` of the rule set.
    pub digest: String,
    /// Which load of this process it is, from 1.
    pub epoch: u64,
}

/// One condition of readiness.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Condition {
    /// `rules`, `cluster`, `group`, `producer`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The probe at one moment: the body of `/ready`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// All conditions hold.
    pub ready: bool,
    /// No consumer thread is stuck.
    pub live: bool,
    /// Each condition.
    pub conditions: Vec<Condition>,
    /// Which rules judge; null before they are loaded.
    pub rule_set: Option<RuleSetState>,
    /// How the last attempt to load other rules ended; null before there was one. A failed one does not make us unready:
    /// good rules go on judging.
    pub last_reload: Option<LastReload>,
}

/// What `/ready` shows of a reload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LastReload {
    /// `loaded`, `unchanged` or `failed`.
    pub result: &'static str,
    /// Why it failed: the first problems, bounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it ended, in RFC 3339.
    pub when: String,
    /// What asked for it: `watch`, `sighup` or `http`.
    pub trigger: &'static str,
}

impl LastReload {
    fn of(outcome: &Outcome) -> Self {
        Self {
            result: outcome.result.as_str(),
            reason: outcome.reason.clone(),
            when: outcome.when.to_string(),
            trigger: outcome.trigger.as_str(),
        }
    }
}

impl Default for Probe {
    fn default() -> Self {
        Self::new()
    }
}

impl Probe {
    /// Nothing is ready yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            born: Instant::now(),
            stage: Mutex::new(Stage::Starting("not started".into())),
            rules: Mutex::default(),
            pulses: Mutex::default(),
        }
    }

    /// What holds now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let (rule_set, last_reload) = {
            let rules = lock(&self.rules);
            (rules.set.clone(), rules.last_reload.clone())
        };
        let pulses = lock(&self.pulses).clone();
        let conditions = vec![
            condition("rules", rule_set.is_some(), "no rule set is loaded"),
            self.cluster(),
            of_all("group", &pulses, &|p| &p.is_joined, "has not joined the group"),
            of_all("producer", &pulses, &|p| &p.is_producing, "gets no acknowledgements"),
        ];
        Snapshot {
            ready: conditions.iter().all(|condition| condition.ok),
            live: !pulses.iter().any(|pulse| pulse.is_stuck()),
            conditions,
            rule_set,
            last_reload,
        }
    }

    pub(crate) fn waits_for(&self, what: impl Into<String>) {
        *lock(&self.stage) = Stage::Starting(what.into());
    }

    pub(crate) fn is_running(&self) {
        *lock(&self.stage) = Stage::Running;
    }

    pub(crate) fn is_stopping(&self) {
        *lock(&self.stage) = Stage::Stopping;
    }

    pub(crate) fn judges_by(&self, digest: String, epoch: u64) {
        lock(&self.rules).set = Some(RuleSetState { digest, epoch });
    }

    pub(crate) fn reloaded(&self, outcome: Outcome) {
        let last_reload = Some(LastReload::of(&outcome));
        let set = Some(RuleSetState { digest: outcome.digest, epoch: outcome.epoch });
        *lock(&self.rules) = Rules { set, last_reload };
    }

    pub(crate) fn worker(&self) -> Arc<Pulse> {
        let pulse = Arc::new(Pulse {
            born: self.born,
            last_ms: AtomicU64::new(millis(self.born)),
            is_joined: AtomicBool::new(false),
            is_producing: AtomicBool::new(true),
            is_over: AtomicBool::new(false),
        });
        lock(&self.pulses).push(Arc::clone(&pulse));
        pulse
    }

    fn cluster(&self) -> Condition {
        let reason = match &*lock(&self.stage) {
            Stage::Starting(reason) => Some(reason.clone()),
            Stage::Running => None,
            Stage::Stopping => Some("stopping".into()),
        };
        let ok = reason.is_none();
        Condition { name: "cluster", ok, reason }
    }
}

impl Pulse {
    /// The loop came round.
    pub(crate) fn beat(&self) {
        self.last_ms.store(millis(self.born), Ordering::Relaxed);
    }

    pub(crate) fn joined(&self, is: bool) {
        self.is_joined.store(is, Ordering::Relaxed);
    }

    pub(crate) fn producing(&self, is: bool) {
        self.is_producing.store(is, Ordering::Relaxed);
    }

    /// The thread has ended and will not beat again.
    pub(crate) fn over(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.is_joined.store(false, Ordering::Relaxed);
    }

    fn is_stuck(&self) -> bool {
        let silent = millis(self.born).saturating_sub(self.last_ms.load(Ordering::Relaxed));
        !self.is_over.load(Ordering::Relaxed) && u128::from(silent) > STALLED.as_millis()
    }
}

fn of_all(name: &'static str, pulses: &[Arc<Pulse>], flag: &dyn Fn(&Pulse) -> &AtomicBool, fault: &str) -> Condition {
    let missing = pulses.iter().filter(|pulse| !flag(pulse).load(Ordering::Relaxed)).count();
    let reason = match (pulses.len(), missing) {
        (0, _) => "no consumer runs".to_owned(),
        (all, missing) => format!("{missing} of {all} consumers: {fault}"),
    };
    condition(name, !pulses.is_empty() && missing == 0, &reason)
}

fn condition(name: &'static str, ok: bool, reason: &str) -> Condition {
    let reason = (!ok).then(|| reason.to_owned());
    Condition { name, ok, reason }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(probe: &Probe) -> Vec<&'static str> {
        let conditions = probe.snapshot().conditions;
        conditions.iter().filter(|c| !c.ok).map(|c| c.name).collect()
    }

    #[test]
    fn readiness_is_the_sum_of_its_conditions() {
        let probe = Probe::new();
        assert_eq!(failing(&probe), ["rules", "cluster", "group", "producer"]);
        probe.judges_by("sha256:00".into(), 1);
        probe.is_running();
        let (one, two) = (probe.worker(), probe.worker());
        assert_eq!(failing(&probe), ["group"]);
        one.joined(true);
        assert_eq!(failing(&probe), ["group"], "the other has not");
        two.joined(true);
        assert!(probe.snapshot().ready);
        two.producing(false);
        assert_eq!(failing(&probe), ["producer"]);
        two.producing(true);
        probe.is_stopping();
        assert_eq!(failing(&probe), ["cluster"]);
    }

    #[test]
    fn a_reason_says_what_is_missing() {
        let probe = Probe::new();
        probe.waits_for("topic posts does not exist");
        let conditions = probe.snapshot().conditions;
        assert_eq!(conditions[1].reason.as_deref(), Some("topic posts does not exist"));
    }

    #[test]
    fn a_thread_that_has_ended_is_not_stuck() {
        let pulse = |silent_for: Duration| Pulse {
            born: Instant::now().checked_sub(silent_for).expect("the clock is older than that"),
            last_ms: AtomicU64::new(0),
            is_joined: AtomicBool::new(true),
            is_producing: AtomicBool::new(true),
            is_over: AtomicBool::new(false),
        };
        assert!(!pulse(Duration::from_secs(1)).is_stuck());
        let stuck = pulse(STALLED + Duration::from_secs(1));
        assert!(stuck.is_stuck());
        stuck.over();
        assert!(!stuck.is_stuck());
    }
}
