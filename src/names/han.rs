//! Chinese names have no spaces: prefix, what it is about, head.

use super::alike::{han_head, han_prefix};
use super::form::{Form, of_han};
use super::word::{Kind, Piece};
use crate::text::{fold, is_han_like};
use deunicode::deunicode_char;

/// A Han character: Kana and others that have no spaces either are read in Latin letters.
pub(super) fn is_han(c: char) -> bool {
    is_han_like(c)
        && matches!(u32::from(c), 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// In simplified script.
pub(super) fn folded(c: char) -> String {
    String::from_utf16_lossy(&fold(c.encode_utf8(&mut [0; 4])))
}

/// Takes the legal form off the last run of Han characters; with `in_latin`, the runs become words of Latin letters.
pub(super) fn without_form(mut pieces: Vec<Piece>, in_latin: bool) -> (Vec<Piece>, Vec<&'static Form>) {
    let mut forms = Vec::new();
    if let Some(last) = pieces.iter_mut().rev().find(|piece| !piece.bracketed && piece.text.chars().any(is_han))
        && let Some((rest, form)) = of_han(&last.text)
    {
        forms.push(form);
        last.text = rest.to_owned();
    }
    if in_latin {
        for piece in &mut pieces {
            piece.text = piece.text.chars().map(latin).collect();
        }
    }
    (pieces, forms)
}

fn latin(c: char) -> String {
    if c.is_ascii() {
        return c.to_string();
    }
    deunicode_char(c).unwrap_or("").trim().to_lowercase()
}

/// Prefix, body and head of a run; the body is never empty.
pub(super) fn parts(run: &str) -> Vec<(String, Kind)> {
    let (head, run) = match han_head(run) {
        Some((rest, head)) => (Some(head), rest),
        None => (None, run),
    };
    let (prefix, body) = match han_prefix(run) {
        Some((prefix, body)) => (Some(prefix), body),
        None => (None, run),
    };
    let frame = |text: &str| (text.to_owned(), Kind::HanFrame);
    prefix.map(frame).into_iter().chain([(body.to_owned(), Kind::Han)]).chain(head.map(frame)).collect()
}
