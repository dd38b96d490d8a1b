//! A report as people and programs read it: [`text`] for a terminal, [`markdown`] for a pull request, [`json`] for what
//! comes next.

mod json;
mod markdown;
#[cfg(test)]
mod tests;
mod text;

pub use json::{json, schema};
pub use markdown::markdown;
pub use text::text;

use super::changes::{Change, Moved};
use super::example::Example;
use super::facts::Report;
use super::numbers::grouped;
use crate::rule::Status;

/// What a piece of text is; the caller knows how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tint {
    /// Words that matched.
    Match,
    /// A heading, a name.
    Strong,
    /// Where something stands.
    Place,
    /// What a reader may skip.
    Quiet,
    /// Passed.
    Good,
    /// More is flagged, something is lost.
    Alarm,
}

/// How a piece of text looks.
pub type Paint<'p> = &'p dyn Fn(Tint, &str) -> String;

/// The examples of one change, those of the organisations with the most first.
fn examples_of(report: &Report, change: Change) -> Vec<&Example> {
    let Some(changes) = &report.tally.changes else {
        return Vec::new();
    };
    let of_change = changes.examples.iter().filter(|((of, _), _)| *of == change);
    let mut groups: Vec<(u64, &[Example])> = of_change
        .map(|((_, id), examples)| {
            let moved = changes.organizations.get(id).copied().unwrap_or_default();
            let count = match change {
                Change::New => moved.new,
                Change::Lost => moved.lost,
                Change::Changed => moved.new + moved.changed,
                Change::Shadow => moved.shadow_new,
                Change::LeftShadow => moved.shadow_lost,
            };
            (count, examples)
        })
        .collect();
    groups.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    groups.into_iter().flat_map(|(_, examples)| examples).collect()
}

/// The organisations of a rule set's counts: those of the most records first.
fn organizations(report: &Report, side: usize) -> Vec<(&str, &crate::report::OrganizationCount)> {
    let mut all: Vec<_> =
        report.tally.sides[side].organizations.iter().map(|(id, count)| (id.as_str(), count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse((count.records, count.shadow)));
    all
}

/// A row of a comparison: what it is, its records under the base and under the candidate, and what moved.
struct Row {
    label: String,
    base: u64,
    candidate: u64,
    moved: Moved,
    is_only_one_sides: bool,
}

impl Row {
    /// `+5 -1`, of an organisation in shadow.
    fn shadow(&self) -> String {
        let signed = [('+', self.moved.shadow_new), ('-', self.moved.shadow_lost)];
        let words: Vec<_> =
            signed.iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign}{}", grouped(*n))).collect();
        words.join(" ")
    }
}

/// Organisations that moved, those that moved most first.
fn moved_organizations(report: &Report) -> Vec<Row> {
    let (Some(changes), [base, candidate]) = (&report.tally.changes, &report.tally.sides[..]) else {
        return Vec::new();
    };
    let records = |side: &crate::report::Counts, id: &str| side.organizations.get(id).map_or(0, |count| count.records);
    let row = |(id, moved): (&String, &Moved)| Row {
        label: id.clone(),
        base: records(base, id),
        candidate: records(candidate, id),
        moved: *moved,
        is_only_one_sides: false,
    };
    let mut rows: Vec<Row> = changes.organizations.iter().map(row).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.moved.total()));
    rows
}

/// Every condition of either policy, in the order of their ids.
fn condition_rows(report: &Report) -> Vec<Row> {
    let (Some(changes), [base, candidate]) = (&report.tally.changes, &report.tally.sides[..]) else {
        return Vec::new();
    };
    let keys = base.conditions.iter().chain(candidate.conditions.iter()).map(|(key, _)| key);
    let keys: std::collections::BTreeSet<_> = keys.collect();
    let row = |key: &(std::sync::Arc<str>, Status)| {
        let moved = changes.conditions.get(key).copied().unwrap_or_default();
        Row {
            label: condition(key),
            base: base.conditions.get(key),
            candidate: candidate.conditions.get(key),
            moved,
            is_only_one_sides: base.conditions.knows(key) != candidate.conditions.knows(key),
        }
    };
    // A rule that both have and that no record fulfils is nothing to read of a change.
    let is_told = |row: &Row| row.base + row.candidate + row.moved.total() > 0 || row.is_only_one_sides;
    keys.into_iter().map(row).filter(is_told).collect()
}

/// What the rule sets decided, in their order; once when they agree. Of a mention in shadow, what it would do.
fn decisions(example: &Example, change: Option<Change>, arrow: &str) -> String {
    let mut words: Vec<String> = example.decisions.iter().map(ToString::to_string).collect();
    if example.finding.status == Status::Shadow {
        let own = if change == Some(Change::LeftShadow) { words.first_mut() } else { words.last_mut() };
        if let Some(own) = own {
            *own = format!("{} (in shadow)", example.finding.decision);
        }
    }
    words.dedup();
    words.join(arrow)
}

/// `mention-in-post`, or `mention-in-post (shadow)`.
fn condition((id, status): &(std::sync::Arc<str>, Status)) -> String {
    if *status == Status::Shadow { format!("{id} (shadow)") } else { id.to_string() }
}

/// `a 1, b 2`, without what does not occur.
fn listed<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> String {
    let words: Vec<_> = counts.filter(|(_, n)| *n > 0).map(|(word, n)| format!("{word} {}", grouped(n))).collect();
    words.join(", ")
}
