//! Verdicts as they come, as text or as JSON, and the count at the end.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::input::Place;
use crate::cli::color::{Paint, Palette};
use crate::cli::exit::Exit;
use crate::cli::render::{cap, counted, decision, excerpt, title, write_evidence};
use crate::cli::tell::tell;
use crate::content::Content;
use crate::engine::{Mention, Verdict};
use crate::event::{Origin, RuleSetStamp, verdict_event};
use crate::rule::{Action, RuleSet};

/// Who reads the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(in crate::cli) enum Format {
    /// People.
    Text,
    /// Programs.
    Json,
}

/// Writes verdicts and counts them.
#[derive(Debug)]
pub(super) struct Report<'r> {
    format: Format,
    all: bool,
    palette: Palette,
    rules: &'r RuleSet,
    stamp: RuleSetStamp,
    scanned: u64,
    flagged: u64,
    mentions: u64,
    organizations: BTreeSet<&'r str>,
    failed: u64,
}

impl<'r> Report<'r> {
    pub fn new(format: Format, all: bool, palette: Palette, rules: &'r RuleSet) -> Self {
        Self {
            format,
            all,
            palette,
            rules,
            stamp: stamp(rules),
            scanned: 0,
            flagged: 0,
            mentions: 0,
            organizations: BTreeSet::new(),
            failed: 0,
        }
    }

    /// Writes one verdict.
    pub fn verdict(
        &mut self,
        out: &mut dyn Write,
        place: Place<'_>,
        content: &Content<'_>,
        verdict: &Verdict<'r>,
    ) -> io::Result<()> {
        self.count(verdict);
        if verdict.action == Action::None && !self.all {
            return Ok(());
        }
        match self.format {
            Format::Text => self.text(out, place, content, verdict),
            Format::Json => self.json(out, place, content, verdict),
        }
    }

    fn count(&mut self, verdict: &Verdict<'r>) {
        self.scanned += 1;
        self.flagged += u64::from(verdict.action > Action::None);
        self.mentions += (verdict.mentions.len() + verdict.omitted) as u64;
        let named = verdict.mentions.iter().filter_map(|mention| mention.organization);
        self.organizations.extend(named.map(|organization| &*organization.id));
    }

    fn json(
        &self,
        out: &mut dyn Write,
        place: Place<'_>,
        content: &Content<'_>,
        verdict: &Verdict<'_>,
    ) -> io::Result<()> {
        let origin = Origin {
            cluster: "files",
            topic: place.file,
            partition: 0,
            offset: place.line.and_then(|line| i64::try_from(line).ok()).unwrap_or(1),
            timestamp_ms: None,
        };
        writeln!(out, "{}", verdict_event(&origin, content, verdict, self.rules, &self.stamp).to_json_line())
    }

