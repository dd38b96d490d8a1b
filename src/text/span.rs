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
        let (before, inside) = (&text[..bytes.start], &text[bytes.clone()]);
        let chars = before.chars().count();
        let utf16 = before.encode_utf16().count();
        Self {
            chars: chars..chars + inside.chars().count(),
            utf16: utf16..utf16 + inside.encode_utf16().count(),
            bytes,
        }
    }
}
