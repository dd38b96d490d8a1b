//! Documents together: ids, references, hosts, names, patterns, and the digest.

use super::super::*;
use super::told;
use crate::domain::Domain;
use crate::text::fold;
use proptest::prelude::*;

fn notice(id: &str, rest: &str) -> String {
    let sources = "sources: [{ url: 'https://made-up.example/1', kind: press }]";
    format!(
        "notice: {{ id: {id}, authority: {{ en: Made-up Ministry }}, kind: ban, jurisdiction: CN, published: 2021-04, {sources} }}\n{rest}"
    )
}

fn set(documents: &[(&str, &str)]) -> RuleSet {
    let builder = documents.iter().fold(RuleSet::builder(), |builder, (file, yaml)| builder.add_yaml(file, yaml));
    builder.build().unwrap_or_else(|problems| panic!("{problems}"))
}

fn codes(documents: &[(&str, &str)]) -> Vec<String> {
    let text = told(documents);
    let starts = |l: &&str| l.starts_with("error[");
    text.lines().filter(starts).map(|l| l[6..l.find(']').unwrap()].to_owned()).collect()
}

const PROTECTED: &str = "registered:
  - { name: { zh: 真名字协会, en: [Real Name Association] }, basis: made up }
official:
  - { value: gov.example, kind: domain-suffix, what: made-up authorities }
  - { value: report.made-up.test, kind: domain, what: made-up channel }
  - { value: OfficialMadeUp, kind: wechat, what: made-up channel }
  - { value: 假官方频道, kind: account-name, what: made-up channel }
shared_hosts: [pages.example, shared.test]
";

#[test]
fn an_id_is_unique_across_files_and_both_places_are_named() {
    let a = notice("made-up-1", "organizations:\n  - { id: body, name: 假名字协会, listing: banned }\n");
    let b = notice("made-up-2", "organizations:\n  - { id: body, name: 另一个假名字, listing: banned }\n");
    insta::assert_snapshot!(told(&[("overlay/b.yaml", &b), ("a.yaml", &a)]));
    assert_eq!(
        codes(&[("a.yaml", &a), ("b.yaml", &a.replace("id: body", "id: other").replace("假名字", "异名"))]),
        ["duplicate-id"]
    );
    let canary = "canary: { id: body, text: a made-up canary string }\n";
    assert_eq!(codes(&[("a.yaml", &a), ("c.yaml", canary)]), ["duplicate-id"]);
}

#[test]
fn a_word_that_events_use_for_something_else_is_no_id() {
    let condition =
        |id: &str| format!("policy:\n  - {{ id: {id}, text: X., action: flag, severity: low, when: 'true' }}\n");
    let allow = |id: &str| {
        format!("allow:\n  - {{ id: {id}, text: X., when: record.author == 'a', effect: none, basis: made up }}\n")
    };
    let body = |id: &str| {
        notice("made-up-1", &format!("organizations:\n  - {{ id: {id}, name: 假名字协会, listing: banned }}\n"))
    };
    for (yaml, expected) in [
        (condition("breaker"), Some((2, 11, "condition id \"breaker\" is tripline's own"))),
        (condition("suspected"), Some((2, 11, "condition id \"suspected\" is tripline's own"))),
        (condition("canary"), Some((2, 11, "condition id \"canary\" is tripline's own"))),
        (condition("breaker").replace("severity: low", "severity: low, status: draft"), Some((2, 11, "breaker"))),
        (allow("suspected"), Some((2, 11, "condition id \"suspected\" is tripline's own"))),
        (notice("official", "organizations: []\n"), Some((1, 15, "notice id \"official\" is tripline's own"))),
        (condition("breaker-of-ours"), None),
        (condition("official"), None),
        (allow("circuit-breaker"), None),
        (notice("suspected", "organizations: []\n"), None),
        (body("breaker"), None),
    ] {
        let problems = RuleSet::builder().add_yaml("r.yaml", &yaml).build().err().map_or_else(Vec::new, |d| d.0);
        let told: Vec<_> = problems.iter().map(|p| (p.code, p.file.as_str(), p.line, p.column)).collect();
        let wanted: Vec<_> =
            expected.iter().map(|(line, column, _)| ("reserved-id", "r.yaml", *line, *column)).collect();
        assert_eq!(told, wanted, "{yaml}");
        assert!(expected.is_none_or(|(.., message)| problems[0].message.contains(message)), "{problems:?}");
    }
}

