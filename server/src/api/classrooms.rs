//! Sessions face to face, and who was there.

use super::answer::Privacy;
use super::asked::{Kind, LIMIT, Parameter, cursor};
use super::call::Call;
use crate::classroom::{self, Classroom as Planned};
use crate::error::{Error, Result};
use axum::extract::Path;
use axum::response::Response;
use domain::identity::TokenScope;
use domain::ids::ClassroomId;
use jiff::Timestamp;
use serde::Serialize;

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter { name: "pathway", kind: Kind::Slug, meaning: "Those of that pathway." },
    Parameter { name: "component", kind: Kind::Slug, meaning: "Those of that component of a pathway." },
    LIMIT,
    cursor("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
];

#[derive(Debug, Serialize)]
struct Classroom {
    id: ClassroomId,
    pathway: String,
    component: String,
    course: String,
    place: String,
    /// Identifier of who leads it.
    leader: i64,
    half_days: Vec<HalfDay>,
}

#[derive(Debug, Serialize)]
struct HalfDay {
    /// « 2026-12-03-matin »
    half_day: String,
    /// When its sheet was closed, and so entered in the records.
    closed_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    classroom: Classroom,
    roster: Vec<Attendee>,
}

#[derive(Debug, Serialize)]
struct Attendee {
    person: i64,
    marks: Vec<Mark>,
}

/// What stands beside somebody on a half day's sheet.
#[derive(Debug, Serialize)]
struct Mark {
    half_day: String,
    present: bool,
    signed_at: Option<Timestamp>,
}

impl From<&Planned> for Classroom {
    fn from(planned: &Planned) -> Self {
        let half_days = planned
            .sheets
            .iter()
            .map(|sheet| HalfDay { half_day: sheet.half_day.to_string(), closed_at: sheet.closed.map(|(at, _)| at) });
        Self {
            id: planned.id,
            pathway: planned.pathway.to_string(),
            component: planned.component.to_string(),
            course: planned.course.to_string(),
            place: planned.place.clone(),
            leader: planned.leader.0,
            half_days: half_days.collect(),
        }
    }
}

/// `GET /api/v1/classrooms`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::SessionsRead, PARAMETERS)?;
    let of = (asked.text("pathway"), asked.text("component"));
    let planned = classroom::page(call.app.db.reader(), of, asked.after()?, asked.limit() + 1).await?;
    let items = planned.iter().map(Classroom::from).collect();
    let page = call.page("/api/v1/classrooms", &asked, items, |classroom| classroom.id.to_string());
    call.list(Privacy::Personal, &page)
}

/// `GET /api/v1/classrooms/{classroom}`
pub async fn one(call: Call, Path(id): Path<String>) -> Result<Response> {
    call.asks(TokenScope::SessionsRead, &[])?;
    let id: ClassroomId = id.parse().map_err(|_| Error::NotFound)?;
    let planned = classroom::classroom(call.app.db.reader(), id).await?;
    let attendees = classroom::roster(call.app.db.reader(), id).await?;
    let roster = attendees.iter().map(|attendee| Attendee {
        person: attendee.person.0,
        marks: planned
            .sheets
            .iter()
            .map(|sheet| {
                let mark = attendee.mark(sheet.half_day);
                Mark { half_day: sheet.half_day.to_string(), present: mark.is_present(), signed_at: mark.signed_at }
            })
            .collect(),
    });
    let whole = Whole { classroom: Classroom::from(&planned), roster: roster.collect() };
    call.one(Privacy::Personal, &whole, None)
}
