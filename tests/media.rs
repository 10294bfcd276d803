//! The media core through its real UDP port, with browsers made of the `webrtc` crate.

mod codecs;
mod loss;
mod staying;
mod strangers;
mod streams;
mod thin;

use server::clock::Dice;
use server::webinar::media::{Event, Gone, Kind, Media, PeerId, Refused, Role, RoomId, Seat, Settings};
use std::ops::Range;
use std::time::Duration;
use support::peer::{Came, Peer};
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, interval, sleep, timeout};

fn media() -> (Media, mpsc::Receiver<Event>) {
    let settings = Settings::at("127.0.0.1:0".parse().expect("an address"));
    Media::start(settings, Dice::system().expect("dice")).expect("starts")
}

fn room() -> RoomId {
    RoomId(support::peer::fresh())
}

/// A trainer who shares a screen and speaks, in a new room.
async fn trainer(media: &Media) -> Peer {
    Peer::new(room(), 2, &[Kind::Screen, Kind::Microphone]).await.join(media, Role::Trainer).await
}

async fn viewer(media: &Media, room: RoomId) -> Peer {
    Peer::new(room, 2, &[]).await.join(media, Role::Viewer).await
}

/// Shows pictures, the first of them a keyframe, and says as many sounds, 100 a second.
async fn perform(trainer: &Peer, numbers: Range<u32>) {
    let (first, mut pace) = (numbers.start, pace());
    for number in numbers {
        pace.tick().await;
        trainer.show(Kind::Screen, number, number == first).await;
        trainer.say(Kind::Microphone, number).await;
    }
}

/// Goes on, without another keyframe.
async fn perform_on(trainer: &Peer, numbers: Range<u32>) {
    let mut pace = pace();
    for number in numbers {
        pace.tick().await;
        trainer.show(Kind::Screen, number, false).await;
    }
}

/// 100 a second; on a machine that is busy, what is late is caught up with.
fn pace() -> Interval {
    interval(Duration::from_millis(10))
}

/// Asserts that a decoder would be content: numbers go on by one, time goes forward.
fn assert_seamless(pictures: &[Came]) {
    for (one, other) in pictures.iter().zip(&pictures[1..]) {
        assert_eq!(other.sequence, one.sequence.wrapping_add(1), "{} after {}", other.number(), one.number());
        assert_eq!(other.picture(), (one.picture() + 1) & 0x7fff, "{} after {}", other.number(), one.number());
        assert!(other.timestamp.wrapping_sub(one.timestamp) < 90_000 * 60, "{} {}", one.timestamp, other.timestamp);
    }
}

async fn until(what: &str, so: impl Fn() -> bool) {
    let looking = async {
        while !so() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(10), looking).await.unwrap_or_else(|_| panic!("waited in vain: {what}"));
}

