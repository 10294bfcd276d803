//! Postings in the database. None is changed; what counts today is written in the account, for the follow-up.

use super::entity::posting::{ActiveModel, Column, Entity, Model};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::identity::entity::person;
use domain::ids::{MaisonId, PersonId};
use domain::posting::{Posting, State, on};
use domain::text::paris;
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use uuid::Uuid;

/// People whose day came, settled in one transaction.
const TOGETHER: u64 = 100;

/// What an account says of itself before anything was entered.
const FIRST: &str = "Ouverture du compte";

/// A posting as it is kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) posting: Posting,
    pub(crate) by: PersonId,
}

/// Those of a person, in the order in which they were entered.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<Kept>> {
    let rows = Entity::find().filter(Column::PersonId.eq(person.0)).order_by_asc(Column::At).order_by_asc(Column::Id);
    rows.all(db).await?.iter().map(read).collect()
}

fn read(row: &Model) -> Result<Kept> {
    let unreadable = |what: &str| Error::Internal(format!("posting {} has an unreadable {what}", row.id));
    Ok(Kept {
        posting: Posting {
            from: row.from_on.parse().map_err(|_| unreadable("day"))?,
            state: row.state.parse().map_err(|_| unreadable("state"))?,
            maison: row.maison_id.map(MaisonId),
            reason: row.reason.clone(),
        },
        by: PersonId(row.by_id),
    })
}

/// Enters a posting, and what was so before where nothing was entered yet. Sent twice, it is entered once.
///
/// # Errors
/// [`Error::NotFound`] where the identifier is another person's; when the database fails.
pub(crate) async fn enter(
    app: &App,
    db: &impl ConnectionTrait,
    by: PersonId,
    (person, id): (PersonId, Uuid),
    posting: Posting,
) -> Result<()> {
    if let Some(known) = Entity::find_by_id(id.to_string()).one(db).await? {
        return if known.person_id == person.0 { Ok(()) } else { Err(Error::NotFound) };
    }
    let now = app.clock.now();
    let account = person::Entity::find_by_id(person.0).one(db).await?.ok_or(Error::NotFound)?;
    let row = |id: Uuid, at: Timestamp, posting: Posting| ActiveModel {
        id: Set(id.to_string()),
        person_id: Set(person.0),
        from_on: Set(posting.from.to_string()),
        state: Set(posting.state.to_string()),
        maison_id: Set(posting.maison.map(|maison| maison.0)),
        reason: Set(posting.reason),
        by_id: Set(by.0),
        at: Set(at.as_millisecond()),
        settled: Set(false),
    };
    if Entity::find().filter(Column::PersonId.eq(person.0)).one(db).await?.is_none() {
        let opened = Timestamp::from_millisecond(account.created_at).unwrap_or(now);
        let before = posting.from.yesterday().unwrap_or(posting.from);
        let first = Posting {
            from: paris(opened).date().min(before),
            state: State::Present,
            maison: account.maison_id.map(MaisonId),
            reason: FIRST.to_owned(),
        };
        Entity::insert(row(app.dice.uuid(), opened, first)).exec_without_returning(db).await?;
    }
    Entity::insert(row(id, now, posting)).exec_without_returning(db).await?;
    settle(db, person, paris(now).date()).await
}

/// Writes in the account what counts today.
async fn settle(db: &impl ConnectionTrait, person: PersonId, today: Date) -> Result<()> {
    let entered: Vec<Posting> = of(db, person).await?.into_iter().map(|kept| kept.posting).collect();
    let Some(posting) = on(today, &entered) else { return Ok(()) };
    let row = person::ActiveModel {
        id: Set(person.0),
        maison_id: Set(posting.maison.map(|maison| maison.0)),
        away: Set(posting.state.is_away().then(|| posting.state.to_string())),
        ..Default::default()
    };
    row.update(db).await?;
    Entity::update_many()
        .col_expr(Column::Settled, Expr::value(true))
        .filter(Column::PersonId.eq(person.0))
        .filter(Column::FromOn.lte(today.to_string()))
        .exec(db)
        .await?;
    enrolment::place(db, &[person.0]).await
}

/// Writes in the accounts what begins to count today. A job: costs nothing where no day came.
///
/// # Errors
/// When the database fails; saying it again goes on.
pub async fn settle_due(app: &App) -> Result<()> {
    let today = paris(app.clock.now()).date();
    loop {
        let due: Vec<i64> = Entity::find()
            .select_only()
            .column(Column::PersonId)
            .distinct()
            .filter(Column::Settled.eq(false))
            .filter(Column::FromOn.lte(today.to_string()))
            .limit(TOGETHER)
            .into_tuple()
            .all(app.db.reader())
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        app.db
            .write(move |db| {
                Box::pin(async move {
                    for person in due {
                        settle(db, PersonId(person), today).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
}