#[test]
fn a_circle_of_branches_is_told_for_each_of_its_members() {
    let branch = |id: &str, of: &str| {
        format!("  - {{ id: {id}, name: 假名{id}, listing: banned, branch_of: {{ organization: {of} }} }}\n")
    };
    for (organizations, expected) in [
        (branch("a1", "b1") + &branch("b1", "c1") + &branch("c1", "a1"), 3),
        (branch("a1", "b1") + &branch("b1", "a1") + &branch("c1", "a1"), 2),
        (branch("a1", "b1") + &branch("b1", "c1") + "  - { id: c1, name: 假名丙, listing: banned }\n", 0),
    ] {
        let yaml = notice("made-up-1", &format!("organizations:\n{organizations}"));
        let told = codes(&[("a.yaml", &yaml)]);
        assert_eq!(told, vec!["branch-cycle"; expected], "{organizations}");
    }
}

#[test]
fn only_a_domain_of_its_own_may_be_listed() {
    for (domain, expected) in [
        ("made-up.example", ""),
        ("假名.test", ""),
        ("xn--bcher-kva.example", ""),
        ("gov.example", "official-host"),
        ("x.gov.example", "official-host"),
        ("made-up.test", "official-host"), // an official channel is within it
        ("pages.example", "shared-host"),
        ("a.pages.example", "shared-host"),
        ("shared.test", "shared-host"),
        ("github.io", "public-suffix"),
        ("com.cn", "public-suffix"),
        ("a.made-up.example", "wrong-domain"),
        ("192.0.2.1", "bad-domain"),
        ("made_up.example", "bad-domain"),
        ("*.made-up.example", "bad-domain"),
    ] {
        let organization = format!(
            "organizations:\n  - {{ id: body, name: 假名字协会, listing: banned, domains: [{{ domain: '{domain}' }}] }}\n"
        );
        let told = codes(&[("p.yaml", PROTECTED), ("a.yaml", &notice("made-up-1", &organization))]);
        let expected: Vec<&str> = Some(expected).filter(|e| !e.is_empty()).into_iter().collect();
        assert_eq!(told, expected, "{domain}");
    }
}

#[test]
fn one_name_stands_for_one_organization_unless_it_does_not_decide() {
    for (first, second, expected) in [
        ("name: 假名字协会", "name: 别的假名协会", ""),
        ("name: 假名字协会", "name: 假名字协会", "same-name"),
        ("name: 假名字协会", "name: 假名字協會", "same-name"), // equal when folded
        ("name: 假名字协会", "name: 别的假名协会, spellings: [假名字协会]", "same-name"),
        ("name: 假名字协会", "name: 别的假名协会, aliases: [{ name: 假名字协会, requires_full_name: true }]", ""),
        ("name: 假名字协会", "name: 假名字协会, status: draft", ""),
        ("name: 假名字协会", "name: 假名字协会, status: retired", ""),
        ("name: 假名字协会", "name: 假名字协会, status: shadow", "same-name"),
        ("name: 假名字协会", "name: 假名字协会, branch_of: { organization: a1 }", ""),
        ("name: 假名字协会, caution: [generic-name]", "name: 假名字协会, caution: [unverified-name]", ""),
        ("name: 假名字协会, caution: [generic-name]", "name: 假名字协会", "same-name"),
        ("name: 假名字协会, caution: [near-registered]", "name: 假名字协会, caution: [near-registered]", "same-name"),
        (
            "name: null, translations: { en: Made-up Society }, caution: [english-only]",
            "name: 别的, translations: { en: made up society }, caution: [english-only]",
            "",
        ),
        (
            "name: null, translations: { en: Made-up Society }",
            "name: 别的, translations: { en: made up society }, caution: [english-only]",
            "same-name",
        ),
    ] {
        let yaml = notice(
            "made-up-1",
            &format!(
                "organizations:\n  - {{ id: a1, {first}, listing: banned }}\n  - {{ id: b1, {second}, listing: banned }}\n"
            ),
        );
        let expected: Vec<&str> = Some(expected).filter(|e| !e.is_empty()).into_iter().collect();
        assert_eq!(codes(&[("a.yaml", &yaml)]), expected, "{first} / {second}");
    }
    let of = |id: &str, jurisdiction: &str| {
        let organization = format!("organizations:\n  - {{ id: body-{id}, name: 假名字协会, listing: banned }}\n");
        notice(id, &organization).replace("jurisdiction: CN", &format!("jurisdiction: {jurisdiction}"))
    };
    assert_eq!(codes(&[("a.yaml", &of("a", "CN")), ("b.yaml", &of("b", "SG"))]), [""; 0], "in two jurisdictions");
}

