//! The program as a user meets it: arguments, exit codes, what is said and where.
#![expect(clippy::unwrap_used, reason = "tests: a failed step is a failed test")]

mod bad_input;
mod colors;
mod config;
mod demo;
mod folders;
mod help;
mod import;
mod judging;
mod pipes;
mod program;
mod replay;
