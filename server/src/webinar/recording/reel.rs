//! What comes from a room, made into what its recording is a sequence of: blocks of its tracks, on one clock.

use crate::webinar::media::stage::SEATS;
use crate::webinar::media::{Frame, Heard, Origin, PeerId};
use domain::webinar::recording::clock::{Clock, Report, Stream};
use domain::webinar::recording::scene::{Scene, Source};
use domain::webinar::recording::voice::Voices;
use domain::webinar::recording::{Block, Track};
use std::collections::HashMap;
use std::time::Instant;

/// Streams that are known of at once: each browser that sends has a few, and begins anew at times.
const STREAMS: usize = 256;

/// The clock, and who is seen and heard.
#[derive(Debug)]
pub struct Reel {
    /// The instant of time zero.
    zero: Instant,
    scene: Scene,
    voices: Voices<SEATS>,
    clocks: HashMap<PeerId, Clock>,
    streams: HashMap<(PeerId, u32), Stream>,
}

impl Reel {
    pub fn new(zero: Instant) -> Self {
        Self {
            zero,
            scene: Scene::default(),
            voices: Voices::default(),
            clocks: HashMap::new(),
            streams: HashMap::new(),
        }
    }

    /// Milliseconds from time zero to that instant.
    pub fn time(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.zero).as_millis()).unwrap_or(u64::MAX)
    }

    /// Takes what came; gives what is to be kept of it.
    pub fn take(&mut self, heard: Heard) -> Option<Block> {
        match heard {
            Heard::Shared(shared) => {
                self.scene.share(shared);
                None
            }
            Heard::Silent(seat) => {
                self.voices.leave(seat);
                None
            }
            Heard::Frame(frame) => self.frame(frame),
        }
    }

    fn frame(&mut self, frame: Frame) -> Option<Block> {
        let came = self.time(frame.at);
        let track = match frame.origin {
            Origin::Screen => self.scene.track(Source::Screen, frame.keyframe),
            Origin::Camera => self.scene.track(Source::Camera, frame.keyframe),
            Origin::Sound(seat) => self.voices.hears(seat, came, frame.level, frame.data.len()).then_some(Track::Voice),
        }?;
        if self.streams.len() > STREAMS {
            self.streams.clear();
            self.clocks.clear();
        }
        let clock = self.clocks.entry(frame.peer).or_default();
        let stream = self.streams.entry((frame.peer, frame.ssrc)).or_default();
        let report = frame.report.map(|report| Report { ntp: report.ntp, timestamp: report.timestamp });
        let came = i64::try_from(came).unwrap_or(i64::MAX);
        let time = clock.time(stream, frame.clock, frame.timestamp, report, came);
        let time = u64::try_from(time).unwrap_or_default();
        Some(Block { track, time, keyframe: frame.keyframe, data: frame.data })
    }
}
