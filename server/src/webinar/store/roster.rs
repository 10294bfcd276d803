//! Who asked for a place, and where they stand.

use super::super::entity::webinar_registration;
use super::{Person, Webinar, instant, unreadable, webinar_id};
use crate::error::Result;
use crate::identity::entity::person;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::registration::{Registration, Roster, Status};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Statement,
};
use std::collections::BTreeMap;

/// Who asked for a place, in the order of asking, withdrawn ones too.
///
/// # Errors
/// When the database fails.
pub async fn registrations(db: &impl ConnectionTrait, id: WebinarId) -> Result<Vec<Registration>> {
    let rows = webinar_registration::Entity::find()
        .filter(webinar_registration::Column::WebinarId.eq(id.to_string()))
        .order_by_asc(webinar_registration::Column::At)
        .all(db)
        .await?;
    rows.iter().map(registration).collect()
}

/// The same, as the rules know it.
///
/// # Errors
/// When the database fails.
pub async fn roster(db: &impl ConnectionTrait, webinar: &Webinar) -> Result<Roster> {
    Ok(Roster::new(webinar.capacity, registrations(db, webinar.id).await?))
}

/// Where that person stands in one roster, if they ever asked for a place.
///
/// # Errors
/// When the database fails.
pub async fn status_of(db: &impl ConnectionTrait, id: WebinarId, person: PersonId) -> Result<Option<Status>> {
    let row = webinar_registration::Entity::find_by_id((id.to_string(), person.0)).one(db).await?;
    row.map(|row| Ok(registration(&row)?.status)).transpose()
}

/// Where that person stands with each webinar they ever asked for.
///
/// # Errors
/// When the database fails.
pub async fn registrations_of(db: &impl ConnectionTrait, person: PersonId) -> Result<BTreeMap<WebinarId, Status>> {
    let rows = webinar_registration::Entity::find()
        .filter(webinar_registration::Column::PersonId.eq(person.0))
        .all(db)
        .await?;
    rows.iter().map(|row| Ok((webinar_id(&row.webinar_id)?, registration(row)?.status))).collect()
}

/// How many have a place at each of these webinars.
///
/// # Errors
/// When the database fails.
pub async fn taken(db: &impl ConnectionTrait, ids: &[WebinarId]) -> Result<BTreeMap<WebinarId, u32>> {
    let rows: Vec<(String, i64)> = webinar_registration::Entity::find()
        .select_only()
        .column(webinar_registration::Column::WebinarId)
        .column_as(webinar_registration::Column::PersonId.count(), "taken")
        .filter(webinar_registration::Column::WebinarId.is_in(ids.iter().map(ToString::to_string)))
        .filter(webinar_registration::Column::Status.eq(Status::Registered.as_str()))
        .group_by(webinar_registration::Column::WebinarId)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().map(|(id, taken)| Ok((webinar_id(&id)?, u32::try_from(taken).unwrap_or(u32::MAX)))).collect()
}

/// Everybody who ever asked for a place, by identifier.
///
/// # Errors
/// When the database fails.
pub async fn registrants(db: &impl ConnectionTrait, id: WebinarId) -> Result<BTreeMap<PersonId, Person>> {
    let on = webinar_registration::Entity::belongs_to(person::Entity)
        .from(webinar_registration::Column::PersonId)
        .to(person::Column::Id);
    let rows = person::Entity::find()
        .join_rev(JoinType::InnerJoin, on.into())
        .filter(webinar_registration::Column::WebinarId.eq(id.to_string()))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.id), row.into())).collect())
}

fn registration(row: &webinar_registration::Model) -> Result<Registration> {
    Ok(Registration {
        person: PersonId(row.person_id),
        at: instant(row.at)?,
        status: row.status.parse().map_err(unreadable)?,
    })
}

/// Whether that person has a place in a room that is live now.
///
/// # Errors
/// When the database fails.
pub async fn is_in_a_live_room(db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
    let sql = "SELECT 1 AS there FROM webinar_registration r JOIN webinar w ON w.id = r.webinar_id \
        WHERE r.person_id = $1 AND r.status = $2 AND w.live_at IS NOT NULL AND w.closed_at IS NULL LIMIT 1";
    let values = [person.0.into(), Status::Registered.to_string().into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.query_one_raw(statement).await?.is_some())
}

/// Gives the places of `from` in webinars to come to `to`, who is the same person: of two places in one room, one.
///
/// # Errors
/// When the database fails.
pub async fn hand_over(db: &impl ConnectionTrait, from: PersonId, to: PersonId) -> Result<()> {
    const TO_COME: &str = "webinar_id IN (SELECT id FROM webinar WHERE live_at IS NULL AND cancelled_at IS NULL)";
    const OF: &str = "SELECT webinar_id FROM webinar_registration WHERE person_id";
    for sql in [
        // A place is better than waiting for one, or having given it up.
        format!(
            "DELETE FROM webinar_registration WHERE person_id = $2 AND status <> 'registered' AND {TO_COME} \
             AND webinar_id IN ({OF} = $1 AND status = 'registered')"
        ),
        format!(
            "UPDATE webinar_registration SET person_id = $2 WHERE person_id = $1 AND {TO_COME} \
             AND webinar_id NOT IN ({OF} = $2)"
        ),
        format!("DELETE FROM webinar_registration WHERE person_id = $1 AND {TO_COME} AND webinar_id IN ({OF} = $2)"),
    ] {
        let values = [from.0.into(), to.0.into()];
        db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), &sql, values)).await?;
    }
    Ok(())
}
