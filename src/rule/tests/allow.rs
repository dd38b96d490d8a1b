//! Allow-lists: what is refused at load, and for which records and mentions an entry holds.

use super::super::*;
use super::{notice, told};

const SHAM: &str =
    "  - { id: sham, name: 假名字协会, listing: banned }\n  - { id: other, name: 另一假名联盟, listing: banned }\n";

fn entry(lines: &str) -> String {
    let has = |key: &str| lines.lines().any(|line| line.trim_start().starts_with(key));
    let default = |key: &str, line: &str| if has(key) { String::new() } else { format!("    {line}\n") };
    let lines = lines.lines().fold(String::new(), |all, line| all + "    " + line + "\n");
    format!(
        "allow:\n  - id: made-up\n{lines}{}{}{}{}",
        default("text:", "text: Made up."),
        default("when:", "when: record.author == \"a\""),
        default("effect:", "effect: none"),
        default("basis:", "basis: made up for a test"),
    )
}

fn set(lines: &str) -> Result<RuleSet, Diagnostics> {
    RuleSet::builder().add_yaml("a.yaml", &notice(SHAM)).add_yaml("allow.yaml", &entry(lines)).build()
}

/// `code line:column+width message` of each problem.
fn problems(lines: &str) -> Vec<String> {
    let problems = set(lines).err().map_or_else(Vec::new, |problems| problems.0);
    problems.iter().map(|p| format!("{} {}:{}+{} {}", p.code, p.line, p.column, p.width, p.message)).collect()
}

#[test]
fn an_entry_in_order_is_accepted() {
    for lines in [
        "when: record.attributes[\"verified_newsroom\"] == \"true\"",
        "when: record.author in [\"u-1\", \"u-2\"] && record.kind == \"post\"",
        "when: record.source == \"newsroom\"",
        "when: record.attributes['role'].startsWith('news') || record.attributes['badge'] in ['a', 'b']",
        "when: record.attributes['a'] == 'x' && record.attributes['a'] != record.attributes['b']",
        "organizations: [sham, other]\nstances: [report, warning]\nuntil: 2031-12\nstatus: shadow\neffect: flag",
        "status: draft\nbasis: |\n  two\n  lines",
    ] {
        assert_eq!(problems(lines), [""; 0], "{lines}");
    }
}

