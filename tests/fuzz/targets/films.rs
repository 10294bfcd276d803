//! Any bytes as a recording that something cut or damaged: read as far as it is in order, and its head filled in within its
//! own bounds, which leads to its own clusters. And as frames in any order: what is written is read again, whole, in the order of time.
#![no_main]

use domain::webinar::recording::read::{cluster, clusters};
use domain::webinar::recording::survey::Survey;
use domain::webinar::recording::{Block, Head, Layout, Muxer, Track, key_at, webp};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut survey = Survey::default();
    let mut places = Vec::new();
    for (place, whole) in clusters(bytes) {
        let Some(blocks) = cluster(whole) else { break };
        survey.take(place as u64, &blocks, Track::Stage);
        places.push(place as u64);
    }
    if let Some(layout) = Layout::read(bytes) {
        let mut completed = bytes.to_vec();
        for (at, patch) in survey.complete(&layout, bytes.len() as u64) {
            let (from, to) = (at as usize, at as usize + patch.len());
            assert!(to <= layout.end, "past the head");
            completed[from..to].copy_from_slice(&patch);
        }
        for time in [0, 1_000, u64::MAX] {
            // An index that was there before is whoever's.
            if let (None, Some(place)) = (key_at(bytes, time), key_at(&completed, time)) {
                assert!(places.contains(&place), "{place} of {places:?}");
            }
        }
    }
    if let Some(picture) = webp(bytes) {
        assert!(picture.starts_with(b"RIFF") && picture.len().is_multiple_of(2), "a whole picture");
        assert_eq!(picture[4..8], u32::try_from(picture.len() - 8).expect("short").to_le_bytes(), "its length");
    }

    let mut muxer = Muxer::new(Track::Stage, 0);
    let mut file = Head { tracks: &Track::ALL, began: 0, size: None, completed: true }.write();
    let (mut pushed, mut now) = (0, 0);
    for [kind, time, length] in bytes.as_chunks().0.iter().take(1_000) {
        let track = Track::ALL[usize::from(kind & 3) % Track::ALL.len()];
        now += u64::from(time & 63);
        let late = u64::from(time >> 6) * 40;
        let data = vec![*kind; usize::from(*length)];
        muxer.push(Block { track, time: now.saturating_sub(late), keyframe: kind & 4 != 0, data });
        pushed += 1;
        muxer.advance(now).into_iter().for_each(|chunk| file.extend(chunk.bytes));
    }
    muxer.finish().into_iter().for_each(|chunk| file.extend(chunk.bytes));
    let (mut read, mut last) = (0, [0; 256]);
    for (_, whole) in clusters(&file) {
        for told in cluster(whole).expect("what was written is in order") {
            let last = &mut last[told.track as usize];
            assert!(told.time >= *last, "{} after {last}", told.time);
            *last = told.time;
            read += 1;
        }
    }
    assert_eq!(read, pushed, "nothing is lost");
});
