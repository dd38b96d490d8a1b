//! Reading Rust sources just well enough: which paths (`crate::text::Span`, `std::fs`) a file names, and on which line.
//!
//! `use a::{b, c::d};` counts as `a::b` and `a::c::d`. Comments, strings and lifetimes are skipped. `self` and `super` are
//! resolved, also inside inline modules. Macros that build paths are beyond it; there are none.

use std::collections::BTreeSet;

/// A path that a source names, with `super` and `self` resolved: it then begins with `crate`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub line: usize,
    pub path: Vec<String>,
    /// The module it stands in, with inline modules.
    pub module: Vec<String>,
    /// It stands in an item with `#[cfg(test)]`; for a module in a file of its own see [`Read::test_modules`].
    pub is_test: bool,
}

/// What a source says.
#[derive(Debug, Default)]
pub struct Read {
    /// Every path of two segments or more.
    pub named: Vec<Named>,
    /// The modules that it declares with `#[cfg(test)]`.
    pub test_modules: Vec<Vec<String>>,
}

impl Named {
    /// Does the path contain these segments, one after another?
    pub fn contains(&self, segments: &str) -> bool {
        let segments: Vec<&str> = segments.split("::").collect();
        self.path.windows(segments.len()).any(|window| window.iter().eq(&segments))
    }

    /// Does it begin with them?
    pub fn starts_with(&self, segments: &str) -> bool {
        let mut path = self.path.iter();
        segments.split("::").all(|segment| path.next().is_some_and(|own| own == segment))
    }

    pub fn text(&self) -> String {
        self.path.join("::")
    }
}

/// Reads `source`, which is the module `module` (`["engine", "scanner"]`).
pub fn read(module: &[&str], source: &str) -> Read {
    let tokens = tokens(source);
    let mut reader = Reader {
        children: children(&tokens),
        tokens,
        at: 0,
        read: Read::default(),
        modules: Modules { names: module.iter().map(ToString::to_string).collect(), opened_at: Vec::new(), depth: 0 },
        is_test: false,
    };
    reader.read();
    reader.read
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    PathSeparator,
    Other(char),
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    read: Read,
    /// The modules that this source declares: their names hide crates.
    children: BTreeSet<String>,
    modules: Modules,
    /// Behind `#[cfg(test)]`, up to the end of its item's head.
    is_test: bool,
}

/// The module that a token stands in.
struct Modules {
    names: Vec<String>,
    /// The brace depths at which inline modules began.
    opened_at: Vec<usize>,
    depth: usize,
}

impl Modules {
    fn brace(&mut self, opens: bool) {
        if opens {
            self.depth += 1;
            return;
        }
        self.depth = self.depth.saturating_sub(1);
        if self.opened_at.last() == Some(&self.depth) {
            self.opened_at.pop();
            self.names.pop();
        }
    }

    fn begin(&mut self, name: &str) {
        self.names.push(name.to_owned());
        self.opened_at.push(self.depth);
    }

    /// `super::super::x` -> `crate::…::x`.
    fn resolve(&self, path: Vec<String>, children: &BTreeSet<String>) -> Vec<String> {
        let is_child = path.first().is_some_and(|first| children.contains(first));
        let ups = path.iter().take_while(|segment| *segment == "super").count();
        let own = path.first().is_some_and(|segment| segment == "self");
        if ups == 0 && !own && !is_child {
            return path;
        }
        let parents = self.names.len().saturating_sub(ups);
        let here = self.names[..parents].iter().cloned();
        std::iter::once("crate".to_owned()).chain(here).chain(path.into_iter().skip(ups + usize::from(own))).collect()
    }
}

impl Reader {
    fn read(&mut self) {
        while let Some((line, token)) = self.tokens.get(self.at).cloned() {
            match token {
                Token::Word(word) if word == "mod" => self.module(),
                Token::Word(word) if word == "use" || word == "extern" => {
                    self.at += 1;
                    self.single_import(line);
                }
                Token::Word(word) if word == "cfg" => {
                    self.at += 1;
                    self.is_test |= self.peek(1) == Some(&Token::Word("test".to_owned()));
                }
                Token::Word(_) => self.path(&[]),
                Token::Other(brace @ ('{' | '}')) => {
                    self.modules.brace(brace == '{');
                    self.next_item();
                }
                Token::Other(';') => self.next_item(),
                Token::PathSeparator | Token::Other(_) => self.at += 1,
            }
        }
    }

