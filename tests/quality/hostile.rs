//! What a hostile text costs: time for each byte must not grow with the length of the text.
//!
//! `cargo test --release --no-default-features --test quality hostile -- --ignored --nocapture` prints the table. It measures
//! time, so it is no gate: what bounds the work is tested where the work is done, by counting it (`engine/reading/walk`) or
//! by the size of what is looked at.

use super::RULES;
use std::time::{Duration, Instant};
use tripline::content::Content;
use tripline::engine::Scanner;

/// Lengths in bytes: a text of the second costs four times as much as one of the first, give or take what a machine is busy with.
const LENGTHS: [usize; 2] = [256 << 10, 1 << 20];
/// Above this the work grows faster than the text: its square is sixteen times as much, and what leaves the cache costs up to
/// twice as much.
const TOO_MUCH: f64 = 9.0;
/// A text is judged so many times, and the fastest counts.
const ROUNDS: usize = 3;

/// What is repeated, by what it asks for.
fn pieces() -> Vec<(&'static str, String)> {
    let names = || RULES.organizations().iter().filter_map(|it| it.name.as_deref());
    let long =
        names().find(|name| name.chars().count() > 9 && name.starts_with("中国")).expect("a long name is listed");
    let english = RULES
        .protected_names()
        .iter()
        .map(|name| &*name.name)
        .find(|name| name.is_ascii() && name.len() > 20)
        .unwrap_or("China Made-up Association");
    let chars: Vec<char> = long.chars().collect();
    let but_last: String = chars[..chars.len() - 1].iter().collect();
    let joined = |by: &str| chars.iter().map(char::to_string).collect::<Vec<_>>().join(by);
    let mut pieces: Vec<(&'static str, String)> = [
        ("plain Han", "天气很好我们去爬山"),
        ("plain English", "the weather is fine today and so "),
        ("quotes", "“"),
        ("nested quotes", "“‘「『"),
        ("pairs of quotes", "“‘「』’”"),
        ("straight quotes", "\""),
        ("brackets", "("),
        ("pairs of brackets", "(()"),
        ("square brackets", "["),
        ("braces", "{"),
        ("full-width brackets", "（"),
        ("percent", "%2"),
        ("percent escapes", "%25"),
        ("entities", "&#x"),
        ("whole entities", "&amp;amp;"),
        ("long entities", "&#x4e2d;"),
        ("backslashes", "\\u"),
        ("escapes", "\\u4e2d"),
        ("two characters", "中国"),
        ("one character", "中"),
        ("characters and letters", "中z"),
        ("dots", "a.b.c."),
        ("only dots", "."),
        ("spaced scheme", "h t t p "),
        ("schemes", "http://"),
        ("punycode", "xn--"),
        ("punycode hosts", "xn--a.xn--b."),
        ("hyphens", "a-"),
        ("at signs", "a@"),
        ("zero width", "\u{200B}"),
        ("zero width and letters", "中\u{200B}"),
        ("marks", "e\u{301}\u{302}"),
        ("emoji", "中😀国😀"),
        ("tags", "<b>"),
        ("open tags", "<b "),
        ("comments", "<!--"),
        ("forum mark-up", "[b]中[/b]"),
        ("links", "[a]("),
        ("slashes", "/a?b=c&"),
        ("leet", "ch1n4 4ss0c14t10n "),
        ("bars", "|l1I!"),
        ("digits", "315"),
        ("money", "999元"),
        ("questions", "吗？"),
        ("line ends", "\n"),
        ("Latin, one letter", "a"),
        ("ring of pinyin", "zhongguo"),
        ("pinyin in brackets", "中(zhong)国(guo)"),
        ("an official host", "mca.gov.cn "),
        ("a host like one", "mca-gov.cn "),
        ("ideographic stops", "中。cn"),
        ("cues", "取缔非法社会组织名单曝光"),
        ("offers", "招募会员会费999元加微信"),
        ("negation", "并非与无关"),
        ("tabs", "\t|"),
    ]
    .map(|(what, piece)| (what, piece.to_owned()))
    .to_vec();
    pieces.extend([
        ("a listed name", long.to_owned()),
        ("a listed name and stops", format!("{long}。")),
        ("listed name, quoted", format!("“{long}”")),
        ("listed name, branch", format!("{long}浙江分会")),
        ("listed name, reversed", long.chars().rev().collect()),
        ("an almost-name", but_last.clone()),
        ("almost-names in brackets", format!("({but_last})")),
        ("a beheaded name", format!("“{}", chars[1..].iter().collect::<String>())),
        ("a spaced name", joined(" ")),
        ("a name of stops", joined("。")),
        ("a name in brackets", joined(")(")),
        ("a doubled name", chars.iter().flat_map(|c| [*c, *c]).collect()),
        ("a filled name", joined("x")),
        ("a noted name", format!("{}(公益){}", &long[..12], &long[12..])),
        ("a name of entities", joined_codes(&chars)),
        ("a name of tags", joined("</b><b>")),
        ("an English name", format!("{english} ")),
        ("an English name of leet", english.replace('i', "1").replace('o', "0") + " "),
        ("plain and hidden names", format!("{long}，{}，", joined("(x)"))),
    ]);
    pieces
}

/// Each character as an entity.
fn joined_codes(chars: &[char]) -> String {
    let codes: Vec<String> = chars.iter().map(|c| format!("&#{};", u32::from(*c))).collect();
    codes.concat()
}

fn time(scanner: &mut Scanner<'_>, piece: &str, length: usize) -> Duration {
    let content = Content::post(piece.repeat(length / piece.len()));
    let once = || {
        let start = Instant::now();
        let verdict = scanner.explain(&content);
        let time = start.elapsed();
        assert!(verdict.is_ok());
        time
    };
    std::iter::repeat_with(once).take(ROUNDS).min().unwrap_or_default()
}

#[test]
#[ignore = "measures time, for half a minute"]
fn work_grows_with_the_text() {
    let mut scanner = Scanner::new(&RULES);
    let mut grows = Vec::new();
    println!("{:>9} {:>9} {:>6} {:>8}  of", "256 kB", "1 MB", "ratio", "ns/byte");
    for (what, piece) in pieces() {
        let [short, long] = LENGTHS.map(|length| time(&mut scanner, &piece, length).as_secs_f64());
        let ratio = long / short;
        println!(
            "{:7.1}ms {:7.1}ms {ratio:6.1} {:8.1}  {what}",
            short * 1e3,
            long * 1e3,
            long * 1e9 / f64::from(1 << 20)
        );
        if ratio > TOO_MUCH {
            grows.push(what);
        }
    }
    assert!(grows.is_empty(), "grows faster than the text: {grows:?}");
}
