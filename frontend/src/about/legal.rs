//! Who answers for the site.

use super::{About, write_to};
use leptos::prelude::*;

/// The page, without its shell.
pub fn legal_page(facts: About) -> impl IntoView {
    let About { publisher, publication_director, host, contact_email, .. } = facts;
    view! {
        <article>
            <h1>"Mentions légales"</h1>
            <h2>"Éditeur"</h2>
            <p>{publisher}</p>
            <p>"Directeur ou directrice de la publication\u{a0}: "{publication_director}"."</p>
            <h2>"Nous écrire"</h2>
            <p>{write_to(&contact_email)}</p>
            <h2>"Hébergeur"</h2>
            <p>{host}</p>
            <h2>"Contenus et logiciel"</h2>
            <p>"Chaque cours dit sous quelle licence il est publié. Le logiciel Socle est libre, sous licence MIT."</p>
            <h2>"Autres informations"</h2>
            <ul>
                <li><a href="/accessibilite">"Déclaration d’accessibilité"</a></li>
                <li><a href="/donnees-personnelles">"Données personnelles"</a></li>
            </ul>
        </article>
    }
}
