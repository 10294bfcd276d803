//! From what a player does to pieces of the recording, as they are reported.
//!
//! The player is looked at a few times a second, and at each thing that happens to it. As long as what is shown grows as
//! fast as time allows, one piece grows; anything else ends it.

use domain::webinar::replay::{Claim, MOST_PIECES};
use std::collections::BTreeMap;
use uuid::Uuid;

/// By how many milliseconds what is shown may be ahead of the clock between two looks: players tell their time in steps.
const SLACK: f64 = 400.0;
/// Two looks further apart than that, in milliseconds: the computer slept.
const SLEPT: f64 = 30_000.0;

/// The player at one look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Milliseconds of the recording.
    pub(super) media: f64,
    /// Milliseconds since 1970, by the browser's clock.
    pub(super) wall: f64,
    /// It shows the recording right now: neither paused, nor waiting, nor seeking.
    pub(super) playing: bool,
    /// Hundredths of the normal speed.
    pub(super) speed: u32,
    pub(super) hidden: bool,
    pub(super) silent: bool,
}

/// The piece that grows.
#[derive(Debug)]
struct Open {
    id: Uuid,
    first: Look,
    last: Look,
}

/// What was played and is not known to be kept.
#[derive(Debug, Default)]
pub(super) struct Meter {
    open: Option<Open>,
    unsent: BTreeMap<Uuid, Claim>,
}

impl Meter {
    /// Looks at the player; `id` names a new piece.
    pub(super) fn look(&mut self, now: Look, id: impl FnOnce() -> Option<Uuid>) {
        if let Some(open) = &mut self.open {
            let last = open.last;
            let (shown, took) = (now.media - last.media, now.wall - last.wall);
            let fastest = took * f64::from(last.speed) / 100.0 + SLACK;
            let goes_on = (0.0..SLEPT).contains(&took) && (0.0..=fastest).contains(&shown);
            if goes_on {
                open.last = Look { media: now.media, wall: now.wall, ..last };
                if shown > 0.0 {
                    let claim = open.claim();
                    self.unsent.insert(claim.id, claim);
                }
            }
            let same = (last.speed, last.hidden, last.silent) == (now.speed, now.hidden, now.silent);
            if !(goes_on && same && now.playing) {
                self.open = None;
            }
        }
        if self.open.is_none() && now.playing {
            self.open = id().map(|id| Open { id, first: now, last: now });
        }
    }

    /// What is to be sent, the oldest names first; as much as one report takes.
    pub(super) fn unsent(&self) -> Vec<Claim> {
        self.unsent.values().take(MOST_PIECES).cloned().collect()
    }

    /// These are kept as they were sent; one that grew since stays to be sent.
    pub(super) fn kept(&mut self, sent: &[Claim]) {
        for claim in sent {
            if self.unsent.get(&claim.id) == Some(claim) {
                self.unsent.remove(&claim.id);
            }
        }
    }
}

impl Open {
    fn claim(&self) -> Claim {
        let Look { media, wall, speed, hidden, silent, .. } = self.first;
        // Rounded so that a piece never seems faster than it was.
        Claim {
            id: self.id,
            from: whole(media.ceil()),
            to: whole(self.last.media.floor()),
            at: signed(wall),
            took: whole((self.last.wall - wall).ceil()),
            speed,
            hidden,
            silent,
        }
    }
}

/// Milliseconds as a whole number; nothing below zero, and beyond what a browser can count the most there is.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast from a float saturates")]
pub(super) fn whole(milliseconds: f64) -> u64 {
    milliseconds as u64
}

