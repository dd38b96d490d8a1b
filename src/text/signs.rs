//! Signs by which a text may hide something, or hold a host: noticed while the text is folded, so that a text without them pays nothing.
//!
//! `50% off` -> nothing, `%E4%B8%AD` -> an escape, `例.com` -> a host. A sign only says that a closer look is worth while.

use super::boundary::is_han_like;
use std::ops::Range;

/// What a text may hold, by its signs and what stands beside them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u8);

/// The signs of a text, and where the more frequent ones are: whoever looks closer looks there only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// All that were seen.
    pub signs: Signs,
    /// From the first to behind the last byte at which a dot of a host may begin.
    pub dots: Range<usize>,
    /// From the first to behind the last byte at which a bracket or a quotation opens.
    pub openers: Range<usize>,
}

impl Seen {
    pub(super) fn add(&mut self, said: Signs, at: usize) {
        let up_to_here = |places: &Range<usize>| if places.is_empty() { at..at + 1 } else { places.start..at + 1 };
        if said.contains(Signs::HOST) {
            self.dots = up_to_here(&self.dots);
        }
        if said.contains(Signs::ENCLOSE) {
            self.openers = up_to_here(&self.openers);
        }
        self.signs = self.signs.union(said);
    }
}

impl Signs {
    /// No sign of anything.
    pub const NONE: Signs = Signs(0);
    /// What an escape begins with, before what may be one.
    pub const ESCAPE: Signs = Signs(1);
    /// What mark-up begins with.
    pub const MARK_UP: Signs = Signs(1 << 1);
    /// What a reading, a place or a quoted name is put into.
    pub const ENCLOSE: Signs = Signs(1 << 2);
    /// A sign that is written for a letter, before a letter; a capital I within a word.
    pub const SPELL: Signs = Signs(1 << 3);
    /// What may be the dot of a host, between what may be its letters.
    pub const HOST: Signs = Signs(1 << 4);

    /// Either of the two.
    #[must_use]
    pub const fn union(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// All of `other` were seen.
    #[must_use]
    pub const fn contains(self, other: Signs) -> bool {
        self.0 & other.0 == other.0
    }
}

/// What a character can be a sign of. `I` is a letter and 点 a word for a dot; the others are dropped from folds.
#[rustfmt::skip]
pub(super) const SIGNS: [(char, Signs); 41] = {
    const DOT: Signs = Signs::HOST;
    const SPELL: Signs = Signs::SPELL;
    const ENCLOSE: Signs = Signs::ENCLOSE;
    const ESCAPED_DOT: Signs = Signs::ESCAPE.union(DOT);
    const BRACKETED_DOT: Signs = ENCLOSE.union(DOT);
    const OPENER: Signs = BRACKETED_DOT.union(Signs::MARK_UP);
    [
        ('.', DOT), ('．', DOT), ('。', DOT), ('｡', DOT), ('﹒', DOT), ('․', DOT), ('点', DOT), ('點', DOT), ('丶', DOT),
        ('&', ESCAPED_DOT), ('%', ESCAPED_DOT), ('\\', ESCAPED_DOT),
        ('[', OPENER), ('<', OPENER), ('(', BRACKETED_DOT), ('{', BRACKETED_DOT),
        ('（', BRACKETED_DOT), ('［', BRACKETED_DOT), ('【', BRACKETED_DOT), ('〔', BRACKETED_DOT), ('｛', BRACKETED_DOT),
        ('＜', ENCLOSE), ('〈', ENCLOSE), ('《', ENCLOSE), ('「', ENCLOSE), ('『', ENCLOSE),
        ('“', ENCLOSE), ('‘', ENCLOSE), ('〝', ENCLOSE), ('"', ENCLOSE), ('〖', ENCLOSE),
        ('@', SPELL), ('$', SPELL), ('!', SPELL), ('|', SPELL), ('+', SPELL), ('Ӏ', SPELL), ('ӏ', SPELL), ('I', SPELL),
        ('¡', SPELL), ('¦', SPELL),
    ]
};

/// What the sign at `text[at..]` says, by its neighbours.
#[inline(never)]
pub(super) fn said_by(sign: char, can_be: Signs, text: &str, at: usize) -> Signs {
    let before = || text[..at].chars().next_back();
    let behind = || text[at + sign.len_utf8()..].chars().next();
    let says = |kind: Signs, holds: bool| if holds { kind } else { Signs::NONE };
    let mut said = Signs(can_be.0 & (Signs::MARK_UP.0 | Signs::ENCLOSE.0));
    if can_be.contains(Signs::HOST) {
        said = said.union(says(Signs::HOST, may_be_dot(sign, before(), behind)));
    }
    if can_be.contains(Signs::ESCAPE) {
        said = said.union(says(Signs::ESCAPE, may_escape(behind())));
    }
    if can_be.contains(Signs::SPELL) {
        said = said.union(says(Signs::SPELL, may_spell(sign, before(), behind())));
    }
    said
}

fn may_escape(behind: Option<char>) -> bool {
    behind.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#')
}

fn may_spell(sign: char, before: Option<char>, behind: Option<char>) -> bool {
    match sign {
        'I' => before.is_some_and(|c| c.is_ascii_alphabetic()) && behind.is_some_and(|c| c.is_ascii_lowercase()),
        // A bar of Cyrillic is neither l nor i, wherever it stands.
        'Ӏ' | 'ӏ' => true,
        _ => behind.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '@' | '$' | '!' | '|' | '+')),
    }
}

