//! The breakers of a process: one state for all workers, said in the log when one turns, and counted.
//!
//! Decisions are `stream::Breakers`' and what becomes of a verdict is `Verdict::degrade`'s; here is the lock between the
//! workers, which only a record that is raised above `flag` takes, and each batch once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::reload::Loaded;
use crate::content::{Content, Kind};
use crate::engine::{Verdict, text_key};
use crate::metrics::{BatchTally, Metrics};
use crate::stream::{BreakerLimits, BreakerTurn, Breakers, Raised};

/// The breakers of all conditions, shared by all workers.
#[derive(Debug)]
pub(super) struct Breaker {
    limits: BreakerLimits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    breakers: Breakers,
    /// The newest rules that judge here, and what each of their conditions asks for.
    epoch: u64,
    conditions: BTreeMap<Arc<str>, String>,
}

impl Breaker {
    pub fn new(limits: BreakerLimits) -> Self {
        let state = State { breakers: Breakers::new(limits), epoch: 0, conditions: BTreeMap::new() };
        Self { limits, state: Mutex::new(state) }
    }

    /// Other rules judge: a condition that is new or was changed begins with a closed breaker. False when a worker said so before.
    pub fn judged_by(&self, loaded: &Loaded, metrics: &Metrics) -> bool {
        let mut state = self.state();
        if loaded.epoch <= state.epoch {
            return false;
        }
        let conditions = loaded.rules.policy().conditions().iter();
        let conditions: BTreeMap<_, _> = conditions.map(|c| (Arc::clone(&c.id), c.when.clone())).collect();
        let State { breakers, conditions: before, .. } = &mut *state;
        let turns = breakers.keep(|rule| before.get(rule).is_some_and(|when| conditions.get(rule) == Some(when)));
        state.conditions = conditions;
        state.epoch = loaded.epoch;
        self.tell(&turns, metrics);
        true
    }

    /// The records have come to this time.
    pub fn advance(&self, now_ms: i64, metrics: &Metrics) {
        let turns = self.state().breakers.advance(now_ms);
        self.tell(&turns, metrics);
    }

    /// Asks the breakers of the conditions that raise a post above `flag`, and lowers it where they are open.
    pub fn ask(
        &self,
        verdict: &mut Verdict<'_>,
        content: &Content<'_>,
        now_ms: i64,
        (metrics, tally): (&Metrics, &mut BatchTally),
    ) {
        let mut raising = if content.kind == Kind::Post { verdict.raising() } else { Vec::new() };
        if raising.is_empty() || self.limits.texts == 0 {
            return;
        }
        let text = text_key(content);
        let mut state = self.state();
        let mut turns = state.breakers.advance(now_ms);
        raising.retain(|condition| match state.breakers.raise(&condition.id, text) {
            Raised::Passed => false,
            Raised::Lowered => true,
            Raised::Opened => {
                turns.push(BreakerTurn { rule: Arc::clone(&condition.id), is_open: true });
                true
            }
        });
        drop(state);
        self.tell(&turns, metrics);
        verdict.degrade(raising);
        for condition in verdict.degraded.iter().flat_map(|degraded| &degraded.by) {
            BatchTally::add(&mut tally.degraded, Arc::clone(&condition.id));
        }
    }

    /// Only turns are said, so once at each opening and closing.
    fn tell(&self, turns: &[BreakerTurn], metrics: &Metrics) {
        for BreakerTurn { rule, is_open } in turns {
            metrics.breaker(rule, *is_open);
            let (texts, window_s) = (self.limits.texts, self.limits.window_ms / 1_000);
            if *is_open {
                tracing::warn!(%rule, texts, window_s, "a breaker has opened: posts that this condition raises are flagged, not reviewed, until fewer come");
            } else {
                tracing::info!(%rule, "a breaker has closed: this condition raises posts again");
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is half done in there is a count.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
