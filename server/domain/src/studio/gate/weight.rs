//! What a chapter weighs on a line.

use super::{Figures, Finding, Rule, Severity, Source};
use crate::course::parse::SourceFile;
use crate::course::{Block, Chapter};
use crate::text::{counted, integer};
use std::collections::BTreeSet;

/// A rural line on a bad day, in bits a second.
pub const THIN_LINE: u64 = 128_000;
/// An ordinary line of the country, in bits a second.
pub const SLOW_LINE: u64 = 2_000_000;

/// Seconds that a reader waits for the text and images of a chapter, on a thin line, before giving up.
const LONGEST: u64 = 30;

/// Bytes of a chapter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    /// HTML, before it is compressed on the way.
    pub text: u64,
    pub images: u64,
    /// Sounds, videos and their captions, which are loaded when they are played.
    pub media: u64,
}

/// Seconds that so many bytes take on a line of so many bits a second.
#[must_use]
pub fn seconds(bytes: u64, line: u64) -> u64 {
    bytes.saturating_mul(8).div_ceil(line.max(1))
}

impl Weight {
    /// What comes before the first word can be read with its pictures.
    #[must_use]
    pub fn at_once(&self) -> u64 {
        self.text.saturating_add(self.images)
    }

    #[must_use]
    pub fn of(chapter: &Chapter, files: &[SourceFile]) -> Self {
        let (mut weight, mut images) = (Self::default(), BTreeSet::new());
        for block in chapter.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Prose { html } => {
                    weight.text += html.len() as u64;
                    images.extend(shown(html));
                }
                Block::Media(media) => {
                    images.extend(media.poster.as_deref());
                    weight.media += size(&media.file, files) + size(&media.captions, files);
                }
            }
        }
        weight.images = images.into_iter().map(|path| size(path, files)).sum();
        weight
    }
}

/// The files of the images in some HTML.
fn shown(html: &str) -> impl Iterator<Item = &str> {
    html.split("src=\"media:///").skip(1).filter_map(|rest| rest.split('"').next())
}

fn size(path: &str, files: &[SourceFile]) -> u64 {
    files.iter().find(|file| file.path == path).map_or(0, |file| file.bytes.len() as u64)
}

pub(super) fn check(figures: &Figures, chapter: &Chapter, source: &Source<'_>, files: &[SourceFile]) -> Vec<Finding> {
    let path = source.path("chapter.md");
    let mut findings = Vec::new();
    let wait = seconds(figures.weight.at_once(), THIN_LINE);
    if wait > LONGEST {
        findings.push(Finding::new(
            (Severity::Advice, Rule::Weight),
            (&path, 1),
            "chapter",
            format!(
                "le chapitre pèse {}\u{a0}ko sans ses vidéos\u{a0}: {} d’attente à 128\u{a0}kbit/s",
                integer(figures.weight.at_once() / 1000),
                counted(wait, "seconde", "secondes")
            ),
            "Allégez ses images, ou coupez-le en deux.",
        ));
    }
    for block in chapter.sections.iter().flat_map(|section| &section.blocks) {
        let Block::Media(media) = block else { continue };
        let bytes = size(&media.file, files);
        let lasts = media.cues.iter().map(|cue| cue.end_ms).max().map_or(0, |end| u64::from(end / 1000));
        // Captions end before the medium does: a short silence is granted.
        if lasts > 0 && seconds(bytes, SLOW_LINE) > lasts + lasts / 4 + 5 {
            let name = media.file.rsplit('/').next().unwrap_or(&media.file);
            findings.push(Finding::new(
                (Severity::Advice, Rule::Weight),
                (&path, source.line("chapter.md", name)),
                &media.file,
                format!(
                    "«\u{a0}{}\u{a0}» s’arrêtera en route à 2\u{a0}Mbit/s\u{a0}: il arrive moins vite qu’il ne se joue",
                    media.title
                ),
                "Exportez-le avec un débit plus faible.",
            ));
        }
    }
    findings
}
