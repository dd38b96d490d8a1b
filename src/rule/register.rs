//! A register of lawful bodies, as somebody exports it, made a document of protected names.
//!
//! CSV with a heading (`name_zh`, `name_en`; commas, semicolons or tabs), or one JSON object a line with the same keys. What is wrong with a
//! line is said with its number, and the other lines are taken. The document says under `basis` which register it was, and of which day:
//! a protected name can only prevent a flag, but somebody will ask who said that the body is lawful.

use crate::names::Near;
use crate::text::fold;
use std::collections::HashSet;
use std::fmt::Write as _;

/// Two names that are at least so near are told to the author: on the shipped lists, nobody below it shares more than a common subject.
const NEAR: f64 = 0.75;
/// As in the lists: a single character is in every text.
const SHORTEST: usize = 2;
/// A longer name is no name: a column was taken for another.
const LONGEST_CHARS: usize = 200;

/// A body of a register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisteredBody {
    /// The line of the file that it stands on, from 1.
    pub line: usize,
    /// Its Chinese name.
    pub zh: Option<String>,
    /// Its English names.
    pub en: Vec<String>,
}

/// A line that gives no body, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// Lower case, without a full stop.
    pub problem: String,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// In the order of the file.
    pub bodies: Vec<RegisteredBody>,
    /// Names that stood there before.
    pub duplicates: usize,
    /// In the order of the file.
    pub bad: Vec<BadLine>,
}

/// The columns, and the keys of a line of JSON.
const CHINESE: &[&str] = &["name_zh", "zh", "名称", "社会组织名称"];
const ENGLISH: &[&str] = &["name_en", "names_en", "en", "英文名称"];

impl Register {
    /// Reads CSV or JSON lines; which one is told by the first character.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut register = Self::default();
        let mut seen = HashSet::new();
        if text.trim_start().starts_with('{') {
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                register.take(number + 1, of_json(line), &mut seen);
            }
        } else {
            register.read_csv(text, &mut seen);
        }
        register
    }

    fn read_csv(&mut self, text: &str, seen: &mut HashSet<Vec<u16>>) {
        let heading = text.lines().next().unwrap_or("");
        let separator = [',', ';', '\t'].into_iter().max_by_key(|c| heading.matches(*c).count()).unwrap_or(',');
        let mut rows = Rows { text, separator, line: 1 };
        let Some((_, heading)) = rows.next() else {
            return self.bad(1, "the file is empty");
        };
        let column =
            |names: &[&str]| heading.iter().position(|column| names.contains(&column.trim().to_lowercase().as_str()));
        let (zh, en) = (column(CHINESE), column(ENGLISH));
        if zh.is_none() && en.is_none() {
            return self.bad(1, "no column is called name_zh or name_en");
        }
        for (line, row) in rows.filter(|(_, row)| row.iter().any(|field| !field.trim().is_empty())) {
            let field = |at: Option<usize>| at.and_then(|at| row.get(at)).map_or("", |field| field.as_str());
            let read = if row.len() == heading.len() {
                Ok((field(zh).to_owned(), field(en).split([';', '|']).map(str::to_owned).collect()))
            } else {
                Err(format!("{} fields where the heading has {}", row.len(), heading.len()))
            };
            self.take(line, read, seen);
        }
    }

    fn bad(&mut self, line: usize, problem: impl Into<String>) {
        self.bad.push(BadLine { line, problem: problem.into() });
    }

    fn take(&mut self, line: usize, read: Result<(String, Vec<String>), String>, seen: &mut HashSet<Vec<u16>>) {
        let (zh, en) = match read {
            Ok(names) => names,
            Err(problem) => return self.bad(line, problem),
        };
        let mut body = RegisteredBody { line, ..RegisteredBody::default() };
        let names: Vec<(bool, String)> = [(true, zh)]
            .into_iter()
            .chain(en.into_iter().map(|name| (false, name)))
            .map(|(is_zh, name)| (is_zh, name.trim().to_owned()))
            .collect();
        if names.iter().all(|(_, name)| name.is_empty()) {
            return self.bad(line, "no name");
        }
        for (is_zh, name) in names.into_iter().filter(|(_, name)| !name.is_empty()) {
            if let Some(problem) = problem_of(&name) {
                self.bad(line, problem);
            } else if !seen.insert(fold(&name)) {
                self.duplicates += 1;
            } else if is_zh {
                body.zh = Some(name);
            } else {
                body.en.push(name);
            }
        }
        if body.zh.is_some() || !body.en.is_empty() {
            self.bodies.push(body);
        }
    }

    /// Every name with its line.
    pub fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.bodies.iter().flat_map(|body| body.zh.iter().chain(&body.en).map(|name| (body.line, name.as_str())))
    }

    /// The document: `registered:` with one line a body. `basis` says which register, and of which day.
    #[must_use]
    pub fn to_yaml(&self, basis: &str) -> String {
        let mut yaml =
            format!("# {} lawful bodies. {}\nregistered:\n", self.bodies.len(), basis.replace(['\n', '\r'], " "));
        let basis = quoted(basis);
        for body in &self.bodies {
            let zh = body.zh.iter().map(|name| format!("zh: {}", quoted(name)));
            let en = body.en.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
            let en = (!en.is_empty()).then(|| format!("en: [{en}]"));
            let names = zh.chain(en).collect::<Vec<_>>().join(", ");
            writeln!(yaml, "  - {{ name: {{ {names} }}, basis: {basis} }}").expect("a string takes all");
        }
        yaml
    }

    /// The listed names that a body of the register has too, or nearly: (line, name of the register, number of the listed name, score). A
    /// score of 1 is the same name.
    #[must_use]
    pub fn near<'r>(&'r self, listed: &[&str]) -> Vec<(usize, &'r str, usize, f64)> {
        let near: Near = listed.iter().copied().collect();
        let folds: Vec<Vec<u16>> = listed.iter().map(|name| fold(name)).collect();
        let mut found = Vec::new();
        for (line, name) in self.names() {
            let same = fold(name);
            for (at, comparison) in near.of(name, NEAR) {
                let score = if folds[at] == same { 1.0 } else { comparison.score.min(0.99) };
                found.push((line, name, at, score));
            }
        }
        found
    }
}

