//! Facts about reading along the names, as tables and laws; every name here is made up.

use super::super::edit;
use super::*;
use crate::rule::RuleSet;
use crate::text::FoldSet;
use proptest::prelude::*;
use std::sync::LazyLock;

const MADE_UP: &str = r#"
notice:
  id: made-up
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - { id: one, name: 中国样例文化学会, translations: { en: [Example Committee of Sham Ills] }, listing: banned }
  - { id: two, name: 全国大大CIO联盟, listing: banned }
"#;

static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| RuleSet::builder().add_yaml("made-up.yaml", MADE_UP).build().expect("the rules are sound"));

/// The longest name seen: its words, and what was undone.
fn seen(text: &str) -> Option<(&str, FoldSet)> {
    let longest = walk(RULES.hidden_names(), text).into_iter().max_by_key(|seen| seen.bytes.len())?;
    Some((&text[longest.bytes], edit::folds(&longest.edits)))
}

#[test]
fn names_are_read_through_what_hides_them() {
    use Fold::{Bracket, Confusable, Leet, Pinyin, Repeat, Separator};
    #[rustfmt::skip]
        let table: &[(&str, &str, &[Fold])] = &[
            ("在中国样(yàng)例文化学会办", "中国样(yàng)例文化学会", &[Pinyin]),
            ("中國 [zhong1 guo2] 样例文化学（xue ）会", "中國 [zhong1 guo2] 样例文化学（xue ）会", &[Pinyin]),
            ("中国样例文化学hui。", "中国样例文化学hui", &[Pinyin]),
            ("中国样li文化学(hui)", "中国样li文化学(hui)", &[Pinyin]),
            ("zhong国样例文化学会", "zhong国样例文化学会", &[Pinyin]),
            ("中zhong国guo样例文化学会", "中zhong国guo样例文化学会", &[Pinyin]),
            ("中国样例文h学会", "中国样例文h学会", &[Pinyin]),
            ("中国（北京）样例文化学会", "中国（北京）样例文化学会", &[Bracket]),
            ("Example (South West) Committee of Sham Ills", "Example (South West) Committee of Sham Ills", &[Bracket]),
            ("中中国国样样例例文文化化学学会会", "中中国国样样例例文文化化学学会会", &[Repeat]),
            ("中国样样样例文化学会会长", "中国样样样例文化学会", &[Repeat]),
            ("全国大大大大CIO联盟", "全国大大大大CIO联盟", &[Repeat]),
            ("Exxample Commmmitteee of Sham Illls", "Exxample Commmmitteee of Sham Illls", &[Repeat]),
            ("3xampl3 C0mm1tt33 0f 5ham 1ll5", "3xampl3 C0mm1tt33 0f 5ham 1ll5", &[Leet]),
            ("Ex@mple Committee of $ham !lls", "Ex@mple Committee of $ham !lls", &[Leet]),
            ("ExampIe Committee of Sharn Ills", "ExampIe Committee of Sharn Ills", &[Confusable]),
            ("全国大大C10联盟", "全国大大C10联盟", &[Leet]),
            ("中x国x样x例x文x化x学x会", "中x国x样x例x文x化x学x会", &[Separator]),
            ("中1国2样3例4文5化6学7会", "中1国2样3例4文5化6学7会", &[Separator]),
            ("中(zhōng)國(北京)样样例文化xue会", "中(zhōng)國(北京)样样例文化xue会", &[Repeat, Pinyin, Bracket]),
        ];
    for (text, words, undone) in table {
        let (found, folds) = seen(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((found, folds.iter().collect::<Vec<_>>()), (*words, undone.to_vec()), "{text}");
    }
}

#[test]
fn what_is_not_undone_is_no_name() {
    for text in [
        "",
        // Nothing is hidden, so that the automaton finds it.
        "中国样例文化学会",
        "中国样例文化学会会长",
        "在中中国样例文化学会",
        "中国(样例)文化学会",
        // A reading of another character, no reading, or too many.
        "中国样(2024)例文化学会",
        "中国样例文化学kuan",
        "zhong guo yang li wen hua xue hui",
        "zhongguoyangli文化学会",
        // A sentence or two places in brackets.
        "中国（见下文，略）样例文化学会",
        "中国（北京）样例（上海）文化学会",
        "中国（一二三四五六七）样例文化学会",
        "中（北京）国",
        // Other fillers, too few of them, or characters.
        "中x国样例文化学会",
        "中x国yy样zzz例x文y化x学x会",
        "中的国的样的例的文的化的学的会",
        // Other words.
        "3x4mp13 C0mm1tt33 of 5h4m",
        "Counterexample Committee of Sham Ills",
        "Example Comittee of Sham Ills",
        "中国样例文学会",
    ] {
        assert_eq!(seen(text), None, "{text}");
    }
}

#[test]
fn no_wall_of_signs_hides_what_stands_behind_it() {
    for piece in ["中(", "中中", "(zhong)", "中(zhong)国(guo)", "ll", "中国样例文化学h", "中国(x)样(x)例(x)文"]
    {
        let text = piece.repeat(20_000) + "。\n中(zhong)国样例文化学会";
        let start = text.rfind('\n').map(|at| at + 1);
        let seen = walk(RULES.hidden_names(), &text);
        assert!(seen.iter().any(|seen| Some(seen.bytes.start) == start && seen.bytes.end == text.len()), "{piece}");
    }
}

#[test]
fn steps_are_counted_so_that_a_hostile_text_ends() {
    for piece in ["中(", "中中", "中x", "(zhong)", "中国(zhong)", "E1", "ll", "中国样例文化学h", "中 \u{301}"]
    {
        let text = piece.repeat(20_000);
        let mut all = Walk {
            trie: RULES.hidden_names().trie(),
            text: &text,
            start: 0,
            edits: Vec::new(),
            said: Vec::new(),
            seen: Vec::new(),
            steps: 1_000,
        };
        all.go(Trie::ROOT, 0);
        // One start alone never takes the budget of a thousand.
        assert!(all.steps > 0, "{piece}");
    }
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[中国样例文化学会全大联盟]{1,4}",
        2 => "[a-zA-Z0-9@$!|()（）\\[\\] ]{1,4}",
        1 => "(zhong|guo|yang|li|wen|hua|xue|hui|h|北京|Example |Committee |of |Sham |Ills)",
        1 => "\\PC{0,2}",
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_name_lies_inside_its_text_and_reads_as_its_pattern(text in texts()) {
        for seen in walk(RULES.hidden_names(), &text) {
            prop_assert!(text.get(seen.bytes.clone()).is_some_and(|inside| !inside.is_empty()));
            let mut at = seen.bytes.start;
            for edit in &seen.edits {
                prop_assert!(at <= edit.written.start && edit.written.start < edit.written.end);
                prop_assert!(text.get(edit.written.clone()).is_some());
                at = edit.written.end;
            }
            prop_assert!(at <= seen.bytes.end);
            let read = edit::reading(&text, seen.bytes.clone(), &seen.edits);
            let pattern = &RULES.patterns()[usize::try_from(seen.pattern.0).unwrap()];
            let turned: String = if pattern.is_reversed { read.chars().rev().collect() } else { read };
            prop_assert_eq!(fold(&turned), fold(&pattern.text));
        }
    }
}
