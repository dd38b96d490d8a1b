//! A document's text by lines, and places in it.

use super::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

/// A range of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In characters.
    pub width: usize,
}

/// A value and the place where it is written.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    pub value: T,
    pub file: Arc<Source>,
    pub place: Place,
}

impl<T> At<T> {
    /// The same place, another value.
    pub fn with<U>(&self, value: U) -> At<U> {
        At { value, file: Arc::clone(&self.file), place: self.place }
    }
    /// A problem at this place.
    pub fn problem(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        self.file.problem(code, self.place, message)
    }
    /// `file:line:column`, for a problem elsewhere that refers to this place.
    pub fn whereabouts(&self) -> String {
        format!("{}:{}:{}", self.file.name, self.place.line, self.place.column)
    }
}

/// One document: its name and its lines.
#[derive(Debug)]
pub(super) struct Source {
    pub name: String,
    /// Line breaks made `\n`, without a byte order mark.
    pub text: String,
    lines: Vec<Arc<str>>,
}

impl Source {
    pub fn new(name: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
        let lines = text.split('\n').map(Arc::from).collect();
        Self { name: name.to_owned(), text, lines }
    }

    /// The lines, the first one at 0.
    pub fn lines(&self) -> &[Arc<str>] {
        &self.lines
    }

    /// A problem at a place, which is moved into the text if it lies behind its end.
    pub fn problem(&self, code: Code, place: Place, message: impl Into<String>) -> Diagnostic {
        let place = self.inside(place);
        Diagnostic {
            code: code.as_str(),
            file: self.name.clone(),
            line: place.line,
            column: place.column,
            message: message.into(),
            help: None,
            excerpt: Arc::clone(&self.lines[place.line - 1]),
            width: place.width.max(1),
        }
    }

    /// A parser that runs out of text points behind it; people look at the end of the last line that has text.
    fn inside(&self, place: Place) -> Place {
        let last = self.lines.iter().rposition(|l| !l.trim().is_empty()).unwrap_or(0) + 1;
        if place.line <= last {
            return place;
        }
        Place { line: last, column: self.lines[last - 1].chars().count() + 1, width: 1 }
    }
}

/// Terminal cells of a character: two for wide ones, none for marks and invisible ones.
///
/// The ranges are the blocks of UAX #11 that are Wide or Fullwidth as a whole and occur in rule files; a caret needs no more.
pub(super) fn cells(c: char) -> usize {
    match c as u32 {
        0x0300..=0x036F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x2064 | 0xFE00..=0xFE0F | 0xFEFF => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0x33FF
        | 0x3400..=0x4DBF
        | 0x4E00..=0xA4CF
        | 0xA960..=0xA97F
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF01..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F680..=0x1F6FF
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_behind_the_text_moves_to_the_end_of_the_last_line_with_text() {
        let source = Source::new("a", "ab: c\nd\n\n");
        let problem = source.problem(Code::Yaml, Place { line: 4, column: 1, width: 1 }, "x");
        assert_eq!((problem.line, problem.column, &*problem.excerpt), (2, 2, "d"));
        let empty = Source::new("a", "");
        let problem = empty.problem(Code::Yaml, Place { line: 1, column: 1, width: 0 }, "x");
        assert_eq!((problem.line, problem.column, problem.width), (1, 1, 1));
    }

    #[test]
    fn lines_end_in_any_of_the_three_ways() {
        let source = Source::new("a", "\u{feff}a\r\nb\rc\nd");
        assert_eq!(source.lines().iter().map(|l| &**l).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    }
}
