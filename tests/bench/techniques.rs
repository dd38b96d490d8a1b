//! What each technique costs: posts that only look as if something were hidden, and posts that hide a name.

use std::hint::black_box;

use tripline::content::Content;
use tripline::engine::Scanner;
use tripline::rule::RuleSet;

use crate::memory::shipped_rules;
use crate::records::texts;
use crate::rounds::{Contestant, compare};

const ROUNDS: usize = 9;
const COUNT: usize = 5_000;

/// The technique, what looks like it and is harmless, and the name of one listed body hidden by it.
const TECHNIQUES: [(&str, &str, &str); 20] = [
    ("none", "今天就到这里了", "中国雷锋基金会"),
    ("case", "See You Later", "CHINA LEI FENG FOUNDATION"),
    ("width", "（Ａ座３０２）", "China Lei Feng Ｆoundation"),
    ("styled", "①②③走起", "Ⓒhina Lei Feng Foundation"),
    ("traditional", "說好了不見不散", "中國雷鋒基金會"),
    ("confusable", "до встречи", "Сhіnа Lei Feng Foundation"),
    ("mark", "déjà vu, naïve", "Chína Lei Feng Foundation"),
    ("separator", "今 天 · 就 - 这 样", "中 国·雷-锋 基·金 会"),
    ("invisible", "今\u{200B}天\u{200B}就到这里", "中\u{200B}国雷\u{200B}锋基金会"),
    ("repeat", "哈哈哈哈，好好好", "中中国国雷雷锋锋基基金金会会"),
    ("leet", "room 3b at 10am, v1tamin", "Ch1na Le1 Feng F0undat10n"),
    ("pinyin", "给力(geili)，加油(jiāyóu)", "中国(guo)雷锋(feng)基金会"),
    ("bracket", "老地方(东门)见（带伞）", "中国(北京)雷锋基金会"),
    ("escape", "50%25 off &amp; more\\n", "中国&#38647;锋基金会"),
    ("markup", "<b>今天</b>就到这里", "中国<b>雷锋</b>基金会"),
    ("reversed", "了里这到就天今", "会金基锋雷国中"),
    ("truncated", "他说：“…就到这里”", "“…国商用车配件产销联合会”"),
    ("defanged", "hxxps://tips[.]example", "www[.]qsnrc[.]com"),
    ("punycode", "xn--3kry17b.example", "https://www.qsnrc.com/xn--"),
    ("impersonation", "https://news.example/a", "https://qsnrc-com.example/"),
];

/// Each technique against posts without one; the names are those of the table in ARCHITECTURE.md.
pub fn one_by_one() {
    let posts = |which: fn(&'static str, &'static str) -> &'static str| -> Vec<(&str, Vec<String>)> {
        TECHNIQUES.iter().map(|(name, harmless, hidden)| (*name, ending_in(which(harmless, hidden)))).collect()
    };
    // Before the rules, as in `memory`.
    let kinds = [
        ("posts that hide nothing, but look like it", posts(|harmless, _| harmless)),
        ("posts that each hide a listed body", posts(|_, hidden| hidden)),
    ];
    let rules = shipped_rules();
    for (title, posts) in &kinds {
        let contestants = posts.iter().map(|(name, posts)| scanning(name, &rules, posts)).collect();
        compare(title, "posts", COUNT, ROUNDS, contestants);
    }
}

fn ending_in(tail: &str) -> Vec<String> {
    texts(COUNT, 0).into_iter().map(|text| format!("{text}{tail}")).collect()
}

fn scanning<'c>(name: &'c str, rules: &'c RuleSet, texts: &'c [String]) -> Contestant<'c> {
    let mut scanner = Scanner::new(rules);
    Contestant::timed(name, move || {
        for text in texts {
            let content = Content::post(black_box(text.as_str()));
            drop(black_box(scanner.scan(&content)));
        }
    })
}
