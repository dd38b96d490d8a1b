//! How far a partition may be committed: up to the first record that is not finished, and never past it.
//!
//! begin 5, 6, 9 (7 and 8 do not exist); finish 6, 5 -> committable 7; finish 9 -> committable 10.
//!
//! Offsets have holes (transaction markers, compaction): only offsets that exist are begun, and a hole never holds
//! anything up.

use std::collections::VecDeque;

/// The records of one partition between the last commit and the newest record read.
#[derive(Clone, Debug)]
pub struct OffsetTracker {
    /// Records begun and not passed by the frontier, ascending; the first is unfinished.
    open: VecDeque<Open>,
    unfinished: usize,
    /// The next offset that may be begun.
    next: i64,
    /// Everything below is finished or does not exist.
    frontier: i64,
    committed: i64,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    offset: i64,
    is_finished: bool,
}

impl OffsetTracker {
    /// A partition that is read from `next` on, which counts as committed.
    #[must_use]
    pub fn new(next: i64) -> Self {
        Self { open: VecDeque::new(), unfinished: 0, next, frontier: next, committed: next }
    }

    /// A partition that is read from `next` on, while the group has another commit or none: `next` is to be committed even
    /// if no record ever comes.
    #[must_use]
    pub fn uncommitted(next: i64) -> Self {
        Self { committed: next.saturating_sub(1), ..Self::new(next) }
    }

    /// A record was read. Offsets come in ascending order; one that came before is a record read again
    /// (after a seek) and changes nothing: `false`. It is finished when either reading of it is.
    pub fn begin(&mut self, offset: i64) -> bool {
        if offset < self.next {
            return false;
        }
        self.open.push_back(Open { offset, is_finished: false });
        self.unfinished += 1;
        self.next = offset.saturating_add(1);
        true
    }

    /// Everything that follows from a record is acknowledged by the broker. `false` when it was not unfinished.
    pub fn finish(&mut self, offset: i64) -> bool {
        let Ok(at) = self.open.binary_search_by_key(&offset, |o| o.offset) else {
            return false;
        };
        if self.open[at].is_finished {
            return false;
        }
        self.open[at].is_finished = true;
        self.unfinished -= 1;
        while let Some(first) = self.open.front().filter(|o| o.is_finished) {
            self.frontier = first.offset.saturating_add(1);
            self.open.pop_front();
        }
        true
    }

    /// The consumer stands at `position` and has handed over everything below it: a hole at the end (a transaction
    /// marker is the last thing in the log) no longer counts as lag.
    pub fn reach(&mut self, position: i64) {
        self.next = self.next.max(position);
        if self.open.is_empty() {
            self.frontier = self.frontier.max(self.next);
        }
    }

    /// The next offset to commit, when it has moved since the last commit.
    #[must_use]
    pub fn committable(&self) -> Option<i64> {
        (self.frontier > self.committed).then_some(self.frontier)
    }

    /// A commit of `offset` succeeded.
    pub fn committed(&mut self, offset: i64) {
        self.committed = self.committed.max(offset);
    }

    /// `offset` or a later one is committed.
    #[must_use]
    pub fn is_committed(&self, offset: i64) -> bool {
        self.committed >= offset
    }

    /// Records begun and not finished.
    #[must_use]
    pub fn unfinished(&self) -> usize {
        self.unfinished
    }

    /// The next offset that is not known to be done with; lag is the end of the log minus this.
    #[must_use]
    pub fn frontier(&self) -> i64 {
        self.frontier
    }

