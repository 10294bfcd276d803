//! Values, and laws that hold whatever is recorded.

use super::clock::{Clock, Report, Stream};
use super::ebml::{Begin, put, put_size, put_void};
use super::head::INDEX_ROOM;
use super::read::{cluster, clusters};
use super::scene::{Scene, Source};
use super::survey::Survey;
use super::voice::Voices;
use super::{Block, Chunk, HEAD_ROOM, Head, Layout, Muxer, Track, key_at, size_of, webp};
use proptest::prelude::*;

const BEGAN: i64 = 1_796_000_000_000;

fn head() -> Vec<u8> {
    Head { tracks: &Track::ALL, began: BEGAN, size: None, completed: true }.write()
}

/// A keyframe of VP8 of that size begins with these bytes.
fn keyframe(width: u16, height: u16) -> Vec<u8> {
    let (w, h) = (width.to_le_bytes(), height.to_le_bytes());
    vec![0x10, 0, 0, 0x9d, 0x01, 0x2a, w[0], w[1], h[0], h[1], 7]
}

fn block(track: Track, time: u64, keyframe: bool, data: Vec<u8>) -> Block {
    Block { track, time, keyframe, data }
}

/// Ten seconds: pictures of 10 a second with a keyframe every two, sound of 50 a second, an event a second.
fn written() -> Vec<Chunk> {
    let mut muxer = Muxer::new(Track::Stage, 0);
    let mut chunks = Vec::new();
    for time in (0..10_000).step_by(20) {
        if time % 100 == 0 {
            let key = time % 2000 == 0;
            let data = if key { keyframe(1280, 720) } else { vec![1, 2, 3] };
            muxer.push(block(Track::Stage, time, key, data.clone()));
            muxer.push(block(Track::Camera, time, key, data));
        }
        if time % 1000 == 0 {
            muxer.push(block(Track::Events, time, true, format!("{{\"seq\":{time}}}").into_bytes()));
        }
        muxer.push(block(Track::Voice, time, true, vec![0xfc; 60]));
        chunks.extend(muxer.advance(time));
    }
    chunks.extend(muxer.finish());
    chunks
}

fn file(chunks: &[Chunk]) -> Vec<u8> {
    chunks.iter().fold(head(), |mut file, chunk| {
        file.extend_from_slice(&chunk.bytes);
        file
    })
}

/// Repairs a file as the server does: keeps its whole clusters, fills in its head.
fn completed(mut bytes: Vec<u8>) -> (Vec<u8>, Survey) {
    let layout = Layout::read(&bytes).expect("a head");
    let (mut survey, mut end) = (Survey::default(), layout.end);
    for (place, whole) in clusters(&bytes) {
        survey.take(place as u64, &cluster(whole).expect("in order"), Track::Stage);
        end = place + whole.len();
    }
    bytes.truncate(end);
    for (at, patch) in survey.complete(&layout, end as u64) {
        let at = usize::try_from(at).unwrap();
        bytes[at..at + patch.len()].copy_from_slice(&patch);
    }
    (bytes, survey)
}

/// Time, and place, of each keyframe as the index tells it, read with nothing but the rules of the format.
fn index(bytes: &[u8]) -> Vec<(u64, usize)> {
    let layout = Layout::read(bytes).expect("a head");
    let cues = super::ebml::children(&bytes[layout.data..]).find(|(id, ..)| *id == super::ebml::id::CUES);
    let (_, _, cues) = cues.expect("an index");
    let number = |content| super::ebml::number(content).unwrap();
    super::ebml::children(cues)
        .map(|(_, _, point)| {
            let inside: Vec<_> = super::ebml::children(point).collect();
            let place = super::ebml::children(inside[1].2).nth(1).expect("a place").2;
            (number(inside[0].2), layout.data + usize::try_from(number(place)).unwrap())
        })
        .collect()
}

#[test]
fn sizes_are_written_as_the_format_says() {
    for (size, bytes) in [(0, &[0x80][..]), (126, &[0xfe]), (127, &[0x40, 0x7f]), (16_382, &[0x7f, 0xfe])] {
        let mut out = Vec::new();
        put_size(&mut out, size);
        assert_eq!(out, bytes, "{size}");
    }
    let mut void = Vec::new();
    put_void(&mut void, 40);
    assert_eq!((void.len(), Begin::read(&void)), (40, Some(Begin { id: 0xec, length: 9, size: Some(31) })));
    let mut element = Vec::new();
    put(&mut element, 0x002a_d7b1, &[9]);
    assert_eq!(element, [0x2a, 0xd7, 0xb1, 0x81, 9]);
}