    fn text(
        &self,
        out: &mut dyn Write,
        place: Place<'_>,
        content: &Content<'_>,
        verdict: &Verdict<'_>,
    ) -> io::Result<()> {
        if verdict.action == Action::None {
            writeln!(out, "{place}: {}", decision(verdict.action, None, self.palette))?;
        }
        let shadow: &[Mention<'_>] = if self.all { &verdict.shadow } else { &[] };
        let mut lines = Lines::default();
        for mention in verdict.mentions.iter().chain(shadow) {
            self.mention(out, place, content, mention, &mut lines)?;
        }
        Ok(())
    }

    fn mention(
        &self,
        out: &mut dyn Write,
        place: Place<'_>,
        content: &Content<'_>,
        mention: &Mention<'_>,
        lines: &mut Lines,
    ) -> io::Result<()> {
        let field = content.fields.iter().find(|field| field.name == mention.field && field.item == mention.item);
        let text = field.map_or(mention.text.as_str(), |field| &*field.value);
        let place = match place.line {
            None => {
                let (line, column) = lines.locate(text, mention.span.bytes.start);
                format!("{place}:{line}:{column}")
            }
            Some(_) => format!("{place}: {}{}", record_id(content), field_name(mention)),
        };
        let shadow = if mention.status.as_str() == "shadow" { " in shadow" } else { "" };
        writeln!(
            out,
            "{}: {}: {}{}{shadow}",
            self.palette.paint(Paint::Place, &place),
            title(mention, self.palette),
            decision(mention.action, mention.severity, self.palette),
            cap(mention),
        )?;
        let (line, bytes) = line_of(text, &mention.span.bytes);
        writeln!(out, "    {}", excerpt(line, &bytes, self.palette))?;
        let mut evidence = Vec::new();
        write_evidence(&mut evidence, mention, self.rules, self.palette)?;
        out.write_all(&evidence)
    }

    /// Says that one record cannot be judged; the rest goes on.
    pub fn poison(&mut self, place: Place<'_>, reason: &str) {
        self.failed += 1;
        tell!("error: {place}: {reason}");
    }

    /// Says that a file cannot be read (any further); the other files go on.
    pub fn unreadable(&mut self, file: &str, error: &io::Error) {
        self.failed += 1;
        tell!("error: {file}: {error}");
    }

    /// One line on what was done.
    pub fn summary(&self, files: usize) -> String {
        let mut line = format!(
            "{} in {} scanned, {} flagged: {} of {}",
            counted(self.scanned, "text"),
            counted(files as u64, "file"),
            self.flagged,
            counted(self.mentions, "mention"),
            counted(self.organizations.len() as u64, "organisation"),
        );
        if self.failed > 0 {
            let _ = write!(line, "; {} could not be read", self.failed);
        }
        line
    }

    /// What was lost weighs more than what was found.
    pub fn exit(&self) -> Exit {
        match (self.failed, self.flagged) {
            (0, 0) => Exit::Clean,
            (0, _) => Exit::Found,
            _ => Exit::Stopped,
        }
    }
}

/// Which rules judged. There are no settings and no reloads here.
fn stamp(rules: &RuleSet) -> RuleSetStamp {
    RuleSetStamp {
        digest: rules.digest().to_string(),
        epoch: 0,
        engine: env!("CARGO_PKG_VERSION"),
        settings: String::new(),
    }
}

fn record_id(content: &Content<'_>) -> String {
    content.id.as_deref().map_or(String::new(), |id| format!("{} ", crate::cli::render::printable(id)))
}

/// `body`, or `urls[2]`.
fn field_name(mention: &Mention<'_>) -> String {
    match mention.item {
        Some(item) => format!("{}[{item}]", mention.field),
        None => mention.field.to_string(),
    }
}

/// The lines of a text that hold a range, and the range within them.
fn line_of<'t>(text: &'t str, bytes: &std::ops::Range<usize>) -> (&'t str, std::ops::Range<usize>) {
    let start = text[..bytes.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[bytes.end..].find('\n').map_or(text.len(), |at| bytes.end + at);
    (&text[start..end], bytes.start - start..bytes.end - start)
}

/// Counts lines forwards, so that a long text with many mentions is walked once.
#[derive(Debug, Default)]
struct Lines {
    at: usize,
    line: usize,
    begins: usize,
}

impl Lines {
    /// Line and column of a byte, both from 1, the column in characters.
    fn locate(&mut self, text: &str, byte: usize) -> (usize, usize) {
        if byte < self.at {
            *self = Self::default();
        }
        for (at, _) in text[self.at..byte].match_indices('\n') {
            self.line += 1;
            self.begins = self.at + at + 1;
        }
        self.at = byte;
        (self.line + 1, text[self.begins..byte].chars().count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_line_and_a_column_in_characters() {
        let text = "一二\n\n三四 five\r\nsix";
        let mut lines = Lines::default();
        for (words, expected) in [("一", (1, 1)), ("二", (1, 2)), ("四", (3, 2)), ("six", (4, 1)), ("five", (3, 4))]
        {
            assert_eq!(lines.locate(text, text.find(words).unwrap()), expected, "{words}");
        }
    }

    #[test]
    fn the_line_of_a_range_may_be_several() {
        let text = "one\ntwo\nthree\nfour";
        assert_eq!(line_of(text, &(4..7)), ("two", 0..3));
        assert_eq!(line_of(text, &(6..10)), ("two\nthree", 2..6));
        assert_eq!(line_of(text, &(0..3)), ("one", 0..3));
    }
}
