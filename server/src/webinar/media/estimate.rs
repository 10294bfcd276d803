//! What a viewer's line carries, from the only things that every browser tells: losses, round trips, and its own
//! estimate (REMB). A line that loses packets whatever one sends is not a full line: up to [`HARMLESS`] nothing
//! changes, and only what goes beyond costs rate (the rule of Galène). A share is taken of packets enough that
//! chance does not exceed a threshold now and then: otherwise a line that loses a few would sink, step by step.

use super::sender::Progress;
use std::time::{Duration, Instant};

/// Bits a second that are never undercut: sound.
const FLOOR: f64 = 32_000.0;
/// Bits a second that are never exceeded.
const CEILING: f64 = 12_000_000.0;
/// From this share of losses on, sound is sent twice, and so long after it was last reached.
const FRAIL: f64 = 0.01;
const FRAIL_FOR: Duration = Duration::from_secs(30);
/// Below this share of losses the line may carry more.
const CLEAN: f64 = 0.02;
/// Up to this share losses are the line's nature.
const HARMLESS: f64 = 0.10;
/// What a clean second adds.
const GROWTH: f64 = 1.08;
/// Round trips this much longer than the shortest mean that packets queue somewhere.
const QUEUE: Duration = Duration::from_millis(400);
/// Packets of which a share is taken; where there are few, so many after so many seconds.
const ENOUGH: f64 = 150.0;
const FEW: (f64, i32) = (20.0, 5);
/// Below this rate, what the browser estimates says nothing of its line: it follows what is sent.
const TELLING: f64 = 200_000.0;
/// No second costs more than this, but that the browser's own estimate says so.
const STEP: f64 = 0.7;
/// How much of what trains of checks found is used; and beyond how many bits a second trains so short tell nothing.
const TELLS: f64 = 1_000_000.0;
const SURE: f64 = 0.9;
/// How long a rate that did not hold is not tried again: at first, and at most.
const PATIENCE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_mins(1));

/// One viewer's estimate.
#[derive(Debug, Clone)]
pub struct Estimate {
    rate: f64,
    /// The browser's own estimate, and whether it fell.
    told: Option<f64>,
    fell: bool,
    /// Packets reported about and missing since a share was last taken, and seconds.
    expected: f64,
    lost: f64,
    seconds: i32,
    frail: Option<Instant>,
    shortest: Option<Duration>,
    latest: Option<Duration>,
    /// The longest that anything had to wait here for a stream that was full.
    waited: Duration,
    /// A rate that did not hold, until when it is not tried again, and how long that was.
    held: Option<(f64, Instant, Duration)>,
}

impl Estimate {
    /// Begins at that rate, in bits a second.
    pub fn new(rate: f64) -> Self {
        Self {
            rate: rate.clamp(FLOOR, CEILING),
            told: None,
            fell: false,
            expected: 0.0,
            lost: 0.0,
            seconds: 0,
            frail: None,
            shortest: None,
            latest: None,
            waited: Duration::ZERO,
            held: None,
        }
    }

    /// Bits a second that may be sent.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// The line loses packets, if not many.
    pub fn is_frail(&self) -> bool {
        self.frail.is_some()
    }

    /// The browser's own estimate, in bits a second (REMB). Where little is sent, as on a page of slides, it is
    /// little, and it rises slowly: only its fall says that packets begin to queue.
    pub fn told(&mut self, rate: f64) {
        if rate.is_finite() && rate > 0.0 {
            self.fell |= self.told.is_some_and(|before| rate < 0.95 * before);
            self.told = Some(rate);
        }
    }

    /// What trains of checks found that the line carries, at least and at most, where nothing else tells. Not all of it is
    /// used.
    pub fn found(&mut self, least: f64, most: f64) {
        let (least, most) = (SURE * least.min(TELLS), SURE * most.max(least).min(TELLS));
        self.rate = self.rate.clamp(least, most).clamp(FLOOR, CEILING);
    }

    /// What a report tells.
    pub fn reported(&mut self, progress: &Progress) {
        self.expected += progress.expected;
        self.lost += progress.lost;
        if let Some(way) = progress.way {
            self.shortest = Some(self.shortest.map_or(way, |shortest| shortest.min(way)));
            self.latest = Some(way);
        }
    }

    /// So long something had to wait here, for a stream that was full: what a stream does not lose, it delays.
    pub fn waited(&mut self, longest: Duration) {
        self.waited = self.waited.max(longest);
    }

    /// One second later. `sent` is what was sent in it and `useful` what all that the viewer wants would take,
    /// in bits a second.
    pub fn step(&mut self, sent: f64, useful: f64, now: Instant) {
        let longer = self.latest.zip(self.shortest).is_some_and(|(latest, shortest)| latest > shortest + QUEUE);
        let queued = std::mem::take(&mut self.waited) > QUEUE || longer;
        let told = self.told.filter(|told| std::mem::take(&mut self.fell) && *told < sent && sent > TELLING);
        let (seconds, lost) = self.losses();
        if lost.is_some_and(|lost| lost > FRAIL) {
            self.frail = Some(now + FRAIL_FOR);
        }
        self.frail = self.frail.filter(|until| now < *until);
        // Where little was sent, it was not that which was too much: then step by step.
        let tried = self.rate.min(sent.max(FLOOR)).max(STEP * self.rate);
        let kept = match lost.filter(|lost| *lost > HARMLESS) {
            Some(lost) => Some(tried * (1.0 - lost / 2.0)),
            None if queued => Some(tried * 0.85),
            None => told.map(|told| self.rate.min(told)),
        };
        if let Some(kept) = kept {
            self.hold(tried, now);
            self.rate = kept.max(FLOOR);
        } else if lost.is_some_and(|lost| lost < CLEAN) {
            let wanted = (self.rate * GROWTH.powi(seconds)).min(useful.max(self.rate)).min(CEILING);
            self.rate = match self.held {
                Some((ceiling, until, _)) if now < until => wanted.min(ceiling.max(self.rate)),
                _ => wanted,
            };
        }
        self.latest = None;
    }

