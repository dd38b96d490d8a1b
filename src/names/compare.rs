//! The comparison: pairs, what is left over, the forms, one number.

use super::form::{Family, Form};
use super::pair::{Pair, pairs};
use super::rarity::is_link;
use super::weights as w;
use super::word::{Kind, Name, Word};

/// How two parts of names were taken for each other, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The same word.
    Same,
    /// Another writing of it.
    Spelled,
    /// A word that may be exchanged for it.
    Exchanged,
    /// The same but for a slip of the pen.
    Slip,
    /// One word for several.
    Joined,
    /// Initials.
    Initials,
    /// Only one name has it.
    Left,
    /// Legal forms; the likeness is what the whole was multiplied with.
    Form,
}

/// A part of the explanation.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Words of the first name; empty when it has none.
    pub left: String,
    /// Words of the second name.
    pub right: String,
    /// How they belong together.
    pub how: How,
    /// How much these words count, from nearly 0 to 1 for each.
    pub weight: f64,
    /// 1 when they are the same, 0 when one is missing.
    pub likeness: f64,
}

/// How near two names are, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// From 0 to 1.
    pub score: f64,
    /// Pairs first, in order of the first name; then what is left over; then the forms.
    pub parts: Vec<Part>,
}

/// Compares two names. Symmetric.
#[must_use]
pub fn compare(left: &Name, right: &Name) -> Comparison {
    match (left.has_han(), right.has_han()) {
        (true, false) => ordered(&left.in_latin(), right),
        (false, true) => ordered(left, &right.in_latin()),
        _ => ordered(left, right),
    }
}

/// Ties between pairs are broken by place, so the two are put in one order first.
fn ordered(left: &Name, right: &Name) -> Comparison {
    if left.letters <= right.letters {
        return measured(left, right);
    }
    let mut comparison = measured(right, left);
    comparison.parts.iter_mut().for_each(|part| std::mem::swap(&mut part.left, &mut part.right));
    comparison
}

fn measured(left: &Name, right: &Name) -> Comparison {
    if left.letters.is_empty() || right.letters.is_empty() {
        return Comparison { score: 0.0, parts: Vec::new() };
    }
    let mut pairs = pairs(&left.words, &right.words);
    pairs.sort_by_key(|pair| (pair.left.start, pair.right.start));
    let mut parts: Vec<Part> = pairs.iter().map(|pair| part_of(pair, left, right)).collect();
    let used = |at: usize, of: fn(&Pair) -> &std::ops::Range<usize>| pairs.iter().any(|pair| of(pair).contains(&at));
    let lonely_left: Vec<&Word> =
        left.words.iter().enumerate().filter(|(at, _)| !used(*at, |p| &p.left)).map(|(_, w)| w).collect();
    let lonely_right: Vec<&Word> =
        right.words.iter().enumerate().filter(|(at, _)| !used(*at, |p| &p.right)).map(|(_, w)| w).collect();
    let one_sided = lonely_left.is_empty() || lonely_right.is_empty();
    let left_over = |word: &Word| Part {
        left: String::new(),
        right: word.text.clone(),
        how: How::Left,
        weight: left_over_weight(word, one_sided),
        likeness: 0.0,
    };
    let swapped = |part: Part| Part { left: part.right, right: part.left, ..part };
    parts.extend(lonely_left.iter().map(|word| swapped(left_over(word))));
    parts.extend(lonely_right.iter().map(|word| left_over(word)));
    let total: f64 = parts.iter().map(|part| part.weight).sum();
    let agreed: f64 = parts.iter().map(|part| part.weight * part.likeness).sum();
    let mut score = if total > 0.0 { agreed / total } else { 0.0 };
    if pairs.windows(2).any(|two| two[0].right.start > two[1].right.start) {
        score *= w::ORDER;
    }
    if lonely_left.iter().chain(&lonely_right).any(|word| matches!(word.kind, Kind::Number | Kind::Roman)) {
        score *= w::NUMBER;
    }
    if left.letters == right.letters {
        score = score.max(w::SPACES);
    } else {
        parts.extend(forms(&left.forms, &right.forms).inspect(|part| score *= part.likeness));
    }
    Comparison { score, parts }
}

fn part_of(pair: &Pair, left: &Name, right: &Name) -> Part {
    let (left, right) = (&left.words[pair.left.clone()], &right.words[pair.right.clone()]);
    let text = |words: &[Word]| words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let weight = left.iter().chain(right).map(|word| word.weight).sum();
    Part { left: text(left), right: text(right), how: pair.how, weight, likeness: pair.likeness }
}

