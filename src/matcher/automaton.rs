//! The reference engine: aho-corasick, one step a unit. The only file that names the crate.

use std::sync::Arc;

use aho_corasick::Anchored;
use aho_corasick::automaton::Automaton as Steps;
use aho_corasick::dfa::DFA;
use aho_corasick::nfa::contiguous::NFA;

use super::alphabet::{ABSENT, Alphabet};
use super::found::{Found, PatternId};

/// All patterns, ready to be looked for. Immutable, `Send + Sync`, cheap to clone.
#[derive(Clone, Debug)]
pub struct Automaton {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    alphabet: Alphabet,
    states: States,
    /// The patterns that the automaton has, by its numbers: all but the empty ones.
    patterns: Vec<(PatternId, Box<[u16]>)>,
    /// How many patterns were given.
    given: usize,
}

/// Either kind takes the same steps.
#[derive(Debug)]
enum States {
    /// A table of all steps, about 1 KB a unit of the patterns: two thirds of the time of the other on a few hundred names.
    Table(DFA),
    /// Compact: for sets that would not fit a cache as a table.
    Compact(NFA),
}

/// Patterns of up to this many states get a table, of at most 48 MB; the shipped lists, with their spellings and backwards, have half as many.
const TABLE_STATES: usize = 49_152;

/// Why patterns could not be made ready: too many of them, or too long.
#[derive(Debug, thiserror::Error)]
#[error("patterns do not fit one automaton")]
pub struct BuildError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Automaton {
    /// Equal patterns are allowed: each is reported. An empty pattern never matches.
    ///
    /// # Errors
    /// When the patterns need more states than 32 bits can number.
    pub fn new<P: AsRef<[u16]>>(patterns: &[P]) -> Result<Self, BuildError> {
        let mut kept = Vec::new();
        for (number, pattern) in patterns.iter().enumerate() {
            let number = u32::try_from(number).map_err(|error| BuildError(error.into()))?;
            if !pattern.as_ref().is_empty() {
                kept.push((PatternId(number), Box::from(pattern.as_ref())));
            }
        }
        let alphabet = Alphabet::of(kept.iter().map(|(_, units)| &**units));
        let spelled: Vec<Vec<u8>> =
            kept.iter().map(|(_, units)| units.iter().map(|unit| alphabet.byte(*unit)).collect()).collect();
        let states = States::new(&spelled).map_err(|error| BuildError(error.into()))?;
        let inner = Inner { alphabet, states, patterns: kept, given: patterns.len() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Calls `each` for every occurrence of every pattern, overlapping ones too, in order of their end, then start, then pattern.
    /// Allocates nothing.
    pub fn for_each(&self, haystack: &[u16], each: impl FnMut(Found)) {
        match &self.inner.states {
            States::Table(table) => self.inner.search(table, haystack, each),
            States::Compact(compact) => self.inner.search(compact, haystack, each),
        }
    }

    /// The number of patterns, the empty ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.inner.given
    }

    /// There is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory held.
    #[must_use]
    pub fn memory(&self) -> usize {
        let Inner { alphabet, states, patterns, .. } = &*self.inner;
        let units: usize = patterns.iter().map(|(_, units)| size_of_val(&**units)).sum();
        alphabet.memory() + states.memory() + size_of_val(&patterns[..]) + units
    }
}

impl States {
    fn new(spelled: &[Vec<u8>]) -> Result<Self, aho_corasick::BuildError> {
        if states(spelled) <= TABLE_STATES {
            DFA::new(spelled).map(States::Table)
        } else {
            NFA::new(spelled).map(States::Compact)
        }
    }

    fn memory(&self) -> usize {
        match self {
            States::Table(table) => table.memory_usage(),
            States::Compact(compact) => compact.memory_usage(),
        }
    }
}

/// How many different beginnings the patterns have: a state each. Names that differ in their ends share most of theirs.
fn states(spelled: &[Vec<u8>]) -> usize {
    let mut sorted: Vec<&[u8]> = spelled.iter().map(Vec::as_slice).collect();
    sorted.sort_unstable();
    let shared = |a: &[u8], b: &[u8]| a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let first = sorted.first().map_or(0, |pattern| pattern.len());
    first + sorted.windows(2).map(|two| two[1].len() - shared(two[0], two[1])).sum::<usize>()
}

impl Inner {
    fn search(&self, steps: &impl Steps, haystack: &[u16], mut each: impl FnMut(Found)) {
        let start = steps.start_state(Anchored::No).expect("the automaton is built for unanchored searches");
        let mut state = start;
        for (at, unit) in haystack.iter().enumerate() {
            let byte = self.alphabet.byte(*unit);
            if byte == ABSENT {
                state = start;
                continue;
            }
            state = steps.next_state(Anchored::No, state, byte);
            if steps.is_special(state) && steps.is_match(state) {
                for index in 0..steps.match_len(state) {
                    let number = steps.match_pattern(state, index).as_usize();
                    self.verify(number, &haystack[..=at]).into_iter().for_each(&mut each);
                }
            }
        }
    }

    /// The pattern of this number, if `haystack` really ends with it and not only with units that share its bytes.
    fn verify(&self, number: usize, haystack: &[u16]) -> Option<Found> {
        let (pattern, units) = &self.patterns[number];
        let end = haystack.len();
        haystack.ends_with(units).then(|| Found { start: end - units.len(), end, pattern: *pattern })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::naive;
    use super::*;

    /// Patterns, a haystack, and what is found in it: start, end, pattern.
    type Case = (&'static [&'static str], &'static str, &'static [(usize, usize, u32)]);

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    fn fast(patterns: &[Vec<u16>], haystack: &[u16]) -> Vec<Found> {
        let mut found = Vec::new();
        Automaton::new(patterns).unwrap().for_each(haystack, |one| found.push(one));
        found
    }

