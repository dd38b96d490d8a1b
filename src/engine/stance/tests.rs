//! Facts about stances, as tables; every name is made up, the cue words are those that ship.

use crate::content::{Content, Kind, Role};
use crate::engine::{MAX_CUES, Mention, Scanner, Stance};
use crate::rule::RuleSet;
use crate::text::Span;
use proptest::prelude::*;
use std::sync::LazyLock;

const RULES: &str = r#"
notice:
  id: demo-1
  authority: { zh: 样例机关, en: Example Authority }
  kind: ban
  jurisdiction: CN
  published: 2021-04-14
  sources: [{ url: "https://authority.example/1", kind: official }]
organizations:
  - { id: one, name: 中国样例学会, translations: { en: [Example Sham Academy] }, listing: banned }
  - { id: two, name: 全国样例联盟, translations: { en: [Example Sham Alliance] }, listing: banned }
"#;

static RULE_SET: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::builder().add_yaml("demo.yaml", RULES).build().expect("the rules of the tests are sound")
});

fn stances(content: &Content<'_>) -> Vec<&'static str> {
    let verdict = Scanner::new(&RULE_SET).scan(content).expect("the policy runs");
    verdict.mentions.iter().map(|mention| mention.stance.as_str()).collect()
}

#[test]
fn a_post_is_read_as_a_reader_reads_it() {
    for (body, expected) in [
        ("中国样例学会招募会员，会费2600元，加微信报名。", "promotion"),
        ("欢迎加入中國樣例學會！", "promotion"),
        ("Apply now: the Example Sham Academy certificate, 300 dollars.", "promotion"),
        ("民政部取缔了中国样例学会，网站已被关停。", "report"),
        ("Officials said the Example Sham Academy was shut down in April.", "report"),
        ("我妈被中国样例学会骗了五千块，一直要不回来。", "warning"),
        ("千万别给中国样例学会交钱。", "warning"),
        ("Don't send money to the Example Sham Academy.", "warning"),
        ("王某，画家，中国样例学会理事。", "affiliation"),
        ("She is a fellow of the Example Sham Academy and lives in Lyon.", "affiliation"),
        ("请问中国样例学会是不是正规的？", "neutral"),
        ("过了中国样例学会那个大门右拐就是菜场。", "neutral"),
    ] {
        assert_eq!(stances(&Content::post(body)), [expected], "{body}");
    }
}

#[test]
fn an_offer_outranks_what_it_is_dressed_in_unless_it_is_quoted() {
    for (body, expected) in [
        ("谨防上当！民政部通报了假协会。中国样例学会手续齐全，报名费1200元，名额有限，速联系客服微信。", "promotion"),
        ("响应民政部专项行动，中国样例学会推出认证，认证费三千元，加急三天出证，扫码办理。", "promotion"),
        ("短信称“中国样例学会招募会员，会费2600元，加微信报名”，请勿汇款。", "warning"),
        ("记者在墙上看到：“中国样例学会招募会员，会费2600元，加微信报名”。该会已被取缔。", "report"),
        ("本厂并非中国样例学会会员，切勿付定金。", "warning"),
    ] {
        assert_eq!(stances(&Content::post(body)), [expected], "{body}");
    }
}

#[test]
fn the_order_of_what_is_said_decides_between_a_story_a_question_and_an_offer() {
    for (body, expected) in [
        // the offer comes last, or what was lost
        ("我妈去年被骗了八千。后来找到中国样例学会，考试费两百，过不了免费补考。", "promotion"),
        ("中国样例学会说三天拿证，考试费两百，加急一百。钱交了，人就失联了。", "warning"),
        // the question comes last, or only opens the offer
        ("中国样例学会说包过，学费三千八，这是真的吗？", "neutral"),
        ("想考证吗？中国样例学会学费三千八，本周报名。", "promotion"),
        // paid and asked
        ("在中国样例学会花了八百。", "warning"),
        ("中国样例学会学费八百。", "promotion"),
        // an order and a tale
        ("Never join the Example Sham Academy.", "warning"),
        ("They never mentioned the Example Sham Academy.", "neutral"),
        // announced by a colon, and said by the author
        ("记者看到，楼道墙上的小广告写着：中国样例学会招募会员，会费2600元，加微信。", "report"),
        ("通知：中国样例学会招募会员，会费2600元，加微信。", "promotion"),
    ] {
        assert_eq!(stances(&Content::post(body)), [expected], "{body}");
    }
}

#[test]
fn a_verdict_says_which_rule_decided() {
    for (body, expected) in [
        ("中国样例学会招募会员，会费2600元。", "an offer of the author's own"),
        ("千万别给中国样例学会交钱。", "advice to readers outranks news"),
        ("小说里，中国样例学会只是一块招牌。", "a story, a spelling or a test, not the body itself"),
        ("中国样例学会。", "no cue that counts"),
    ] {
        let verdict = Scanner::new(&RULE_SET).scan(&Content::post(body)).expect("the policy runs");
        let mention = &verdict.mentions[0];
        assert_eq!(mention.ground.as_str(), expected, "{body}");
        assert_eq!(mention.ground.stance(), mention.stance, "{body}");
    }
}

#[test]
fn two_bodies_in_one_post_are_told_apart() {
    for (body, expected) in [
        ("中国样例学会已被取缔。大家可以加入全国样例联盟，会费两千元，找我填表。", ["report", "promotion"]),
        ("他是中国样例学会理事。千万别给全国样例联盟交钱。", ["affiliation", "warning"]),
        ("取缔名单：\n1. 中国样例学会\n2. 全国样例联盟", ["report", "report"]),
    ] {
        assert_eq!(stances(&Content::post(body)), expected, "{body}");
    }
}

#[test]
fn a_title_speaks_of_what_the_body_names() {
    let content = Content::new(Kind::Post).with_field("title", Role::Text, "又一批非法社会组织被取缔").with_field(
        "body",
        Role::Text,
        "其中有中国样例学会。",
    );
    assert_eq!(stances(&content), ["report"]);
}

#[test]
fn a_verdict_shows_the_words_and_where_they_stand() {
    let body = "😀中国样例学会招募会员，会费2600元。";
    let verdict = Scanner::new(&RULE_SET).scan(&Content::post(body)).expect("the policy runs");
    let mention: &Mention<'_> = &verdict.mentions[0];
    assert_eq!(mention.stance, Stance::Promotion);
    let shown: Vec<_> = mention.cues.iter().map(|cue| (cue.kind.as_str(), cue.text.as_str())).collect();
    for cue in [("invitation", "招募"), ("fee", "会费"), ("price", "2600元")] {
        assert!(shown.contains(&cue), "{cue:?} is not in {shown:?}");
    }
    for cue in &mention.cues {
        assert_eq!(cue.span, Span::new(body, cue.span.bytes.clone()), "{cue:?}");
        assert_eq!(&body[cue.span.bytes.clone()], cue.text);
    }
}

#[test]
fn padding_neither_hides_an_offer_nor_fills_a_verdict() {
    let report = "民政部取缔名单通报。".repeat(2_000);
    let body = format!("{report}中国样例学会招募会员，会费2600元，名额有限，加微信。{report}");
    let verdict = Scanner::new(&RULE_SET).scan(&Content::post(body.as_str())).expect("the policy runs");
    assert_eq!(verdict.mentions[0].stance, Stance::Promotion);
    assert!(verdict.mentions[0].cues.len() <= MAX_CUES);
    let body = "中国样例学会招募会员，会费2600元。".repeat(400);
    let verdict = Scanner::new(&RULE_SET).scan(&Content::post(body.as_str())).expect("the policy runs");
    assert!(verdict.mentions.iter().all(|mention| mention.stance == Stance::Promotion && mention.cues.len() <= 2));
}

#[test]
fn a_text_that_is_all_marks_or_all_cues_takes_no_longer_than_its_length() {
    for piece in ["“报名”", "别", "，", "don't ", "1 ", "与", "的", "138-0000-0000", "a. ", "中国样例学会"]
    {
        let body = format!("中国样例学会{}", piece.repeat(60_000));
        assert!(!stances(&Content::post(body.as_str())).is_empty(), "{piece}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_around_a_name_its_cues_are_words_of_the_text(
        pieces in proptest::collection::vec(proptest::sample::select(vec![
            "中国样例学会", "全国样例联盟", "Example Sham Academy", "招募会员", "会费", "2600元", "“", "”", "\"", "'", "。", "，", "\n",
            "与", "无关", "別", "不是", "？", "吗", "的，", "don't ", "apply now ", "$", "138-0000-0000", "😀", "\u{200B}", "理事", "取缔",
        ]), 0..40)
    ) {
        let body = pieces.concat();
        let verdict = Scanner::new(&RULE_SET).scan(&Content::post(body.as_str())).expect("the policy runs");
        for cue in verdict.mentions.iter().flat_map(|mention| &mention.cues) {
            prop_assert_eq!(&body[cue.span.bytes.clone()], &cue.text);
        }
    }
}
