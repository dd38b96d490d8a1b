//! What a person reads of a verdict: matched words in their context, and the evidence.
//!
//! Texts come from strangers: what could move the cursor, turn the line around or hide is written as `\u{200b}`.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::ops::Range;

use super::color::{Paint, Palette};
use crate::engine::Mention;
use crate::rule::{Action, Notice, RuleSet, Severity};
use crate::text::{Fold, FoldSet};

/// Characters of context on each side of matched words.
const REACH: usize = 32;

/// A text that does nothing to a terminal and hides nothing.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => shown.push(' '),
            c if is_unseen(c) => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown
}

/// Control characters, and what has no width or turns the writing around.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

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
        printable(&before[start..]).trim_start(),
        printable(&after[..end]).trim_end(),
        ellipsis(end < after.len()),
    )
}

/// `中国雷锋基金会 (website-shutdown)`; the canary has a name of its own.
pub(super) fn title(mention: &Mention<'_>, palette: Palette) -> String {
    match mention.organization {
        Some(organization) => {
            let name = palette.paint(Paint::Strong, organization.display_name());
            format!("{name} ({})", organization.listing.as_str())
        }
        None => palette.paint(Paint::Strong, "deployment test string"),
    }
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
    if mention.text != mention.pattern {
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
    for condition in &mention.conditions {
        writeln!(out, "    {} {}: {}", palette.paint(Paint::Quiet, "because"), condition.id, condition.text)?;
    }
    Ok(())
}

/// The notices that name the organization of a mention, earliest first.
pub(super) fn notices<'r>(mention: &Mention<'r>, rules: &'r RuleSet) -> impl Iterator<Item = &'r Notice> {
    let indices = mention.organization.map_or(&[][..], |organization| &organization.notices);
    indices.iter().filter_map(|index| rules.notices().get(*index))
}

/// `web-2021-2: 民政部、中央网信办, 2021-04-14, https://…`.
pub(super) fn cite(notice: &Notice) -> String {
    let authority = notice.authority.zh.as_deref().or(notice.authority.en.as_deref()).unwrap_or("no authority named");
    let published = notice.published.map_or_else(|| "no date".to_owned(), |date| date.to_string());
    let link = notice.link().map_or(String::new(), |url| format!(", {url}"));
    format!("{}: {authority}, {published}{link}", notice.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_reaches_the_terminal_but_its_letters() {
        for (text, expected) in [
            ("plain 文字", "plain 文字"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("a\u{200b}b\u{202e}c\u{feff}", "a\\u{200b}b\\u{202e}c\\u{feff}"),
            ("line\nbreak\ttab\r\n", "line break tab  "),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("é 👩‍👩", "é 👩\\u{200d}👩"),
        ] {
            assert_eq!(printable(text), expected);
        }
    }

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
            (long.as_str(), "名字", &format!("…{}「名字」{}…", "长".repeat(REACH), "短".repeat(REACH))),
        ] {
            assert_eq!(excerpt(text, &at(text, words), Palette::PLAIN), expected);
        }
    }
}
