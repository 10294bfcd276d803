//! Captions: WebVTT, read strictly.

use super::report::Report;
use crate::course::Cue;

/// The captions of a file. Comments, styles and regions are passed over.
pub(super) fn read(file: &str, text: &str, report: &mut Report) -> Vec<Cue> {
    let mut lines = text.lines().zip(1u32..).peekable();
    let header =
        |line: &str| line.strip_prefix("WEBVTT").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']));
    if lines.next_if(|(line, _)| header(line)).is_none() {
        report.say(file, 1, "un fichier de sous-titres commence par une ligne WEBVTT : ajoutez-la");
    }
    let mut cues: Vec<Cue> = Vec::new();
    while lines.peek().is_some() {
        let block: Vec<(&str, u32)> = lines.by_ref().take_while(|(line, _)| !line.trim().is_empty()).collect();
        let Some(&(first, line)) = block.first() else { continue };
        if ["NOTE", "STYLE", "REGION"].iter().any(|word| first == *word || first.starts_with(&format!("{word} "))) {
            continue;
        }
        let timing = block.iter().take(2).position(|(line, _)| line.contains("-->"));
        let header = line == 2 && timing.is_none() && block.iter().all(|(line, _)| line.contains(':'));
        if header {
            continue;
        }
        let Some((timing_at, &(timing, line))) = timing.and_then(|at| Some((at, block.get(at)?))) else {
            report.say(file, line, "il manque la ligne des temps avant ce sous-titre : 00:01.000 --> 00:04.000");
            continue;
        };
        let Some((start_ms, end_ms)) = times(timing) else {
            report.say(
                file,
                line,
                "temps mal écrits : écrivez 00:01.000 --> 00:04.000 ou 01:00:01.000 --> 01:00:04.000",
            );
            continue;
        };
        if end_ms <= start_ms {
            report.say(file, line, "ce sous-titre finit avant d’avoir commencé : corrigez le second temps");
        }
        if cues.last().is_some_and(|last| start_ms < last.end_ms && last.end_ms > last.start_ms) {
            report.say(
                file,
                line,
                "ce sous-titre commence avant la fin du précédent : remettez-les dans l’ordre, sans chevauchement",
            );
        }
        let said: Vec<String> = block.iter().skip(timing_at + 1).map(|(line, _)| plain(line)).collect();
        let text = said.join("\n").trim().to_owned();
        if text.is_empty() {
            report.say(file, line, "ce sous-titre est vide : écrivez ce qui est dit ou retirez-le");
        }
        cues.push(Cue { start_ms, end_ms, text });
    }
    if cues.is_empty() {
        report.say(file, 1, "ce fichier n’a aucun sous-titre : écrivez ce qui est dit dans le son ou la vidéo");
    }
    cues
}

/// Start and end in milliseconds; settings of place after them are passed over.
fn times(line: &str) -> Option<(u32, u32)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((time(start.trim())?, time(end)?))
}

/// `mm:ss.ttt` or `hh:mm:ss.ttt`.
fn time(text: &str) -> Option<u32> {
    let (clock, thousandths) = text.split_once('.')?;
    let parts: Vec<&str> = clock.split(':').collect();
    let (hours, minutes, seconds) = match parts.as_slice() {
        [minutes, seconds] => ("00", *minutes, *seconds),
        [hours, minutes, seconds] => (*hours, *minutes, *seconds),
        _ => return None,
    };
    let number = |text: &str, digits: std::ops::RangeInclusive<usize>, most: u32| {
        let fits = digits.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u32>().ok().filter(|number| fits && *number <= most)
    };
    let seconds = (number(hours, 2..=3, 999)? * 60 + number(minutes, 2..=2, 59)?) * 60 + number(seconds, 2..=2, 59)?;
    Some(seconds * 1000 + number(thousandths, 3..=3, 999)?)
}

/// Without tags, and with the few entities of WebVTT decoded.
fn plain(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    marks.iter().fold(text, |text, (entity, mark)| text.replace(entity, mark))
}
