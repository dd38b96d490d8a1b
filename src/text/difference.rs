//! In which ways two texts with the same fold differ: `中國 雷锋` against `中国雷锋` -> traditional, separator.

use super::folds::{Fold, FoldSet};
use super::table::Table;

/// Which folds make `written` (a matched span of an original text) equal to `official` (a pattern as its notice writes it).
///
/// Case differences of Latin letters count as `Case`, and so on; empty when they are equal to the letter. Only what differs counts: what both
/// have (a space, a capital) is no difference, any white space equals any other, and separators before the first and after the last letter
/// are not part of a name. Texts with different folds have no meaningful answer, but get one.
#[must_use]
pub fn folds_between(written: &str, official: &str) -> FoldSet {
    let mut differences = FoldSet::EMPTY;
    if written == official {
        return differences;
    }
    let (mut left, mut right) = (Letters::new(written), Letters::new(official));
    let mut is_first = true;
    loop {
        let (one, other) = (left.next(), right.next());
        let is_end = is_first || one.is_none() || other.is_none();
        differences = differences.union(gap_difference(&left.gap, &right.gap, is_end));
        is_first = false;
        let (Some(one), Some(other)) = (one, other) else {
            return differences;
        };
        differences = differences.union(group_difference(one, other, &mut left, &mut right));
    }
}

/// One letter of each text, and as many more of either as it takes to come to the same number of units.
fn group_difference<'t>(one: Letter, other: Letter, left: &mut Letters<'t>, right: &mut Letters<'t>) -> FoldSet {
    let is_same = one.c == other.c;
    let (mut left_units, mut right_units) = (one.units, other.units);
    let (mut left_classes, mut right_classes) = (one.classes, other.classes);
    while left_units != right_units {
        let (side, units, classes) = if left_units < right_units {
            (&mut *left, &mut left_units, &mut left_classes)
        } else {
            (&mut *right, &mut right_units, &mut right_classes)
        };
        let Some(letter) = side.next() else { break };
        *units += letter.units;
        *classes = classes.union(letter.classes).union(side.gap.iter().map(|(_, class)| *class).collect());
    }
    if is_same {
        return FoldSet::EMPTY;
    }
    let only_one_has = left_classes.difference(right_classes);
    if only_one_has.is_empty() { left_classes.union(right_classes) } else { only_one_has }
}

/// What differs between the characters dropped in the same place of two texts.
fn gap_difference(left: &Gap, right: &Gap, is_end: bool) -> FoldSet {
    let mut differences = FoldSet::EMPTY;
    for class in [Fold::Mark, Fold::Invisible] {
        if !of_class(left, class).eq(of_class(right, class)) {
            differences.insert(class);
        }
    }
    if is_end || of_class(left, Fold::Separator).eq(of_class(right, Fold::Separator)) {
        return differences;
    }
    let is_width = plain_separators(left) == plain_separators(right);
    match (is_width, has_wide(left) != has_wide(right)) {
        (false, _) => differences.with(Fold::Separator),
        (true, true) => differences.with(Fold::Width),
        (true, false) => differences,
    }
}

/// Dropped characters, each with its class.
type Gap = Vec<(char, Fold)>;

fn of_class(gap: &Gap, class: Fold) -> impl Iterator<Item = char> {
    gap.iter().filter(move |(_, of)| *of == class).map(|(c, _)| *c)
}

/// The separators with runs of white space as one space, and fullwidth forms as ASCII.
fn plain_separators(gap: &Gap) -> Vec<char> {
    let mut plain: Vec<char> = of_class(gap, Fold::Separator).map(plain_separator).collect();
    plain.dedup_by(|next, before| *next == ' ' && *before == ' ');
    plain
}

