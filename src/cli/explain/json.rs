//! An explanation for programs: one JSON object on one line.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Explanation;
use super::fold::{changes, folded};
use crate::cli::render::notices;
use crate::engine::{Branch, CueFound, Imitates, LeftAlone, Mention};
use crate::rule::{Allow, RuleSet, Severity};
use crate::text::{Fold, FoldSet, Span};

pub(super) fn write(out: &mut impl Write, it: &Explanation<'_, '_>) -> io::Result<()> {
    let changes: Vec<_> = changes(it.text())
        .iter()
        .map(|change| {
            json!({
                "span": span(&change.span),
                "written": change.written,
                "read": change.read,
                "folds": names(change.folds),
            })
        })
        .collect();
    let mentions = it.verdict.mentions.iter().chain(&it.verdict.shadow).zip(&it.failing);
    let document = json!({
        "kind": it.content.kind.as_str(),
        "field": it.content.fields.first().map(|field| &*field.name),
        "text": it.text(),
        "folded": folded(it.text()),
        "changes": changes,
        "mentions": mentions.map(|(mention, failing)| of_mention(mention, failing, it.rules)).collect::<Vec<_>>(),
        "left_alone": it.verdict.left_alone.iter().map(of_left_alone).collect::<Vec<_>>(),
        "action": it.verdict.action.as_str(),
        "severity": it.verdict.severity.map(Severity::as_str),
        "rule_set": it.rules.digest().to_string(),
    });
    writeln!(out, "{document}")
}

fn of_mention(mention: &Mention<'_>, failing: &[Option<String>], rules: &RuleSet) -> Value {
    let conditions: Vec<_> = rules
        .policy()
        .conditions()
        .iter()
        .zip(failing)
        .map(|(condition, failing)| {
            json!({
                "id": &*condition.id,
                "when": condition.when,
                "status": condition.status.as_str(),
                "action": condition.action.as_str(),
                "severity": condition.severity.as_str(),
                "holds": mention.conditions.iter().any(|held| held.id == condition.id),
                "failing": failing,
            })
        })
        .collect();
    json!({
        "organization": mention.subject().id(),
        "name": mention.subject().name(),
        "listing": mention.organization.map(|organization| organization.listing.as_str()),
        "impersonates": mention.imitates.as_ref().map(of_imitated),
        "notices": notices(mention, rules).map(|notice| &*notice.id).collect::<Vec<_>>(),
        "listed_as": mention.pattern,
        "text": mention.text,
        "span": span(&mention.span),
        "via": mention.via.as_str(),
        "folds": names(mention.folds),
        "evasion": names(mention.evasion),
        "branch": mention.branch.as_ref().map(of_branch),
        "score": mention.score,
        "stance": mention.stance.as_str(),
        "cues": mention.cues.iter().map(of_cue).collect::<Vec<_>>(),
        "status": mention.status.as_str(),
        "conditions": conditions,
        "action": mention.action.as_str(),
        "severity": mention.severity.map(Severity::as_str),
        "capped": mention.capped,
        "allows": mention.allows.iter().map(|allow| of_allow(allow)).collect::<Vec<_>>(),
        "allowed_by": mention.allowed_by().map(|allow| &*allow.id),
    })
}

fn of_allow(allow: &Allow) -> Value {
    json!({
        "id": &*allow.id,
        "text": allow.text,
        "when": allow.when,
        "effect": allow.effect.as_str(),
        "status": allow.status.as_str(),
    })
}

fn of_cue(cue: &CueFound) -> Value {
    json!({ "kind": cue.kind.as_str(), "field": &*cue.field, "text": cue.text, "span": span(&cue.span) })
}

fn of_imitated(imitates: &Imitates<'_>) -> Value {
    json!({
        "host": imitates.host,
        "kind": imitates.kind.as_str(),
        "technique": imitates.technique.as_str(),
        "signal": imitates.signal,
    })
}

fn of_branch(branch: &Branch) -> Value {
    json!({ "kind": branch.kind.as_str(), "text": branch.text, "span": span(&branch.span), "place": branch.place })
}

fn of_left_alone(left: &LeftAlone<'_>) -> Value {
    json!({
        "organization": left.organization.map(|organization| &*organization.id),
        "listed_as": left.pattern,
        "text": left.text,
        "span": span(&left.span),
        "reason": left.reason.to_string(),
    })
}

fn span(span: &Span) -> Value {
    json!({
        "bytes": [span.bytes.start, span.bytes.end],
        "chars": [span.chars.start, span.chars.end],
        "utf16": [span.utf16.start, span.utf16.end],
    })
}

fn names(folds: FoldSet) -> Vec<&'static str> {
    folds.iter().map(Fold::as_str).collect()
}
