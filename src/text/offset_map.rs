//! The way back: from units of a folded text to bytes of the original.
//!
//! Only texts with a candidate pay for it. `中 國` folds to two units; units 0..2 came from bytes 0..7, units 1..2 from 4..7.

use std::ops::Range;

use super::folds::Fold;
use super::table::Table;

/// Where each unit of a folded text came from: built only for texts with a candidate.
#[derive(Debug, Default)]
pub struct OffsetMap {
    /// One per unit; the units of one character share one place.
    places: Vec<Place>,
}

/// The bytes of a character with its tail. Four bytes a number: a text beyond 4 GiB has no places from there on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    start: u32,
    end: u32,
}

impl OffsetMap {
    /// Rebuilds the map for `text` (same walk as `fold_into`, unit for unit).
    pub fn rebuild(&mut self, text: &str) {
        let table = Table::get();
        self.places.clear();
        // The units of the character that a mark here would belong to.
        let mut open = 0..0;
        for (at, c) in text.char_indices() {
            let (Ok(start), Ok(end)) = (u32::try_from(at), u32::try_from(at + c.len_utf8())) else {
                return;
            };
            let units = table.len(c);
            if units > 0 {
                let first = self.places.len();
                self.places.resize(first + units, Place { start, end });
                open = first..first + units;
            } else if belongs_to_the_character_before(table, c) {
                self.places[open.clone()].iter_mut().for_each(|place| place.end = end);
            } else {
                open = 0..0;
            }
        }
    }

    /// The number of units mapped: those of the text of the last `rebuild`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// No unit is mapped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The bytes of the original that the units came from: from the first byte of the character behind the
    /// first unit to the last byte of the character behind the last, with marks and variation selectors that
    /// follow it (a span never cuts a grapheme's tail). Always on character boundaries.
    /// `None` when the range is empty or out of the text, or begins or ends inside the expansion of a character.
    #[must_use]
    pub fn source(&self, units: Range<usize>) -> Option<Range<usize>> {
        let inside = self.places.get(units.clone())?;
        let (first, last) = (inside.first()?, inside.last()?);
        let begins_inside = units.start > 0 && self.places[units.start - 1] == *first;
        let ends_inside = self.places.get(units.end) == Some(last);
        if begins_inside || ends_inside {
            return None;
        }
        Some(usize::try_from(first.start).ok()?..usize::try_from(last.end).ok()?)
    }
}

/// Marks and variation selectors are drawn on the character before them.
fn belongs_to_the_character_before(table: &Table, c: char) -> bool {
    let is_variation_selector =
        matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{180B}'..='\u{180D}' | '\u{180F}');
    is_variation_selector || table.dropped_as(c) == Some(Fold::Mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_lead_back_to_whole_characters_with_their_tails() {
        #[rustfmt::skip]
        let table: &[(&str, Range<usize>, Option<&str>)] = &[
            ("中 國", 0..2, Some("中 國")),
            ("中 國", 1..2, Some("國")),
            ("  中国  ", 0..2, Some("中国")),
            ("cafe\u{301} au", 0..4, Some("cafe\u{301}")),
            ("葛\u{E0100}城", 0..1, Some("葛\u{E0100}")),
            ("a\u{FE0F}\u{20E3}b", 0..1, Some("a\u{FE0F}\u{20E3}")),
            ("a\u{200B}\u{301}b", 0..1, Some("a")),
            ("\u{301}ab", 0..2, Some("ab")),
            ("xﬁy", 1..3, Some("ﬁ")),
            ("x㈱y", 0..3, Some("x㈱y")),
            ("𠀀b", 0..2, Some("𠀀")),
            ("𝐀b", 0..1, Some("𝐀")),
            // Not a place in the original.
            ("xﬁy", 1..2, None),
            ("xﬁy", 2..3, None),
            ("xﬁy", 0..2, None),
            ("𠀀b", 1..3, None),
            ("한b", 0..2, None),
            ("ab", 1..1, None),
            ("ab", 1..3, None),
            ("ab", 7..9, None),
            ("…", 0..1, None),
            ("", 0..1, None),
        ];
        let mut map = OffsetMap::default();
        for (text, units, expected) in table {
            map.rebuild(text);
            assert_eq!(map.source(units.clone()).map(|bytes| &text[bytes]), *expected, "{text:?} {units:?}");
        }
    }

    #[test]
    fn a_range_the_wrong_way_round_is_no_place() {
        let mut map = OffsetMap::default();
        map.rebuild("abc");
        #[expect(clippy::reversed_empty_ranges, reason = "that is the case")]
        let reversed = 2..1;
        assert_eq!(map.source(reversed), None);
    }
}
