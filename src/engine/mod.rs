//! Deciding: from a content and a rule set to a verdict with evidence.
use crate::content::{Content, Role};
use crate::rule::{Action, Condition, Organization, RuleSet, Severity, Status, Via};
use crate::text::{FoldSet, Span};
use std::sync::Arc;

/// Why a mention stands where it stands; judged from issue "stance" on, `Neutral` until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stance {
    Report,
    Warning,
    Promotion,
    Affiliation,
    Neutral,
}
impl Stance {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Stance::Report => "report",
            Stance::Warning => "warning",
            Stance::Promotion => "promotion",
            Stance::Affiliation => "affiliation",
            Stance::Neutral => "neutral",
        }
    }
}

/// An organization found in a field.
#[derive(Clone, Debug)]
pub struct Mention<'r> {
    /// `None` for the canary.
    pub organization: Option<&'r Organization>,
    /// The pattern as its document writes it.
    pub pattern: &'r str,
    pub via: Via,
    pub field: Arc<str>,
    pub item: Option<u32>,
    pub role: Role,
    pub in_email: bool,
    /// The matched words of the original.
    pub text: String,
    pub span: Span,
    pub folds: FoldSet,
    /// The folds that hide rather than differ by habit.
    pub evasion: FoldSet,
    pub score: f64,
    pub stance: Stance,
    /// Shadow when the organization is (or every condition that holds is).
    pub status: Status,
    pub action: Action,
    pub severity: Option<Severity>,
    /// Conditions that hold for this mention.
    pub conditions: Vec<&'r Condition>,
}

/// What was decided about one content.
#[derive(Clone, Debug)]
pub struct Verdict<'r> {
    /// By active entries and conditions only.
    pub action: Action,
    pub severity: Option<Severity>,
    /// Active mentions, in order of field and place.
    pub mentions: Vec<Mention<'r>>,
    /// Judged and counted, never emitted.
    pub shadow: Vec<Mention<'r>>,
    /// What was found and left alone, with the reason: only filled by `Scanner::explain`.
    pub left_alone: Vec<LeftAlone<'r>>,
}

/// A candidate that is no mention.
#[derive(Clone, Debug)]
pub struct LeftAlone<'r> {
    pub organization: Option<&'r Organization>,
    pub pattern: &'r str,
    pub field: Arc<str>,
    pub item: Option<u32>,
    pub text: String,
    pub span: Option<Span>,
    pub reason: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    #[error("the policy cannot be evaluated")]
    Policy(#[from] crate::rule::EvaluateError),
}

/// Owns the scratch of one thread.
#[derive(Debug)]
pub struct Scanner<'r> {
    rules: &'r RuleSet,
}
impl<'r> Scanner<'r> {
    #[must_use]
    pub fn new(rules: &'r RuleSet) -> Self {
        Self { rules }
    }
    pub fn scan(&mut self, _content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        let _ = self.rules;
        todo!()
    }
    /// The same, and what was found and left alone.
    pub fn explain(&mut self, _content: &Content<'_>) -> Result<Verdict<'r>, ScanError> {
        todo!()
    }
}