#[test]
fn a_keyframe_tells_how_large_it_is() {
    assert_eq!(size_of(&keyframe(1920, 1080)), Some((1920, 1080)));
    assert_eq!(size_of(&[0x11, 0, 0, 0x9d, 0x01, 0x2a, 1, 1, 1, 1, 1]), None, "not a keyframe");
    assert_eq!(size_of(&keyframe(16, 16)[..9]), None);
}

#[test]
fn a_keyframe_is_a_picture_of_webp_and_what_is_none_is_not() {
    let odd = keyframe(1280, 720);
    let picture = webp(&odd).expect("a picture");
    assert_eq!(picture, [b"RIFF\x18\0\0\0WEBPVP8 \x0b\0\0\0", &odd[..], &[0]].concat());
    assert_eq!(webp(&[1, 2, 3]), None);
}

#[test]
fn the_index_tells_where_the_picture_of_a_moment_begins() {
    let (bytes, _) = completed(file(&written()));
    let head = &bytes[..HEAD_ROOM];
    for (time, key) in [(0, 0), (1999, 0), (2000, 2000), (7_500, 6000), (u64::MAX, 8000)] {
        let place = usize::try_from(key_at(head, time).expect("a place")).unwrap();
        let (_, whole) = clusters(&bytes).find(|(at, _)| *at == place).expect("a cluster");
        let blocks = cluster(whole).expect("in order");
        assert_eq!((blocks[0].time, blocks[0].keyframe, blocks[0].track), (key, true, 1), "at {time}");
    }
    assert_eq!(key_at(&file(&written())[..HEAD_ROOM], 0), None, "it is not over");
    assert_eq!(key_at(&bytes[..100], 0), None);
}

#[test]
fn clusters_are_short_begin_at_keyframes_and_hold_blocks_in_order() {
    let chunks = written();
    let firsts: Vec<u64> = chunks.iter().filter(|chunk| chunk.keyframe).map(|chunk| chunk.time).collect();
    assert_eq!(firsts, [0, 2000, 4000, 6000, 8000]);
    for chunk in &chunks {
        let blocks = cluster(&chunk.bytes).expect("in order");
        assert!(blocks.iter().all(|block| block.time - chunk.time < 500), "at {}", chunk.time);
        assert!(blocks.is_sorted_by_key(|block| block.time));
        assert!(blocks.iter().skip(1).all(|block| block.track != 1 || !block.keyframe), "a keyframe begins a cluster");
    }
}

#[test]
fn a_block_is_written_as_the_format_says() {
    let mut muxer = Muxer::new(Track::Stage, 0);
    muxer.push(block(Track::Stage, 1000, true, vec![5, 6]));
    muxer.push(block(Track::Voice, 1007, true, vec![9]));
    let [chunk] = &muxer.finish()[..] else { panic!("one cluster") };
    let timestamp = [0xe7, 0x82, 0x03, 0xe8];
    let (picture, sound) = ([0xa3, 0x86, 0x81, 0, 0, 0x80, 5, 6], [0xa3, 0x85, 0x83, 0, 7, 0x80, 9]);
    let content = [&timestamp[..], &picture, &sound].concat();
    assert_eq!(chunk.bytes, [&[0x1f, 0x43, 0xb6, 0x75, 0x80 | 0x13][..], &content].concat());
}

#[test]
fn cut_at_any_byte_a_file_keeps_what_was_whole_and_is_completed_the_same_twice() {
    let chunks = written();
    let whole = file(&chunks);
    let begins = whole.len() - chunks.iter().map(|chunk| chunk.bytes.len()).sum::<usize>();
    for cut in begins..=whole.len() {
        let mut kept = begins;
        let count = chunks.iter().take_while(|chunk| {
            kept += chunk.bytes.len();
            kept <= cut
        });
        let count = count.count();
        assert_eq!(clusters(&whole[..cut]).count(), count, "cut at {cut}");
        // Completing each of thousands would take long and tell no more.
        if cut % 97 == 0 {
            let (once, survey) = completed(whole[..cut].to_vec());
            assert_eq!(once.len(), begins + chunks[..count].iter().map(|chunk| chunk.bytes.len()).sum::<usize>());
            assert_eq!(completed(once.clone()).0, once);
            for (time, place) in index(&once) {
                let blocks = cluster(&once[place..]).expect("a cluster begins there");
                assert_eq!((blocks[0].track, blocks[0].time, blocks[0].keyframe), (1, time, true));
            }
            let last = chunks[..count].last().map_or(0, |chunk| chunk.time);
            assert!(survey.is_empty() || survey.length() >= last);
        }
    }
}

