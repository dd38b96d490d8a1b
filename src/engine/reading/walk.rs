//! Reading a text along the names: at each character, what a reader would undo so that a name goes on.
//!
//! The automaton reads a text in one way; here every place may be read in several, so that techniques mix freely:
//! `中(zhōng)國國雷锋j金会` -> `中国雷锋基金会`. Reading begins wherever a name can begin, goes on only as long as some name does,
//! and counts its steps: where a text is hostile it is read no further than the budget of that place goes.

use super::aside::{Letters, bracketed, is_bracket, is_place, is_reading_of, is_tone, letter};
use super::edit::{Edit, Kind, is_plausible};
use crate::matcher::{Node, PatternId, Trie};
use crate::rule::{HiddenNames, squeeze};
use crate::text::{Fold, begins_with, dropped_as, fold, is_dropped, is_han_like, is_word_boundary, reads_as, unit_of};
use std::ops::Range;

/// Steps for each byte of a block, and for any block: honest texts take less than one for a byte.
const STEPS: (usize, usize) = (16, 10_000);
/// Starts in so many bytes share a budget. What is written elsewhere takes nothing from it, so that no wall of brackets hides a name behind it.
const BLOCK: usize = 4096;
/// So many ways to go on that are compared with a reading are one step more.
const COMPARED: usize = 8;
/// No character is read in more letters: `zhuang`.
const LONGEST_SYLLABLE: usize = 6;
/// Signs without letters between two characters of one name are no more than this.
const MOST_DROPPED: usize = 24;
/// A repetition is read no further than this, in characters.
const LONGEST_REPETITION: usize = 64;
/// A filler has at most so many letters or digits.
const LONGEST_FILLER: usize = 3;

/// A name that stands in a text when what hides it is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) pattern: PatternId,
    pub(super) bytes: Range<usize>,
    pub(super) edits: Vec<Edit>,
}

/// Every name that can be read in `text` with something undone.
pub(super) fn walk(names: &HiddenNames, text: &str) -> Vec<Seen> {
    let mut walk =
        Walk { trie: names.trie(), text, start: 0, edits: Vec::new(), said: Vec::new(), seen: Vec::new(), steps: 0 };
    let (mut before, mut block_end) = (None, 0);
    for (at, c) in text.char_indices() {
        if at >= block_end {
            walk.steps = (text.len() - at).min(BLOCK) * STEPS.0 + STEPS.1;
            block_end = at + BLOCK;
        }
        if may_begin(names, before, c, text, at) {
            walk.start = at;
            walk.go(Trie::ROOT, at);
        }
        before = Some(c);
    }
    walk.seen
}

/// A name can begin with the character: nearly none of a text can, so the cheap looks come first.
fn may_begin(names: &HiddenNames, before: Option<char>, c: char, text: &str, at: usize) -> bool {
    match unit_of(c) {
        None => true,
        Some(0) => !sign_letters(c).is_empty() || is_bracket(c),
        Some(unit) if unit >= 0x80 => names.may_begin(unit),
        Some(unit) => {
            !before.is_some_and(|before| before.is_ascii_alphanumeric())
                && may_begin_in_letters(names, unit, &text[at..])
                && is_word_boundary(text, at)
        }
    }
}

/// Some name begins with the first two letters, or the letters may be the reading of a Han character.
fn may_begin_in_letters(names: &HiddenNames, first: u16, rest: &str) -> bool {
    // `rn` and `vv` look like other letters.
    if matches!(u8::try_from(first), Ok(b'r' | b'v')) {
        return true;
    }
    for c in rest.chars().skip(1).take(MOST_DROPPED) {
        match unit_of(c) {
            Some(0) if sign_letters(c).is_empty() && !is_bracket(c) => {}
            Some(unit) if unit != 0 && unit < 0x80 && squeeze(unit) == squeeze(first) => {}
            Some(unit) if unit != 0 && unit < 0x80 => {
                return names.may_begin_with(squeeze(first), squeeze(unit)) || is_syllable_before_han(rest);
            }
            _ => return true,
        }
    }
    true
}

/// So few letters stand before a Han character that they may be the reading of another.
fn is_syllable_before_han(rest: &str) -> bool {
    let letters = rest.chars().take(8);
    letters.skip_while(|c| letter(*c).is_some() || is_tone(*c)).find(|c| !is_dropped(*c)).is_some_and(is_ideograph)
}

