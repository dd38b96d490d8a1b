//! What the engine asks when a name may be hidden: how a name goes on, which units stand side by side in one, and which names end so.
//!
//! Made of the same patterns as the automaton, without the hosts: those are read by rules of their own.

use super::index::{Pattern, Target};
use crate::matcher::{PatternId, Sieve, Trie};
use crate::text::{is_han_like, readings};
use std::collections::HashMap;

/// A name that has lost its head is only known by a tail of so many units: long enough that no other body ends so.
pub(super) const SHORTEST_TAIL: usize = 7;
/// So many characters of a head are lost at most.
const MOST_LOST: usize = 2;
/// Units by which tails are looked up.
pub const TAIL_KEY: usize = 4;
/// Units of an alphabet that stand side by side: fewer are in every text.
pub const GRAM: usize = 5;
/// Where a name has ended.
const NO_UNIT: u16 = 0;

/// The patterns of the names, ready to be looked for where something hides them.
#[derive(Debug)]
pub struct HiddenNames {
    trie: Trie,
    /// Units that a name begins with, one bit each.
    first: Vec<u64>,
    /// Units that any has, one bit each.
    any: Vec<u64>,
    pairs: Sieve,
    said: Sieve,
    grams: Sieve,
    /// The first two letters of those, one bit each, and the last two.
    beginnings: [u32; 32],
    ends: [u32; 32],
    /// Letters that are written twice in some name, with their neighbours, in order.
    doubles: Vec<[u16; 4]>,
    /// Every three units of those, one bit each, by their letters.
    threes: Vec<u64>,
    tails: HashMap<[u16; TAIL_KEY], Vec<Tail>>,
}

/// What is left of a name that has lost its head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The whole name's pattern.
    pub pattern: PatternId,
    /// The units that are left.
    pub units: Box<[u16]>,
    /// How many characters of the name are lost.
    pub lost: usize,
}

impl HiddenNames {
    pub(super) fn new(patterns: &[Pattern], units: &[Vec<u16>]) -> Self {
        let names = || (0..).map(PatternId).zip(patterns).zip(units).filter(|((_, p), _)| is_name(&p.target));
        let han =
            || names().flat_map(|(_, units)| units.windows(2)).filter(|pair| pair.iter().all(|unit| is_han(*unit)));
        let spaced: Vec<Vec<u16>> = names()
            .filter(|(_, units)| units.iter().any(|unit| *unit < 0x80))
            .map(|(_, units)| squeezed(units))
            .collect();
        let trie = Trie::new(names().map(|((id, _), units)| (id, units.as_slice())));
        Self {
            first: bits_of(trie.branches(Trie::ROOT).iter().map(|(unit, _)| *unit)),
            any: bits_of(names().flat_map(|(_, units)| units).copied()),
            trie,
            pairs: Sieve::new(han()),
            said: Sieve::new(said(han()).iter().map(Vec::as_slice)),
            beginnings: pairs_of(spaced.iter().filter_map(|units| units.first_chunk())),
            ends: pairs_of(spaced.iter().filter_map(|units| units.last_chunk())),
            doubles: doubles(names().map(|(_, units)| units.as_slice())),
            threes: threes(&spaced),
            grams: Sieve::new(spaced.iter().flat_map(|units| units.windows(GRAM))),
            tails: tails(patterns, units),
        }
    }

    /// Every name of the set.
    #[must_use]
    pub fn trie(&self) -> &Trie {
        &self.trie
    }

    /// Some name begins with the unit.
    #[must_use]
    pub fn may_begin(&self, unit: u16) -> bool {
        self.first[usize::from(unit >> 6)] & (1 << (unit & 63)) != 0
    }

    /// Some name begins with two ASCII units, as [`squeeze`] has them; sometimes `true` for others, too.
    #[must_use]
    pub fn may_begin_with(&self, one: u16, other: u16) -> bool {
        self.beginnings[usize::from(one & 31)] & (1 << (other & 31)) != 0
    }

    /// Some name has the unit.
    #[must_use]
    pub fn may_hold(&self, unit: u16) -> bool {
        self.any[usize::from(unit >> 6)] & (1 << (unit & 63)) != 0
    }

    /// Some name ends with two ASCII units, as [`squeeze`] has them; sometimes `true` for others, too.
    #[must_use]
    pub fn may_end_with(&self, one: u16, other: u16) -> bool {
        self.ends[usize::from(one & 31)] & (1 << (other & 31)) != 0
    }

    /// Two Han units stand side by side in some name; sometimes `true` for others, too.
    #[must_use]
    pub fn may_hold_pair(&self, one: u16, other: u16) -> bool {
        self.pairs.may_hold([one, other].into_iter())
    }

    /// A Han unit and the letters of a reading of its neighbour in some name, in the order of the name; a reading's first letter is enough.
    #[must_use]
    pub fn may_say(&self, window: impl Iterator<Item = u16>) -> bool {
        self.said.may_hold(window)
    }

