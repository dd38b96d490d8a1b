//! One consumer thread: a loop of named steps around one source, one delivery and one assignment.
//!
//! Rebalances, commit answers and statistics are events, read between two batches. A revocation drains: what was read is
//! written and committed before the partition is let go, under a deadline. A lost partition commits nothing.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::batch::Batch;
use super::beginning::{Beginnings, Unresolved};
use super::commit::{Clock, Delivery, Done};
use super::judge::{Judge, Plan};
use super::once::Errand;
use super::probe::Pulse;
use super::reload::{Loaded, RulesHandle};
use super::run::Fatal;
use super::shutdown::Stop;
use crate::kafka::{Class, Doing, Error, Event, Position, Reaction, Source, Statistics, TopicPartition};
use crate::metrics::{CommitResult, Metrics};
use crate::stream::{Assignment, Backoff, Consuming, Draining, RarelyPer};

/// The most records of a batch, and the longest it is gathered.
const BATCH_RECORDS: usize = 1000;
const BATCH_TIME: Duration = Duration::from_millis(10);
/// How long an empty poll waits: while acknowledgements are due, and while nothing is under way at all.
pub(super) const BUSY_WAIT: Duration = Duration::from_millis(5);
const IDLE_WAIT: Duration = Duration::from_millis(50);
/// What is judged again after a crash, at most, beside what is under way.
const COMMIT_EVERY: Duration = Duration::from_millis(200);
/// An asynchronous commit that was not answered by then is forgotten and asked again.
const COMMIT_ANSWER: Duration = Duration::from_secs(30);
/// Without room for this long, partitions are paused and polled, so that the group does not give us up.
const PAUSE_AFTER: Duration = Duration::from_secs(1);
/// Without an acknowledgement for this long, we are not ready.
const PRODUCER_SILENT: Duration = Duration::from_secs(30);
const SAY_AGAIN: Duration = Duration::from_secs(60);

/// What a worker shares with the others.
pub(super) struct Shared {
    pub plan: Plan,
    pub rules: Arc<RulesHandle>,
    pub beginnings: Beginnings,
    pub metrics: Metrics,
    pub stop: Stop,
    pub drain: Duration,
}

/// One consumer thread's own state.
pub(super) struct Worker<S, D> {
    pub(super) shared: Arc<Shared>,
    pub(super) pulse: Arc<Pulse>,
    pub(super) source: S,
    pub(super) delivery: D,
    pub(super) assignment: Assignment,
    /// Partitions whose beginnings are not known yet, and when the brokers are asked.
    pub(super) unresolved: Option<(Vec<Unresolved>, Instant)>,
    pub(super) resolve_again: Backoff,
    /// librdkafka waits for our answer to an assignment.
    pub(super) owes_assign: bool,
    pub(super) commits: Commits,
    pub(super) blocked_since: Option<Instant>,
    pub(super) is_paused: bool,
    /// In a run that ends: how far our partitions are to be read.
    pub(super) errand: Option<Errand>,
    pub(super) said: RarelyPer<(&'static str, Class)>,
}

/// When offsets were committed last, and whether an answer is due.
pub(super) struct Commits {
    pub(super) last: Option<Instant>,
    asked: Option<Instant>,
}

impl<S: Source, D: Delivery> Worker<S, D> {
    pub fn new(shared: Arc<Shared>, pulse: Arc<Pulse>, source: S, delivery: D) -> Self {
        Self {
            shared,
            pulse,
            source,
            delivery,
            assignment: Assignment::new(),
            unresolved: None,
            resolve_again: Backoff::new(Duration::from_millis(200), Duration::from_secs(5)),
            owes_assign: false,
            commits: Commits { last: None, asked: None },
            blocked_since: None,
            is_paused: false,
            errand: None,
            said: RarelyPer::new(SAY_AGAIN),
        }
    }

    /// The same in a run that ends.
    pub fn with_errand(mut self, errand: Option<Errand>) -> Self {
        self.errand = errand;
        self
    }

    /// Judges until asked to stop, then finishes what is under way. Gives back the source and the delivery to be closed.
    pub fn run(mut self) -> (S, D, Result<(), Fatal>) {
        let mut result = Ok(());
        let rules = Arc::clone(&self.shared.rules);
        while result.is_ok() && !self.shared.stop.is_requested() {
            result = self.judge_by(&rules.current(), &rules);
        }
        let finished = self.finish();
        self.pulse.over();
        (self.source, self.delivery, result.and(finished))
    }

