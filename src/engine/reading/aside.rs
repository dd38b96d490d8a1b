//! What stands beside the characters of a name: readings, places in brackets, letters.

use crate::text::{is_dropped, is_han_like, readings_behind, unit_of};

/// Brackets of all kinds that a reading or an aside is put into.
const BRACKETS: [(char, char); 13] = [
    ('(', ')'),
    ('（', '）'),
    ('[', ']'),
    ('［', '］'),
    ('【', '】'),
    ('〔', '〕'),
    ('{', '}'),
    ('｛', '｝'),
    ('<', '>'),
    ('＜', '＞'),
    ('〈', '〉'),
    ('《', '》'),
    ('「', '」'),
];

/// What stands in brackets inside a name is no longer, in characters.
const LONGEST: usize = 24;

/// The character opens a bracket.
pub(super) fn is_bracket(c: char) -> bool {
    BRACKETS.iter().any(|(opening, _)| *opening == c)
}

/// The inside of the brackets that open at the beginning of `rest`, and the bytes up to behind them.
pub(super) fn bracketed(rest: &str) -> Option<(&str, usize)> {
    let first = rest.chars().next()?;
    let (_, closing) = BRACKETS.iter().find(|(opening, _)| *opening == first)?;
    let body = &rest[first.len_utf8()..];
    let (end, _) = body.char_indices().take(LONGEST + 1).find(|(_, c)| c == closing)?;
    Some((&body[..end], first.len_utf8() + end + closing.len_utf8()))
}

/// Letters of a reading in lower case without tones; at most so many as six long syllables have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Letters {
    letters: [u8; Letters::MOST],
    length: usize,
}

impl Letters {
    pub(super) const MOST: usize = 36;

    pub(super) fn as_slice(&self) -> &[u8] {
        &self.letters[..self.length]
    }

    /// The letters of what may be a reading: tones as marks or digits, spaces and signs are left out. `None` when there is anything else.
    pub(super) fn of(inside: &str) -> Option<Self> {
        let mut letters = Self { letters: [0; Self::MOST], length: 0 };
        for c in inside.chars() {
            match letter(c) {
                Some(letter) => letters.push(letter)?,
                None if is_tone(c) || is_dropped(c) => {}
                None => return None,
            }
        }
        (letters.length > 0).then_some(letters)
    }

    fn push(&mut self, letter: u8) -> Option<()> {
        *self.letters.get_mut(self.length)? = letter;
        self.length += 1;
        Some(())
    }
}

/// The Latin letter that a character is, in lower case, whatever its mark, width or style.
pub(super) fn letter(c: char) -> Option<u8> {
    unit_of(c).and_then(|unit| u8::try_from(unit).ok()).filter(u8::is_ascii_lowercase)
}

/// A tone written as a digit: 1 to 5, and 0 for none.
pub(super) fn is_tone(c: char) -> bool {
    unit_of(c).is_some_and(|unit| (0x30..=0x35).contains(&unit))
}

/// The letters are the reading of the last character said, or of the last few.
pub(super) fn is_reading_of(said: &[char], letters: &[u8]) -> bool {
    match said.split_last() {
        _ if letters.is_empty() => true,
        None => false,
        Some((last, before)) => {
            readings_behind(*last, letters).any(|length| is_reading_of(before, &letters[..letters.len() - length]))
        }
    }
}

/// What may stand in brackets inside a name and is no part of it: a few characters, or two words, and no sentence.
pub(super) fn is_place(inside: &str) -> bool {
    const MOST_HAN: usize = 6;
    const MOST_WORDS: usize = 3;
    let inside = inside.trim();
    let kept = inside.chars().filter(|c| !is_dropped(*c)).count();
    if kept == 0 {
        return false;
    }
    if inside.chars().all(is_han_like) {
        return kept <= MOST_HAN;
    }
    let is_word = |c: char| c.is_alphabetic() && !is_han_like(c);
    inside.split(' ').count() <= MOST_WORDS && inside.chars().all(|c| is_word(c) || c == ' ' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_of_all_kinds_close_nearby() {
        for (rest, inside, length) in [
            ("(xie)会", "xie", 5),
            ("（xié ）会", "xié ", 11),
            ("[hui4]", "hui4", 6),
            ("【北京】x", "北京", 12),
            ("()", "", 2),
        ] {
            assert_eq!(bracketed(rest), Some((inside, length)), "{rest}");
        }
        for rest in ["xie)", "(xie", "(xie]", "(一二三四五六七八九十一二三四五六七八九十一二三四五)", ""]
        {
            assert_eq!(bracketed(rest), None, "{rest}");
        }
    }

    #[test]
    fn a_reading_is_that_of_the_characters_before_it() {
        let is_reading = |said: &str, inside: &str| {
            let said: Vec<char> = said.chars().collect();
            Letters::of(inside).is_some_and(|letters| is_reading_of(&said, letters.as_slice()))
        };
        for (said, inside) in [
            ("协", "xié"),
            ("协会", "xie hui"),
            ("中国", "ZHŌNG guó"),
            ("会", "hui4"),
            ("会", "kuai"),
            ("旅", "lǚ"),
            ("美术", "shù"),
        ] {
            assert!(is_reading(said, inside), "{said} {inside}");
        }
        for (said, inside) in [
            ("协", "hui"),
            ("协会", "hui xie"),
            ("会", "2024"),
            ("会", ""),
            ("会", "会"),
            ("", "hui"),
            ("会", "huihui"),
            ("会", "hui会"),
        ] {
            assert!(!is_reading(said, inside), "{said} {inside}");
        }
    }

    #[test]
    fn a_place_is_short_and_no_sentence() {
        for inside in ["北京", "公益", "浙江象山", "Beijing", "South China", " 北京 "] {
            assert!(is_place(inside), "{inside}");
        }
        for inside in [
            "",
            " ",
            "合法登记的为某某协会",
            "见下文，略",
            "2024年",
            "see the list below for",
            "a.b",
            "包装好看的联盟杯",
        ] {
            assert!(!is_place(inside), "{inside}");
        }
    }
}
