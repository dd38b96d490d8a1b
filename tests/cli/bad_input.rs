//! Bad input: a clear message on stderr that names the place, nothing on stdout, and the right exit code.

use crate::program::{Folder, Run};

const SETTINGS: &str =
    "[rules]\npaths = []\n[[source]]\ntopic = \"posts\"\nkind = \"post\"\ntext = { body = \"/body\" }\n";

fn check(run: &Run, code: i32, words: &[&str]) {
    assert_eq!(run.code, code, "{run}");
    for word in words {
        assert!(run.stderr.contains(word) || run.stdout.contains(word), "{word:?} is missing\n{run}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let folder = Folder::with(&[("here.txt", "text")]);
    for (arguments, name) in [
        (&["run", "-c", "gone.toml"][..], "gone.toml"),
        (&["config", "check", "-c", "gone.toml"], "gone.toml"),
        (&["run"], "tripline.toml"),
        (&["scan", "here.txt", "gone.txt"], "gone.txt"),
        (&["scan", "-c", "gone.toml", "here.txt"], "gone.toml"),
        (&["scan", "--rules", "gone-rules", "here.txt"], "gone-rules"),
        (&["explain", "--rules", "gone-rules", "text"], "gone-rules"),
        (&["rules", "check", "gone-rules"], "gone-rules"),
        (&["demo", "--rules", "gone-rules", "--records", "1"], "gone-rules"),
    ] {
        let run = folder.run(arguments);
        check(&run, 2, &[name]);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
}

#[test]
fn wrong_settings_are_told_with_key_and_source() {
    for (flags, words) in [
        (&["--set", "source[0].text.body=body"][..], &["source[0].text.body", "flag --set source[0].text.body"][..]),
        (&["--set", "source[1].topic=posts"], &["source[1].topic", "already source[0].topic"]),
        (&["--set", "verdicts.topic=posts"], &["verdicts.topic", "already source[0].topic"]),
        (&["--set", "kafka.bootstrap=a:1"], &["kafka.bootstrap: unknown key"]),
        (&["--set", "kafka.properties.no.such.property=1"], &["kafka.properties.no.such.property"]),
        (&["--set", "kafka.properties.group.id=g"], &["kafka.properties.group.id", "kafka.group_id"]),
        (&["--set", "kafka.delivery=exactly-once"], &["kafka.delivery", "not built yet"]),
        (&["--http-listen", "nowhere"], &["http.listen", "flag --http-listen"]),
        (&["--rules", "gone-rules"], &["rules.paths", "gone-rules"]),
        (&["--log-level", "inof"], &["log.level"]),
    ] {
        let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
        let arguments: Vec<_> = ["run"].iter().chain(flags).copied().collect();
        let run = folder.run(&arguments);
        check(&run, 2, words);
        assert_eq!(run.stdout, "");
        let arguments: Vec<_> = ["config", "check"].iter().chain(flags).copied().collect();
        check(&folder.run(&arguments), 1, words);
    }
}

#[test]
fn a_syntax_error_in_the_settings_has_a_line_and_a_column() {
    let folder = Folder::with(&[("tripline.toml", "[kafka]\ngroup_id = \n")]);
    check(&folder.run(&["run"]), 2, &["tripline.toml", "line 2, column 12"]);
}

#[test]
fn settings_without_a_fault_are_ok() {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let run = folder.run(&["config", "check"]);
    check(&run, 0, &["tripline.toml: ok; posts at localhost:9092 -> verdicts"]);
    assert_eq!(run.stderr, "");
}

#[test]
fn a_secret_is_never_told() {
    let folder = Folder::with(&[("tripline.toml", SETTINGS)]);
    let run = folder.run(&["run", "--set", "kafka.properties.sasl.passwort=s3cret"]);
    check(&run, 2, &["kafka.properties.sasl.passwort"]);
    assert!(!run.stderr.contains("s3cret"), "{run}");
}

const NOTICE: &str = "notice:
  id: example-2031-1
  authority: { en: Civil Affairs Bureau of a made-up town }
  kind: ban
  jurisdiction: CN
  published: 2031-05-01
  announced: 1
  sources: [{ url: https://paper.example/list.html, kind: press }]
organizations:
  - id: made-up-society-of-teapots
    name: 虚构茶壶协会
    listing: banned
    status: active
";

#[test]
fn wrong_rules_are_told_with_file_line_column_and_caret() {
    for (name, text, words) in [
        ("a tab", NOTICE.replace("  kind", "\tkind"), &["a.yaml:4", "tab"][..]),
        ("an unknown key", NOTICE.replace("    listing", "    lsting"), &["a.yaml:12:5", "lsting", "listing"]),
        ("a duplicate key", NOTICE.replace("  kind: ban", "  kind: ban\n  kind: ban"), &["a.yaml:5:3", "kind"]),
        ("an unknown word", NOTICE.replace("listing: banned", "listing: bannd"), &["a.yaml:12", "bannd"]),
        ("a bad date", NOTICE.replace("2031-05-01", "2031-02-30"), &["a.yaml:6", "2031-02-30"]),
        ("no YAML", "notice: [".to_owned(), &["a.yaml:1"]),
        ("no document", "- 1\n".to_owned(), &["a.yaml:1"]),
    ] {
        let folder = Folder::with(&[("lists/a.yaml", &text)]);
        let run = folder.run(&["rules", "check", "lists"]);
        check(&run, 1, words);
        assert!(run.stdout.contains('^'), "{name}: no caret\n{run}");
        assert_eq!(run.stderr.lines().count(), 1, "{name}: only the count\n{run}");
        check(&folder.run(&["scan", "--rules", "lists", "-"]), 2, words);
    }
}

#[test]
fn an_id_that_is_used_twice_is_told_across_files_and_overlays() {
    let second = NOTICE.replace("example-2031-1", "example-2031-2");
    let folder = Folder::with(&[("one/a.yaml", NOTICE), ("two/b.yaml", &second)]);
    let run = folder.run(&["rules", "check", "one", "two"]);
    check(&run, 1, &["two/b.yaml:10", "made-up-society-of-teapots", "one/a.yaml"]);
}

#[test]
fn a_rules_folder_without_rules_is_refused() {
    let folder = Folder::with(&[("lists/README.md", "nothing")]);
    check(&folder.run(&["rules", "check", "lists"]), 2, &["no *.yaml file in lists"]);
}

#[test]
fn usage_errors_are_2_and_on_stderr() {
    let folder = Folder::with(&[("a.txt", "text"), ("tripline.toml", SETTINGS)]);
    for arguments in [
        &["sacn"][..],
        &["scan", "--format", "xml", "a.txt"],
        &["scan", "--map", "body", "a.txt"],
        &["scan", "--map", "body=body", "a.txt"],
        &["scan", "--kind", "letter", "a.txt"],
        &["scan", "--source", "posts", "a.txt"],
        &["scan", "-c", "tripline.toml", "--source", "others", "a.txt"],
        &["explain"],
        &["demo", "--for", "soon"],
        &["demo", "--records", "0"],
        &["completions", "cmd"],
        &["run", "--set", "kafka.group_id"],
    ] {
        let run = folder.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}\n{run}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_the_others_are_scanned() {
    let folder = Folder::with(&[("found.txt", "中国雷锋基金会招募会员"), ("clean.txt", "nothing here")]);
    folder.write("latin.txt", b"caf\xe9\nmore");
    folder.write(
        "posts.ndjson",
        "{\"id\":\"1\",\"body\":\"中国雷锋基金会\"}\n{\"id\":2\n\n[]\n{\"body\":7}\n".as_bytes(),
    );
    let run = folder.run(&["scan", "latin.txt", "posts.ndjson", "found.txt", "clean.txt"]);
    check(
        &run,
        3,
        &[
            "error: latin.txt: not UTF-8: byte 3 (counted from 0, in line 1)",
            "error: posts.ndjson:2: invalid-json",
            "error: posts.ndjson:4: not-an-object",
            "error: posts.ndjson:5: wrong-type",
            "posts.ndjson:1: 1 body",
            "found.txt:1:1",
            "4 could not be read",
        ],
    );
}
