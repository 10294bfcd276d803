//! The page on which a trainer enters what an agent followed away from the platform.

use super::entry::{self, Entry};
use super::store::Published;
use super::telling::what;
use crate::access::{AttendanceKeeper, RecordReader, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::webinar::presence::{by, names};
use crate::{follow_up, identity, merging, protection, record};
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::ids::{ComponentSlug, PathwaySlug, PersonId};
use domain::pathway::Component;
use domain::record::{AttendanceRecord, Record};
use domain::text::{counted, duration, paris};
use frontend::pathway::{EntryPage, HistoryLine, Typed, entry_page};
use http::StatusCode;
use std::sync::Arc;

/// What the address names, for somebody who may write there.
struct Place {
    published: Arc<Published>,
    component: Component,
    half_days: u32,
    reader: RecordReader,
    keeper: AttendanceKeeper,
    record: Record,
}

type Address = (PersonId, PathwaySlug, ComponentSlug);

async fn place(app: &App, viewer: &Viewer, (person, pathway, component): Address) -> Result<Place> {
    let reader = viewer.reader_of(&follow_up::routes::subject(app, person).await?)?;
    let published = app.pathways.current().into_iter().find(|published| published.slug == pathway);
    let published = published.ok_or(Error::NotFound)?;
    let keeper = reader.keeper(&published.pathway.course)?;
    merging::store::still_stands(app.db.reader(), person).await?;
    protection::not_erased(app.db.reader(), person).await?;
    let component = published.pathway.component(&component).ok_or(Error::NotFound)?.clone();
    let half_days = component.half_days().ok_or(Error::NotFound)?;
    let record = record::store::load(app.db.reader(), person).await?.record;
    Ok(Place { published, component, half_days, reader, keeper, record })
}

impl Place {
    fn known(&self) -> Option<&AttendanceRecord> {
        self.record.attendance(&self.published.pathway.course, &self.component.slug)
    }
}

/// `GET /suivi/{person}/parcours/{pathway}/{component}`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
) -> Result<Response> {
    let place = place(&app, &viewer, address).await?;
    let typed = entry::known(place.known(), place.half_days, app.dice.uuid().to_string());
    show(&app, around, StatusCode::OK, &place, typed).await
}

/// `POST /suivi/{person}/parcours/{pathway}/{component}`
pub async fn enter(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(address): Path<Address>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let place = place(&app, &viewer, address).await?;
    let typed = entry::typed(&sent, place.half_days);
    let today = paris(app.clock.now()).date();
    match entry::read(&typed, &place.published.pathway, &place.component, place.known(), today) {
        Err(problem) => {
            let typed = Typed { problem: Some(problem), ..typed };
            show(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &place, typed).await
        }
        Ok(entry) => {
            if !entry.is_made {
                write(&app, place.keeper, &place, entry).await?;
            }
            Ok(Redirect::to(&format!("/suivi/{}", place.reader.subject)).into_response())
        }
    }
}

/// Writes it into the record, once.
async fn write(app: &App, keeper: AttendanceKeeper, place: &Place, Entry { id, fact, .. }: Entry) -> Result<()> {
    let (now, inside) = (app.clock.now(), app.clone());
    let (course, component) = (place.published.pathway.course.clone(), place.component.slug.clone());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let is_there =
                    |record: &Record| record.attendance(&course, &component).is_some_and(|known| known.has(id));
                record::store::append_by(&inside, db, keeper.author, keeper.agent, now, fact, is_there).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

async fn show(app: &App, around: Surroundings, status: StatusCode, place: &Place, typed: Typed) -> Result<Response> {
    let person = place.reader.subject;
    let account = identity::store::account(app, person).await?.ok_or(Error::NotFound)?;
    let entries = || place.known().into_iter().flat_map(|known| &known.entries);
    let authors = names(app.db.reader(), entries().filter_map(|entry| entry.by).collect::<Vec<_>>()).await?;
    let history = entries().map(|entry| HistoryLine {
        at: entry.at,
        said: what(&entry.half_days, entry.exempted),
        by: by(entry.by, &authors),
        why: entry.why.clone(),
    });
    let name = format!("{} {}", account.first_name, account.last_name);
    let view = entry_page(EntryPage {
        record: format!("/suivi/{person}"),
        href: format!("/suivi/{person}/parcours/{}/{}", place.published.slug, place.component.slug),
        title: place.component.title.clone(),
        minutes: place.component.minutes_of(1),
        stands: stands(place.known(), place.half_days),
        history: history.collect(),
        typed,
        name: name.clone(),
    });
    Ok(around.page_as(status, &format!("Présence de {name}"), view))
}

fn stands(known: Option<&AttendanceRecord>, of: u32) -> String {
    match known {
        Some(known) if known.exempted => "Le dossier dit\u{a0}: dispense.".to_owned(),
        Some(known) if !known.half_days.is_empty() => format!(
            "Le dossier dit\u{a0}: {} sur {of}, soit {}.",
            counted(known.half_days.len() as u64, "demi-journée", "demi-journées"),
            duration(known.minutes)
        ),
        _ => "Rien n’est inscrit.".to_owned(),
    }
}
