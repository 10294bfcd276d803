//! MP4 (ISO/IEC 14496-12): boxes within boxes.

use super::{Facts, Wrong, big};

/// The boxes in these bytes, which they fill exactly.
fn boxes(bytes: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let (mut at, mut found) = (0, Vec::new());
    while at < bytes.len() {
        let name = bytes.get(at + 4..at + 8)?;
        let (head, size) = match big(bytes, at, 4)? {
            0 => (8, bytes.len() - at),
            1 => (16, usize::try_from(big(bytes, at + 8, 8)?).ok()?),
            size => (8, usize::try_from(size).ok()?),
        };
        let end = at.checked_add(size)?;
        found.push((name, bytes.get(at + head..end)?));
        at = end;
    }
    Some(found)
}

fn within<'b>(bytes: &'b [u8], path: &[&[u8]]) -> Option<&'b [u8]> {
    path.iter()
        .try_fold(bytes, |bytes, name| boxes(bytes)?.into_iter().find(|(known, _)| known == name).map(|(_, b)| b))
}

pub(super) fn read(bytes: &[u8]) -> Result<Facts, Wrong> {
    let whole = boxes(bytes).ok_or(Wrong::Cut)?;
    let known: [&[u8]; 14] = [
        b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"moof", b"mfra", b"sidx", b"styp", b"udta", b"uuid",
        b"meta", b"emsg",
    ];
    if !whole.iter().all(|(name, _)| known.contains(name)) || !whole.iter().any(|(name, _)| *name == b"mdat") {
        return Err(Wrong::Cut);
    }
    let movie = whole.iter().find(|(name, _)| *name == b"moov").map(|(_, inside)| *inside).ok_or(Wrong::Cut)?;
    let mut facts = Facts { length_ms: within(movie, &[b"mvhd"]).and_then(length), ..Facts::default() };
    for (_, track) in boxes(movie).ok_or(Wrong::Cut)?.into_iter().filter(|(name, _)| *name == b"trak") {
        let handler = within(track, &[b"mdia", b"hdlr"]).and_then(|handler| handler.get(8..12));
        let sample = within(track, &[b"mdia", b"minf", b"stbl", b"stsd"]).and_then(|sample| sample.get(12..16));
        let (Some(handler), Some(sample)) = (handler, sample) else { continue };
        let codec = String::from_utf8_lossy(sample).trim().to_owned();
        match handler {
            b"vide" => {
                if !["avc1", "avc3", "vp09", "av01"].contains(&codec.as_str()) {
                    return Err(Wrong::Codec(spelled(&codec)));
                }
                facts.size = within(track, &[b"tkhd"]).and_then(size);
            }
            b"soun" if !["mp4a", "Opus"].contains(&codec.as_str()) => return Err(Wrong::Codec(spelled(&codec))),
            b"soun" => {}
            _ => continue,
        }
        facts.codecs.push(codec);
    }
    if facts.size.is_none() { Err(Wrong::Nothing) } else { Ok(facts) }
}

fn length(header: &[u8]) -> Option<u64> {
    let (scale, duration) = match header.first()? {
        1 => (big(header, 20, 4)?, big(header, 24, 8)?),
        _ => (big(header, 12, 4)?, big(header, 16, 4)?),
    };
    Some(duration.checked_mul(1000)?.checked_div(scale)?).filter(|length| *length > 0)
}

/// Width and height, as numbers of sixteen bits and as many of fraction, end the header of a track.
fn size(header: &[u8]) -> Option<(u32, u32)> {
    let at = header.len().checked_sub(8)?;
    let side = |at| u32::try_from(big(header, at, 2)?).ok().filter(|side| *side > 0);
    Some((side(at)?, side(at + 4)?))
}

fn spelled(codec: &str) -> String {
    match codec {
        "hvc1" | "hev1" => "HEVC (H.265)".to_owned(),
        "mp4v" => "MPEG-4 Part 2".to_owned(),
        "ac-3" | "ec-3" => "Dolby Digital".to_owned(),
        other => other.chars().filter(char::is_ascii_graphic).collect(),
    }
}
