//! Dates of notices, which are often known to the month or the year only.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

/// A date of which the day or the month may be unknown; it counts from (or to) its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PartialDate {
    /// 1900 to 2999.
    pub year: i16,
    /// 1 to 12.
    pub month: Option<i8>,
    /// A day of the month; only with a month.
    pub day: Option<i8>,
}

/// Why a text is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Other characters, or another number of them.
    #[error("it does not have that form")]
    Form,
    /// Outside of 1900 to 2999.
    #[error("no notice is of that year")]
    Year,
    /// A thirteenth month, a 30 February.
    #[error("the calendar does not have it")]
    Calendar,
}

/// The civil time of the notices. A date of a notice of another jurisdiction counts in it too: the difference is part of a day.
const CIVIL: Offset = Offset::constant(8);

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    ///
    /// # Errors
    /// When it has another form or is not in the calendar.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let parts: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
        if !digits || !matches!(lengths[..], [4] | [4, 2] | [4, 2, 2]) {
            return Err(DateError::Form);
        }
        let part = |i: usize| parts.get(i).and_then(|p| p.parse::<i8>().ok());
        let year = parts[0].parse().map_err(|_| DateError::Year)?;
        let (month, day) = (part(1), part(2));
        if !(1900..=2999).contains(&year) {
            return Err(DateError::Year);
        }
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| DateError::Calendar)?;
        Ok(Self { year, month, day })
    }

    /// The first day of the period.
    fn first(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
            .expect("parse checked it against the calendar")
    }

    /// The day after the period.
    fn after(self) -> Date {
        let next = match (self.month, self.day) {
            (Some(_), Some(_)) => self.first().tomorrow(),
            (Some(12) | None, _) => Date::new(self.year + 1, 1, 1),
            (Some(month), None) => Date::new(self.year, month + 1, 1),
        };
        next.expect("the year after 2999 is in the calendar")
    }

    /// When something that is dated so has happened for certain: a full date from its start, a partial one from its end.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        instant(if self.day.is_some() { self.first() } else { self.after() })
    }

    /// The first instant after the period.
    #[must_use]
    pub fn ends(self) -> Timestamp {
        instant(self.after())
    }
}

fn instant(day: Date) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0).to_zoned(TimeZone::fixed(CIVIL));
    midnight.expect("years 1900 to 3000 are instants").timestamp()
}

impl std::fmt::Display for PartialDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.year)?;
        [self.month, self.day].into_iter().flatten().try_for_each(|part| write!(f, "-{part:02}"))
    }
}

/// From when and until when an entry is judged.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Effective {
    /// `None`: always was.
    pub from: Option<PartialDate>,
    /// `None`: no end.
    pub until: Option<PartialDate>,
}

impl Effective {
    /// Whether the entry is judged for a record of this time. Dates are days in UTC+8: a full `from` counts from the start of its
    /// day, a partial one from the end of its period (`2021-06` from 1 July 2021, 00:00); `until` counts to the end of its day
    /// or period. Without a time an entry has begun and has not ended.
    #[must_use]
    pub fn holds_at(&self, at: Option<Timestamp>) -> bool {
        let Some(at) = at else { return true };
        self.from.is_none_or(|from| from.begins() <= at) && self.until.is_none_or(|until| at < until.ends())
    }

    /// Whether there is any time at which it holds.
    pub(super) fn is_ever(&self) -> bool {
        match (self.from, self.until) {
            (Some(from), Some(until)) => from.begins() < until.ends(),
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_real_or_partial() {
        for (text, expected) in [
            ("2021", Ok("2021")),
            ("2021-04", Ok("2021-04")),
            ("2021-04-14", Ok("2021-04-14")),
            ("2020-02-29", Ok("2020-02-29")),
            ("2021-02-29", Err(DateError::Calendar)),
            ("2021-13", Err(DateError::Calendar)),
            ("2021-00", Err(DateError::Calendar)),
            ("2021-4", Err(DateError::Form)),
            ("21", Err(DateError::Form)),
            ("2021-04-14T00:00", Err(DateError::Form)),
            ("2021/04", Err(DateError::Form)),
            ("+021", Err(DateError::Form)),
            ("２０２１", Err(DateError::Form)),
            ("", Err(DateError::Form)),
            ("0021", Err(DateError::Year)),
            ("3000-01-01", Err(DateError::Year)),
        ] {
            assert_eq!(PartialDate::parse(text).map(|d| d.to_string()), expected.map(str::to_owned), "{text}");
        }
    }

    #[test]
    fn a_partial_date_counts_from_its_end_and_to_its_end() {
        for (from, until, at, holds) in [
            ("2021-06-15", "", "2021-06-14T15:59:59Z", false),
            ("2021-06-15", "", "2021-06-14T16:00:00Z", true), // midnight in UTC+8
            ("2021-06", "", "2021-06-30T15:59:59Z", false),
            ("2021-06", "", "2021-06-30T16:00:00Z", true),
            ("2021-12", "", "2021-12-31T15:59:59Z", false),
            ("2021-12", "", "2021-12-31T16:00:00Z", true),
            ("2021", "", "2021-12-31T15:59:59Z", false),
            ("2021", "", "2021-12-31T16:00:00Z", true),
            ("", "2021-06-15", "2021-06-15T15:59:59Z", true),
            ("", "2021-06-15", "2021-06-15T16:00:00Z", false),
            ("", "2021", "2021-12-31T15:59:59Z", true),
            ("", "2021", "2021-12-31T16:00:00Z", false),
            ("", "", "1970-01-01T00:00:00Z", true),
            ("2021", "2022", "", true),
        ] {
            let date = |text: &str| (!text.is_empty()).then(|| PartialDate::parse(text).unwrap());
            let effective = Effective { from: date(from), until: date(until) };
            let at = (!at.is_empty()).then(|| at.parse().unwrap());
            assert_eq!(effective.holds_at(at), holds, "{from}..{until} at {at:?}");
        }
    }

    #[test]
    fn what_ends_before_it_begins_never_holds() {
        for (from, until, ever) in [
            ("2021", "2021", false),
            ("2021-05", "2021-05", false),
            ("2021-05-02", "2021-05-01", false),
            ("2021-05-01", "2021-05-01", true),
            ("2021-05", "2021", true),
        ] {
            let date = |text: &str| PartialDate::parse(text).ok();
            assert_eq!(Effective { from: date(from), until: date(until) }.is_ever(), ever, "{from}..{until}");
        }
    }
}
