//! Planning a webinar: what a trainer types, and what is wrong with it.
//!
//! Every problem is told at once, each with its field and its remedy.

mod edition;
mod moment;
#[cfg(test)]
mod tests;

use crate::ids::{CourseSlug, PersonId};
use crate::place::DepartementCode;
use jiff::{Timestamp, ToSpan as _};
pub use moment::read as moment;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Minutes that a webinar lasts.
pub const MINUTES: RangeInclusive<u32> = 15..=240;
/// Places that a webinar has.
pub const CAPACITY: RangeInclusive<u32> = 1..=3000;
/// Percent of the live time that makes somebody present.
pub const THRESHOLD: RangeInclusive<u32> = 1..=100;
/// Days that a recording is kept after its webinar: three years at most.
pub const RECORDING_DAYS: RangeInclusive<u32> = 1..=1096;
/// Those of a webinar for which nothing is said.
const YEAR: u32 = 365;
/// Characters of a title.
pub const TITLE: RangeInclusive<usize> = 3..=120;
/// Characters of a description, at most.
pub const DESCRIPTION: usize = 2000;
/// Characters of the reason of a cancellation, at most.
pub const REASON: usize = 500;

/// What a box that is ticked says.
pub const TICKED: &str = "yes";

/// To whom a webinar is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Everybody,
    /// Those who work in a maison of that département.
    Departement(DepartementCode),
}

/// A webinar as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub course: CourseSlug,
    /// What the room is prepared with.
    pub kit: Option<String>,
    pub title: String,
    /// Lines of plain text; may be empty.
    pub description: String,
    pub starts_at: Timestamp,
    pub minutes: u32,
    pub capacity: u32,
    /// Percent of the live time.
    pub threshold: u32,
    pub audience: Audience,
    /// Whether watching its recording counts as presence, at a distance, asynchronously.
    pub replay_counts: bool,
    /// Whether the quiz of its room can be taken with the recording, for the record.
    pub replay_quiz: bool,
    pub recorded: bool,
    /// Days that its recording is kept.
    pub recording_days: u32,
    /// Who leads it, beside whoever plans it.
    pub trainers: BTreeSet<PersonId>,
}

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanForm {
    pub course: String,
    pub kit: String,
    pub title: String,
    pub description: String,
    /// `2026-12-03`, as browsers send it, or `3/12/2026`.
    pub date: String,
    /// `10:00`, as browsers send it, or `10 h`.
    pub time: String,
    pub minutes: String,
    pub capacity: String,
    pub threshold: String,
    /// `nation` or `departement:08`.
    pub audience: String,
    /// [`TICKED`], or empty.
    pub replay_counts: String,
    /// [`TICKED`], or empty.
    pub replay_quiz: String,
    /// [`TICKED`], or empty.
    pub recorded: String,
    pub recording_days: String,
    /// Identifiers of people.
    pub trainers: Vec<String>,
}

/// What may be chosen in the form.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    pub courses: Vec<CourseSlug>,
    pub kits: Vec<String>,
    /// The trainers of each of these courses.
    pub trainers: Vec<(CourseSlug, PersonId)>,
}

/// What is wrong with a field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The field's name in [`PlanForm`].
    pub field: &'static str,
    pub said: String,
}

/// Reads the form. A start in the past is refused, but for the one that the webinar `had` before the form.
pub fn read_plan(
    form: &PlanForm,
    offered: &Offered,
    now: Timestamp,
    had: Option<Timestamp>,
) -> Result<Plan, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut keep = |problem: Problem| problems.push(problem);
    let title = title(&form.title).map_err(&mut keep);
    let course = course(&form.course, offered).map_err(&mut keep);
    let starts_at = moment::read(&form.date, &form.time)
        .and_then(|at| if Some(at) == had { Ok(at) } else { soon(at, now) })
        .map_err(|wrong| wrong.into_iter().for_each(&mut keep));
    let minutes = number("minutes", &form.minutes, &MINUTES, "la durée en minutes").map_err(&mut keep);
    let audience = audience(&form.audience).map_err(&mut keep);
    let capacity = number("capacity", &form.capacity, &CAPACITY, "le nombre de places").map_err(&mut keep);
    let threshold =
        number("threshold", &form.threshold, &THRESHOLD, "le seuil de présence, en pourcentage").map_err(&mut keep);
    let recorded = !form.recorded.is_empty();
    let days = "la durée de conservation de l’enregistrement, en jours";
    let recording_days = match (recorded, form.recording_days.as_str()) {
        (false, "") => Ok(YEAR),
        (_, typed) => number("recording_days", typed, &RECORDING_DAYS, days).map_err(&mut keep),
    };
    let trainers = match &course {
        Ok(course) => trainers(&form.trainers, course, offered).map_err(&mut keep),
        Err(()) => Err(()),
    };
    let kit = kit(&form.kit, offered).map_err(&mut keep);
    let description = description(&form.description).map_err(&mut keep);
    let read = (|| {
        Ok::<_, ()>(Plan {
            course: course?,
            kit: kit?,
            title: title?,
            description: description?,
            starts_at: starts_at?,
            minutes: minutes?,
            capacity: capacity?,
            threshold: threshold?,
            audience: audience?,
            replay_counts: !form.replay_counts.is_empty(),
            replay_quiz: !form.replay_quiz.is_empty(),
            recorded,
            recording_days: recording_days?,
            trainers: trainers?,
        })
    })();
    read.map_err(|()| problems)
}

