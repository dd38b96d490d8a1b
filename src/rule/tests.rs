//! What a rule author sees: golden diagnostics of every kind, and the laws of a set.

use super::*;
use std::sync::Arc;

fn assert_shared<T: Send + Sync>() {}

#[test]
fn a_rule_set_is_shared_by_threads() {
    assert_shared::<RuleSet>();
    assert_shared::<Arc<Policy>>();
    assert_shared::<Diagnostics>();
}

/// The text of every problem of these documents; nothing when there is none.
fn told(documents: &[(&str, &str)]) -> String {
    let builder = documents.iter().fold(RuleSet::builder(), |builder, (file, yaml)| builder.add_yaml(file, yaml));
    builder.build().err().map_or_else(String::new, |problems| problems.to_string())
}

/// A notice with these organizations.
fn notice(organizations: &str) -> String {
    let header = "notice:\n  id: made-up-1\n  authority: { en: Made-up Ministry }\n  kind: ban\n  jurisdiction: CN\n  sources: [{ url: https://made-up.example/1, kind: press }]\n";
    format!("{header}organizations:\n{organizations}")
}

/// The lines of the problems that begin with `error`, in a notice with one organization with these lines.
fn errors(lines: &str) -> Vec<String> {
    let lines = format!("  - id: made-up-body\n{lines}");
    told(&[("a.yaml", &notice(&lines))]).lines().filter(|l| l.starts_with("error")).map(str::to_owned).collect()
}

mod allow;
mod conditions;
mod documents;
mod sets;
