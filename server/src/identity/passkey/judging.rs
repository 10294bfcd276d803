//! Whether what comes is signed by a passkey, and whose.

use super::answer::{Signed, answered, internal, public_key, read, refused, written};
use super::challenge::{self, Ceremony};
use super::letters::{self, Event};
use super::store::list;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::identity::entity::{passkey, person};
use crate::mail::outbox;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::ids::PersonId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{DiscoverableAuthentication, Passkey, PublicKeyCredential, Webauthn, WebauthnError};

/// What to ask an authenticator to sign, for whoever holds that: with any passkey of this site, or with one of this person's.
pub(super) async fn ask(app: &App, holder: String, of: Option<PersonId>) -> Result<Value> {
    let (asked, state) = app.passkeys.site()?.start_discoverable_authentication().map_err(|why| internal(&why))?;
    let mut options = public_key(&asked)?;
    let ceremony = match of {
        None => Ceremony::Enter,
        Some(person) => {
            let rows = list(app.db.reader(), person).await?;
            options["allowCredentials"] = rows.iter().map(allowed).collect();
            Ceremony::Prove
        }
    };
    let id = challenge::keep(app, ceremony, holder, written(&state)?).await?;
    Ok(json!({ "challenge": id, "publicKey": options }))
}

/// How a browser is told of one, and of the ways by which its authenticator is reached.
fn allowed(row: &passkey::Model) -> Value {
    let mut told = json!({ "type": "public-key", "id": row.credential_id });
    let known: Option<Value> = serde_json::from_str(&row.credential).ok();
    if let Some(ways @ Value::Array(_)) = known.as_ref().and_then(|known| known.pointer("/cred/transports")) {
        told["transports"] = ways.clone();
    }
    told
}

/// Whose passkey signed what that browser asked; of this person's alone where one is named. Nobody where anything is wrong
/// with it: what exactly is for the log, not for who tries.
pub(super) async fn signed(
    app: &App,
    holder: String,
    of: Option<PersonId>,
    signed: Signed,
) -> Result<Option<PersonId>> {
    let site = app.passkeys.site()?;
    let shown = shown(app, holder, of, signed).await?;
    let whose = of.or_else(|| shown.as_ref().map(|shown| PersonId(shown.row.person_id)));
    let person = match shown {
        Some(shown) => judged(app, site, shown, of).await?,
        None => None,
    };
    match (person, whose) {
        (Some(person), _) => app.audit.entered(app, person, pages::BY_PASSKEY).await?,
        (None, Some(whose)) => app.audit.kept_out(app, whose, pages::BY_PASSKEY),
        (None, None) => {}
    }
    Ok(person)
}

/// What was asked, what was answered, and the passkey that it names.
struct Shown {
    asked: DiscoverableAuthentication,
    answer: PublicKeyCredential,
    row: passkey::Model,
}

async fn shown(app: &App, holder: String, of: Option<PersonId>, signed: Signed) -> Result<Option<Shown>> {
    let ceremony = if of.is_some() { Ceremony::Prove } else { Ceremony::Enter };
    let Some(state) = challenge::take(app, ceremony, holder, &signed.challenge).await? else {
        return Ok(refused("nothing was asked, or too long ago"));
    };
    let asked = read(&state)?;
    let Some(answer) = answered::<PublicKeyCredential>(&signed) else { return Ok(refused("it cannot be read")) };
    let id = URL_SAFE_NO_PAD.encode(answer.get_credential_id());
    let row = passkey::Entity::find().filter(passkey::Column::CredentialId.eq(id)).one(app.db.reader()).await?;
    let Some(row) = row.filter(|row| of.is_none_or(|person| person.0 == row.person_id)) else {
        return Ok(refused("no such passkey, or somebody else's"));
    };
    Ok(Some(Shown { asked, answer, row }))
}

async fn judged(
    app: &App,
    site: &Webauthn,
    Shown { asked, answer, row }: Shown,
    of: Option<PersonId>,
) -> Result<Option<PersonId>> {
    let handle = answer.get_user_unique_id().map(|bytes| Uuid::from_slice(bytes).ok());
    let is_theirs = handle.map(|handle| handle.is_some_and(|handle| handle.to_string() == row.handle));
    if !is_theirs.unwrap_or(of.is_some()) || !may_enter(app, row.person_id).await? {
        return Ok(refused("it does not say whose it is, or that account is closed"));
    }
    let mut key: Passkey = read(&row.credential)?;
    match site.finish_discoverable_authentication_v2(&answer, asked, &key) {
        Ok(result) => {
            key.update_credential(&result);
            Ok(used(app, &row, written(&key)?).await?.then_some(PersonId(row.person_id)))
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            copied(app, &row).await?;
            Ok(refused("its counter went backwards"))
        }
        Err(why) => Ok(refused(&why.to_string())),
    }
}

async fn may_enter(app: &App, person: i64) -> Result<bool> {
    let row = person::Entity::find_by_id(person).one(app.db.reader()).await?;
    Ok(row.is_some_and(|row| row.suspended_at.is_none() && row.erased_at.is_none()))
}

/// Notes that it was used; not where it was removed meanwhile, or used with another counter.
async fn used(app: &App, row: &passkey::Model, credential: String) -> Result<bool> {
    let (id, before, now) = (row.id, row.credential.clone(), app.clock.now().as_millisecond());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let used =
                    passkey::ActiveModel { credential: Set(credential), used_at: Set(Some(now)), ..Default::default() };
                let same = passkey::Entity::update_many()
                    .set(used)
                    .filter(passkey::Column::Id.eq(id))
                    .filter(passkey::Column::Credential.eq(before));
                Ok::<_, Error>(same.exec(db).await?.rows_affected == 1)
            })
        })
        .await
}

/// Says that somebody perhaps has a copy of it: in the log, and to its owner.
async fn copied(app: &App, row: &passkey::Model) -> Result<()> {
    let person = PersonId(row.person_id);
    app.audit.by_platform(app, person, pages::PASSKEY_COPIED).await?;
    let (own, letter) = (app.clone(), letters::letter(app, person, Event::Copied, &row.name).await?);
    app.db.write(move |db| Box::pin(async move { outbox::post(db, &own, vec![letter]).await })).await
}
