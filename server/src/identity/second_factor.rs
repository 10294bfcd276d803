//! The second factor in the database: a generator's key, or passkeys (`passkey`).

use super::entity::{passkey, person, role_grant, second_factor};
use super::recovery::{self, Made};
use super::session::{self, Ending};
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use domain::identity::{Role, TotpKey};
use domain::ids::PersonId;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    QueryTrait as _, Set,
};

/// Where somebody stands with a generator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Factor {
    None,
    /// A key was shown, and no code of it was typed yet.
    Begun(TotpKey),
    Set {
        key: TotpKey,
        /// The step of the last code that was taken.
        last: i64,
        /// When it was set up, in milliseconds.
        since: i64,
    },
}

/// Where this person stands with a generator.
///
/// # Errors
/// When the database fails.
pub(crate) async fn factor(db: &impl ConnectionTrait, person: PersonId) -> Result<Factor> {
    let Some(row) = second_factor::Entity::find_by_id(person.0).one(db).await? else { return Ok(Factor::None) };
    let key = TotpKey::read(&row.secret)
        .ok_or_else(|| Error::Internal(format!("the second factor of person {person} cannot be read")))?;
    Ok(match row.confirmed_at {
        Some(since) => Factor::Set { key, last: row.last_step, since },
        None => Factor::Begun(key),
    })
}

/// Whether they have a generator, set up.
///
/// # Errors
/// When the database fails.
pub(crate) async fn has_generator(db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
    Ok(matches!(factor(db, person).await?, Factor::Set { .. }))
}

/// Whether this person has set up a second factor: a generator, or a passkey.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_set(db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
    Ok(has_generator(db, person).await? || passkeys(db, person).await? > 0)
}

/// Whether a passkey of theirs is the only factor that they have.
///
/// # Errors
/// When the database fails.
pub(crate) async fn is_last_passkey(db: &impl ConnectionTrait, person: PersonId) -> Result<bool> {
    Ok(!has_generator(db, person).await? && passkeys(db, person).await? == 1)
}

/// How many passkeys they have.
///
/// # Errors
/// When the database fails.
pub(crate) async fn passkeys(db: &impl ConnectionTrait, person: PersonId) -> Result<u64> {
    Ok(passkey::Entity::find().filter(passkey::Column::PersonId.eq(person.0)).count(db).await?)
}

/// The key to set up: the one that was begun, else a new one; none where a generator is set up already.
///
/// # Errors
/// When the database fails.
pub(crate) async fn begin(app: &App, person: PersonId) -> Result<Option<TotpKey>> {
    let (now, key) = (app.clock.now().as_millisecond(), TotpKey::new(app.dice.secret()));
    app.db
        .write(move |db| {
            Box::pin(async move {
                match factor(db, person).await? {
                    Factor::Set { .. } => Ok(None),
                    Factor::Begun(key) => Ok(Some(key)),
                    Factor::None => {
                        let row = second_factor::ActiveModel {
                            person_id: Set(person.0),
                            secret: Set(key.base32()),
                            created_at: Set(now),
                            confirmed_at: Set(None),
                            last_step: Set(0),
                        };
                        second_factor::Entity::insert(row).exec_without_returning(db).await?;
                        Ok::<_, Error>(Some(key))
                    }
                }
            })
        })
        .await
}

/// What comes of setting one up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SetUp {
    /// The first: with recovery codes, given this once. Every session is ended: whoever came in without it comes in again.
    First(Vec<String>),
    /// One more.
    More,
}

/// Sets up the generator that was begun, where the code is right. Beside another factor, only for who showed that one lately
/// (`proved`): else the password alone would do.
///
/// # Errors
/// When the database fails.
pub(crate) async fn confirm(app: &App, person: PersonId, code: String, proved: bool) -> Result<Option<SetUp>> {
    let (now, codes) = (app.clock.now(), first_codes(app, person).await?);
    let set_up = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let Factor::Begun(key) = factor(db, person).await? else { return Ok(None) };
                let Some(step) = key.step_of(&code, now, 0) else { return Ok(None) };
                let Some(set_up) = beginning(db, person, proved, codes).await? else { return Ok(None) };
                let row = second_factor::ActiveModel {
                    person_id: Set(person.0),
                    confirmed_at: Set(Some(now.as_millisecond())),
                    last_step: Set(step),
                    ..Default::default()
                };
                second_factor::Entity::update(row).exec(db).await?;
                Ok::<_, Error>(Some(set_up))
            })
        })
        .await?;
    app.sessions.forget(person);
    if set_up.is_some() {
        app.audit.by_holder(app, person, pages::GENERATOR_ADDED).await?;
    }
    Ok(set_up)
}

/// Recovery codes for who sets up their first factor; none for who has one.
///
/// # Errors
/// When the database fails.
pub(super) async fn first_codes(app: &App, person: PersonId) -> Result<Option<Made>> {
    if is_set(app.db.reader(), person).await? { Ok(None) } else { recovery::make(app).await.map(Some) }
}

