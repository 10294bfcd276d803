//! The page of a search.

use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Results {
    pub query: String,
    /// Best first.
    pub hits: Vec<Hit>,
    /// The most hits that a page shows.
    pub most: u64,
}

/// A paragraph that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The paragraph itself.
    pub href: String,
    pub chapter: String,
    pub section: String,
    /// The text around the words, and which parts of it are these words.
    pub spans: Vec<(String, bool)>,
}

/// The page, without its shell. Sends `q` to `/recherche`.
pub fn results_page(page: Results) -> impl IntoView {
    let Results { query, hits, most } = page;
    let asked = query.trim().to_owned();
    let found = if asked.is_empty() {
        view! { <p>"Tapez un ou plusieurs mots. Accents, majuscules et pluriels ne comptent pas."</p> }.into_any()
    } else if hits.is_empty() {
        nothing(asked).into_any()
    } else {
        list(&asked, hits, most).into_any()
    };
    view! {
        <h1>"Rechercher"</h1>
        <form class="filter" role="search" method="get" action="/recherche">
            <label for="q">"Mots à trouver dans les cours"</label>
            <div class="filter-line">
                <input type="search" id="q" name="q" value=query maxlength="200" autocomplete="off"/>
                <button type="submit" class="button">"Rechercher"</button>
            </div>
        </form>
        {found}
    }
}

fn nothing(asked: String) -> impl IntoView {
    view! {
        <h2>"Aucun passage ne contient «\u{a0}"{asked}"\u{a0}»"</h2>
        <ul>
            <li>"Gardez un seul mot, le plus précis\u{a0}: tous les mots doivent être dans le même passage."</li>
            <li>"Vérifiez l’orthographe, ou essayez un synonyme."</li>
            <li><a href="/">"Parcourir les chapitres"</a></li>
        </ul>
    }
}

fn list(asked: &str, hits: Vec<Hit>, most: u64) -> impl IntoView + use<> {
    let count = hits.len() as u64;
    let said = if count >= most && most > 0 {
        format!("Les {} pour «\u{a0}{asked}\u{a0}»", counted(count, "premier passage", "premiers passages"))
    } else {
        format!("{} pour «\u{a0}{asked}\u{a0}»", counted(count, "passage", "passages"))
    };
    view! {
        <h2>{said}</h2>
        <ol class="hits">{hits.into_iter().map(hit).collect_view()}</ol>
    }
}

fn hit(hit: Hit) -> impl IntoView {
    let Hit { href, chapter, section, spans } = hit;
    let piece = |(text, is_hit)| if is_hit { view! { <mark>{text}</mark> }.into_any() } else { String::into_any(text) };
    view! {
        <li>
            <a href=href>{section}</a>
            <span class="hit-chapter">{chapter}</span>
            <p>{spans.into_iter().map(piece).collect_view()}</p>
        </li>
    }
}
