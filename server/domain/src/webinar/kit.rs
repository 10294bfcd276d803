//! What a webinar is led with: its steps by the minute, polls, live quiz, links, demonstrations, what to read after.
//!
//! A kit is read from files ([`parse`], feature `authoring`), published as an immutable version, and never shown
//! whole to agents: the trainer's words and the right answers are the server's.

#[cfg(feature = "authoring")]
pub use crate::course::parse::kit::parse;

use crate::ids::{PollSlug, SectionSlug};
use crate::quiz::Quiz;
use serde::{Deserialize, Serialize};

/// The material of a webinar, in the form that is published and stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kit {
    pub title: String,
    /// One or two plain sentences.
    pub summary: String,
    /// How long it lasts: the sum of its steps.
    pub minutes: u32,
    /// What the agent will know how to do at the end.
    pub objectives: Vec<String>,
    /// Licence of the content, as shown: `CC BY 4.0`.
    pub licence: String,
    /// They follow each other without a hole.
    pub steps: Vec<Step>,
    /// In the author's order.
    pub polls: Vec<Poll>,
    /// The live quiz, right answers included: never leaves the server before the answer.
    pub quiz: Option<Quiz>,
    /// What to hand out in the room.
    pub links: Vec<Link>,
    /// How to play each demonstration.
    pub demonstrations: Vec<KitSection>,
    /// What to read once it is over.
    pub suite: Vec<KitSection>,
}

/// A moment of the webinar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Minutes after the start.
    pub at: u32,
    pub minutes: u32,
    pub title: String,
    /// What the trainer says and does. The trainer's only.
    pub trainer: String,
    /// What is on the screen.
    pub screen: String,
    /// What the agents do.
    pub agents: String,
    /// The poll to launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<PollSlug>,
    /// The demonstration to play, by its section's anchor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demonstration: Option<SectionSlug>,
    /// Whether the live quiz is launched here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiz: bool,
}

/// A question without a right answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    pub id: PollSlug,
    pub kind: PollKind,
    /// Plain text.
    pub stem: String,
    /// Plain texts, 2 to 8.
    pub choices: Vec<String>,
    /// What to make of the results. The trainer's only.
    pub trainer: String,
}

/// How many choices one may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PollKind {
    Single,
    Multiple,
}

/// Something to open elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub title: String,
    /// `https://…`, or a page of this site: `/cours/…`.
    pub url: String,
}

/// A part of a text, rendered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KitSection {
    pub anchor: SectionSlug,
    pub title: String,
    /// Sanitised HTML.
    pub html: String,
}

impl Kit {
    /// The poll of that name.
    #[must_use]
    pub fn poll(&self, id: &PollSlug) -> Option<&Poll> {
        self.polls.iter().find(|poll| poll.id == *id)
    }

    /// The step under way that many minutes after the start: the last, once all are over.
    #[must_use]
    pub fn step_at(&self, minute: u32) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.at <= minute)
    }
}
