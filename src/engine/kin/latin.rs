//! English: `Zhejiang Branch` behind a name, `Branch in Chengdu`, and `Chengdu Office of the` in front of it.

use super::places::{LONGEST, Places};
use super::window::{self, Letter, Window};
use super::words::{
    ENGLISH_BRANCHES, ENGLISH_IN_PREPARATION, ENGLISH_PARTS, ENGLISH_PREPARATIONS, NO_PLACES, PLACE_SUFFIXES,
};
use super::{Kin, Kinship};
use crate::text::is_han_like;
use std::ops::Range;

/// Words of a place: Inner Mongolia, Ho Chi Minh City.
pub(super) const MAX_PLACE: usize = 4;
/// Words between place and tail.
const MAX_SUBJECT: usize = 2;

/// A word of a spaced script.
struct Word {
    folded: String,
    is_capital: bool,
    /// Its letters in the window.
    letters: Range<usize>,
    bytes: Range<usize>,
}

/// What stands before a tail can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tail {
    Branch,
    Part,
    Preparation,
}

/// The branch or committee that goes on behind a name which ends at byte `at` of `text`, as far as byte `until`.
pub(super) fn behind(text: &str, at: usize, until: usize) -> Option<Kin> {
    // one comma may part name and branch: `…, Beijing Office`
    let comma = text.get(at..until)?.strip_prefix(", ").map_or(0, |_| 2);
    let window = Window::behind(text, at + comma, until);
    if !window.letters.first().is_some_and(|letter| letter.is_apart || comma > 0 || is_han_before(letter)) {
        return None;
    }
    let words = words(&window.letters, false);
    let words = match words.first() {
        Some(first) if first.folded == "s" => &words[1..],
        _ => &words[..],
    };
    let kin = in_brackets(&window, words)
        .or_else(|| place_then_tail(words))
        .or_else(|| tail_then_place(words))
        .or_else(|| prepared(words))
        .or_else(|| of_a_place(words))?;
    let (kind, last, place) = kin;
    let end = window.end_of(words[last].letters.end);
    Some(Kin { kind, bytes: at..end, place: place.and_then(|place| bytes_of(words, place)) })
}

/// A Latin word may touch a Chinese name.
fn is_han_before(letter: &Letter) -> bool {
    letter.is_upper && !is_han_like(letter.folded)
}

/// `Chengdu Office of the`, `Preparatory Committee of`, and as letterheads have it `Wuhan Branch,` in front of a name.
pub(super) fn in_front(before: &str, at: usize) -> Option<Kin> {
    if let Some(head) = before.strip_suffix(", ") {
        return letterhead(head, at);
    }
    let window = window::in_front(before, at);
    if !window.letters.first().is_some_and(|letter| letter.is_apart) {
        return None;
    }
    let words = words(&window.letters, true);
    let words = match words.split_last()? {
        (article, rest) if article.folded == "the" => rest,
        _ => &words[..],
    };
    let words = words.split_last().filter(|(word, _)| matches!(word.folded.as_str(), "of" | "for"))?.1;
    let (first, kind, place) = tail_before(words)?;
    Some(Kin { kind, bytes: words[first].bytes.start..at, place: place.and_then(|place| bytes_of(words, place)) })
}

/// `Wuhan Branch, ‹name›`: an office or a committee there may be anybody's.
fn letterhead(head: &str, at: usize) -> Option<Kin> {
    let window = window::in_front(head, at.saturating_sub(", ".len()));
    let words = words(&window.letters, true);
    let (first, kind, place) = tail_before(&words)?;
    let is_plain = ends_with(&words, ENGLISH_BRANCHES) || ends_with(&words, ENGLISH_PREPARATIONS);
    let place = place.and_then(|place| bytes_of(&words, place));
    is_plain.then(|| Kin { kind, bytes: words[first].bytes.start..at, place })
}

/// The bytes of some words.
fn bytes_of(words: &[Word], range: Range<usize>) -> Option<Range<usize>> {
    let inside = words.get(range)?;
    Some(inside.first()?.bytes.start..inside.last()?.bytes.end)
}

fn ends_with(words: &[Word], tails: &str) -> bool {
    (0..words.len()).any(|from| tail_of(words, from, tails).is_some_and(|length| from + length == words.len()))
}

