//! The thread that reads, builds and swaps. One at a time, so requests meet here and never each other.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::RulesHandle;
use super::attempt::{Problem, attempt};
use super::request::{Outcome, Reload, Trigger};
use super::watch::Watch;
use crate::config::{RuleSource, RulesState, Settings};
use crate::metrics::{Metrics, ReloadResult};
use crate::pipeline::probe::Probe;
use crate::pipeline::shutdown::Stop;
use crate::rule::RuleSet;

/// How often the files are looked at, and how soon again after a change: whoever saves several files needs a moment.
const LOOK_EVERY: Duration = Duration::from_secs(1);
const SETTLE: Duration = Duration::from_millis(500);
/// Looking at thousands of files over a network takes its time; it may take this part of ours.
const LOOKING_SHARE: u32 = 20;
/// Files that could not be read although they look the same (a network file system hiccups) are tried again.
const TRY_AGAIN: Duration = Duration::from_secs(10);
/// The log has every problem up to here; `tripline rules check` has them all.
const LOGGED_PROBLEMS: usize = 100;
/// A thread that judges comes to the end of its batch within this; one that does not is no reason to let who asked wait longer.
const LEFT_WITHIN: Duration = Duration::from_secs(2);
/// A tenth of the share that a thread which judges has, where both want the same core.
const NICENESS: i32 = 10;
/// As the main thread has it, which built the first set: a condition may nest, and its reader recurses.
const STACK: usize = 8 << 20;

/// Everything that a reload reads and tells.
pub(in crate::pipeline) struct Reloader {
    source: RuleSource,
    jurisdictions: Vec<String>,
    /// `None`: only who asks gets a reload.
    watch: Option<Watch>,
    looked: Instant,
    look_took: Duration,
    /// The last try failed for a reason that may pass by itself.
    try_again: Option<Again>,
    rules: Arc<RulesHandle>,
    /// Sets that no longer judge, until their last worker has left them: their memory is given back here, not there.
    retired: Vec<Arc<RuleSet>>,
    metrics: Metrics,
    probe: Arc<Probe>,
    requests: Reload,
    stop: Stop,
}

/// When to try again, and what was said the last time.
struct Again {
    when: Instant,
    said: (RulesState, String),
}

/// Whom a reloader serves.
pub(in crate::pipeline) struct Around {
    pub rules: Arc<RulesHandle>,
    pub metrics: Metrics,
    pub probe: Arc<Probe>,
    pub requests: Reload,
    pub stop: Stop,
}

/// Building a set may take a whole core for a while; whoever judges goes before. A priority of a single thread is Linux's own.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "rules are built at the common priority");
    }
}

impl Reloader {
    /// `read`: how the files looked when the first set was read, if somebody noted it.
    pub fn new(settings: &Settings, read: Option<RulesState>, around: Around) -> Self {
        let source = RuleSource::from_paths(&settings.rules.paths);
        let is_watched = settings.rules.watch && matches!(source, RuleSource::Paths(_));
        let watch = is_watched.then(|| Watch::new(read.unwrap_or_else(|| source.state())));
        let Around { rules, metrics, probe, requests, stop } = around;
        Self {
            source,
            jurisdictions: settings.rules.jurisdictions.clone(),
            watch,
            looked: Instant::now(),
            look_took: Duration::ZERO,
            try_again: None,
            rules,
            retired: Vec::new(),
            metrics,
            probe,
            requests,
            stop,
        }
    }

    /// Serves requests on a thread of its own until somebody asks to stop.
    pub fn spawn(self) -> std::io::Result<()> {
        let run = move || self.run();
        std::thread::Builder::new().name("tripline-reload".into()).stack_size(STACK).spawn(run)?;
        Ok(())
    }

    fn run(mut self) {
        step_back();
        while !self.stop.is_requested() {
            if let Some(request) = self.requests.next(self.pause()) {
                let outcome = self.reload(request.trigger);
                self.wait_until_left();
                request.answer(&outcome);
            } else if self.has_changed() {
                self.reload(Trigger::Watch);
            }
            self.retired.retain(|rules| Arc::strong_count(rules) > 1);
        }
    }

