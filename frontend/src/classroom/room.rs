//! A session: its half days and its roster.

use crate::ui::{AreaField, problem_box, scrolling};
use domain::classroom::MOST_PEOPLE;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPage {
    pub href: String,
    pub title: String,
    pub place: String,
    pub leader: String,
    pub half_days: Vec<HalfDayLine>,
    pub roster: Vec<RosterLine>,
    /// Addresses that are no account's, to be typed again; and what to tell of them.
    pub addresses: String,
    pub problem: Option<String>,
}

/// A half day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HalfDayLine {
    pub href: String,
    /// « 3 décembre 2026, matin »
    pub said: String,
    /// Whether its code may be shown now.
    pub shows_code: bool,
    /// « Close le 3 décembre à 12 h 05 », « Aujourd’hui », « À venir ».
    pub stands: String,
    pub present: u64,
}

/// Somebody on the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    pub person: i64,
    pub name: String,
    pub maison: Option<String>,
    /// Nothing stands beside their name on any sheet yet.
    pub may_go: bool,
}

/// The page, without its shell. Adding POSTs `addresses` to `{href}/inscrits`, taking off `person` to `{href}/retirer`.
pub fn room_page(page: RoomPage) -> impl IntoView {
    let RoomPage { href, title, place, leader, half_days, roster, addresses, problem } = page;
    let people = counted(roster.len() as u64, "personne inscrite", "personnes inscrites");
    let half_days = half_days.into_iter().map(half_day).collect_view();
    let add = AreaField {
        label: "Adresses électroniques des agents",
        name: "addresses",
        value: addresses,
        hint: Some(format!("Une par ligne. {MOST_PEOPLE} personnes au plus.")),
        problem: None,
        optional: false,
        rows: 4,
        most: 5_000,
    };
    view! {
        <p class="overline"><a href="/presentiel">"Sessions en présentiel"</a></p>
        <h1>{title}</h1>
        <p class="lead">{place}", animée par "{leader}</p>
        {problem_box(problem)}
        <section aria-labelledby="demi-journees">
            <h2 id="demi-journees">"Demi-journées"</h2>
            <ul class="half-days">{half_days}</ul>
        </section>
        <section aria-labelledby="inscrits-titre">
            <h2 id="inscrits-titre">"Inscrits"</h2>
            <p>{people}"."</p>
            {(!roster.is_empty()).then(|| people_table(&href, roster))}
            <form class="form" method="post" action=format!("{href}/inscrits")>
                {add.view()}
                <button type="submit" class="button">"Ajouter à la session"</button>
            </form>
        </section>
        <p><a href=format!("{href}/feuille")>"Feuille à imprimer"</a>", à faire signer quand les téléphones manquent."</p>
    }
}

fn half_day(line: HalfDayLine) -> impl IntoView {
    let HalfDayLine { href, said, shows_code, stands, present } = line;
    let code = shows_code.then(|| view! { " "<a class="button" href=format!("{href}/code")>"Afficher le code"</a> });
    view! {
        <li>
            <a href=href>{said}</a>" — "{stands}", "{counted(present, "présence", "présences")}"."
            {code}
        </li>
    }
}

fn people_table(href: &str, roster: Vec<RosterLine>) -> impl IntoView + use<> {
    let action = format!("{href}/retirer");
    let row = move |RosterLine { person, name, maison, may_go }: RosterLine| {
        let go = may_go.then(|| {
            view! {
                <form method="post" action=action.clone()>
                    <input type="hidden" name="person" value=person.to_string()/>
                    <button type="submit" class="link-button">"Retirer"<span class="visually-hidden">" "{name.clone()}</span></button>
                </form>
            }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{maison.unwrap_or_else(|| "Non renseignée".to_owned())}</td>
                <td>{go}</td>
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption id="inscrits" class="visually-hidden">"Personnes inscrites, par ordre alphabétique"</caption>
            <thead><tr><th scope="col">"Nom"</th><th scope="col">"Maison"</th><th scope="col"><span class="visually-hidden">"Retirer"</span></th></tr></thead>
            <tbody>{roster.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    scrolling("inscrits", table)
}
