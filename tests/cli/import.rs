//! `tripline rules import`: a register of lawful bodies becomes protected names.

use crate::program::Folder;

/// One listed body, and what a register may say of others.
const NOTICE: &str = "\
notice:
  id: made-up-1
  authority: { en: Made-up Authority }
  kind: ban
  jurisdiction: CN
  published: 2031
  sources: [{ url: \"https://made-up.example/list\", kind: press }]
organizations:
  - { id: listed, name: 中国假书画家协会, listing: banned }
";
const REGISTER: &str = "\
number,name_zh,name_en
1,假登记协会,Made-up Registered Society
2,中國假書畫家協會,
3,中国假书法家协会,
4,假登记協會,
5,
";

fn import(folder: &Folder, more: &[&str]) -> crate::program::Run {
    let flags =
        ["rules", "import", "--protected", "register.csv", "--as-of", "2031-05", "--source", "a made-up register"];
    folder.run(&[&flags, more].concat())
}

#[test]
fn a_register_becomes_a_document_and_everything_odd_is_told() {
    let folder = Folder::with(&[("lists/a.yaml", NOTICE), ("register.csv", REGISTER)]);
    let run = import(&folder, &["lists"]);
    assert_eq!(run.code, 1, "{run}");
    assert!(run.stdout.contains("{ zh: \"假登记协会\", en: [\"Made-up Registered Society\"] }"), "{run}");
    assert!(run.stdout.contains("basis: \"a made-up register, as of 2031-05\""), "{run}");
    for words in [
        "register.csv:6: 2 fields where the heading has 3",
        "line 3: 中國假書畫家協會 is 中国假书画家协会 (1.00), listed, which needs the caution identical-to-registered",
        "line 4: 中国假书法家协会 is near 中国假书画家协会",
        "3 lines taken, 1 repeated name, 1 problem",
    ] {
        assert!(run.stderr.contains(words), "{words}\n{run}");
    }
}

#[test]
fn the_document_protects() {
    let folder = Folder::with(&[("lists/a.yaml", NOTICE), ("register.csv", "name_zh\n上海中国假书画家协会\n")]);
    let run = import(&folder, &["-o", "lists/register.yaml", "lists"]);
    assert_eq!((run.stdout.as_str(), run.code), ("", 0), "{run}");
    let run = folder.run(&["explain", "--rules", "lists", "上海中国假书画家协会开会"]);
    assert!(run.stdout.contains("part of the protected name 上海中国假书画家协会"), "{run}");
    assert_eq!(run.code, 0, "{run}");
}

#[test]
fn what_cannot_be_imported_is_refused() {
    let folder = Folder::with(&[("lists/a.yaml", NOTICE), ("register.csv", "number\n1\n")]);
    let run = import(&folder, &["lists"]);
    assert_eq!((run.stdout.as_str(), run.code), ("", 2), "{run}");
    assert!(run.stderr.contains("no column is called name_zh or name_en"), "{run}");
    let run =
        folder.run(&["rules", "import", "--protected", "register.csv", "--as-of", "May", "--source", "x", "lists"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.stderr.contains("write YYYY, YYYY-MM or YYYY-MM-DD"), "{run}");
}
