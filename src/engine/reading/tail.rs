//! A name that has lost its head right behind an opening quote: `“国假想教育培训联盟”`.

use crate::matcher::PatternId;
use crate::rule::{HiddenNames, TAIL_KEY, Tail};
use crate::text::{is_dropped, unit_of};
use std::ops::Range;

/// What opens a quotation, a title or a bracket.
pub(super) const OPENING: [char; 13] = ['“', '‘', '「', '『', '《', '〈', '【', '（', '(', '[', '"', '\'', '〝'];
/// Dots or dashes for what is lost, between the quote and the rest.
const LOST: [char; 8] = ['…', '.', '。', '—', '-', '·', '⋯', '□'];

/// A tail is read no further than this, in characters: the longest name has 30, and signs may stand between.
const LONGEST: usize = 128;
/// The characters of a key stand so near, in bytes.
const LONGEST_KEY: usize = 48;
/// So much may stand for what is lost, in bytes.
const LONGEST_LOST: usize = 24;

/// Every tail of a name that stands behind an opening quote: whose it is, its bytes, and how many characters are lost.
pub(super) fn tails<'n>(
    names: &'n HiddenNames,
    text: &'n str,
    openers: Range<usize>,
) -> impl Iterator<Item = (PatternId, Range<usize>, usize)> {
    // What a quote begins with in UTF-8: elsewhere no character is looked at.
    let opens = |byte: u8| matches!(byte, b'(' | b'[' | b'"' | b'\'' | 0xE2 | 0xE3 | 0xEF);
    let places = openers.filter(move |at| opens(text.as_bytes()[*at]));
    let quotes = places.filter_map(|at| text[at..].chars().next().filter(|c| OPENING.contains(c)).map(|c| (at, c)));
    quotes.flat_map(move |(at, quote)| {
        let behind = at + quote.len_utf8();
        let near = &text[behind..text.floor_char_boundary(behind + LONGEST_LOST)];
        tail(names, text, behind + near.len() - near.trim_start_matches(LOST).len())
    })
}

fn tail(names: &HiddenNames, text: &str, start: usize) -> Vec<(PatternId, Range<usize>, usize)> {
    let near = &text[start..text.floor_char_boundary(start + LONGEST_KEY)];
    let mut first = letters(near).map(|(_, unit)| unit);
    let key: [Option<u16>; TAIL_KEY] = std::array::from_fn(|_| first.next());
    let Some(key) = key.into_iter().collect::<Option<Vec<u16>>>().and_then(|key| key.try_into().ok()) else {
        return Vec::new();
    };
    let whole = |tail: &Tail| {
        let mut written = letters(&text[start..]);
        let mut end = start;
        for unit in &tail.units {
            let (bytes, _) = written.next().filter(|(_, read)| read == unit)?;
            end = start + bytes.end;
        }
        Some((tail.pattern, start..end, tail.lost))
    };
    names.tails(key).iter().filter_map(whole).collect()
}

/// The kept characters near the beginning, each with its unit; ends at the first that has several.
fn letters(text: &str) -> impl Iterator<Item = (Range<usize>, u16)> {
    let kept = text.char_indices().take(LONGEST).filter(|(_, c)| !is_dropped(*c));
    kept.map_while(|(at, c)| Some((at..at + c.len_utf8(), unit_of(c)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_that_fold_to_one() {
        let of = |text: &str| letters(text).map(|(bytes, _)| text[bytes].to_owned()).collect::<String>();
        assert_eq!(of("中 國·A\u{200B}b"), "中國Ab");
        assert_eq!(of("ab\u{FB01}c"), "ab");
    }
}