fn plain_separator(c: char) -> char {
    match c {
        '\t'..='\r'
        | '\u{85}'
        | '\u{A0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200A}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202F}'
        | '\u{205F}'
        | '\u{3000}' => ' ',
        _ if is_wide(c) => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// Fullwidth ASCII.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{FF01}'..='\u{FF5E}')
}

fn has_wide(gap: &Gap) -> bool {
    gap.iter().any(|(c, _)| is_wide(*c))
}

/// A kept character.
#[derive(Clone, Copy)]
struct Letter {
    c: char,
    units: usize,
    classes: FoldSet,
}

/// The kept characters of a text; `gap` holds what was dropped before the last one.
struct Letters<'t> {
    chars: std::str::Chars<'t>,
    gap: Gap,
}

impl<'t> Letters<'t> {
    fn new(text: &'t str) -> Self {
        Self { chars: text.chars(), gap: Vec::new() }
    }

    fn next(&mut self) -> Option<Letter> {
        let table = Table::get();
        self.gap.clear();
        for c in self.chars.by_ref() {
            match table.dropped_as(c) {
                Some(class) => self.gap.push((c, class)),
                None => {
                    return Some(Letter { c, units: table.len(c), classes: table.classes(c) });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fold::{Case, Confusable, Invisible, Mark, Separator, Styled, Traditional, Width};

    #[test]
    fn only_what_differs_is_reported() {
        #[rustfmt::skip]
        let table: &[(&str, &str, &[Fold])] = &[
            // Nothing differs.
            ("中国雷锋基金会", "中国雷锋基金会", &[]),
            ("China Lei Feng", "China Lei Feng", &[]),
            ("China\nLei  Feng", "China Lei Feng", &[]),
            ("中华谭(弹)腿", "中华谭(弹)腿", &[]),
            ("中华谭(弹", "中华谭(弹)", &[]),
            ("中華", "中華", &[]),
            // One way each.
            ("中國", "中国", &[Traditional]),
            ("中国", "中國", &[Traditional]),
            ("馀氏", "餘氏", &[Traditional]),
            ("china", "China", &[Case]),
            ("ＣＨＩＮＡ", "CHINA", &[Width]),
            ("China Ｌ", "China L", &[Width]),
            ("ⒸⒽⒾⓃⒶ", "CHINA", &[Styled]),
            ("𝓬𝓱𝓲𝓷𝓪", "china", &[Styled]),
            ("㈠会", "一会", &[Styled]),
            ("ﬁne", "fine", &[Styled]),
            ("fine", "ﬁne", &[Styled]),
            ("㍿", "株式会社", &[Styled]),
            ("СНІNА", "CHINA", &[Confusable]),
            ("café", "cafe", &[Mark]),
            ("cafe\u{301}", "cafe", &[Mark]),
            ("中 国", "中国", &[Separator]),
            ("中🎉国", "中国", &[Separator]),
            ("中·国", "中•国", &[Separator]),
            ("谭（弹）腿", "谭(弹)腿", &[Width]),
            ("中\u{200B}国", "中国", &[Invisible]),
            ("中\u{AD}国", "中国", &[Invisible]),
            ("葛\u{E0100}", "葛", &[Invisible]),
            ("中国\u{FE0F}雷", "中国雷", &[Invisible]),
            // Several, in the order of `Fold::ALL`.
            ("Ｃhina", "china", &[Case, Width]),
            ("中國 雷锋", "中国雷锋", &[Traditional, Separator]),
            ("Ⓐ", "a", &[Case, Styled]),
            ("ＣＨÍ-Ｎ\u{200D}Ａ", "china", &[Case, Width, Mark, Separator, Invisible]),
            ("f i", "ﬁ", &[Styled, Separator]),
        ];
        for (written, official, expected) in table {
            let found: Vec<Fold> = folds_between(written, official).iter().collect();
            assert_eq!(found, *expected, "{written:?} {official:?}");
        }
    }

    #[test]
    fn texts_that_do_not_fold_alike_get_an_answer_all_the_same() {
        for (written, official) in [("", "中国"), ("中国", ""), ("ﬁ", "f"), ("한국", "中"), ("…", "")] {
            let _ = folds_between(written, official);
        }
    }
}
