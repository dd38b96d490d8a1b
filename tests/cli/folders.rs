//! `tripline scan` over folders and files of records.

use crate::program::{Folder, Run};

const LISTED: &str = "中国雷锋基金会招募会员";

fn told(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{run}");
    for word in words {
        assert!(run.stderr.contains(word) || run.stdout.contains(word), "{word:?} is missing\n{run}");
    }
}

#[test]
fn a_folder_is_read_with_everything_below_it_in_order() {
    let record = format!("{{\"id\":\"7\",\"body\":\"{LISTED}\"}}\n");
    let folder = Folder::with(&[
        ("in/b.txt", LISTED),
        ("in/a/posts.jsonl", &record),
        ("in/a/z.md", LISTED),
        ("in/clean.txt", "nothing here"),
        ("in/page.html", LISTED),
        ("in/.hidden.txt", LISTED),
    ]);
    let run = folder.run(&["scan", "in"]);
    told(
        &run,
        1,
        &["in: 1 file of another kind skipped; --all-files reads them too", "4 texts in 4 files scanned, 3 flagged"],
    );
    let places: Vec<_> = run.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    let places: Vec<_> = places.iter().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(places, ["in/a/posts.jsonl:1", "in/a/z.md:1:1", "in/b.txt:1:1"], "{run}");
    told(
        &folder.run(&["scan", "--all-files", "in"]),
        1,
        &["in/page.html:1:1", "5 texts in 5 files scanned, 4 flagged"],
    );
}

#[test]
fn with_records_beside_texts_the_ending_decides() {
    let folder = Folder::with(&[("in/a.txt", LISTED), ("in/b.ndjson", &format!("{{\"t\":\"{LISTED}\"}}\n"))]);
    let run = folder.run(&["scan", "--map", "body=/t", "in"]);
    told(&run, 1, &["in/a.txt:1:1", "in/b.ndjson:1: body", "2 texts in 2 files scanned, 2 flagged"]);
    // named by hand, every file holds what the flags say
    told(&folder.run(&["scan", "--map", "body=/t", "in/a.txt"]), 3, &["error: in/a.txt:1: invalid-json"]);
}

#[test]
fn what_is_no_text_is_told_and_counted_and_the_rest_is_scanned() {
    let folder = Folder::with(&[("in/found.txt", LISTED)]);
    folder.write("in/latin.txt", b"caf\xe9");
    folder.write("in/picture.txt", b"GIF89a\0\0\0");
    folder.write("in/program", b"\x7fELF\0");
    let words = [
        "error: in/latin.txt: not UTF-8: byte 3",
        "error: in/picture.txt: not a text: byte 6 (counted from 0) is zero",
        "in/found.txt:1:1",
        "2 could not be read",
    ];
    told(&folder.run(&["scan", "in"]), 3, &words);
    told(&folder.run(&["scan", "--all-files", "in"]), 3, &["error: in/program: not a text", "3 could not be read"]);
    // a zero byte in a text that somebody names is a way to hide
    folder.write("in/evasion.txt", "中国\0雷锋基金会招募会员".as_bytes());
    told(&folder.run(&["scan", "in/evasion.txt"]), 1, &["in/evasion.txt:1:1"]);
}

#[test]
fn a_folder_with_nothing_to_scan_is_refused() {
    let folder = Folder::with(&[("in/page.html", LISTED), ("empty/.keep", "")]);
    told(&folder.run(&["scan", "in"]), 2, &["no *.txt, *.md, *.ndjson or *.jsonl file in in (1 file of another kind"]);
    told(&folder.run(&["scan", "empty"]), 2, &["in empty (0 files of other kinds"]);
}

#[test]
fn records_are_read_as_the_flags_map_them() {
    let line = format!("{{\"id\":\"p-1\",\"title\":\"{LISTED}\",\"body\":\"nothing\"}}\n");
    let folder = Folder::with(&[("posts.ndjson", &line)]);
    let run = folder.run(&[
        "scan",
        "--kind",
        "post",
        "--id",
        "/id",
        "--map",
        "body=/body",
        "--map",
        "title=/title",
        "--format",
        "json",
        "posts.ndjson",
    ]);
    told(&run, 1, &["1 text in 1 file scanned, 1 flagged"]);
    let event: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(event["data"]["record"]["id"], "p-1");
    assert_eq!(event["data"]["mentions"][0]["field"], "title");
}

#[test]
fn nothing_is_drawn_where_nobody_looks() {
    let folder = Folder::with(&[("in/a.txt", &"nothing here\n".repeat(100_000))]);
    let run = folder.run(&["scan", "in"]);
    assert_eq!(run.code, 0, "{run}");
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\r'), "{run}");
}

#[test]
fn rules_without_an_organization_are_warned_of() {
    let policy = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/policy.yaml")).unwrap();
    let folder = Folder::with(&[("policy.yaml", &policy), ("a.txt", LISTED)]);
    for arguments in [&["scan", "--rules", "policy.yaml", "a.txt"][..], &["explain", "--rules", "policy.yaml", "text"]]
    {
        told(&folder.run(arguments), 0, &["warning: these rules list no organisation"]);
    }
    told(&folder.run(&["rules", "check", "policy.yaml"]), 0, &["warning: these rules list no organisation"]);
    let run = folder.run(&["scan", "a.txt"]);
    assert!(!run.stderr.contains("warning"), "{run}");
}
