//! Chinese: name, place, subject, tail. `中国样例学会` + `浙江省` + `书画` + `分会`.

use super::places::Places;
use super::window::{self, Window};
use super::words::{
    BEING_FOUNDED, BRANCHES, EVENTS, GOES_ON, IN_PREPARATION, NO_PLACE_BEFORE_A_SUFFIX, NOT_IN_A_NAME, OF_THE_STATE,
    PARTS, PREPARATIONS, SHORT_PLACES, SUFFIXES,
};
use super::{Kin, Kinship};
use crate::text::is_han_like;
use std::ops::Range;

/// Characters between place and tail: 书画艺术教育. Longer ones are a sentence.
const MAX_SUBJECT: usize = 8;
/// Places one in another: province, prefecture, county.
const MAX_PLACES: usize = 3;
/// Characters of a place that only its suffix shows.
const MAX_UNKNOWN: usize = 6;
/// Tails one behind the other: 浙江 分会 秘书处 筹备组.
const MAX_TAILS: usize = 3;

/// What a place is known by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    /// The tables of provinces and prefectures, or a suffix.
    Surely,
    /// A county without its suffix: only a tail that says "branch" makes it a place.
    ByItsTail,
}

/// A tail in the window.
#[derive(Clone, Copy)]
struct Tail {
    end: usize,
    kind: Kinship,
    /// It means a branch and nothing else.
    is_plain: bool,
}

/// The branch or committee that goes on behind a name which ends at byte `at` of `text`, as far as byte `until`.
pub(super) fn behind(text: &str, at: usize, until: usize) -> Option<Kin> {
    let window = Window::behind(text, at, until);
    if !window.letters.first().is_some_and(|letter| is_han_like(letter.folded)) {
        return None;
    }
    in_brackets(&window, at)
        .or_else(|| at_a_place(&window, at))
        .or_else(|| place_behind(&window, at))
        .or_else(|| prepared(&window, at))
}

/// 筹建中的, 拟成立 and the like in front of a name.
pub(super) fn in_front(before: &str, at: usize) -> Option<Kin> {
    let window = window::in_front(before, at);
    let words = BEING_FOUNDED.split_whitespace().filter(|word| {
        let mut letters = window.letters.iter();
        word.chars().rev().all(|c| letters.next().is_some_and(|letter| letter.folded == c))
    });
    let longest = words.map(|word| word.chars().count()).max()?;
    let start = window.letters.get(longest - 1)?.bytes.start;
    Some(Kin { kind: Kinship::Preparatory, bytes: start..at, place: None })
}

/// `…学会（筹）`, and a place alone in brackets at the end of the text.
fn in_brackets(window: &Window, at: usize) -> Option<Kin> {
    if let Some(end) = in_preparation(window, 0) {
        return Some(Kin { kind: Kinship::Preparatory, bytes: at..window.end_of(end), place: None });
    }
    let all = 0..window.letters.len();
    let is_place = window.is_all && window.is_bracketed(&all) && places(window, 0).contains(&(all.end, Known::Surely));
    is_place.then(|| Kin { kind: Kinship::Branch, bytes: at..window.end_of(all.end), place: window.bytes(&all) })
}

/// Where `（筹）` ends, when it stands in brackets at `from`.
fn in_preparation(window: &Window, from: usize) -> Option<usize> {
    let words = IN_PREPARATION.split_whitespace().filter(|word| window.has(from, word));
    words.map(|word| from + word.chars().count()).find(|end| window.is_bracketed(&(from..*end)))
}

/// `…学会办事处（北京）`: the place behind the tail.
fn place_behind(window: &Window, at: usize) -> Option<Kin> {
    let tail = tail(window, 0).filter(|tail| tail.is_plain && tail.kind == Kinship::Branch)?;
    let (end, _) = places(window, tail.end)
        .into_iter()
        .rev()
        .find(|(end, known)| *known == Known::Surely && window.is_bracketed(&(tail.end..*end)))?;
    Some(Kin { kind: tail.kind, bytes: at..window.end_of(end), place: window.bytes(&(tail.end..end)) })
}

fn at_a_place(window: &Window, at: usize) -> Option<Kin> {
    let start = usize::from(window.has(0, "驻") && !window.has(0, "驻马店"));
    let short = start == 1 && window.letters.get(1).is_some_and(|letter| SHORT_PLACES.contains(letter.folded));
    let short = short.then_some((2, Known::Surely));
    places(window, start).into_iter().rev().chain(short).find_map(|(end, known)| {
        let tail = tail_behind(window, end, known).or_else(|| stationed(window, start, end))?;
        Some(Kin { kind: tail.kind, bytes: at..window.end_of(tail.end), place: window.bytes(&(start..end)) })
    })
}

/// 驻京办: the short word for an office needs the verb before its place.
fn stationed(window: &Window, start: usize, end: usize) -> Option<Tail> {
    let stands =
        start == 1 && window.has(end, "办") && !["理", "了", "过", "的"].iter().any(|c| window.has(end + 1, c));
    stands.then_some(Tail { end: end + 1, kind: Kinship::Branch, is_plain: true })
}