fn problem_of(name: &str) -> Option<String> {
    let shown = || name.chars().take(40).collect::<String>();
    if name.chars().count() > LONGEST_CHARS {
        return Some(format!("{:?}… has more than {LONGEST_CHARS} characters", shown()));
    }
    if name.contains(char::is_control) {
        return Some(format!("{:?} has a control character", shown()));
    }
    (fold(name).len() < SHORTEST).then(|| format!("{:?} has fewer than {SHORTEST} letters", shown()))
}

fn of_json(line: &str) -> Result<(String, Vec<String>), String> {
    let value: serde_json::Value = serde_json::from_str(line).map_err(|error| format!("no JSON: {error}"))?;
    let object = value.as_object().ok_or("no JSON object")?;
    let texts = |keys: &[&str]| -> Result<Vec<String>, String> {
        let mut texts = Vec::new();
        for key in keys {
            match object.get(*key) {
                None | Some(serde_json::Value::Null) => {}
                Some(serde_json::Value::String(text)) => texts.push(text.clone()),
                Some(serde_json::Value::Array(items)) => {
                    for item in items {
                        texts.push(
                            item.as_str().ok_or_else(|| format!("{key} holds something else than texts"))?.to_owned(),
                        );
                    }
                }
                Some(_) => return Err(format!("{key} is neither a text nor a list of texts")),
            }
        }
        Ok(texts)
    };
    let zh = texts(CHINESE)?;
    Ok((zh.into_iter().next().unwrap_or_default(), texts(ENGLISH)?))
}

/// A double-quoted YAML scalar. Control characters were refused.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace(char::is_control, " "))
}

/// The rows of RFC 4180, each with the line that it begins on.
struct Rows<'t> {
    text: &'t str,
    separator: char,
    line: usize,
}

