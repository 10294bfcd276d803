//! Captions as browsers read them, and mended by those who lead.

use super::entity::caption_correction;
use super::page::{Shown, show};
use super::store::{instant, unreadable};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::webinar::log;
use crate::webinar::presence::{by, names};
use crate::webinar::recording::{self, Recording, State as Kept};
use crate::webinar::routes::known;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::replay::{Correction, captions, vtt};
use domain::webinar::{Change, Entry, limits};
use frontend::webinar::replay::Line;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use serde::Deserialize;
use uuid::Uuid;

/// The form that mends a caption, where it is open.
#[derive(Debug)]
pub(super) struct Mending {
    line: u64,
    /// Made with the form, so that what is sent twice is one correction.
    id: Uuid,
    /// As it was typed, where something is wrong with it.
    typed: Option<String>,
    pub(super) problem: Option<String>,
}

impl Mending {
    pub(super) fn new(app: &App, line: u64) -> Self {
        Self { line, id: app.dice.uuid(), typed: None, problem: None }
    }
}

/// The correction as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    correction: Uuid,
    line: u64,
    text: String,
}

/// `GET /webinaires/{webinar}/revoir/sous-titres.vtt`
pub async fn file(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let db = app.db.reader();
    let recording = recording::of(db, webinar.id).await?.filter(|it| it.state == Kept::Whole).ok_or(Error::NotFound)?;
    let entries = log::load(db, webinar.id).await?;
    let corrections = corrections(db, webinar.id).await?;
    let length = recording.milliseconds();
    let file = vtt(&captions(&entries, &corrections, recording.started_at, length));
    // They may be mended at any time.
    Ok(([(CONTENT_TYPE, "text/vtt; charset=utf-8"), (CACHE_CONTROL, "private, no-cache")], file).into_response())
}

/// `POST /webinaires/{webinar}/revoir/sous-titres`: by those who lead the webinar. What was typed live stays beside.
pub async fn mend(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
    Form(Typed { correction, line, text }): Form<Typed>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let manager = viewer.manager_of(&webinar)?;
    let entries = log::load(app.db.reader(), webinar.id).await?;
    let is_caption = |entry: &Entry| entry.seq == line && matches!(entry.change, Change::Captioned { .. });
    if !entries.iter().any(is_caption) {
        return Err(Error::NotFound);
    }
    let tidy = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let tidy: String = tidy.chars().filter(|sign| !sign.is_control()).collect();
    if tidy.is_empty() || tidy.chars().count() > limits::CAPTION {
        let problem = format!("Écrivez ce qui a été dit, en {} caractères au plus.", limits::CAPTION);
        let mending = Some(Mending { line, id: correction, typed: Some(text), problem: Some(problem) });
        return show(&app, &viewer, around, webinar, Shown { mending, ..Shown::default() }).await;
    }
    let row = caption_correction::ActiveModel {
        id: Set(correction.to_string()),
        webinar_id: Set(webinar.id.to_string()),
        line: Set(i64::try_from(line).map_err(unreadable)?),
        text: Set(tidy),
        by_id: Set(manager.person.0),
        at: Set(app.clock.now().as_millisecond()),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let column = caption_correction::Column::Id;
                let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
                caption_correction::Entity::insert(row)
                    .on_conflict(once)
                    .try_insert()
                    .exec_without_returning(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(Redirect::to(&format!("/webinaires/{}/revoir#ligne-{line}", webinar.id)).into_response())
}

/// The transcript as the page shows it.
pub(super) async fn lines(
    db: &impl ConnectionTrait,
    webinar: WebinarId,
    entries: &[Entry],
    recording: &Recording,
    mending: Option<Mending>,
) -> Result<Vec<Line>> {
    let corrections = corrections(db, webinar).await?;
    let authors = names(db, corrections.iter().map(|correction| correction.by)).await?;
    let length = recording.milliseconds();
    let told = captions(entries, &corrections, recording.started_at, length);
    let line = |caption: domain::webinar::replay::Caption| {
        let open = mending.as_ref().filter(|mending| mending.line == caption.line);
        Line {
            number: caption.line,
            from: caption.from,
            to: caption.to,
            text: open.and_then(|mending| mending.typed.clone()).unwrap_or(caption.text),
            mended: caption.mended.map(|(author, at)| (caption.original, by(Some(author), &authors), at)),
            mending: open.map(|mending| (mending.id.to_string(), mending.problem.clone())),
        }
    };
    Ok(told.into_iter().map(line).collect())
}

/// In the order in which they were made.
async fn corrections(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<Vec<Correction>> {
    let rows = caption_correction::Entity::find()
        .filter(caption_correction::Column::WebinarId.eq(webinar.to_string()))
        .order_by_asc(caption_correction::Column::At)
        .order_by_asc(caption_correction::Column::Id)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let line = u64::try_from(row.line).map_err(unreadable)?;
            Ok(Correction { line, text: row.text, by: PersonId(row.by_id), at: instant(row.at)? })
        })
        .collect()
}