/// A preparatory committee without a place, of the body or of a part of it.
fn prepared(window: &Window, at: usize) -> Option<Kin> {
    let (subject, length) = subjects(window, 0).find_map(|subject| {
        let length = longest(window, subject.end, PREPARATIONS)?;
        Some((subject, length))
    })?;
    let subject_text = window.text(subject.clone());
    if EVENTS.split_whitespace().any(|event| subject_text.contains(event)) {
        return None;
    }
    let end = subject.end + length;
    Some(Kin { kind: Kinship::Preparatory, bytes: at..window.end_of(end), place: None })
}

/// Where places that begin at `from` end, one in another: 浙江 · 浙江象山 · 浙江象山县.
fn places(window: &Window, mut from: usize) -> Vec<(usize, Known)> {
    let mut ends: Vec<(usize, Known)> = Vec::new();
    while ends.len() < MAX_PLACES
        && let Some(place) = place(window, from)
    {
        ends.push(place);
        from = place.0;
    }
    ends
}

fn place(window: &Window, from: usize) -> Option<(usize, Known)> {
    let tables = Places::get();
    let lengths = || (2..=MAX_UNKNOWN + 2).rev().filter(|length| from + length <= window.letters.len());
    let suffix = |at: usize| longest(window, at, SUFFIXES);
    if let Some(length) = lengths().find(|&length| tables.is_known(&window.text(from..from + length))) {
        let end = from + length;
        return Some((end + suffix(end).unwrap_or(0), Known::Surely));
    }
    let county = lengths().find(|&length| tables.is_county(&window.text(from..from + length)));
    if let Some(end) = county.map(|length| from + length) {
        return Some(suffix(end).map_or((end, Known::ByItsTail), |length| (end + length, Known::Surely)));
    }
    (1..=MAX_UNKNOWN).take_while(|length| is_name(window, from + length - 1)).find_map(|length| {
        let end = from + length;
        let last = window.letters[end - 1].folded;
        let suffix = suffix(end).filter(|_| !NO_PLACE_BEFORE_A_SUFFIX.contains(last))?;
        Some((end + suffix, Known::Surely))
    })
}

/// The letter can be part of a place or of a subject.
fn is_name(window: &Window, at: usize) -> bool {
    window.letters.get(at).is_some_and(|l| is_han_like(l.folded) && !NOT_IN_A_NAME.contains(l.folded))
}

/// The subjects that can begin at `from`, the empty one first.
fn subjects(window: &Window, from: usize) -> impl Iterator<Item = Range<usize>> {
    let names = (0..MAX_SUBJECT).take_while(move |&length| is_name(window, from + length)).count();
    (0..=names).map(move |length| from..from + length)
}

/// The tail nearest to a place that ends at `from`, with the tails that follow it at once.
fn tail_behind(window: &Window, from: usize, known: Known) -> Option<Tail> {
    let (subject, first) =
        subjects(window, from).find_map(|subject| Some((subject.clone(), tail(window, subject.end)?)))?;
    let subject_text = window.text(subject.clone());
    let is_of_the_state = OF_THE_STATE.split_whitespace().any(|word| subject_text.contains(word));
    // 上海市中心, 县城中心 are the middle of a town.
    let is_downtown = subject.is_empty()
        && window.has(from, "中心")
        && SUFFIXES.split_whitespace().any(|suffix| window.text(0..from).ends_with(suffix));
    if is_of_the_state || is_downtown || (known == Known::ByItsTail && !first.is_plain) {
        return None;
    }
    let mut whole = first;
    for _ in 1..MAX_TAILS {
        let Some(next) = tail(window, whole.end) else { break };
        let kind = if next.kind == Kinship::Preparatory { next.kind } else { whole.kind };
        whole = Tail { end: next.end, kind, ..whole };
    }
    Some(match in_preparation(window, whole.end) {
        Some(end) => Tail { end, kind: Kinship::Preparatory, ..whole },
        None => whole,
    })
}

/// The longest tail at `from`.
fn tail(window: &Window, from: usize) -> Option<Tail> {
    const KINDS: [(&str, Kinship, bool); 3] = [
        (PREPARATIONS, Kinship::Preparatory, true),
        (BRANCHES, Kinship::Branch, true),
        (PARTS, Kinship::Branch, false),
    ];
    let tails = KINDS.into_iter().filter_map(|(words, kind, is_plain)| {
        let length = longest(window, from, words)?;
        Some(Tail { end: from + length, kind, is_plain })
    });
    tails.max_by_key(|tail| (tail.end, tail.is_plain))
}

/// The length of the longest of `words` that stands at `from` and is not the beginning of another word.
fn longest(window: &Window, from: usize, words: &str) -> Option<usize> {
    let lengths =
        words.split_whitespace().filter(|word| window.has(from, word)).map(|word| (word.chars().count(), word));
    let (length, word) = lengths.max()?;
    let goes_on = GOES_ON.iter().filter(|(tail, _)| word.ends_with(tail)).flat_map(|(_, rest)| rest.split_whitespace());
    let mut goes_on = goes_on.filter(|rest| window.has(from + length, rest));
    goes_on.next().is_none().then_some(length)
}
