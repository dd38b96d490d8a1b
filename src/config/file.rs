//! The settings file as a tree of values that know their lines: `tripline.toml:12`.
//!
//! `config` reads TOML too and forgets the line, so the text is read here and `config` merges what comes of it.

use config::{Map, Value, ValueKind};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Origin, Problem};
use super::secret::{HIDDEN, may_hold_a_secret};

/// Reads the text.
///
/// # Errors
/// A problem that holds line, column, the line itself and a caret.
pub(super) fn parse(path: &str, text: &str) -> Result<Map<String, Value>, Problem> {
    let table = DeTable::parse(text).map_err(|error| syntax(path, text, &error))?;
    let file = File { path, lines: line_starts(text) };
    Ok(file.table(table.get_ref()))
}

fn syntax(path: &str, text: &str, error: &toml::de::Error) -> Problem {
    let told = error.to_string();
    let lines = told.trim_end().lines();
    let shown: Vec<_> = match error.span().map(|span| line_of(text, span.start)) {
        Some(line) if may_hold_a_secret(line) => {
            lines.map(|told| if told.contains(line.trim_end()) { HIDDEN } else { told }).collect()
        }
        _ => lines.collect(),
    };
    Problem { key: String::new(), origin: None, message: format!("{path}: {}", shown.join("\n")) }
}

fn line_of(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    text[start..].lines().next().unwrap_or("")
}

/// Where each line begins.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

struct File<'a> {
    path: &'a str,
    lines: Vec<usize>,
}

impl File<'_> {
    fn table(&self, table: &DeTable<'_>) -> Map<String, Value> {
        // a value stands where its key stands: a table that is written over many lines has no better place
        let entry = |(key, value): (&Spanned<_>, &Spanned<_>)| {
            (std::borrow::Cow::to_string(key.get_ref()), self.value(value.get_ref(), key.span().start))
        };
        table.iter().map(entry).collect()
    }

    fn value(&self, value: &DeValue<'_>, at: usize) -> Value {
        let line = self.lines.partition_point(|start| *start <= at);
        let origin = Origin::File { path: self.path.to_owned(), line }.to_string();
        Value::new(Some(&origin), self.kind(value))
    }

    fn kind(&self, value: &DeValue<'_>) -> ValueKind {
        match value {
            DeValue::String(text) => ValueKind::String(text.to_string()),
            DeValue::Integer(number) => integer(number.as_str(), number.radix()),
            DeValue::Float(number) => ValueKind::Float(number.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(flag) => ValueKind::Boolean(*flag),
            // a time may be written without quotes
            DeValue::Datetime(time) => ValueKind::String(time.to_string()),
            DeValue::Array(items) => {
                ValueKind::Array(items.iter().map(|item| self.value(item.get_ref(), item.span().start)).collect())
            }
            DeValue::Table(table) => ValueKind::Table(self.table(table)),
        }
    }
}

fn integer(digits: &str, radix: u32) -> ValueKind {
    let small = i64::from_str_radix(digits, radix).map(ValueKind::I64);
    let large = || i128::from_str_radix(digits, radix).map(ValueKind::I128);
    small.or_else(|_| large()).unwrap_or(ValueKind::Float(f64::INFINITY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_its_line() {
        let text =
            "a = 1\n\n[b]\nc = [\n  \"x\",\n  \"y\"]\nd.e = true\n[[f]]\ng = 1979-05-27\n[[f]]\nh = { i = 1.5 }\n";
        let table = parse("t.toml", text).unwrap();
        let origin = |value: &Value| value.origin().unwrap().to_owned();
        let ValueKind::Table(b) = &table["b"].kind else { panic!("{table:?}") };
        let ValueKind::Array(c) = &b["c"].kind else { panic!("{b:?}") };
        let ValueKind::Array(f) = &table["f"].kind else { panic!("{table:?}") };
        let ValueKind::Table(second) = &f[1].kind else { panic!("{f:?}") };
        for (value, line) in [
            (&table["a"], 1),
            (&table["b"], 3),
            (&b["c"], 4),
            (&c[0], 5),
            (&c[1], 6),
            (&b["d"], 7),
            (&f[0], 8),
            (&f[1], 10),
            (&second["h"], 11),
        ] {
            assert_eq!(origin(value), format!("t.toml:{line}"), "{value:?}");
        }
    }

    #[test]
    fn numbers_of_every_size_and_base_are_read() {
        for (text, expected) in [
            ("0x1F", ValueKind::I64(31)),
            ("-7", ValueKind::I64(-7)),
            ("+7", ValueKind::I64(7)),
            ("1_000", ValueKind::I64(1000)),
            ("9223372036854775808", ValueKind::I128(9_223_372_036_854_775_808)),
            ("1e3", ValueKind::Float(1000.0)),
        ] {
            assert_eq!(parse("t", &format!("a = {text}")).unwrap()["a"].kind, expected, "{text}");
        }
    }

    #[test]
    fn a_syntax_error_shows_its_line_unless_that_may_be_a_secret() {
        let problem = parse("t.toml", "[kafka]\ngroup_id = \n").unwrap_err().to_string();
        assert!(problem.starts_with("t.toml: TOML parse error at line 2, column 12"), "{problem}");
        assert!(problem.contains("group_id"), "{problem}");
        let problem = parse("t.toml", "[http]\ntoken = \"s3cret\nlisten = 1\n").unwrap_err().to_string();
        assert!(problem.contains("line 2") && !problem.contains("s3cret"), "{problem}");
    }
}
