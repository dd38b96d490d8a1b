//! One document at a time: each problem with its place.

use super::{errors, notice, told};
use insta::assert_snapshot;

#[test]
fn all_problems_of_all_files_are_told_in_one_run() {
    let wide = "notice:
  id: Made Up
  authority: { zh: 假部门, eng: Made-up Ministry }
  kind: baned
  jurisdiction: China
  published: 2021-02-30
  sources: [{ url: ftp://made-up.example/x, kind: press }]
organizations:
  - { id: body-a, name: 假名字协会, lisitng: banned }
  - id: body-a
    name: 另一个假名字
    listing: banned
    name: 第三个假名字
also: [body-b, body-a]
";
    let policy = "policy:
  - id: slip
    text: A slip.
    when: mention.lisitng == \"banned\"
    action: flag
    severity: low
";
    assert_snapshot!(told(&[("z-policy.yaml", policy), ("notices/wide.yaml", wide), ("tab.yaml", "a:\n\tb: c\n")]));
}

#[test]
fn an_organization_in_order_has_no_problem() {
    for lines in [
        "    name: 假名字协会\n    listing: banned\n",
        "    name: null\n    translations: { en: [Made-up Society], fr: Association inventée }\n    listing: suspected\n",
        "    name: \"0123\"\n    listing: banned\n    effective: { from: 2021-04, until: null }\n    branch_of: { unlisted_name: 假总会 }\n",
        "    name: 假名字协会\n    aliases: [{ name: 假协, requires_full_name: true }]\n    spellings: [假名子协会]\n    listing: banned\n",
        "    name: 假名字协会\n    domains: [{ domain: 假名.example, last_seen: 2020, source: https://made-up.example/a }]\n    listing: banned\n",
        "    name: 假名字协会\n    accounts: [{ platform: wechat, id: MadeUp_1 }]\n    focus: [state-name]\n    caution: []\n    listing: deregistered\n",
        "    name: 假名字协会\n    registered_lookalikes: [{ name: { zh: 真名字协会, en: Real Name Association }, basis: made up }]\n    listing: banned\n    status: draft\n",
    ] {
        assert_eq!(errors(lines), [""; 0], "{lines}");
    }
}

#[test]
fn each_fault_of_an_organization_is_one_problem() {
    for (lines, expected) in [
        ("    listing: banned\n", "error[no-name]: an organization without a name"),
        ("    aliases: [{ name: 假协 }]\n    listing: banned\n", "error[no-name]: an organization without a name"),
        ("    name: 假名字协会\n", "error[missing-key]: listing is missing"),
        (
            "    name: ''\n    listing: banned\n    translations: { en: [Made-up Society] }\n",
            "error[empty-text]: name is empty",
        ),
        (
            "    name: [假名字]\n    listing: banned\n    translations: { en: [X Y] }\n",
            "error[wrong-shape]: name is a list; it must be a text",
        ),
        (
            "    name: ' 假名字'\n    listing: banned\n    translations: { en: [X Y] }\n",
            "error[wrong-shape]: name has blanks around it or line breaks in it",
        ),
        (
            "    name: 假\n    listing: banned\n",
            "error[short-name]: \"假\" has fewer than two letters or digits to look for",
        ),
        (
            "    name: —·—\n    listing: banned\n",
            "error[short-name]: \"—·—\" has fewer than two letters or digits to look for",
        ),
        ("    name: 假名字协会\n    listing: no\n", "error[unknown-value]: \"no\" is not a value of listing"),
        (
            "    name: 假名字协会\n    listing: banned\n    focus: [state-names]\n",
            "error[unknown-value]: \"state-names\" is not a value of focus",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    caution: [short-name, short-name]\n",
            "error[wrong-list]: \"short-name\" stands twice in caution",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    caution: short-name\n",
            "error[wrong-shape]: caution is a text; it must be a list",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    status: shadowed\n",
            "error[unknown-value]: \"shadowed\" is not a value of status",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    effective: { from: 2021-4 }\n",
            "error[bad-date]: \"2021-4\" is not a date: it does not have that form",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    effective: { from: 2021, until: 2021-06 }\n",
            "error[never-in-effect]: it ends before it begins",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    aliases: [{ name: 假协, requires_full_name: yes }]\n",
            "error[bad-number]: \"yes\" is neither true nor false",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    translations: { english: [Made-up Society] }\n",
            "error[unknown-value]: \"english\" is not a language",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    branch_of: made-up-body\n",
            "error[wrong-shape]: branch_of is a text; it must be a mapping",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    branch_of: { organization: made-up-boddy }\n",
            "error[unknown-organization]: no organization has the id \"made-up-boddy\"",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    branch_of: { organization: made-up-body }\n",
            "error[branch-cycle]: \"made-up-body\" is a branch of itself: of made-up-body",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    domains: [{ domain: 'https://a.example' }]\n",
            "error[bad-domain]: \"https://a.example\" is not a host name: a URL, not a host name: leave out the scheme and the path",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    domains: [{ domain: com.cn }]\n",
            "error[public-suffix]: com.cn is a public suffix",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    domains: [{ domain: www.made-up.example }]\n",
            "error[wrong-domain]: www.made-up.example is below the domain that is registered",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    domains: [made-up.example]\n",
            "error[wrong-shape]: a domain is a text; it must be a mapping",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    accounts: [{ platform: wechat, id: '@' }]\n",
            "error[wrong-account]: an account without an id",
        ),
        (
            "    name: 假名字协会\n    listing: banned\n    caution: &c [short-name]\n",
            "error[indirection]: an anchor, which rule files do without",
        ),
        ("    name: 假名字协会\n    listing: banned\n    names: x\n", "error[unknown-key]: unknown key \"names\""),
    ] {
        assert_eq!(errors(lines), [expected], "{lines}");
    }
}

#[test]
fn a_notice_and_its_lists_agree() {
    let sources = ", sources: [{ url: https://made-up.example/1, kind: press }]";
    let bare = |header: &str| {
        format!("notice: {{ id: made-up-1, authority: {{ en: X Y }}, jurisdiction: CN, kind: {header} }}\n")
    };
    let with = |header: &str| bare(&format!("{header}{sources}"));
    for (yaml, expected) in [
        (with("statistics"), ""),
        (with("ban, announced: 10, published: 2021"), ""),
        (with("ban, announced: ten"), "error[bad-number]: \"ten\" is not a whole number"),
        (with("ban, announced: -1"), "error[bad-number]: \"-1\" is not a whole number"),
        (
            bare("ban, sources: [{ url: www.made-up.example, kind: press }]"),
            "error[bad-url]: \"www.made-up.example\" is not a URL that a reviewer can open",
        ),
        (
            bare("ban, sources: [{ url: 'https://made-up.example/a b', kind: press }]"),
            "error[bad-url]: \"https://made-up.example/a b\" is not a URL that a reviewer can open",
        ),
        (bare("ban"), "error[missing-key]: sources is missing"),
        (bare("ban, sources: []"), "error[missing-key]: a notice without a source"),
        (with("ban") + "also: [nobody]\n", "error[unknown-organization]: no organization has the id \"nobody\""),
        (
            with("statistics") + "organizations: [{ id: a, name: 假名字协会, listing: banned }]\n",
            "error[wrong-list]: a notice of kind statistics lists nobody",
        ),
        (
            with("ban") + "organizations: [{ id: a, name: 假名字协会, listing: banned }]\nalso: [a]\n",
            "error[wrong-list]: the notice names \"a\" twice",
        ),
        ("organizations: []\n".to_owned(), "error[missing-key]: notice is missing"),
        ("notices: {}\n".to_owned(), "error[unknown-document]: no key says what the document is"),
        (
            with("ban") + "policy: []\n",
            "error[unknown-document]: \"policy\" belongs to a policy document, and this is a notice document",
        ),
        (
            "- a\n".to_owned(),
            "error[wrong-shape]: the document is something else; it must be a mapping with a key that says what it is",
        ),
    ] {
        let text = told(&[("a.yaml", &yaml)]);
        assert_eq!(text.lines().next().unwrap_or(""), expected, "{yaml}");
    }
}

#[test]
fn a_diagnostic_shows_the_line_with_a_caret_and_what_to_do() {
    let yaml = notice(
        "  - id: made-up-body\n    name: 假名字协会\n    listing: banned\n    别名: [{ name: 假协 }]\n    focus: [国家, state_name]\n",
    );
    assert_snapshot!(told(&[("notices/a.yaml", &yaml)]));
}

#[test]
fn protected_names_canary_and_policy_are_checked_too() {
    for (yaml, expected) in [
        ("registered: [{ name: { zh: 真名字协会, en: [Real Association] }, basis: made up }]\n", ""),
        (
            "registered: [{ name: 真名字协会, basis: made up }]\n",
            "error[wrong-shape]: name is a text; it must be a mapping",
        ),
        ("registered: [{ name: { zh: 真名字协会 } }]\n", "error[missing-key]: basis is missing"),
        (
            "registered: [{ name: { cn: 真名字协会 }, basis: made up }]\n",
            "error[no-name]: a registered body without a name",
        ),
        ("official: [{ value: gov.example, kind: domain-suffix, what: made up }]\n", ""),
        (
            "official: [{ value: gov, kind: domain }]\n",
            "error[bad-domain]: \"gov\" is not a host name: a single label: a domain has a name and a suffix",
        ),
        ("official: [{ value: '12345', kind: hotlin }]\n", "error[unknown-value]: \"hotlin\" is not a value of kind"),
        ("shared_hosts: [made up]\n", "error[bad-domain]: \"made up\" is not a host name: a domain has no spaces"),
        ("canary: { id: made-up-canary, text: a made-up canary string }\n", ""),
        (
            "canary: { id: made-up-canary, text: too short }\n",
            "error[short-name]: a canary of fewer than 12 letters or digits could stand in a text by chance",
        ),
        ("canary: a made-up canary string\n", "error[wrong-shape]: canary is a text; it must be a mapping"),
        ("policy: [{ id: a, text: X., when: 'true', action: flag, severity: low }]\n", ""),
        (
            "policy: [{ id: a, text: X., when: 'true', action: none, severity: low }]\n",
            "error[unknown-value]: a condition with the action none decides nothing",
        ),
        (
            "policy: [{ id: a, text: X., when: 'true', action: delete, severity: low }]\n",
            "error[unknown-value]: \"delete\" is not a value of action",
        ),
        ("policy: [{ id: a, text: X., action: flag, severity: low }]\n", "error[missing-key]: when is missing"),
    ] {
        let text = told(&[("a.yaml", yaml)]);
        assert_eq!(text.lines().next().unwrap_or(""), expected, "{yaml}");
    }
}

#[test]
fn what_is_wrong_with_one_entry_is_not_told_again_by_those_that_refer_to_it() {
    let broken = notice("  - { id: Made Up, name: 假名字协会, listing: baned }\n");
    let second = notice(
        "  - { id: b1, name: 别的假名协会, listing: banned, branch_of: { organization: made-up } }\nalso: [made-up]\n",
    )
    .replace("made-up-1", "made-up-2");
    for (first, expected) in [
        (broken.replace("Made Up", "made-up"), &["unknown-value"] as &[_]),
        (broken.replace("jurisdiction: CN", "jurisdiction: XX1").replace("Made Up", "made-up"), &["unknown-value"; 2]),
        (broken.replace("Made Up", "'"), &["yaml"]),
    ] {
        let text = told(&[("a.yaml", &first), ("b.yaml", &second)]);
        let codes: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("error[")?.split(']').next()).collect();
        assert_eq!(codes, expected, "{text}");
    }
}
