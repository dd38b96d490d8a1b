//! The program: parse, run, exit code. Everything is in `tripline::cli`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    tripline::cli::main()
}