    /// The next offset that has not been read.
    #[must_use]
    pub fn next(&self) -> i64 {
        self.next
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn the_frontier_stops_at_the_first_unfinished_record() {
        let mut tracker = OffsetTracker::new(5);
        for offset in [5, 6, 9] {
            assert!(tracker.begin(offset));
        }
        assert_eq!((tracker.committable(), tracker.unfinished()), (None, 3));
        assert!(tracker.finish(6));
        assert_eq!((tracker.committable(), tracker.frontier()), (None, 5));
        assert!(tracker.finish(5));
        assert_eq!(tracker.committable(), Some(7));
        tracker.committed(7);
        assert_eq!(tracker.committable(), None);
        assert!(tracker.finish(9));
        assert_eq!((tracker.committable(), tracker.unfinished()), (Some(10), 0));
    }

    #[test]
    fn a_beginning_that_is_not_committed_is_committable_until_it_is() {
        let mut tracker = OffsetTracker::uncommitted(5);
        assert_eq!((tracker.committable(), tracker.unfinished()), (Some(5), 0));
        tracker.begin(5);
        assert_eq!(tracker.committable(), Some(5), "and no further");
        tracker.committed(5);
        assert_eq!(tracker.committable(), None);
    }

    #[test]
    fn what_never_began_or_is_done_changes_nothing() {
        let mut tracker = OffsetTracker::new(5);
        assert!(!tracker.begin(4), "before the beginning");
        assert!(!tracker.finish(5), "never begun");
        assert!(tracker.begin(5));
        assert!(!tracker.begin(5), "read again");
        assert!(tracker.finish(5));
        assert!(!tracker.finish(5), "finished twice");
        assert_eq!((tracker.committable(), tracker.unfinished()), (Some(6), 0));
        tracker.committed(6);
        tracker.committed(3);
        assert_eq!(tracker.committable(), None, "a late answer moves nothing back");
    }

    #[test]
    fn a_hole_at_the_end_is_no_lag_once_the_consumer_is_behind_it() {
        let mut tracker = OffsetTracker::new(0);
        tracker.begin(0);
        tracker.reach(2);
        assert_eq!(tracker.frontier(), 0, "record 0 is not finished");
        tracker.finish(0);
        tracker.reach(2);
        assert_eq!(tracker.committable(), Some(2));
        assert!(!tracker.begin(1));
    }

    /// What a tracker should say, worked out from everything that ever happened.
    #[derive(Default)]
    struct Naive {
        records: BTreeMap<i64, bool>,
    }

    impl Naive {
        fn frontier(&self, start: i64) -> i64 {
            let first_open = self.records.iter().find(|(_, done)| !**done);
            let last_done = |below: i64| self.records.range(..below).next_back().map(|(o, _)| o + 1);
            match first_open {
                Some((open, _)) => last_done(*open).unwrap_or(start),
                None => last_done(i64::MAX).unwrap_or(start),
            }
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Begin(i64),
        Finish(prop::sample::Index),
        Commit,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => (0_i64..4).prop_map(Step::Begin),
            4 => any::<prop::sample::Index>().prop_map(Step::Finish),
            1 => Just(Step::Commit),
        ]
    }

    proptest! {
        #[test]
        fn committable_never_passes_an_unfinished_record(
            start in 0_i64..1_000,
            steps in prop::collection::vec(step(), 0..200),
        ) {
            let (mut tracker, mut naive) = (OffsetTracker::new(start), Naive::default());
            let (mut next, mut committed) = (start, start);
            for step in steps {
                match step {
                    Step::Begin(hole) => {
                        let offset = next + hole;
                        prop_assert!(tracker.begin(offset));
                        naive.records.insert(offset, false);
                        next = offset + 1;
                    }
                    Step::Finish(index) if !naive.records.is_empty() => {
                        let all: Vec<i64> = naive.records.keys().copied().collect();
                        let offset = *index.get(&all);
                        let was_open = naive.records.insert(offset, true) == Some(false);
                        prop_assert_eq!(tracker.finish(offset), was_open);
                    }
                    Step::Finish(_) => {}
                    Step::Commit => if let Some(offset) = tracker.committable() {
                        tracker.committed(offset);
                        committed = offset;
                    },
                }
                let frontier = naive.frontier(start);
                prop_assert_eq!(tracker.frontier(), frontier);
                prop_assert_eq!(tracker.committable(), (frontier > committed).then_some(frontier));
                let open = naive.records.values().filter(|done| !**done).count();
                prop_assert_eq!(tracker.unfinished(), open);
                let first_open = naive.records.iter().find(|(_, done)| !**done);
                if let (Some(offset), Some((open, _))) = (tracker.committable(), first_open) {
                    prop_assert!(offset <= *open);
                }
            }
        }
    }
}
