//! What the editor of a chapter and the server say to one another.

use domain::studio::written::Written;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the editor starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Who writes: what this computer keeps of them is for nobody else.
    pub person: i64,
    pub course: String,
    pub chapter: String,
    /// The save that is shown.
    pub revision: i64,
    pub written: Written,
    /// Terms that can be linked to: key and term.
    pub terms: Vec<(String, String)>,
    /// Media that can be shown, as chapters name them: `media/plan.svg`.
    pub media: Vec<String>,
}

/// What the editor says every few seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Save {
    /// The tab that says it.
    pub tab: Uuid,
    /// The revision that it was made from.
    pub base: i64,
    /// Said twice, it is saved once.
    pub request: Uuid,
    /// None where nothing changed: it only says that somebody is here, and asks for news.
    pub written: Option<Written>,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub revision: i64,
    /// The chapter as it is now, where it is not what was said.
    pub written: Option<Written>,
    /// Passages of which both versions are kept.
    pub conflicts: u32,
    /// When it was last saved: « 10 h 32 ».
    pub at: String,
    /// Who else is at the chapter.
    pub here: Vec<String>,
}

/// A chapter as agents would read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Drawn by what draws it for agents.
    pub html: String,
    pub problems: Vec<Problem>,
}

/// Something to mend in the chapter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// In the text, from 1; 0 for the fields above it.
    pub line: u32,
    pub said: String,
}
