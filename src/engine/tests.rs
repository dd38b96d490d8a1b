//! Facts about judging, as tables; every name and domain here is made up.

use super::*;
use crate::content::{Content, Kind, Role};
use crate::rule::{Action, RuleSet, Severity, Status};
use crate::text::Fold;

mod registrations;

const RULES: &str = r#"
notice:
  id: demo-1
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - id: sham-academy
    name: 中国样例学会
    translations: { en: [Example Sham Academy of China] }
    aliases: [{ name: 样例学会, requires_full_name: true }]
    listing: banned
    domains: [{ domain: sham.example, last_seen: 2021-11 }]
    accounts: [{ platform: demo, id: sham_academy }]
  - id: sham-academy-north
    name: 中国样例学会北方分会
    branch_of: { organization: sham-academy }
    listing: banned
  - id: generic-centre
    name: 样例文化中心
    listing: banned
    caution: [generic-name]
  - id: generic-prize
    name: 样例金奖大会
    listing: banned
    caution: [generic-name]
  - id: english-only
    translations: { en: [Example Golden Award Council] }
    listing: banned
    caution: [english-only]
  - id: suspected-union
    name: 全国样例联盟
    listing: suspected
  - id: on-trial
    name: 国际样例总会
    listing: suspected
    status: shadow
  - id: only-drafted
    name: 世界样例总社
    listing: suspected
    status: draft
  - id: expired
    name: 东方样例公会
    listing: banned
    effective: { from: 2019-01-01, until: 2020-01-01 }
  - id: short-in-lawful
    name: 样例国学院
    listing: banned
  - id: huaxia-yangli-huaxuehui
    name: 华夏样例滑雪会
    translations: { en: [Example Snow Council] }
    listing: banned
  - id: dadi-yangli-huaxuehui
    name: 大地样例滑雪会
    listing: banned
    caution: [near-registered]
  - id: sham-eight-letters-name
    name: 华北样例滑雪总会
    listing: banned
"#;

const PROTECTED: &str = r"
registered:
  - { name: { zh: 中国样例协会, en: [Example Lawful Association of China] }, basis: made up }
  - { name: { zh: 中国大学样例国学院, en: [] }, basis: made up }
