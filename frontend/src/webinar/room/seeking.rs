//! Looking for media: how long it is waited for, when it is looked for again. Plain values, no browser.

/// Media that does not come within this is told, in milliseconds.
const PATIENCE: f64 = 8_000.0;
/// Media that was interrupted for so long is sought by another way.
const INTERRUPTED: f64 = 1_000.0;
/// After the network changed, as soon as it has settled.
const SETTLED: f64 = 2_000.0;
/// Milliseconds before each new try; the last goes on. A room that is full, or a network that blocks, is not helped
/// by more.
const DELAYS: [f64; 7] = [1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0, 60_000.0];

#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Stand {
    /// It flows, or nobody wants it.
    #[default]
    Rest,
    Sought {
        since: f64,
        revived: bool,
    },
    Waiting {
        until: f64,
    },
}

/// What is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Seek another way on the connection there is.
    Revive,
    /// Tell that nothing comes.
    GiveUp,
    TryAgain,
}

/// Where the search stands.
#[derive(Debug, Default)]
pub(crate) struct Seeking {
    stand: Stand,
    failures: usize,
}

impl Seeking {
    /// The room is entered: everything begins anew.
    pub(crate) fn anew(&mut self, now_ms: f64) {
        *self = Self::default();
        self.began(now_ms);
    }

    /// A connection is being made, or was interrupted.
    pub(crate) fn began(&mut self, now_ms: f64) {
        if !matches!(self.stand, Stand::Sought { .. }) {
            self.tried(now_ms);
        }
    }

    /// A new try begins.
    pub(crate) fn tried(&mut self, now_ms: f64) {
        self.stand = Stand::Sought { since: now_ms, revived: false };
    }

    /// It flows. Tells whether it had failed.
    pub(crate) fn found(&mut self) -> bool {
        std::mem::take(self).has_failed()
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failures > 0
    }

    /// It failed. Gives when the next try is due; `dice` (0 to 1) keeps a whole room from trying at once.
    pub(crate) fn failed(&mut self, now_ms: f64, dice: f64) -> f64 {
        let delay = DELAYS.get(self.failures).or(DELAYS.last()).copied().unwrap_or_default();
        self.failures = self.failures.saturating_add(1);
        let until = now_ms + delay * (0.75 + 0.5 * dice);
        self.stand = Stand::Waiting { until };
        until
    }

    /// Another network: what failed may pass in a moment.
    pub(crate) fn changed(&mut self, now_ms: f64) {
        if let Stand::Waiting { until } = &mut self.stand {
            *until = until.min(now_ms + SETTLED);
        }
    }

    /// What is due; nothing is without a line to the server, which has to answer.
    pub(crate) fn step(&mut self, now_ms: f64, here: bool) -> Option<Step> {
        if !here {
            return None;
        }
        match &mut self.stand {
            Stand::Sought { since, .. } if now_ms - *since > PATIENCE => Some(Step::GiveUp),
            Stand::Sought { since, revived } if !*revived && now_ms - *since > INTERRUPTED => {
                *revived = true;
                Some(Step::Revive)
            }
            Stand::Waiting { until } if now_ms >= *until => Some(Step::TryAgain),
            Stand::Rest | Stand::Sought { .. } | Stand::Waiting { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_that_does_not_come_is_told_then_sought_again_less_and_less_often() {
        let mut seeking = Seeking::default();
        assert_eq!(seeking.step(1.0e9, true), None, "nobody wants it");
        seeking.anew(0.0);
        assert_eq!(seeking.step(1_000.0, true), None);
        assert_eq!(seeking.step(1_100.0, true), Some(Step::Revive));
        assert_eq!(seeking.step(6_000.0, true), None, "once");
        assert_eq!(seeking.step(9_000.0, true), Some(Step::GiveUp));
        let mut now = 9_000.0;
        let mut delays = Vec::new();
        for _ in 0..9 {
            let until = seeking.failed(now, 0.5);
            delays.push((until - now) / 1000.0);
            assert_eq!(seeking.step(until - 1.0, true), None);
            assert_eq!(seeking.step(until, false), None, "not without a line");
            assert_eq!(seeking.step(until, true), Some(Step::TryAgain));
            seeking.tried(until);
            now = until;
        }
        assert_eq!(delays, [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]);
        assert!(seeking.found() && !seeking.has_failed());
        assert_eq!(seeking.step(now + 1.0e9, true), None);
    }

    #[test]
    fn another_network_is_tried_soon() {
        let mut seeking = Seeking::default();
        for _ in 0..6 {
            seeking.failed(0.0, 0.5);
        }
        seeking.changed(1_000.0);
        assert_eq!((seeking.step(2_900.0, true), seeking.step(3_000.0, true)), (None, Some(Step::TryAgain)));
    }

    #[test]
    fn an_interruption_counts_from_its_beginning() {
        let mut seeking = Seeking::default();
        seeking.began(0.0);
        seeking.began(7_000.0);
        assert_eq!(seeking.step(8_500.0, true), Some(Step::GiveUp));
        assert!(!seeking.found(), "it came back by itself");
    }
}
