//! Which partitions are ours, and how each is given back: `Consuming` -> `Draining` -> `Released`, as types.
//!
//! ```text
//! assign ---> Consuming --revoke(deadline)--> Draining --all finished, or the deadline--> Released: commit
//!                 |                               |
//!                 +------------ lose -------------+------------------------------------> Released: nothing
//! ```
//! Only `Consuming` takes new records, so none is read for a partition that is being given back. Only `Released`
//! gives an offset to commit at the end, so none is committed before everything that follows from it is
//! acknowledged, and none after the partition was lost (another member may be past it already).

use std::sync::Arc;
use std::time::Instant;

use super::offsets::OffsetTracker;
use super::receipt::Tally;

/// A partition that is ours.
#[derive(Clone, Debug)]
pub struct Consuming {
    topic: Arc<str>,
    partition: i32,
    /// What was read and what of it is finished.
    pub offsets: OffsetTracker,
    /// What was judged since the last receipt.
    pub tally: Tally,
}

impl Consuming {
    /// A partition read from `first` on.
    #[must_use]
    pub fn new(topic: Arc<str>, partition: i32, first: i64) -> Self {
        Self { topic, partition, offsets: OffsetTracker::new(first), tally: Tally::new(first) }
    }

    /// The topic.
    #[must_use]
    pub fn topic(&self) -> &Arc<str> {
        &self.topic
    }

    /// The partition.
    #[must_use]
    pub fn partition(&self) -> i32 {
        self.partition
    }

    /// The group wants the partition back: no more records, and until `deadline` to finish those that were read.
    #[must_use]
    pub fn revoke(self, deadline: Instant) -> Draining {
        Draining { partition: self, deadline }
    }

    /// The partition is no longer ours, and was not asked back: nothing may be committed.
    #[must_use]
    pub fn lose(self) -> Released {
        Released {
            committable: None,
            abandoned: self.offsets.unfinished(),
            topic: self.topic,
            partition: self.partition,
        }
    }
}

/// A partition that is being given back: what was read is being finished, nothing more is read.
#[derive(Clone, Debug)]
pub struct Draining {
    partition: Consuming,
    deadline: Instant,
}

/// What a look at a draining partition shows.
#[derive(Debug)]
pub enum Drain {
    /// Acknowledgements are missing and there is time.
    Waits(Draining),
    /// All is finished, or the time is over.
    Done(Released),
}

impl Draining {
    /// The topic.
    #[must_use]
    pub fn topic(&self) -> &Arc<str> {
        &self.partition.topic
    }

    /// The partition.
    #[must_use]
    pub fn partition(&self) -> i32 {
        self.partition.partition
    }

    /// See [`OffsetTracker::finish`].
    pub fn finish(&mut self, offset: i64) -> bool {
        self.partition.offsets.finish(offset)
    }

    /// Nothing that was read is unfinished.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.partition.offsets.unfinished() == 0
    }

    /// When the waiting ends.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Lets go of the partition when all is finished or the deadline has come.
    #[must_use]
    pub fn release(self, now: Instant) -> Drain {
        if !self.is_drained() && now < self.deadline {
            return Drain::Waits(self);
        }
        Drain::Done(Released { committable: self.partition.offsets.committable(), ..self.partition.lose() })
    }

    /// The partition was lost while it was given back: nothing may be committed.
    #[must_use]
    pub fn lose(self) -> Released {
        self.partition.lose()
    }
}

/// A partition that is no longer ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Released {
    /// The topic.
    pub topic: Arc<str>,
    /// The partition.
    pub partition: i32,
    /// The last offset to commit, when there is one to commit.
    pub committable: Option<i64>,
    /// Records read and not finished; whoever has the partition next reads them again.
    pub abandoned: usize,
}

/// The partitions of one consumer.
#[derive(Clone, Debug, Default)]
pub struct Assignment {
    /// Sorted by topic and partition: a handful, looked up once per batch and partition.
    partitions: Vec<Consuming>,
}

impl Assignment {
    /// A consumer without partitions, which is a healthy one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a partition; the one that stood there before, if any, is handed back.
    pub fn assign(&mut self, partition: Consuming) -> Option<Consuming> {
        match self.find(&partition.topic, partition.partition) {
            Ok(at) => Some(std::mem::replace(&mut self.partitions[at], partition)),
            Err(at) => {
                self.partitions.insert(at, partition);
                None
            }
        }
    }

