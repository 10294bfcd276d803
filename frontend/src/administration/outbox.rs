//! The outbox: mails to send, sent, and those that could not be.

use crate::ui::pagination;
use domain::text::{counted, date_time};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Whether a relay takes mails away.
    pub sends: bool,
    pub mails: Vec<MailLine>,
    /// From 1.
    pub page: u64,
    pub pages: u64,
    pub total: u64,
}

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// « Léa Perrin <lea@…> »
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The iCalendar file that goes with it.
    pub calendar: Option<String>,
    pub state: MailState,
    /// Why it did not leave, the last time it was tried.
    pub failure: Option<String>,
}

/// Where a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It leaves from that instant on.
    Waiting(Timestamp),
    /// It is being sent.
    Leaving,
    Sent(Timestamp),
    GivenUp(Timestamp),
}

/// The page, without its shell. Sends `page` by GET.
pub fn outbox_page(page: Outbox) -> impl IntoView {
    let Outbox { sends, mails, page, pages, total } = page;
    let notice = (!sends).then(|| {
        view! {
            <div class="notice">
                <p class="notice-title">"Aucun message n’est envoyé."</p>
                <p>"Aucun relais de messagerie n’est réglé ("<code>"SOCLE_SMTP_URL"</code>")\u{a0}: les messages restent ici, où vous pouvez les lire."</p>
            </div>
        }
    });
    let said = match total {
        0 => "Aucun message n’a encore été écrit.".to_owned(),
        _ => counted(total, "message", "messages"),
    };
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Courriels"</h1>
        {notice}
        <p role="status">{said}</p>
        <ul class="hits">{mails.into_iter().map(line).collect_view()}</ul>
        {pagination("/administration/courriels", "", page, pages)}
    }
}

fn line(mail: MailLine) -> impl IntoView {
    let MailLine { to, subject, body, calendar, state, failure } = mail;
    let state = match state {
        MailState::Waiting(at) => format!("À envoyer à partir du {}", date_time(at)),
        MailState::Leaving => "Envoi en cours".to_owned(),
        MailState::Sent(at) => format!("Envoyé le {}", date_time(at)),
        MailState::GivenUp(at) => format!("Abandonné le {}", date_time(at)),
    };
    let calendar = calendar.map(|calendar| {
        view! {
            <p>"Fichier d’agenda joint\u{a0}:"</p>
            <pre class="mail-text" tabindex="0">{calendar}</pre>
        }
    });
    view! {
        <li>
            <strong>{subject}</strong>
            <p class="hit-chapter">"À "{to}" · "{state}</p>
            {failure.map(|failure| view! { <p class="mail-failure"><strong>"Échec\u{a0}: "</strong>{failure}</p> })}
            <details>
                <summary>"Lire le message"</summary>
                <pre class="mail-text" tabindex="0">{body}</pre>
                {calendar}
            </details>
        </li>
    }
}
