//! A report for a pull request: a sentence and a short table, and everything else folded away.
//!
//! Texts of records come from strangers, and a comment must not call people (`@name`), link, load a picture or break the
//! table: every mark of Markdown and HTML in them is written as a character reference, and excerpts stand in `<code>`,
//! where no site looks for names of people.

use std::fmt::Write as _;

use super::text::sources;
use super::{Row, condition, condition_rows, decisions, examples_of, listed, moved_organizations, organizations};
use crate::report::changes::{Aspect, Change, Changes};
use crate::report::example::Example;
use crate::report::facts::Report;
use crate::report::numbers::{count, difference, grouped, per_million, rate};
use crate::rule::{Action, Status};
use crate::text::printable;

/// Rows of a table, and examples of each kind: a comment has an end (GitHub's has 65,536 characters).
const ROWS: usize = 50;
const EXAMPLES: usize = 20;

/// The report as Markdown.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = String::new();
    match &report.tally.changes {
        Some(changes) => comparison(&mut out, report, changes),
        None => one(&mut out, report),
    }
    folded(&mut out, "What was read, by which rules, at what cost", &circumstances(report));
    out
}

fn comparison(out: &mut String, report: &Report, changes: &Changes) {
    let _ = writeln!(
        out,
        "### Rule change: {} newly flagged, {} no longer, {} changed\n",
        grouped(changes.new),
        grouped(changes.lost),
        grouped(changes.changed)
    );
    notes(out, report);
    out.push_str("| | records | per million |\n|---|---:|---:|\n");
    for change in Change::ALL.into_iter().filter(|change| *change != Change::Shadow || changes.shadow > 0) {
        let (records, per) = (changes.get(change), per_million(changes.get(change), changes.compared()));
        let _ = writeln!(out, "| {} | {} | {} |", change.title(), grouped(records), rate(per));
    }
    let _ = writeln!(out, "| flagged by both, alike | {} | |", grouped(changes.unchanged));
    let _ = writeln!(out, "| flagged by neither | {} | |", grouped(changes.clean));
    if changes.uncompared > 0 {
        let _ = writeln!(out, "| not judged by both | {} | |", grouped(changes.uncompared));
    }
    out.push('\n');
    gates(out, report);
    let organizations = moved_organizations(report);
    let named = |id: &str| format!("{} `{id}`", safe(report.name_of(id)));
    folded(out, &format!("By organisation ({})", organizations.len()), &table(&organizations, named));
    let conditions = condition_rows(report);
    folded(out, &format!("By policy rule ({})", conditions.len()), &table(&conditions, |id| format!("`{id}`")));
    folded(out, "By action", &actions(report));
    let aspects = listed(Aspect::ALL.iter().map(|aspect| (aspect.as_str(), changes.aspects.get(aspect))));
    for change in Change::ALL {
        let examples = examples_of(report, change);
        let shown = examples.len().min(EXAMPLES);
        let title = format!("Examples: {} ({shown} of {})", change.title(), grouped(changes.get(change)));
        let by = if change == Change::Changed && !aspects.is_empty() {
            format!("By what differs: {aspects}\n\n")
        } else {
            String::new()
        };
        folded(out, &title, &(by + &list(&examples)));
    }
}

fn one(out: &mut String, report: &Report) {
    let counts = &report.tally.sides[0];
    let per = rate(per_million(counts.flagged, counts.judged()));
    let flagged = count(counts.flagged, "record", "records");
    let _ = writeln!(out, "### Replay: {flagged} flagged of {}, {per} per million\n", grouped(counts.judged()));
    notes(out, report);
    out.push_str("| | records |\n|---|---:|\n");
    for action in Action::ALL.iter().rev().filter(|action| **action != Action::None) {
        let _ = writeln!(out, "| {action} | {} |", grouped(counts.actions.get(action)));
    }
    let _ = writeln!(
        out,
        "| in shadow only | {} |\n| nothing found | {} |\n",
        grouped(counts.shadow),
        grouped(counts.clean)
    );
    let all = organizations(report, 0);
    let mut rows = String::from("| records | mentions | in shadow | organisation |\n|---:|---:|---:|---|\n");
    for (id, found) in all.iter().take(ROWS) {
        let _ = writeln!(
            rows,
            "| {} | {} | {} | {} `{id}` |",
            grouped(found.records),
            grouped(found.mentions),
            grouped(found.shadow),
            safe(&found.name)
        );
    }
    more(&mut rows, all.len());
    folded(out, &format!("By organisation ({})", all.len()), if all.is_empty() { "" } else { &rows });
    let mut rules = String::from("| records | policy rule |\n|---:|---|\n");
    for (key, records) in counts.conditions.iter() {
        let _ = writeln!(rules, "| {} | `{}` |", grouped(records), condition(key));
    }
    folded(out, "By policy rule", &rules);
    let key = |id: &str| [(id.to_owned(), Status::Active), (id.to_owned(), Status::Shadow)];
    let examples: Vec<&Example> =
        all.iter().flat_map(|(id, _)| key(id)).flat_map(|key| counts.examples.of(&key)).collect();
    folded(out, &format!("Examples ({})", examples.len().min(EXAMPLES)), &list(&examples));
}

