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
use crate::place;
use domain::ids::{PersonId, WebinarId};
use domain::webinar::registration::{Change, Roster, Status};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};
use std::collections::{BTreeMap, BTreeSet};

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

/// Registers those of these people, in that order, who never asked for a place: within the capacity, and beyond it in the
/// waiting list. Who gave a place up, whom it is not open to and who leads it are left as they are.
///
/// # Errors
/// [`Error::Conflict`] where it takes no registrations; when the database fails.
pub(crate) async fn register_all(
    app: &App,
    db: &impl ConnectionTrait,
    id: WebinarId,
    people: &[PersonId],
) -> Result<()> {
    let (webinar, from) = (store::locked(db, id).await?, Sender::of(app));
    webinar.stage(from.now).takes_registrations().map_err(refused)?;
    let rows = person::Entity::find().filter(person::Column::Id.is_in(people.iter().map(|person| person.0)));
    let rows: BTreeMap<i64, person::Model> = rows.all(db).await?.into_iter().map(|row| (row.id, row)).collect();
    let maisons = place::find(db, rows.values().filter_map(|row| row.maison_id).collect::<BTreeSet<_>>()).await?;
    let is_open_to = |row: &person::Model| {
        let departement = row.maison_id.and_then(|id| maisons.get(&id)?.departement.parse().ok());
        row.suspended_at.is_none() && webinar.audience.includes(departement) && !webinar.is_led_by(PersonId(row.id))
    };
    let mut roster = store::roster(db, &webinar).await?;
    let mut changes = Vec::new();
    for person in people {
        if rows.get(&person.0).is_some_and(is_open_to) && roster.status(*person).is_none() {
            changes.extend(roster.register(*person, from.now));
        }
    }
    save(db, id, &roster, &changes).await?;
    let people = rows.into_iter().map(|(id, row)| (PersonId(id), row.into())).collect();
    tell(db, app, &webinar, &roster, &changes, &people, &from).await
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
