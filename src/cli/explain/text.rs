//! An explanation for people.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::Explanation;
use super::fold::{Change, changes, folded};
use crate::cli::color::{Paint, Palette};
use crate::cli::render::{cap, decision, excerpt, folds, printable, title, write_evidence};
use crate::engine::{Kinship, Mention};
use crate::rule::{Action, Status};
use crate::text::Fold;

/// More lines about the fold than this help nobody.
const MAX_CHANGES: usize = 40;

pub(super) fn write(out: &mut impl Write, it: &Explanation<'_, '_>, palette: Palette) -> io::Result<()> {
    let heading = |word: &str| palette.paint(Paint::Strong, &format!("{word:<11}"));
    writeln!(out, "{}{}", heading("text"), printable(it.text()))?;
    writeln!(out, "{}{}", heading("folded"), folded(it.text()))?;
    write_changes(out, it, palette, &heading("changed"))?;
    write_found(out, it, palette, &heading("found"))?;
    write_left_alone(out, it, palette, &heading("left alone"))?;
    write_conditions(out, it, palette, &heading("conditions"))?;
    writeln!(out, "{}{}", heading("decision"), decision(it.verdict.action, it.verdict.severity, palette))
}

fn write_changes(out: &mut impl Write, it: &Explanation<'_, '_>, palette: Palette, heading: &str) -> io::Result<()> {
    let changes = changes(it.text());
    if changes.is_empty() {
        return writeln!(out, "{heading}nothing");
    }
    for (index, change) in changes.iter().take(MAX_CHANGES).enumerate() {
        let read = if change.read.is_empty() { "dropped".to_owned() } else { format!("read as \"{}\"", change.read) };
        let chars = format!("chars {}..{}", change.span.chars.start, change.span.chars.end);
        writeln!(
            out,
            "{}{}: \"{}\"{} {read} ({})",
            if index == 0 { heading.to_owned() } else { " ".repeat(11) },
            palette.paint(Paint::Place, &chars),
            printable(&change.written),
            code_points(change),
            folds(change.folds),
        )?;
    }
    if changes.len() > MAX_CHANGES {
        writeln!(out, "{}… and {} more", " ".repeat(11), changes.len() - MAX_CHANGES)?;
    }
    Ok(())
}

/// Of a letter that looks like another: ` U+0421`.
fn code_points(change: &Change) -> String {
    let mut shown = String::new();
    if change.folds.iter().any(|fold| fold == Fold::Confusable) {
        for c in change.written.chars() {
            let _ = write!(shown, " U+{:04X}", u32::from(c));
        }
    }
    shown
}

fn write_found(out: &mut impl Write, it: &Explanation<'_, '_>, palette: Palette, heading: &str) -> io::Result<()> {
    if it.verdict.mentions.is_empty() && it.verdict.shadow.is_empty() {
        return writeln!(out, "{heading}nothing");
    }
    writeln!(out, "{}", heading.trim_end())?;
    for mention in it.verdict.mentions.iter().chain(&it.verdict.shadow) {
        let chars = format!("chars {}..{}", mention.span.chars.start, mention.span.chars.end);
        writeln!(
            out,
            "  {}: {}, status {}, score {:.2}",
            palette.paint(Paint::Place, &chars),
            title(mention, palette),
            mention.status.as_str(),
            mention.score,
        )?;
        writeln!(out, "    {}", excerpt(it.text(), &mention.span.bytes, palette))?;
        write_evidence(out, mention, it.rules, palette)?;
        write_branch(out, mention)?;
        write_stance(out, mention, palette)?;
    }
    Ok(())
}

/// The longer name that the words are part of.
fn write_branch(out: &mut impl Write, mention: &Mention<'_>) -> io::Result<()> {
    let Some(branch) = &mention.branch else { return Ok(()) };
    let what = match branch.kind {
        Kinship::Branch => "a branch of it that no notice names",
        Kinship::Preparatory => "a preparatory committee of it that no notice names",
    };
    let place = branch.place.as_deref().map_or(String::new(), |place| format!(", at {}", printable(place)));
    writeln!(out, "    part of {}: {what}{place}", printable(&branch.text))
}

