//! The words of a course.

use crate::studio::{Framed, frame};
use domain::text::escaped;
use leptos::prelude::*;

/// Lines for new terms.
const NEW: usize = 3;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlossaryPage {
    pub framed: Framed,
    pub request: String,
    /// The revision that it was made from; 0 where there is no glossary yet.
    pub base: i64,
    pub lines: Vec<TermLine>,
    pub problem: Option<String>,
}

/// A term, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermLine {
    /// What links name it by; empty for a new one.
    pub key: String,
    pub term: String,
    pub definition: String,
    pub problem: Option<String>,
}

/// The page, without its shell. POSTs `term-N`, `definition-N` and `key-N` of each line; what is emptied goes.
pub fn glossary_page(GlossaryPage { framed, request, base, lines, problem }: GlossaryPage) -> impl IntoView {
    let action = format!("/studio/{}/glossaire", framed.course);
    let none = lines.is_empty();
    let new = std::iter::repeat_n(TermLine::default(), NEW);
    let fields = lines.into_iter().chain(new).zip(1..).map(line).collect_view();
    frame(
        framed,
        view! {
            <h2>"Glossaire"</h2>
            <p>"Les mots que les chapitres expliquent\u{a0}: dans un texte, « Terme du glossaire » en fait un lien."</p>
            {problem.map(|said| view! { <div class="notice is-problem" role="alert"><p>{said}</p></div> })}
            {none.then(|| view! { <p>"Ce cours n’a pas encore de glossaire. Écrivez le premier terme."</p> })}
            <form method="post" action=action>
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="base" value=base/>
                {fields}
                <p class="hint">"Pour retirer un terme, videz ses deux champs. Pour en ajouter d’autres, enregistrez\u{a0}: des lignes vides reviennent."</p>
                <button type="submit" class="button">"Enregistrer le glossaire"</button>
            </form>
        },
    )
}

fn line((TermLine { key, term, definition, problem }, number): (TermLine, usize)) -> impl IntoView {
    let legend = if key.is_empty() { "Nouveau terme".to_owned() } else { term.clone() };
    let invalid = problem.is_some().then_some("true");
    let described = problem.is_some().then(|| format!("erreur-{number}"));
    let told = problem.map(|said| view! { <p class="field-problem" id=format!("erreur-{number}")>{said}</p> });
    view! {
        <fieldset class="group term">
            <legend>{legend}</legend>
            {told}
            <input type="hidden" name=format!("key-{number}") value=key/>
            <div class="field">
                <label for=format!("term-{number}")>"Terme"</label>
                <input type="text" id=format!("term-{number}") name=format!("term-{number}") value=term maxlength="100"
                    autocomplete="off" aria-invalid=invalid aria-describedby=described.clone()/>
            </div>
            <div class="field">
                <label for=format!("definition-{number}")>"Définition"</label>
                <textarea id=format!("definition-{number}") name=format!("definition-{number}") rows="2" maxlength="1000"
                    aria-invalid=invalid aria-describedby=described>{escaped(&definition)}</textarea>
            </div>
        </fieldset>
    }
}
