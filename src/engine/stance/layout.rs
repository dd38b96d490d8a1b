//! Sentences, clauses and quotations of a text, by its marks alone.
//!
//! `甲说：“乙，丙。”丁？` -> one sentence that asks; clauses `甲说`, `“乙，丙。”丁`: marks inside a quotation part nothing, nor do
//! those inside a name.

use crate::text::{is_dropped, is_han_like};
use std::ops::Range;

/// What stands between two marks.
#[derive(Debug)]
pub(super) struct Clause {
    pub field: usize,
    pub bytes: Range<usize>,
    /// Counted over all fields.
    pub sentence: usize,
    /// How the mark at its end leads on.
    pub mark: Mark,
}

/// What a mark says of what stands behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// The same matter goes on.
    Comma,
    /// `；`: another matter of the sentence.
    Semicolon,
    /// `：`: what was announced.
    Colon,
}

impl Mark {
    const fn of(c: char) -> Self {
        match c {
            ';' | '；' => Mark::Semicolon,
            ':' | '：' => Mark::Colon,
            _ => Mark::Comma,
        }
    }
}

/// The fields of a record, one after the other.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub clauses: Vec<Clause>,
    /// Whether each sentence ends with a question mark.
    pub asks: Vec<bool>,
    /// Field and bytes between the marks of a quotation, in order.
    quotes: Vec<(usize, Range<usize>)>,
}

/// A quotation that does not close within so many bytes is an odd mark.
const LONGEST_QUOTE: usize = 1_500;
/// Shorter ones only point at a word: in characters without spaces, and in an alphabet.
const SHORTEST_SPEECH: usize = 3;
const SHORTEST_SPEECH_LATIN: usize = 8;
/// Letters around a quotation that say whose it is.
const SHORTEST_FRAME: usize = 4;

impl Layout {
    /// Adds a field; `names` are the places in it that no mark parts, in order.
    pub fn add(&mut self, field: usize, text: &str, names: &[Range<usize>]) {
        let quotes = quotations(text);
        let mut shut = quotes.iter().chain(names).cloned().collect::<Vec<_>>();
        shut.sort_by_key(|range| (range.start, range.end));
        let mut shut = shut.into_iter().peekable();
        let (mut start, mut closed_until) = (0, 0);
        let mut chars = text.char_indices().peekable();
        let mut before = ' ';
        while let Some((at, c)) = chars.next() {
            while let Some(range) = shut.next_if(|range| range.start <= at) {
                closed_until = closed_until.max(range.end);
            }
            let next = chars.peek().map_or(' ', |(_, next)| *next);
            if at >= closed_until {
                let end = at + c.len_utf8();
                let ends = ends_sentence(&text[start..at], before, c, next);
                if ends || parts_clauses(c, before, next) {
                    self.clauses.push(Clause {
                        field,
                        bytes: start..end,
                        sentence: self.asks.len(),
                        // marks tell where a quotation behind a colon ends
                        mark: if closing_of(next, c, ' ').is_some() { Mark::Comma } else { Mark::of(c) },
                    });
                    start = end;
                }
                if ends {
                    self.asks.push(matches!(c, '?' | '？'));
                }
            }
            before = c;
        }
        if start < text.len() || text.is_empty() {
            let (bytes, sentence) = (start..text.len(), self.asks.len());
            self.clauses.push(Clause { field, bytes, sentence, mark: Mark::Comma });
        }
        self.asks.push(false);
        let all = if quotes.is_empty() { 0 } else { letters(text) };
        self.quotes.extend(quotes.into_iter().filter(|quote| is_speech(text, all, quote)).map(|quote| (field, quote)));
    }

    /// The clause that a byte of a field is in.
    pub fn clause_at(&self, field: usize, byte: usize) -> Option<usize> {
        let behind = self.clauses.partition_point(|clause| (clause.field, clause.bytes.start) <= (field, byte));
        behind.checked_sub(1).filter(|index| self.clauses[*index].field == field)
    }

    /// What stands before each quotation of a field that somebody is said to speak: `他说：“`, `the letter promises "`.
    pub fn spoken<'t>(&self, field: usize, text: &'t str) -> impl Iterator<Item = Range<usize>> + use<'_, 't> {
        let of_field = self.quotes.iter().filter(move |(of, _)| *of == field);
        of_field.filter_map(|(_, quote)| speaker(text, quote.start))
    }

    /// The bytes of the quotation that a place is in.
    pub fn quotation(&self, field: usize, byte: usize) -> Option<&Range<usize>> {
        let behind = self.quotes.partition_point(|(of, quote)| (*of, quote.start) <= (field, byte));
        let (of, quote) = &self.quotes[behind.checked_sub(1)?];
        (*of == field && byte < quote.end).then_some(quote)
    }
}

/// Whether a mark ends a sentence; `so_far` is the clause before it.
fn ends_sentence(so_far: &str, before: char, c: char, next: char) -> bool {
    const TITLES: [&str; 7] = ["Mr", "Mrs", "Ms", "Dr", "No", "St", "Prof"];
    match c {
        '。' | '！' | '？' | '!' | '?' | '\n' | '\u{2029}' | '｡' => true,
        '.' => {
            let word = so_far.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            let is_initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
            next.is_whitespace() && before != '.' && !is_initial && !TITLES.contains(&word)
        }
        _ => false,
    }
}

/// Whether a mark parts two clauses. A comma or colon between digits is part of a number.
fn parts_clauses(c: char, before: char, next: char) -> bool {
    match c {
        ',' | ':' => !(before.is_ascii_digit() && next.is_ascii_digit() || c == ':' && next == '/'),
        '，' | '：' | ';' | '；' | '（' | '）' | '(' | ')' | '|' | '｜' | '—' | '–' | '…' | '【' | '】' | '●' | '•' => {
            true
        }
        _ => false,
    }
}

