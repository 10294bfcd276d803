//! What stays when something changes: a seat, a number, a secret.

use super::{assert_seamless, media, perform, perform_on, room, trainer, until, viewer};
use server::webinar::media::{Kind, Media, PeerId, Role, RoomId};
use support::peer::Came;
use support::peer::fresh;
use support::peer::light::{Head, LightPeer, Passport, VIDEO, offer, source};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_restarts_from_another_network_keeps_seat_and_keys_and_nothing_is_missing() {
    let (media, _events) = media();
    let (room, id, passport) = (room(), PeerId(fresh()), Passport::new().expect("a certificate"));
    let mut light = share(&media, room, id, &passport).await;
    let viewer = viewer(&media, room).await;
    show(&mut light, source(Kind::Screen), 0..10).await;
    until("ten pictures", || viewer.pictures().len() == 10).await;
    let stage = media.stage(room).await;
    let (sdp, sends) = offer(&passport, 0, &[Kind::Screen]);
    let answer = media.join(room, id, Role::Trainer, &sdp, sends).await.expect("admitted again");
    show(&mut light, source(Kind::Screen), 10..20).await;
    until("pictures over the old way", || viewer.pictures().len() == 20).await;
    light.restart(&answer).await.expect("the new way is proved");
    assert_eq!(media.stage(room).await, stage);
    show(&mut light, source(Kind::Screen), 20..30).await;
    until("pictures over the new way", || viewer.pictures().len() == 30).await;
    assert_seamless(&viewer.pictures());
    assert_eq!(media.totals().keyframes, 0, "nobody had to begin anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_is_shared_anew_under_another_source_is_seen_at_once() {
    let (media, _events) = media();
    let (room, id, passport) = (room(), PeerId(fresh()), Passport::new().expect("a certificate"));
    let mut light = share(&media, room, id, &passport).await;
    let viewer = viewer(&media, room).await;
    // From the end of one source's numbers to the beginning of another's.
    show(&mut light, source(Kind::Screen), 65_000..65_010).await;
    until("ten pictures", || viewer.pictures().len() == 10).await;
    let (sdp, sends) = offer(&passport, 0, &[Kind::Screen]);
    let other = source(Kind::Screen) + 100;
    let sdp = sdp.replace(&format!("a=ssrc:{}", source(Kind::Screen)), &format!("a=ssrc:{other}"));
    media.join(room, id, Role::Trainer, &sdp, sends).await.expect("admitted again");
    show(&mut light, other, 0..10).await;
    until("ten more", || viewer.pictures().len() == 20).await;
    assert_seamless(&viewer.pictures());
    assert!(viewer.pictures().iter().map(Came::number).eq((65_000..65_010).chain(0..10)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_shown_while_it_is_muted_nobody_ever_sees() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let early = viewer(&media, trainer.room).await;
    perform(&trainer, 0..10).await;
    until("ten pictures", || early.pictures().len() == 10).await;
    media.mute(trainer.room, trainer.id, Kind::Screen, true);
    assert!(!media.stage(trainer.room).await[0].picture);
    perform(&trainer, 10..20).await;
    let late = viewer(&media, trainer.room).await;
    until("sounds of that time", || early.sounds().len() == 20).await;
    media.mute(trainer.room, trainer.id, Kind::Screen, false);
    // Without a keyframe there is nothing to begin with.
    perform_on(&trainer, 20..30).await;
    until("a keyframe is asked for", || media.totals().keyframes > 0).await;
    perform(&trainer, 30..40).await;
    for (viewer, expected) in [(&early, 0..10), (&late, 0..0)] {
        let expected: Vec<u32> = expected.chain(30..40).collect();
        until("what was shown since", || viewer.pictures().len() >= expected.len()).await;
        assert_eq!(viewer.pictures().iter().map(Came::number).collect::<Vec<_>>(), expected);
        assert_seamless(&viewer.pictures());
    }
}

/// Somebody who shares a screen.
async fn share(media: &Media, room: RoomId, id: PeerId, passport: &Passport) -> LightPeer {
    let (sdp, sends) = offer(passport, 0, &[Kind::Screen]);
    let answer = media.join(room, id, Role::Trainer, &sdp, sends).await.expect("admitted");
    LightPeer::connect(passport, &answer, None).await.expect("connects")
}

/// Shows pictures of one packet each; the first of a source is a keyframe, and the others not.
async fn show(light: &mut LightPeer, ssrc: u32, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let [.., high, low] = number.to_be_bytes();
        let delta = u8::from(!matches!(number, 0 | 65_000));
        let mut payload = vec![0x90, 0xe0, 0x80 | high, low, low, 0x20, delta];
        payload.resize(500, 0);
        payload.extend(number.to_be_bytes());
        let sequence = u16::from_be_bytes([high, low]);
        let head = Head { ssrc, sequence, timestamp: number * 3000, payload_type: VIDEO, marker: true };
        light.send(head, &payload).await.expect("sent");
    }
}
