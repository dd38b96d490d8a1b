//! Whether it is worth while to read a text along the names: a look at the places where something may be undone, and at their neighbours.
//!
//! `发展(2024)` -> no, no name has a character behind 展 that could be lost or in brackets there. It may say yes too often, which costs time;
//! whoever says no for a hidden name loses it.

use super::aside::{Letters, bracketed, is_place};
use super::signs::Signs;
use crate::rule::{GRAM, HiddenNames, squeeze};
use crate::text::{is_dropped, unit_of};

/// Letters and digits between two Han characters that may stand for one, for some, or for nothing.
const LONGEST_RUN: usize = 14;
/// A repetition is looked at no further than this.
const LONGEST_REPETITION: usize = 64;

/// A name may be hidden in `text`, whose fold is `units`.
pub(super) fn may_hide(names: &HiddenNames, text: &str, units: &[u16], signs: Signs) -> bool {
    signs.may_spell || (signs.may_enclose && has_telling_brackets(names, text)) || has_telling_units(names, units)
}

/// Brackets that stand between two characters of a name, or beside a character that is written in letters.
fn has_telling_brackets(names: &HiddenNames, text: &str) -> bool {
    // What a bracket begins with in UTF-8: elsewhere no character is looked at.
    let opens = |byte: u8| matches!(byte, b'(' | b'[' | b'{' | b'<' | 0xE3 | 0xEF);
    text.bytes().enumerate().filter(|(_, byte)| opens(*byte)).any(|(at, _)| {
        let Some((inside, length)) = bracketed(&text[at..]) else { return false };
        let (before, behind) = (&text[..at], &text[at + length..]);
        let one = before.chars().rev().take(8).find_map(kept);
        let other = behind.chars().take(8).find_map(kept);
        if let (Some(one), Some(other)) = (one, other)
            && names.may_hold_pair(one, other)
        {
            return true;
        }
        if let Some(letters) = Letters::of(inside)
            && is_said_beside(names, one, letters.as_slice().iter().map(|letter| u16::from(*letter)), other)
        {
            return true;
        }
        is_place(inside)
            && [one, other].into_iter().flatten().any(|unit| unit < 0x80)
            && ends_like_a_name(names, before)
    })
}

/// The letters are the reading of a character that stands behind `one` or before `other` in some name; or begin or end with it.
fn is_said_beside(
    names: &HiddenNames,
    one: Option<u16>,
    letters: impl Iterator<Item = u16>,
    other: Option<u16>,
) -> bool {
    const LONGEST_SYLLABLE: usize = 6;
    let mut room = [0; 2 * LONGEST_SYLLABLE];
    let mut length = 0;
    for (place, letter) in room.iter_mut().zip(letters.filter(|unit| Class::of(*unit) == Class::Letter)) {
        *place = letter;
        length += 1;
    }
    let letters = &room[..length];
    let shortest = if letters.len() == 1 { 1 } else { 2 };
    (shortest..=letters.len().min(LONGEST_SYLLABLE)).any(|length| {
        let (first, last) = (&letters[..length], &letters[letters.len() - length..]);
        one.is_some_and(|one| names.may_say(std::iter::once(one).chain(first.iter().copied())))
            || other.is_some_and(|other| names.may_say(last.iter().copied().chain([other])))
    })
}

/// The unit of a character that is kept and folds to one.
fn kept(c: char) -> Option<u16> {
    unit_of(c).filter(|unit| *unit != 0)
}

/// The last letters before a place stand so in some name.
fn ends_like_a_name(names: &HiddenNames, before: &str) -> bool {
    let mut gram = [0; GRAM];
    let mut length = 0;
    for unit in
        before.chars().rev().take(LONGEST_REPETITION).filter(|c| !is_dropped(*c)).map_while(unit_of).map(squeeze)
    {
        if length == 0 || gram[GRAM - length] != unit {
            length += 1;
            gram[GRAM - length] = unit;
            if length == GRAM {
                return names.may_hold_gram(gram.into_iter());
            }
        }
    }
    false
}

/// Something is written twice, or letters, digits and Han characters touch, where a name may go on.
fn has_telling_units(names: &HiddenNames, units: &[u16]) -> bool {
    let behind = units.get(1..).unwrap_or(&[]);
    let blocks = units.chunks(BLOCK).zip(behind.chunks(BLOCK)).enumerate();
    blocks.filter(|(_, (ones, others))| has_any_change(ones, others)).any(|(block, (_, others))| {
        (block * BLOCK + 1..).take(others.len()).any(|at| is_telling_change(names, units, at))
    })
}

/// So many neighbours are looked at together.
const BLOCK: usize = 16;

/// Some neighbours are equal or of different kinds. Nearly all are neither, and this is asked of sixteen at a time.
#[expect(clippy::needless_bitwise_bool, reason = "a branch would cost more than the comparison")]
fn has_any_change(ones: &[u16], others: &[u16]) -> bool {
    let is_change =
        |one: u16, other: u16| (one == other) | ((one < 0x80) != (other < 0x80)) | ((one < 0x3A) != (other < 0x3A));
    ones.iter().zip(others).fold(false, |seen, (one, other)| seen | is_change(*one, *other))
}

