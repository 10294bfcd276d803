//! How the connection does, from what the browser counts. Plain values, no browser.

use super::desk::Quality;

/// What was counted since the connection began.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counted {
    pub(crate) at_ms: f64,
    pub(crate) received_bytes: f64,
    pub(crate) sent_bytes: f64,
    pub(crate) packets: f64,
    pub(crate) lost: f64,
    /// Seconds there and back.
    pub(crate) round_trip: Option<f64>,
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) frames: f64,
    /// Of what is heard.
    pub(crate) energy: f64,
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

#[cfg(test)]
mod tests {
    use super::*;

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
