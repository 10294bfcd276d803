//! Media that goes over TCP comes later than over UDP: from time to time it is looked whether UDP passes again. Plain
//! values, no browser.

use super::super::way::{Over, Way};

/// Milliseconds before each look; the last goes on. A look costs the server a connection of some seconds, and the room
/// nothing: media goes on meanwhile.
const DELAYS: [f64; 5] = [20_000.0, 40_000.0, 80_000.0, 160_000.0, 300_000.0];
/// After the network changed, as soon as it has settled.
const SETTLED: f64 = 2_000.0;

/// Where the search for a better way stands.
#[derive(Debug, Default)]
pub(crate) struct Climbing {
    /// When it is due; none where the way is the best there is, or where it is under way.
    due: Option<f64>,
    looks: usize,
    looking: bool,
}

impl Climbing {
    /// Media goes that way. `dice` (0 to 1) keeps a whole office from looking at once.
    pub(crate) fn goes(&mut self, way: Way, now_ms: f64, dice: f64) {
        if way.over != Over::Tcp {
            *self = Self::default();
        } else if self.due.is_none() && !self.looking {
            self.wait(now_ms, dice);
        }
    }

    /// Another network, or the same one back: what was blocked may pass.
    pub(crate) fn changed(&mut self, now_ms: f64) {
        if self.due.is_some() {
            self.looks = 0;
            self.due = Some(now_ms + SETTLED);
        }
    }

    /// Whether it is to be looked now; it is under way from then on.
    pub(crate) fn is_due(&mut self, now_ms: f64) -> bool {
        let due = self.due.is_some_and(|due| now_ms >= due);
        if due {
            self.due = None;
            self.looking = true;
        }
        due
    }

    /// It was looked. Whether or not a way was found, media is seen to take it before the next look.
    pub(crate) fn looked(&mut self, now_ms: f64, dice: f64) {
        self.looking = false;
        self.wait(now_ms, dice);
    }

    fn wait(&mut self, now_ms: f64, dice: f64) {
        let delay = DELAYS.get(self.looks).or(DELAYS.last()).copied().unwrap_or_default();
        self.looks = self.looks.saturating_add(1);
        self.due = Some(now_ms + delay * (0.75 + 0.5 * dice));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: Way = Way { over: Over::Tcp, port: 443 };
    const UDP: Way = Way { over: Over::Udp, port: 10_000 };

    #[test]
    fn a_better_way_is_looked_for_less_and_less_often_while_there_is_none() {
        let mut climbing = Climbing::default();
        climbing.goes(UDP, 0.0, 0.5);
        assert!(!climbing.is_due(1.0e9), "there is no better one");
        let mut now = 0.0;
        for delay in [20_000.0, 40_000.0, 80_000.0, 160_000.0, 300_000.0, 300_000.0] {
            climbing.goes(TCP, now, 0.5);
            assert!(!climbing.is_due(now + delay - 1.0));
            now += delay;
            assert!(climbing.is_due(now), "{delay}");
            climbing.goes(TCP, now, 0.5);
            assert!(!climbing.is_due(now + 1.0e9), "one at a time");
            climbing.looked(now, 0.5);
        }
        climbing.goes(UDP, now, 0.5);
        assert!(!climbing.is_due(now + 1.0e9));
    }

    #[test]
    fn another_network_is_looked_at_soon() {
        let mut climbing = Climbing::default();
        climbing.changed(0.0);
        assert!(!climbing.is_due(1.0e9), "nothing is to be found");
        climbing.goes(TCP, 0.0, 0.5);
        climbing.changed(5_000.0);
        assert!(!climbing.is_due(6_999.0) && climbing.is_due(7_000.0));
        climbing.changed(7_000.0);
        assert!(!climbing.is_due(1.0e9), "it is being looked at");
    }
}
