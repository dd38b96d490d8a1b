//! The command line: one file a subcommand.
//!
//! Results go to stdout, everything else to stderr; exit codes are in `exit`. `anyhow` lives here and nowhere else.

#![deny(clippy::print_stderr, reason = "it panics where stderr is closed: see tell")]

mod color;
mod completions;
mod config;
mod demo;
mod exit;
mod explain;
mod log;
mod man;
mod progress;
mod render;
mod replay;
mod rules;
mod run;
mod scan;
mod service;
mod settings;
mod tell;
mod topics;

use std::io::stderr;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches as _, Parser, Subcommand};

use self::color::ColorChoice;
use self::exit::{Exit, Failure};

/// The last lines of every long help.
const EXIT_CODES: &str = "\
Exit codes:
  0  clean
  1  something was found
  2  could not start: usage, settings or rules
  3  stopped while running";

/// Finds references to organisations on official ban lists, in Kafka topics and in files, with evidence
#[derive(Debug, Parser)]
#[command(name = "tripline", version, max_term_width = 100, after_long_help = top_example())]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Colours: auto, always or never
    ///
    /// auto: on a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` colours a pipe too.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        display_order = 900
    )]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// See it work: made-up records through an in-process Kafka
    Demo(demo::Arguments),
    /// Run the service: from Kafka topics to verdicts
    Run(run::Arguments),
    /// Judge files or standard input, without Kafka
    Scan(scan::Arguments),
    /// Show every step from a text to its verdict
    Explain(explain::Arguments),
    /// See what a rule change would do, on records that are there
    Replay(Box<replay::Arguments>),
    /// Check the lists
    #[command(subcommand)]
    Rules(rules::Command),
    /// Make and check the Kafka topics that the settings need
    #[command(subcommand)]
    Topics(topics::Command),
    /// Show and check the settings
    #[command(subcommand)]
    Config(config::Command),
    /// Print the completions of a shell
    Completions(completions::Arguments),
    /// Write the manual pages
    Man(man::Arguments),
}

fn top_example() -> String {
    format!("Example:\n  tripline scan news.txt posts.ndjson folder/\n\n{EXIT_CODES}")
}

/// The end of a subcommand's long help.
fn example(lines: &str) -> String {
    format!("{lines}\n\n{EXIT_CODES}")
}

/// Parses the arguments, runs, and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    let color = ColorChoice::asked_for(std::env::args_os().skip(1));
    let parsed = command(color).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    match parsed {
        Ok(cli) => finish(dispatch(cli), color),
        Err(error) => {
            let _ = error.print(); // a closed pipe: nobody reads the help any more
            if error.use_stderr() { Exit::CouldNotStart.into() } else { Exit::Clean.into() }
        }
    }
}

fn dispatch(cli: Cli) -> Result<Exit, Failure> {
    let color = cli.color;
    match cli.command {
        Command::Demo(arguments) => demo::run(&arguments, color),
        Command::Run(arguments) => run::run(&arguments, color),
        Command::Scan(arguments) => scan::run(&arguments, color),
        Command::Explain(arguments) => explain::run(&arguments, color),
        Command::Replay(arguments) => replay::run(&arguments, color),
        Command::Rules(command) => rules::run(&command, color),
        Command::Topics(command) => topics::run(&command),
        Command::Config(command) => config::run(&command, color),
        Command::Completions(arguments) => completions::run(&arguments, &mut Cli::command()),
        Command::Man(arguments) => man::run(&arguments, Cli::command()),
    }
}

/// The whole command line; what clap says itself follows the rules of colour too.
fn command(color: ColorChoice) -> clap::Command {
    Cli::command().color(color.for_clap())
}

fn finish(result: Result<Exit, Failure>, color: ColorChoice) -> ExitCode {
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(color.palette(&stderr())).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