#[test]
fn a_listed_name_that_a_lawful_body_has_says_so() {
    for (organization, expected) in [
        ("name: 真名字协会会", ""),
        ("name: 真名字协会", "protected-name"),
        ("name: 真名字協會", "protected-name"),
        ("name: 真名字协会, caution: [identical-to-registered]", ""),
        ("name: 真名字协会, caution: [english-only]", "protected-name"),
        ("name: 真名字协会, status: draft", ""),
        ("name: 假名字, translations: { en: [real name association] }", "protected-name"),
        ("name: 假名字, translations: { en: [real name association] }, caution: [english-only]", ""),
    ] {
        let yaml = notice("made-up-1", &format!("organizations:\n  - {{ id: a1, {organization}, listing: banned }}\n"));
        let expected: Vec<&str> = Some(expected).filter(|e| !e.is_empty()).into_iter().collect();
        assert_eq!(codes(&[("p.yaml", PROTECTED), ("a.yaml", &yaml)]), expected, "{organization}");
    }
}

const FULL: &str = "organizations:
  - id: body-b
    name: 假甲(乙)丙丁会
    aliases: [{ name: 假丙丁, requires_full_name: true }]
    spellings: [假甲(乙)丙丁會, 贾甲丙丁会]
    translations: { en: [Made-up Society] }
    branch_of: { organization: body-a }
    listing: banned
    domains: [{ domain: 假名.example }, { domain: made-up.test-made-up.example }]
    accounts: [{ platform: wechat, id: MadeUpB }, { platform: weibo, id: madeupb }]
    registered_lookalikes: [{ name: { zh: 真甲丙丁会, en: Real Society }, basis: made up }]
  - { id: body-a, name: 假总会, listing: suspected, status: shadow }
  - { id: body-c, name: 草稿假会, listing: banned, status: draft, domains: [{ domain: draft.example }] }
";

fn full() -> RuleSet {
    let domains = FULL.replace("made-up.test-made-up.example", "second.example");
    set(&[
        ("p.yaml", PROTECTED),
        ("a.yaml", &notice("made-up-2", &domains)),
        ("b.yaml", &notice("made-up-1", "also: [body-b]\n").replace("2021-04", "2020")),
        ("c.yaml", "canary: { id: made-up-canary, text: a made-up canary string }\n"),
    ])
}

