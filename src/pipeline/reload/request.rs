//! Who asks for a reload, and the answer. However many ask while one is built, one more build answers them all.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::oneshot;

use crate::metrics::ReloadResult;

/// Why rules are loaded again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Their files changed.
    Watch,
    /// SIGHUP.
    Signal,
    /// `POST /-/reload`.
    Http,
}

impl Trigger {
    /// The name in logs and in `/ready`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Trigger::Watch => "watch",
            Trigger::Signal => "sighup",
            Trigger::Http => "http",
        }
    }
}

/// How a reload ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Loaded, unchanged or failed.
    pub result: ReloadResult,
    /// Why it failed: the first problems, bounded.
    pub reason: Option<String>,
    /// When it ended.
    pub when: Timestamp,
    /// What asked for it.
    pub trigger: Trigger,
    /// `sha256:…` of the rules that judge from now on.
    pub digest: String,
    /// Their epoch.
    pub epoch: u64,
}

/// A way to ask for a reload, shared by everybody who may.
#[derive(Clone, Debug, Default)]
pub struct Reload {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    trigger: Option<Trigger>,
    answers: Vec<oneshot::Sender<Outcome>>,
    /// Nobody reloads any more.
    is_closed: bool,
}

/// A request taken from those who wait.
#[derive(Debug)]
pub(crate) struct Request {
    pub trigger: Trigger,
    answers: Vec<oneshot::Sender<Outcome>>,
}

impl Request {
    /// Tells everybody who waits.
    pub(crate) fn answer(self, outcome: &Outcome) {
        for answer in self.answers {
            // Who has gone does not want to know.
            let _ = answer.send(outcome.clone());
        }
    }
}

impl Reload {
    /// Nobody has asked yet. What is asked before a pipeline runs waits for it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a reload and does not wait.
    pub fn request(&self, trigger: Trigger) {
        self.lock().trigger.get_or_insert(trigger);
        self.shared.changed.notify_all();
    }

    /// Asks for a reload that begins from now on; its outcome comes through the channel, which closes when nobody reloads any more.
    #[must_use]
    pub fn ask(&self, trigger: Trigger) -> oneshot::Receiver<Outcome> {
        let (answer, outcome) = oneshot::channel();
        let mut waiting = self.lock();
        if !waiting.is_closed {
            waiting.answers.push(answer);
        }
        drop(waiting);
        self.request(trigger);
        outcome
    }

    /// The next request; `None` when there is none within `time`.
    pub(crate) fn next(&self, time: Duration) -> Option<Request> {
        let waiting = self.lock();
        let nobody_asks = |waiting: &mut Waiting| waiting.trigger.is_none();
        let woken = self.shared.changed.wait_timeout_while(waiting, time, nobody_asks);
        let (mut waiting, _) = woken.unwrap_or_else(PoisonError::into_inner);
        let trigger = waiting.trigger.take()?;
        Some(Request { trigger, answers: std::mem::take(&mut waiting.answers) })
    }

    /// Nobody reloads any more: who waits is told so.
    pub(crate) fn close(&self) {
        let mut waiting = self.lock();
        waiting.is_closed = true;
        waiting.answers.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.shared.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
