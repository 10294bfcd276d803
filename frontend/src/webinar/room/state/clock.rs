//! Time in the room: the server's, whatever this computer believes.

use super::Live;
use domain::webinar::{Act, Phase};
use jiff::Timestamp;

impl Live {
    /// Milliseconds from that moment to now, by the server's clock; negative when it is to come.
    pub(crate) fn since(&self, moment: Timestamp, now_ms: f64) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of this century fit a double")]
        let moment = moment.as_millisecond() as f64;
        now_ms + self.skew - moment
    }

    /// The presence check that this person has still to answer.
    pub(crate) fn check_to_answer(&self, now_ms: f64) -> Option<(u64, f64)> {
        let me = self.me()?;
        let waiting = self.room.checks.iter().rev().find(|(_, check)| !check.confirmed.contains(&me));
        let (id, check) = waiting.filter(|_| !self.leads() && self.room.is_live())?;
        let said = self.unsent.iter().any(|(_, act)| *act == Act::Confirm { check: *id });
        let left = -self.since(check.until, now_ms);
        (left > 0.0 && !said).then_some((*id, left))
    }

    /// Minutes since the webinar began, or how long it lasted.
    pub(crate) fn minutes_live(&self, now_ms: f64) -> Option<u32> {
        let milliseconds = match self.room.phase {
            Phase::Live { since } => self.since(since, now_ms),
            Phase::Closed { since: Some(since), at } => self.since(since, now_ms) - self.since(at, now_ms),
            _ => return None,
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
        let minutes = (milliseconds / 60_000.0).clamp(0.0, 1.0e6) as u32;
        Some(minutes)
    }
}
