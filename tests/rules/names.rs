//! Four notices, name by name: each rendering that the data has is found, the cautious ones with a second signal only.

use super::{corpus, shipped_rules};
use serde_json::Value;
use tripline::content::Content;
use tripline::engine::Scanner;
use tripline::rule::RuleSet;

fn organizations_in(rules: &RuleSet, text: &str) -> Vec<String> {
    let verdict = Scanner::new(rules).scan(&Content::post(text)).expect("the policy runs");
    verdict.mentions.iter().filter_map(|mention| mention.organization).map(|o| o.id.to_string()).collect()
}

#[test]
fn every_name_of_four_notices_is_found_and_its_near_miss_is_not() {
    let rules = shipped_rules();
    let exam: Value = serde_json::from_str(&corpus("names.json")).expect("JSON");
    let entries = exam["organizations"].as_array().expect("a list");
    let (mut problems, mut names) = (Vec::new(), 0);
    for entry in entries {
        let id = entry["id"].as_str().expect("an id").to_owned();
        for name in entry["names"].as_array().expect("a list") {
            names += 1;
            problems.extend(problem_of(&rules, &id, name));
        }
        let near = entry["near_miss"]["text"].as_str().expect("a near miss");
        let wrong = organizations_in(&rules, near);
        problems.extend((!wrong.is_empty()).then(|| format!("{id}: near miss {near:?} gives {wrong:?}")));
    }
    println!("names: {} organisations, {names} names, {} problems", entries.len(), problems.len());
    assert_eq!((entries.len(), names), (34, 62), "the exam is whole");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn problem_of(rules: &RuleSet, id: &str, name: &Value) -> Option<String> {
    let text = name["name"].as_str().expect("a name");
    let alone = organizations_in(rules, text);
    if name["alone"].as_bool().expect("a yes or no") {
        return (alone != [id]).then(|| format!("{id}: {text:?} alone gives {alone:?}"));
    }
    let signal = name["with_signal"].as_str().expect("a text with a second signal");
    let with = organizations_in(rules, signal);
    (!alone.is_empty() || !with.iter().any(|found| found == id))
        .then(|| format!("{id}: {text:?} alone gives {alone:?}, with a second signal {with:?}"))
}
