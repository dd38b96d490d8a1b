//! What the fold changed, character by character, neighbours of one kind together.

use crate::text::{FoldSet, Span, fold, folds_between};

/// Neighbouring characters that were folded in the same ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Where they stand in the original.
    pub span: Span,
    /// As written.
    pub written: String,
    /// As read; empty when dropped.
    pub read: String,
    /// The ways.
    pub folds: FoldSet,
}

/// A folded text, as text.
pub(super) fn folded(text: &str) -> String {
    String::from_utf16_lossy(&fold(text))
}

/// All changes, in order. The fold knows no context, so each character can be asked alone.
pub(super) fn changes(text: &str) -> Vec<Change> {
    let mut changes: Vec<(usize, usize, FoldSet, String)> = Vec::new();
    for (at, c) in text.char_indices() {
        let written = c.to_string();
        let read = folded(&written);
        if read == written {
            continue;
        }
        // between two letters, because nothing can be said of a text that is dropped whole
        let folds = folds_between(&format!("一{written}一"), &format!("一{read}一"));
        let end = at + written.len();
        match changes.last_mut() {
            Some((_, last_end, last_folds, all)) if *last_end == at && *last_folds == folds => {
                *last_end = end;
                all.push_str(&read);
            }
            _ => changes.push((at, end, folds, read)),
        }
    }
    changes
        .into_iter()
        .map(|(start, end, folds, read)| Change {
            span: Span::new(text, start..end),
            written: text[start..end].to_owned(),
            read,
            folds,
        })
        .collect()
}
