//! The certificat de réalisation: what it says, when it is issued, and when it must be withdrawn.
//!
//! A certificate is issued by itself once the record meets the rule of an award, and stands as long as everything it
//! says is so. Nothing is ever taken back from it: where a correction makes it say what is no longer so, it is
//! withdrawn, and another is issued if the rule is still met.

pub mod badge;
mod number;
#[cfg(test)]
mod tests;

pub use number::{NotANumber, Number};

use crate::ids::{AwardSlug, ComponentSlug, CourseSlug, PathwaySlug, PersonId, WebinarId};
use crate::pathway::{
    Award, Earned, Modality, Pathway, attendance_earned, course_earned, is_later, standing, webinar_earned, webinar_of,
};
use crate::record::{Hash, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a certificate says. Its JSON is what is signed: fields are only ever added as optional.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    pub number: Number,
    pub award: AwardSlug,
    pub pathway: PathwaySlug,
    /// Number of the pathway's version, from 1.
    pub version: u32,
    /// The title of the action.
    pub title: String,
    /// « Action de formation »
    pub nature: String,
    pub agent: PersonId,
    /// Who was trained: « Léa Perrin ».
    pub name: String,
    /// Where they worked when it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    pub provider: Provider,
    pub lines: Vec<Attested>,
    /// To the millisecond.
    pub issued_at: Timestamp,
    /// The last fact of the ledger that it rests on.
    pub ledger: Head,
    /// The one withdrawn just before, if that is why it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Number>,
    /// The key that signs it, by its name.
    pub key: String,
    /// When the name of who was trained was erased: the name is a pseudonym since, and this is signed anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<Timestamp>,
}

/// Who gave the training.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub name: String,
    /// Where certificates are made out.
    pub place: String,
    /// Who answers for them: name and title.
    pub signatory: String,
}

/// A place in a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub seq: u64,
    pub hash: Hash,
}

/// What a certificate says of one component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    pub component: ComponentSlug,
    pub title: String,
    pub modality: Modality,
    /// None: the agent was exempted from it.
    pub earned: Option<Earned>,
    pub basis: Basis,
}

/// Where in the record it is to be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "kebab-case")]
pub enum Basis {
    Course {
        course: CourseSlug,
    },
    Webinar {
        course: CourseSlug,
        /// None as long as none is earned.
        webinar: Option<WebinarId>,
    },
    Attendance {
        course: CourseSlug,
        component: ComponentSlug,
    },
}

/// What is to be done about an award.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Nothing,
    Issue(Vec<Attested>),
    Withdraw,
    /// Withdraw the one in force, and issue another.
    Replace(Vec<Attested>),
}

/// What is to be done about an award, given what the certificate in force says, if there is one.
#[must_use]
pub fn decide(pathway: &Pathway, award: &Award, record: &Record, in_force: Option<&[Attested]>) -> Decision {
    if in_force.is_some_and(|lines| lines.iter().all(|line| line.holds(record))) {
        return Decision::Nothing;
    }
    match (in_force, standing(pathway, record).attests(award)) {
        (None, None) => Decision::Nothing,
        (None, Some(lines)) => Decision::Issue(lines),
        (Some(_), None) => Decision::Withdraw,
        (Some(_), Some(lines)) => Decision::Replace(lines),
    }
}

impl Attested {
    /// Whether the record still says so, whatever became of the pathway and its courses since.
    #[must_use]
    pub fn holds(&self, record: &Record) -> bool {
        let now = match &self.basis {
            Basis::Course { course } => course_earned(record, course).map(Some),
            Basis::Webinar { course, webinar } => {
                webinar.and_then(|id| webinar_of(record, course, id)).map(|webinar| Some(webinar_earned(webinar)))
            }
            Basis::Attendance { course, component } => record
                .attendance(course, component)
                .and_then(|known| if known.exempted { Some(None) } else { attendance_earned(known).map(Some) }),
        };
        let was_told_so = self.modality == Modality::Asynchronous || !is_later(record, &self.basis);
        now == Some(self.earned) && was_told_so
    }
}

impl Certificate {
    /// The first and last day of what it certifies.
    #[must_use]
    pub fn days(&self) -> Option<(Date, Date)> {
        let earned = || self.lines.iter().filter_map(|line| line.earned);
        Some((earned().map(|earned| earned.from).min()?, earned().map(|earned| earned.to).max()?))
    }

    /// Minutes of each modality that it certifies.
    #[must_use]
    pub fn minutes_by_modality(&self) -> BTreeMap<Modality, u32> {
        let mut sums = BTreeMap::new();
        for line in &self.lines {
            if let Some(earned) = line.earned {
                *sums.entry(line.modality).or_default() += earned.minutes;
            }
        }
        sums
    }

    /// All of them.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.minutes_by_modality().values().sum()
    }
}