    /// The loop of the service, until other rules are loaded or somebody asks to stop.
    fn judge_by(&mut self, loaded: &Loaded, rules: &RulesHandle) -> Result<(), Fatal> {
        let shared = Arc::clone(&self.shared);
        let mut judge = Judge::new(&shared.plan, loaded);
        while rules.is_current(loaded) && !shared.stop.is_requested() {
            self.pulse.beat();
            self.serve_events()?;
            self.resolve_when_due()?;
            self.progress()?;
            self.commit_when_due();
            self.report();
            self.pause_or_resume()?;
            if self.blocked_since.is_none() || self.is_paused {
                self.take(&mut judge)?;
            } else {
                self.delivery.wait(BUSY_WAIT);
            }
        }
        Ok(())
    }

    // -- records

    /// Takes a batch, judges it in place, and hands it on. While paused this only keeps us in the group.
    fn take(&mut self, judge: &mut Judge<'_>) -> Result<(), Fatal> {
        let is_idle = self.delivery.age(Instant::now()).is_none() && self.commits.asked.is_none();
        let wait = if is_idle { IDLE_WAIT } else { BUSY_WAIT };
        let mut batch = Batch::new(Instant::now());
        let (assignment, mut lent) = (&mut self.assignment, 0);
        let taken = self.source.take(BATCH_RECORDS, wait, BATCH_TIME, &mut |arrival| {
            lent += 1;
            judge.record(arrival, &mut batch, assignment);
        });
        judge.end(&mut batch, &mut self.assignment);
        if let Some(errand) = &mut self.errand {
            errand.took(lent);
        }
        if !batch.is_empty() {
            let took_us = batch.began.elapsed().as_micros();
            tracing::trace!(records = batch.records(), took_us, "batch judged");
            self.delivery.accept(batch);
        }
        match taken {
            Ok(_) => Ok(()),
            Err(error) => self.not_taken(&error),
        }
    }

    fn not_taken(&mut self, error: &Error) -> Result<(), Fatal> {
        match error.reaction(Doing::Consuming) {
            Reaction::Fatal | Reaction::DeadLetter => Err(Fatal::Consumer(error.clone())),
            Reaction::Abort => self.overtaken(error),
            Reaction::Retry => {
                // Who reports it leaves out where it happened.
                let all: Vec<_> = self.assignment.iter().take(8).map(|partition| at(partition).to_string()).collect();
                let words = format!("{error}; reading {}", all.join(", "));
                self.say("reading", &Error::new(error.class(), words));
                Ok(())
            }
        }
    }

    /// What is written is finished; what is finished may be committed.
    fn progress(&mut self) -> Result<(), Fatal> {
        for done in self.delivery.progress(clock())? {
            self.finished(&done, &mut []);
        }
        Ok(())
    }

    pub(super) fn finished(&mut self, done: &Done, draining: &mut [Draining]) {
        self.shared.metrics.batch(&done.tally);
        if let Some(errand) = &self.errand {
            errand.judged(done.parts.iter().map(|part| part.offsets.len()).sum());
        }
        for part in &done.parts {
            let (topic, number) = (&part.at.topic, part.at.partition);
            if let Some(partition) = self.assignment.get_mut(topic, number) {
                for offset in &part.offsets {
                    partition.offsets.finish(*offset);
                }
            } else if let Some(partition) = draining.iter_mut().find(|d| d.topic() == topic && d.partition() == number)
            {
                for offset in &part.offsets {
                    partition.finish(*offset);
                }
            }
        }
    }

    /// No room for a second: stop fetching, but go on polling. Room again: fetch again.
    fn pause_or_resume(&mut self) -> Result<(), Fatal> {
        let now = Instant::now();
        if self.delivery.has_room() {
            self.blocked_since = None;
        } else {
            self.blocked_since.get_or_insert(now);
        }
        let blocked = self.blocked_since.map(|since| now.saturating_duration_since(since));
        let should_pause = blocked.is_some_and(|blocked| blocked >= PAUSE_AFTER);
        if should_pause == self.is_paused {
            return Ok(());
        }
        let partitions: Vec<_> = self.assignment.iter().map(at).collect();
        let done = if should_pause { self.source.pause(&partitions) } else { self.source.resume(&partitions) };
        self.is_paused = should_pause;
        done.map_err(Fatal::Consumer)
    }

    // -- events

