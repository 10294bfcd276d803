//! Accounts and invitations in the database.

use super::entity::{credential, invitation, person, role_grant};
use super::session::{self, Ending, hashed};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::mail::{Letter, outbox};
use crate::merging;
use domain::identity::{Email, Grant};
use domain::ids::{MaisonId, PersonId};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, Set,
};

/// Selects the people who have opened their account, by a password or by ProConnect: who is not among them waits for an
/// invitation to be taken up.
pub(crate) const OPENED: &str = "SELECT person_id FROM credential UNION SELECT person_id FROM federated_identity";

/// What is needed to make an account.
#[derive(Debug, Clone)]
pub struct NewPerson {
    pub email: Email,
    pub first_name: String,
    pub last_name: String,
    pub maison: Option<MaisonId>,
    pub grants: Vec<Grant>,
    /// An account made for demonstration; production mode refuses to start with one.
    pub demonstration: bool,
}

/// An account as lists and forms show it.
#[derive(Debug, Clone)]
pub struct Account {
    pub person: PersonId,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub suspended: bool,
    /// Its name is a pseudonym.
    pub erased: bool,
    pub extra_time: u32,
    pub grants: Vec<Grant>,
    pub has_password: bool,
    /// Where they work today.
    pub maison: Option<i64>,
}

/// The grant that a row holds; one that no rule knows opens nothing.
pub(super) fn grant(role: &str, scope: &str) -> Option<Grant> {
    Grant::new(role.parse().ok()?, scope.parse().ok()?).ok()
}

/// Makes an account without a password: an invitation will give it one.
///
/// # Errors
/// [`Error::Conflict`] where the address already has an account.
pub async fn create(app: &App, new: NewPerson) -> Result<PersonId> {
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let taken =
                    person::Entity::find().filter(person::Column::Email.eq(new.email.as_str())).count(db).await?;
                if taken > 0 {
                    return Err(Error::Conflict(format!(
                        "{} a déjà un compte : ouvrez-le depuis la liste.",
                        new.email
                    )));
                }
                let row = person::ActiveModel {
                    email: Set(new.email.as_str().to_owned()),
                    first_name: Set(new.first_name),
                    last_name: Set(new.last_name),
                    maison_id: Set(new.maison.map(|maison| maison.0)),
                    created_at: Set(now),
                    demonstration: Set(new.demonstration),
                    extra_time: Set(0),
                    ..Default::default()
                };
                let id = person::Entity::insert(row).exec(db).await?.last_insert_id;
                for grant in new.grants {
                    let row = role_grant::ActiveModel {
                        person_id: Set(id),
                        role: Set(grant.role.as_str().to_owned()),
                        scope: Set(grant.scope.to_string()),
                    };
                    role_grant::Entity::insert(row).exec_without_returning(db).await?;
                }
                enrolment::place(db, &[id]).await?;
                Ok(PersonId(id))
            })
        })
        .await
}

/// Gives a person a role over a scope; one that they have already changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn give(db: &impl ConnectionTrait, person: PersonId, grant: &Grant) -> Result<()> {
    let row = role_grant::ActiveModel {
        person_id: Set(person.0),
        role: Set(grant.role.as_str().to_owned()),
        scope: Set(grant.scope.to_string()),
    };
    let key = [role_grant::Column::PersonId, role_grant::Column::Role, role_grant::Column::Scope];
    let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
    role_grant::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    Ok(())
}

/// Makes a link's secret with which the person sets their password, once, before it expires.
/// Links made before stop working.
///
/// # Errors
/// When the database fails.
pub async fn invite(app: &App, person: PersonId) -> Result<String> {
    let secret = hex::encode(app.dice.secret());
    let (own, told) = (app.clone(), secret.clone());
    let lifetime = invitation_lifetime(app);
    app.db
        .write(move |db| Box::pin(async move { put_invitation(db, &own, (person.0, lifetime), &told).await.map(drop) }))
        .await?;
    Ok(secret)
}

