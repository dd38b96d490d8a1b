//! YAML read as a tree of texts: every scalar exactly as it is written, with its place.
//!
//! A plain `no`, `0123`, `1e3` or `2021-04` is a text, as a quoted one is; only a plain `null`, `~` or nothing at all says "absent".
//! `published: 2021-04` -> the text `2021-04` at line 1, column 12. What would make the file mean something else than what
//! stands there is refused: anchors, aliases, tags, directives, merge keys, tabs, duplicate keys, a second document.

use super::diagnostic::{Code, Diagnostic};
use super::source::{At, Place, Source};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A document of ours is five levels deep; a hundred thousand would exhaust the stack.
const DEEPEST: usize = 32;

/// One node of the tree.
#[derive(Debug)]
pub(super) struct Node {
    pub place: Place,
    pub value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    /// In the order of the file.
    Mapping(Vec<(At<String>, Node)>),
    /// A problem has been told; nothing more is to be said about it.
    Broken,
}

/// A text, and how it is written.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    pub text: String,
    pub style: ScalarStyle,
    /// Where its content begins in the file: line from 1, column from 0 (characters).
    start: (usize, usize),
}

impl Scalar {
    /// Absent rather than empty: a plain `null`, `~` or nothing.
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain && matches!(self.text.as_str(), "" | "~" | "null")
    }

    /// Where the character at byte `offset` of the text stands in the file. YAML folds lines and reads escapes, so the file is
    /// read along with the text: each visible character of the text is the next visible one of the file.
    pub fn place_of(&self, source: &Source, offset: usize, width: usize) -> Place {
        let mut file = Along::new(source, self);
        for (at, c) in self.text.char_indices() {
            if at >= offset {
                break;
            }
            if !is_blank(c) {
                file.skip_blank();
                file.skip_one();
            }
        }
        if self.text.get(offset..).and_then(|rest| rest.chars().next()).is_some_and(|c| !is_blank(c)) {
            file.skip_blank();
        }
        let (line, column) = file.at();
        Place { line, column: column + 1, width }
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}

/// A walk over the characters of a file from the beginning of a scalar.
struct Along<'s> {
    lines: &'s [Arc<str>],
    style: ScalarStyle,
    line: usize,
    column: usize,
    rest: std::str::Chars<'s>,
}

impl<'s> Along<'s> {
    fn new(source: &'s Source, scalar: &Scalar) -> Self {
        let (line, column) = scalar.start;
        let lines = source.lines();
        let mut rest = lines.get(line - 1).map_or("", |l| &**l).chars();
        rest.by_ref().take(column).for_each(drop);
        let mut along = Self { lines, style: scalar.style, line, column, rest };
        if matches!(along.style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
            along.next();
        }
        along
    }
    fn at(&self) -> (usize, usize) {
        (self.line, self.column)
    }
    fn peek(&self) -> Option<char> {
        match self.rest.clone().next() {
            Some(c) => Some(c),
            None => (self.line < self.lines.len()).then_some('\n'),
        }
    }
    fn next(&mut self) -> Option<char> {
        if let Some(c) = self.rest.next() {
            self.column += 1;
            return Some(c);
        }
        let next = self.lines.get(self.line)?;
        (self.line, self.column, self.rest) = (self.line + 1, 0, next.chars());
        Some('\n')
    }
    /// Over blanks, and over escapes that mean a blank or nothing (`\n`, `\t`, a backslash before a line break).
    fn skip_blank(&mut self) {
        loop {
            match self.peek() {
                Some(c) if is_blank(c) => drop(self.next()),
                Some('\\') if self.style == ScalarStyle::DoubleQuoted => {
                    let second = self.rest.clone().nth(1);
                    if !matches!(second, None | Some('n' | 't' | ' ' | '\t')) {
                        return;
                    }
                    self.next();
                    self.next();
                }
                _ => return,
            }
        }
    }
    /// Over one character of the text, however it is written.
    fn skip_one(&mut self) {
        let longer = match (self.style, self.next()) {
            (ScalarStyle::SingleQuoted, Some('\'')) => 1,
            (ScalarStyle::DoubleQuoted, Some('\\')) => match self.next() {
                Some('x') => 2,
                Some('u') => 4,
                Some('U') => 8,
                _ => 0,
            },
            _ => 0,
        };
        for _ in 0..longer {
            self.next();
        }
    }
}

