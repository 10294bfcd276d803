//! Stills of the screen that is shared: when one is made. The server makes them light. Plain values, no browser.

/// Milliseconds between two stills.
const PAUSE: f64 = 4_000.0;
/// What weighs more without loss is sent with some, in bytes: photographs.
pub(crate) const HEAVY: f64 = 400_000.0;
/// The longest side of a still, in points.
pub(crate) const SIDE: f64 = 1280.0;
/// The size of what two glances are compared by: a letter is seen.
pub(crate) const GLANCE: (u32, u32) = (96, 54);
/// A point differs by more than this, and so many do: a caret that blinks is no change.
const DIFFERS: u8 = 8;
const POINTS: usize = 3;

/// Where the making of stills stands.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    /// What the screen looked like when the last one was made.
    drawn: Option<Vec<u8>>,
    at_ms: Option<f64>,
}

impl Drawing {
    /// Whether a still is due of a screen that looks like this.
    pub(crate) fn is_due(&self, glance: &[u8], now_ms: f64) -> bool {
        let rested = self.at_ms.is_none_or(|at| now_ms - at >= PAUSE);
        rested && self.drawn.as_deref().is_none_or(|drawn| differ(drawn, glance))
    }

    /// One is being made. What it looks like counts once it was taken ([`Drawing::taken`]).
    pub(crate) fn begin(&mut self, now_ms: f64) {
        self.at_ms = Some(now_ms);
    }

    /// The server took it.
    pub(crate) fn taken(&mut self, glance: Vec<u8>) {
        self.drawn = Some(glance);
    }
}

fn differ(one: &[u8], other: &[u8]) -> bool {
    one.len() != other.len() || one.iter().zip(other).filter(|(a, b)| a.abs_diff(**b) > DIFFERS).count() >= POINTS
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLANK: [u8; 100] = [255; 100];

    fn with(points: usize) -> Vec<u8> {
        let mut glance = BLANK.to_vec();
        glance[..points].fill(200);
        glance
    }

    #[test]
    fn a_still_is_made_when_the_screen_changed_and_every_four_seconds_at_most() {
        let mut drawing = Drawing::default();
        assert!(drawing.is_due(&BLANK, 0.0), "the first one");
        drawing.begin(0.0);
        drawing.taken(BLANK.to_vec());
        assert!(!drawing.is_due(&with(2), 9_000.0), "a caret");
        assert!(drawing.is_due(&with(3), 9_000.0));
        drawing.begin(9_000.0);
        assert!(!drawing.is_due(&with(3), 10_000.0), "it is on its way");
        assert!(drawing.is_due(&with(3), 13_000.0), "it was not taken");
        drawing.begin(13_000.0);
        drawing.taken(with(3));
        assert!(!drawing.is_due(&with(50), 16_999.0) && drawing.is_due(&with(50), 17_000.0));
        assert!(drawing.is_due(&[], 17_000.0), "another size");
    }
}
