//! The sessions of a trainer's courses.

use crate::ui::scrolling;
use leptos::prelude::*;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub href: String,
    /// The component's.
    pub title: String,
    pub place: String,
    /// « du 3 au 4 décembre 2026 »
    pub days: String,
    pub leader: String,
    /// Sheets of days gone by that are still open: « 2 feuilles à clore », or where it stands.
    pub stands: String,
}

/// The page, without its shell.
pub fn list_page(sessions: Vec<Listed>) -> impl IntoView {
    let row = |Listed { href, title, place, days, leader, stands }: Listed| {
        view! {
            <tr>
                <th scope="row"><a href=href>{title}</a><span class="narrow-only">{format!("{days}, {place}")}</span></th>
                <td class="wide-only">{days}</td>
                <td class="wide-only">{place}</td>
                <td class="wide-only">{leader}</td>
                <td>{stands}</td>
            </tr>
        }
    };
    let body = if sessions.is_empty() {
        view! { <p>"Aucune session n’est encore planifiée. Planifiez-en une\u{a0}: sa feuille de présence se signera sur téléphone, ou sur papier."</p> }.into_any()
    } else {
        let table = view! {
            <table>
                <caption id="sessions" class="visually-hidden">"Sessions, les dernières d’abord"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Session"</th>
                        <th scope="col" class="wide-only">"Dates"</th>
                        <th scope="col" class="wide-only">"Lieu"</th>
                        <th scope="col" class="wide-only">"Animée par"</th>
                        <th scope="col">"État"</th>
                    </tr>
                </thead>
                <tbody>{sessions.into_iter().map(row).collect_view()}</tbody>
            </table>
        };
        scrolling("sessions", table).into_any()
    };
    view! {
        <p class="overline"><a href="/suivi">"Suivi des agents"</a></p>
        <h1>"Sessions en présentiel"</h1>
        <ul class="actions"><li><a class="button" href="/presentiel/nouvelle">"Planifier une session"</a></li></ul>
        {body}
    }
}
