//! `tripline config`: the settings as they are, what is wrong with them, and a file to begin with.

mod show;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::color::ColorChoice;
use super::exit::{Exit, Failure, WhileRunning as _};
use super::settings::{SHIPPED, SettingsFlags, problems};
use super::tell::tell;
use crate::config::{Problems, Settings};

#[derive(Debug, clap::Subcommand)]
#[command(after_long_help = super::example("Example:\n  tripline config show -c tripline.toml --changed"))]
pub(super) enum Command {
    /// Check the settings: every problem at once, each with its key and where it comes from
    Check(CheckArguments),
    /// Show every setting with its value and where it comes from
    Show(show::Arguments),
    /// Print a commented settings file to begin with
    Example(ExampleArguments),
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("Example:\n  tripline config check tripline.toml\n\nProblems count as found: exit code 1."))]
pub(super) struct CheckArguments {
    #[command(flatten)]
    settings: SettingsFlags,
    /// The same as --config FILE
    #[arg(value_name = "FILE", conflicts_with = "config", value_hint = clap::ValueHint::FilePath)]
    file: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("\
Every key stands there with its default value, and two topics to read.

Example:
  tripline config example > tripline.toml"))]
pub(super) struct ExampleArguments {}

pub(super) fn run(command: &Command, color: ColorChoice) -> Result<Exit, Failure> {
    match command {
        Command::Check(arguments) => check(arguments),
        Command::Show(arguments) => show::run(arguments, color),
        Command::Example(_) => example(),
    }
}

fn example() -> Result<Exit, Failure> {
    io::stdout().write_all(SHIPPED.as_bytes()).while_running()?;
    if !Path::new("rules").exists() {
        tell!("note: there is no ./rules here; with rules.paths = [] the lists built into the program judge");
    }
    Ok(Exit::Clean)
}

fn check(arguments: &CheckArguments) -> Result<Exit, Failure> {
    let flags = arguments.settings.clone().or_file(arguments.file.as_deref());
    let mut out = io::stdout().lock();
    match flags.load() {
        Ok(settings) => {
            writeln!(out, "{}: {}", flags.file().display(), summary(&settings)).while_running()?;
            Ok(Exit::Clean)
        }
        Err(error) => {
            let Some(found) = problems(&error) else {
                return Err(error.into());
            };
            writeln!(out, "{found}").while_running()?;
            tell!("{}", count(found));
            Ok(Exit::Found)
        }
    }
}

fn count(found: &Problems) -> String {
    let count = found.0.len();
    format!("{count} problem{} in the settings", if count == 1 { "" } else { "s" })
}

fn summary(settings: &Settings) -> String {
    let topics: Vec<_> = settings.sources.iter().map(|source| source.topic.as_str()).collect();
    format!(
        "ok; {} at {} -> {}; settings {}",
        topics.join(", "),
        settings.kafka.bootstrap_servers,
        settings.verdicts.topic,
        settings.digest()
    )
}
