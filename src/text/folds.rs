//! The ways in which two spellings of the same text can differ.

/// A way in which two spellings of the same text differ; each is a class of the fold table.
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

impl Fold {
    /// Every fold, in the order in which verdicts list them.
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

    /// The name in verdicts, metrics, policy conditions and the generated table.
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

    /// The fold of this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Fold::ALL.into_iter().find(|fold| fold.as_str() == name)
    }
}

/// A set of [`Fold`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FoldSet(u16);

impl FoldSet {
    /// No difference at all.
    pub const EMPTY: FoldSet = FoldSet(0);

    /// Adds one fold.
    pub const fn insert(&mut self, fold: Fold) {
        self.0 |= 1 << fold as u16;
    }

    /// The same set with one more fold.
    #[must_use]
    pub const fn with(mut self, fold: Fold) -> FoldSet {
        self.insert(fold);
        self
    }

    /// The fold is in the set.
    #[must_use]
    pub const fn contains(self, fold: Fold) -> bool {
        self.0 & (1 << fold as u16) != 0
    }

    /// Nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either set.
    #[must_use]
    pub const fn union(self, other: FoldSet) -> FoldSet {
        FoldSet(self.0 | other.0)
    }

    /// What is in exactly one of the two sets.
    #[must_use]
    pub(super) const fn difference(self, other: FoldSet) -> FoldSet {
        FoldSet(self.0 ^ other.0)
    }

    /// The folds of the set, in the order of [`Fold::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Fold> {
        Fold::ALL.into_iter().filter(move |fold| self.contains(*fold))
    }
}

impl FromIterator<Fold> for FoldSet {
    fn from_iter<I: IntoIterator<Item = Fold>>(folds: I) -> Self {
        folds.into_iter().fold(FoldSet::EMPTY, FoldSet::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fold_is_found_by_its_name_and_alone_in_its_set() {
        for fold in Fold::ALL {
            assert_eq!(Fold::from_name(fold.as_str()), Some(fold));
            let set = FoldSet::from_iter([fold]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [fold]);
            assert_eq!(set.difference(set), FoldSet::EMPTY);
        }
        assert_eq!(Fold::from_name("Case"), None);
        assert!(FoldSet::EMPTY.is_empty());
    }
}
