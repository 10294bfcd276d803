//! What one browser sends: its media sections, and which of their streams a packet belongs to.

use super::codec::{Codec, Codecs};
use super::extension::Extensions;
use super::offer::{Direction, Offer};
use super::stage::{Kind, LAYERS, Seat};
use super::twcc::Arrivals;
use rtc::rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use rtc::rtp;

/// Most sources that one browser may send from: a person and a screen, three encodings each, with repairs.
const MOST_SOURCES: usize = 24;

/// One media section that the browser sends in.
#[derive(Debug)]
pub struct Line {
    pub mid: String,
    pub kind: Kind,
    pub seat: Seat,
    pub muted: bool,
    /// What the browser could send pictures in, and what it sends them in.
    pub offered: Codecs,
    pub codec: Option<Codec>,
    pub payload_type: u8,
    /// Of sound sent twice.
    pub redundant: Option<u8>,
    repair: Option<u8>,
    rids: Vec<String>,
}

/// Where a packet belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stream {
    ssrc: u32,
    /// Index of the line.
    pub line: usize,
    pub layer: usize,
    /// A retransmission (RFC 4588) rather than the packet itself.
    pub repair: bool,
}

/// All that one browser sends.
#[derive(Debug, Default)]
pub struct Uplink {
    pub lines: Vec<Line>,
    pub arrivals: Arrivals,
    streams: Vec<Stream>,
    extensions: Extensions,
}

impl Uplink {
    /// Reads the sections that are sent in, keeping what was muted. `agreed` says what pictures are sent in.
    pub fn learn(
        &mut self,
        offer: &Offer,
        sends: &[(String, Kind)],
        seat: impl Fn(Kind) -> Option<Seat>,
        agreed: impl Fn(Kind, &Codecs) -> Option<Codec>,
    ) {
        let before = std::mem::take(&mut self.lines);
        let streams = std::mem::take(&mut self.streams);
        for section in offer.sections.iter().filter(|section| section.direction == Direction::Sends) {
            let kind = sends.iter().find(|(mid, _)| *mid == section.mid).map(|(_, kind)| *kind);
            let Some((kind, seat)) = kind.and_then(|kind| Some((kind, seat(kind)?))) else { continue };
            let codec = if kind.is_picture() { agreed(kind, &section.pictures) } else { None };
            let types = codec.and_then(|codec| section.pictures.get(codec));
            let payload_type = if kind.is_picture() { types.map(|types| types.plain) } else { section.sound };
            let Some(payload_type) = payload_type else { continue };
            let line = self.lines.len();
            let announced = [(section.ssrc, false), (section.repair_ssrc, true)];
            let announced = announced.into_iter().filter_map(|(ssrc, repair)| Some((ssrc?, repair)));
            if section.rids.is_empty() && section.ssrc.is_some() {
                self.streams.extend(announced.map(|(ssrc, repair)| Stream { ssrc, line, layer: 0, repair }));
            } else {
                // A browser says which source is what until it is heard once, and not again after another offer.
                let same = before.iter().position(|line| line.mid == section.mid && line.rids == section.rids);
                let known = streams.iter().filter(|stream| Some(stream.line) == same);
                self.streams.extend(known.map(|stream| Stream { line, ..*stream }));
            }
            // Sound knows nothing of simulcast: what a section does not name, another one may.
            for (uri, id) in section.extensions.iter().filter_map(|(uri, id)| Some((uri, id?))) {
                self.extensions.learn(uri, id);
            }
            self.lines.push(Line {
                mid: section.mid.clone(),
                kind,
                seat,
                muted: before.iter().any(|line| line.mid == section.mid && line.muted),
                offered: section.pictures,
                codec,
                payload_type,
                redundant: section.redundant,
                repair: types.and_then(|types| types.repair),
                rids: section.rids.clone(),
            });
        }
    }

    /// Whether that line sends several encodings.
    pub fn is_simulcast(&self, kind: Kind) -> bool {
        self.lines.iter().any(|line| line.kind == kind && line.rids.len() > 1)
    }

