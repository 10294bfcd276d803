//! Asking for a place, and giving it up.

use super::super::entity::webinar_registration;
use super::super::letters::Sender;
use super::super::store::{self, Webinar};
use super::refused;
use super::telling::tell;
use crate::access::WebinarGuest;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::registration::{Change, Roster, Status};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

/// Asks for a place; tells whether there was one, or where one stands already.
///
/// # Errors
/// [`Error::Conflict`] where it is over, or for those who lead it; when the database fails.
pub async fn register(app: &App, guest: WebinarGuest) -> Result<Option<Status>> {
    change_roster(app, guest, move |webinar, roster, now| {
        if webinar.is_led_by(guest.person) {
            return Err(Error::Conflict("Vous animez ce webinaire\u{a0}: vous y avez déjà votre place.".into()));
        }
        webinar.stage(now).takes_registrations().map_err(refused)?;
        Ok(roster.register(guest.person, now))
    })
    .await
}

/// Gives a place up, or a place in the waiting list; the first who waits has it.
///
/// # Errors
/// [`Error::Conflict`] once it has begun; when the database fails.
pub async fn withdraw(app: &App, guest: WebinarGuest) -> Result<Option<Status>> {
    change_roster(app, guest, move |webinar, roster, now| {
        webinar.stage(now).before_live().map_err(refused)?;
        Ok(roster.withdraw(guest.person))
    })
    .await
}

async fn change_roster(
    app: &App,
    guest: WebinarGuest,
    rule: impl FnOnce(&Webinar, &mut Roster, Timestamp) -> Result<Vec<Change>> + Send + 'static,
) -> Result<Option<Status>> {
    let app = app.clone();
    let handle = app.db.clone();
    handle
        .write(move |db| {
            Box::pin(async move {
                let (webinar, from) = (store::locked(db, guest.webinar).await?, Sender::of(&app));
                let mut roster = store::roster(db, &webinar).await?;
                let changes = rule(&webinar, &mut roster, from.now)?;
                save(db, webinar.id, &roster, &changes).await?;
                let ids = changes.iter().map(|change| change.person().0);
                let people = person::Entity::find().filter(person::Column::Id.is_in(ids)).all(db).await?;
                let people = people.into_iter().map(|row| (PersonId(row.id), row.into())).collect();
                tell(db, &app, &webinar, &roster, &changes, &people, &from).await?;
                Ok(roster.status(guest.person))
            })
        })
        .await
}

/// Stores where those stand to whom something happened.
pub(super) async fn save(db: &impl ConnectionTrait, id: WebinarId, roster: &Roster, changes: &[Change]) -> Result<()> {
    for entry in changes.iter().filter_map(|change| roster.entry(change.person())) {
        let row = webinar_registration::ActiveModel {
            webinar_id: Set(id.to_string()),
            person_id: Set(entry.person.0),
            at: Set(entry.at.as_millisecond()),
            status: Set(entry.status.to_string()),
        };
        let replace =
            OnConflict::columns([webinar_registration::Column::WebinarId, webinar_registration::Column::PersonId])
                .update_columns([webinar_registration::Column::At, webinar_registration::Column::Status])
                .to_owned();
        webinar_registration::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
    }
    Ok(())
}
