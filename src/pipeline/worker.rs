//! One consumer thread: a loop of named steps around one source, one delivery and one assignment.
//!
//! Rebalances, commit answers and statistics are events, read between two batches. A revocation drains: what was read is
//! written and committed before the partition is let go, under a deadline. A lost partition commits nothing.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::beginning::{Beginning, Beginnings};
use super::commit::{Clock, Delivery, Done};
use super::judge::{Judge, Plan};
use super::probe::Pulse;
use super::reload::{Loaded, RulesHandle};
use super::run::Fatal;
use super::shutdown::Stop;
use crate::kafka::{Class, Doing, Error, Event, Position, Reaction, Source, Statistics, TopicPartition};
use crate::metrics::{CommitResult, Metrics, Rebalance};
use crate::stream::{Assignment, Backoff, Consuming, Drain, Draining, RarelyPer, Released};

/// The most records of a batch, and the longest it is gathered.
const BATCH_RECORDS: usize = 1000;
const BATCH_TIME: Duration = Duration::from_millis(10);
/// How long an empty poll waits: while acknowledgements are due, and while nothing is under way at all.
const BUSY_WAIT: Duration = Duration::from_millis(5);
const IDLE_WAIT: Duration = Duration::from_millis(50);
/// What is judged again after a crash, at most, beside what is under way.
const COMMIT_EVERY: Duration = Duration::from_millis(200);
/// An asynchronous commit that was not answered by then is forgotten and asked again.
const COMMIT_ANSWER: Duration = Duration::from_secs(30);
/// The brokers' time to say where partitions begin; then the question is asked again.
const RESOLVE: Duration = Duration::from_secs(10);
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
    shared: Arc<Shared>,
    pulse: Arc<Pulse>,
    source: S,
    delivery: D,
    assignment: Assignment,
    /// Partitions whose beginnings are not known yet, and when they are asked for.
    unresolved: Option<(Vec<TopicPartition>, Instant)>,
    resolve_again: Backoff,
    /// librdkafka waits for our answer to an assignment.
    owes_assign: bool,
    commits: Commits,
    blocked_since: Option<Instant>,
    is_paused: bool,
    said: RarelyPer<(&'static str, Class)>,
}

