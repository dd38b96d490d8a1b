//! The ways in which two spellings of the same text can differ.

/// A way in which two spellings of the same text differ: the techniques that tripline reads through.
///
/// The first eight are classes of the fold table, one character at a time. The others need more than one character: a reading of the text undoes
/// them before it is folded.
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
    /// Characters written more than once.
    Repeat,
    /// Digits and signs for letters in Latin words.
    Leet,
    /// The reading of a character in brackets behind it, or instead of it.
    Pinyin,
    /// A place or an alternative in brackets inside a name.
    Bracket,
    /// Percent, HTML entity and `\u` escapes.
    Escape,
    /// Tags and other mark-up between the characters.
    Markup,
    /// Written from right to left.
    Reversed,
    /// The head of a quoted name is lost.
    Truncated,
    /// A host with its dots or its scheme made harmless: `hxxp`, `[.]`, `(dot)`.
    Defanged,
    /// A host in its `xn--` form where the list has letters, or the other way round.
    Punycode,
}

/// What is said of a technique: one row of [`TECHNIQUES`].
#[derive(Clone, Copy, Debug)]
pub struct Technique {
    /// Which it is.
    pub fold: Fold,
    /// The name in verdicts, metrics, policy conditions and the generated table.
    pub name: &'static str,
    /// It hides a name; the others are habits and accidents of typing.
    pub is_evasion: bool,
    /// What it costs in certainty, of a score of 1.
    pub cost: f64,
}

const fn technique(fold: Fold, name: &'static str, is_evasion: bool, cost: f64) -> Technique {
    Technique { fold, name, is_evasion, cost }
}

/// Every technique, in the order in which verdicts list them.
///
/// Case, width and script are habits of typing; invisible signs, look-alikes and splits are not.
#[rustfmt::skip]
pub const TECHNIQUES: [Technique; 18] = [
    technique(Fold::Case,        "case",        false, 0.0),
    technique(Fold::Width,       "width",       false, 0.0),
    technique(Fold::Styled,      "styled",      false, 0.01),
    technique(Fold::Traditional, "traditional", false, 0.01),
    technique(Fold::Confusable,  "confusable",  true,  0.03),
    technique(Fold::Mark,        "mark",        false, 0.01),
    technique(Fold::Separator,   "separator",   true,  0.02),
    technique(Fold::Invisible,   "invisible",   true,  0.02),
    technique(Fold::Repeat,      "repeat",      true,  0.05),
    technique(Fold::Leet,        "leet",        true,  0.05),
    technique(Fold::Pinyin,      "pinyin",      true,  0.03),
    technique(Fold::Bracket,     "bracket",     true,  0.05),
    technique(Fold::Escape,      "escape",      true,  0.02),
    technique(Fold::Markup,      "markup",      true,  0.02),
    technique(Fold::Reversed,    "reversed",    true,  0.1),
    technique(Fold::Truncated,   "truncated",   false, 0.2),
    technique(Fold::Defanged,    "defanged",    false, 0.01),
    technique(Fold::Punycode,    "punycode",    false, 0.0),
];

impl Fold {
    /// Every fold, in the order in which verdicts list them.
    pub const ALL: [Fold; TECHNIQUES.len()] = {
        let mut all = [Fold::Case; TECHNIQUES.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = TECHNIQUES[i].fold;
            i += 1;
        }
        all
    };

    /// The name in verdicts, metrics, policy conditions and the generated table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        TECHNIQUES[self as usize].name
    }

    /// The fold of this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Fold::ALL.into_iter().find(|fold| fold.as_str() == name)
    }
}

/// A set of [`Fold`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FoldSet(u32);

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

    /// Those of the set that hide a name rather than spell it by habit.
    #[must_use]
    pub fn evasion(self) -> FoldSet {
        self.techniques().filter(|technique| technique.is_evasion).map(|technique| technique.fold).collect()
    }

    /// How surely a text with these differences is the name, 0 to 1, in hundredths: 1 is the official spelling.
    #[must_use]
    pub fn score(self) -> f64 {
        let cost: f64 = self.techniques().map(|technique| technique.cost).sum();
        ((1.0 - cost) * 100.0).round().max(1.0) / 100.0
    }

    fn techniques(self) -> impl Iterator<Item = Technique> {
        TECHNIQUES.into_iter().filter(move |technique| self.contains(technique.fold))
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
        for (place, fold) in Fold::ALL.into_iter().enumerate() {
            assert_eq!(place, fold as usize, "the table is in the order of the enum");
            assert_eq!(Fold::from_name(fold.as_str()), Some(fold));
            let set = FoldSet::from_iter([fold]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [fold]);
            assert_eq!(set.difference(set), FoldSet::EMPTY);
        }
        assert_eq!(Fold::from_name("Case"), None);
        assert!(FoldSet::EMPTY.is_empty());
    }
}
