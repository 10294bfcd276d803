//! One account.

use super::posting::{Posted, posting_section};
use crate::ui::TextField;
use domain::text::{counted, date_time};
use jiff::Timestamp;
use leptos::prelude::*;

/// What opens an account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WayIn {
    /// Nothing yet: its invitation waits.
    #[default]
    Invitation,
    /// ProConnect alone.
    ProConnect,
    Password,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountPage {
    /// The page's own address; its forms send to addresses under it.
    pub href: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
    pub suspended: bool,
    /// Nothing is left to do then.
    pub gone: Option<Gone>,
    /// Whether the invitation was taken up, and how.
    pub way_in: WayIn,
    /// Whether a second factor is set up.
    pub has_factor: bool,
    pub sessions: Vec<SessionLine>,
    /// Percent added to time limits.
    pub extra_time: u32,
    /// Shown once, right after it was made.
    pub invitation_link: Option<String>,
    /// The accounts that were folded into it.
    pub merged: Vec<(String, String)>,
    pub posted: Posted,
}

/// Why an account does not serve any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gone {
    Erased,
    /// Folded into another: which, in a sentence, and its page.
    Folded(String, String),
}

/// An open session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLine {
    pub since: Timestamp,
    pub seen: Timestamp,
}

/// The page, without its shell. Its forms POST to `…/invitation`, `…/temps` (`extra_time`),
/// `…/sessions`, `…/second-facteur`, `…/affectation`, `…/suspendre` and `…/retablir`.
pub fn account_page(page: AccountPage) -> impl IntoView {
    let AccountPage { href, name, email, roles, suspended, gone, way_in, has_factor, .. } = page;
    let AccountPage { sessions, extra_time, invitation_link, merged, posted, .. } = page;
    let state = match (&gone, suspended, way_in) {
        (Some(Gone::Folded(..)), ..) => "Réuni à un autre compte\u{a0}: celui-ci ne sert plus.",
        (Some(Gone::Erased), ..) => "Effacé\u{a0}: il ne reste que ce que la loi impose de garder, sous ce pseudonyme.",
        (None, true, _) => "Suspendu\u{a0}: la personne ne peut pas se connecter.",
        (None, false, WayIn::Password) => "Ouvert",
        (None, false, WayIn::ProConnect) => "Ouvert, par ProConnect\u{a0}: aucun mot de passe n’est choisi.",
        (None, false, WayIn::Invitation) => "Invitation en attente\u{a0}: le mot de passe n’est pas encore choisi.",
    };
    let link = invitation_link.map(|link| {
        view! {
            <div class="notice is-good" role="status">
                <p class="notice-title">"Lien d’invitation à transmettre à "{name.clone()}</p>
                <p><code class="secret">{link}</code></p>
                <p>"Copiez-le maintenant\u{a0}: il ne sera plus affiché. Il sert une seule fois, et les liens précédents ne fonctionnent plus."</p>
            </div>
        }
    });
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>{name}</h1>
        {link}
        <dl class="facts-list">
            <dt>"Adresse électronique"</dt>
            <dd>{email}</dd>
            <dt>"Rôles"</dt>
            <dd>{if roles.is_empty() { "Aucun".to_owned() } else { roles.join(", ") }}</dd>
            <dt>"État"</dt>
            <dd>{state}</dd>
        </dl>
        {match gone {
            Some(Gone::Folded(said, other)) => view! { <p>"Réuni au compte "<a href=other>{said}</a>"."</p> }.into_any(),
            Some(Gone::Erased) => ().into_any(),
            None => view! {
                {invitation(&href, way_in == WayIn::Password)}
                {posting_section(&href, posted)}
                {time(&href, extra_time)}
                {open(&href, sessions)}
                {has_factor.then(|| factor(&href))}
                {merging(&href, merged)}
                {standing(&href, suspended)}
                {erasure(&href)}
            }
            .into_any(),
        }}
    }
}

fn erasure(href: &str) -> impl IntoView + use<> {
    view! {
        <section aria-labelledby="effacement">
            <h2 id="effacement">"Effacer le compte"</h2>
            <p>"À la demande de la personne. La page suivante dit d’abord ce qui part, ce qui reste, et pourquoi."</p>
            <p><a href=format!("{href}/effacer")>"Voir ce qu’effacer ce compte ferait"</a></p>
        </section>
    }
}

