//! What each night took away, and what comes next.

use crate::ui::scrolling;
use domain::text::{counted, date_time, integer};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Nights {
    pub due: Vec<DueLine>,
    /// The latest first.
    pub nights: Vec<NightLine>,
    /// Where older ones are.
    pub more: Option<String>,
}

/// What is past its term, or will be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueLine {
    pub name: &'static str,
    pub kept: String,
    /// Rows, or people where they go one by one.
    pub next_night: u64,
    pub within_a_month: u64,
}

/// A night.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NightLine {
    /// « 1er décembre 2026 »
    pub night: String,
    /// None while it is under way, or cut short: it goes on.
    pub done_at: Option<Timestamp>,
    /// The class and how much of it went.
    pub gone: Vec<(String, u64)>,
}

/// The page, without its shell.
pub fn nights_page(page: Nights) -> impl IntoView {
    let Nights { due, nights, more } = page;
    let row = |DueLine { name, kept, next_night, within_a_month }: DueLine| {
        let narrow = format!(
            "Cette nuit\u{a0}: {}. D’ici 30\u{a0}jours\u{a0}: {}.",
            integer(next_night),
            integer(within_a_month)
        );
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{kept}<span class="narrow-only">{narrow}</span></td>
                <td class="align-right wide-only">{integer(next_night)}</td>
                <td class="align-right wide-only">{integer(within_a_month)}</td>
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption id="a-venir">"Lignes à effacer\u{a0}; comptes, ou personnes, là où tout part d’un coup"</caption>
            <thead>
                <tr>
                    <th scope="col">"Données"</th>
                    <th scope="col">"Jusqu’à quand"</th>
                    <th scope="col" class="align-right wide-only">"Cette nuit"</th>
                    <th scope="col" class="align-right wide-only">"D’ici 30\u{a0}jours"</th>
                </tr>
            </thead>
            <tbody>{due.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    let done = if nights.is_empty() {
        view! { <p>"Aucune nuit n’a encore été faite. La première commence à 3\u{a0}h\u{a0}30, heure de Paris."</p> }
            .into_any()
    } else {
        view! { <ol class="facts">{nights.into_iter().map(night).collect_view()}</ol> }.into_any()
    };
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Conservation des données"</h1>
        <p>
            "Chaque nuit, ce qui a passé son terme est effacé. Les durées se règlent par classe ("<code>"SOCLE_RETENTION_…"</code>") et sont celles du "
            <a href="/registre-des-traitements">"registre des traitements"</a>"."
        </p>
        <h2>"Ce qui vient"</h2>
        {scrolling("a-venir", table)}
        <h2>"Ce qui a été fait"</h2>
        {done}
        {more.map(|href| view! { <p><a href=href>"Voir les nuits plus anciennes"</a></p> })}
    }
}

fn night(line: NightLine) -> impl IntoView {
    let NightLine { night, done_at, gone } = line;
    let state = match done_at {
        Some(at) => format!("Fini le {}", date_time(at)),
        None => "Interrompue ou en cours\u{a0}: elle sera reprise".to_owned(),
    };
    let said = if gone.is_empty() {
        "Rien n’avait passé son terme.".to_owned()
    } else {
        let each =
            gone.into_iter().map(|(name, n)| format!("{name}\u{a0}: {}", counted(n, "effacement", "effacements")));
        each.collect::<Vec<_>>().join("\u{a0}; ")
    };
    view! {
        <li>
            <strong>"Nuit du "{night}"."</strong>" "
            <span class="fact-said">{said}</span>
            <span class="fact-more">{state}</span>
        </li>
    }
}
