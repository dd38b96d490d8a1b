//! Structured logs on stderr, as lines for people or as JSON.

use std::io::stderr;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::color::ColorChoice;
use crate::config::{Log, LogFormat};

/// Starts logging for the rest of the process. `log.level` was checked with the settings.
pub(super) fn start(log: &Log, color: ColorChoice) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.level)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match log.format {
        LogFormat::Text => lines.with_ansi(color.palette(&stderr()).is_on()).finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}