struct Walk<'w> {
    trie: &'w Trie,
    text: &'w str,
    start: usize,
    /// What was undone on the way from `start`, in order.
    edits: Vec<Edit>,
    /// The characters read on the way.
    said: Vec<char>,
    seen: Vec<Seen>,
    steps: usize,
}

impl Walk<'_> {
    /// Goes on from `node`, which was reached by what stands before `at`.
    fn go(&mut self, node: Node, at: usize) {
        let Some(steps) = self.steps.checked_sub(1) else { return };
        self.steps = steps;
        self.arrive(node, at);
        if self.trie.branches(node).is_empty() {
            return;
        }
        let mut here = at;
        for _ in 0..=MOST_DROPPED {
            let Some(c) = self.text[here..].chars().next() else { return };
            self.brackets(node, here, c);
            self.sign_for_letter(node, here, c);
            if !is_dropped(c) {
                self.letter(node, here, c);
                return;
            }
            if self.said.is_empty() {
                return;
            }
            here += c.len_utf8();
        }
    }

    /// Reads `read` in the bytes `written` and goes on.
    fn undo(&mut self, node: Node, kind: Kind, written: Range<usize>, read: Option<char>) {
        let end = written.end;
        self.edits.push(Edit { kind, written, read });
        self.said.extend(read);
        if self.edits.len() <= self.said.len() * 2 + 2 {
            self.go(node, end);
        }
        if read.is_some() {
            self.said.pop();
        }
        self.edits.pop();
    }

    /// A kept character: as it is written, or in any way that it may be read.
    fn letter(&mut self, node: Node, at: usize, c: char) {
        let next = at + c.len_utf8();
        if let Some(child) = self.spelled(node, c) {
            self.said.push(c);
            self.go(child, next);
            self.said.pop();
        }
        let Some(&last) = self.said.last() else {
            self.look_alikes(node, at, c);
            if letter(c).is_some() && is_syllable_before_han(&self.text[at..]) {
                self.spoken(node, at);
            }
            return;
        };
        // `样(li)例` has the reading before its character, as nobody writes it.
        let is_spoken = self.edits.last().is_some_and(|edit| {
            edit.kind.fold() == Fold::Pinyin
                && edit.read.is_some()
                && self.text[edit.written.end..at].chars().all(is_dropped)
        });
        if is_same(last, c) && !is_spoken {
            self.undo(node, Kind::Repeated, at..self.run_end(at, c), None);
        }
        self.look_alikes(node, at, c);
        if letter(c).is_some() {
            self.spoken(node, at);
            self.stray(node, at);
        }
        if is_han_like(last) && !is_ideograph(c) {
            self.filler(node, at);
        }
    }

    /// The units of the character as it is written.
    fn spelled(&self, node: Node, c: char) -> Option<Node> {
        match unit_of(c) {
            Some(unit) => self.trie.step(node, unit),
            None => fold(c.encode_utf8(&mut [0; 4])).iter().try_fold(node, |node, unit| self.trie.step(node, *unit)),
        }
    }

    /// Where the repetition of `c` ends that begins at `at`.
    fn run_end(&self, at: usize, c: char) -> usize {
        let mut end = at;
        for (offset, next) in self.text[at..].char_indices().take(LONGEST_REPETITION) {
            if is_same(next, c) {
                end = at + offset + next.len_utf8();
            } else if !matches!(dropped_as(next), Some(Fold::Mark | Fold::Invisible)) {
                break;
            }
        }
        end
    }

    fn look_alikes(&mut self, node: Node, at: usize, c: char) {
        let written = at..at + c.len_utf8();
        let Some(unit) = unit_of(c).and_then(|unit| u8::try_from(unit).ok()) else { return };
        if unit.is_ascii_digit() {
            self.instead(node, Kind::Leet, &written, digit_letters(unit));
        } else if c == 'I' {
            self.instead(node, Kind::Alike, &written, "l");
        } else if unit == b'l' {
            self.instead(node, Kind::Alike, &written, "i");
        } else if matches!(unit, b'v' | b'r') {
            let (second, letter) = if unit == b'v' { ('v', "w") } else { ('n', "m") };
            if self.text[written.end..].starts_with(second) {
                self.instead(node, Kind::Alike, &(at..written.end + 1), letter);
            }
        }
    }

    /// A sign that is drawn like a letter: the fold drops it.
    fn sign_for_letter(&mut self, node: Node, at: usize, c: char) {
        let letters = sign_letters(c);
        if !letters.is_empty() {
            self.instead(node, Kind::Leet, &(at..at + c.len_utf8()), letters);
        }
    }

    fn instead(&mut self, node: Node, kind: Kind, written: &Range<usize>, letters: &str) {
        for letter in letters.chars() {
            if let Some(child) = unit_of(letter).and_then(|unit| self.trie.step(node, unit)) {
                self.undo(child, kind, written.clone(), Some(letter));
            }
        }
    }

    /// A bracket that opens here: a reading of what was said, a reading instead of what is lost, or an aside.
    fn brackets(&mut self, node: Node, at: usize, c: char) {
        if !is_dropped(c) {
            return;
        }
        let Some((inside, length)) = bracketed(&self.text[at..]) else { return };
        let whole = at..at + length;
        if let Some(letters) = Letters::of(inside) {
            let is_initial = letters.as_slice().len() == 1;
            if is_reading_of(&self.said, letters.as_slice())
                || (is_initial && self.is_initial_beside(whole.end, letters.as_slice()[0]))
            {
                self.undo(node, Kind::Aside, whole.clone(), None);
            }
            self.said_instead(node, &whole, letters.as_slice());
        }
        if self.said.len() >= 2 && is_place(inside) {
            self.undo(node, Kind::Place, whole, None);
        }
    }

    /// The letter begins the reading of the character before or behind it.
    fn is_initial_beside(&self, behind: usize, letter: u8) -> bool {
        let next = self.text[behind..].chars().next();
        self.said.last().is_some_and(|last| begins_with(*last, letter)) || next.is_some_and(|c| begins_with(c, letter))
    }

    /// Every way to go on with a character that is read so, or begins so when it is one letter.
    fn said_instead(&mut self, node: Node, written: &Range<usize>, letters: &[u8]) {
        let ways = self.trie.branches(node);
        let Some(steps) = self.steps.checked_sub(ways.len() / COMPARED) else { return };
        if letters.len() > LONGEST_SYLLABLE {
            return;
        }
        self.steps = steps;
        for (unit, child) in ways {
            let Some(c) = char::from_u32(u32::from(*unit)).filter(|c| is_ideograph(*c)) else { continue };
            if reads_as(c, letters) {
                self.undo(*child, Kind::Spoken, written.clone(), Some(c));
            } else if let [initial] = letters
                && begins_with(c, *initial)
            {
                self.undo(*child, Kind::Initial, written.clone(), Some(c));
            }
        }
    }

    /// Letters that are a reading instead of a character: every beginning of them is tried.
    fn spoken(&mut self, node: Node, from: usize) {
        let trie = self.trie;
        if !trie.branches(node).iter().any(|(unit, _)| *unit >= 0x2E80) {
            return;
        }
        let mut letters = [0; LONGEST_SYLLABLE];
        for (count, (offset, c)) in self.text[from..].char_indices().take(LONGEST_SYLLABLE).enumerate() {
            let Some(letter) = letter(c) else { break };
            letters[count] = letter;
            let mut end = from + offset + c.len_utf8();
            let next = self.text[end..].chars().next();
            if let Some(tone) = next.filter(|c| is_tone(*c)) {
                end += tone.len_utf8();
            }
            let is_alone = count == 0 && next.and_then(self::letter).is_none();
            if count > 0 || is_alone {
                self.said_instead(node, &(from..end), &letters[..=count]);
            }
        }
    }

    /// Letters behind a character that are its reading, without brackets: `中zhong国guo`.
    fn stray(&mut self, node: Node, at: usize) {
        let near = self.text.floor_char_boundary(at + 2 * Letters::MOST);
        let run = self.text[at..near].find(|c: char| letter(c).is_none() && !is_tone(c)).map_or(near, |end| at + end);
        let Some(letters) = Letters::of(&self.text[at..run]) else {
            return;
        };
        let is_initial = letters.as_slice().len() == 1 && self.is_initial_beside(run, letters.as_slice()[0]);
        if self.said.last().is_some_and(|c| is_han_like(*c))
            && (is_initial || is_reading_of(&self.said, letters.as_slice()))
        {
            self.undo(node, Kind::Aside, at..run, None);
        }
    }

    /// Letters or digits between two characters, the same wherever there are some.
    fn filler(&mut self, node: Node, at: usize) {
        let rest = &self.text[at..];
        let run = rest.char_indices().take(LONGEST_FILLER + 1).find(|(_, c)| is_ideograph(*c) || is_dropped(*c));
        let Some((length, _)) = run.filter(|(length, _)| *length > 0) else { return };
        let is_like_those_before = |edit: &Edit| {
            edit.kind != Kind::Filler || is_same_filler(&self.text[edit.written.clone()], &rest[..length])
        };
        if self.edits.iter().all(is_like_those_before) {
            self.undo(node, Kind::Filler, at..at + length, None);
        }
    }

    /// The names that end here.
    fn arrive(&mut self, node: Node, end: usize) {
        let trie = self.trie;
        let ends = trie.ends(node);
        if ends.is_empty() || self.edits.last().is_some_and(|edit| edit.read.is_none() && edit.written.end == end) {
            return;
        }
        let mut edits = self.edits.clone();
        let end = self.with_repeated_end(&mut edits, end);
        if edits.is_empty() || !is_plausible(&edits, self.said.len()) || self.is_only_a_doubled_head(&edits) {
            return;
        }
        self.seen.extend(ends.iter().map(|pattern| Seen {
            pattern: *pattern,
            bytes: self.start..end,
            edits: edits.clone(),
        }));
    }

    /// Adds the repetition of the last character: in an alphabet it is always the word's, a Han character may begin the next word
    /// (`…基金会会长`), so there must be three of it, or most of the name must be repeated.
    fn with_repeated_end(&self, edits: &mut Vec<Edit>, end: usize) -> usize {
        let Some(&last) = self.said.last() else { return end };
        let run_end = self.run_end(end, last);
        if run_end == end {
            return end;
        }
        let more = self.text[end..run_end].chars().filter(|c| is_same(*c, last)).count();
        let repeated = edits.iter().filter(|edit| edit.kind == Kind::Repeated).count();
        let is_like_the_one_before = || {
            let before = end - self.text[..end].chars().next_back().map_or(0, char::len_utf8);
            edits.last().is_some_and(|edit| edit.kind == Kind::Repeated && edit.written.end == before)
        };
        let is_sure = more >= 2 || repeated * 2 >= self.said.len() - 1 || is_like_the_one_before();
        if is_han_like(last) && (edits.is_empty() || !is_sure) {
            return end;
        }
        edits.push(Edit { kind: Kind::Repeated, written: end..run_end, read: None });
        run_end
    }

    /// `在中中国…`: the first character once more, and nothing else, is no evasion.
    fn is_only_a_doubled_head(&self, edits: &[Edit]) -> bool {
        let Some(first) = self.said.first().filter(|c| is_han_like(**c)) else { return false };
        let [edit] = edits else { return false };
        edit.kind == Kind::Repeated
            && edit.written.start == self.start + first.len_utf8()
            && self.text[edit.written.clone()].chars().count() < 2
    }
}

