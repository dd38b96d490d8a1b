//! The characters beside a name, folded, as far as a longer name could reach: a bounded look.

use crate::engine::reading::is_reading_of;
use crate::text::{fold, is_dropped, is_word_boundary};
use std::ops::Range;

/// Letters and digits that are looked at: the longest tail with its place and subject is under thirty characters, in English under sixty.
const MAX_LETTERS: usize = 64;
/// All characters that are looked at, signs and invisible ones too.
const MAX_SIGNS: usize = 160;

/// Characters of the name whose reading may stand in brackets right behind it.
const MAX_SAID: usize = 6;

/// A letter or digit as the fold leaves it; one that folds to several gives several.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    pub(super) folded: char,
    pub(super) is_upper: bool,
    /// Signs or spaces stand between this and its neighbour on the side of the name.
    pub(super) is_apart: bool,
    pub(super) bytes: Range<usize>,
}

/// A pair of brackets: the letters from `open`, as many as stand before `close`, and where it ends.
#[derive(Clone, Debug)]
struct Bracket {
    open: usize,
    close: usize,
    end: usize,
}

/// What stands behind a name, up to a sentence end, a list mark, a line's end or the bound.
#[derive(Debug, Default)]
pub(super) struct Window {
    pub(super) letters: Vec<Letter>,
    brackets: Vec<Bracket>,
    /// The text ends where the letters end.
    pub(super) is_all: bool,
}

impl Window {
    /// Reads what stands in `text` behind a name that ends at byte `at`, as far as byte `until`.
    pub(super) fn behind(text: &str, at: usize, until: usize) -> Self {
        let mut window = Self::default();
        let rest = text.get(at..until).unwrap_or_default();
        let mut open: Vec<usize> = Vec::new();
        let mut is_apart = false;
        let mut signs = rest.char_indices().take(MAX_SIGNS);
        let stopped = loop {
            let Some((offset, c)) = signs.next() else { break false };
            if window.letters.len() >= MAX_LETTERS {
                break true;
            }
            let bytes = at + offset..at + offset + c.len_utf8();
            if !is_dropped(c) {
                window.push(c, is_apart, bytes);
                is_apart = false;
            } else if is_opening(c) {
                open.push(window.letters.len());
                is_apart = true;
            } else if is_closing(c) {
                let Some(open) = open.pop() else { break true };
                is_apart = !window.skip_reading(&text[..at], open, bytes.end);
                if is_apart {
                    window.brackets.push(Bracket { open, close: window.letters.len(), end: bytes.end });
                }
            } else if ends(c) {
                break true;
            } else {
                is_apart |= !is_unseen(c);
            }
        };
        // what a bracket opens and does not close is no part of the name
        if let Some(&open) = open.first() {
            window.letters.truncate(open);
            window.brackets.retain(|bracket| bracket.close <= open);
        }
        window.is_all = !stopped && open.is_empty() && rest.len() <= MAX_SIGNS && until == text.len();
        window
    }

    /// Leaves out what a bracket holds from letter `open` on, when that is the reading of the characters before it: `湖(hú)南`. `name` is
    /// what stands before the window. Whether it was.
    fn skip_reading(&mut self, name: &str, open: usize, end: usize) -> bool {
        let inside = self.text(open..self.letters.len());
        if !inside.starts_with(|c: char| c.is_ascii_lowercase()) {
            return false;
        }
        let mut said: Vec<char> = name.chars().rev().take(MAX_SAID).collect();
        said.reverse();
        said.extend(self.letters[..open].iter().map(|letter| letter.folded));
        if !is_reading_of(&said, &inside) {
            return false;
        }
        self.letters.truncate(open);
        if let Some(last) = self.letters.last_mut() {
            last.bytes.end = end;
        }
        true
    }

    fn push(&mut self, c: char, is_apart: bool, bytes: Range<usize>) {
        let folded = String::from_utf16_lossy(&fold(c.encode_utf8(&mut [0; 4])));
        for (place, folded) in folded.chars().enumerate() {
            let is_apart = is_apart && place == 0;
            self.letters.push(Letter { folded, is_upper: c.is_uppercase(), is_apart, bytes: bytes.clone() });
        }
    }

    /// The words at `from`, written `word`.
    pub(super) fn has(&self, from: usize, word: &str) -> bool {
        let mut letters = self.letters.get(from..).unwrap_or_default().iter();
        word.chars().all(|c| letters.next().is_some_and(|letter| letter.folded == c))
    }

    /// Letters `[from, to)` as one word.
    pub(super) fn text(&self, letters: Range<usize>) -> String {
        self.letters.get(letters).unwrap_or_default().iter().map(|letter| letter.folded).collect()
    }

    /// Where the first `letters` end: with the brackets that close right behind them.
    pub(super) fn end_of(&self, letters: usize) -> usize {
        let last = letters.checked_sub(1).and_then(|last| self.letters.get(last)).map_or(0, |letter| letter.bytes.end);
        let closing = self.brackets.iter().filter(|bracket| bracket.close == letters).map(|bracket| bracket.end);
        closing.fold(last, usize::max)
    }

    /// The bytes of letters `[from, to)`.
    pub(super) fn bytes(&self, letters: &Range<usize>) -> Option<Range<usize>> {
        let inside = self.letters.get(letters.clone())?;
        Some(inside.first()?.bytes.start..inside.last()?.bytes.end)
    }

    /// Letters `[from, to)` fill one pair of brackets.
    pub(super) fn is_bracketed(&self, letters: &Range<usize>) -> bool {
        self.brackets.iter().any(|bracket| bracket.open == letters.start && bracket.close == letters.end)
    }
}

/// The letters before a name that begins at byte `at`, nearest first; `before` is what stands there.
pub(super) fn in_front(before: &str, at: usize) -> Window {
    let mut window = Window::default();
    let start = at - before.len();
    let mut is_apart = false;
    for (offset, c) in before.char_indices().rev().take(MAX_SIGNS) {
        if window.letters.len() >= MAX_LETTERS {
            return window;
        }
        if !is_dropped(c) {
            let folded = String::from_utf16_lossy(&fold(c.encode_utf8(&mut [0; 4])));
            for folded in folded.chars().rev() {
                let bytes = start + offset..start + offset + c.len_utf8();
                window.letters.push(Letter { folded, is_upper: c.is_uppercase(), is_apart, bytes });
                is_apart = false;
            }
        } else if ends(c) || is_opening(c) || is_closing(c) {
            return window;
        } else {
            is_apart |= !is_unseen(c);
        }
    }
    window.is_all = before.len() <= MAX_SIGNS;
    window
}

/// What a longer name has not within: sentence ends, list marks, a line's end. Dashes, dots and quotes it may have.
fn ends(c: char) -> bool {
    const ENDS: &str = "。．｡.!！?？;；:：,，、､…|｜/／\\#＃>＞<＜&＆@＠=＝+＋→←⇒↓×■□▪●○◆◇►▶؟،؛\n\r\t\u{2028}\u{2029}";
    ENDS.contains(c)
}

/// Nobody sees it: letters on both sides stand together.
fn is_unseen(c: char) -> bool {
    !is_word_boundary(&format!("a{c}a"), 1)
}

fn is_opening(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '［' | '【' | '〔' | '﹙' | '{' | '｛')
}

fn is_closing(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '］' | '】' | '〕' | '﹚' | '}' | '｝')
}
