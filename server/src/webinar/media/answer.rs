//! The answer to an offer: the server is the passive side of everything.

use super::codec::{Codec, Codecs};
use super::dtls::Fingerprint;
use super::ice::Credentials;
use super::offer::{Direction, Medium, Offer, Section};
use super::stage::SEATS;
use std::fmt::Write as _;
use std::net::SocketAddr;

/// What the server says of itself.
#[derive(Debug)]
pub struct Answer<'a> {
    pub credentials: &'a Credentials,
    pub fingerprint: &'a Fingerprint,
    /// Where browsers reach media, the best way first.
    pub candidates: &'a [Candidate],
    /// The sections that the browser may send in, and in what pictures are to be sent.
    pub taken: &'a [(String, Option<Codec>)],
}

/// Over what datagrams travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Udp,
    /// Framed (RFC 4571); the server is the passive side (RFC 6544).
    Tcp,
}

/// An address under which browsers reach media.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub protocol: Protocol,
    pub address: SocketAddr,
}

/// Sources that viewers receive: the same numbers for every viewer, since each has a connection of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sources {
    pub picture: u32,
    /// Retransmissions of the picture.
    pub repair: u32,
    pub sound: u32,
}

impl Sources {
    /// Those of a seat.
    pub fn of(seat: usize) -> Self {
        let first = 1000 + 10 * u32::try_from(seat).unwrap_or_default();
        Self { picture: first, repair: first + 1, sound: first + 2 }
    }

    /// The seat that a source shows, and whether it is its picture.
    pub fn seat(ssrc: u32) -> Option<(usize, bool)> {
        let seat = usize::try_from(ssrc.checked_sub(1000)? / 10).ok().filter(|seat| *seat < SEATS)?;
        let sources = Self::of(seat);
        (ssrc == sources.picture).then_some((seat, true)).or((ssrc == sources.sound).then_some((seat, false)))
    }
}

impl Answer<'_> {
    /// Writes the answer.
    pub fn write(&self, offer: &Offer) -> String {
        let mut sdp = String::with_capacity(8_000);
        let bundled: Vec<&str> = offer.sections.iter().filter(|s| accepted(s)).map(|s| s.mid.as_str()).collect();
        let print: Vec<String> = self.fingerprint.iter().map(|byte| format!("{byte:02X}")).collect();
        line(&mut sdp, format_args!("v=0\r\no=socle 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-lite"));
        line(&mut sdp, format_args!("a=group:BUNDLE {}", bundled.join(" ")));
        line(&mut sdp, format_args!("a=fingerprint:sha-256 {}", print.join(":")));
        line(&mut sdp, format_args!("a=msid-semantic:WMS *"));
        let (mut seen, mut heard) = (0, 0);
        for section in &offer.sections {
            if !accepted(section) {
                refuse(&mut sdp, section);
                continue;
            }
            let [kind, protocol, _] = &section.line;
            let taken = self.taken.iter().find(|(mid, _)| *mid == section.mid).map(|(_, codec)| *codec);
            // A browser sends in the one it is told; what it may be sent in is all that it understands.
            let pictures = taken.flatten().map_or(section.pictures, |codec| section.pictures.only(codec));
            let types = types(section, &pictures);
            line(&mut sdp, format_args!("m={kind} 9 {protocol} {types}\r\nc=IN IP4 0.0.0.0"));
            line(&mut sdp, format_args!("a=rtcp:9 IN IP4 0.0.0.0\r\na=mid:{}", section.mid));
            self.transport(&mut sdp);
            sound(&mut sdp, section);
            codecs(&mut sdp, &pictures);
            match section.direction {
                Direction::Sends if taken.is_some() => receive(&mut sdp, section, &pictures),
                Direction::Receives => {
                    let next = if section.medium == Medium::Video { &mut seen } else { &mut heard };
                    send(&mut sdp, section, *next);
                    *next += 1;
                }
                _ => line(&mut sdp, format_args!("a=inactive")),
            }
        }
        sdp
    }

    fn transport(&self, sdp: &mut String) {
        let Credentials { name, password } = self.credentials;
        line(
            sdp,
            format_args!("a=ice-ufrag:{name}\r\na=ice-pwd:{password}\r\na=setup:passive\r\na=rtcp-mux\r\na=rtcp-rsize"),
        );
        for (number, Candidate { protocol, address }) in self.candidates.iter().enumerate() {
            // Host candidates (RFC 8445, section 5.1.2.1), preferred in their order, and UDP before TCP (RFC 6544, section
            // 4.2, where the upper three bits of what distinguishes them are those of the passive side: 4).
            let (kind, distinct, name, side) = match protocol {
                Protocol::Udp => (126, 65_535 - number, "udp", ""),
                Protocol::Tcp => (90, (4 << 13) + 8_191 - number, "tcp", " tcptype passive"),
            };
            let priority = (kind << 24) + (distinct << 8) + 255;
            let (ip, port) = (address.ip(), address.port());
            line(sdp, format_args!("a=candidate:{} 1 {name} {priority} {ip} {port} typ host{side}", number + 1));
        }
        line(sdp, format_args!("a=end-of-candidates"));
    }
}