    fn next_item(&mut self) {
        self.is_test = false;
        self.at += 1;
    }

    /// `mod name {` begins an inline module; `mod name;` does not.
    fn module(&mut self) {
        self.at += 1;
        let Some(Token::Word(name)) = self.peek(0).cloned() else { return };
        self.at += 1;
        if self.is_test {
            let path = self.modules.names.iter().cloned().chain([name.clone()]).collect();
            self.read.test_modules.push(path);
        }
        if self.peek(0) == Some(&Token::Other('{')) {
            self.modules.begin(&name);
        }
    }

    /// `use serde;` and `extern crate serde;` are paths of one segment that count.
    fn single_import(&mut self, line: usize) {
        if self.peek(0) == Some(&Token::Word("crate".to_owned())) && matches!(self.peek(1), Some(Token::Word(_))) {
            self.at += 1;
        }
        if let (Some(Token::Word(name)), Some(Token::Other(';'))) = (self.peek(0).cloned(), self.peek(1)) {
            self.push(line, vec![name]);
        }
    }

    /// Reads one path with its groups, and notes every full path in it.
    fn path(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        while let Some((line, Token::Word(word))) = self.tokens.get(self.at).cloned() {
            path.push(word);
            self.at += 1;
            if self.peek(0) != Some(&Token::PathSeparator) {
                return self.note(line, path);
            }
            self.at += 1;
            match self.peek(0) {
                Some(Token::Word(_)) => {}
                Some(Token::Other('{')) => return self.group(&path),
                // `use a::*`, `Vec::<u8>::new`
                _ => return self.note(line, path),
            }
        }
    }

    fn group(&mut self, before: &[String]) {
        self.at += 1;
        while let Some(token) = self.peek(0).cloned() {
            match token {
                Token::Other('}') => {
                    self.at += 1;
                    return;
                }
                Token::Word(_) => self.path(before),
                Token::PathSeparator | Token::Other(_) => {
                    let line = self.tokens[self.at].0;
                    if token == Token::Other('*') {
                        self.note(line, before.to_vec());
                    }
                    self.at += 1;
                }
            }
        }
    }

    fn note(&mut self, line: usize, path: Vec<String>) {
        let relative = path.first().is_some_and(|first| first == "super");
        if path.len() > 1 || relative {
            let path = self.modules.resolve(path, &self.children);
            self.push(line, path);
        }
    }

    fn push(&mut self, line: usize, path: Vec<String>) {
        let module = self.modules.names.clone();
        self.read.named.push(Named { line, path, module, is_test: self.is_test });
    }

    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }
}

fn children(tokens: &[(usize, Token)]) -> BTreeSet<String> {
    let declared = tokens.windows(2).filter_map(|pair| match pair {
        [(_, Token::Word(keyword)), (_, Token::Word(name))] if keyword == "mod" => Some(name.clone()),
        _ => None,
    });
    declared.collect()
}

fn tokens(source: &str) -> Vec<(usize, Token)> {
    let mut tokens = Vec::new();
    let mut rest = source;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let (length, token) = next(rest, first);
        line += rest[..length].matches('\n').count();
        if let Some(token) = token {
            tokens.push((line, token));
        }
        rest = &rest[length..];
    }
    tokens
}

/// The length of what `rest` begins with, and its token unless it is nothing to us.
fn next(rest: &str, first: char) -> (usize, Option<Token>) {
    if let Some(length) = comment(rest).or_else(|| string(rest)).or_else(|| character(rest)) {
        return (length, None);
    }
    if first.is_alphanumeric() || first == '_' {
        let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        return (length, Some(Token::Word(rest[..length].to_owned())));
    }
    if rest.starts_with("::") {
        return (2, Some(Token::PathSeparator));
    }
    let token = (!first.is_whitespace()).then_some(Token::Other(first));
    (first.len_utf8(), token)
}

fn comment(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    let mut depth = 0;
    let mut at = 0;
    while rest[at..].starts_with("/*") || depth > 0 {
        if at >= rest.len() {
            break;
        }
        let step = match &rest[at..] {
            inside if inside.starts_with("/*") => {
                depth += 1;
                2
            }
            inside if inside.starts_with("*/") => {
                depth -= 1;
                2
            }
            inside => inside.chars().next().map_or(0, char::len_utf8),
        };
        at += step;
        if depth == 0 {
            break;
        }
    }
    (at > 0).then_some(at)
}

