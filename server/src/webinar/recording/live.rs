//! What is recorded, as it comes: for those whose network lets nothing else through, the same file in small pieces, without
//! holes; and its sound alone, for those whose line carries no more.

use axum::body::Bytes;
use domain::webinar::recording::read::cluster;
use domain::webinar::recording::steady::Steady;
use domain::webinar::recording::{Block, Head, Muxer, Track, size_of};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::broadcast;

/// The tracks of what is told live: the stage, where there is a picture, and who speaks.
const TRACKS: [Track; 2] = [Track::Stage, Track::Voice];
/// Pieces that wait for whoever is slow: half a minute. Beyond that it begins anew at the last keyframe.
const WAITING: usize = 64;
/// Pieces that are kept for whoever comes, where no keyframe comes for long.
const KEPT: usize = 120;
/// How much of it the rate is taken from, in milliseconds.
const LATELY: u64 = 8_000;

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// All there is.
    Whole,
    /// The sound alone.
    Sound,
}

/// What somebody who comes is given.
#[derive(Debug)]
pub struct Watching {
    /// The head of the file, first of all (the initialisation segment of Media Source Extensions).
    pub head: Bytes,
    /// Whether there is a picture in it, or sound alone.
    pub shows: bool,
    /// Bits a second of what has a picture, of late; nothing where there is none.
    pub picture: Option<f64>,
    /// What came since the last keyframe, in order.
    pub recent: Vec<Piece>,
    /// What comes from then on. Whoever lags too far behind is told so, and subscribes anew; so does everybody when it is
    /// closed, since there is a picture from then on, or none any more.
    pub coming: broadcast::Receiver<Piece>,
}

/// Half a second at most, whole.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Milliseconds since the beginning, of what is first in it.
    pub time: u64,
    pub bytes: Bytes,
}

/// The pieces of one room.
#[derive(Debug)]
pub struct Live {
    began: i64,
    steady: Steady,
    muxer: Muxer,
    size: Option<(u16, u16)>,
    /// What is told has a picture.
    shows: bool,
    recent: VecDeque<Piece>,
    told: broadcast::Sender<Piece>,
    /// Times and bytes of what was told of late.
    weights: VecDeque<(u64, usize)>,
    sound: Muxer,
    last_heard: Option<Piece>,
    heard: broadcast::Sender<Piece>,
}

impl Live {
    pub fn new(began: i64) -> Self {
        Self {
            began,
            steady: Steady::default(),
            muxer: Muxer::new(Track::Stage, 0),
            size: None,
            shows: false,
            recent: VecDeque::new(),
            told: broadcast::channel(WAITING).0,
            weights: VecDeque::new(),
            sound: Muxer::new(Track::Stage, 0),
            last_heard: None,
            heard: broadcast::channel(WAITING).0,
        }
    }

    /// Whether anybody watches.
    pub fn is_watched(&self) -> bool {
        self.told.receiver_count() + self.heard.receiver_count() > 0
    }

    pub fn watch(&self, edition: Edition) -> Watching {
        let shows = self.shows && edition == Edition::Whole;
        let tracks = if shows { &TRACKS[..] } else { &TRACKS[1..] };
        let head = Head { tracks, began: self.began, size: self.size, completed: false }.write();
        let (recent, coming) = match edition {
            Edition::Whole => (self.recent.iter().cloned().collect(), self.told.subscribe()),
            // Sound can be begun anywhere.
            Edition::Sound => (self.last_heard.iter().cloned().collect(), self.heard.subscribe()),
        };
        Watching { head: head.into(), shows, picture: self.shows.then(|| self.rate()), recent, coming }
    }

    /// Bits a second of late.
    fn rate(&self) -> f64 {
        let bytes: usize = self.weights.iter().map(|(_, bytes)| bytes).sum();
        #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
        let bits = (bytes * 8) as f64;
        bits / Duration::from_millis(LATELY).as_secs_f64()
    }

    /// Takes a block that comes.
    pub fn take(&mut self, block: &Block) {
        if TRACKS.contains(&block.track) {
            if block.track == Track::Stage {
                self.size = size_of(&block.data).or(self.size);
            }
            self.steady.push(block.clone());
        }
    }

    /// Tells what is whole at that time.
    pub fn advance(&mut self, now: u64) {
        for block in self.steady.advance(now) {
            if block.track == Track::Voice {
                self.sound.push(block.clone());
            }
            self.muxer.push(block);
        }
        for chunk in self.sound.advance(now) {
            let piece = Piece { time: chunk.time, bytes: Bytes::from(chunk.bytes) };
            self.last_heard = Some(piece.clone());
            // Nobody may be listening.
            let _ = self.heard.send(piece);
        }
        for chunk in self.muxer.advance(now) {
            // A picture begins with a keyframe, and ends where none stays.
            if chunk.keyframe && !self.shows {
                self.turn(true);
            } else if self.shows && !self.steady.shows() && !is_seen(&chunk.bytes) {
                self.turn(false);
            }
            // Sound can be begun anywhere.
            if chunk.keyframe || !self.shows || self.recent.len() == KEPT {
                self.recent.clear();
            }
            let piece = Piece { time: chunk.time, bytes: Bytes::from(chunk.bytes) };
            self.weights.push_back((piece.time, piece.bytes.len()));
            while self.weights.pop_front_if(|(time, _)| *time + LATELY < piece.time).is_some() {}
            self.recent.push_back(piece.clone());
            // Nobody may be watching.
            let _ = self.told.send(piece);
        }
    }

