//! `tripline rules import`: a register of lawful bodies, made a document of protected names.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueHint;

use crate::cli::exit::{Exit, Failure, WhileRunning as _};
use crate::cli::render::{counted, printable};
use crate::cli::settings::{build, read_text, source_of};
use crate::cli::tell::tell;
use crate::rule::{Caution, Organization, PartialDate, Register, RuleSet, Status};

/// Clap writes it in one line, which is wider than a terminal.
const USAGE: &str = "tripline rules import [OPTIONS] --protected <FILE> --as-of <DATE>
                             --source <TEXT> [DIR]...";

#[derive(Debug, clap::Args)]
#[command(override_usage = USAGE, after_long_help = crate::cli::example("Example:\n  tripline rules import --protected register.csv --as-of 2031-05 \\\n    --source \"Register of a made-up town\" > rules/register.yaml\n\nBad lines, and listed names that a lawful body has too, count as found: exit code 1."))]
pub(in crate::cli) struct ImportArguments {
    #[expect(clippy::doc_markdown, reason = "the help shows it as it stands here")]
    /// Register: CSV with name_zh and name_en, or JSON lines
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    protected: PathBuf,
    /// Day, month or year of the register
    #[arg(long, value_name = "DATE", value_parser = date)]
    as_of: String,
    /// Which register it is
    #[arg(long, value_name = "TEXT", value_parser = source_text)]
    source: String,
    /// Write here instead of to standard output
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// Lists to compare with [default: ./rules, or built-in]
    #[arg(value_name = "DIR", value_hint = ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
}

fn date(text: &str) -> Result<String, String> {
    PartialDate::parse(text)
        .map(|_| text.to_owned())
        .map_err(|error| format!("{error}: write YYYY, YYYY-MM or YYYY-MM-DD"))
}

fn source_text(text: &str) -> Result<String, String> {
    let is_text = !text.trim().is_empty() && !text.contains(char::is_control);
    is_text.then(|| text.trim().to_owned()).ok_or_else(|| "one line that says which register it is".to_owned())
}

pub(super) fn run(arguments: &ImportArguments) -> Result<Exit, Failure> {
    let file = &arguments.protected;
    let register = Register::read(&read_text(file)?);
    let rules = build(&source_of(&arguments.paths), &[])?;
    for bad in &register.bad {
        tell!("{}:{}: {}", file.display(), bad.line, printable(&bad.problem));
    }
    if register.bodies.is_empty() {
        return Err(anyhow::anyhow!("{} has no body that could be imported", file.display()).into());
    }
    let basis = format!("{}, as of {}", arguments.source, arguments.as_of);
    write_document(arguments.output.as_deref(), &register.to_yaml(&basis))?;
    let same = tell_near(&register, &rules);
    let taken = counted(register.bodies.len() as u64, "line");
    let repeated = counted(register.duplicates as u64, "repeated name");
    let bad = counted(register.bad.len() as u64, "problem");
    tell!("{taken} taken, {repeated}, {bad}");
    Ok(if register.bad.is_empty() && same == 0 { Exit::Clean } else { Exit::Found })
}

fn write_document(output: Option<&Path>, yaml: &str) -> Result<(), Failure> {
    match output {
        Some(path) => {
            std::fs::write(path, yaml).with_context(|| format!("cannot write {}", path.display())).while_running()
        }
        None => io::stdout().lock().write_all(yaml.as_bytes()).while_running(),
    }
}

/// Says which listed names a lawful body has too, or nearly, and what the list should say of it; gives how many are the same and say nothing.
fn tell_near(register: &Register, rules: &RuleSet) -> usize {
    let judged = rules.organizations().iter().filter(|o| matches!(o.status, Status::Active | Status::Shadow));
    let listed: Vec<(&Organization, &str)> = judged.flat_map(|o| names_of(o).map(move |name| (o, name))).collect();
    let names: Vec<&str> = listed.iter().map(|(_, name)| *name).collect();
    let mut silent = 0;
    for (line, body, at, score) in register.near(&names) {
        let (organization, name) = listed[at];
        let is_same = score >= 1.0;
        let says =
            if is_same { organization.has(Caution::IdenticalToRegistered) } else { !organization.caution.is_empty() };
        silent += usize::from(is_same && !says && !organization.has(Caution::EnglishOnly));
        let (how, caution) = if is_same { ("is", "identical-to-registered") } else { ("is near", "near-registered") };
        let todo = if says { "says so".to_owned() } else { format!("needs the caution {caution}") };
        tell!(
            "line {line}: {} {how} {} ({score:.2}), {}, which {todo}",
            printable(body),
            printable(name),
            organization.id
        );
    }
    silent
}

fn names_of(organization: &Organization) -> impl Iterator<Item = &str> {
    let aliases =
        organization.aliases.iter().filter(|alias| !alias.requires_full_name).map(|alias| alias.name.as_str());
    let translations = organization.translations.iter().map(|translation| translation.name.as_str());
    organization.name.as_deref().into_iter().chain(aliases).chain(translations)
}
