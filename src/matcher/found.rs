//! What a search finds: which pattern, and where.

/// The number of a pattern, in the order in which they were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PatternId(pub u32);

/// One occurrence of a pattern: units `start..end` of the haystack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Found {
    /// The first unit.
    pub start: usize,
    /// Behind the last unit.
    pub end: usize,
    /// Which pattern it is.
    pub pattern: PatternId,
}
