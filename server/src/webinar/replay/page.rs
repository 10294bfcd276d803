//! `GET /webinaires/{webinar}/revoir`

use super::captions::{Mending, lines};
use super::crediting::judge;
use super::{quiz, store};
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::page::Surroundings;
use crate::record;
use crate::webinar::log;
use crate::webinar::recording::{self, Recording, State as Kept};
use crate::webinar::routes::known;
use crate::webinar::store::{self as webinars, Webinar};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::record::Record;
use domain::webinar::registration::Status;
use domain::webinar::replay::moments;
use frontend::home::Replay;
use frontend::webinar::replay::{Counted, Ready, ReplayPage, Stands, Watching, replay_page};
use http::StatusCode;
use serde::Deserialize;

/// From so close to the end, in milliseconds, one begins again.
const END: u64 = 5_000;
/// Recordings that the home page tells of.
const OFFERED: usize = 3;

/// What is asked of the page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The caption that is to be mended.
    corriger: Option<u64>,
}

/// `GET /webinaires/{webinar}/revoir`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let mending = asked.corriger.map(|line| Mending::new(&app, line));
    show(&app, &viewer, around, webinar, Shown { mending, ..Shown::default() }).await
}

/// What a form that was sent shows again.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) mending: Option<Mending>,
    /// A quiz, and what is wrong with what was answered.
    pub(super) quiz: Option<(u64, String)>,
}

/// The page as that person sees it.
pub(super) async fn show(
    app: &App,
    viewer: &Viewer,
    around: Surroundings,
    webinar: Webinar,
    shown: Shown,
) -> Result<Response> {
    let now = app.clock.now();
    let recording = recording::of(app.db.reader(), webinar.id).await?;
    let is_wrong = shown.quiz.is_some() || shown.mending.as_ref().is_some_and(|mending| mending.problem.is_some());
    let stands = match recording {
        _ if !webinar.stage(now).is_over() => Stands::ToCome,
        None => Stands::NotRecorded,
        Some(recording) => match recording.state {
            Kept::Running => Stands::Preparing,
            Kept::Failed => Stands::Failed { why: recording.why },
            Kept::Removed => Stands::Removed { at: recording.removed_at, why: recording.why },
            Kept::Whole => Stands::Ready(Box::new(ready(app, viewer, &webinar, recording, around.light, shown).await?)),
        },
    };
    let title = format!("Revoir\u{a0}: {}", webinar.title);
    let view = replay_page(ReplayPage {
        href: format!("/webinaires/{}", webinar.id),
        at: webinar.schedule.live_at.unwrap_or(webinar.schedule.starts_at),
        title: webinar.title,
        stands,
    });
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(around.replay_page(status, &title, view))
}

async fn ready(
    app: &App,
    viewer: &Viewer,
    webinar: &Webinar,
    recording: Recording,
    light: bool,
    shown: Shown,
) -> Result<Ready> {
    let (db, person) = (app.db.reader(), viewer.person);
    let length = recording.milliseconds();
    let resume = store::stopped_at(db, webinar.id, person).await?.filter(|at| at.saturating_add(END) < length);
    let record = record::store::load(db, person).await?.record;
    let counted = judge(db, webinar, &recording, (person, &record), app.clock.now()).await?.counted;
    let entries = log::load(db, webinar.id).await?;
    let told = moments(&entries, recording.started_at, length);
    let mends = viewer.may_manage(webinar);
    Ok(Ready {
        watching: Watching {
            report: format!("/webinaires/{}/revoir/lecture", webinar.id),
            whose: format!("{person}.{}", webinar.id),
            resume,
        },
        length,
        bytes: recording.bytes,
        has_camera: recording.has_camera,
        kept_until: recording.kept_until,
        light,
        mends,
        counted,
        chapters: told.chapters,
        lines: lines(db, webinar.id, &entries, &recording, shown.mending.filter(|_| mends)).await?,
        said: told.said,
        polls: told.polls,
        quizzes: quiz::parts(db, webinar, &entries, told.quizzes, person, shown.quiz).await?,
    })
}

/// The latest recordings of webinars for which the viewer had a place, that count, and that they have not followed for long
/// enough: for their home page.
///
/// # Errors
/// When the database fails.
pub(crate) async fn list(app: &App, viewer: &Viewer, record: &Record) -> Result<Vec<Replay>> {
    let db = app.db.reader();
    let asked = webinars::registrations_of(db, viewer.person).await?;
    let had_place = asked.into_iter().filter(|(_, status)| *status == Status::Registered).map(|(id, _)| id);
    let recordings = recording::whole_of(db, had_place).await?;
    let mut offered = Vec::new();
    for recording in recordings {
        let Some(webinar) = webinars::webinar(db, recording.webinar).await? else { continue };
        viewer.guest_of(&webinar, None, Some(Status::Registered))?;
        let judged = judge(db, &webinar, &recording, (viewer.person, record), app.clock.now()).await?;
        if !matches!(judged.counted, Counted::Partly { .. }) {
            continue;
        }
        offered.push(Replay {
            href: format!("/webinaires/{}/revoir", webinar.id),
            title: webinar.title.clone(),
            kept_until: recording.kept_until,
        });
        if offered.len() == OFFERED {
            break;
        }
    }
    Ok(offered)
}
