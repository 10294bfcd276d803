//! When picture and sound are asked for over HTTPS, because they come by no other way; and when no longer. Plain values, no
//! browser.

/// Milliseconds without media by any other way, at first; where this browser last got them over HTTPS, it is asked sooner.
const PATIENCE: f64 = 4_000.0;
const USED_TO_IT: f64 = 1_500.0;
/// Where it came by another way before: a line that has just weakened drops what keeps that way open, and is soon back.
const CAME: f64 = 10_000.0;
/// Milliseconds before a line that was lost is tried again; the last goes on.
const DELAYS: [f64; 4] = [500.0, 2_000.0, 5_000.0, 15_000.0];

/// What is to be done now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Open,
    Close,
}

/// Where it stands.
#[derive(Debug, Default)]
pub(crate) struct Falling {
    /// Since when nothing comes by another way; none while it does, or nobody wants it.
    since: Option<f64>,
    /// Milliseconds without media by another way before it is asked for.
    patience: f64,
    /// Something came since then.
    ran: bool,
    open: bool,
    /// Not before.
    due: f64,
    failures: usize,
}

impl Falling {
    /// `used_to_it` says that this browser last got its media this way.
    pub(crate) fn new(used_to_it: bool) -> Self {
        Self { patience: if used_to_it { USED_TO_IT } else { PATIENCE }, ..Self::default() }
    }

    /// Media is sought, or was interrupted.
    pub(crate) fn missing(&mut self, now_ms: f64) {
        if self.since.is_none() {
            self.ran = false;
            (self.since, self.due) = (Some(now_ms), now_ms + self.patience);
        }
    }

    /// Nothing will come by another way for now.
    pub(crate) fn failed(&mut self, now_ms: f64) {
        let since = *self.since.get_or_insert(now_ms);
        if self.failures == 0 {
            self.due = since;
        }
    }

    /// Media comes by another way.
    pub(crate) fn comes(&mut self) {
        (self.since, self.patience, self.failures) = (None, CAME, 0);
    }

    /// Something came over HTTPS. Gives for how many milliseconds it was missed, the first time.
    pub(crate) fn runs(&mut self, now_ms: f64) -> Option<f64> {
        (self.failures, self.patience) = (0, USED_TO_IT);
        (!std::mem::replace(&mut self.ran, true)).then(|| now_ms - self.since.unwrap_or(now_ms))
    }

    /// The line is lost. `dice` (0 to 1) keeps a whole office from coming back at once.
    pub(crate) fn lost(&mut self, now_ms: f64, dice: f64) {
        let delay = DELAYS.get(self.failures).or(DELAYS.last()).copied().unwrap_or_default();
        self.failures = self.failures.saturating_add(1);
        (self.open, self.due) = (false, now_ms + delay * (0.75 + 0.5 * dice));
    }

    /// What is due; nothing is opened without a line to the server, which has to know this tab.
    pub(crate) fn step(&mut self, now_ms: f64, here: bool) -> Option<Step> {
        match self.since {
            None if self.open => {
                self.open = false;
                Some(Step::Close)
            }
            Some(_) if !self.open && here && now_ms >= self.due => {
                self.open = true;
                Some(Step::Open)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_that_comes_by_no_way_is_asked_for_over_https_until_it_does() {
        let mut falling = Falling::new(false);
        assert_eq!(falling.step(1.0e9, true), None, "nobody wants it");
        falling.missing(0.0);
        falling.missing(3_000.0);
        assert_eq!((falling.step(3_900.0, true), falling.step(4_000.0, false)), (None, None));
        assert_eq!(falling.step(4_000.0, true), Some(Step::Open));
        assert_eq!(falling.step(4_100.0, true), None, "once");
        assert_eq!((falling.runs(5_000.0), falling.runs(6_000.0)), (Some(5_000.0), None));
        falling.missing(60_000.0);
        falling.comes();
        assert_eq!((falling.step(70_000.0, true), falling.step(71_000.0, true)), (Some(Step::Close), None));
        falling.missing(80_000.0);
        assert_eq!(falling.step(88_000.0, true), None, "what came before comes again most often");
        falling.failed(88_500.0);
        assert_eq!(falling.step(88_500.0, true), Some(Step::Open), "no use to wait");
    }

    #[test]
    fn a_line_that_is_lost_is_tried_again_less_and_less_often() {
        let mut falling = Falling::new(true);
        falling.missing(0.0);
        assert_eq!(falling.step(1_500.0, true), Some(Step::Open), "as the last time");
        let mut now = 1_500.0;
        for delay in [500.0, 2_000.0, 5_000.0, 15_000.0, 15_000.0] {
            falling.lost(now, 0.5);
            falling.failed(now);
            assert_eq!(falling.step(now + delay - 1.0, true), None, "{delay}");
            now += delay;
            assert_eq!(falling.step(now, true), Some(Step::Open));
        }
    }
}
