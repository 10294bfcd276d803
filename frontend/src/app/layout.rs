//! What is above and below every page.

use super::{Shell, Viewer};
use leptos::prelude::*;

/// Skip link, header, navigation.
pub(super) fn before(shell: &Shell) -> impl IntoView + use<> {
    let at = shell.path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let search = shell.viewer.is_some() && at != "/recherche";
    let viewer = shell.viewer.clone();
    view! {
        <a class="skip" href="#contenu">"Aller au contenu"</a>
        <header class="top" role="banner">
            {shell.demonstration.then(|| view! {
                <p class="demonstration">"Démonstration\u{a0}: comptes et données sont fictifs."</p>
            })}
            <div class="top-inside">
                <a class="brand" href="/">"Socle"</a>
                {search.then(header_search)}
                {match viewer {
                    Some(viewer) => signed_in(viewer, &at).into_any(),
                    None if at == "/connexion" => ().into_any(),
                    None => view! { <p class="account"><a href="/connexion">"Se connecter"</a></p> }.into_any(),
                }}
            </div>
        </header>
    }
}

fn header_search() -> impl IntoView {
    view! {
        <form class="top-search" role="search" method="get" action="/recherche">
            <label class="visually-hidden" for="q-entete">"Rechercher dans les cours"</label>
            <input type="search" id="q-entete" name="q" maxlength="200" placeholder="Rechercher dans les cours"/>
            <button type="submit" class="button is-quiet">"Rechercher"</button>
        </form>
    }
}

fn signed_in(viewer: Viewer, at: &str) -> impl IntoView + use<> {
    let Viewer { name, follows, writes, may_administer } = viewer;
    let mut places = vec![
        ("/", "Mon parcours"),
        ("/webinaires", "Webinaires"),
        ("/recherche", "Rechercher"),
        ("/dossier", "Mon dossier"),
    ];
    if follows {
        places.push(("/suivi", "Suivi"));
    }
    if writes {
        places.push(("/studio", "Studio"));
    }
    if may_administer {
        places.push(("/administration/comptes", "Comptes"));
    }
    let links = places
        .into_iter()
        .map(|(href, label)| view! { <li><a href=href aria-current=current(href, at)>{label}</a></li> })
        .collect_view();
    view! {
        <div class="account">
            <a class="account-name" href="/compte">{name}</a>
            <form method="post" action="/deconnexion"><button type="submit" class="link-button">"Se déconnecter"</button></form>
        </div>
        <nav class="places" aria-label="Principale"><ul>{links}</ul></nav>
    }
}

/// `page` for the place itself, `true` for what is inside of it.
fn current(href: &str, at: &str) -> Option<&'static str> {
    let inside = match href {
        "/" => at.starts_with("/cours/") || at.starts_with("/essais/"),
        _ => at.strip_prefix(href).is_some_and(|rest| rest.starts_with('/')),
    };
    if href == at { Some("page") } else { inside.then_some("true") }
}

/// Footer: the statements the law asks for, and the light mode.
pub(super) fn after(shell: &Shell) -> impl IntoView + use<> {
    let (switch, label) =
        if shell.light { ("off", "Revenir au mode complet") } else { ("on", "Passer en mode allégé") };
    let said = if shell.light {
        "Mode allégé\u{a0}: les images et les médias sont remplacés par du texte."
    } else {
        "Connexion lente\u{a0}? Le mode allégé remplace les images et les médias par du texte."
    };
    let status = shell.accessibility_status.clone();
    view! {
        <footer class="bottom" role="contentinfo">
            <div class="bottom-inside">
                <form class="light" method="post" action="/preferences/allege">
                    <input type="hidden" name="light" value=switch/>
                    <input type="hidden" name="back" value=shell.path.clone()/>
                    <p>{said}</p>
                    <button type="submit" class="button is-quiet">{label}</button>
                </form>
                <ul class="bottom-links">
                    <li><a href="/accessibilite">"Accessibilité\u{a0}: "{status}</a></li>
                    <li><a href="/mentions-legales">"Mentions légales"</a></li>
                    <li><a href="/donnees-personnelles">"Données personnelles"</a></li>
                </ul>
            </div>
        </footer>
    }
}