/// Reads a file into its tree; `None` when there is none to go on with. Problems are added to `problems`.
pub(super) fn read(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Node> {
    if !tabs_are_harmless(source, problems) {
        return None;
    }
    let mut reader = Reader { source, parser: Parser::new_from_str(&source.text), problems };
    match reader.document() {
        Ok(node) => node,
        Err(error) => {
            problems.push(unreadable(source, &error));
            None
        }
    }
}

/// Tells every tab; false when one of them indents, after which YAML reads nothing as it was meant.
fn tabs_are_harmless(source: &Source, problems: &mut Vec<Diagnostic>) -> bool {
    let mut harmless = true;
    for (i, line) in source.lines().iter().enumerate() {
        let Some(column) = line.chars().position(|c| c == '\t') else { continue };
        let place = Place { line: i + 1, column: column + 1, width: 1 };
        problems.push(source.problem(Code::Tab, place, "a tab").help("write spaces"));
        harmless &= line.chars().take(column).any(|c| c != ' ');
    }
    harmless
}

/// What the parser's messages mean to an author; the parser's own words where we have no better ones.
const PLAINLY: [(&str, &str); 6] = [
    ("simple key expected", "a line that is neither `key: value` nor `- item`"),
    ("mapping values are not allowed", "a second `: ` in one line; quote the text if it belongs to it"),
    ("found unexpected end of stream", "a quote that is not closed"),
    ("invalid trailing content", "text after a closing quote"),
    ("recursion limit exceeded", "more levels than a rule file has"),
    ("unknown anchor", "an alias, which rule files do without"),
];

fn unreadable(source: &Source, error: &ScanError) -> Diagnostic {
    let mark = error.marker();
    let place = Place { line: mark.line(), column: mark.col() + 1, width: 1 };
    let plainly = PLAINLY.iter().find(|(theirs, _)| error.info().contains(theirs));
    source.problem(Code::Yaml, place, plainly.map_or(error.info(), |(_, ours)| ours))
}

struct Reader<'s, 'p> {
    source: &'s Arc<Source>,
    parser: Parser<'s, StrInput<'s>>,
    problems: &'p mut Vec<Diagnostic>,
}

type Read<T> = Result<T, ScanError>;

impl<'s> Reader<'s, '_> {
    fn next(&mut self) -> Read<(Event<'s>, Span)> {
        self.parser.next_event().unwrap_or_else(|| {
            let end = saphyr_parser::Marker::new(0, self.source.lines().len(), 0);
            Err(ScanError::new_str(end, "the text ends too early"))
        })
    }

    fn problem(&mut self, code: Code, place: Place, message: &str) {
        self.problems.push(self.source.problem(code, place, message));
    }

    /// The one document of the file.
    fn document(&mut self) -> Read<Option<Node>> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(_) if root.is_some() => {
                    self.problem(Code::OneDocument, self.place(span), "a second document in one file");
                    return Ok(root);
                }
                Event::DocumentStart(_) => {
                    let (first, span) = self.next()?;
                    root = Some(self.node(first, span, 0)?);
                }
                _ => {}
            }
        }
        if root.is_none() {
            self.problem(Code::OneDocument, Place { line: 1, column: 1, width: 1 }, "an empty file");
        }
        Ok(root)
    }

    fn node(&mut self, event: Event<'s>, span: Span, depth: usize) -> Read<Node> {
        let place = self.place(span);
        if depth > DEEPEST {
            self.problem(Code::TooDeep, place, "more levels than a rule file has");
            return self.skip(&event).map(|()| Node { place, value: Value::Broken });
        }
        let (anchor, tag) = match &event {
            Event::Scalar(_, _, anchor, tag) | Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                (*anchor, tag.is_some())
            }
            _ => (0, false),
        };
        for (found, what) in [(anchor > 0, "an anchor"), (tag, "a tag")] {
            if found {
                let problem =
                    self.source.problem(Code::Indirection, place, format!("{what}, which rule files do without"));
                self.problems.push(problem.help("a text that begins with & * or ! has to be quoted"));
            }
        }
        let value = match event {
            Event::Scalar(text, style, _, _) => {
                Value::Scalar(Scalar { text: text.into_owned(), style, start: (span.start.line(), span.start.col()) })
            }
            Event::SequenceStart(..) => self.sequence(depth)?,
            Event::MappingStart(..) => self.mapping(depth)?,
            _ => {
                self.problem(Code::Indirection, place, "an alias, which rule files do without");
                Value::Broken
            }
        };
        Ok(Node { place, value })
    }

    fn sequence(&mut self, depth: usize) -> Read<Value> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::Sequence(items)),
                (event, span) => items.push(self.node(event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Read<Value> {
        let mut entries = Vec::new();
        let mut seen: BTreeMap<String, Place> = BTreeMap::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::Mapping(entries));
            }
            let key = self.node(event, span, depth)?;
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let Value::Scalar(name) = key.value else {
                self.problem(Code::WrongShape, key.place, "a key that is not a word");
                continue;
            };
            if let Some(first) = seen.get(&name.text) {
                let message = format!("the key {:?} stands twice, first in line {}", name.text, first.line);
                self.problem(Code::DuplicateKey, key.place, &message);
                continue;
            }
            seen.insert(name.text.clone(), key.place);
            entries.push((At { value: name.text, file: Arc::clone(self.source), place: key.place }, value));
        }
    }

    /// Reads past a node without keeping it, at any depth.
    fn skip(&mut self, event: &Event<'s>) -> Read<()> {
        let step = |event: &Event<'_>| match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => 1,
            Event::SequenceEnd | Event::MappingEnd => -1,
            _ => 0,
        };
        let mut open = step(event);
        while open > 0 {
            open += step(&self.next()?.0);
        }
        Ok(())
    }

    /// The part of a span that stands in its first line.
    fn place(&self, span: Span) -> Place {
        let (line, column) = (span.start.line(), span.start.col());
        let rest = self.source.lines().get(line - 1).map_or(0, |l| l.trim_end().chars().count().saturating_sub(column));
        let width = if span.end.line() == line { span.end.col().saturating_sub(column) } else { rest };
        Place { line, column: column + 1, width: width.min(rest.max(1)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(yaml: &str) -> (Option<Node>, Vec<String>) {
        let mut problems = Vec::new();
        let source = Arc::new(Source::new("a.yaml", yaml));
        let node = read(&source, &mut problems);
        let told =
            problems.iter().map(|p| format!("{} {}:{}+{} {}", p.code, p.line, p.column, p.width, p.message)).collect();
        (node, told)
    }

    fn only_value(yaml: &str) -> String {
        let (node, problems) = tree(yaml);
        assert!(problems.is_empty(), "{yaml}: {problems:?}");
        let Some(Node { value: Value::Mapping(entries), .. }) = node else { panic!("{yaml}") };
        let Value::Scalar(scalar) = &entries[0].1.value else { panic!("{yaml}") };
        scalar.text.clone()
    }

    #[test]
    fn a_scalar_is_exactly_what_is_written() {
        for (yaml, text) in [
            ("a: no", "no"),
            ("a: 0123", "0123"),
            ("a: 2021-04", "2021-04"),
            ("a: 1e3", "1e3"),
            ("a: \"2021-2\"", "2021-2"),
            ("a: 'it''s'", "it's"),
            ("a: .5 ", ".5"),
            ("a: TRUE", "TRUE"),
            ("a: 假名 # comment", "假名"),
            ("a: |-\n  x\n  y", "x\ny"),
        ] {
            assert_eq!(only_value(yaml), text, "{yaml}");
        }
    }

    #[test]
    fn only_a_plain_null_is_absent() {
        for (yaml, null) in [
            ("a: null", true),
            ("a: ~", true),
            ("a:", true),
            ("a: \"null\"", false),
            ("a: ''", false),
            ("a: Null", false),
            ("a: no", false),
        ] {
            let (Some(Node { value: Value::Mapping(entries), .. }), _) = tree(yaml) else { panic!("{yaml}") };
            let Value::Scalar(scalar) = &entries[0].1.value else { panic!("{yaml}") };
            assert_eq!(scalar.is_null(), null, "{yaml}");
        }
    }

    #[test]
    fn what_is_not_plainly_there_is_refused_with_its_place() {
        for (yaml, expected) in [
            ("", "one-document 1:1+1 an empty file"),
            ("# only a comment\n", "one-document 1:1+1 an empty file"),
            ("a: b\n---\nc: d\n", "one-document 2:1+3 a second document in one file"),
            ("a: &x b", "indirection 1:4+4 an anchor, which rule files do without"),
            ("a: !!str b", "indirection 1:4+7 a tag, which rule files do without"),
            ("a: *x", "yaml 1:4+1 an alias, which rule files do without"),
            ("a: 1\nb: 2\na: 3", "duplicate-key 3:1+1 the key \"a\" stands twice, first in line 1"),
            ("[a, b]: c", "wrong-shape 1:1+1 a key that is not a word"),
            ("a:\n\tb: c", "tab 2:1+1 a tab"),
            ("a: b\tc", "tab 1:5+1 a tab"),
            ("a: b: c", "yaml 1:5+1 a second `: ` in one line; quote the text if it belongs to it"),
            ("a: b\nc", "yaml 2:2+1 a line that is neither `key: value` nor `- item`"),
            ("a: \"b", "yaml 1:4+1 a quote that is not closed"),
            ("a: 'b'c", "yaml 1:7+1 text after a closing quote"),
            ("a: [b", "yaml 1:6+1 while parsing a flow sequence, expected ',' or ']'"),
        ] {
            assert_eq!(tree(yaml).1, [expected], "{yaml}");
        }
    }

    #[test]
    fn ten_thousand_levels_are_told_once_and_do_not_crash() {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            let (_, problems) = tree(&format!("a: {}x{}", open.repeat(10_000), close.repeat(10_000)));
            assert!((1..=2).contains(&problems.len()), "{open}: {problems:?}");
        }
    }

    #[test]
    fn places_count_characters_from_one() {
        let (Some(Node { value: Value::Mapping(entries), .. }), _) = tree("假名: 名字\nb: [x, 组织]\n") else {
            panic!()
        };
        assert_eq!(entries[0].0.place, Place { line: 1, column: 1, width: 2 });
        assert_eq!(entries[0].1.place, Place { line: 1, column: 5, width: 2 });
        let Value::Sequence(items) = &entries[1].1.value else { panic!() };
        assert_eq!(items[1].place, Place { line: 2, column: 8, width: 2 });
    }

    #[test]
    fn a_place_inside_a_scalar_is_found_in_the_file_however_it_is_written() {
        for (yaml, needle, line, column) in [
            ("a: x == needle", "needle", 1, 9),
            ("a: 'it''s \"名\" needle'", "needle", 1, 15),
            ("a: \"\\\"名\\\" \\u4e2d needle\"", "needle", 1, 18),
            ("a: \"x\\n needle\"", "needle", 1, 9),
            ("a: \"x \\\n   needle\"", "needle", 2, 4),
            ("a: |\n  x &&\n\n    needle", "needle", 4, 5),
            ("a: |-\n\n  needle", "needle", 3, 3),
            ("a: >\n  x &&\n  needle ||\n  y", "needle", 3, 3),
            ("a: x\n   &&\n   needle", "needle", 3, 4),
            ("a: 名 needle", "needle", 1, 6),
        ] {
            let source = Arc::new(Source::new("a", yaml));
            let Some(Node { value: Value::Mapping(entries), .. }) = read(&source, &mut Vec::new()) else {
                panic!("{yaml}")
            };
            let Value::Scalar(scalar) = &entries[0].1.value else { panic!("{yaml}") };
            let place = scalar.place_of(&source, scalar.text.find(needle).unwrap(), 6);
            assert_eq!((place.line, place.column), (line, column), "{yaml}");
        }
    }
}
