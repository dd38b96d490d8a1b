//! What is wrong with a rule document, and where: a code, a place, the source line with a caret, and what to do about it.
//!
//! Carets line up on a terminal: a wide character (Han, kana, Hangul, full width forms) counts two cells, a mark none.

use super::source::cells;
use std::fmt;
use std::sync::Arc;

/// The kinds of problems, each with a stable name. The name is what a test, a search or an exception refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Code {
    /// The text is not YAML.
    Yaml,
    /// A tab, which YAML allows in some places and readers see in none.
    Tab,
    /// More than one YAML document in a file, or none.
    OneDocument,
    /// An anchor, an alias, a tag or a directive: what stands in a rule file is what is written there.
    Indirection,
    /// Lists within lists within lists.
    TooDeep,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// A key that means nothing here.
    UnknownKey,
    /// A key that must be there.
    MissingKey,
    /// A list where a text is expected, and the like.
    WrongShape,
    /// No top-level key says what the document is, or two of them differ.
    UnknownDocument,
    /// A word that is not one of the allowed ones.
    UnknownValue,
    /// Nothing where a text is expected.
    EmptyText,
    /// Not lower-case words joined by hyphens.
    BadId,
    /// An id that is taken, in this file or in another.
    DuplicateId,
    /// An id that tripline itself says something else with.
    ReservedId,
    /// No organization has this id.
    UnknownOrganization,
    /// A branch of itself, over any number of steps.
    BranchCycle,
    /// Neither a name nor a translation.
    NoName,
    /// Too few letters to look for.
    ShortName,
    /// Two organizations, one name.
    SameName,
    /// A listed name that is also a protected one.
    ProtectedName,
    /// Not YYYY, YYYY-MM or YYYY-MM-DD, or not in the calendar.
    BadDate,
    /// Ends before it begins.
    NeverInEffect,
    /// Not a host name.
    BadDomain,
    /// A suffix under which everybody registers.
    PublicSuffix,
    /// A host that carries everybody's pages, or within one.
    SharedHost,
    /// An official channel's host, or within one.
    OfficialHost,
    /// Below the registrable domain, or listed twice.
    WrongDomain,
    /// Listed twice, or an official channel's.
    WrongAccount,
    /// Not an http or https URL.
    BadUrl,
    /// Not a whole number, or not `true` or `false`.
    BadNumber,
    /// A notice of kind statistics that lists organizations, or a list that names one twice.
    WrongList,
    /// A jurisdiction that no notice has.
    UnknownJurisdiction,
    /// A condition that is not CEL.
    ConditionSyntax,
    /// A fact that no record has.
    UnknownFact,
    /// Types that do not go together.
    ConditionType,
    /// Part of CEL, but not of conditions.
    ConditionCall,
    /// An allow-list that would allow everybody.
    TooWide,
    /// The patterns do not fit the automaton.
    TooManyNames,
}

impl Code {
    /// The name in brackets: `error[bad-date]`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Code::Yaml => "yaml",
            Code::Tab => "tab",
            Code::OneDocument => "one-document",
            Code::Indirection => "indirection",
            Code::TooDeep => "too-deep",
            Code::DuplicateKey => "duplicate-key",
            Code::UnknownKey => "unknown-key",
            Code::MissingKey => "missing-key",
            Code::WrongShape => "wrong-shape",
            Code::UnknownDocument => "unknown-document",
            Code::UnknownValue => "unknown-value",
            Code::EmptyText => "empty-text",
            Code::BadId => "bad-id",
            Code::DuplicateId => "duplicate-id",
            Code::ReservedId => "reserved-id",
            Code::UnknownOrganization => "unknown-organization",
            Code::BranchCycle => "branch-cycle",
            Code::NoName => "no-name",
            Code::ShortName => "short-name",
            Code::SameName => "same-name",
            Code::ProtectedName => "protected-name",
            Code::BadDate => "bad-date",
            Code::NeverInEffect => "never-in-effect",
            Code::BadDomain => "bad-domain",
            Code::PublicSuffix => "public-suffix",
            Code::SharedHost => "shared-host",
            Code::OfficialHost => "official-host",
            Code::WrongDomain => "wrong-domain",
            Code::WrongAccount => "wrong-account",
            Code::BadUrl => "bad-url",
            Code::BadNumber => "bad-number",
            Code::WrongList => "wrong-list",
            Code::UnknownJurisdiction => "unknown-jurisdiction",
            Code::ConditionSyntax => "condition-syntax",
            Code::UnknownFact => "unknown-fact",
            Code::ConditionType => "condition-type",
            Code::ConditionCall => "condition-call",
            Code::TooWide => "too-wide",
            Code::TooManyNames => "too-many-names",
        }
    }
}

