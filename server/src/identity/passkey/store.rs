//! Passkeys in the database: whose, and called what.

use super::letters::{self, Event};
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::identity::entity::passkey;
use crate::identity::second_factor;
use crate::identity::session::{self, Ending};
use crate::mail::outbox;
use domain::identity::passkey_name;
use domain::ids::PersonId;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};

/// This person's, the oldest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn list(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<passkey::Model>> {
    let theirs = passkey::Entity::find().filter(passkey::Column::PersonId.eq(person.0));
    Ok(theirs.order_by_asc(passkey::Column::Id).all(db).await?)
}

/// The one of that number, if it is theirs.
///
/// # Errors
/// [`Error::NotFound`] where it is not.
pub(super) async fn theirs(db: &impl ConnectionTrait, person: PersonId, id: i64) -> Result<passkey::Model> {
    let row = passkey::Entity::find_by_id(id).filter(passkey::Column::PersonId.eq(person.0)).one(db).await?;
    row.ok_or(Error::NotFound)
}

/// Calls one of theirs otherwise.
pub(super) async fn rename(app: &App, person: PersonId, id: i64, name: &str) -> Result<()> {
    let name = passkey_name(name);
    app.db
        .write(move |db| {
            Box::pin(async move {
                theirs(db, person, id).await?;
                let row = passkey::ActiveModel { id: Set(id), name: Set(name), ..Default::default() };
                passkey::Entity::update(row).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// Takes one of theirs away, and ends every session but the one that asks. The last factor takes that one too, and the
/// recovery codes; tells whether it was the last. Where one is required, the last stays.
pub(super) async fn remove(app: &App, (person, this): (PersonId, String), id: i64) -> Result<bool> {
    let required = session::must_have_one(app, person).await?;
    let name = theirs(app.db.reader(), person, id).await?.name;
    let (own, letter) = (app.clone(), letters::letter(app, person, Event::Removed, &name).await?);
    let last = app
        .db
        .write(move |db| {
            Box::pin(async move {
                theirs(db, person, id).await?;
                let last = second_factor::is_last_passkey(db, person).await?;
                if last && required {
                    return Err(Error::Conflict(
                        "Votre rôle demande un second facteur, et cette clé d’accès est le dernier qui vous reste\u{a0}: ajoutez-en \
                         un autre d’abord."
                            .to_owned(),
                    ));
                }
                if last {
                    second_factor::delete(db, person).await?;
                } else {
                    passkey::Entity::delete_by_id(id).exec(db).await?;
                    session::delete(db, person, Ending::Others(this)).await?;
                }
                outbox::post(db, &own, vec![letter]).await?;
                Ok(last)
            })
        })
        .await?;
    app.sessions.forget(person);
    app.audit.by_holder(app, person, pages::PASSKEY_REMOVED).await?;
    Ok(last)
}
