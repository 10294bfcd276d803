//! What was played of recordings, as it is kept: a piece grows and never shrinks, the last word on a position wins.

use super::entity::{replay_piece, replay_position, replay_watch};
use crate::error::{Error, Result};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::presence::Span;
use domain::webinar::replay::{Piece, Position, Received};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DatabaseBackend, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, Set, Statement,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Pieces kept of one person at one webinar: a nervous hand makes some hundreds.
const MOST: u64 = 5_000;

/// The player's opening as the server knows it: now, where it is new.
///
/// # Errors
/// [`Error::NotFound`] where that player is somebody else's, or another webinar's; when the database fails.
pub(super) async fn opened(
    db: &impl ConnectionTrait,
    watch: Uuid,
    (webinar, person): (WebinarId, PersonId),
    now: Timestamp,
) -> Result<Timestamp> {
    let row = replay_watch::ActiveModel {
        id: Set(watch.to_string()),
        webinar_id: Set(webinar.to_string()),
        person_id: Set(person.0),
        opened_at: Set(now.as_millisecond()),
    };
    let once = OnConflict::column(replay_watch::Column::Id).do_nothing_on([replay_watch::Column::Id]).to_owned();
    replay_watch::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    let known = replay_watch::Entity::find_by_id(watch.to_string()).one(db).await?;
    let known = known.filter(|known| known.person_id == person.0 && known.webinar_id == webinar.to_string());
    instant(known.ok_or(Error::NotFound)?.opened_at)
}

/// Keeps pieces, new ones and those that grew, in one statement. One that is known otherwise stays as it is.
///
/// # Errors
/// [`Error::BadRequest`] where there are too many; when the database fails.
pub(super) async fn keep(
    db: &impl ConnectionTrait,
    watch: Uuid,
    (webinar, person): (WebinarId, PersonId),
    pieces: BTreeMap<Uuid, Piece>,
) -> Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    if of(webinar, person).count(db).await? > MOST {
        return Err(Error::BadRequest("Trop de passages de cet enregistrement ont été lus séparément.".to_owned()));
    }
    let rows: Vec<_> = pieces.iter().map(|(id, piece)| row(*id, watch, webinar, person, piece)).collect();
    let rows = serde_json::to_string(&rows).map_err(unreadable)?;
    let backend = db.get_database_backend();
    db.execute_raw(Statement::from_sql_and_values(backend, put(backend), [rows.into()])).await?;
    Ok(())
}

type Row = (String, String, String, i64, u64, u64, i64, i64, u32, bool);

fn row(id: Uuid, watch: Uuid, webinar: WebinarId, person: PersonId, piece: &Piece) -> Row {
    let Piece { from, to, took, speed, followed } = *piece;
    let (began, ended) = (took.from.as_millisecond(), took.to.as_millisecond());
    // No more than what fits a column; what is above counts for no more.
    let speed = Ord::min(speed, 10_000);
    (id.to_string(), watch.to_string(), webinar.to_string(), person.0, from, to, began, ended, speed, followed)
}

/// Takes the rows as one JSON array of arrays.
fn put(backend: DatabaseBackend) -> String {
    // `WHERE true` tells SQLite that ON CONFLICT is not of a join.
    let (cells, rows) = match backend {
        DatabaseBackend::Postgres => (
            "r->>0, r->>1, r->>2, (r->>3)::bigint, (r->>4)::bigint, (r->>5)::bigint, (r->>6)::bigint, (r->>7)::bigint, \
             (r->>8)::integer, (r->>9)::boolean",
            "json_array_elements($1::json) AS r",
        ),
        _ => (
            "r.value->>0, r.value->>1, r.value->>2, r.value->>3, r.value->>4, r.value->>5, r.value->>6, r.value->>7, \
             r.value->>8, r.value->>9",
            "json_each($1) AS r",
        ),
    };
    let best = |column: &str, sign: &str| {
        format!(
            "{column} = CASE WHEN excluded.{column} {sign} replay_piece.{column} THEN excluded.{column} \
             ELSE replay_piece.{column} END"
        )
    };
    format!(
        "INSERT INTO replay_piece \
         (id, watch_id, webinar_id, person_id, from_ms, to_ms, began_at, ended_at, speed, followed) \
         SELECT {cells} FROM {rows} WHERE true \
         ON CONFLICT (id) DO UPDATE SET {}, {}, {} \
         WHERE replay_piece.watch_id = excluded.watch_id AND replay_piece.from_ms = excluded.from_ms \
         AND replay_piece.speed = excluded.speed AND replay_piece.followed = excluded.followed",
        best("to_ms", ">"),
        best("began_at", "<"),
        best("ended_at", ">"),
    )
}

/// All that was played by that person, in the order of the recording.
///
/// # Errors
/// When the database fails.
pub(super) async fn pieces(db: &impl ConnectionTrait, webinar: WebinarId, person: PersonId) -> Result<Vec<Piece>> {
    let rows = of(webinar, person).order_by_asc(replay_piece::Column::FromMs).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let milliseconds = |number: i64| u64::try_from(number).map_err(unreadable);
            Ok(Piece {
                from: milliseconds(row.from_ms)?,
                to: milliseconds(row.to_ms)?,
                took: Span { from: instant(row.began_at)?, to: instant(row.ended_at)? },
                speed: u32::try_from(row.speed).map_err(unreadable)?,
                followed: row.followed,
            })
        })
        .collect()
}

fn of(webinar: WebinarId, person: PersonId) -> sea_orm::Select<replay_piece::Entity> {
    replay_piece::Entity::find()
        .filter(replay_piece::Column::WebinarId.eq(webinar.to_string()))
        .filter(replay_piece::Column::PersonId.eq(person.0))
}

/// Keeps where the player stands, unless something later is known from another device.
///
/// # Errors
/// When the database fails.
pub(super) async fn stop_at(
    db: &impl ConnectionTrait,
    (webinar, person): (WebinarId, PersonId),
    position: Position,
    received: &Received,
) -> Result<()> {
    let at = i64::try_from(Ord::min(position.at, received.length)).unwrap_or(i64::MAX);
    let row = replay_position::ActiveModel {
        webinar_id: Set(webinar.to_string()),
        person_id: Set(person.0),
        at_ms: Set(at),
        said_at: Set(received.when(position.said).as_millisecond()),
    };
    let said = replay_position::Column::SaidAt;
    let later = Expr::col(("excluded", said)).gte(Expr::col((replay_position::Entity, said)));
    let last = OnConflict::columns([replay_position::Column::WebinarId, replay_position::Column::PersonId])
        .update_columns([replay_position::Column::AtMs, said])
        .action_and_where(later)
        .to_owned();
    match replay_position::Entity::insert(row).on_conflict(last).exec_without_returning(db).await {
        // Another device has said more since.
        Ok(_) | Err(sea_orm::DbErr::RecordNotInserted) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Where that person stopped, in milliseconds from the beginning of the recording.
///
/// # Errors
/// When the database fails.
pub(super) async fn stopped_at(db: &impl ConnectionTrait, webinar: WebinarId, person: PersonId) -> Result<Option<u64>> {
    let row = replay_position::Entity::find_by_id((webinar.to_string(), person.0)).one(db).await?;
    Ok(row.and_then(|row| u64::try_from(row.at_ms).ok()))
}

pub(super) fn instant(at: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(at).map_err(unreadable)
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("what is stored of a replay cannot be read: {error}"))
}
