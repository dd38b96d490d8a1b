//! Repeated trouble is said once, and then rarely, with how often it came meanwhile.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// Decides whether to say one trouble again.
#[derive(Clone, Debug)]
pub struct Rarely {
    every: Duration,
    said: Option<Instant>,
    kept: u64,
}

impl Rarely {
    /// Says a trouble at once, then at most once in `every`.
    #[must_use]
    pub const fn new(every: Duration) -> Self {
        Self { every, said: None, kept: 0 }
    }

    /// The trouble came, at `now`. `Some` = say it, with how often it was kept quiet since it was last said.
    pub fn say(&mut self, now: Instant) -> Option<u64> {
        let is_due = self.said.is_none_or(|said| now.saturating_duration_since(said) >= self.every);
        if !is_due {
            self.kept += 1;
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.kept))
    }

    /// The trouble is over: it is said at once when it comes again. How often it was kept quiet.
    pub fn reset(&mut self) -> u64 {
        self.said = None;
        std::mem::take(&mut self.kept)
    }
}

/// [`Rarely`] for each of many troubles.
#[derive(Clone, Debug)]
pub struct RarelyPer<K> {
    every: Duration,
    troubles: HashMap<K, Rarely>,
}

/// Troubles remembered at a time. More kinds than this are no kinds but noise, and are forgotten: each is then said
/// once more.
const MAX_TROUBLES: usize = 256;

impl<K: Hash + Eq> RarelyPer<K> {
    /// Says each trouble at once, then at most once in `every`.
    #[must_use]
    pub fn new(every: Duration) -> Self {
        Self { every, troubles: HashMap::new() }
    }

    /// See [`Rarely::say`].
    pub fn say(&mut self, trouble: K, now: Instant) -> Option<u64> {
        if self.troubles.len() >= MAX_TROUBLES && !self.troubles.contains_key(&trouble) {
            self.troubles.clear();
        }
        self.troubles.entry(trouble).or_insert_with(|| Rarely::new(self.every)).say(now)
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "an Instant can be had in no other way")]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn trouble_is_said_once_and_then_rarely() {
        let start = Instant::now();
        let mut rarely = Rarely::new(10 * SECOND);
        for (second, expected) in
            [(0, Some(0)), (0, None), (5, None), (9, None), (10, Some(3)), (11, None), (60, Some(1)), (70, Some(0))]
        {
            assert_eq!(rarely.say(start + second * SECOND), expected, "{second}");
        }
        assert_eq!(rarely.say(start), None, "a clock that goes back is no time passed");
        assert_eq!(rarely.reset(), 1);
        assert_eq!(rarely.say(start), Some(0));
    }

    #[test]
    fn each_trouble_is_said_for_itself() {
        let now = Instant::now();
        let mut rarely = RarelyPer::new(10 * SECOND);
        assert_eq!(rarely.say("broker down", now), Some(0));
        assert_eq!(rarely.say("no leader", now), Some(0));
        assert_eq!(rarely.say("broker down", now), None);
        assert_eq!(rarely.say("broker down", now + 10 * SECOND), Some(1));
    }

    #[test]
    fn endless_kinds_of_trouble_take_no_endless_memory() {
        let now = Instant::now();
        let mut rarely = RarelyPer::new(SECOND);
        for kind in 0..10_000 {
            assert_eq!(rarely.say(kind, now), Some(0));
        }
        assert!(rarely.troubles.len() <= MAX_TROUBLES);
    }
}
