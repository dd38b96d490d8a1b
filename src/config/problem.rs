//! What is wrong with settings: each problem names its key and where the value came from; all come at once.

use std::fmt;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A line of the settings file.
    File {
        /// The path it was opened with.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(String),
    /// A flag of the command line, as the user typed it.
    Flag(String),
}

impl Origin {
    /// Reads back what [`fmt::Display`] wrote: `config` keeps the origin of a value only as text.
    pub(super) fn parse(text: &str) -> Self {
        if let Some(name) = text.strip_prefix(ENVIRONMENT) {
            Origin::Environment(name.to_owned())
        } else if let Some(flag) = text.strip_prefix(FLAG) {
            Origin::Flag(flag.to_owned())
        } else {
            let (path, line) = text.rsplit_once(':').unwrap_or((text, ""));
            Origin::File { path: path.to_owned(), line: line.parse().unwrap_or(0) }
        }
    }

    /// The environment and flags know only text; a file has types.
    pub(super) const fn is_text(&self) -> bool {
        !matches!(self, Origin::File { .. })
    }
}

const ENVIRONMENT: &str = "environment variable ";
const FLAG: &str = "flag ";

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::File { path, line } => write!(f, "{path}:{line}"),
            Origin::Environment(name) => write!(f, "{ENVIRONMENT}{name}"),
            Origin::Flag(flag) => write!(f, "{FLAG}{flag}"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, such as `source[1].topic`; empty when the whole document cannot be read.
    pub key: String,
    /// Where the value came from; `None` when there is none.
    pub origin: Option<Origin>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        match &self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}

/// Everything that is wrong with the settings; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// The known word that a misspelt one most likely meant: at most a third of its letters away, but two for two letters
/// that changed places.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let letters = word.chars().count();
    let reach = if letters <= 3 { 1 } else { (letters / 3).max(2) };
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, _)| *distance <= reach)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Levenshtein distance in characters, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != *right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_finds_its_neighbour_and_a_strange_one_finds_none() {
        let known = ["bootstrap_servers", "group_id", "start"];
        for (word, expected) in [
            ("bootstrap_server", Some("bootstrap_servers")),
            ("bootstrap.servers", Some("bootstrap_servers")),
            ("groupid", Some("group_id")),
            ("strat", Some("start")),
            ("stat", Some("start")),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &known), expected, "{word}");
        }
    }

    #[test]
    fn an_origin_survives_the_way_through_text() {
        for origin in [
            Origin::File { path: "deploy/tripline.toml".into(), line: 12 },
            Origin::File { path: "C:/odd:7".into(), line: 3 },
            Origin::Environment("TRIPLINE__KAFKA__START".into()),
            Origin::Flag("--set kafka.start=latest".into()),
        ] {
            assert_eq!(Origin::parse(&origin.to_string()), origin);
        }
    }
}
