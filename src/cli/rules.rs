//! `tripline rules check`: every problem of the lists at once, and what they hold. `rules import` is in its own file.

mod import;

use std::io::{self, Write};
use std::path::PathBuf;

use super::color::{ColorChoice, Paint, Palette};
use super::exit::{Exit, Failure, WhileRunning as _};
use super::render::{counted, printable};
use super::settings::{describe, source_of, warn_of_nothing};
use super::tell::tell;
use crate::rule::{Listing, NoticeKind, RuleSet, Status};

#[derive(Debug, clap::Subcommand)]
#[command(after_long_help = super::example("Example:\n  tripline rules check rules my-rules"))]
pub(super) enum Command {
    /// Check the lists: every problem at once, with file, line, column and a caret
    Check(CheckArguments),
    /// Make a register of lawful bodies a document of protected names
    Import(import::ImportArguments),
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("Example:\n  tripline rules check rules my-rules\n\nProblems count as found: exit code 1."))]
pub(super) struct CheckArguments {
    /// Folders or files, in order [default: ./rules, or built-in]
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Only this jurisdiction's notices [default: all]
    #[arg(long, value_name = "CODE")]
    jurisdiction: Vec<String>,
}

pub(super) fn run(command: &Command, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => check(arguments, color),
        Command::Import(arguments) => import::run(arguments),
    }
}

fn check(arguments: &CheckArguments, color: ColorChoice) -> Result<Exit, Failure> {
    let source = source_of(&arguments.paths);
    let builder = source.builder()?.jurisdictions(&arguments.jurisdiction);
    let mut out = io::stdout().lock();
    match builder.build() {
        Ok(rules) => {
            writeln!(out, "ok: {}", describe(&source, &rules)).while_running()?;
            warn_of_nothing(&rules, color);
            write_summary(&mut out, &rules).while_running()?;
            write_limits(&mut out, &arguments.jurisdiction, &source.unread()).while_running()?;
            Ok(Exit::Clean)
        }
        Err(diagnostics) => {
            let palette = color.palette(&io::stdout());
            writeln!(out, "{}", painted(&diagnostics.to_string(), palette)).while_running()?;
            tell!("{} in the rules", counted(diagnostics.0.len() as u64, "problem"));
            Ok(Exit::Found)
        }
    }
}

/// Problems with their parts coloured: each line says by its beginning what it is.
fn painted(diagnostics: &str, palette: Palette) -> String {
    let paint = |line: &str| {
        let words = line.trim_start();
        let indent = &line[..line.len() - words.len()];
        if let Some((code, message)) = line.strip_prefix("error[").and_then(|rest| rest.split_once("]: ")) {
            let code = palette.paint(Paint::Alarm, &format!("error[{code}]:"));
            return format!("{code} {}", palette.paint(Paint::Strong, message));
        }
        if let Some(place) = words.strip_prefix("--> ") {
            return format!("{indent}--> {}", palette.paint(Paint::Place, place));
        }
        if let Some(caret) = words.strip_prefix("| ").filter(|rest| rest.trim_start().starts_with('^')) {
            return format!("{indent}| {}", palette.paint(Paint::Alarm, caret));
        }
        if let Some(help) = words.strip_prefix("= help: ") {
            return format!("{indent}= {} {help}", palette.paint(Paint::Good, "help:"));
        }
        line.to_owned()
    };
    diagnostics.lines().map(paint).collect::<Vec<_>>().join("\n")
}

fn write_summary(out: &mut impl Write, rules: &RuleSet) -> io::Result<()> {
    let organizations = rules.organizations();
    let listings: Vec<_> = Listing::ALL
        .iter()
        .map(|listing| (listing.as_str(), organizations.iter().filter(|o| o.listing == *listing).count()))
        .collect();
    let statuses: Vec<_> = Status::ALL.iter().map(|status| (status.as_str(), rules.count(*status))).collect();
    let kinds: Vec<_> = NoticeKind::ALL
        .iter()
        .map(|kind| (kind.as_str(), rules.notices().iter().filter(|notice| notice.kind == *kind).count()))
        .collect();
    let cautions = organizations.iter().filter(|o| !o.caution.is_empty()).count();
    let domains: usize = organizations.iter().map(|o| o.domains.len()).sum();
    writeln!(out, "organisations  {}: {}", organizations.len(), counts(&listings))?;
    writeln!(out, "status         {}", counts(&statuses))?;
    writeln!(out, "notices        {}: {}", rules.notices().len(), counts(&kinds))?;
    writeln!(out, "with caution   {cautions}")?;
    writeln!(out, "domains        {domains}")?;
    writeln!(out, "patterns       {}", rules.patterns().len())?;
    writeln!(out, "conditions     {}", rules.policy().conditions().len())?;
    if !rules.policy().allows().is_empty() {
        writeln!(out, "allow-lists    {}", rules.policy().allows().len())?;
    }
    writeln!(out, "digest         {}", rules.digest())
}

/// What was left out: of the notices, and of the files.
fn write_limits(out: &mut impl Write, jurisdictions: &[String], unread: &[PathBuf]) -> io::Result<()> {
    if !jurisdictions.is_empty() {
        writeln!(out, "jurisdictions  {} only", jurisdictions.join(", "))?;
    }
    let Some(first) = unread.first().map(|path| printable(&path.display().to_string())) else { return Ok(()) };
    let files = counted(unread.len() as u64, "file");
    let first = if unread.len() == 1 { first } else { format!("{first} and others") };
    writeln!(out, "not read       {files}: {first}")
}

fn counts(pairs: &[(&str, usize)]) -> String {
    pairs.iter().map(|(name, count)| format!("{name} {count}")).collect::<Vec<_>>().join(", ")
}
