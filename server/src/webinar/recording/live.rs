//! What is recorded, as it comes: for those whose network lets nothing else through, the same file in small pieces.

use axum::body::Bytes;
use domain::webinar::recording::{Block, Head, Muxer, Track, size_of};
use std::collections::VecDeque;
use tokio::sync::broadcast;

/// The tracks of what is told live: the stage, and who speaks.
const TRACKS: [Track; 2] = [Track::Stage, Track::Voice];
/// Pieces that wait for whoever is slow: half a minute. Beyond that it begins anew at the last keyframe.
const WAITING: usize = 64;
/// Pieces that are kept for whoever comes, where no keyframe comes for long.
const KEPT: usize = 120;

/// What somebody who comes is given.
#[derive(Debug)]
pub struct Watching {
    /// The head of the file, first of all (the initialisation segment of Media Source Extensions).
    pub head: Bytes,
    /// What came since the last keyframe, in order.
    pub recent: Vec<Bytes>,
    /// What comes from then on. Whoever lags too far behind is told so, and subscribes anew.
    pub coming: broadcast::Receiver<Bytes>,
}

/// The pieces of one room.
#[derive(Debug)]
pub struct Live {
    began: i64,
    muxer: Muxer,
    size: Option<(u16, u16)>,
    /// A picture that can be seen has come.
    shows: bool,
    recent: VecDeque<Bytes>,
    told: broadcast::Sender<Bytes>,
}

impl Live {
    pub fn new(began: i64) -> Self {
        let (told, _) = broadcast::channel(WAITING);
        Self { began, muxer: Muxer::new(Track::Stage, 0), size: None, shows: false, recent: VecDeque::new(), told }
    }

    /// Whether anybody watches.
    pub fn is_watched(&self) -> bool {
        self.told.receiver_count() > 0
    }

    pub fn watch(&self) -> Watching {
        let head = Head { tracks: &TRACKS, began: self.began, size: self.size, completed: false }.write();
        Watching { head: head.into(), recent: self.recent.iter().cloned().collect(), coming: self.told.subscribe() }
    }

    /// Takes a block that comes.
    pub fn take(&mut self, block: &Block) {
        if !TRACKS.contains(&block.track) {
            return;
        }
        if block.track == Track::Stage {
            self.shows |= block.keyframe;
            self.size = size_of(&block.data).or(self.size);
            if !self.shows {
                return;
            }
        }
        self.muxer.push(block.clone());
    }

    /// Tells what is whole at that time.
    pub fn advance(&mut self, now: u64) {
        for chunk in self.muxer.advance(now) {
            let bytes = Bytes::from(chunk.bytes);
            if chunk.keyframe || self.recent.len() == KEPT {
                self.recent.clear();
            }
            self.recent.push_back(bytes.clone());
            // Nobody may be watching.
            let _ = self.told.send(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::webinar::recording::read::{cluster, clusters};

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
        let mut watching = live.watch();
        play(&mut live, 5200, 6200);
        let mut file = watching.head.to_vec();
        watching.recent.iter().for_each(|piece| file.extend_from_slice(piece));
        let recent = file.len();
        while let Ok(piece) = watching.coming.try_recv() {
            file.extend_from_slice(&piece);
        }
        let blocks: Vec<_> = clusters(&file).flat_map(|(_, whole)| cluster(whole).expect("in order")).collect();
        assert_eq!((blocks[0].track, blocks[0].time, blocks[0].keyframe), (1, 4000, true));
        assert!(blocks.is_sorted_by_key(|block| block.time));
        assert!(file.len() > recent, "what came since was told");
        assert!(blocks.last().expect("some").time >= 5100, "no more than a second and a bit behind");
    }

    #[test]
    fn nothing_is_shown_before_a_keyframe_and_who_is_too_slow_is_told() {
        let mut live = Live::new(0);
        live.take(&block(Track::Stage, 0, false));
        live.take(&block(Track::Camera, 0, true));
        let mut watching = live.watch();
        assert!(live.is_watched());
        play(&mut live, 20, 1000);
        assert!(watching.recent.is_empty());
        play(&mut live, 1000, 60_000);
        assert!(matches!(watching.coming.try_recv(), Err(broadcast::error::TryRecvError::Lagged(_))));
        drop(watching);
        assert!(!live.is_watched());
    }
}
