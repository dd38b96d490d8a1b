//! How a text speaks of a made-up body, over many registers: a table of our own, beside the exams of `tests/corpus/stance`.
//!
//! `fixtures/stance.tsv`: stance, tab, text. It is for development: the figures that count are those of `tests/quality`.

use super::lists::{root, rule_files};
use tripline::content::Content;
use tripline::engine::Scanner;
use tripline::rule::RuleSet;

/// Of a hundred mentions so many must be right; what is wrong is shown.
const FLOOR: usize = 93;

fn fixture(name: &str) -> String {
    std::fs::read_to_string(root().join("tests/rules/fixtures").join(name)).expect("the fixture is there")
}

/// The made-up bodies, judged by the cue words that ship.
fn rules() -> RuleSet {
    let cues = rule_files().into_iter().filter(|(file, _)| file.contains("/context/"));
    let builder = RuleSet::builder().add_yaml("stance.yaml", &fixture("stance.yaml"));
    let builder = cues.fold(builder, |builder, (file, text)| builder.add_yaml(&file, &text));
    builder.build().unwrap_or_else(|problems| panic!("the rules of the table have problems:\n{problems}"))
}

#[test]
fn stances_of_many_registers_are_told_apart() {
    let (rules, table) = (rules(), fixture("stance.tsv"));
    let mut scanner = Scanner::new(&rules);
    let (mut all, mut right, mut wrong) = (0, 0, Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let (expected, text) = line.split_once('\t').expect("stance, tab, text");
        let verdict = scanner.scan(&Content::post(text)).expect("the policy runs");
        assert!(!verdict.mentions.is_empty(), "no mention in {text}");
        for mention in &verdict.mentions {
            let given = mention.stance.as_str();
            all += 1;
            right += usize::from(given == expected);
            if given != expected {
                let cues: Vec<_> = mention.cues.iter().map(|cue| format!("{} {:?}", cue.kind, cue.text)).collect();
                wrong.push(format!("{expected} called {given} by {}:\n    {text}", cues.join(", ")));
            }
        }
    }
    println!("stances of our own table: {right} of {all} right\n{}", wrong.join("\n"));
    assert!(all > 200, "the table is whole");
    assert!(right * 100 >= all * FLOOR, "{right} of {all} are right");
}
