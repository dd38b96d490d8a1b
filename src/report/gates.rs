//! What a change may do, as a pull request asks it.

use super::changes::Changes;
use super::numbers::{count, per_million, rate};

/// Limits of a change; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gates {
    /// The most records newly flagged, per million records that both rule sets judged.
    pub max_new_per_million: Option<f64>,
    /// No record may be no longer flagged.
    pub no_lost: bool,
}

impl Gates {
    /// Nothing is asked.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.max_new_per_million.is_none() && !self.no_lost
    }

    /// Why a change does not pass; empty when it does. Records that one rule set cannot judge let no change pass: nobody
    /// knows what becomes of them; nor does a comparison of nothing, for which there is a reason.
    #[must_use]
    pub fn failures(&self, changes: &Changes, why_nothing: Option<&str>) -> Vec<String> {
        let mut failures = Vec::new();
        let new = per_million(changes.new, changes.compared());
        if let Some(most) = self.max_new_per_million
            && new > most
        {
            let records = count(changes.new, "record", "records");
            failures.push(format!("{records} newly flagged are {} per million, more than {}", rate(new), rate(most)));
        }
        if self.no_lost && changes.lost > 0 {
            failures.push(format!("{} no longer flagged", count(changes.lost, "record is", "records are")));
        }
        if !self.is_empty()
            && let Some(why) = why_nothing
        {
            failures.push(format!("no record was compared: {why}"));
        }
        if !self.is_empty() && changes.uncompared > 0 {
            failures.push(format!(
                "{} not judged by both rule sets",
                count(changes.uncompared, "record is", "records are")
            ));
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_passes_up_to_its_limits() {
        let of = |max: Option<f64>, no_lost| Gates { max_new_per_million: max, no_lost };
        // gates, new, lost, uncompared of 1,000 compared records -> failures
        for (gates, new, lost, uncompared, expected) in [
            (of(None, false), 900, 100, 5, &[][..]),
            (of(Some(2000.0), false), 2, 5, 0, &[]),
            (of(Some(1999.0), false), 2, 0, 0, &["2 records newly flagged are 2,000 per million, more than 1,999"]),
            (of(Some(0.0), false), 0, 7, 0, &[]),
            (of(Some(0.0), false), 1, 0, 0, &["1 record newly flagged are 1,000 per million, more than 0"]),
            (of(None, true), 9, 0, 0, &[]),
            (of(None, true), 0, 1, 0, &["1 record is no longer flagged"]),
            (of(Some(0.0), true), 0, 0, 3, &["3 records are not judged by both rule sets"]),
        ] {
            let clean = 1000 - new - lost;
            let changes = Changes { new, lost, clean, uncompared, ..Changes::at_most(0) };
            assert_eq!(gates.failures(&changes, None), expected, "{gates:?} {new} {lost}");
        }
    }

    #[test]
    fn a_comparison_of_nothing_passes_no_gate() {
        let (none, some) = (Gates::default(), Gates { max_new_per_million: None, no_lost: true });
        for (gates, why, expected) in [
            (none, Some("there is no record"), &[][..]),
            (some, Some("there is no record"), &["no record was compared: there is no record"]),
            (some, None, &[]),
        ] {
            assert_eq!(gates.failures(&Changes::at_most(0), why), expected, "{gates:?} {why:?}");
        }
    }
}
