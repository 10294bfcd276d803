use super::super::codec::Codec;
use super::super::connection::Wants;
use super::super::counts::Counts;
use super::super::engine::clock;
use super::super::picture::Descriptor;
use super::super::ring::Arrival;
use super::super::room::Room;
use super::super::source::Source;
use super::super::stage::{LAYERS, PeerId, SEATS};
use super::super::track::{SenderClock, Want};
use super::wire::read;
use super::*;
use proptest::prelude::*;
use std::time::Duration;
use uuid::Uuid;

type Stage = [Option<Source>; SEATS];

/// Somebody on the first of people's seats.
fn stage() -> Stage {
    let mut stage = [const { None }; SEATS];
    let mut source = Source::new(PeerId(Uuid::from_u128(7)), 3);
    source.simulcast = true;
    stage[1] = Some(source);
    stage
}

fn show(stage: &mut Stage, layer: usize, sequence: u16, keyframe: bool) {
    let payload = [0x10, u8::from(!keyframe), 0, 0, 0, 0, 0, sequence.to_be_bytes()[1]];
    let track = stage[1].as_mut().unwrap().track(Some(Codec::Vp8), layer, 50, clock()).unwrap();
    let picture = Descriptor::read(Codec::Vp8, &payload);
    let arrival = Arrival { sequence, timestamp: 9, marker: true, picture, level: None, payload: &payload };
    track.take(&arrival, clock());
}

fn say(stage: &mut Stage, sequence: u16) {
    let track = stage[1].as_mut().unwrap().track(None, 0, 60, clock()).unwrap();
    let arrival = Arrival { sequence, timestamp: 960, marker: false, picture: None, level: Some(30), payload: b"voix" };
    track.take(&arrival, clock());
}

fn cascade(room: usize) -> (Cascade, mpsc::Receiver<Vec<u8>>, Counts) {
    let (out, batches) = mpsc::channel(room);
    (Cascade::new(out), batches, Counts::default())
}

/// What goes out comes in.
fn carry(batches: &mut mpsc::Receiver<Vec<u8>>, room: &mut Room) {
    while let Ok(batch) = batches.try_recv() {
        room.feed(&batch, clock()).expect("well-formed");
    }
}

fn pictures(room: &Room, layer: usize) -> Vec<u8> {
    let track = room.sources[1].as_ref().and_then(|source| source.pictures[layer].as_ref());
    let packets = track.into_iter().flat_map(|track| {
        (track.ring.oldest()..track.ring.end())
            .filter_map(|index| track.ring.get(index))
            .map(|packet| packet.payload[7])
    });
    packets.collect()
}

#[test]
fn what_is_on_stage_comes_to_a_relay_as_it_was_with_what_came_late() {
    let ((mut cascade, mut batches, counts), mut stage, mut room) = (cascade(64), stage(), Room::new());
    show(&mut stage, 0, 1, true);
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert!(pictures(&room, 0).is_empty(), "what was there before is old");
    for sequence in [2, 4, 5] {
        show(&mut stage, 0, sequence, sequence == 4);
        cascade.listen(&mut stage, &counts, clock());
    }
    show(&mut stage, 0, 3, false);
    show(&mut stage, 2, 77, true);
    say(&mut stage, 12);
    let sound = stage[1].as_mut().unwrap().sound.as_mut().unwrap();
    sound.sender = Some(SenderClock { ntp: 5, timestamp: 6, at: clock().checked_sub(Duration::from_secs(2)).unwrap() });
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert_eq!((pictures(&room, 0), pictures(&room, 2)), (vec![2, 3, 4, 5], vec![77]));
    let source = room.sources[1].as_ref().expect("a source");
    assert!(source.simulcast && source.peer == PeerId(Uuid::from_u128(7)) && room.fresh);
    let heard = source.sound.as_ref().expect("a sound");
    let packet = heard.ring.get(heard.ring.end() - 1).expect("a packet");
    assert_eq!((packet.payload.as_slice(), packet.level, packet.timestamp), (b"voix".as_slice(), Some(30), 960));
    let told = heard.sender.expect("a clock");
    assert_eq!((told.ntp, told.timestamp, clock().duration_since(told.at).as_secs()), (5, 6, 2));
}

