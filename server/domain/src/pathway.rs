//! The whole training of an agent: its components, how each is earned, and what is certified of it.
//!
//! A pathway is read from a file ([`parse`], feature `authoring`) and published as an immutable version. Where an
//! agent stands in it is a function of their record, and of nothing else.

mod standing;
#[cfg(test)]
mod tests;

#[cfg(feature = "authoring")]
pub use crate::course::parse::pathway::parse;
pub use standing::{Earned, Line, Standing, State, standing};
pub(crate) use standing::{attendance_earned, course_earned, is_later, webinar_earned, webinar_of};

use crate::ids::{AwardSlug, ComponentSlug, CourseSlug};
use serde::{Deserialize, Serialize};

/// A whole training, in the form that is published and stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pathway {
    pub title: String,
    /// One or two plain sentences.
    pub summary: String,
    /// « Action de formation »
    pub nature: String,
    /// Whose trainers enter what is followed away from the platform.
    pub course: CourseSlug,
    /// In the order in which they are best followed.
    pub components: Vec<Component>,
    pub awards: Vec<Award>,
}

/// A part of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    pub slug: ComponentSlug,
    pub title: String,
    /// What the agent does for it, in a sentence.
    pub how_to: String,
    pub modality: Modality,
    /// What it lasts, as announced.
    pub minutes: u32,
    pub way: Way,
}

/// How the hours are spent: a certificate states those of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// At a distance, each at their own time.
    Asynchronous,
    /// At a distance, all at once.
    Synchronous,
    FaceToFace,
}

/// How a component is earned. A trainer may exempt from any that they enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Way {
    /// By completing the course on the platform.
    Course { course: CourseSlug },
    /// By one webinar of the course, up to its threshold.
    Webinar { course: CourseSlug },
    /// By so many half days, which a trainer enters.
    HalfDays { count: u32 },
}

/// What is certified once those components are all earned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Award {
    pub slug: AwardSlug,
    /// The title of the action, as it stands on the certificate.
    pub title: String,
    pub components: Vec<ComponentSlug>,
}

impl Pathway {
    #[must_use]
    pub fn component(&self, slug: &ComponentSlug) -> Option<&Component> {
        self.components.iter().find(|component| component.slug == *slug)
    }

    #[must_use]
    pub fn award(&self, slug: &AwardSlug) -> Option<&Award> {
        self.awards.iter().find(|award| award.slug == *slug)
    }
}

impl Component {
    /// Half days that a trainer enters for it; none for what the platform sees itself.
    #[must_use]
    pub fn half_days(&self) -> Option<u32> {
        match self.way {
            Way::HalfDays { count } => Some(count),
            Way::Course { .. } | Way::Webinar { .. } => None,
        }
    }

    /// Minutes of so many half days: their share of what the component lasts.
    #[must_use]
    pub fn minutes_of(&self, half_days: usize) -> u32 {
        let Some(count) = self.half_days().filter(|count| *count > 0) else { return 0 };
        let half_days = u32::try_from(half_days).unwrap_or(count).min(count);
        self.minutes * half_days / count
    }
}

impl Modality {
    pub const ALL: [Self; 3] = [Self::Asynchronous, Self::Synchronous, Self::FaceToFace];

    /// As shown: « à distance, asynchrone ».
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Asynchronous => "à distance, asynchrone",
            Self::Synchronous => "à distance, synchrone",
            Self::FaceToFace => "en présentiel",
        }
    }
}
