//! The page of a recording.

use super::beside::{Line, QuizPart, discussion, moment, poll, quiz, seconds, transcript};
use super::counted::{Counted, clock};
use super::place::{ReplayPlace, Watching};
use domain::text::{date_long, day_long, integer};
use domain::webinar::replay::{Chapter, PollThen, Said};
use jiff::Timestamp;
use jiff::civil::Date;
use leptos::prelude::*;

/// Speeds that the player offers: as browsers take them, and as they are read.
const SPEEDS: [(&str, &str); 6] =
    [("0.75", "0,75"), ("1", "1 (normale)"), ("1.25", "1,25"), ("1.5", "1,5"), ("1.75", "1,75"), ("2", "2")];

/// What the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct ReplayPage {
    /// The webinar's own address; this page is under it.
    pub href: String,
    pub title: String,
    /// When it went live, or is to.
    pub at: Timestamp,
    pub stands: Stands,
}

/// What there is to see.
#[derive(Debug, Clone, PartialEq)]
pub enum Stands {
    /// The webinar is not over.
    ToCome,
    NotRecorded,
    Preparing,
    Failed {
        why: Option<String>,
    },
    Removed {
        at: Option<Timestamp>,
        why: Option<String>,
    },
    Ready(Box<Ready>),
}

/// A recording that can be played.
#[derive(Debug, Clone, PartialEq)]
pub struct Ready {
    pub watching: Watching,
    /// Milliseconds.
    pub length: u64,
    pub bytes: u64,
    pub has_camera: bool,
    /// The last day on which it is kept, in Paris.
    pub kept_until: Date,
    /// Without images and media where they can be spared: nothing is loaded before it is asked for.
    pub light: bool,
    /// Whether they may mend captions.
    pub mends: bool,
    pub counted: Counted,
    pub chapters: Vec<Chapter>,
    pub lines: Vec<Line>,
    pub said: Vec<Said>,
    pub polls: Vec<PollThen>,
    pub quizzes: Vec<QuizPart>,
}

/// The page, without its shell.
pub fn replay_page(page: ReplayPage) -> impl IntoView {
    // The island takes an owner.
    crate::ui::rooted::rooted(move || drawn(page))
}

fn drawn(page: ReplayPage) -> impl IntoView {
    let ReplayPage { href, title, at, stands } = page;
    let heading = format!("Revoir\u{a0}: {title}");
    let inside = match stands {
        Stands::Ready(ready) => player(&href, &title, *ready).into_any(),
        empty => nothing(&href, empty).into_any(),
    };
    view! {
        <p class="overline"><a href=href.clone()>{title}</a></p>
        <h1>{heading}</h1>
        <p>"Webinaire du "{date_long(at)}"."</p>
        {inside}
    }
}

/// Why there is nothing to see, and what to do.
fn nothing(href: &str, stands: Stands) -> impl IntoView + use<> {
    let because = |why: Option<String>| why.map(|why| format!(" {why}")).unwrap_or_default();
    let (title, said) = match stands {
        Stands::ToCome => (
            "Ce webinaire n’est pas terminé.",
            "S’il est enregistré, vous pourrez le revoir ici dès qu’il le sera. Pour le suivre en direct, passez par sa page."
                .to_owned(),
        ),
        Stands::NotRecorded => (
            "Ce webinaire n’a pas été enregistré.",
            "Inscrivez-vous au prochain\u{a0}: la page des webinaires dit lesquels sont prévus.".to_owned(),
        ),
        Stands::Preparing | Stands::Ready(_) => (
            "L’enregistrement est en préparation.",
            "Il sera ici dans quelques minutes\u{a0}: rechargez la page.".to_owned(),
        ),
        Stands::Failed { why } => (
            "Il n’y a pas d’enregistrement de ce webinaire.",
            format!("L’enregistrement n’a pas abouti.{} Demandez à qui anime si un autre est prévu.", because(why)),
        ),
        Stands::Removed { at, why } => (
            "L’enregistrement n’est plus disponible.",
            match at {
                Some(at) => format!("Il a été supprimé le {}.{}", date_long(at), because(why)),
                None => format!("Il a été supprimé.{}", because(why)),
            },
        ),
    };
    view! {
        <div class="notice">
            <p class="notice-title">{title}</p>
            <p>{said}</p>
            <p><a class="button is-quiet" href=href.to_owned()>"Revenir au webinaire"</a></p>
        </div>
    }
}