async fn next(events: &mut mpsc::Receiver<Event>, wanted: impl Fn(&Event) -> bool) -> Event {
    let looking = async {
        loop {
            let event = events.recv().await.expect("media runs");
            if wanted(&event) {
                return event;
            }
        }
    };
    timeout(Duration::from_secs(30), looking).await.expect("an event")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_trainer_sends_reaches_every_viewer_whole_and_in_order() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewers = [viewer(&media, trainer.room).await, viewer(&media, trainer.room).await];
    // Over the end of the sequence numbers.
    perform(&trainer, 65_500..65_600).await;
    for viewer in &viewers {
        until("all pictures and sounds", || viewer.pictures().len() == 100 && viewer.sounds().len() == 100).await;
        assert_seamless(&viewer.pictures());
        assert!(viewer.pictures().iter().map(Came::number).eq(65_500..65_600));
        assert!(viewer.sounds().iter().map(Came::number).eq(65_500..65_600));
    }
    assert_eq!((media.totals().taken, media.totals().forwarded), (200, 400));
    assert_eq!(media.totals().refused, [0; 6]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_soon_after_a_keyframe_is_replayed_everything_since() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    perform(&trainer, 0..50).await;
    let viewer = viewer(&media, trainer.room).await;
    perform_on(&trainer, 50..60).await;
    until("from the keyframe on", || viewer.pictures().len() == 60).await;
    assert_seamless(&viewer.pictures());
    assert!(viewer.pictures()[0].is_keyframe());
    assert_eq!(media.totals().keyframes, 0, "nobody else pays for it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_comes_late_sees_the_last_keyframe_at_once_and_then_the_next_one() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    perform(&trainer, 0..300).await;
    let viewer = viewer(&media, trainer.room).await;
    perform_on(&trainer, 300..320).await;
    until("the cached keyframe", || !viewer.pictures().is_empty()).await;
    assert_eq!(viewer.pictures().iter().map(Came::number).collect::<Vec<_>>(), [0]);
    assert!(viewer.pictures()[0].at - viewer.joined < Duration::from_secs(1));
    assert!(media.totals().keyframes >= 1, "a new one is asked for");
    perform(&trainer, 320..330).await;
    until("what follows", || viewer.pictures().len() == 11).await;
    assert_seamless(&viewer.pictures());
    assert_eq!(viewer.pictures()[1].number(), 320);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_viewer_whose_line_is_slow_goes_on_at_keyframes_and_costs_nobody_else_anything() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let (slow, quick) = (viewer(&media, trainer.room).await, viewer(&media, trainer.room).await);
    perform(&trainer, 0..20).await;
    until("some pictures", || slow.pictures().len() == 20).await;
    // 100 pictures a second of 900 bytes are 720 kbit/s: more than this, and less than what pictures are left out for.
    slow.estimate(2_000_000.0).await;
    slow.estimate(300_000.0).await;
    for round in 0..4 {
        perform(&trainer, 20 + round * 150..20 + (round + 1) * 150).await;
    }
    until("everything", || quick.pictures().len() == 620 && slow.sounds().len() == 620).await;
    assert_seamless(&quick.pictures());
    assert!(quick.pictures().iter().map(Came::number).eq(0..620));
    let seen = slow.pictures();
    assert_seamless(&seen);
    assert!(seen.len() < 500, "{} pictures on a slow line", seen.len());
    for (one, other) in seen.iter().zip(&seen[1..]) {
        assert!(other.number() == one.number() + 1 || other.is_keyframe(), "{} after {}", other.number(), one.number());
    }
    assert!(media.totals().keyframes <= 3, "{} keyframes asked for", media.totals().keyframes);
}

#[test]
fn a_viewer_that_stalls_holds_up_nobody_and_is_gone_in_the_end() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("runs");
    let (main, stalled) =
        (runtime(), tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runs"));
    let (media, mut events) = media();
    let trainer = main.block_on(trainer(&media));
    // Whatever runs on this runtime stops when `block_on` returns: its socket fills, nothing answers.
    let dead = stalled.block_on(viewer(&media, trainer.room));
    main.block_on(async {
        let quick = viewer(&media, trainer.room).await;
        let mut shown = Vec::new();
        for number in 0..500 {
            shown.push(Instant::now());
            trainer.show(Kind::Screen, number, number == 0).await;
            sleep(Duration::from_millis(10)).await;
        }
        until("all pictures", || quick.pictures().len() == 500).await;
        let mut delays: Vec<_> = quick.pictures().iter().zip(&shown).map(|(came, shown)| came.at - *shown).collect();
        delays.sort_unstable();
        assert!(delays[490] < Duration::from_millis(50), "98 in 100 came within {:?}", delays[490]);
        let gone = next(&mut events, |event| matches!(event, Event::Gone { .. })).await;
        assert!(matches!(gone, Event::Gone { peer, why: Gone::Silent, .. } if peer == dead.id), "{gone:?}");
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_leaves_nothing_behind() {
    let (media, mut events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    perform(&trainer, 0..100).await;
    let stage = media.stage(trainer.room).await;
    let seats: Vec<_> = stage.iter().map(|seated| (seated.seat.number(), seated.picture, seated.sound)).collect();
    assert_eq!(seats, [(0, true, false), (1, false, true)]);
    trainer.close().await;
    let gone = next(&mut events, |event| matches!(event, Event::Gone { .. })).await;
    let Event::Gone { peer, why: Gone::Closed, evidence, .. } = gone else { panic!("{gone:?}") };
    assert_eq!(peer, trainer.id);
    assert!(evidence.sent.expect("it sent") < Duration::from_secs(2));
    assert_eq!(media.stage(trainer.room).await, []);
    let left: Vec<PeerId> = media.evidence(trainer.room).into_iter().map(|(peer, _)| peer).collect();
    assert_eq!(left, [viewer.id]);
    media.leave(viewer.room, viewer.id);
    let gone = next(&mut events, |event| matches!(event, Event::Gone { .. })).await;
    assert!(matches!(gone, Event::Gone { why: Gone::Left, .. }), "{gone:?}");
    assert_eq!(media.evidence(trainer.room), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_follows_what_browsers_report_and_stops_with_it() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    let of = |wanted: PeerId| media.evidence(trainer.room).into_iter().find(|(peer, _)| *peer == wanted).expect("in").1;
    assert_eq!(of(viewer.id).received, None, "nothing was sent yet");
    perform(&trainer, 0..300).await;
    until("a report", || of(viewer.id).received.is_some_and(|ago| ago < Duration::from_millis(1500))).await;
    assert!(of(trainer.id).sent.expect("sends") < Duration::from_millis(500));
    assert_eq!(of(viewer.id).sent, None);
    sleep(Duration::from_secs(4)).await;
    assert!(of(viewer.id).received.expect("once") > Duration::from_secs(2));
    assert!(of(trainer.id).sent.expect("once") > Duration::from_secs(3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_whoever_has_the_floor_sends_and_there_are_seats_for_seven() {
    let (media, _events) = media();
    let room = room();
    let mut pushy = Peer::new(room, 1, &[Kind::Camera]).await;
    assert_eq!(pushy.try_join(&media, Role::Viewer).await, Err(Refused::NotAllowed(Kind::Camera)));
    let mut pushy = Peer::new(room, 1, &[Kind::Screen]).await;
    assert_eq!(pushy.try_join(&media, Role::Speaker).await, Err(Refused::NotAllowed(Kind::Screen)));
    let mut speakers = Vec::new();
    for _ in 0..7 {
        speakers.push(Peer::new(room, 1, &[Kind::Camera, Kind::Microphone]).await.join(&media, Role::Speaker).await);
    }
    let mut eighth = Peer::new(room, 1, &[Kind::Microphone]).await;
    assert_eq!(eighth.try_join(&media, Role::Speaker).await, Err(Refused::StageFull));
    let seats: Vec<_> = media.stage(room).await.iter().map(|seated| (seated.seat, seated.peer)).collect();
    let expected: Vec<_> = Seat::of_people().zip(speakers.iter().map(|speaker| speaker.id)).collect();
    assert_eq!(seats, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_muted_is_not_heard_until_they_may_be() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    perform(&trainer, 0..10).await;
    until("ten sounds", || viewer.sounds().len() == 10).await;
    media.mute(trainer.room, trainer.id, Kind::Microphone, true);
    assert!(!media.stage(trainer.room).await[1].sound);
    perform(&trainer, 10..20).await;
    until("twenty pictures", || viewer.pictures().len() == 20).await;
    assert_eq!(viewer.sounds().len(), 10);
    media.mute(trainer.room, trainer.id, Kind::Microphone, false);
    // It was done before the first of these comes.
    assert!(media.stage(trainer.room).await[1].sound);
    perform(&trainer, 20..30).await;
    until("ten more", || viewer.sounds().len() == 20).await;
}
