//! When a change of the files is worth a build: once it has settled, or when it does not settle at all.
//!
//! ```text
//! looks:   A  A  B  C  C  C        A is what was read last
//! build:               ^           C twice: whoever wrote B and C is done
//! ```

use std::time::{Duration, Instant};

use crate::config::RulesState;

/// Files that are written without end are read all the same after this long; what is read is checked for changes anyway.
const RESTLESS: Duration = Duration::from_secs(10);

/// What was read last, and what was seen last.
#[derive(Debug)]
pub(super) struct Watch<S = RulesState> {
    read: S,
    seen: S,
    /// Since when there is something to read.
    changed: Option<Instant>,
}

impl<S: PartialEq> Watch<S> {
    /// `read`: how the files looked when the rules that judge were read.
    pub fn new(read: S) -> Self
    where
        S: Clone,
    {
        Self { seen: read.clone(), read, changed: None }
    }

    /// A look at the files: is it time to read them?
    pub fn is_due(&mut self, now_seen: S, now: Instant) -> bool {
        if now_seen == self.read {
            self.seen = now_seen;
            self.changed = None;
            return false;
        }
        let is_settled = now_seen == self.seen;
        self.seen = now_seen;
        let since = *self.changed.get_or_insert(now);
        is_settled || now.saturating_duration_since(since) >= RESTLESS
    }

    /// Something has changed and is not read yet: look again soon.
    pub fn is_unsettled(&self) -> bool {
        self.changed.is_some()
    }

    /// The files were read, with whatever result, when they looked like this.
    pub fn was_read(&mut self, state: S) {
        self.read = state;
        self.changed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_once_for_each_settled_change() {
        // What is seen at each look, and the looks after which it is read.
        for (looks, expected) in [
            ("AAAA", ""),
            ("AABBBB", "3"),
            ("ABCDDD", "4"),
            ("ABBCCA", "24"),
            ("ABAB", ""),    // undone before it settled
            ("ABBAA", "24"), // undone after it was read
            ("ABABAAAA", ""),
            ("ABCBCCC", "5"),
        ] {
            let mut watch = Watch::new('A');
            let began = Instant::now();
            let mut read = String::new();
            for (n, look) in looks.chars().enumerate() {
                let second = u64::try_from(n).expect("a few looks");
                if watch.is_due(look, began + Duration::from_secs(second)) {
                    read += &n.to_string();
                    watch.was_read(look);
                }
            }
            assert_eq!(read, expected, "{looks}");
        }
    }

    #[test]
    fn what_never_settles_is_read_all_the_same() {
        let mut watch = Watch::new(0);
        let began = Instant::now();
        let mut read = Vec::new();
        for n in 1..=25_u64 {
            if watch.is_due(n, began + Duration::from_secs(n)) {
                read.push(n);
                watch.was_read(n);
            }
        }
        assert_eq!(read, [11, 22]);
    }
}
