//! The service as `run` and `demo` start it: health and metrics first, then the pipeline.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use anyhow::Context as _;

use super::exit::{Failure, WhileRunning as _};
use crate::config::Settings;
use crate::http::{ListenError, Server, Token, Views};
use crate::pipeline::{self, Options, Reload, Stop};
use crate::rule::RuleSet;

/// A service that answers HTTP and has not begun to judge.
pub(super) struct Service {
    options: Options,
    /// Held for as long as the service runs.
    http: Server,
}

impl Service {
    /// Opens the HTTP address, so that an occupied one is known before anything else is done.
    pub fn listen(settings: &Settings, options: Options) -> anyhow::Result<Self> {
        let views = Views {
            registry: options.registry.clone(),
            probe: Arc::clone(&options.probe),
            reload: options.reload.clone(),
            token: settings.http.token.as_ref().map(|token| Token::new(token.reveal())),
        };
        let http = Server::start(settings.http.listen, views).map_err(advised)?;
        Ok(Self { options, http })
    }

    /// Where health and metrics are answered.
    pub fn address(&self) -> SocketAddr {
        self.http.address()
    }

    /// Runs until somebody asks to stop, or it cannot go on.
    pub fn run(self, settings: &Settings, rules: RuleSet) -> Result<(), Failure> {
        let Self { options, http } = self;
        let ended = pipeline::run(settings, Arc::new(rules), options)?;
        drop(http); // health and metrics are answered to the end
        match ended {
            pipeline::Exit::Clean => Ok(()),
            pipeline::Exit::Stopped(fatal) => Err(fatal).while_running(),
        }
    }

    /// The same on a thread of its own, which asks everybody to stop when it ends by itself.
    pub fn spawn(self, settings: Settings, rules: RuleSet) -> anyhow::Result<Running> {
        let stop = self.options.stop.clone();
        let work = move || {
            let result = self.run(&settings, rules);
            stop.request();
            result
        };
        let thread = std::thread::Builder::new().name("tripline-service".into()).spawn(work)?;
        Ok(Running { thread })
    }
}

/// Another service, or another demo, has the address: one that is free is found by the system.
fn advised(error: ListenError) -> anyhow::Error {
    if error.source.kind() != ErrorKind::AddrInUse {
        return error.into();
    }
    anyhow::anyhow!("{}; try --http-listen 127.0.0.1:0", error.source).context(error.to_string())
}

/// A service on its own thread.
#[derive(Debug)]
pub(super) struct Running {
    thread: JoinHandle<Result<(), Failure>>,
}

impl Running {
    /// Waits for its end.
    pub fn join(self) -> Result<(), Failure> {
        self.thread.join().unwrap_or_else(|_| Err(anyhow::Error::msg("the service panicked")).while_running())
    }
}

/// A stop that listens to SIGTERM and Ctrl-C, and a reload that listens to SIGHUP.
pub(super) fn on_signals() -> anyhow::Result<(Stop, Reload)> {
    let (stop, reload) = (Stop::new(), Reload::new());
    stop.on_signals(&reload).context("cannot listen to signals")?;
    Ok((stop, reload))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_address_comes_with_a_way_out_and_no_other_error_does() {
        for (kind, has_advice) in [(ErrorKind::AddrInUse, true), (ErrorKind::PermissionDenied, false)] {
            let error = ListenError { address: SocketAddr::from(([127, 0, 0, 1], 9464)), source: kind.into() };
            let told = format!("{:#}", advised(error));
            assert!(told.starts_with("cannot listen on http.listen = 127.0.0.1:9464: "), "{told}");
            assert_eq!(told.ends_with("; try --http-listen 127.0.0.1:0"), has_advice, "{told}");
        }
    }
}
