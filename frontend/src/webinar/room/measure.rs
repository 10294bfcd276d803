//! How the connection does, from what the browser counts. Plain values, no browser.

use super::super::way::Way;
use super::desk::Quality;

/// What was counted since the connection began.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) at_ms: f64,
    pub(crate) received_bytes: f64,
    pub(crate) sent_bytes: f64,
    pub(crate) packets: f64,
    /// What never came, and what came when asked for again.
    pub(crate) lost: f64,
    /// Seconds there and back.
    pub(crate) round_trip: Option<f64>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) frames: f64,
    /// Of what is heard.
    pub(crate) energy: f64,
    pub(crate) way: Option<Way>,
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn whole(number: f64) -> u32 {
    number.round().clamp(0.0, f64::from(u32::MAX)) as u32
}

impl Quality {
    /// From one count to a later one.
    pub(crate) fn between(before: &Counted, now: &Counted) -> Self {
        let milliseconds = (now.at_ms - before.at_ms).max(1.0);
        let rate = |before: f64, now: f64| whole((now - before).max(0.0) * 8.0 / milliseconds);
        let (packets, lost) = ((now.packets - before.packets).max(0.0), (now.lost - before.lost).max(0.0));
        Self {
            received: rate(before.received_bytes, now.received_bytes),
            sent: rate(before.sent_bytes, now.sent_bytes),
            lost: if packets + lost > 0.0 { whole(lost / (packets + lost) * 1000.0) } else { 0 },
            delay: now.round_trip.map(|seconds| whole(seconds * 1000.0)),
            size: (now.width > 0.0).then(|| (whole(now.width), whole(now.height))),
            frames: whole(now.frames),
            heard: now.energy > before.energy,
        }
    }
}

/// How long what comes is kept before it is played, so that what got lost on the way can be asked for, twice, and still be
/// in time: a webinar is watched, and a picture half a second old is better than one that stands still.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Patience {
    /// Nothing where the browser decides alone.
    pub(crate) milliseconds: Option<u32>,
    until_ms: f64,
}

impl Patience {
    /// In thousandths of packets: fewer can get lost.
    const LOSSES: u32 = 5;
    /// After the last loss, since a change of delay is heard.
    const HELD_MS: f64 = 60_000.0;
    pub(crate) const MOST: u32 = 1_500;

    /// What it is after that was measured.
    pub(crate) fn after(self, quality: &Quality, now_ms: f64) -> Self {
        let way = quality.delay.filter(|_| quality.lost >= Self::LOSSES);
        let Some(way) = way else { return if now_ms < self.until_ms { self } else { Self::default() } };
        let wanted = (3 * way + 100).min(Self::MOST);
        // The way's length is never twice the same: small changes are not worth hearing.
        let kept = self.milliseconds.filter(|kept| wanted <= *kept + 50);
        Self { milliseconds: kept.or(Some(wanted)), until_ms: now_ms + Self::HELD_MS }
    }
}

/// What comes, on the whole: over the last minutes, since a page that stands still takes nothing and the next one much.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Spending {
    bytes: f64,
    milliseconds: f64,
}

impl Spending {
    /// Before so long has been measured, nothing is told; and what is older weighs less and less.
    const ENOUGH_MS: f64 = 20_000.0;
    const MEMORY_MS: f64 = 180_000.0;

    /// What it is after that was counted.
    pub(crate) fn after(self, before: &Counted, now: &Counted) -> Self {
        let milliseconds = (now.at_ms - before.at_ms).max(0.0);
        let kept = (1.0 - milliseconds / Self::MEMORY_MS).max(0.0);
        let came = (now.received_bytes - before.received_bytes).max(0.0);
        Self { bytes: self.bytes * kept + came, milliseconds: self.milliseconds * kept + milliseconds }
    }

    /// kbit/s.
    pub(crate) fn rate(self) -> Option<u32> {
        (self.milliseconds >= Self::ENOUGH_MS).then(|| whole(self.bytes * 8.0 / self.milliseconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_hour_costs_is_told_once_enough_was_measured_and_follows_what_comes() {
        let counted = |second: f64, kilobytes: f64| Counted {
            at_ms: second * 1000.0,
            received_bytes: kilobytes * 1000.0,
            ..Counted::default()
        };
        let mut spending = Spending::default();
        for second in 0..4 {
            let at = f64::from(second) * 5.0;
            assert_eq!(spending.rate(), None);
            spending = spending.after(&counted(at, at * 50.0), &counted(at + 5.0, at.mul_add(50.0, 250.0)));
        }
        // Some of the first seconds is forgotten, of their bytes as of their time.
        let rate = spending.after(&counted(20.0, 1000.0), &counted(25.0, 1250.0)).rate();
        assert_eq!(rate, Some(400));
    }

    fn line(lost: u32, delay: u32) -> Quality {
        Quality { lost, delay: Some(delay), ..Quality::default() }
    }

    #[test]
    fn what_gets_lost_is_waited_for_until_a_minute_after() {
        let patience = Patience::default().after(&line(0, 150), 0.0);
        assert_eq!(patience.milliseconds, None, "a good line");
        let patience = patience.after(&line(50, 150), 1_000.0);
        assert_eq!(patience.milliseconds, Some(550));
        assert_eq!(patience.after(&line(50, 160), 2_000.0).milliseconds, Some(550), "a little longer");
        assert_eq!(patience.after(&line(50, 300), 2_000.0).milliseconds, Some(1_000), "much longer");
        assert_eq!(patience.after(&line(50, 2_000), 2_000.0).milliseconds, Some(1_500), "no longer than that");
        assert_eq!(patience.after(&line(0, 150), 60_000.0).milliseconds, Some(550), "held");
        assert_eq!(patience.after(&line(0, 150), 61_000.0).milliseconds, None, "over");
    }

    #[test]
    fn rates_are_of_what_came_in_between() {
        let before =
            Counted { at_ms: 1_000.0, received_bytes: 1_000.0, packets: 10.0, lost: 1.0, ..Counted::default() };
        let now = Counted {
            at_ms: 3_000.0,
            received_bytes: 251_000.0,
            packets: 205.0,
            lost: 6.0,
            round_trip: Some(0.0421),
            width: 1920.0,
            height: 1080.0,
            energy: 0.2,
            ..Counted::default()
        };
        let quality = Quality::between(&before, &now);
        assert_eq!((quality.received, quality.lost, quality.delay), (1_000, 25, Some(42)));
        assert!(quality.heard && quality.size == Some((1920, 1080)));
        assert_eq!(Quality::between(&now, &now).lost, 0, "no packet, no loss");
    }
}
