//! Ogg pages (RFC 3533), with Opus (RFC 7845) or Vorbis in them.

use super::{Facts, Wrong, little};

/// What a first page says of its stream.
struct Stream {
    serial: u64,
    codec: &'static str,
    /// Samples a second in which positions are counted.
    rate: u64,
    /// Samples to be left out at the beginning.
    skipped: u64,
}

pub(super) fn read(bytes: &[u8]) -> Result<Facts, Wrong> {
    let (mut at, mut last) = (0, 0);
    let mut stream: Option<Stream> = None;
    while at < bytes.len() {
        let (serial, position, packets, end) = page(bytes, at).ok_or(Wrong::Cut)?;
        let begins = bytes.get(at + 5).is_some_and(|flags| flags & 2 != 0);
        if begins {
            if stream.is_some() {
                return Err(Wrong::Codec("plusieurs flux".to_owned()));
            }
            stream = Some(first(serial, packets)?);
        }
        if stream.as_ref().is_some_and(|stream| stream.serial == serial) && position < u64::MAX >> 1 {
            last = position;
        }
        at = end;
    }
    let stream = stream.ok_or(Wrong::Nothing)?;
    let samples = last.saturating_sub(stream.skipped);
    let length = samples.checked_mul(1000).and_then(|samples| samples.checked_div(stream.rate));
    Ok(Facts { size: None, length_ms: length.filter(|length| *length > 0), codecs: vec![stream.codec.to_owned()] })
}

/// The page at that place: its stream, its position, what is in it, and where it ends.
fn page(bytes: &[u8], at: usize) -> Option<(u64, u64, &[u8], usize)> {
    if bytes.get(at..at + 5)? != b"OggS\0" {
        return None;
    }
    let segments = usize::from(*bytes.get(at + 26)?);
    let start = at + 27 + segments;
    let length: usize = bytes.get(at + 27..start)?.iter().map(|length| usize::from(*length)).sum();
    let packets = bytes.get(start..start + length)?;
    Some((little(bytes, at + 14, 4)?, little(bytes, at + 6, 8)?, packets, start + length))
}

fn first(serial: u64, packet: &[u8]) -> Result<Stream, Wrong> {
    if packet.starts_with(b"OpusHead") {
        let skipped = little(packet, 10, 2).ok_or(Wrong::Cut)?;
        return Ok(Stream { serial, codec: "opus", rate: 48_000, skipped });
    }
    if packet.starts_with(b"\x01vorbis") {
        let rate = little(packet, 12, 4).filter(|rate| *rate > 0).ok_or(Wrong::Cut)?;
        return Ok(Stream { serial, codec: "vorbis", rate, skipped: 0 });
    }
    let known = [("\u{80}theora", "Theora"), ("Speex", "Speex"), ("\u{7f}FLAC", "FLAC")];
    let text: String = packet.iter().take(16).map(|byte| char::from(*byte)).collect();
    let named =
        known.into_iter().find(|(start, _)| text.starts_with(start)).map_or("un format inconnu", |(_, name)| name);
    Err(Wrong::Codec(named.to_owned()))
}
