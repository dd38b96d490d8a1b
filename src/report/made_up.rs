//! Made-up rules and examples for the tests of this folder.

use std::fmt::Write as _;

use super::example::{Decision, Example, Finding, Place};
use crate::content::Kind;
use crate::rule::{Action, RuleSet, Severity, Status, Via};
use crate::text::FoldSet;

/// A rule set of the shipped policy and organisations with these ids and English names.
pub fn rules_of(organizations: &[(&str, &str, &str)]) -> RuleSet {
    RuleSet::builder().add_yaml("made-up.yaml", &yaml_of(organizations)).build().expect("made-up rules are valid")
}

/// A notice that names them.
pub fn yaml_of(organizations: &[(&str, &str, &str)]) -> String {
    let mut yaml = String::from(
        "notice:\n  id: made-up-1\n  authority: { en: Office of Made-up Affairs }\n  kind: ban\n  jurisdiction: CN\n  published: 2020-01-01\n  sources: [{ url: \"https://office.example/1\", kind: official }]\norganizations:\n",
    );
    for (id, name, status) in organizations {
        let _ = writeln!(yaml, "  - id: {id}\n    name: {name}\n    listing: banned\n    status: {status}");
    }
    yaml
}

/// One organisation in force.
pub fn rules(id: &str, name: &str) -> RuleSet {
    rules_of(&[(id, name, "active")])
}

/// An example of a rank, of a place that follows from it.
pub fn example(rank: u128) -> Example {
    let offset = i64::try_from(rank).expect("ranks of tests are small");
    Example {
        rank,
        place: Place::Offset { topic: "posts".into(), partition: 0, offset },
        id: None,
        kind: Kind::Post,
        decisions: vec![Decision { action: Action::Flag, severity: Some(Severity::Low) }],
        finding: Finding {
            organization: "amber-society".into(),
            name: "Amber Society".into(),
            field: "body".into(),
            before: String::new(),
            text: "Amber Society".into(),
            after: String::new(),
            is_cut: (false, false),
            via: Via::Name,
            folds: FoldSet::EMPTY,
            evasion: FoldSet::EMPTY,
            decision: Decision { action: Action::Flag, severity: Some(Severity::Low) },
            status: Status::Active,
            conditions: Vec::new(),
        },
    }
}