#[test]
fn a_completed_head_says_how_long_how_large_and_where_keyframes_are() {
    let (bytes, survey) = completed(file(&written()));
    assert_eq!((survey.length(), survey.has(Track::Camera)), (10_000, true));
    assert_eq!(index(&bytes).iter().map(|(time, _)| *time).collect::<Vec<_>>(), [0, 2000, 4000, 6000, 8000]);
    let layout = Layout::read(&bytes).unwrap();
    assert_eq!(Begin::read(&bytes[layout.data - 12..]).unwrap().size, Some((bytes.len() - layout.data) as u64));
    let says = |part: &[u8]| bytes[..layout.end].windows(part.len()).any(|window| window == part);
    assert!(says(&[&[0x44, 0x89, 0x88][..], &10_000_f64.to_be_bytes()].concat()), "the duration");
    assert!(says(&[0xb0, 0x82, 0x05, 0x00, 0xba, 0x82, 0x02, 0xd0]), "1280 by 720");
}

/// Found by fuzzing (`films`): a head that nobody would complete, whose clusters would be written over.
#[test]
fn a_head_without_room_for_an_index_keeps_its_clusters() {
    let mut bytes = Head { tracks: &[Track::Stage], began: 0, size: None, completed: false }.write();
    for chunk in written() {
        bytes.extend(chunk.bytes);
    }
    let (whole, _) = completed(bytes.clone());
    let end = Layout::read(&bytes).unwrap().end;
    assert_eq!(whole[end..], bytes[end..]);
}

/// Found by fuzzing (`films`).
#[test]
fn a_head_ends_where_the_last_of_its_parts_does() {
    let mut bytes = head();
    let (begin, end) = (Layout::read(&bytes).unwrap().data + INDEX_ROOM, bytes.len());
    let (_, tracks, _) = super::ebml::children(&bytes[begin..]).nth(1).unwrap();
    // Its tracks come first: their element begins some bytes before its content.
    let tracks = (begin..begin + tracks).rev().find(|at| bytes[*at..].starts_with(&[0x16, 0x54, 0xae, 0x6b])).unwrap();
    bytes[begin..].rotate_left(tracks - begin);
    assert_eq!(Layout::read(&bytes).unwrap().end, end);
}

#[test]
fn an_index_of_too_many_keyframes_is_thinned_to_its_room() {
    let layout = Layout::read(&head()).unwrap();
    let keys: Vec<_> = (0..100_000).map(|n| (n * 500, 70_000 + n * 40_000)).collect();
    let patches = layout.complete(50_000_000, &[], &keys, 5_000_000_000);
    let (at, index) = patches.last().unwrap();
    assert_eq!((*at, index.len()), (layout.data as u64, INDEX_ROOM));
}

#[test]
fn picture_and_sound_of_one_browser_agree_by_its_own_hour() {
    let (mut clock, mut picture, mut sound) = (Clock::default(), Stream::default(), Stream::default());
    let hour = 3_000_000_000_u64 << 32;
    let report = |timestamp| Some(Report { ntp: hour, timestamp });
    // A sound and a picture of the same instant; the picture took 80 ms longer.
    let heard = clock.time(&mut sound, 48_000, 4800, report(0), 1000);
    let seen = clock.time(&mut picture, 90_000, 9000, report(0), 1080);
    assert_eq!((heard, seen), (1000, 1000));
    // A packet that was late does not move what comes after it.
    assert_eq!(clock.time(&mut sound, 48_000, 9600, report(0), 1400), 1100);
    // A clock that jumped by an hour is taken as a new one.
    assert_eq!(clock.time(&mut sound, 48_000, 48_000 * 3600, report(0), 2000), 2000);
}