#[test]
fn an_entry_that_would_allow_everybody_or_asks_for_more_than_the_record_is_refused_at_its_place() {
    let (mut wrong, attribute) = (Vec::new(), "condition-type 3:29+");
    for (lines, expected) in [
        (
            "when: \"true\"",
            "too-wide 3:11+6 an allow-list asks for record.author, record.source or record.attributes[…]; this would allow everybody".to_owned(),
        ),
        (
            "when: record.kind == 'post'",
            "too-wide 3:11+21 an allow-list asks for record.author, record.source or record.attributes[…]; this would allow everybody".to_owned(),
        ),
        (
            "when: record.attributes['banned'] != 'true'",
            "too-wide 3:11+37 this holds for a record that says nothing of itself, and would allow everybody".to_owned(),
        ),
        (
            "when: record.kind == 'post' || record.author == 'a'",
            "too-wide 3:11+45 this holds for a record that says nothing of itself, and would allow everybody".to_owned(),
        ),
        (
            "when: record.author == 'a' && mention.listing == 'banned'",
            "unknown-fact 3:35+7 an allow-list asks about the record, not about mention".to_owned(),
        ),
        (
            "when: mentions.exists(m, m.branch) && record.author == 'a'",
            "unknown-fact 3:11+8 an allow-list asks about the record, not about mentions".to_owned(),
        ),
        ("when: record.atributes['a'] == 'x'", "unknown-fact 3:18+9 unknown fact record.atributes".to_owned()),
        ("when: record.attributes[3] == 'x'", format!("{attribute}1 an attribute is asked for by its name, in quotes")),
        ("when: record.attributes[''] == 'x'", format!("{attribute}2 an attribute is asked for by its name, in quotes")),
        ("when: record.attributes['a'] == 1", "condition-type 3:34+2 a text is compared with a number".to_owned()),
        ("when: size(record.attributes) > 0", "condition-type 3:23+10 all attributes has no size".to_owned()),
        ("when: record.author['a'] == 'x'", "condition-call 3:24+1 an index cannot be used in a condition".to_owned()),
        ("when: ('a' in record.attributes)", "condition-type 3:26+10 in needs a list, and this is all attributes".to_owned()),
        ("effect: review", "unknown-value 3:13+6 an allow-list only lowers: none or flag".to_owned()),
        ("effect: allow", "unknown-value 3:13+5 \"allow\" is not a value of effect".to_owned()),
        ("organizations: [shan]", "unknown-organization 3:21+4 no organization has the id \"shan\"".to_owned()),
        ("stances: [reports]", "unknown-value 3:15+7 \"reports\" is not a stance".to_owned()),
        ("until: soon", "bad-date 3:12+4 \"soon\" is not a date: it does not have that form".to_owned()),
        ("basis: ~", "missing-key 3:5+5 basis is missing".to_owned()),
        ("authors: [a]", "unknown-key 3:5+7 unknown key \"authors\"".to_owned()),
    ] {
        let problems = problems(lines);
        if problems != [expected.as_str()] {
            wrong.push(format!("{lines}: {problems:#?}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let policy = "policy:\n  - { id: made-up, text: X., action: flag, severity: low, when: 'true' }\n";
    assert!(told(&[("allow.yaml", &entry("")), ("p.yaml", policy)]).contains("the condition id \"made-up\" is taken"));
}

#[test]
fn an_entry_holds_for_what_its_record_says_and_for_nothing_else() {
    let newsroom = RecordFacts {
        kind: "post",
        author: "u-1",
        source: "posts",
        attributes: vec![("verified", "true"), ("role", "newsroom")],
        ..RecordFacts::default()
    };
    for (when, expected) in [
        ("record.attributes['verified'] == 'true'", true),
        ("record.attributes['verified'] == 'false'", false),
        ("record.attributes['Verified'] == 'true'", false),
        ("record.attributes['unknown'] == 'true'", false),
        ("record.attributes['role'].endsWith('room') && record.kind == 'post'", true),
        ("record.author in ['u-2', 'u-1']", true),
        ("record.author in ['u-10', 'u']", false),
        ("record.source == 'posts' && record.attributes['verified'] != ''", true),
        ("record.source == 'comments'", false),
    ] {
        let set = set(&format!("when: \"{when}\"")).expect("sound");
        assert_eq!(set.policy().allowing(&newsroom, None).expect("it runs").len(), usize::from(expected), "{when}");
        let blank = RecordFacts { kind: "post", ..RecordFacts::default() };
        assert_eq!(set.policy().allowing(&blank, None).expect("it runs").len(), 0, "{when}");
    }
}

#[test]
fn an_entry_ends_and_is_limited() {
    let author = RecordFacts { kind: "post", author: "a", ..RecordFacts::default() };
    let at = |time: &str| Some(time.parse::<jiff::Timestamp>().expect("a time"));
    for (lines, time, expected) in [
        ("until: 2031-05", at("2031-05-31T10:00:00Z"), 1),
        ("until: 2031-05", at("2031-06-01T00:00:00Z"), 0),
        ("until: 2031-05", None, 1),
        ("status: shadow", None, 1),
        ("status: draft", None, 0),
        ("status: retired", None, 0),
    ] {
        let set = set(lines).expect("sound");
        assert_eq!(set.policy().allowing(&author, time).expect("it runs").len(), expected, "{lines} {time:?}");
    }
    for (lines, organization, stance, expected) in [
        ("", "sham", "promotion", true),
        ("organizations: [sham]", "sham", "promotion", true),
        ("organizations: [sham]", "other", "promotion", false),
        ("stances: [report, neutral]", "sham", "report", true),
        ("stances: [report, neutral]", "sham", "promotion", false),
        ("organizations: [sham]\nstances: [report]", "sham", "warning", false),
    ] {
        let set = set(lines).expect("sound");
        assert_eq!(set.policy().allows()[0].is_about(organization, stance), expected, "{lines}");
    }
}

#[test]
fn the_digest_covers_an_entry_and_conditions_may_ask_for_attributes() {
    let digest = |lines: &str| set(lines).expect("sound").digest();
    let base = "when: record.author == 'a'\neffect: flag\ntext: T.";
    let changed =
        ["when: record.author == 'b'\neffect: flag\ntext: T.", "effect: none\ntext: T.", "text: U.\neffect: flag"]
            .map(digest);
    let more = ["organizations: [sham]", "stances: [report]", "until: 2031", "status: shadow", "status: draft"];
    let more = more.map(|line| digest(&format!("{base}\n{line}")));
    assert!(changed.iter().chain(&more).all(|other| *other != digest(base)));
    assert_eq!(digest(base), digest(&format!("{base}\nbasis: another")), "no verdict knows of it");
    assert_eq!(digest(base), digest("when:  record.author=='a'\neffect: flag\ntext: T."));

    let policy =
        "policy:\n  - { id: p, text: X., action: flag, severity: low, when: \"record.attributes['new'] == 'true'\" }\n";
    let set =
        RuleSet::builder().add_yaml("p.yaml", policy).add_yaml("allow.yaml", &entry(base)).build().expect("sound");
    assert_eq!(set.policy().attributes().iter().collect::<Vec<_>>(), ["new"]);
    for (attributes, expected) in [(vec![("new", "true")], 1), (vec![("new", "no")], 0), (vec![], 0)] {
        let record = RecordFacts { kind: "post", attributes, ..RecordFacts::default() };
        let holding = set.policy().evaluate(&record, &[MentionFacts::default()]).expect("it runs");
        assert_eq!(holding[0].len(), expected);
    }
}
