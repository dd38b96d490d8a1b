//! The fold against data that it was not made from: Unihan's variants, and the confusables of UTS 39.
//!
//! A pair folds alike, or a row of a table says why not. A row's count is the most pairs that it may explain, so that a
//! fold which gets worse is seen; `make quality` prints what each explains today.

use super::RULES;
use super::lists::root;
use std::collections::BTreeSet;
use std::fs;
use tripline::text::fold;

/// Two characters: the letter, and what may be written for it.
type Pair = (char, char);

/// Why some pairs do not fold alike.
struct Reason {
    why: &'static str,
    at_most: usize,
    explains: fn(Pair) -> bool,
}

const fn reason(why: &'static str, at_most: usize, explains: fn(Pair) -> bool) -> Reason {
    Reason { why, at_most, explains }
}

#[test]
fn simplified_and_traditional_forms_fold_alike() {
    let reasons = [
        reason("either is outside the basic block: rare, and in no list", 2650, is_rare),
        reason("the traditional form is itself a word of its own in simplified text", 10, |pair| {
            is_one_of(pair, "么幺 了瞭 借藉 只戠 只衹 复覆 着著 坂阪 岙嶴 垵埯")
        }),
        reason("a second simplified form, of surnames and of names of things; the first one is folded to", 8, |pair| {
            is_one_of(pair, "鍾锺 線缐 託讬 鉅钜 鏇镟 彝彞 渖瀋 麴麹")
        }),
        reason("rare characters of dialects, dishes, plants and elements", 10, |pair| {
            is_one_of(pair, "吣唚 硷鹼 稆穭 褝襌 鉨鿭 鑈鿭 鞀鼗 鮗鿴 鿟鿠 鿳鿸")
        }),
    ];
    judge("simplified and traditional", &pairs("simplified-traditional.txt"), &reasons);
}

#[test]
fn han_characters_that_spoof_others_are_folded_or_known() {
    let reasons = [
        reason("either is outside the basic block: rare, and in no list", 150, is_rare),
        reason("words of their own that look alike (妹 and 妺): one name would become another", 31, |pair| {
            let basic = |c| ('\u{4E00}'..='\u{9FFF}').contains(&c);
            basic(pair.0) && basic(pair.1)
        }),
    ];
    judge("spoofing", &pairs("spoofing.txt"), &reasons);
}

#[test]
fn what_looks_like_a_letter_of_a_name_folds_to_it() {
    let reasons = [
        reason("the letter is neither Latin a-z nor Han: no name has it", 600, |(letter, _)| !is_of_names(letter)),
        reason("a sign, and no letter: it is dropped as a separator", 60, |(_, other)| {
            fold(&other.to_string()).is_empty()
        }),
        reason("a digit, which a name may have too: 0 for o is read by `leet`", 16, |(letter, other)| {
            "lo".contains(lower(letter)) && matches!(folded(other).as_str(), "0" | "1")
        }),
        reason("a capital I: case is folded before looks, and I is an i", 40, |(letter, other)| {
            letter == 'l' && folded(other) == "i"
        }),
        reason("either is a rare Han character, in no list", 40, is_rare),
        reason("Han characters of other meanings that look alike (土 and 士)", 40, |(letter, other)| {
            [letter, other].iter().all(|c| ('\u{2E80}'..='\u{9FFF}').contains(c))
        }),
        reason("a single stroke, which is read as a bar between characters", 1, |(_, other)| other == 'ᅵ'),
        reason("the long s, an s to whoever reads it", 1, |(_, other)| other == 'ſ'),
        reason("the Han zero, a digit of years and addresses", 1, |(_, other)| other == '〇'),
    ];
    judge("confusables", &confusables(), &reasons);
}

/// No pair that is left apart has both its characters in names of the lists: no listed name is another's disguise.
#[test]
fn what_is_left_apart_makes_no_name_another() {
    let used: BTreeSet<char> = names().flat_map(|name| name.chars().collect::<Vec<_>>()).collect();
    for file in ["simplified-traditional.txt", "spoofing.txt"] {
        for (a, b) in pairs(file).into_iter().filter(|(a, b)| folded(*a) != folded(*b)) {
            assert!(!(used.contains(&a) && used.contains(&b)), "{a} and {b} of {file}");
        }
    }
}

/// Every pair folds alike or is explained by the first reason that fits it.
fn judge(what: &str, pairs: &[Pair], reasons: &[Reason]) {
    let apart: Vec<Pair> = pairs.iter().copied().filter(|(a, b)| folded(*a) != folded(*b)).collect();
    println!("{what}: {} of {} pairs fold alike", pairs.len() - apart.len(), pairs.len());
    let mut counts = vec![0; reasons.len()];
    let mut unexplained = Vec::new();
    for pair in apart {
        match reasons.iter().position(|reason| (reason.explains)(pair)) {
            Some(index) => counts[index] += 1,
            None => unexplained.push(pair),
        }
    }
    for (reason, count) in reasons.iter().zip(&counts) {
        println!("  {count:5}  {}", reason.why);
    }
    assert_eq!(unexplained, [], "{what}: neither folded nor explained");
    for (reason, count) in reasons.iter().zip(counts) {
        assert!(
            count <= reason.at_most,
            "{what}: {count} are explained by {:?}, at most {} were",
            reason.why,
            reason.at_most
        );
    }
}

fn folded(c: char) -> String {
    String::from_utf16_lossy(&fold(&c.to_string()))
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// Outside the basic blocks of Han characters, where no common word is written.
fn is_rare((a, b): Pair) -> bool {
    let is_han = |c: char| matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}');
    let is_basic = |c: char| ('\u{4E00}'..='\u{9FEF}').contains(&c);
    is_han(a) && is_han(b) && !(is_basic(a) && is_basic(b))
}

fn is_one_of((a, b): Pair, listed: &str) -> bool {
    listed.split(' ').any(|pair| pair.chars().eq([a, b]))
}

/// Names are written in these.
fn is_of_names(c: char) -> bool {
    lower(c).is_ascii_lowercase() || ('\u{3400}'..='\u{9FFF}').contains(&c) || c >= '\u{20000}'
}

/// Every name that the shipped lists hold, lawful bodies included.
fn names() -> impl Iterator<Item = &'static str> {
    let listed = RULES.organizations().iter().flat_map(|o| o.name.iter().map(|name| &**name));
    listed.chain(RULES.protected_names().iter().map(|name| &*name.name))
}

fn lines(file: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("tests/quality/data").join(file)).expect("the file is there");
    text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

fn character(hex: &str) -> char {
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).unwrap_or_else(|| panic!("{hex} is no character"))
}

fn pairs(file: &str) -> Vec<Pair> {
    let pair = |line: String| line.split_once(' ').map(|(a, b)| (character(a), character(b))).expect("two columns");
    lines(file).into_iter().map(pair).collect()
}

fn confusables() -> Vec<Pair> {
    let row = |line: String| {
        let (letter, others) = line.split_once(": ").expect("a letter and others");
        others.split(' ').map(|other| (character(letter), character(other))).collect::<Vec<_>>()
    };
    lines("confusables.txt").into_iter().flat_map(row).collect()
}
