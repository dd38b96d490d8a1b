//! One sign of a host as a resolver would read it, whatever it takes in the original: `%71` is the letter q, `[.]` a dot.

use super::dots::{is_dot, is_wide_dot, sure_dot_at, sure_dot_before};
use crate::text::{Fold, FoldSet, is_han_like};

/// What stands at a place of a text, for somebody who reads a host there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// A letter, digit, hyphen or underscore of a label. Han characters are none: Chinese is written without spaces, so
    /// in running text they end a host rather than continue it.
    Letter(char),
    /// A dot that needs no context to be one.
    Dot,
    /// Nothing that anybody sees.
    Unseen,
    /// What ends a host.
    Other(char),
}

/// A sign, the bytes it takes, and what had to be undone to read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) sign: Sign,
    pub(super) length: usize,
    pub(super) folds: FoldSet,
}

impl Seen {
    fn plain(c: char) -> Self {
        let (sign, folds) = match c {
            _ if is_dot(c) => (Sign::Dot, dot_folds(c)),
            _ if is_unseen(c) => (Sign::Unseen, FoldSet::EMPTY.with(Fold::Invisible)),
            _ if is_host_char(c) => (Sign::Letter(c), FoldSet::EMPTY),
            _ => (Sign::Other(c), FoldSet::EMPTY),
        };
        Self { sign, length: c.len_utf8(), folds }
    }

    fn escaped(c: char, length: usize) -> Self {
        Self { length, folds: FoldSet::EMPTY.with(Fold::Escape), ..Self::plain(c) }
    }

    /// It belongs to a host, or hides in one.
    pub(super) fn is_of_host(&self) -> bool {
        !matches!(self.sign, Sign::Other(_))
    }
}

fn dot_folds(c: char) -> FoldSet {
    if is_wide_dot(c) { FoldSet::EMPTY.with(Fold::Width) } else { FoldSet::EMPTY }
}

/// The sign at the start of `rest`.
pub(super) fn sign_at(rest: &str) -> Option<Seen> {
    let first = rest.chars().next()?;
    match first {
        '%' => return Some(percent_at(rest).unwrap_or_else(|| Seen::plain(first))),
        '&' => return Some(entity_at(rest).unwrap_or_else(|| Seen::plain(first))),
        _ if first.is_ascii_alphanumeric() || is_han_like(first) => return Some(Seen::plain(first)),
        _ => {}
    }
    match sure_dot_at(rest) {
        Some(length) if length != first.len_utf8() => {
            Some(Seen { sign: Sign::Dot, length, folds: FoldSet::EMPTY.with(Fold::Defanged) })
        }
        _ => Some(Seen::plain(first)),
    }
}

/// The sign at the end of `before`. An ideographic full stop is no dot here: it ends sentences too.
pub(super) fn sign_before(before: &str) -> Option<Seen> {
    let last = before.chars().next_back()?;
    let escape = match last {
        ';' => entity_before(before),
        _ if last.is_ascii_hexdigit() => percent_before(before),
        _ => None,
    };
    if let Some(seen) = escape {
        return Some(seen);
    }
    match sure_dot_before(before) {
        Some(length) if length != last.len_utf8() => {
            Some(Seen { sign: Sign::Dot, length, folds: FoldSet::EMPTY.with(Fold::Defanged) })
        }
        None if is_dot(last) => Some(Seen { sign: Sign::Other(last), ..Seen::plain(last) }),
        _ => Some(Seen::plain(last)),
    }
}

/// A character in percent escapes, of as many bytes as UTF-8 needs for it.
fn percent_at(rest: &str) -> Option<Seen> {
    let mut bytes = [0u8; 4];
    for count in 1..=4 {
        let at = 3 * (count - 1);
        let hex = rest.get(at..at + 3)?.strip_prefix('%')?;
        bytes[count - 1] = hex_byte(hex)?;
        if let Ok(text) = std::str::from_utf8(&bytes[..count]) {
            return text.chars().next().map(|c| Seen::escaped(c, 3 * count));
        }
    }
    None
}

