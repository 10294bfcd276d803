//! Who writes a course beside its trainers.

use crate::access::CoursePublisher;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::store as identity;
use crate::mail::{Letter, body, outbox};
use crate::studio::entity::draft_author;
use domain::identity::Email;
use domain::ids::PersonId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set, TryInsertResult};

/// Adds whoever has that address, and writes to them; one who writes already is not written to again.
///
/// # Errors
/// [`Error::BadRequest`] where no open account has that address, in words for the page.
pub(super) async fn add(app: &App, publisher: &CoursePublisher, title: &str, address: &str) -> Result<()> {
    let unknown = || {
        Error::BadRequest(format!(
            "Aucun compte ouvert n’a l’adresse «\u{a0}{address}\u{a0}»\u{a0}: vérifiez-la, ou demandez à l’administration d’ouvrir ce compte."
        ))
    };
    let email: Email = address.parse().map_err(|_| unknown())?;
    let person = identity::find(app, &email).await?.ok_or_else(unknown)?;
    let account = identity::account(app, person).await?.filter(|account| !account.suspended && !account.erased);
    let account = account.ok_or_else(unknown)?;
    let now = app.clock.now();
    let row = draft_author::ActiveModel {
        course: Set(publisher.course.to_string()),
        person_id: Set(person.0),
        added_at: Set(now.as_millisecond()),
        added_by: Set(publisher.person.0),
    };
    let url = &app.config.public_url;
    let text = format!(
        "Vous pouvez désormais écrire le cours «\u{a0}{title}\u{a0}» dans le studio, avec ses formateurs et formatrices\u{a0}:\n\
         {url}/studio/{}\n\nCe que vous y écrivez n’est lu par les agents qu’une fois publié.",
        publisher.course
    );
    let letter = Letter {
        key: format!("studio/{}/author/{person}/{}", publisher.course, now.as_millisecond()),
        to_address: account.email,
        to_name: format!("{} {}", account.first_name, account.last_name),
        subject: format!("Vous écrivez le cours «\u{a0}{title}\u{a0}»"),
        body: body(&account.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: None,
    };
    let inside = app.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let key = [draft_author::Column::Course, draft_author::Column::PersonId];
                let once = OnConflict::columns(key).do_nothing_on(key).to_owned();
                let insert = draft_author::Entity::insert(row).on_conflict(once).try_insert();
                if matches!(insert.exec_without_returning(db).await?, TryInsertResult::Inserted(1)) {
                    outbox::post(db, &inside, vec![letter]).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    app.sessions.forget(person);
    Ok(())
}

/// Takes somebody off the course; what they wrote stays.
///
/// # Errors
/// When the database fails.
pub(super) async fn remove(app: &App, publisher: &CoursePublisher, person: PersonId) -> Result<()> {
    let course = publisher.course.clone();
    app.db
        .write(move |db| {
            Box::pin(async move {
                draft_author::Entity::delete_many()
                    .filter(draft_author::Column::Course.eq(course.as_str()))
                    .filter(draft_author::Column::PersonId.eq(person.0))
                    .exec(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    app.sessions.forget(person);
    Ok(())
}
