//! Any bytes as a recording that something cut or damaged: read as far as it is in order, and its head filled in within its
//! own bounds. And as frames in any order: what is written is read again, whole, in the order of time.
#![no_main]

use domain::webinar::recording::read::{cluster, clusters};
use domain::webinar::recording::survey::Survey;
use domain::webinar::recording::{Block, Head, Layout, Muxer, Track};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut survey = Survey::default();
    for (place, whole) in clusters(bytes) {
        let Some(blocks) = cluster(whole) else { break };
        survey.take(place as u64, &blocks, Track::Stage);
    }
    if let Some(layout) = Layout::read(bytes) {
        for (at, patch) in survey.complete(&layout, bytes.len() as u64) {
            assert!(at + patch.len() as u64 <= layout.end as u64, "past the head");
        }
    }

    let mut muxer = Muxer::new(Track::Stage, 0);
    let mut file = Head { tracks: &Track::ALL, began: 0, size: None, completed: true }.write();
    let (mut pushed, mut now) = (0, 0);
    for [kind, time, length] in bytes.as_chunks().0 {
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
