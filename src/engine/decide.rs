//! From mentions to actions: the policy's conditions, mention by mention, and the cap for suspected bodies.

use super::allow::allow;
use super::verdict::{Mention, Subject, Verdict};
use crate::content::{Content, Role};
use crate::rule::{Action, EvaluateError, Listing, MentionFacts, RecordFacts, RuleSet, Severity, Status};

/// What the canary raises, whatever the policy says: it tests a deployment end to end.
const CANARY: (Action, Severity) = (Action::Flag, Severity::Low);

/// Judges `mentions` and sorts them into active and shadow.
pub(super) fn decide<'r>(
    rules: &'r RuleSet,
    content: &Content<'_>,
    mut mentions: Vec<Mention<'r>>,
) -> Result<Verdict<'r>, EvaluateError> {
    let facts: Vec<MentionFacts<'_>> = mentions.iter().map(|mention| facts_of(rules, mention)).collect();
    let record = record_facts(content);
    let holding = rules.policy().evaluate(&record, &facts)?;
    drop(facts);
    for (mention, holds) in mentions.iter_mut().zip(holding) {
        judge(rules, mention, &holds);
    }
    allow(rules, content, &record, &mut mentions)?;
    let mut verdict = Verdict::clean();
    (verdict.shadow, verdict.mentions) = mentions.into_iter().partition(|mention| mention.status == Status::Shadow);
    verdict.action = verdict.mentions.iter().map(|mention| mention.action).max().unwrap_or(Action::None);
    verdict.severity = verdict.mentions.iter().filter_map(|mention| mention.severity).max();
    Ok(verdict)
}

/// For each mention of a verdict, active ones first, and each condition of the policy: the part of it that does not hold, where one
/// part decides. For `explain`.
///
/// # Errors
/// As [`Scanner::scan`](super::Scanner::scan).
pub fn failing_parts(
    rules: &RuleSet,
    content: &Content<'_>,
    verdict: &Verdict<'_>,
) -> Result<Vec<Vec<Option<String>>>, EvaluateError> {
    let as_judged = |mention| {
        let facts = facts_of(rules, mention);
        // A condition was asked before it could put the mention in shadow.
        MentionFacts { status: mention.organization.map_or(facts.status, |o| o.status.as_str()), ..facts }
    };
    let mentions = verdict.mentions.iter().chain(&verdict.shadow);
    let facts: Vec<MentionFacts<'_>> = mentions.map(as_judged).collect();
    rules.policy().failing(&record_facts(content), &facts)
}

fn judge<'r>(rules: &'r RuleSet, mention: &mut Mention<'r>, holds: &[usize]) {
    if let Subject::Canary = mention.subject() {
        (mention.action, mention.severity) = (CANARY.0, Some(CANARY.1));
        return;
    }
    mention.conditions = holds.iter().map(|&index| &rules.policy().conditions()[index]).collect();
    let any_active = mention.conditions.iter().any(|condition| condition.status == Status::Active);
    if !any_active && !mention.conditions.is_empty() {
        mention.status = Status::Shadow;
    }
    // A shadow condition shows what it would do only where it decides alone.
    let counted = mention.conditions.iter().filter(|condition| !any_active || condition.status == Status::Active);
    let (action, severity) = counted.fold((Action::None, None), |(action, severity), condition| {
        (action.max(condition.action), severity.max(Some(condition.severity)))
    });
    let (capped_action, capped_severity) = match mention.organization.map(|organization| organization.listing) {
        Some(Listing::Suspected) => (action.min(Action::Flag), severity.map(|_| Severity::Low)),
        Some(Listing::Banned | Listing::WebsiteShutdown | Listing::Deregistered) | None => (action, severity),
    };
    mention.capped = (action, severity) != (capped_action, capped_severity);
    mention.action = capped_action;
    mention.severity = capped_severity.filter(|_| capped_action > Action::None);
}

fn record_facts<'c>(content: &'c Content<'_>) -> RecordFacts<'c> {
    RecordFacts {
        kind: content.kind.as_str(),
        region: content.region.as_deref().unwrap_or(""),
        author: content.author.as_deref().unwrap_or(""),
        source: content.source.as_deref().unwrap_or(""),
        attributes: content.attributes.iter().map(|(name, value)| (&**name, &**value)).collect(),
    }
}

fn facts_of<'m>(rules: &'m RuleSet, mention: &'m Mention<'_>) -> MentionFacts<'m> {
    let mut facts = MentionFacts {
        organization: mention.subject().id().unwrap_or_else(|| rules.canary().map_or("", |(id, _)| id)),
        listing: mention.subject().listing(),
        status: mention.status.as_str(),
        via: mention.via.as_str(),
        field: &mention.field,
        role: role_name(mention.role),
        in_email: mention.in_email,
        folds: mention.folds.iter().map(crate::text::Fold::as_str).collect(),
        evasion: mention.evasion.iter().map(crate::text::Fold::as_str).collect(),
        score: mention.score,
        stance: mention.stance.as_str(),
        ..MentionFacts::default()
    };
    if let Some(imitates) = &mention.imitates {
        facts.imitates = imitates.kind.as_str();
        facts.technique = imitates.technique.as_str();
    }
    if let Some(organization) = mention.organization {
        facts.focus = organization.focus.iter().map(|focus| focus.as_str()).collect();
        facts.caution = organization.caution.iter().map(|caution| caution.as_str()).collect();
        facts.branch = organization.branch_of.is_some() || mention.branch.is_some();
        let notices = || organization.notices.iter().map(|&index| &rules.notices()[index]);
        facts.notices = notices().map(|notice| &*notice.id).collect();
        facts.jurisdictions = notices().map(|notice| notice.jurisdiction.as_str()).collect();
        facts.jurisdictions.dedup();
    }
    facts
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Text => "text",
        Role::Handle => "handle",
        Role::Link => "link",
    }
}
