//! Whether it is worth while to read a text along the names: a look at the places where something may be undone, and at their neighbours.
//!
//! `发展(2024)` -> no, no name has a character behind 展 that could be lost or in brackets there. It may say yes too often, which costs time;
//! whoever says no for a hidden name loses it.

use super::aside::{Letters, bracketed, is_place};
use super::walk::sign_letters;
use crate::rule::{GRAM, HiddenNames, squeeze};
use crate::text::{Seen, Signs, is_dropped, unit_of};
use std::ops::Range;

/// Letters and digits between two Han characters that may stand for one, for some, or for nothing.
const LONGEST_RUN: usize = 14;
/// A repetition is looked at no further than this.
const LONGEST_REPETITION: usize = 64;

/// A name may be hidden in `text`, whose fold is `units`.
pub(super) fn may_hide(names: &HiddenNames, text: &str, units: &[u16], seen: &Seen) -> bool {
    has_telling_units(names, units)
        || has_telling_brackets(names, text, seen.openers.clone())
        || (seen.signs.contains(Signs::SPELL) && has_telling_signs(names, text))
}

/// Brackets that stand between two characters of a name, or beside a character that is written in letters.
fn has_telling_brackets(names: &HiddenNames, text: &str, openers: Range<usize>) -> bool {
    // What a bracket begins with in UTF-8: elsewhere no character is looked at.
    let opens = |byte: u8| matches!(byte, b'(' | b'[' | b'{' | b'<' | 0xE3 | 0xEF);
    let bytes = text.as_bytes();
    openers.filter(|at| opens(bytes[*at])).any(|at| {
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
    let [one, other] = [one, other].map(|unit| unit.filter(|unit| names.may_hold(*unit)));
    if one.is_none() && other.is_none() {
        return false;
    }
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

/// A sign, or a capital I, that is written for a letter where a name with letters may go on.
fn has_telling_signs(names: &HiddenNames, text: &str) -> bool {
    let spells = |c: char| matches!(c, 'I' | 'Ӏ' | 'ӏ') || !sign_letters(c).is_empty();
    text.char_indices().filter(|(_, c)| spells(*c)).any(|(at, _)| {
        let near = |chars: &mut dyn Iterator<Item = char>| -> Vec<u16> {
            chars.take(LONGEST_REPETITION).filter_map(spelled).take(2 * GRAM).collect()
        };
        let mut before = near(&mut text[..at].chars().rev());
        before.reverse();
        let sign = before.len();
        before.extend(near(&mut text[at..].chars()));
        goes_on(names, &before, sign) || came_here(names, &before[..before.len().min(sign + 1)])
    })
}

/// The unit that a character is, or is written for; `None` when it is dropped.
fn spelled(c: char) -> Option<u16> {
    let letter = sign_letters(c).bytes().next().map(u16::from);
    letter.or_else(|| unit_of(c).map_or(Some(u16::MAX), |unit| (unit != 0).then_some(unit)))
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
    // The last block ends with the text, whatever was looked at before.
    let last = behind.len().checked_sub(BLOCK);
    let mut blocks = (0..last.map_or(0, |last| last + 1)).step_by(BLOCK).chain(last);
    let in_blocks = blocks.any(|first| {
        let (Some(ones), Some(others)) = (units[first..].first_chunk(), behind[first..].first_chunk()) else {
            return false;
        };
        let mut changes = changes(ones, others);
        while changes != 0 {
            let place = usize::try_from(changes.trailing_zeros()).unwrap_or(0);
            if is_telling_change(names, units, first + place + 1) {
                return true;
            }
            changes &= changes - 1;
        }
        false
    });
    let is_short = last.is_none();
    in_blocks
        || (is_short
            && (1..units.len()).any(|at| is_change(units[at - 1], units[at]) && is_telling_change(names, units, at)))
}

/// So many neighbours are looked at together.
const BLOCK: usize = 16;

/// The bit of each place.
const BITS: [u16; BLOCK] = {
    let mut bits = [0; BLOCK];
    let mut place = 0;
    while place < BLOCK {
        bits[place] = 1 << place;
        place += 1;
    }
    bits
};

/// A bit for each two neighbours that are equal or of different kinds. Nearly all are neither, and this is asked of sixteen at a time.
fn changes(ones: &[u16; BLOCK], others: &[u16; BLOCK]) -> u16 {
    // In two steps, and on whole lanes: so the compiler does eight at a time.
    let mut lanes = [0_u16; BLOCK];
    for (place, lane) in lanes.iter_mut().enumerate() {
        let all = |holds: bool| u16::from(holds).wrapping_neg();
        let (one, other) = (ones[place], others[place]);
        let kinds = (all(one >> 7 == 0) ^ all(other >> 7 == 0)) | (all(one < 0x3A) ^ all(other < 0x3A));
        *lane = (all(one == other) | kinds) & BITS[place];
    }
    lanes.iter().fold(0, |bits, lane| bits | lane)
}

#[inline]
#[expect(clippy::needless_bitwise_bool, reason = "a branch would cost more than the comparison")]
fn is_change(one: u16, other: u16) -> bool {
    (one == other) | ((one < 0x80) != (other < 0x80)) | ((one < 0x3A) != (other < 0x3A))
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
        (Class::Letter, Class::Digit) => may_stand(names, units, at) && is_telling_word(names, units, at),
        (Class::Digit, Class::Letter) => may_stand(names, units, at - 1) && is_telling_word(names, units, at),
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
        if !may_stand(names, units, at) {
            return false;
        }
        // `committee` is how it is written.
        let around = (units.get(at.wrapping_sub(2)), units.get(at + 1));
        let is_natural =
            || matches!(around, (Some(one), Some(other)) if names.holds_double([*one, unit, unit, *other]));
        return is_telling_word(names, units, at) && !is_natural();
    }
    if !names.may_hold(unit) {
        return false;
    }
    let before = units[..at].iter().rev().take(LONGEST_REPETITION).find(|other| **other != unit);
    let behind = units[at..].iter().take(LONGEST_REPETITION).find(|other| **other != unit);
    before.is_some_and(|before| names.may_hold_pair(*before, unit))
        || behind.is_some_and(|behind| names.may_hold_pair(unit, *behind))
}

/// What is at `at`, once and as a letter, stands between those around it in some name, or begins or ends one.
fn may_stand(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let unit = squeeze(units[at]);
    let (first, last) = (at.saturating_sub(LONGEST_REPETITION), units.len().min(at + LONGEST_REPETITION));
    let mut another = at;
    while another > first && squeeze(units[another]) == unit {
        another -= 1;
    }
    let before = Some(squeeze(units[another])).filter(|before| *before != unit);
    let mut another = at;
    while another + 1 < last && squeeze(units[another]) == unit {
        another += 1;
    }
    let behind = Some(squeeze(units[another])).filter(|behind| *behind != unit);
    behind.is_some_and(|behind| names.may_begin_with(unit, behind))
        || before.is_some_and(|before| names.may_end_with(before, unit))
        || matches!((before, behind), (Some(before), Some(behind)) if names.holds_three([before, unit, behind]))
}

/// A run of letters and digits begins at `at`, behind a Han character.
fn is_telling_run(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let before = units[at - 1];
    let run = &units[at..units.len().min(at + LONGEST_RUN + 1)];
    let run = &run[..run.iter().position(|unit| *unit >= 0x80).unwrap_or(run.len())];
    let behind = units.get(at + run.len()).copied();
    behind.is_some_and(|behind| names.may_hold_pair(before, behind))
        || (run.len() <= LONGEST_RUN && is_said_beside(names, Some(before), run.iter().copied(), behind))
}

/// A run of letters ends before `at`, and a Han character follows: its beginning is looked at here when no Han character is before it.
fn ends_a_telling_run(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let run = units[..at].iter().rev().take(LONGEST_RUN).take_while(|unit| **unit < 0x80).count();
    is_said_beside(names, None, units[at - run..at].iter().copied(), Some(units[at]))
}

/// The letters around `at`, as they are squeezed, stand so in some name: up to there, or from there on.
fn is_telling_word(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    goes_on(names, units, at) || came_here(names, &units[..at])
}

/// The next letters, each squeezed and none twice in a row, stand so in some name.
fn goes_on(names: &HiddenNames, units: &[u16], at: usize) -> bool {
    let (mut gram, mut length) = ([0; GRAM], 0);
    for unit in &units[at..units.len().min(at + LONGEST_REPETITION)] {
        let unit = squeeze(*unit);
        if length > 0 && gram[length - 1] == unit {
            continue;
        }
        gram[length] = unit;
        length += 1;
        if length == 3 && !names.holds_three([gram[0], gram[1], gram[2]]) {
            return false;
        }
        if length == GRAM {
            return names.may_hold_gram(gram.into_iter());
        }
    }
    false
}

/// So do the last letters.
fn came_here(names: &HiddenNames, units: &[u16]) -> bool {
    let (mut gram, mut left) = ([0; GRAM], GRAM);
    for unit in units[units.len().saturating_sub(LONGEST_REPETITION)..].iter().rev() {
        let unit = squeeze(*unit);
        if left < GRAM && gram[left] == unit {
            continue;
        }
        left -= 1;
        gram[left] = unit;
        if left == GRAM - 3 && !names.holds_three([gram[GRAM - 3], gram[GRAM - 2], gram[GRAM - 1]]) {
            return false;
        }
        if left == 0 {
            return names.may_hold_gram(gram.into_iter());
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;
    use crate::text::{fold, fold_into};

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
        let hides = |text: &str| may_hide(rules.hidden_names(), text, &fold(text), &fold_into(text, &mut Vec::new()));
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
            "Ex@mple",
            "Example Comm!ttee",
            "ExampIe",
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
            "hello @friend, $50!!",
            "Committee of the whole",
            "the iPhone of WiIson",
        ] {
            assert!(!hides(text), "{text}");
        }
    }
}
