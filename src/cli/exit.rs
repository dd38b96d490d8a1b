//! Exit codes, and how a failure is told.

use std::fmt::Write as _;
use std::io;
use std::process::ExitCode;

use super::color::{Paint, Palette};

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// Nothing was found, all went well.
    Clean = 0,
    /// Something was found.
    Found = 1,
    /// Usage, settings or rules.
    CouldNotStart = 2,
    /// Stopped while running.
    Stopped = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        let code = match exit {
            Exit::Clean => 0,
            Exit::Found => 1,
            Exit::CouldNotStart => 2,
            Exit::Stopped => 3,
        };
        ExitCode::from(code)
    }
}

/// Why a command ended early: by default it could not start.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    error: anyhow::Error,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { exit: Exit::CouldNotStart, error: error.into() }
    }
}

/// For errors that come after the start.
pub(super) trait WhileRunning<T> {
    /// The error ends the command with exit code 3.
    fn while_running(self) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> WhileRunning<T> for Result<T, E> {
    fn while_running(self) -> Result<T, Failure> {
        self.map_err(|error| Failure { exit: Exit::Stopped, error: error.into() })
    }
}

impl Failure {
    /// Says on stderr what went wrong. A closed pipe is no failure: the reader has enough.
    pub fn report(self, palette: Palette) -> Exit {
        if is_closed_pipe(&self.error) {
            return Exit::Clean;
        }
        super::tell::text(format_args!("{}", told(&self.error, palette)));
        self.exit
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// The error and its causes, one a line; a cause with several lines (all problems of a file) keeps them.
fn told(error: &anyhow::Error, palette: Palette) -> String {
    let mut text = format!("{} {error}\n", palette.paint(Paint::Alarm, "error:"));
    for cause in error.chain().skip(1) {
        for line in cause.to_string().lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn causes_are_told_line_by_line_below_the_error() {
        let error = anyhow::Error::msg("kafka.start: no\nhttp.listen: no").context("2 problems in the settings");
        assert_eq!(
            told(&error, Palette::PLAIN),
            "error: 2 problems in the settings\n  kafka.start: no\n  http.listen: no\n"
        );
    }

    #[test]
    fn only_a_closed_pipe_is_no_failure() {
        for (kind, expected) in [
            (io::ErrorKind::BrokenPipe, Exit::Clean),
            (io::ErrorKind::NotFound, Exit::Stopped),
            (io::ErrorKind::StorageFull, Exit::Stopped),
        ] {
            let result: Result<(), _> = Err(io::Error::from(kind)).context("cannot write");
            let failure = result.while_running().map_err(|failure| failure.report(Palette::PLAIN));
            assert_eq!(failure, Err(expected), "{kind}");
        }
    }
}
