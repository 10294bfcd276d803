//! The header extensions of RTP that are of use here.

/// Identifiers of header extensions (RFC 8285, one-byte form), the same in all sections of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extensions {
    pub mid: Option<u8>,
    pub rid: Option<u8>,
    pub repaired_rid: Option<u8>,
    pub transport_sequence: Option<u8>,
    pub level: Option<u8>,
    pub sent_at: Option<u8>,
}

/// URIs of the header extensions, in the order of [`Extensions`]' fields.
pub const EXTENSIONS: [&str; 6] = [
    "urn:ietf:params:rtp-hdrext:sdes:mid",
    "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
    "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
];

impl Extensions {
    /// The identifiers beside their URIs.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<u8>)> {
        let ids = [self.mid, self.rid, self.repaired_rid, self.transport_sequence, self.level, self.sent_at];
        EXTENSIONS.into_iter().zip(ids)
    }

    /// Takes up an identifier, where the extension is of use here.
    pub fn learn(&mut self, uri: &str, id: u8) {
        let fields = [
            &mut self.mid,
            &mut self.rid,
            &mut self.repaired_rid,
            &mut self.transport_sequence,
            &mut self.level,
            &mut self.sent_at,
        ];
        for (known, field) in EXTENSIONS.into_iter().zip(fields) {
            if known == uri {
                *field = Some(id);
            }
        }
    }
}
