//! Closing a webinar: a fact in the record of each agent registered, absentees too.
//!
//! What the closing goes by is written down first. Facts then go to the records one by one, each unless it is there
//! already: a closing said twice changes nothing, and one cut short by a crash is completed.

use super::entity::presence_closing;
use super::store::{seen, unreadable};
use crate::app::App;
use crate::error::{Error, Result};
use crate::record;
use crate::webhook::outbox;
use crate::webinar::entity::webinar;
use crate::webinar::store::{self as webinars, Webinar};
use domain::ids::{PersonId, WebinarId};
use domain::record::Fact;
use domain::webhook::Event;
use domain::webinar::presence::{Span, judge};
use domain::webinar::registration::Status;
use futures_util::future::join_all;
use jiff::Timestamp;
use sea_orm::sea_query::{ExprTrait as _, OnConflict, Query};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};

/// Records written together: many to a commit, few to the pool of PostgreSQL.
const TOGETHER: usize = 64;

/// What a closing goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closing {
    pub(super) live: Vec<Span>,
    pub(super) closed_at: Timestamp,
    /// Whether every fact is in its record.
    pub(super) is_done: bool,
}

/// Writes into the record of each agent registered how long they were there. The room has made its last checkpoint
/// before. Said again, whatever the spans, it completes what the first began and changes nothing else. A webinar that
/// was never live leaves no fact: nobody was absent from it.
///
/// # Errors
/// [`Error::NotFound`] for no webinar; when the database fails: say it again, or leave it to [`finish`].
pub async fn close(app: &App, id: WebinarId, live: Vec<Span>, closed_at: Timestamp) -> Result<()> {
    let webinar = webinars::webinar(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    let body = serde_json::to_string(&live).map_err(unreadable)?;
    let row = presence_closing::ActiveModel {
        webinar_id: Set(id.to_string()),
        live: Set(body),
        closed_at: Set(closed_at.as_millisecond()),
        done_at: Set(None),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let column = presence_closing::Column::WebinarId;
                let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
                presence_closing::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    // Its own words, or those of whoever closed it first.
    let closing = closing(app.db.reader(), id).await?.ok_or(Error::NotFound)?;
    if closing.is_done { Ok(()) } else { complete(app, &webinar, &closing).await }
}

/// Completes the closings that a crash cut short. A job, and the first thing after a start.
///
/// # Errors
/// When the database fails; what was completed stays so.
pub async fn finish(app: &App) -> Result<()> {
    let done = Query::select()
        .column(presence_closing::Column::WebinarId)
        .from(presence_closing::Entity)
        .and_where(presence_closing::Column::DoneAt.is_not_null())
        .to_owned();
    let cut_short: Vec<String> = webinar::Entity::find()
        .select_only()
        .column(webinar::Column::Id)
        .filter(webinar::Column::LiveAt.is_not_null())
        .filter(webinar::Column::ClosedAt.is_not_null())
        .filter(webinar::Column::Id.not_in_subquery(done))
        .into_tuple()
        .all(app.db.reader())
        .await?;
    for id in cut_short {
        let id: WebinarId = id.parse().map_err(unreadable)?;
        match app.rooms.not_elsewhere(app, id).await {
            Ok(()) => {}
            // The node that has the room is about to.
            Err(Error::Elsewhere(_)) => continue,
            Err(error) => return Err(error),
        }
        crate::webinar::settle::settle(app, id).await?;
    }
    Ok(())
}

/// How a webinar was closed, once it was.
///
/// # Errors
/// When the database fails.
pub(super) async fn closing(db: &impl ConnectionTrait, id: WebinarId) -> Result<Option<Closing>> {
    let row = presence_closing::Entity::find_by_id(id.to_string()).one(db).await?;
    row.map(|row| {
        Ok(Closing {
            live: serde_json::from_str(&row.live).map_err(unreadable)?,
            closed_at: Timestamp::from_millisecond(row.closed_at).map_err(unreadable)?,
            is_done: row.done_at.is_some(),
        })
    })
    .transpose()
}

async fn complete(app: &App, webinar: &Webinar, closing: &Closing) -> Result<()> {
    let now = app.clock.now();
    let facts = facts(app, webinar, closing).await?;
    for some in facts.chunks(TOGETHER) {
        let writes = some.iter().cloned().map(|(person, fact)| {
            let (course, id, inside) = (webinar.course.clone(), webinar.id, app.clone());
            app.db.write(move |db| {
                Box::pin(async move {
                    let is_there = |record: &domain::record::Record| {
                        record.webinar(&course, id).is_some_and(|known| known.measured.is_some())
                    };
                    record::store::append_unless(&inside, db, person, now, fact, is_there).await
                })
            })
        });
        join_all(writes).await.into_iter().collect::<Result<Vec<bool>>>()?;
    }
    let id = webinar.id.to_string();
    let done = presence_closing::ActiveModel { done_at: Set(Some(now.as_millisecond())), ..Default::default() };
    let (inside, event) = (app.clone(), Event::WebinarClosed { webinar: webinar.id, course: webinar.course.clone() });
    app.db
        .write(move |db| {
            Box::pin(async move {
                let column = presence_closing::Column::WebinarId;
                let undone = column.eq(&id).and(presence_closing::Column::DoneAt.is_null());
                let closed = presence_closing::Entity::update_many().set(done).filter(undone).exec(db).await?;
                // Told once, whoever else completes it at the same moment.
                if closed.rows_affected == 0 {
                    return Ok(());
                }
                outbox::tell(&inside, db, &event).await
            })
        })
        .await?;
    tracing::info!(webinar = %webinar.id, agents = facts.len(), "Presence is in the records");
    Ok(())
}

/// Each agent who had a place, and what is to be said of them.
async fn facts(app: &App, webinar: &Webinar, closing: &Closing) -> Result<Vec<(PersonId, Fact)>> {
    let live = domain::webinar::presence::union(closing.live.iter().copied());
    let Some(held_at) = live.first().map(|span| span.from) else { return Ok(Vec::new()) };
    let seen = seen(app.db.reader(), webinar.id).await?;
    let threshold = threshold(webinar);
    let registrations = webinars::registrations(app.db.reader(), webinar.id).await?;
    let registered = registrations.into_iter().filter(|entry| entry.status == Status::Registered);
    let facts = registered.filter(|entry| !webinar.is_led_by(entry.person)).map(|entry| {
        let evidence = seen.get(&entry.person).map_or(&[][..], Vec::as_slice);
        let (attendance, reason) = judge(evidence, &live, threshold);
        let fact = Fact::WebinarAttended {
            course: webinar.course.clone(),
            webinar: webinar.id,
            title: webinar.title.clone(),
            held_at,
            minutes: attendance.minutes(),
            live_minutes: attendance.live_minutes(),
            percent: attendance.percent(),
            threshold,
            met: reason.is_met(),
            reason,
        };
        (entry.person, fact)
    });
    Ok(facts.collect())
}

/// Percent of the live time that makes an agent present.
pub(crate) fn threshold(webinar: &Webinar) -> u8 {
    u8::try_from(webinar.threshold).unwrap_or(100)
}
