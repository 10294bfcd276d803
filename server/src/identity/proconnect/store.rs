//! Whose account ProConnect's word opens: the one that its identifier is linked to, else the one of the address that it gives,
//! which is then linked.

use super::super::entity::{federated_identity, invitation};
use super::super::store::account;
use super::provider::Said;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::mail::{Letter, body, outbox};
use crate::place::{self, maison};
use crate::{merging, posting};
use domain::identity::{Email, Role};
use domain::ids::{MaisonId, PersonId};
use domain::posting::{Posting, State};
use domain::text::{date_time, paris};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

/// Why somebody without a maison is posted to one.
const REASON: &str = "SIRET donné par ProConnect";

/// Who that is here.
pub(super) enum Recognised {
    Is(PersonId),
    /// Their account is suspended.
    Suspended,
    /// ProConnect does not say that the address is theirs, or gives none.
    Unconfirmed,
    /// No account has that address. The maison is the one that the SIRET leads to.
    Unknown {
        email: String,
        maison: Option<String>,
    },
}

/// What one sign-in changes.
struct News {
    person: person::Model,
    issuer: String,
    subject: String,
    siret: Option<String>,
    /// The account is linked now.
    is_new: bool,
    /// Where the SIRET leads, for who works nowhere yet.
    posted: Option<MaisonId>,
}

/// # Errors
/// When the database fails.
pub(super) async fn recognise(app: &App, issuer: &str, said: &Said) -> Result<Recognised> {
    let db = app.db.reader();
    let key = (issuer.to_owned(), said.subject.clone());
    let link = federated_identity::Entity::find_by_id(key).one(db).await?;
    let maison = match &said.siret {
        Some(siret) => place::of_siret(db, siret).await?,
        None => None,
    };
    let found = if let Some(link) = &link {
        person::Entity::find_by_id(link.person_id).one(db).await?
    } else if let Some(email) = confirmed(said) {
        let known = merging::store::by_email(db, &email).await?;
        if known.is_none() {
            let maison = maison.map(|maison| maison.name);
            return Ok(Recognised::Unknown { email: email.to_string(), maison });
        }
        known
    } else {
        return Ok(Recognised::Unconfirmed);
    };
    let person = found.ok_or_else(|| Error::Internal("an identity is linked to nobody".to_owned()))?;
    let id = PersonId(person.id);
    if person.suspended_at.is_some() || person.erased_at.is_some() {
        app.audit.kept_out(app, id, pages::BY_PROCONNECT);
        return Ok(Recognised::Suspended);
    }
    let siret = said.siret.as_ref().map(ToString::to_string);
    let elsewhere = maison.as_ref().is_some_and(|maison| person.maison_id.is_some_and(|own| own != maison.id));
    let told_before = link.as_ref().is_some_and(|link| link.siret == siret);
    let posted = posted(app, &person, maison.as_ref()).await?;
    let news = News {
        person,
        issuer: issuer.to_owned(),
        subject: said.subject.clone(),
        siret,
        is_new: link.is_none(),
        posted,
    };
    let is_new = news.is_new;
    let own = app.clone();
    app.db.write(move |db| Box::pin(async move { write(&own, db, news).await })).await?;
    for (page, so) in [
        (pages::PROCONNECT_LINKED, is_new),
        (pages::PROCONNECT_POSTED, posted.is_some()),
        (pages::PROCONNECT_ELSEWHERE, elsewhere && !told_before),
    ] {
        if so {
            app.audit.by_platform(app, id, page).await?;
        }
    }
    Ok(Recognised::Is(id))
}

/// The address by which an account may be found: where ProConnect says that it is not confirmed, none.
fn confirmed(said: &Said) -> Option<Email> {
    said.email.as_deref().filter(|_| said.email_verified != Some(false)).and_then(|email| email.parse().ok())
}

