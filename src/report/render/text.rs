//! A report for a terminal: what matters first, numbers in front of names, examples at the end.
//!
//! Texts and names of records come from strangers and are shown as [`printable`]; numbers stand before names because
//! Chinese names have no width that a column could rely on.

use std::fmt::Write as _;

use super::{
    Paint, Tint, condition, condition_rows, decisions, examples_of, listed, moved_organizations, organizations,
};
use crate::report::changes::{Aspect, Change, Changes};
use crate::report::counts::Counts;
use crate::report::example::{Example, Finding};
use crate::report::facts::{Ended, Report};
use crate::report::numbers::{count, difference, grouped, per_million, rate};
use crate::rule::{Action, Severity, Status, Via};
use crate::text::{Fold, printable};

/// Rows of a table on a terminal; all of them are in JSON.
const ROWS: usize = 20;
/// Examples of each change on a terminal.
const EXAMPLES: usize = 12;

/// The report as lines.
#[must_use]
pub fn text(report: &Report, paint: Paint<'_>) -> String {
    let mut page = Page { out: String::new(), paint };
    page.read(report);
    page.notes(report);
    match &report.tally.changes {
        Some(changes) => page.comparison(report, changes),
        None => page.one(report),
    }
    page.out
}

struct Page<'p> {
    out: String,
    paint: Paint<'p>,
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        let heading = (self.paint)(Tint::Strong, text);
        self.line(&format!("\n{heading}"));
    }

    /// `label  value`, unless there is no value.
    fn fact(&mut self, label: &str, value: &str) {
        if !value.is_empty() {
            let label = (self.paint)(Tint::Quiet, &format!("{label:<10}"));
            self.line(&format!("{label}{value}"));
        }
    }

    fn read(&mut self, report: &Report) {
        let (tally, cost) = (&report.tally, &report.cost);
        let speed = rate(report.records_per_second());
        let threads = count(cost.threads as u64, "thread", "threads");
        let read = count(tally.read(), "record", "records");
        self.fact("read", &format!("{read} in {:.1} s: {speed} a second on {threads}", cost.seconds));
        self.fact("from", &sources(report));
        self.fact("times", &times(report));
        self.fact("asked for", &asked(report));
        let mut not_judged = Vec::new();
        if tally.empty > 0 {
            not_judged.push(format!("{} without a value", grouped(tally.empty)));
        }
        if tally.poison.total() > 0 {
            let classes = listed(tally.poison.iter().map(|(class, n)| (class.as_str(), n)));
            not_judged.push(format!("{} that cannot be read ({classes})", grouped(tally.poison.total())));
        }
        self.fact("left out", &not_judged.join(", "));
        self.fact("as of", report.as_of.as_deref().unwrap_or(""));
        for (index, side) in report.sides.iter().enumerate() {
            let digest = side.digest.get(..19).unwrap_or(&side.digest);
            let organizations = count(side.organizations as u64, "organisation", "organisations");
            let from = printable(&side.from);
            let micros = report.judge_micros(index);
            let only = side.only();
            self.fact(side.role, &format!("{from} ({organizations}, {digest}…{only}), {micros:.2} µs a record"));
        }
        if let Some((topic, verdicts)) = &report.written {
            self.fact("written", &format!("{} to {topic}", count(*verdicts, "verdict", "verdicts")));
        }
    }

    fn one(&mut self, report: &Report) {
        let counts = &report.tally.sides[0];
        self.out.push('\n');
        let per = rate(per_million(counts.flagged, counts.judged()));
        self.fact("flagged", &format!("{}, {per} per million", count(counts.flagged, "record", "records")));
        self.respects(counts);
        self.organizations(report);
        self.table("by notice", &sorted(counts.notices.iter().map(|(id, n)| (id.to_string(), n))));
        let rules: Vec<_> = counts.conditions.iter().map(|(key, n)| (condition(key), n)).collect();
        self.table("by policy rule", &rules);
        let groups = organizations(report, 0);
        let examples: Vec<&Example> = groups
            .iter()
            .flat_map(|(id, _)| {
                [Status::Active, Status::Shadow]
                    .into_iter()
                    .flat_map(|status| counts.examples.of(&((*id).to_owned(), status)))
            })
            .collect();
        self.examples(None, &examples, ROWS);
    }

    fn respects(&mut self, counts: &Counts) {
        self.fact("action", &listed(Action::ALL.iter().rev().map(|a| (a.as_str(), counts.actions.get(a)))));
        self.fact("severity", &listed(Severity::ALL.iter().rev().map(|s| (s.as_str(), counts.severities.get(s)))));
        self.fact("via", &listed(Via::ALL.iter().map(|via| (via.as_str(), counts.via.get(via)))));
        self.fact("folds", &listed(Fold::ALL.iter().map(|fold| (fold.as_str(), counts.folds.get(fold)))));
        self.fact("evasion", &listed(Fold::ALL.iter().map(|fold| (fold.as_str(), counts.evasion.get(fold)))));
        let shadow = if counts.shadow > 0 { count(counts.shadow, "record", "records") } else { String::new() };
        self.fact("in shadow", &shadow);
        self.fact("failed", &listed(counts.failed.iter().map(|(class, n)| (class.as_str(), n))));
    }

    fn organizations(&mut self, report: &Report) {
        let all = organizations(report, 0);
        if all.is_empty() {
            return;
        }
        self.heading(&format!("by organisation ({})", all.len()));
        let head = (self.paint)(Tint::Quiet, &format!("{:>10} {:>10} {:>10}", "records", "mentions", "in shadow"));
        self.line(&head);
        for (_, found) in all.iter().take(ROWS) {
            let [records, mentions, shadow] = [found.records, found.mentions, found.shadow].map(grouped);
            self.line(&format!(
                "{records:>10} {mentions:>10} {shadow:>10}  {} ({})",
                printable(&found.name),
                found.listing
            ));
        }
        self.more(all.len(), ROWS);
    }

    fn table(&mut self, title: &str, rows: &[(String, u64)]) {
        if rows.is_empty() {
            return;
        }
        self.heading(&format!("{title} ({})", rows.len()));
        for (label, records) in rows.iter().take(ROWS) {
            self.line(&format!("{:>10}  {label}", grouped(*records)));
        }
        self.more(rows.len(), ROWS);
    }

    fn more(&mut self, all: usize, shown: usize) {
        if all > shown {
            let more = (self.paint)(Tint::Quiet, &format!("{:>10}  {} more: see --format json", "…", all - shown));
            self.line(&more);
        }
    }

    fn comparison(&mut self, report: &Report, changes: &Changes) {
        self.out.push('\n');
        for change in Change::ALL {
            let records = changes.get(change);
            if change.is_of_shadow() && records == 0 {
                continue;
            }
            let aspects = match change {
                Change::Changed => listed(Aspect::ALL.iter().map(|a| (a.as_str(), changes.aspects.get(a)))),
                _ => String::new(),
            };
            let aspects = if aspects.is_empty() { aspects } else { format!("  ({aspects})") };
            let per = rate(per_million(records, changes.compared()));
            let number = format!("{:>12}", grouped(records));
            let number = if records > 0 { (self.paint)(tint(change), &number) } else { number };
            self.line(&format!("{:<20}{number}  {per:>9} per million{aspects}", change.title()));
        }
        self.line(&format!("{:<20}{:>12}", "flagged alike", grouped(changes.unchanged)));
        self.line(&format!("{:<20}{:>12}", "flagged by neither", grouped(changes.clean)));
        if changes.uncompared > 0 {
            self.line(&format!("{:<20}{:>12}", "not judged by both", grouped(changes.uncompared)));
        }
        self.sides(report);
        self.rows("by organisation", &moved_organizations(report), |label| {
            format!("{} ({label})", printable(report.name_of(label)))
        });
        self.rows("by policy rule", &condition_rows(report), str::to_owned);
        for change in Change::ALL {
            self.examples(Some(change), &examples_of(report, change), EXAMPLES);
        }
    }

    fn sides(&mut self, report: &Report) {
        let [base, candidate] = &report.tally.sides[..] else {
            return;
        };
        self.heading("flagged");
        let head = (self.paint)(Tint::Quiet, &format!("{:>10} {:>10}", "base", "candidate"));
        self.line(&head);
        let mut row = |label: &str, base: u64, candidate: u64| {
            let change = difference(base, candidate);
            self.line(&format!("{:>10} {:>10} {change:>8} {:>8}  {label}", grouped(base), grouped(candidate), ""));
        };
        row("all", base.flagged, candidate.flagged);
        for action in Action::ALL.iter().rev().filter(|action| **action != Action::None) {
            let (before, now) = (base.actions.get(action), candidate.actions.get(action));
            if before + now > 0 {
                row(action.as_str(), before, now);
            }
        }
        if base.shadow + candidate.shadow > 0 {
            row("in shadow only", base.shadow, candidate.shadow);
        }
    }

    fn rows(&mut self, title: &str, rows: &[super::Row], label: impl Fn(&str) -> String) {
        if rows.is_empty() {
            return;
        }
        self.heading(&format!("{title} ({})", rows.len()));
        let has_shadow = rows.iter().any(|row| !row.shadow().is_empty());
        let shadow = |words: &str| if has_shadow { format!(" {words:>9}") } else { String::new() };
        let head = format!(
            "{:>10} {:>10} {:>8} {:>8} {:>8}{}",
            "base",
            "candidate",
            "new",
            "lost",
            "changed",
            shadow("in shadow")
        );
        let head = (self.paint)(Tint::Quiet, &head);
        self.line(&head);
        for row in rows.iter().take(ROWS) {
            let moved = [row.moved.new, row.moved.lost, row.moved.changed].map(grouped);
            let ([base, candidate], [new, lost, changed]) = ([row.base, row.candidate].map(grouped), moved);
            let (shadow, label) = (shadow(&row.shadow()), label(&row.label));
            self.line(&format!("{base:>10} {candidate:>10} {new:>8} {lost:>8} {changed:>8}{shadow}  {label}"));
        }
        self.more(rows.len(), ROWS);
    }

    fn examples(&mut self, change: Option<Change>, examples: &[&Example], most: usize) {
        if examples.is_empty() {
            return;
        }
        self.heading(&change.map_or("examples".to_owned(), |change| format!("examples: {}", change.title())));
        for example in examples.iter().take(most) {
            self.example(example, change);
        }
    }

    fn example(&mut self, example: &Example, change: Option<Change>) {
        let finding = &example.finding;
        let place = (self.paint)(Tint::Place, &printable(&example.place.to_string()));
        let decision = (self.paint)(Tint::Alarm, &decisions(example, change, " -> "));
        let name = (self.paint)(Tint::Strong, &printable(&finding.name));
        self.line(&format!("{place}: {name}: {decision}"));
        let excerpt = self.excerpt(finding);
        self.line(&format!("    {excerpt}"));
        let how = (self.paint)(Tint::Quiet, &printable(&how(finding)));
        self.line(&format!("    {how}"));
    }

    /// `…before「words」after…`; a palette that colours words needs no brackets.
    fn excerpt(&self, finding: &Finding) -> String {
        let words = printable(&finding.text);
        let tinted = (self.paint)(Tint::Match, &words);
        let words = if tinted == words { format!("「{words}」") } else { tinted };
        let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
        format!(
            "{}{}{words}{}{}",
            ellipsis(finding.is_cut.0),
            printable(finding.before.trim_start()),
            printable(finding.after.trim_end()),
            ellipsis(finding.is_cut.1)
        )
    }

    fn notes(&mut self, report: &Report) {
        let notes = report.notes();
        if notes.is_empty() {
            return;
        }
        let tint = if report.ended == Ended::Complete { Tint::Strong } else { Tint::Alarm };
        for note in notes {
            let note = (self.paint)(tint, &printable(&note));
            self.fact("note", &note);
        }
    }
}

