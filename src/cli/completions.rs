//! `tripline completions`: what a shell needs to complete our words.

use std::io::Write as _;

use super::exit::{Exit, Failure, WhileRunning as _};

#[derive(Debug, clap::Args)]
#[command(after_long_help = super::example("Example:\n  tripline completions bash > ~/.local/share/bash-completion/completions/tripline"))]
pub(super) struct Arguments {
    /// The shell
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments, command: &mut clap::Command) -> Result<Exit, Failure> {
    let mut script = Vec::new(); // in memory first: the generator panics where a pipe is closed
    clap_complete::generate(arguments.shell, command, "tripline", &mut script);
    std::io::stdout().write_all(&script).while_running()?;
    Ok(Exit::Clean)
}
