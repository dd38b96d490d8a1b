//! Where a replay begins and ends, as its user says it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::kafka::Ends;
use crate::stream::Range;

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The oldest record.
    Earliest,
    /// The last stable offset when the replay starts.
    Latest,
    /// This offset in every partition.
    Offset(i64),
    /// The first record of this time or later.
    Time(Timestamp),
    /// So long before the start of the replay.
    Ago(SignedDuration),
}

/// A text that says no such thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is neither earliest nor latest nor an offset nor a time such as 2026-11-22T08:00:00Z, 2026-11-22 or -24h"
)]
pub struct ParseBoundError(String);

/// The units of a span back, in seconds.
const UNITS: &[(char, i64)] = &[('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

impl FromStr for Bound {
    type Err = ParseBoundError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bound = match text {
            "earliest" => Some(Bound::Earliest),
            "latest" => Some(Bound::Latest),
            _ if text.starts_with('-') => span(&text[1..]).map(Bound::Ago),
            _ if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok().map(Bound::Offset),
            _ => time(text).map(Bound::Time),
        };
        bound.ok_or_else(|| ParseBoundError(text.to_owned()))
    }
}

/// `24h`, `7d`, `30m`.
fn span(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let (_, seconds) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let digits = &text[..text.len() - unit.len_utf8()];
    let number: i64 = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())??;
    number.checked_mul(*seconds).map(SignedDuration::from_secs)
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bound::Earliest => f.write_str("earliest"),
            Bound::Latest => f.write_str("latest"),
            Bound::Offset(offset) => offset.fmt(f),
            Bound::Time(time) => time.fmt(f),
            Bound::Ago(span) => write!(f, "-{}s", span.as_secs()),
        }
    }
}

/// An RFC 3339 time, or a date, which is its first moment in UTC.
pub(super) fn time(text: &str) -> Option<Timestamp> {
    let is_date = text.len() == "2026-11-22".len();
    if !is_date {
        return text.parse().ok();
    }
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

impl Bound {
    /// A moment: an RFC 3339 time or a date (its first moment in UTC).
    ///
    /// # Errors
    /// When the text is neither.
    pub fn moment(text: &str) -> Result<Timestamp, String> {
        time(text).ok_or_else(|| format!("`{text}` is no time such as 2026-11-22T08:00:00Z or 2026-11-22"))
    }

    /// The same with a span back as a time.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self {
            Bound::Ago(span) => Bound::Time(now.checked_sub(span).unwrap_or(Timestamp::MIN)),
            other => other,
        }
    }

    /// The time to ask the brokers for.
    pub(super) fn asked_ms(self) -> Option<i64> {
        match self {
            Bound::Time(time) => Some(time.as_millisecond()),
            Bound::Earliest | Bound::Latest | Bound::Offset(_) | Bound::Ago(_) => None,
        }
    }

    /// The offset in one partition; `found` is the first offset of [`Bound::asked_ms`], if anything is that new.
    fn resolve(self, ends: &Ends, found: Option<i64>) -> i64 {
        match self {
            Bound::Earliest => ends.low,
            Bound::Latest => ends.high,
            Bound::Offset(offset) => offset,
            Bound::Time(_) | Bound::Ago(_) => found.unwrap_or(ends.high),
        }
    }
}

/// Whether a range can hold anything, as far as that is known before the brokers are asked.
///
/// # Errors
/// A sentence that names both ends.
pub fn check_order(from: Bound, to: Bound) -> Result<(), String> {
    let is_wrong = match (from, to) {
        (Bound::Offset(from), Bound::Offset(to)) => from > to,
        (Bound::Time(from), Bound::Time(to)) => from > to,
        (Bound::Latest, to) => to != Bound::Latest,
        (from, Bound::Earliest) => from != Bound::Earliest,
        _ => false,
    };
    if is_wrong { Err("--from lies behind --to".to_owned()) } else { Ok(()) }
}

