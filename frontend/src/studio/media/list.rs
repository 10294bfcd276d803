//! The list of the files, and the form that brings one in.

use super::place::{Sending, SendingPlace};
use crate::studio::field::select;
use crate::studio::{Framed, frame};
use crate::ui::{problem_box, rooted::rooted};
use domain::studio::medium::Kind;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaPage {
    pub framed: Framed,
    pub files: Vec<MediumLine>,
    /// Slugs and titles.
    pub chapters: Vec<(String, String)>,
    pub request: String,
    /// Files on their way: their name, how much of them is there, how much there will be.
    pub unfinished: Vec<(String, String, String)>,
    pub said: Option<String>,
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediumLine {
    /// Where it is served.
    pub href: String,
    pub path: String,
    pub kind: Kind,
    /// « Vidéo · 640 × 360 points · 2 min 05 s · 4,2 Mo »
    pub about: String,
    /// What names it, and where.
    pub used: Vec<(String, String)>,
    /// Where its captions are served.
    pub captions: Option<String>,
    /// Where its captions are written.
    pub edit: Option<String>,
    /// What names it in a chapter.
    pub written: String,
    pub revision: i64,
}

/// The page, without its shell. Sending POSTs `file` and `chapter` to the page's own address, taking away POSTs to
/// `…/medias/retirer`.
pub fn media_page(page: MediaPage) -> impl IntoView {
    let MediaPage { framed, files, chapters, request, unfinished, said, problem } = page;
    let base = format!("/studio/{}/medias", framed.course);
    let sending = Sending { course: framed.course.clone() };
    let count = counted(files.len() as u64, "fichier", "fichiers");
    let remove = format!("{base}/retirer");
    let lines = files.into_iter().map(|file| line(file, &remove, &request)).collect_view();
    let waiting = unfinished.into_iter().map(|(name, received, size)| {
        view! { <li>{name}"\u{a0}: "{received}" sur "{size}</li> }
    });
    let waiting: Vec<_> = waiting.collect();
    let waiting = (!waiting.is_empty()).then(|| {
        view! {
            <div class="notice">
                <p class="notice-title">"Envois à reprendre"</p>
                <p>"Choisissez de nouveau le même fichier\u{a0}: l’envoi reprend où il s’était arrêté. Sans suite, il est abandonné au bout d’un jour."</p>
                <ul>{waiting}</ul>
            </div>
        }
    });
    let form = send_form(base, request, chapters);
    frame(
        framed,
        rooted(move || {
            view! {
                <h2>"Images, sons et vidéos"</h2>
                {said.map(|said| view! { <p class="notice" role="status">{said}</p> })}
                {problem_box(problem)}
                <section aria-labelledby="ajouter">
                    <h3 id="ajouter">"Ajouter un fichier"</h3>
                    {waiting}
                    <SendingPlace sending=sending>{form}</SendingPlace>
                </section>
                <section aria-labelledby="fichiers">
                    <h3 id="fichiers">"Les fichiers du cours"</h3>
                    <p>{count}"."</p>
                    <ul class="media-list">{lines}</ul>
                </section>
            }
        }),
    )
}

fn send_form(action: String, request: String, chapters: Vec<(String, String)>) -> impl IntoView {
    let hint = "Images PNG, JPEG, WebP ou SVG, sons OGG ou MP3 et vidéos WebM ou MP4 de 20\u{a0}Mo au plus, sous-titres WebVTT. Les images sont allégées et débarrassées de leurs métadonnées.";
    view! {
        <form class="form" method="post" action=action enctype="multipart/form-data">
            <input type="hidden" name="request" value=request/>
            {select(("Où le ranger", "chapter", ""), Some("Pour tout le cours"), chapters, None)}
            <div class="field">
                <label for="file">"Fichier"</label>
                <p class="hint" id="aide-file">{hint}</p>
                <input
                    type="file"
                    id="file"
                    name="file"
                    required=true
                    accept=".png,.jpg,.jpeg,.webp,.svg,.ogg,.opus,.mp3,.webm,.mp4,.vtt"
                    aria-describedby="aide-file"
                />
            </div>
            <button type="submit" class="button">"Envoyer"</button>
        </form>
        <div class="sending" data-sending="" hidden=true>
            <label for="avancement">"Avancement de l’envoi"</label>
            <progress id="avancement" max="100" value="0"></progress>
            <p data-said=""></p>
            <button type="button" class="button is-quiet" data-stop="">"Abandonner l’envoi"</button>
        </div>
        <p role="status" data-told=""></p>
    }
}

fn line(file: MediumLine, remove: &str, request: &str) -> impl IntoView + use<> {
    let MediumLine { href, path, kind, about, used, captions, edit, written, revision } = file;
    let name = path.clone();
    let preview = match kind {
        Kind::Image | Kind::Drawing => view! { <img src=href.clone() alt="" loading="lazy"/> }.into_any(),
        Kind::Video => view! {
            <video controls=true preload="none" aria-label=path.clone()>
                <source src=href.clone()/>
                {captions.map(|src| view! { <track kind="captions" srclang="fr" label="Français" src=src/> })}
            </video>
        }
        .into_any(),
        Kind::Sound => {
            view! { <audio controls=true preload="none" src=href.clone() aria-label=path.clone()></audio> }.into_any()
        }
        Kind::Captions | Kind::Transcript | Kind::Other => ().into_any(),
    };
    let is_used = !used.is_empty();
    let places = used.into_iter().enumerate().map(|(place, (title, to))| {
        let comma = if place > 0 { ", " } else { "" };
        view! { {comma}<a href=to>{title}</a> }
    });
    let places = places.collect_view();
    let removal = (!is_used).then(|| {
        view! {
            <form method="post" action=remove.to_owned()>
                <input type="hidden" name="request" value=request.to_owned()/>
                <input type="hidden" name="path" value=path.clone()/>
                <input type="hidden" name="base" value=revision.to_string()/>
                <button type="submit" class="link-button">"Retirer"<span class="visually-hidden">"\u{a0}: "{path.clone()}</span></button>
            </form>
        }
    });
    let told =
        if is_used { view! { "Sert dans\u{a0}: "{places} }.into_any() } else { "Ne sert nulle part.".into_any() };
    let snippet = (!written.is_empty()).then(|| {
        view! {
            <details>
                <summary>"À écrire dans le chapitre"<span class="visually-hidden">"\u{a0}: "{path.clone()}</span></summary>
                <pre tabindex="0"><code>{written}</code></pre>
            </details>
        }
    });
    view! {
        <li>
            <div class="media-preview">{preview}</div>
            <div>
                <p><a href=href>{name}</a></p>
                <p class="hint">{about}</p>
                <p class="hint">{told}</p>
                {edit.map(|edit| view! { <p><a href=edit>"Sous-titres et transcription"<span class="visually-hidden">"\u{a0}: "{path.clone()}</span></a></p> })}
                {snippet}
                {removal}
            </div>
        </li>
    }
}
