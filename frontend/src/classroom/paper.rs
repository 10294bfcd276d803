//! The sheet on paper, to be signed by hand and entered afterwards.

use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperPage {
    /// The session's address.
    pub room: String,
    pub title: String,
    pub place: String,
    pub leader: String,
    /// « 3 décembre 2026, matin »
    pub half_days: Vec<String>,
    /// Name and maison.
    pub people: Vec<(String, Option<String>)>,
}

/// The page, without its shell.
pub fn paper_page(page: PaperPage) -> impl IntoView {
    let PaperPage { room, title, place, leader, half_days, people } = page;
    let columns = half_days.len();
    let heads = half_days.into_iter().map(|said| view! { <th scope="col">{said}</th> }).collect_view();
    let boxes = move || (0..columns).map(|_| view! { <td class="signature"></td> }).collect_view();
    let rows = people.into_iter().map(|(name, maison)| {
        view! { <tr><th scope="row">{name}<span class="attendance-note">{maison}</span></th>{boxes()}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <p class="overline"><a href=room>"Session"</a></p>
        <h1>"Feuille d’émargement"</h1>
        <p class="lead">{title}</p>
        <p>{place}", animée par "{leader}"."</p>
        <p class="sheet-how">"Pour l’imprimer\u{a0}: "<kbd>"Ctrl"</kbd>" + "<kbd>"P"</kbd>". Une fois signée, reportez-la sur la feuille de chaque demi-journée."</p>
        <div class="table-scroll" role="region" aria-labelledby="emargement" tabindex="0">
            <table class="attendance to-sign">
                <caption id="emargement" class="visually-hidden">"Signatures, par demi-journée"</caption>
                <thead><tr><th scope="col">"Nom"</th>{heads}</tr></thead>
                <tbody>
                    {rows}
                    <tr><th scope="row">"Formateur ou formatrice"</th>{boxes()}</tr>
                </tbody>
            </table>
        </div>
    }
}
