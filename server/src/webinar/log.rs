//! The logs of rooms, as they are kept. An entry is never changed.

use crate::error::{Error, Result};
use domain::ids::{PersonId, WebinarId};
use domain::webinar::{Change, Entry, Who};
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set, Statement};
use serde::{Deserialize, Serialize};

use super::entity::webinar_change;

/// What a row holds beside its columns.
#[derive(Serialize, Deserialize)]
struct Body {
    by: Who,
    change: Change,
}

/// The whole log of a room, in order.
///
/// # Errors
/// When the database fails, or an entry cannot be read.
pub async fn load(db: &impl ConnectionTrait, webinar: WebinarId) -> Result<Vec<Entry>> {
    let rows = webinar_change::Entity::find()
        .filter(webinar_change::Column::WebinarId.eq(webinar.to_string()))
        .order_by_asc(webinar_change::Column::Seq)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            let unreadable = || Error::Internal(format!("entry {} of webinar {webinar} cannot be read", row.seq));
            let Body { by, change } = serde_json::from_str(&row.body).map_err(|_| unreadable())?;
            let act = row.act.as_deref().map(|act| act.parse().map(domain::webinar::signal::ActId));
            Ok(Entry {
                seq: u64::try_from(row.seq).map_err(|_| unreadable())?,
                at: Timestamp::from_millisecond(row.at).map_err(|_| unreadable())?,
                by,
                act: act.transpose().map_err(|_| unreadable())?,
                change,
            })
        })
        .collect()
}

/// Adds entries. Another server that wrote the same places first makes this fail: one room has one server.
///
/// # Errors
/// When the database fails.
pub async fn append(db: &impl ConnectionTrait, webinar: WebinarId, entries: Vec<Entry>) -> Result<()> {
    let rows = entries.into_iter().map(|Entry { seq, at, by, act, change }| {
        let body = serde_json::to_string(&Body { by, change }).map_err(|error| Error::Internal(error.to_string()))?;
        Ok(webinar_change::ActiveModel {
            webinar_id: Set(webinar.to_string()),
            seq: Set(i64::try_from(seq).unwrap_or(i64::MAX)),
            at: Set(at.as_millisecond()),
            act: Set(act.map(|act| act.0.to_string())),
            body: Set(body),
        })
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    webinar_change::Entity::insert_many(rows).exec_without_returning(db).await?;
    Ok(())
}

/// Takes a person's name, and what they typed, out of the logs of the rooms they were in. What they did stays in its place.
///
/// # Errors
/// When the database fails, or an entry cannot be read.
pub async fn unname(db: &impl ConnectionTrait, person: PersonId, pseudonym: &str) -> Result<()> {
    let rooms = format!(
        "SELECT webinar_id FROM webinar_registration WHERE person_id = {person} \
         UNION SELECT webinar_id FROM webinar_trainer WHERE person_id = {person} \
         UNION SELECT webinar_id FROM presence_interval WHERE person_id = {person}"
    );
    let rooms = db.query_all_raw(Statement::from_string(db.get_database_backend(), rooms)).await?;
    let rooms: Vec<String> = rooms.into_iter().map(|row| row.try_get("", "webinar_id")).collect::<Result<_, _>>()?;
    // Theirs, and those in which others name them.
    let theirs = format!("%\"person\":{person},\"name\":%");
    let rows = webinar_change::Entity::find()
        .filter(webinar_change::Column::WebinarId.is_in(rooms))
        .filter(webinar_change::Column::Body.like(theirs))
        .all(db)
        .await?;
    for row in rows {
        let unreadable = || Error::Internal(format!("entry {} of webinar {} cannot be read", row.seq, row.webinar_id));
        let mut body: Body = serde_json::from_str(&row.body).map_err(|_| unreadable())?;
        if body.by.person == person {
            pseudonym.clone_into(&mut body.by.name);
            match &mut body.change {
                Change::Said { text }
                | Change::Asked { text }
                | Change::Captioned { text }
                | Change::Marked { title: text } => {
                    "(texte effacé)".clone_into(text);
                }
                Change::Answered { answer, .. } => *answer = None,
                _ => {}
            }
        }
        if let Change::FloorGiven { person: named, name } | Change::Removed { person: named, name } = &mut body.change
            && *named == person
        {
            pseudonym.clone_into(name);
        }
        let body = serde_json::to_string(&body).map_err(|error| Error::Internal(error.to_string()))?;
        let remade = webinar_change::ActiveModel {
            webinar_id: Set(row.webinar_id),
            seq: Set(row.seq),
            body: Set(body),
            ..Default::default()
        };
        webinar_change::Entity::update(remade).exec(db).await?;
    }
    Ok(())
}
