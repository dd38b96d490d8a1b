//! The words that `rules/README.md` and `deploy/EVENTS.md` promise are those that the program has, all of them.

use std::fs;
use std::path::Path;
use tripline::domain::Disguise;
use tripline::engine::Stance;
use tripline::rule::{
    Action, Caution, CueKind, FACTS, Focus, ImitatedKind, Listing, NoticeKind, SourceKind, Status, Via,
};
use tripline::text::Fold;

fn document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a document of the repository")
}

/// Those of the words that no part of the text in backticks is.
fn missing<'w>(text: &str, words: &[&'w str]) -> Vec<&'w str> {
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    words.iter().filter(|word| !quoted.contains(word)).copied().collect()
}

/// The line of a table that begins with this.
fn row<'t>(text: &'t str, begin: &str) -> &'t str {
    text.lines().find(|line| line.starts_with(begin)).unwrap_or_else(|| panic!("no row {begin}"))
}

#[test]
fn the_reference_of_events_names_every_word_of_a_field() {
    let text = document("deploy/EVENTS.md");
    let names = |field: &str, words: &[&str]| {
        let missing = missing(row(&text, &format!("| `{field}` ")), words);
        assert!(missing.is_empty(), "{field}: {missing:?}");
    };
    names("mentions[].via", Via::WORDS);
    names("mentions[].folds", &Fold::ALL.map(Fold::as_str));
    names("mentions[].focus", Focus::WORDS);
    names("mentions[].listing", Listing::WORDS);
    names("mentions[].notices[].kind", NoticeKind::WORDS);
    names("mentions[].impersonates.kind", ImitatedKind::WORDS);
    names("mentions[].impersonates.technique", &Disguise::WORDS);
    names("mentions[].context.stance", &Stance::ALL.map(Stance::as_str));
    names("mentions[].context.cues[].kind", CueKind::WORDS);
    names("action", Action::WORDS);
}

#[test]
fn the_page_of_the_lists_names_every_word_of_a_rule_file() {
    let text = document("rules/README.md");
    let words = [
        Listing::WORDS,
        Status::WORDS,
        Focus::WORDS,
        Caution::WORDS,
        CueKind::WORDS,
        Via::WORDS,
        &Stance::ALL.map(Stance::as_str),
        ImitatedKind::WORDS,
    ]
    .concat();
    assert_eq!(missing(&text, &words), [""; 0]);
    for (begin, words) in [
        ("  kind: ban ", NoticeKind::WORDS),
        ("      kind: press ", SourceKind::WORDS),
        ("    action: flag ", &Action::WORDS[1..]),
    ] {
        let line = row(&text, begin);
        assert!(words.iter().all(|word| line.contains(word)), "{line}");
    }
}

#[test]
fn the_page_of_the_lists_names_every_fact_and_no_other() {
    let text = document("rules/README.md");
    let table = text.split("| fact | values |").nth(1).expect("the table of facts");
    let rows = table.lines().take_while(|line| line.is_empty() || line.starts_with('|'));
    let named: Vec<String> = rows
        .flat_map(|row| {
            let cell = row.split('|').nth(1).unwrap_or_default();
            let of = if cell.contains("`record.") { "record" } else { "mention" };
            let facts = cell.split('`').skip(1).step_by(2).filter_map(|fact| fact.split_once('.'));
            facts.map(move |(_, name)| format!("{of}.{}", name.split('[').next().unwrap_or(name))).collect::<Vec<_>>()
        })
        .collect();
    let mut known: Vec<String> = FACTS.iter().map(|fact| format!("{}.{}", fact.of, fact.name)).collect();
    let mut named = named;
    known.sort();
    named.sort();
    assert_eq!(named, known);
}
