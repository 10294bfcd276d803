//! A line that loses one packet in twenty, and takes 150 ms either way.

use super::{media, room, until};
use rtc::rtcp;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::reception_report::ReceptionReport;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers};
use server::webinar::media::{Kind, Media, PeerId, Role, RoomId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::line::Line;
use support::peer::light::{AUDIO, Head, LightPeer, Passport, REDUNDANT, REPAIR, VIDEO, offer, source};
use support::peer::{Came, Peer, fresh};
use tokio::time::{Instant, interval};

const DELAY: Duration = Duration::from_millis(150);
const LOST_IN_100: u64 = 5;
/// Pictures of five packets, 25 a second; twice as many sounds.
const PICTURES: u32 = 500;
const PACKETS: u32 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_line_that_loses_one_packet_in_twenty_sound_is_whole_and_pictures_go_on() {
    whole_on_a_weak_line(11, |offer| offer).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_a_browser_takes_no_redundant_sound_it_is_whole_all_the_same() {
    let without = |offer: String| {
        let lines = offer.lines().filter(|line| !line.starts_with("a=rtpmap:63") && !line.starts_with("a=fmtp:63"));
        lines.map(|line| format!("{}\r\n", line.replace("111 63", "111"))).collect()
    };
    whole_on_a_weak_line(23, without).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_way_up_loses_comes_with_the_next_sound_and_is_heard_once() {
    let (media, _events) = media();
    let (room, passport) = (room(), Passport::new().expect("a certificate"));
    let (sdp, sends) = offer(&passport, 0, &[Kind::Microphone]);
    let answer = media.join(room, PeerId(fresh()), Role::Trainer, &sdp, sends).await.expect("admitted");
    assert!(answer.contains("m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n"), "sound is to come twice: {answer}");
    let mut trainer = LightPeer::connect(&passport, &answer, None).await.expect("connects");
    let viewer = Peer::new(room, 2, &[]).await.join(&media, Role::Viewer).await;
    for number in 0..100_u32 {
        let sequence = u16::try_from(number).expect("few");
        let ssrc = source(Kind::Microphone);
        let head = Head { ssrc, sequence, timestamp: number * 960, payload_type: REDUNDANT, marker: false };
        // RFC 2198: what is older by 960 ticks, and four bytes long; then what is new.
        let older = [0x80 | AUDIO, 0x0f, 0x00, 0x04, AUDIO];
        let payload = [&older[..], &number.wrapping_sub(1).to_be_bytes(), &number.to_be_bytes()].concat();
        if number % 10 != 5 {
            trainer.send(head, &payload).await.expect("sent");
        }
        if number == 0 {
            // Whoever listens hears what comes from then on.
            until("the first word", || viewer.sounds().len() == 1).await;
        }
    }
    until("all that was said", || viewer.sounds().len() >= 100).await;
    let mut heard: Vec<u32> = viewer.sounds().iter().map(Came::number).collect();
    heard.sort_unstable();
    assert!(heard.into_iter().eq(0..100));
}

async fn whole_on_a_weak_line(seed: u64, offered: fn(String) -> String) {
    let (media, _events) = media();
    let (room, passport) = (room(), Passport::new().expect("a certificate"));
    let (sdp, sends) = offer(&passport, 0, &[Kind::Screen, Kind::Microphone]);
    let answer = media.join(room, PeerId(fresh()), Role::Trainer, &sdp, sends).await.expect("admitted");
    let trainer = LightPeer::connect(&passport, &answer, None).await.expect("connects");
    let (line, seen) = view(&media, room, &passport, seed, offered).await;
    let shown = perform(trainer).await;
    let last = PICTURES - 1;
    // If repairs failed or the estimate sank, some would never be.
    until("every picture", || seen.lock().expect("alive").is_whole(last)).await;
    let seen = seen.lock().expect("alive");

    assert!(line.lost() > 100, "{} datagrams lost on the line", line.lost());
    let expected = 2 * PICTURES - seen.sounds.first().expect("something was heard");
    let unheard = expected - u32::try_from(seen.sounds.len()).expect("few");
    let raw = f64::from(seen.lost[1]) / f64::from(expected);
    assert!(raw > 0.03 || !seen.redundant, "the line lost {raw} of the sound");
    assert!(f64::from(unheard) < 0.03 * f64::from(expected), "{unheard} of {expected} sounds were never heard");

    // A picture is seen once it and all before it are whole.
    let mut at = *seen.whole.values().next().expect("something was seen");
    let mut frozen = Duration::ZERO;
    for came in seen.whole.values() {
        frozen = frozen.max(came.saturating_duration_since(at));
        at = at.max(*came);
    }
    assert!(frozen < Duration::from_millis(1500), "frozen for {frozen:?}");
    // To the last, pictures come as fast as they are shown: the estimate has not sunk.
    let late = seen.whole[&last].saturating_duration_since(shown);
    assert!(late < DELAY + Duration::from_secs(1), "the last picture came {late:?} after it was shown");
    println!("{unheard} of {expected} sounds unheard, {raw:.3} of them lost on the way; frozen {frozen:?} at most");
}

/// Shows and says everything; gives when the last picture was shown.
async fn perform(mut trainer: LightPeer) -> Instant {
    let mut beat = interval(Duration::from_millis(20));
    let mut sequence = 0;
    for number in 0..2 * PICTURES {
        beat.tick().await;
        let head = Head {
            ssrc: source(Kind::Microphone),
            sequence: u16::try_from(number).expect("few"),
            timestamp: number * 960,
            payload_type: AUDIO,
            marker: false,
        };
        trainer.send(head, &number.to_be_bytes()).await.expect("sent");
        if number % 100 == 0 {
            trainer.check().await.expect("sent");
        }
        for packet in (0..PACKETS).filter(|_| number % 2 == 0) {
            let picture = number / 2;
            let [.., high, low] = picture.to_be_bytes();
            let (begins, delta) = (if packet == 0 { 0x90 } else { 0x80 }, u8::from(picture > 0));
            let mut payload = vec![begins, 0xe0, 0x80 | high, low, low, 0x20, delta];
            payload.resize(1000, 0);
            payload.extend(picture.to_be_bytes());
            let marker = packet + 1 == PACKETS;
            let (ssrc, timestamp) = (source(Kind::Screen), picture * 3600);
            let head = Head { ssrc, sequence, timestamp, payload_type: VIDEO, marker };
            trainer.send(head, &payload).await.expect("sent");
            sequence += 1;
        }
    }
    Instant::now()
}

/// What a viewer has seen and heard.
#[derive(Default)]
struct Seen {
    sounds: BTreeSet<u32>,
    /// Packets of each picture, by sequence number; when it was whole.
    pictures: BTreeMap<u32, BTreeSet<u16>>,
    whole: BTreeMap<u32, Instant>,
    /// By picture and sound: numbers that came, the highest one, and those that did not come by themselves.
    came: [BTreeSet<u16>; 2],
    lost: [u32; 2],
    reported: [(u16, usize); 2],
    /// When what is missing was last asked for.
    missing: BTreeMap<u16, Option<Instant>>,
    redundant: bool,
}

/// A viewer behind a weak line, who asks for what is missing and reports each second, as browsers do.
async fn view(
    media: &Media,
    room: RoomId,
    passport: &Passport,
    seed: u64,
    offered: fn(String) -> String,
) -> (Line, Arc<Mutex<Seen>>) {
    let (sdp, _) = offer(passport, 2, &[]);
    let answer = media.join(room, PeerId(fresh()), Role::Viewer, &offered(sdp), vec![]).await.expect("admitted");
    let candidate = answer.lines().find(|line| line.starts_with("a=candidate:")).expect("a candidate");
    let words: Vec<&str> = candidate.split(' ').collect();
    let server = format!("{}:{}", words[4], words[5]).parse().expect("an address");
    let line = Line::to(server, DELAY, LOST_IN_100, seed).await;
    let mut peer = LightPeer::connect(passport, &answer, Some(line.near)).await.expect("connects");
    let seen = Arc::new(Mutex::new(Seen::default()));
    let into = Arc::clone(&seen);
    tokio::spawn(async move {
        let mut beat = interval(Duration::from_millis(20));
        let mut buffer = [0; 2000];
        for number in 1_u32.. {
            beat.tick().await;
            while let Ok(length) = peer.socket.try_recv(&mut buffer) {
                if let Some(head) = Head::read(&buffer[..length])
                    && let Ok(payload) = peer.open(&buffer[..length])
                {
                    into.lock().expect("alive").take(head, &payload);
                }
            }
            let mut said = into.lock().expect("alive").asks();
            if number % 50 == 0 {
                said.extend(into.lock().expect("alive").reports());
                peer.check().await.expect("sent");
            }
            for packet in said {
                peer.send_control(&[packet]).await.expect("sent");
            }
        }
    });
    (line, seen)
}

impl Seen {
    fn take(&mut self, head: Head, payload: &[u8]) {
        match head.payload_type {
            VIDEO => {
                self.note(0, head.sequence);
                self.picture(head.sequence, payload);
            }
            REPAIR => {
                let (original, payload) = payload.split_first_chunk().expect("what it repeats");
                self.picture(u16::from_be_bytes(*original), payload);
            }
            REDUNDANT => {
                self.note(1, head.sequence);
                self.redundant = true;
                let [first, a, b, c, second, rest @ ..] = payload else { panic!("cut short") };
                assert_eq!((*first, *second), (0x80 | AUDIO, AUDIO));
                let [_, a, b, c] = u32::from_be_bytes([0, *a, *b, *c]).to_be_bytes();
                let block = u32::from_be_bytes([0, a, b, c]);
                assert_eq!(block >> 10, 960, "one sound older");
                let (older, newer) = rest.split_at(usize::try_from(block & 0x3ff).expect("few"));
                self.sound(older);
                self.sound(newer);
            }
            AUDIO => {
                self.note(1, head.sequence);
                self.sound(payload);
            }
            other => panic!("payload type {other} was not offered"),
        }
    }

    fn note(&mut self, place: usize, sequence: u16) {
        let highest = self.came[place].last().copied();
        for missed in highest.map_or(sequence..sequence, |highest| highest + 1..sequence.max(highest + 1)) {
            self.lost[place] += 1;
            if place == 0 {
                self.missing.insert(missed, None);
            }
        }
        self.came[place].insert(sequence);
    }

    /// All pictures are, from the first that came to that one.
    fn is_whole(&self, last: u32) -> bool {
        self.whole.keys().next().is_some_and(|first| (*first..=last).all(|number| self.whole.contains_key(&number)))
    }

    fn sound(&mut self, payload: &[u8]) {
        self.sounds.insert(u32::from_be_bytes(payload.try_into().expect("a number")));
    }

    fn picture(&mut self, sequence: u16, payload: &[u8]) {
        self.missing.remove(&sequence);
        let number = u32::from_be_bytes(payload[payload.len() - 4..].try_into().expect("a number"));
        let packets = self.pictures.entry(number).or_default();
        packets.insert(sequence);
        if packets.len() == PACKETS as usize {
            self.whole.entry(number).or_insert_with(Instant::now);
        }
    }

    /// Asks for what is missing, and again after more than a round trip.
    fn asks(&mut self) -> Vec<Box<dyn rtcp::Packet>> {
        let due = |asked: &Option<Instant>| asked.is_none_or(|at| at.elapsed() > 2 * DELAY + Duration::from_millis(50));
        let missing: Vec<u16> =
            self.missing.iter().filter(|(_, asked)| due(asked)).map(|(number, _)| *number).collect();
        for number in &missing {
            self.missing.insert(*number, Some(Instant::now()));
        }
        let nacks = nack_pairs_from_sequence_numbers(&missing);
        let nack = TransportLayerNack { sender_ssrc: 1, media_ssrc: 1000, nacks };
        if missing.is_empty() { vec![] } else { vec![Box::new(nack)] }
    }

    fn reports(&mut self) -> Vec<Box<dyn rtcp::Packet>> {
        let mut reports = Vec::new();
        for (place, ssrc) in [(0, 1000), (1, 1002)] {
            let Some(highest) = self.came[place].last().copied() else { continue };
            let (before, count) = std::mem::replace(&mut self.reported[place], (highest, self.came[place].len()));
            let expected = usize::from(highest - before);
            let lost = expected.saturating_sub(self.came[place].len() - count);
            let fraction_lost = u8::try_from((256 * lost).checked_div(expected).unwrap_or(0).min(255)).expect("a byte");
            let last_sequence_number = highest.into();
            reports.push(ReceptionReport { ssrc, fraction_lost, last_sequence_number, ..ReceptionReport::default() });
        }
        if reports.is_empty() {
            return vec![];
        }
        vec![Box::new(ReceiverReport { ssrc: 1, reports, ..ReceiverReport::default() })]
    }
}
