//! Where a partition begins, and what was lost before we came.
//!
//! librdkafka has one setting for "no commit yet" and "the commit is gone", so `earliest` and `latest` skip in silence
//! once retention has overtaken us. We resolve the beginning ourselves, with `auto.offset.reset=error`.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

/// Where a partition without a commit begins: the setting `kafka.start`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// At the oldest record.
    #[default]
    Earliest,
    /// Behind the newest record.
    Latest,
    /// At the first record of this time or later.
    At(Timestamp),
}

/// A text that is none of the three.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither earliest nor latest nor an RFC 3339 time such as 2026-11-22T08:00:00Z")]
pub struct ParseStartError(String);

impl FromStr for Start {
    type Err = ParseStartError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "earliest" => Ok(Start::Earliest),
            "latest" => Ok(Start::Latest),
            time => time.parse().map(Start::At).map_err(|_| ParseStartError(text.to_owned())),
        }
    }
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Start::Earliest => f.write_str("earliest"),
            Start::Latest => f.write_str("latest"),
            Start::At(time) => time.fmt(f),
        }
    }
}

/// Offsets `from..to` that we can no longer read, or that are not what we committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The first offset of the gap.
    pub from: i64,
    /// The offset behind its last.
    pub to: i64,
    /// How it came about.
    pub kind: GapKind,
}

impl Gap {
    /// How many offsets are missing; an upper bound of the records, since offsets have holes.
    #[must_use]
    pub fn size(&self) -> u64 {
        u64::try_from(self.to.saturating_sub(self.from)).unwrap_or(0)
    }
}

/// How a gap came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GapKind {
    /// Retention removed records that we had not read.
    Expired,
    /// The log ends before our commit: the topic was made anew, or a broker lost its end. What is there now may
    /// stand at offsets that we judged before with other records in them.
    Truncated,
}

impl GapKind {
    /// The name in logs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            GapKind::Expired => "expired",
            GapKind::Truncated => "truncated",
        }
    }
}

/// Where to begin, and what is missing before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The next offset to read.
    pub offset: i64,
    /// What cannot be read.
    pub gap: Option<Gap>,
}

/// Where a partition begins.
///
/// `committed` is the group's next offset; `low` and `high` are the first offset of the log and the one behind its
/// last; `at` is the offset of the first record not before a [`Start::At`], if there is one. `new_partition` says
/// that the partition came into being while the group was at work: its records are read from 0, whatever `start`
/// says, because none of them is older than the group.
///
/// A log that ends before the commit is read from its beginning: some records are judged twice, none is missed.
#[must_use]
pub fn begin(
    start: &Start,
    committed: Option<i64>,
    low: i64,
    high: i64,
    at: Option<i64>,
    new_partition: bool,
) -> Begin {
    let gap = |from, to, kind| Some(Gap { from, to, kind });
    match committed {
        Some(next) if next < low => Begin { offset: low, gap: gap(next, low, GapKind::Expired) },
        Some(next) if next > high => Begin { offset: low, gap: gap(high, next, GapKind::Truncated) },
        Some(next) => Begin { offset: next, gap: None },
        None if new_partition => Begin { offset: low, gap: if low > 0 { gap(0, low, GapKind::Expired) } else { None } },
        None => Begin { offset: first_without_commit(start, low, high, at), gap: None },
    }
}

fn first_without_commit(start: &Start, low: i64, high: i64, at: Option<i64>) -> i64 {
    match start {
        Start::Earliest => low,
        Start::Latest => high,
        // `max` last: a partition that shrinks between the two questions must not panic a `clamp`.
        Start::At(_) => at.unwrap_or(high).min(high).max(low),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time() -> Start {
        "2026-11-22T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_start_is_read_as_it_is_written() {
        for text in ["earliest", "latest", "2026-11-22T08:00:00Z"] {
            assert_eq!(text.parse::<Start>().unwrap().to_string(), text);
        }
        let local: Start = "2026-11-22T16:00:00+08:00".parse().unwrap();
        assert_eq!(local, time());
        for text in ["", "Earliest", "smallest", "2026-11-22", "2026-11-22T08:00:00", "0"] {
            let error = text.parse::<Start>().unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")), "{error}");
        }
    }

    #[test]
    fn a_partition_begins_where_nothing_is_lost_in_silence() {
        let (earliest, latest) = (Start::Earliest, Start::Latest);
        let expired = |from, to| Some((from, to, GapKind::Expired));
        let truncated = |from, to| Some((from, to, GapKind::Truncated));
        // start, committed, low, high, at, new partition -> offset, gap
        for (start, committed, low, high, at, new, offset, gap) in [
            (earliest, Some(50), 10, 90, None, false, 50, None),
            (latest, Some(50), 10, 90, None, false, 50, None),
            (latest, Some(10), 10, 90, None, false, 10, None),
            (latest, Some(90), 10, 90, None, false, 90, None),
            (latest, Some(9), 10, 90, None, false, 10, expired(9, 10)),
            (earliest, Some(0), 10, 10, None, false, 10, expired(0, 10)),
            (earliest, Some(91), 10, 90, None, false, 10, truncated(90, 91)),
            (latest, Some(50), 0, 0, None, true, 0, truncated(0, 50)),
            (earliest, None, 10, 90, None, false, 10, None),
            (latest, None, 10, 90, None, false, 90, None),
            (time(), None, 10, 90, Some(40), false, 40, None),
            (time(), None, 10, 90, None, false, 90, None),
            (time(), None, 10, 90, Some(5), false, 10, None),
            (time(), None, 10, 90, Some(95), false, 90, None),
            (time(), None, 10, 5, Some(7), false, 10, None),
            (latest, None, 0, 90, None, true, 0, None),
            (time(), None, 0, 90, Some(40), true, 0, None),
            (latest, None, 7, 90, None, true, 7, expired(0, 7)),
        ] {
            let begin = begin(&start, committed, low, high, at, new);
            let found = begin.gap.map(|g| (g.from, g.to, g.kind));
            let case = format!("{start} {committed:?} {low}..{high} {at:?} {new}");
            assert_eq!((begin.offset, found), (offset, gap), "{case}");
            assert!(begin.gap.is_none_or(|g| g.size() > 0), "{case}");
        }
    }
}
