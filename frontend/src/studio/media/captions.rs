//! The captions of a sound or a video, beside its player.

use super::place::CaptionsPlace;
use crate::studio::{Framed, frame};
use crate::ui::rooted::rooted;
use domain::text::{counted, escaped};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptionsPage {
    pub framed: Framed,
    pub href: String,
    /// Its path in the draft.
    pub medium: String,
    /// Where it is served.
    pub source: String,
    pub is_video: bool,
    /// Where its captions are served, once saved.
    pub captions: Option<String>,
    pub text: String,
    pub base: String,
    pub request: String,
    /// Lines, and what is wrong there.
    pub problems: Vec<(u32, String)>,
    pub said: Option<&'static str>,
    /// What somebody else saved meanwhile.
    pub theirs: Option<String>,
}

/// The page, without its shell. The form POSTs to the page's own address, with `do`.
pub fn captions_page(page: CaptionsPage) -> impl IntoView {
    let CaptionsPage { framed, href, medium, source, is_video, captions, text, base, request, problems, said, theirs } =
        page;
    let back = format!("/studio/{}/medias", framed.course);
    let track =
        captions.map(|src| view! { <track kind="captions" srclang="fr" label="Français" src=src default=true/> });
    let player = if is_video {
        view! { <video controls=true preload="metadata" aria-label="La vidéo" src=source>{track}</video> }.into_any()
    } else {
        view! { <audio controls=true preload="metadata" aria-label="Le son" src=source>{track}</audio> }.into_any()
    };
    let count = counted(problems.len() as u64, "point à corriger", "points à corriger");
    let is_wrong = !problems.is_empty();
    let lines =
        problems.into_iter().map(|(line, said)| view! { <li>"Ligne "{line}"\u{a0}: "{said}</li> }).collect_view();
    let wrong = is_wrong.then(|| {
        view! {
            <div class="notice is-problem" role="alert" id="erreur-text">
                <p class="notice-title">{count}</p>
                <ul>{lines}</ul>
            </div>
        }
    });
    let other = theirs.map(|theirs| {
        view! {
            <div class="notice is-problem" role="alert">
                <p class="notice-title">"Ces sous-titres ont changé pendant que vous les écriviez"</p>
                <p>"Voici les leurs. Enregistrez de nouveau pour garder les vôtres\u{a0}; l’historique garde les deux."</p>
                <label for="theirs">"Les leurs"</label>
                <textarea id="theirs" rows="10" readonly=true>{escaped(&theirs)}</textarea>
            </div>
        }
    });
    let describedby = if is_wrong { "aide-text erreur-text" } else { "aide-text" };
    frame(
        framed,
        rooted(move || {
            view! {
                <p class="overline"><a href=back>"Images, sons et vidéos"</a></p>
                <h2>"Sous-titres de "{medium}</h2>
                {said.map(|said| view! { <p class="notice" role="status">{said}</p> })}
                {wrong}
                {other}
                <CaptionsPlace>
                    <div class="captions-player">{player}</div>
                    <form class="form" method="post" action=href>
                        <input type="hidden" name="request" value=request/>
                        <input type="hidden" name="base" value=base/>
                        <div class="field">
                            <label for="text">"Sous-titres (WebVTT)"</label>
                            <p class="hint" id="aide-text">
                                "Une ligne de temps, puis ce qui est dit, puis une ligne vide. Dites aussi les sons qui comptent, entre crochets."
                            </p>
                            <p class="captions-time" hidden=true data-time="">
                                <button type="button" class="button is-quiet" data-insert="">"Insérer l’instant du lecteur"</button>
                                " "
                                <button type="button" class="button is-quiet" data-cue="">"Commencer un sous-titre ici"</button>
                            </p>
                            <textarea
                                id="text"
                                name="text"
                                rows="20"
                                spellcheck="true"
                                aria-invalid=is_wrong.then_some("true")
                                aria-describedby=describedby
                            >
                                {escaped(&text)}
                            </textarea>
                        </div>
                        <div class="actions">
                            <button type="submit" class="button" name="do" value="save">"Enregistrer les sous-titres"</button>
                            <button type="submit" class="button is-quiet" name="do" value="transcript">
                                "Enregistrer et en faire une transcription"
                            </button>
                        </div>
                    </form>
                </CaptionsPlace>
            }
        }),
    )
}