    /// The transport sequence number of a packet, where the browser counts them.
    pub fn transport_sequence(&self, header: &rtp::Header) -> Option<u16> {
        let bytes = header.get_extension(self.extensions.transport_sequence?)?;
        Some(u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]))
    }

    /// How many dB a packet of sound is below the loudest there is, where the browser says so (RFC 6464).
    pub fn level(&self, header: &rtp::Header) -> Option<u8> {
        Some(header.get_extension(self.extensions.level?)?.first()? & 0x7f)
    }

    /// Where a packet belongs; nothing where it belongs nowhere.
    pub fn stream(&mut self, header: &rtp::Header) -> Option<Stream> {
        if let Some(known) = self.streams.iter().find(|stream| stream.ssrc == header.ssrc) {
            return self.fits(*known, header).then_some(*known);
        }
        // A source not announced says which section and which encoding it is (RFC 8852).
        let words = |id: Option<u8>| header.get_extension(id?).filter(|word| !word.is_empty());
        let mid = words(self.extensions.mid)?;
        let line = self.lines.iter().position(|line| line.mid.as_bytes() == mid.as_ref())?;
        let repaired = words(self.extensions.repaired_rid);
        let rid = repaired.clone().or_else(|| words(self.extensions.rid));
        let rids = &self.lines.get(line)?.rids;
        let layer = match rid {
            Some(rid) => rids.iter().position(|known| known.as_bytes() == rid.as_ref())?,
            None if rids.is_empty() => 0,
            None => return None,
        };
        let repair = self.lines.get(line)?.repair == Some(header.payload_type);
        let stream = Stream { ssrc: header.ssrc, line, layer: layer.min(LAYERS - 1), repair };
        if self.streams.len() == MOST_SOURCES || !self.fits(stream, header) {
            return None;
        }
        self.streams.push(stream);
        Some(stream)
    }

    /// The packet's payload type is that of its stream.
    fn fits(&self, stream: Stream, header: &rtp::Header) -> bool {
        self.lines.get(stream.line).is_some_and(|line| {
            if stream.repair {
                line.repair == Some(header.payload_type)
            } else {
                [Some(line.payload_type), line.redundant].contains(&Some(header.payload_type))
            }
        })
    }

    /// How its packets came since the last report. It names one of the browser's sources: Chromium passes over what
    /// names another, and without reports gives up rate until next to nothing is left.
    pub fn report(&mut self) -> Option<TransportLayerCc> {
        let source = self.streams.iter().find(|stream| !stream.repair)?;
        self.arrivals.report(source.ssrc)
    }

    /// Where a source belongs, by its number alone.
    pub fn of_source(&self, ssrc: u32) -> Option<Stream> {
        self.streams.iter().find(|stream| stream.ssrc == ssrc).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rtc::rtp::header::Extension;

    const SIMULCAST: &str = "v=0\r\na=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijkl\r\n\
        a=fingerprint:sha-256 00:01:02:03:04:05:06:07:08:09:0A:0B:0C:0D:0E:0F:10:11:12:13:14:15:16:17:18:19:1A:1B:1C:1D:1E:1F\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\na=sendonly\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n\
        a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n\
        a=rid:q send\r\na=rid:f send\r\na=simulcast:send q;f\r\n";

    #[test]
    fn a_source_that_said_which_encoding_it_is_need_not_say_it_again_after_another_offer() {
        let offer = Offer::read(SIMULCAST).expect("well-formed");
        let sends = [("0".to_owned(), Kind::Camera)];
        let mut uplink = Uplink::default();
        uplink.learn(&offer, &sends, |_| Seat::new(1), |_, _| Some(Codec::Vp8));
        let silent = rtp::Header { version: 2, payload_type: 96, ssrc: 77, ..rtp::Header::default() };
        assert_eq!(uplink.stream(&silent), None, "it has said nothing yet");
        let mut named = silent.clone();
        named.extension = true;
        named.extension_profile = 0xbede;
        named.extensions =
            [(4, "0"), (10, "f")].map(|(id, word)| Extension { id, payload: word.as_bytes().to_vec().into() }).to_vec();
        assert_eq!(uplink.stream(&named).map(|stream| stream.layer), Some(1));
        uplink.learn(&offer, &sends, |_| Seat::new(1), |_, _| Some(Codec::Vp8));
        assert_eq!(uplink.stream(&silent).map(|stream| stream.layer), Some(1));
    }
}