/// Letters as words; `is_reversed` when the nearest to the end of the text comes first.
fn words(letters: &[Letter], is_reversed: bool) -> Vec<Word> {
    let mut letters: Vec<Letter> = letters.to_vec();
    if is_reversed {
        letters.reverse();
        // what stood behind a letter now stands before the next
        let apart: Vec<bool> = letters.iter().map(|letter| letter.is_apart).collect();
        for (place, letter) in letters.iter_mut().enumerate() {
            letter.is_apart = place > 0 && apart[place - 1];
        }
    }
    let mut words: Vec<Word> = Vec::new();
    for (place, letter) in letters.iter().enumerate() {
        if is_han_like(letter.folded) {
            if is_reversed {
                words.clear();
                continue;
            }
            break;
        }
        match words.last_mut().filter(|word| word.letters.end == place && !is_new_word(&letters, place)) {
            Some(word) => {
                word.folded.push(letter.folded);
                word.letters.end = place + 1;
                word.bytes.end = letter.bytes.end;
            }
            None => words.push(Word {
                folded: letter.folded.to_string(),
                is_capital: letter.is_upper,
                letters: place..place + 1,
                bytes: letter.bytes.clone(),
            }),
        }
    }
    words
}

/// A word begins behind a sign, and at a capital behind a small letter: handles have no spaces.
fn is_new_word(letters: &[Letter], at: usize) -> bool {
    letters[at].is_apart || (letters[at].is_upper && at > 0 && !letters[at - 1].is_upper)
}

/// The number of words of the longest of `tails` at `from`.
fn tail_of(words: &[Word], from: usize, tails: &str) -> Option<usize> {
    let stands = |tail: &str| {
        let mut here = words.get(from..).unwrap_or_default().iter();
        tail.split_whitespace().all(|word| here.next().is_some_and(|here| here.folded == word))
    };
    tails.split(',').filter(|tail| stands(tail)).map(|tail| tail.split_whitespace().count()).max()
}

fn is_one_of(word: &Word, table: &str) -> bool {
    table.split_whitespace().any(|known| word.folded == known)
}

/// The longest tail at `from`: what it says, and its words.
fn tail_at(words: &[Word], from: usize) -> Option<(Tail, usize)> {
    let kinds =
        [(ENGLISH_PREPARATIONS, Tail::Preparation), (ENGLISH_BRANCHES, Tail::Branch), (ENGLISH_PARTS, Tail::Part)];
    let tails = kinds.into_iter().filter_map(|(tails, kind)| Some((kind, tail_of(words, from, tails)?)));
    tails.max_by_key(|(kind, length)| (*length, *kind != Tail::Part))
}

/// The place that begins at `from`: its words, and whether the tables know it.
fn place_at(words: &[Word], from: usize) -> Option<(usize, bool)> {
    let lengths = (1..=MAX_PLACE).rev().filter(|length| from + length <= words.len());
    let known = lengths.clone().find(|length| is_known(&words[from..from + length]));
    if let Some(length) = known {
        let has_suffix = words.get(from + length).is_some_and(|word| is_one_of(word, PLACE_SUFFIXES));
        return Some((length + usize::from(has_suffix), true));
    }
    let unknown = words[from..].iter().take(MAX_PLACE).take_while(|word| may_be_a_place(word));
    // the tail is capitalised, too
    let unknown = unknown.count();
    (1..=unknown).find(|length| tail_at(words, from + length).is_some()).map(|length| (length, false))
}

/// A capitalised word that no table knows.
fn may_be_a_place(word: &Word) -> bool {
    word.is_capital && !is_one_of(word, NO_PLACES)
}

fn is_known(words: &[Word]) -> bool {
    let joined: String = words.iter().map(|word| word.folded.as_str()).collect();
    joined.chars().count() <= LONGEST && Places::get().is_known(&joined)
}

/// What was found, the last word of it, and the words of the place.
type Found = (Kinship, usize, Option<Range<usize>>);

/// `Shenzhen Branch`, `Dubai Representative Office`, `Beijing Calligraphy Committee`, `Hunan Branch Preparatory Committee`.
fn place_then_tail(words: &[Word]) -> Option<Found> {
    let (length, is_known) = place_at(words, 0)?;
    let subjects = if is_known { 0..=MAX_SUBJECT } else { 0..=0 };
    let (from, (kind, tail)) =
        subjects.map(|subject| length + subject).find_map(|at| Some((at, tail_at(words, at)?)))?;
    if kind == Tail::Part && !is_known {
        return None;
    }
    let mut end = from + tail;
    let mut kinship = kinship(kind);
    if let Some(prepared) = tail_of(words, end, ENGLISH_PREPARATIONS) {
        end += prepared;
        kinship = Kinship::Preparatory;
    }
    Some((kinship, end - 1, Some(0..length)))
}