    /// [`GRAM`] units, each [`squeeze`]d and none twice in a row, stand side by side in some name with letters; sometimes `true` for others, too.
    #[must_use]
    pub fn may_hold_gram(&self, squeezed: impl Iterator<Item = u16>) -> bool {
        self.grams.may_hold(squeezed)
    }

    /// A letter stands twice between the same neighbours in some name, or at its end.
    #[must_use]
    pub fn holds_double(&self, units: [u16; 4]) -> bool {
        let [one, double, _, _] = units;
        let holds = |units: [u16; 4]| self.doubles.binary_search(&units).is_ok();
        holds(units) || holds([one, double, double, NO_UNIT])
    }

    /// Three ASCII units, as [`squeeze`] has them, stand side by side in some name. Cheaper than [`HiddenNames::may_hold_gram`].
    #[must_use]
    pub fn holds_three(&self, squeezed: [u16; 3]) -> bool {
        let place = place_of(squeezed);
        self.threes[place >> 6] & (1 << (place & 63)) != 0
    }

    /// Names that end with units that begin with these, and have lost their head.
    #[must_use]
    pub fn tails(&self, key: [u16; TAIL_KEY]) -> &[Tail] {
        self.tails.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// A bit for each unit.
fn bits_of(units: impl Iterator<Item = u16>) -> Vec<u64> {
    let mut bits = vec![0; 1 << 10];
    for unit in units {
        bits[usize::from(unit >> 6)] |= 1 << (unit & 63);
    }
    bits
}

/// A bit for each two letters.
fn pairs_of<'u>(pairs: impl Iterator<Item = &'u [u16; 2]>) -> [u32; 32] {
    let mut bits = [0; 32];
    for [one, other] in pairs {
        bits[usize::from(one & 31)] |= 1 << (other & 31);
    }
    bits
}

/// The letters that stand twice, with their neighbours.
fn doubles<'u>(names: impl Iterator<Item = &'u [u16]>) -> Vec<[u16; 4]> {
    let inside = |units: &'u [u16]| units.windows(4).filter_map(|four| <[u16; 4]>::try_from(four).ok());
    let at_end = |units: &[u16]| units.last_chunk().map(|[one, two, three]| [*one, *two, *three, NO_UNIT]);
    let fours = names.flat_map(|units| inside(units).chain(at_end(units)));
    let mut doubles: Vec<_> = fours.filter(|[_, one, other, _]| one == other && *one < 0x80).collect();
    doubles.sort_unstable();
    doubles.dedup();
    doubles
}

/// A bit for each three letters: five bits of a letter are itself.
fn threes(names: &[Vec<u16>]) -> Vec<u64> {
    let mut bits = vec![0; 1 << 9];
    for three in names.iter().flat_map(|units| units.windows(3)) {
        let place = place_of([three[0], three[1], three[2]]);
        bits[place >> 6] |= 1 << (place & 63);
    }
    bits
}

fn place_of(three: [u16; 3]) -> usize {
    three.into_iter().fold(0, |place, unit| place << 5 | usize::from(unit & 31))
}

/// One unit for all that are written for one another in Latin words: digits for letters, and `l` for `I`.
#[inline]
#[must_use]
pub const fn squeeze(unit: u16) -> u16 {
    if unit < 0x80 { SQUEEZED[unit as usize] } else { unit }
}

const SQUEEZED: [u16; 0x80] = {
    let mut squeezed = [0; 0x80];
    let mut unit = 0;
    while unit < 0x80 {
        squeezed[unit as usize] = match unit {
            0x30 => b'o' as u16,
            0x31 | 0x6C => b'i' as u16,
            0x32 => b'z' as u16,
            0x33 => b'e' as u16,
            0x34 => b'a' as u16,
            0x35 => b's' as u16,
            0x36 | 0x38 => b'b' as u16,
            0x37 => b't' as u16,
            0x39 => b'g' as u16,
            _ => unit,
        };
        unit += 1;
    }
    squeezed
};

/// The units without repetitions, each as [`squeeze`] has it.
fn squeezed(units: &[u16]) -> Vec<u16> {
    let mut squeezed: Vec<u16> = units.iter().map(|unit| squeeze(*unit)).collect();
    squeezed.dedup();
    squeezed
}

fn is_name(target: &Target) -> bool {
    matches!(target, Target::Name { .. } | Target::Protected { .. })
}

fn is_han(unit: u16) -> bool {
    char::from_u32(u32::from(unit)).is_some_and(is_han_like)
}

