//! One try to read and build the rules, whole or not at all: what changes while it is read is read again.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use crate::config::{RuleFilesError, RuleSource, RulesState};
use crate::rule::{Diagnostics, RuleSet};

/// How often files that change meanwhile are read again, and how long they are left in peace before.
const TRIES: usize = 5;
const PEACE: Duration = Duration::from_millis(200);
/// What `/ready` and an answer over HTTP show of the problems; the log has them all.
const SHOWN_PROBLEMS: usize = 3;
const SHOWN_CHARACTERS: usize = 1000;

/// Why there is no rule set.
#[derive(Debug, thiserror::Error)]
pub(super) enum Problem {
    /// A file or a folder.
    #[error(transparent)]
    Files(#[from] RuleFilesError),
    /// Somebody is still writing.
    #[error("the files of the rules changed while they were read, {TRIES} times")]
    Restless,
    /// What is in the files.
    #[error("{0}")]
    Documents(Diagnostics),
    /// The documents are valid and list nobody, which would mean to judge nothing without saying so.
    #[error("the rules list no organization, and those that judge list {0}")]
    NobodyListed(usize),
    /// A fault of ours.
    #[error("building the rules panicked; this is a fault of tripline")]
    Panicked,
}

impl Problem {
    /// Every problem, one in a line, with file, line and column where it has them.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Problem::Documents(diagnostics) => diagnostics.0.iter().map(|d| Line(d).to_string()).collect(),
            other => vec![with_cause(other)],
        }
    }

    /// The first problems, for whoever has a screen and not the log.
    pub fn brief(&self) -> String {
        let lines = self.lines();
        let mut text = match lines.len() {
            1 => String::new(),
            n => format!("{n} problems: "),
        };
        text += &lines[..lines.len().min(SHOWN_PROBLEMS)].join("; ");
        if lines.len() > SHOWN_PROBLEMS {
            text += "; …";
        }
        match text.char_indices().nth(SHOWN_CHARACTERS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }

    /// The files may be fine and only not in reach: worth another look although they look the same.
    pub fn may_pass(&self) -> bool {
        matches!(self, Problem::Files(_) | Problem::Restless)
    }
}

/// `rules/a.yaml:4:3: error[bad-date]: …`, without the excerpt.
struct Line<'d>(&'d crate::rule::Diagnostic);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.0;
        write!(f, "{}:{}:{}: error[{}]: {}", d.file, d.line, d.column, d.code, d.message)?;
        match &d.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

fn with_cause(error: &Problem) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// Reads and builds. Gives the state of the files that was read, so that nobody reads it again.
pub(super) fn attempt(
    source: &RuleSource,
    jurisdictions: &[String],
    now_listed: usize,
) -> (RulesState, Result<RuleSet, Problem>) {
    let set_of = |documents: Vec<(String, String)>| {
        let add = |builder: crate::rule::RuleSetBuilder, (file, text): (String, String)| builder.add_yaml(&file, &text);
        documents.into_iter().fold(RuleSet::builder(), add).jurisdictions(jurisdictions).build()
    };
    let (state, documents) = read(source);
    let built = documents.and_then(|documents| {
        let built = catch_unwind(AssertUnwindSafe(|| set_of(documents))).map_err(|_panic| Problem::Panicked)?;
        let rules = built.map_err(Problem::Documents)?;
        if rules.organizations().is_empty() && now_listed > 0 {
            return Err(Problem::NobodyListed(now_listed));
        }
        Ok(rules)
    });
    (state, built)
}

type Documents = Vec<(String, String)>;

/// All documents of one state of the files.
fn read(source: &RuleSource) -> (RulesState, Result<Documents, Problem>) {
    let mut before = source.state();
    for _ in 0..TRIES {
        let documents = source.documents();
        let after = source.state();
        if after == before {
            return (after, documents.map_err(Problem::Files));
        }
        std::thread::sleep(PEACE);
        before = source.state();
    }
    (before, Err(Problem::Restless))
}
