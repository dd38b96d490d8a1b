//! The rule set that judges now, and how another takes its place: read and built aside, swapped between two batches.
//!
//! ```text
//! files changed, SIGHUP, POST /-/reload -> Reload (one request, however many ask) -> read, check, build, on its own thread
//!     good:          swap, next epoch        worker: batch | batch | new scanner, batch
//!     equal digest:  nothing changes
//!     bad:           nothing changes; it is said, and stands in `/ready` and in the metrics until a good one comes
//! ```
//! Workers ask for the epoch between two batches (one atomic read) and take the new set, with a fresh scanner, when it has
//! changed; so a batch is judged by one set wholly, and its receipts and verdicts say by which. Who asked is answered when the last worker
//! has left the set before.

mod attempt;
#[cfg(test)]
mod broken_tests;
mod reloader;
mod request;
#[cfg(test)]
mod tests;
mod watch;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

pub(super) use self::reloader::{Around, Reloader};
pub use self::request::{Outcome, Reload, Trigger};
use crate::rule::RuleSet;

/// A rule set and the number of its load in this process, from 1.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The rules, shared by all workers.
    pub rules: Arc<RuleSet>,
    /// Which load of this process it is.
    pub epoch: u64,
}

/// The current rule set, shared by all workers.
#[derive(Debug)]
pub struct RulesHandle {
    current: RwLock<Loaded>,
    epoch: AtomicU64,
}

impl RulesHandle {
    /// The first load.
    #[must_use]
    pub fn new(rules: Arc<RuleSet>) -> Self {
        let epoch = 1;
        Self { current: RwLock::new(Loaded { rules, epoch }), epoch: AtomicU64::new(epoch) }
    }

    /// The set that judges now.
    #[must_use]
    pub fn current(&self) -> Loaded {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether `loaded` is still the one.
    #[must_use]
    pub fn is_current(&self, loaded: &Loaded) -> bool {
        self.epoch.load(Ordering::Acquire) == loaded.epoch
    }

    /// From the next batch on, these rules judge. Returns their epoch.
    pub fn swap(&self, rules: Arc<RuleSet>) -> u64 {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let epoch = current.epoch + 1;
        // Forgotten last, outside: the last owner of a big set needs a while to give its memory back.
        let before = std::mem::replace(&mut *current, Loaded { rules, epoch });
        self.epoch.store(epoch, Ordering::Release);
        drop(current);
        drop(before);
        epoch
    }
}
