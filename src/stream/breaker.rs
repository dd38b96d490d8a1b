//! Breakers: a policy condition that suddenly raises everything must not bury the people who review.
//!
//! Each condition may raise at most so many *distinct* texts above `flag` in any two neighbouring halves of a window.
//! With the next one its breaker opens: what it raises is only a flag, until half a window has passed in which it would
//! have raised at most a quarter of them, half the rate at which it opened. Nothing is dropped and nothing is raised.
//!
//! ```text
//! limit 4, window 1 h     00:00 a b b b c d   e        f        g        |00:30 a             |01:00
//!                         pass  pass          opens    lowered  lowered  |lowered (one text)  |closed: pass
//! ```
//!
//! Decided here: a text that is posted ten thousand times is one text, so that a campaign opens nothing and a rule that
//! fires on everything does. Time is that of the records, handed in: the same records open the same breakers again,
//! however fast they are read. It never goes back: a record that is late counts as if it had come now. A text is its hash,
//! and of those no more than the limit are kept for each half.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// When a breaker opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerLimits {
    /// Distinct texts that a condition may raise in a window; 0: as many as it likes.
    pub texts: usize,
    /// The window in milliseconds.
    pub window_ms: i64,
}

/// A breaker opened or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakerTurn {
    /// The condition's id.
    pub rule: Arc<str>,
    /// Open: what it raises is lowered from now on.
    pub is_open: bool,
}

/// The hashes that one half of a window has seen.
type Half = BTreeSet<u64>;

/// One condition's breaker.
#[derive(Clone, Debug, Default)]
struct Breaker {
    is_open: bool,
    /// The half that is running, and the one before it.
    now: Half,
    before: Half,
    /// How many of the running half are not among those before it.
    fresh: usize,
}

/// The breakers of all conditions. Those that raised nothing lately take no memory.
#[derive(Clone, Debug)]
pub struct Breakers {
    limits: BreakerLimits,
    /// The number of the half that is running, since 1970.
    half: Option<i64>,
    rules: BTreeMap<Arc<str>, Breaker>,
}

impl Breakers {
    /// All closed.
    #[must_use]
    pub const fn new(limits: BreakerLimits) -> Self {
        Self { limits, half: None, rules: BTreeMap::new() }
    }

    /// The record time is `now_ms`: halves that are over are forgotten, and breakers that can, close.
    pub fn advance(&mut self, now_ms: i64) -> Vec<BreakerTurn> {
        let half = now_ms.div_euclid((self.limits.window_ms / 2).max(1));
        let passed = half.saturating_sub(self.half.unwrap_or(half));
        self.half = Some(self.half.map_or(half, |running| running.max(half)));
        if passed <= 0 {
            return Vec::new();
        }
        let mut turns = Vec::new();
        for (rule, breaker) in &mut self.rules {
            if breaker.pass(passed > 1, self.limits.texts) {
                turns.push(BreakerTurn { rule: Arc::clone(rule), is_open: false });
            }
        }
        self.rules.retain(|_, breaker| !breaker.is_idle());
        turns
    }

    /// The condition raises a text above `flag`, at the time of [`Breakers::advance`]. Whether its breaker lets it, and
    /// whether that opens it.
    pub fn raise(&mut self, rule: &Arc<str>, text: u64) -> Raised {
        let limit = self.limits.texts;
        if limit == 0 {
            return Raised::Passed;
        }
        if !self.rules.contains_key(rule) {
            self.rules.insert(Arc::clone(rule), Breaker::default());
        }
        self.rules.get_mut(rule).map_or(Raised::Passed, |breaker| breaker.raise(text, limit))
    }

    /// Whether a condition's breaker is open.
    #[must_use]
    pub fn is_open(&self, rule: &str) -> bool {
        self.rules.get(rule).is_some_and(|breaker| breaker.is_open)
    }

    /// Begins anew for the conditions that are not kept: other rules judge. Those that were open are told as closed.
    pub fn keep(&mut self, mut is_kept: impl FnMut(&str) -> bool) -> Vec<BreakerTurn> {
        let mut turns = Vec::new();
        self.rules.retain(|rule, breaker| {
            let kept = is_kept(rule);
            if !kept && breaker.is_open {
                turns.push(BreakerTurn { rule: Arc::clone(rule), is_open: false });
            }
            kept
        });
        turns
    }
}

/// What a breaker says to a text that its condition raises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Raised {
    /// It stays raised.
    Passed,
    /// One too many: the breaker has just opened, and this text is lowered too.
    Opened,
    /// The breaker is open: lowered.
    Lowered,
}

impl Breaker {
    /// A half, or more than one, is over. True when that closes the breaker.
    fn pass(&mut self, all: bool, limit: usize) -> bool {
        self.before = std::mem::take(&mut self.now);
        self.fresh = 0;
        if all {
            self.before.clear();
        }
        let closes = self.is_open && self.before.len() <= limit / 4;
        self.is_open &= !closes;
        closes
    }

    fn raise(&mut self, text: u64, limit: usize) -> Raised {
        let was_before = self.before.contains(&text);
        let is_known = was_before || self.now.contains(&text);
        let is_full = self.before.len() + self.fresh >= limit;
        // What is beyond the limit need not be known: more than a quarter of it is enough to stay open.
        if self.now.len() < limit && self.now.insert(text) && !was_before {
            self.fresh += 1;
        }
        match (self.is_open, is_known || !is_full) {
            (true, _) => Raised::Lowered,
            (false, true) => Raised::Passed,
            (false, false) => {
                self.is_open = true;
                Raised::Opened
            }
        }
    }

    fn is_idle(&self) -> bool {
        !self.is_open && self.now.is_empty() && self.before.is_empty()
    }
}

#[cfg(test)]
#[path = "breaker_tests.rs"]
mod tests;