#[test]
fn patterns_stand_for_names_domains_protected_names_and_the_canary() {
    let set = full();
    let (backwards, forwards): (Vec<_>, Vec<_>) = set.patterns().iter().partition(|p| p.is_reversed);
    assert!(backwards.iter().all(|p| forwards.iter().any(|other| other.text == p.text && other.target == p.target)));
    let patterns: Vec<String> = forwards
        .iter()
        .map(|p| match &p.target {
            Target::Name { organization, via, requires_full_name } => {
                let beside = if *requires_full_name { " beside" } else { "" };
                format!("{} {via}{beside} {}", set.organizations()[*organization].id, p.text)
            }
            Target::Variant { organization, counts } => {
                let counts = if *counts { "" } else { " in shadow" };
                format!("{} variant{counts} {}", set.organizations()[*organization].id, p.text)
            }
            Target::Domain { organization, domain } => {
                format!("{} {domain} {}", set.organizations()[*organization].id, p.text)
            }
            Target::Protected { body } => format!("protected {}", set.protected(*body).name),
            Target::Account { .. } | Target::Imitation(_) | Target::KnownHost => panic!("no pattern of the automaton"),
            Target::Canary => format!("canary {}", p.text),
        })
        .collect();
    insta::assert_snapshot!(patterns.join("\n"));
    assert_eq!(set.automaton().len(), forwards.len() + backwards.len());
    let body = set.organization("body-b").unwrap();
    assert_eq!(
        body.notices.iter().map(|&n| &*set.notices()[n].id).collect::<Vec<_>>(),
        ["made-up-1", "made-up-2"],
        "earliest first"
    );
    assert_eq!([Status::Active, Status::Shadow, Status::Draft, Status::Retired].map(|s| set.count(s)), [1, 1, 1, 0]);
    assert!(set.organization("body-d").is_none());
}

