//! Which imitations stand: what only looks like another host needs a second signal in its record.
//!
//! A signal is a claim of authority, or the offer of what only an authority gives (`rules/imitation.yaml`), or a listed body
//! that the record names. In a registration all of its texts speak of the account; in a post the words must stand near.

use super::candidate::Candidate;
use super::verdict::{Imitates, Reason};
use crate::content::{Content, Kind, Role};
use crate::rule::{Imitated, Imitation, RuleSet, Status, Target};

/// Characters of a post before and after a host that speak of it.
const NEAR: usize = 100;

/// The imitations that stand; those without a second signal fall.
pub(super) fn settle<'r>(
    rules: &RuleSet,
    content: &Content<'_>,
    imitations: Vec<Candidate<'r>>,
    standing: &mut Vec<Candidate<'r>>,
    fallen: &mut Vec<(Candidate<'r>, Reason)>,
) {
    // What is on trial must not change what is emitted.
    let is_named = |c: &Candidate<'_>| c.organization().is_some() && c.status(rules) == Status::Active;
    let names_listed_body = standing.iter().any(is_named);
    for candidate in imitations {
        let is_sure = matches!(candidate.target, Target::Imitation(Imitation { is_sure: true, .. }));
        if is_sure || names_listed_body || signal(rules, content, &candidate).is_some() {
            standing.push(candidate);
        } else {
            let reason = Reason::NeedsClaim { like: candidate.pattern.to_owned() };
            fallen.push((candidate, reason));
        }
    }
    standing.sort_by_key(|candidate| (candidate.field, candidate.bytes.start));
}

/// The words of the record that claim an authority for a host.
fn signal(rules: &RuleSet, content: &Content<'_>, candidate: &Candidate<'_>) -> Option<String> {
    let field = &content.fields[candidate.field];
    let claim = |text: &str| rules.imitations().claim(text).map(|bytes| text[bytes].to_owned());
    let is_near = content.kind == Kind::Post && field.role != Role::Link;
    let own = (field.role != Role::Link).then(|| {
        let reach = if is_near { NEAR } else { usize::MAX };
        around(&field.value, candidate, reach)
    });
    let own = own.into_iter().flatten().find_map(claim);
    if is_near || own.is_some() {
        return own;
    }
    let others = content.fields.iter().enumerate().filter(|(index, _)| *index != candidate.field);
    others.filter(|(_, field)| field.role == Role::Text).find_map(|(_, field)| claim(&field.value))
}

/// The text before and after a host: its own letters claim nothing for it.
fn around<'t>(text: &'t str, candidate: &Candidate<'_>, reach: usize) -> [&'t str; 2] {
    let (before, after) = (&text[..candidate.bytes.start], &text[candidate.bytes.end..]);
    let start = before.char_indices().rev().nth(reach - 1).map_or(0, |(at, _)| at);
    let end = after.char_indices().nth(reach).map_or(after.len(), |(at, _)| at);
    [&before[start..], &after[..end]]
}

/// What the mention of an imitation says of it.
pub(super) fn imitates<'r>(
    rules: &'r RuleSet,
    content: &Content<'_>,
    candidate: &Candidate<'r>,
) -> Option<Imitates<'r>> {
    let Target::Imitation(Imitation { of, disguise, .. }) = candidate.target else { return None };
    let authority = match of {
        Imitated::Listed { .. } => None,
        Imitated::Official(index) | Imitated::Token(index) => rules.imitations().authority(index),
    };
    let host = authority.map_or(Some(candidate.pattern), |authority| authority.host.as_deref());
    Some(Imitates { host, authority, kind: of.kind(), technique: disguise, signal: signal(rules, content, candidate) })
}

#[cfg(test)]
mod tests {
    use crate::content::{Content, Kind, Role};
    use crate::domain::Domain;
    use crate::engine::{Mention, Scanner};
    use crate::rule::{Action, RuleSet, Severity};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const LISTED: &str = r#"
notice:
  id: demo-1
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - id: sample-house
    name: 中国样例屋学会
    listing: banned
    domains: [{ domain: samplehouse.cn, last_seen: 2021-11 }, { domain: shmxy.com, last_seen: 2021-11 }]
  - id: suspected-house
    name: 中国疑似屋学会
    listing: suspected
    domains: [{ domain: doubtfulhouse.cn, last_seen: 2021-11 }]
"#;
    const OFFICIAL: &str = r"
official:
  - { value: gov.cn, kind: domain-suffix, what: government bodies, seen: rule of the registry }
  - { value: mca.gov.cn, kind: domain, what: Ministry of Civil Affairs, seen: made up }
  - { value: chinanpo.gov.cn, kind: domain, what: the platform, seen: made up }
shared_hosts: [shared.example]
";

