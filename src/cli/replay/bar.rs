//! A progress bar with rate and time left, on a terminal only.

use std::io::IsTerminal as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::replay::Progress;

const TICK: Duration = Duration::from_millis(100);
/// What is done in less needs no bar.
const SHORT: Duration = Duration::from_millis(500);
const STYLE: &str = "{bar:32} {percent:>3} %  {msg}  {eta} left";
/// Standard input has no known end.
const STYLE_WITHOUT_END: &str = "{spinner} {msg}  {elapsed}";

/// Does some work while a bar on stderr shows how far it has come.
pub(super) fn watched<T: Send>(work: impl FnOnce(&Progress) -> T + Send) -> T {
    let progress = Progress::default();
    if !is_seen() {
        return work(&progress);
    }
    std::thread::scope(|scope| {
        let (done, end) = mpsc::channel::<()>();
        let watched = &progress;
        scope.spawn(move || draw(watched, &end));
        let result = work(&progress);
        drop(done);
        result
    })
}

fn is_seen() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn draw(progress: &Progress, end: &mpsc::Receiver<()>) {
    let began = Instant::now();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    let mut is_drawn = false;
    while end.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        if began.elapsed() < SHORT {
            continue;
        }
        let records = progress.records();
        bar.set_message(format!("{} records, {} a second", HumanCount(records), HumanCount(rate(records, began))));
        bar.set_position(progress.done().min(progress.total()));
        if !is_drawn {
            is_drawn = true;
            let style = if progress.total() > 0 { STYLE } else { STYLE_WITHOUT_END };
            bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
            if progress.total() > 0 {
                bar.set_length(progress.total());
            }
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        bar.tick();
    }
    bar.finish_and_clear();
}

fn rate(records: u64, began: Instant) -> u64 {
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
    records.saturating_mul(1000) / ms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_understands_its_styles() {
        for style in [STYLE, STYLE_WITHOUT_END] {
            assert!(ProgressStyle::with_template(style).is_ok(), "{style}");
        }
    }
}