    /// A partition that is ours; `None` for records of a partition that was given back.
    pub fn get_mut(&mut self, topic: &str, partition: i32) -> Option<&mut Consuming> {
        let at = self.find(topic, partition).ok()?;
        Some(&mut self.partitions[at])
    }

    /// Takes a partition out, to be revoked or lost.
    pub fn take(&mut self, topic: &str, partition: i32) -> Option<Consuming> {
        let at = self.find(topic, partition).ok()?;
        Some(self.partitions.remove(at))
    }

    /// Takes all partitions out.
    pub fn take_all(&mut self) -> Vec<Consuming> {
        std::mem::take(&mut self.partitions)
    }

    /// The partitions, by topic and number.
    pub fn iter(&self) -> impl Iterator<Item = &Consuming> {
        self.partitions.iter()
    }

    /// The partitions, by topic and number.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Consuming> {
        self.partitions.iter_mut()
    }

    /// How many partitions there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.partitions.len()
    }

    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    fn find(&self, topic: &str, partition: i32) -> Result<usize, usize> {
        self.partitions.binary_search_by(|p| (&*p.topic, p.partition).cmp(&(topic, partition)))
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "an Instant can be had in no other way")]
mod tests {
    use super::*;
    use std::time::Duration;

    fn partition(read: &[i64], finished: &[i64]) -> Consuming {
        let mut partition = Consuming::new("posts".into(), 3, 5);
        for offset in read {
            partition.offsets.begin(*offset);
        }
        for offset in finished {
            partition.offsets.finish(*offset);
        }
        partition
    }

    fn done(drain: Drain) -> Option<(Option<i64>, usize)> {
        match drain {
            Drain::Waits(_) => None,
            Drain::Done(released) => Some((released.committable, released.abandoned)),
        }
    }

    #[test]
    fn a_partition_is_released_when_all_is_finished_or_time_is_over() {
        let now = Instant::now();
        let (early, late) = (now, now + Duration::from_secs(1));
        for (read, finished, at, expected) in [
            (&[][..], &[][..], early, Some((None, 0))),
            (&[5, 6], &[5, 6], early, Some((Some(7), 0))),
            (&[5, 6], &[5], early, None),
            (&[5, 6], &[6], early, None),
            (&[5, 6], &[5], late, Some((Some(6), 1))),
            (&[5, 6], &[6], late, Some((None, 1))),
        ] {
            let draining = partition(read, finished).revoke(late);
            assert_eq!(draining.is_drained(), read.len() == finished.len());
            assert_eq!(done(draining.release(at)), expected, "{read:?} {finished:?}");
        }
    }

    #[test]
    fn what_is_acknowledged_while_draining_is_committed() {
        let now = Instant::now();
        let draining = partition(&[5, 6], &[5]).revoke(now + Duration::from_secs(1));
        let Drain::Waits(mut draining) = draining.release(now) else {
            panic!("record 6 is not finished");
        };
        assert!(draining.finish(6));
        assert_eq!(done(draining.release(now)), Some((Some(7), 0)));
    }

    #[test]
    fn a_lost_partition_commits_nothing() {
        let lost = partition(&[5, 6], &[5]).lose();
        assert_eq!((lost.committable, lost.abandoned), (None, 1));
        let lost = partition(&[5], &[5]).revoke(Instant::now()).lose();
        assert_eq!((lost.committable, lost.abandoned), (None, 0));
    }

    #[test]
    fn partitions_are_found_by_topic_and_number() {
        let mut all = Assignment::new();
        for (topic, number) in [("b", 1), ("a", 2), ("b", 0), ("a", 10)] {
            assert!(all.assign(Consuming::new(topic.into(), number, 0)).is_none());
        }
        let order: Vec<_> = all.iter().map(|p| (p.topic().to_string(), p.partition())).collect();
        let expected = [("a", 2), ("a", 10), ("b", 0), ("b", 1)];
        assert_eq!(order, expected.map(|(t, p)| (t.to_owned(), p)));
        assert!(all.assign(Consuming::new("b".into(), 0, 9)).is_some());
        assert_eq!(all.get_mut("b", 0).unwrap().offsets.frontier(), 9);
        assert!(all.get_mut("b", 2).is_none());
        assert_eq!(all.take("a", 2).unwrap().partition(), 2);
        assert!(all.get_mut("a", 2).is_none());
        assert_eq!(all.take_all().len(), 3);
        assert!(all.is_empty());
    }
}
