//! When a request is not answered as asked.

use leptos::prelude::*;

/// What went wrong, and how to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPage {
    pub status: u16,
    /// « Cette page n’existe pas »
    pub title: String,
    /// What happened and what to do, in a sentence or two.
    pub said: String,
}

/// The page, without its shell. Drawn without knowing who looks at it.
pub fn error_page(page: ErrorPage) -> impl IntoView {
    let ErrorPage { status, title, said } = page;
    let first = match status {
        401 => Some(("/connexion", "Se connecter")),
        429 | 500.. => None,
        _ => Some(("/", "Aller à mon parcours")),
    };
    view! {
        <article class="failure">
            <p class="overline">"Erreur "{status}</p>
            <h1>{title}</h1>
            <p class="lead">{said}</p>
            {first.map(|(href, label)| view! { <p><a class="button" href=href>{label}</a></p> })}
            <ul class="plain-list">
                {(first.is_none_or(|(href, _)| href != "/")).then(|| view! { <li><a href="/">"Aller à l’accueil"</a></li> })}
                <li><a href="/recherche">"Rechercher dans les cours"</a></li>
                <li><a href="/mentions-legales">"Nous écrire"</a></li>
            </ul>
        </article>
    }
}