/// Each pair with one of the two as it is read.
fn said<'u>(pairs: impl Iterator<Item = &'u [u16]>) -> Vec<Vec<u16>> {
    let sounds = |unit: u16| {
        char::from_u32(u32::from(unit))
            .into_iter()
            .flat_map(readings)
            .flat_map(|reading| [reading.clone(), vec![reading[0]]])
    };
    let spelled = |letters: Vec<u8>| letters.into_iter().map(u16::from).collect::<Vec<u16>>();
    let of = |pair: &[u16]| -> Vec<Vec<u16>> {
        let first = sounds(pair[0]).map(|letters| [spelled(letters), vec![pair[1]]].concat());
        let second = sounds(pair[1]).map(|letters| [vec![pair[0]], spelled(letters)].concat());
        first.chain(second).collect()
    };
    pairs.flat_map(of).collect()
}

/// The tails of long Han names that are the tail of nobody else's, nor of a lawful body's name.
fn tails(patterns: &[Pattern], units: &[Vec<u16>]) -> HashMap<[u16; TAIL_KEY], Vec<Tail>> {
    let mut tails: HashMap<[u16; TAIL_KEY], Vec<Tail>> = HashMap::new();
    for ((pattern, name), whole) in (0..).map(PatternId).zip(patterns).zip(units) {
        let Target::Name { requires_full_name: false, .. } = name.target else { continue };
        if name.is_reversed || whole.len() < SHORTEST_TAIL + MOST_LOST {
            continue;
        }
        for lost in 1..=MOST_LOST {
            let tail = &whole[lost..];
            let key =
                tail.first_chunk::<TAIL_KEY>().filter(|_| whole.iter().take(lost + TAIL_KEY).all(|unit| is_han(*unit)));
            let Some(key) = key else { continue };
            if is_only_ones(tail, organization(&name.target), patterns, units) {
                tails.entry(*key).or_default().push(Tail { pattern, units: tail.into(), lost });
            }
        }
    }
    tails
}

fn organization(target: &Target) -> Option<usize> {
    match target {
        Target::Name { organization, .. } | Target::Variant { organization, .. } => Some(*organization),
        _ => None,
    }
}

/// No name of anybody else is this tail or ends with it.
fn is_only_ones(tail: &[u16], owner: Option<usize>, patterns: &[Pattern], units: &[Vec<u16>]) -> bool {
    let others = patterns.iter().zip(units).filter(|(other, _)| organization(&other.target) != owner);
    !others.into_iter().any(|(_, units)| units.ends_with(tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;
    use std::sync::Arc;

    fn hidden(names: &[(&str, Option<usize>)]) -> HiddenNames {
        let target = |organization: Option<usize>| match organization {
            Some(organization) => {
                Target::Name { organization, via: super::super::Via::Name, requires_full_name: false }
            }
            None => Target::Protected { body: 0 },
        };
        let pattern = |(text, organization): &(&str, Option<usize>)| Pattern {
            target: target(*organization),
            text: Arc::from(*text),
            is_reversed: false,
        };
        let patterns: Vec<Pattern> = names.iter().map(pattern).collect();
        let units: Vec<Vec<u16>> = names.iter().map(|(text, _)| fold(text)).collect();
        HiddenNames::new(&patterns, &units)
    }

    fn tails<'h>(hidden: &'h HiddenNames, text: &str) -> &'h [Tail] {
        hidden.tails(*fold(text).first_chunk().unwrap())
    }

    #[test]
    fn a_tail_is_known_when_it_is_long_and_nobody_elses() {
        let hidden = hidden(&[
            ("中国样例科技信息协会", Some(0)),
            ("全国假想教育培训联盟", Some(1)),
            ("世界假想教育培训联盟", Some(2)),
            ("中国虚构文化研究会", Some(3)),
            ("大样虚构文化研究会", None),
            ("中国短样协会", Some(4)),
        ]);
        assert_eq!(tails(&hidden, "国样例科技信息协会").len(), 1);
        assert_eq!(tails(&hidden, "样例科技信息协会")[0].lost, 2);
        assert_eq!(tails(&hidden, "国假想教育培训联盟").len(), 1);
        assert_eq!(tails(&hidden, "假想教育培训联盟"), []);
        assert_eq!(tails(&hidden, "虚构文化研究会"), []);
        assert_eq!(tails(&hidden, "国短样协会"), []);
        assert_eq!(tails(&hidden, "例科技信息协会"), []);
    }

    #[test]
    fn neighbours_are_known_as_they_are_squeezed() {
        let hidden = hidden(&[("中国样例协会", Some(0)), ("Sham All Committee 5G", Some(1))]);
        let pair = |text: &str| hidden.may_hold_pair(fold(text)[0], fold(text)[1]);
        assert!(pair("国样") && pair("协会") && !pair("样国"));
        let said = |text: &str| hidden.may_say(text.encode_utf16());
        assert!(said("国yang") && said("y例") && said("协hui") && said("协h") && !said("国hui"));
        let gram = |text: &str| hidden.may_hold_gram(squeezed(&fold(text)).into_iter());
        assert!(gram("c0mmit") && gram("A11Com") && gram("m1TTee5"));
        assert!(!gram("xcomm") && !gram("中国样例协"));
    }
}
