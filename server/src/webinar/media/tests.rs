//! Whatever comes from outside: never a panic, and what is understood is said back the same.

use super::answer::{Answer, Candidate, Protocol};
use super::codec::{Codec, Types};
use super::dtls::Identity;
use super::ice::{Check, Credentials};
use super::offer::{Direction, Offer};
use super::picture::{Counters, Descriptor, Shift};
use super::ring::{Arrival, Ring};
use super::stage::{Kind, Seat};
use super::twcc::Arrivals;
use super::uplink::Uplink;
use proptest::collection::vec;
use proptest::prelude::*;
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc::rtp;
use rtc::shared::marshal::{Marshal as _, Unmarshal as _};
use std::time::Duration;

/// As Chromium writes one: a screen and a microphone sent, a picture and a sound received, data.
const CHROMIUM: &str = include_str!("tests/chromium.sdp");
/// As Firefox writes one: what a format is comes after what its settings are.
const FIREFOX: &str = include_str!("tests/firefox.sdp");

#[test]
fn what_chromium_and_firefox_offer_is_understood() {
    let chromium = Offer::read(CHROMIUM).expect("well-formed");
    let directions: Vec<_> = chromium.sections.iter().map(|section| section.direction).collect();
    assert_eq!(directions[..4], [Direction::Sends, Direction::Sends, Direction::Receives, Direction::Receives]);
    let [screen, sound] = &chromium.sections[..2] else { panic!("two sections") };
    assert_eq!(screen.pictures.get(Codec::Vp8), Some(Types { plain: 96, repair: Some(97) }));
    assert_eq!((sound.sound, sound.redundant), (Some(111), Some(63)));
    assert_eq!((screen.ssrc, screen.repair_ssrc), (Some(11), Some(12)));
    let firefox = Offer::read(FIREFOX).expect("well-formed");
    assert_eq!(firefox.sections[0].pictures.get(Codec::Vp8), Some(Types { plain: 120, repair: Some(124) }));
    assert_eq!(firefox.sections[0].rids, ["q", "h", "f"]);
}

#[test]
fn a_section_that_is_closed_is_refused_and_needs_no_bundle() {
    let closed = CHROMIUM.replacen("m=video 9", "m=video 0", 1).replacen("BUNDLE 0 1", "BUNDLE 1", 1);
    let offer = Offer::read(&closed).expect("well-formed");
    assert!(!offer.sections[0].is_understood());
    assert!(answer(&offer).contains("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n"));
    let shared = closed.replacen("a=mid:0", "a=bundle-only\r\na=mid:0", 1).replacen("BUNDLE 1", "BUNDLE 0 1", 1);
    assert!(Offer::read(&shared).expect("well-formed").sections[0].is_understood());
}

fn answer(offer: &Offer) -> String {
    let credentials = Credentials { name: "name".to_owned(), password: "password".to_owned() };
    let address = "192.0.2.1:3478".parse().expect("an address");
    let candidates = [Protocol::Udp, Protocol::Tcp].map(|protocol| Candidate { protocol, address });
    let taken: Vec<_> = offer.sections.iter().map(|section| (section.mid.clone(), Some(Codec::Vp8))).collect();
    Answer { credentials: &credentials, fingerprint: &[7; 32], candidates: &candidates, taken: &taken }.write(offer)
}

/// An offer with some lines gone, said twice, cut short, or with something else in them.
fn damaged() -> impl Strategy<Value = String> {
    let damage = (any::<prop::sample::Index>(), 0..4_u8, "[ -~]{0,12}");
    (prop_oneof![Just(CHROMIUM), Just(FIREFOX)], vec(damage, 0..6)).prop_map(|(offer, damages)| {
        let mut lines: Vec<String> = offer.lines().map(str::to_owned).collect();
        for (at, how, noise) in damages {
            let at = at.index(lines.len());
            match how {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => {
                    let half = lines[at].len() / 2;
                    lines[at].truncate(half);
                }
                _ => lines[at].push_str(&noise),
            }
        }
        lines.join("\r\n")
    })
}

fn sections(sdp: &str) -> usize {
    sdp.lines().filter(|line| line.starts_with("m=")).count()
}

