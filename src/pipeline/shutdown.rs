//! How we leave: the first signal stops taking and starts a deadline, the second ends the process at once.
//!
//! ```text
//! Running -- SIGTERM, SIGINT or a fatal error --> Stopping (drain, commit, close, all under one deadline) --> exit
//!                                                    \-- a second signal --> exit at once, with 3
//! ```

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Exit code of a process that was stopped while running.
const STOPPED_WHILE_RUNNING: i32 = 3;

/// A request to stop, shared by all threads.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    is_requested: AtomicBool,
    since: Mutex<Option<Instant>>,
    changed: Condvar,
}

impl Stop {
    /// Nobody has asked to stop yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks everyone to stop; asking again changes nothing.
    pub fn request(&self) {
        let mut since = self.since();
        since.get_or_insert_with(Instant::now);
        self.shared.is_requested.store(true, Ordering::Release);
        self.shared.changed.notify_all();
    }

    /// Somebody has asked.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        self.shared.is_requested.load(Ordering::Acquire)
    }

    /// When whoever drains has to be done, counted from the request.
    #[must_use]
    pub fn deadline(&self, drain: Duration) -> Instant {
        self.since().unwrap_or_else(Instant::now) + drain
    }

    /// Sleeps, but not past a request to stop.
    pub fn sleep(&self, time: Duration) {
        let since = self.since();
        let woken = self.shared.changed.wait_timeout_while(since, time, |since| since.is_none());
        drop(woken);
    }

    /// Listens for SIGTERM and SIGINT from now on, on a thread of its own. The second signal ends the process.
    ///
    /// # Errors
    /// When the thread or the listener cannot be made.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let mut signals = {
            let _context = runtime.enter();
            Signals::listen()?
        };
        let stop = self.clone();
        let listen = move || {
            runtime.block_on(async {
                let name = signals.next().await;
                tracing::info!(signal = name, "stopping: finishing what is under way");
                stop.request();
                let name = signals.next().await;
                tracing::warn!(signal = name, "stopping at once: what was not committed comes again");
                std::process::exit(STOPPED_WHILE_RUNNING);
            });
        };
        std::thread::Builder::new().name("tripline-signals".into()).spawn(listen)?;
        Ok(())
    }

    fn since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.shared.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }

    #[cfg(not(unix))]
    fn listen() -> std::io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) -> &'static str {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        "Ctrl-C"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_counts_from_the_first_request() {
        let stop = Stop::new();
        assert!(!stop.is_requested());
        stop.request();
        let first = stop.deadline(Duration::from_secs(5));
        std::thread::sleep(Duration::from_millis(5));
        stop.request();
        assert!(stop.is_requested());
        assert_eq!(stop.deadline(Duration::from_secs(5)), first);
    }

    #[test]
    fn a_sleeper_wakes_when_asked_to_stop() {
        let stop = Stop::new();
        let other = stop.clone();
        let began = Instant::now();
        let sleeper = std::thread::spawn(move || other.sleep(Duration::from_secs(60)));
        stop.request();
        sleeper.join().expect("it only sleeps");
        assert!(began.elapsed() < Duration::from_secs(30));
        stop.sleep(Duration::from_secs(60));
        assert!(began.elapsed() < Duration::from_secs(30), "and nobody sleeps afterwards");
    }
}