fn accepted(section: &Section) -> bool {
    section.is_understood() && !section.mid.is_empty()
}

fn refuse(sdp: &mut String, section: &Section) {
    let [kind, protocol, format] = &section.line;
    line(sdp, format_args!("m={kind} 0 {protocol} {format}\r\nc=IN IP4 0.0.0.0\r\na=inactive"));
    if !section.mid.is_empty() {
        line(sdp, format_args!("a=mid:{}", section.mid));
    }
}

/// Payload types, as an `m=` line lists them.
fn types(section: &Section, pictures: &Codecs) -> String {
    let all = pictures.iter().flat_map(|(_, types)| [Some(types.plain), types.repair]);
    // What comes first is what the browser sends. To viewers sound goes twice only where it must.
    let all = all.chain([section.redundant, section.sound]).flatten();
    all.map(|number| number.to_string()).collect::<Vec<_>>().join(" ")
}

fn sound(sdp: &mut String, section: &Section) {
    let Some(sound) = section.sound else { return };
    line(sdp, format_args!("a=rtpmap:{sound} opus/48000/2"));
    // Forward error correction and silence: what a weak line needs (RFC 7587).
    line(sdp, format_args!("a=fmtp:{sound} minptime=10;useinbandfec=1;usedtx=1"));
    // Packets of 60 ms: of 20 ms, half of what a thin line carries would be their headers.
    line(sdp, format_args!("a=ptime:60"));
    if let Some(redundant) = section.redundant {
        line(sdp, format_args!("a=rtpmap:{redundant} red/48000/2\r\na=fmtp:{redundant} {sound}/{sound}"));
    }
}

fn codecs(sdp: &mut String, pictures: &Codecs) {
    for (codec, types) in pictures.iter() {
        let plain = types.plain;
        line(sdp, format_args!("a=rtpmap:{plain} {}", codec.name()));
        if let Some(settings) = codec.settings() {
            line(sdp, format_args!("a=fmtp:{plain} {settings}"));
        }
        for feedback in ["nack", "nack pli", "ccm fir"] {
            line(sdp, format_args!("a=rtcp-fb:{plain} {feedback}"));
        }
        if let Some(repair) = types.repair {
            line(sdp, format_args!("a=rtpmap:{repair} rtx/90000\r\na=fmtp:{repair} apt={plain}"));
        }
    }
}

/// What each packet of a section's media may be.
fn plain(section: &Section, pictures: &Codecs) -> impl Iterator<Item = u8> {
    let pictures: Vec<u8> = pictures.iter().map(|(_, types)| types.plain).collect();
    pictures.into_iter().chain(section.sound)
}

/// The server receives: the browser's estimate of its line rests on when each packet came (transport-cc).
fn receive(sdp: &mut String, section: &Section, pictures: &Codecs) {
    line(sdp, format_args!("a=recvonly"));
    for payload_type in plain(section, pictures) {
        line(sdp, format_args!("a=rtcp-fb:{payload_type} transport-cc"));
    }
    for (uri, id) in section.extensions.iter().take(5) {
        if let Some(id) = id {
            line(sdp, format_args!("a=extmap:{id} {uri}"));
        }
    }
    if !section.rids.is_empty() {
        for rid in &section.rids {
            line(sdp, format_args!("a=rid:{rid} recv"));
        }
        line(sdp, format_args!("a=simulcast:recv {}", section.rids.join(";")));
    }
}

/// The server sends a seat: picture and sound of one seat are one stream, so that lips and voice agree.
fn send(sdp: &mut String, section: &Section, seat: usize) {
    if seat >= SEATS {
        line(sdp, format_args!("a=inactive"));
        return;
    }
    let sources = Sources::of(seat);
    line(sdp, format_args!("a=sendonly"));
    for payload_type in plain(section, &section.pictures) {
        line(sdp, format_args!("a=rtcp-fb:{payload_type} goog-remb"));
    }
    // All of them, though these packets carry but the last: a browser offers its later sections, those that it sends
    // in, with what it knows from the first ones (Chromium), and simulcast needs the names of its streams.
    for (uri, id) in section.extensions.iter() {
        if let Some(id) = id {
            line(sdp, format_args!("a=extmap:{id} {uri}"));
        }
    }
    if section.medium == Medium::Audio {
        line(sdp, format_args!("a=msid:seat-{seat} sound-{seat}\r\na=ssrc:{} cname:seat-{seat}", sources.sound));
        return;
    }
    line(sdp, format_args!("a=msid:seat-{seat} picture-{seat}"));
    let repaired = section.pictures.iter().any(|(_, types)| types.repair.is_some());
    if repaired {
        line(sdp, format_args!("a=ssrc-group:FID {} {}", sources.picture, sources.repair));
    }
    // Chromium takes the source that is named first for the picture's own.
    line(sdp, format_args!("a=ssrc:{} cname:seat-{seat}", sources.picture));
    if repaired {
        line(sdp, format_args!("a=ssrc:{} cname:seat-{seat}", sources.repair));
    }
}

fn line(sdp: &mut String, words: std::fmt::Arguments) {
    // Writing to a string cannot fail.
    let _ = write!(sdp, "{words}\r\n");
}
