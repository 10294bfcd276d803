//! What comes from outside and makes no sense: refused, counted, and media goes on.

use super::{media, perform, room, trainer, until, viewer};
use server::webinar::media::{Kind, Media, PeerId, Refusal, Refused, Role, RoomId};
use std::net::SocketAddr;
use support::dice::Rolls;
use support::peer::light::{AUDIO, Head, LightPeer, Passport, VIDEO, offer, source};
use support::peer::{Peer, fresh};
use tokio::net::UdpSocket;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_strangers_send_is_refused_and_counted_and_media_goes_on() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    let port = address(&trainer).await;
    let stranger = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    // A check for a connection that does not exist, one cut short, a hello, media, control, noise, and far too much.
    let check = [&[0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42][..], &[0; 12], &[0, 6, 0, 3, b'a', b':', b'b', 0]].concat();
    let mut sent = 0;
    for datagram in [&check[..], &check[..21], &[22, 254, 253, 0], &[128, 96, 0, 1], &[128, 200], &[255], &[7; 9000]] {
        for length in [datagram.len(), datagram.len().div_ceil(2), 1] {
            stranger.send_to(&datagram[..length], port).await.expect("sent");
            sent += 1;
        }
    }
    until("all counted", || media.totals().refused.iter().sum::<u64>() >= sent).await;
    assert!(media.totals().refused(Refusal::Check) >= 3);
    assert_eq!(media.totals().faults, 0);
    perform(&trainer, 0..10).await;
    until("ten pictures", || viewer.pictures().len() == 10).await;
    let mut garbled = Peer::new(trainer.room, 1, &[]).await;
    let (offer, _) = garbled.offer().await;
    for cut in (0..offer.len()).step_by(7).filter(|cut| offer.is_char_boundary(*cut)) {
        let _ = media.join(garbled.room, garbled.id, Role::Viewer, &offer[..cut], vec![]).await;
    }
    let refused = media.join(garbled.room, garbled.id, Role::Viewer, "m=\r\nnonsense", vec![]).await;
    assert!(matches!(refused, Err(Refused::Offer(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_check_with_one_byte_changed_moves_nobodys_media() {
    let (media, _events) = media();
    let (mut light, id) = speaker(&media, room()).await;
    let server = light.socket.peer_addr().expect("connected");
    let check = light.signed_check().expect("a check");
    let stranger = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
    // The last eight bytes are a checksum that proves nothing (RFC 8489, section 14.7).
    for place in 0..check.len() - 8 {
        let mut changed = check.clone();
        changed[place] ^= 0x40;
        stranger.send_to(&changed, server).await.expect("sent");
    }
    let refused = || media.totals().refused.iter().sum::<u64>();
    until("all refused", || refused() == u64::try_from(check.len() - 8).expect("few")).await;
    let answered = stranger.try_recv(&mut [0; 100]);
    assert!(answered.is_err(), "nobody is answered who proved nothing");
    light.send(Head { ssrc: source(Kind::Microphone), ..SOUND }, &[1; 20]).await.expect("sent");
    until("its sound", || media.totals().taken == 1).await;
    assert!(media.evidence(RoomId(id.1)).iter().any(|(peer, evidence)| *peer == id.0 && evidence.sent.is_some()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_is_sealed_by_one_who_is_in_harms_nobody_else() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    let (mut rogue, _) = speaker(&media, trainer.room).await;
    let mut dice = Rolls(7);
    let mut noise = |most: u64| {
        let length = dice.below(most);
        (0..length).map(|_| dice.roll().to_be_bytes()[0]).collect::<Vec<u8>>()
    };
    let (mut sealed, mut bare) = (0, 0);
    for round in 0..400_u16 {
        // Media: of sources that are its own or not, padded by more than there is, with payloads of noise.
        let kind = if round % 2 == 0 { Kind::Camera } else { Kind::Microphone };
        let payload_type = if kind.is_picture() { VIDEO } else { AUDIO };
        let ssrc = source(kind) + u32::from(round % 3 == 0);
        let mut packet = Head { ssrc, payload_type, sequence: round.wrapping_mul(397), ..SOUND }.bytes();
        packet[0] |= if round % 5 == 0 { 0x20 } else { 0 };
        packet.extend(noise(100));
        rogue.seal(&packet).await.expect("sent");
        // Control: headers of every kind, saying that they are of a length that they are not.
        let kind = 200 + u8::try_from(round % 8).expect("a few");
        let mut control = vec![0x80 | u8::try_from(round % 32).expect("five bits"), kind, 0, 0, 0, 0, 0, 1];
        control.extend(noise(60));
        control[3] = u8::try_from(control.len() / 4).expect("few").wrapping_sub(u8::from(round % 2 == 0));
        rogue.seal_control(&control).await.expect("sent");
        sealed += 2;
        // And bare noise, of every protocol there is.
        let bytes = [&[noise(256).first().copied().unwrap_or(round.to_be_bytes()[1])][..], &noise(200)].concat();
        rogue.socket.send(&bytes).await.expect("sent");
        bare += 1;
    }
    // In order behind all of it: once this is answered, everything was read.
    let server = rogue.socket.peer_addr().expect("connected");
    perform(&trainer, 0..10).await;
    until("ten pictures", || viewer.pictures().len() == 10).await;
    let totals = media.totals();
    assert!(totals.refused.iter().sum::<u64>() >= bare / 2, "{totals:?} of {sealed} and {bare} to {server}");
    assert!(totals.refused(Refusal::Media) > 100, "{totals:?}");
    assert!(viewer.sounds().len() >= 10);
}

const SOUND: Head = Head { ssrc: 0, sequence: 0, timestamp: 0, payload_type: AUDIO, marker: false };

/// A light browser with a camera and a microphone, and who it is in which room.
async fn speaker(media: &Media, room: RoomId) -> (LightPeer, (PeerId, uuid::Uuid)) {
    let (passport, id) = (Passport::new().expect("a certificate"), PeerId(fresh()));
    let (sdp, sends) = offer(&passport, 1, &[Kind::Camera, Kind::Microphone]);
    let answer = media.join(room, id, Role::Speaker, &sdp, sends).await.expect("admitted");
    (LightPeer::connect(&passport, &answer, None).await.expect("connects"), (id, room.0))
}

/// Where the server told that peer to send.
async fn address(peer: &Peer) -> SocketAddr {
    let answer = peer.connection.remote_description().await.expect("was answered").sdp;
    let line = answer.lines().find(|line| line.starts_with("a=candidate:")).expect("a candidate");
    let words: Vec<&str> = line.split(' ').collect();
    format!("{}:{}", words[4], words[5]).parse().expect("an address")
}
