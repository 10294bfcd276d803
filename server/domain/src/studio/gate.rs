//! The gate before publication: what stands in the way of readers, where, and what to do about it.
//!
//! What [`parse`](crate::course::parse) reports is no course at all, and blocks. Beyond it, the gate judges what a
//! well-formed course says: images whose words say nothing, links that lead who knows where, texts that few would read
//! to their end, chapters too heavy for a thin line.

mod captions;
mod reading;
#[cfg(test)]
mod tests;
mod weight;
mod words;

pub use reading::{Level, Readability, readability};
pub use weight::{SLOW_LINE, THIN_LINE, Weight, seconds};

use super::folder::path_in_draft;
use crate::course::parse::{Problem, SourceFile};
use crate::course::{Chapter, Course};
use crate::ids::ChapterSlug;
use sha2::{Digest as _, Sha256};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is published as long as it stands, unless it is waived.
    Blocking,
    /// Told, and left to the author.
    Advice,
}

/// What a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The files do not make a course.
    Format,
    Alternative,
    LinkText,
    Label,
    Captions,
    Transcript,
    Reading,
    Weight,
}

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub severity: Severity,
    pub rule: Rule,
    /// As the draft names it: `accueil/chapter.md`.
    pub file: String,
    /// From 1.
    pub line: u32,
    /// What is wrong.
    pub said: String,
    /// What to do; empty where `said` says it.
    pub remedy: String,
    /// The same for the same thing in the same file, wherever it stands there: what a waiver is known by.
    pub key: String,
}

/// What a chapter asks of its reader, and of their line.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    pub chapter: ChapterSlug,
    pub title: String,
    pub reading: Readability,
    pub weight: Weight,
}

/// All that the gate has to say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The blocking ones first, then by place.
    pub findings: Vec<Finding>,
    /// By chapter, in order; none where the files make no course.
    pub figures: Vec<Figures>,
}

impl Rule {
    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Format => "Forme du cours",
            Self::Alternative => "Description d’image",
            Self::LinkText => "Texte de lien",
            Self::Label => "Titre de colonne",
            Self::Captions => "Sous-titres",
            Self::Transcript => "Transcription",
            Self::Reading => "Niveau de lecture",
            Self::Weight => "Poids",
        }
    }

    /// Whether an author may let a blocking finding stand, with a reason.
    #[must_use]
    pub fn may_be_waived(self) -> bool {
        self != Self::Format
    }
}

impl Finding {
    fn new(
        (severity, rule): (Severity, Rule),
        (file, line): (&str, u32),
        subject: &str,
        said: String,
        remedy: impl Into<String>,
    ) -> Self {
        let file = path_in_draft(file);
        let digest = Sha256::digest(format!("{}\0{file}\0{subject}", rule.name()));
        let key = digest.iter().take(10).fold(String::new(), |key, byte| key + &format!("{byte:02x}"));
        Self { severity, rule, file, line: line.max(1), said, remedy: remedy.into(), key }
    }

    /// Whether publication waits for it, `waived` being the keys of what was let stand.
    #[must_use]
    pub fn blocks(&self, waived: &[String]) -> bool {
        self.severity == Severity::Blocking && !(self.rule.may_be_waived() && waived.contains(&self.key))
    }
}

/// Judges a course, and the files that it was read from.
#[must_use]
pub fn check(course: Option<&Course>, problems: &[Problem], files: &[SourceFile]) -> Report {
    let format = |Problem { file, line, said }: &Problem| {
        Finding::new((Severity::Blocking, Rule::Format), (file, *line), said, said.clone(), "")
    };
    let mut report = Report { findings: problems.iter().map(format).collect(), figures: Vec::new() };
    for file in files {
        report.findings.extend(words::check(file));
    }
    for chapter in course.iter().flat_map(|course| &course.chapters) {
        let source = Source::of(chapter, files);
        let figures = Figures {
            chapter: chapter.slug.clone(),
            title: chapter.title.clone(),
            reading: readability(chapter),
            weight: Weight::of(chapter, files),
        };
        report.findings.extend(captions::check(chapter, &source));
        report.findings.extend(reading::check(&figures, &source));
        report.findings.extend(weight::check(&figures, chapter, &source, files));
        report.figures.push(figures);
    }
    report.findings.sort();
    report.findings.dedup_by(|one, other| one.key == other.key && one.line == other.line);
    report
}

/// The files of a chapter, to say where something stands.
struct Source<'f> {
    /// `01-accueil`
    folder: String,
    files: &'f [SourceFile],
}

impl<'f> Source<'f> {
    fn of(chapter: &Chapter, files: &'f [SourceFile]) -> Self {
        let wanted = format!("{}/chapter.md", chapter.slug);
        let file = files.iter().find(|file| path_in_draft(&file.path) == wanted);
        let folder =
            file.and_then(|file| file.path.split_once('/')).map_or(chapter.slug.as_str(), |(folder, _)| folder);
        Self { folder: folder.to_owned(), files }
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    /// The first line of that file which holds these words; 1 where none does.
    fn line(&self, name: &str, words: &str) -> u32 {
        let path = self.path(name);
        let file = self.files.iter().find(|file| file.path == path);
        let text = file.map(|file| String::from_utf8_lossy(&file.bytes)).unwrap_or_default();
        let place = text.lines().position(|line| line.contains(words)).unwrap_or(0);
        u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1)
    }
}
