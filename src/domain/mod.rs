//! Hosts: in free text, in links, in e-mail addresses; and what it means for one to be within another.
use std::ops::Range;

/// A host name in ASCII lower case (IDNA A-labels), without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(String);

/// Why a text is not a host name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct DomainError {
    pub reason: String,
}

impl Domain {
    /// Reads a host name, IDN allowed; refuses URLs, ports, addresses, single labels, wildcards.
    pub fn parse(_text: &str) -> Result<Self, DomainError> {
        todo!()
    }
    /// `xn--` form.
    #[must_use]
    pub fn as_ascii(&self) -> &str {
        &self.0
    }
    /// The form with its own letters.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        todo!()
    }
    /// One label below the public suffix; `None` for a public suffix itself.
    #[must_use]
    pub fn registrable(&self) -> Option<&str> {
        todo!()
    }
    #[must_use]
    pub fn is_public_suffix(&self) -> bool {
        todo!()
    }
    /// `self` is `other` or one of its subdomains.
    #[must_use]
    pub fn is_within(&self, _other: &Domain) -> bool {
        todo!()
    }
    /// The host and its parents, longest first: `a.b.example`, `b.example`, `example`.
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        std::iter::empty()
    }
}

/// A host that stands in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFound {
    pub domain: Domain,
    /// Bytes of the host alone in the original (no scheme, no path, no mailbox).
    pub bytes: Range<usize>,
    /// The host of an e-mail address.
    pub in_email: bool,
}

/// The whole host around a candidate. `candidate` is the byte range of the original whose folded form equals a listed domain
/// with its dots dropped; the host is read outwards from it (subdomains to the left, `@` = e-mail).
/// `None` when the candidate is not a host there: dots missing or elsewhere, glued to letters, continued to the right by a label.
/// Han characters on both sides are a boundary.
#[must_use]
pub fn host_around(_text: &str, _candidate: Range<usize>) -> Option<HostFound> {
    todo!()
}

/// The host of a link field: a URL, a bare host, a scheme-less URL or an e-mail address (`mailto:` too).
#[must_use]
pub fn host_of_link(_value: &str) -> Option<HostFound> {
    todo!()
}

/// Every host in free text (for `explain` and for links without a listed domain); not on the hot path.
#[must_use]
pub fn find_hosts(_text: &str) -> Vec<HostFound> {
    todo!()
}
