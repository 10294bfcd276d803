//! Where an agent stands in a pathway.

use super::{Award, Component, Modality, Pathway, Way};
use crate::certificate::{Attested, Basis};
use crate::ids::{ComponentSlug, CourseSlug, WebinarId};
use crate::record::{AttendanceRecord, CourseRecord, Record, WebinarRecord};
use crate::text::paris;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where an agent stands with each component, in the order of the pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'p> {
    pub lines: Vec<Line<'p>>,
}

/// A component, and where the agent stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line<'p> {
    pub component: &'p Component,
    /// How it was followed: as the component says, but for a webinar whose recording was watched.
    pub modality: Modality,
    pub state: State,
    /// What it rests on.
    pub basis: Basis,
}

/// How far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Todo,
    /// Something of it is done.
    Ongoing {
        /// Minutes that count already.
        minutes: u32,
        /// Half days that remain, for what is counted so.
        half_days_left: u32,
    },
    Earned(Earned),
    /// Need not be followed.
    Exempted,
}

/// What a component gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    pub minutes: u32,
    /// The days, in Paris, between which it was followed.
    pub from: Date,
    pub to: Date,
}

/// Where the agent stands, from their record alone.
#[must_use]
pub fn standing<'p>(pathway: &'p Pathway, record: &Record) -> Standing<'p> {
    let lines = pathway.components.iter().map(|component| {
        let (state, basis) = match &component.way {
            Way::Course { course } => (by_course(record, course), Basis::Course { course: course.clone() }),
            Way::Webinar { course } => by_webinar(record, course),
            Way::HalfDays { count } => {
                let basis = Basis::Attendance { course: pathway.course.clone(), component: component.slug.clone() };
                (by_half_days(record.attendance(&pathway.course, &component.slug), *count), basis)
            }
        };
        let modality = if is_later(record, &basis) { Modality::Asynchronous } else { component.modality };
        Line { component, modality, state, basis }
    });
    Standing { lines: lines.collect() }
}

fn by_course(record: &Record, course: &CourseSlug) -> State {
    match course_earned(record, course) {
        Some(earned) => State::Earned(earned),
        None => match record.courses.get(course).map(CourseRecord::minutes) {
            None | Some(0) => State::Todo,
            Some(minutes) => State::Ongoing { minutes, half_days_left: 0 },
        },
    }
}

/// Whether it rests on a webinar whose recording was watched.
pub(crate) fn is_later(record: &Record, basis: &Basis) -> bool {
    let Basis::Webinar { course, webinar: Some(id) } = basis else { return false };
    webinar_of(record, course, *id).is_some_and(|webinar| webinar.later().is_some())
}

/// The first webinar followed whose threshold is met.
fn by_webinar(record: &Record, course: &CourseSlug) -> (State, Basis) {
    let met = record.courses.get(course).into_iter().flat_map(|known| &known.webinars);
    let met = met.filter(|(_, webinar)| webinar.figures.met).min_by_key(|(id, webinar)| (webinar.followed_at(), **id));
    let basis = |webinar| Basis::Webinar { course: course.clone(), webinar };
    match met {
        Some((id, webinar)) => (State::Earned(webinar_earned(webinar)), basis(Some(*id))),
        None => (State::Todo, basis(None)),
    }
}

fn by_half_days(known: Option<&AttendanceRecord>, count: u32) -> State {
    let Some(known) = known else { return State::Todo };
    let done = u32::try_from(known.half_days.len()).unwrap_or(u32::MAX);
    match attendance_earned(known) {
        _ if known.exempted => State::Exempted,
        Some(earned) if done >= count => State::Earned(earned),
        Some(earned) => State::Ongoing { minutes: earned.minutes, half_days_left: count - done },
        None => State::Todo,
    }
}

pub(crate) fn course_earned(record: &Record, course: &CourseSlug) -> Option<Earned> {
    let completed = record.courses.get(course)?.completed?;
    let (from, to) = (paris(completed.begun_at).date(), paris(completed.earned.at).date());
    Some(Earned { minutes: completed.minutes, from, to })
}

pub(crate) fn webinar_of<'r>(record: &'r Record, course: &CourseSlug, id: WebinarId) -> Option<&'r WebinarRecord> {
    record.webinar(course, id).filter(|webinar| webinar.figures.met)
}

pub(crate) fn webinar_earned(webinar: &WebinarRecord) -> Earned {
    let (from, to) = match webinar.later() {
        Some(later) if later.seen_live > 0 => (webinar.held_at, later.at),
        Some(later) => (later.from, later.at),
        None => (webinar.held_at, webinar.held_at),
    };
    Earned { minutes: webinar.minutes_counted(), from: paris(from).date(), to: paris(to).date() }
}

pub(crate) fn attendance_earned(known: &AttendanceRecord) -> Option<Earned> {
    let (first, last) = known.half_days.first().zip(known.half_days.last())?;
    Some(Earned { minutes: known.minutes, from: first.date, to: last.date })
}

impl State {
    /// Whether nothing remains to be done.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Earned(_) | Self::Exempted)
    }

    /// Minutes that count.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        match self {
            Self::Ongoing { minutes, .. } => *minutes,
            Self::Earned(earned) => earned.minutes,
            Self::Todo | Self::Exempted => 0,
        }
    }
}

impl<'p> Standing<'p> {
    /// Minutes that count, by modality; the three are always there.
    #[must_use]
    pub fn minutes_by_modality(&self) -> BTreeMap<Modality, u32> {
        let mut sums: BTreeMap<_, _> = Modality::ALL.into_iter().map(|modality| (modality, 0)).collect();
        for line in &self.lines {
            *sums.entry(line.modality).or_default() += line.state.minutes();
        }
        sums
    }

    /// The components that remain, in order.
    pub fn missing(&self) -> impl Iterator<Item = &Line<'p>> {
        self.lines.iter().filter(|line| !line.state.is_done())
    }

    #[must_use]
    pub fn line(&self, slug: &ComponentSlug) -> Option<&Line<'p>> {
        self.lines.iter().find(|line| line.component.slug == *slug)
    }

    /// What a certificate would say of that award, once all of its components are done. There is none for somebody
    /// exempted from everything: no action was carried out.
    #[must_use]
    pub fn attests(&self, award: &Award) -> Option<Vec<Attested>> {
        let attested = award.components.iter().map(|slug| {
            let Line { component, modality, state, basis } = self.line(slug)?;
            let earned = match state {
                State::Earned(earned) => Some(*earned),
                State::Exempted => None,
                State::Todo | State::Ongoing { .. } => return None,
            };
            Some(Attested {
                component: slug.clone(),
                title: component.title.clone(),
                modality: *modality,
                earned,
                basis: basis.clone(),
            })
        });
        let attested: Vec<_> = attested.collect::<Option<_>>()?;
        attested.iter().any(|line| line.earned.is_some()).then_some(attested)
    }
}