    /// Who asked may count on the answer: no record that is written after it is judged by the rules before.
    fn wait_until_left(&self) {
        let deadline = Instant::now() + LEFT_WITHIN;
        let is_in_use = |rules: &Arc<RuleSet>| Arc::strong_count(rules) > 1;
        while self.retired.iter().any(is_in_use) && Instant::now() < deadline && !self.stop.is_requested() {
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Until the next look.
    fn pause(&self) -> Duration {
        let is_unsettled = self.watch.as_ref().is_some_and(Watch::is_unsettled);
        let every = if is_unsettled { SETTLE } else { LOOK_EVERY };
        let due = self.looked + every.max(self.look_took * LOOKING_SHARE);
        // Not longer than this without asking whether to stop.
        due.saturating_duration_since(Instant::now()).min(LOOK_EVERY)
    }

    /// A look at the files, when it is time.
    fn has_changed(&mut self) -> bool {
        let now = Instant::now();
        if !self.pause().is_zero() {
            return false;
        }
        let Some(watch) = &mut self.watch else {
            self.looked = now;
            return false;
        };
        let is_due = watch.is_due(self.source.state(), now);
        self.looked = Instant::now();
        self.look_took = self.looked.saturating_duration_since(now);
        is_due || self.try_again.as_ref().is_some_and(|again| now >= again.when)
    }

    fn reload(&mut self, trigger: Trigger) -> Outcome {
        let began = Instant::now();
        let before = self.rules.current().rules;
        let (state, built) = attempt(&self.source, &self.jurisdictions, before.organizations().len());
        if let Some(watch) = &mut self.watch {
            watch.was_read(state.clone());
        }
        match built {
            Ok(rules) => {
                let result = self.take(rules, &before);
                self.try_again = None;
                let outcome = self.outcome(result, None, trigger);
                self.tell(&outcome);
                self.say_taken(&outcome, &before, began.elapsed());
                outcome
            }
            Err(problem) => self.refuse(&problem, trigger, state),
        }
    }

    /// From the next batch of each worker on, these rules judge. Their series are there before the first of their verdicts.
    fn take(&mut self, rules: RuleSet, before: &Arc<RuleSet>) -> ReloadResult {
        if rules.digest() == before.digest() {
            return ReloadResult::Unchanged;
        }
        let rules = Arc::new(rules);
        self.metrics.touch_rules(&rules);
        let epoch = self.rules.swap(Arc::clone(&rules));
        self.metrics.judged_by(&rules, epoch, Timestamp::now());
        self.retired.push(Arc::clone(before));
        ReloadResult::Loaded
    }

    fn refuse(&mut self, problem: &Problem, trigger: Trigger, state: RulesState) -> Outcome {
        let outcome = self.outcome(ReloadResult::Failed, Some(problem.brief()), trigger);
        let said = (state, problem.brief());
        let last_said = self.try_again.take().map(|again| again.said);
        // Asked by nobody, and nothing new to say.
        let is_repeated = trigger == Trigger::Watch && last_said.as_ref() == Some(&said);
        self.try_again = problem.may_pass().then(|| Again { when: Instant::now() + TRY_AGAIN, said });
        if !is_repeated {
            self.tell(&outcome);
            say(problem, trigger);
        }
        outcome
    }

    fn tell(&self, outcome: &Outcome) {
        self.metrics.reloaded(outcome.result);
        self.probe.reloaded(outcome.clone());
    }

    /// How many organizations are new, and how many are gone: what somebody woken at night asks first.
    fn say_taken(&self, outcome: &Outcome, before: &RuleSet, took: Duration) {
        let Outcome { digest, epoch, .. } = outcome;
        let (trigger, took_ms) = (outcome.trigger.as_str(), took.as_millis());
        if outcome.result == ReloadResult::Unchanged {
            tracing::info!(trigger, digest, epoch, took_ms, "rules unchanged");
            return;
        }
        let now = self.rules.current().rules;
        let (organizations, added, removed) = difference(before, &now);
        tracing::info!(trigger, digest, epoch, organizations, added, removed, took_ms, "rules loaded");
    }

    fn outcome(&self, result: ReloadResult, reason: Option<String>, trigger: Trigger) -> Outcome {
        let now = self.rules.current();
        let digest = now.rules.digest().to_string();
        Outcome { result, reason, when: Timestamp::now(), trigger, digest, epoch: now.epoch }
    }
}

/// However it ends, nobody waits for it in vain.
impl Drop for Reloader {
    fn drop(&mut self) {
        self.requests.close();
    }
}

/// How many organizations there are, how many are new, and how many are gone.
fn difference(before: &RuleSet, after: &RuleSet) -> (usize, usize, usize) {
    let ids = |rules: &'_ RuleSet| rules.organizations().iter().map(|o| Arc::clone(&o.id)).collect::<HashSet<_>>();
    let (before, after) = (ids(before), ids(after));
    (after.len(), after.difference(&before).count(), before.difference(&after).count())
}

fn say(problem: &Problem, trigger: Trigger) {
    let lines = problem.lines();
    let (trigger, problems) = (trigger.as_str(), lines.len());
    tracing::error!(trigger, problems, "rules not loaded; the good ones go on judging");
    for line in lines.iter().take(LOGGED_PROBLEMS) {
        tracing::error!("{line}");
    }
    if problems > LOGGED_PROBLEMS {
        let more = problems - LOGGED_PROBLEMS;
        tracing::error!(more, "problems are not shown; `tripline rules check` shows all");
    }
}