/// The maison that an agent who never worked in any is posted to. Nobody is moved: what contradicts is noted for
/// administrators.
async fn posted(app: &App, person: &person::Model, maison: Option<&maison::Model>) -> Result<Option<MaisonId>> {
    let Some(maison) = maison.filter(|_| person.maison_id.is_none()) else { return Ok(None) };
    let id = PersonId(person.id);
    let is_agent = account(app, id).await?.is_some_and(|own| own.grants.iter().any(|grant| grant.role == Role::Agent));
    let was_posted = !posting::store::of(app.db.reader(), id).await?.is_empty();
    Ok((is_agent && !was_posted).then_some(MaisonId(maison.id)))
}

async fn write(app: &App, db: &impl ConnectionTrait, news: News) -> Result<()> {
    let News { person, issuer, subject, siret, is_new, posted } = news;
    let now = app.clock.now();
    let at = now.as_millisecond();
    let row = federated_identity::ActiveModel {
        issuer: Set(issuer),
        subject: Set(subject),
        person_id: Set(person.id),
        siret: Set(siret),
        linked_at: Set(at),
        used_at: Set(at),
    };
    // Two tabs at once link it once.
    let again = OnConflict::columns([federated_identity::Column::Issuer, federated_identity::Column::Subject])
        .update_columns([federated_identity::Column::Siret, federated_identity::Column::UsedAt])
        .to_owned();
    federated_identity::Entity::insert(row).on_conflict(again).exec_without_returning(db).await?;
    if is_new {
        // It is accepted by that: whoever finds its link in a mailbox sets no password with it.
        let used = invitation::ActiveModel { used_at: Set(Some(at)), ..Default::default() };
        invitation::Entity::update_many()
            .set(used)
            .filter(invitation::Column::PersonId.eq(person.id))
            .filter(invitation::Column::UsedAt.is_null())
            .exec(db)
            .await?;
        outbox::post(db, app, vec![letter(app, &person, now)]).await?;
    }
    if let Some(maison) = posted {
        let id = PersonId(person.id);
        let posting =
            Posting { from: paris(now).date(), state: State::Present, maison: Some(maison), reason: REASON.to_owned() };
        posting::store::enter(app, db, id, (id, app.dice.uuid()), posting).await?;
    }
    Ok(())
}

/// Tells the holder of an account that there is another way in: whoever did not do it hears of it.
fn letter(app: &App, to: &person::Model, now: Timestamp) -> Letter {
    let url = &app.config.public_url;
    let text = format!(
        "Votre compte Socle a été relié à ProConnect le {}\u{a0}: vous pouvez désormais y entrer par là.\n\nSi ce n’est pas \
         vous, prévenez tout de suite votre administrateur. Le lien se défait depuis votre compte\u{a0}:\n{url}/compte",
        date_time(now)
    );
    Letter {
        key: format!("proconnect/{}/{}", to.id, now.as_millisecond()),
        to_address: to.email.clone(),
        to_name: format!("{} {}", to.first_name, to.last_name),
        subject: "Votre compte est relié à ProConnect".to_owned(),
        body: body(&to.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: None,
    }
}

/// Since when ProConnect opens that account, if it does.
///
/// # Errors
/// When the database fails.
pub(crate) async fn linked_since(db: &impl ConnectionTrait, person: PersonId) -> Result<Option<Timestamp>> {
    let first: Option<i64> = federated_identity::Entity::find()
        .select_only()
        .column(federated_identity::Column::LinkedAt)
        .filter(federated_identity::Column::PersonId.eq(person.0))
        .order_by_asc(federated_identity::Column::LinkedAt)
        .into_tuple()
        .one(db)
        .await?;
    Ok(first.map(|at| Timestamp::from_millisecond(at).unwrap_or_default()))
}

/// ProConnect's identifiers open that account no more; its address is what it is known by at the next sign-in there.
///
/// # Errors
/// When the database fails.
pub(in crate::identity) async fn unlink(app: &App, person: PersonId) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                federated_identity::Entity::delete_many()
                    .filter(federated_identity::Column::PersonId.eq(person.0))
                    .exec(db)
                    .await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    app.audit.by_holder(app, person, pages::PROCONNECT_UNLINKED).await
}