/// The range of one partition as far as it is there, and what of it retention has removed.
pub(super) fn range(from: (Bound, Option<i64>), to: (Bound, Option<i64>), ends: &Ends) -> (Range, Option<Range>) {
    let partition = ends.at.partition;
    let (asked, end) = (from.0.resolve(ends, from.1), to.0.resolve(ends, to.1).min(ends.high));
    // `max` last: a partition that shrinks between two questions has nothing to read.
    let first = asked.max(ends.low);
    let gone = Range { partition, from: asked, to: first.min(end) };
    (Range { partition, from: first, to: end.max(first) }, (gone.size() > 0).then_some(gone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kafka::TopicPartition;

    fn at(text: &str) -> Bound {
        text.parse::<Bound>().unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn an_end_of_a_range_is_read_as_people_write_it() {
        let time = |text: &str| Bound::Time(text.parse().unwrap());
        for (text, expected) in [
            ("earliest", Bound::Earliest),
            ("latest", Bound::Latest),
            ("0", Bound::Offset(0)),
            ("120000", Bound::Offset(120_000)),
            ("2026-11-22T08:00:00Z", time("2026-11-22T08:00:00Z")),
            ("2026-11-22T16:00:00+08:00", time("2026-11-22T08:00:00Z")),
            ("2026-11-22", time("2026-11-22T00:00:00Z")),
            ("-24h", Bound::Ago(SignedDuration::from_hours(24))),
            ("-7d", Bound::Ago(SignedDuration::from_hours(168))),
            ("-90s", Bound::Ago(SignedDuration::from_secs(90))),
        ] {
            assert_eq!(at(text), expected, "{text}");
            assert_eq!(at(&expected.to_string()), expected, "{text}");
        }
        for text in [
            "",
            "-",
            "-5",
            "-h",
            "--5h",
            "-1.5h",
            "-5y",
            "Latest",
            "24h",
            "2026-13-01",
            "2026-11-22T08:00:00",
            "99999999999999999999",
            "1e3",
            "-+5h",
            "-99999999999999999w",
        ] {
            assert!(text.parse::<Bound>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_span_back_counts_from_the_start_and_never_leaves_the_calendar() {
        let now: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
        assert_eq!(at("-24h").at(now), at("2026-11-21T08:00:00Z"));
        assert_eq!(at("-999999999w").at(now), Bound::Time(Timestamp::MIN));
        assert_eq!(at("7").at(now), Bound::Offset(7));
    }

    #[test]
    fn a_range_that_runs_backwards_is_refused() {
        for (from, to, is_fine) in [
            ("earliest", "latest", true),
            ("latest", "latest", true),
            ("5", "5", true),
            ("5", "4", false),
            ("5", "2026-11-22", true),
            ("2026-11-22", "2026-11-21", false),
            ("2026-11-21", "2026-11-22", true),
            ("latest", "earliest", false),
            ("latest", "5", false),
            ("5", "earliest", false),
        ] {
            assert_eq!(check_order(at(from), at(to)).is_ok(), is_fine, "{from}..{to}");
        }
    }

    #[test]
    fn a_range_is_clamped_to_what_is_there_and_says_what_is_gone() {
        let ends = |low, high| Ends { at: TopicPartition::new("posts", 0), low, high };
        let time = at("2026-11-22");
        // from, found, to, found, low, high -> range, gone
        for (from, found_from, to, found_to, low, high, expected, gone) in [
            (Bound::Earliest, None, Bound::Latest, None, 10, 90, (10, 90), None),
            (Bound::Offset(10), None, Bound::Latest, None, 10, 90, (10, 90), None),
            (Bound::Offset(4), None, Bound::Latest, None, 10, 90, (10, 90), Some((4, 10))),
            (Bound::Offset(4), None, Bound::Offset(8), None, 10, 90, (10, 10), Some((4, 8))),
            (Bound::Offset(40), None, Bound::Offset(50), None, 10, 90, (40, 50), None),
            (Bound::Offset(400), None, Bound::Latest, None, 10, 90, (400, 400), None),
            (Bound::Earliest, None, Bound::Offset(400), None, 10, 90, (10, 90), None),
            (time, Some(30), Bound::Latest, None, 10, 90, (30, 90), None),
            (time, None, Bound::Latest, None, 10, 90, (90, 90), None),
            (Bound::Earliest, None, time, Some(30), 10, 90, (10, 30), None),
            (Bound::Earliest, None, time, None, 10, 90, (10, 90), None),
            (Bound::Earliest, None, Bound::Latest, None, 0, 0, (0, 0), None),
        ] {
            let (range, lost) = range((from, found_from), (to, found_to), &ends(low, high));
            let case = format!("{from:?} {to:?} {low}..{high}");
            assert_eq!((range.from, range.to), expected, "{case}");
            assert_eq!(lost.map(|lost| (lost.from, lost.to)), gone, "{case}");
        }
    }
}
