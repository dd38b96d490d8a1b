//! Reports as they were read and agreed: made-up records, made-up figures.

use super::*;
use crate::content::Content;
use crate::engine::Scanner;
use crate::report::made_up::rules_of;
use crate::report::{Asked, Cost, Ended, Gates, Gone, Part, Place, Seen, Side, Tally};
use crate::rule::RuleSet;
use crate::stream::PoisonClass;

const BASE: &[(&str, &str, &str)] = &[("amber", "Amber Society", "active"), ("birch", "Birch Academy", "active")];
const CANDIDATE: &[(&str, &str, &str)] = &[
    ("amber", "Amber Society", "active"),
    ("birch", "Birch Academy", "retired"),
    ("cedar", "Cedar Union", "active"),
    ("dune", "Dune Council", "shadow"),
];
const TEXTS: &[&str] = &[
    "a cup of tea",
    "join the Amber Society today",
    "the ＡＭＢＥＲ Society and | @friend <b>Cedar Union</b>",
    "a letter from the Birch Academy",
    "\u{1b}[2J Cedar Union\u{202e} pays [you](http://pay.example)",
    "Dune Council, says nobody",
    "nothing",
];

fn report(rules: &[&RuleSet], parts: &[&'static str]) -> Report {
    let mut tally = Tally::of(rules, 2);
    let mut scanners: Vec<Scanner<'_>> = rules.iter().map(|rules| Scanner::new(rules)).collect();
    for (offset, text) in (10..).zip(TEXTS) {
        let content = Content::post(*text);
        let judged: Vec<_> =
            scanners.iter_mut().map(|scanner| scanner.scan(&content).map_err(|_| PoisonClass::Policy)).collect();
        let judged: Vec<_> = judged.iter().collect();
        let place = Place::Offset { topic: "posts".into(), partition: 0, offset };
        tally.judged(&judged, rules, false, || Seen { place, rank: offset.unsigned_abs().into(), content: &content });
    }
    tally.at(1_767_225_600_000);
    tally.at(1_767_229_200_000);
    tally.empty = 1;
    tally.poison.add(PoisonClass::InvalidJson);
    let side = |role| Side {
        role,
        from: format!("{role}-rules"),
        digest: format!("sha256:{role}"),
        organizations: 2,
        jurisdictions: vec!["CN".to_owned()],
        left_out: 3,
    };
    Report {
        parts: vec![Part { source: "posts".into(), range: Some((0, 10, 20)), records: 9 }],
        gone: vec![Gone { topic: "posts".into(), partition: 0, from: 3, to: 10 }],
        asked: Asked { from: Some("3".to_owned()), to: None, limit: Some(9) },
        as_of: None,
        sides: parts.iter().map(|role| side(role)).collect(),
        tally,
        cost: Cost { seconds: 0.5, threads: 2, decode_seconds: 0.1, judge_seconds: vec![0.000_035; rules.len()] },
        ended: Ended::Complete,
        gates: Gates::default(),
        written: None,
    }
}

fn one() -> Report {
    report(&[&rules_of(CANDIDATE)], &["rules"])
}

fn two() -> Report {
    report(&[&rules_of(BASE), &rules_of(CANDIDATE)], &["base", "candidate"])
}

fn plain(report: &Report) -> String {
    text(report, &|_, words| words.to_owned())
}

#[test]
fn a_report_is_as_it_was_read_and_agreed() {
    for (name, report) in [("one", one()), ("two", two())] {
        insta::assert_snapshot!(format!("{name}-text"), plain(&report));
        insta::assert_snapshot!(format!("{name}-markdown"), markdown(&report));
        insta::assert_snapshot!(format!("{name}-json"), serde_json::to_string_pretty(&json(&report)).unwrap());
    }
}

#[test]
fn json_keeps_to_its_schema() {
    let schema = serde_json::from_str(super::schema()).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let mut unfinished = two();
    unfinished.ended = Ended::Failed("the broker is away".to_owned());
    unfinished.written = Some(("replayed".to_owned(), 7));
    unfinished.parts.push(Part { source: "a.ndjson".into(), range: None, records: 1 });
    for report in [one(), two(), unfinished] {
        let value = json(&report);
        let faults: Vec<String> = schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(faults, [""; 0]);
    }
    let mut wrong = json(&two());
    wrong["changes"]["new"] = (-1).into();
    assert!(!schema.is_valid(&wrong));
}

#[test]
fn gates_stand_in_what_a_reviewer_and_a_program_read() {
    let mut report = two();
    report.gates = Gates { max_new_per_million: Some(1.0), no_lost: true };
    assert_eq!(markdown(&report).matches("**Gate not passed:**").count(), 2);
    assert_eq!(json(&report)["gates"]["passed"], false);
    assert_eq!(json(&report)["gates"]["failures"].as_array().unwrap().len(), 2);
    report.gates = Gates { max_new_per_million: Some(1e6), no_lost: false };
    assert!(markdown(&report).contains("All gates passed."));
    assert_eq!(json(&report)["gates"]["passed"], true);
    report.ended = Ended::Interrupted;
    assert!(markdown(&report).contains("**Gate not passed:** not all of the range was read"));
    assert_eq!(json(&report)["gates"]["passed"], false);
}

/// A change that makes a report doubtful, and what is said of it.
type Doubt<'d> = (&'d dyn Fn(&mut Report), &'d str);

#[test]
fn what_makes_figures_doubtful_is_said_in_every_format() {
    let empty = |report: &mut Report| report.tally = Tally::of(&[&rules_of(BASE), &rules_of(CANDIDATE)], 1);
    let blank = |report: &mut Report| report.tally.blank = report.tally.decoded();
    let same = |report: &mut Report| report.sides[1].digest = report.sides[0].digest.clone();
    let stopped = |report: &mut Report| report.ended = Ended::Interrupted;
    let failed = |report: &mut Report| report.ended = Ended::Failed("the broker is away".to_owned());
    let nothing = |_: &mut Report| {};
    let doubts: [Doubt<'_>; 6] = [
        (&empty, "there is no record in this range"),
        (&blank, "is this the right field map"),
        (&same, "the same rule set"),
        (&stopped, "stopped before the end"),
        (&failed, "the broker is away"),
        (&nothing, "7 offsets were removed by retention"),
    ];
    for (change, expected) in doubts {
        let mut report = two();
        change(&mut report);
        assert!(plain(&report).contains(expected), "{expected}\n{}", plain(&report));
        assert!(markdown(&report).contains(expected), "{expected}\n{}", markdown(&report));
        assert!(json(&report)["notes"].to_string().contains(expected), "{expected}");
    }
}

#[test]
fn nothing_that_a_stranger_wrote_acts() {
    for report in [one(), two()] {
        let (text, markdown) = (plain(&report), markdown(&report));
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
        for forbidden in ["\u{1b}", "\u{202e}", "@friend", "](http", "http://"] {
            assert!(!markdown.contains(forbidden), "{forbidden:?}\n{markdown}");
        }
    }
}
