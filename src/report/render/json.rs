//! A report for programs. Keys are only ever added; whoever reads it skips what he does not know.
//!
//! ```text
//! {
//!   "schema": "tripline.replay.v1", "tripline": "0.1.0", "ended": "complete", "notes": ["…"],
//!   "records": { "read": 5, "decoded": 3, "empty": 1, "blank": 0, "poison": { "invalid-json": 1 },
//!     "first": "2026-01-01T00:00:00Z", "last": "2026-01-01T01:00:00Z" },
//!   "parts": [{ "source": "posts", "partition": 0, "from": 0, "to": 5, "records": 5 }],
//!   "gone": [{ "topic": "posts", "partition": 0, "from": 0, "to": 10 }],
//!   "asked": { "from": null, "to": null, "limit": null },
//!   "as_of": null, "written": null,
//!   "cost": { "seconds": 0.1, "records_per_second": 50.0, "threads": 2, "decode_seconds": 0.01 },
//!   "rule_sets": [{
//!     "role": "base", "from": "rules", "digest": "sha256:…", "organizations_listed": 294,
//!     "organizations_left_out": 0, "jurisdictions": [], "judge_seconds": 0.05,
//!     "clean": 1, "flagged": 2, "shadow": 0, "failed": {}, "flagged_per_million": 666666.7,
//!     "actions": { "flag": 2, "review": 0, "hold": 0 }, "severities": { "low": 2, "medium": 0, "high": 0 },
//!     "via": { "name": 2 }, "folds": { "case": 1 }, "evasion": {}, "notices": { "web-2021-2": 2 },
//!     "organizations": [{ "id": "…", "name": "…", "listing": "banned", "records": 2, "mentions": 2, "shadow": 0 }],
//!     "conditions": [{ "id": "mention-in-post", "status": "active", "records": 2 }],
//!     "examples": [{ "organization": "…", "place": {"topic":"posts","partition":0,"offset":3}, "verdict": "<uuid>", … }]
//!   }],
//!   "changes": {                        // null with one rule set
//!     "compared": 3, "new": 1, "lost": 0, "changed": 0, "unchanged": 1, "clean": 1, "shadow": 0,
//!     "left_shadow": 0, "uncompared": 0,
//!     "per_million": { "new": 333333.3, "lost": 0.0, "changed": 0.0, "shadow": 0.0, "left_shadow": 0.0 },
//!     "aspects": { "action": 0, "severity": 0, "organisations": 0, "spans": 0 },
//!     "organizations": [{ "id": "…", "name": "…", "new": 1, "lost": 0, "changed": 0, "shadow_new": 0, "shadow_lost": 0 }],
//!     "conditions": [{ "id": "…", "status": "active", "new": 1, "lost": 0, "changed": 0 }],
//!     "examples": { "new": [], "lost": [], "changed": [], "shadow": [], "left_shadow": [] }
//!   },
//!   "gates": { "passed": true, "failures": [] }
//! }
//! ```

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::examples_of;
use crate::report::changes::{Aspect, Change, Changes};
use crate::report::counts::Counts;
use crate::report::example::{Example, Place};
use crate::report::facts::{Ended, Report};
use crate::report::numbers::per_million;
use crate::rule::{Action, Severity};
use crate::text::{Fold, FoldSet};

/// The JSON Schema of a report, draft 2020-12.
#[must_use]
pub const fn schema() -> &'static str {
    include_str!("../../../deploy/schema/replay.v1.schema.json")
}

/// The report as JSON, as the documentation of this module has it.
#[must_use]
pub fn json(report: &Report) -> Value {
    let tally = &report.tally;
    let failures = report.failures();
    json!({
        "schema": "tripline.replay.v1",
        "tripline": env!("CARGO_PKG_VERSION"),
        "ended": report.ended.as_str(),
        "reason": match &report.ended { Ended::Failed(why) => Some(why), _ => None },
        "notes": report.notes(),
        "records": {
            "read": tally.read(),
            "decoded": tally.decoded(),
            "empty": tally.empty,
            "blank": tally.blank,
            "first": report.times().map(|(first, _)| first),
            "last": report.times().map(|(_, last)| last),
            "poison": named(tally.poison.iter().map(|(class, n)| (class.as_str(), n))),
        },
        "parts": report.parts.iter().map(|part| match part.range {
            Some((partition, from, to)) => json!({
                "source": &*part.source, "partition": partition, "from": from, "to": to, "records": part.records,
            }),
            None => json!({ "source": &*part.source, "records": part.records }),
        }).collect::<Vec<_>>(),
        "gone": report.gone.iter().map(|gone| json!({
            "topic": &*gone.topic, "partition": gone.partition, "from": gone.from, "to": gone.to,
        })).collect::<Vec<_>>(),
        "asked": { "from": report.asked.from, "to": report.asked.to, "limit": report.asked.limit },
        "as_of": report.as_of,
        "written": report.written.as_ref().map(|(topic, verdicts)| json!({ "topic": topic, "verdicts": verdicts })),
        "cost": {
            "seconds": report.cost.seconds,
            "records_per_second": report.records_per_second(),
            "threads": report.cost.threads,
            "decode_seconds": report.cost.decode_seconds,
        },
        "rule_sets": (0..report.sides.len()).map(|index| rule_set(report, index)).collect::<Vec<_>>(),
        "changes": tally.changes.as_ref().map(|changes| change(report, changes)),
        "gates": { "passed": failures.is_empty(), "failures": failures },
    })
}

