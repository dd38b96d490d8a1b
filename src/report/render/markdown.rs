//! A report for a pull request: a sentence and a short table, and everything else folded away.
//!
//! Texts of records come from strangers, and a comment must not call people (`@name`), link, load a picture or break the
//! table: every mark of Markdown and HTML that acts is written as a character reference, and excerpts stand in `<code>`,
//! where no site looks for names of people.

use std::fmt::Write as _;

use super::text::{asked, how, sources, times};
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
/// So many rows or examples need no folding.
const SHORT: usize = 10;

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
        "### Rule change: {} newly flagged, {} no longer, {} changed{}\n",
        grouped(changes.new),
        grouped(changes.lost),
        grouped(changes.changed),
        in_shadow(changes)
    );
    gates(out, report);
    covered(out, report);
    notes(out, report);
    out.push_str("| | records | per million |\n|---|---:|---:|\n");
    for change in Change::ALL.into_iter().filter(|change| !change.is_of_shadow() || changes.get(*change) > 0) {
        let (records, per) = (changes.get(change), per_million(changes.get(change), changes.compared()));
        let _ = writeln!(out, "| {} | {} | {} |", change.title(), grouped(records), rate(per));
    }
    let _ = writeln!(out, "| flagged by both, alike | {} | |", grouped(changes.unchanged));
    let _ = writeln!(out, "| flagged by neither | {} | |", grouped(changes.clean));
    if changes.uncompared > 0 {
        let _ = writeln!(out, "| not judged by both | {} | |", grouped(changes.uncompared));
    }
    out.push('\n');
    let organizations = moved_organizations(report);
    let named = |id: &str| format!("{} `{id}`", safe(report.name_of(id)));
    let rows = organizations.len();
    opened(out, &format!("By organisation ({rows})"), &table(&organizations, named), rows);
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
        opened(out, &title, &(by + &list(&examples, Some(change))), shown);
    }
}

/// `, 5 newly in shadow`: a change that works in shadow only is no change without effect.
fn in_shadow(changes: &Changes) -> String {
    let told = Change::ALL.into_iter().filter(|change| change.is_of_shadow() && changes.get(*change) > 0);
    told.fold(String::new(), |words, change| format!("{words}, {} {}", grouped(changes.get(change)), change.title()))
}

/// What the figures are of.
fn covered(out: &mut String, report: &Report) {
    let read = count(report.tally.read(), "record", "records");
    let _ = write!(out, "{read} read: {}", safe(&sources(report)));
    let told = [("times", times(report)), ("asked for", asked(report))];
    for (label, value) in told.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(out, "; {label}: {}", safe(value));
    }
    out.push_str("\n\n");
}

fn one(out: &mut String, report: &Report) {
    let counts = &report.tally.sides[0];
    let per = rate(per_million(counts.flagged, counts.judged()));
    let flagged = count(counts.flagged, "record", "records");
    let _ = writeln!(out, "### Replay: {flagged} flagged of {}, {per} per million\n", grouped(counts.judged()));
    covered(out, report);
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
    opened(out, &format!("By organisation ({})", all.len()), if all.is_empty() { "" } else { &rows }, all.len());
    let mut rules = String::from("| records | policy rule |\n|---:|---|\n");
    for (key, records) in counts.conditions.iter() {
        let _ = writeln!(rules, "| {} | `{}` |", grouped(records), condition(key));
    }
    folded(out, "By policy rule", &rules);
    let key = |id: &str| [(id.to_owned(), Status::Active), (id.to_owned(), Status::Shadow)];
    let examples: Vec<&Example> =
        all.iter().flat_map(|(id, _)| key(id)).flat_map(|key| counts.examples.of(&key)).collect();
    let shown = examples.len().min(EXAMPLES);
    opened(out, &format!("Examples ({shown})"), &list(&examples, None), shown);
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
    let has_shadow = rows.iter().any(|row| !row.shadow().is_empty());
    let shadow = |words: &str| if has_shadow { format!(" {words} |") } else { String::new() };
    let mut text = format!(
        "| base | candidate | new | lost | changed |{} |\n|---:|---:|---:|---:|---:|{}---|\n",
        shadow("in shadow"),
        if has_shadow { "---:|" } else { "" }
    );
    for row in rows.iter().take(ROWS) {
        let moved = [row.moved.new, row.moved.lost, row.moved.changed].map(grouped);
        let ([base, candidate], [new, lost, changed]) = ([row.base, row.candidate].map(grouped), moved);
        let (shadow, label) = (shadow(&row.shadow()), label(&row.label));
        let _ = writeln!(text, "| {base} | {candidate} | {new} | {lost} | {changed} |{shadow} {label} |");
    }
    more(&mut text, rows.len());
    text
}

