//! How a cue word is written: classes of words, gaps, open ends.
//!
//! `(别|不要)(信|交)` -> 别信, 别交, 不要信, 不要交. `送~证书` -> 送, a few letters, 证书. `与…无关` -> both in one sentence, in this order.
//! `invit*` -> whatever begins so. Not here: what the words mean.

use crate::text::fold;
use thiserror::Error;

/// A gap of a clause or two.
const WIDE_GAP: char = '…';
/// A gap of a few letters.
const NARROW_GAP: char = '~';
/// What stands at the open end of a word.
const OPEN_END: char = '*';
/// One word may stand for so many: verbs by objects by particles, not the dictionary.
pub const MAX_WORDS: usize = 3_000;

/// A word that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum WordingError {
    /// A bracket without its other half, or one in another.
    #[error("has a bracket that does not close, or one inside another")]
    Brackets,
    /// Too many.
    #[error("stands for more than {MAX_WORDS} words")]
    TooMany,
    /// Nothing left between two gaps.
    #[error("has a part without a letter or digit")]
    Empty,
}

/// What stands before a part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: the word begins.
    None,
    /// A few letters, and no mark.
    Narrow,
    /// A clause or two.
    Wide,
}

/// What stands between the gaps of a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What stands before.
    pub gap: Gap,
    /// The class: any of these.
    pub choices: Vec<Choice>,
}

/// One member of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The letters.
    pub text: String,
    /// The end is open.
    pub is_open: bool,
}

/// The parts of a word as written, each with every choice that its classes stand for.
pub fn parts(written: &str) -> Result<Vec<Part>, WordingError> {
    let (mut parts, mut gap, mut start) = (Vec::new(), Gap::None, 0);
    let mut is_class = false;
    for (at, mark) in written.char_indices().chain([(written.len(), WIDE_GAP)]) {
        match mark {
            '(' | ')' if is_class == (mark == '(') => return Err(WordingError::Brackets),
            '(' | ')' => is_class = !is_class,
            // also a class that the end does not close
            WIDE_GAP | NARROW_GAP if is_class => return Err(WordingError::Brackets),
            WIDE_GAP | NARROW_GAP => {
                parts.push(Part { gap, choices: choices(&written[start..at])? });
                gap = if mark == WIDE_GAP { Gap::Wide } else { Gap::Narrow };
                start = at + mark.len_utf8();
            }
            _ => {}
        }
    }
    Ok(parts)
}

fn choices(part: &str) -> Result<Vec<Choice>, WordingError> {
    let choice = |text: String| match text.strip_suffix(OPEN_END) {
        Some(open) => Choice { text: open.to_owned(), is_open: true },
        None => Choice { text, is_open: false },
    };
    let choices: Vec<Choice> = multiply(part)?.into_iter().map(choice).collect();
    let is_empty = choices.iter().any(|choice| fold(&choice.text).is_empty());
    if is_empty { Err(WordingError::Empty) } else { Ok(choices) }
}

/// Every text that one with classes stands for; its brackets are in order.
fn multiply(part: &str) -> Result<Vec<String>, WordingError> {
    let mut texts = vec![String::new()];
    // pieces alternate: letters, class, letters, ...
    for (index, piece) in part.split(['(', ')']).enumerate() {
        let choices: Vec<&str> = if index % 2 == 0 { vec![piece] } else { piece.split('|').collect() };
        if texts.len() * choices.len() > MAX_WORDS {
            return Err(WordingError::TooMany);
        }
        texts =
            texts.iter().flat_map(|text| choices.iter().map(move |choice| [text.as_str(), choice].concat())).collect();
    }
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(written: &str) -> Result<Vec<(Gap, Vec<String>)>, WordingError> {
        let texts = |part: Part| part.choices.into_iter().map(|choice| choice.text).collect();
        parts(written).map(|parts| parts.into_iter().map(|part| (part.gap, texts(part))).collect())
    }

    #[test]
    fn a_word_is_multiplied_out_between_its_gaps() {
        for (written, expected) in [
            ("会费", vec![(Gap::None, vec!["会费"])]),
            ("(别|不要)信", vec![(Gap::None, vec!["别信", "不要信"])]),
            ("(a|b)(c|)d", vec![(Gap::None, vec!["acd", "ad", "bcd", "bd"])]),
            ("与…无关", vec![(Gap::None, vec!["与"]), (Gap::Wide, vec!["无关"])]),
            ("(送|赠)~(书|证)", vec![(Gap::None, vec!["送", "赠"]), (Gap::Narrow, vec!["书", "证"])]),
        ] {
            let expected =
                expected.into_iter().map(|(gap, texts)| (gap, texts.into_iter().map(str::to_owned).collect()));
            assert_eq!(texts(written), Ok(expected.collect()), "{written}");
        }
        let open = parts("(invit|ask)*").expect("a word");
        assert!(open[0].choices.iter().all(|choice| choice.is_open && !choice.text.contains('*')));
    }

    #[test]
    fn what_is_no_word_is_refused() {
        for (written, expected) in [
            ("(别|不要", WordingError::Brackets),
            ("别)信", WordingError::Brackets),
            ("((别|不)要)", WordingError::Brackets),
            ("(别…信)", WordingError::Brackets),
            ("", WordingError::Empty),
            ("与…", WordingError::Empty),
            ("(别|)(信|)", WordingError::Empty),
            ("，！", WordingError::Empty),
            (&"(0|1|2|3|4|5|6|7|8|9)".repeat(9), WordingError::TooMany),
        ] {
            assert_eq!(texts(written), Err(expected), "{written}");
        }
    }
}
