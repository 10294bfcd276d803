//! An agent signs on their own phone: the code first, for whoever points a camera at it, then the signature, for whoever
//! is signed in and on the roster.

use super::closing::title;
use super::code::{admits, is_good, ticket};
use super::store::{self, Classroom, HalfDaySheet};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::throttle;
use crate::page::Surroundings;
use axum::extract::{ConnectInfo, Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::classroom::TICKET;
use domain::ids::ClassroomId;
use domain::record::HalfDay;
use domain::text::paris;
use frontend::classroom::{SignPage, Signing, sign_page, spent_code_page};
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use std::net::SocketAddr;

/// What a browser keeps of a good code.
const TICKET_COOKIE: &str = "__Host-emargement";

/// A half day's sheet, as addresses name it.
pub(super) type Address = (ClassroomId, String);

/// The session and the half day of an address.
pub(super) async fn find(app: &App, (id, half_day): &Address) -> Result<(Classroom, HalfDay)> {
    let half_day: HalfDay = half_day.parse().map_err(|_| Error::NotFound)?;
    let classroom = store::classroom(app.db.reader(), *id).await?;
    classroom.sheet(half_day)?;
    Ok((classroom, half_day))
}

/// Whether the sheet may be signed: it is open, and the day is today in Paris.
pub(super) fn takes_signatures(sheet: &HalfDaySheet, now: Timestamp) -> bool {
    sheet.closed.is_none() && sheet.half_day.date == paris(now).date()
}

/// `GET /emargement/{classroom}/{half_day}/{code}`: what the code in the room leads to. The address that goes on holds
/// no code, so that passing it on is of no use.
pub async fn show_code(
    State(app): State<App>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Path((id, half_day, code)): Path<(ClassroomId, String, String)>,
) -> Result<Response> {
    let (classroom, half_day) = find(&app, &(id, half_day)).await?;
    let sheet = classroom.sheet(half_day)?;
    let now = app.clock.now();
    if !takes_signatures(sheet, now) || !is_good(id, sheet, &code, now) {
        // Those who guess wait; a whole room behind one address does not.
        app.throttle.try_address(throttle::client_address(&app.config, peer.ip(), &headers))?;
        return Ok(around.page_as(StatusCode::GONE, "Code périmé", spent_code_page()));
    }
    let (ticket, seconds) = (ticket(id, sheet, now), TICKET.as_secs());
    let cookie = format!("{TICKET_COOKIE}={ticket}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&format!("/emargement/{id}/{half_day}"))).into_response())
}

/// `GET /emargement/{classroom}/{half_day}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    headers: HeaderMap,
    Path(address): Path<Address>,
) -> Result<Response> {
    let (classroom, half_day) = find(&app, &address).await?;
    let signing = signing(&app, &viewer, &headers, &classroom, half_day).await?;
    let status = if signing == Signing::NotOnRoster { StatusCode::FORBIDDEN } else { StatusCode::OK };
    let title = title(&app, &classroom);
    let view = sign_page(SignPage {
        href: format!("/emargement/{}/{half_day}", classroom.id),
        name: viewer.name(),
        title,
        place: classroom.place,
        half_day: half_day.said(),
        signing,
    });
    Ok(around.page_as(status, "Ma présence", view))
}

/// `POST /emargement/{classroom}/{half_day}`: signs, once.
pub async fn sign(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    Path(address): Path<Address>,
) -> Result<Redirect> {
    let (classroom, half_day) = find(&app, &address).await?;
    let to = format!("/emargement/{}/{half_day}", classroom.id);
    if signing(&app, &viewer, &headers, &classroom, half_day).await? == Signing::Open {
        let on_roster = store::is_on_roster(app.db.reader(), classroom.id, viewer.person).await?;
        store::sign(&app, viewer.signer_of(&classroom, on_roster)?, half_day).await?;
    }
    Ok(Redirect::to(&to))
}

/// Where this person stands. Who is on no roster and shows no ticket is told nothing.
async fn signing(
    app: &App,
    viewer: &Viewer,
    headers: &HeaderMap,
    classroom: &Classroom,
    half_day: HalfDay,
) -> Result<Signing> {
    let (sheet, now) = (classroom.sheet(half_day)?, app.clock.now());
    let has_ticket = ticket_in(headers).is_some_and(|ticket| admits(classroom.id, sheet, ticket, now));
    let roster = store::roster(app.db.reader(), classroom.id).await?;
    let Some(attendee) = roster.iter().find(|attendee| attendee.person == viewer.person) else {
        return if has_ticket { Ok(Signing::NotOnRoster) } else { Err(Error::NotFound) };
    };
    Ok(match attendee.mark(half_day).signed_at {
        Some(at) => Signing::Signed(at),
        None if sheet.closed.is_some() => Signing::Closed,
        None if has_ticket && takes_signatures(sheet, now) => Signing::Open,
        None => Signing::NeedsCode,
    })
}

fn ticket_in(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == TICKET_COOKIE).map(|(_, value)| value)
}
