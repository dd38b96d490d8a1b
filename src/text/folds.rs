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
    /// What is undone.
    pub undoes: &'static str,
    /// What keeps it from reading a name into a text that has none.
    pub bound: &'static str,
}

const fn technique(
    fold: Fold,
    name: &'static str,
    is_evasion: bool,
    cost: f64,
    undoes: &'static str,
    bound: &'static str,
) -> Technique {
    Technique { fold, name, is_evasion, cost, undoes, bound }
}

/// Every technique, in the order in which verdicts list them.
///
/// Case, width and script are habits of typing; invisible signs, look-alikes and splits are not.
#[rustfmt::skip]
pub const TECHNIQUES: [Technique; 18] = [
    technique(Fold::Case, "case", false, 0.0,
        "upper and lower case",
        "none: one character for one"),
    technique(Fold::Width, "width", false, 0.0,
        "full and half width",
        "none: one character for one"),
    technique(Fold::Styled, "styled", false, 0.01,
        "enclosed, mathematical and other styled letters",
        "none: one character for one"),
    technique(Fold::Traditional, "traditional", false, 0.01,
        "traditional and other variants of a character",
        "forms of one character, never characters that only look or sound alike"),
    technique(Fold::Confusable, "confusable", true, 0.03,
        "a letter of another script, kana for a character, `I` for `l`",
        "what Unicode or a reader takes for one; never Han for other Han"),
    technique(Fold::Mark, "mark", false, 0.01,
        "marks over, under and through letters",
        "none: dropped"),
    technique(Fold::Separator, "separator", true, 0.02,
        "spaces, signs and emoji between letters; the same letter or digit in most gaps",
        "32 signs in a gap; a sentence or list mark parts words unless the like fill most gaps; a filler of 3, in half of the gaps"),
    technique(Fold::Invisible, "invisible", true, 0.02,
        "zero width, soft hyphens, selectors, bidi controls, tags",
        "none: dropped"),
    technique(Fold::Repeat, "repeat", true, 0.05,
        "characters written again and again",
        "64 of one; a last Han character only when it is tripled or most are doubled"),
    technique(Fold::Leet, "leet", true, 0.05,
        "digits and signs for letters",
        "letters of an alphabet, at most two of three"),
    technique(Fold::Pinyin, "pinyin", true, 0.03,
        "the reading of a character in brackets behind it, beside it, or instead of it",
        "some reading of that very character; instead of it in names of 5, at most one of three, and one by its first letter"),
    technique(Fold::Bracket, "bracket", true, 0.05,
        "a place or an alternative in brackets inside a name",
        "one, of 6 characters or 3 words, in names of 6; what is written without it is left alone"),
    technique(Fold::Escape, "escape", true, 0.02,
        "percent, HTML entities, `\\u`, `\\x`",
        "UTF-8 and UTF-16, read twice"),
    technique(Fold::Markup, "markup", true, 0.02,
        "tags, forum mark-up, comments, link targets, note numbers",
        "known names, 400 bytes; a paragraph or a cell parts words"),
    technique(Fold::Reversed, "reversed", true, 0.1,
        "written from right to left",
        "whole names of 5 units and more"),
    technique(Fold::Truncated, "truncated", false, 0.2,
        "one or two lost characters at the head of a quoted name",
        "7 characters that are left, behind an opening quote, that end no other name"),
    technique(Fold::Defanged, "defanged", false, 0.01,
        "`hxxp`, `[.]`, `(dot)`, spaces in a host",
        "hosts only"),
    technique(Fold::Punycode, "punycode", false, 0.0,
        "a host as `xn--` or in its own letters",
        "hosts only"),
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
        for technique in TECHNIQUES {
            assert!(!technique.undoes.is_empty() && !technique.bound.is_empty(), "{}", technique.name);
            assert!(
                technique.is_evasion <= (technique.cost > 0.0),
                "{} hides a name and costs nothing",
                technique.name
            );
        }
        assert_eq!(Fold::from_name("Case"), None);
        assert!(FoldSet::EMPTY.is_empty());
    }
}
