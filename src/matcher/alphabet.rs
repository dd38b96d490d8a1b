//! Units as single bytes, so that an automaton over bytes takes one step a unit.
//!
//! A few hundred names have more different units than a byte has values, so some units share one: a match of bytes is a
//! candidate, and the automaton compares its units before it reports it. Two bytes a unit would need no comparison, but twice
//! the steps, and matches that begin in the middle of a unit.

use std::collections::HashMap;

/// The byte of a unit that is in no pattern.
pub(super) const ABSENT: u8 = 0;

/// The byte of each unit.
#[derive(Debug)]
pub(super) struct Alphabet {
    bytes: Box<[u8; 0x1_0000]>,
}

impl Alphabet {
    /// Gives each unit of `patterns` a byte. The most frequent units have one to themselves, above all the 36 letters and digits of
    /// Latin names, which are long and made of nothing else; the rest share what is left in turn.
    pub(super) fn of<'p>(patterns: impl Iterator<Item = &'p [u16]>) -> Self {
        let mut frequency: HashMap<u16, usize> = HashMap::new();
        for unit in patterns.flatten() {
            *frequency.entry(*unit).or_default() += 1;
        }
        let mut units: Vec<(u16, usize)> = frequency.into_iter().collect();
        units.sort_unstable_by_key(|(unit, times)| (!is_ascii(*unit), std::cmp::Reverse(*times), *unit));
        let own = units.iter().take_while(|(unit, _)| is_ascii(*unit)).count().min(127);
        let own = u8::try_from(own).expect("at most 127");
        let mut bytes: Box<[u8; 0x1_0000]> = vec![ABSENT; 0x1_0000].try_into().expect("the length is the array's");
        for ((unit, _), byte) in units.iter().zip((1..=own).chain((own + 1..=u8::MAX).cycle())) {
            bytes[usize::from(*unit)] = byte;
        }
        Self { bytes }
    }

    #[inline]
    pub(super) fn byte(&self, unit: u16) -> u8 {
        self.bytes[usize::from(unit)]
    }

    pub(super) fn memory(&self) -> usize {
        self.bytes.len()
    }
}

fn is_ascii(unit: u16) -> bool {
    unit < 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_units_of_patterns_have_a_byte_and_letters_have_their_own() {
        let han: Vec<u16> = (0x4E00..0x5200).collect();
        let latin: Vec<u16> = "china1".encode_utf16().collect();
        let alphabet = Alphabet::of([&han[..], &latin[..], &[]].into_iter());
        assert!(han.iter().chain(&latin).all(|unit| alphabet.byte(*unit) != ABSENT));
        assert_eq!(alphabet.byte(u16::from(b'z')), ABSENT);
        assert_eq!(alphabet.byte(0x9999), ABSENT);
        for letter in &latin {
            let sharing = (0..=u16::MAX).filter(|unit| alphabet.byte(*unit) == alphabet.byte(*letter)).count();
            assert_eq!(sharing, 1);
        }
    }

    #[test]
    fn the_same_patterns_give_the_same_bytes() {
        let units: Vec<u16> = (0x4E00..0x5000).chain(0x4E10..0x4E40).collect();
        let (one, other) = (Alphabet::of([&units[..]].into_iter()), Alphabet::of([&units[..]].into_iter()));
        assert_eq!(one.bytes, other.bytes);
    }
}
