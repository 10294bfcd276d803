//! Without holes: what is told live has a picture and a sound at all times.
//!
//! Browsers play sound and picture together, and wait for both where one is missing (W3C Media Source Extensions, section
//! 3.5.8: a hole means a new beginning, at a keyframe). So silence is told as silence, and a picture that stays as itself.

use super::mux::SETTLES;
use super::opus::lasts;
use super::{Block, Track, size_of, still};

/// Milliseconds of a packet of silence, and how late a sound may be before there is a hole.
const SOUND: u64 = 20;
const LATE: u64 = 10;
/// Milliseconds that a picture stays, at most, before it is told again: what the live head says of frames.
pub const STAYS: u64 = 200;
/// Milliseconds without a picture after which there is none any more: who asks for keyframes does so every eight seconds.
const GONE: u64 = 20_000;
/// Opus (RFC 6716): twenty milliseconds of silence, in stereo.
const SILENCE: [u8; 3] = [0xfc, 0xff, 0xfe];

/// Blocks of a stage and a voice, put in order and without holes.
#[derive(Debug, Default)]
pub struct Steady {
    pending: Vec<Block>,
    sound: Option<Sound>,
    picture: Option<Picture>,
}

/// The last sound.
#[derive(Debug, Clone, Copy)]
struct Sound {
    time: u64,
    end: u64,
}

/// The picture that stays until the next.
#[derive(Debug, Clone, Copy)]
struct Picture {
    /// When it was last told, and when one last came.
    told: u64,
    came: u64,
    /// How large it is, where its keyframe says so.
    size: Option<(u16, u16)>,
}

impl Steady {
    /// Takes a block that comes.
    pub fn push(&mut self, block: Block) {
        self.pending.push(block);
    }

    /// Whether there is a picture.
    #[must_use]
    pub fn shows(&self) -> bool {
        self.picture.is_some()
    }

    /// All that can be told at that time, which whatever comes late has had time to come before.
    pub fn advance(&mut self, now: u64) -> Vec<Block> {
        let until = now.saturating_sub(SETTLES);
        let (mut ready, pending) =
            std::mem::take(&mut self.pending).into_iter().partition::<Vec<_>, _>(|block| block.time < until);
        self.pending = pending;
        ready.sort_by_key(|block| (block.time, block.track));
        let mut told = Vec::with_capacity(ready.len());
        for block in ready {
            self.take(block, &mut told);
        }
        self.hush(until, &mut told);
        self.stay(until, &mut told);
        if self.picture.is_some_and(|picture| until > picture.came + GONE) {
            self.picture = None;
        }
        told.sort_by_key(|block| (block.time, block.track));
        told
    }

    fn take(&mut self, mut block: Block, told: &mut Vec<Block>) {
        let after = |last: u64, time: u64| time.max(last + 1);
        if block.track == Track::Stage {
            self.stay(block.time, told);
            let (last, size) = match self.picture {
                Some(picture) => (picture.told, picture.size),
                None if block.keyframe => (0, None),
                // Nothing can be seen before a keyframe.
                None => return,
            };
            block.time = after(last, block.time);
            let size = if block.keyframe { size_of(&block.data) } else { size };
            self.picture = Some(Picture { told: block.time, came: block.time, size });
        } else {
            self.hush(block.time, told);
            let lasts = lasts(&block.data).unwrap_or(SOUND);
            if let Some(last) = self.sound {
                // Its whole place was told as silence: packed together, sounds would be noise.
                if block.time + lasts <= last.end {
                    return;
                }
                block.time = after(last.time, block.time);
            }
            self.sound = Some(Sound { time: block.time, end: block.time + lasts });
        }
        told.push(block);
    }

    /// Tells the silence until then.
    fn hush(&mut self, until: u64, told: &mut Vec<Block>) {
        let mut last = self.sound.unwrap_or(Sound { time: until, end: until });
        while until > last.end + LATE {
            last = Sound { time: last.end, end: last.end + SOUND };
            told.push(Block { track: Track::Voice, time: last.time, keyframe: true, data: SILENCE.to_vec() });
        }
        self.sound = Some(last);
    }

