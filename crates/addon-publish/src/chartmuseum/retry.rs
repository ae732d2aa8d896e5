//! How often and how fast a request is repeated.
//!
//! At most [`ATTEMPTS`] tries. Between them the client waits a random time of up to 0.2, 0.8 and 3.2
//! seconds ("full jitter": many clients that failed together do not come back together), or what the
//! server asks for in `Retry-After`, but not longer than [`LONGEST`].

use std::time::Duration;

/// Tries of one request, the first included.
pub(super) const ATTEMPTS: u32 = 4;
/// The longest wait between two tries.
const LONGEST: Duration = Duration::from_secs(10);
const FIRST: Duration = Duration::from_millis(200);

/// How long to wait after the failed try `attempt` (from 0).
pub(super) fn pause(attempt: u32, asked: Option<Duration>) -> Duration {
    if let Some(asked) = asked {
        return asked.min(LONGEST);
    }
    let longest = FIRST
        .saturating_mul(4_u32.saturating_pow(attempt))
        .min(LONGEST);
    longest.mul_f64(rand::random::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        for _ in 0..50 {
            assert!(pause(0, None) <= FIRST);
            assert!(pause(2, None) <= FIRST * 16);
            assert!(pause(40, None) <= LONGEST);
        }
        assert_eq!(
            pause(0, Some(Duration::from_secs(3))),
            Duration::from_secs(3)
        );
        assert_eq!(pause(0, Some(Duration::from_hours(1))), LONGEST);
    }
}