/// How long invitations work here.
pub(crate) fn invitation_lifetime(app: &App) -> SignedDuration {
    SignedDuration::try_from(app.config.invitation).unwrap_or(SignedDuration::MAX)
}

/// Stores an invitation of that secret, in the transaction of whatever tells of it; returns when it expires.
///
/// # Errors
/// When the database fails.
pub(crate) async fn put_invitation(
    db: &impl ConnectionTrait,
    app: &App,
    (person, lifetime): (i64, SignedDuration),
    secret: &str,
) -> Result<Timestamp> {
    let now = app.clock.now();
    let expires = now.checked_add(lifetime).unwrap_or(Timestamp::MAX);
    let row = invitation::ActiveModel {
        token_hash: Set(hashed(secret)),
        person_id: Set(person),
        created_at: Set(now.as_millisecond()),
        expires_at: Set(expires.as_millisecond()),
        used_at: Set(None),
    };
    invitation::Entity::delete_many()
        .filter(invitation::Column::PersonId.eq(person))
        .filter(invitation::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    invitation::Entity::insert(row).exec_without_returning(db).await?;
    Ok(expires)
}

/// Whom a live invitation is for.
///
/// # Errors
/// When the database fails.
pub async fn invited(app: &App, secret: &str) -> Result<Option<Account>> {
    let now = app.clock.now().as_millisecond();
    let found = invitation::Entity::find_by_id(hashed(secret))
        .filter(invitation::Column::UsedAt.is_null())
        .filter(invitation::Column::ExpiresAt.gt(now))
        .one(app.db.reader())
        .await?;
    match found {
        Some(invitation) => account(app, PersonId(invitation.person_id)).await,
        None => Ok(None),
    }
}

/// Sets the password and uses the invitation up, both or neither.
///
/// # Errors
/// [`Error::NotFound`] where the invitation was used or expired meanwhile.
pub async fn accept(app: &App, secret: &str, password_hash: String) -> Result<PersonId> {
    let now = app.clock.now().as_millisecond();
    let token_hash = hashed(secret);
    app.db
        .write(move |db| {
            Box::pin(async move {
                let used = invitation::ActiveModel { used_at: Set(Some(now)), ..Default::default() };
                let rows = invitation::Entity::update_many()
                    .set(used)
                    .filter(invitation::Column::TokenHash.eq(token_hash.clone()))
                    .filter(invitation::Column::UsedAt.is_null())
                    .filter(invitation::Column::ExpiresAt.gt(now))
                    .exec(db)
                    .await?
                    .rows_affected;
                let found = invitation::Entity::find_by_id(token_hash).one(db).await?;
                let Some(invitation) = found.filter(|_| rows == 1) else { return Err(Error::NotFound) };
                set_password_hash(db, invitation.person_id, password_hash, now).await?;
                Ok(PersonId(invitation.person_id))
            })
        })
        .await
}

/// Sets a password without an invitation: demonstration accounts and `socle account password`.
///
/// # Errors
/// When the database fails.
pub async fn set_password(app: &App, person: PersonId, password_hash: String) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    app.db.write(move |db| Box::pin(async move { set_password_hash(db, person.0, password_hash, now).await })).await
}

/// Changes the password of whoever knew it, ends their sessions but that one, and tells them by mail: all or nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn change_password(
    app: &App,
    (person, this): (PersonId, String),
    password_hash: String,
    letter: Letter,
) -> Result<()> {
    let (own, now) = (app.clone(), app.clock.now().as_millisecond());
    app.db
        .write(move |db| {
            Box::pin(async move {
                set_password_hash(db, person.0, password_hash, now).await?;
                session::delete(db, person, Ending::Others(this)).await?;
                outbox::post(db, &own, vec![letter]).await
            })
        })
        .await
}

