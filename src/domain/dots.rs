//! What people write for the dot of a host, and what they write between its letters.

use crate::text::is_han_like;

/// The dots themselves: ASCII, and the three that IDNA takes for it (UTS 46).
const DOTS: [char; 4] = ['.', '．', '。', '｡'];

/// A dot in brackets, as reports and evaders write it: it cannot be anything else.
const BRACKETED: [&str; 13] =
    ["[.]", "(.)", "{.}", "（.）", "【.】", "[dot]", "(dot)", "{dot}", "（dot）", "[点]", "(点)", "（点）", "【点】"];

/// Characters for a dot: read as one only inside a host that is known to stand there.
const WORDS: [&str; 2] = ["点", "點"];

/// The English word for it, which may also be part of a label, so it must stand alone.
const WORD: &str = "dot";

pub(super) fn is_dot(c: char) -> bool {
    DOTS.contains(&c)
}

/// The length in bytes of a dot, in any spelling, at the start of `rest`; `spaced` when a space stands before it.
pub(super) fn dot_at(rest: &str, spaced: bool) -> Option<usize> {
    let word = || WORDS.iter().find(|word| rest.starts_with(**word)).map(|word| word.len());
    let alone = || {
        let after = rest.get(WORD.len()..).and_then(|after| after.chars().next());
        let stands_alone = spaced && starts_with_ignoring_case(rest, WORD) && after.is_some_and(char::is_whitespace);
        stands_alone.then_some(WORD.len())
    };
    sure_dot_at(rest).or_else(word).or_else(alone)
}

/// The length in bytes of a dot at the start of `rest` that needs no context to be one.
pub(super) fn sure_dot_at(rest: &str) -> Option<usize> {
    if let Some(first) = rest.chars().next().filter(|c| is_dot(*c)) {
        return Some(first.len_utf8());
    }
    BRACKETED.iter().find(|form| starts_with_ignoring_case(rest, form)).map(|form| form.len())
}

/// The length in bytes of a dot at the end of `before` that needs no context; an ideographic full stop does: it ends
/// sentences too.
pub(super) fn sure_dot_before(before: &str) -> Option<usize> {
    if let Some(last) = before.chars().next_back().filter(|c| matches!(c, '.' | '．')) {
        return Some(last.len_utf8());
    }
    let ends_with = |form: &&&str| {
        before
            .len()
            .checked_sub(form.len())
            .and_then(|at| before.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(form))
    };
    BRACKETED.iter().find(ends_with).map(|form| form.len())
}

fn starts_with_ignoring_case(rest: &str, form: &str) -> bool {
    rest.get(..form.len()).is_some_and(|head| head.eq_ignore_ascii_case(form))
}

/// A character that can be part of a host in running text. Han characters can too, but Chinese is
/// written without spaces, so in running text they end a host rather than continue it.
pub(super) fn is_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '_' | '－')
        || (!c.is_ascii() && c.is_alphanumeric() && !is_han_like(c))
}

/// Characters that nobody sees (UAX 31 default ignorables that are met in practice).
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_has_many_spellings() {
        for (rest, spaced, length) in [
            (".com", false, Some(1)),
            ("。com", false, Some(3)),
            ("．com", false, Some(3)),
            ("｡com", false, Some(3)),
            ("[.]com", false, Some(3)),
            ("(DOT)com", false, Some(5)),
            ("点com", false, Some(3)),
            ("Dot com", true, Some(3)),
            ("dot com", false, None),
            ("dotcom", true, None),
            ("com", false, None),
            (",com", false, None),
            ("", false, None),
            ("[", false, None),
        ] {
            assert_eq!(dot_at(rest, spaced), length, "{rest}");
        }
    }
}
