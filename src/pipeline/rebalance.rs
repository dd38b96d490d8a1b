//! How partitions come and go: where they begin, and what is finished before they are let go.
//!
//! ```text
//! Assigned -> asked where to begin (again and again) -> assign -> records
//! Revoked  -> nothing more is read -> what was read is written, or the deadline comes -> commit -> unassign
//! Lost     -> unassign
//! ```

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::beginning::Beginning;
use super::commit::Delivery;
use super::run::Fatal;
use super::worker::{BUSY_WAIT, Worker, clock, position};
use crate::kafka::{Error, Position, Source, TopicPartition};
use crate::metrics::{CommitResult, Rebalance};
use crate::stream::{Consuming, Drain, Draining, OffsetTracker, Released};

/// The brokers' time to say where partitions begin; then the question is asked again.
const RESOLVE: Duration = Duration::from_secs(10);
/// The least and the most time of a last commit, in all its attempts.
const LAST_COMMIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(5));
/// What is not committed now is judged again by whoever is next: worth asking more than once.
const LAST_COMMIT_ATTEMPTS: u32 = 3;

impl<S: Source, D: Delivery> Worker<S, D> {
    /// Retention removed what we were about to read (librdkafka does not say where, and has stopped that partition): what
    /// was read is finished, and all partitions begin anew where they were, as after an assignment: with the policy for
    /// gaps, and asked again until the brokers answer.
    pub(super) fn overtaken(&mut self, error: &Error) -> Result<(), Fatal> {
        self.say("reading", error);
        let nexts: Vec<_> = self.assignment.iter().map(position).collect();
        let is_drained = self.drain_all(Instant::now() + self.shared.drain)? == 0;
        let partitions: Vec<_> = nexts.iter().map(|position| position.at.clone()).collect();
        self.let_go(&partitions);
        // What was not finished is read again, from the commit.
        let again = nexts.into_iter().map(|Position { at, next }| (at, is_drained.then_some(next)));
        self.begin_anew(again);
        Ok(())
    }

    pub(super) fn assigned(&mut self, partitions: Vec<TopicPartition>) {
        self.shared.metrics.rebalance(Rebalance::Assigned);
        self.begin_anew(partitions.into_iter().map(|at| (at, None)));
        self.owes_assign = true;
    }

    fn begin_anew(&mut self, partitions: impl Iterator<Item = (TopicPartition, Option<i64>)>) {
        let (unresolved, due) = self.unresolved.get_or_insert_with(|| (Vec::new(), Instant::now()));
        unresolved.extend(partitions);
        *due = Instant::now();
    }

    /// Asks where new partitions begin, and takes them over there. Until the brokers have answered, librdkafka waits.
    pub(super) fn resolve_when_due(&mut self) -> Result<(), Fatal> {
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
        for Beginning { position: Position { at, next }, end, is_committed } in beginnings {
            if let Some(errand) = &mut self.errand {
                errand.begins(at, *end);
            }
            let mut partition = Consuming::new(Arc::clone(&at.topic), at.partition, *next);
            if !is_committed {
                // `start` holds for the first time only, and a gap is reported once: committed soon, and until it is.
                partition.offsets = OffsetTracker::uncommitted(*next);
                self.commits.last = None;
            }
            self.assignment.assign(partition);
        }
        if self.is_paused {
            let partitions: Vec<_> = positions.into_iter().map(|position| position.at).collect();
            self.source.pause(&partitions).map_err(Fatal::Consumer)?;
        }
        self.pulse.joined(true);
        Ok(())
    }

    /// They are somebody else's already: nothing is committed, and what is under way for them counts for nothing.
    pub(super) fn lost(&mut self, partitions: &[TopicPartition]) {
        self.shared.metrics.rebalance(Rebalance::Lost);
        let taken = self.take_out(partitions);
        let abandoned: usize = taken.into_iter().map(|partition| partition.lose().abandoned).sum();
        tracing::warn!(partitions = partitions.len(), abandoned, "partitions were lost");
        self.let_go(partitions);
    }

    pub(super) fn revoked(&mut self, partitions: &[TopicPartition]) -> Result<(), Fatal> {
        self.shared.metrics.rebalance(Rebalance::Revoked);
        let began = Instant::now();
        let deadline = began + self.shared.drain;
        let taken = self.take_out(partitions);
        let draining = taken.into_iter().map(|partition| partition.revoke(deadline)).collect();
        let released = match self.drain(draining) {
            Ok(released) => released,
            Err(fatal) => {
                // The group waits for this answer, also from a process that is about to end.
                self.let_go(partitions);
                return Err(fatal);
            }
        };
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
        if let Some(errand) = &mut self.errand {
            errand.gone(partitions);
        }
        if let Some((unresolved, _)) = &mut self.unresolved {
            unresolved.retain(|(at, _)| !partitions.contains(at));
        }
        let take = |at: &TopicPartition| self.assignment.take(&at.topic, at.partition);
        partitions.iter().filter_map(take).collect()
    }

    /// A partition that was about to begin anew is not assigned, and then librdkafka refuses the whole list; it waits for
    /// an answer all the same.
    fn let_go(&mut self, partitions: &[TopicPartition]) {
        if let Err(error) = self.source.unassign(partitions) {
            self.say("giving up partitions", &error);
            if let Err(error) = self.source.unassign(&[]) {
                self.say("giving up no partition", &error);
            }
        }
    }

    /// Waits until everything that was read of these partitions is written, or their deadline has come.
    fn drain(&mut self, mut draining: Vec<Draining>) -> Result<Vec<Released>, Fatal> {
        let mut released = Vec::new();
        while !draining.is_empty() {
            self.pulse.beat();
            self.delivery.wait(BUSY_WAIT);
            for done in self.delivery.progress(clock())? {
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

    /// Finishes and commits what is under way for all partitions, which are nobody's here afterwards. Returns how many
    /// records were not finished.
    pub(super) fn drain_all(&mut self, deadline: Instant) -> Result<usize, Fatal> {
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
}
