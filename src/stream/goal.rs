//! How far a partition is to be read by a run that ends: to where it ended when it became ours.
//!
//! end 100; records up to 97 committed, 98 and 99 are transaction markers -> reached, once the client has fetched past them
//!
//! A committed offset behind the end is the plain case. Markers and compacted records have offsets and never become
//! records, so the end itself may never be committed; then it counts that the client has fetched to the end, has
//! handed over what it had queued by then, and that all of it is committed.

use super::offsets::OffsetTracker;

/// The end of one partition, and what was seen of the way there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Goal {
    end: i64,
    sight: Sight,
}

/// What looks at the client have shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sight {
    /// There is more to fetch.
    Reading,
    /// All was fetched, by one look: its numbers are not of one moment, so the next one counts the queue.
    Fetched,
    /// All is handed over when so many records were.
    Queued(u64),
}

impl Goal {
    /// A partition that ends at `end`, the offset behind its last record.
    #[must_use]
    pub const fn new(end: i64) -> Self {
        Self { end, sight: Sight::Reading }
    }

    /// A look at the client: the next offset that it fetches, how much waits to be handed over by it (of all partitions),
    /// and how many records it has handed over.
    pub fn look(&mut self, next_fetch: i64, waiting: u64, taken: u64) {
        self.sight = match self.sight {
            _ if next_fetch < self.end => Sight::Reading,
            Sight::Reading => Sight::Fetched,
            Sight::Fetched => Sight::Queued(taken.saturating_add(waiting)),
            // Before more was handed over, a later look may only see less.
            Sight::Queued(until) => Sight::Queued(until.min(taken.saturating_add(waiting))),
        };
    }

    /// All records before the end are done with, and committed.
    #[must_use]
    pub fn is_reached(&self, offsets: &OffsetTracker, taken: u64) -> bool {
        let is_handed_over = matches!(self.sight, Sight::Queued(until) if taken >= until);
        offsets.is_committed(self.end)
            || (is_handed_over && offsets.unfinished() == 0 && offsets.committable().is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: i64, records: &[i64], finished: usize, committed: i64) -> OffsetTracker {
        let mut offsets = OffsetTracker::new(from);
        for offset in records {
            offsets.begin(*offset);
        }
        for offset in &records[..finished] {
            offsets.finish(*offset);
        }
        offsets.committed(committed);
        offsets
    }

    #[test]
    fn a_commit_behind_the_end_reaches_it_and_nothing_less() {
        for (end, offsets, expected) in [
            // Nothing there.
            (5, read(5, &[], 0, 5), true),
            (5, OffsetTracker::uncommitted(5), false),
            (7, read(5, &[5, 6], 2, 7), true),
            (7, read(5, &[5, 6, 7, 8], 3, 8), true),
            (7, read(5, &[5, 6], 2, 5), false),
            (7, read(5, &[5, 6], 1, 6), false),
            (7, read(5, &[5], 1, 6), false),
        ] {
            assert_eq!(Goal::new(end).is_reached(&offsets, 1000), expected, "{end} {offsets:?}");
        }
    }

    #[test]
    fn what_never_becomes_a_record_is_not_waited_for() {
        type Look = (i64, u64, u64);
        let table: &[(&[Look], u64, bool)] = &[
            // (next fetch, waiting, taken)…, taken now
            (&[], 2, false),
            (&[(9, 0, 2)], 2, false),
            (&[(9, 0, 2), (9, 0, 2)], 2, true),
            (&[(12, 0, 2), (12, 0, 2)], 2, true),
            (&[(8, 0, 2), (8, 0, 2), (8, 0, 2)], 2, false),
            (&[(-1001, 0, 2), (-1001, 0, 2)], 2, false),
            // Something waited: it may have been of this partition.
            (&[(9, 3, 2), (9, 3, 2)], 4, false),
            (&[(9, 3, 2), (9, 3, 2)], 5, true),
            (&[(9, 3, 2), (9, 3, 2), (9, 0, 2)], 2, true),
            // Fetched anew from before the end.
            (&[(9, 0, 2), (9, 0, 2), (6, 0, 2)], 2, false),
        ];
        let all_done = read(5, &[5, 6], 2, 7);
        for (looks, taken, expected) in table {
            let mut goal = Goal::new(9);
            for (next_fetch, waiting, taken) in *looks {
                goal.look(*next_fetch, *waiting, *taken);
            }
            assert_eq!(goal.is_reached(&all_done, *taken), *expected, "{looks:?}");
            let not_committed = read(5, &[5, 6], 2, 5);
            let not_finished = read(5, &[5, 6], 1, 6);
            for offsets in [not_committed, not_finished] {
                assert!(!goal.is_reached(&offsets, *taken), "{looks:?} {offsets:?}");
            }
        }
    }
}
