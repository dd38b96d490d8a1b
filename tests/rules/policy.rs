//! What the shipped policy makes of branches and of hosts that imitate others: the sentences of `rules/README.md`.

use super::shipped_rules;
use tripline::content::{Content, Kind, Role};
use tripline::engine::{Mention, Scanner};
use tripline::rule::Action;

/// `parent` is listed, a branch of it in 上海 is not; `listed` is a branch that a notice names, and its parent is listed too.
#[test]
fn a_branch_is_judged_as_it_speaks_in_a_post_and_is_a_flag_in_a_registration() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let (unlisted, listed) = ("中国雷锋基金会湖南分会", "亚太空间设计师联盟山东分会");
    for (kind, field, text, action) in [
        (Kind::Post, "body", format!("{unlisted}现招募会员，会费800元，报名请加微信。"), Action::Review),
        (Kind::Post, "body", format!("{listed}现招募会员，会费800元，报名请加微信。"), Action::Review),
        (Kind::Post, "body", format!("民政部门通报：{unlisted}已被取缔。"), Action::Flag),
        (Kind::Post, "body", format!("民政部门通报：{listed}已被取缔。"), Action::Flag),
        (Kind::Post, "body", format!("{unlisted}的牌子还在门口。"), Action::Flag),
        (Kind::Registration, "display_name", unlisted.to_owned(), Action::Flag),
        (Kind::Registration, "display_name", listed.to_owned(), Action::Flag),
        (Kind::Registration, "bio", format!("{unlisted}招募会员"), Action::Flag),
    ] {
        let content = Content::new(kind).with_field(field, Role::Text, text.as_str());
        let verdict = scanner.scan(&content).expect("the policy runs");
        let parent = verdict.mentions.iter().filter(|mention| mention.branch.is_some()).count();
        assert_eq!(verdict.action, action, "{text}");
        assert_eq!(parent, usize::from(text.contains(unlisted)), "{text}");
        assert!(verdict.mentions.iter().all(|mention| mention.organization.is_some()), "{text}");
        assert_eq!(verdict.mentions.len(), 1, "a listed branch does not implicate its parent: {text}");
    }
}

#[test]
fn a_host_that_passes_for_an_authority_s_is_a_flag_and_chance_needs_a_second_signal() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    for (text, found) in [
        ("证书查询请登录 mca.gov.cn.query.example", Some("mca.gov.cn.query.example")),
        ("see mca.gov.cn.query.example", Some("mca.gov.cn.query.example")),
        ("官方证书查询：mca-query.example", Some("mca-query.example")),
        ("see mca-query.example", None),
        ("登录 www.mca.gov.cn 查询证书", None),
        ("see query.example", None),
    ] {
        let verdict = scanner.scan(&Content::post(text)).expect("the policy runs");
        let told: Vec<&str> = verdict.mentions.iter().map(Mention::text).collect();
        assert_eq!(told, found.into_iter().collect::<Vec<_>>(), "{text}");
        assert_eq!(verdict.action, if found.is_some() { Action::Flag } else { Action::None }, "{text}");
    }
}
