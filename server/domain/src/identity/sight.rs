//! How much of a territory each role sees, and whose names.
//!
//! | role | France | a département | a maison | names of |
//! | --- | --- | --- | --- | --- |
//! | national pilot, administrator | people | people | people | everybody |
//! | departmental pilot | figures | people in their own | people in their own | their département |
//! | maison manager | figures | – | people in their own | their maison |
//! | trainer | figures | figures | figures | those who have begun their course, or are in a cohort of it |
//!
//! « Figures » are masked where they are about few people ([`crate::follow_up::hidden`]); « – » is not known to them.

#[cfg(test)]
mod tests;

use super::{Grant, Role, Scope, may_follow_departement, may_follow_maison, may_follow_nation};
use crate::ids::{CourseSlug, MaisonId};
use crate::place::{DepartementCode, Territory};
use std::collections::BTreeSet;

/// How much is seen of a territory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// What its agents add up to, masked where they are few.
    Figures,
    /// Its agents one by one, and so every figure.
    People,
}

/// Whose names somebody may list, in one course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    pub everybody: bool,
    /// Those who have begun the course, or are in a cohort of it.
    pub takers: bool,
    pub departements: BTreeSet<DepartementCode>,
    pub maisons: BTreeSet<MaisonId>,
}

/// Where somebody begins to follow up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    Nation,
    Departement(DepartementCode),
    Maison(MaisonId),
}

/// How much of that territory they see, in that course; none where they may not know of it.
#[must_use]
pub fn sight(grants: &[Grant], course: &CourseSlug, territory: Territory) -> Option<Sight> {
    let trains = grants.iter().any(|grant| grant.trains(course));
    let (sees_people, sees_figures) = match territory {
        Territory::Nation => (may_follow_nation(grants), trains || home(grants, course).is_some()),
        Territory::Departement(code) => (may_follow_departement(grants, code), trains),
        Territory::Maison(maison, code) => (may_follow_maison(grants, maison, code), trains),
    };
    match (sees_people, sees_figures) {
        (true, _) => Some(Sight::People),
        (false, true) => Some(Sight::Figures),
        (false, false) => None,
    }
}

/// Whose names they may list in that course; none for nobody's.
#[must_use]
pub fn reach(grants: &[Grant], course: &CourseSlug) -> Option<Reach> {
    let mut reach = Reach { everybody: may_follow_nation(grants), ..Reach::default() };
    for grant in grants {
        match (grant.role, &grant.scope) {
            (Role::DepartmentPilot, Scope::Departement(code)) => {
                reach.departements.insert(*code);
            }
            (Role::MaisonManager, Scope::Maison(maison)) => {
                reach.maisons.insert(*maison);
            }
            _ => reach.takers |= grant.trains(course),
        }
    }
    (reach != Reach::default()).then_some(reach)
}

/// The widest territory that is theirs to follow: where their follow-up opens.
#[must_use]
pub fn home(grants: &[Grant], course: &CourseSlug) -> Option<Home> {
    let reach = reach(grants, course)?;
    if reach.everybody || reach.takers {
        return Some(Home::Nation);
    }
    let departement = reach.departements.first().copied().map(Home::Departement);
    departement.or_else(|| reach.maisons.first().copied().map(Home::Maison))
}

/// Whether they follow anybody, in any of these courses.
#[must_use]
pub fn may_follow_somebody<'c>(grants: &[Grant], courses: impl IntoIterator<Item = &'c CourseSlug>) -> bool {
    courses.into_iter().any(|course| reach(grants, course).is_some())
}