    /// The share of packets lost, of the last seconds; nothing until there were packets enough.
    fn losses(&mut self) -> (i32, Option<f64>) {
        self.seconds += 1;
        if self.expected < ENOUGH && (self.expected < FEW.0 || self.seconds < FEW.1) {
            return (0, None);
        }
        let share = std::mem::take(&mut self.lost) / std::mem::take(&mut self.expected);
        (std::mem::take(&mut self.seconds).min(FEW.1), Some(share))
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;

    /// A report about 175 packets of which that share is lost.
    fn report(share: f64) -> Progress {
        Progress { more: true, expected: 175.0, lost: 175.0 * share, way: None }
    }

    /// The rate after so many seconds on a line with that share of losses.
    fn after(seconds: u64, lost: f64) -> f64 {
        let mut estimate = Estimate::new(1_000_000.0);
        let start = Instant::now();
        for second in 0..seconds {
            estimate.reported(&report(lost));
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
        estimate.reported(&report(0.3));
        estimate.step(2_000_000.0, 3_000_000.0, start);
        for second in 1..5 {
            estimate.reported(&report(0.0));
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
        }
        assert!(estimate.rate() <= 1_800_000.0, "{}", estimate.rate());
        for second in 6..20 {
            estimate.reported(&report(0.0));
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
        }
        assert!(estimate.rate() > 2_500_000.0, "{}", estimate.rate());
    }

    #[test]
    fn a_line_that_loses_five_in_a_hundred_by_chance_does_not_sink() {
        let mut estimate = Estimate::new(1_000_000.0);
        let start = Instant::now();
        // A line of dice (xorshift), ten minutes long.
        let mut dice = 0x9e37_79b9_u32;
        for second in 0..600 {
            let mut lost = 0.0;
            for _ in 0..175 {
                dice ^= dice << 13;
                dice ^= dice >> 17;
                dice ^= dice << 5;
                lost += f64::from(u8::from(dice % 100 < 5));
            }
            estimate.reported(&report(lost / 175.0));
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
            assert!(estimate.rate() > 900_000.0, "{} after {second} s", estimate.rate());
            assert!(estimate.is_frail());
        }
    }

    #[test]
    fn a_line_is_frail_for_a_while_after_it_last_lost_packets() {
        let mut estimate = Estimate::new(1_000_000.0);
        let start = Instant::now();
        for second in 0..60 {
            estimate.reported(&report(if second == 10 { 0.03 } else { 0.0 }));
            estimate.step(1_000_000.0, 1_000_000.0, start + Duration::from_secs(second));
            assert_eq!(estimate.is_frail(), (10..40).contains(&second), "{second}");
        }
    }

    #[test]
    fn the_browsers_own_estimate_counts_when_it_falls_and_not_while_little_is_sent() {
        let mut estimate = Estimate::new(2_000_000.0);
        let now = Instant::now();
        for told in [60_000.0, 70_000.0, 50_000.0, f64::NAN] {
            estimate.told(told);
        }
        estimate.step(60_000.0, 3_000_000.0, now);
        assert!((estimate.rate() - 2_000_000.0).abs() < 1.0);
        for told in [1_900_000.0, 700_000.0] {
            estimate.told(told);
        }
        estimate.step(1_200_000.0, 3_000_000.0, now);
        assert!((estimate.rate() - 700_000.0).abs() < 1.0);
    }

    #[test]
    fn trains_of_checks_raise_and_lower_it_to_what_two_of_them_agree_on() {
        let mut estimate = Estimate::new(2_000_000.0);
        estimate.found(60_000.0, 70_000.0);
        assert!((estimate.rate() - 63_000.0).abs() < 1.0, "{}", estimate.rate());
        estimate.found(64_000.0, 3_000_000.0);
        assert!((estimate.rate() - 63_000.0).abs() < 1.0, "one alone: {}", estimate.rate());
        estimate.found(2_900_000.0, 3_000_000.0);
        assert!((estimate.rate() - 900_000.0).abs() < 1.0, "{}", estimate.rate());
        estimate.found(1.0, 1.0);
        assert!((estimate.rate() - FLOOR).abs() < 1.0);
    }

    #[test]
    fn what_waits_for_a_full_stream_costs_rate_as_losses_do() {
        let mut estimate = Estimate::new(1_000_000.0);
        let start = Instant::now();
        for second in 0..10 {
            estimate.waited(if second < 5 { QUEUE } else { 2 * QUEUE });
            estimate.step(estimate.rate(), 3_000_000.0, start + Duration::from_secs(second));
            assert_eq!(estimate.rate() < 1_000_000.0, second >= 5, "{} after {second} s", estimate.rate());
        }
        assert!(estimate.rate() < 500_000.0, "{}", estimate.rate());
    }
}
