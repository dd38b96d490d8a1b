//! Hosts: in free text, in links, in e-mail addresses; and what it means for one to be within another.
//!
//! A listed domain is found like a name, by its letters alone; this module then reads the host that
//! really stands there: `见WWW.Example。COM，` holds `www.example.com`, `example.computer` does not.
//!
//! Not here: which domains are listed or official (`rule`), and look-alikes of them.
#![cfg_attr(not(test), deny(clippy::disallowed_methods, clippy::disallowed_types))]

mod around;
mod dots;
mod find;
mod link;
mod name;

pub use around::host_around;
pub use find::find_hosts;
pub use link::host_of_link;
pub use name::{Domain, DomainError};

use std::ops::Range;

/// A host that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFound {
    /// The host itself.
    pub domain: Domain,
    /// Bytes of the host alone in the original: no scheme, no path, no mailbox.
    pub bytes: Range<usize>,
    /// The host of an e-mail address.
    pub in_email: bool,
}

impl HostFound {
    /// The bytes of `parent` alone, which this host [is within](Domain::is_within), in the `text` that it was found in.
    #[must_use]
    pub fn bytes_of(&self, text: &str, parent: &Domain) -> Range<usize> {
        let labels = parent.as_ascii().split('.').count();
        let written = &text[self.bytes.clone()];
        let dots = written.trim_end_matches(dots::is_dot).rmatch_indices(dots::is_dot);
        let start = dots.map(|(at, dot)| at + dot.len()).nth(labels - 1).unwrap_or(0);
        self.bytes.start + start..self.bytes.end
    }
}
