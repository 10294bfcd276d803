//! Webinars, and who was there.

use super::answer::Privacy;
use super::asked::{Kind, LIMIT, Parameter, cursor};
use super::call::Call;
use crate::error::{Error, Result};
use crate::webinar::presence;
use crate::webinar::store::{self, Wanted, Webinar as Planned};
use axum::extract::Path;
use axum::response::Response;
use domain::identity::TokenScope;
use domain::ids::WebinarId;
use domain::webinar::plan::Audience;
use domain::webinar::presence::Reason;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;

pub(super) const STATUSES: [&str; 4] = ["planned", "live", "closed", "cancelled"];

pub(super) const PARAMETERS: &[Parameter] = &[
    Parameter { name: "course", kind: Kind::Slug, meaning: "Those of that course." },
    Parameter { name: "status", kind: Kind::Word(&STATUSES), meaning: "Those that are so." },
    Parameter { name: "from", kind: Kind::Instant, meaning: "Those that begin at that instant or later." },
    Parameter { name: "before", kind: Kind::Instant, meaning: "Those that begin before that instant." },
    LIMIT,
    cursor("^[0-9]{1,15}~[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
];

#[derive(Debug, Serialize)]
struct Webinar {
    id: WebinarId,
    course: String,
    title: String,
    status: &'static str,
    starts_at: Timestamp,
    minutes: u32,
    live_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    cancelled_at: Option<Timestamp>,
    capacity: u32,
    threshold: u32,
    departement: Option<&'static str>,
    /// Identifiers of those who lead it.
    trainers: Vec<i64>,
    /// How many have a place.
    registered: u32,
}

#[derive(Debug, Serialize)]
struct Whole {
    #[serde(flatten)]
    webinar: Webinar,
    /// How many were there for as long as counts; none before it is closed and in the records.
    present: Option<usize>,
    roster: Vec<Attendee>,
}

/// Somebody who has a place, or came.
#[derive(Debug, Serialize)]
struct Attendee {
    person: i64,
    registered: bool,
    minutes: u32,
    percent: u8,
    met: bool,
    reason: Reason,
}

impl Webinar {
    fn of(planned: &Planned, registered: u32) -> Self {
        let schedule = &planned.schedule;
        let [scheduled, live, closed, cancelled] = STATUSES;
        Self {
            id: planned.id,
            course: planned.course.to_string(),
            title: planned.title.clone(),
            status: match (schedule.cancelled_at, schedule.closed_at, schedule.live_at) {
                (Some(_), ..) => cancelled,
                (None, Some(_), _) => closed,
                (None, None, Some(_)) => live,
                (None, None, None) => scheduled,
            },
            starts_at: schedule.starts_at,
            minutes: schedule.minutes,
            live_at: schedule.live_at,
            closed_at: schedule.closed_at,
            cancelled_at: schedule.cancelled_at,
            capacity: planned.capacity,
            threshold: planned.threshold,
            departement: match planned.audience {
                Audience::Everybody => None,
                Audience::Departement(code) => Some(code.as_str()),
            },
            trainers: planned.trainers.iter().map(|trainer| trainer.id.0).collect(),
            registered,
        }
    }
}

/// `GET /api/v1/webinars`
pub async fn list(call: Call) -> Result<Response> {
    let asked = call.asks(TokenScope::SessionsRead, PARAMETERS)?;
    let wanted = Wanted {
        course: asked.text("course"),
        status: asked.text("status"),
        from: asked.instant("from"),
        before: asked.instant("before"),
    };
    let db = call.app.db.reader();
    let planned = store::page(db, wanted, asked.cursor()?, asked.limit() + 1).await?;
    let taken = store::taken(db, &planned.iter().map(|webinar| webinar.id).collect::<Vec<_>>()).await?;
    let items = planned.iter().map(|planned| Webinar::of(planned, count(&taken, planned.id))).collect();
    let key = |webinar: &Webinar| format!("{}~{}", webinar.starts_at.as_millisecond(), webinar.id);
    call.list(Privacy::Personal, &call.page("/api/v1/webinars", &asked, items, key))
}

/// `GET /api/v1/webinars/{webinar}`
pub async fn one(call: Call, Path(id): Path<String>) -> Result<Response> {
    call.asks(TokenScope::SessionsRead, &[])?;
    let id: WebinarId = id.parse().map_err(|_| Error::NotFound)?;
    let db = call.app.db.reader();
    let planned = store::webinar(db, id).await?.ok_or(Error::NotFound)?;
    let sheet = presence::sheet(&call.app, &planned, call.app.clock.now()).await?;
    let roster: Vec<Attendee> = sheet
        .people
        .iter()
        .map(|attendee| Attendee {
            person: attendee.person.0,
            registered: attendee.is_registered,
            minutes: attendee.figures.minutes,
            percent: attendee.figures.percent,
            met: attendee.figures.met,
            reason: attendee.reason,
        })
        .collect();
    let whole = Whole {
        webinar: Webinar::of(&planned, count(&store::taken(db, &[id]).await?, id)),
        present: sheet.is_closed.then(|| roster.iter().filter(|attendee| attendee.met).count()),
        roster,
    };
    call.one(Privacy::Personal, &whole, None)
}

fn count(taken: &BTreeMap<WebinarId, u32>, id: WebinarId) -> u32 {
    taken.get(&id).copied().unwrap_or(0)
}
