//! `tripline config check`: every problem of the settings at once.

use std::io::Write as _;

use super::exit::{Exit, Failure, WhileRunning as _};
use super::settings::{SettingsFlags, problems};
use crate::config::Settings;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Check the settings: every problem at once, each with its key and where it comes from
    Check(CheckArguments),
}

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("Example:\n  tripline config check -c tripline.toml\n\nProblems count as found: exit code 1."))]
pub(super) struct CheckArguments {
    #[command(flatten)]
    settings: SettingsFlags,
}

pub(super) fn run(command: &Command) -> Result<Exit, Failure> {
    let Command::Check(arguments) = command;
    let mut out = std::io::stdout().lock();
    match arguments.settings.load() {
        Ok(settings) => {
            writeln!(out, "{}: {}", arguments.settings.file().display(), summary(&settings)).while_running()?;
            Ok(Exit::Clean)
        }
        Err(error) => {
            let Some(found) = problems(&error) else {
                return Err(error.into());
            };
            writeln!(out, "{found}").while_running()?;
            let count = found.0.len();
            eprintln!("{count} problem{} in the settings", if count == 1 { "" } else { "s" });
            Ok(Exit::Found)
        }
    }
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
