//! Roles, their scope, and what they open.

use crate::ids::{CourseSlug, MaisonId, PersonId};
use crate::place::DepartementCode;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What a person does on the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Trains.
    Agent,
    /// Writes and publishes a course, and follows those who take it.
    Trainer,
    /// Follows the agents of a maison.
    MaisonManager,
    /// Follows the maisons of a département.
    DepartmentPilot,
    /// Follows them all.
    NationalPilot,
    /// Keeps accounts, maisons and settings.
    Administrator,
}

/// Over what a role is held.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Scope {
    /// One's own training.
    Own,
    Course(CourseSlug),
    Maison(MaisonId),
    Departement(DepartementCode),
    Nation,
}

/// A role held over a scope. One whose scope does not fit its role opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub scope: Scope,
}

/// Whose record it is, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub person: PersonId,
    /// The maison they work in and its département.
    pub maison: Option<(MaisonId, DepartementCode)>,
    /// The courses that they have begun, or are in a cohort of.
    pub courses: BTreeSet<CourseSlug>,
}

/// Why a role cannot be held over a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Le rôle «\u{a0}{}\u{a0}» ne s’exerce pas sur «\u{a0}{scope}\u{a0}».", role.name())]
pub struct Misfit {
    pub role: Role,
    pub scope: Scope,
}

/// Why a text is neither a role nor a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«\u{a0}{0}\u{a0}» n’est ni un rôle ni une portée.")]
pub struct NotAGrant(pub String);

impl Role {
    /// Every role, from the narrowest.
    pub const ALL: [Self; 6] = [
        Self::Agent,
        Self::Trainer,
        Self::MaisonManager,
        Self::DepartmentPilot,
        Self::NationalPilot,
        Self::Administrator,
    ];

    /// As stored: `maison-manager`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Trainer => "trainer",
            Self::MaisonManager => "maison-manager",
            Self::DepartmentPilot => "department-pilot",
            Self::NationalPilot => "national-pilot",
            Self::Administrator => "administrator",
        }
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Trainer => "formateur ou formatrice",
            Self::MaisonManager => "responsable de maison",
            Self::DepartmentPilot => "pilote départemental",
            Self::NationalPilot => "pilote national",
            Self::Administrator => "administrateur ou administratrice",
        }
    }

    /// Whether the role can be held over that scope.
    #[must_use]
    pub fn fits(self, scope: &Scope) -> bool {
        matches!(
            (self, scope),
            (Self::Agent, Scope::Own)
                | (Self::Trainer, Scope::Course(_))
                | (Self::MaisonManager, Scope::Maison(_))
                | (Self::DepartmentPilot, Scope::Departement(_))
                | (Self::NationalPilot | Self::Administrator, Scope::Nation)
        )
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = NotAGrant;
    fn from_str(text: &str) -> Result<Self, NotAGrant> {
        let role = Self::ALL.into_iter().find(|role| role.as_str() == text);
        role.ok_or_else(|| NotAGrant(text.to_owned()))
    }
}

/// As stored: `own`, `course:mediation-numerique`, `maison:12`, `departement:2A`, `nation`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own => f.write_str("own"),
            Self::Course(course) => write!(f, "course:{course}"),
            Self::Maison(maison) => write!(f, "maison:{maison}"),
            Self::Departement(code) => write!(f, "departement:{code}"),
            Self::Nation => f.write_str("nation"),
        }
    }
}

impl FromStr for Scope {
    type Err = NotAGrant;
    fn from_str(text: &str) -> Result<Self, NotAGrant> {
        let scope = match text.split_once(':') {
            None if text == "own" => Some(Self::Own),
            None if text == "nation" => Some(Self::Nation),
            Some(("course", slug)) => slug.parse().ok().map(Self::Course),
            Some(("maison", id)) => id.parse().ok().map(|id| Self::Maison(MaisonId(id))),
            Some(("departement", code)) => code.parse().ok().map(Self::Departement),
            _ => None,
        };
        scope.ok_or_else(|| NotAGrant(text.to_owned()))
    }
}

