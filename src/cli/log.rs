//! Structured logs on stderr, as lines for people or as JSON.

use std::io::stderr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::color::ColorChoice;
use crate::config::{Log, LogFormat};

/// Starts logging for the rest of the process. `log.level` was checked with the settings.
pub(super) fn start(log: &Log, color: ColorChoice) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level)?;
    // A line that cannot be written (the terminal is closed, the disk is full) would be told on stderr by a macro that panics
    // where it cannot write either: with every thread that has something to say.
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).log_internal_errors(false);
    match log.format {
        LogFormat::Text => lines.with_ansi(color.palette(&stderr()).is_on()).finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}
