//! How long to wait before trying again: twice as long each time, up to a limit, and never in step with others.

use std::time::Duration;

/// A bounded exponential wait.
#[derive(Clone, Debug)]
pub struct Backoff {
    first: Duration,
    max: Duration,
    wait: Duration,
}

impl Backoff {
    /// Waits around `first` at first and never longer than `max`.
    #[must_use]
    pub fn new(first: Duration, max: Duration) -> Self {
        Self { first, max, wait: first.min(max) }
    }

    /// The next wait. `jitter` from 0 to 1 chooses between half of the wait and the whole of it; what is outside
    /// counts as the nearer end.
    pub fn next(&mut self, jitter: f64) -> Duration {
        let wait = self.wait;
        self.wait = wait.saturating_mul(2).min(self.max);
        // NaN is no number to wait by.
        let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
        wait / 2 + (wait / 2).mul_f64(jitter)
    }

    /// It went well: the next wait is a first one.
    pub fn reset(&mut self) {
        self.wait = self.first.min(self.max);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_wait_doubles_up_to_the_limit() {
        let mut backoff = Backoff::new(100 * MS, 1_000 * MS);
        let waits: Vec<_> = (0..6).map(|_| backoff.next(1.0).as_millis()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1_000, 1_000]);
        backoff.reset();
        assert_eq!(backoff.next(1.0), 100 * MS);
    }

    #[test]
    fn jitter_chooses_between_half_and_whole() {
        for (jitter, expected) in [(0.0, 50), (0.5, 75), (1.0, 100), (-3.0, 50), (9.0, 100), (f64::NAN, 50)] {
            assert_eq!(Backoff::new(100 * MS, 100 * MS).next(jitter), expected * MS, "{jitter}");
        }
    }

    #[test]
    fn no_wait_is_longer_than_the_limit_and_none_overflows() {
        assert_eq!(Backoff::new(100 * MS, 10 * MS).next(1.0), 10 * MS);
        let mut longest = Backoff::new(Duration::MAX, Duration::MAX);
        assert!(longest.next(1.0) > Duration::MAX / 4);
        assert!(longest.next(1.0) > Duration::MAX / 4);
    }
}