/// `"…"`, `b"…"`, `r#"…"#` and their kin.
fn string(rest: &str) -> Option<usize> {
    let open = rest.find('"')?;
    let prefix = &rest[..open];
    let hashes = prefix.trim_start_matches(['b', 'c', 'r']);
    let raw = prefix.contains('r');
    let kinds = ["", "b", "c", "r", "br", "cr"];
    if !hashes.chars().all(|c| c == '#') || !kinds.contains(&&prefix[..prefix.len() - hashes.len()]) {
        return None;
    }
    let body = open + 1;
    if raw {
        let close = format!("\"{hashes}");
        return Some(rest[body..].find(&close).map_or(rest.len(), |at| body + at + close.len()));
    }
    let mut escaped = false;
    for (at, c) in rest[body..].char_indices() {
        match c {
            '"' if !escaped => return Some(body + at + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    Some(rest.len())
}

/// `'x'`, `'\''`, `'\u{1F600}'`; a lifetime gives its quote only.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    if let Some(escape) = body.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return escape[first..].find('\'').map(|at| 1 + 1 + first + at + 1);
    }
    let c = body.chars().next()?;
    let after = 1 + c.len_utf8();
    if rest[after..].starts_with('\'') { Some(after + 1) } else { Some(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_the_paths_that_it_uses() {
        for (source, expected) in [
            ("use std::fs;", vec!["std::fs"]),
            ("use std::{env, fs::{self, File}};", vec!["std::env", "std::fs::self", "std::fs::File"]),
            ("use rdkafka;", vec!["rdkafka"]),
            ("use crate::text::*;", vec!["crate::text"]),
            ("fn f() -> tokio::time::Instant { SystemTime::now() }", vec!["tokio::time::Instant", "SystemTime::now"]),
            ("let x = Vec::<std::fs::File>::new();", vec!["Vec", "std::fs::File"]),
            ("use super::offsets;", vec!["crate::stream::offsets"]),
            ("use super::super::text;", vec!["crate::text"]),
            ("mod tests { use super::super::x; } use super::y;", vec!["crate::stream::x", "crate::stream::y"]),
            ("mod tests { fn f() { if a { b } } use super::*; }", vec!["crate::stream::start"]),
            ("use self::inner::X;", vec!["crate::stream::start::inner::X"]),
        ] {
            let found: Vec<String> = read(&["stream", "start"], source).named.iter().map(Named::text).collect();
            let expected: Vec<&str> = expected.into_iter().filter(|path| *path != "Vec").collect();
            let found: Vec<&String> = found.iter().filter(|path| *path != "Vec").collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn comments_strings_and_local_names_name_nothing() {
        for source in [
            "// use std::fs;\n",
            "/* use std::fs; /* std::env */ std::net */",
            "//! See [`std::fs`].\n",
            r#"let a = "std::fs";"#,
            r##"let a = r#"a " std::fs"#;"##,
            r#"let a = b"\" std::fs";"#,
            "let config = settings.config;",
            "fn f<'a>(fs: &'a str) -> char { ':' }",
        ] {
            assert_eq!(read(&["text"], source).named, [], "{source}");
        }
    }

    #[test]
    fn a_character_literal_does_not_open_a_string() {
        let found = read(&["text"], r#"let a = '"'; use std::fs; let b = '\''; use std::env; let c = '"';"#);
        assert_eq!(found.named.iter().map(Named::text).collect::<Vec<_>>(), ["std::fs", "std::env"]);
    }

    #[test]
    fn a_path_knows_its_line() {
        let found = read(&["text"], "\n/* a\n b */\nuse std::\n  fs;");
        assert_eq!(
            found.named.iter().map(|named| (named.line, named.text())).collect::<Vec<_>>(),
            [(5, "std::fs".into())]
        );
    }

    #[test]
    fn what_is_only_there_for_tests_is_known() {
        let source = "use a::b; #[cfg(test)] use c::d; #[cfg(test)]\n#[path = \"x.rs\"] mod laws; mod e; use f::g;
            #[cfg(test)] mod tests { use h::i; mod deeper { use j::k; } } use l::m;";
        let found = read(&["text"], source);
        assert_eq!(found.test_modules, [["text", "laws"], ["text", "tests"]]);
        let tests: Vec<String> = found
            .named
            .iter()
            .filter(|named| named.is_test || named.module.get(1).is_some_and(|module| module == "tests"))
            .map(Named::text)
            .collect();
        assert_eq!(tests, ["c::d", "h::i", "j::k"]);
    }
}
