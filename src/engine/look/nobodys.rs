//! Hosts that were looked at and imitate nobody: the same few stand in most posts.

use std::collections::HashSet;

/// So many are kept; then all are forgotten and learned again.
const MOST: usize = 4096;

/// Hosts of nobody that the rules know. A fact of the rules alone: what a host is does not depend on where it stands.
#[derive(Debug, Default)]
pub(super) struct Nobodys {
    hosts: HashSet<Box<str>>,
}

impl Nobodys {
    pub(super) fn contains(&self, host: &str) -> bool {
        self.hosts.contains(host)
    }

    pub(super) fn insert(&mut self, host: &str) {
        if self.hosts.len() >= MOST {
            self.hosts.clear();
        }
        self.hosts.insert(host.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_kept_as_there_is_room_for() {
        let mut nobodys = Nobodys::default();
        for n in 0..=MOST {
            nobodys.insert(&format!("{n}.example"));
        }
        assert!(!nobodys.contains("0.example"));
        assert!(nobodys.contains(&format!("{MOST}.example")));
    }
}
