//! Cohorts: agents who follow a course together, from one day to another. Who may join one, and by when its members are
//! to be done.
//!
//! An agent is in one cohort of a course at a time.

#[cfg(test)]
mod tests;

use crate::ids::{CohortId, CourseSlug, PersonId};
use crate::text::{counted, paris_zone};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Characters of a name.
pub const NAME: RangeInclusive<usize> = 3..=80;
/// Members that one may be planned for.
pub const CAPACITY: RangeInclusive<u32> = 1..=300;
/// Characters of the reason why one is called off.
pub const REASON: RangeInclusive<usize> = 3..=300;

/// A cohort as it is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub course: CourseSlug,
    pub name: String,
    /// Its first day and its last, in Paris.
    pub from: Date,
    pub to: Date,
    pub capacity: u32,
    pub trainers: BTreeSet<PersonId>,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    pub course: String,
    pub name: String,
    /// « 2026-12-03 », as browsers send a day.
    pub from: String,
    pub to: String,
    pub capacity: String,
    /// Identifiers of people.
    pub trainers: Vec<String>,
}

/// What may be chosen in the form.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    pub courses: Vec<CourseSlug>,
    /// The trainers of each of these courses.
    pub trainers: Vec<(CourseSlug, PersonId)>,
}

/// A field of the form, and what to do about it.
pub type Problem = (&'static str, String);

/// Where a cohort is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    Coming,
    UnderWay,
    Ended,
    CalledOff,
}

impl Stage {
    /// Every stage, in the order in which a list tells them.
    pub const ALL: [Self; 4] = [Self::UnderWay, Self::Coming, Self::Ended, Self::CalledOff];

    /// Where it is on that day in Paris.
    #[must_use]
    pub fn of(from: Date, to: Date, is_called_off: bool, today: Date) -> Self {
        match () {
            () if is_called_off => Self::CalledOff,
            () if today < from => Self::Coming,
            () if today > to => Self::Ended,
            () => Self::UnderWay,
        }
    }

    /// As addresses spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coming => "a-venir",
            Self::UnderWay => "en-cours",
            Self::Ended => "terminee",
            Self::CalledOff => "annulee",
        }
    }

    /// As shown.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coming => "À venir",
            Self::UnderWay => "En cours",
            Self::Ended => "Terminée",
            Self::CalledOff => "Annulée",
        }
    }

    /// Says that members may join, webinars be attached, and the rest.
    ///
    /// # Errors
    /// What to do instead.
    pub fn still_open(self) -> Result<(), &'static str> {
        match self {
            Self::Coming | Self::UnderWay => Ok(()),
            Self::Ended => Err("Cette cohorte est terminée\u{a0}: reculez d’abord sa fin, ou créez-en une autre."),
            Self::CalledOff => Err("Cette cohorte est annulée\u{a0}: créez-en une autre."),
        }
    }
}

/// The instant by which members are to be done: the end, in Paris, of the cohort's last day.
#[must_use]
pub fn due_at(last_day: Date) -> Timestamp {
    let next = last_day.saturating_add(1.day());
    next.to_zoned_datetime(paris_zone()).map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// Reads the form on that day in Paris, for a cohort that has so many members. Every problem is told at once.
///
/// # Errors
/// The fields at fault.
pub fn read(form: &Form, offered: &Offered, today: Date, members: u32) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keep = |field: &'static str, said: String| problems.push((field, said));
    let course = offered.courses.iter().find(|course| course.as_str() == form.course);
    if course.is_none() {
        keep("course", "Choisissez le cours que la cohorte suit.".to_owned());
    }
    let name = form.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if !NAME.contains(&name.chars().count()) || name.chars().any(char::is_control) {
        keep("name", format!("Donnez à la cohorte un nom de {} à {} caractères.", NAME.start(), NAME.end()));
    }
    let near = today.saturating_sub(1.year())..=today.saturating_add(2.years());
    let mut day = |field: &'static str, text: &str| {
        let day = text.trim().parse::<Date>().ok().filter(|day| near.contains(day));
        if day.is_none() {
            keep(field, "Indiquez un jour qui existe, de l’année passée ou des deux à venir.".to_owned());
        }
        day
    };
    let (from, to) = (day("from", &form.from), day("to", &form.to));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        keep("to", "La cohorte se termine avant de commencer\u{a0}: vérifiez ses deux jours.".to_owned());
    }
    let capacity = form.capacity.trim().parse().ok().filter(|capacity| CAPACITY.contains(capacity));
    match capacity {
        None => keep("capacity", format!("Indiquez de {} à {} places.", CAPACITY.start(), CAPACITY.end())),
        Some(capacity) if capacity < members => {
            let said = counted(members.into(), "membre", "membres");
            keep("capacity", format!("La cohorte a déjà {said}\u{a0}: retirez-en d’abord, ou gardez plus de places."));
        }
        Some(_) => {}
    }
    let trains = |person: PersonId| offered.trainers.iter().any(|(of, who)| Some(of) == course && *who == person);
    let trainers: Option<BTreeSet<PersonId>> =
        form.trainers.iter().map(|id| id.parse().ok().map(PersonId).filter(|id| trains(*id))).collect();
    if trainers.is_none() {
        keep("trainers", "Choisissez parmi les formateurs et formatrices du cours.".to_owned());
    }
    let read = (|| {
        Some(Plan { course: course?.clone(), name, from: from?, to: to?, capacity: capacity?, trainers: trainers? })
    })();
    read.filter(|_| problems.is_empty()).ok_or(problems)
}

/// Reads why a cohort is called off, as its members will read it.
///
/// # Errors
/// What to do about it.
pub fn read_reason(text: &str) -> Result<String, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: String = text.chars().filter(|sign| !sign.is_control()).collect();
    let fits = REASON.contains(&text.chars().count());
    fits.then_some(text)
        .ok_or_else(|| format!("Dites aux membres pourquoi, en {} à {} caractères.", REASON.start(), REASON.end()))
}

/// Somebody who may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub person: PersonId,
    /// The cohort of that course in which they are.
    pub cohort: Option<CohortId>,
}

/// What adding some people comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Admission {
    /// In no cohort yet.
    pub new: Vec<PersonId>,
    /// In another: moved, where that is asked.
    pub elsewhere: Vec<PersonId>,
    pub already: Vec<PersonId>,
    /// How many too many they would be.
    pub over: u32,
}

/// What adding these people to a cohort comes to, which has `members` and room for `capacity`. Those of another cohort are
/// left there unless they are to be moved.
#[must_use]
pub fn admit(to: CohortId, (members, capacity): (u32, u32), candidates: &[Candidate], moves: bool) -> Admission {
    let mut admission = Admission::default();
    let mut seen = BTreeSet::new();
    for candidate in candidates.iter().filter(|candidate| seen.insert(candidate.person)) {
        let side = match candidate.cohort {
            None => &mut admission.new,
            Some(cohort) if cohort == to => &mut admission.already,
            Some(_) => &mut admission.elsewhere,
        };
        side.push(candidate.person);
    }
    let joining = admission.joining(moves).count();
    let after = members.saturating_add(u32::try_from(joining).unwrap_or(u32::MAX));
    // A cohort that is beyond its capacity already stays as it is, as long as nobody joins.
    admission.over = if joining == 0 { 0 } else { after.saturating_sub(capacity) };
    admission
}

impl Admission {
    /// Those who join.
    pub fn joining(&self, moves: bool) -> impl Iterator<Item = PersonId> + '_ {
        self.new.iter().chain(self.elsewhere.iter().filter(move |_| moves)).copied()
    }
}
