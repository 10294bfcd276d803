//! The code that is shown in the room.

use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodePage {
    /// The sheet's address.
    pub sheet: String,
    pub title: String,
    /// « 3 décembre 2026, matin »
    pub half_day: String,
    /// The address that the code stands for, drawn.
    pub svg: String,
    /// Who signed, of how many.
    pub signed: u64,
    pub people: u64,
}

/// The page, without its shell. It is read anew every so many seconds by the browser itself.
pub fn code_page(page: CodePage) -> impl IntoView {
    let CodePage { sheet, title, half_day, svg, signed, people } = page;
    view! {
        <p class="overline"><a href=sheet>"Feuille du "{half_day}</a></p>
        <h1>"Signez votre présence"</h1>
        <p class="lead">{title}</p>
        <div class="room-code" inner_html=svg></div>
        <ol>
            <li>"Visez ce code avec l’appareil photo de votre téléphone, et ouvrez l’adresse qu’il propose."</li>
            <li>"Connectez-vous à Socle si ce n’est déjà fait, puis signez."</li>
        </ol>
        <p>{counted(signed, "signature", "signatures")}" sur "{counted(people, "personne inscrite", "personnes inscrites")}". Sans téléphone, votre formateur ou formatrice note votre présence."</p>
        <p class="small">"Le code change toutes les trente secondes, et cette page avec lui."</p>
    }
}