/// How the text speaks of it, and every word that says so.
fn write_stance(out: &mut impl Write, mention: &Mention<'_>, palette: Palette) -> io::Result<()> {
    let said = if mention.cues.is_empty() { "no cue" } else { "because of" };
    writeln!(out, "    stance  {}: {}, {said}", mention.stance.as_str(), mention.ground.as_str())?;
    for cue in &mention.cues {
        let chars = format!("chars {}..{}", cue.span.chars.start, cue.span.chars.end);
        writeln!(out, "            {}: {} ({})", palette.paint(Paint::Place, &chars), printable(&cue.text), cue.kind)?;
    }
    Ok(())
}

fn write_left_alone(out: &mut impl Write, it: &Explanation<'_, '_>, palette: Palette, heading: &str) -> io::Result<()> {
    if it.verdict.left_alone.is_empty() {
        return writeln!(out, "{heading}nothing");
    }
    writeln!(out, "{}", heading.trim_end())?;
    for left in &it.verdict.left_alone {
        let chars = format!("chars {}..{}", left.span.chars.start, left.span.chars.end);
        let place = palette.paint(Paint::Place, &chars);
        // a protected name and the canary are on no list
        let listed = left.organization.map_or(String::new(), |_| format!(" (listed as {})", left.pattern));
        writeln!(out, "  {place}: {}{listed}: {}", printable(&left.text), left.reason)?;
    }
    Ok(())
}

/// Every condition, for every mention: what holds, and what does not.
fn write_conditions(out: &mut impl Write, it: &Explanation<'_, '_>, palette: Palette, heading: &str) -> io::Result<()> {
    let mut mentions = it.verdict.mentions.iter().chain(&it.verdict.shadow).zip(&it.failing).peekable();
    if mentions.peek().is_none() {
        return writeln!(out, "{heading}not asked: there is no mention");
    }
    writeln!(out, "{}", heading.trim_end())?;
    for (mention, failing) in mentions {
        let outcome = decision(mention.action, mention.severity, palette);
        writeln!(out, "  {} via {}: {outcome}{}", title(mention, palette), mention.via.as_str(), remark(mention))?;
        for (condition, failing) in it.rules.policy().conditions().iter().zip(failing) {
            let holds = mention.conditions.iter().any(|held| held.id == condition.id);
            let mark = if holds { palette.paint(Paint::Good, "holds") } else { palette.paint(Paint::Quiet, "  no ") };
            let what = format!("{}, {}", condition.action.as_str(), condition.severity.as_str());
            writeln!(out, "    {mark} {} ({what}, {})", condition.id, condition.status.as_str())?;
            writeln!(out, "          {}", palette.paint(Paint::Quiet, &one_line(&condition.when)))?;
            if let Some(part) = failing.as_deref().filter(|_| !holds) {
                writeln!(out, "          does not hold: {}", one_line(part))?;
            }
        }
        write_allows(out, it, mention, palette)?;
    }
    Ok(())
}

/// Every entry of the allow-lists: what lowers the mention, and what does not.
fn write_allows(
    out: &mut impl Write,
    it: &Explanation<'_, '_>,
    mention: &Mention<'_>,
    palette: Palette,
) -> io::Result<()> {
    for allow in it.rules.policy().allows() {
        let lowers = mention.allows.iter().any(|held| held.id == allow.id);
        let mark = if lowers { palette.paint(Paint::Good, "allows") } else { palette.paint(Paint::Quiet, "   no ") };
        writeln!(out, "   {mark} {} (at most {}, {}): {}", allow.id, allow.effect, allow.status, allow.text)?;
        writeln!(out, "          {}", palette.paint(Paint::Quiet, &one_line(&allow.when)))?;
    }
    Ok(())
}

/// A condition may be written over several lines.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn remark(mention: &Mention<'_>) -> &'static str {
    if mention.capped {
        cap(mention)
    } else if mention.allowed_by().is_some() {
        " (allowed: lowered)"
    } else if mention.action == Action::None {
        " (no condition in force holds)"
    } else if mention.status == Status::Shadow {
        " (in shadow: counted, not emitted)"
    } else {
        ""
    }
}