#[test]
fn the_automaton_finds_what_the_patterns_say() {
    let set = full();
    for (text, expected) in [
        ("见假甲丙丁会。", &["假甲丙丁会"] as &[_]),
        ("見假甲（乙）丙丁會", &["假甲(乙)丙丁会"]),
        ("假乙丙丁会", &["假乙丙丁会"]),
        ("MADE UP SOCIETY", &["Made-up Society"]),
        ("www.假名.example/x", &["假名.example"]),
        (Domain::parse("假名.example").unwrap().as_ascii(), &["假名.example"]),
        ("xn--假名.test", &[]),
        ("草稿假会", &[]),
        ("draft.example", &[]),
    ] {
        let mut found = Vec::new();
        set.automaton().for_each(&fold(text), |f| found.push(set.patterns()[f.pattern.0 as usize].text.to_string()));
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn hosts_and_accounts_are_looked_up_with_all_that_is_within_them() {
    let set = full();
    let b = set.organizations().iter().position(|o| &*o.id == "body-b").unwrap();
    for (host, listed, official) in [
        ("second.example", Some((b, 1)), false),
        ("a.b.second.example", Some((b, 1)), false),
        ("假名.example", Some((b, 0)), false),
        ("notsecond.example", None, false),
        ("second.example.net", None, false),
        ("draft.example", None, false),
        ("gov.example", None, true),
        ("mz.x.gov.example", None, true),
        ("notgov.example", None, false),
        ("report.made-up.test", None, true),
        ("made-up.test", None, false),
    ] {
        let domain = Domain::parse(host).unwrap();
        assert_eq!((set.listed_domain(&domain), set.is_official_host(&domain)), (listed, official), "{host}");
    }
    for (handle, listed, official) in [
        ("madeupb", Some((b, 0)), false),
        ("@MadeUpB", Some((b, 0)), false),
        (" ＠MADEUPB ", Some((b, 0)), false),
        ("made-up-b", None, false),
        ("madeupb2", None, false),
        ("", None, false),
        ("officialmadeup", None, true),
        ("假官方频道", None, true),
    ] {
        assert_eq!((set.listed_account(handle), set.is_official_account(handle)), (listed, official), "{handle}");
    }
}

#[test]
fn jurisdictions_select_notices_and_what_they_name() {
    let documents = |only: &[&str]| {
        let only: Vec<String> = only.iter().map(|s| (*s).to_owned()).collect();
        let entry =
            |id: &str, name: &str| format!("organizations:\n  - {{ id: {id}, name: {name}, listing: banned }}\n");
        let part = notice("part", &entry("of-part", "假名甲会")).replace("jurisdiction: CN", "jurisdiction: CN-44");
        let other = notice("other", &entry("of-other", "假名乙会")).replace("jurisdiction: CN", "jurisdiction: SG");
        let builder = RuleSet::builder().add_yaml("a.yaml", &part).add_yaml("b.yaml", &other);
        builder.jurisdictions(&only).build()
    };
    for (only, expected) in [
        (&[] as &[_], &["of-other", "of-part"] as &[_]),
        (&["CN"], &["of-part"]),
        (&["CN-44"], &["of-part"]),
        (&["SG", "CN"], &["of-other", "of-part"]),
    ] {
        let ids: Vec<String> = documents(only).unwrap().organizations().iter().map(|o| o.id.to_string()).collect();
        assert_eq!(ids, expected, "{only:?}");
    }
    insta::assert_snapshot!(documents(&["CN", "SGP"]).unwrap_err().to_string());
    assert_ne!(documents(&["CN"]).unwrap().digest(), documents(&["CN-44"]).unwrap().digest());
}

#[test]
fn the_digest_changes_with_every_judged_value_and_with_nothing_else() {
    let base = notice(
        "made-up-1",
        "organizations:
  - id: body
    name: 假名字协会
    aliases: [{ name: 假协, requires_full_name: true }]
    translations: { en: [Made-up Society], fr: [Association inventée] }
    listing: banned
    focus: [state-name, pseudo-studies]
    domains: [{ domain: made-up.example, last_seen: 2020, note: x }]
    effective: { from: 2021-04 }
    status: active
    note: one thing
",
    );
    let policy = "policy:\n  - { id: a, text: X., when: 'mention.branch && true', action: flag, severity: low }\n";
    let digest = |yaml: &str, policy: &str| set(&[("a.yaml", yaml), ("p.yaml", policy)]).digest();
    let before = digest(&base, policy);
    for (from, to) in [
        ("note: one thing", "note: another"),
        ("note: one thing\n", ""),
        ("status: active", "status: \"active\""),
        ("    status: active\n", ""), // the default
        ("[state-name, pseudo-studies]", "[pseudo-studies,\n      state-name]"),
        ("{ en: [Made-up Society], fr: [Association inventée] }", "{ fr: Association inventée, en: Made-up Society }"),
        ("    listing: banned\n", "    # a comment\n    listing:   banned\n"),
        (", note: x", ""),
    ] {
        assert!(base.contains(from), "{from}");
        assert_eq!(digest(&base.replace(from, to), policy), before, "{from} -> {to}");
    }
    for (from, to) in [
        ("假名字协会", "假名字學会"),
        ("假协", "假学"),
        ("requires_full_name: true", "requires_full_name: false"),
        ("Made-up Society", "Made-up Union"),
        ("fr:", "de:"),
        ("listing: banned", "listing: suspected"),
        ("[state-name, pseudo-studies]", "[state-name]"),
        ("made-up.example", "made-up.test"),
        ("2020", "2019"),
        ("from: 2021-04", "until: 2021-04"),
        ("status: active", "status: shadow"),
        ("id: body", "id: bodies"),
        ("Made-up Ministry", "Made-up Office"),
        ("published: 2021-04", "published: 2021-05"),
        ("https://made-up.example/1", "https://made-up.example/2"),
    ] {
        assert!(base.contains(from), "{from}");
        assert_ne!(digest(&base.replacen(from, to, 1), policy), before, "{from} -> {to}");
    }
    for (to, same) in [
        ("'mention.branch   &&   true'", true),
        ("'(mention.branch) && (true)'", true),
        ("'true && mention.branch'", false),
        ("'mention.in_email && true'", false),
    ] {
        let policy = policy.replace("'mention.branch && true'", to);
        assert_eq!(digest(&base, &policy) == before, same, "{to}");
    }
    assert_ne!(digest(&base, &policy.replace("severity: low", "severity: medium")), before);
}

proptest! {
    #[test]
    fn the_digest_and_the_patterns_do_not_depend_on_the_order_of_files(order in Just((0..5_usize).collect::<Vec<_>>()).prop_shuffle()) {
        let a = notice("made-up-1", "organizations:\n  - { id: a1, name: 假名甲会, listing: banned }\nalso: [b1]\n");
        let b = notice("made-up-2", "organizations:\n  - { id: b1, name: 假名乙会, listing: banned }\n");
        let files = [
            ("a.yaml", a.as_str()),
            ("b.yaml", &b),
            ("p.yaml", PROTECTED),
            ("c.yaml", "canary: { id: made-up-canary, text: a made-up canary string }\n"),
            ("q.yaml", "policy: [{ id: a, text: X., when: 'true', action: flag, severity: low }]\n"),
        ];
        let one = set(&files);
        let other = set(&order.iter().map(|&i| files[i]).collect::<Vec<_>>());
        prop_assert_eq!(one.digest(), other.digest());
        let texts = |set: &RuleSet| set.patterns().iter().map(|p| format!("{p:?}")).collect::<Vec<_>>();
        prop_assert_eq!(texts(&one), texts(&other));
    }

    #[test]
    fn no_document_makes_the_reader_panic(yaml in "[a-c:\\- \\[\\]{}'\"|>&*!#\n假0,]{0,60}") {
        drop(RuleSet::builder().add_yaml("a.yaml", &yaml).build());
    }

    #[test]
    fn no_condition_makes_the_check_panic(when in "(mention|\\.|listing|==|\"|'|假|\\(|\\)|\\[|\\]|!|&&|in|exists|m|,| |1|\\?|:|-|\\\\){0,14}") {
        let quoted = when.replace('\'', "''");
        let yaml = format!("policy:\n  - {{ id: a, text: X., action: flag, severity: low, when: '{quoted}' }}\n");
        drop(RuleSet::builder().add_yaml("a.yaml", &yaml).build());
    }
}

const CUES: &str = "context:\n  language: zh\n  cues:\n    - kind: fee\n      words: [会费, 与…无关, invit*]\n";

#[test]
fn cue_words_of_documents_take_the_place_of_those_that_ship_and_change_the_digest() {
    let shipped = RuleSet::builder().build().unwrap();
    assert!(shipped.cues().all().len() > 2_000, "{}", shipped.cues().all().len());
    let own = RuleSet::builder().add_yaml("cues.yaml", CUES).build().unwrap();
    let texts: Vec<_> = own.cues().all().iter().map(|cue| (cue.text.as_str(), cue.parts)).collect();
    assert_eq!(texts, [("invit*", 1), ("与…无关", 2), ("会费", 1)]);
    assert_eq!(own.cues().automaton().len(), 4);
    assert_ne!(shipped.digest(), own.digest());
    let stronger = CUES.replace("kind: fee", "kind: fee\n      strength: strong");
    assert_ne!(own.digest(), RuleSet::builder().add_yaml("cues.yaml", &stronger).build().unwrap().digest());
}

#[test]
fn what_is_wrong_with_cue_words_is_told_with_its_place() {
    for (words, code, place) in [
        ("fee\n      words: [会费, 會費]", "wrong-list", "cues.yaml:5:19"),
        ("fee\n      words: [……]", "short-name", "cues.yaml:5:15"),
        ("fees\n      words: [会费]", "unknown-value", "cues.yaml:4:13"),
        ("fee\n      word: [会费]", "missing-key", "cues.yaml:4:7"),
        ("fee\n      words: [会费]\n      strength: 3", "unknown-value", "cues.yaml:6:17"),
    ] {
        let yaml = format!("context:\n  language: zh\n  cues:\n    - kind: {words}\n");
        let problems = RuleSet::builder().add_yaml("cues.yaml", &yaml).build().unwrap_err();
        let first = &problems.0[0];
        assert_eq!(
            (first.code, format!("{}:{}:{}", first.file, first.line, first.column).as_str()),
            (code, place),
            "{words}"
        );
    }
}