fn invitation(href: &str, has_password: bool) -> impl IntoView + use<> {
    let said = if has_password {
        "En cas d’oubli du mot de passe, un nouveau lien permet d’en choisir un autre. Ses résultats restent."
    } else {
        "Un nouveau lien remplace celui qui a été perdu ou qui a expiré."
    };
    view! {
        <section aria-labelledby="invitation">
            <h2 id="invitation">"Lien d’invitation"</h2>
            <p>{said}</p>
            <form method="post" action=format!("{href}/invitation")>
                <button type="submit" class="button is-quiet">"Créer un nouveau lien"</button>
            </form>
        </section>
    }
}

fn time(href: &str, extra_time: u32) -> impl IntoView + use<> {
    let field = TextField {
        label: "Temps en plus, en pourcentage",
        name: "extra_time",
        kind: "number",
        value: extra_time.to_string(),
        hint: Some("De 0 à 300. 33 donne un tiers de temps en plus aux quiz qui ont une durée limitée.".to_owned()),
        autocomplete: "off",
        ..TextField::default()
    };
    view! {
        <section aria-labelledby="temps">
            <h2 id="temps">"Temps supplémentaire"</h2>
            <form class="form" method="post" action=format!("{href}/temps")>
                {field.view()}
                <button type="submit" class="button is-quiet">"Enregistrer"</button>
            </form>
        </section>
    }
}

fn factor(href: &str) -> impl IntoView + use<> {
    view! {
        <section aria-labelledby="second-facteur">
            <h2 id="second-facteur">"Second facteur"</h2>
            <p>"Clés d’accès, application de codes et codes de secours\u{a0}: pour qui a tout perdu. Assurez-vous de vive voix que c’est bien cette personne qui le demande\u{a0}: ses sessions se ferment, et elle en met un autre en place à la connexion suivante."</p>
            <form method="post" action=format!("{href}/second-facteur")>
                <button type="submit" class="button is-quiet">"Retirer le second facteur"</button>
            </form>
        </section>
    }
}

fn open(href: &str, sessions: Vec<SessionLine>) -> impl IntoView + use<> {
    let said = if sessions.is_empty() {
        "Aucune session ouverte.".to_owned()
    } else {
        format!("{}\u{a0}:", counted(sessions.len() as u64, "session ouverte", "sessions ouvertes"))
    };
    let end = (!sessions.is_empty()).then(|| {
        view! {
            <form method="post" action=format!("{href}/sessions")>
                <button type="submit" class="button is-quiet">"Fermer toutes les sessions"</button>
            </form>
        }
    });
    let line = |SessionLine { since, seen }| {
        view! { <li>"Depuis le "{date_time(since)}", vue pour la dernière fois le "{date_time(seen)}</li> }
    };
    view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">"Sessions"</h2>
            <p>{said}</p>
            {(!sessions.is_empty()).then(|| view! { <ul>{sessions.into_iter().map(line).collect_view()}</ul> })}
            {end}
        </section>
    }
}

fn merging(href: &str, merged: Vec<(String, String)>) -> impl IntoView + use<> {
    let line = |(said, other): (String, String)| view! { <li><a href=other>{said}</a></li> };
    let known = (!merged.is_empty()).then(|| {
        view! { <p>"Comptes réunis à celui-ci\u{a0}:"</p><ul>{merged.into_iter().map(line).collect_view()}</ul> }
    });
    view! {
        <section aria-labelledby="reunion">
            <h2 id="reunion">"Autre compte de la même personne"</h2>
            {known}
            <p><a href=format!("{href}/reunion")>"Réunir un autre compte à celui-ci"</a></p>
        </section>
    }
}

fn standing(href: &str, suspended: bool) -> impl IntoView + use<> {
    let (title, said, action, label) = if suspended {
        (
            "Rétablir le compte",
            "La personne pourra de nouveau se connecter, avec le même mot de passe.",
            "retablir",
            "Rétablir le compte",
        )
    } else {
        (
            "Suspendre le compte",
            "La personne est déconnectée et ne peut plus se connecter. Rien de son dossier n’est effacé.",
            "suspendre",
            "Suspendre le compte",
        )
    };
    view! {
        <section aria-labelledby="suspension">
            <h2 id="suspension">{title}</h2>
            <p>{said}</p>
            <form method="post" action=format!("{href}/{action}")>
                <button type="submit" class="button is-quiet">{label}</button>
            </form>
        </section>
    }
}
