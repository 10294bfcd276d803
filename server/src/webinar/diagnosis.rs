//! Why a webinar does not get through, in words to hand over: the page, and what it tries its legs with. Open to everybody:
//! whoever keeps a maison's network has no account. Nothing of what is tried is kept.

pub mod rate;

use super::check::admitted;
use super::media::offer::{Direction, Medium};
use super::media::{Kind, Offer, PeerId, Protocol, Role, RoomId};
use crate::access::Viewer;
use crate::app::App;
use crate::around::is_same_site;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::identity::throttle;
use crate::page::Surroundings;
use crate::place;
use axum::Json;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{ConnectInfo, Path, State};
use axum::response::Response;
use domain::ids::WebinarId;
use domain::text::date_time;
use frontend::webinar::diagnosis::{DiagnosisPage, Reach, diagnosis_page};
use frontend::webinar::way::{Over, Way};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::timeout;

/// A trial of the way of media lasts so long.
const TRIAL: Duration = Duration::from_secs(20);
/// Pings last no longer, are no more and no larger.
const PINGS: (Duration, usize, usize) = (Duration::from_secs(20), 40, 64);

/// A session description (SDP).
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    sdp: String,
}

/// `GET /diagnostic`: the page; asked for as a WebSocket, pings.
pub async fn page(
    State(app): State<App>,
    viewer: Option<Viewer>,
    around: Surroundings,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: std::result::Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response> {
    let Ok(upgrade) = upgrade else { return show(&app, viewer.as_ref(), around, None).await };
    if !is_same_site(&app.config.public_url, &headers) {
        return Err(Error::CrossSite);
    }
    app.throttle.try_diagnosis(throttle::client_address(&app.config, peer.ip(), &headers))?;
    let (patience, _, longest) = PINGS;
    let clock = app.clock.clone();
    Ok(upgrade.max_message_size(longest).max_frame_size(longest).on_upgrade(async move |socket| {
        // Whoever says nothing, or takes nothing, is left.
        let _ = timeout(patience, answer(socket, clock)).await;
    }))
}

/// `GET /webinaires/{webinar}/diagnostic`: the same page, from its room.
pub async fn of_webinar(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<WebinarId>,
) -> Result<Response> {
    let (webinar, _) = admitted(&app, &viewer, id).await?;
    show(&app, Some(&viewer), around, Some((id, webinar.title))).await
}

async fn show(
    app: &App,
    viewer: Option<&Viewer>,
    around: Surroundings,
    webinar: Option<(WebinarId, String)>,
) -> Result<Response> {
    let office = match viewer {
        Some(viewer) => place::named(app, viewer.person).await?,
        None => String::new(),
    };
    let page =
        DiagnosisPage { webinar, reach: reach(app, office).await?, help: app.config.facts.contact_email.clone() };
    Ok(around.trials_page("Diagnostic de la connexion", diagnosis_page(page)))
}

/// How this server is reached.
async fn reach(app: &App, office: String) -> Result<Reach> {
    let media = app.rooms.media(app).await.map_err(|error| Error::Internal(format!("{error:#}")))?;
    let (mut ways, mut addresses) = (Vec::new(), Vec::new());
    for candidate in media.candidates() {
        let over = if candidate.protocol == Protocol::Tcp { Over::Tcp } else { Over::Udp };
        let way = Way { over, port: candidate.address.port() };
        let ip = candidate.address.ip().to_string();
        ways.extend((!ways.contains(&way)).then_some(way));
        addresses.extend((!addresses.contains(&ip)).then_some(ip));
    }
    let now = date_time(app.clock.now());
    Ok(Reach { host: app.config.public_host(), pages: app.config.public_port(), addresses, ways, office, now })
}

/// Answers each ping with the server's clock, in milliseconds since 1970, and the ping.
async fn answer(mut socket: WebSocket, clock: Clock) {
    let (_, most, _) = PINGS;
    for _ in 0..most {
        let Some(Ok(Message::Text(ping))) = socket.recv().await else { break };
        let answer = format!("{} {ping}", clock.now().as_millisecond());
        if socket.send(Message::Text(answer.into())).await.is_err() {
            return;
        }
    }
    let _ = socket.send(Message::Close(None)).await;
    // Read on to the other side's own goodbye, so that the end is no reset.
    while let Some(Ok(_)) = socket.recv().await {}
}

/// `POST /diagnostic`: a media connection to nobody, to see whether there is a way.
pub async fn trial(
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    Json(description): Json<Description>,
) -> Result<Json<Description>> {
    app.throttle.try_diagnosis(throttle::client_address(&app.config, peer.ip(), &headers))?;
    try_out(&app, &description).await
}

/// `POST /webinaires/{webinar}/essai`: the same, for those who may be in its room.
pub async fn members_trial(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<WebinarId>,
    Json(description): Json<Description>,
) -> Result<Json<Description>> {
    admitted(&app, &viewer, id).await?;
    app.rooms.not_elsewhere(&app, id).await?;
    app.throttle.try_trial(viewer.person)?;
    try_out(&app, &description).await
}

/// Connects to nobody for a while. What the browser sends is counted and reported to it, as in a room.
async fn try_out(app: &App, Description { sdp }: &Description) -> Result<Json<Description>> {
    let media = app.rooms.media(app).await.map_err(|error| Error::Internal(format!("{error:#}")))?.clone();
    let place = app.rooms.trial().ok_or(Error::TooMany { retry_after_seconds: TRIAL.as_secs() })?;
    let sounds = Offer::read(sdp).map(|offer| offer.sections).unwrap_or_default().into_iter();
    let sounds = sounds.filter(|section| section.medium == Medium::Audio && section.direction == Direction::Sends);
    let sends: Vec<_> = sounds.take(1).map(|section| (section.mid, Kind::Microphone)).collect();
    let role = if sends.is_empty() { Role::Viewer } else { Role::Speaker };
    let (room, peer) = (RoomId(app.dice.uuid()), PeerId(app.dice.uuid()));
    let answer = media.join(room, peer, role, sdp, sends).await;
    let sdp = answer.map_err(|why| Error::BadRequest(format!("Cette offre ne peut pas être traitée\u{a0}: {why}.")))?;
    tokio::spawn(async move {
        tokio::time::sleep(TRIAL).await;
        media.leave(room, peer);
        drop(place);
    });
    Ok(Json(Description { sdp }))
}
