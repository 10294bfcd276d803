//! Captions from one form to another: `SubRip` and Open edX's JSON read, `WebVTT` and `SubRip` written.

use super::{Notes, html};
use crate::course::Cue;
use serde::Deserialize;

/// Open edX's own form: three lists of the same length, times in milliseconds.
#[derive(Debug, Deserialize)]
struct Json {
    start: Vec<f64>,
    end: Vec<f64>,
    text: Vec<Option<String>>,
}

/// The captions of a file, by what it looks like: in order, without overlap, none empty.
pub(super) fn read(bytes: &[u8], notes: &mut Notes) -> Result<Vec<Cue>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| String::from("les sous-titres ne sont pas en UTF-8"))?;
    let text = html::sound(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut cues = if text.trim_start().starts_with('{') { json(&text)? } else { blocks(&text) };
    for cue in &mut cues {
        cue.text = html::plain(&cue.text).replace("-->", "→");
    }
    cues.retain(|cue| !cue.text.is_empty() && cue.end_ms > cue.start_ms);
    cues.sort_by_key(|cue| (cue.start_ms, cue.end_ms));
    let starts: Vec<u32> = cues.iter().skip(1).map(|cue| cue.start_ms).collect();
    for (cue, next) in cues.iter_mut().zip(starts) {
        if cue.end_ms > next {
            notes.say("des sous-titres se chevauchaient : chacun finit quand le suivant commence");
            cue.end_ms = next;
        }
    }
    cues.retain(|cue| cue.end_ms > cue.start_ms);
    if cues.is_empty() { Err(String::from("le fichier de sous-titres n’en contient aucun")) } else { Ok(cues) }
}

fn json(text: &str) -> Result<Vec<Cue>, String> {
    let json: Json = serde_json::from_str(text).map_err(|_| String::from("les sous-titres (JSON) sont mal écrits"))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the bounds of u32")]
    let ms = |time: f64| time.round().clamp(0.0, f64::from(u32::MAX)) as u32;
    let cues = json.start.into_iter().zip(json.end).zip(json.text);
    Ok(cues
        .map(|((start, end), text)| Cue { start_ms: ms(start), end_ms: ms(end), text: text.unwrap_or_default() })
        .collect())
}

/// `SubRip`, or `WebVTT` without its header.
fn blocks(text: &str) -> Vec<Cue> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((start, end)) = line.split_once("-->") else { continue };
        let end = end.split_whitespace().next().unwrap_or_default();
        let (Some(start_ms), Some(end_ms)) = (time(start.trim()), time(end)) else { continue };
        let mut said = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.trim().is_empty()) {
            said.push(line.trim());
        }
        cues.push(Cue { start_ms, end_ms, text: said.join(" ") });
    }
    cues
}

/// `00:01:02,345`, with a comma or a point, with or without hours.
fn time(text: &str) -> Option<u32> {
    let (clock, thousandths) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let seconds = clock
        .split(':')
        .try_fold(0u32, |sum, part| sum.checked_mul(60)?.checked_add(part.trim().parse::<u32>().ok()?))?;
    let thousandths: String = format!("{thousandths}00").chars().take(3).collect();
    seconds.checked_mul(1000)?.checked_add(thousandths.parse().ok()?)
}

/// As `WebVTT`.
pub(super) fn vtt(cues: &[Cue]) -> String {
    let mut out = String::from("WEBVTT\n");
    for cue in cues {
        let text = cue.text.replace('&', "&amp;").replace('<', "&lt;");
        push!(out, "\n{} --> {}\n{text}\n", clock(cue.start_ms, '.'), clock(cue.end_ms, '.'));
    }
    out
}

/// As `SubRip`.
pub(super) fn srt(cues: &[Cue]) -> String {
    let mut out = String::new();
    for (number, cue) in (1..).zip(cues) {
        let (start, end) = (clock(cue.start_ms, ','), clock(cue.end_ms, ','));
        push!(out, "{number}\n{start} --> {end}\n{}\n\n", cue.text);
    }
    out
}

fn clock(ms: u32, mark: char) -> String {
    let seconds = ms / 1000;
    format!("{:02}:{:02}:{:02}{mark}{:03}", seconds / 3600, seconds / 60 % 60, seconds % 60, ms % 1000)
}

/// What is said, in paragraphs of some sentences, in Markdown.
pub(super) fn transcript(cues: &[Cue]) -> String {
    let mut paragraphs = vec![String::new()];
    for cue in cues {
        if paragraphs
            .last()
            .is_some_and(|last| last.len() > 500 && last.ends_with(['.', '!', '?', '…']) || last_is_long(&paragraphs))
        {
            paragraphs.push(String::new());
        }
        if let Some(last) = paragraphs.last_mut() {
            last.push_str(if last.is_empty() { "" } else { " " });
            last.push_str(&cue.text);
        }
    }
    paragraphs.iter().map(|text| html::literal(text)).collect::<Vec<_>>().join("\n\n")
}

/// Captions without punctuation have to be cut somewhere.
fn last_is_long(paragraphs: &[String]) -> bool {
    paragraphs.last().is_some_and(|last| last.len() > 900)
}
