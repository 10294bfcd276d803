//! `WebM`: the part of Matroska that browsers play (RFC 9559, RFC 8794).

use super::{Facts, Wrong, big};

const SEGMENT: u64 = 0x1853_8067;
const INFO: u64 = 0x1549_A966;
const TRACKS: u64 = 0x1654_AE6B;
const CLUSTER: u64 = 0x1F43_B675;

/// An element: its identifier, what is in it; the second is none where its size is unknown, and it goes to the end.
struct Element<'b> {
    id: u64,
    inside: &'b [u8],
    is_open: bool,
    end: usize,
}

fn element(bytes: &[u8], at: usize) -> Option<Element<'_>> {
    let width = |first: u8| usize::try_from(first.leading_zeros() + 1).ok().filter(|width| *width <= 8);
    let id_width = width(*bytes.get(at)?).filter(|width| *width <= 4)?;
    let id = big(bytes, at, id_width)?;
    let size_at = at + id_width;
    let size_width = width(*bytes.get(size_at)?)?;
    let mask = (1_u64 << (7 * size_width)) - 1;
    let size = big(bytes, size_at, size_width)? & mask;
    let start = size_at + size_width;
    let is_open = size == mask;
    let end = if is_open { bytes.len() } else { start.checked_add(usize::try_from(size).ok()?)? };
    Some(Element { id, inside: bytes.get(start..end)?, is_open, end })
}

/// The elements in these bytes, which they fill exactly; one of unknown size is the last.
fn elements(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        let one = element(bytes, at)?;
        at = one.end;
        found.push(one);
    }
    Some(found)
}

fn inside<'b>(elements: &[Element<'b>], id: u64) -> Option<&'b [u8]> {
    elements.iter().find(|element| element.id == id).map(|element| element.inside)
}

pub(super) fn read(bytes: &[u8]) -> Result<Facts, Wrong> {
    let whole = elements(bytes).ok_or(Wrong::Cut)?;
    let [header, segment] = whole.as_slice() else { return Err(Wrong::Cut) };
    let kind = elements(header.inside).and_then(|header| inside(&header, 0x4282));
    if segment.id != SEGMENT || kind != Some(b"webm".as_slice()) {
        return Err(Wrong::Cut);
    }
    let parts = elements(segment.inside).ok_or(Wrong::Cut)?;
    if parts.iter().any(|part| part.is_open && part.id != CLUSTER) {
        return Err(Wrong::Cut);
    }
    let mut facts = Facts { length_ms: inside(&parts, INFO).and_then(length), ..Facts::default() };
    let tracks = inside(&parts, TRACKS).and_then(elements).ok_or(Wrong::Cut)?;
    for track in tracks.iter().filter(|track| track.id == 0xAE) {
        let track = elements(track.inside).ok_or(Wrong::Cut)?;
        let codec = String::from_utf8_lossy(inside(&track, 0x86).unwrap_or_default()).trim_end_matches('\0').to_owned();
        match inside(&track, 0x83).and_then(|kind| kind.last()) {
            Some(1) => {
                if !["V_VP8", "V_VP9", "V_AV1"].contains(&codec.as_str()) {
                    return Err(Wrong::Codec(codec));
                }
                facts.size = inside(&track, 0xE0).and_then(size);
            }
            Some(2) if !["A_OPUS", "A_VORBIS"].contains(&codec.as_str()) => return Err(Wrong::Codec(codec)),
            Some(2) => {}
            _ => continue,
        }
        facts.codecs.push(codec);
    }
    if facts.codecs.is_empty() { Err(Wrong::Nothing) } else { Ok(facts) }
}

fn size(video: &[u8]) -> Option<(u32, u32)> {
    let parts = elements(video)?;
    let side = |id| inside(&parts, id).and_then(|side| u32::try_from(big(side, 0, side.len().min(8))?).ok());
    Some((side(0xB0)?, side(0xBA)?))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a length in milliseconds, bounded before"
)]
fn length(info: &[u8]) -> Option<u64> {
    let parts = elements(info)?;
    let scale = inside(&parts, 0x2A_D7B1).and_then(|scale| big(scale, 0, scale.len().min(8))).unwrap_or(1_000_000);
    let duration = inside(&parts, 0x4489)?;
    let duration = match duration.len() {
        4 => f64::from(f32::from_be_bytes(duration.try_into().ok()?)),
        8 => f64::from_be_bytes(duration.try_into().ok()?),
        _ => return None,
    };
    let milliseconds = duration * scale as f64 / 1_000_000.0;
    (milliseconds.is_finite() && (1.0..1e12).contains(&milliseconds)).then_some(milliseconds as u64)
}
