//! What a viewer's line carries, from the only things that every browser tells: losses, round trips, and its own
//! estimate (REMB). A line that loses packets whatever one sends is not a full line: up to [`HARMLESS`] nothing
//! changes, and only what goes beyond costs rate (the rule of Galène).

use std::time::{Duration, Instant};

/// Bits a second that are never undercut: sound and the smallest picture.
const FLOOR: f64 = 100_000.0;
/// Bits a second that are never exceeded.
const CEILING: f64 = 12_000_000.0;
/// Below this share of losses the line may carry more.
const CLEAN: f64 = 0.02;
/// Up to this share losses are the line's nature.
const HARMLESS: f64 = 0.10;
/// What a clean second adds.
const GROWTH: f64 = 1.08;
/// Round trips this much longer than the shortest mean that packets queue somewhere.
const QUEUE: Duration = Duration::from_millis(400);
/// How long a rate that did not hold is not tried again: at first, and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(60));

/// One viewer's estimate.
#[derive(Debug, Clone)]
pub struct Estimate {
    rate: f64,
    told: Option<f64>,
    lost: f64,
    shortest: Option<Duration>,
    latest: Option<Duration>,
    /// A rate that did not hold, until when it is not tried again, and how long that was.
    held: Option<(f64, Instant, Duration)>,
}

impl Estimate {
    /// Begins at that rate, in bits a second.
    pub fn new(rate: f64) -> Self {
        Self { rate: rate.clamp(FLOOR, CEILING), told: None, lost: 0.0, shortest: None, latest: None, held: None }
    }

    /// Bits a second that may be sent.
    pub fn rate(&self) -> f64 {
        self.told.map_or(self.rate, |told| self.rate.min(told)).max(FLOOR)
    }

    /// The browser's own estimate, in bits a second (REMB).
    pub fn told(&mut self, rate: f64) {
        if rate.is_finite() && rate > 0.0 {
            self.told = Some(rate);
        }
    }

    /// The share of packets that a report calls lost; of several reports since the last step the worst counts.
    pub fn lost(&mut self, share: f64) {
        self.lost = self.lost.max(share.clamp(0.0, 1.0));
    }

    /// A round trip, as reports tell it (RFC 3550, section 6.4.1).
    pub fn round_trip(&mut self, time: Duration) {
        self.shortest = Some(self.shortest.map_or(time, |shortest| shortest.min(time)));
        self.latest = Some(time);
    }

    /// The latest round trip.
    pub fn latest_round_trip(&self) -> Option<Duration> {
        self.latest
    }

    /// One second later. `sent` is what was sent in it and `useful` what all that the viewer wants would take,
    /// in bits a second.
    pub fn step(&mut self, sent: f64, useful: f64, now: Instant) {
        let lost = std::mem::take(&mut self.lost);
        let queued = self.latest.zip(self.shortest).is_some_and(|(latest, shortest)| latest > shortest + QUEUE);
        if lost > HARMLESS || queued {
            let kept = if queued { 0.85 } else { 1.0 - lost / 2.0 };
            let tried = self.rate.min(sent.max(FLOOR));
            self.hold(tried, now);
            self.rate = (tried * kept).max(FLOOR);
        } else if lost < CLEAN {
            let wanted = (self.rate * GROWTH).min(useful.max(self.rate)).min(CEILING);
            self.rate = match self.held {
                Some((ceiling, until, _)) if now < until => wanted.min(ceiling.max(self.rate)),
                _ => wanted,
            };
        }
        self.latest = None;
    }

    fn hold(&mut self, rate: f64, now: Instant) {
        let patience = match self.held {
            // Twice soon after each other: the line is not going to get better at once.
            Some((_, until, last)) if now < until + last => (last * 2).min(PATIENCE.1),
            _ => PATIENCE.0,
        };
        self.held = Some((rate * 0.9, now + patience, patience));
    }
}

/// What a viewer sends and may send at this moment: a bucket that fills at somewhat more than the estimate, so
/// that a keyframe does not flood a weak line, and does not take for ever on a good one.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    bytes: f64,
    last: Option<Instant>,
}

/// How much faster than the estimate a burst may go.
const BURST: f64 = 2.5;
/// How much may go at once, as time and as bytes.
const DEPTH: (f64, f64) = (0.040, 12_000.0);

impl Pace {
    pub fn new() -> Self {
        Self { bytes: DEPTH.1, last: None }
    }

    /// Fills the bucket for the time that passed.
    pub fn fill(&mut self, rate: f64, now: Instant) {
        let passed = self.last.map_or(0.0, |last| now.saturating_duration_since(last).as_secs_f64());
        self.last = Some(now);
        let a_second = rate * BURST / 8.0;
        self.bytes = (self.bytes + a_second * passed).min((a_second * DEPTH.0).max(DEPTH.1));
    }

    /// Whether a picture's packet may go now. Sound always may.
    pub fn allows(&self) -> bool {
        self.bytes > 0.0
    }

    /// That many bytes went.
    pub fn spend(&mut self, bytes: usize) {
        #[expect(clippy::cast_precision_loss, reason = "a packet has some thousand bytes at most")]
        let bytes = bytes as f64;
        self.bytes -= bytes;
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;

    /// The rate after so many seconds on a line with that share of losses.
    fn after(seconds: u64, lost: f64) -> f64 {
        let mut estimate = Estimate::new(1_000_000.0);
        let start = Instant::now();
        for second in 0..seconds {
            estimate.lost(lost);
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
        }
        estimate.rate()
    }

    #[test]
    fn a_clean_line_is_found_out_within_a_quarter_of_a_minute() {
        assert!(after(15, 0.0) > 2_900_000.0, "{}", after(15, 0.0));
    }

    #[test]
    fn a_line_that_loses_five_in_a_hundred_keeps_its_rate() {
        assert!((after(60, 0.05) - 1_000_000.0).abs() < 1.0);
    }

    #[test]
    fn a_full_line_is_left_quickly_and_never_below_the_floor() {
        assert!(after(3, 0.4) < 600_000.0);
        assert!((after(60, 0.9) - FLOOR).abs() < 1.0);
    }

    #[test]
    fn what_did_not_hold_is_not_tried_again_at_once() {
        let mut estimate = Estimate::new(2_000_000.0);
        let start = Instant::now();
        estimate.lost(0.3);
        estimate.step(2_000_000.0, 3_000_000.0, start);
        for second in 1..5 {
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
        }
        assert!(estimate.rate() <= 1_800_000.0, "{}", estimate.rate());
        for second in 6..20 {
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
        }
        assert!(estimate.rate() > 2_500_000.0, "{}", estimate.rate());
    }

    #[test]
    fn the_browsers_own_estimate_is_believed_when_it_is_lower() {
        let mut estimate = Estimate::new(2_000_000.0);
        estimate.told(700_000.0);
        assert!((estimate.rate() - 700_000.0).abs() < 1.0);
        estimate.told(f64::NAN);
        assert!((estimate.rate() - 700_000.0).abs() < 1.0);
    }
}
