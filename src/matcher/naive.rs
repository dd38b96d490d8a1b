//! The oracle: every pattern compared at every place. Obviously correct, and only for tests.

use super::found::{Found, PatternId};

/// Every occurrence of every pattern, in order of end, start and pattern.
pub(super) fn find_all<P: AsRef<[u16]>>(patterns: &[P], haystack: &[u16]) -> Vec<Found> {
    let mut found = Vec::new();
    for (number, pattern) in (0..).zip(patterns) {
        let units = pattern.as_ref();
        for start in 0..haystack.len() {
            if !units.is_empty() && haystack[start..].starts_with(units) {
                found.push(Found { start, end: start + units.len(), pattern: PatternId(number) });
            }
        }
    }
    found.sort_unstable_by_key(|found| (found.end, found.start, found.pattern));
    found
}
