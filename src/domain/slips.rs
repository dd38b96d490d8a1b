//! Words within one or two slips of a given one, found without comparing with all: each word is stored under itself and
//! under what is left of it when one or two letters go, and a text is looked up in the same way (symmetric deletion).

use std::collections::HashMap;

/// A letter more, less, changed, or two neighbours swapped, at most so often.
const MOST: usize = 2;
/// Longer than any label that anybody slips in.
const LONGEST: usize = 40;

/// Words to which others may be near.
#[derive(Debug, Default)]
pub(super) struct Slips {
    words: Vec<(Vec<char>, usize)>,
    by_remainder: HashMap<u64, Vec<usize>>,
    /// Which lengths, and which lengths of words that allow two slips: most texts end here.
    lengths: [u64; 2],
}

impl Slips {
    /// Adds a word to which a text may be near by so many slips; gives its number.
    pub(super) fn add(&mut self, word: &str, slips: usize) -> usize {
        let letters: Vec<char> = word.chars().collect();
        let number = self.words.len();
        let slips = if letters.len() > LONGEST { 0 } else { slips.min(MOST) };
        for left in remainders(&letters, slips) {
            self.by_remainder.entry(left).or_default().push(number);
        }
        for slips in 1..=slips {
            self.lengths[slips - 1] |= 1 << letters.len();
        }
        self.words.push((letters, slips));
        number
    }

    /// The words within reach of `text`, each with the number of slips, which is not 0.
    pub(super) fn near(&self, text: &str) -> Vec<(usize, usize)> {
        let letters: Vec<char> = text.chars().collect();
        let slips = (1..=MOST).rev().find(|slips| self.is_within_length(letters.len(), *slips));
        let Some(slips) = slips else { return Vec::new() };
        let mut near: Vec<usize> = remainders(&letters, slips)
            .iter()
            .filter_map(|left| self.by_remainder.get(left))
            .flatten()
            .copied()
            .collect();
        near.sort_unstable();
        near.dedup();
        let distance = |number: usize| {
            let (word, most) = &self.words[number];
            let slips = distance(&letters, word, *most)?;
            (slips > 0).then_some((number, slips))
        };
        near.into_iter().filter_map(distance).collect()
    }

    fn is_within_length(&self, length: usize, slips: usize) -> bool {
        let window = (length.saturating_sub(slips)..=length + slips).filter(|n| *n <= LONGEST);
        length <= LONGEST + slips && window.fold(0, |bits, n| bits | 1 << n) & self.lengths[slips - 1] != 0
    }
}

/// The hashes of a word and of what is left of it without up to `slips` of its letters.
fn remainders(letters: &[char], slips: usize) -> Vec<u64> {
    let mut all = vec![hash(letters, usize::MAX, usize::MAX)];
    for first in 0..letters.len() {
        if slips >= 1 {
            all.push(hash(letters, first, usize::MAX));
        }
        if slips >= 2 {
            all.extend((first + 1..letters.len()).map(|second| hash(letters, first, second)));
        }
    }
    all
}

/// FNV-1a over the letters without two of them.
fn hash(letters: &[char], first: usize, second: usize) -> u64 {
    let kept = letters.iter().enumerate().filter(|(at, _)| *at != first && *at != second);
    kept.fold(0xcbf2_9ce4_8422_2325, |hash, (_, c)| (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x100_0000_01b3))
}

/// Slips between two words (optimal string alignment); `None` beyond `most`.
fn distance(one: &[char], other: &[char], most: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > most {
        return None;
    }
    let mut before = vec![0; other.len() + 1];
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, a) in one.iter().enumerate() {
        let mut next = vec![row + 1; other.len() + 1];
        for (column, b) in other.iter().enumerate() {
            let changed = last[column] + usize::from(a != b);
            next[column + 1] = changed.min(last[column + 1] + 1).min(next[column] + 1);
            let is_swapped = row > 0 && column > 0 && *a == other[column - 1] && one[row - 1] == *b;
            if is_swapped {
                next[column + 1] = next[column + 1].min(before[column - 1] + 1);
            }
        }
        (before, last) = (last, next);
    }
    last.last().copied().filter(|slips| *slips <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slips_are_found_within_their_number() {
        let mut slips = Slips::default();
        slips.add("sample", 1);
        slips.add("samplehouse", 2);
        for (text, near) in [
            ("samle", &[(0, 1)][..]),
            ("samplle", &[(0, 1)]),
            ("sanple", &[(0, 1)]),
            ("smaple", &[(0, 1)]),
            ("samplehose", &[(1, 1)]),
            ("samplehosue", &[(1, 1)]),
            ("amplehous", &[(1, 2)]),
            ("sample", &[]),
            ("simplex", &[]),
            ("semplehausse", &[]),
            ("", &[]),
        ] {
            assert_eq!(slips.near(text), near, "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_single_slip_is_found(word in "[a-e]{6,12}", at in 0usize..6, kind in 0..4, letter in "[a-e]") {
            let mut slips = Slips::default();
            slips.add(&word, 1);
            let mut text: Vec<char> = word.chars().collect();
            match kind {
                0 => drop(text.remove(at)),
                1 => text.insert(at, letter.chars().next().expect("one")),
                2 => text[at] = letter.chars().next().expect("one"),
                _ => text.swap(at, (at + 1).min(word.len() - 1)),
            }
            let text: String = text.into_iter().collect();
            prop_assert_eq!(slips.near(&text).is_empty(), text == word);
        }
    }
}