fn player(href: &str, title: &str, ready: Ready) -> impl IntoView + use<> {
    let Ready { watching, length, bytes, has_camera, kept_until, light, mends, counted, .. } = &ready;
    let (length, has_camera, mends) = (*length, *has_camera, *mends);
    let file = format!("{href}/enregistrement.webm");
    let resume = watching.resume.filter(|at| *at > 0);
    let source = resume.map_or_else(|| file.clone(), |at| format!("{file}#t={}", seconds(at)));
    let weight = integer(bytes.div_ceil(1_000_000));
    let facts = format!("{}, {weight}\u{a0}Mo. Gardé jusqu’au {} inclus.", clock(length), day_long(*kept_until));
    let rule = counted.rule().map(|rule| {
        view! {
            <details class="replay-rule">
                <summary>"Ce qui compte pour la présence"</summary>
                <p>{rule}</p>
            </details>
        }
    });
    let resumed = resume.map(|at| {
        view! {
            <p>
                "Vous vous étiez arrêté à "{clock(at)}"\u{a0}: la lecture reprend là. "
                <a href=format!("{file}#t=0") data-start="0">"Recommencer au début"</a>
            </p>
        }
    });
    let label = format!("Lecteur\u{a0}: {title}");
    let preload = if *light { "none" } else { "metadata" };
    let camera = has_camera.then(|| {
        view! {
            <video
                class="replay-camera"
                data-awake
                hidden
                muted
                playsinline
                preload=preload
                width="320"
                height="180"
                aria-label="Caméra de la personne qui anime"
                src=format!("{href}/enregistrement-camera.webm")
            ></video>
        }
    });
    let watching = watching.clone();
    let said = counted.said();
    let Ready { chapters, lines, said: discussed, polls, quizzes, .. } = ready;
    let inside = view! {
        <div class="replay-player" role="group" aria-label=label tabindex="-1" data-keys>
            <div class="replay-pictures" data-still=format!("{href}/enregistrement/image")>
                <video controls playsinline preload=preload width="960" height="540" aria-label=title.to_owned()>
                    <source src=source type="video/webm"/>
                    <track
                        kind="captions"
                        srclang="fr"
                        label="Français"
                        default=true
                        src=format!("{href}/revoir/sous-titres.vtt")
                    />
                </video>
                {camera}
            </div>
            {controls()}
            <p class="visually-hidden" role="status" data-told></p>
        </div>
        <p class="replay-counted" role="status" data-counted>{said}</p>
        {parts(&file, chapters, length)}
        <section aria-labelledby="transcription">
            <h2 id="transcription">"Transcription"</h2>
            {transcript(&file, href, lines, mends)}
        </section>
        <section aria-labelledby="discussion">
            <h2 id="discussion">"Discussion"</h2>
            {discussion(&file, discussed, length)}
        </section>
        {asked(&file, polls, length)}
    };
    view! {
        <p class="replay-facts">{facts}</p>
        {resumed}
        <ReplayPlace watching=watching>{inside}</ReplayPlace>
        {rule}
        {quizzed(&file, href, quizzes, length)}
    }
}

/// Speed and keys, once the script is there.
fn controls() -> impl IntoView {
    let options = SPEEDS
        .into_iter()
        .map(|(value, said)| view! { <option value=value selected=value == "1">{said}</option> })
        .collect_view();
    view! {
        <div class="replay-controls" data-awake hidden>
            <label for="vitesse">"Vitesse"</label>
            <select id="vitesse" data-speed autocomplete="off">{options}</select>
            <details>
                <summary>"Au clavier"</summary>
                <dl class="replay-keys">
                    <dt>"Espace, K"</dt>
                    <dd>"lecture ou pause"</dd>
                    <dt>"Flèches gauche et droite"</dt>
                    <dd>"cinq secondes"</dd>
                    <dt>"J et L"</dt>
                    <dd>"dix secondes"</dd>
                    <dt>"Flèches haut et bas"</dt>
                    <dd>"volume"</dd>
                    <dt>"< et >"</dt>
                    <dd>"moins vite, plus vite"</dd>
                    <dt>"0 à 9"</dt>
                    <dd>"de zéro à neuf dixièmes de l’enregistrement"</dd>
                </dl>
                <p class="small">"Ces touches servent quand le lecteur a le focus\u{a0}: cliquez dessus, ou allez-y avec la touche de tabulation."</p>
            </details>
        </div>
    }
}

/// The chapters, if trainers marked any.
fn parts(file: &str, chapters: Vec<Chapter>, length: u64) -> impl IntoView + use<> {
    let next: Vec<u64> = chapters.iter().skip(1).map(|chapter| chapter.at).chain([length]).collect();
    let line = |(Chapter { at, title }, next): (Chapter, u64)| {
        view! { <li class="cue">{moment(file, at, next)}" "<span>{title}</span></li> }
    };
    (!chapters.is_empty()).then(|| {
        view! {
            <section aria-labelledby="chapitres">
                <h2 id="chapitres">"Chapitres"</h2>
                <ol class="cues replay-chapters" data-lines>{chapters.into_iter().zip(next).map(line).collect_view()}</ol>
            </section>
        }
    })
}

/// The polls, if any were put.
fn asked(file: &str, polls: Vec<PollThen>, length: u64) -> impl IntoView + use<> {
    (!polls.is_empty()).then(|| {
        let polls = polls.into_iter().map(|line| poll(file, line, length)).collect_view();
        view! {
            <section aria-labelledby="sondages">
                <h2 id="sondages">"Sondages"</h2>
                <p>"Répondez pour vous, puis voyez ce que la salle a répondu. Rien n’est enregistré."</p>
                {polls}
            </section>
        }
    })
}

/// The quizzes, if any were put.
fn quizzed(file: &str, href: &str, quizzes: Vec<QuizPart>, length: u64) -> impl IntoView + use<> {
    (!quizzes.is_empty()).then(|| {
        let quizzes = quizzes.into_iter().map(|part| quiz(file, href, part, length)).collect_view();
        view! {
            <section aria-labelledby="quiz">
                <h2 id="quiz">"Quiz"</h2>
                {quizzes}
            </section>
        }
    })
}
