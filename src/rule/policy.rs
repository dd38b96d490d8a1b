//! Which findings become which action: CEL conditions over typed facts, one mention at a time.

use super::Status;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    None,
    Flag,
    Review,
    Hold,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    Low,
    Medium,
    High,
}

/// Facts of the record, `record.*` in conditions.
#[derive(Clone, Debug, Default)]
pub struct RecordFacts<'a> {
    pub kind: &'a str,
    pub region: &'a str,
}
/// Facts of one mention, `mention.*` in conditions (and each item of `mentions`).
#[derive(Clone, Debug, Default)]
pub struct MentionFacts<'a> {
    pub organization: &'a str,
    pub listing: &'a str,
    pub status: &'a str,
    pub focus: Vec<&'a str>,
    pub caution: Vec<&'a str>,
    /// name | alias | translation | domain | account | canary
    pub via: &'a str,
    pub field: &'a str,
    /// text | handle | link
    pub role: &'a str,
    /// The host of an e-mail address.
    pub in_email: bool,
    /// The organization is a branch of another.
    pub branch: bool,
    pub notices: Vec<&'a str>,
    pub jurisdictions: Vec<&'a str>,
    pub folds: Vec<&'a str>,
    pub evasion: Vec<&'a str>,
    pub score: f64,
    pub stance: &'a str,
}

/// One entry of `policy:`.
#[derive(Debug)]
pub struct Condition {
    pub id: std::sync::Arc<str>,
    /// Its place in the policy, from 0.
    pub position: usize,
    /// What a reviewer reads.
    pub text: String,
    pub action: Action,
    pub severity: Severity,
    pub status: Status,
    /// The CEL source, for `explain`.
    pub when: String,
    /* private: program */
}

/// All conditions, checked and compiled. Draft and retired ones are left out.
#[derive(Debug)]
pub struct Policy {/* private */}
impl Policy {
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        todo!()
    }
    /// For each mention, the indices of the conditions that hold for it, ascending. One base context is shared; facts are converted once.
    /// A condition that fails to run for a record is an error that names it (the record becomes a dead letter, stage `policy`).
    pub fn evaluate(
        &self,
        _record: &RecordFacts<'_>,
        _mentions: &[MentionFacts<'_>],
    ) -> Result<Vec<Vec<usize>>, EvaluateError> {
        todo!()
    }
}
#[derive(Debug, thiserror::Error)]
#[error("policy condition {condition} cannot be evaluated: {reason}")]
pub struct EvaluateError {
    pub condition: String,
    pub reason: String,
}
