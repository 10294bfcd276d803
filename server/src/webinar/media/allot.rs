//! Which encoding of each picture a viewer gets, within what its line carries.

use super::stage::{LAYERS, SEATS};

/// One seat's picture, as a viewer wants it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Wish {
    /// Bits a second of each encoding that flows at present, the smallest first; nothing where it does not.
    pub rates: [Option<f64>; LAYERS],
    /// How many encodings may be chosen from, the smallest first; 0 for no picture.
    pub layers: usize,
    /// What it is shown now.
    pub shown: Option<usize>,
}

/// What room there must be beyond an encoding's rate before a viewer is moved up to it.
const MARGIN: f64 = 1.15;

/// Chooses, within what sound leaves. Seats come in order of importance: each first gets its smallest encoding, then each one more, as long
/// as the rate suffices. The first picture is never left out: a slow line shows it seldom rather than not at all.
pub fn allot(rate: f64, wishes: &[Wish; SEATS]) -> [Option<usize>; SEATS] {
    let mut chosen = [None; SEATS];
    let mut left = rate;
    for step in 0..LAYERS {
        for (choice, wish) in chosen.iter_mut().zip(wishes) {
            let next = (0..wish.layers.min(LAYERS)).filter(|layer| wish.rates[*layer].is_some()).nth(step);
            let Some(layer) = next else { continue };
            if step > 0 && choice.is_none() {
                continue;
            }
            let cost = |layer: usize| wish.rates[layer].unwrap_or_default();
            let more = cost(layer) - choice.map_or(0.0, cost);
            let margin = if wish.shown.is_some_and(|shown| shown >= layer) { 1.0 } else { MARGIN };
            let first = step == 0 && (left - rate).abs() < f64::EPSILON;
            if first || more * margin <= left {
                *choice = Some(layer);
                left -= more;
            }
        }
    }
    chosen
}

/// What everything that is wanted would take, in bits a second, with room to move up.
pub fn useful(wishes: &[Wish; SEATS]) -> f64 {
    let most = |wish: &Wish| wish.rates.iter().take(wish.layers).rev().find_map(|rate| *rate).unwrap_or_default();
    wishes.iter().map(most).sum::<f64>() * MARGIN * MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: Wish =
        Wish { rates: [Some(150_000.0), Some(500_000.0), Some(1_500_000.0)], layers: LAYERS, shown: None };
    const SCREEN: Wish = Wish { rates: [Some(1_200_000.0), None, None], layers: LAYERS, shown: None };

    fn stage(wishes: &[Wish]) -> [Wish; SEATS] {
        let mut all = [Wish::default(); SEATS];
        all[..wishes.len()].copy_from_slice(wishes);
        all
    }

    #[test]
    fn the_screen_comes_first_and_is_never_left_out() {
        assert_eq!(allot(200_000.0, &stage(&[SCREEN, CAMERA]))[..2], [Some(0), None]);
        assert_eq!(allot(1_500_000.0, &stage(&[SCREEN, CAMERA]))[..2], [Some(0), Some(0)]);
        assert_eq!(allot(9_000_000.0, &stage(&[SCREEN, CAMERA]))[..2], [Some(0), Some(2)]);
    }

    #[test]
    fn everybody_is_seen_before_anybody_is_seen_sharply() {
        assert_eq!(allot(500_000.0, &stage(&[CAMERA; 3]))[..3], [Some(0), Some(0), Some(0)]);
        assert_eq!(allot(1_000_000.0, &stage(&[CAMERA; 3]))[..3], [Some(1), Some(0), Some(0)]);
    }

    #[test]
    fn a_viewer_moves_up_with_room_to_spare_and_stays_without() {
        let up = stage(&[CAMERA]);
        assert_eq!(allot(520_000.0, &up)[0], Some(0));
        let mut stays = up;
        stays[0].shown = Some(1);
        assert_eq!(allot(520_000.0, &stays)[0], Some(1));
    }

    #[test]
    fn a_picture_that_is_not_wanted_costs_nothing() {
        let mut off = stage(&[CAMERA, CAMERA]);
        off[0].layers = 0;
        assert_eq!(allot(700_000.0, &off)[..2], [None, Some(1)]);
        off[1].layers = 1;
        assert_eq!(allot(700_000.0, &off)[..2], [None, Some(0)]);
    }
}
