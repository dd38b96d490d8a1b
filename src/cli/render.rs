//! What a person reads of a verdict: matched words in their context, and the evidence.
//!
//! Texts come from strangers: see [`printable`].

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use super::color::{Paint, Palette};
use crate::engine::Mention;
use crate::event::own_reason;
use crate::rule::{Action, Notice, RuleSet, Severity, Status};
pub(super) use crate::text::printable;
use crate::text::{Fold, FoldSet};

/// Characters of context on each side of matched words.
const REACH: usize = 32;

/// Matched words with what stands around them in the same text: `…around 「words」 around…` without colours.
pub(super) fn excerpt(text: &str, bytes: &Range<usize>, palette: Palette) -> String {
    let (before, words, after) = (&text[..bytes.start], &text[bytes.clone()], &text[bytes.end..]);
    let start = before.char_indices().rev().take(REACH).last().map_or(before.len(), |(at, _)| at);
    let end = after.char_indices().nth(REACH).map_or(after.len(), |(at, _)| at);
    let words = printable(words);
    let words = if palette.is_on() { palette.paint(Paint::Match, &words) } else { format!("「{words}」") };
    let ellipsis = |cut: bool| if cut { "…" } else { "" };
    format!(
        "{}{}{words}{}{}",
        ellipsis(start > 0),
        printable(before[start..].trim_start()),
        printable(after[..end].trim_end()),
        ellipsis(end < after.len()),
    )
}

/// `中国雷锋基金会 (website-shutdown)`; the canary has a name of its own.
pub(super) fn title(mention: &Mention<'_>, palette: Palette) -> String {
    let subject = mention.subject();
    match subject.name() {
        Some(name) => format!("{} ({})", palette.paint(Paint::Strong, name), subject.listing()),
        None => palette.paint(Paint::Strong, "deployment test string"),
    }
}

/// `1 organisation`, `2 organisations`.
pub(super) fn counted(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// `flag, low`.
pub(super) fn decision(action: Action, severity: Option<Severity>, palette: Palette) -> String {
    let words = match severity {
        Some(severity) => format!("{}, {}", action.as_str(), severity.as_str()),
        None => action.as_str().to_owned(),
    };
    let paint = if action == Action::None { Paint::Good } else { Paint::Alarm };
    palette.paint(paint, &words)
}

/// `traditional, separator`, or nothing.
pub(super) fn folds(folds: FoldSet) -> String {
    folds.iter().map(Fold::as_str).collect::<Vec<_>>().join(", ")
}

/// The evidence of a mention, each line indented.
pub(super) fn write_evidence(
    out: &mut impl Write,
    mention: &Mention<'_>,
    rules: &RuleSet,
    palette: Palette,
) -> io::Result<()> {
    let mut matched = format!("{} via {}", printable(&mention.text), mention.via.as_str());
    if let Some(imitates) = &mention.imitates {
        let like = imitates.host.unwrap_or(mention.pattern);
        let _ = write!(matched, ", imitates {like} ({})", imitates.technique.as_str());
        if let Some(signal) = &imitates.signal {
            let _ = write!(matched, ", beside {}", printable(signal));
        }
    } else if mention.text != mention.pattern {
        let _ = write!(matched, ", listed as {}", mention.pattern);
    }
    if !mention.folds.is_empty() {
        let _ = write!(matched, "; folds: {}", folds(mention.folds));
    }
    if !mention.evasion.is_empty() {
        let _ = write!(matched, "; evasion: {}", folds(mention.evasion));
    }
    writeln!(out, "    {} {matched}", palette.paint(Paint::Quiet, "matched"))?;
    for notice in notices(mention, rules) {
        writeln!(out, "    {}  {}", palette.paint(Paint::Quiet, "notice"), cite(notice))?;
    }
    let because = palette.paint(Paint::Quiet, "because");
    for condition in &mention.conditions {
        let shadow = if condition.status == Status::Shadow { " (in shadow)" } else { "" };
        writeln!(out, "    {because} {}: {}{shadow}", condition.id, condition.text)?;
    }
    if let Some(allow) = mention.allowed_by() {
        writeln!(out, "    {because} {}: allowed, at most {}: {}", allow.id, allow.effect, allow.text)?;
    }
    if let Some((id, text)) = own_reason(mention) {
        writeln!(out, "    {because} {id}: {text}")?;
    }
    Ok(())
}

/// Behind a decision that the policy alone would have made stronger.
pub(super) const fn cap(mention: &Mention<'_>) -> &'static str {
    if mention.capped { " (suspected only: lowered)" } else { "" }
}

/// The notices that name the organization of a mention, earliest first.
pub(super) fn notices<'r>(mention: &Mention<'r>, rules: &'r RuleSet) -> impl Iterator<Item = &'r Notice> {
    let indices = mention.organization.map_or(&[][..], |organization| &organization.notices);
    indices.iter().filter_map(|index| rules.notices().get(*index))
}

/// `web-2021-2: 民政部、中央网信办, 2021-04-14, https://… (press)`.
pub(super) fn cite(notice: &Notice) -> String {
    let authority = notice.authority.zh.as_deref().or(notice.authority.en.as_deref()).unwrap_or("no authority named");
    let published = notice.published.map_or_else(|| "undated".to_owned(), |date| date.to_string());
    let link = match notice.linked() {
        Some(source) => format!("{} ({})", source.url, source.kind),
        None => NO_LINK.to_owned(),
    };
    format!("{}: {authority}, {published}, {link}", notice.id)
}

/// A copy on somebody's site is never linked to.
pub(super) const NO_LINK: &str = "no link: only copies are known";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_shows_the_words_between_their_neighbours() {
        let long = "长".repeat(40) + "名字" + &"短".repeat(40);
        let at = |text: &str, words: &str| {
            let start = text.find(words).unwrap();
            start..start + words.len()
        };
        for (text, words, expected) in [
            ("加入名字吧", "名字", "加入「名字」吧"),
            ("名字", "名字", "「名字」"),
            ("上行\n名\n字\n", "名\n字", "上行\\n「名\\n字」"),
            (long.as_str(), "名字", &format!("…{}「名字」{}…", "长".repeat(REACH), "短".repeat(REACH))),
        ] {
            assert_eq!(excerpt(text, &at(text, words), Palette::PLAIN), expected);
        }
    }
}