official:
  - { value: gov.cn, kind: domain-suffix, what: every government host, seen: rule of the registry }
  - { value: 样例发布, kind: account-name, what: the authority's account, seen: made up }
shared_hosts: [shared.example]
";

const CANARY: &str = "canary: { id: tripline-canary, text: TRIPLINE-CANARY-EXAMPLE }\n";

fn rules() -> RuleSet {
    let set = RuleSet::builder().add_yaml("demo.yaml", RULES).add_yaml("protected.yaml", PROTECTED);
    set.add_yaml("canary.yaml", CANARY).build().expect("the rules of the tests are sound")
}

/// "organization=words" for each mention of a post.
fn found(rules: &RuleSet, body: &str) -> Vec<String> {
    let verdict = Scanner::new(rules).scan(&Content::post(body)).expect("the policy runs");
    verdict.mentions.iter().map(|m| format!("{}={}", m.organization.map_or("canary", |o| &o.id), m.text)).collect()
}

#[test]
fn listed_names_are_found_in_running_text() {
    let rules = rules();
    for (body, expected) in [
        ("欢迎加入中国样例学会！", &["sham-academy=中国样例学会"][..]),
        ("中國樣例學會", &["sham-academy=中國樣例學會"]),
        ("中 国 样·例 学\u{200B}会招募", &["sham-academy=中 国 样·例 学\u{200B}会"]),
        ("Join the EXAMPLE SHAM ACADEMY OF CHINA now", &["sham-academy=EXAMPLE SHAM ACADEMY OF CHINA"]),
        ("中国样例学会北方分会", &["sham-academy-north=中国样例学会北方分会"]),
        ("7.中国样例学会；8.全国样例联盟", &["sham-academy=中国样例学会", "suspected-union=全国样例联盟"]),
        ("官网www.sham.example，来", &["sham-academy=sham.example"]),
        ("Example Sham Academy of China¹", &["sham-academy=Example Sham Academy of China"]),
        ("中国样例学会计划招募", &["sham-academy=中国样例学会"]),
        ("中国样例学会议定章程", &["sham-academy=中国样例学会"]),
        ("上 sham 点 example 报名", &["sham-academy=sham 点 example"]),
        ("go to sham[dot]example", &["sham-academy=sham[dot]example"]),
        ("write to info@sham.example", &["sham-academy=sham.example"]),
        ("中国样例学会（简称样例学会）", &["sham-academy=中国样例学会", "sham-academy=样例学会"]),
        ("中国样例学会（合法登记的为中国样例协会）", &["sham-academy=中国样例学会"]),
        ("test TRIPLINE-CANARY-EXAMPLE", &["canary=TRIPLINE-CANARY-EXAMPLE"]),
    ] {
        assert_eq!(found(&rules, body), expected, "{body}");
    }
}

#[test]
fn what_only_looks_like_a_listed_name_is_left_alone() {
    let rules = rules();
    for body in [
        "中国样例协会年会",
        "Example Lawful Association of China",
        "中国大学样例国学院招生",
        "开往中国。样例学会成立",
        "我们去过中国、样例学会等地",
        "样例学会",
        "Counterexample Sham Academy of Chinaware",
        "notsham.example",
        "shame.example.com",
        "另一团体（合法登记的为中国样例学会）",
        "世界样例总社",
        "中国样例学会议在京召开",
        "参观样例国学院士",
        "- 中国\n- 样例学会",
        "#中国#样例学会#",
        "Pseudo-Example Sham Academy of China",
        "Example\n- Sham Academy of China",
        "国际样例总会",
        "https://www.sham.gov.cn/样例",
        "",
        "🙂🙂🙂",
    ] {
        assert_eq!(found(&rules, body), [""; 0], "{body}");
    }
}

#[test]
fn escaped_and_marked_up_names_are_read_at_their_place() {
    let rules = rules();
    for (body, expected) in [
        ("x=%E4%B8%AD%E5%9B%BD样例学会&y", &["sham-academy=%E4%B8%AD%E5%9B%BD样例学会"][..]),
        ("中国&#26679;&#x4F8B;学会", &["sham-academy=中国&#26679;&#x4F8B;学会"]),
        ("中国&#8203;样例&middot;学会", &["sham-academy=中国&#8203;样例&middot;学会"]),
        ("Ex&#97;mple%20Sham%20Academy%20of%20China.", &["sham-academy=Ex&#97;mple%20Sham%20Academy%20of%20China"]),
        ("<p>中国<b>样例</b>学会</p>", &["sham-academy=中国<b>样例</b>学会"]),
        ("中[color=red]国[/color]样例学会", &["sham-academy=中[color=red]国[/color]样例学会"]),
        ("[中国](https://a.test/x)样例学会", &["sham-academy=中国](https://a.test/x)样例学会"]),
        ("来自 http%3A%2F%2Fsham%2Eexample%2Fx", &["sham-academy=sham%2Eexample"]),
        ("<b>中国样例学会</b>", &["sham-academy=中国样例学会"]),
        // What must not be read together.
        ("<td>中国</td><td>样例学会</td>", &[]),
        ("<p>中国<p>样例学会", &[]),
        ("中国%E3%80%82样例学会", &[]),
        ("中国&#10;&#10;样例学会", &[]),
        ("中国<b>样例</b>协会", &[]),
        ("Counter&#45;Ex&#97;mple Sham Academy of China", &[]),
    ] {
        assert_eq!(found(&rules, body), expected, "{body}");
    }
}

#[test]
fn what_a_reading_undid_is_evidence() {
    let rules = rules();
    let verdict = Scanner::new(&rules).scan(&Content::post("中&#22283;<b>样例</b>学会")).expect("the policy runs");
    let folds: Vec<Fold> = verdict.mentions[0].folds.iter().collect();
    assert_eq!(folds, [Fold::Traditional, Fold::Escape, Fold::Markup]);
    assert!(verdict.mentions[0].score < 1.0);
}

#[test]
fn a_cautious_name_needs_a_second_signal() {
    let rules = rules();
    for (body, expected) in [
        ("样例文化中心", &[][..]),
        ("样例文化中心、样例文化中心", &[]),
        ("样例文化中心与中国样例学会", &["generic-centre=样例文化中心", "sham-academy=中国样例学会"]),
        ("样例文化中心 sham.example", &["generic-centre=样例文化中心", "sham-academy=sham.example"]),
        ("样例文化中心、国际样例总会", &[]),
        ("样例文化中心、样例金奖大会", &["generic-centre=样例文化中心", "generic-prize=样例金奖大会"]),
        ("Example Golden Award Council", &[]),
        (
            "Example Golden Award Council and Example Sham Academy of China",
            &["english-only=Example Golden Award Council", "sham-academy=Example Sham Academy of China"],
        ),
    ] {
        assert_eq!(found(&rules, body), expected, "{body}");
    }
}

#[test]
fn actions_follow_the_shipped_policy() {
    let rules = rules();
    let registration =
        |field: &str, role, value: &str| Content::new(Kind::Registration).with_field(field, role, value.to_owned());
    for (content, expected) in [
        (Content::post("中国样例学会"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例学会"), Some((Action::Review, Severity::Medium))),
        (
            registration("organization", Role::Text, "Example Sham Academy of China"),
            Some((Action::Review, Severity::Medium)),
        ),
        (registration("handle", Role::Handle, "@Sham_Academy"), Some((Action::Review, Severity::Medium))),
        (registration("website", Role::Link, "https://www.sham.example/"), Some((Action::Review, Severity::Medium))),
        (registration("email", Role::Link, "info@sham.example"), Some((Action::Review, Severity::Medium))),
        (registration("bio", Role::Text, "中国样例学会会员"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例学会北方分会"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例学会湖南分会"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例学会筹委会"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例学会会员处"), Some((Action::Review, Severity::Medium))),
        (registration("display_name", Role::Text, "中国样例学会大学"), Some((Action::Review, Severity::Medium))),
        (registration("display_name", Role::Text, "全国样例联盟"), Some((Action::Flag, Severity::Low))),
        (registration("display_name", Role::Text, "中国样例协会"), None),
        (registration("handle", Role::Handle, "sham_academy_fans"), None),
        (registration("website", Role::Link, "https://notsham.example"), None),
        (registration("website", Role::Link, "https://a.gov.cn/sham.example"), None),
    ] {
        let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
        assert_eq!(
            (verdict.action, verdict.severity),
            expected.map_or((Action::None, None), |(a, s)| (a, Some(s))),
            "{content:?}"
        );
    }
}

#[test]
fn a_suspected_body_never_raises_more_than_a_low_flag() {
    let rules = rules();
    let content = Content::new(Kind::Registration).with_field("display_name", Role::Text, "全国样例联盟");
    let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
    assert!(verdict.mentions[0].capped);
    assert_eq!((verdict.action, verdict.severity), (Action::Flag, Some(Severity::Low)));
}

#[test]
fn shadow_entries_are_judged_and_emit_nothing() {
    let rules = rules();
    let verdict = Scanner::new(&rules).scan(&Content::post("国际样例总会")).expect("the policy runs");
    assert_eq!((verdict.action, verdict.mentions.len(), verdict.shadow.len()), (Action::None, 0, 1));
    assert_eq!((verdict.shadow[0].status, verdict.shadow[0].action), (Status::Shadow, Action::Flag));
}

#[test]
fn effective_dates_are_judged_by_the_records_time() {
    let rules = rules();
    let at =
        |time: &str| Content { timestamp: Some(time.parse().expect("a time")), ..Content::post("东方样例公会") };
    for (time, mentions) in [("2018-06-01T00:00:00Z", 0), ("2019-06-01T00:00:00Z", 1), ("2020-06-01T00:00:00Z", 0)] {
        let verdict = Scanner::new(&rules).scan(&at(time)).expect("the policy runs");
        assert_eq!(verdict.mentions.len(), mentions, "{time}");
    }
}

#[test]
fn the_evidence_says_how_a_name_was_written() {
    let rules = rules();
    let body = "说：中國樣·例学会。";
    let verdict = Scanner::new(&rules).scan(&Content::post(body)).expect("the policy runs");
    let mention = &verdict.mentions[0];
    assert_eq!((&body[mention.span.bytes.clone()], mention.span.chars.clone()), ("中國樣·例学会", 2..9));
    assert_eq!(mention.folds.iter().collect::<Vec<_>>(), [Fold::Traditional, Fold::Separator]);
    assert_eq!(mention.evasion.iter().collect::<Vec<_>>(), [Fold::Separator]);
    assert!((mention.score - 0.97).abs() < 1e-9, "{}", mention.score);
}

#[test]
fn explain_says_why_a_candidate_was_left_alone() {
    let rules = rules();
    for (body, reason) in [
        ("样例文化中心", Reason::NeedsSecondSignal),
        ("样例学会", Reason::NeedsFullName),
        ("开往中国。样例学会", Reason::AcrossBoundary),
        ("中国大学样例国学院", Reason::Protected { by: "中国大学样例国学院".to_owned() }),
        ("中国样例协会", Reason::RegisteredBody),
        ("（合法登记的为中国样例学会）", Reason::LegallyRegistered),
        ("中国样例学会北方分会", Reason::InsideLonger { name: "中国样例学会北方分会".to_owned() }),
        ("sham.example.com", Reason::NotAHost),
    ] {
        let verdict = Scanner::new(&rules).explain(&Content::post(body)).expect("the policy runs");
        assert!(verdict.left_alone.iter().any(|left| left.reason == reason), "{body}: {:?}", verdict.left_alone);
    }
}

#[test]
fn the_same_content_gives_the_same_verdict_whatever_came_before() {
    let rules = rules();
    let mut scanner = Scanner::new(&rules);
    let bodies = ["中国样例学会北方分会和中国样例学会", "", "sham.example 样例文化中心", "全国样例联盟"];
    let texts = |scanner: &mut Scanner<'_>, body: &'static str| {
        let verdict = scanner.scan(&Content::post(body)).expect("the policy runs");
        verdict.mentions.iter().map(|m| (m.text.clone(), m.span.clone())).collect::<Vec<_>>()
    };
    let first: Vec<_> = bodies.iter().map(|body| texts(&mut scanner, body)).collect();
    let second: Vec<_> = bodies.iter().rev().map(|body| texts(&mut scanner, body)).collect();
    assert_eq!(first, second.into_iter().rev().collect::<Vec<_>>());
}

#[test]
fn a_text_that_repeats_names_a_hundred_thousand_times_is_one_bounded_verdict() {
    let rules = rules();
    // Quadratic work would show here as hours, not as a slow test.
    let body = "中国样例学会样例文化中心样例国学院。".repeat(100_000) + "全国样例联盟";
    let verdict = Scanner::new(&rules).scan(&Content::post(body.as_str())).expect("the policy runs");
    assert_eq!((verdict.mentions.len(), verdict.omitted), (MAX_MENTIONS, 300_001 - MAX_MENTIONS));
    let last = verdict.mentions.last().expect("mentions");
    assert_eq!(last.organization.map(|o| &*o.id), Some("suspected-union"), "what stands once is not left out");
    assert_eq!(&body[last.span.bytes.clone()], "全国样例联盟");
    assert_eq!(last.span.chars.end, body.chars().count());
}

#[test]
fn a_text_of_hosts_without_an_end_is_read_once() {
    let rules = rules();
    for body in [
        "a.".repeat(300_000) + "sham.example",
        "sham.example@".repeat(50_000),
        "www.a.gov.cn 中国样例学会 ".repeat(20_000),
    ] {
        let verdict = Scanner::new(&rules).scan(&Content::post(body.as_str())).expect("the policy runs");
        assert!(verdict.mentions.len() <= MAX_MENTIONS);
    }
}
