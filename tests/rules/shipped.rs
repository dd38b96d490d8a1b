//! What ships is sound and whole.

use super::{rule_files, shipped_rules};
use tripline::content::Content;
use tripline::engine::Scanner;
use tripline::rule::{RuleSet, Status};

/// Organizations and notices of the official data behind the lists, on the day they were written as rules.
const AT_LEAST: (usize, usize) = (294, 59);

#[test]
fn the_shipped_rules_have_no_problem_and_lose_nobody() {
    let rules = shipped_rules();
    assert!(rules.organizations().len() >= AT_LEAST.0, "{}", rules.organizations().len());
    assert!(rules.notices().len() >= AT_LEAST.1, "{}", rules.notices().len());
    assert!(rules.count(Status::Active) > 200);
}

#[test]
fn the_digest_does_not_depend_on_the_order_of_files() {
    let forward = shipped_rules().digest();
    let backward =
        rule_files().iter().rev().fold(RuleSet::builder(), |builder, (file, text)| builder.add_yaml(file, text));
    assert_eq!(backward.build().expect("sound").digest(), forward);
}

#[test]
fn the_canary_always_fires() {
    let rules = shipped_rules();
    let (id, text) = rules.canary().expect("a canary ships");
    assert!(!id.is_empty());
    let text = format!("deployment test: {text}.");
    let verdict = Scanner::new(&rules).scan(&Content::post(text.as_str())).expect("the policy runs");
    assert!(verdict.is_flagged());
}

#[test]
fn every_active_official_name_is_found_in_a_sentence_unless_it_needs_company() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let company = "全国中小学生综合素质等级测评中心";
    let mut checked = 0;
    for organization in rules.organizations().iter().filter(|o| o.status == Status::Active) {
        let Some(name) = organization.name.as_deref() else { continue };
        let text = format!("据报道，{name}和{company}的网站被关停。");
        let verdict = scanner.scan(&Content::post(text.as_str())).expect("the policy runs");
        let found = verdict.mentions.iter().any(|m| m.organization.is_some_and(|o| o.id == organization.id));
        assert!(found, "{name}");
        checked += 1;
    }
    assert!(checked > 150, "{checked}");
}
