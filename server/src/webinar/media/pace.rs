//! How fast pictures go to one viewer: as the estimate of the line says, and not before what went before has left.

use std::time::Instant;

/// What a viewer sends and may send at this moment: a bucket that fills at somewhat more than the estimate, so
/// that a keyframe does not flood a weak line, and does not take for ever on a good one.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    bytes: f64,
    last: Option<Instant>,
    held: bool,
}

/// How much faster than the estimate a burst may go: on a good line, and on one that carries less than that many bits a
/// second, where whatever queues on the way keeps sound waiting.
const BURST: (f64, f64) = (2.5, 1.2);
const GOOD: f64 = 500_000.0;
/// How much may go at once, as time and as bytes.
const DEPTH: (f64, f64) = (0.040, 12_000.0);

impl Default for Pace {
    fn default() -> Self {
        Self { bytes: DEPTH.1, last: None, held: false }
    }
}

impl Pace {
    /// Fills the bucket for the time that passed.
    pub fn fill(&mut self, rate: f64, now: Instant) {
        let passed = self.last.map_or(0.0, |last| now.saturating_duration_since(last).as_secs_f64());
        self.last = Some(now);
        let a_second = rate * if rate < GOOD { BURST.1 } else { BURST.0 } / 8.0;
        self.bytes = (self.bytes + a_second * passed).min((a_second * DEPTH.0).max(DEPTH.1));
    }

    /// Whether what was sent before still waits here, so that pictures have to.
    pub fn hold(&mut self, held: bool) {
        self.held = held;
    }

    /// Whether a picture's packet may go now. Sound always may.
    pub fn allows(&self) -> bool {
        self.bytes > 0.0 && !self.held
    }

    /// That many bytes went.
    pub fn spend(&mut self, bytes: usize) {
        #[expect(clippy::cast_precision_loss, reason = "a packet has some thousand bytes at most")]
        let bytes = bytes as f64;
        // A debt as deep as the bucket: pictures wait for sound, but not for long.
        self.bytes = (self.bytes - bytes).max(-DEPTH.1);
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn much_sound_delays_pictures_by_a_bucket_at_most() {
        let mut pace = Pace::default();
        pace.spend(1_000_000);
        assert!(!pace.allows());
        let start = Instant::now();
        pace.fill(100_000.0, start);
        pace.fill(100_000.0, start + Duration::from_secs(1));
        assert!(pace.allows());
    }

    #[test]
    fn on_a_weak_line_sound_has_its_rate_and_pictures_what_is_left() {
        let (mut pace, start) = (Pace::default(), Instant::now());
        let (mut sound, mut pictures) = (0, 0);
        // Ten seconds at 120 kbit/s: sound of 36 kbit/s, and more pictures than there is room for.
        for look in 0..1000_u64 {
            pace.fill(120_000.0, start + Duration::from_millis(10 * look));
            if look % 6 == 0 {
                pace.spend(270);
                sound += 270;
            }
            while pace.allows() {
                pace.spend(1000);
                pictures += 1000;
            }
        }
        assert_eq!(sound * 8 / 10, 36_072);
        assert!((90_000..125_000).contains(&(pictures * 8 / 10)), "{pictures}");
    }

    #[test]
    fn pictures_wait_while_the_stream_is_full() {
        let mut pace = Pace::default();
        pace.hold(true);
        assert!(!pace.allows());
        pace.hold(false);
        assert!(pace.allows());
    }
}
