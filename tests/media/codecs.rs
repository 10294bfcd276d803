//! Pictures in other codecs than VP8, where publishers and viewers agree.

use super::{media, room};
use domain::webinar::signal::FromServer;
use domain::webinar::{Act, Lead};
use server::webinar::media::codec::Codec;
use server::webinar::media::picture::Descriptor;
use server::webinar::media::{Kind, Media, PeerId, Role, RoomId, Seat};
use std::ops::Range;
use std::time::Duration;
use support::guest::Guest;
use support::peer::fresh;
use support::peer::light::{Head, LightPeer, Passport, offer_in, source, types};
use support::{Database, Product};
use tokio::time::timeout;

/// A browser that knows some codecs.
struct Browser {
    id: PeerId,
    passport: Passport,
    codecs: &'static [Codec],
    peer: Option<LightPeer>,
}

impl Browser {
    fn new(codecs: &'static [Codec]) -> Self {
        Self { id: PeerId(fresh()), passport: Passport::new().expect("a certificate"), codecs, peer: None }
    }

    /// Joins, or offers once more. Gives the codec that it is told to send in.
    async fn join(&mut self, media: &Media, room: RoomId, sends: &[Kind]) -> Option<Codec> {
        let seats = if sends.is_empty() { 2 } else { 0 };
        let (sdp, sends) = offer_in(self.codecs, &self.passport, seats, sends);
        let role = if sends.is_empty() { Role::Viewer } else { Role::Trainer };
        let answer = media.join(room, self.id, role, &sdp, sends).await.expect("admitted");
        self.take(&answer).await
    }

    async fn take(&mut self, answer: &str) -> Option<Codec> {
        match &mut self.peer {
            Some(peer) => peer.restart(answer).await.expect("goes on"),
            None => self.peer = Some(LightPeer::connect(&self.passport, answer, None).await.expect("connects")),
        }
        let first = answer.lines().find_map(|line| line.strip_prefix("m=video 9 UDP/TLS/RTP/SAVPF "));
        let first = first.and_then(|types| types.split(' ').next()?.parse::<u8>().ok());
        Codec::ALL.into_iter().find(|codec| Some(types(*codec).0) == first)
    }

    /// Shows pictures of one packet each, every twentieth of them a keyframe.
    async fn show(&mut self, codec: Codec, numbers: Range<u32>) {
        for number in numbers {
            let [.., high, low] = number.to_be_bytes();
            let keyframe = number.is_multiple_of(20);
            let mut payload = match codec {
                Codec::Vp8 => vec![0x90, 0xe0, 0x80 | high, low, low, 0x20, u8::from(!keyframe)],
                Codec::Vp9 => vec![if keyframe { 0xa8 } else { 0xe8 }, 0x80 | high, low, 0, low],
                Codec::H264 => vec![if keyframe { 0x67 } else { 0x61 }],
            };
            payload.resize(300, 0);
            payload.extend(number.to_be_bytes());
            let (ssrc, sequence) = (source(Kind::Screen), u16::from_be_bytes([high, low]));
            let (timestamp, payload_type) = (number * 3000, types(codec).0);
            let head = Head { ssrc, sequence, timestamp, payload_type, marker: true };
            self.peer.as_mut().expect("joined").send(head, &payload).await.expect("sent");
        }
    }

