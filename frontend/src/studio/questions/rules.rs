//! The rules of a quiz.

use crate::studio::field::{Field, Input, problem_of, select};
use crate::studio::{Framed, frame};
use crate::ui::problem_list;
use domain::studio::quiz_file::Rules;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesPage {
    pub framed: Framed,
    pub href: String,
    pub anchor: String,
    /// Of the quiz.
    pub title: String,
    pub rules: Rules,
    pub base: String,
    pub request: String,
    pub problems: Vec<(String, String)>,
    pub conflict: Option<&'static str>,
}

/// The page, without its shell. The form POSTs to the page's own address.
pub fn rules_page(page: RulesPage) -> impl IntoView {
    let RulesPage { framed, href, anchor, title, rules, base, request, problems, conflict } = page;
    let list = format!("/studio/{}/questions#{anchor}", framed.course);
    let fields =
        rules.into_iter().map(|(name, value)| field(&name, value, problem_of(&problems, &name))).collect_view();
    frame(
        framed,
        view! {
            <p class="overline"><a href=list>"Questions"</a></p>
            <h2>{title}</h2>
            {conflict.map(|said| view! { <p class="notice is-problem" role="alert">{said}</p> })}
            {problem_list(&problems)}
            <form class="form" method="post" action=href autocomplete="off">
                <input type="hidden" name="base" value=base/>
                <input type="hidden" name="request" value=request/>
                {fields}
                <button type="submit" class="button">"Enregistrer les règles"</button>
            </form>
        },
    )
}

fn field(name: &str, value: String, problem: Option<String>) -> AnyView {
    let option = |key: &str, label: &str| (key.to_owned(), label.to_owned());
    let (label, hint, input) = match name {
        "counts" => {
            let options = vec![option("best", "Le meilleur essai"), option("last", "Le dernier essai")];
            return select(("Résultat retenu", "counts", &value), None, options, problem);
        }
        "shuffle" => {
            let options = vec![option("true", "Différent à chaque essai"), option("false", "Toujours celui du quiz")];
            return select(("Ordre des questions", "shuffle", &value), None, options, problem);
        }
        "title" => (
            "Titre",
            Some("Vide pour le quiz d’un chapitre\u{a0}: «\u{a0}Quiz\u{a0}» et le titre du chapitre."),
            Input::Line,
        ),
        "summary" => ("Présentation", Some("Une ou deux phrases, lues avant de commencer."), Input::Lines(3)),
        "minutes" => ("Durée, en minutes", Some("De 1 à 240."), Input::Number),
        "pass" => ("Seuil de réussite, en pourcentage des points", Some("De 1 à 100."), Input::Number),
        "attempts" => ("Essais", Some("Vide\u{a0}: autant que l’on veut."), Input::Number),
        "attempts_per_day" => ("Essais par jour", Some("Vide\u{a0}: autant que l’on veut."), Input::Number),
        "draw" => ("Questions tirées au sort", Some("Vide\u{a0}: toutes les questions."), Input::Number),
        "time_limit" => ("Durée d’un essai, en minutes", Some("Vide\u{a0}: sans limite."), Input::Number),
        "opens" => ("Ouverture", Some("Heure de Paris. Vide\u{a0}: toujours ouvert."), Input::Moment),
        "closes" => ("Fermeture", Some("Heure de Paris. Vide\u{a0}: ne ferme pas."), Input::Moment),
        "exempts_at" => (
            "Seuil de dispense, en pourcentage des points",
            Some("Qui l’atteint aux questions de ce chapitre en est dispensé. Vide\u{a0}: personne."),
            Input::Number,
        ),
        _ => return ().into_any(),
    };
    Field { label: label.to_owned(), name: name.to_owned(), value, hint, problem, input, focus: false }.view()
}
