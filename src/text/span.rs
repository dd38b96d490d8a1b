//! A place in an original text, counted in the three units that readers of verdicts use.
use std::ops::Range;

/// A place in the original text: the same range in UTF-8 bytes, in Unicode scalar values and in UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// UTF-8 bytes (Rust, Go, C).
    pub bytes: Range<usize>,
    /// Unicode scalar values (Python).
    pub chars: Range<usize>,
    /// UTF-16 code units (JavaScript, Java, .NET).
    pub utf16: Range<usize>,
}

impl Span {
    /// The span of `bytes` in `text`.
    ///
    /// # Panics
    /// When `bytes` is not on character boundaries of `text`: spans come from our own offset map.
    #[must_use]
    pub fn new(text: &str, bytes: Range<usize>) -> Self {
        Spans::new(text).span(bytes)
    }
}

/// The spans of one text, in one walk as long as they are asked for in order of their starts.
#[derive(Clone, Debug)]
pub struct Spans<'t> {
    text: &'t str,
    /// How far the walk has come, in each unit.
    bytes: usize,
    chars: usize,
    utf16: usize,
}

impl<'t> Spans<'t> {
    /// Begins at the start of `text`.
    #[must_use]
    pub const fn new(text: &'t str) -> Self {
        Self { text, bytes: 0, chars: 0, utf16: 0 }
    }

    /// The span of `bytes`; walks on from the start of the last one, or anew when that lies behind.
    ///
    /// # Panics
    /// When `bytes` is not on character boundaries of the text.
    #[must_use]
    pub fn span(&mut self, bytes: Range<usize>) -> Span {
        if bytes.start < self.bytes {
            *self = Self::new(self.text);
        }
        let (before, inside) = (&self.text[self.bytes..bytes.start], &self.text[bytes.clone()]);
        self.bytes = bytes.start;
        self.chars += before.chars().count();
        self.utf16 += before.encode_utf16().count();
        Span {
            chars: self.chars..self.chars + inside.chars().count(),
            utf16: self.utf16..self.utf16 + inside.encode_utf16().count(),
            bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Span, Spans};

    #[test]
    fn spans_are_the_same_in_one_walk_and_each_by_itself() {
        let text = "a中\u{1F600}b\u{20000}c";
        let mut walk = Spans::new(text);
        for bytes in [0..1, 1..4, 1..8, 4..8, 9..13, 0..14, 13..14] {
            assert_eq!(walk.span(bytes.clone()), Span::new(text, bytes.clone()), "{bytes:?}");
        }
        let span = Span::new(text, 8..13);
        assert_eq!((span.chars, span.utf16), (3..5, 4..7));
    }
}