impl Iterator for Rows<'_> {
    type Item = (usize, Vec<String>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.text.is_empty() {
            return None;
        }
        let begins = self.line;
        let mut fields = vec![String::new()];
        let mut quoted = false;
        let mut chars = self.text.char_indices().peekable();
        let mut end = self.text.len();
        while let Some((at, c)) = chars.next() {
            let last = fields.len() - 1;
            match c {
                '"' if quoted && chars.next_if(|(_, next)| *next == '"').is_some() => fields[last].push('"'),
                '"' if quoted || fields[last].is_empty() => quoted = !quoted,
                '\n' if !quoted => {
                    self.line += 1;
                    end = at + 1;
                    break;
                }
                '\r' if !quoted => {}
                _ if c == self.separator && !quoted => fields.push(String::new()),
                _ => {
                    self.line += usize::from(c == '\n');
                    fields[last].push(c);
                }
            }
        }
        self.text = &self.text[end..];
        Some((begins, fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleSet;

    fn told(register: &Register) -> Vec<(usize, &str)> {
        register.bad.iter().map(|bad| (bad.line, bad.problem.as_str())).collect()
    }

    #[test]
    fn a_register_is_read_line_by_line() {
        let csv = "id,name_zh,name_en\n1,假登记协会,\"Made-up, \"\"Real\"\" Society; MRS\"\n2,,\n3,假登记協會,\n4,甲,A\n5,假另一学会\n\n6,假第三学会,Third\n";
        let register = Register::read(csv);
        let names: Vec<_> = register.names().collect();
        assert_eq!(
            names,
            [(2, "假登记协会"), (2, "Made-up, \"Real\" Society"), (2, "MRS"), (7, "假第三学会"), (7, "Third")]
                .map(|(line, name)| { (if line == 7 { 8 } else { line }, name) })
        );
        assert_eq!(register.duplicates, 1, "in traditional script");
        assert_eq!(
            told(&register),
            [
                (3, "no name"),
                (5, "\"甲\" has fewer than 2 letters"),
                (5, "\"A\" has fewer than 2 letters"),
                (6, "2 fields where the heading has 3")
            ]
        );
    }

    #[test]
    fn other_writings_of_a_register() {
        for text in [
            "name_zh;name_en\n假登记协会;Made-up Society\n",
            "\u{feff}name_zh\tname_en\r\n假登记协会\tMade-up Society\r\n",
            "{\"name_zh\": \"假登记协会\", \"name_en\": \"Made-up Society\"}\n",
            "{\"name_zh\": \"假登记协会\", \"names_en\": [\"Made-up Society\"], \"basis\": \"x\"}",
        ] {
            let register = Register::read(text);
            assert_eq!(
                register.names().map(|(_, name)| name).collect::<Vec<_>>(),
                ["假登记协会", "Made-up Society"],
                "{text}"
            );
            assert!(register.bad.is_empty(), "{text}");
        }
        for (text, problem) in [
            ("", "the file is empty"),
            ("name,other\na,b\n", "no column is called name_zh or name_en"),
            ("{\"name_zh\": 3}", "name_zh is neither a text nor a list of texts"),
            ("{\"name_zh\": ", "no JSON: EOF while parsing a value at line 1 column 12"),
            ("name_zh\n\"假\u{1}登记\"\n", "\"假\\u{1}登记\" has a control character"),
        ] {
            let register = Register::read(text);
            assert_eq!(
                (register.bodies.len(), register.bad.first().map(|bad| bad.problem.as_str())),
                (0, Some(problem)),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_document_can_be_read_again() {
        let register = Register::read(
            "name_zh,name_en\n假登记协会,\"Made-up: \"\"Real\"\" \\ # Society\"\n假第二协会,\n,Only English Made Up\n",
        );
        let yaml = register.to_yaml("a made-up register, as of 2031-05-01: \"all\"");
        let set = RuleSet::builder().add_yaml("register.yaml", &yaml).build().expect("it is a document of rules");
        let names: Vec<_> =
            set.protected_names().iter().map(|name| (name.name.as_str(), name.basis.as_str())).collect();
        let basis = "a made-up register, as of 2031-05-01: \"all\"";
        assert_eq!(
            names,
            [
                ("Made-up: \"Real\" \\ # Society", basis),
                ("Only English Made Up", basis),
                ("假登记协会", basis),
                ("假第二协会", basis)
            ]
        );
    }

    #[test]
    fn listed_names_that_are_near_are_told() {
        let register = Register::read(
            "name_zh,name_en\n假硬笔书画協會,\n真正不同的会,Unlike Everything Else\n假硬笔书画家协会,\n",
        );
        let found = register.near(&["假硬笔书画协会", "Listed Nonsense Society"]);
        let told: Vec<_> = found.iter().map(|(line, name, at, score)| (*line, *name, *at, *score >= 1.0)).collect();
        assert_eq!(told, [(2, "假硬笔书画協會", 0, true), (4, "假硬笔书画家协会", 0, false)]);
    }
}
