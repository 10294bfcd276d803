//! A course as agents read it: already checked, rendered and sanitised.
//!
//! `parse::parse` (feature `authoring`) makes it from files and reports every problem it finds.

#[cfg(feature = "authoring")]
pub mod interchange;
#[cfg(feature = "authoring")]
pub mod parse;
mod remaining;

#[cfg(test)]
mod tests;

pub use remaining::{Read, Remaining, remaining};

use crate::ids::{ChapterSlug, CourseSlug, SectionSlug, SkillSlug};
use crate::quiz::{Kind, Question, Quiz};
use serde::{Deserialize, Serialize};

/// A whole course, in the form that is published and stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Course {
    pub slug: CourseSlug,
    pub title: String,
    /// One or two plain sentences.
    pub summary: String,
    /// What the agent will know how to do at the end.
    pub objectives: Vec<String>,
    /// Licence of the content, as shown: `CC BY 4.0`.
    pub licence: String,
    pub chapters: Vec<Chapter>,
    /// What the questions of the whole course test.
    #[serde(default)]
    pub skills: Vec<Skill>,
    /// Before the chapters: what the agent already knows.
    #[serde(default)]
    pub positioning: Option<Positioning>,
    /// After the chapters: what the agent has learnt.
    #[serde(default)]
    pub assessment: Option<Assessment>,
    /// Every term that a chapter may refer to, in alphabetical order.
    pub glossary: Vec<Term>,
}

/// A chapter: what is read in one sitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    pub slug: ChapterSlug,
    /// Place in the course, from 1.
    pub number: u32,
    pub title: String,
    pub summary: String,
    pub objectives: Vec<String>,
    /// Minutes at a distance that the chapter counts for, once acquired.
    pub minutes: u32,
    pub sections: Vec<Section>,
    /// A chapter with a quiz is acquired when it is read and the quiz passed; without, when it is read.
    pub quiz: Option<Quiz>,
    /// What is worth keeping at the counter.
    #[serde(default)]
    pub sheet: Option<Sheet>,
}

/// One page to print and keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
}

/// Something that an agent knows how to do, across the chapters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skill {
    pub slug: SkillSlug,
    /// « Accueillir et écouter »
    pub name: String,
}

/// A quiz that places the agent: it advises, and exempts from the chapters that the author named.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Positioning {
    pub summary: String,
    /// Minutes that it takes; they count for nothing in the record.
    pub minutes: u32,
    pub quiz: Quiz,
    pub exemptions: Vec<Exemption>,
}

/// Who earns that share of the points of a chapter's questions need not follow the chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    pub chapter: ChapterSlug,
    /// 1 to 100.
    pub percent: u8,
}

/// The quiz that ends the course.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    pub summary: String,
    /// Minutes at a distance that it counts for, once passed.
    pub minutes: u32,
    pub quiz: Quiz,
}

/// A section: a level-2 heading and what follows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    pub slug: SectionSlug,
    pub title: String,
    pub blocks: Vec<Block>,
    /// The section's text by paragraph, for the search and for the reading position.
    pub passages: Vec<Passage>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
pub enum Block {
    /// Sanitised HTML.
    Prose {
        html: String,
    },
    Media(Media),
}

/// A sound or a video, with all that makes it accessible (RGAA 4.1, 4.3, 4.11).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Media {
    /// Anchor in the chapter.
    pub anchor: String,
    pub kind: MediaKind,
    pub title: String,
    /// Path in the course's folder: `media/demonstration.webm`.
    pub file: String,
    /// WebVTT file of captions, path as above.
    pub captions: String,
    /// Still image shown before playing, path as above.
    pub poster: Option<String>,
    /// What is said and shown, in order.
    pub cues: Vec<Cue>,
    /// Sanitised HTML of a written transcript richer than the captions, where there is one.
    pub transcript: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MediaKind {
    Audio,
    Video,
}

/// One caption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cue {
    pub start_ms: u32,
    pub end_ms: u32,
    /// Plain text.
    pub text: String,
}

/// A paragraph, list item, table row or caption that a search can land on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// Anchor in the chapter, present as an `id` in the rendered HTML.
    pub anchor: String,
    /// Plain text.
    pub text: String,
}

/// A term of the glossary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Key used by links: `[…](glossaire:illectronisme)`.
    pub key: String,
    pub term: String,
    /// Plain text.
    pub definition: String,
}