async fn set_password_hash(db: &impl ConnectionTrait, person: i64, password_hash: String, now: i64) -> Result<()> {
    let row =
        credential::ActiveModel { person_id: Set(person), password_hash: Set(password_hash), changed_at: Set(now) };
    let replace = OnConflict::column(credential::Column::PersonId)
        .update_columns([credential::Column::PasswordHash, credential::Column::ChangedAt])
        .to_owned();
    credential::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

/// The person of that address who may sign in, and their password's hash.
///
/// # Errors
/// When the database fails.
pub async fn credentials(app: &App, email: &Email) -> Result<Option<(PersonId, String)>> {
    let db = app.db.reader();
    let found = merging::store::by_email(db, email).await?.filter(|person| person.suspended_at.is_none());
    let Some(person) = found else { return Ok(None) };
    let credential = credential::Entity::find_by_id(person.id).one(db).await?;
    Ok(credential.map(|credential| (PersonId(person.id), credential.password_hash)))
}

/// One account.
///
/// # Errors
/// When the database fails.
pub async fn account(app: &App, id: PersonId) -> Result<Option<Account>> {
    let db = app.db.reader();
    let Some(row) = person::Entity::find_by_id(id.0).one(db).await? else { return Ok(None) };
    let grants = role_grant::Entity::find().filter(role_grant::Column::PersonId.eq(id.0)).all(db).await?;
    let has_password = credential::Entity::find_by_id(id.0).count(db).await? > 0;
    Ok(Some(Account {
        person: id,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        suspended: row.suspended_at.is_some(),
        erased: row.erased_at.is_some(),
        extra_time: u32::try_from(row.extra_time).unwrap_or(0),
        grants: grants.iter().filter_map(|row| grant(&row.role, &row.scope)).collect(),
        has_password,
        maison: row.maison_id,
    }))
}

/// The account of that address; where it was folded into another, that one.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, email: &Email) -> Result<Option<PersonId>> {
    let found = merging::store::by_email(app.db.reader(), email).await?;
    Ok(found.map(|person| PersonId(person.id)))
}

/// One page of accounts whose name or address contains `query`, and how many there are in all.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App, query: &str, page: u64, page_size: u64) -> Result<(Vec<person::Model>, u64)> {
    let mut select = person::Entity::find().order_by_asc(person::Column::LastName).order_by_asc(person::Column::Id);
    if !query.is_empty() {
        select = select.filter(
            person::Column::Email
                .contains(query)
                .or(person::Column::LastName.contains(query))
                .or(person::Column::FirstName.contains(query)),
        );
    }
    let pages = select.paginate(app.db.reader(), page_size);
    Ok((pages.fetch_page(page).await?, pages.num_items().await?))
}

/// Suspends an account or restores it.
///
/// # Errors
/// When the database fails.
pub async fn suspend(app: &App, id: PersonId, suspended: bool) -> Result<()> {
    let at = suspended.then(|| app.clock.now().as_millisecond());
    update(app, person::ActiveModel { id: Set(id.0), suspended_at: Set(at), ..Default::default() }).await?;
    // Who cannot sign in is not late.
    app.db.write(move |db| Box::pin(async move { enrolment::place(db, &[id.0]).await })).await
}

/// Sets the percent of time added to a person's time limits.
///
/// # Errors
/// When the database fails.
pub async fn set_extra_time(app: &App, id: PersonId, percent: u32) -> Result<()> {
    update(app, person::ActiveModel { id: Set(id.0), extra_time: Set(percent.into()), ..Default::default() }).await?;
    app.sessions.forget(id);
    Ok(())
}

async fn update(app: &App, row: person::ActiveModel) -> Result<()> {
    app.db.write(move |db| Box::pin(async move { row.update(db).await.map(drop).map_err(Error::from) })).await
}

/// How many accounts that are not suspended were made for demonstration.
///
/// # Errors
/// When the database fails.
pub async fn demonstration_accounts(app: &App) -> Result<u64> {
    let count = person::Entity::find()
        .filter(person::Column::Demonstration.eq(true))
        .filter(person::Column::SuspendedAt.is_null())
        .count(app.db.reader())
        .await?;
    Ok(count)
}
