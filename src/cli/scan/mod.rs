//! `tripline scan`: the engine over files, without Kafka.
//!
//! A file of plain text is one post. NDJSON (`*.ndjson`, `*.jsonl`, or whatever a field is mapped in) is one record a
//! line. Of a folder, everything below it that has such an ending (or *.txt, *.md) is read, sorted. What cannot be read
//! is said on stderr, the rest is scanned, and the exit code is 3.

mod folder;
mod input;
mod report;

use std::io::{IsTerminal as _, stdin, stdout};
use std::path::PathBuf;

use super::color::ColorChoice;
use super::exit::{Exit, Failure, WhileRunning as _};
use super::progress::Progress;
use super::settings::RulesFlags;
use super::tell::tell;
use crate::engine::Scanner;

use self::input::Item;
pub(super) use self::input::{Input, RecordFlags, default_fields, kind, open};
pub(super) use self::report::Format;
use self::report::Report;

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Without --map, records are read as the shipped settings read them. A post: id,
author/id, created_at, title, body, entities/urls. A registration: account_id,
display_name, organization, bio, handle, website, email.

Example:
  tripline scan news.txt posts/
  tripline scan --kind post --id /id --map body=/text posts.ndjson
  tripline scan -c tripline.toml --source registrations --format json -"))]
pub(super) struct Arguments {
    /// Files and folders, or - for standard input
    ///
    /// In folders: *.txt and *.md as texts, *.ndjson and *.jsonl as records, sorted; nothing that is hidden.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    files: Vec<PathBuf>,
    /// text, or json: one event a line
    #[arg(long, value_name = "FORMAT", default_value = "text", hide_possible_values = true)]
    format: Format,
    /// Also clean texts, and mentions in shadow
    #[arg(long)]
    all: bool,
    /// In folders, every file; others as texts
    #[arg(long)]
    all_files: bool,
    #[command(flatten)]
    records: RecordFlags,
    #[command(flatten)]
    rules: RulesFlags,
}

pub(super) fn run(arguments: &Arguments, color: ColorChoice) -> Result<Exit, Failure> {
    let inputs = open(&files(arguments)?, &arguments.records, arguments.all_files)?;
    let rules = arguments.rules.load(color)?;
    let mut scanner = Scanner::new(&rules);
    let mut report = Report::new(arguments.format, arguments.all, color.palette(&stdout()), &rules);
    let mut out = output();
    let progress = Progress::over(inputs.iter().map(Input::size).sum());
    for input in &inputs {
        scan_input(input, &progress, &mut scanner, &mut report, &mut out)?;
    }
    drop(progress);
    out.flush().while_running()?;
    tell!("{}", report.summary(inputs.len()));
    Ok(report.exit())
}

fn files(arguments: &Arguments) -> anyhow::Result<Vec<PathBuf>> {
    if !arguments.files.is_empty() {
        return Ok(arguments.files.clone());
    }
    if stdin().is_terminal() {
        anyhow::bail!("no file: name one, or - to type a text and end it with Ctrl-D");
    }
    Ok(vec![PathBuf::from("-")])
}

/// On a terminal line by line, in a pipe in large pieces.
fn output() -> Box<dyn std::io::Write> {
    if stdout().is_terminal() { Box::new(stdout().lock()) } else { Box::new(std::io::BufWriter::new(stdout().lock())) }
}

fn scan_input<'r>(
    input: &Input,
    progress: &Progress,
    scanner: &mut Scanner<'r>,
    report: &mut Report<'r>,
    out: &mut dyn std::io::Write,
) -> Result<(), Failure> {
    let mut written = Ok(());
    let read = input.for_each(progress, |place, item| {
        let judged = match item {
            Item::Empty => return true,
            Item::Poison(reason) => Err(reason),
            Item::Content(mut content) => {
                // A file has no broker's time: whoever scans it asks what holds today.
                content.timestamp = Some(jiff::Timestamp::now());
                match scanner.scan(&content) {
                    Ok(verdict) => Ok((content, verdict)),
                    Err(error) => Err(format!("{:#}", anyhow::Error::from(error))),
                }
            }
        };
        written = match judged {
            Ok((content, verdict)) => report.verdict(out, place, &content, &verdict),
            Err(reason) => {
                progress.beside(|| report.poison(place, &reason));
                Ok(())
            }
        };
        written.is_ok()
    });
    written.while_running()?;
    if let Err(error) = read {
        progress.beside(|| report.unreadable(&input.name, &error));
    }
    Ok(())
}