fn rule_set(report: &Report, index: usize) -> Value {
    let (side, counts) = (&report.sides[index], &report.tally.sides[index]);
    let actions = Action::ALL.iter().filter(|action| **action != Action::None);
    json!({
        "role": side.role,
        "from": side.from,
        "digest": side.digest,
        "organizations_listed": side.organizations,
        "organizations_left_out": side.left_out,
        "jurisdictions": side.jurisdictions,
        "judge_seconds": report.cost.judge_seconds.get(index),
        "clean": counts.clean,
        "flagged": counts.flagged,
        "shadow": counts.shadow,
        "failed": named(counts.failed.iter().map(|(class, n)| (class.as_str(), n))),
        "flagged_per_million": per_million(counts.flagged, counts.judged()),
        "actions": named(actions.map(|action| (action.as_str(), counts.actions.get(action)))),
        "severities": named(Severity::ALL.iter().map(|s| (s.as_str(), counts.severities.get(s)))),
        "via": named(counts.via.iter().map(|(via, n)| (via.as_str(), n))),
        "folds": named(counts.folds.iter().map(|(fold, n)| (fold.as_str(), n))),
        "evasion": named(counts.evasion.iter().map(|(fold, n)| (fold.as_str(), n))),
        "notices": named(counts.notices.iter().map(|(id, n)| (&**id, n))),
        "organizations": organizations(counts),
        "conditions": counts.conditions.iter().map(|((id, status), records)| json!({
            "id": &**id, "status": status.as_str(), "records": records,
        })).collect::<Vec<_>>(),
        "examples": counts.examples.iter().flat_map(|(_, examples)| examples).map(example).collect::<Vec<_>>(),
    })
}

fn organizations(counts: &Counts) -> Vec<Value> {
    let one = |(id, count): (&String, &crate::report::OrganizationCount)| {
        json!({
            "id": id,
            "name": count.name,
            "listing": count.listing,
            "records": count.records,
            "mentions": count.mentions,
            "shadow": count.shadow,
        })
    };
    counts.organizations.iter().map(one).collect()
}

fn change(report: &Report, changes: &Changes) -> Value {
    let per = |change: Change| (change.as_str(), json!(per_million(changes.get(change), changes.compared())));
    let examples = |change| {
        let examples: Vec<Value> = examples_of(report, change).into_iter().map(example).collect();
        (change.as_str(), Value::from(examples))
    };
    json!({
        "compared": changes.compared(),
        "new": changes.new,
        "lost": changes.lost,
        "changed": changes.changed,
        "unchanged": changes.unchanged,
        "clean": changes.clean,
        "shadow": changes.shadow,
        "left_shadow": changes.left_shadow,
        "uncompared": changes.uncompared,
        "per_million": object(Change::ALL.map(per)),
        "aspects": named(Aspect::ALL.iter().map(|aspect| (aspect.as_str(), changes.aspects.get(aspect)))),
        "organizations": changes.organizations.iter().map(|(id, moved)| json!({
            "id": id, "name": report.name_of(id), "new": moved.new, "lost": moved.lost,
            "changed": moved.changed, "shadow_new": moved.shadow_new, "shadow_lost": moved.shadow_lost,
        })).collect::<Vec<_>>(),
        "conditions": changes.conditions.iter().map(|((id, status), moved)| json!({
            "id": &**id, "status": status.as_str(), "new": moved.new, "lost": moved.lost,
            "changed": moved.changed,
        })).collect::<Vec<_>>(),
        "examples": object(Change::ALL.map(examples)),
    })
}

fn example(example: &Example) -> Value {
    let finding = &example.finding;
    let decisions = example.decisions.iter().map(
        |decision| json!({ "action": decision.action.as_str(), "severity": decision.severity.map(Severity::as_str) }),
    );
    json!({
        "verdict": Uuid::from_u128(example.rank).to_string(),
        "place": match &example.place {
            Place::Offset { topic, partition, offset } => {
                json!({ "topic": &**topic, "partition": partition, "offset": offset })
            }
            Place::File { file, line } => json!({ "file": &**file, "line": line }),
        },
        "id": example.id,
        "kind": example.kind.as_str(),
        "decisions": decisions.collect::<Vec<_>>(),
        "organization": finding.organization,
        "name": finding.name,
        "status": finding.status.as_str(),
        "action": finding.decision.action.as_str(),
        "severity": finding.decision.severity.map(Severity::as_str),
        "field": finding.field,
        "before": finding.before,
        "text": finding.text,
        "after": finding.after,
        "via": finding.via.as_str(),
        "folds": folds(finding.folds),
        "evasion": folds(finding.evasion),
        "conditions": finding.conditions.iter().map(|id| &**id).collect::<Vec<_>>(),
    })
}

fn folds(folds: FoldSet) -> Vec<&'static str> {
    folds.iter().map(Fold::as_str).collect()
}

fn named<'k>(counts: impl Iterator<Item = (&'k str, u64)>) -> Value {
    object(counts.map(|(name, count)| (name, json!(count))))
}

fn object<'k>(pairs: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
}
