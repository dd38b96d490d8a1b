//! The fold of every character, ready for look-up: read once from the committed table.
//!
//! One u16 per character of the BMP (128 KB) answers nearly every character of a real text in one look-up. Astral characters
//! take a second step, expansions a third, and the classes of a fold are only asked for where a candidate was found.

use std::sync::LazyLock;

use super::folds::{Fold, FoldSet};
use super::signs::{SIGNS, Signs};

/// Code points, their folds and classes: see its first lines.
const FOLDS: &str = include_str!("generated/folds.tsv");
/// What is kept, and why the rest is dropped: see its first lines.
const RANGES: &str = include_str!("generated/ranges.tsv");

/// Codes from here to [`LAST_ESCAPE`] are no units: surrogates and private use, which no fold gives as a single unit.
const FIRST_ESCAPE: u16 = 0xD800;
const LAST_ESCAPE: u16 = 0xF8FF;
/// The character is dropped.
const DROP: u16 = 0;
/// A Hangul syllable: its letters follow from its number.
const HANGUL: u16 = FIRST_ESCAPE;
/// An astral character that folds to itself.
const KEEP: u16 = FIRST_ESCAPE + 1;
/// The first of the [`SIGNS`], in their order.
const SIGN: u16 = FIRST_ESCAPE + 2;
/// The first expansion.
const EXPANSION: u16 = SIGN + 64;