#[expect(clippy::cast_possible_truncation, reason = "a cast from a float saturates")]
pub(super) fn signed(milliseconds: f64) -> i64 {
    milliseconds as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: f64 = 1_800_000_000_000.0;

    fn at(seconds: f64, media: f64) -> Look {
        Look {
            media: media * 1000.0,
            wall: NOW + seconds * 1000.0,
            playing: true,
            speed: 100,
            hidden: false,
            silent: false,
        }
    }

    /// The pieces of these looks: from, to and how long they took, in milliseconds.
    fn pieces(looks: &[Look]) -> Vec<(u64, u64, u64)> {
        let (mut meter, mut names) = (Meter::default(), 0);
        for look in looks {
            meter.look(*look, || {
                names += 1;
                Some(Uuid::from_u128(names))
            });
        }
        meter.unsent().iter().map(|claim| (claim.from, claim.to, claim.took)).collect()
    }

    #[test]
    fn what_plays_on_is_one_piece() {
        let looks: Vec<Look> = (0..40).map(|step| at(f64::from(step) / 4.0, 60.0 + f64::from(step) / 4.0)).collect();
        assert_eq!(pieces(&looks), [(60_000, 69_750, 9_750)]);
    }

    #[test]
    fn a_leap_ends_a_piece_and_what_was_leaped_over_is_in_none() {
        let looks = [at(0.0, 0.0), at(1.0, 1.0), at(1.2, 30.0), at(2.2, 31.0), at(2.4, 5.0), at(3.4, 6.0)];
        assert_eq!(pieces(&looks), [(0, 1_000, 1_000), (30_000, 31_000, 1_000), (5_000, 6_000, 1_000)]);
    }

    #[test]
    fn a_pause_or_a_line_that_stalls_adds_nothing() {
        let stop = Look { playing: false, ..at(1.0, 1.0) };
        let again = at(60.0, 1.0);
        assert_eq!(pieces(&[at(0.0, 0.0), stop, again, at(61.0, 2.0)]), [(0, 1_000, 1_000), (1_000, 2_000, 1_000)]);
        assert_eq!(pieces(&[at(0.0, 0.0), at(5.0, 0.0)]), [], "nothing was shown");
    }

    #[test]
    fn another_speed_and_a_tab_that_is_hidden_are_pieces_of_their_own() {
        let fast = |seconds, media| Look { speed: 200, ..at(seconds, media) };
        let away = |seconds, media| Look { hidden: true, silent: true, ..at(seconds, media) };
        let looks = [at(0.0, 0.0), fast(1.0, 1.0), fast(2.0, 3.0), away(3.0, 5.0), away(4.0, 6.0)];
        let (mut meter, mut names) = (Meter::default(), 0);
        for look in looks {
            meter.look(look, || {
                names += 1;
                Some(Uuid::from_u128(names))
            });
        }
        let told: Vec<_> =
            meter.unsent().iter().map(|claim| (claim.from, claim.to, claim.speed, claim.hidden)).collect();
        assert_eq!(told, [(0, 1_000, 100, false), (1_000, 5_000, 200, false), (5_000, 6_000, 100, true)]);
    }

    #[test]
    fn a_computer_that_slept_and_a_clock_put_back_end_a_piece() {
        assert_eq!(pieces(&[at(0.0, 0.0), at(1.0, 1.0), at(3_600.0, 1.2)]), [(0, 1_000, 1_000)]);
        assert_eq!(
            pieces(&[at(0.0, 0.0), at(1.0, 1.0), at(-60.0, 1.2), at(-59.0, 2.2)]),
            [(0, 1_000, 1_000), (1_200, 2_200, 1_000)]
        );
    }

    #[test]
    fn what_grew_since_it_was_sent_is_sent_again() {
        let mut meter = Meter::default();
        let id = || Some(Uuid::from_u128(1));
        meter.look(at(0.0, 0.0), id);
        meter.look(at(1.0, 1.0), id);
        let sent = meter.unsent();
        meter.kept(&sent);
        assert_eq!(meter.unsent(), []);
        meter.look(at(2.0, 2.0), id);
        let sent = meter.unsent();
        meter.look(at(3.0, 3.0), id);
        meter.kept(&sent);
        assert_eq!(meter.unsent().iter().map(|claim| claim.to).collect::<Vec<_>>(), [3_000]);
    }

    #[test]
    fn numbers_that_a_browser_cannot_mean_do_no_harm() {
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0] {
            pieces(&[at(0.0, 0.0), at(1.0, odd), at(odd, 2.0), Look { speed: 0, ..at(3.0, 3.0) }]);
        }
        assert_eq!((whole(-3.0), whole(f64::NAN), signed(f64::INFINITY)), (0, 0, i64::MAX));
    }
}
