//! The patterns as a tree, for whoever reads a text with alternatives and must know at each step what may come next.
//!
//! The automaton answers "what ends here" for one way to read a text; the tree answers "what goes on from here".

use super::found::PatternId;
use std::ops::Range;

/// A place in the tree: the units that lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Node(u32);

/// Patterns that share their beginnings. Immutable, `Send + Sync`.
#[derive(Debug)]
pub struct Trie {
    /// By node: where its branches and its patterns stand in the lists below.
    nodes: Vec<Place>,
    /// Sorted by unit within each node.
    branches: Vec<(u16, Node)>,
    ends: Vec<PatternId>,
}

#[derive(Clone, Debug, Default)]
struct Place {
    branches: Range<u32>,
    ends: Range<u32>,
}

/// A length of a list of ours; sets with more units than that do not build an automaton either.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Trie {
    /// Where every pattern begins.
    pub const ROOT: Node = Node(0);

    /// The tree of these patterns; equal patterns end at the same node, empty ones are left out.
    #[must_use]
    pub fn new<'p>(patterns: impl IntoIterator<Item = (PatternId, &'p [u16])>) -> Self {
        let mut sorted: Vec<(&[u16], PatternId)> =
            patterns.into_iter().filter(|(_, units)| !units.is_empty()).map(|(id, units)| (units, id)).collect();
        sorted.sort_unstable();
        let mut trie = Self { nodes: vec![Place::default()], branches: Vec::new(), ends: Vec::new() };
        // Nodes in order of depth, each with the patterns that go through it.
        let mut open = vec![(0..sorted.len(), 0_usize)];
        let mut next = 0;
        while let Some((through, depth)) = open.get(next).cloned() {
            let ending = through.clone().take_while(|&at| sorted[at].0.len() == depth).count();
            let ends = number(trie.ends.len());
            trie.ends.extend(sorted[through.start..through.start + ending].iter().map(|(_, id)| *id));
            let branches = number(trie.branches.len());
            let mut rest = &sorted[through.start + ending..through.end];
            while let Some((units, _)) = rest.first() {
                let length = rest.partition_point(|(others, _)| others[depth] <= units[depth]);
                let from = through.end - rest.len();
                trie.branches.push((units[depth], Node(number(trie.nodes.len()))));
                trie.nodes.push(Place::default());
                open.push((from..from + length, depth + 1));
                rest = &rest[length..];
            }
            trie.nodes[next] =
                Place { branches: branches..number(trie.branches.len()), ends: ends..number(trie.ends.len()) };
            next += 1;
        }
        trie
    }

    /// One unit further.
    #[must_use]
    pub fn step(&self, node: Node, unit: u16) -> Option<Node> {
        let branches = self.branches(node);
        let at = branches.binary_search_by_key(&unit, |(unit, _)| *unit).ok()?;
        Some(branches[at].1)
    }

    /// Every way to go on, by unit.
    #[must_use]
    pub fn branches(&self, node: Node) -> &[(u16, Node)] {
        self.slice(&self.branches, |place| &place.branches, node)
    }

    /// The patterns that end here.
    #[must_use]
    pub fn ends(&self, node: Node) -> &[PatternId] {
        self.slice(&self.ends, |place| &place.ends, node)
    }

    fn slice<'t, T>(&self, list: &'t [T], of: impl Fn(&Place) -> &Range<u32>, node: Node) -> &'t [T] {
        let place = usize::try_from(node.0).ok().and_then(|at| self.nodes.get(at));
        let Range { start, end } = place.map_or(&(0..0), of);
        let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        list.get(index(*start)..index(*end)).unwrap_or(&[])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn trie(patterns: &[Vec<u16>]) -> Trie {
        Trie::new((0..).map(PatternId).zip(patterns.iter().map(Vec::as_slice)))
    }

    fn walk(trie: &Trie, units: &[u16]) -> Option<Node> {
        units.iter().try_fold(Trie::ROOT, |node, unit| trie.step(node, *unit))
    }

    #[test]
    fn patterns_share_their_beginnings() {
        let patterns: Vec<Vec<u16>> = ["ab", "abc", "b", "", "ab"].iter().map(|p| p.encode_utf16().collect()).collect();
        let trie = trie(&patterns);
        let ab = walk(&trie, &patterns[0]).unwrap();
        assert_eq!(trie.ends(ab), [PatternId(0), PatternId(4)]);
        assert_eq!(trie.branches(ab).iter().map(|(unit, _)| *unit).collect::<Vec<_>>(), [u16::from(b'c')]);
        assert_eq!(trie.ends(Trie::ROOT), []);
        assert_eq!(walk(&trie, &[u16::from(b'x')]), None);
        assert!(Trie::new([]).branches(Trie::ROOT).is_empty());
    }

    proptest! {
        #[test]
        fn it_holds_the_patterns_and_nothing_else(
            patterns in proptest::collection::vec(proptest::collection::vec(0_u16..4, 0..5), 0..12),
            path in proptest::collection::vec(0_u16..4, 0..6),
        ) {
            let trie = trie(&patterns);
            let node = walk(&trie, &path);
            prop_assert_eq!(node.is_some(), path.is_empty() || patterns.iter().any(|p| p.starts_with(&path)));
            let ends: Vec<PatternId> = node.map_or(Vec::new(), |node| trie.ends(node).to_vec());
            let equal = (0..).map(PatternId).zip(&patterns).filter(|(_, p)| **p == path && !p.is_empty());
            prop_assert_eq!(ends, equal.map(|(id, _)| id).collect::<Vec<_>>());
        }
    }
}
