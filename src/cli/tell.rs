//! Words on stderr that nobody needs to read.
//!
//! `tell!("3 texts")` is `eprintln!` without its panic: stderr may be a pipe whose reader has enough, or a full disk. What
//! the command found, and its exit code, do not depend on it.

use std::fmt::Arguments;
use std::io::{Write as _, stderr};

/// Writes a line to stderr, or does not.
pub(super) fn line(words: Arguments<'_>) {
    text(format_args!("{words}\n"));
}

/// Writes to stderr, or does not; in one piece, so that lines of several threads stay whole.
pub(super) fn text(words: Arguments<'_>) {
    let _ = stderr().write_all(words.to_string().as_bytes());
}

/// As `eprintln!`.
macro_rules! tell {
    ($($words:tt)*) => { $crate::cli::tell::line(format_args!($($words)*)) };
}
pub(super) use tell;
