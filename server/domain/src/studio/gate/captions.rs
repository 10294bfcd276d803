//! Captions that can be read in time, and transcripts of what is shown.

use super::{Finding, Rule, Severity, Source};
use crate::course::{Block, Chapter, Cue, Media, MediaKind};
use crate::text::counted;

/// Characters a second that viewers follow; the broadcasters' charter of 2011 (CSA) asks for about as many.
const FASTEST: u32 = 25;
/// Characters of one caption: two lines of about forty.
const LONGEST: usize = 90;
/// Captions shorter than this are not judged by their speed.
const BRIEF_MS: u32 = 500;

pub(super) fn check(chapter: &Chapter, source: &Source<'_>) -> Vec<Finding> {
    let blocks = chapter.sections.iter().flat_map(|section| &section.blocks);
    let media = blocks.filter_map(|block| match block {
        Block::Media(media) => Some(media),
        Block::Prose { .. } => None,
    });
    media.flat_map(|media| judged(media, source)).collect()
}

fn judged(media: &Media, source: &Source<'_>) -> Vec<Finding> {
    let path = source.path("chapter.md");
    let name = media.file.rsplit('/').next().unwrap_or(&media.file);
    let place = (path.as_str(), source.line("chapter.md", name));
    let (title, subject) = (&media.title, media.file.as_str());
    let mut findings = Vec::new();
    if media.cues.is_empty() {
        findings.push(Finding::new(
            (Severity::Blocking, Rule::Captions),
            place,
            subject,
            format!("«\u{a0}{title}\u{a0}» a un fichier de sous-titres vide"),
            "Écrivez ce qui est dit\u{a0}; si rien n’est dit, sous-titrez «\u{a0}[musique]\u{a0}» ou «\u{a0}[sans parole]\u{a0}».",
        ));
    }
    let fast = media.cues.iter().filter(|cue| speed(cue) > FASTEST).count();
    if fast > 0 {
        findings.push(Finding::new(
            (Severity::Advice, Rule::Captions),
            place,
            &format!("{subject} fast"),
            format!(
                "«\u{a0}{title}\u{a0}»\u{a0}: {} trop vite pour être lus",
                counted(fast as u64, "sous-titre passe", "sous-titres passent")
            ),
            format!("Au plus {FASTEST} signes par seconde\u{a0}: raccourcissez-les, ou laissez-les plus longtemps."),
        ));
    }
    let long = media.cues.iter().filter(|cue| cue.text.chars().count() > LONGEST).count();
    if long > 0 {
        findings.push(Finding::new(
            (Severity::Advice, Rule::Captions),
            place,
            &format!("{subject} long"),
            format!(
                "«\u{a0}{title}\u{a0}»\u{a0}: {} deux lignes",
                counted(long as u64, "sous-titre dépasse", "sous-titres dépassent")
            ),
            "Coupez-les en plusieurs.",
        ));
    }
    if media.kind == MediaKind::Video && media.transcript.is_none() {
        findings.push(Finding::new(
            (Severity::Advice, Rule::Transcript),
            place,
            subject,
            format!("«\u{a0}{title}\u{a0}» n’a pas de transcription écrite\u{a0}: les sous-titres en tiennent lieu"),
            "Si l’image montre ce que personne ne dit, écrivez une transcription qui le raconte.",
        ));
    }
    findings
}

/// Characters a second.
fn speed(cue: &Cue) -> u32 {
    let shown = cue.end_ms.saturating_sub(cue.start_ms).max(BRIEF_MS);
    let signs = u32::try_from(cue.text.chars().count()).unwrap_or(u32::MAX);
    signs.saturating_mul(1000) / shown
}
