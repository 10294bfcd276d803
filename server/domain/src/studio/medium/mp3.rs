//! MP3 (ISO/IEC 11172-3 and 13818-3, layer III): frame after frame to the end.

use super::{Facts, Wrong, big};

/// Kilobits a second, by index: MPEG 1, then MPEG 2 and 2.5.
const RATES: [[usize; 16]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
];

pub(super) fn read(bytes: &[u8]) -> Result<Facts, Wrong> {
    let mut at = tag(bytes).ok_or(Wrong::Cut)?;
    let mut microseconds = 0_u64;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let Some((length, duration)) = frame(rest) else {
            let is_tag = rest.len() == 128 && rest.starts_with(b"TAG");
            if microseconds > 0 && (is_tag || rest.iter().all(|byte| *byte == 0)) {
                break;
            }
            return Err(Wrong::Cut);
        };
        if length > rest.len() {
            return Err(Wrong::Cut);
        }
        microseconds += duration;
        at += length;
    }
    if microseconds == 0 {
        return Err(Wrong::Nothing);
    }
    Ok(Facts { size: None, length_ms: Some(microseconds / 1000), codecs: vec!["mp3".to_owned()] })
}

/// Where the sound begins, after what is written of it (`ID3v2`).
fn tag(bytes: &[u8]) -> Option<usize> {
    if !bytes.starts_with(b"ID3") {
        return Some(0);
    }
    let size = big(bytes, 6, 4)?;
    let size = (0..4).fold(0, |sum, part| sum | (size >> (8 * part) & 0x7f) << (7 * part));
    usize::try_from(size).ok()?.checked_add(10).filter(|end| *end < bytes.len())
}

/// The length of a frame in bytes, and in microseconds.
fn frame(bytes: &[u8]) -> Option<(usize, u64)> {
    let [first, second, third, _] = *bytes.get(..4)? else { return None };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if first != 0xff || second & 0xe0 != 0xe0 || layer != 1 || version == 1 {
        return None;
    }
    let is_first = version == 3;
    let rate = *RATES.get(usize::from(!is_first))?.get(usize::from(third >> 4))? * 1000;
    let halved = match version {
        3 => 1,
        2 => 2,
        _ => 4,
    };
    let sampling = *[44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / halved;
    let samples = if is_first { 1152 } else { 576 };
    let length = samples / 8 * rate / sampling + usize::from(third >> 1 & 1);
    let microseconds = u64::try_from(samples * 1_000_000 / sampling).ok()?;
    (rate > 0).then_some((length, microseconds))
}