fn left_over_weight(word: &Word, one_sided: bool) -> f64 {
    if is_link(&word.text) {
        return w::LINK;
    }
    let weight = word.weight.max(w::LEAST_LEFT);
    if word.bracketed && one_sided { weight * w::BRACKET } else { weight }
}

/// What the legal forms say; nothing when they are the same.
fn forms(left: &[&'static Form], right: &[&'static Form]) -> Option<Part> {
    let ids = |forms: &[&Form]| forms.iter().map(|form| form.id).collect::<Vec<_>>();
    let shared = left.iter().any(|form| right.iter().any(|other| form.id == other.id));
    if shared || (left.is_empty() && right.is_empty()) {
        return None;
    }
    let likeness = if left.is_empty() || right.is_empty() {
        w::FORM_MISSING
    } else {
        let both = left.iter().flat_map(|a| right.iter().map(move |b| form_likeness(a, b)));
        both.fold(w::FORM_STRANGE, f64::max)
    };
    Some(Part { left: ids(left).join(" "), right: ids(right).join(" "), how: How::Form, weight: 0.0, likeness })
}

fn form_likeness(a: &Form, b: &Form) -> f64 {
    let profit = |form: &Form| !matches!(form.family, Family::Nonprofit | Family::Cooperative);
    match (a.family, b.family) {
        (one, other) if one == other => w::FORM_NEAR,
        _ if profit(a) != profit(b) => w::FORM_STRANGE,
        (Family::Company, _) | (_, Family::Company) => w::FORM_NEAR,
        _ => w::FORM_OTHER,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(a: &str, b: &str) -> f64 {
        compare(&Name::new(a), &Name::new(b)).score
    }

    #[test]
    fn names_of_one_body_are_near() {
        for (a, b) in [
            ("Invented Widgets Ltd", "INVENTED WIDGETS, LIMITED"),
            ("Erdacht GmbH", "Erdacht Gesellschaft mit beschränkter Haftung"),
            ("ООО Выдумка", "Vydumka LLC"),
            ("China Imagined Arts Association", "Chinese Imagined Art Society"),
            ("Union of Imagined Cooks", "Imagined Cooks Union"),
            ("Good Will Widgets", "Goodwill Widgets"),
            ("Invented Brigade 44", "Invented Brigade Forty-Four"),
            ("International Widgets Board", "IWB"),
            ("Inventted Widgets", "Invented Widgets"),
            ("某某技术有限公司", "某某技術有限責任公司"),
            ("中国某某书法协会", "中國某某書法協會"),
            ("InventedAG", "Invented AG"),
        ] {
            assert!(score(a, b) > 0.85, "{a} / {b}: {}", score(a, b));
        }
    }

    #[test]
    fn names_of_two_bodies_are_far() {
        for (a, b) in [
            ("Invented Widgets Ltd", "Imagined Gadgets Ltd"),
            ("Bank of Atlanta Limited", "Bank of Boston Limited"),
            ("Invented Fund 12", "Invented Fund 13"),
            ("Invented Widgets II", "Invented Widgets"),
            ("Management Company", "Invented Management Company"),
            ("AB plc", "AC plc"),
            ("中国某某书法学会", "中国某某书法基金会"),
            ("中国美术家协会", "中国音乐家协会"),
            ("", "Invented"),
            ("·", "·"),
        ] {
            assert!(score(a, b) < 0.85, "{a} / {b}: {}", score(a, b));
        }
    }

    #[test]
    fn every_part_is_explained() {
        let comparison = compare(
            &Name::new("China Invented Art Society Ltd"),
            &Name::new("Chinese Invented Arts Association of Here"),
        );
        let told: Vec<_> = comparison.parts.iter().map(|p| (p.left.as_str(), p.right.as_str(), p.how)).collect();
        assert_eq!(
            told,
            [
                ("china", "chinese", How::Exchanged),
                ("invented", "invented", How::Same),
                ("art", "arts", How::Exchanged),
                ("society", "association", How::Exchanged),
                ("", "of", How::Left),
                ("", "here", How::Left),
                ("ltd", "", How::Form),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn the_score_is_symmetric_and_a_share(a in "[abcd中国会 .()]{0,24}", b in "[abcd中国会 .()1]{0,24}") {
            let (there, back) = (compare(&Name::new(&a), &Name::new(&b)), compare(&Name::new(&b), &Name::new(&a)));
            proptest::prop_assert!((there.score - back.score).abs() < 1e-12, "{} {}", there.score, back.score);
            proptest::prop_assert!((0.0..=1.0 + 1e-12).contains(&there.score));
        }
    }
}