const fn tint(change: Change) -> Tint {
    match change {
        Change::Shadow | Change::LeftShadow => Tint::Strong,
        Change::New | Change::Lost | Change::Changed => Tint::Alarm,
    }
}

fn words(folds: impl Iterator<Item = Fold>) -> String {
    folds.map(Fold::as_str).collect::<Vec<_>>().join(", ")
}

/// The most first.
fn sorted(rows: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|(_, records)| std::cmp::Reverse(*records));
    rows
}

/// Where words were found, as what, and how they are disguised.
pub(super) fn how(finding: &Finding) -> String {
    let mut how = format!("{} via {}", finding.field, finding.via.as_str());
    for (label, folds) in [("folds", finding.folds), ("evasion", finding.evasion)] {
        if !folds.is_empty() {
            let _ = write!(how, "; {label}: {}", words(folds.iter()));
        }
    }
    how
}

/// `2026-11-22T08:00:00Z to 2026-11-22T09:00:00Z`, of the records that were judged.
pub(super) fn times(report: &Report) -> String {
    report.times().map_or(String::new(), |(first, last)| format!("{first} to {last}"))
}

/// `--from 2026-11-22T08:00:00Z --limit 5`.
pub(super) fn asked(report: &Report) -> String {
    let asked = &report.asked;
    let limit = asked.limit.map(|limit| limit.to_string());
    let given = [("--from", &asked.from), ("--to", &asked.to), ("--limit", &limit)];
    let words = given.iter().filter_map(|(flag, value)| value.as_ref().map(|value| format!("{flag} {value}")));
    words.collect::<Vec<_>>().join(" ")
}

/// `posts 800 in 8 partitions, a.ndjson 200`.
pub(super) fn sources(report: &Report) -> String {
    let mut sources: Vec<(&str, u64, u64)> = Vec::new();
    for part in &report.parts {
        let partitions = u64::from(part.range.is_some());
        match sources.iter_mut().find(|(source, _, _)| *source == &*part.source) {
            Some((_, records, all)) => (*records, *all) = (*records + part.records, *all + partitions),
            None => sources.push((&part.source, part.records, partitions)),
        }
    }
    let more = sources.len().saturating_sub(6);
    let mut words: Vec<String> = sources
        .iter()
        .take(6)
        .map(|(source, records, partitions)| {
            let within = match partitions {
                0 => String::new(),
                n => format!(" in {}", count(*n, "partition", "partitions")),
            };
            format!("{} {}{within}", printable(source), grouped(*records))
        })
        .collect();
    if more > 0 {
        words.push(format!("{more} more"));
    }
    words.join(", ")
}
