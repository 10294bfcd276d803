//! A person's certificates, in their record and on their first page.

use domain::text::date_long;
use jiff::Timestamp;
use leptos::prelude::*;

/// A certificate that somebody holds, or held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The title of the action.
    pub title: String,
    pub number: String,
    /// Its page.
    pub href: String,
    pub issued_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// Whether another took its place.
    pub is_replaced: bool,
}

/// On the first page: those that stand.
pub(crate) fn ready(certificates: Vec<Held>) -> impl IntoView {
    let one = |certificate: Held| {
        let Held { title, href, issued_at, .. } = certificate;
        let label = format!("Voir le certificat\u{a0}: {title}");
        view! {
            <div class="notice is-good next-webinar">
                <p>"Certificat de réalisation délivré le "{date_long(issued_at)}"\u{a0}: "<strong>{title}</strong>"."</p>
                <p><a class="button is-quiet" href=href aria-label=label>"Voir le certificat"</a></p>
            </div>
        }
    };
    certificates.into_iter().map(one).collect_view()
}

/// In the record: all of them, the newest first.
pub(crate) fn held(certificates: Vec<Held>) -> impl IntoView {
    let line = |certificate: Held| {
        let Held { title, number, href, issued_at, withdrawn_at, is_replaced } = certificate;
        let state = match withdrawn_at {
            None => "En vigueur.".to_owned(),
            Some(at) if is_replaced => format!("Retiré le {} et remplacé, après une correction.", date_long(at)),
            Some(at) => format!("Retiré le {}, après une correction.", date_long(at)),
        };
        let key = if withdrawn_at.is_none() { "done" } else { "todo" };
        view! {
            <li data-state=key>
                <time datetime=issued_at.to_string()>"Délivré le "{date_long(issued_at)}</time>
                <span class="fact-said"><a href=href>{title}</a></span>
                <span class="fact-more">"N°\u{a0}"{number}". "{state}</span>
            </li>
        }
    };
    (!certificates.is_empty()).then(|| {
        view! {
            <section aria-labelledby="certificats">
                <h2 id="certificats">"Certificats de réalisation"</h2>
                <ol class="facts">{certificates.into_iter().map(line).collect_view()}</ol>
            </section>
        }
    })
}
