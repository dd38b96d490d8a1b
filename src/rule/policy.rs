//! Which findings become which action: CEL conditions over typed facts, one mention at a time.
//!
//! A condition is checked when rules are loaded (`condition`), so that evaluation fails for no record. One base context with CEL's
//! functions is shared by all records (building it costs more than a whole evaluation); a scope is opened per mention; the facts
//! of a record are converted once (`facts`).

use super::allow::{self, Allow, RawAllow};
use super::condition::{self, Ask, Compiled};
use super::conjuncts;
use super::diagnostic::Diagnostic;
use super::digest::Digester;
use super::document::RawCondition;
use super::facts::{Converted, MentionFacts, RecordFacts, Variables};
use super::organization::{Status, named};
use cel::{Context, Value};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

named! {
    /// What is done about a record, the strongest last.
    pub Action {
        /// No condition holds.
        None = "none",
        /// Told, nothing more.
        Flag = "flag",
        /// A person looks at it.
        Review = "review",
        /// Not shown until a person has looked at it.
        Hold = "hold",
    }
}
named! {
    /// How grave a finding is.
    pub Severity {
        /// A name alone.
        Low = "low",
        /// A name where it speaks for itself.
        Medium = "medium",
        /// People are about to pay.
        High = "high",
    }
}

/// One entry of `policy:`.
#[derive(Debug)]
pub struct Condition {
    /// Unique among all conditions of the set.
    pub id: Arc<str>,
    /// Its place in [`Policy::conditions`], from 0.
    pub position: usize,
    /// What a reviewer reads.
    pub text: String,
    /// What becomes of the record when it holds for a mention.
    pub action: Action,
    /// How grave that is.
    pub severity: Severity,
    /// Active or shadow.
    pub status: Status,
    /// The CEL source, for `explain`.
    pub when: String,
    program: cel::Program,
}

/// All conditions, checked and compiled, in the order of their ids. Draft and retired ones are left out.
pub struct Policy {
    conditions: Vec<Condition>,
    allows: Vec<Allow>,
    /// The attributes that any of them asks for.
    attributes: BTreeSet<String>,
    base: Context<'static, 'static>,
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Policy")
            .field("conditions", &self.conditions)
            .field("allows", &self.allows)
            .finish_non_exhaustive()
    }
}

/// A condition could not be run: facts that the check does not know of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy condition {condition} cannot be evaluated: {reason}")]
pub struct EvaluateError {
    /// Its id.
    pub condition: String,
    /// What CEL says.
    pub reason: String,
}

impl Policy {
    /// The conditions that are judged, by index.
    #[must_use]
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The entries of the allow-lists that are judged, in the order of their ids.
    #[must_use]
    pub fn allows(&self) -> &[Allow] {
        &self.allows
    }

    /// The names of `record.attributes["name"]` that any of them asks for: what the settings of sources should give.
    #[must_use]
    pub fn attributes(&self) -> &BTreeSet<String> {
        &self.attributes
    }

    /// The entries of the allow-lists that hold for a record of this time, in their order.
    ///
    /// # Errors
    /// As [`Policy::evaluate`].
    pub fn allowing(&self, record: &RecordFacts<'_>, at: Option<Timestamp>) -> Result<Vec<&Allow>, EvaluateError> {
        let mut allowing = Vec::new();
        if self.allows.is_empty() {
            return Ok(allowing);
        }
        let facts = Converted::new(record, &[], &self.attributes);
        for allow in self.allows.iter().filter(|allow| allow.effective.holds_at(at)) {
            if allow.holds(&self.base, &facts)? {
                allowing.push(allow);
            }
        }
        Ok(allowing)
    }

