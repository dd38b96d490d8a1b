//! The core in memory: what decoding and judging cost.

use std::hint::black_box;
use std::{fs, path::Path};

use tripline::content::{Content, Kind};
use tripline::engine::Scanner;
use tripline::rule::RuleSet;
use tripline::stream::{Decoded, FieldMap, SourceFields, decode};

use crate::records::{posts, texts};
use crate::rounds::{Contestant, compare};

const ROUNDS: usize = 9;
const COUNT: usize = 20_000;
/// Every fiftieth: two of a hundred posts.
const HIT: usize = 50;

/// Folding and matching posts at the shipped lists, against reading each byte once.
pub fn judging() {
    // Before the rules, so that they lie side by side as the records of a fetch do, and not in the gaps that building rules leaves.
    let (clean, mixed) = (texts(COUNT, 0), texts(COUNT, HIT));
    let rules = shipped_rules();
    println!("\n{} organizations, {} patterns", rules.organizations().len(), rules.patterns().len());
    let bytes: usize = clean.iter().map(String::len).sum();
    println!("a post has {} bytes on average", bytes / COUNT);
    compare(
        "judging in memory",
        "posts",
        COUNT,
        ROUNDS,
        vec![
            Contestant::timed("UTF-8 decoding alone", || {
                for text in &clean {
                    black_box(black_box(text).chars().fold(0_u32, |sum, c| sum.wrapping_add(u32::from(c))));
                }
            }),
            Contestant::timed("one name, exact (str::contains)", || {
                for text in &clean {
                    black_box(black_box(text).contains("中国雷锋基金会"));
                }
            }),
            scanning("folded and matched, clean posts", &rules, &clean),
            scanning("folded and matched, 2 % name a listed body", &rules, &mixed),
        ],
    );
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

/// Decoding by field map, against building a `serde_json::Value`.
pub fn decoding() {
    let posts = posts(COUNT, HIT);
    let map = field_map();
    compare(
        "decoding",
        "posts",
        COUNT,
        ROUNDS,
        vec![
            Contestant::timed("serde_json::Value", || {
                for post in &posts {
                    let value: serde_json::Value = serde_json::from_slice(black_box(post)).expect("our posts are JSON");
                    black_box(value);
                }
            }),
            Contestant::timed("field map", || {
                for post in &posts {
                    let decoded = decode(&map, Some(black_box(post)));
                    assert!(matches!(black_box(decoded), Decoded::Content(_)), "our posts decode");
                }
            }),
        ],
    );
}

/// Posts a second, decoded and judged in memory on one thread, with nothing else going on.
pub fn decode_and_judge<'c>(rules: &'c RuleSet, map: &'c FieldMap, posts: &'c [Vec<u8>]) -> Contestant<'c> {
    let mut scanner = Scanner::new(rules);
    Contestant::timed("decoded and judged in memory, one thread", move || {
        for post in posts {
            if let Decoded::Content(content) = decode(map, Some(black_box(post))) {
                drop(black_box(scanner.scan(&content)));
            }
        }
    })
}

pub fn field_map() -> FieldMap {
    let pair = |name: &str, pointer: &str| (name.to_owned(), pointer.to_owned());
    let fields = SourceFields {
        kind: Kind::Post,
        id: Some("/id".to_owned()),
        author: Some("/author/id".to_owned()),
        time: Some("/created_at".to_owned()),
        region: None,
        attributes: vec![],
        text: vec![pair("title", "/title"), pair("body", "/body")],
        links: vec![pair("urls", "/entities/urls/*/expanded_url")],
    };
    FieldMap::compile(&fields).expect("these pointers are valid")
}

/// The rules of the repository.
pub fn shipped_rules() -> RuleSet {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut builder = RuleSet::builder();
    for folder in [folder.clone(), folder.join("notices")] {
        for entry in fs::read_dir(&folder).expect("the rules can be listed") {
            let path = entry.expect("an entry can be read").path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let yaml = fs::read_to_string(&path).expect("a rule file can be read");
                builder = builder.add_yaml(&path.to_string_lossy(), &yaml);
            }
        }
    }
    builder.build().expect("the shipped rules are valid")
}