/// The verb of saying before a quotation that begins at a byte.
fn speaker(text: &str, quote: usize) -> Option<Range<usize>> {
    const SAID: &str = "说說称稱道曰讲講写寫喊叫问問答念告";
    const SAYS: [&str; 30] = [
        "said",
        "says",
        "say",
        "saying",
        "wrote",
        "writes",
        "written",
        "reads",
        "read",
        "promises",
        "promised",
        "claims",
        "claimed",
        "asks",
        "asked",
        "told",
        "announced",
        "announces",
        "offers",
        "offered",
        "calls",
        "called",
        "shouts",
        "printed",
        "advertises",
        "advertised",
        "boasts",
        "boasted",
        "insists",
        "insisted",
    ];
    let before = text[..quote].trim_end_matches(|c: char| !c.is_alphanumeric());
    let last = before.chars().next_back()?;
    if SAID.contains(last) {
        return Some(before.len() - last.len_utf8()..before.len());
    }
    let from = before.ceil_char_boundary(before.len().saturating_sub(12));
    let word = before[from..].rsplit(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    let says = SAYS.iter().any(|says| says.eq_ignore_ascii_case(word));
    says.then(|| before.len() - word.len()..before.len())
}

/// The bytes between pairs of quotation marks, in order; those inside others are not told.
fn quotations(text: &str) -> Vec<Range<usize>> {
    let mut quotes = Vec::new();
    let mut open: Option<(char, usize)> = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map_or(' ', |(_, next)| *next);
        match open {
            Some((close, start)) if c == close && (close != '’' && close != '\'' || !next.is_alphanumeric()) => {
                quotes.push(start..at);
                open = None;
            }
            Some((close, start)) => {
                let is_lost = at - start > LONGEST_QUOTE || c == '\n' && matches!(close, '"' | '\'');
                open = open.filter(|_| !is_lost);
            }
            None => open = closing_of(c, before, next).map(|close| (close, at + c.len_utf8())),
        }
        before = c;
    }
    quotes
}

fn closing_of(c: char, before: char, next: char) -> Option<char> {
    match c {
        '“' | '„' | '〝' => Some('”'),
        '‘' => Some('’'),
        '「' => Some('」'),
        '『' => Some('』'),
        '«' => Some('»'),
        '"' | '＂' => Some(c),
        '\'' if !before.is_alphanumeric() && next.is_alphanumeric() => Some(c),
        _ => None,
    }
}

/// A quotation that says something, and is not the whole text: what an author puts in marks from end to end is the author's.
fn is_speech(text: &str, all: usize, quote: &Range<usize>) -> bool {
    let inner = &text[quote.clone()];
    let shortest = if inner.contains(is_han_like) { SHORTEST_SPEECH } else { SHORTEST_SPEECH_LATIN };
    let spoken = letters(inner);
    spoken >= shortest && all - spoken >= SHORTEST_FRAME
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| !is_dropped(*c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(text: &str) -> Vec<(usize, &str)> {
        let mut layout = Layout::default();
        layout.add(0, text, &[]);
        layout.clauses.iter().map(|clause| (clause.sentence, &text[clause.bytes.clone()])).collect()
    }

    #[test]
    fn marks_part_clauses_and_sentences_but_not_inside_a_quotation() {
        for (text, expected) in [
            ("甲，乙。丙？丁", vec![(0, "甲，"), (0, "乙。"), (1, "丙？"), (2, "丁")]),
            ("甲说“乙，丙。”丁。", vec![(0, "甲说“乙，丙。”丁。")]),
            ("Mr. A. Smith paid 1,200. He left.", vec![(0, "Mr. A. Smith paid 1,200."), (1, " He left.")]),
            ("see https://a.example/x", vec![(0, "see https://a.example/x")]),
            ("“甲，乙", vec![(0, "“甲，"), (0, "乙")]),
            ("", vec![(0, "")]),
        ] {
            assert_eq!(clauses(text), expected, "{text}");
        }
    }

    #[test]
    fn speech_is_told_from_names_apostrophes_and_a_text_in_marks() {
        for (text, quoted) in [
            ("他说“快来报名”，别信", Some("快来报名")),
            ("他说「快来报名」，别信", Some("快来报名")),
            ("it reads 'join us today', ignore it", Some("join us today")),
            ("it reads \"join us today\", ignore it", Some("join us today")),
            ("don't and can't", None),
            ("“奖”不是奖", None),
            ("“快来报名，名额有限”", None),
            ("他说“快来报名", None),
        ] {
            let mut layout = Layout::default();
            layout.add(0, text, &[]);
            assert_eq!(layout.quotes.first().map(|(_, bytes)| &text[bytes.clone()]), quoted, "{text}");
        }
    }

    #[test]
    fn who_speaks_a_quotation_is_its_last_word_before_the_marks() {
        for (text, expected) in [
            ("他称：“快来报名”，随后挂断", Some("称")),
            ("The leaflet promises, \"join us today\" and more", Some("promises")),
            // nobody speaks
            ("获“先进单位”的牌子", None),
            ("under the motto \"join us today\" they met", None),
            ("aloud \"join us today\" they met", None),
        ] {
            let mut layout = Layout::default();
            layout.add(0, text, &[]);
            let found = layout.spoken(0, text).next();
            assert_eq!(found.map(|bytes| &text[bytes]), expected, "{text}");
        }
    }
}
