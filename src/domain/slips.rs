//! Words within one or two slips of a given one, found without comparing with all: each word is stored under itself and
//! under what is left of it when one or two letters go, and a text is looked up in the same way (symmetric deletion).

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A letter more, less, changed, or two neighbours swapped, at most so often.
const MOST: usize = 2;
/// Longer than any label that anybody slips in.
const LONGEST: usize = 40;

/// Words to which others may be near.
#[derive(Debug, Default)]
pub(super) struct Slips {
    words: Vec<(Vec<char>, usize)>,
    by_remainder: HashMap<u64, Vec<usize>, BuildHasherDefault<AsItIs>>,
    /// Which lengths, and which lengths of words that allow two slips: most texts end here.
    lengths: [u64; MOST],
    /// Which letters each word has, while there are few words: two letters come and go with each slip.
    letters: Vec<u64>,
}

/// So many words are looked at one by one before anything is hashed.
const FEW: usize = 64;

/// The keys are hashes already.
#[derive(Debug, Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

impl Slips {
    /// Adds a word to which a text may be near by so many slips.
    pub(super) fn add(&mut self, word: &str, slips: usize) {
        let letters: Vec<char> = word.chars().collect();
        let slips = if letters.len() > LONGEST { 0 } else { slips.min(MOST) };
        let number = self.words.len();
        if slips > 0 {
            let by_remainder = &mut self.by_remainder;
            remainders(&letters, slips, |left| by_remainder.entry(left).or_default().push(number));
        }
        for slips in 1..=slips {
            self.lengths[slips - 1] |= 1 << letters.len();
        }
        self.letters.push(letters_of(&letters));
        self.words.push((letters, slips));
    }

    /// The words within reach of `text`, by their numbers in order, each with the number of slips, which is not 0.
    pub(super) fn near(&self, text: &str) -> Vec<(usize, usize)> {
        let mut letters = ['\0'; LONGEST + MOST];
        let length = text.chars().zip(&mut letters).map(|(c, place)| *place = c).count();
        let letters = &letters[..length];
        let slips = (1..=MOST).rev().find(|slips| self.is_within_length(length, *slips));
        let Some(slips) = slips.filter(|_| text.chars().nth(LONGEST + MOST).is_none()) else { return Vec::new() };
        if !self.has_alike(letters_of(letters)) {
            return Vec::new();
        }
        let mut near: Vec<usize> = Vec::new();
        remainders(letters, slips, |left| near.extend(self.by_remainder.get(&left).into_iter().flatten()));
        near.sort_unstable();
        near.dedup();
        let distance = |number: usize| {
            let (word, most) = &self.words[number];
            let slips = distance(letters, word, *most)?;
            (slips > 0).then_some((number, slips))
        };
        near.into_iter().filter_map(distance).collect()
    }

    /// A word may have nearly these letters.
    fn has_alike(&self, own: u64) -> bool {
        let is_alike = |(of, (_, slips)): (&u64, &(Vec<char>, usize))| (of ^ own).count_ones() as usize <= 2 * slips;
        self.words.len() > FEW || self.letters.iter().zip(&self.words).any(is_alike)
    }

    fn is_within_length(&self, length: usize, slips: usize) -> bool {
        let window = (length.saturating_sub(slips)..=length + slips).filter(|n| *n <= LONGEST);
        window.fold(0, |bits, n| bits | 1 << n) & self.lengths[slips - 1] != 0
    }
}

/// A bit for each letter; letters beyond ASCII share bits.
fn letters_of(word: &[char]) -> u64 {
    word.iter().fold(0, |bits, c| bits | 1 << (u32::from(*c) % 64))
}

/// Gives the hashes of a word and of what is left of it without up to `slips` of its letters.
fn remainders(letters: &[char], slips: usize, mut each: impl FnMut(u64)) {
    // Polynomial hashes of all beginnings, so that what is left without a letter is put together from its parts.
    let mut beginnings = [0u64; LONGEST + MOST + 1];
    let mut powers = [1u64; LONGEST + MOST + 1];
    for (at, c) in letters.iter().enumerate() {
        beginnings[at + 1] = beginnings[at].wrapping_mul(BASE).wrapping_add(u64::from(u32::from(*c)) + 1);
        powers[at + 1] = powers[at].wrapping_mul(BASE);
    }
    let join = |head: u64, from: usize, to: usize| {
        let part = beginnings[to].wrapping_sub(beginnings[from].wrapping_mul(powers[to - from]));
        head.wrapping_mul(powers[to - from]).wrapping_add(part)
    };
    let end = letters.len();
    each(beginnings[end]);
    for (first, head) in beginnings[..end].iter().enumerate() {
        each(join(*head, first + 1, end));
        let seconds = if slips >= 2 { first + 1..end } else { 0..0 };
        for second in seconds {
            each(join(join(*head, first + 1, second), second + 1, end));
        }
    }
}

/// Any large odd number: Knuth's, the golden ratio of 2^64.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

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
