//! Real pictures and real sound (VP8 and Opus, made by FFmpeg), sent as browsers send them; and what FFmpeg says of a file.

use crate::peer::Peer;
use domain::webinar::recording::read::{Told, cluster, clusters};
use domain::webinar::recording::{Block, Track};
use server::webinar::media::Kind;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::Instant;

/// What a packet carries of a picture, at most (RFC 7741).
const PIECE: usize = 1100;

/// One frame of a picture, or one packet of sound.
#[derive(Debug, Clone)]
pub struct Frame {
    pub is_picture: bool,
    /// Milliseconds from the beginning.
    pub time: u64,
    pub data: Vec<u8>,
}

/// Ten seconds of a moving picture with a keyframe each second, and of a tone: in the order of their times.
pub fn footage() -> &'static [Frame] {
    static MADE: OnceLock<Vec<Frame>> = OnceLock::new();
    MADE.get_or_init(|| {
        let blocks = filmed("testsrc2=size=320x180:rate=10", 10, &["-g", "10", "-b:v", "200k"]);
        let frame = |Block { track, time, data, .. }| Frame { is_picture: track == Track::Stage, time, data };
        let frames: Vec<_> = blocks.into_iter().map(frame).collect();
        assert!(frames.iter().filter(|frame| frame.is_picture).count() >= 99, "pictures were read");
        frames
    })
}

/// So many seconds of what FFmpeg draws, coded as it is told, and of a tone: in the order of their times.
pub fn filmed(picture: &str, seconds: u32, coded: &[&str]) -> Vec<Block> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("footage.webm");
    let picture = format!("{picture}:duration={seconds}");
    let sound = format!("sine=frequency=440:sample_rate=48000:duration={seconds}");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound])
        .args([
            "-c:v",
            "libvpx",
            "-deadline",
            "realtime",
            "-cpu-used",
            "8",
            "-auto-alt-ref",
            "0",
            "-lag-in-frames",
            "0",
        ])
        .args(coded)
        .args(["-c:a", "libopus", "-b:a", "32k"])
        .arg(&file)
        .status()
        .expect("FFmpeg: tests/setup.sh installs it");
    assert!(made.success(), "FFmpeg makes the footage");
    let bytes = std::fs::read(&file).expect("made");
    let block = |told: Told<'_>| {
        let track = if told.track == 1 { Track::Stage } else { Track::Voice };
        Block { track, time: told.time, keyframe: told.keyframe, data: told.data.to_vec() }
    };
    let told = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).expect("well-formed"));
    let mut blocks: Vec<_> = told.map(block).collect();
    blocks.sort_by_key(|block| (block.time, block.track));
    blocks
}

/// Sends the footage over and over as that picture, and with its sound where there is to be one, until it is dropped.
pub struct Playing(tokio::task::JoinHandle<()>);

impl Playing {
    /// Begins to play.
    pub fn start(peer: std::sync::Arc<Peer>, picture: Kind, sound: Option<Kind>) -> Self {
        Self(tokio::spawn(async move {
            // Made before time runs: else its first second goes at once.
            let footage = footage();
            let began = Instant::now();
            let (mut pictures, mut sounds) = (1000_u32, 1000_u32);
            for turn in 0.. {
                for frame in footage {
                    let time = turn * 10_000 + frame.time;
                    tokio::time::sleep_until(began + Duration::from_millis(time)).await;
                    let ticks = |rate: u64| u32::try_from((time * rate / 1000) & 0xffff_ffff).expect("32 bits");
                    if frame.is_picture {
                        let pieces = frame.data.chunks(PIECE).count();
                        for (place, piece) in frame.data.chunks(PIECE).enumerate() {
                            // The first packet says that a partition begins there.
                            let payload = [&[if place == 0 { 0x10 } else { 0 }], piece].concat();
                            let last = place + 1 == pieces;
                            peer.send_packet(picture, (pictures, ticks(90_000)), last, payload).await;
                            pictures += 1;
                        }
                    } else if let Some(sound) = sound {
                        peer.send_packet(sound, (sounds, ticks(48_000)), false, frame.data.clone()).await;
                        sounds += 1;
                    }
                }
            }
        }))
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What FFmpeg says of a file when it decodes it to its end: nothing where all is well.
pub fn decoded(file: &Path) -> String {
    let said = Command::new("ffmpeg")
        .args(["-v", "error", "-xerror", "-i"])
        .arg(file)
        // Times are those of the file: at a rate of pictures that FFmpeg guesses, two may fall together.
        .args(["-map", "0:v", "-map", "0:a?", "-fps_mode", "passthrough", "-enc_time_base:v", "-1", "-f", "null", "-"])
        .output()
        .expect("FFmpeg: tests/setup.sh installs it");
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    if said.status.success() { words } else { format!("{}: {words}", said.status) }
}

/// What ffprobe says of a file: its format and its streams.
pub fn probed(file: &Path) -> serde_json::Value {
    let said = Command::new("ffprobe")
        .args(["-v", "error", "-show_format", "-show_streams", "-of", "json"])
        .arg(file)
        .output()
        .expect("ffprobe: tests/setup.sh installs it");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("JSON")
}
