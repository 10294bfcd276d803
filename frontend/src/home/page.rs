//! The two faces of `/`.

use super::cohort::{OwnCohort, own_cohort};
use super::notice::{NoticeLine, told};
use super::path::{Path, go_on, progress, steps};
use crate::certificate::{Held, ready};
use crate::webinar::planning::when;
use domain::text::day_long;
use domain::webinar::schedule::Stage;
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

/// What the page of someone signed in shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    pub first_name: String,
    /// What changed in their courses, and they have not read yet.
    pub notices: Vec<NoticeLine>,
    /// The next they have a part in, else the next they may register for.
    pub webinar: Option<NextWebinar>,
    /// Recordings that they have not followed for long enough, the latest first.
    pub replays: Vec<Replay>,
    /// Those that they are in.
    pub cohorts: Vec<OwnCohort>,
    /// Those that stand.
    pub certificates: Vec<Held>,
    pub courses: Vec<Path>,
}

/// A webinar to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextWebinar {
    pub href: String,
    pub title: String,
    pub starts_at: Timestamp,
    pub stage: Stage,
    /// Whether they are registered, wait for a place, or lead it.
    pub has_part: bool,
}

/// A webinar that can be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    pub href: String,
    pub title: String,
    /// The last day.
    pub kept_until: Date,
}

/// The page of someone signed in, without its shell.
pub fn home_page(page: Home) -> impl IntoView {
    let Home { first_name, notices, webinar, replays, cohorts, certificates, courses } = page;
    let paths = if courses.is_empty() {
        view! {
            <div class="notice">
                <p class="notice-title">"Aucun cours n’est publié pour l’instant."</p>
                <p>"Vous n’avez rien à faire. Les cours apparaîtront ici dès leur publication."</p>
            </div>
        }
        .into_any()
    } else {
        courses.into_iter().map(course).collect_view().into_any()
    };
    view! {
        <h1>"Bonjour "{first_name}</h1>
        {ready(certificates)}
        {told(notices)}
        {webinar.map(next_webinar)}
        {to_watch(replays)}
        {cohorts.into_iter().map(own_cohort).collect_view()}
        {paths}
    }
}

/// One line: the webinar, when it is, what to do.
fn next_webinar(webinar: NextWebinar) -> impl IntoView {
    let NextWebinar { href, title, starts_at, stage, has_part } = webinar;
    let (said, label) = match (stage, has_part) {
        (Stage::Open | Stage::Live, true) => ("La salle du webinaire est ouverte\u{a0}: ", "Rejoindre le webinaire"),
        (_, true) => ("Votre prochain webinaire\u{a0}: ", "Voir le webinaire"),
        (_, false) => ("Prochain webinaire\u{a0}: ", "Voir et m’inscrire"),
    };
    view! {
        <div class="notice next-webinar">
            <p>{said}<strong>{title}</strong>", "{when(starts_at)}"."</p>
            <p><a class="button is-quiet" href=href>{label}</a></p>
        </div>
    }
}

/// One line a recording.
fn to_watch(replays: Vec<Replay>) -> impl IntoView {
    let line = |Replay { href, title, kept_until }: Replay| {
        view! { <li><a href=href>{title}</a>", jusqu’au "{day_long(kept_until)}" inclus"</li> }
    };
    (!replays.is_empty()).then(|| {
        view! {
            <section class="notice" aria-labelledby="a-revoir">
                <h2 class="notice-title" id="a-revoir">"Webinaires à revoir"</h2>
                <p>"Vous les avez manqués, ou suivis en partie\u{a0}: les regarder compte pour votre dossier."</p>
                <ul>{replays.into_iter().map(line).collect_view()}</ul>
            </section>
        }
    })
}

fn course(path: Path) -> impl IntoView {
    let progress = progress(&path);
    let Path { slug, title, summary, positioning, chapters, assessment, next, .. } = path;
    let next = match next {
        Some(next) => go_on(&slug, next).into_any(),
        None if chapters.is_empty() => ().into_any(),
        None => view! {
            <p class="notice is-good">
                "Vous avez tout fait. Vos résultats sont dans "<a href="/dossier">"votre dossier"</a>
                "\u{a0}; les chapitres restent ouverts pour y revenir."
            </p>
        }
        .into_any(),
    };
    view! {
        <section class="path" aria-labelledby=format!("cours-{slug}")>
            <h2 id=format!("cours-{slug}")><a href=format!("/cours/{slug}")>{title}</a></h2>
            <p>{summary}</p>
            {next}
            {progress}
            {steps(positioning, chapters, assessment)}
        </section>
    }
}

/// The page of someone signed out, without its shell.
pub fn welcome_page() -> impl IntoView {
    view! {
        <article class="welcome">
            <h1>"La formation à distance des agents des maisons France\u{a0}Services"</h1>
            <p class="lead">
                "Des chapitres courts sur l’accueil et la médiation numérique, à suivre à votre rythme, entre deux usagers s’il le faut."
            </p>
            <p><a class="button is-large" href="/connexion">"Se connecter"</a></p>
            <h2>"Ce que vous y trouvez"</h2>
            <ul>
                <li>"Des situations tirées du guichet, et de quoi s’exercer après chaque chapitre."</li>
                <li>"La reprise exacte là où vous vous étiez arrêté, sur n’importe quel ordinateur."</li>
                <li>"Des réponses gardées même si la connexion se coupe."</li>
                <li>"Un dossier qui dit ce qui est acquis, quand, et ce qui reste à faire."</li>
            </ul>
            <h2>"Pas encore de compte\u{a0}?"</h2>
            <p>
                "Votre administrateur vous envoie un lien d’invitation. Il sert une seule fois, à choisir votre mot de passe\u{a0}; s’il ne fonctionne plus, demandez-lui-en un nouveau."
            </p>
        </article>
    }
}
