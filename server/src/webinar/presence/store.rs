//! Intervals of evidence, as the room sees them.
//!
//! There is nothing to recover after a crash: an interval simply ends at its last checkpoint, and what the tab
//! proves next is another interval.

use super::entity::presence_interval;
use crate::app::App;
use crate::error::{Error, Result};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::presence::{CHECKPOINT, Evidence, PATIENCE, Span};
use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Statement,
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// An uninterrupted presence of one person through one tab, up to its last evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Made by the server when it opens; by it, the interval is extended.
    pub id: Uuid,
    pub webinar: WebinarId,
    pub person: PersonId,
    /// Made in the browser. Two people before one screen have the same.
    pub tab: Uuid,
    pub span: Span,
    /// Whose screen it is, for somebody who signed in beside a colleague.
    pub beside: Option<PersonId>,
}

/// Puts intervals on disk, new ones and those that grew, in one commit for the whole room. None ever shrinks: what an
/// earlier checkpoint acknowledged stays.
///
/// # Errors
/// When the database fails; then none is on disk, and the next checkpoint brings them again.
pub async fn checkpoint(app: &App, intervals: Vec<Interval>) -> Result<()> {
    if intervals.is_empty() {
        return Ok(());
    }
    // One value for the whole room: thousands of values to bind would cost the writer more than the rows themselves.
    let rows: Vec<_> = intervals.iter().map(row).collect();
    let rows = serde_json::to_string(&rows).map_err(unreadable)?;
    let statement = Statement::from_sql_and_values(app.db.backend(), put(app.db.backend()), [rows.into()]);
    app.db.write(move |db| Box::pin(async move { Ok(db.execute_raw(statement).await.map(drop)?) })).await
}

type Row = (String, String, i64, String, i64, i64, Option<i64>);

fn row(Interval { id, webinar, person, tab, span, beside }: &Interval) -> Row {
    let (from, to) = (span.from.as_millisecond(), span.to.as_millisecond());
    (id.to_string(), webinar.to_string(), person.0, tab.to_string(), from, to, beside.map(|person| person.0))
}

/// Takes the rows as one JSON array of arrays.
fn put(backend: DatabaseBackend) -> String {
    // `WHERE true` tells SQLite that ON CONFLICT is not of a join.
    let (cells, rows) = match backend {
        DatabaseBackend::Postgres => (
            "r->>0, r->>1, (r->>2)::bigint, r->>3, (r->>4)::bigint, (r->>5)::bigint, (r->>6)::bigint",
            "json_array_elements($1::json) AS r",
        ),
        _ => (
            "r.value->>0, r.value->>1, r.value->>2, r.value->>3, r.value->>4, r.value->>5, r.value->>6",
            "json_each($1) AS r",
        ),
    };
    format!(
        "INSERT INTO presence_interval (id, webinar_id, person_id, tab, from_at, to_at, beside_id) \
         SELECT {cells} FROM {rows} WHERE true \
         ON CONFLICT (id) DO UPDATE SET to_at = excluded.to_at WHERE excluded.to_at > presence_interval.to_at"
    )
}

/// All that was seen of everybody at a webinar.
///
/// # Errors
/// When the database fails.
pub(super) async fn seen(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<BTreeMap<PersonId, Vec<Evidence>>> {
    let rows: Vec<(i64, i64, i64, Option<i64>)> = presence_interval::Entity::find()
        .select_only()
        .columns([
            presence_interval::Column::PersonId,
            presence_interval::Column::FromAt,
            presence_interval::Column::ToAt,
            presence_interval::Column::BesideId,
        ])
        .filter(presence_interval::Column::WebinarId.eq(webinar.to_string()))
        .into_tuple()
        .all(db)
        .await?;
    let mut seen: BTreeMap<PersonId, Vec<Evidence>> = BTreeMap::new();
    for (person, from, to, beside) in rows {
        let evidence = Evidence { span: span(from, to)?, beside: beside.map(PersonId) };
        seen.entry(PersonId(person)).or_default().push(evidence);
    }
    Ok(seen)
}

/// Who was ever seen there.
///
/// # Errors
/// When the database fails.
pub async fn been(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<BTreeSet<PersonId>> {
    let people: Vec<i64> = presence_interval::Entity::find()
        .select_only()
        .column(presence_interval::Column::PersonId)
        .distinct()
        .filter(presence_interval::Column::WebinarId.eq(webinar.to_string()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(people.into_iter().map(PersonId).collect())
}

/// What was seen of one person, in the order of time.
///
/// # Errors
/// When the database fails.
pub async fn intervals_of(db: &impl ConnectionTrait, webinar: WebinarId, person: PersonId) -> Result<Vec<Interval>> {
    let rows = presence_interval::Entity::find()
        .filter(presence_interval::Column::WebinarId.eq(webinar.to_string()))
        .filter(presence_interval::Column::PersonId.eq(person.0))
        .order_by_asc(presence_interval::Column::FromAt)
        .order_by_asc(presence_interval::Column::Id)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let uuid = |text: &str| text.parse::<Uuid>().map_err(unreadable);
            Ok(Interval {
                id: uuid(&row.id)?,
                webinar,
                person,
                tab: uuid(&row.tab)?,
                span: span(row.from_at, row.to_at)?,
                beside: row.beside_id.map(PersonId),
            })
        })
        .collect()
}

/// A stretch of proof, as proof files tell it.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Proven {
    webinar: String,
    from: Timestamp,
    to: Timestamp,
    /// Whose screen it was, for somebody who signed in beside a colleague.
    beside: Option<PersonId>,
}

/// All that was ever seen of a person, in the order of time.
pub(crate) async fn all_of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Proven>> {
    let rows = presence_interval::Entity::find()
        .filter(presence_interval::Column::PersonId.eq(person.0))
        .order_by_asc(presence_interval::Column::FromAt)
        .order_by_asc(presence_interval::Column::Id)
        .all(db)
        .await?;
    let proven = rows.into_iter().map(|row| {
        let Span { from, to } = span(row.from_at, row.to_at)?;
        Ok(Proven { webinar: row.webinar_id, from, to, beside: row.beside_id.map(PersonId) })
    });
    proven.collect()
}

/// Who is there now, as far as the last checkpoint tells.
pub(super) fn present_now(seen: &BTreeMap<PersonId, Vec<Evidence>>, now: Timestamp) -> BTreeSet<PersonId> {
    // Evidence may be as old as the room's patience when a checkpoint is made, and that as old as its rhythm.
    let stale: SignedDuration = CHECKPOINT + PATIENCE;
    let recent = |evidence: &Evidence| now.duration_since(evidence.span.to) <= stale;
    seen.iter().filter(|(_, evidence)| evidence.iter().any(recent)).map(|(person, _)| *person).collect()
}

fn span(from: i64, to: i64) -> Result<Span> {
    let instant = |at: i64| Timestamp::from_millisecond(at).map_err(unreadable);
    Ok(Span { from: instant(from)?, to: instant(to)? })
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a stored presence cannot be read: {error}"))
}
