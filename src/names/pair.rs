//! Which words of two names belong to each other.

use super::alike::words_alike;
use super::compare::How;
use super::rarity::is_link;
use super::typo::{han_likeness, likeness};
use super::weights::{INITIALS, JOINED, SPELLED};
use super::word::{Kind, Word, roman};
use std::ops::Range;

/// Words of one name and words of the other.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub left: Range<usize>,
    pub right: Range<usize>,
    pub how: How,
    pub likeness: f64,
}

/// At most so many words are written as one.
const MOST_JOINED: usize = 3;
/// Initials are of 2 to 7 words.
const INITIALS_OF: Range<usize> = 2..8;
/// A slip in words that were joined is looked for only in long ones.
const SHORTEST_JOINED: usize = 6;
/// A word of fewer letters says too little to be recognised with a slip in it, unless it stands in a name of [`VOUCHED`] letters.
const SPEAKS_ALONE: usize = 5;
/// Letters of a name whose other words vouch for a short one.
const VOUCHED: usize = 8;

/// Pairs, the nearest first, each word in at most one.
pub(super) fn pairs(left: &[Word], right: &[Word]) -> Vec<Pair> {
    let letters = |words: &[Word]| words.iter().map(|word| word.text.len()).sum::<usize>();
    let vouched = letters(left).min(letters(right)) >= VOUCHED;
    let mut found: Vec<Pair> = Vec::new();
    for (i, a) in left.iter().enumerate() {
        found.extend(right.iter().enumerate().filter_map(|(j, b)| {
            single(a, b, vouched).map(|(how, likeness)| Pair { left: i..i + 1, right: j..j + 1, how, likeness })
        }));
        found.extend(several(a, right).map(|(right, how, likeness)| Pair { left: i..i + 1, right, how, likeness }));
    }
    for (j, b) in right.iter().enumerate() {
        found.extend(several(b, left).map(|(left, how, likeness)| Pair { left, right: j..j + 1, how, likeness }));
    }
    let weight = |pair: &Pair| {
        left[pair.left.clone()].iter().chain(&right[pair.right.clone()]).map(|word| word.weight).sum::<f64>()
    };
    let key = |pair: &Pair| (pair.left.start.abs_diff(pair.right.start), pair.left.start, pair.right.start);
    found.sort_by(|a, b| {
        b.likeness.total_cmp(&a.likeness).then(weight(b).total_cmp(&weight(a))).then_with(|| key(a).cmp(&key(b)))
    });
    let (mut used_left, mut used_right) = (vec![false; left.len()], vec![false; right.len()]);
    found.retain(|pair| {
        let free = !used_left[pair.left.clone()].contains(&true) && !used_right[pair.right.clone()].contains(&true);
        if free {
            used_left[pair.left.clone()].fill(true);
            used_right[pair.right.clone()].fill(true);
        }
        free
    });
    found
}

/// One word for one.
fn single(a: &Word, b: &Word, vouched: bool) -> Option<(How, f64)> {
    use Kind::{Han, HanFrame, Latin, Number, Roman};
    if a.text == b.text {
        return Some((How::Same, 1.0));
    }
    match (a.kind, b.kind) {
        (Number, Roman) => (a.text.parse() == Ok(roman(&b.text)?)).then_some((How::Spelled, SPELLED)),
        (Roman, Number) => (b.text.parse() == Ok(roman(&a.text)?)).then_some((How::Spelled, SPELLED)),
        (Han, Han) => han_likeness(&a.text, &b.text).map(|likeness| (How::Slip, likeness)),
        (HanFrame, HanFrame) => words_alike(&a.text, &b.text).map(|grade| (How::Exchanged, grade)),
        (Roman, Roman) => likeness(&a.text, &b.text).filter(|_| vouched).map(|likeness| (How::Slip, likeness)),
        (Latin, Latin) => {
            let grade = words_alike(&a.text, &b.text);
            if let Some(grade) = grade {
                let how = if grade >= SPELLED { How::Spelled } else { How::Exchanged };
                return Some((how, grade));
            }
            let speaks = vouched || a.text.len().max(b.text.len()) >= SPEAKS_ALONE;
            if is_link(&a.text) || is_link(&b.text) || !speaks {
                return None;
            }
            likeness(&a.text, &b.text).map(|likeness| (How::Slip, likeness))
        }
        _ => None,
    }
}

/// One word for several in a row: written together, or as initials.
fn several<'w>(one: &'w Word, many: &'w [Word]) -> impl Iterator<Item = (Range<usize>, How, f64)> + 'w {
    let is_word = one.kind == Kind::Latin;
    let starts = (0..many.len()).filter(move |_| is_word);
    starts.flat_map(move |start| {
        let joined = (2..=MOST_JOINED).filter_map(move |len| {
            together(one, many.get(start..start + len)?).map(|l| (start..start + len, How::Joined, l))
        });
        joined.chain(initials(one, &many[start..]).map(|len| (start..start + len, How::Initials, INITIALS)))
    })
}

fn together(one: &Word, many: &[Word]) -> Option<f64> {
    let whole: String = many.iter().map(|word| word.text.as_str()).collect();
    if whole == one.text {
        return Some(JOINED);
    }
    let long = whole.len().min(one.text.len()) >= SHORTEST_JOINED && many.iter().all(|word| word.kind == Kind::Latin);
    long.then(|| likeness(&one.text, &whole)).flatten().map(|likeness| likeness * JOINED)
}

/// How many of the words have these initials; links may be left out.
fn initials(one: &Word, many: &[Word]) -> Option<usize> {
    if !INITIALS_OF.contains(&one.text.len()) {
        return None;
    }
    let mut letters = one.text.chars().peekable();
    for (at, word) in many.iter().enumerate() {
        let first = word.text.chars().next().filter(|_| word.kind == Kind::Latin)?;
        if letters.next_if_eq(&first).is_none() {
            if at > 0 && is_link(&word.text) {
                continue;
            }
            return None;
        }
        if letters.peek().is_none() {
            return (at > 0).then_some(at + 1);
        }
    }
    None
}