#[test]
fn a_picture_that_is_forgotten_or_begins_anew_does_so_at_a_relay() {
    let ((mut cascade, mut batches, counts), mut stage, mut room) = (cascade(64), stage(), Room::new());
    cascade.listen(&mut stage, &counts, clock());
    show(&mut stage, 0, 1, true);
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    let turn = room.sources[1].as_ref().unwrap().turn;
    // Muted, and shown again from the same source.
    stage[1].as_mut().unwrap().pictures = [None, None, None];
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert!(pictures(&room, 0).is_empty());
    show(&mut stage, 0, 2, true);
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert_eq!((pictures(&room, 0), room.sources[1].as_ref().unwrap().turn), (vec![2], turn));
    // Somebody else sits down there.
    stage[1] = Some(Source::new(PeerId(Uuid::from_u128(8)), 4));
    show(&mut stage, 0, 3, true);
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert_eq!(pictures(&room, 0), [3]);
    assert!(room.sources[1].as_ref().unwrap().turn > turn, "viewers begin anew");
    stage[1] = None;
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    assert!(room.sources[1].is_none());
}

#[test]
fn what_has_no_room_is_lost_and_counted_and_a_keyframe_is_asked_for() {
    let ((mut cascade, mut batches, counts), mut stage, mut room) = (cascade(2), stage(), Room::new());
    for sequence in 1..=4 {
        show(&mut stage, 0, sequence, sequence == 1);
        cascade.listen(&mut stage, &counts, clock());
    }
    assert!(counts.read().unrelayed > 0);
    let wants = |stage: &Stage| stage[1].as_ref().unwrap().pictures[0].as_ref().unwrap().wants_keyframe();
    assert_eq!(wants(&stage), None, "there is still no room");
    carry(&mut batches, &mut room);
    show(&mut stage, 0, 5, false);
    cascade.listen(&mut stage, &counts, clock());
    assert_eq!(wants(&stage), Some(Want::Urgent));
}

#[test]
fn a_relay_asks_the_origin_for_keyframes_once_for_many() {
    let ((mut cascade, mut batches, counts), mut stage, mut room) = (cascade(64), stage(), Room::new());
    cascade.listen(&mut stage, &counts, clock());
    show(&mut stage, 1, 1, false);
    cascade.listen(&mut stage, &counts, clock());
    carry(&mut batches, &mut room);
    let mut wants: Wants = [[None; LAYERS]; SEATS];
    wants[1][1] = Some(Want::Urgent);
    let now = clock();
    room.want(&wants, now);
    room.want(&wants, now + Duration::from_millis(100));
    let [wanted] = room.wanted[..] else { panic!("one") };
    assert_eq!((wanted.seat, wanted.layer, wanted.turn, wanted.urgent), (1, 1, 3, true));
}

proptest! {
    #[test]
    fn anything_may_come(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), first in 0..3_usize) {
        if let (Some(byte), Some(kind)) = (bytes.first_mut(), [None, Some(b'S'), Some(b'P')][first]) {
            *byte = kind;
        }
        let _ = Room::new().feed(&bytes, clock());
    }

    #[test]
    fn what_is_damaged_is_refused_or_understood(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let ((mut cascade, mut batches, counts), mut stage) = (cascade(64), stage());
        cascade.listen(&mut stage, &counts, clock());
        show(&mut stage, 0, 1, true);
        say(&mut stage, 2);
        cascade.listen(&mut stage, &counts, clock());
        let mut room = Room::new();
        while let Ok(mut batch) = batches.try_recv() {
            prop_assert!(read(&batch).is_some());
            let place = at.index(batch.len());
            batch[place] = byte;
            let _ = room.feed(&batch, clock());
            let _ = room.feed(&batch[..cut.index(batch.len())], clock());
        }
    }
}