fn more(text: &mut String, rows: usize) {
    if rows > ROWS {
        let _ = writeln!(text, "\n{} more in `--format json`.", rows - ROWS);
    }
}

fn list(examples: &[&Example], change: Option<Change>) -> String {
    examples.iter().take(EXAMPLES).fold(String::new(), |mut text, example| {
        let finding = &example.finding;
        let ellipsis = |is_cut: bool| if is_cut { "…" } else { "" };
        let _ = writeln!(
            text,
            "- <code>{}</code> {}: {}<br><code>{}{}<b>{}</b>{}{}</code> ({})",
            safe(&example.place.to_string()),
            decisions(example, change, " → "),
            safe(&finding.name),
            ellipsis(finding.is_cut.0),
            safe(&finding.before),
            safe(&finding.text),
            safe(&finding.after),
            ellipsis(finding.is_cut.1),
            safe(&how(finding)),
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
        let (role, digest, only) = (side.role, &side.digest, side.only());
        let _ = writeln!(text, "- {role}: {from}, {organizations}, `{digest}`{only}, {micros:.2} µs a record");
    }
    text
}

fn folded(out: &mut String, title: &str, body: &str) {
    opened(out, title, body, usize::MAX);
}

/// Folded away, unless it is short.
fn opened(out: &mut String, title: &str, body: &str, rows: usize) {
    if !body.is_empty() {
        let open = if rows <= SHORT { " open" } else { "" };
        let _ = writeln!(out, "<details{open}><summary>{title}</summary>\n\n{}\n\n</details>\n", body.trim_end());
    }
}

/// A text that is only text: `@a|b` -> `&#64;a&#124;b`. A mark that does nothing where it stands is left as it is.
fn safe(text: &str) -> String {
    let text: Vec<char> = printable(text).chars().collect();
    let at = |index: Option<usize>| index.and_then(|index| text.get(index)).copied();
    text.iter().enumerate().fold(String::new(), |mut safe, (index, c)| {
        let (before, after) = (at(index.checked_sub(1)), at(Some(index + 1)));
        if acts(before, *c, after) {
            let _ = write!(safe, "&#{};", u32::from(*c));
        } else {
            safe.push(*c);
        }
        safe
    })
}

/// A mark of Markdown or HTML, or one that makes a link: `://`, `www.`.
fn acts(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    match c {
        '|' | '<' | '>' | '&' | '`' | '*' | '[' | ']' | '@' | '#' | '~' | '$' | '\\' => true,
        '_' => !(is_word(before) && is_word(after)),
        ':' => after == Some('/') || before.is_none_or(char::is_whitespace),
        '.' => matches!(before, Some('w' | 'W')),
        _ => false,
    }
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
            ("</code><img>", "&#60;/code&#62;&#60;img&#62;"),
            ("[x](http://a)", "&#91;x&#93;(http&#58;//a)"),
            ("www.pay.example", "www&#46;pay.example"),
            ("posts/0: 7 of a_b, _c_ (d-e)", "posts/0: 7 of a_b, &#95;c&#95; (d-e)"),
            ("**a** ~~b~~ $c$", "&#42;&#42;a&#42;&#42; &#126;&#126;b&#126;&#126; &#36;c&#36;"),
            ("`#1`", "&#96;&#35;1&#96;"),
            ("a\u{202e}b\n# c", "a&#92;u{202e}b&#92;n&#35; c"),
        ] {
            assert_eq!(safe(text), expected);
        }
    }
}