/// Digits and letters are one filler if they are equal; digits may count: `中1国2雷3锋`.
fn is_same_filler(one: &str, other: &str) -> bool {
    let is_number = |filler: &str| filler.chars().all(|c| c.is_ascii_digit());
    one == other || (is_number(one) && is_number(other))
}

/// Both fold to the same single unit.
fn is_same(one: char, other: char) -> bool {
    one == other || unit_of(one).is_some_and(|unit| unit != 0 && unit_of(other) == Some(unit))
}

/// A Han character, and neither kana nor bopomofo.
fn is_ideograph(c: char) -> bool {
    is_han_like(c) && !matches!(c, '\u{3040}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}')
}

/// The letters that a digit is written for.
const fn digit_letters(digit: u8) -> &'static str {
    match digit {
        b'0' => "o",
        b'1' => "il",
        b'2' => "z",
        b'3' => "e",
        b'4' => "a",
        b'5' => "s",
        b'6' => "gb",
        b'7' => "t",
        b'8' => "b",
        _ => "gq",
    }
}

/// The letters that a sign is written for.
pub(super) const fn sign_letters(c: char) -> &'static str {
    match c {
        '@' | '＠' => "a",
        '$' | '＄' | '§' => "s",
        '!' | '！' | '¡' | '|' | '｜' | '¦' => "il",
        '+' | '†' | '＋' => "t",
        '€' => "e",
        '£' => "l",
        '¢' | '(' | '<' => "c",
        '¥' => "y",
        _ => "",
    }
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
