//! Other ways to read a text, as its reader does: what hides a name is undone, and what is found leads back to the original.
//!
//! `中&#22269;<b>雷锋</b>` -> `中国雷锋`, undone there: escape, markup. The original itself is always searched, too, and what stands in it needs no
//! reading. A text without the signs that a technique needs pays nothing for it: folding notes them.
//!
//! Not here: what the fold table undoes one character at a time (`text`), and whether what is found is a mention (`candidate`).

mod aside;
mod edit;
mod entities;
mod escape;
mod hints;
mod layer;
mod markup;
mod tail;
mod walk;

use crate::matcher::PatternId;
use crate::rule::HiddenNames;
use crate::text::{FoldSet, Seen, Signs};
use aside::Letters;
use layer::Layer;
use std::ops::Range;

/// A name that stands in a text when what hides it is undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hidden {
    pub(super) pattern: PatternId,
    /// Bytes of the text.
    pub(super) bytes: Range<usize>,
    /// What a reader reads there.
    pub(super) read_as: String,
    /// What was undone.
    pub(super) undone: FoldSet,
}

/// Every name that `text`, whose fold is `units`, hides between its characters: nothing of what a search of the units finds.
pub(super) fn hidden(names: &HiddenNames, text: &str, units: &[u16], seen: &Seen) -> Vec<Hidden> {
    if !hints::may_hide(names, text, units, seen) {
        return Vec::new();
    }
    let shown = |seen: walk::Seen| Hidden {
        pattern: seen.pattern,
        read_as: edit::reading(text, seen.bytes.clone(), &seen.edits),
        undone: edit::folds(&seen.edits),
        bytes: seen.bytes,
    };
    walk::walk(names, text).into_iter().map(shown).collect()
}

/// What stands in brackets is the reading of the last of these characters, however it is written: 协会, `xié huì`.
pub(super) fn is_reading_of(said: &[char], inside: &str) -> bool {
    Letters::of(inside).is_some_and(|letters| aside::is_reading_of(said, letters.as_slice()))
}

/// Every name whose head is lost behind an opening quote: its pattern, the bytes of the rest, and how many characters are lost.
pub(super) fn beheaded(names: &HiddenNames, text: &str, seen: &Seen) -> Vec<(PatternId, Range<usize>, usize)> {
    tail::tails(names, text, seen.openers.clone()).collect()
}

/// Escapes are read twice, since pages that are escaped once too often show the rest of it.
const ESCAPED_TWICE: usize = 2;

/// A text after everything that can be undone without a look at the lists: escapes, then mark-up.
#[derive(Debug)]
pub(super) struct Reading {
    /// Each is read from the one before it, the first from the original; never empty.
    layers: Vec<Layer>,
}

impl Reading {
    /// How `text` reads; `None` when that is how it is written.
    pub(super) fn of(text: &str, signs: Signs) -> Option<Self> {
        let mut reading = Self { layers: Vec::new() };
        if signs.contains(Signs::ESCAPE) {
            for _ in 0..ESCAPED_TWICE {
                reading.read_with(text, escape::read);
            }
        }
        if signs.contains(Signs::MARK_UP) || !reading.layers.is_empty() {
            reading.read_with(text, markup::read);
        }
        (!reading.layers.is_empty()).then_some(reading)
    }

    fn read_with(&mut self, original: &str, read: impl Fn(&str) -> Option<Layer>) {
        let layer = read(self.layers.last().map_or(original, Layer::text));
        self.layers.extend(layer);
    }

    pub(super) fn text(&self) -> &str {
        self.layers.last().map_or("", Layer::text)
    }

    /// The bytes of the original that a non-empty range of the reading stands for, and what was undone within it.
    pub(super) fn written(&self, read: &Range<usize>) -> (Range<usize>, FoldSet) {
        self.layers.iter().rev().fold((read.clone(), FoldSet::EMPTY), |(range, undone), layer| {
            (layer.written(&range), undone.union(layer.undone(&range)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Fold, fold_into};

    fn signs(text: &str) -> Signs {
        fold_into(text, &mut Vec::new()).signs
    }

    #[test]
    fn what_is_undone_within_a_place_is_known() {
        #[rustfmt::skip]
        let table: &[(&str, &str, &str, &[Fold])] = &[
            ("a&#20013;<b>&#22269;</b>b", "中国", "&#20013;<b>&#22269;", &[Fold::Escape, Fold::Markup]),
            ("中国<b>人</b>", "中国", "中国", &[]),
            ("&lt;b&gt;中&lt;/b&gt;国", "中国", "中&lt;/b&gt;国", &[Fold::Escape, Fold::Markup]),
            ("&amp;#20013;国", "中国", "&amp;#20013;国", &[Fold::Escape]),
        ];
        for (written, read, place, undone) in table {
            let reading = Reading::of(written, signs(written)).unwrap();
            let at = reading.text().find(read).unwrap();
            let (bytes, folds) = reading.written(&(at..at + read.len()));
            assert_eq!(&written[bytes], *place, "{written}");
            assert_eq!(folds.iter().collect::<Vec<_>>(), *undone, "{written}");
        }
        for written in ["", "中国", "Q&A: 100%", "a < b", "[中]"] {
            assert!(Reading::of(written, signs(written)).is_none(), "{written}");
        }
    }

    #[test]
    fn a_megabyte_of_openers_is_read_in_one_walk() {
        // Work grows with the text: each opener looks at a bounded number of bytes behind it.
        for piece in ["&", "%", "\\u", "<", "[", "](", "<!--", "&#", "<b ", "&amp;", "[/"] {
            let text = piece.repeat(200_000);
            let _ = Reading::of(&text, signs(&text));
        }
    }
}
