//! What became of a record. Each record has exactly one outcome.

use serde::{Deserialize, Serialize};

/// What became of one record: the label `outcome` of `tripline_records_total`, and a count in each receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Judged, and nothing of note found.
    None,
    /// Judged, and its verdict has an action.
    Flagged,
    /// Judged, and only entries or conditions in shadow hold: counted, never emitted.
    Shadow,
    /// A null value, which has nothing to judge.
    Empty,
    /// Not judged: it stands in the dead-letter topic.
    DeadLetter,
}

impl Outcome {
    /// Every outcome, so that each label value can be touched at start.
    pub const ALL: [Outcome; 5] =
        [Outcome::None, Outcome::Flagged, Outcome::Shadow, Outcome::Empty, Outcome::DeadLetter];

    /// The name in receipts and metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Outcome::None => "none",
            Outcome::Flagged => "flagged",
            Outcome::Shadow => "shadow",
            Outcome::Empty => "empty",
            Outcome::DeadLetter => "dead_letter",
        }
    }
}

/// How many records had each outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeCounts {
    /// Judged, nothing found.
    pub none: u64,
    /// Judged, with an action.
    pub flagged: u64,
    /// Judged, in shadow only.
    pub shadow: u64,
    /// Null values.
    pub empty: u64,
    /// Kept in the dead-letter topic.
    pub dead_letter: u64,
}

impl OutcomeCounts {
    /// Counts one record.
    pub fn add(&mut self, outcome: Outcome) {
        *self.count_mut(outcome) += 1;
    }

    /// The records of one outcome.
    #[must_use]
    pub const fn get(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::None => self.none,
            Outcome::Flagged => self.flagged,
            Outcome::Shadow => self.shadow,
            Outcome::Empty => self.empty,
            Outcome::DeadLetter => self.dead_letter,
        }
    }

    /// All records.
    #[must_use]
    pub fn total(&self) -> u64 {
        Outcome::ALL.into_iter().map(|o| self.get(o)).sum()
    }

    fn count_mut(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::None => &mut self.none,
            Outcome::Flagged => &mut self.flagged,
            Outcome::Shadow => &mut self.shadow,
            Outcome::Empty => &mut self.empty,
            Outcome::DeadLetter => &mut self.dead_letter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_is_counted_under_its_own_name() {
        for outcome in Outcome::ALL {
            let mut counts = OutcomeCounts::default();
            counts.add(outcome);
            assert_eq!(counts.total(), 1);
            assert_eq!(counts.get(outcome), 1);
            let json = serde_json::to_value(counts).unwrap();
            assert_eq!(json[outcome.as_str()], 1, "{outcome:?}");
        }
    }
}
