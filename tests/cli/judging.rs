//! `scan` and `explain` over small texts.

use serde_json::Value;

use crate::program::{Folder, Run};

fn lines(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_text_file_is_one_post_and_each_mention_has_its_place() {
    let text =
        "今天的名单：\n1.中国雷锋基金会；2.中華旗袍博物館。\nThe China Robot Education Alliance is closed too.\n";
    let folder = Folder::with(&[("news/a.txt", text)]);
    let run = folder.run(&["scan", "news/a.txt"]);
    assert_eq!(run.code, 1, "{run}");
    for words in [
        "news/a.txt:2:3: 中国雷锋基金会 (website-shutdown): flag, low\n",
        "news/a.txt:2:13: 中华旗袍博物馆 (website-shutdown): flag, low\n",
        "news/a.txt:3:5: 中国机器人教育联盟 (website-shutdown): flag, low\n",
        "folds: traditional",
        "via translation",
        "notice",
    ] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
    assert!(run.stderr.contains("1 text in 1 file scanned, 1 flagged: 3 mentions of 3 organisations"), "{run}");
}

#[test]
fn clean_texts_and_lawful_bodies_say_nothing() {
    let folder = Folder::with(&[
        ("a.txt", "中国书法家协会的展览，请到 chinanpo.mca.gov.cn 查询。"),
        ("b.txt", "Nothing to see."),
        ("c.txt", ""),
        ("d.txt", "\u{feff}字节顺序标记"),
    ]);
    let run = folder.run(&["scan", "a.txt", "b.txt", "c.txt", "d.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run}");
    let run = folder.run(&["scan", "--all", "a.txt", "b.txt"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "a.txt: none\nb.txt: none\n"), "{run}");
}

#[test]
fn json_is_one_event_a_line_with_the_records_own_id() {
    let records = "\
{\"id\":\"p-1\",\"body\":\"中国雷锋基金会\"}
{\"id\":\"p-2\",\"body\":\"clean\"}

{\"id\":\"p-3\",\"title\":\"中國雷鋒基金會\",\"body\":\"x\"}
";
    let folder = Folder::with(&[("posts.ndjson", records)]);
    let run = folder.run(&["scan", "--format", "json", "posts.ndjson"]);
    assert_eq!(run.code, 1, "{run}");
    let events = lines(&run);
    let facts: Vec<_> = events
        .iter()
        .map(|event| {
            let data = &event["data"];
            let record = &data["record"];
            (
                record["id"].as_str().unwrap(),
                record["offset"].as_i64().unwrap(),
                data["mentions"][0]["field"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(facts, [("p-1", 1, "body"), ("p-3", 4, "title")]);
    assert_eq!(events[0]["type"], "tripline.verdict.v1");
    assert_eq!(events[0]["data"]["record"]["topic"], "posts.ndjson");
    let all = folder.run(&["scan", "--format", "json", "--all", "posts.ndjson"]);
    assert_eq!(lines(&all).len(), 3, "{all}");
}

#[test]
fn fields_come_from_flags_or_from_a_source_of_the_settings() {
    let settings = "[[source]]\ntopic = \"t\"\nkind = \"registration\"\nid = \"/n\"\ntext = { display_name = \"/who\" }\n\
                    links = { website = \"/web\" }\n[rules]\npaths = []\n";
    let folder = Folder::with(&[
        (
            "accounts.txt",
            "{\"n\":7,\"who\":\"中国雷锋基金会\"}\n{\"n\":8,\"who\":\"x\",\"web\":\"http://a.qsnrc.com/\"}\n",
        ),
        ("tripline.toml", settings),
    ]);
    let flags = ["--kind", "registration", "--id", "/n", "--map", "display_name=/who", "--link", "website=/web"];
    for arguments in [&flags[..], &["-c", "tripline.toml"], &["-c", "tripline.toml", "--source", "t"]] {
        let arguments: Vec<_> = ["scan"].iter().chain(arguments).chain(&["accounts.txt"]).copied().collect();
        let run = folder.run(&arguments);
        assert_eq!(run.code, 1, "{run}");
        for words in
            ["accounts.txt:1: 7 display_name: 中国雷锋基金会", "accounts.txt:2: 8 website: ", "): review, medium"]
        {
            assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
        }
    }
}

#[test]
fn an_explanation_shows_every_step() {
    let run = Folder::with(&[]).run(&["explain", "中國 雷·锋基金會招募，中国书法家协会除外"]);
    assert_eq!(run.code, 1, "{run}");
    for words in [
        "text       中國 雷·锋基金會招募",
        "folded     中国雷锋基金会招募中国书法家协会除外",
        "chars 1..2: \"國\" read as \"国\" (traditional)",
        "chars 2..3: \" \" dropped (separator)",
        "chars 0..9: 中国雷锋基金会 (website-shutdown), status active",
        "中国书法家协会",
        "中国书法家协会: a registered body (protected)",
        "holds ",
        "decision   review, high",
    ] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
}

#[test]
fn an_explanation_of_nothing_says_so() {
    let run = Folder::with(&[]).run_with_input(&["explain", "-"], b"hello\n");
    assert_eq!(run.code, 0, "{run}");
    for words in [
        "text       hello\n",
        "changed    nothing\n",
        "found      nothing\n",
        "left alone nothing\n",
        "decision   none\n",
    ] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
}

#[test]
fn an_explanation_as_json_has_the_same_steps() {
    let run = Folder::with(&[]).run(&[
        "explain",
        "--format",
        "json",
        "--kind",
        "registration",
        "--field",
        "website",
        "www.qsnrc.com",
    ]);
    assert_eq!(run.code, 1, "{run}");
    let it: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(it["action"], "review");
    assert_eq!(it["field"], "website");
    assert_eq!(it["mentions"][0]["via"], "domain");
    assert!(it["mentions"][0]["conditions"].as_array().unwrap().iter().any(|condition| condition["holds"] == true));
}

#[test]
fn the_shipped_rules_are_checked_and_counted() {
    let run = Folder::with(&[]).run(&["rules", "check"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run}");
    for words in ["ok: the lists built into the program", "website-shutdown", "shadow", "digest         sha256:"] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
}

const MADE_UP: &str = "\
notice:
  id: made-up-notice
  authority: { en: Ministry of Examples }
  kind: suspected
  jurisdiction: XX
  sources: [{ url: \"https://copy.example/1\", kind: mirror }]
organizations:
  - { id: made-up-suspect, name: 示例虚构评奖中心, listing: suspected, status: active }
";

#[test]
fn the_text_says_every_reason_that_the_event_has() {
    let folder = Folder::with(&[
        ("lists/made-up.yaml", MADE_UP),
        ("lists/canary.yaml", include_str!("../../rules/canary.yaml")),
        ("r.ndjson", "{\"account_id\":\"a\",\"display_name\":\"示例虚构评奖中心\"}\n"),
    ]);
    let run = folder.run(&["scan", "--rules", "lists", "--kind", "registration", "r.ndjson"]);
    for words in [
        "flag, low (suspected only: lowered)\n",
        "made-up-notice: Ministry of Examples, undated, no link: only copies are known\n",
        "    because suspected: Suspected, not banned",
    ] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
    let json = folder.run(&["scan", "--rules", "lists", "--kind", "registration", "--format", "json", "r.ndjson"]);
    let event: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    for reason in event["data"]["reasons"].as_array().unwrap() {
        let words = format!("    because {}: {}\n", reason["rule"].as_str().unwrap(), reason["text"].as_str().unwrap());
        assert!(run.stdout.contains(&words), "{words:?} is missing\n{run}");
    }
}

#[test]
fn a_line_break_in_a_name_is_seen() {
    let folder = Folder::with(&[("a.txt", "加入\n中国雷锋\n基金会\n")]);
    let run = folder.run(&["scan", "a.txt"]);
    assert!(run.stdout.contains("「中国雷锋\\n基金会」\n"), "{run}");
    assert!(run.stdout.contains("matched 中国雷锋\\n基金会 via name"), "{run}");
}

#[test]
fn a_link_says_whose_page_it_leads_to() {
    let run = Folder::with(&[]).run(&["explain", "中国雷锋基金会"]);
    assert!(run.stdout.contains("web-2021-2: 民政部、中央网信办, 2021-04-14, https://"), "{run}");
    assert!(run.stdout.contains(".shtml (press)\n"), "{run}");
}

#[test]
fn what_is_protected_is_listed_nowhere() {
    let run = Folder::with(&[]).run(&["explain", "慈善中国，中国室内装饰协会"]);
    assert_eq!(run.code, 0, "{run}");
    for words in ["慈善中国: an official channel\n", "中国室内装饰协会: a registered body (protected)\n"] {
        assert!(run.stdout.contains(words), "{words:?} is missing\n{run}");
    }
    assert!(!run.stdout.contains("listed as"), "{run}");
}

#[test]
fn a_field_that_no_record_has_is_noticed() {
    for (arguments, is_noted) in [
        (&["--field", "nope"][..], true),
        (&["--field", "website"], true),
        (&["--field", "website", "--kind", "registration"], false),
        (&["--field", "title"], false),
        (&[], false),
    ] {
        let arguments: Vec<_> = ["explain", "text"].iter().chain(arguments).copied().collect();
        let run = Folder::with(&[]).run(&arguments);
        assert_eq!(run.stderr.contains("note: the shipped settings have no field "), is_noted, "{arguments:?}\n{run}");
        assert_eq!(run.code, 0, "{run}");
    }
}

#[test]
fn a_letter_that_looks_like_another_is_told_by_its_code_point() {
    let run = Folder::with(&[]).run(&["explain", "\u{421}ina tea, 中國"]);
    assert!(run.stdout.contains("\"\u{421}\" U+0421 read as \"c\" ("), "{run}");
    assert!(run.stdout.contains("\"國\" read as \"国\" ("), "{run}");
}

#[test]
fn a_check_of_the_lists_says_what_was_left_out() {
    let other = MADE_UP.replace("made-up", "another").replace("评奖", "评比").replace("XX", "CN");
    let folder = Folder::with(&[("lists/a.yaml", MADE_UP), ("lists/b.yaml", &other), ("lists/c.yaml.bak", "x")]);
    let all = folder.run(&["rules", "check", "lists"]);
    assert!(all.stdout.starts_with("ok: lists (2 organisations, ") && !all.stdout.contains("jurisdictions"), "{all}");
    let some = folder.run(&["rules", "check", "lists", "--jurisdiction", "CN"]);
    assert!(some.stdout.starts_with("ok: lists (1 organisation, "), "{some}");
    assert!(some.stdout.ends_with("jurisdictions  CN only\nnot read       1 file: lists/c.yaml.bak\n"), "{some}");
}
