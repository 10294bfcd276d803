//! The page on which an administrator makes one account of two.

use super::merge::{self, Pair};
use super::store;
use crate::access::{Merger, Viewer};
use crate::app::App;
use crate::certificate;
use crate::classroom;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::page::Surroundings;
use crate::place::maison;
use crate::record::store as records;
use crate::webinar::store as webinars;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::identity::Email;
use domain::ids::PersonId;
use domain::record::Record;
use domain::webinar::registration::Status;
use frontend::administration::{MergePage, Merged, Side, Sum, merge_page};
use http::StatusCode;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Deserialize;
use uuid::Uuid;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The address of the account to fold in.
    #[serde(default)]
    compte: String,
}

/// `GET /administration/comptes/{person}/reunion`: what would become of this account and of another.
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(kept): Path<PersonId>,
    Query(Asked { compte }): Query<Asked>,
) -> Result<Response> {
    viewer.administrator()?;
    let row = person::Entity::find_by_id(kept.0).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
    let typed: String = compte.trim().chars().take(200).collect();
    let blank = MergePage {
        href: format!("/administration/comptes/{kept}"),
        name: format!("{} {}", row.first_name, row.last_name),
        typed: typed.clone(),
        ..MergePage::default()
    };
    if typed.is_empty() {
        return Ok(around.page("Réunir deux comptes", merge_page(blank)));
    }
    let refused = |around: Surroundings, problem: String| -> Result<Response> {
        let view = merge_page(MergePage { problem: Some(problem), ..blank.clone() });
        Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Réunir deux comptes", view))
    };
    let Some(folded) = account_of(&app, &typed).await? else {
        return refused(
            around,
            "Aucun compte n’a cette adresse\u{a0}: vérifiez-la dans la liste des comptes.".to_owned(),
        );
    };
    match preview(&app, &viewer, (kept, folded)).await {
        Ok(shown) => Ok(around.page("Réunir deux comptes", merge_page(MergePage { shown: Some(shown), ..blank }))),
        Err(Error::Conflict(problem)) => refused(around, problem),
        Err(error) => Err(error),
    }
}

/// The very account of that address.
async fn account_of(app: &App, typed: &str) -> Result<Option<PersonId>> {
    let Ok(email) = typed.parse::<Email>() else { return Ok(None) };
    let row = person::Entity::find().filter(person::Column::Email.eq(email.as_str())).one(app.db.reader()).await?;
    Ok(row.map(|row| PersonId(row.id)))
}

async fn preview(app: &App, viewer: &Viewer, (kept, folded): (PersonId, PersonId)) -> Result<Merged> {
    let merger = viewer.merger(kept, folded)?;
    let pair = Pair::read(app.db.reader(), merger).await?;
    let record = records::together(app, app.db.reader(), merger.by, (kept, folded)).await?.record;
    Ok(Merged {
        folded: folded.0,
        key: app.dice.uuid().to_string(),
        sides: [side(app, &pair.kept).await?, side(app, &pair.folded).await?],
        sum: sum(&record),
    })
}

async fn side(app: &App, row: &person::Model) -> Result<Side> {
    let (db, person) = (app.db.reader(), PersonId(row.id));
    let folded = records::load(db, person).await?;
    let maison = match row.maison_id {
        Some(id) => maison::Entity::find_by_id(id).one(db).await?.map(|maison| maison.name),
        None => None,
    };
    let places = webinars::registrations_of(db, person).await?;
    Ok(Side {
        name: format!("{} {}", row.first_name, row.last_name),
        email: row.email.clone(),
        maison,
        facts: folded.head.map_or(0, |(seq, _)| seq),
        sum: sum(&folded.record),
        certificates: certificate::store::in_force(db, person).await?.len() as u64,
        webinars: places.values().filter(|status| **status == Status::Registered).count() as u64,
        classrooms: classroom::of_agent(db, person).await?.len() as u64,
    })
}

fn sum(record: &Record) -> Sum {
    let attendances = || record.courses.values().flat_map(|course| course.attendances.values());
    Sum {
        chapters: record.courses.values().map(|course| course.chapters_done() as u64).sum(),
        minutes: record.minutes_at_distance(),
        minutes_live: record.minutes_live(),
        half_days: attendances().map(|known| known.half_days.len() as u64).sum(),
        minutes_in_room: attendances().map(|known| known.minutes).sum(),
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirmed {
    /// The account to fold in.
    compte: PersonId,
    /// Made with the form.
    cle: Uuid,
}

/// `POST /administration/comptes/{person}/reunion`: makes one account of the two. Sent twice, it is done once.
pub async fn confirm(
    State(app): State<App>,
    viewer: Viewer,
    Path(kept): Path<PersonId>,
    Form(Confirmed { compte, cle }): Form<Confirmed>,
) -> Result<Response> {
    viewer.administrator()?;
    let merger: Merger = viewer.merger(kept, compte)?;
    merge::merge(&app, merger, cle).await?;
    Ok(Redirect::to(&format!("/administration/comptes/{kept}")).into_response())
}

/// What an account's page says of merges: each in a sentence, with the other account.
pub(crate) async fn told(app: &App, person: PersonId) -> Result<(Option<(String, String)>, Vec<(String, String)>)> {
    let db = app.db.reader();
    let gone = store::of(db, person).await?;
    let taken = store::into(db, person).await?;
    let ids = gone.iter().map(|merge| merge.into_id).chain(taken.iter().map(|merge| merge.person_id));
    let by = gone.iter().chain(&taken).map(|merge| merge.by_id);
    let rows = person::Entity::find().filter(person::Column::Id.is_in(ids.chain(by))).all(db).await?;
    let find = |id: i64| rows.iter().find(|row| row.id == id);
    let line = |merge: &super::entity::merge::Model, other: i64| {
        let by = find(merge.by_id).map(|row| format!("{} {}", row.first_name, row.last_name)).unwrap_or_default();
        let at = jiff::Timestamp::from_millisecond(merge.at).unwrap_or_default();
        let email = find(other).map(|row| row.email.clone()).unwrap_or_default();
        let facts = domain::text::counted(merge.facts.unsigned_abs(), "fait repris", "faits repris");
        let said = format!("{email}, le {} par {by}, {facts}", domain::text::date_long(at));
        (said, format!("/administration/comptes/{other}"))
    };
    let gone = gone.as_ref().map(|merge| line(merge, merge.into_id));
    Ok((gone, taken.iter().map(|merge| line(merge, merge.person_id)).collect()))
}