    /// For each mention, the indices of the conditions that hold for it, ascending.
    ///
    /// # Errors
    /// When a condition fails to run for the record, which then becomes a dead letter.
    pub fn evaluate(
        &self,
        record: &RecordFacts<'_>,
        mentions: &[MentionFacts<'_>],
    ) -> Result<Vec<Vec<usize>>, EvaluateError> {
        let facts = Converted::new(record, mentions, &self.attributes);
        (0..facts.len()).map(|mention| self.holding(&Variables { facts: &facts, mention })).collect()
    }

    /// For each mention and condition, the first part of an `a && b && …` that does not hold for it: for `explain`. None where the
    /// condition holds, or is of another form.
    ///
    /// # Errors
    /// As [`Policy::evaluate`].
    pub fn failing(
        &self,
        record: &RecordFacts<'_>,
        mentions: &[MentionFacts<'_>],
    ) -> Result<Vec<Vec<Option<String>>>, EvaluateError> {
        let facts = Converted::new(record, mentions, &self.attributes);
        let of_mention = |mention: usize| {
            let variables = Variables { facts: &facts, mention };
            self.conditions.iter().map(|condition| self.failing_part(condition, &variables)).collect()
        };
        (0..facts.len()).map(of_mention).collect()
    }

    fn failing_part(
        &self,
        condition: &Condition,
        variables: &Variables<'_, '_>,
    ) -> Result<Option<String>, EvaluateError> {
        let base: &Context<'_, '_> = &self.base;
        let mut scope = base.new_inner_scope();
        scope.set_variable_resolver(variables);
        let failed = |reason: String| EvaluateError { condition: condition.id.to_string(), reason };
        for part in conjuncts::conjuncts(&condition.when) {
            let program = cel::Program::compile(part).map_err(|error| failed(error.to_string()))?;
            match program.execute(&scope) {
                Ok(Value::Bool(false)) => return Ok(Some(part.to_owned())),
                Ok(_) => {}
                Err(error) => return Err(failed(error.to_string())),
            }
        }
        Ok(None)
    }

    fn holding(&self, variables: &Variables<'_, '_>) -> Result<Vec<usize>, EvaluateError> {
        let base: &Context<'_, '_> = &self.base;
        let mut scope = base.new_inner_scope();
        scope.set_variable_resolver(variables);
        let mut holding = Vec::new();
        for (index, condition) in self.conditions.iter().enumerate() {
            let failed = |reason: String| EvaluateError { condition: condition.id.to_string(), reason };
            match condition.program.execute(&scope) {
                Ok(Value::Bool(true)) => holding.push(index),
                Ok(Value::Bool(false)) => {}
                Ok(other) => return Err(failed(format!("{other:?} is not true or false"))),
                Err(error) => return Err(failed(error.to_string())),
            }
        }
        Ok(holding)
    }
}

/// Checks and compiles all conditions, the ones in draft too; what is wrong goes to `problems`.
pub(super) fn check(raw: &[RawCondition], problems: &mut Vec<Diagnostic>) -> Vec<Option<Compiled>> {
    raw.iter().map(|condition| condition::compile(&condition.when, Ask::Mention, problems)).collect()
}

/// The policy of conditions that are all in order.
pub(super) fn build(
    raw: Vec<RawCondition>,
    compiled: Vec<Option<Compiled>>,
    raw_allows: Vec<RawAllow>,
    compiled_allows: Vec<Option<Compiled>>,
) -> Policy {
    let all = compiled.iter().chain(&compiled_allows).flatten();
    let attributes = all.flat_map(|compiled| compiled.attributes.iter().cloned()).collect();
    let judged = raw.into_iter().zip(compiled).filter(|(c, _)| matches!(c.status, Status::Active | Status::Shadow));
    let mut conditions: Vec<Condition> = judged
        .filter_map(|(raw, compiled)| {
            Some(Condition {
                id: Arc::from(raw.id.value.as_str()),
                position: 0,
                text: raw.text,
                action: raw.action,
                severity: raw.severity,
                status: raw.status,
                when: raw.when.value.text,
                program: compiled?.program,
            })
        })
        .collect();
    conditions.sort_by(|a, b| a.id.cmp(&b.id));
    conditions.iter_mut().enumerate().for_each(|(position, condition)| condition.position = position);
    let allows = allow::build(raw_allows, compiled_allows);
    Policy { conditions, allows, attributes, base: Context::default() }
}

/// Feeds what every condition says, in the order of their ids.
pub(super) fn digest(raw: &[RawCondition], compiled: &[Option<Compiled>], digester: &mut Digester) {
    let mut conditions: Vec<_> = raw.iter().zip(compiled).collect();
    conditions.sort_by(|(a, _), (b, _)| a.id.value.cmp(&b.id.value));
    digester.list(&conditions, |d, (raw, compiled)| {
        d.text(&raw.id.value)
            .text(&raw.text)
            .text(raw.action.as_str())
            .text(raw.severity.as_str())
            .text(raw.status.as_str());
        compiled.iter().for_each(|compiled| d.expression(&compiled.tree));
    });
}
