//! Media over TCP: for whoever has no other way, and against whoever abuses it.

use super::{assert_seamless, media, perform, room, trainer, until, viewer};
use server::webinar::media::{Kind, Media, PeerId, Protocol, Refusal, Role, RoomId};
use std::net::SocketAddr;
use std::time::Duration;
use support::bridge::Bridge;
use support::peer::light::{AUDIO, Head, LightPeer, Passport, candidates, offer, source};
use support::peer::{Came, Peer, fresh};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than a connection may take to prove whose it is.
const PATIENCE: Duration = Duration::from_secs(20);

fn tcp(media: &Media) -> SocketAddr {
    let over_tcp = media.candidates().iter().find(|candidate| candidate.protocol == Protocol::Tcp);
    over_tcp.expect("a TCP port").address
}

/// A viewer whose datagrams all go over one connection.
async fn behind_a_wall(media: &Media, room: RoomId) -> (Peer, Bridge) {
    let bridge = Bridge::to(tcp(media)).await;
    let mut viewer = Peer::new(room, 2, &[]).await;
    let (sdp, sends) = viewer.offer().await;
    let answer = media.join(room, viewer.id, Role::Viewer, &sdp, sends).await.expect("admitted");
    viewer.take_answer(bridge.instead(&answer)).await;
    (viewer, bridge)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_no_way_but_tcp_sees_all_and_is_proved_present() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let (walled, _bridge) = behind_a_wall(&media, trainer.room).await;
    perform(&trainer, 0..150).await;
    until("all pictures", || walled.pictures().len() == 150 && walled.sounds().len() == 150).await;
    assert_seamless(&walled.pictures());
    assert!(walled.sounds().iter().map(Came::number).eq(0..150));
    let seen = || media.evidence(trainer.room).into_iter().find(|(peer, _)| *peer == walled.id).expect("in").1;
    until("a report", || seen().received.is_some()).await;
    // Goodbye goes the same way.
    walled.close().await;
    until("it to be gone", || media.evidence(trainer.room).len() == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_moves_from_udp_to_tcp_and_back_keeps_seat_and_keys() {
    let (media, _events) = media();
    let (room, id, passport) = (room(), PeerId(fresh()), Passport::new().expect("a certificate"));
    let enter = async || {
        let (sdp, sends) = offer(&passport, 0, &[Kind::Microphone]);
        media.join(room, id, Role::Trainer, &sdp, sends).await.expect("admitted")
    };
    let answer = enter().await;
    let mut light = LightPeer::connect(&passport, &answer, None).await.expect("connects");
    let viewer = viewer(&media, room).await;
    let mut said = 0_u16..;
    // Whoever listens hears what comes from then on.
    say(&mut light, said.by_ref().take(1)).await;
    until("the first sound", || viewer.sounds().len() == 1).await;
    say(&mut light, said.by_ref().take(9)).await;
    until("ten sounds", || viewer.sounds().len() == 10).await;
    let stage = media.stage(room).await;
    let bridge = Bridge::to(tcp(&media)).await;
    light.restart_by(bridge.near, &enter().await).await.expect("TCP is proved");
    say(&mut light, said.by_ref().take(10)).await;
    until("ten over TCP", || viewer.sounds().len() == 20).await;
    let udp = candidates(&answer, "udp")[0];
    light.restart_by(udp, &enter().await).await.expect("UDP is proved");
    // The connection ends after the browser has left it: that is nobody's loss.
    drop(bridge);
    say(&mut light, said.by_ref().take(10)).await;
    until("ten over UDP", || viewer.sounds().len() == 30).await;
    let other = Bridge::to(tcp(&media)).await;
    light.restart_by(other.near, &enter().await).await.expect("TCP is proved again");
    // A connection that breaks under a browser: the next one is as good.
    drop(other);
    let last = Bridge::to(tcp(&media)).await;
    light.restart_by(last.near, &enter().await).await.expect("TCP is proved once more");
    say(&mut light, said.by_ref().take(10)).await;
    until("ten over the last one", || viewer.sounds().len() == 40).await;
    assert_eq!(media.stage(room).await, stage);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_stream_that_stalls_what_is_old_is_dropped_and_nobody_else_waits() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let quick = viewer(&media, trainer.room).await;
    let (walled, bridge) = behind_a_wall(&media, trainer.room).await;
    perform(&trainer, 0..20).await;
    until("some pictures", || walled.pictures().len() == 20 && walled.sounds().len() == 20).await;
    bridge.flows(false);
    perform(&trainer, 20..420).await;
    until("all of it, elsewhere", || quick.pictures().len() == 420 && quick.sounds().len() == 420).await;
    bridge.flows(true);
    perform(&trainer, 420..440).await;
    let newest = |came: Vec<Came>| came.iter().any(|one| one.number() == 439);
    until("the newest sound", || newest(walled.sounds())).await;
    until("the newest picture", || newest(walled.pictures())).await;
    let (sounds, pictures) = (walled.sounds().len(), walled.pictures().len());
    assert!(sounds < 400 && pictures < sounds, "{sounds} sounds and {pictures} pictures of 440 were still sent");
    until("what was dropped to be counted", || media.totals().unsent > 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_proves_nothing_is_ended_and_counted() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let viewer = viewer(&media, trainer.room).await;
    let (mut light, _) = listener(&media, trainer.room).await;
    let check = light.signed_check().expect("a check");
    let forged = [&check[..20], &vec![0; check.len() - 20]].concat();
    let noise: Vec<u8> = (0..200_u8).map(|number| number.wrapping_mul(91)).collect();
    let far_too_long = [&[0xff, 0xff][..], &[0; 100]].concat();
    let beginnings: [&[u8]; 6] = [
        &framed(&forged),
        &framed(&noise),
        &framed(&[22, 254, 253, 0]),
        &far_too_long,
        b"GET / HTTP/1.1\r\nHost: socle.example\r\n\r\n",
        &[22, 3, 1, 2, 0, 1],
    ];
    for beginning in beginnings {
        let mut line = TcpStream::connect(tcp(&media)).await.expect("a port");
        line.write_all(beginning).await.expect("sent");
        assert_ended(&mut line, &format!("{beginning:?}")).await;
    }
    // Whoever says nothing, or says it too slowly, is not waited for.
    let (mut silent, slow) = (
        TcpStream::connect(tcp(&media)).await.expect("a port"),
        TcpStream::connect(tcp(&media)).await.expect("a port"),
    );
    let (mut read, mut write) = slow.into_split();
    let whole = framed(&check);
    let dripping = tokio::spawn(async move {
        for byte in whole {
            if write.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    assert_ended(&mut silent, "silence").await;
    let ended = timeout(PATIENCE, read.read(&mut [0; 10])).await.expect("ended in time");
    assert!(matches!(ended, Ok(0) | Err(_)), "a check that drips in");
    dripping.abort();
    assert!(media.totals().refused(Refusal::Stream) >= 4, "{:?}", media.totals());
    assert_eq!(media.totals().faults, 0);
    light.check().await.expect("sent");
    perform(&trainer, 0..10).await;
    until("ten pictures", || viewer.pictures().len() == 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_connections_from_one_address_are_bounded_and_those_who_are_in_stay() {
    let (media, _events) = media();
    let trainer = trainer(&media).await;
    let (walled, _bridge) = behind_a_wall(&media, trainer.room).await;
    let mut many = Vec::new();
    for _ in 0..400 {
        many.push(TcpStream::connect(tcp(&media)).await.expect("a port"));
    }
    until("the rest to be refused", || media.totals().refused(Refusal::Stream) >= 144).await;
    perform(&trainer, 0..20).await;
    until("what is shown meanwhile", || walled.pictures().len() == 20).await;
    // Once these have had their time, there is room again.
    for line in &mut many {
        assert_ended(line, "one of many").await;
    }
    let (late, _other) = behind_a_wall(&media, trainer.room).await;
    perform(&trainer, 20..40).await;
    until("what is said to who came late", || late.sounds().len() >= 10).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_has_left_has_no_connection_any_more_and_what_is_said_after_a_proof_is_checked_too() {
    let (media, _events) = media();
    let room = room();
    let (light, id) = listener(&media, room).await;
    let check = light.signed_check().expect("a check");
    let mut line = TcpStream::connect(tcp(&media)).await.expect("a port");
    line.write_all(&framed(&check)).await.expect("sent");
    let mut answer = [0; 2];
    line.read_exact(&mut answer).await.expect("the length of an answer");
    let mut rest = vec![0; usize::from(u16::from_be_bytes(answer))];
    line.read_exact(&mut rest).await.expect("an answer");
    assert_eq!(rest[..2], [1, 1], "a success (RFC 8489, section 5)");
    // Noise from one who is known is refused, and no more than that.
    line.write_all(&framed(&[0xff; 50])).await.expect("sent");
    until("the noise to be refused", || media.totals().refused(Refusal::Stranger) == 1).await;
    media.leave(room, id);
    assert_ended(&mut line, "whoever left").await;
    let (other, _) = listener(&media, room).await;
    let mut line = TcpStream::connect(tcp(&media)).await.expect("a port");
    line.write_all(&framed(&other.signed_check().expect("a check"))).await.expect("sent");
    line.write_all(&[0xff, 0xff, 1]).await.expect("sent");
    assert_ended(&mut line, "a length beyond any datagram").await;
}

/// Says sounds of those numbers.
async fn say(light: &mut LightPeer, numbers: impl Iterator<Item = u16>) {
    for sequence in numbers {
        let (ssrc, timestamp) = (source(Kind::Microphone), u32::from(sequence) * 960);
        let head = Head { ssrc, sequence, timestamp, payload_type: AUDIO, marker: false };
        light.send(head, &[[7; 4], u32::from(sequence).to_be_bytes()].concat()).await.expect("sent");
    }
}

/// Somebody light who listens, over UDP.
async fn listener(media: &Media, room: RoomId) -> (LightPeer, PeerId) {
    let (passport, id) = (Passport::new().expect("a certificate"), PeerId(fresh()));
    let (sdp, sends) = offer(&passport, 1, &[]);
    let answer = media.join(room, id, Role::Viewer, &sdp, sends).await.expect("admitted");
    (LightPeer::connect(&passport, &answer, None).await.expect("connects"), id)
}

fn framed(datagram: &[u8]) -> Vec<u8> {
    [&u16::try_from(datagram.len()).expect("short").to_be_bytes(), datagram].concat()
}

/// Asserts that the server ends that connection, whatever it says before.
async fn assert_ended(line: &mut TcpStream, what: &str) {
    let mut rest = Vec::new();
    // What was sent and not read makes the end a reset.
    let _ = timeout(PATIENCE, line.read_to_end(&mut rest)).await.unwrap_or_else(|_| panic!("{what} goes on"));
}