/// A composed Hangul syllable; they are not listed one by one.
pub(super) const fn is_hangul_syllable(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// The letters of a Hangul syllable (The Unicode Standard, section 3.12): leading, vowel, and trailing if there is one.
fn hangul_letters(syllable: char) -> impl Iterator<Item = char> {
    const VOWELS: u32 = 21;
    const TRAILING: u32 = 28;
    let number = u32::from(syllable) - 0xAC00;
    let trailing = number % TRAILING;
    let letters = [0x1100 + number / (VOWELS * TRAILING), 0x1161 + number / TRAILING % VOWELS, 0x11A7 + trailing];
    let len = if trailing == 0 { 2 } else { 3 };
    letters.into_iter().take(len).filter_map(char::from_u32)
}

/// The fold of every character.
pub(super) struct Table {
    bmp: Box<[u16; 0x1_0000]>,
    /// The block of codes for each 256 astral characters, by code point / 256.
    astral_blocks: Vec<u16>,
    astral: Vec<[u16; 256]>,
    expansions: Vec<Box<[u16]>>,
    /// The codes that the signs would have, were they none.
    signs: [u16; SIGNS.len()],
    /// Sorted by character.
    classes: Vec<(char, FoldSet)>,
    /// First, last and class of what is dropped, sorted.
    dropped: Vec<(char, char, Fold)>,
}

/// What a code stands for.
pub(super) enum Folded<'t> {
    Dropped,
    Unit(u16),
    Units(&'t [u16]),
    /// Two units: the surrogates of the character itself.
    Itself,
    Hangul,
}

impl Table {
    /// The table, read at the first call.
    pub(super) fn get() -> &'static Table {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(RANGES, FOLDS));
        &TABLE
    }

    /// The unit of a character below U+10000, if it folds to exactly one and is no sign; `Some(0)` is a dropped character. The hot path.
    #[inline]
    pub(super) fn usual(&self, code_point: u16) -> Option<u16> {
        let code = self.bmp[usize::from(code_point)];
        (!is_escape(code)).then_some(code)
    }

    /// The unit of a character, if it folds to exactly one; `Some(0)` is a dropped character.
    #[inline]
    pub(super) fn unit(&self, c: char) -> Option<u16> {
        let code = self.code(c);
        (!is_escape(code)).then_some(code)
    }

    /// What a character can be a sign of, and its unit, 0 when it is dropped.
    #[inline]
    pub(super) fn sign(&self, c: char) -> Option<(Signs, u16)> {
        let number = usize::from(self.entry(c).checked_sub(SIGN)?);
        let (_, signs) = SIGNS.get(number)?;
        Some((*signs, self.signs[number]))
    }

    #[inline]
    fn code(&self, c: char) -> u16 {
        match self.entry(c) {
            entry @ SIGN..EXPANSION => self.signs[usize::from(entry - SIGN)],
            entry => entry,
        }
    }

    #[inline]
    fn entry(&self, c: char) -> u16 {
        match u16::try_from(u32::from(c)) {
            Ok(c) => self.bmp[usize::from(c)],
            Err(_) => self.astral_code(c),
        }
    }

    fn astral_code(&self, c: char) -> u16 {
        let (block, within) = place(c);
        self.astral[usize::from(self.astral_blocks[block])][within]
    }

    /// What a character folds to.
    pub(super) fn fold(&self, c: char) -> Folded<'_> {
        match self.code(c) {
            DROP => Folded::Dropped,
            HANGUL => Folded::Hangul,
            KEEP => Folded::Itself,
            code @ EXPANSION..=LAST_ESCAPE => Folded::Units(&self.expansions[usize::from(code - EXPANSION)]),
            code => Folded::Unit(code),
        }
    }

    /// The units of a character, one after the other.
    pub(super) fn each_unit(&self, c: char, each: &mut impl FnMut(u16)) {
        match self.fold(c) {
            Folded::Dropped => {}
            Folded::Unit(unit) => each(unit),
            Folded::Units(units) => units.iter().copied().for_each(each),
            Folded::Itself => c.encode_utf16(&mut [0; 2]).iter().copied().for_each(each),
            Folded::Hangul => {
                for letter in hangul_letters(c) {
                    self.each_unit(letter, each);
                }
            }
        }
    }

    /// How many units a character folds to.
    pub(super) fn len(&self, c: char) -> usize {
        match self.fold(c) {
            Folded::Dropped => 0,
            Folded::Unit(_) => 1,
            Folded::Units(units) => units.len(),
            Folded::Itself => c.len_utf16(),
            Folded::Hangul => hangul_letters(c).map(|letter| self.len(letter)).sum(),
        }
    }

    /// The fold leaves nothing of the character.
    pub(super) fn is_dropped(&self, c: char) -> bool {
        self.code(c) == DROP
    }

    /// Why a character is dropped: mark, separator or invisible; `None` when it is kept.
    pub(super) fn dropped_as(&self, c: char) -> Option<Fold> {
        let behind = self.dropped.partition_point(|(first, ..)| *first <= c);
        let (_, last, class) = self.dropped.get(behind.checked_sub(1)?)?;
        (c <= *last).then_some(*class)
    }

    /// The ways in which a kept character differs from its fold.
    pub(super) fn classes(&self, c: char) -> FoldSet {
        if is_hangul_syllable(c) {
            return FoldSet::EMPTY.with(Fold::Styled);
        }
        match self.classes.binary_search_by_key(&c, |(of, _)| *of) {
            Ok(at) => self.classes[at].1,
            Err(_) => FoldSet::EMPTY,
        }
    }

    fn read(ranges: &str, folds: &str) -> Self {
        let mut table = Table {
            bmp: vec![DROP; 0x1_0000].try_into().expect("the length is the array's"),
            astral_blocks: vec![0; 0x1100],
            astral: vec![[DROP; 256], [KEEP; 256]],
            expansions: Vec::new(),
            signs: [DROP; SIGNS.len()],
            classes: Vec::new(),
            dropped: Vec::new(),
        };
        for line in lines(ranges) {
            table.read_range(line).expect("generated, and compared by a test");
        }
        for line in lines(folds) {
            table.read_fold(line).expect("generated, and compared by a test");
        }
        for (entry, (number, (sign, _))) in (SIGN..EXPANSION).zip(SIGNS.iter().enumerate()) {
            table.signs[number] = table.entry(*sign);
            table.set(*sign, entry);
        }
        table
    }

    fn read_range(&mut self, line: &str) -> Option<()> {
        let mut columns = line.split('\t');
        let (first, last) = (code_point(columns.next()?)?, code_point(columns.next()?)?);
        if let Some(class) = Fold::from_name(columns.next()?) {
            self.dropped.push((first, last, class));
            return Some(());
        }
        let mut at = first;
        while at <= last {
            let (block, within) = place(at);
            let whole = block_end(at);
            if at > '\u{FFFF}' && within == 0 && whole <= last {
                self.astral_blocks[block] = 1;
                at = next(whole)?;
            } else {
                self.set(at, if is_hangul_syllable(at) { HANGUL } else { itself(at) });
                at = next(at)?;
            }
        }
        Some(())
    }

    fn read_fold(&mut self, line: &str) -> Option<()> {
        let mut columns = line.split('\t');
        let from = code_point(columns.next()?)?;
        let mut units = Vec::new();
        for to in columns.next()?.split(' ') {
            units.extend_from_slice(code_point(to)?.encode_utf16(&mut [0; 2]));
        }
        let classes = columns.next()?.split(',').map(Fold::from_name).collect::<Option<FoldSet>>()?;
        let code = if let [unit] = units[..] { unit } else { self.expansion(units)? };
        self.set(from, code);
        self.classes.push((from, classes));
        Some(())
    }

    fn expansion(&mut self, units: Vec<u16>) -> Option<u16> {
        let code = EXPANSION.checked_add(u16::try_from(self.expansions.len()).ok()?)?;
        self.expansions.push(units.into());
        (code <= LAST_ESCAPE).then_some(code)
    }

    fn set(&mut self, c: char, code: u16) {
        if let Ok(c) = u16::try_from(u32::from(c)) {
            self.bmp[usize::from(c)] = code;
            return;
        }
        let (block, within) = place(c);
        let mut at = usize::from(self.astral_blocks[block]);
        if at < 2 {
            let own = self.astral[at];
            at = self.astral.len();
            self.astral.push(own);
            self.astral_blocks[block] = u16::try_from(at).expect("there are 4,352 blocks");
        }
        self.astral[at][within] = code;
    }
}