/// One problem, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The name of its kind, see [`Code`].
    pub code: &'static str,
    /// The file as it was named to [`super::RuleSetBuilder::add_yaml`].
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// One sentence, lower case, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The source line, for the caret.
    pub excerpt: Arc<str>,
    /// Characters of the line that the caret marks, at least one.
    pub width: usize,
}

impl Diagnostic {
    /// The order in which problems are told: by file, then by place.
    fn order(&self) -> (&str, usize, usize, &str, &str) {
        (&self.file, self.line, self.column, self.code, &self.message)
    }
    /// The same with a line that says what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
    /// The same, with a line if there is one.
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }
}

/// The longest part of a source line that is shown, in characters: a condition or a note can be one very long line.
const SHOWN: usize = 120;

/// The part of a line around the caret, and where the caret stands in it (characters).
fn window(line: &str, column: usize) -> (String, usize) {
    let at = column.saturating_sub(1);
    let chars: Vec<char> = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if chars.len() <= SHOWN {
        return (chars.into_iter().collect(), at);
    }
    let from = at.saturating_sub(SHOWN / 2).min(chars.len().saturating_sub(SHOWN));
    let shown = chars[from..].iter().take(SHOWN).collect();
    (shown, at - from)
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (shown, at) = window(&self.excerpt, self.column);
        let before: usize = shown.chars().take(at).map(cells).sum();
        let marked: usize = shown.chars().skip(at).take(self.width).map(cells).sum();
        let number = self.line.to_string();
        let gutter = number.len() + 1;
        writeln!(f, "error[{}]: {}", self.code, self.message)?;
        writeln!(f, "{:gutter$}--> {}:{}:{}", "", self.file, self.line, self.column)?;
        writeln!(f, "{:gutter$} |", "")?;
        writeln!(f, " {number} | {shown}")?;
        write!(f, "{:gutter$} | {:before$}{}", "", "", "^".repeat(marked.max(1)))?;
        if let Some(help) = &self.help {
            write!(f, "\n{:gutter$} = help: {help}", "")?;
        }
        Ok(())
    }
}

/// All problems of one build, in order of file and place. `Display` renders each with its caret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl Diagnostics {
    /// In the order in which they are told, each once.
    pub(super) fn sorted(mut problems: Vec<Diagnostic>) -> Self {
        problems.sort_by(|a, b| a.order().cmp(&b.order()));
        problems.dedup();
        Self(problems)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(excerpt: &str, column: usize, width: usize) -> Diagnostic {
        Diagnostic {
            code: Code::EmptyText.as_str(),
            file: "a.yaml".into(),
            line: 12,
            column,
            message: "made up".into(),
            help: None,
            excerpt: excerpt.into(),
            width,
        }
    }

    #[test]
    fn the_caret_stands_under_what_it_marks_cell_by_cell() {
        // (line, column, width, caret line after the gutter)
        for (line, column, width, caret) in [
            ("name: abc", 7, 3, "      ^^^"),
            ("name: 假名字 x", 7, 3, "      ^^^^^^"),
            ("假名: 假名字", 5, 3, "      ^^^^^^"),
            ("{假: x}", 5, 1, "     ^"),
            ("e\u{301}a: x", 5, 1, "   ^"),
            ("Ａ: x", 4, 1, "    ^"),
            ("a:\tx", 4, 1, "   ^"),
            ("", 1, 0, "^"),
            ("ab", 3, 1, "  ^"),
        ] {
            let text = diagnostic(line, column, width).to_string();
            let last = text.lines().last().unwrap();
            assert_eq!(last, format!("    | {caret}"), "{line}");
        }
    }

    #[test]
    fn a_very_long_line_is_shown_around_the_caret() {
        let line = format!("{}needle{}", "x".repeat(5000), "y".repeat(5000));
        let text = diagnostic(&line, 5001, 6).to_string();
        assert!(text.lines().all(|l| l.chars().count() < SHOWN + 10), "{text}");
        assert!(text.contains("needle") && text.contains("^^^^^^"), "{text}");
    }

    #[test]
    fn problems_come_in_order_of_file_and_place_each_once() {
        let at = |file: &str, line, column| Diagnostic { file: file.into(), line, ..diagnostic("x", column, 1) };
        let sorted =
            Diagnostics::sorted(vec![at("b", 1, 1), at("a", 10, 1), at("a", 9, 2), at("a", 9, 1), at("b", 1, 1)]);
        let places: Vec<_> = sorted.0.iter().map(|d| (d.file.as_str(), d.line, d.column)).collect();
        assert_eq!(places, [("a", 9, 1), ("a", 9, 2), ("a", 10, 1), ("b", 1, 1)]);
    }
}