impl Course {
    /// The chapter of that slug.
    #[must_use]
    pub fn chapter(&self, slug: &ChapterSlug) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.slug == *slug)
    }

    /// What a quiz of that slug belongs to: a chapter, or the course as a whole.
    #[must_use]
    pub fn exercise(&self, slug: &ChapterSlug) -> Option<Exercise<'_>> {
        match slug.as_str() {
            POSITIONING => self.positioning.as_ref().map(Exercise::Positioning),
            ASSESSMENT => self.assessment.as_ref().map(Exercise::Assessment),
            _ => self.chapter(slug).and_then(|chapter| Some(Exercise::Chapter(chapter, chapter.quiz.as_ref()?))),
        }
    }

    /// Minutes at a distance of the whole course.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        let chapters: u32 = self.chapters.iter().map(|chapter| chapter.minutes).sum();
        chapters + self.assessment.as_ref().map_or(0, |assessment| assessment.minutes)
    }

    /// The terms of the glossary that the chapter, its sheet or a question about it links to, in the
    /// same order.
    #[must_use]
    pub fn terms_used(&self, chapter: &Chapter) -> Vec<&Term> {
        let mut html: Vec<&str> = chapter.sheet.iter().map(|sheet| sheet.html.as_str()).collect();
        for block in chapter.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Prose { html: prose } => html.push(prose),
                Block::Media(media) => html.extend(media.transcript.as_deref()),
            }
        }
        let whole = self.positioning.iter().map(|positioning| &positioning.quiz);
        let whole = whole.chain(self.assessment.iter().map(|assessment| &assessment.quiz));
        let about =
            whole.flat_map(|quiz| &quiz.questions).filter(|question| question.chapter.as_ref() == Some(&chapter.slug));
        for question in about.chain(chapter.quiz.iter().flat_map(|quiz| &quiz.questions)) {
            html.extend(texts(question));
        }
        let used = |term: &&Term| {
            let target = format!("#glossaire-{}\"", term.key);
            html.iter().any(|html| html.contains(&target))
        };
        self.glossary.iter().filter(used).collect()
    }
}

/// The slugs that the quizzes of the whole course have in the place of a chapter's.
pub const POSITIONING: &str = "positionnement";
/// See [`POSITIONING`].
pub const ASSESSMENT: &str = "evaluation";

/// A quiz of a course, with what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exercise<'c> {
    Chapter(&'c Chapter, &'c Quiz),
    Positioning(&'c Positioning),
    Assessment(&'c Assessment),
}

impl<'c> Exercise<'c> {
    #[must_use]
    pub fn quiz(&self) -> &'c Quiz {
        match self {
            Self::Chapter(_, quiz) => quiz,
            Self::Positioning(positioning) => &positioning.quiz,
            Self::Assessment(assessment) => &assessment.quiz,
        }
    }

    /// The chapter that it ends, if any.
    #[must_use]
    pub fn chapter(&self) -> Option<&'c Chapter> {
        match self {
            Self::Chapter(chapter, _) => Some(chapter),
            Self::Positioning(_) | Self::Assessment(_) => None,
        }
    }
}

/// The texts of a question that may hold links.
fn texts(question: &Question) -> Vec<&str> {
    let mut texts = vec![question.stem.as_str(), &question.feedback];
    match &question.kind {
        Kind::Single { choices } | Kind::Multiple { choices } => {
            texts.extend(choices.iter().flat_map(|choice| [choice.text.as_str(), &choice.feedback]));
        }
        Kind::TrueFalse { feedback_true, feedback_false, .. } => {
            texts.extend([feedback_true.as_str(), feedback_false]);
        }
        _ => {}
    }
    texts
}

/// Widths in which images made of points are served too, beside their own, in points: a telephone, a tablet.
pub const WIDTHS: [u32; 2] = [480, 960];

/// The HTML of a course with its images under `base`, where the version's files are served:
/// `/media/mediation-numerique/3`. In the stored HTML, they are under `media:///`. Those that are wide can be had
/// narrower: `…/photo.jpg?largeur=480`, one of [`WIDTHS`].
#[must_use]
pub fn with_media_base(html: &str, base: &str) -> String {
    let base = base.trim_end_matches('/');
    let mut parts = html.split("src=\"media:///");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').unwrap_or((part, ""));
        out.extend(["src=\"", base, "/", path, "\""]);
        let width = rest.strip_prefix(" width=\"").and_then(|rest| rest.split_once('"')?.0.parse::<u32>().ok());
        if let Some(width) = width.filter(|width| *width > WIDTHS[0]) {
            let narrower = WIDTHS.iter().filter(|known| **known < width);
            let narrower = narrower.map(|known| format!("{base}/{path}?largeur={known} {known}w"));
            let all: Vec<String> = narrower.chain([format!("{base}/{path} {width}w")]).collect();
            out.extend([" srcset=\"", &all.join(", "), "\" sizes=\"(min-width: 48rem) 44rem, 92vw\""]);
        }
        out.push_str(rest);
    }
    out
}
