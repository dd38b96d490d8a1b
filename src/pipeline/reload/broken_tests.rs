//! Every kind of broken rules: none replaces the good set, each says why and where, and the next good set is taken.

use std::fs;
use std::path::Path;

use super::tests::{Bench, good, write_good};
use crate::metrics::ReloadResult;

macro_rules! policy {
    ($when:literal) => {
        concat!("policy:\n  - { id: a, text: X., when: '", $when, "', action: flag, severity: low }\n").as_bytes()
    };
}
/// What somebody does to the folder of a good set.
enum Slip {
    /// Writes something else in the good file.
    Typo(&'static str, &'static str),
    /// Adds a file.
    Adds(&'static str, &'static [u8]),
    /// Anything else.
    Does(fn(&Path)),
}

use Slip::{Adds, Does, Typo};

const BODY: &str = "{ id: sham-0, name: 中国样例第0学会, listing: banned }";
const POLICY: &str = "policy.yaml";

/// What is done, and what is said: with file, line and column where there is one.
const TABLE: &[(&str, Slip, &str)] = &[
    // -- YAML
    ("a bracket is not closed", Typo("- { id: sham-0", "- [ id: sham-0"), "notices/good.yaml:9:"),
    ("half of the file is written", Typo("name: 中国样例第0学会, listing: banned }", "na"), "notices/good.yaml:9:"),
    ("a tab", Typo("  id: example-2031-1", "\tid: example-2031-1"), "notices/good.yaml:2:1: error[tab]"),
    ("two documents in one file", Typo("organizations:", "---\norganizations:"), "error[one-document]"),
    ("an anchor", Typo("listing: banned", "listing: &it banned"), "error[indirection]"),
    ("nothing in a file", Adds("notices/new.yaml", b""), "notices/new.yaml:1:1: error[one-document]"),
    ("not UTF-8", Adds("notices/new.yaml", b"notice: \xff\n"), "new.yaml is not UTF-8: byte 8 "),
    // -- keys and values
    ("an unknown key", Typo("listing: banned", "lisitng: banned"), "notices/good.yaml:9:35: error[unknown-key]"),
    ("a duplicate key", Typo("listing: banned", "listing: banned, listing: banned"), "error[duplicate-key]"),
    ("a missing key", Typo("  jurisdiction: CN\n", ""), "notices/good.yaml:2:3: error[missing-key]"),
    ("a list for a text", Typo("name: 中国样例第0学会", "name: [中国样例第0学会]"), "error[wrong-shape]"),
    ("a document of no kind", Adds("notices/new.yaml", b"notices: []\n"), "error[unknown-document]"),
    ("an unknown word", Typo("listing: banned", "listing: bannned"), "notices/good.yaml:9:"),
    ("a bad id", Typo("id: sham-0", "id: Sham 0"), "error[bad-id]"),
    ("a bad date", Typo("2031-04-14", "2031-02-30"), "notices/good.yaml:6:14: error[bad-date]"),
    ("an empty name", Typo("中国样例第0学会", "''"), "error[empty-text]"),
    ("a name of one letter", Typo("中国样例第0学会", "中"), "error[short-name]"),
    ("a source that is no URL", Typo("https://authority.example/list", "authority.example"), "error[bad-url]"),
    (
        "an entry that ends before it begins",
        Typo("banned }", "banned, effective: { from: 2032, until: 2031 } }"),
        "error[never-in-effect]",
    ),
    // -- hosts
    ("a bad domain", Typo("banned }", "banned, domains: [{ domain: 'no host' }] }"), "error[bad-domain]"),
    ("a domain of everybody", Typo("banned }", "banned, domains: [{ domain: com.cn }] }"), "error[public-suffix]"),
    // -- across files
    (
        "an id that is taken",
        Typo(
            BODY,
            "{ id: sham-0, name: 甲样例学会, listing: banned }\n  - { id: sham-0, name: 乙样例学会, listing: banned }",
        ),
        "notices/good.yaml:10:11: error[duplicate-id]",
    ),
    (
        "a name of two bodies",
        Typo(
            BODY,
            "{ id: sham-0, name: 甲样例学会, listing: banned }\n  - { id: sham-1, name: 甲样例学会, listing: banned }",
        ),
        "error[same-name]",
    ),
    (
        "a notice twice",
        Does(|f| fs::copy(f.join("notices/good.yaml"), f.join("notices/more.yaml")).map(drop).expect("a copy")),
        "notices/more.yaml:2:7: error[duplicate-id]",
    ),
    (
        "also nobody",
        Typo("organizations:", "also: [nobody]\norganizations:"),
        "notices/good.yaml:8:8: error[unknown-organization]",
    ),
    (
        "a branch of nobody",
        Typo("banned }", "banned, branch_of: { organization: nobody } }"),
        "error[unknown-organization]",
    ),
    (
        "another jurisdiction than the settings'",
        Typo("jurisdiction: CN", "jurisdiction: DE"),
        "error[unknown-jurisdiction]",
    ),
    // -- policy
    ("a condition that is no CEL", Adds(POLICY, policy!("mention.branch &&")), "policy.yaml:2:"),
    (
        "a condition on nothing that is known",
        Adds(POLICY, policy!("mention.lisitng == \"banned\"")),
        "policy.yaml:2:39: error[unknown-fact]",
    ),
    ("a condition of wrong types", Adds(POLICY, policy!("mention.branch == 5")), "error[condition-type]"),
    ("a condition that calls what is not there", Adds(POLICY, policy!("launch(mention)")), "error[condition-call]"),
    (
        "a severity that is none",
        Adds(POLICY, b"policy: [{ id: a, text: X., when: 'true', action: flag, severity: lwo }]\n"),
        "policy.yaml:1:",
    ),
    // -- files
    ("no file left", Does(|f| fs::remove_dir_all(f.join("notices")).expect("it is there")), "no *.yaml file in "),
    ("the folder gone", Does(|f| fs::remove_dir_all(f).expect("it is there")), "cannot read rules from "),
    ("only the policy left", Does(only_a_policy), "error[unknown-jurisdiction]: no notice is of \"CN\""),
    ("nobody listed any more", Does(nobody_listed), "the rules list no organization, and those that judge list "),
    #[cfg(unix)]
    ("a link to nowhere", Does(|f| link("nowhere", f)), "link.yaml: No such file"),
    #[cfg(unix)]
    ("a link to itself", Does(|f| link("link.yaml", f)), "link.yaml: Too many levels"),
    #[cfg(unix)]
    ("a file that may not be read", Does(unreadable), "new.yaml: Permission denied"),
];