    fn serve_events(&mut self) -> Result<(), Fatal> {
        while let Some(event) = self.source.event() {
            match event {
                Event::Assigned(partitions) => self.assigned(partitions),
                Event::Revoked { partitions, lost: true } => self.lost(&partitions),
                Event::Revoked { partitions, lost: false } => self.revoked(&partitions)?,
                Event::Committed { result, positions } => self.committed(result, &positions),
                Event::Statistics(statistics) => self.statistics(&statistics),
                Event::Trouble(error) => self.trouble(&error)?,
            }
        }
        Ok(())
    }

    // -- commits

    fn commit_when_due(&mut self) {
        let now = Instant::now();
        let answer_is_due = self.commits.asked.is_some_and(|asked| now < asked + COMMIT_ANSWER);
        let is_too_soon = self.commits.last.is_some_and(|last| now < last + COMMIT_EVERY);
        if answer_is_due || is_too_soon {
            return;
        }
        self.commits.last = Some(now);
        let positions: Vec<_> = self.assignment.iter().filter_map(committable).collect();
        if positions.is_empty() {
            return;
        }
        match self.source.commit(&positions) {
            Ok(()) => self.commits.asked = Some(now),
            Err(error) => self.not_committed(&error),
        }
    }

    fn committed(&mut self, result: Result<(), Error>, positions: &[Position]) {
        self.commits.asked = None;
        if let Err(error) = result {
            return self.not_committed(&error);
        }
        self.shared.metrics.commit(CommitResult::Committed);
        for Position { at, next } in positions {
            if let Some(partition) = self.assignment.get_mut(&at.topic, at.partition) {
                partition.offsets.committed(*next);
            }
        }
    }

    /// A stale generation is the group's business: who has the partition next commits. The rest is asked again.
    pub(super) fn not_committed(&mut self, error: &Error) {
        if error.class() == Class::StaleGeneration {
            self.shared.metrics.commit(CommitResult::Stale);
            tracing::debug!(%error, "offsets were not committed: the group has moved on");
        } else {
            self.shared.metrics.commit(CommitResult::Failed);
            self.say("committing", error);
        }
    }

    // -- the end

    /// Finishes and commits what is under way, within two thirds of the time: closing wants the rest.
    fn finish(&mut self) -> Result<(), Fatal> {
        if self.owes_assign
            && let Err(error) = self.source.assign(&[])
        {
            tracing::debug!(%error, "declining partitions");
        }
        self.drain_all(self.shared.stop.deadline(self.shared.drain * 2 / 3)).map(drop)
    }

    // -- what is told

    /// Whether our share of a run that ends is done.
    fn report(&mut self) {
        let waits = self.unresolved.is_some() || self.owes_assign;
        if let Some(errand) = &mut self.errand {
            errand.report(&self.assignment, waits);
        }
    }

    fn statistics(&mut self, statistics: &Statistics) {
        if let Some(errand) = &mut self.errand {
            errand.look(statistics);
        }
        self.pulse.joined(statistics.joined);
        let silent = self.delivery.age(Instant::now()).is_some_and(|age| age > PRODUCER_SILENT);
        self.pulse.producing(!silent);
        for seen in &statistics.partitions {
            if let Some(partition) = self.assignment.get_mut(&seen.topic, seen.partition)
                && let Some(lag) = seen.lag(partition.offsets.frontier())
            {
                self.shared.metrics.lag(&seen.topic, seen.partition, lag);
            }
        }
    }

    fn trouble(&mut self, error: &Error) -> Result<(), Fatal> {
        match error.reaction(Doing::Consuming) {
            Reaction::Fatal => Err(Fatal::Consumer(error.clone())),
            // It comes again as the answer of a poll, where it is dealt with.
            Reaction::Abort | Reaction::DeadLetter => Ok(()),
            Reaction::Retry => {
                self.say("talking to the brokers", error);
                Ok(())
            }
        }
    }

    pub(super) fn say(&mut self, doing: &'static str, error: &Error) {
        if let Some(more) = self.said.say((doing, error.class()), Instant::now()) {
            tracing::warn!(doing, %error, more, "trouble; trying again");
        }
    }
}

pub(super) fn at(partition: &Consuming) -> TopicPartition {
    TopicPartition::new(Arc::clone(partition.topic()), partition.partition())
}

pub(super) fn position(partition: &Consuming) -> Position {
    Position { at: at(partition), next: partition.offsets.next() }
}

fn committable(partition: &Consuming) -> Option<Position> {
    let next = partition.offsets.committable()?;
    Some(Position { at: at(partition), next })
}

pub(super) fn clock() -> Clock {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Clock { now: Instant::now(), unix_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX) }
}