/// In the transaction that sets a factor up, before it does: what the first one brings with it, which is of [`first_codes`]. None
/// where there is another already, that was not shown lately; or where the other went meanwhile.
///
/// # Errors
/// When the database fails.
pub(super) async fn beginning(
    db: &impl ConnectionTrait,
    person: PersonId,
    proved: bool,
    codes: Option<Made>,
) -> Result<Option<SetUp>> {
    if is_set(db, person).await? {
        return Ok(proved.then_some(SetUp::More));
    }
    let Some(codes) = codes else { return Ok(None) };
    let codes = codes.keep(db, person).await?;
    session::delete(db, person, Ending::All).await?;
    Ok(Some(SetUp::First(codes)))
}

/// Whether that is a code of theirs that was never used: the generator's, or a recovery code. The log says which.
///
/// # Errors
/// When the database fails.
pub(crate) async fn prove(app: &App, person: PersonId, typed: String) -> Result<bool> {
    let taken = take(app, person, typed).await?;
    if let Some(by) = taken {
        app.audit.entered(app, person, by).await?;
    }
    Ok(taken.is_some())
}

/// Which of their codes that is, as the log calls it; taken now, if it never was before.
async fn take(app: &App, person: PersonId, typed: String) -> Result<Option<&'static str>> {
    let now = app.clock.now();
    let kept_as = recovery::may_be_kept_as(app.db.reader(), person, &typed).await?;
    app.db
        .write(move |db| {
            Box::pin(async move {
                let generator = factor(db, person).await?;
                if let Factor::Set { key, last, .. } = generator
                    && let Some(step) = key.step_of(&typed, now, last)
                {
                    // The same code sent twice at once is taken once.
                    let taken = second_factor::Entity::update_many()
                        .col_expr(second_factor::Column::LastStep, Expr::value(step))
                        .filter(second_factor::Column::PersonId.eq(person.0))
                        .filter(second_factor::Column::LastStep.lt(step))
                        .exec(db)
                        .await?;
                    return Ok((taken.rows_affected == 1).then_some(pages::BY_CODE));
                }
                let taken = recovery::take(db, person, kept_as, now).await?;
                Ok::<_, Error>(taken.then_some(pages::BY_RECOVERY_CODE))
            })
        })
        .await
}

/// New recovery codes; those before are worth nothing then.
///
/// # Errors
/// When the database fails.
pub(crate) async fn renew_codes(app: &App, person: PersonId) -> Result<Vec<String>> {
    let codes = recovery::make(app).await?;
    let codes = app.db.write(move |db| Box::pin(async move { codes.keep(db, person).await })).await?;
    app.audit.by_holder(app, person, pages::CODES_RENEWED).await?;
    Ok(codes)
}

/// Takes every factor away, and ends every session: who lost theirs sets up another at their next sign-in.
///
/// # Errors
/// When the database fails.
pub async fn remove(app: &App, person: PersonId) -> Result<()> {
    app.db.write(move |db| Box::pin(async move { delete(db, person).await })).await?;
    app.sessions.forget(person);
    Ok(())
}

/// The same in the transaction of what asks for it; the caller then has the sessions forgotten.
///
/// # Errors
/// When the database fails.
pub(crate) async fn delete(db: &impl ConnectionTrait, person: PersonId) -> Result<()> {
    recovery::delete(db, person).await?;
    passkey::Entity::delete_many().filter(passkey::Column::PersonId.eq(person.0)).exec(db).await?;
    second_factor::Entity::delete_by_id(person.0).exec(db).await?;
    session::delete(db, person, Ending::All).await
}

/// Takes the generator away, and ends every session but the one that asks. Where that was all there was, the same as
/// [`remove`]; tells whether it was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn remove_generator(app: &App, person: PersonId, this: String) -> Result<bool> {
    let last = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let last = passkeys(db, person).await? == 0;
                if last {
                    delete(db, person).await?;
                } else {
                    second_factor::Entity::delete_by_id(person.0).exec(db).await?;
                    session::delete(db, person, Ending::Others(this)).await?;
                }
                Ok::<_, Error>(last)
            })
        })
        .await?;
    app.sessions.forget(person);
    app.audit.by_holder(app, person, pages::GENERATOR_REMOVED).await?;
    Ok(last)
}

/// Accounts that must have a factor where one is required, and have none yet.
///
/// # Errors
/// When the database fails.
pub async fn missing(db: &impl ConnectionTrait) -> Result<u64> {
    let roles: Vec<_> = Role::ALL.into_iter().filter(|role| role.needs_second_factor()).map(Role::as_str).collect();
    let has = second_factor::Entity::find()
        .select_only()
        .column(second_factor::Column::PersonId)
        .filter(second_factor::Column::ConfirmedAt.is_not_null());
    let has_passkey = passkey::Entity::find().select_only().column(passkey::Column::PersonId);
    let must = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::PersonId)
        .filter(role_grant::Column::Role.is_in(roles));
    let without = person::Entity::find()
        .filter(person::Column::SuspendedAt.is_null())
        .filter(person::Column::ErasedAt.is_null())
        .filter(person::Column::Id.in_subquery(must.into_query()))
        .filter(person::Column::Id.not_in_subquery(has.into_query()))
        .filter(person::Column::Id.not_in_subquery(has_passkey.into_query()));
    Ok(without.count(db).await?)
}