fn lines(tsv: &str) -> impl Iterator<Item = &str> {
    tsv.lines().filter(|line| !line.starts_with('#'))
}

fn code_point(hex: &str) -> Option<char> {
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

/// The entry is no unit.
#[inline]
fn is_escape(entry: u16) -> bool {
    (FIRST_ESCAPE..=LAST_ESCAPE).contains(&entry)
}

/// The code of a character that folds to itself.
fn itself(c: char) -> u16 {
    u16::try_from(u32::from(c)).unwrap_or(KEEP)
}

/// Block of 256, and place within it.
fn place(c: char) -> (usize, usize) {
    let [high, middle, low] = [u32::from(c) >> 16, u32::from(c) >> 8 & 0xFF, u32::from(c) & 0xFF]
        .map(|part| usize::try_from(part).expect("at most 255"));
    (high << 8 | middle, low)
}

/// The last character of the block of 256 that `c` is in.
fn block_end(c: char) -> char {
    char::from_u32(u32::from(c) | 0xFF).unwrap_or(c)
}

fn next(c: char) -> Option<char> {
    (c..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_kept_or_dropped_for_one_reason() {
        let table = Table::get();
        for c in '\0'..=char::MAX {
            assert_eq!(table.is_dropped(c), table.dropped_as(c).is_some(), "{c:?}");
            assert_eq!(table.is_dropped(c), table.len(c) == 0, "{c:?}");
            let mut units = Vec::new();
            table.each_unit(c, &mut |unit| units.push(unit));
            assert_eq!(units.len(), table.len(c), "{c:?}");
            assert!(String::from_utf16(&units).is_ok(), "{c:?}");
        }
    }

    #[test]
    fn ascii_letters_and_digits_are_themselves_in_lower_case() {
        for c in '\0'..='\x7F' {
            let expected = if c.is_ascii_alphanumeric() { u16::from(c.to_ascii_lowercase() as u8) } else { DROP };
            assert_eq!(Table::get().unit(c), Some(expected), "{c:?}");
        }
    }

    #[test]
    fn what_is_not_assigned_is_kept_only_where_han_characters_will_be() {
        for (c, kept) in [
            ('\u{2FFFD}', true),
            ('\u{3FFFD}', true),
            ('\u{2FFFF}', false),
            ('\u{40000}', false),
            ('\u{378}', false),
            ('\u{E000}', false),
        ] {
            assert_eq!(Table::get().dropped_as(c), (!kept).then_some(Fold::Separator), "{c:?}");
        }
    }

    #[test]
    fn signs_fold_to_one_unit_or_none() {
        for (sign, can_be) in SIGNS {
            let (signs, unit) = Table::get().sign(sign).expect("it is a sign");
            assert_eq!((signs, Some(unit)), (can_be, Table::get().unit(sign)), "{sign:?}");
        }
        assert_eq!(Table::get().sign('a'), None);
        assert_eq!(Table::get().sign('ﷺ'), None, "an expansion");
    }

    #[test]
    fn there_is_room_for_more_expansions() {
        assert!(Table::get().expansions.len() < usize::from(LAST_ESCAPE - EXPANSION) / 2);
    }
}