fn only_a_policy(folder: &Path) {
    fs::remove_dir_all(folder.join("notices")).expect("it is there");
    fs::write(folder.join(POLICY), policy!("true")).expect("a file");
}

fn nobody_listed(folder: &Path) {
    let text = good(0).replace("organizations:\n", "").replace("kind: ban", "kind: statistics");
    fs::write(folder.join("notices/good.yaml"), text).expect("a file");
}

#[cfg(unix)]
fn link(to: &str, folder: &Path) {
    std::os::unix::fs::symlink(to, folder.join("link.yaml")).expect("a link");
}

#[cfg(unix)]
fn unreadable(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = folder.join("new.yaml");
    fs::write(&file, "").expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).expect("ours to say");
}

/// Root may read everything.
fn may_read_everything(bench: &Bench) -> bool {
    fs::read(bench.path().join("new.yaml")).is_ok()
}

fn slip(folder: &Path, slip: &Slip) {
    match slip {
        Typo(right, wrong) => {
            let text = good(1);
            assert!(text.contains(right), "{right}");
            fs::write(folder.join("notices/good.yaml"), text.replacen(right, wrong, 1)).expect("a file");
        }
        Adds(file, bytes) => fs::write(folder.join(file), bytes).expect("a file"),
        Does(what) => what(folder),
    }
}

#[test]
fn no_broken_set_replaces_a_good_one_and_each_says_why() {
    let bench = Bench::new(false);
    let mut bodies = 1;
    let mut faults = Vec::new();
    for (name, done, expected) in TABLE {
        let before = bench.rules.current();
        slip(bench.path(), done);
        if name.contains("may not be read") && may_read_everything(&bench) {
            continue;
        }
        let failed = bench.ask();
        let reason = failed.reason.unwrap_or_default();
        assert_eq!(failed.result, ReloadResult::Failed, "{name}");
        if !reason.contains(expected) {
            faults.push(format!("{name}: no {expected} in\n    {reason}"));
        }
        assert!(bench.rules.is_current(&before), "{name}: the good set judges");
        assert_eq!(bench.metric("tripline_rules_reload_successful"), Some(0), "{name}");

        bodies = bodies % 3 + 1; // never the number of the set before
        let _ = fs::remove_dir_all(bench.path());
        write_good(bench.path(), bodies);
        let next = bench.ask();
        assert_eq!((next.result, next.epoch), (ReloadResult::Loaded, before.epoch + 1), "after {name}");
        assert_eq!(bench.rules.current().rules.organizations().len(), bodies);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_very_deep_condition_is_refused_and_does_not_end_the_process() {
    let bench = Bench::new(false);
    for (open, close) in [("(", ")"), ("[", "]"), ("true?", ":true"), ("m.exists(m, ", ")"), ("true && (", ")")] {
        let when = format!("{}true{}", open.repeat(100_000), close.repeat(100_000));
        let policy = format!("policy:\n  - {{ id: a, text: X., when: '{when}', action: flag, severity: low }}\n");
        fs::write(bench.path().join(POLICY), policy).expect("a file");
        assert_eq!(bench.ask().result, ReloadResult::Failed, "{open}");
    }
}

#[test]
fn a_reason_is_bounded_though_the_problems_are_not() {
    let bench = Bench::new(false);
    let long = format!("name: {}", "长".repeat(3000));
    let text = good(500).replace("listing: banned", "lisitng: banned").replacen("name: ", &format!("{long}, x: "), 1);
    fs::write(bench.path().join("notices/good.yaml"), text).expect("a file");
    let reason = bench.ask().reason.expect("it failed");
    assert!(reason.chars().count() <= 1001, "{} characters", reason.chars().count());
    assert!(reason.contains(" problems: ") && reason.ends_with('…'), "{reason}");
}
