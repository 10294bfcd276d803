//! Passkeys in the database: whose, called what, used when; and whether what comes is signed by one.

use super::challenge::{self, Ceremony};
use super::letters::{self, Event};
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::identity::entity::{passkey, person};
use crate::identity::second_factor::{self, Factor, SetUp};
use crate::identity::session::{self, Ending};
use crate::mail::outbox;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::{MAX_PASSKEYS, passkey_name};
use domain::ids::PersonId;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    WebauthnError,
};

/// Bytes of what an authenticator answers, written as JSON; real ones are under four thousand.
const LONGEST: usize = 32 * 1024;

/// What a browser sends back: what was asked, by its name, and what the authenticator made of it.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) challenge: String,
    pub(super) credential: String,
}

/// A passkey that is being made.
#[derive(Debug, Serialize, Deserialize)]
struct Making {
    handle: Uuid,
    state: PasskeyRegistration,
}

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

/// What to ask an authenticator to sign, for whoever holds that: with any passkey of this site, or with one of this person's.
pub(super) async fn ask(app: &App, holder: String, of: Option<PersonId>) -> Result<Value> {
    let (asked, state) = app.passkeys.site()?.start_discoverable_authentication().map_err(internal)?;
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

/// What to ask an authenticator for, that is to make a passkey of this person's.
pub(super) async fn ask_for_new(app: &App, holder: String, person: PersonId) -> Result<Value> {
    let site = app.passkeys.site()?;
    let account = crate::identity::store::account(app, person).await?.ok_or(Error::NotFound)?;
    let rows = list(app.db.reader(), person).await?;
    let full = Error::Conflict(format!("Vous avez déjà {MAX_PASSKEYS} clés d’accès\u{a0}: retirez-en une d’abord."));
    if rows.len() as u64 >= MAX_PASSKEYS {
        return Err(full);
    }
    let known = rows.first().and_then(|row| Uuid::parse_str(&row.handle).ok());
    let handle = known.unwrap_or_else(|| app.dice.uuid());
    let theirs =
        rows.iter().filter_map(|row| URL_SAFE_NO_PAD.decode(&row.credential_id).ok().map(Into::into)).collect();
    let name = format!("{} {}", account.first_name, account.last_name);
    let (asked, state) =
        site.start_passkey_registration(handle, &account.email, &name, Some(theirs)).map_err(internal)?;
    let mut options = public_key(&asked)?;
    // So that it opens without a password too, where the authenticator has room to remember whose it is.
    options["authenticatorSelection"]["residentKey"] = json!("preferred");
    let id = challenge::keep(app, Ceremony::Add, holder, written(&Making { handle, state })?).await?;
    Ok(json!({ "challenge": id, "publicKey": options }))
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
    let ceremony = if of.is_some() { Ceremony::Prove } else { Ceremony::Enter };
    let Some(state) = challenge::take(app, ceremony, holder, &signed.challenge).await? else {
        return Ok(refused("nothing was asked, or too long ago"));
    };
    let state: DiscoverableAuthentication = read(&state)?;
    let Some(answer) = answered::<PublicKeyCredential>(&signed) else { return Ok(refused("it cannot be read")) };
    let id = URL_SAFE_NO_PAD.encode(answer.get_credential_id());
    let row = passkey::Entity::find().filter(passkey::Column::CredentialId.eq(id)).one(app.db.reader()).await?;
    let Some(row) = row.filter(|row| of.is_none_or(|person| person.0 == row.person_id)) else {
        return Ok(refused("no such passkey, or somebody else's"));
    };
    let handle = answer.get_user_unique_id().map(|bytes| Uuid::from_slice(bytes).ok());
    let is_theirs = handle.map(|handle| handle.is_some_and(|handle| handle.to_string() == row.handle));
    if !is_theirs.unwrap_or(of.is_some()) || !may_enter(app, row.person_id).await? {
        return Ok(refused("it does not say whose it is, or that account is closed"));
    }
    let mut key: Passkey = read(&row.credential)?;
    match site.finish_discoverable_authentication_v2(&answer, state, &key) {
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

/// Makes what an authenticator made one of this person's, called so. Beside another factor, only for who showed that one
/// lately (`proved`). None where anything is wrong with it.
pub(super) async fn add(
    app: &App,
    (person, holder, proved): (PersonId, String, bool),
    signed: Signed,
    name: &str,
) -> Result<Option<SetUp>> {
    let site = app.passkeys.site()?;
    let Some(state) = challenge::take(app, Ceremony::Add, holder, &signed.challenge).await? else {
        return Ok(refused("nothing was asked, or too long ago"));
    };
    let Making { handle, state } = read(&state)?;
    let Some(answer) = answered::<RegisterPublicKeyCredential>(&signed) else {
        return Ok(refused("it cannot be read"));
    };
    let key = match site.finish_passkey_registration(&answer, &state) {
        Ok(key) => key,
        Err(why) => return Ok(refused(&why.to_string())),
    };
    let (now, codes, name) = (app.clock.now().as_millisecond(), second_factor::new_codes(app), passkey_name(name));
    let row = passkey::ActiveModel {
        person_id: Set(person.0),
        handle: Set(handle.to_string()),
        credential_id: Set(URL_SAFE_NO_PAD.encode(key.cred_id())),
        credential: Set(written(&key)?),
        name: Set(name.clone()),
        created_at: Set(now),
        used_at: Set(None),
        ..Default::default()
    };
    let id = URL_SAFE_NO_PAD.encode(key.cred_id());
    let (own, letter) = (app.clone(), letters::letter(app, person, Event::Added, &name).await?);
    let set_up = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let known = passkey::Entity::find().filter(passkey::Column::CredentialId.eq(id)).one(db).await?;
                if known.is_some() || second_factor::passkeys(db, person).await? >= MAX_PASSKEYS {
                    return Ok(refused("it is known already, or there are too many"));
                }
                let Some(set_up) = second_factor::beginning(db, person, proved, codes).await? else {
                    return Ok(refused("another factor was not shown lately"));
                };
                passkey::Entity::insert(row).exec_without_returning(db).await?;
                outbox::post(db, &own, vec![letter]).await?;
                Ok::<_, Error>(Some(set_up))
            })
        })
        .await?;
    if set_up.is_some() {
        app.audit.by_platform(app, person, pages::PASSKEY_ADDED).await?;
    }
    app.sessions.forget(person);
    Ok(set_up)
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
                let generator = matches!(second_factor::factor(db, person).await?, Factor::Set { .. });
                let last = !generator && second_factor::passkeys(db, person).await? == 1;
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
    app.audit.by_platform(app, person, pages::PASSKEY_REMOVED).await?;
    app.sessions.forget(person);
    Ok(last)
}

/// Why a passkey was not taken: for operators, without saying whose.
fn refused<T>(why: &str) -> Option<T> {
    tracing::info!(why, "Refused a passkey");
    None
}

fn answered<T: for<'a> Deserialize<'a>>(signed: &Signed) -> Option<T> {
    (signed.credential.len() <= LONGEST).then(|| serde_json::from_str(&signed.credential).ok()).flatten()
}

/// The options alone, of what the library hands to browsers.
fn public_key(asked: &impl Serialize) -> Result<Value> {
    let mut asked = serde_json::to_value(asked).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(asked["publicKey"].take())
}

fn written(state: &impl Serialize) -> Result<String> {
    serde_json::to_string(state).map_err(|error| Error::Internal(error.to_string()))
}

fn read<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("a passkey cannot be read: {error}")))
}

fn internal(error: WebauthnError) -> Error {
    Error::Internal(error.to_string())
}
