//! Branches, handles, and what stands in several fields.

use super::*;
use crate::text::Span;

#[test]
fn a_branch_that_no_notice_names_is_shown_beside_the_name() {
    let rules = rules();
    let branch = |body: &str| {
        let verdict = Scanner::new(&rules).scan(&Content::post(body)).expect("the policy runs");
        let mention = verdict.mentions.into_iter().chain(verdict.shadow).next().expect("a mention");
        let shown = mention.branch.map(|b| {
            assert_eq!(body[b.span.bytes.clone()], b.text);
            assert_eq!(Span::new(body, b.span.bytes.clone()), b.span);
            (b.kind, b.text, b.place)
        });
        (mention.text, mention.status, (mention.score * 100.0).round(), shown)
    };
    let shown = |kind, text: &str, place: Option<&str>| Some((kind, text.to_owned(), place.map(str::to_owned)));
    for (body, name, status, score, expected) in [
        (
            "🙂中國樣例學會湖南分會成立",
            "中國樣例學會",
            Status::Active,
            79.0,
            shown(Kinship::Branch, "中國樣例學會湖南分會", Some("湖南")),
        ),
        (
            "the Hunan Branch of Example Sham Academy of China",
            "Example Sham Academy of China",
            Status::Active,
            80.0,
            shown(Kinship::Branch, "Hunan Branch of Example Sham Academy of China", Some("Hunan")),
        ),
        (
            "join the Example Sham Academy of China of Hong Kong",
            "Example Sham Academy of China",
            Status::Active,
            80.0,
            shown(Kinship::Branch, "Example Sham Academy of China of Hong Kong", Some("Hong Kong")),
        ),
        (
            "中国样例学会湖(hu)南分会",
            "中国样例学会",
            Status::Active,
            80.0,
            shown(Kinship::Branch, "中国样例学会湖(hu)南分会", Some("湖(hu)南")),
        ),
        (
            "筹建中的中国样例学会",
            "中国样例学会",
            Status::Active,
            80.0,
            shown(Kinship::Preparatory, "筹建中的中国样例学会", None),
        ),
        (
            "国际样例总会北京办事处",
            "国际样例总会",
            Status::Shadow,
            80.0,
            shown(Kinship::Branch, "国际样例总会北京办事处", Some("北京")),
        ),
        ("中国样例学会北方分会", "中国样例学会北方分会", Status::Active, 100.0, None),
        ("中国样例学会湖南中国样例学会分会", "中国样例学会", Status::Active, 100.0, None),
        ("中国样例学会官方", "中国样例学会", Status::Active, 100.0, None),
    ] {
        assert_eq!(branch(body), (name.to_owned(), status, score, expected), "{body}");
    }
}

#[test]
fn a_handle_is_read_as_handles_are_written() {
    let rules = rules();
    let found = |role, value: &str| {
        let content = Content::new(Kind::Registration).with_field("handle", role, value.to_owned());
        let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
        verdict.mentions.iter().map(|m| (m.text.clone(), m.action)).collect::<Vec<_>>()
    };
    for (handle, expected) in [
        ("example_snow_council", "example_snow_council"),
        ("ExampleSnowCouncil", "ExampleSnowCouncil"),
        ("example.snow.council", "example.snow.council"),
        ("TheExampleSnowCouncilHQ", "ExampleSnowCouncil"),
        ("examplesnowcouncil2031", "examplesnowcouncil"),
        ("@example-snow-council_official", "example-snow-council"),
        ("huaxiayanglihuaxuehui", "huaxiayanglihuaxuehui"),
        ("Huaxia_Yangli_HuaXueHui", "Huaxia_Yangli_HuaXueHui"),
        ("the-huaxia.yangli.huaxuehui-2031", "huaxia.yangli.huaxuehui"),
        ("样例国学院2031", "样例国学院"),
    ] {
        assert_eq!(found(Role::Handle, handle), [(expected.to_owned(), Action::Review)], "{handle}");
    }
    for handle in [
        "counterexamplesnowcouncil",
        "examplesnowcouncils",
        "example_snow",
        "huaxia_yangli",
        "yanglihuaxuehui",
        "huaxiayanglihuaxuehuiba",
        "dadiyanglihuaxuehui",
        "sham_eight_letters_name",
        "ExampleSnowCOUNCILor",
        "h.u.a",
        "",
        "___",
    ] {
        assert_eq!(found(Role::Handle, handle), [], "{handle}");
    }
    for text in ["TheExampleSnowCouncilHQ", "huaxiayanglihuaxuehui"] {
        assert_eq!(found(Role::Text, text), [], "only handles are written so: {text}");
    }
    let long = "huaxia".repeat(10_000) + &"_a".repeat(10_000);
    assert_eq!(found(Role::Handle, &long), []);
}

#[test]
fn company_and_full_names_may_stand_in_another_field() {
    let rules = rules();
    let found = |fields: &[(&'static str, &str)]| {
        let registration = Content::new(Kind::Registration);
        let content = fields.iter().fold(registration, |content, (name, value)| {
            let role = if *name == "website" { Role::Link } else { Role::Text };
            content.with_field(*name, role, (*value).to_owned())
        });
        let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
        verdict.mentions.iter().map(|m| m.text.clone()).collect::<Vec<_>>()
    };
    for (fields, expected) in [
        (&[("display_name", "样例学会"), ("bio", "中国样例学会会员")][..], &["样例学会", "中国样例学会"][..]),
        (&[("display_name", "样例学会"), ("bio", "中国样例学会湖南分会")], &["样例学会", "中国样例学会"]),
        (&[("display_name", "样例学会"), ("bio", "中 国 樣 例 學 會")], &["样例学会", "中 国 樣 例 學 會"]),
        (&[("display_name", "样例文化中心"), ("website", "https://sham.example")], &["样例文化中心", "sham.example"]),
        // a listed branch is not its parent, and words of two fields never join
        (&[("display_name", "样例学会"), ("bio", "中国样例学会北方分会")], &["中国样例学会北方分会"]),
        (&[("display_name", "样例学会"), ("bio", "中国样例")], &[]),
        (&[("display_name", "中国"), ("organization", "样例学会")], &[]),
        (&[("display_name", "样例文化中心"), ("bio", "样例文化中心"), ("organization", "中国样例协会")], &[]),
        (&[("display_name", "中国样例"), ("organization", "学会湖南分会")], &[]),
    ] {
        assert_eq!(found(fields), expected, "{fields:?}");
    }
    // the place and the tail of the next field make no branch
    let content = Content::new(Kind::Registration).with_field("display_name", Role::Text, "中国样例学会").with_field(
        "organization",
        Role::Text,
        "湖南分会",
    );
    let verdict = Scanner::new(&rules).scan(&content).expect("the policy runs");
    assert_eq!((verdict.mentions[0].branch.clone(), verdict.action), (None, Action::Review));
}

#[test]
fn an_english_name_that_goes_on_as_anothers_is_left_alone() {
    let rules = rules();
    for (body, is_left) in [
        ("the Overseas Example Sham Academy of China", true),
        ("Example Sham Academy of China of Greater Boston", true),
        ("our overseas Example Sham Academy of China", false),
        ("Example Sham Academy of China of Zhejiang", false),
    ] {
        let verdict = Scanner::new(&rules).explain(&Content::post(body)).expect("the policy runs");
        assert_eq!(verdict.mentions.is_empty(), is_left, "{body}");
        assert_eq!(verdict.left_alone.iter().any(|left| left.reason == Reason::GoesOn), is_left, "{body}");
    }
}
