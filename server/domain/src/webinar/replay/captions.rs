//! The captions of a recorded webinar: those typed live, where a trainer mended them since, as text and as WebVTT.

use crate::ids::PersonId;
use crate::text::escaped;
use crate::webinar::{Change, Entry};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How long a caption stays, at most, in milliseconds: as long as two full lines take to be read.
const STAYS: u64 = 7_000;

/// A caption and when it is shown, in milliseconds from the beginning of the recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption {
    /// Place in the room's log of the entry that said it.
    pub line: u64,
    pub from: u64,
    pub to: u64,
    /// As it is read now.
    pub text: String,
    /// As it was typed live.
    pub original: String,
    /// Who mended it last, and when.
    pub mended: Option<(PersonId, Timestamp)>,
}

/// What a trainer made of a caption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    pub line: u64,
    pub text: String,
    pub by: PersonId,
    pub at: Timestamp,
}

/// The captions of a recording of that many milliseconds that begins at `zero`, in the order of time. Corrections are in
/// the order in which they were made: the last of a line is what is read.
#[must_use]
pub fn captions(entries: &[Entry], corrections: &[Correction], zero: Timestamp, milliseconds: u64) -> Vec<Caption> {
    let mended: BTreeMap<u64, &Correction> = corrections.iter().map(|known| (known.line, known)).collect();
    let said = entries.iter().filter_map(|entry| match &entry.change {
        Change::Captioned { text } => Some((entry.seq, super::place(entry.at, zero, milliseconds)?, text)),
        _ => None,
    });
    let said: Vec<_> = said.collect();
    let ends = said.iter().skip(1).map(|(_, from, _)| *from).chain([milliseconds]);
    said.iter()
        .zip(ends)
        .map(|((line, from, text), next)| {
            let known = mended.get(line);
            Caption {
                line: *line,
                from: *from,
                to: next.min(from + STAYS).max(from + 1),
                text: known.map_or_else(|| (*text).clone(), |known| known.text.clone()),
                original: (*text).clone(),
                mended: known.map(|known| (known.by, known.at)),
            }
        })
        .collect()
}

/// The same as a file of WebVTT (W3C), which browsers show over the picture.
#[must_use]
pub fn vtt(captions: &[Caption]) -> String {
    let mut file = "WEBVTT\n".to_owned();
    for Caption { line, from, to, text, .. } in captions {
        // A line end would end the caption.
        let text = escaped(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        // Writing to a text cannot fail.
        let _ = write!(file, "\n{line}\n{} --> {}\n{text}\n", stamp(*from), stamp(*to));
    }
    file
}

/// `01:02:03.004`
fn stamp(milliseconds: u64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    format!("{:02}:{:02}:{:02}.{rest:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
