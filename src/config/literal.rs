//! A value of the settings as the file writes it: `Display` gives TOML that reads back as the same value.

use std::fmt::{self, Write as _};

/// A value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `"text"`.
    Text(String),
    /// `7`.
    Number(u64),
    /// `true`.
    Flag(bool),
    /// `["a", "b"]`.
    Texts(Vec<String>),
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Text(text) => f.write_str(&quoted(text)),
            Literal::Number(number) => write!(f, "{number}"),
            Literal::Flag(flag) => write!(f, "{flag}"),
            Literal::Texts(texts) => {
                let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
                write!(f, "[{}]", texts.join(", "))
            }
        }
    }
}

/// A basic string of TOML. What could move a cursor is escaped too, so that a value can be shown on a terminal.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A key of TOML: bare where it may be.
#[must_use]
pub fn quoted_key(name: &str) -> String {
    let is_bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_bare { name.to_owned() } else { quoted(name) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_literal_is_written_as_toml() {
        for (literal, expected) in [
            (Literal::Text("a".into()), "\"a\""),
            (Literal::Text("C:\\x \"y\"\n\u{1b}[31m中".into()), "\"C:\\\\x \\\"y\\\"\\n\\u001B[31m中\""),
            (Literal::Number(7), "7"),
            (Literal::Flag(false), "false"),
            (Literal::Texts(vec![]), "[]"),
            (Literal::Texts(vec!["CN".into(), "HK".into()]), "[\"CN\", \"HK\"]"),
        ] {
            assert_eq!(literal.to_string(), expected);
        }
        assert_eq!(quoted_key("ssl.ca.location"), "\"ssl.ca.location\"");
        assert_eq!(quoted_key("display_name"), "display_name");
    }

    proptest! {
        #[test]
        fn every_text_reads_back_as_itself(text in any::<String>()) {
            let line = format!("{} = {}", quoted_key(&text), quoted(&text));
            let table = toml::de::DeTable::parse(&line).unwrap();
            let (key, value) = table.get_ref().iter().next().unwrap();
            prop_assert_eq!(key.get_ref(), &text);
            prop_assert_eq!(value.get_ref().as_str(), Some(text.as_str()));
        }
    }
}
