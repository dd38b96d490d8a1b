//! A bounded part of a topic, and when each partition of it is done.
//!
//! Offsets have holes: the markers of transactions, records of aborted ones, what compaction has removed. So a partition is
//! done when the position reaches the end, when a record from beyond the end arrives, or when the partition itself has
//! ended; never only because the last offset of the range came by, which may not exist.

use std::collections::BTreeMap;

/// Offsets `from..to` of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The partition.
    pub partition: i32,
    /// The first offset.
    pub from: i64,
    /// The offset behind the last.
    pub to: i64,
}

impl Range {
    /// How many offsets; an upper bound of the records.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.to.saturating_sub(self.from)).unwrap_or(0)
    }
}

/// What a record that arrived is to a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Part of it.
    Inside,
    /// Part of it, and the partition is done.
    Last,
    /// Beyond the end: the partition is done.
    Beyond,
    /// Of a partition that is done already, or that nobody asked for.
    Stray,
}

/// The ranges of one topic that are not done yet.
#[derive(Clone, Debug, Default)]
pub struct Ranges {
    open: BTreeMap<i32, Range>,
}

impl Ranges {
    /// Ranges of different partitions; empty ones are done.
    #[must_use]
    pub fn of(ranges: &[Range]) -> Self {
        let open = ranges.iter().filter(|range| range.from < range.to).map(|range| (range.partition, *range)).collect();
        Self { open }
    }

    /// Nothing is left to read.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.open.is_empty()
    }

    /// What is left; `from` is the next offset.
    pub fn open(&self) -> impl Iterator<Item = &Range> {
        self.open.values()
    }

    /// How many offsets are left.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.open.values().map(Range::size).sum()
    }

    /// Notes a record that arrived.
    pub fn record(&mut self, partition: i32, offset: i64) -> Within {
        let Some(range) = self.open.get_mut(&partition) else {
            return Within::Stray;
        };
        if offset < range.from {
            return Within::Stray;
        }
        if offset >= range.to {
            self.open.remove(&partition);
            return Within::Beyond;
        }
        range.from = offset + 1;
        if range.from < range.to {
            return Within::Inside;
        }
        self.open.remove(&partition);
        Within::Last
    }

    /// Notes that nothing more stands in a partition, or that nothing more is wanted of it.
    pub fn end(&mut self, partition: i32) {
        self.open.remove(&partition);
    }

    /// Notes that a partition holds `low..high` now; the part of the range that is gone, if any is.
    pub fn overtaken(&mut self, partition: i32, low: i64, high: i64) -> Option<Range> {
        let range = self.open.get_mut(&partition)?;
        // A log that ends before our position has lost its end, and what is written there now was not asked for.
        let to = if range.from > high { range.to } else { low.min(range.to) };
        if to <= range.from {
            return None;
        }
        let gone = Range { to, ..*range };
        range.from = to;
        if range.from >= range.to {
            self.open.remove(&partition);
        }
        Some(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn range(partition: i32, from: i64, to: i64) -> Range {
        Range { partition, from, to }
    }

    #[test]
    fn a_partition_is_done_by_position_by_a_later_record_or_by_its_end() {
        use Within::{Beyond, Inside, Last, Stray};
        for (offsets, expected, is_done) in [
            (&[5, 6, 7][..], &[Inside, Inside, Last][..], true),
            // 7 is a marker: only what comes behind it, or the end, tells.
            (&[5, 6], &[Inside, Inside], false),
            (&[5, 6, 9], &[Inside, Inside, Beyond], true),
            (&[7, 8], &[Last, Stray], true),
            (&[8], &[Beyond], true),
            (&[4, 5, 5], &[Stray, Inside, Stray], false),
        ] {
            let mut ranges = Ranges::of(&[range(0, 5, 8)]);
            let found: Vec<_> = offsets.iter().map(|offset| ranges.record(0, *offset)).collect();
            assert_eq!((found.as_slice(), ranges.is_done()), (expected, is_done), "{offsets:?}");
            ranges.end(0);
            assert!(ranges.is_done());
        }
    }

    #[test]
    fn partitions_are_done_one_by_one_and_empty_ones_at_once() {
        let mut ranges = Ranges::of(&[range(0, 5, 8), range(1, 3, 3), range(2, 9, 4), range(3, 0, 100)]);
        assert_eq!(ranges.open().map(|range| range.partition).collect::<Vec<_>>(), [0, 3]);
        assert_eq!(ranges.left(), 103);
        assert_eq!(ranges.record(1, 3), Within::Stray);
        ranges.record(3, 49);
        assert_eq!(ranges.left(), 53);
        ranges.end(0);
        assert_eq!(ranges.left(), 50);
    }

    #[test]
    fn what_retention_took_is_told_once_with_its_size() {
        for (low, high, gone, left) in [
            (5, 90, None, 5),
            (0, 90, None, 5),
            (7, 90, Some((5, 7)), 3),
            (10, 90, Some((5, 10)), 0),
            (30, 90, Some((5, 10)), 0),
            // The topic was made anew with fewer records.
            (0, 3, Some((5, 10)), 0),
        ] {
            let mut ranges = Ranges::of(&[range(0, 5, 10)]);
            let found = ranges.overtaken(0, low, high).map(|range| (range.from, range.to));
            assert_eq!((found, ranges.left()), (gone, left), "{low}..{high}");
            assert_eq!(ranges.overtaken(0, low, high.max(10)), None);
        }
    }
}