/// `units[at]` and the one before it are equal or of different kinds, and a name may go on there.
fn is_telling_change(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let (one, other) = (units[at - 1], units[at]);
    if one == other {
        return is_telling_repetition(names, units, at);
    }
    match (Class::of(one), Class::of(other)) {
        (Class::Other, Class::Letter | Class::Digit) => is_telling_run(names, units, at),
        (Class::Letter | Class::Digit, Class::Other) => ends_a_telling_run(names, units, at),
        (Class::Letter, Class::Digit) | (Class::Digit, Class::Letter) => is_telling_word(names, units, at),
        _ => false,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

impl Class {
    fn of(unit: u16) -> Self {
        match unit {
            0x30..=0x39 => Self::Digit,
            0x61..=0x7A => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// `units[at]` repeats the one before it.
fn is_telling_repetition(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let unit = units[at];
    if unit < 0x80 {
        return is_telling_word(names, units, at);
    }
    let before = units[..at].iter().rev().take(LONGEST_REPETITION).find(|other| **other != unit);
    let behind = units[at..].iter().take(LONGEST_REPETITION).find(|other| **other != unit);
    before.is_some_and(|before| names.may_hold_pair(*before, unit))
        || behind.is_some_and(|behind| names.may_hold_pair(unit, *behind))
}

/// A run of letters and digits begins at `at`, behind a Han character.
fn is_telling_run(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let before = units[at - 1];
    let run = &units[at..units.len().min(at + LONGEST_RUN + 1)];
    let run = &run[..run.iter().position(|unit| *unit >= 0x80).unwrap_or(run.len())];
    let behind = units.get(at + run.len()).copied();
    behind.is_some_and(|behind| names.may_hold_pair(before, behind))
        || (run.len() <= LONGEST_RUN && is_said_beside(names, Some(before), run.iter().copied(), behind))
        || is_telling_word(names, units, at)
}

/// A run of letters ends before `at`, and a Han character follows: its beginning is looked at here when no Han character is before it.
fn ends_a_telling_run(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let run = units[..at].iter().rev().take(LONGEST_RUN).take_while(|unit| **unit < 0x80).count();
    is_said_beside(names, None, units[at - run..at].iter().copied(), Some(units[at]))
}

/// The letters around `at`, as they are squeezed, stand so in some name: up to there, or from there on.
fn is_telling_word(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let forward = gram(units[at..].iter(), |[one, two, three]| names.holds_three([one, two, three]));
    let backward = gram(units[..at].iter().rev(), |[one, two, three]| names.holds_three([three, two, one]));
    let backward = backward.map(|mut gram| {
        gram.reverse();
        gram
    });
    [forward, backward].into_iter().flatten().any(|gram| names.may_hold_gram(gram.into_iter()))
}

/// The next units, squeezed, none twice in a row; nothing when no name has the first three.
fn gram<'u>(units: impl Iterator<Item = &'u u16>, holds_three: impl Fn([u16; 3]) -> bool) -> Option<[u16; GRAM]> {
    let mut gram = [0; GRAM];
    let mut length = 0;
    for unit in units.take(LONGEST_REPETITION).map(|unit| squeeze(*unit)) {
        if length == 0 || gram[length - 1] != unit {
            gram[length] = unit;
            length += 1;
            if length == 3 && !holds_three([gram[0], gram[1], gram[2]]) {
                return None;
            }
            if length == GRAM {
                return Some(gram);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;
    use crate::text::fold;

    const RULES: &str = r#"
notice:
  id: made-up
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - { id: one, name: 中国样例学会, translations: { en: [Example Committee] }, listing: banned }
"#;

    #[test]
    fn only_where_a_name_may_go_on_a_text_is_read_along_the_names() {
        let rules = RuleSet::builder().add_yaml("made-up.yaml", RULES).build().expect("the rules are sound");
        let hides = |text: &str| may_hide(rules.hidden_names(), text, &fold(text), Signs::of(text));
        for text in [
            "中国（北京）样例",
            "例(lì)学",
            "样例x学",
            "样例xue会",
            "样例xue",
            "样(l)",
            "zhong国样",
            "中中国",
            "样例例学",
            "Commmittee",
            "C0mmittee",
            "Examp1e",
            "Example (North) Committee",
            "$ham",
            "样例1学",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in [
            "",
            "今天(周五)开会",
            "我们去KTV唱歌",
            "3月5日的天气",
            "妈妈说爸爸好好的",
            "really good coffee and all that",
            "a1 sauce, 4th of July",
            "see the list (below)",
            "我有2个app",
            "[1] 见注",
            "他说“好的”。",
        ] {
            assert!(!hides(text), "{text}");
        }
    }
}
