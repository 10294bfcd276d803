//! What authenticators are asked to sign: kept in the database, where each node finds it; given once, to the browser that
//! asked, for some minutes.

use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::passkey_challenge as row;
use crate::identity::session::hashed;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use std::time::Duration;

/// For how long one may be answered.
pub(super) const LASTS: Duration = Duration::from_mins(5);

/// How many may wait that people asked for who are not known yet: the oldest give way.
pub(super) const MOST_ANONYMOUS: u64 = 2_000;

/// What a signature is for: one that was asked for one thing does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// Signing in, with nothing else.
    Enter,
    /// Showing it as a second factor.
    Prove,
    /// Making a new one.
    Add,
}

impl Ceremony {
    fn as_str(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Prove => "prove",
            Self::Add => "add",
        }
    }
}

/// Keeps what was asked, for whoever holds that; returns what names it.
pub(super) async fn keep(app: &App, ceremony: Ceremony, holder: String, state: String) -> Result<String> {
    let (now, id) = (app.clock.now(), hex::encode(app.dice.secret()));
    let kept = row::ActiveModel {
        id: Set(hashed(&id)),
        holder: Set(holder),
        ceremony: Set(ceremony.as_str().to_owned()),
        state: Set(state),
        expires_at: Set((now + LASTS).as_millisecond()),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                if ceremony == Ceremony::Enter {
                    make_room(db, now.as_millisecond()).await?;
                }
                row::Entity::insert(kept).exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(id)
}

/// Whoever is not known cannot fill the database.
async fn make_room(db: &impl ConnectionTrait, now: i64) -> Result<()> {
    let anonymous = row::Entity::find().filter(row::Column::Ceremony.eq(Ceremony::Enter.as_str()));
    if anonymous.clone().count(db).await? < MOST_ANONYMOUS {
        return Ok(());
    }
    row::Entity::delete_many().filter(row::Column::ExpiresAt.lte(now)).exec(db).await?;
    let too_many = (anonymous.clone().count(db).await? + 1).saturating_sub(MOST_ANONYMOUS);
    let oldest = anonymous.select_only().column(row::Column::Id).order_by_asc(row::Column::ExpiresAt).limit(too_many);
    let oldest: Vec<String> = oldest.into_tuple().all(db).await?;
    row::Entity::delete_many().filter(row::Column::Id.is_in(oldest)).exec(db).await?;
    Ok(())
}

/// What was asked under that name of whoever holds that, if it was lately; it is gone then, whatever is made of it.
pub(super) async fn take(app: &App, ceremony: Ceremony, holder: String, id: &str) -> Result<Option<String>> {
    let (now, id) = (app.clock.now().as_millisecond(), hashed(id));
    app.db
        .write(move |db| {
            Box::pin(async move {
                let asked = row::Entity::find_by_id(&id).filter(row::Column::Holder.eq(holder));
                let asked = asked.filter(row::Column::Ceremony.eq(ceremony.as_str())).one(db).await?;
                let Some(asked) = asked else { return Ok(None) };
                // Sent twice at once, it is taken once.
                let taken = row::Entity::delete_by_id(id).exec(db).await?;
                Ok::<_, Error>((taken.rows_affected == 1 && now < asked.expires_at).then_some(asked.state))
            })
        })
        .await
}

/// Deletes those that nobody answered in time. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                row::Entity::delete_many().filter(row::Column::ExpiresAt.lte(now)).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}