/// `Branch in Chengdu`, `Liaison Office (Chengdu)`.
fn tail_then_place(words: &[Word]) -> Option<Found> {
    let (kind, tail) = tail_at(words, 0)?;
    let joint = words.get(tail).is_some_and(|word| matches!(word.folded.as_str(), "in" | "at" | "of" | "for"));
    let from = tail + usize::from(joint);
    let lengths = (1..=MAX_PLACE).rev().filter(|length| from + length <= words.len());
    let length = lengths.clone().find(|length| is_known(&words[from..from + length])).or_else(|| {
        let unknown = words.get(from).filter(|word| may_be_a_place(word));
        unknown.filter(|_| joint && kind == Tail::Branch).map(|_| 1)
    })?;
    Some((kinship(kind), from + length - 1, Some(from..from + length)))
}

/// A preparatory committee needs no place.
fn prepared(words: &[Word]) -> Option<Found> {
    let length = tail_of(words, 0, ENGLISH_PREPARATIONS)?;
    Some((Kinship::Preparatory, length - 1, None))
}

/// `… of Zhejiang`: without a tail, and so only at home, where the listed body is (`another`). `… of China` is the whole body.
fn of_a_place(words: &[Word]) -> Option<Found> {
    words.first().filter(|of| of.folded == "of")?;
    let from = 1 + usize::from(words.get(1).is_some_and(|word| word.folded == "the"));
    let lengths = (1..=MAX_PLACE).rev().filter(|length| from + length <= words.len());
    let place = |length: usize| words[from..from + length].iter().map(|word| word.folded.as_str()).collect::<String>();
    let is_part_of_china = |name: &str| name != "china" && Places::get().is_at_home(name);
    let length = lengths.clone().find(|length| is_part_of_china(&place(*length)))?;
    Some((Kinship::Branch, from + length - 1, Some(from..from + length)))
}

/// A place of China, of these words.
pub(super) fn is_at_home(words: &[&str]) -> bool {
    let letters = words.iter().map(|word| word.trim_end_matches(|c: char| !c.is_alphanumeric()));
    Places::get().is_at_home(&letters.collect::<String>().to_lowercase())
}

/// `(in preparation)`, and a place alone in brackets at the end of the text: `(Sichuan)`.
fn in_brackets(window: &Window, words: &[Word]) -> Option<Found> {
    let fill = |length: usize| {
        let (first, last) = (words.first()?, words.get(length.checked_sub(1)?)?);
        window.is_bracketed(&(first.letters.start..last.letters.end)).then_some(())
    };
    if let Some(length) = tail_of(words, 0, ENGLISH_IN_PREPARATION) {
        fill(length)?;
        return Some((Kinship::Preparatory, length - 1, None));
    }
    fill(words.len())?;
    (window.is_all && is_known(words)).then(|| (Kinship::Branch, words.len() - 1, Some(0..words.len())))
}

/// A place and a tail that end where `words` end: the first word, the kind, and the place's words.
fn tail_before(words: &[Word]) -> Option<(usize, Kinship, Option<Range<usize>>)> {
    let ends_here = |from: &usize| tail_at(words, *from).is_some_and(|(_, length)| from + length == words.len());
    let from = (0..words.len()).find(ends_here)?;
    let (kind, _) = tail_at(words, from)?;
    let lengths = (1..=MAX_PLACE + 1).rev().filter(|length| *length <= from);
    let known = lengths.clone().find(|length| {
        let place = from - length..from;
        place_at(&words[place.clone()], 0).is_some_and(|(found, is_known)| is_known && found == *length)
    });
    let unknown = || words[..from].last().filter(|word| kind == Tail::Branch && may_be_a_place(word)).map(|_| 1);
    match known.or_else(unknown) {
        Some(length) => Some((from - length, kinship(kind), Some(from - length..from))),
        None if kind == Tail::Preparation => Some((from, Kinship::Preparatory, None)),
        None => None,
    }
}

const fn kinship(tail: Tail) -> Kinship {
    match tail {
        Tail::Branch | Tail::Part => Kinship::Branch,
        Tail::Preparation => Kinship::Preparatory,
    }
}
