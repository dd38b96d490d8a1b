//! Hidden names and domains, and their harmless twins: recall by technique and by what was found.

use super::exam::{Case, EVASION, HIDDEN, Half};
use super::figures::{Figures, Share, Shares};
use super::found::Judged;
use super::{RULES, judged, run};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use tripline::rule::Status;

#[test]
fn hidden_names_are_found_and_their_twins_are_not() {
    run(EVASION, measure);
}

#[test]
fn every_listed_name_is_found_by_every_technique() {
    run(HIDDEN, measure_generated);
}

/// How many misses of one technique are shown.
const SHOWN: usize = 4;

fn measure_generated(_: Half, cases: &[Case], figures: &mut Figures) {
    let judged = judged(cases);
    assert!(hidden_organizations(cases) >= 0.95, "the lists have grown: run tests/corpus/evasion/generate.py again");
    let mut techniques = Shares::default();
    let mut missed: BTreeMap<&str, Vec<&(&Case, Judged)>> = BTreeMap::new();
    for pair in &judged {
        let hit = pair.1.hits() == 1;
        techniques.add(pair.0.key("technique"), pair.0.key("via"), hit);
        if !hit {
            missed.entry(pair.0.key("technique")).or_default().push(pair);
        }
    }
    figures.say(&techniques.table("technique"));
    figures.share("recall", techniques.all());
    for technique in techniques.rows() {
        figures.measure(&format!("recall.{technique}"), techniques.row(&technique).ratio());
    }
    for (technique, cases) in missed {
        figures.say(&format!("{technique}: {} missed, the first of them:", cases.len()));
        for (case, verdict) in cases.into_iter().take(SHOWN) {
            figures.wrong(&case.id, || verdict.difference(case));
        }
    }
}

/// How many of the active organizations the generated set hides.
fn hidden_organizations(cases: &[Case]) -> f64 {
    let hidden: BTreeSet<&str> = cases.iter().map(|case| case.key("organization")).collect();
    let active = RULES.organizations().iter().filter(|o| o.status == Status::Active);
    Share::of(active.map(|o| hidden.contains(&*o.id))).ratio()
}

fn measure(_: Half, cases: &[Case], figures: &mut Figures) {
    let judged = judged(cases);
    let (mut main, mut every) = (Shares::default(), Shares::default());
    for (case, verdict) in &judged {
        for (expected, matched) in case.expected.iter().zip(&verdict.matched) {
            let via = expected.line["via"].as_str().unwrap_or("name");
            let used = techniques(&expected.line["technique"]);
            let (first, hit) = (used.first().copied().unwrap_or("none"), matched.is_some());
            main.add(first, via, hit);
            if used.len() > 1 {
                for technique in &used {
                    every.add(technique, via, hit);
                }
            }
        }
    }
    figures.say(&main.table("technique"));
    if every.all().of > 0 {
        figures.say("of these two or three techniques together, each counted in all of its rows:");
        figures.say(&every.table("technique"));
    }
    figures.share("recall", main.all());
    for technique in main.rows() {
        figures.measure(&format!("recall.{technique}"), main.row(&technique).ratio());
    }
    let hidden = || judged.iter().filter(|(case, _)| !case.expected.is_empty());
    let twins = || judged.iter().filter(|(case, _)| case.expected.is_empty());
    figures.share("right action", Share::of(hidden().map(|(case, verdict)| verdict.action == case.action)));
    figures.count("unexpected mentions", hidden().map(|(case, verdict)| verdict.unexpected(case).count()).sum());
    figures.count("twins", twins().count());
    figures.count("flagged twins", twins().filter(|(_, verdict)| verdict.is_flagged()).count());
    figures.say("misses, and what was found that should not be:");
    let is_wrong = |case: &Case, v: &Judged| v.hits() < case.expected.len() || v.unexpected(case).next().is_some();
    for (case, verdict) in judged.iter().filter(|(case, verdict)| is_wrong(case, verdict)) {
        let technique = techniques(&case.line["technique"]).join("+");
        figures.wrong(&format!("{} {technique}", case.id), || verdict.difference(case));
    }
}

/// One technique, or a list of which the first is the main one.
fn techniques(value: &Value) -> Vec<&str> {
    let many = value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect());
    many.unwrap_or_else(|| value.as_str().into_iter().collect())
}