/// The escape that `before` ends with.
fn percent_before(before: &str) -> Option<Seen> {
    (1..=4).find_map(|count| {
        let at = before.len().checked_sub(3 * count)?;
        let tail = before.get(at..)?;
        percent_at(tail).filter(|seen| seen.length == tail.len())
    })
}

fn hex_byte(hex: &str) -> Option<u8> {
    hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u8::from_str_radix(hex, 16).ok()).flatten()
}

/// The longest entity of a character that a host can have: `&#x0000FF0E;`.
const LONGEST_ENTITY: usize = 12;

/// A character as an HTML entity: by number, and the one name that matters here.
fn entity_at(rest: &str) -> Option<Seen> {
    let end = rest.bytes().take(LONGEST_ENTITY).position(|b| b == b';')?;
    let name = rest.get(1..end)?;
    let number = name.strip_prefix('#');
    let c = match number.map(|digits| (digits, digits.strip_prefix(['x', 'X']))) {
        Some((_, Some(hex))) => u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)?,
        Some((digits, None)) => digits.parse().ok().and_then(char::from_u32)?,
        None if name == "period" => '.',
        None => return None,
    };
    Some(Seen::escaped(c, end + 1))
}

fn entity_before(before: &str) -> Option<Seen> {
    let bytes = before.as_bytes();
    let back = bytes.iter().rev().take(LONGEST_ENTITY).position(|b| *b == b'&')?;
    let tail = before.get(before.len() - back - 1..)?;
    entity_at(tail).filter(|seen| seen.length == tail.len())
}

/// A character that can be part of a host in running text; see [`Sign::Letter`].
pub(super) fn is_host_char(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '-' | '_' | '－')
        || (!c.is_ascii() && c.is_alphanumeric() && !is_han_like(c))
}

/// Blanks that stand between the signs of a split host.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace()
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
    fn a_sign_is_read_from_either_side() {
        for (text, sign, folds) in [
            ("q", Sign::Letter('q'), &[][..]),
            ("-", Sign::Letter('-'), &[]),
            ("с", Sign::Letter('с'), &[]),
            (".", Sign::Dot, &[]),
            ("．", Sign::Dot, &[Fold::Width]),
            ("[.]", Sign::Dot, &[Fold::Defanged]),
            ("(dot)", Sign::Dot, &[Fold::Defanged]),
            ("%71", Sign::Letter('q'), &[Fold::Escape]),
            ("%2E", Sign::Dot, &[Fold::Escape]),
            ("%2f", Sign::Other('/'), &[Fold::Escape]),
            ("%D1%81", Sign::Letter('с'), &[Fold::Escape]),
            ("%E3%80%82", Sign::Dot, &[Fold::Escape]),
            ("&#46;", Sign::Dot, &[Fold::Escape]),
            ("&#x2e;", Sign::Dot, &[Fold::Escape]),
            ("&period;", Sign::Dot, &[Fold::Escape]),
            ("\u{200B}", Sign::Unseen, &[Fold::Invisible]),
            ("中", Sign::Other('中'), &[]),
            ("/", Sign::Other('/'), &[]),
            (" ", Sign::Other(' '), &[]),
        ] {
            let seen = Some(Seen { sign, length: text.len(), folds: folds.iter().copied().collect() });
            assert_eq!(sign_at(text), seen, "{text}");
            assert_eq!(sign_before(text), seen, "{text} from behind");
        }
    }

    #[test]
    fn what_is_no_escape_is_read_as_it_stands() {
        for (text, length) in
            [("%", 1), ("%7", 1), ("%zz", 1), ("%+1", 1), ("%D1", 1), ("&#;", 1), ("&amp;", 1), ("&", 1)]
        {
            assert_eq!(sign_at(text).map(|seen| (seen.length, seen.is_of_host())), Some((length, false)), "{text}");
        }
        assert_eq!(sign_at(""), None);
        assert_eq!(sign_before(""), None);
        assert_eq!(sign_before("71"), Some(Seen::plain('1')));
        assert_eq!(sign_before("。").map(|seen| seen.is_of_host()), Some(false), "it ends sentences");
    }
}
