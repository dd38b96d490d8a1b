//! `tripline replay` over files: two rule sets in one pass, gates, formats, and what it says of bad input.

use serde_json::Value;

use crate::program::{Folder, Run};

const SETTINGS: &str = "[kafka]\nbootstrap_servers = \"127.0.0.1:1\"\n[rules]\npaths = [\"live\"]\n[[source]]\ntopic = \"posts\"\nkind = \"post\"\ntext = { body = \"/body\" }\n";

/// A notice that names organisations.
fn notice(organizations: &[(&str, &str, &str)]) -> String {
    let head = "notice:\n  id: made-up-1\n  authority: { en: Office of Made-up Affairs }\n  kind: ban\n  jurisdiction: CN\n  published: 2020-01-01\n  sources: [{ url: \"https://office.example/1\", kind: official }]\norganizations:\n";
    organizations.iter().fold(head.to_owned(), |yaml, (id, name, more)| {
        yaml + &format!("  - id: {id}\n    name: {name}\n    listing: banned\n{more}")
    })
}

/// The live rules name amber and birch, the new ones amber and cedar.
fn folder() -> Folder {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let birch = ("birch", "Birch Academy", "");
    folder.write("live/a.yaml", notice(&[("amber", "Amber Society", ""), birch]).as_bytes());
    folder.write("new/a.yaml", notice(&[("amber", "Amber Society", ""), ("cedar", "Cedar Union", "")]).as_bytes());
    let texts =
        ["tea", "Amber Society", "Birch Academy", "Cedar Union", "Cedar Union again", "Amber Society, Cedar Union"];
    let lines: Vec<String> =
        texts.iter().enumerate().map(|(n, text)| format!(r#"{{"id":"p-{n}","body":"{text}"}}"#)).collect();
    folder.write("posts.ndjson", format!("{}\n\n[1]\n", lines.join("\n")).as_bytes());
    folder
}

fn compared(arguments: &[&str]) -> Run {
    let all: Vec<&str> =
        ["replay", "--base", "live", "--candidate", "new", "posts.ndjson"].iter().chain(arguments).copied().collect();
    folder().run(&all)
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}\n{run}"))
}

#[test]
fn two_rule_sets_are_compared_in_one_pass_however_many_threads_judge() {
    let mut all = Vec::new();
    for threads in ["1", "2", "5"] {
        let run = compared(&["--format", "json", "--threads", threads]);
        assert_eq!(run.code, 0, "without a gate nothing fails\n{run}");
        let mut report = json(&run);
        let changes = &report["changes"];
        for (key, expected) in [
            ("new", 2),
            ("lost", 1),
            ("changed", 1),
            ("unchanged", 1),
            ("clean", 1),
            ("compared", 6),
            ("uncompared", 0),
        ] {
            assert_eq!(changes[key], expected, "{key}: {changes}");
        }
        assert_eq!(changes["examples"]["lost"][0]["place"], serde_json::json!({ "file": "posts.ndjson", "line": 3 }));
        assert_eq!(report["records"]["read"], 7);
        assert_eq!(report["records"]["poison"]["not-an-object"], 1);
        report["cost"].take();
        report["rule_sets"].as_array_mut().unwrap().iter_mut().for_each(|side| drop(side["judge_seconds"].take()));
        all.push(report);
    }
    assert!(all.iter().all(|report| *report == all[0]), "a report does not depend on threads");
}

#[test]
fn gates_set_the_exit_code_and_say_why() {
    for (gates, code, words) in [
        (&[][..], 0, &[][..]),
        (&["--no-lost"], 1, &["gate not passed: 1 record is no longer flagged"]),
        (&["--max-new-per-million", "400000"], 0, &[]),
        (&["--max-new-per-million", "100"], 1, &["2 records newly flagged are 333,333 per million, more than 100"]),
        (&["--max-new-per-million", "0", "--no-lost"], 1, &["newly flagged", "no longer flagged"]),
    ] {
        for format in ["text", "json", "markdown"] {
            let run = compared(&[&["--format", format], gates].concat());
            assert_eq!(run.code, code, "{gates:?}\n{run}");
            assert!(words.iter().all(|word| run.stderr.contains(word)), "{gates:?}\n{run}");
            assert_eq!(run.stderr.contains("gate"), code == 1, "{gates:?}\n{run}");
        }
    }
}

#[test]
fn gates_do_not_pass_where_nothing_was_compared() {
    let folder = folder();
    folder.write("none.ndjson", b"");
    folder.write("odd.ndjson", b"{\"words\":\"Amber Society\"}\n");
    folder.write("poison.ndjson", b"[1]\n");
    for (file, why) in [
        ("none.ndjson", "there is no record in this range"),
        ("odd.ndjson", "no record has a text in any of the mapped fields"),
        ("poison.ndjson", "every record is without a value or cannot be read"),
    ] {
        for (gates, code) in [(&[][..], 0), (&["--no-lost"], 1), (&["--max-new-per-million", "1e6"], 1)] {
            let pair = ["replay", "--base", "live", "--candidate", "new", "--kind", "post", file];
            let run = folder.run(&[&pair, gates].concat());
            assert_eq!(run.code, code, "{gates:?}\n{run}");
            let says = run.stderr.contains(&format!("gate not passed: no record was compared: {why}"));
            assert_eq!(says, code == 1, "{gates:?}\n{run}");
            assert!(run.stdout.contains(why), "a note says it too\n{run}");
        }
    }
}

#[test]
fn each_format_is_for_its_reader() {
    let text = compared(&[]);
    for expected in
        ["newly flagged", "333,333 per million", "posts.ndjson:4: Cedar Union: none -> flag, low", "「Cedar Union」"]
    {
        assert!(text.stdout.contains(expected), "{expected:?}\n{text}");
    }
    assert!(
        !text.stdout.contains('\u{1b}') && !text.stderr.contains('\u{1b}'),
        "no colour and no bar in a pipe\n{text}"
    );
    let coloured = compared(&["--color", "always"]);
    assert!(coloured.stdout.contains("\u{1b}[1;30;43mCedar Union\u{1b}[0m"), "{coloured}");
    let markdown = compared(&["--format", "markdown"]);
    for expected in ["### Rule change: 2 newly flagged, 1 no longer, 1 changed", "<details open>", "<b>Cedar Union</b>"]
    {
        assert!(markdown.stdout.contains(expected), "{expected:?}\n{markdown}");
    }
}

#[test]
fn one_rule_set_is_counted_and_comes_from_where_scan_takes_it() {
    let folder = folder();
    for (arguments, flagged) in [
        (&["replay", "--rules", "live", "posts.ndjson"][..], 3),
        (&["replay", "--rules", "new", "posts.ndjson"], 4),
        (&["replay", "--rules", "live", "--rules", "more.yaml", "posts.ndjson"], 5),
        (&["replay", "-c", "tripline.toml", "posts.ndjson"], 3),
        (&["replay", "posts.ndjson"], 0),
        (&["replay", "--rules", "built-in", "posts.ndjson"], 0),
    ] {
        let more = notice(&[("cedar", "Cedar Union", "")]).replace("made-up-1", "made-up-2");
        folder.write("more.yaml", more.as_bytes());
        let run = folder.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(run.code, 0, "{run}");
        assert_eq!(json(&run)["rule_sets"][0]["flagged"], flagged, "{arguments:?}");
        assert_eq!(json(&run)["changes"], Value::Null);
    }
}

#[test]
fn a_candidate_alone_is_compared_with_the_rules_of_the_settings() {
    let folder = folder();
    for arguments in [
        &["--candidate", "new"][..],
        &["--base", "settings", "--candidate", "new"],
        &["--base", "live", "--candidate", "new"],
    ] {
        let run =
            folder.run(&[&["replay", "-c", "tripline.toml", "--format", "json", "posts.ndjson"], arguments].concat());
        assert_eq!((run.code, &json(&run)["changes"]["new"]), (0, &Value::from(2)), "{run}");
    }
    let run = folder.run(&["replay", "-c", "tripline.toml", "--candidate", "live", "posts.ndjson"]);
    assert!(run.stdout.contains("note      base and candidate are the same rule set"), "{run}");
}

#[test]
fn effective_dates_are_judged_by_today_or_as_of_another_day() {
    let folder = folder();
    let until = "    effective: { from: 2020-01-01, until: 2021-12-31 }\n";
    folder.write("new/a.yaml", notice(&[("amber", "Amber Society", until)]).as_bytes());
    for (as_of, flagged) in
        [(None, 0), (Some("2021-06-01"), 2), (Some("2021-06-01T00:00:00Z"), 2), (Some("2019-01-01"), 0)]
    {
        let mut arguments = vec!["replay", "--rules", "new", "--format", "json", "posts.ndjson"];
        arguments.extend(as_of.iter().flat_map(|day| ["--as-of", day]));
        let run = folder.run(&arguments);
        assert_eq!(json(&run)["rule_sets"][0]["flagged"], flagged, "{as_of:?}\n{run}");
    }
}

#[test]
fn records_are_read_as_scan_reads_them() {
    let folder = folder();
    folder.write("odd.txt", b"{\"nr\":\"1\",\"words\":\"Amber Society\"}\n");
    let mapped = folder.run(&[
        "replay",
        "--rules",
        "live",
        "--map",
        "words=/words",
        "--id",
        "/nr",
        "--format",
        "json",
        "odd.txt",
    ]);
    assert_eq!(json(&mapped)["rule_sets"][0]["examples"][0]["id"], "1", "{mapped}");
    let piped = folder.run_with_input(
        &["replay", "--rules", "live", "--kind", "post", "--format", "json", "-"],
        b"{\"body\":\"Amber Society\"}\n",
    );
    assert_eq!(json(&piped)["rule_sets"][0]["examples"][0]["place"]["file"], "stdin", "{piped}");
    let unmapped = folder.run(&["replay", "--rules", "live", "--kind", "post", "odd.txt"]);
    assert!(unmapped.stdout.contains("is this the right field map?"), "{unmapped}");
    let few = folder.run(&["replay", "--rules", "live", "--limit", "2", "--format", "json", "posts.ndjson"]);
    assert_eq!(json(&few)["records"]["read"], 2, "{few}");
    let none = folder.run_with_input(&["replay", "--rules", "live", "--kind", "post", "-"], b"");
    assert_eq!(none.code, 0, "{none}");
    assert!(none.stdout.contains("note      there is no record in this range"), "{none}");
}

#[test]
fn bad_input_is_told_by_its_name_before_anything_is_read() {
    let folder = folder();
    folder
        .write("bad/a.yaml", notice(&[("amber", "Amber Society", "    listed: no\n    statsu: active\n")]).as_bytes());
    for (arguments, words) in [
        (&["gone.ndjson"][..], &["gone.ndjson"][..]),
        (&["--rules", "gone", "posts.ndjson"], &["gone"]),
        (
            &["--candidate", "bad", "posts.ndjson"],
            &["cannot use the candidate", "2 problems in the rules", "statsu", "listed"],
        ),
        (&["--base", "live", "posts.ndjson"], &["--candidate"]),
        (&["--rules", "live", "--candidate", "new", "posts.ndjson"], &["--rules"]),
        (&["--no-lost", "posts.ndjson"], &["--no-lost and --max-new-per-million need --candidate"]),
        (&["--rules", "live", "--no-lost", "posts.ndjson"], &["--no-lost and --max-new-per-million need --candidate"]),
        (&["--rules", "live", "--max-new-per-million", "5", "posts.ndjson"], &["need --candidate"]),
        (&["--candidate", "live,new", "posts.ndjson"], &["--candidate live,new", "repeat the flag for overlays"]),
        (&["--candidate", "new", "--max-new-per-million", "-1", "posts.ndjson"], &["--max-new-per-million"]),
        (&["--from", "5", "posts.ndjson"], &["--from"]),
        (&["--output-topic", "t", "posts.ndjson"], &["--output-topic"]),
        (&["--as-of", "yesterday", "posts.ndjson"], &["yesterday"]),
        (&["--base", "settings", "--candidate", "new", "posts.ndjson"], &["-c"]),
        (&["-c", "gone.toml"], &["gone.toml"]),
        (&["--from", "tomorrow"], &["tomorrow", "earliest"]),
        (&["--from", "9", "--to", "5"], &["--from lies behind --to"]),
        (&["--from=-1h", "--to=-2h"], &["--from lies behind --to"]),
        (&["--topic", "psots"], &["psots", "posts"]),
        (&["--output-topic", "posts"], &["--output-topic posts is a source"]),
        (&["--output-topic", "verdicts"], &["the topic of the live verdicts"]),
        (&["--output-topic", "tripline.dead-letters"], &["the topic of the dead letters"]),
        (&["--output-topic", "tripline.receipts"], &["the topic of the receipts"]),
        (&["--timeout", "1"], &["cannot reach 127.0.0.1:1 within 1 s"]),
        (&["--timeout", "0"], &["--timeout"]),
        (&["--set", "kafka.bootstrap=a:1"], &["kafka.bootstrap"]),
    ] {
        let run = folder.run(&[&["replay"], arguments].concat());
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{arguments:?}\n{run}");
        assert!(words.iter().all(|word| run.stderr.contains(word)), "{arguments:?}: {words:?}\n{run}");
    }
}