/// A word for a dot counts between ASCII letters only. What stands before any other is no Han character, and no space.
fn may_be_dot(sign: char, before: Option<char>, behind: impl Fn() -> Option<char>) -> bool {
    let Some(before) = before else { return false };
    let is_letter =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ';' | '-' | '_') || !(c.is_ascii() || is_han_like(c));
    match sign {
        '点' | '點' | '丶' => before.is_ascii_alphanumeric(),
        '.' | '．' | '。' | '｡' | '﹒' | '․' => {
            is_letter(before)
                && behind().is_some_and(|c| {
                    c.is_ascii_alphanumeric()
                        || matches!(c, '-' | '_' | '%' | '&')
                        || !(c.is_ascii() || c.is_whitespace() || is_han_like(c))
                })
        }
        '%' | '&' | '\\' => {
            is_letter(before)
                && behind().is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '#' | '.' | '．' | '。'))
        }
        _ => is_letter(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold_into;

    #[test]
    fn a_sign_counts_by_what_stands_beside_it() {
        let all = |signs: &[Signs]| signs.iter().fold(Signs::NONE, |all, one| all.union(*one));
        for (text, signs) in [
            ("中国，雷锋，基金会。", &[][..]),
            ("", &[]),
            ("a. b, c! d I e", &[]),
            ("100% & more", &[]),
            ("Done.\nAnd so on…", &[]),
            ("3点到，重点", &[Signs::HOST]),
            ("重点。", &[]),
            ("a%41", &[Signs::ESCAPE, Signs::HOST]),
            (" &amp;", &[Signs::ESCAPE]),
            ("a < b", &[Signs::MARK_UP, Signs::ENCLOSE]),
            ("中[1]", &[Signs::MARK_UP, Signs::ENCLOSE]),
            ("中（国）", &[Signs::ENCLOSE]),
            ("“中国", &[Signs::ENCLOSE]),
            ("「中国", &[Signs::ENCLOSE]),
            ("AIliance", &[Signs::SPELL]),
            ("A$$ociation", &[Signs::SPELL]),
            ("a.example", &[Signs::HOST]),
            ("ｗｗｗ．example", &[Signs::HOST]),
            ("sham[.]example", &[Signs::HOST, Signs::MARK_UP, Signs::ENCLOSE]),
        ] {
            assert_eq!(fold_into(text, &mut Vec::new()).signs, all(signs), "{text}");
        }
    }
}
