//! What would a reader see? Text folded to what it looks like, and the way back.
use std::ops::Range;

mod span;
pub use span::Span;

/// A way in which two spellings of the same text differ; each is one column of the fold table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Fold {
    /// Upper and lower case.
    Case,
    /// Full and half width forms.
    Width,
    /// Enclosed, mathematical and other styled letters and digits; ligatures and the rest of NFKD.
    Styled,
    /// Traditional and other variant characters to simplified.
    Traditional,
    /// A letter of another script (or a look-alike sign) to its prototype.
    Confusable,
    /// Combining marks.
    Mark,
    /// Spaces, punctuation, symbols.
    Separator,
    /// Zero-width characters, soft hyphens, variation selectors, bidi controls, tags.
    Invisible,
}

/// A set of [`Fold`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FoldSet(u16);

impl Fold {
    pub const ALL: [Fold; 8] = [
        Fold::Case,
        Fold::Width,
        Fold::Styled,
        Fold::Traditional,
        Fold::Confusable,
        Fold::Mark,
        Fold::Separator,
        Fold::Invisible,
    ];
    /// The name in verdicts, metrics and policy conditions.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Fold::Case => "case",
            Fold::Width => "width",
            Fold::Styled => "styled",
            Fold::Traditional => "traditional",
            Fold::Confusable => "confusable",
            Fold::Mark => "mark",
            Fold::Separator => "separator",
            Fold::Invisible => "invisible",
        }
    }
}

impl FoldSet {
    pub const EMPTY: FoldSet = FoldSet(0);
    pub fn insert(&mut self, fold: Fold) {
        self.0 |= 1 << fold as u16;
    }
    #[must_use]
    pub const fn contains(self, fold: Fold) -> bool {
        self.0 & (1 << fold as u16) != 0
    }
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    #[must_use]
    pub const fn union(self, other: FoldSet) -> FoldSet {
        FoldSet(self.0 | other.0)
    }
    pub fn iter(self) -> impl Iterator<Item = Fold> {
        Fold::ALL.into_iter().filter(move |f| self.contains(*f))
    }
}

impl FromIterator<Fold> for FoldSet {
    fn from_iter<I: IntoIterator<Item = Fold>>(folds: I) -> Self {
        let mut set = FoldSet::EMPTY;
        folds.into_iter().for_each(|fold| set.insert(fold));
        set
    }
}

/// Folds `text`, appending its units to `out` (which is cleared first). Never fails, never allocates beyond `out`.
pub fn fold_into(_text: &str, _out: &mut Vec<u16>) {
    todo!()
}

/// The units of `text` in a fresh vector; for patterns and tests.
#[must_use]
pub fn fold(text: &str) -> Vec<u16> {
    let mut v = Vec::new();
    fold_into(text, &mut v);
    v
}

/// Where each unit of a folded text came from: built only for texts with a candidate.
#[derive(Debug, Default)]
pub struct OffsetMap {/* private */}

impl OffsetMap {
    /// Rebuilds the map for `text` (same walk as `fold_into`, unit for unit).
    pub fn rebuild(&mut self, _text: &str) {
        todo!()
    }
    /// The bytes of the original that the units came from: from the first byte of the character behind the
    /// first unit to the last byte of the character behind the last, with marks and variation selectors that
    /// follow it (a span never cuts a grapheme's tail). Always on character boundaries.
    /// `None` when the range is empty or out of the text, or begins or ends inside the expansion of a character.
    #[must_use]
    pub fn source(&self, _units: Range<usize>) -> Option<Range<usize>> {
        todo!()
    }
}

/// Which folds make `written` (a matched span of an original text) equal to `official` (a pattern as its notice writes it).
/// Case differences of Latin letters count as `Case`, and so on; empty when they are equal to the letter.
#[must_use]
pub fn folds_between(_written: &str, _official: &str) -> FoldSet {
    todo!()
}

/// What is dropped by the fold: neither a letter nor a digit of any script.
#[must_use]
pub fn is_dropped(_c: char) -> bool {
    todo!()
}

/// Word boundary of Latin (and other alphabetic, spaced) scripts: true unless the characters on both sides of
/// `at` belong to one word. Han, kana and Hangul never join a word; digits join Latin letters.
/// Looks through marks and invisible characters.
#[must_use]
pub fn is_word_boundary(_text: &str, _at: usize) -> bool {
    todo!()
}

/// A character written without spaces between words: Han, kana, bopomofo.
#[must_use]
pub fn is_han_like(_c: char) -> bool {
    todo!()
}
