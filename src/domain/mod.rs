//! Hosts: in free text, in links, in e-mail addresses; and what it means for one to be within another.
//!
//! A listed domain is found like a name, by its letters alone; this module then proves that the host really stands
//! there and says how it was written: `见WWW.Example。COM，` holds `www.example.com`, `example.computer` does not, and
//! `hxxp://ex%61mple[.]com` is `example.com` again.
//!
//! [`Lookalikes`] says which host another is made to look like.
//!
//! Not here: which domains are listed or official (`rule`).
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod address;
mod disguise;
mod dots;
mod find;
mod link;
mod listed;
mod lookalike;
mod name;
mod sign;
mod skeleton;
mod slips;
mod spelling;

pub use address::is_part_of_address;
pub use disguise::Disguise;
pub use find::{find_hosts, find_hosts_unless};
pub use link::{LinkHosts, hosts_of_link};
pub use listed::{ListedFound, listed_at};
pub use lookalike::{Imitable, Likeness, Lookalikes};
pub use name::{Domain, DomainError};

use crate::text::FoldSet;
use std::ops::Range;

/// A host that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFound {
    /// The host itself.
    pub domain: Domain,
    /// Bytes of the host alone in the original: no scheme, no path, no mailbox, no dot behind it.
    pub bytes: Range<usize>,
    /// The host of an e-mail address.
    pub in_email: bool,
    /// What had to be undone to read its dots, its scheme and its escapes.
    pub folds: FoldSet,
    labels: Vec<Label>,
}

/// One label of a host as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Label {
    /// Its letters, without what nobody sees.
    letters: String,
    /// The byte at which it begins.
    start: usize,
}

impl HostFound {
    /// The bytes of `parent` alone, which this host [is within](Domain::is_within).
    #[must_use]
    pub fn bytes_of(&self, parent: &Domain) -> Range<usize> {
        let labels = parent.as_ascii().split('.').count();
        let first = self.labels.len().checked_sub(labels).and_then(|nth| self.labels.get(nth));
        first.map_or(self.bytes.start, |label| label.start)..self.bytes.end
    }

    /// How `parent`, which this host is within, was written here.
    #[must_use]
    pub fn folds_of(&self, parent: &Domain) -> FoldSet {
        let count = parent.as_ascii().split('.').count();
        let own = &self.labels[self.labels.len().saturating_sub(count)..];
        self.folds.union(spelling::letter_folds(own.iter().map(|label| label.letters.as_str()), parent))
    }
}