    #[test]
    fn every_occurrence_is_found_and_nothing_else() {
        #[rustfmt::skip]
        let table: &[Case] = &[
            (&["中国"], "在中国中国", &[(1, 3, 0), (3, 5, 0)]),
            (&["aa"], "aaaa", &[(0, 2, 0), (1, 3, 0), (2, 4, 0)]),
            (&["国学", "中国国学院", "国学院"], "中国国学院", &[(2, 4, 0), (0, 5, 1), (2, 5, 2)]),
            (&["中国", "中国"], "中国", &[(0, 2, 0), (0, 2, 1)]),
            (&["国", "中国"], "中国", &[(0, 2, 1), (1, 2, 0)]),
            (&["𠀀"], "a𠀀", &[(1, 3, 0)]),
            (&["", "a"], "aba", &[(0, 1, 1), (2, 3, 1)]),
            // What must not be found.
            (&["中国"], "中 国", &[]),
            (&["中国"], "", &[]),
            (&[""], "abc", &[]),
            (&[], "abc", &[]),
            // Bytes of neighbours that would be a match one byte further: 4E2D 56FD against 2D56 and FD4E.
            (&["\u{2D56}"], "中国", &[]),
            (&["\u{0061}"], "\u{6100}\u{6161}", &[]),
        ];
        for (patterns, haystack, expected) in table {
            let patterns: Vec<Vec<u16>> = patterns.iter().map(|pattern| units(pattern)).collect();
            let expected: Vec<Found> = expected
                .iter()
                .map(|(start, end, id)| Found { start: *start, end: *end, pattern: PatternId(*id) })
                .collect();
            assert_eq!(fast(&patterns, &units(haystack)), expected, "{patterns:?} {haystack}");
            assert_eq!(naive::find_all(&patterns, &units(haystack)), expected, "{patterns:?} {haystack}");
        }
    }

    #[test]
    fn units_that_share_a_byte_are_told_apart() {
        // More different units than bytes: each pair is one pattern, and half of the haystack is pairs that are none.
        let patterns: Vec<Vec<u16>> = (0x4E00..0x5800).step_by(2).map(|unit| vec![unit, unit + 1]).collect();
        let haystack: Vec<u16> = (0x4E00..0x5800).rev().chain(0x4E00..0x5800).collect();
        assert_eq!(fast(&patterns, &haystack), naive::find_all(&patterns, &haystack));
    }

    #[test]
    fn a_large_set_is_kept_compact_and_finds_the_same() {
        let pattern = |unit: u16| vec![unit, unit ^ 1, unit / 7, unit / 3, unit / 2, 0x4E00];
        let patterns: Vec<Vec<u16>> = (0x4E00..0x9E00_u16).map(pattern).collect();
        assert!(matches!(Automaton::new(&patterns).unwrap().inner.states, States::Compact(_)));
        assert!(matches!(Automaton::new(&patterns[..9]).unwrap().inner.states, States::Table(_)));
        let haystack: Vec<u16> = patterns.iter().step_by(701).flatten().copied().chain(0x4E00..0x4E20).collect();
        assert_eq!(fast(&patterns, &haystack), naive::find_all(&patterns, &haystack));
    }

    #[test]
    fn patterns_that_begin_alike_share_their_states() {
        for (patterns, expected) in
            [(&["abc", "abd", "ab"] as &[_], 4), (&["abc", "xbc"], 6), (&["a", "a"], 1), (&[], 0)]
        {
            let spelled: Vec<Vec<u8>> = patterns.iter().map(|pattern| pattern.as_bytes().to_vec()).collect();
            assert_eq!(states(&spelled), expected, "{patterns:?}");
        }
    }

    #[test]
    fn it_is_shared_between_threads_and_says_what_it_holds() {
        fn is_shared<T: Send + Sync + Clone>(_: &T) {}
        let automaton = Automaton::new(&[units("中国"), units("")]).unwrap();
        is_shared(&automaton);
        assert_eq!((automaton.len(), automaton.is_empty()), (2, false));
        assert!(automaton.memory() > 0x1_0000);
        assert!(Automaton::new::<Vec<u16>>(&[]).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn the_fast_way_finds_what_the_naive_way_finds(
            patterns in proptest::collection::vec(proptest::collection::vec(97_u16..100, 0..5), 0..12),
            haystack in proptest::collection::vec(97_u16..101, 0..60),
        ) {
            prop_assert_eq!(fast(&patterns, &haystack), naive::find_all(&patterns, &haystack));
        }

        #[test]
        fn and_so_it_does_for_any_units(
            patterns in proptest::collection::vec(proptest::collection::vec(any::<u16>(), 0..4), 0..300),
            picks in proptest::collection::vec((any::<prop::sample::Index>(), any::<u16>()), 0..60),
        ) {
            let mut haystack: Vec<u16> = Vec::new();
            for (pick, noise) in picks {
                if !patterns.is_empty() {
                    let picked: &Vec<u16> = pick.get(&patterns);
                    haystack.extend_from_slice(picked);
                }
                haystack.push(noise);
            }
            prop_assert_eq!(fast(&patterns, &haystack), naive::find_all(&patterns, &haystack));
        }
    }
}
