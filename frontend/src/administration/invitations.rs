//! Inviting everybody who has not opened their account.

use domain::text::{counted, integer};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Invitations {
    /// Whether a relay takes mails away.
    pub sends: bool,
    /// Accounts not opened yet that were not written to within a week.
    pub ready: u64,
    /// Those that were.
    pub recent: u64,
    /// Accounts that were opened.
    pub opened: u64,
    /// Invitations written in the last month, and where they are.
    pub written: u64,
    pub sent: u64,
    pub failed: u64,
    /// Days for which a link works.
    pub days: u64,
}

/// The page, without its shell. Sends a form without a field to its own address.
pub fn invitations_page(page: Invitations) -> impl IntoView {
    let Invitations { sends, ready, recent, opened, written, sent, failed, days } = page;
    let waiting = written.saturating_sub(sent).saturating_sub(failed);
    let relay = (!sends).then(|| {
        view! {
            <div class="notice">
                <p class="notice-title">"Aucun message n’est envoyé."</p>
                <p>"Aucun relais de messagerie n’est réglé ("<code>"SOCLE_SMTP_URL"</code>")\u{a0}: les invitations resteront à envoyer."</p>
            </div>
        }
    });
    let progress = (written > 0).then(|| {
        view! {
            <h2>"Envoi en cours"</h2>
            <p><label for="envoi">{integer(sent)}" sur "{counted(written, "invitation envoyée", "invitations envoyées")}</label></p>
            <progress id="envoi" max=written.to_string() value=sent.to_string()></progress>
            <ul>
                <li>{counted(waiting, "message à envoyer", "messages à envoyer")}</li>
                <li>{counted(failed, "message abandonné", "messages abandonnés")}</li>
            </ul>
            <p><a href="/administration/invitations">"Actualiser"</a>" · "<a href="/administration/courriels">"Voir les courriels"</a></p>
        }
    });
    let form = (ready > 0).then(|| {
        view! {
            <form method="post" action="/administration/invitations">
                <button type="submit" class="button">"Inviter "{counted(ready, "personne", "personnes")}</button>
            </form>
        }
    });
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Invitations"</h1>
        {relay}
        <p>"Chaque personne reçoit par courriel un lien pour choisir son mot de passe\u{a0}; il fonctionne "{counted(days, "jour", "jours")}", et remplace les précédents. Personne n’est invité deux fois dans la même semaine."</p>
        <div role="status"><ul>
            <li>{counted(ready, "compte à inviter", "comptes à inviter")}</li>
            <li>{counted(recent, "compte invité depuis moins d’une semaine", "comptes invités depuis moins d’une semaine")}", pas encore ouverts"</li>
            <li>{counted(opened, "compte déjà ouvert", "comptes déjà ouverts")}</li>
        </ul></div>
        {form}
        {progress}
    }
}