/// When offsets were committed last, and whether an answer is due.
struct Commits {
    last: Instant,
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
            commits: Commits { last: Instant::now(), asked: None },
            blocked_since: None,
            is_paused: false,
            said: RarelyPer::new(SAY_AGAIN),
        }
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
            self.progress(Duration::ZERO)?;
            self.commit_when_due();
            self.pause_or_resume()?;
            if self.blocked_since.is_none() || self.is_paused {
                self.take(&mut judge)?;
            } else {
                self.progress(BUSY_WAIT)?;
            }
        }
        Ok(())
    }

    // -- records

    /// Takes a batch, judges it in place, and hands it on. While paused this only keeps us in the group.
    fn take(&mut self, judge: &mut Judge<'_>) -> Result<(), Fatal> {
        let is_idle = self.delivery.age(Instant::now()).is_none() && self.commits.asked.is_none();
        let wait = if is_idle { IDLE_WAIT } else { BUSY_WAIT };
        let mut batch = judge.begin();
        let assignment = &mut self.assignment;
        let taken = self.source.take(BATCH_RECORDS, wait, BATCH_TIME, &mut |arrival| {
            judge.record(arrival, &mut batch, assignment);
        });
        judge.end(&mut batch, &mut self.assignment);
        if !batch.is_empty() {
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
                self.say("reading", error);
                Ok(())
            }
        }
    }

    /// Retention removed what we were about to read (librdkafka does not say where): what was read is finished, and each
    /// partition whose next offset is gone goes on at the first that is there, if the settings allow the gap.
    fn overtaken(&mut self, error: &Error) -> Result<(), Fatal> {
        self.say("reading", error);
        let nexts: Vec<_> = self.assignment.iter().map(position).collect();
        let partitions: Vec<_> = nexts.iter().map(|position| position.at.clone()).collect();
        if self.drain_all(Instant::now() + self.shared.drain)? > 0 {
            return Err(Fatal::NotDrained);
        }
        for Position { at, next } in nexts {
            self.assignment.assign(Consuming::new(at.topic, at.partition, next));
        }
        if partitions.is_empty() {
            return Ok(());
        }
        let offsets = match self.source.offsets(&partitions, None, RESOLVE) {
            Ok(offsets) => offsets,
            Err(error) => {
                self.say("asking for offsets", &error);
                return Ok(());
            }
        };
        for offsets in offsets {
            let here = self.assignment.get_mut(&offsets.at.topic, offsets.at.partition);
            let Some(next) = here.map(|partition| partition.offsets.next()) else { continue };
            let gone_on = self.shared.beginnings.overtaken(&offsets, next)?;
            if let Some(next) = gone_on {
                let Position { at, next } = Position { at: offsets.at.clone(), next };
                self.assignment.assign(Consuming::new(at.topic, at.partition, next));
            }
            let to = Position { at: offsets.at, next: gone_on.unwrap_or(next) };
            self.source.seek(&to).map_err(Fatal::Consumer)?;
        }
        Ok(())
    }

    /// What is written is finished; what is finished may be committed.
    fn progress(&mut self, wait: Duration) -> Result<(), Fatal> {
        for done in self.delivery.progress(wait, clock())? {
            self.finished(&done, &mut []);
        }
        Ok(())
    }

    fn finished(&mut self, done: &Done, draining: &mut [Draining]) {
        self.shared.metrics.batch(&done.tally);
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

    fn assigned(&mut self, partitions: Vec<TopicPartition>) {
        self.shared.metrics.rebalance(Rebalance::Assigned);
        self.unresolved = Some((partitions, Instant::now()));
        self.owes_assign = true;
    }

    /// Asks where new partitions begin, and takes them over there. Until the brokers have answered, librdkafka waits.
    fn resolve_when_due(&mut self) -> Result<(), Fatal> {
        let Some((partitions, due)) = self.unresolved.take() else {
            return Ok(());
        };
        if due > Instant::now() {
            self.unresolved = Some((partitions, due));
            return Ok(());
        }
        let resolved = if partitions.is_empty() {
            Ok(Ok(Vec::new()))
        } else {
            self.shared.beginnings.resolve(&self.source, &partitions, RESOLVE)
        };
        match resolved {
            Ok(beginnings) => self.take_over(&beginnings?),
            Err(error) => {
                self.say("asking where partitions begin", &error);
                let again = Instant::now() + self.resolve_again.next(0.5);
                self.unresolved = Some((partitions, again));
                Ok(())
            }
        }
    }

    fn take_over(&mut self, beginnings: &[Beginning]) -> Result<(), Fatal> {
        self.resolve_again.reset();
        let positions: Vec<_> = beginnings.iter().map(|beginning| beginning.position.clone()).collect();
        self.source.assign(&positions).map_err(Fatal::Consumer)?;
        self.owes_assign = false;
        for Position { at, next } in &positions {
            self.assignment.assign(Consuming::new(Arc::clone(&at.topic), at.partition, *next));
        }
        if self.is_paused {
            let partitions: Vec<_> = positions.iter().map(|position| position.at.clone()).collect();
            self.source.pause(&partitions).map_err(Fatal::Consumer)?;
        }
        // `start` holds for the first time only: what comes while we are away is behind a commit from now on.
        let first = beginnings.iter().filter(|beginning| beginning.is_first);
        let first: Vec<_> = first.map(|beginning| beginning.position.clone()).collect();
        if !first.is_empty()
            && let Err(error) = self.source.commit(&first)
        {
            self.say("committing", &error);
        }
        self.pulse.joined(true);
        Ok(())
    }

    /// They are somebody else's already: nothing is committed, and what is under way for them counts for nothing.
    fn lost(&mut self, partitions: &[TopicPartition]) {
        self.shared.metrics.rebalance(Rebalance::Lost);
        let taken = self.take_out(partitions);
        let abandoned: usize = taken.into_iter().map(|partition| partition.lose().abandoned).sum();
        tracing::warn!(partitions = partitions.len(), abandoned, "partitions were lost");
        self.let_go(partitions);
    }

    fn revoked(&mut self, partitions: &[TopicPartition]) -> Result<(), Fatal> {
        self.shared.metrics.rebalance(Rebalance::Revoked);
        let began = Instant::now();
        let deadline = began + self.shared.drain;
        let taken = self.take_out(partitions);
        let draining = taken.into_iter().map(|partition| partition.revoke(deadline)).collect();
        let released = self.drain(draining)?;
        let abandoned: usize = released.iter().map(|partition| partition.abandoned).sum();
        self.commit_finally(&released, deadline);
        let took_ms = began.elapsed().as_millis();
        tracing::info!(partitions = partitions.len(), abandoned, took_ms, "partitions were given back");
        self.let_go(partitions);
        Ok(())
    }

    fn take_out(&mut self, partitions: &[TopicPartition]) -> Vec<Consuming> {
        for at in partitions {
            self.shared.metrics.partition_gone(&at.topic, at.partition);
        }
        if let Some((unresolved, _)) = &mut self.unresolved {
            unresolved.retain(|at| !partitions.contains(at));
        }
        let take = |at: &TopicPartition| self.assignment.take(&at.topic, at.partition);
        partitions.iter().filter_map(take).collect()
    }

    fn let_go(&mut self, partitions: &[TopicPartition]) {
        if let Err(error) = self.source.unassign(partitions) {
            self.say("giving up partitions", &error);
        }
    }

    /// Waits until everything that was read of these partitions is written, or their deadline has come.
    fn drain(&mut self, mut draining: Vec<Draining>) -> Result<Vec<Released>, Fatal> {
        let mut released = Vec::new();
        while !draining.is_empty() {
            self.pulse.beat();
            for done in self.delivery.progress(BUSY_WAIT, clock())? {
                self.finished(&done, &mut draining);
            }
            let now = Instant::now();
            let mut waiting = Vec::new();
            for partition in draining {
                match partition.release(now) {
                    Drain::Waits(partition) => waiting.push(partition),
                    Drain::Done(partition) => released.push(partition),
                }
            }
            draining = waiting;
        }
        Ok(released)
    }

    // -- commits

    fn commit_when_due(&mut self) {
        let now = Instant::now();
        let answer_is_due = self.commits.asked.is_some_and(|asked| now < asked + COMMIT_ANSWER);
        if answer_is_due || now < self.commits.last + COMMIT_EVERY {
            return;
        }
        self.commits.last = now;
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
    fn not_committed(&mut self, error: &Error) {
        if error.class() == Class::StaleGeneration {
            self.shared.metrics.commit(CommitResult::Stale);
            tracing::debug!(%error, "offsets were not committed: the group has moved on");
        } else {
            self.shared.metrics.commit(CommitResult::Failed);
            self.say("committing", error);
        }
    }

    /// The last commit of partitions that are given back; waits for the answer.
    fn commit_finally(&mut self, released: &[Released], deadline: Instant) {
        let positions = released.iter().filter_map(|partition| {
            let at = TopicPartition::new(Arc::clone(&partition.topic), partition.partition);
            partition.committable.map(|next| Position { at, next })
        });
        let positions: Vec<_> = positions.collect();
        if positions.is_empty() {
            return;
        }
        // Also when draining took all the time: a commit is worth a moment.
        let within = deadline.saturating_duration_since(Instant::now()).clamp(LAST_COMMIT.0, LAST_COMMIT.1);
        for attempt in 1..=LAST_COMMIT_ATTEMPTS {
            match self.source.commit_now(&positions, within / LAST_COMMIT_ATTEMPTS) {
                Ok(()) => return self.shared.metrics.commit(CommitResult::Committed),
                Err(error) => self.not_committed(&error),
            }
            if attempt < LAST_COMMIT_ATTEMPTS {
                std::thread::sleep(within / 20);
            }
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

    /// Finishes and commits what is under way for all partitions, which are nobody's here afterwards. Returns how many
    /// records were not finished.
    fn drain_all(&mut self, deadline: Instant) -> Result<usize, Fatal> {
        let partitions = self.assignment.take_all();
        let draining = partitions.into_iter().map(|partition| partition.revoke(deadline)).collect();
        let released = self.drain(draining)?;
        let abandoned = released.iter().map(|partition| partition.abandoned).sum();
        if abandoned > 0 {
            tracing::warn!(abandoned, "records were not finished in time; they come again");
        }
        self.commit_finally(&released, deadline);
        Ok(abandoned)
    }

    // -- what is told

    fn statistics(&mut self, statistics: &Statistics) {
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

    fn say(&mut self, doing: &'static str, error: &Error) {
        if let Some(more) = self.said.say((doing, error.class()), Instant::now()) {
            tracing::warn!(doing, %error, more, "trouble; trying again");
        }
    }
}

/// The least and the most time of a last commit, in all its attempts.
const LAST_COMMIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));
/// What is not committed now is judged again by whoever is next: worth asking more than once.
const LAST_COMMIT_ATTEMPTS: u32 = 3;

fn at(partition: &Consuming) -> TopicPartition {
    TopicPartition::new(Arc::clone(partition.topic()), partition.partition())
}

fn position(partition: &Consuming) -> Position {
    Position { at: at(partition), next: partition.offsets.next() }
}

fn committable(partition: &Consuming) -> Option<Position> {
    let next = partition.offsets.committable()?;
    Some(Position { at: at(partition), next })
}

fn clock() -> Clock {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Clock { now: Instant::now(), unix_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX) }
}
