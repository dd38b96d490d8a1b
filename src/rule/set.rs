//! The builder takes documents in any order; the set is immutable, `Send + Sync`, and has a digest.

use super::{Notice, Organization, Policy, Status};
use crate::domain::Domain;
use crate::matcher::Automaton;
use std::sync::Arc;

/// How an organization was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Via {
    Name,
    Alias,
    Translation,
    Domain,
    Account,
    Canary,
}
impl Via {
    pub const ALL: [Via; 6] = [Via::Name, Via::Alias, Via::Translation, Via::Domain, Via::Account, Via::Canary];
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Via::Name => "name",
            Via::Alias => "alias",
            Via::Translation => "translation",
            Via::Domain => "domain",
            Via::Account => "account",
            Via::Canary => "canary",
        }
    }
}

/// What a pattern of the automaton stands for. Draft and retired organizations have no patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A name (`via` Name, Alias or Translation) of `organizations()[organization]`.
    Name { organization: usize, via: Via, requires_full_name: bool },
    /// `organizations()[organization].domains[domain]`; the pattern is its fold with the dots dropped, in its Unicode and in its `xn--` form.
    Domain { organization: usize, domain: usize },
    /// A lawful body's name or an official account's: what it covers is left alone.
    Protected { body: usize },
    /// `organizations()[organization].accounts[account]`; never in the automaton: handles are compared whole.
    Account { organization: usize, account: usize },
    /// The deployment test string.
    Canary,
}
/// One pattern, in the order of the automaton's ids.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub target: Target,
    /** as the document writes it */
    pub text: Arc<str>,
}

/// A lawful body or official account whose name is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtectedName {
    pub name: String,
    pub basis: String,
}

/// sha256 over the canonical form of all documents; independent of their order and of layout and comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);
impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("sha256:")?;
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

#[derive(Debug)]
pub struct RuleSet {/* private */}
impl RuleSet {
    #[must_use]
    pub fn builder() -> RuleSetBuilder {
        RuleSetBuilder::default()
    }
    #[must_use]
    pub fn digest(&self) -> Digest {
        todo!()
    }
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        todo!()
    }
    #[must_use]
    pub fn organizations(&self) -> &[Organization] {
        todo!()
    }
    #[must_use]
    pub fn organization(&self, _id: &str) -> Option<&Organization> {
        todo!()
    }
    #[must_use]
    pub fn policy(&self) -> &Policy {
        todo!()
    }
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        todo!()
    }
    #[must_use]
    pub fn automaton(&self) -> &Automaton {
        todo!()
    }
    #[must_use]
    pub fn protected(&self, _body: usize) -> &ProtectedName {
        todo!()
    }
    /// The host is an official channel's or within one (`.gov.cn` and all below it).
    #[must_use]
    pub fn is_official_host(&self, _host: &Domain) -> bool {
        todo!()
    }
    /// The listed domain that `host` is within: (organization index, domain index). For link fields. Hash look-ups over the host's ancestors.
    #[must_use]
    pub fn listed_domain(&self, _host: &Domain) -> Option<(usize, usize)> {
        todo!()
    }
    /// The listed account that a handle names (case-insensitive, a leading @ ignored): (organization index, account index).
    #[must_use]
    pub fn listed_account(&self, _handle: &str) -> Option<(usize, usize)> {
        todo!()
    }
    /// The handle of an official channel.
    #[must_use]
    pub fn is_official_account(&self, _handle: &str) -> bool {
        todo!()
    }
    /// The deployment test string, when a document gives one: (id, text).
    #[must_use]
    pub fn canary(&self) -> Option<(&str, &str)> {
        todo!()
    }
    /// How many organizations have each status (for `rules check`).
    #[must_use]
    pub fn count(&self, _status: Status) -> usize {
        todo!()
    }
}

#[derive(Debug, Default)]
pub struct RuleSetBuilder {/* private */}
impl RuleSetBuilder {
    /// Adds one document; what it is (notice, protected, policy, canary) is told by its top-level key.
    /// Errors are kept: `build` reports all of them. The `Result` of the sketch in the design is `build`'s.
    pub fn add_yaml(self, _file: &str, _yaml: &str) -> Self {
        todo!()
    }
    /// Only notices of these jurisdictions are judged; empty = all.
    #[must_use]
    pub fn jurisdictions(self, _only: &[String]) -> Self {
        todo!()
    }
    /// All problems of all documents, or the set. A set without a policy document takes the shipped one.
    pub fn build(self) -> Result<RuleSet, Diagnostics> {
        todo!()
    }
}

/// One problem, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static str,
    pub file: String,
    /** from 1 */
    pub line: usize,
    /** from 1, in characters */
    pub column: usize,
    pub message: String,
    pub help: Option<String>,
    /** the source line, for the caret */
    pub excerpt: String,
    pub width: usize,
}
/// All problems of one build, in order of file and place. `Display` renders each with its caret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|d| d.message.as_str()).collect::<Vec<_>>().join("\n"))]
pub struct Diagnostics(pub Vec<Diagnostic>);
