//! Spellings that nobody listed: which of them count, and that none of those is anybody else's name.

use super::{corpus, shipped_rules};
use serde_json::Value;
use std::collections::BTreeMap;
use tripline::content::Content;
use tripline::engine::Scanner;
use tripline::rule::{Action, RuleSet, Target, Via};

/// The texts of the spellings of the shipped lists: those that count, and those in shadow.
fn spellings(rules: &RuleSet) -> (Vec<&str>, Vec<&str>) {
    let (mut count, mut shadow) = (Vec::new(), Vec::new());
    for pattern in rules.patterns() {
        match pattern.target {
            Target::Variant { counts: true, .. } => count.push(&*pattern.text),
            Target::Variant { counts: false, .. } => shadow.push(&*pattern.text),
            _ => {}
        }
    }
    (count, shadow)
}

/// What a variant made of a text: the ids of the mentions that count.
fn by_variant(rules: &RuleSet, text: &str) -> Vec<String> {
    let verdict = Scanner::new(rules).scan(&Content::post(text)).expect("the policy runs");
    let variants = verdict.mentions.iter().filter(|mention| mention.via == Via::Variant);
    variants.filter_map(|mention| mention.organization).map(|o| o.id.to_string()).collect()
}

#[test]
fn some_english_spellings_count_and_no_chinese_one() {
    let rules = shipped_rules();
    let (count, shadow) = spellings(&rules);
    println!("{} spellings count, {} are in shadow", count.len(), shadow.len());
    assert!(count.iter().all(|text| text.is_ascii()), "{count:?}");
    assert!((1..200).contains(&count.len()) && (1..3_000).contains(&shadow.len()));
}

#[test]
fn no_lawful_body_is_named_by_a_spelling_that_counts() {
    let rules = shipped_rules();
    let mut wrong = BTreeMap::new();
    for body in rules.protected_names() {
        for text in
            [body.name.clone(), format!("The {} met today.", body.name), format!("昨天，{}在京开会。", body.name)]
        {
            let found = by_variant(&rules, &text);
            if !found.is_empty() {
                wrong.insert(text, found);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_near_miss_of_the_exam_is_a_spelling_that_counts() {
    let rules = shipped_rules();
    let exam: Value = serde_json::from_str(&corpus("names.json")).expect("JSON");
    for entry in exam["organizations"].as_array().expect("a list") {
        let near = entry["near_miss"]["text"].as_str().expect("a near miss");
        assert!(by_variant(&rules, near).is_empty(), "{near}");
    }
}

#[test]
fn a_translator_s_words_are_a_flag_and_a_chinese_neighbour_is_counted_in_silence() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    for (text, action, active, shadow) in [
        // two rare words, far from every lawful body
        ("The Chinese Interdisciplinary Talent Training Society met.", Action::Flag, 1, 0),
        // a lawful body in the same record: perhaps its own words
        (
            "The Chinese Interdisciplinary Talent Training Society and the China Writers Association met.",
            Action::None,
            0,
            1,
        ),
        // the head makes another body of it
        ("中国无障碍学会召开会议。", Action::None, 0, 1),
        ("中国无障碍研究会召开会议。", Action::None, 0, 1),
        // too few words of its own to change its head, or to stand for one body
        ("The Chinese Positive Discipline Society met.", Action::None, 0, 1),
        ("The Chinese Robot Education Union met.", Action::None, 0, 1),
        // an entry with a caution has no tolerance
        ("The China Volunteers Society met.", Action::None, 0, 0),
        ("中华志愿者学会召开会议。", Action::None, 0, 0),
        // other words
        ("The Chinese Interdisciplinary Talent Society met.", Action::None, 0, 0),
    ] {
        let verdict = scanner.scan(&Content::post(text)).expect("the policy runs");
        assert_eq!((verdict.action, verdict.mentions.len(), verdict.shadow.len()), (action, active, shadow), "{text}");
        let all = verdict.mentions.iter().chain(&verdict.shadow);
        all.for_each(|mention| assert!(mention.via == Via::Variant && mention.score < 0.75, "{mention:?}"));
    }
}

#[test]
fn a_spelling_in_shadow_takes_nothing_from_a_listed_name() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    for organization in rules.organizations().iter().filter(|o| o.caution.is_empty()) {
        let Some(name) = &organization.name else { continue };
        let verdict = scanner.scan(&Content::post(name)).expect("the policy runs");
        let all = verdict.mentions.iter().chain(&verdict.shadow);
        assert!(all.clone().all(|mention| mention.via != Via::Variant), "{name}");
    }
}
