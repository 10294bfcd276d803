//! The form that begins a course.

use crate::ui::{AreaField, TextField, problem_list};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewPage {
    pub typed: NewTyped,
    /// What is wrong, by field.
    pub problems: Vec<(&'static str, String)>,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewTyped {
    pub request: String,
    /// The slug of the course that is copied; empty for a new one.
    pub copied: String,
    pub title: String,
    pub slug: String,
    pub summary: String,
    /// A line each.
    pub objectives: String,
    pub licence: String,
}

/// The page, without its shell.
pub fn new_page(NewPage { typed, problems }: NewPage) -> impl IntoView {
    let NewTyped { request, copied, title, slug, summary, objectives, licence } = typed;
    let is_copy = !copied.is_empty();
    let slug = TextField {
        label: "Identifiant",
        name: "slug",
        value: slug,
        hint: Some("Dans l’adresse du cours, et pour toujours. Laissez vide\u{a0}: il sera tiré du titre.".to_owned()),
        autocomplete: "off",
        problem: problem_of(&problems, "slug"),
        optional: true,
        length: Some((1, 64)),
        ..TextField::default()
    };
    let list = problem_list(&problems);
    let fields = described(&problems, title, summary, objectives, licence);
    view! {
        <p class="overline"><a href="/studio">"Studio"</a></p>
        <h1>{if is_copy { "Copier un cours" } else { "Commencer un cours" }}</h1>
        {is_copy.then(|| view! {
            <p>"Tous les chapitres, questions et fichiers sont copiés. Les deux cours vivent ensuite chacun leur vie."</p>
        })}
        {list}
        <form class="form" method="post" action="/studio/nouveau">
            <input type="hidden" name="request" value=request/>
            <input type="hidden" name="copied" value=copied/>
            {fields}
            {slug.view()}
            <button type="submit" class="button">{if is_copy { "Copier le cours" } else { "Commencer le cours" }}</button>
        </form>
    }
}

fn problem_of(problems: &[(&'static str, String)], name: &str) -> Option<String> {
    problems.iter().find(|(field, _)| *field == name).map(|(_, said)| said.clone())
}

/// The fields of what a course says of itself.
pub(super) fn described(
    problems: &[(&'static str, String)],
    title: String,
    summary: String,
    objectives: String,
    licence: String,
) -> impl IntoView + use<> {
    let title = TextField {
        label: "Titre",
        name: "title",
        value: title,
        autocomplete: "off",
        problem: problem_of(problems, "title"),
        length: Some((1, 200)),
        ..TextField::default()
    };
    let summary = AreaField {
        label: "Résumé",
        name: "summary",
        value: summary,
        hint: Some("Une ou deux phrases\u{a0}: de quoi parle le cours.".to_owned()),
        problem: problem_of(problems, "summary"),
        rows: 3,
        most: 1000,
        ..AreaField::default()
    };
    let objectives = AreaField {
        label: "Objectifs",
        name: "objectives",
        value: objectives,
        hint: Some("Ce que l’agent saura faire, une ligne chacun.".to_owned()),
        problem: problem_of(problems, "objectives"),
        rows: 4,
        most: 4000,
        ..AreaField::default()
    };
    let licence = TextField {
        label: "Licence du contenu",
        name: "licence",
        value: licence,
        autocomplete: "off",
        problem: problem_of(problems, "licence"),
        length: Some((1, 100)),
        ..TextField::default()
    };
    view! { {title.view()}{summary.view()}{objectives.view()}{licence.view()} }
}
