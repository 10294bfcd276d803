//! What a room is made of.

use crate::ids::PersonId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who does something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    pub person: PersonId,
    /// First and last name.
    pub name: String,
    /// Leads the room.
    pub trainer: bool,
}

/// Where a webinar stands, as its room knows it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "kebab-case")]
pub enum Phase {
    /// People wait for the trainer to begin.
    #[default]
    Waiting,
    Live {
        #[serde(deserialize_with = "crate::instant::deserialize")]
        since: Timestamp,
    },
    Closed {
        /// None where it never went live.
        #[serde(deserialize_with = "crate::instant::maybe::deserialize")]
        since: Option<Timestamp>,
        #[serde(deserialize_with = "crate::instant::deserialize")]
        at: Timestamp,
    },
}

/// Where the recording of a webinar stands, as its room knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordingState {
    On,
    Paused,
    /// Why is told to trainers only.
    Failed {
        why: String,
    },
}

/// A moment that a trainer marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub at: Timestamp,
    pub title: String,
}

/// Something said to the room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub at: Timestamp,
    pub by: Who,
    /// Plain text; empty once it is hidden, for all but trainers.
    pub text: String,
    pub hidden: bool,
}

/// A question to the trainers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub at: Timestamp,
    pub by: Who,
    /// Plain text.
    pub text: String,
    /// Who also wants to know.
    pub support: BTreeSet<PersonId>,
    pub answered: bool,
    pub hidden: bool,
}

/// Something handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handout {
    pub title: String,
    pub url: String,
}

/// The trainer asked who is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    #[serde(deserialize_with = "crate::instant::deserialize")]
    pub until: Timestamp,
    /// An agent is told of themselves only.
    pub confirmed: BTreeSet<PersonId>,
}

/// Somebody who sits before another's screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Whose screen it is.
    pub host: PersonId,
    /// Of who sits there.
    pub name: String,
}
