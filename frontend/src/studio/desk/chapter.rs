//! The editor of a chapter as the server draws it: a form that works without script, and the place where the editor
//! wakes around it.

use super::talk::{Preview, Problem, Start};
use crate::app::fragment;
use crate::course::preview;
use crate::studio::{Framed, frame};
use crate::ui::rooted::rooted;
use domain::course::{Chapter, Term};
use domain::studio::written::Written;
use domain::text::escaped;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterPage {
    pub framed: Framed,
    /// The chapter as it is saved.
    pub start: Start,
    /// What the form shows, where that is not what is saved.
    pub typed: Option<Written>,
    /// Made with the form: sent twice, it saves once.
    pub request: String,
    pub preview: Preview,
    pub problem: Option<String>,
    /// Where somebody saved since: their text, then the one that was sent.
    pub other: Option<(String, String)>,
}

/// A chapter as agents would read it: its sections, drawn by what draws them for agents, and its words.
#[must_use]
pub fn drawn(chapter: Chapter, terms: Vec<Term>, media_base: &str) -> String {
    let media_base = media_base.to_owned();
    fragment(rooted(move || preview(chapter, terms, &media_base)))
}

/// The page, without its shell.
pub fn chapter_page(page: ChapterPage) -> impl IntoView {
    rooted(move || {
        let ChapterPage { framed, start, typed, request, preview, problem, other } = page;
        let here = format!("/studio/{}/chapitres/{}", start.course, start.chapter);
        let history = format!("/studio/{}/historique?fichier={}/chapter.md", start.course, start.chapter);
        let outline = format!("/studio/{}", start.course);
        let title = start.written.title.clone();
        let shown = typed.unwrap_or_else(|| start.written.clone());
        let fields = fields(shown, start.revision, request);
        let (words, other) = (problem.clone(), other.map(both));
        frame(
            framed,
            view! {
                <p class="overline"><a href=outline>"Plan du cours"</a></p>
                <h2>{title}</h2>
                {words.map(|said| view! { <div class="notice is-problem" role="alert"><p>{said}</p></div> })}
                <EditorPlace start=start>
                    <div class="editor">
                        <form id="ed-formulaire" method="post" action=here>
                            {fields}
                            <p class="editor-state">
                                <button type="submit" class="button">"Enregistrer"</button>
                                <span id="ed-etat" role="status"></span>
                            </p>
                            <p id="ed-ici" class="small" role="status"></p>
                        </form>
                        <section class="editor-seen" aria-labelledby="ed-apercu-titre">
                            <h3 id="ed-apercu-titre">"Ce que l’agent lira"</h3>
                            <div id="ed-problemes">{problems(&preview.problems)}</div>
                            <div id="ed-apercu" class="preview" tabindex="0" role="group" aria-labelledby="ed-apercu-titre" inner_html=preview.html></div>
                        </section>
                    </div>
                </EditorPlace>
                {other}
                <p class="small"><a href=history>"Historique de ce texte"</a></p>
            },
        )
    })
}

fn fields(written: Written, revision: i64, request: String) -> impl IntoView {
    let minutes = written.minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
    // The first line end of a textarea is none of its text.
    let area = |text: &str| format!("\n{}", escaped(text));
    view! {
        <input type="hidden" name="request" value=request/>
        <input type="hidden" name="base" value=revision/>
        <div class="field">
            <label for="ed-title">"Titre du chapitre"</label>
            <input type="text" id="ed-title" name="title" value=written.title maxlength="200" required autocomplete="off"/>
        </div>
        <div class="field">
            <label for="ed-summary">"Résumé"</label>
            <textarea id="ed-summary" name="summary" rows="2" maxlength="1000">{area(&written.summary)}</textarea>
        </div>
        <div class="field">
            <label for="ed-minutes">"Durée, en minutes"</label>
            <input type="number" id="ed-minutes" name="minutes" value=minutes min="1" max="240" required/>
        </div>
        <div class="field">
            <label for="ed-objectives">"Objectifs, une ligne chacun"</label>
            <textarea id="ed-objectives" name="objectives" rows="3" maxlength="4000">{area(&written.objectives.join("\n"))}</textarea>
        </div>
        <div class="field">
            <label for="ed-text">"Texte"</label>
            <details class="hint">
                <summary>"Comment s’écrit un texte"</summary>
                <ul>
                    <li><code>"## Titre {#ancre}"</code>" commence une section."</li>
                    <li><code>"**gras**"</code>", "<code>"*italique*"</code>", "<code>"- liste"</code>", "<code>"[mots](https://…)"</code></li>
                    <li><code>"> [!TIP]"</code>" puis "<code>"> texte"</code>" pour une astuce (NOTE, IMPORTANT, WARNING, CAUTION aussi)."</li>
                    <li><code>":::cas Titre"</code>", "<code>":::choix Ce que fait l’agent"</code>", "<code>":::"</code>" pour un cas pratique."</li>
                    <li><code>"[mot](glossaire:cle)"</code>", "<code>"![description](media/image.svg)"</code></li>
                </ul>
            </details>
            <div id="ed-outils"></div>
            <textarea id="ed-text" name="text" rows="24" spellcheck="true">{area(&written.text)}</textarea>
        </div>
    }
}

/// What is to be mended, without script: the line is told.
fn problems(problems: &[Problem]) -> impl IntoView + use<> {
    let line = |Problem { line, said }: &Problem| {
        let place = if *line == 0 { "En-tête".to_owned() } else { format!("Ligne {line}") };
        view! { <li>{place}"\u{a0}: "{said.clone()}</li> }
    };
    let lines = problems.iter().map(line).collect_view();
    (!problems.is_empty()).then(|| view! { <ul class="problems">{lines}</ul> })
}

/// Both texts, where somebody saved since.
fn both((theirs, mine): (String, String)) -> impl IntoView {
    let text = |id: &'static str, label: &'static str, text: String| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <textarea id=id rows="12" readonly>{format!("\n{}", escaped(&text))}</textarea>
            </div>
        }
    };
    view! {
        <h3>"Les deux textes, à part"</h3>
        <div class="two-texts">
            {text("texte-enregistre", "Celui qui est enregistré", theirs)}
            {text("texte-envoye", "Celui que vous venez d’envoyer", mine)}
        </div>
    }
}

/// The place where the editor wakes: what the server drew stays, and gains its tools.
#[island]
pub fn EditorPlace(start: Start, children: Children) -> impl IntoView {
    // Read by the editor from the island's properties.
    drop(start);
    view! { <div class="editor-place">{children()}</div> }
}