proptest! {
    #[test]
    fn any_text_is_an_offer_or_refused(text in any::<String>()) {
        let _ = Offer::read(&text);
    }

    #[test]
    fn a_damaged_offer_is_refused_or_answered_section_by_section(offer in damaged()) {
        if let Ok(read) = Offer::read(&offer) {
            prop_assert_eq!(sections(&answer(&read)), sections(&offer));
            let sends: Vec<_> = read.sections.iter().map(|section| (section.mid.clone(), Kind::Camera)).collect();
            Uplink::default().learn(&read, &sends, |_| Seat::new(1), |_, _| Some(Codec::Vp8));
        }
    }

    #[test]
    fn any_payload_is_read_or_refused_and_only_its_counters_are_rewritten(
        payload in vec(any::<u8>(), 0..24), picture: u16, base: u8, before: (u16, u8), codec in 0..3_usize,
    ) {
        let codec = Codec::ALL[codec];
        let Some(descriptor) = Descriptor::read(codec, &payload) else { return Ok(()) };
        let last = Counters { picture: before.0 & 0x7fff, base: before.1 };
        let shift = Shift::after(Some(last), Counters { picture, base });
        let mut rewritten = payload.clone();
        descriptor.rewrite(&mut rewritten, shift);
        prop_assert_eq!(Descriptor::read(codec, &rewritten), Some(descriptor));
        let changed = payload.iter().zip(&rewritten).filter(|(one, other)| one != other).count();
        prop_assert!(rewritten.len() == payload.len() && changed <= 3, "{:?} became {:?}", payload, rewritten);
    }

    #[test]
    fn whatever_numbers_come_reports_about_them_are_well_formed(
        came in vec((any::<u16>(), 0..3_000_u64), 1..600), split: prop::sample::Index,
    ) {
        let mut arrivals = Arrivals::default();
        let split = split.index(came.len());
        for part in [&came[..split], &came[split..]] {
            for (sequence, millis) in part {
                arrivals.note(*sequence, Duration::from_millis(*millis));
            }
            if let Some(report) = arrivals.report(9) {
                prop_assert!(report.packet_status_count <= 402);
                let read = TransportLayerCc::unmarshal(&mut report.marshal().expect("bytes")).expect("well-formed");
                prop_assert_eq!(read.recv_deltas, report.recv_deltas);
            }
        }
    }

    #[test]
    fn whatever_numbers_come_a_ring_keeps_each_where_it_is_found(sequences in vec(any::<u16>(), 1..200)) {
        let mut ring = Ring::new(16, 1);
        for sequence in sequences {
            let arrival = Arrival { sequence, timestamp: 0, marker: false, picture: None, level: None, payload: &[1] };
            let before = ring.end();
            ring.keep(&arrival, super::engine::clock());
            prop_assert!(ring.end() >= before);
            for index in ring.end().saturating_sub(16)..ring.end() {
                let kept = ring.get(index);
                prop_assert!(kept.is_none_or(|packet| packet.index == index && ring.reaches(index)));
            }
        }
    }

    #[test]
    fn any_datagram_is_a_check_or_refused(datagram in vec(any::<u8>(), 0..200), begin in any::<bool>()) {
        // Half of them begin like one (RFC 8489, section 5).
        let start: &[u8] = if begin { &[0, 1, 0, 80, 0x21, 0x12, 0xa4, 0x42] } else { &[] };
        let datagram = [start, &datagram].concat();
        let identity = Identity::new().expect("randomness");
        let ours = Credentials::new([7; 32]);
        if let Ok(mut check) = Check::read(&datagram) {
            let from = "192.0.2.1:9".parse().expect("an address");
            prop_assert!(check.answer(from, &ours, identity.provider.as_ref()).is_err());
        }
    }

    #[test]
    fn any_header_belongs_to_a_stream_or_nowhere(datagram in vec(any::<u8>(), 12..80), extended in any::<bool>()) {
        let offer = Offer::read(FIREFOX).expect("well-formed");
        let mut uplink = Uplink::default();
        uplink.learn(&offer, &[("0".to_owned(), Kind::Camera)], |_| Seat::new(1), |_, _| Some(Codec::Vp8));
        let mut datagram = datagram;
        datagram[0] = if extended { 0x90 } else { 0x80 };
        if let Ok(header) = rtp::Header::unmarshal(&mut datagram.as_slice()) {
            let _ = uplink.transport_sequence(&header);
            prop_assert!(uplink.stream(&header).is_none_or(|stream| stream.line == 0 && stream.layer < 3));
        }
    }
}
