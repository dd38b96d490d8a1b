//! What one thread has counted: of the records read, of one rule set or of two, and of what changes between them.
//!
//! [`Tally::merge`] is commutative and associative, so it does not matter which thread judged which record.

use super::changes::Changes;
use super::counts::{Counter, Counts};
use super::example::{Decision, Place};
use crate::content::Content;
use crate::engine::Verdict;
use crate::rule::RuleSet;
use crate::stream::PoisonClass;

/// What one rule set says of a record, or why it cannot be judged.
pub type Judgement<'r> = Result<Verdict<'r>, PoisonClass>;

/// The record that verdicts are about; asked for only when there is something to say of it.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// Where it stands.
    pub place: Place,
    /// The verdict's id as a number: examples with the smallest are kept.
    pub rank: u128,
    /// Its fields.
    pub content: &'a Content<'a>,
}

/// Counts of one thread, or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Null values.
    pub empty: u64,
    /// Records that cannot be decoded, by reason.
    pub poison: Counter<PoisonClass>,
    /// Records of which no field holds a text: a sign of a wrong field map.
    pub blank: u64,
    /// The smallest and the largest time of a decoded record, in milliseconds.
    pub times: Option<(i64, i64)>,
    /// One for each rule set.
    pub sides: Vec<Counts>,
    /// With two rule sets.
    pub changes: Option<Changes>,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn of(rules: &[&RuleSet], examples: usize) -> Self {
        Self {
            empty: 0,
            poison: Counter::default(),
            blank: 0,
            times: None,
            sides: rules.iter().map(|rules| Counts::of(rules, examples)).collect(),
            changes: matches!(rules, [_, _]).then(|| Changes::at_most(examples)),
        }
    }

    /// Notes the time of a decoded record.
    pub fn at(&mut self, ms: i64) {
        self.span((ms, ms));
    }

    fn span(&mut self, (first, last): (i64, i64)) {
        let own = self.times.get_or_insert((first, last));
        *own = (own.0.min(first), own.1.max(last));
    }

    /// Counts one decoded record. `judgements` and `rules` are in the order that [`Tally::of`] was given.
    pub fn judged<'a>(
        &mut self,
        judgements: &[&Judgement<'_>],
        rules: &[&RuleSet],
        is_blank: bool,
        seen: impl FnOnce() -> Seen<'a>,
    ) {
        self.blank += u64::from(is_blank);
        if judgements.iter().all(|judgement| is_clean(judgement)) {
            self.sides.iter_mut().for_each(|side| side.clean += 1);
            self.changes.iter_mut().for_each(|changes| changes.clean += 1);
            return;
        }
        let seen = seen();
        let decision = |judgement: &&Judgement<'_>| judgement.as_ref().ok().map(Decision::of);
        let decisions: Vec<Decision> = judgements.iter().filter_map(decision).collect();
        for ((side, judgement), (rules, decision)) in
            self.sides.iter_mut().zip(judgements).zip(rules.iter().zip(judgements.iter().map(decision)))
        {
            side.add(judgement, rules, &seen, decision.as_slice());
        }
        if let (Some(changes), [base, candidate]) = (&mut self.changes, judgements) {
            match (base, candidate) {
                (Ok(base), Ok(candidate)) => changes.add(base, candidate, &seen, &decisions),
                _ => changes.uncompared += 1,
            }
        }
    }

    /// Records read: all of them have exactly one place in here.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.empty + self.poison.total() + self.decoded()
    }

    /// Records that were decoded and given to the engine.
    #[must_use]
    pub fn decoded(&self) -> u64 {
        self.sides.first().map_or(0, |side| side.judged() + side.failed.total())
    }

    /// Why there is nothing that a rule set could have found anything in; such figures say nothing of a change.
    #[must_use]
    pub fn why_nothing(&self) -> Option<&'static str> {
        let decoded = self.decoded();
        match self.read() {
            0 => Some("there is no record in this range"),
            _ if decoded == 0 => Some("every record is without a value or cannot be read"),
            _ if self.blank == decoded => {
                Some("no record has a text in any of the mapped fields: is this the right field map?")
            }
            _ => None,
        }
    }

    /// Adds what another thread has counted.
    pub fn merge(&mut self, other: Self) {
        self.empty += other.empty;
        self.blank += other.blank;
        other.times.into_iter().for_each(|times| self.span(times));
        self.poison.merge(other.poison);
        for (own, other) in self.sides.iter_mut().zip(other.sides) {
            own.merge(other);
        }
        if let (Some(own), Some(other)) = (&mut self.changes, other.changes) {
            own.merge(other);
        }
    }
}

fn is_clean(judgement: &Judgement<'_>) -> bool {
    judgement.as_ref().is_ok_and(|verdict| verdict.mentions.is_empty() && verdict.shadow.is_empty())
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