    static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
        let set = RuleSet::builder().add_yaml("demo.yaml", LISTED).add_yaml("protected.yaml", OFFICIAL);
        set.build().expect("the rules of the tests are sound")
    });

    fn mentions(content: &Content<'_>) -> Vec<Mention<'static>> {
        Scanner::new(&RULES).scan(content).expect("the policy runs").mentions
    }

    /// "words ~ imitated host or short name" of each imitation.
    fn found(content: &Content<'_>) -> Vec<String> {
        let of = |m: &Mention<'_>| Some(format!("{} ~ {}", m.text, m.imitates.as_ref()?.host.unwrap_or(m.pattern)));
        mentions(content).iter().filter_map(of).collect()
    }

    fn account(website: &str, bio: &str) -> Content<'static> {
        let content = Content::new(Kind::Registration).with_field("website", Role::Link, website.to_owned());
        content.with_field("bio", Role::Text, bio.to_owned())
    }

    #[test]
    fn a_host_in_disguise_is_an_imitation() {
        for (body, expected) in [
            ("登录mca.gov.cn.query.example查询", "mca.gov.cn.query.example ~ mca.gov.cn"),
            ("见 hxxps://www[.]mca-gov-cn[.]example/x", "www[.]mca-gov-cn[.]example ~ mca.gov.cn"),
            ("chinanpo点gov点cn点portal点test", "chinanpo点gov点cn点portal点test ~ chinanpo.gov.cn"),
            ("mail desk@samplehouse-vip.example", "samplehouse-vip.example ~ samplehouse.cn"),
            ("www.samplehuose.cn:8080/x", "www.samplehuose.cn ~ samplehouse.cn"),
            ("ѕamplehouse.cn", "ѕamplehouse.cn ~ samplehouse.cn"),
            ("官方投诉受理站 315-help.example", "315-help.example ~ 315"),
            ("Official registry: chinanpo-info.example", "chinanpo-info.example ~ chinanpo.gov.cn"),
            ("中国样例屋学会 mca-club.example", "mca-club.example ~ mca.gov.cn"),
        ] {
            assert_eq!(found(&Content::post(body)), [expected], "{body}");
        }
    }

    #[test]
    fn a_letter_of_another_script_is_seen_in_its_encoded_form() {
        let host = Domain::parse("ѕamplehouse.cn").expect("a host");
        assert_eq!(found(&Content::post(format!("见{host}"))), [format!("{host} ~ samplehouse.cn")]);
    }

    #[test]
    fn an_account_with_such_a_host_is_flagged() {
        for (website, bio, expected) in [
            ("https://mca.gov.cn.query.example/list", "", "mca.gov.cn.query.example ~ mca.gov.cn"),
            ("www.chinanpo-gov-cn.test", "", "www.chinanpo-gov-cn.test ~ chinanpo.gov.cn"),
            ("desk@mca-gov.example", "We register associations for the Ministry.", "mca-gov.example ~ mca.gov.cn"),
            ("https://cert315.example", "企业信用认证官方查询", "cert315.example ~ 315"),
            ("https://www12315.test", "官方投诉登记平台", "www12315.test ~ 12315"),
        ] {
            let content = account(website, bio);
            assert_eq!(found(&content), [expected], "{website}");
            let verdict = Scanner::new(&RULES).scan(&content).expect("the policy runs");
            assert_eq!((verdict.action, verdict.severity), (Action::Flag, Some(Severity::Medium)), "{website}");
        }
    }

    #[test]
    fn neighbours_of_official_hosts_are_left_alone() {
        for (website, bio) in [
            ("https://room315.example", "宿舍四个人一只猫"),
            ("https://mca-dogs.example", "We walk dogs. Fee: 20 a month."),
            ("https://govan-choir.example", "The official choir of Govan"),
            ("https://www.mca.gov.in", "Official"),
            ("https://www.gov.uk/government", "the Ministry"),
            ("https://mca.example.gov", "official"),
            ("https://315.shared.example", "官方投诉"),
            ("https://12315.cn", "官方投诉"),
            ("https://room315.example", "非官方，寝室日记"),
            ("https://room315.example", "An unofficial diary"),
            ("https://sampleroom.cn", "官方"),
            ("https://shmxa.com", "a shop"),
            ("https://cac.com", "官方"),
            ("https://www.mca.gov.cn", "官方"),
        ] {
            let found = found(&account(website, bio));
            assert!(found.is_empty(), "{website}: {found:?}");
        }
        for body in [
            "见https://other.example/mca.gov.cn.query.example",
            "https://other.example/?q=samplehuose.cn",
            "chinanpo.mc…",
            "room315.example 宿舍里",
            &format!("官方通报。{}room315.example 宿舍里", "很长的一段话，".repeat(20)),
            "读 v3.1.5-rc.12315-b2 的说明，官方投诉",
            "微信 mca_gov_cn，官方",
        ] {
            let found = found(&Content::post(body));
            assert!(found.is_empty(), "{body}: {found:?}");
        }
    }

    #[test]
    fn the_imitation_of_a_listed_host_is_its_organizations_and_no_company() {
        let of = mentions(&Content::post("samplehouse.test"));
        assert_eq!(of[0].organization.map(|o| &*o.id), Some("sample-house"));
        assert!(of[0].score < 1.0);
        assert_eq!(of[0].subject().listing(), "banned");
        let of = mentions(&Content::post("mca.gov.cn.query.example"));
        assert_eq!((of[0].subject().id(), of[0].subject().listing()), (Some("mca.gov.cn"), "official"));
        let suspected = mentions(&account("https://doubtfulhouse.test", ""));
        assert_eq!((suspected[0].action, suspected[0].severity), (Action::Flag, Some(Severity::Low)));
    }

    #[test]
    fn explain_says_why_a_host_was_left_alone() {
        for (body, reason) in [
            ("www.mca.gov.cn", "official host mca.gov.cn"),
            ("chinanpo[.]gov[.]cn", "official host chinanpo.gov.cn"),
            ("room315.example", "like 315, which is nothing without"),
            ("mca.gov.in", "somebody who is known"),
        ] {
            let verdict = Scanner::new(&RULES).explain(&Content::post(body)).expect("the policy runs");
            let said: Vec<String> = verdict.left_alone.iter().map(|left| left.reason.to_string()).collect();
            assert!(said.iter().any(|said| said.contains(reason)), "{body}: {said:?}");
        }
    }

    proptest! {
        #[test]
        fn an_official_host_in_any_spelling_of_its_own_is_nothing(
            host in prop::sample::select(&["www.mca.gov.cn", "chinanpo.gov.cn", "x.town.gov.cn", "mca.gov.cn"][..]),
            dot in prop::sample::select(&[".", "[.]", "(dot)", "．", "。", "点", "%2E", "&#46;", " . ", ".\u{200B}"][..]),
            scheme in prop::sample::select(&["", "https://", "hxxp://", "desk@", "https://user@", "见"][..]),
            tail in prop::sample::select(&["", "/x?y=1", ":443", "。欢迎", " 官方投诉"][..]),
            is_upper: bool,
            is_link: bool,
        ) {
            let host = if is_upper { host.to_uppercase() } else { host.to_owned() };
            let text = format!("{scheme}{}{tail}", host.replace('.', dot));
            let content = if is_link { account(&text, "官方查询") } else { Content::post(text.clone()) };
            prop_assert!(mentions(&content).is_empty(), "{}", text);
        }

        #[test]
        fn every_single_slip_in_a_listed_name_is_an_imitation(at in 1usize..10, kind in 0..4, letter in "[a-z]") {
            let mut name: Vec<char> = "samplehouse".chars().collect();
            let letter = letter.chars().next().expect("one");
            match kind {
                0 => drop(name.remove(at)),
                1 => name.insert(at, letter),
                2 => name[at] = letter,
                _ => name.swap(at, at - 1),
            }
            let host = format!("{}.cn", name.into_iter().collect::<String>());
            let found = found(&Content::post(format!("见 {host} 。")));
            prop_assert_eq!(found.len(), usize::from(host != "samplehouse.cn"), "{}", host);
        }
    }
}