    /// Everybody begins anew, with a picture or without.
    fn turn(&mut self, shows: bool) {
        self.shows = shows;
        self.recent.clear();
        self.weights.clear();
        (self.told, _) = broadcast::channel(WAITING);
        (self.heard, _) = broadcast::channel(WAITING);
    }
}

/// Whether there is a picture in a cluster.
fn is_seen(bytes: &[u8]) -> bool {
    let stage = u64::from(Track::Stage.number());
    cluster(bytes).is_some_and(|blocks| blocks.iter().any(|block| block.track == stage))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::webinar::recording::read::clusters;

    fn block(track: Track, time: u64, keyframe: bool) -> Block {
        let data = if keyframe { vec![0x10, 0, 0, 0x9d, 1, 0x2a, 64, 1, 180, 0, 0] } else { vec![1; 9] };
        Block { track, time, keyframe, data }
    }

    /// So many milliseconds of pictures with a keyframe each two seconds, and sound.
    fn play(live: &mut Live, from: u64, to: u64) {
        for time in (from..to).step_by(20) {
            if time % 100 == 0 {
                live.take(&block(Track::Stage, time, time % 2000 == 0));
            }
            live.take(&block(Track::Voice, time, true));
            live.advance(time);
        }
    }

    #[test]
    fn whoever_comes_late_begins_at_the_last_keyframe_and_follows_closely() {
        let mut live = Live::new(0);
        play(&mut live, 100, 5200);
        let mut watching = live.watch(Edition::Whole);
        play(&mut live, 5200, 6200);
        let mut file = watching.head.to_vec();
        watching.recent.iter().for_each(|piece| file.extend_from_slice(&piece.bytes));
        let recent = file.len();
        while let Ok(piece) = watching.coming.try_recv() {
            file.extend_from_slice(&piece.bytes);
        }
        let blocks: Vec<_> = clusters(&file).flat_map(|(_, whole)| cluster(whole).expect("in order")).collect();
        assert_eq!((blocks[0].track, blocks[0].time, blocks[0].keyframe), (1, 4000, true));
        assert!(blocks.is_sorted_by_key(|block| block.time));
        assert!(file.len() > recent, "what came since was told");
        assert!(blocks.last().expect("some").time >= 5100, "no more than a second and a bit behind");
    }

    #[test]
    fn sound_is_told_alone_until_there_is_a_picture_and_then_everybody_begins_anew() {
        let mut live = Live::new(0);
        live.take(&block(Track::Stage, 0, false));
        live.take(&block(Track::Camera, 0, true));
        let mut watching = live.watch(Edition::Whole);
        assert!(live.is_watched() && !watching.shows);
        for time in (0..3_000).step_by(100) {
            live.advance(time);
        }
        let silence = watching.coming.try_recv().expect("silence");
        assert!(cluster(&silence.bytes).expect("in order").iter().all(|block| block.track == 3));
        live.take(&block(Track::Stage, 3_000, true));
        live.advance(5_000);
        while watching.coming.try_recv().is_ok() {}
        assert_eq!(watching.coming.try_recv().err(), Some(broadcast::error::TryRecvError::Closed));
        let seeing = live.watch(Edition::Whole);
        assert!(seeing.shows);
        let blocks = cluster(&seeing.recent[0].bytes).expect("in order");
        assert!(blocks[0].track == 1 && blocks[0].keyframe);
    }

    #[test]
    fn who_asks_for_sound_alone_is_told_nothing_else_and_what_the_rest_would_weigh() {
        let mut live = Live::new(0);
        assert_eq!(live.watch(Edition::Sound).picture, None, "there is no picture");
        play(&mut live, 0, 6_000);
        let mut watching = live.watch(Edition::Sound);
        assert!(live.is_watched() && !watching.shows);
        assert!(watching.picture.is_some_and(|rate| rate > 0.0), "{:?}", watching.picture);
        play(&mut live, 6_000, 9_000);
        let mut times = Vec::new();
        while let Ok(piece) = watching.coming.try_recv() {
            let blocks = cluster(&piece.bytes).expect("in order");
            assert!(blocks.iter().all(|block| block.track == 3));
            times.extend(blocks.iter().map(|block| block.time));
        }
        assert!(times.len() > 100 && times.windows(2).all(|pair| pair[1] - pair[0] <= 30), "{times:?}");
    }

    #[test]
    fn who_is_too_slow_is_told() {
        let mut live = Live::new(0);
        play(&mut live, 0, 1000);
        let mut watching = live.watch(Edition::Whole);
        play(&mut live, 1000, 60_000);
        assert!(matches!(
            watching.coming.try_recv(),
            Err(broadcast::error::TryRecvError::Closed | broadcast::error::TryRecvError::Lagged(_))
        ));
        drop(watching);
        assert!(!live.is_watched());
    }
}
