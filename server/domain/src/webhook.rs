//! What other systems are told of as it happens: which events, where to, and when it is tried again.
//!
//! Messages follow the Standard Webhooks specification: a signed JSON text of `type`, `timestamp` and `data`. They hold
//! identifiers and no name: whoever is told reads the rest by a token.

mod address;
#[cfg(test)]
mod tests;

pub use address::{Address, NotAnAddress, is_public};

use crate::ids::{AwardSlug, ClassroomId, CourseSlug, PersonId, WebinarId};
use crate::record::{Fact, HalfDay};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// Most webhooks at a time: each is delivered to by itself, so this bounds what goes out at once.
pub const MOST_WEBHOOKS: usize = 20;

/// Minutes before each new try; what fails once more is given up, after about two days.
pub const RETRIES: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 1440];

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    FactRecorded,
    CertificateIssued,
    CertificateWithdrawn,
    WebinarClosed,
    ClassroomClosed,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<'e> {
    /// A fact was written in an agent's record.
    FactRecorded { person: PersonId, seq: u64, fact: &'e Fact },
    /// A certificate was issued.
    CertificateIssued { person: PersonId, number: String, award: AwardSlug, replaces: Option<String> },
    /// A certificate no longer stands.
    CertificateWithdrawn { person: PersonId, number: String, award: AwardSlug },
    /// A webinar is over, and in the records of all who had a place.
    WebinarClosed { webinar: WebinarId, course: CourseSlug },
    /// The sheet of a half day is closed, and in the records of all who were there.
    ClassroomClosed { classroom: ClassroomId, half_day: HalfDay },
    /// An administrator tries the way there.
    Trial,
}

/// Why a text names no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est pas un événement.")]
pub struct NotAKind(pub String);

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::FactRecorded,
        Self::CertificateIssued,
        Self::CertificateWithdrawn,
        Self::WebinarClosed,
        Self::ClassroomClosed,
    ];

    /// As other systems know it: `fact.recorded`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FactRecorded => "fact.recorded",
            Self::CertificateIssued => "certificate.issued",
            Self::CertificateWithdrawn => "certificate.withdrawn",
            Self::WebinarClosed => "webinar.closed",
            Self::ClassroomClosed => "classroom.closed",
        }
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FactRecorded => "un fait s’ajoute à un dossier",
            Self::CertificateIssued => "un certificat est délivré",
            Self::CertificateWithdrawn => "un certificat est retiré",
            Self::WebinarClosed => "un webinaire est terminé et inscrit aux dossiers",
            Self::ClassroomClosed => "une feuille de présence est close",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = NotAKind;
    fn from_str(text: &str) -> Result<Self, NotAKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| NotAKind(text.to_owned()))
    }
}

impl Event<'_> {
    /// The kind that a webhook asks for; none for what it gets without asking.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Self::FactRecorded { .. } => Some(Kind::FactRecorded),
            Self::CertificateIssued { .. } => Some(Kind::CertificateIssued),
            Self::CertificateWithdrawn { .. } => Some(Kind::CertificateWithdrawn),
            Self::WebinarClosed { .. } => Some(Kind::WebinarClosed),
            Self::ClassroomClosed { .. } => Some(Kind::ClassroomClosed),
            Self::Trial => None,
        }
    }

    /// The `type` of its message.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().map_or("webhook.trial", Kind::as_str)
    }

    /// The message, as it is signed.
    #[must_use]
    pub fn message(&self, at: Timestamp) -> String {
        let data = match self {
            Self::FactRecorded { person, seq, fact } => {
                let kind = json!(fact).get("kind").cloned();
                json!({ "person": person, "seq": seq, "kind": kind, "course": fact.course() })
            }
            Self::CertificateIssued { person, number, award, replaces } => {
                json!({ "person": person, "number": number, "award": award, "replaces": replaces })
            }
            Self::CertificateWithdrawn { person, number, award } => {
                json!({ "person": person, "number": number, "award": award })
            }
            Self::WebinarClosed { webinar, course } => json!({ "webinar": webinar, "course": course }),
            Self::ClassroomClosed { classroom, half_day } => {
                json!({ "classroom": classroom, "half_day": half_day.to_string() })
            }
            Self::Trial => Value::Object(serde_json::Map::new()),
        };
        json!({ "type": self.name(), "timestamp": at, "data": data }).to_string()
    }
}

/// The form of a webhook, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookForm {
    pub url: String,
    pub kinds: Vec<String>,
}

/// A webhook to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    pub address: Address,
    pub kinds: BTreeSet<Kind>,
}

/// Reads the form; every problem is told at once, with its field. `trying` lets messages go to this very machine,
/// without TLS: a demonstration's receiver.
pub fn read_webhook(form: &WebhookForm, trying: bool) -> Result<NewWebhook, Vec<(&'static str, String)>> {
    let address = Address::read(&form.url, trying).map_err(|wrong| ("url", wrong.to_string()));
    let kinds: Result<BTreeSet<Kind>, NotAKind> = form.kinds.iter().map(|kind| kind.parse()).collect();
    let kinds = kinds.ok().filter(|kinds| !kinds.is_empty());
    let kinds = kinds.ok_or_else(|| ("kinds", "Choisissez au moins un événement dans la liste.".to_owned()));
    match (address, kinds) {
        (Ok(address), Ok(kinds)) => Ok(NewWebhook { address, kinds }),
        (address, kinds) => Err(address.err().into_iter().chain(kinds.err()).collect()),
    }
}
