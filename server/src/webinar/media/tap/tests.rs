//! A recorder's ear, with packets made by hand.

use super::*;
use crate::webinar::media::codec::Codec;
use crate::webinar::media::picture::Descriptor;
use crate::webinar::media::ring::Arrival;
use uuid::Uuid;

const PEER: PeerId = PeerId(Uuid::from_u128(7));

struct Scene {
    sources: [Option<Source>; SEATS],
    tap: Tap,
    heard: mpsc::Receiver<Heard>,
    counts: Counts,
    began: Instant,
}

impl Scene {
    #[expect(clippy::disallowed_methods, reason = "any instant will do")]
    fn new(waiting: usize) -> Self {
        let (out, heard) = mpsc::channel(waiting);
        let mut sources = [const { None }; SEATS];
        sources[1] = Some(Source::new(PEER, 1));
        Self { sources, tap: Tap::new(out), heard, counts: Counts::default(), began: Instant::now() }
    }

    /// A packet of a picture: its first or not, its last or not; its bytes are its sequence number.
    fn picture(&mut self, sequence: u16, timestamp: u32, (begins, keyframe, marker): (bool, bool, bool), ms: u64) {
        let payload = [if begins { 0x10 } else { 0 }, u8::from(!keyframe), sequence.to_be_bytes()[1]];
        let picture = Descriptor::read(Codec::Vp8, &payload);
        let at = self.began + Duration::from_millis(ms);
        let track = self.sources[1].as_mut().unwrap().track(Some(Codec::Vp8), 0, 9, at).unwrap();
        track.take(&Arrival { sequence, timestamp, marker, picture, level: None, payload: &payload }, at);
        self.listen(ms);
    }

    fn sound(&mut self, sequence: u16, ms: u64) {
        let at = self.began + Duration::from_millis(ms);
        let track = self.sources[1].as_mut().unwrap().track(None, 0, 10, at).unwrap();
        let arrival = Arrival {
            sequence,
            timestamp: u32::from(sequence) * 960,
            marker: false,
            picture: None,
            level: Some(30),
            payload: &sequence.to_be_bytes(),
        };
        track.take(&arrival, at);
        self.listen(ms);
    }

    fn listen(&mut self, ms: u64) {
        let now = self.began + Duration::from_millis(ms);
        self.tap.listen(&mut self.sources, |peer| peer == PEER, &self.counts, now);
    }

    /// What was handed over: where from, whether it is a keyframe, its bytes.
    fn frames(&mut self) -> Vec<(Origin, bool, Vec<u8>)> {
        let mut frames = Vec::new();
        while let Ok(heard) = self.heard.try_recv() {
            if let Heard::Frame(frame) = heard {
                frames.push((frame.origin, frame.keyframe, frame.data));
            }
        }
        frames
    }

    /// Whether the publisher would now be asked for a keyframe.
    fn asks(&mut self, ms: u64) -> bool {
        let at = self.began + Duration::from_millis(ms);
        self.sources[1].as_mut().unwrap().pictures[0].as_mut().unwrap().asks_keyframe(at)
    }
}

#[test]
fn a_picture_is_put_together_from_its_packets_once_it_is_whole() {
    let mut scene = Scene::new(64);
    scene.picture(1, 10, (true, false, true), 0);
    assert_eq!(scene.frames(), [], "it begins at a keyframe");
    assert!(scene.asks(0));
    scene.picture(2, 20, (true, true, false), 10);
    scene.picture(3, 20, (false, true, false), 10);
    assert_eq!(scene.frames(), []);
    scene.picture(4, 20, (false, true, true), 10);
    // The descriptor is taken away: what remains is the picture.
    assert_eq!(scene.frames(), [(Origin::Camera, true, vec![0, 2, 0, 3, 0, 4])]);
    scene.picture(5, 30, (true, false, true), 50);
    assert_eq!(scene.frames(), [(Origin::Camera, false, vec![1, 5])]);
}

#[test]
fn what_is_missing_is_waited_for_and_what_never_comes_costs_the_pictures_up_to_a_keyframe() {
    let mut scene = Scene::new(64);
    scene.picture(1, 10, (true, true, true), 0);
    scene.picture(3, 30, (true, false, true), 40);
    assert_eq!(scene.frames().len(), 1, "the second may still come");
    scene.picture(2, 20, (true, false, true), 120);
    assert_eq!(scene.frames().iter().map(|(.., data)| data[1]).collect::<Vec<_>>(), [2, 3], "in their order");
    scene.picture(5, 50, (true, false, true), 200);
    scene.listen(590);
    assert_eq!(scene.frames(), []);
    scene.listen(610);
    assert_eq!(scene.frames(), [], "what was made from the lost one is not shown");
    assert!(scene.asks(1200));
    scene.picture(6, 60, (true, true, true), 1300);
    assert_eq!(scene.frames().len(), 1);
}

#[test]
fn sound_is_handed_over_in_order_and_waited_for_a_little() {
    let mut scene = Scene::new(64);
    for (sequence, ms) in [(1, 0), (2, 20), (4, 60), (3, 70)] {
        scene.sound(sequence, ms);
    }
    let heard: Vec<_> = scene.frames().into_iter().map(|(origin, _, data)| (origin, data[1])).collect();
    assert_eq!(heard, [1, 2, 3, 4].map(|number| (Origin::Sound(1), number)));
    scene.sound(6, 100);
    scene.sound(7, 210);
    assert_eq!(scene.frames().len(), 2, "the fifth is not waited for any longer");
    scene.sources[1] = None;
    scene.listen(300);
    assert!(matches!(scene.heard.try_recv(), Ok(Heard::Silent(1))));
}

#[test]
fn a_recorder_that_does_not_keep_up_loses_frames_which_are_counted_and_nobody_waits() {
    let mut scene = Scene::new(1);
    for sequence in 1..=4 {
        scene.picture(sequence, u32::from(sequence) * 10, (true, sequence == 1, true), u64::from(sequence) * 40);
    }
    assert!(scene.counts.read().unrecorded >= 1);
    assert_eq!(scene.frames().len(), 1);
    assert!(scene.asks(2000), "it goes on at a keyframe");
    scene.picture(5, 50, (true, true, true), 2100);
    assert_eq!(scene.frames().len(), 1);
}

#[test]
fn a_camera_gives_way_to_the_screen_and_of_its_sizes_the_one_that_a_thin_line_carries_is_kept() {
    let mut scene = Scene::new(4096);
    let source = scene.sources[1].as_mut().unwrap();
    source.simulcast = true;
    let began = scene.began;
    // A second of three sizes, of some 150, 500 and 1,500 kbit/s.
    for (layer, bytes) in [(0, 900), (1, 3_100), (2, 9_300)] {
        let track = source.track(Some(Codec::Vp8), layer, 20 + u32::try_from(layer).unwrap(), began).unwrap();
        for sequence in 0..20 {
            let mut payload = vec![0x10, 0];
            payload.resize(bytes, 0);
            let picture = Descriptor::read(Codec::Vp8, &payload);
            let arrival = Arrival {
                sequence,
                timestamp: u32::from(sequence),
                marker: true,
                picture,
                level: None,
                payload: &payload,
            };
            track.take(&arrival, began);
        }
        track.second();
    }
    let layer = |shared: f64| seeing::choose(scene.sources[1].as_ref().unwrap(), None, shared, began);
    assert_eq!((layer(ON_STAGE), layer(BESIDE), layer(f64::INFINITY)), (1, 0, 2));
}
