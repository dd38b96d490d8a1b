//! A few examples of each kind: those whose verdict ids are smallest.
//!
//! An id is a hash of the record's place, so this is a fair sample that does not depend on the order of the records, on
//! how many threads judged them, or on what else was found; a second replay shows the same ones.

use std::collections::BTreeMap;

use super::example::Example;

/// At most `most` examples of each key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples<K> {
    most: usize,
    /// Ascending by rank.
    kept: BTreeMap<K, Vec<Example>>,
}

impl<K: Ord> Examples<K> {
    /// None yet.
    #[must_use]
    pub const fn at_most(most: usize) -> Self {
        Self { most, kept: BTreeMap::new() }
    }

    /// An example of this rank would be kept: only then it is worth making.
    #[must_use]
    pub fn wants(&self, key: &K, rank: u128) -> bool {
        let Some(kept) = self.kept.get(key) else {
            return self.most > 0;
        };
        let has_room = kept.len() < self.most || kept.last().is_some_and(|last| rank < last.rank);
        has_room && kept.iter().all(|example| example.rank != rank)
    }

    /// Keeps an example if it is among the first of its key.
    pub fn add(&mut self, key: K, example: Example) {
        if !self.wants(&key, example.rank) {
            return;
        }
        let kept = self.kept.entry(key).or_default();
        let at = kept.partition_point(|other| other.rank < example.rank);
        kept.insert(at, example);
        kept.truncate(self.most);
    }

    /// Takes over the examples of another thread.
    pub fn merge(&mut self, other: Self) {
        for (key, examples) in other.kept {
            match self.kept.get_mut(&key) {
                None => {
                    self.kept.insert(key, examples);
                }
                Some(kept) => {
                    kept.extend(examples);
                    kept.sort_by_key(|example| example.rank);
                    kept.dedup_by_key(|example| example.rank);
                    kept.truncate(self.most);
                }
            }
        }
    }

    /// The examples of one key.
    #[must_use]
    pub fn of(&self, key: &K) -> &[Example] {
        self.kept.get(key).map_or(&[], Vec::as_slice)
    }

    /// All of them, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &[Example])> {
        self.kept.iter().map(|(key, examples)| (key, examples.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::made_up::example;
    use proptest::prelude::*;

    #[test]
    fn the_smallest_of_each_key_are_kept_once() {
        for (most, ranks, expected) in
            [(2, &[5, 3, 9, 1][..], &[1, 3][..]), (2, &[7], &[7]), (2, &[7, 7, 7], &[7]), (0, &[1, 2], &[])]
        {
            let mut examples = Examples::at_most(most);
            for rank in ranks {
                examples.add("a", example(*rank));
            }
            assert_eq!(examples.of(&"a").iter().map(|e| e.rank).collect::<Vec<_>>(), expected, "{ranks:?}");
            assert!(examples.of(&"b").is_empty());
        }
    }

    proptest! {
        #[test]
        fn however_they_are_shared_out_the_same_are_kept(
            all in prop::collection::vec((0_u8..3, 0_u128..40, 0_usize..3), 0..60),
        ) {
            let mut whole = Examples::at_most(3);
            let mut parts = vec![Examples::at_most(3); 3];
            for (key, rank, thread) in all {
                whole.add(key, example(rank));
                parts[thread].add(key, example(rank));
            }
            let mut merged = Examples::at_most(3);
            for part in parts.into_iter().rev() {
                merged.merge(part);
            }
            prop_assert_eq!(merged, whole);
        }
    }
}
