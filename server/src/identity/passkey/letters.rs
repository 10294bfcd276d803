//! What the holder of an account is told of its passkeys: whoever did not do it hears of it.

use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::store;
use crate::mail::{Letter, body};
use domain::ids::PersonId;
use domain::text::date_time;

/// What happened to one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Added,
    Removed,
    /// Its counter went backwards.
    Copied,
}

/// The letter that tells of it.
pub(super) async fn letter(app: &App, person: PersonId, event: Event, name: &str) -> Result<Letter> {
    let account = store::account(app, person).await?.ok_or(Error::NotFound)?;
    let (now, url) = (app.clock.now(), &app.config.public_url);
    let at = date_time(now);
    let (subject, told) = match event {
        Event::Added => (
            "Une clé d’accès a été ajoutée à votre compte",
            format!("La clé d’accès «\u{a0}{name}\u{a0}» a été ajoutée à votre compte Socle le {at}."),
        ),
        Event::Removed => (
            "Une clé d’accès a été retirée de votre compte",
            format!("La clé d’accès «\u{a0}{name}\u{a0}» a été retirée de votre compte Socle le {at}."),
        ),
        Event::Copied => (
            "Une clé d’accès de votre compte a été refusée",
            format!(
                "La clé d’accès «\u{a0}{name}\u{a0}» de votre compte Socle a été refusée le {at}\u{a0}: son compteur est revenu en \
                 arrière, comme si quelqu’un en avait une copie. Retirez-la, et ajoutez-en une autre\u{a0}:\n{url}/second-facteur"
            ),
        ),
    };
    let text = format!(
        "{told}\n\nSi ce n’est pas vous, choisissez tout de suite un autre mot de passe\u{a0}:\n{url}/mot-de-passe-oublie\net \
         prévenez votre administrateur, qui peut retirer votre second facteur."
    );
    Ok(Letter {
        key: format!("passkey/{person}/{event:?}/{name}/{}", now.as_millisecond()),
        to_address: account.email,
        to_name: format!("{} {}", account.first_name, account.last_name),
        subject: subject.to_owned(),
        body: body(&account.first_name, &text, url),
        calendar: None,
        send_after: now,
        send_before: None,
    })
}
