//! News texts: each listed body is found with its exact span in bytes, characters and UTF-16 units, nothing else is flagged.

use super::{corpus, shipped_rules};
use serde_json::Value;
use std::collections::BTreeSet;
use tripline::content::Content;
use tripline::engine::{Mention, Scanner};
use tripline::text::Span;

/// An organization and the bytes of its mention.
type Place = (String, std::ops::Range<usize>);

#[test]
fn every_listed_body_in_the_news_is_found_and_nobody_else() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let expected: Value = serde_json::from_str(&corpus("news/expected.json")).expect("JSON");
    let mut score = [Score::default(), Score::default()];
    for (file, mentions) in expected["expected"].as_object().expect("an object of files") {
        let text = corpus(&format!("news/{file}"));
        let wanted: BTreeSet<OrdPlace> = places(&text, mentions).into_iter().map(OrdPlace).collect();
        let verdict = scanner.scan(&Content::post(text.as_str())).expect("the policy runs");
        verdict.mentions.iter().for_each(|mention| assert_span(&text, mention));
        let found: BTreeSet<OrdPlace> = verdict.mentions.iter().map(|m| OrdPlace(place(m))).collect();
        score[half(file)].add(file, &text, &wanted, &found);
    }
    report("news", &score);
}

#[test]
fn names_in_shadow_or_retired_are_never_emitted() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let expected: Value = serde_json::from_str(&corpus("news/expected.json")).expect("JSON");
    let files = expected["shadow"].as_object().expect("an object of files");
    assert!(!files.is_empty());
    for (file, names) in files {
        let text = corpus(&format!("news/{file}"));
        let verdict = scanner.scan(&Content::post(text.as_str())).expect("the policy runs");
        let emitted: Vec<_> = verdict.mentions.iter().map(|m| OrdPlace(place(m))).collect();
        for name in places(&text, names) {
            assert!(!emitted.contains(&OrdPlace(name.clone())), "{file}: {name:?}");
        }
    }
}

#[test]
fn official_channels_and_registered_bodies_are_never_flagged() {
    let rules = shipped_rules();
    let mut scanner = Scanner::new(&rules);
    let lines = [
        "www.chinanpo.gov.cn",
        "chinanpo.gov.cn",
        "https://chinanpo.mca.gov.cn/index?x=1",
        "CHINANPO。GOV。CN",
        "ｃｈｉｎａｎｐｏ．ｇｏｖ．ｃｎ",
    ];
    let names: Vec<&str> = rules.protected_names().iter().map(|name| name.name.as_str()).collect();
    assert!(names.len() >= 93, "{}", names.len());
    for text in lines.into_iter().chain(names) {
        for body in [text.to_owned(), format!("欢迎加入{text}，查询请登录{text}。"), format!("\"{text}\" ({text})")]
        {
            let verdict = scanner.scan(&Content::post(body.as_str())).expect("the policy runs");
            let flagged: Vec<_> = verdict.mentions.iter().chain(&verdict.shadow).map(|m| &m.text).collect();
            assert!(flagged.is_empty(), "{body}: {flagged:?}");
        }
    }
}

/// Texts with an even number are the test half: nothing is ever tuned on them.
fn half(file: &str) -> usize {
    let number: usize = file.split('-').next().and_then(|digits| digits.parse().ok()).expect("a numbered file");
    usize::from(number.is_multiple_of(2))
}

#[derive(Default)]
struct Score {
    wanted: usize,
    found: usize,
    missed: Vec<String>,
    wrong: Vec<String>,
}

impl Score {
    fn add(&mut self, file: &str, text: &str, wanted: &BTreeSet<OrdPlace>, found: &BTreeSet<OrdPlace>) {
        let show = |p: &OrdPlace| format!("{file}: {} = {:?}", p.0.0, &text[p.0.1.clone()]);
        self.wanted += wanted.len();
        self.found += wanted.intersection(found).count();
        self.missed.extend(wanted.difference(found).map(show));
        self.wrong.extend(found.difference(wanted).map(show));
    }
}

fn report(exam: &str, score: &[Score; 2]) {
    for (half, score) in ["development", "test"].iter().zip(score) {
        println!("{exam}, {half} half: {} of {} found, {} wrong", score.found, score.wanted, score.wrong.len());
        score.missed.iter().for_each(|line| println!("  missed {line}"));
        score.wrong.iter().for_each(|line| println!("  wrong  {line}"));
    }
    assert!(score.iter().all(|s| s.wanted > 0 && s.missed.is_empty() && s.wrong.is_empty()), "see the lists above");
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OrdPlace(Place);

impl Ord for OrdPlace {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.0.1.start, self.0.1.end, &self.0.0).cmp(&(other.0.1.start, other.0.1.end, &other.0.0))
    }
}

impl PartialOrd for OrdPlace {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

fn place(mention: &Mention<'_>) -> Place {
    (mention.organization.map_or_else(|| "canary".to_owned(), |o| o.id.to_string()), mention.span.bytes.clone())
}

/// Where the n-th occurrence of each expected text stands.
fn places(text: &str, mentions: &Value) -> Vec<Place> {
    let mentions = mentions.as_array().expect("a list of mentions");
    let place = |mention: &Value| {
        let words = mention["text"].as_str().expect("words");
        let nth = mention["occurrence"].as_u64().map_or(0, |n| usize::try_from(n).expect("a small number"));
        let (start, _) = text.match_indices(words).nth(nth).unwrap_or_else(|| panic!("{words} does not stand there"));
        (mention["organization"].as_str().expect("an id").to_owned(), start..start + words.len())
    };
    mentions.iter().map(place).collect()
}

/// The three spans name the same words.
fn assert_span(text: &str, mention: &Mention<'_>) {
    let Span { bytes, chars, utf16 } = mention.span.clone();
    assert_eq!(&text[bytes], mention.text);
    assert_eq!(text.chars().skip(chars.start).take(chars.len()).collect::<String>(), mention.text);
    let units: Vec<u16> = text.encode_utf16().collect();
    assert_eq!(String::from_utf16(&units[utf16]).ok().as_ref(), Some(&mention.text));
}
