//! `tripline run --once`: the end of a run that reads what is there now.
//!
//! Each partition has its own end: the last stable offset when it became ours (a [`Goal`]). The run is over when every
//! partition that was there at the start has been read to its end by one of our threads and committed; or, where other
//! members of the group have their share, when ours is done and the group has been at rest for [`SETTLED`]. A thread whose
//! share is done stays in the group until then, so that nothing moves for its sake.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::shutdown::Stop;
use super::worker::at;
use crate::kafka::{Statistics, TopicPartition};
use crate::stream::{Assignment, Goal};

/// A partition on its way from one member to another is nobody's for as long as it takes both to hear of it, with the
/// heartbeats of three seconds that are the default.
const SETTLED: Duration = Duration::from_secs(5);

/// What the threads of one run know of each other.
#[derive(Debug)]
pub(super) struct Once {
    stop: Stop,
    shares: Mutex<Shares>,
    judged: AtomicU64,
    is_over: AtomicBool,
}

#[derive(Debug)]
struct Shares {
    /// Partitions that nobody has read to the end yet.
    open: BTreeSet<TopicPartition>,
    /// One for each thread.
    threads: Vec<Share>,
}

/// How it stands with one thread.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    is_done: bool,
    /// Since when nothing has come or gone.
    at_rest: Option<Instant>,
}

impl Shares {
    fn are_over(&self, now: Instant) -> bool {
        let rests = |share: &Share| share.at_rest.is_some_and(|since| now >= since + SETTLED);
        self.threads.iter().all(|share| share.is_done) && (self.open.is_empty() || self.threads.iter().all(rests))
    }
}

impl Once {
    /// A run of so many threads over these partitions, which asks to stop when it is over.
    pub fn new(partitions: impl IntoIterator<Item = TopicPartition>, threads: usize, stop: Stop) -> Self {
        let shares = Shares { open: partitions.into_iter().collect(), threads: vec![Share::default(); threads] };
        Self { stop, shares: Mutex::new(shares), judged: AtomicU64::new(0), is_over: AtomicBool::new(false) }
    }

    /// Says how it ended.
    pub fn tell(&self) {
        let records = self.judged.load(Ordering::Relaxed);
        if self.is_over.load(Ordering::Relaxed) {
            tracing::info!(records, "judged all that was there");
        } else {
            tracing::warn!(records, "stopped before all that was there was judged");
        }
    }

    fn report(&self, thread: usize, share: Share, reached: &[TopicPartition]) {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        for at in reached {
            shares.open.remove(at);
        }
        if let Some(own) = shares.threads.get_mut(thread) {
            *own = share;
        }
        if !self.stop.is_requested() && shares.are_over(Instant::now()) {
            self.is_over.store(true, Ordering::Relaxed);
            self.stop.request();
        }
    }
}

/// One thread's share of a run that ends.
pub(super) struct Errand {
    once: Arc<Once>,
    thread: usize,
    goals: Vec<(TopicPartition, Goal)>,
    /// Records handed over by the client.
    taken: u64,
    at_rest: Option<Instant>,
}

impl Errand {
    pub fn new(once: Arc<Once>, thread: usize) -> Self {
        Self { once, thread, goals: Vec::new(), taken: 0, at_rest: None }
    }

    /// A partition that is ours now ends there.
    pub fn begins(&mut self, at: &TopicPartition, end: i64) {
        self.gone(std::slice::from_ref(at));
        self.goals.push((at.clone(), Goal::new(end)));
    }

    /// These are no longer ours.
    pub fn gone(&mut self, partitions: &[TopicPartition]) {
        self.goals.retain(|(at, _)| !partitions.contains(at));
        self.at_rest = None;
    }

    /// The client has handed over so many records more.
    pub fn took(&mut self, records: u64) {
        self.taken += records;
    }

    /// So many records are done with.
    pub fn judged(&self, records: usize) {
        self.once.judged.fetch_add(records as u64, Ordering::Relaxed);
    }

    /// What the client says of itself, once a second.
    pub fn look(&mut self, statistics: &Statistics) {
        if statistics.joined {
            self.at_rest.get_or_insert_with(Instant::now);
        } else {
            self.at_rest = None;
        }
        for seen in &statistics.partitions {
            let is_it =
                |(at, _): &&mut (TopicPartition, Goal)| at.partition == seen.partition && *at.topic == *seen.topic;
            if let Some((_, goal)) = self.goals.iter_mut().find(is_it) {
                goal.look(seen.next_fetch, u64::try_from(seen.waiting).unwrap_or(0), self.taken);
            }
        }
    }

    /// Tells the others how it stands. `waits`: partitions are to begin whose beginnings are not known.
    pub fn report(&mut self, assignment: &Assignment, waits: bool) {
        let reached = assignment.iter().filter_map(|partition| {
            let here = at(partition);
            let (_, goal) = self.goals.iter().find(|(at, _)| *at == here)?;
            goal.is_reached(&partition.offsets, self.taken).then_some(here)
        });
        let reached: Vec<_> = reached.collect();
        let is_done = !waits && reached.len() == assignment.len() && self.goals.len() == assignment.len();
        let share = Share { is_done, at_rest: self.at_rest.filter(|_| is_done) };
        self.once.report(self.thread, share, &reached);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_over_when_all_is_read_or_our_share_is_and_the_group_rests() {
        let now = Instant::now() + SETTLED * 2;
        let (long_ago, just_now) = (now.checked_sub(SETTLED), now.checked_sub(SETTLED / 2));
        let posts = || TopicPartition::new("posts", 0);
        let share = |is_done, at_rest| Share { is_done, at_rest };
        for (open, threads, expected) in [
            (vec![], vec![share(true, None)], true),
            (vec![], vec![share(true, just_now), share(true, None)], true),
            // Read to the end, and something new was assigned since.
            (vec![], vec![share(false, None)], false),
            (vec![], vec![share(true, long_ago), share(false, long_ago)], false),
            // Somebody else's, or on its way to us.
            (vec![posts()], vec![share(true, just_now)], false),
            (vec![posts()], vec![share(true, None)], false),
            (vec![posts()], vec![share(true, long_ago)], true),
            (vec![posts()], vec![share(true, long_ago), share(true, just_now)], false),
            (vec![posts()], vec![share(false, long_ago)], false),
        ] {
            let case = format!("{open:?} {threads:?}");
            let shares = Shares { open: open.into_iter().collect(), threads };
            assert_eq!(shares.are_over(now), expected, "{case}");
        }
    }
}