fn notes(out: &mut String, report: &Report) {
    for note in report.notes() {
        let _ = writeln!(out, "> **Note:** {}\n", safe(&note));
    }
}

fn gates(out: &mut String, report: &Report) {
    if report.gates.is_empty() {
        return;
    }
    let failures = report.failures();
    for failure in &failures {
        let _ = writeln!(out, "**Gate not passed:** {}\n", safe(failure));
    }
    if failures.is_empty() {
        out.push_str("All gates passed.\n\n");
    }
}

fn actions(report: &Report) -> String {
    let [base, candidate] = &report.tally.sides[..] else {
        return String::new();
    };
    let mut rows = String::from("| | base | candidate | change |\n|---|---:|---:|---:|\n");
    let mut row = |label: &str, before: u64, now: u64| {
        let _ = writeln!(rows, "| {label} | {} | {} | {} |", grouped(before), grouped(now), difference(before, now));
    };
    row("flagged", base.flagged, candidate.flagged);
    for action in Action::ALL.iter().rev().filter(|action| **action != Action::None) {
        row(action.as_str(), base.actions.get(action), candidate.actions.get(action));
    }
    row("in shadow only", base.shadow, candidate.shadow);
    rows
}

fn table(rows: &[Row], label: impl Fn(&str) -> String) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = String::from("| base | candidate | new | lost | |\n|---:|---:|---:|---:|---|\n");
    for row in rows.iter().take(ROWS) {
        let [base, candidate, new, lost] = [row.base, row.candidate, row.new, row.lost].map(grouped);
        let _ = writeln!(text, "| {base} | {candidate} | {new} | {lost} | {} |", label(&row.label));
    }
    more(&mut text, rows.len());
    text
}

fn more(text: &mut String, rows: usize) {
    if rows > ROWS {
        let _ = writeln!(text, "\n{} more in `--format json`.", rows - ROWS);
    }
}

fn list(examples: &[&Example]) -> String {
    examples.iter().take(EXAMPLES).fold(String::new(), |mut text, example| {
        let finding = &example.finding;
        let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
        let _ = writeln!(
            text,
            "- <code>{}</code> {}{}: {}<br><code>{}{}<b>{}</b>{}{}</code> ({} via {})",
            safe(&example.place.to_string()),
            decisions(example, " → "),
            if finding.status == Status::Shadow { " in shadow" } else { "" },
            safe(&finding.name),
            ellipsis(finding.is_cut.0),
            safe(&finding.before),
            safe(&finding.text),
            safe(&finding.after),
            ellipsis(finding.is_cut.1),
            safe(&finding.field),
            finding.via.as_str(),
        );
        text
    })
}

fn circumstances(report: &Report) -> String {
    let tally = &report.tally;
    let mut text = format!(
        "- {} in {:.1} s, {} a second, {}\n- from {}\n",
        count(tally.read(), "record", "records"),
        report.cost.seconds,
        rate(report.records_per_second()),
        count(report.cost.threads as u64, "thread", "threads"),
        safe(&sources(report)),
    );
    if tally.empty + tally.poison.total() > 0 {
        let classes = listed(tally.poison.iter().map(|(class, n)| (class.as_str(), n)));
        let classes = if classes.is_empty() { classes } else { format!(" ({classes})") };
        let (empty, poison) = (grouped(tally.empty), grouped(tally.poison.total()));
        let _ = writeln!(text, "- {empty} without a value, {poison} that cannot be read{classes}");
    }
    if let Some(as_of) = &report.as_of {
        let _ = writeln!(text, "- as of {as_of}");
    }
    for (index, side) in report.sides.iter().enumerate() {
        let organizations = count(side.organizations as u64, "organisation", "organisations");
        let micros = report.judge_micros(index);
        let from = safe(&side.from);
        let _ = writeln!(text, "- {}: {from}, {organizations}, `{}`, {micros:.2} µs a record", side.role, side.digest);
    }
    text
}

fn folded(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = writeln!(out, "<details><summary>{title}</summary>\n\n{}\n\n</details>\n", body.trim_end());
    }
}

/// A text that is only text: `@a|b` -> `&#64;a&#124;b`.
fn safe(text: &str) -> String {
    printable(text).chars().fold(String::new(), |mut safe, c| {
        if c.is_ascii_punctuation() {
            let _ = write!(safe, "&#{};", u32::from(c));
        } else {
            safe.push(c);
        }
        safe
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_is_only_text() {
        for (text, expected) in [
            ("plain 文字", "plain 文字"),
            ("@octocat", "&#64;octocat"),
            ("a|b", "a&#124;b"),
            ("</code><img>", "&#60;&#47;code&#62;&#60;img&#62;"),
            ("[x](http://a)", "&#91;x&#93;&#40;http&#58;&#47;&#47;a&#41;"),
            ("`#1`", "&#96;&#35;1&#96;"),
            ("a\u{202e}b\n# c", "a&#92;u&#123;202e&#125;b&#92;n&#35; c"),
        ] {
            assert_eq!(safe(text), expected);
        }
    }
}
