//! A bar for long work, on a terminal only.
//!
//! It is drawn on stderr when that is a terminal and stdout is not: results that scroll by are progress enough, and a bar
//! between them is in the way. Work that is done within [`PATIENCE`] draws nothing.

use std::cell::Cell;
use std::io::{IsTerminal as _, Read, stderr, stdout};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nobody needs a bar for less.
const PATIENCE: Duration = Duration::from_millis(700);
const STYLE: &str = "{wide_bar} {percent:>3} %  {binary_bytes_per_sec}  {eta} left";

/// How far we are, in bytes.
pub(super) struct Progress {
    bar: ProgressBar,
    /// When to begin to draw; none: never, or drawn already.
    draw_from: Cell<Option<Instant>>,
}

impl Progress {
    /// Over so many bytes; where nobody knows how many, nothing is drawn.
    pub fn over(bytes: Option<u64>) -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let is_seen = bytes.is_some() && stderr().is_terminal() && !stdout().is_terminal() && !is_dumb;
        let bar = ProgressBar::with_draw_target(bytes, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        Self { bar, draw_from: Cell::new(is_seen.then(|| Instant::now() + PATIENCE)) }
    }

    /// A reader whose bytes count.
    pub fn reading<'p>(&'p self, reader: impl Read + 'p) -> impl Read + 'p {
        Counted { reader, progress: self }
    }

    /// Writes something to stderr without tearing the bar.
    pub fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    fn advance(&self, bytes: usize) {
        if self.draw_from.get().is_some_and(|from| Instant::now() >= from) {
            self.draw_from.set(None);
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(bytes as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

struct Counted<'p, R> {
    reader: R,
    progress: &'p Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.progress.advance(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_understands_its_style() {
        assert!(ProgressStyle::with_template(STYLE).is_ok());
    }

    #[test]
    fn what_is_read_counts() {
        let progress = Progress::over(Some(10));
        let mut text = String::new();
        progress.reading(&b"0123456789"[..]).read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), progress.bar.position()), ("0123456789", 10));
    }
}
