//! What a course says of itself, and who writes it.

use super::new::described;
use crate::studio::{Framed, frame};
use crate::ui::{TextField, problem_list};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsPage {
    pub framed: Framed,
    pub typed: SettingsTyped,
    /// What is wrong, by field.
    pub problems: Vec<(&'static str, String)>,
    /// Those who write it beside its trainers.
    pub authors: Vec<AuthorLine>,
    /// The address typed to add one, and what is wrong with it.
    pub address: String,
    pub unknown: Option<String>,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingsTyped {
    pub request: String,
    /// The revision that it was made from.
    pub base: i64,
    pub title: String,
    pub summary: String,
    pub objectives: String,
    pub licence: String,
}

/// Somebody who writes the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorLine {
    pub person: i64,
    pub name: String,
}

/// The page, without its shell.
pub fn settings_page(page: SettingsPage) -> impl IntoView {
    let SettingsPage { framed, typed, problems, authors, address, unknown } = page;
    let SettingsTyped { request, base, title, summary, objectives, licence } = typed;
    let here = format!("/studio/{}", framed.course);
    let list = problem_list(&problems);
    let fields = described(&problems, title, summary, objectives, licence);
    let authors = authors_section(&here, framed.publishes, authors, address, unknown);
    let action = format!("{here}/reglages");
    frame(
        framed,
        view! {
            <h2>"Réglages du cours"</h2>
            {list}
            <form class="form" method="post" action=action>
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="base" value=base/>
                {fields}
                <button type="submit" class="button">"Enregistrer les réglages"</button>
            </form>
            {authors}
        },
    )
}

fn authors_section(
    here: &str,
    publishes: bool,
    authors: Vec<AuthorLine>,
    address: String,
    unknown: Option<String>,
) -> impl IntoView + use<> {
    let action = format!("{here}/auteurs");
    let to = action.clone();
    let line = move |AuthorLine { person, name }: AuthorLine| {
        let remove = publishes.then(|| {
            view! {
                <form method="post" action=to.clone()>
                    <input type="hidden" name="remove" value=person/>
                    <button type="submit" class="link-button">"Retirer"<span class="visually-hidden">" "{name.clone()}</span></button>
                </form>
            }
        });
        view! { <li><span>{name}</span>{remove}</li> }
    };
    let none = authors.is_empty();
    let lines = authors.into_iter().map(line).collect_view();
    let field = TextField {
        label: "Adresse de la personne à ajouter",
        name: "address",
        kind: "email",
        value: address,
        hint: Some("Elle doit avoir un compte. Un courriel la prévient.".to_owned()),
        autocomplete: "off",
        problem: unknown,
        ..TextField::default()
    };
    view! {
        <section id="auteurs" aria-labelledby="auteurs-titre">
            <h2 id="auteurs-titre">"Qui écrit ce cours"</h2>
            <p>
                "Ses formateurs et formatrices, qui le publient aussi. Et, sans le publier\u{a0}:"
            </p>
            {if none {
                view! { <p>"Personne d’autre pour l’instant."</p> }.into_any()
            } else {
                view! { <ul class="author-lines">{lines}</ul> }.into_any()
            }}
            {publishes.then(|| view! {
                <form class="form" method="post" action=action>
                    {field.view()}
                    <button type="submit" class="button is-quiet">"Ajouter"</button>
                </form>
            })}
        </section>
    }
}
