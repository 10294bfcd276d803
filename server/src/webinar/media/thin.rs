//! Whether a viewer is sent pictures at all: not where its line carries little more than sound, nor where it chose so. A
//! line that just suffices for a moment is not taken for one that does.

use super::allot::Wish;
use super::stage::SEATS;
use std::time::{Duration, Instant};

/// What a picture needs at least and at most, in bits a second, whatever its smallest encoding takes at present: a page
/// that stands still takes nothing and is as large as ever when it changes; and beyond that much, one that comes seldom is
/// better than none.
const NEED: (f64, f64) = (100_000.0, 200_000.0);
/// Seconds in a row that a line does not suffice before pictures go; far from sufficing it is one.
const SECONDS: u8 = 2;
const FAR: f64 = 0.5;
/// How much more than is needed there must be before pictures come back.
const MARGIN: f64 = 1.3;
/// How long pictures stay away at least: at first, and at most.
const AWAY: (Duration, Duration) = (Duration::from_secs(4), Duration::from_mins(1));
/// Pictures that went again so soon after they came back stay away longer.
const SOON: Duration = Duration::from_secs(30);

/// What a viewer wants to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pictures {
    /// Pictures while the line carries them, else stills.
    #[default]
    Auto,
    Stills,
    None,
}

/// One viewer's state.
#[derive(Debug, Clone)]
pub struct Thin {
    chosen: Pictures,
    /// The line does not suffice.
    short: bool,
    below: u8,
    away: Duration,
    not_before: Option<Instant>,
    came_back: Option<Instant>,
}

impl Default for Thin {
    fn default() -> Self {
        Self { chosen: Pictures::Auto, short: false, below: 0, away: AWAY.0, not_before: None, came_back: None }
    }
}

impl Thin {
    /// Of a viewer who chose that, on a line that is not known to carry pictures: none is shown before it is.
    pub fn unproved(chosen: Pictures) -> Self {
        Self { chosen, short: true, ..Self::default() }
    }

    /// The viewer chooses.
    pub fn choose(&mut self, chosen: Pictures) {
        if self.chosen != chosen {
            *self = Self { chosen, ..Self::default() };
        }
    }

    /// Whether pictures are sent where the line carries them.
    pub fn is_free(&self) -> bool {
        self.chosen == Pictures::Auto
    }

    /// Whether no picture is sent.
    pub fn is_blank(&self) -> bool {
        self.short || !self.is_free()
    }

    /// Whether stills are shown in place of pictures.
    pub fn takes_stills(&self) -> bool {
        match self.chosen {
            Pictures::Auto => self.short,
            Pictures::Stills => true,
            Pictures::None => false,
        }
    }

    /// A second has passed. `left` is what the line carries beside sound and `need` what the first picture takes, in bits a
    /// second; nothing where there is none to be shown.
    pub fn second(&mut self, left: f64, need: Option<f64>, now: Instant) {
        let Some(need) = need.filter(|_| self.is_free()) else {
            self.below = 0;
            return;
        };
        if self.short {
            let may = self.not_before.is_none_or(|at| now >= at);
            if may && left >= MARGIN * need {
                (self.short, self.below, self.came_back) = (false, 0, Some(now));
            }
            return;
        }
        self.below = if left < need { self.below + 1 } else { 0 };
        if self.below >= SECONDS || left < FAR * need {
            let again = self.came_back.is_some_and(|back| now < back + SOON);
            self.away = if again { (self.away * 2).min(AWAY.1) } else { AWAY.0 };
            (self.short, self.not_before) = (true, Some(now + self.away));
        }
    }
}

/// What the first picture that is wanted takes, in bits a second.
pub fn need(wishes: &[Wish; SEATS]) -> Option<f64> {
    let smallest = |wish: &Wish| wish.rates.iter().take(wish.layers).find_map(|rate| *rate);
    wishes.iter().find_map(smallest).map(|rate| rate.clamp(NEED.0, NEED.1))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
mod tests {
    use super::*;

    /// Whether pictures are sent, second by second, on a line that has so much left beside sound.
    fn shown(thin: &mut Thin, start: Instant, from: u64, left: &[f64]) -> Vec<bool> {
        let second = |(at, left): (u64, &f64)| {
            thin.second(*left, Some(100_000.0), start + Duration::from_secs(from + at));
            !thin.is_blank()
        };
        (0..).zip(left).map(second).collect()
    }

    #[test]
    fn pictures_go_after_two_seconds_below_what_they_need_and_at_once_far_below() {
        let start = Instant::now();
        let left = [90_000.0, 110_000.0, 90_000.0, 90_000.0];
        assert_eq!(shown(&mut Thin::default(), start, 0, &left), [true, true, true, false]);
        assert_eq!(shown(&mut Thin::default(), start, 0, &[40_000.0]), [false]);
    }

    #[test]
    fn they_come_back_with_room_to_spare_and_stay_away_longer_where_that_did_not_hold() {
        let (mut thin, start) = (Thin::default(), Instant::now());
        assert_eq!(shown(&mut thin, start, 0, &[0.0, 200_000.0, 200_000.0, 200_000.0, 120_000.0]), [false; 5]);
        assert_eq!(shown(&mut thin, start, 5, &[200_000.0, 110_000.0, 0.0]), [true, true, false]);
        // Twice four seconds now.
        assert_eq!(shown(&mut thin, start, 8, &[200_000.0; 7]), [false; 7]);
        assert_eq!(shown(&mut thin, start, 15, &[200_000.0]), [true]);
        assert_eq!(shown(&mut thin, start, 60, &[0.0]), [false], "long after: four seconds again");
        assert_eq!(shown(&mut thin, start, 64, &[200_000.0]), [true]);
    }

    #[test]
    fn nothing_is_shown_on_a_line_that_is_not_known_until_it_is() {
        let (mut thin, start) = (Thin::unproved(Pictures::Auto), Instant::now());
        assert!(thin.is_blank());
        assert_eq!(shown(&mut thin, start, 0, &[100_000.0, 200_000.0]), [false, true]);
    }

    #[test]
    fn what_a_viewer_chooses_holds_whatever_its_line_carries() {
        let (mut thin, start) = (Thin::default(), Instant::now());
        for (chosen, stills) in [(Pictures::Stills, true), (Pictures::None, false)] {
            thin.choose(chosen);
            assert_eq!(shown(&mut thin, start, 0, &[9_000_000.0; 9]), [false; 9]);
            assert_eq!(thin.takes_stills(), stills);
        }
        thin.choose(Pictures::Auto);
        assert!(!thin.is_blank());
    }

    #[test]
    fn a_page_that_stands_still_needs_what_it_takes_when_it_changes() {
        let mut wishes = [Wish::default(); SEATS];
        assert_eq!(need(&wishes), None);
        wishes[1] = Wish { rates: [Some(150_000.0), Some(450_000.0), None], layers: 3, shown: None };
        assert_eq!(need(&wishes), Some(150_000.0));
        wishes[0] = Wish { rates: [Some(900.0), None, None], layers: 3, shown: None };
        assert_eq!(need(&wishes), Some(100_000.0));
        wishes[0].rates[0] = Some(2_000_000.0);
        assert_eq!(need(&wishes), Some(200_000.0));
        wishes[0].layers = 0;
        assert_eq!(need(&wishes), Some(150_000.0));
    }
}
