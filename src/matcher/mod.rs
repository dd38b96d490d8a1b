//! Many patterns in one pass over folded units.

/// The number of a pattern, in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(pub u32);

/// One occurrence of a pattern: units `start..end` of the haystack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    pub pattern: PatternId,
}

/// All patterns, ready to be looked for. Immutable, `Send + Sync`, cheap to clone.
#[derive(Clone, Debug)]
pub struct Automaton {/* private: automaton.rs is the only file that names aho_corasick */}

/// Why patterns could not be made ready.
#[derive(Debug, thiserror::Error)]
#[error("patterns do not fit one automaton")]
pub struct BuildError(/* source */);

impl Automaton {
    /// Equal patterns are allowed: each is reported. An empty pattern never matches.
    pub fn new<P: AsRef<[u16]>>(_patterns: &[P]) -> Result<Self, BuildError> {
        todo!()
    }
    /// Calls `each` for every occurrence of every pattern, overlapping ones too, in order of their end, then start.
    pub fn for_each(&self, _haystack: &[u16], _each: impl FnMut(Found)) {
        todo!()
    }
    /// The number of patterns.
    #[must_use]
    pub fn len(&self) -> usize {
        todo!()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Bytes of memory held.
    #[must_use]
    pub fn memory(&self) -> usize {
        todo!()
    }
}
