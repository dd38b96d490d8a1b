//! What a reader undoes between two characters of a name, and how much of it a name may bear.

use crate::text::{Fold, FoldSet};
use std::ops::Range;

/// How a place of the text is read otherwise than it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The reading of the characters before it, left out: `协(xié)会`.
    Aside,
    /// A reading instead of the character: `协hui`, `全国(xing)氏`.
    Spoken,
    /// The first letter of a reading instead of the character: `协h`.
    Initial,
    /// A place or an alternative in brackets, left out: `中国(北京)雷锋基金会`.
    Place,
    /// The same character once more, left out.
    Repeated,
    /// A digit or a sign for a letter.
    Leet,
    /// A letter for one that looks like it in some types: `I` for `l`.
    Alike,
    /// The same letter or digit in most gaps, left out: `中x国x雷x锋`.
    Filler,
}

/// One place of the text that is read otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) kind: Kind,
    /// Bytes of the text; never empty.
    pub(super) written: Range<usize>,
    /// What is read there; nothing when it is left out.
    pub(super) read: Option<char>,
}

impl Kind {
    const ALL: [Kind; 8] =
        [Kind::Aside, Kind::Spoken, Kind::Initial, Kind::Place, Kind::Repeated, Kind::Leet, Kind::Alike, Kind::Filler];

    pub(super) const fn fold(self) -> Fold {
        match self {
            Kind::Aside | Kind::Spoken | Kind::Initial => Fold::Pinyin,
            Kind::Place => Fold::Bracket,
            Kind::Repeated => Fold::Repeat,
            Kind::Leet => Fold::Leet,
            Kind::Alike => Fold::Confusable,
            Kind::Filler => Fold::Separator,
        }
    }

    /// A name of `units` bears so many edits of this kind: the more is guessed, the longer it must be.
    fn is_borne(self, count: usize, units: usize) -> bool {
        match self {
            _ if count == 0 => true,
            Kind::Aside | Kind::Repeated => true,
            // A third of the characters guessed by their sound is still one name among thousands.
            Kind::Spoken => units >= 5 && count * 3 <= units,
            Kind::Initial => units >= 6 && count * 6 <= units,
            Kind::Place => units >= 6 && count == 1,
            // Two thirds of a word in digits is what people do at most and still hope to be read.
            Kind::Leet | Kind::Alike => count * 3 <= units * 2,
            // A single letter between two characters is a slip or an abbreviation.
            Kind::Filler => count >= 3 && count * 2 >= units.saturating_sub(1),
        }
    }
}

/// A name of `units` may be read with all these edits.
pub(super) fn is_plausible(edits: &[Edit], units: usize) -> bool {
    let count = |kind: Kind| edits.iter().filter(|edit| edit.kind == kind).count();
    let guessed = count(Kind::Spoken) + count(Kind::Initial);
    Kind::ALL.into_iter().all(|kind| kind.is_borne(count(kind), units)) && guessed * 3 <= units
}

/// The techniques behind the edits.
pub(super) fn folds(edits: &[Edit]) -> FoldSet {
    edits.iter().map(|edit| edit.kind.fold()).collect()
}

/// What `text` says from `from` to `to` with the edits undone; all edits lie within.
pub(super) fn reading(text: &str, range: Range<usize>, edits: &[Edit]) -> String {
    let mut read = String::with_capacity(range.len());
    let mut at = range.start;
    for edit in edits {
        read.push_str(&text[at..edit.written.start]);
        read.extend(edit.read);
        at = edit.written.end;
    }
    read.push_str(&text[at..range.end]);
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(kinds: &[Kind]) -> Vec<Edit> {
        kinds.iter().map(|kind| Edit { kind: *kind, written: 0..1, read: None }).collect()
    }

    #[test]
    fn a_name_bears_what_leaves_it_recognisable() {
        use Kind::{Alike, Aside, Filler, Initial, Leet, Place, Repeated, Spoken};
        for (kinds, units, is_borne) in [
            (&[][..], 2, true),
            (&[Aside, Aside, Aside], 3, true),
            (&[Spoken, Spoken], 6, true),
            (&[Spoken, Initial], 6, true),
            (&[Place], 6, true),
            (&[Leet; 8], 12, true),
            (&[Filler; 6], 7, true),
            (&[Repeated; 30], 6, true),
            (&[Alike, Leet], 9, true),
            // Too much of it.
            (&[Spoken, Spoken], 5, false),
            (&[Spoken], 4, false),
            (&[Spoken, Spoken, Initial], 8, false),
            (&[Initial], 5, false),
            (&[Initial, Initial], 11, false),
            (&[Place], 5, false),
            (&[Place, Place], 12, false),
            (&[Leet; 9], 12, false),
            (&[Filler; 2], 3, false),
            (&[Filler; 3], 9, false),
        ] {
            assert_eq!(is_plausible(&edits(kinds), units), is_borne, "{kinds:?} in {units}");
        }
    }

    #[test]
    fn the_text_is_read_with_its_edits() {
        let edits = [
            Edit { kind: Kind::Aside, written: 3..8, read: None },
            Edit { kind: Kind::Spoken, written: 8..11, read: Some('会') },
        ];
        assert_eq!(reading("协(xie)hui办", 0..11, &edits), "协会");
        assert_eq!(folds(&edits).iter().collect::<Vec<_>>(), [Fold::Pinyin]);
    }
}
