//! The service on a thread of its own, for `run` and for `demo`.

use std::thread::JoinHandle;

use anyhow::Context as _;

use crate::config::Settings;
use crate::pipeline::Stop;
use crate::rule::RuleSet;

/// A running service.
#[derive(Debug)]
pub(super) struct Service {
    thread: JoinHandle<anyhow::Result<()>>,
}

/// Starts the service; it asks everybody to stop when it ends by itself.
pub(super) fn spawn(settings: Settings, rules: RuleSet, stop: &Stop) -> anyhow::Result<Service> {
    let stop = stop.clone();
    let work = move || {
        let result = serve(&settings, rules, &stop);
        stop.request();
        result
    };
    let thread = std::thread::Builder::new().name("tripline-service".into()).spawn(work)?;
    Ok(Service { thread })
}

impl Service {
    /// Waits for its end.
    pub fn join(self) -> anyhow::Result<()> {
        self.thread.join().map_err(|_| anyhow::anyhow!("the service panicked"))?
    }
}

/// Runs until somebody asks to stop, or it cannot go on.
pub(super) fn serve(settings: &Settings, rules: RuleSet, stop: &Stop) -> anyhow::Result<()> {
    let _ = (settings, rules, stop);
    Err(anyhow::anyhow!("no pipeline")).context("the service stopped")
}
