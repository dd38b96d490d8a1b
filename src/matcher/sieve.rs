//! "Surely not, or perhaps": a small set of hashes, asked before anything costly.

/// A set that never forgets what was put in and sometimes remembers what was not: two bits of one word for each hash, thirty-two times as
/// many bits as hashes, so about one in two hundred. A text asks a dozen times; one bit of sixteen said yes to most English texts.
#[derive(Debug)]
pub struct Sieve {
    bits: Vec<u64>,
}

impl Sieve {
    /// A set of these windows of units.
    #[must_use]
    pub fn new<'u>(windows: impl IntoIterator<Item = &'u [u16]>) -> Self {
        const BITS_A_HASH: usize = 32;
        // In a small set two hashes that meet in one word would say yes to half of everything.
        const FEWEST_WORDS: usize = 64;
        let mut hashes: Vec<u64> = windows.into_iter().map(|window| hash(window.iter().copied())).collect();
        hashes.sort_unstable();
        hashes.dedup();
        let words = (hashes.len() * BITS_A_HASH / 64).next_power_of_two().max(FEWEST_WORDS);
        let mut sieve = Self { bits: vec![0; words] };
        for hash in hashes {
            let (word, bits) = sieve.place(hash);
            sieve.bits[word] |= bits;
        }
        sieve
    }

    /// `false` when the window is surely not in the set.
    #[must_use]
    pub fn may_hold(&self, window: impl Iterator<Item = u16>) -> bool {
        let (word, bits) = self.place(hash(window));
        self.bits[word] & bits == bits
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let words = self.bits.len();
        let high = usize::try_from(hash >> 32).unwrap_or(0);
        (high & (words - 1), 1 << (hash & 63) | 1 << (hash >> 6 & 63))
    }
}

/// Multiply and mix, after wyhash: short keys, no hostile ones (a collision costs time, never a verdict).
fn hash(units: impl Iterator<Item = u16>) -> u64 {
    let mixed = units.fold(0x9E37_79B9_7F4A_7C15_u64, |hash, unit| {
        (hash ^ u64::from(unit)).wrapping_mul(0xD6E8_FEB8_6659_FD93).rotate_left(29)
    });
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_stays_and_little_else_seems_to_be_there() {
        let held: Vec<[u16; 2]> = (0..2_000_u16).map(|n| [n, n.wrapping_mul(31)]).collect();
        let sieve = Sieve::new(held.iter().map(<[u16; 2]>::as_slice));
        assert!(held.iter().all(|window| sieve.may_hold(window.iter().copied())));
        let wrong = (10_000..20_000_u16).filter(|n| sieve.may_hold([*n, 7].into_iter())).count();
        assert!(wrong < 100, "{wrong} of 10,000");
        assert!(!Sieve::new([]).may_hold([1, 2].into_iter()));
    }
}
