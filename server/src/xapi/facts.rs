//! The statement of each fact: a line written with it, made whole when it is read.

use super::entity::{statement, statement_backlog};
use super::keep;
use crate::app::App;
use crate::error::{Error, Result};
use crate::record::store as records;
use domain::ids::PersonId;
use domain::record::Entry;
use domain::xapi::{Key, Statement, Titles, of_fact};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, NotSet, QueryFilter as _, Set};

/// Facts from before whose statements are written in one transaction.
const TOGETHER: u64 = 100;

/// Writes down that a fact has a statement, in the fact's transaction. Costs the same for the first and the last.
///
/// # Errors
/// When the database fails.
pub(crate) async fn state(app: &App, db: &impl ConnectionTrait, agent: PersonId, entry: &Entry) -> Result<()> {
    let now = app.clock.now();
    let told = told(app, agent, entry, Titles::default(), now)?;
    let row = row(agent, entry, &told, now);
    let seq = statement::Entity::insert(row).exec(db).await?.last_insert_id;
    keep::traits(db, std::iter::once((seq, &told))).await
}

fn row(agent: PersonId, entry: &Entry, told: &Statement, now: Timestamp) -> statement::ActiveModel {
    statement::ActiveModel {
        seq: NotSet,
        stored_at: Set(now.as_millisecond()),
        verb: Set(told.traits.verb.0),
        activity: Set(told.traits.activity.map(|Key(activity)| activity)),
        person_id: Set(Some(agent.0)),
        fact_seq: Set(Some(i64::try_from(entry.seq).unwrap_or(i64::MAX))),
        size: Set(0),
        voided: Set(false),
        voids: Set(false),
        id: Set(told.id.map(|id| id.as_bytes().to_vec()).unwrap_or_default()),
        body: Set(None),
    }
}

/// The statement of a fact.
///
/// # Errors
/// Where a fact makes no statement, which no fact does.
pub(super) fn told(
    app: &App,
    agent: PersonId,
    entry: &Entry,
    titles: Titles<'_>,
    stored: Timestamp,
) -> Result<Statement> {
    of_fact(&app.config.public_url, agent, entry, titles, stored)
        .ok_or_else(|| Error::Internal(format!("fact {} of person {agent} makes no statement", entry.seq)))
}

/// Writes down the statements of facts from before there were any. A job: it goes on where it was cut short, and costs
/// nothing once done.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn catch_up(app: &App) -> Result<()> {
    while let Some(backlog) = statement_backlog::Entity::find().one(app.db.reader()).await? {
        let agent = PersonId(backlog.person_id);
        let first = u64::try_from(backlog.done).unwrap_or(0) + 1;
        let last = u64::try_from(backlog.last).unwrap_or(0).min(first + TOGETHER - 1);
        let mut facts = records::facts(app.db.reader(), agent, Some(last + 1), last + 1 - first).await?;
        facts.reverse();
        let inside = app.clone();
        app.db
            .write(move |db| {
                Box::pin(async move {
                    let known = facts.iter().map(|entry| domain::xapi::id_of_fact(&entry.hash)).collect();
                    let known = keep::known(db, known).await?;
                    for entry in
                        facts.iter().filter(|entry| !known.contains_key(&domain::xapi::id_of_fact(&entry.hash)))
                    {
                        state(&inside, db, agent, entry).await?;
                    }
                    let done = i64::try_from(last).unwrap_or(i64::MAX);
                    if done >= backlog.last {
                        statement_backlog::Entity::delete_by_id(agent.0).exec(db).await?;
                    } else {
                        statement_backlog::Entity::update_many()
                            .col_expr(statement_backlog::Column::Done, Expr::value(done))
                            .filter(statement_backlog::Column::PersonId.eq(agent.0))
                            .exec(db)
                            .await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    Ok(())
}