/// Why a webinar is called off, as its agents will read it.
pub fn read_reason(text: &str) -> Result<String, Problem> {
    let text = lines(text);
    if text.is_empty() {
        Err(problem(
            "reason",
            "Dites en une phrase pourquoi le webinaire n’a pas lieu\u{a0}: les personnes inscrites la recevront.",
        ))
    } else if text.chars().count() > REASON {
        Err(problem("reason", format!("Raccourcissez la raison à {REASON} caractères au plus.")))
    } else {
        Ok(text)
    }
}

fn problem(field: &'static str, said: impl Into<String>) -> Problem {
    Problem { field, said: said.into() }
}

fn title(text: &str) -> Result<String, Problem> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if TITLE.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    Err(problem("title", format!("Donnez au webinaire un titre de {} à {} caractères.", TITLE.start(), TITLE.end())))
}

fn description(text: &str) -> Result<String, Problem> {
    let text = lines(text);
    if text.chars().count() <= DESCRIPTION {
        return Ok(text);
    }
    Err(problem("description", format!("Raccourcissez la présentation à {DESCRIPTION} caractères au plus.")))
}

/// Lines of plain text: their ends made one, no other control sign, no idle space at the ends.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    let text: String = text.chars().filter(|sign| *sign == '\n' || !sign.is_control()).collect();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn course(text: &str, offered: &Offered) -> Result<CourseSlug, Problem> {
    let known = offered.courses.iter().find(|course| course.as_str() == text);
    known.cloned().ok_or_else(|| problem("course", "Choisissez dans la liste le cours que le webinaire complète."))
}

fn audience(text: &str) -> Result<Audience, Problem> {
    text.parse().map_err(|_| problem("audience", "Choisissez dans la liste à qui le webinaire est ouvert."))
}

fn kit(text: &str, offered: &Offered) -> Result<Option<String>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let known = offered.kits.iter().find(|kit| *kit == text);
    known.cloned().map(Some).ok_or_else(|| problem("kit", "Choisissez le support dans la liste, ou aucun."))
}

fn trainers(chosen: &[String], course: &CourseSlug, offered: &Offered) -> Result<BTreeSet<PersonId>, Problem> {
    let find = |text: &String| {
        let trains = |(of, person): &&(CourseSlug, PersonId)| of == course && person.to_string() == *text;
        offered.trainers.iter().find(trains).map(|(_, person)| *person)
    };
    chosen.iter().map(find).collect::<Option<_>>().ok_or_else(|| {
        problem("trainers", "Choisissez les co-animateurs parmi les formateurs et formatrices du cours.")
    })
}

fn number(field: &'static str, text: &str, range: &RangeInclusive<u32>, what: &str) -> Result<u32, Problem> {
    let digits: String = text.chars().filter(|sign| !sign.is_whitespace()).collect();
    let read = digits.parse().ok().filter(|number| range.contains(number));
    let said = || format!("Indiquez {what}\u{a0}: un nombre entier de {} à {}.", range.start(), range.end());
    read.ok_or_else(|| problem(field, said()))
}

/// To come, and within two years: further is a slip of the year.
fn soon(at: Timestamp, now: Timestamp) -> Result<Timestamp, Vec<Problem>> {
    let limit = now.saturating_add((2 * 366 * 24).hours()).unwrap_or(now);
    if at <= now {
        Err(vec![problem("date", "Choisissez une date et une heure à venir\u{a0}: celles-ci sont passées.")])
    } else if at > limit {
        Err(vec![problem("date", "Vérifiez l’année\u{a0}: un webinaire se prévoit deux ans à l’avance au plus.")])
    } else {
        Ok(at)
    }
}

impl Audience {
    /// Whether it is open to somebody who works in that département; some work in none that is known.
    #[must_use]
    pub fn includes(self, departement: Option<DepartementCode>) -> bool {
        match self {
            Self::Everybody => true,
            Self::Departement(code) => departement == Some(code),
        }
    }

    /// As shown: « Ouvert à tous les agents ».
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Everybody => "tous les agents".to_owned(),
            Self::Departement(code) => format!("les agents du département {} ({code})", code.name()),
        }
    }
}

/// As stored: `nation`, `departement:2A`.
impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("nation"),
            Self::Departement(code) => write!(f, "departement:{code}"),
        }
    }
}

/// Why a text is not an audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an audience")]
pub struct NotAnAudience(pub String);

impl FromStr for Audience {
    type Err = NotAnAudience;
    fn from_str(text: &str) -> Result<Self, NotAnAudience> {
        let departement = text.strip_prefix("departement:").and_then(|code| code.parse().ok()).map(Self::Departement);
        let audience = if text == "nation" { Some(Self::Everybody) } else { departement };
        audience.ok_or_else(|| NotAnAudience(text.to_owned()))
    }
}
