//! How we leave: the first signal stops taking and starts a deadline, the second ends the process at once.
//!
//! ```text
//! Running -- SIGTERM, SIGINT or a fatal error --> Stopping (drain, commit, close, all under one deadline) --> exit
//!                                                    \-- a second signal --> exit at once, with 3
//! ```
//! SIGHUP is listened to on the same thread. It asks for a reload of the rules, unless it says that the terminal we run in
//! is gone: then nobody is left who could end us, and it means what SIGTERM means.

use std::io::IsTerminal as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::reload::{Reload, Trigger};

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

    /// Listens for SIGTERM, SIGINT and SIGHUP from now on, on a thread of its own. The first of the former asks to stop, the
    /// second ends the process; SIGHUP asks for a reload.
    ///
    /// # Errors
    /// When the thread or the listener cannot be made.
    pub fn on_signals(&self, reload: &Reload) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let mut signals = {
            let _context = runtime.enter();
            Signals::listen()?
        };
        let (stop, reload, terminals) = (self.clone(), reload.clone(), Terminals::now());
        let listen = move || {
            runtime.block_on(async {
                loop {
                    let name = signals.next().await;
                    match meaning(name, stop.is_requested(), &|| terminals.are_gone()) {
                        Meaning::Reload => reload.request(Trigger::Signal),
                        Meaning::Stop => {
                            tracing::info!(signal = name, "stopping: finishing what is under way");
                            stop.request();
                        }
                        Meaning::Exit => {
                            tracing::warn!(signal = name, "stopping at once: what was not committed comes again");
                            std::process::exit(STOPPED_WHILE_RUNNING);
                        }
                        Meaning::Nothing => {}
                    }
                }
            });
        };
        std::thread::Builder::new().name("tripline-signals".into()).spawn(listen)?;
        Ok(())
    }

    fn since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.shared.since.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const HANGUP: &str = "SIGHUP";

/// What a signal is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Reload,
    Stop,
    Exit,
    Nothing,
}

fn meaning(signal: &str, is_stopping: bool, terminal_is_gone: &dyn Fn() -> bool) -> Meaning {
    match (signal, is_stopping) {
        (HANGUP, true) => Meaning::Nothing,
        (HANGUP, false) if !terminal_is_gone() => Meaning::Reload,
        (_, false) => Meaning::Stop,
        (_, true) => Meaning::Exit,
    }
}

/// Which of stdin, stdout and stderr are terminals. One that was and is no more has been closed.
struct Terminals([bool; 3]);

impl Terminals {
    fn now() -> Self {
        let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
        Self([stdin.is_terminal(), stdout.is_terminal(), stderr.is_terminal()])
    }

    fn are_gone(&self) -> bool {
        self.0.iter().zip(Self::now().0).any(|(was, is)| *was && !is)
    }
}

struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
}

impl Signals {
    #[cfg(unix)]
    fn listen() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    #[cfg(unix)]
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.hangup.recv() => HANGUP,
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
    fn a_hangup_means_reload_unless_the_terminal_is_gone() {
        for (signal, is_stopping, terminal_is_gone, expected) in [
            ("SIGHUP", false, false, Meaning::Reload),
            ("SIGHUP", false, true, Meaning::Stop),
            ("SIGHUP", true, false, Meaning::Nothing),
            ("SIGHUP", true, true, Meaning::Nothing), // it is no second request: a drain goes on without a terminal
            ("SIGTERM", false, false, Meaning::Stop),
            ("SIGTERM", false, true, Meaning::Stop),
            ("SIGTERM", true, false, Meaning::Exit),
            ("SIGINT", true, true, Meaning::Exit),
        ] {
            let found = meaning(signal, is_stopping, &|| terminal_is_gone);
            assert_eq!(found, expected, "{signal} {is_stopping} {terminal_is_gone}");
        }
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