#[test]
fn numbers_go_on_where_they_turn() {
    let (mut clock, mut stream) = (Clock::default(), Stream::default());
    assert_eq!(clock.time(&mut stream, 90_000, u32::MAX - 8999, None, 500), 500);
    assert_eq!(clock.time(&mut stream, 90_000, 0, None, 650), 600);
}

#[test]
fn who_speaks_is_heard_and_a_cough_takes_no_floor() {
    let mut voices = Voices::<8>::default();
    assert!(voices.hears(1, 0, Some(20), 80));
    assert!(!voices.hears(2, 10, Some(90), 80), "silence");
    for time in (20..1000).step_by(20) {
        assert!(voices.hears(1, time, Some(20), 80));
        assert!(!voices.hears(2, time, Some(25), 80), "as loud, but second");
    }
    for time in (1000..1300).step_by(20) {
        voices.hears(1, time, Some(120), 80);
    }
    assert!(voices.hears(2, 1300, Some(30), 80), "the first is silent");
    assert!(!voices.hears(1, 1310, Some(30), 80));
    voices.leave(2);
    assert!(voices.hears(1, 1320, None, 3), "nobody else is there");
}

#[test]
fn the_screen_takes_the_stage_at_its_keyframe_and_the_camera_goes_beside_at_its_own() {
    let (screen, camera) = (Source::Screen, Source::Camera);
    let mut scene = Scene::default();
    assert_eq!(scene.track(camera, false), None, "nothing before a keyframe");
    assert_eq!(scene.track(camera, true), Some(Track::Stage));
    assert!(scene.share(true) && !scene.share(true));
    assert_eq!(scene.track(camera, false), Some(Track::Stage), "the screen has not come yet");
    assert_eq!(scene.track(screen, false), None);
    assert_eq!(scene.track(screen, true), Some(Track::Stage));
    assert_eq!(scene.track(camera, false), None, "beside, it begins at a keyframe");
    assert_eq!(scene.track(camera, true), Some(Track::Camera));
    assert!(scene.share(false));
    assert_eq!(scene.track(camera, false), None, "on the stage, too");
    assert_eq!(scene.track(camera, true), Some(Track::Stage));
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let one = (0..4_usize, 0..3000_u64, any::<bool>(), prop::collection::vec(any::<u8>(), 1..200));
    let one = one.prop_map(|(track, time, keyframe, data)| Block { track: Track::ALL[track], time, keyframe, data });
    prop::collection::vec(one, 0..80)
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_again_each_track_in_its_order(blocks in blocks(), every in 1..50_usize) {
        let mut muxer = Muxer::new(Track::Stage, 0);
        let mut chunks = Vec::new();
        for (place, block) in blocks.iter().enumerate() {
            muxer.push(block.clone());
            if place % every == 0 {
                chunks.extend(muxer.advance(block.time));
            }
        }
        chunks.extend(muxer.finish());
        let bytes = file(&chunks);
        let read: Vec<_> = clusters(&bytes).map(|(_, whole)| cluster(whole).expect("in order")).collect();
        prop_assert_eq!(read.len(), chunks.len());
        for track in Track::ALL {
            let told = |block: &&super::read::Told| block.track == u64::from(track.number());
            let got: Vec<_> = read.iter().flatten().filter(told).collect();
            let put: Vec<_> = blocks.iter().filter(|block| block.track == track).collect();
            prop_assert_eq!(got.len(), put.len());
            for (got, put) in got.iter().zip(&put) {
                prop_assert!(got.data.ends_with(&put.data) && got.time >= put.time);
            }
            prop_assert!(got.windows(2).all(|pair| pair[0].time < pair[1].time));
        }
        prop_assert!(read.iter().all(|blocks| blocks.is_sorted_by_key(|block| block.time)));
    }

    #[test]
    fn nothing_that_is_read_is_trusted(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..2000_usize) {
        let _ = (cluster(&bytes), Layout::read(&bytes), clusters(&bytes).count());
        let mut spoilt = file(&written()[..3]);
        let from = spoilt.len() - 1 - at % 1500;
        for (place, byte) in bytes.iter().enumerate().take(4) {
            if let Some(slot) = spoilt.get_mut(from + place) {
                *slot = *byte;
            }
        }
        for (_, whole) in clusters(&spoilt) {
            let _ = cluster(whole);
        }
    }
}