    /// Sees so many pictures, in that codec, whose numbers and counters go on by one.
    async fn see(&mut self, codec: Codec, numbers: Range<u32>) {
        let peer = self.peer.as_mut().expect("joined");
        let mut buffer = [0; 2000];
        let (mut seen, mut last) = (Vec::new(), None);
        while seen.last().is_none_or(|number| *number + 1 < numbers.end) {
            let length = timeout(Duration::from_secs(10), peer.socket.recv(&mut buffer)).await;
            let datagram =
                &buffer[..length.unwrap_or_else(|_| panic!("only {seen:?} of {numbers:?} came")).expect("open")];
            let Some(head) = Head::read(datagram) else { continue };
            assert_eq!(head.payload_type, types(codec).0, "after {seen:?}");
            let payload = peer.open(datagram).expect("sealed for it");
            let counters = Descriptor::read(codec, &payload).expect("whole").counters(&payload);
            if let Some((sequence, picture)) = last {
                assert_eq!(head.sequence, 1_u16.wrapping_add(sequence));
                assert!(
                    codec == Codec::H264 || counters.picture == (picture + 1) & 0x7fff,
                    "{counters:?} after {picture}"
                );
            }
            last = Some((head.sequence, counters.picture));
            seen.push(u32::from_be_bytes(payload[payload.len() - 4..].try_into().expect("four bytes")));
        }
        assert_eq!(seen, numbers.collect::<Vec<_>>());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_in_vp9_reaches_those_who_are_there_and_those_who_come_late() {
    let ((media, _events), room) = (media(), room());
    let mut viewer = Browser::new(&Codec::ALL);
    viewer.join(&media, room, &[]).await;
    let mut trainer = Browser::new(&Codec::ALL);
    assert_eq!(trainer.join(&media, room, &[Kind::Screen]).await, Some(Codec::Vp9));
    trainer.show(Codec::Vp9, 0..10).await;
    viewer.see(Codec::Vp9, 0..10).await;
    let mut late = Browser::new(&[Codec::Vp9, Codec::Vp8]);
    late.join(&media, room, &[]).await;
    trainer.show(Codec::Vp9, 10..20).await;
    late.see(Codec::Vp9, 0..20).await;
    viewer.see(Codec::Vp9, 10..20).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_h264_alone_is_seen() {
    let ((media, _events), room) = (media(), room());
    let mut viewer = Browser::new(&Codec::ALL);
    viewer.join(&media, room, &[]).await;
    let mut trainer = Browser::new(&[Codec::H264]);
    assert_eq!(trainer.join(&media, room, &[Kind::Screen]).await, Some(Codec::H264));
    trainer.show(Codec::H264, 0..10).await;
    viewer.see(Codec::H264, 0..10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_comes_without_the_codec_has_it_changed_for_everybody() {
    let ((media, _events), room) = (media(), room());
    let mut viewer = Browser::new(&Codec::ALL);
    viewer.join(&media, room, &[]).await;
    let mut trainer = Browser::new(&Codec::ALL);
    assert_eq!(trainer.join(&media, room, &[Kind::Screen]).await, Some(Codec::Vp9));
    trainer.show(Codec::Vp9, 0..5).await;
    viewer.see(Codec::Vp9, 0..5).await;
    let unseen = async || media.stage(room).await.iter().any(|seated| seated.seat == Seat::SCREEN && seated.unseen);
    assert!(!unseen().await);
    let mut old = Browser::new(&[Codec::Vp8]);
    old.join(&media, room, &[]).await;
    assert!(unseen().await, "the trainer is to offer anew");
    assert_eq!(trainer.join(&media, room, &[Kind::Screen]).await, Some(Codec::Vp8));
    assert!(!unseen().await);
    trainer.show(Codec::Vp8, 20..30).await;
    old.see(Codec::Vp8, 20..30).await;
    viewer.see(Codec::Vp8, 20..30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_room_tells_the_trainer_to_offer_anew() {
    let product = Product::start(Database::Sqlite).await;
    let meeting = product.meeting(1).await;
    let mut guest = Guest::enter(&meeting.trainer, meeting.webinar).await.expect("comes in");
    guest.act(Act::Lead(Lead::GoLive)).await.expect("live");
    let mut trainer = Browser::new(&Codec::ALL);
    let offers = |browser: &Browser| offer_in(browser.codecs, &browser.passport, 0, &[Kind::Screen]);
    let (sdp, sends) = offers(&trainer);
    assert_eq!(trainer.take(&guest.offer(sdp, &sends).await.expect("admitted")).await, Some(Codec::Vp9));
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("comes in");
    let (sdp, sends) = offer_in(&[Codec::Vp8], &Passport::new().expect("a certificate"), 2, &[]);
    agent.offer(sdp, &sends).await.expect("admitted");
    guest.until("to offer anew", |guest| guest.said.contains(&FromServer::OfferAnew)).await;
    let (sdp, sends) = offers(&trainer);
    assert_eq!(trainer.take(&guest.offer(sdp, &sends).await.expect("admitted")).await, Some(Codec::Vp8));
}
