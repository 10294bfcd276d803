//! A passkey that is made, and kept.

use super::answer::{Signed, answered, internal, public_key, read, refused, written};
use super::challenge::{self, Ceremony};
use super::letters::{self, Event};
use super::store::list;
use crate::app::App;
use crate::audit::pages;
use crate::error::{Error, Result};
use crate::identity::entity::passkey;
use crate::identity::second_factor::{self, SetUp};
use crate::identity::store::account;
use crate::mail::outbox;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::{MAX_PASSKEYS, passkey_name};
use domain::ids::PersonId;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{PasskeyRegistration, RegisterPublicKeyCredential};

/// A passkey that is being made.
#[derive(Debug, Serialize, Deserialize)]
struct Making {
    handle: Uuid,
    state: PasskeyRegistration,
}

/// What to ask an authenticator for, that is to make a passkey of this person's.
pub(super) async fn ask_for_new(app: &App, holder: String, person: PersonId) -> Result<Value> {
    let site = app.passkeys.site()?;
    let account = account(app, person).await?.ok_or(Error::NotFound)?;
    let rows = list(app.db.reader(), person).await?;
    let full = Error::Conflict(format!("Vous avez déjà {MAX_PASSKEYS} clés d’accès\u{a0}: retirez-en une d’abord."));
    if rows.len() as u64 >= MAX_PASSKEYS {
        return Err(full);
    }
    let known = rows.first().and_then(|row| Uuid::parse_str(&row.handle).ok());
    let handle = known.unwrap_or_else(|| app.dice.uuid());
    let theirs = rows.iter().filter_map(|row| URL_SAFE_NO_PAD.decode(&row.credential_id).ok()).collect();
    let name = format!("{} {}", account.first_name, account.last_name);
    let (asked, state) =
        site.start_passkey_registration(handle, &account.email, &name, Some(theirs)).map_err(|why| internal(&why))?;
    let mut options = public_key(&asked)?;
    // So that it opens without a password too, where the authenticator has room to remember whose it is.
    options["authenticatorSelection"]["residentKey"] = json!("preferred");
    let id = challenge::keep(app, Ceremony::Add, holder, written(&Making { handle, state })?).await?;
    Ok(json!({ "challenge": id, "publicKey": options }))
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
    let (now, name) = (app.clock.now().as_millisecond(), passkey_name(name));
    let codes = second_factor::first_codes(app, person).await?;
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
    app.sessions.forget(person);
    if set_up.is_some() {
        app.audit.by_holder(app, person, pages::PASSKEY_ADDED).await?;
    }
    Ok(set_up)
}
