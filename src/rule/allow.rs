//! Allow-lists: an attribute that the platform gave a record lowers what its mentions raise.
//!
//! `{ when: record.attributes["verified_newsroom"] == "true", effect: none }`: a newsroom that reports a ban is left alone.
//!
//! An entry compares what stands in this record with what a person wrote down, and nothing else: nobody's posts are counted,
//! nothing is kept of an author, and no list is made from behaviour. So an entry may ask about the record only, has to say
//! by which decision it stands there, and must not hold for a record that says nothing of itself.

use super::condition::{self, Ask, Compiled};
use super::date::{Effective, PartialDate};
use super::diagnostic::{Code, Diagnostic};
use super::digest::Digester;
use super::facts::{Converted, RecordFacts, Variables};
use super::organization::Status;
use super::policy::{Action, EvaluateError};
use super::source::At;
use super::yaml::Scalar;
use cel::{Context, Value};
use std::sync::Arc;

/// One entry of `allow:`.
#[derive(Debug)]
pub struct Allow {
    /// Unique among all entries and conditions of the set.
    pub id: Arc<str>,
    /// What a reviewer reads.
    pub text: String,
    /// The strongest action that is left: `none` or `flag`.
    pub effect: Action,
    /// Of these organizations only; empty = of all.
    pub organizations: Vec<Arc<str>>,
    /// Mentions of these stances only; empty = of all.
    pub stances: Vec<String>,
    /// Until when, by the record's time.
    pub effective: Effective,
    /// Active or shadow.
    pub status: Status,
    /// The CEL source, for `explain`.
    pub when: String,
    /// By which decision, for authors; in no verdict.
    pub basis: String,
    program: cel::Program,
}

impl Allow {
    /// Whether the entry is about a mention of this organization and stance.
    #[must_use]
    pub fn is_about(&self, organization: &str, stance: &str) -> bool {
        (self.organizations.is_empty() || self.organizations.iter().any(|id| **id == *organization))
            && (self.stances.is_empty() || self.stances.iter().any(|word| word == stance))
    }

    /// Whether its condition holds for a record.
    pub(super) fn holds(&self, base: &Context<'_, '_>, facts: &Converted<'_>) -> Result<bool, EvaluateError> {
        holds(&self.program, base, facts).map_err(|reason| EvaluateError { condition: self.id.to_string(), reason })
    }
}

fn holds(program: &cel::Program, base: &Context<'_, '_>, facts: &Converted<'_>) -> Result<bool, String> {
    // No mention: the check has seen to it that none is asked for.
    let variables = Variables { facts, mention: usize::MAX };
    let mut scope = base.new_inner_scope();
    scope.set_variable_resolver(&variables);
    match program.execute(&scope) {
        Ok(Value::Bool(holds)) => Ok(holds),
        Ok(other) => Err(format!("{other:?} is not true or false")),
        Err(error) => Err(error.to_string()),
    }
}

/// An entry of `allow`, with the places that the checks need.
#[derive(Debug)]
pub(super) struct RawAllow {
    pub id: At<String>,
    pub text: String,
    pub when: At<Scalar>,
    pub effect: Action,
    pub organizations: Vec<At<String>>,
    pub stances: Vec<At<String>>,
    pub until: Option<PartialDate>,
    pub status: Status,
    pub basis: String,
}

/// Checks and compiles all entries, the ones in draft too; what is wrong goes to `problems`.
pub(super) fn check(raw: &[RawAllow], problems: &mut Vec<Diagnostic>) -> Vec<Option<Compiled>> {
    raw.iter()
        .map(|allow| {
            let compiled = condition::compile(&allow.when, Ask::Record, problems)?;
            let problem = too_wide(allow, &compiled);
            problems.extend(problem);
            Some(compiled)
        })
        .collect()
}

/// An entry for everybody is a way to switch the lists off.
fn too_wide(allow: &RawAllow, compiled: &Compiled) -> Option<Diagnostic> {
    let wide = |message: &str, help: &str| Some(allow.when.problem(Code::TooWide, message).help(help));
    if !compiled.asks_for_attribute {
        let message =
            "an allow-list asks for record.author, record.source or record.attributes[…]; this would allow everybody";
        return wide(message, "ask for what the platform has verified: record.attributes[\"…\"] == \"true\"");
    }
    let base = Context::default();
    for kind in ["post", "registration"] {
        let record = RecordFacts { kind, ..RecordFacts::default() };
        let facts = Converted::new(&record, &[], &compiled.attributes);
        // One that cannot be run is told elsewhere, and a condition that passed the check can.
        if holds(&compiled.program, &base, &facts) == Ok(true) {
            let message = "this holds for a record that says nothing of itself, and would allow everybody";
            return wide(message, "say which value allows (==, in, startsWith) rather than which does not");
        }
    }
    None
}

/// The entries that are judged, in the order of their ids.
pub(super) fn build(raw: Vec<RawAllow>, compiled: Vec<Option<Compiled>>) -> Vec<Allow> {
    let judged = raw.into_iter().zip(compiled).filter(|(a, _)| matches!(a.status, Status::Active | Status::Shadow));
    let mut allows: Vec<Allow> = judged
        .filter_map(|(raw, compiled)| {
            Some(Allow {
                id: Arc::from(raw.id.value.as_str()),
                text: raw.text,
                effect: raw.effect,
                organizations: raw.organizations.iter().map(|id| Arc::from(id.value.as_str())).collect(),
                stances: raw.stances.into_iter().map(|stance| stance.value).collect(),
                effective: Effective { from: None, until: raw.until },
                status: raw.status,
                when: raw.when.value.text,
                basis: raw.basis,
                program: compiled?.program,
            })
        })
        .collect();
    allows.sort_by(|a, b| a.id.cmp(&b.id));
    allows
}

/// Feeds what every entry says, in the order of their ids; its basis is in no verdict.
pub(super) fn digest(raw: &[RawAllow], compiled: &[Option<Compiled>], digester: &mut Digester) {
    let mut allows: Vec<_> = raw.iter().zip(compiled).collect();
    allows.sort_by(|(a, _), (b, _)| a.id.value.cmp(&b.id.value));
    digester.list(&allows, |d, (raw, compiled)| {
        let RawAllow { id, text, when: _, effect, organizations, stances, until, status, basis: _ } = raw;
        d.text(&id.value).text(text).text(effect.as_str()).text(status.as_str());
        d.set(organizations.iter().map(|id| id.value.as_str())).set(stances.iter().map(|stance| stance.value.as_str()));
        d.optional(until.map(|date| date.to_string()).as_deref());
        compiled.iter().for_each(|compiled| d.expression(&compiled.tree));
    });
}
