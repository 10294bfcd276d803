//! Tokens as they are kept: of a secret, only its hash.

use super::entity::token::{ActiveModel, Column, Entity, Model};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::session::hashed;
use domain::identity::{NewToken, TokenScopes};
use domain::ids::{PersonId, TokenId};
use domain::operation::Tokens;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use std::collections::{BTreeMap, BTreeSet};

/// How stale `used_at` may be.
const USED_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// What every token begins with, so that one lost in a file or a message is recognised.
const PREFIX: &str = "socle_";

/// A token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub scopes: TokenScopes,
    /// None for one made on the command line.
    pub created_by: Option<PersonId>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    pub used_at: Option<Timestamp>,
}

/// What a system shows of its token.
#[derive(Clone, Copy)]
pub struct Shown<'s> {
    pub id: TokenId,
    pub secret: &'s str,
}

impl std::fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the secret of token {}", self.id)
    }
}

/// The whole token, as a system shows it: `socle_…_…`.
#[must_use]
pub fn whole(id: TokenId, secret: &str) -> String {
    format!("{PREFIX}{}_{secret}", id.0.simple())
}

/// The parts of a whole token.
#[must_use]
pub fn parts(whole: &str) -> Option<Shown<'_>> {
    let (id, secret) = whole.strip_prefix(PREFIX)?.split_once('_')?;
    Some(Shown { id: id.parse().ok()?, secret })
}

/// Makes a token and returns its secret, which is kept nowhere. None where that one was made already.
///
/// # Errors
/// When the database fails.
pub async fn create(app: &App, by: Option<PersonId>, id: TokenId, new: NewToken) -> Result<Option<String>> {
    let secret = hex::encode(app.dice.secret());
    let row = ActiveModel {
        id: Set(id.to_string()),
        name: Set(new.name),
        secret_hash: Set(hashed(&secret)),
        scopes: Set(new.scopes.to_string()),
        created_by: Set(by.map(|person| person.0)),
        created_at: Set(app.clock.now().as_millisecond()),
        expires_at: Set(new.expires_at.as_millisecond()),
        revoked_at: Set(None),
        used_at: Set(None),
    };
    let made = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let once = OnConflict::column(Column::Id).do_nothing_on([Column::Id]).to_owned();
                let insert = Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(matches!(insert, sea_orm::TryInsertResult::Inserted(1)))
            })
        })
        .await?;
    Ok(made.then_some(secret))
}

/// Every token, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App) -> Result<Vec<Token>> {
    let rows = Entity::find().order_by_desc(Column::CreatedAt).order_by_asc(Column::Id).all(app.db.reader()).await?;
    rows.into_iter().map(read).collect()
}

/// A token that expires within so long is told of.
const SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How the tokens stand.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App) -> Result<Tokens> {
    let (db, now) = (app.db.reader(), app.clock.now().as_millisecond());
    let good = Entity::find().filter(Column::RevokedAt.is_null()).filter(Column::ExpiresAt.gt(now));
    let expiring = good.clone().filter(Column::ExpiresAt.lte(now + SOON.as_secs() * 1000));
    Ok(Tokens { good: good.count(db).await?, expiring: expiring.count(db).await? })
}

/// What administrators named these tokens.
///
/// # Errors
/// When the database fails.
pub(crate) async fn named(db: &impl ConnectionTrait, ids: BTreeSet<&str>) -> Result<BTreeMap<String, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = Entity::find().select_only().columns([Column::Id, Column::Name]).filter(Column::Id.is_in(ids));
    Ok(rows.into_tuple::<(String, String)>().all(db).await?.into_iter().collect())
}

/// The token that this secret is of, whether or not it is still good.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, shown: Shown<'_>) -> Result<Option<Token>> {
    // Found by its identifier, which is no secret; what is compared is of digests, and tells nothing by its duration.
    let row = Entity::find_by_id(shown.id.to_string()).one(app.db.reader()).await?;
    row.filter(|row| row.secret_hash == hashed(shown.secret)).map(read).transpose()
}

/// Notes that the token was just used, at most once a minute.
///
/// # Errors
/// When the database fails.
pub async fn note_use(app: &App, token: &Token) -> Result<()> {
    let now = app.clock.now();
    if token.used_at.is_some_and(|used| now.duration_since(used) < USED_EVERY) {
        return Ok(());
    }
    let (id, now) = (token.id, now.as_millisecond());
    // Of many requests at once, one writes.
    let stale = Column::UsedAt.is_null().or(Column::UsedAt.lte(now - USED_EVERY.as_secs() * 1000));
    app.db
        .write(move |db| {
            Box::pin(async move {
                let used = ActiveModel { used_at: Set(Some(now)), ..Default::default() };
                let those = Entity::update_many().set(used).filter(Column::Id.eq(id.to_string())).filter(stale);
                those.exec(db).await.map(drop).map_err(Error::from)
            })
        })
        .await
}

/// Revokes a token, from now on; one revoked already stays as it was. Tells whether there is such a token.
///
/// # Errors
/// When the database fails.
pub async fn revoke(app: &App, id: TokenId) -> Result<bool> {
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let revoked = ActiveModel { revoked_at: Set(Some(now)), ..Default::default() };
                let this = Column::Id.eq(id.to_string());
                let good = this.clone().and(Column::RevokedAt.is_null());
                Entity::update_many().set(revoked).filter(good).exec(db).await?;
                Ok::<_, Error>(Entity::find().filter(this).one(db).await?.is_some())
            })
        })
        .await
}

fn read(row: Model) -> Result<Token> {
    let unreadable = || Error::Internal(format!("token {} cannot be read", row.id));
    let instant = |at| Timestamp::from_millisecond(at).map_err(|_| unreadable());
    Ok(Token {
        id: row.id.parse().map_err(|_| unreadable())?,
        scopes: row.scopes.parse().map_err(|_| unreadable())?,
        created_by: row.created_by.map(PersonId),
        created_at: instant(row.created_at)?,
        expires_at: instant(row.expires_at)?,
        revoked_at: row.revoked_at.map(instant).transpose()?,
        used_at: row.used_at.map(instant).transpose()?,
        name: row.name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_token_is_taken_apart_as_it_was_put_together() {
        let id: TokenId = "11111111-1111-4111-8111-111111111111".parse().unwrap();
        let whole = whole(id, "abc");
        assert_eq!(whole, "socle_11111111111141118111111111111111_abc");
        let shown = parts(&whole).unwrap();
        assert_eq!((shown.id, shown.secret), (id, "abc"));
        for wrong in ["", "socle_", "socle_x_abc", "socle_11111111111141118111111111111111", "abc"] {
            assert!(parts(wrong).is_none(), "{wrong}");
        }
    }
}
