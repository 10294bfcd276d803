//! A course as agents read it: already checked, rendered and sanitised.
//!
//! `parse::parse` (feature `authoring`) makes it from files and reports every problem it finds.

#[cfg(feature = "authoring")]
pub mod parse;

#[cfg(test)]
mod tests;

use crate::ids::{ChapterSlug, CourseSlug, SectionSlug};
use crate::quiz::{Kind, Quiz};
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

    /// Minutes at a distance of the whole course.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.chapters.iter().map(|chapter| chapter.minutes).sum()
    }
}

impl Chapter {
    /// The terms of the glossary that this chapter or its quiz links to, in the same order.
    #[must_use]
    pub fn terms_used<'g>(&self, glossary: &'g [Term]) -> Vec<&'g Term> {
        let mut html: Vec<&str> = Vec::new();
        for block in self.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Prose { html: prose } => html.push(prose),
                Block::Media(media) => html.extend(media.transcript.as_deref()),
            }
        }
        if let Some(quiz) = &self.quiz {
            for question in &quiz.questions {
                html.extend([question.stem.as_str(), &question.feedback]);
                match &question.kind {
                    Kind::Single { choices } | Kind::Multiple { choices } => {
                        html.extend(choices.iter().flat_map(|choice| [choice.text.as_str(), &choice.feedback]));
                    }
                    Kind::TrueFalse { feedback_true, feedback_false, .. } => {
                        html.extend([feedback_true.as_str(), feedback_false]);
                    }
                    _ => {}
                }
            }
        }
        let used = |term: &Term| {
            let target = format!("#glossaire-{}\"", term.key);
            html.iter().any(|html| html.contains(&target))
        };
        glossary.iter().filter(|term| used(term)).collect()
    }
}

/// The HTML of a course with its images under `base`, where the version's files are served:
/// `/media/mediation-numerique/3`. In the stored HTML, they are under `media:///`.
#[must_use]
pub fn with_media_base(html: &str, base: &str) -> String {
    html.replace("src=\"media:///", &format!("src=\"{}/", base.trim_end_matches('/')))
}