impl Scope {
    /// As shown: « son propre parcours », « département 2A ».
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Own => "son propre parcours".to_owned(),
            Self::Course(course) => format!("cours {course}"),
            Self::Maison(maison) => format!("maison n°\u{a0}{maison}"),
            Self::Departement(code) => format!("département {code}"),
            Self::Nation => "toute la France".to_owned(),
        }
    }
}

impl TryFrom<String> for Scope {
    type Error = NotAGrant;
    fn try_from(text: String) -> Result<Self, NotAGrant> {
        text.parse()
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}

impl Grant {
    /// The role over the scope, if it can be held so.
    pub fn new(role: Role, scope: Scope) -> Result<Self, Misfit> {
        if role.fits(&scope) { Ok(Self { role, scope }) } else { Err(Misfit { role, scope }) }
    }

    /// Follows the agents of that maison, by whatever role.
    pub(super) fn follows(&self, maison: Option<(MaisonId, DepartementCode)>) -> bool {
        match (self.role, &self.scope) {
            (Role::MaisonManager, Scope::Maison(own)) => maison.is_some_and(|(id, _)| id == *own),
            (Role::DepartmentPilot, Scope::Departement(own)) => maison.is_some_and(|(_, code)| code == *own),
            (Role::NationalPilot | Role::Administrator, Scope::Nation) => true,
            _ => false,
        }
    }

    pub(super) fn trains(&self, course: &CourseSlug) -> bool {
        self.role == Role::Trainer && matches!(&self.scope, Scope::Course(own) if own == course)
    }
}

/// Whether the viewer may see the subject's record, or a part of it: one's own, as everybody may,
/// that of an agent one follows, or that of someone who takes one's course (then only that course:
/// [`may_see_course_record`]).
#[must_use]
pub fn may_see_record(grants: &[Grant], viewer: PersonId, subject: &Subject) -> bool {
    viewer == subject.person
        || grants.iter().any(|grant| grant.follows(subject.maison))
        || subject.courses.iter().any(|course| grants.iter().any(|grant| grant.trains(course)))
}

/// Whether the viewer may see what the subject has earned in that course.
#[must_use]
pub fn may_see_course_record(grants: &[Grant], viewer: PersonId, subject: &Subject, course: &CourseSlug) -> bool {
    viewer == subject.person
        || grants.iter().any(|grant| grant.follows(subject.maison))
        || (subject.courses.contains(course) && grants.iter().any(|grant| grant.trains(course)))
}

/// Whether they may see the follow-up of a maison's agents.
#[must_use]
pub fn may_follow_maison(grants: &[Grant], maison: MaisonId, departement: DepartementCode) -> bool {
    grants.iter().any(|grant| grant.follows(Some((maison, departement))))
}

/// Whether they may see the follow-up of a whole département.
#[must_use]
pub fn may_follow_departement(grants: &[Grant], departement: DepartementCode) -> bool {
    let own = |grant: &Grant| grant.role == Role::DepartmentPilot && grant.scope == Scope::Departement(departement);
    may_follow_nation(grants) || grants.iter().any(own)
}

/// Whether they may see the follow-up of the whole country.
#[must_use]
pub fn may_follow_nation(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.follows(None))
}

/// Whether they may keep accounts, maisons and settings.
#[must_use]
pub fn may_administer(grants: &[Grant]) -> bool {
    grants.iter().any(|grant| grant.role == Role::Administrator && grant.scope == Scope::Nation)
}

/// Whether they may see who follows that course: its trainers, and those who follow the whole country.
#[must_use]
pub fn may_follow_course(grants: &[Grant], course: &CourseSlug) -> bool {
    may_follow_nation(grants) || grants.iter().any(|grant| grant.trains(course))
}

/// Whether they may publish that course: its trainers and the administrators.
#[must_use]
pub fn may_publish(grants: &[Grant], course: &CourseSlug) -> bool {
    may_administer(grants) || grants.iter().any(|grant| grant.trains(course))
}

/// Whether they may begin a course: whoever trains one, and the administrators.
#[must_use]
pub fn may_begin_course(grants: &[Grant]) -> bool {
    may_administer(grants)
        || grants.iter().any(|grant| grant.role == Role::Trainer && matches!(grant.scope, Scope::Course(_)))
}