    /// Tells the picture that stays until then.
    fn stay(&mut self, until: u64, told: &mut Vec<Block>) {
        let Some(Picture { told: last, size: Some(size), .. }) = &mut self.picture else { return };
        while until > *last + STAYS {
            *last += STAYS;
            told.push(Block { track: Track::Stage, time: *last, keyframe: false, data: still::again(*size) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(track: Track, time: u64, keyframe: bool) -> Block {
        let data = match (track, keyframe) {
            // Twenty milliseconds.
            (Track::Voice, _) => vec![1 << 3; 9],
            (_, true) => vec![0x10, 0, 0, 0x9d, 1, 0x2a, 64, 1, 180, 0, 0],
            (_, false) => vec![1; 9],
        };
        Block { track, time, keyframe, data }
    }

    fn holes(told: &[Block], track: Track) -> Vec<u64> {
        let times: Vec<u64> = told.iter().filter(|block| block.track == track).map(|block| block.time).collect();
        times.windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    #[test]
    fn silence_and_a_picture_that_stays_are_told_as_such() {
        let mut steady = Steady::default();
        let mut told = Vec::new();
        for now in (0..8_000_u64).step_by(20) {
            // A keyframe, some pictures, then a screen on which nothing moves; somebody speaks for a second.
            if now == 1_000 || (1_040..1_400).contains(&now) && now % 40 == 0 {
                steady.push(block(Track::Stage, now, now == 1_000));
            }
            if (3_000..4_000).contains(&now) {
                steady.push(block(Track::Voice, now + 7, true));
            }
            told.extend(steady.advance(now));
        }
        assert!(told.is_sorted_by_key(|block| block.time));
        assert!(holes(&told, Track::Voice).iter().all(|hole| (1..=SOUND + LATE).contains(hole)));
        assert!(holes(&told, Track::Stage).iter().all(|hole| (1..=STAYS).contains(hole)));
        let first = told.iter().find(|block| block.track == Track::Stage).expect("a picture");
        assert!((first.time, first.keyframe) == (1_000, true), "nothing is shown before a keyframe");
        assert_eq!(told.iter().filter(|block| block.data == vec![1; 9]).count(), 9, "all that came is told, once");
        assert!(told.last().expect("something").time + SETTLES + STAYS > 7_900, "until now");
    }

    #[test]
    fn between_packets_that_last_longer_there_is_no_silence() {
        let (mut steady, mut told) = (Steady::default(), Vec::new());
        for now in (0..6_000_u64).step_by(20) {
            if (1_000..3_000).contains(&now) && (now - 1_000) % 60 == 0 {
                // Sixty milliseconds of voice.
                steady.push(Block { track: Track::Voice, time: now, keyframe: true, data: vec![11 << 3; 90] });
            }
            told.extend(steady.advance(now));
        }
        let of = |from: u64, to: u64| told.iter().filter(move |block| (from..to).contains(&block.time));
        assert!(of(1_000, 3_000).all(|block| block.data.len() == 90), "nothing else");
        assert!(of(0, 1_000).chain(of(3_040, 5_000)).all(|block| block.data == SILENCE));
        assert!(holes(&told, Track::Voice).iter().all(|hole| (1..=60 + LATE).contains(hole)));
    }

    #[test]
    fn a_picture_that_comes_too_late_is_told_as_late_as_it_must_be_and_a_sound_is_left_out() {
        let mut steady = Steady::default();
        steady.push(block(Track::Stage, 100, true));
        let mut told = steady.advance(2_000);
        steady.push(block(Track::Stage, 500, false));
        steady.push(block(Track::Voice, 500, true));
        told.extend(steady.advance(2_100));
        for track in [Track::Stage, Track::Voice] {
            assert!(holes(&told, track).iter().all(|hole| *hole > 0), "{track:?}");
        }
        assert_eq!(told.iter().filter(|block| block.track == Track::Stage && block.data == vec![1; 9]).count(), 1);
        assert!(told.iter().all(|block| block.track == Track::Stage || block.data == SILENCE), "its place was told");
    }

    #[test]
    fn a_picture_that_came_no_more_is_gone() {
        let mut steady = Steady::default();
        steady.push(block(Track::Stage, 0, true));
        steady.advance(2_000);
        assert!(steady.shows());
        steady.advance(GONE + 2_000);
        assert!(!steady.shows());
        steady.push(block(Track::Stage, GONE + 3_000, false));
        assert!(steady.advance(GONE + 5_000).iter().all(|block| block.track == Track::Voice), "not before a keyframe");
    }
}
