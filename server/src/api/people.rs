//! Agents, with their maison and where they stand in each course.

use super::answer::Privacy;
use super::asked::{CURSOR, DEPARTEMENT, Kind, LIMIT, MAISON, Parameter};
use super::call::Call;
use super::instant;
use super::maisons::Maison;
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::entity::enrolment;
use crate::follow_up::standings;
use crate::identity::directory::{self, Wanted};
use crate::identity::entity::person;
use crate::place;
use axum::extract::Path;
use axum::response::Response;
use domain::follow_up::State as Standing;
use domain::identity::TokenScope;
use domain::ids::{CohortId, PersonId};
use jiff::Timestamp;
use serde::Serialize;

/// How far somebody is, as other systems know it.
pub(super) const STATES: [&str; 3] = ["not-begun", "under-way", "done"];

pub(super) const PARAMETERS: &[Parameter] = &[
    DEPARTEMENT,
    MAISON,
    Parameter { name: "email", kind: Kind::Text, meaning: "The one of that address." },
    Parameter { name: "course", kind: Kind::Slug, meaning: "Those enrolled in that course." },
    Parameter {
        name: "state",
        kind: Kind::Word(&STATES),
        meaning: "Those who stand so in the course that is named, or in any.",
    },
    Parameter {
        name: "cohort",
        kind: Kind::Spelled("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
        meaning: "Those who follow a course with that cohort, by its identifier.",
    },
    LIMIT,
    CURSOR,
];

#[derive(Debug, Serialize)]
struct Person {
    id: i64,
    first_name: String,
    last_name: String,
    email: String,
    /// Whether the account is open: not suspended.
    active: bool,
    created_at: Timestamp,
    maison: Option<Maison>,
    enrolments: Vec<Enrolment>,
}

#[derive(Debug, Serialize)]
struct Enrolment {
    course: String,
    state: &'static str,
    late: bool,
    enrolled_at: Timestamp,
    /// The cohort that they follow it with, by its identifier.
    cohort: Option<String>,
    /// By when that cohort has them done.
    due_at: Option<Timestamp>,
    chapters: i32,
    minutes: i32,
    minutes_live: i32,
    webinars: i32,
    webinars_met: i32,
    mooc_at: Option<Timestamp>,
    webinar_at: Option<Timestamp>,
    done_at: Option<Timestamp>,
}

/// `GET /api/v1/people`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::PeopleRead, PARAMETERS)?;
    let state = asked.text("state").and_then(|word| STATES.iter().position(|known| *known == word));
    let state = state.and_then(|place| Standing::ALL.get(place).copied());
    let (course, cohort) = (asked.text("course"), asked.text("cohort"));
    if cohort.is_some_and(|text| text.parse().ok().is_none_or(|id: CohortId| id.to_string() != text)) {
        return Err(Error::Parameter("cohort\u{a0}: l’identifiant d’une cohorte, tel que l’API le donne.".to_owned()));
    }
    let wanted = Wanted {
        email: asked.text("email"),
        departement: asked.text("departement"),
        maison: asked.value("maison"),
        standing: (course.is_some() || state.is_some() || cohort.is_some()).then_some(standings::Wanted {
            course,
            state,
            cohort,
        }),
    };
    let rows =
        directory::agents(call.app.db.reader(), &wanted, asked.after()?.unwrap_or_default(), asked.limit() + 1).await?;
    let people = whole(&call.app, rows).await?;
    let page = call.page("/api/v1/people", &asked, people, |person| person.id.to_string());
    call.list(Privacy::Personal, &page)
}

/// `GET /api/v1/people/{person}`
pub async fn one(call: Call, Path(id): Path<String>) -> Result<Response> {
    call.asks(TokenScope::PeopleRead, &[])?;
    let id = PersonId(id.parse().map_err(|_| Error::NotFound)?);
    let row = directory::agent(call.app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let person = whole(&call.app, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    call.one(Privacy::Personal, &person, None)
}

async fn whole(app: &App, rows: Vec<person::Model>) -> Result<Vec<Person>> {
    let db = app.db.reader();
    let maisons = place::find(db, rows.iter().filter_map(|row| row.maison_id)).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut standings = standings::of(db, &ids).await?;
    let person = |row: person::Model| Person {
        id: row.id,
        active: row.suspended_at.is_none(),
        created_at: instant(row.created_at),
        maison: row.maison_id.and_then(|id| maisons.get(&id).cloned()).map(Maison::from),
        enrolments: standings.remove(&row.id).unwrap_or_default().into_iter().map(|row| enrolment(app, row)).collect(),
        first_name: row.first_name,
        last_name: row.last_name,
        email: row.email,
    };
    Ok(rows.into_iter().map(person).collect())
}

fn enrolment(app: &App, row: enrolment::Model) -> Enrolment {
    let [not_begun, under_way, done] = STATES;
    Enrolment {
        state: match (row.done_at, row.begun) {
            (Some(_), _) => done,
            (None, 0) => not_begun,
            (None, _) => under_way,
        },
        late: standings::is_late(app, &row),
        enrolled_at: instant(row.enrolled_at),
        cohort: row.cohort_id,
        due_at: row.due_at.map(instant),
        chapters: row.chapters,
        minutes: row.minutes,
        minutes_live: row.minutes_live,
        webinars: row.webinars,
        webinars_met: row.webinars_met,
        mooc_at: row.mooc_at.map(instant),
        webinar_at: row.webinar_at.map(instant),
        done_at: row.done_at.map(instant),
        course: row.course,
    }
}
