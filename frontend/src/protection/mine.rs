//! « Mes données ».

use super::journal::{DeedLine, deeds};
use crate::ui::scrolling;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mine {
    pub classes: Vec<MineLine>,
    /// Who looked at or changed what is theirs, the latest first.
    pub looks: Vec<DeedLine>,
    /// Where older ones are.
    pub more: Option<String>,
    /// « 1 an »
    pub looks_kept: String,
}

/// What is held of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MineLine {
    pub name: &'static str,
    pub what: &'static str,
    pub kept: String,
    pub rows: u64,
}

/// The page, without its shell.
pub fn mine_page(page: Mine) -> impl IntoView {
    let Mine { classes, looks, more, looks_kept } = page;
    let row = |MineLine { name, what, kept, rows }: MineLine| {
        let rows = if rows == 0 { "Rien".to_owned() } else { counted(rows, "ligne", "lignes") };
        let narrow = format!("{rows}. {kept}.");
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td>{what}<span class="narrow-only">{narrow}</span></td>
                <td class="wide-only">{kept}</td>
                <td class="align-right wide-only">{rows}</td>
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption id="classes">"Ce que Socle détient à votre sujet"</caption>
            <thead>
                <tr>
                    <th scope="col">"Données"</th>
                    <th scope="col">"Contenu"</th>
                    <th scope="col" class="wide-only">"Jusqu’à quand"</th>
                    <th scope="col" class="align-right wide-only">"Combien"</th>
                </tr>
            </thead>
            <tbody>{classes.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    let looks = if looks.is_empty() {
        view! { <p>"Personne d’autre que vous ne l’a consulté."</p> }.into_any()
    } else {
        view! { {scrolling("actes", deeds(looks, false))} }.into_any()
    };
    view! {
        <p class="overline"><a href="/dossier">"Mon dossier"</a></p>
        <h1>"Mes données"</h1>
        <p>"Tout ce qui est détenu à votre sujet, et rien d’autre. La copie contient chaque ligne, en JSON et en une page à lire."</p>
        <ul class="actions"><li><a class="button" href="/mes-donnees/copie.zip">"Télécharger une copie (ZIP)"</a></li></ul>
        {scrolling("classes", table)}
        <p>
            "Pourquoi chaque donnée est gardée, et sur quelle base\u{a0}: "<a href="/registre-des-traitements">"registre des traitements"</a>
            ". Corriger ou effacer\u{a0}: "<a href="/donnees-personnelles#droits">"vos droits"</a>". Protéger la connexion\u{a0}: "
            <a href="/second-facteur">"second facteur"</a>"."
        </p>
        <section aria-labelledby="consultations">
            <h2 id="consultations">"Qui a consulté mon dossier"</h2>
            <p>"Chaque consultation par une autre personne est notée, et gardée "{looks_kept}". La plus récente vient en premier."</p>
            {looks}
            {more.map(|href| view! { <p><a href=href>"Voir les consultations plus anciennes"</a></p> })}
        </section>
    }
}
