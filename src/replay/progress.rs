//! How far a replay has come, for whoever draws it.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters that readers move and a progress bar reads.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicU64,
    done: AtomicU64,
    records: AtomicU64,
}

impl Progress {
    /// All there is to do, in offsets or bytes; 0 while nobody knows.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// What of it is done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Records that were judged.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records.load(Ordering::Relaxed)
    }

    pub(super) fn expect(&self, total: u64) {
        self.total.fetch_add(total, Ordering::Relaxed);
    }

    pub(super) fn advance(&self, done: u64) {
        self.done.fetch_add(done, Ordering::Relaxed);
    }

    pub(super) fn judged(&self, records: usize) {
        self.records.fetch_add(records as u64, Ordering::Relaxed);
    }
}
