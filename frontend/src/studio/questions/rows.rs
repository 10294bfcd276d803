//! The rows of a question's form: choices, pairs, items, gaps.

use super::editor::Form;
use crate::studio::field::{Field, Input};
use crate::ui::told;
use domain::studio::question::{Act, Rows, Type, row_field};
use leptos::prelude::*;

/// What a row is called, and the button that adds one.
fn words(rows: Rows) -> (&'static str, &'static str, &'static str) {
    match rows {
        Rows::Choice => ("Choix", "Les choix", "Ajouter un choix"),
        Rows::Pair => ("Paire", "Les paires", "Ajouter une paire"),
        Rows::Item => ("Élément", "Les éléments, dans le bon ordre", "Ajouter un élément"),
        Rows::Gap => ("Trou", "Les trous", "Ajouter un trou"),
    }
}

/// All the rows, and the button that adds one.
pub(super) fn rows(form: &Form<'_>, rows: Rows) -> impl IntoView + use<> {
    let (one, all, add) = words(rows);
    let group = rows.key();
    let problem = form.problem(group);
    let describedby = problem.is_some().then(|| format!("erreur-{group}"));
    let count = form.typed.rows;
    let shown = (0..count).map(|row| row_view(form, rows, row, one)).collect_view();
    view! {
        <fieldset class="question-rows" id=group aria-describedby=describedby tabindex="-1">
            <legend>{all}</legend>
            {told(group, problem)}
            {shown}
            {(count < rows.most()).then(|| view! {
                <button type="submit" class="button is-quiet" name="do" value=Act::Add.to_string()>{add}</button>
            })}
        </fieldset>
    }
}

fn row_view(form: &Form<'_>, rows: Rows, row: usize, one: &'static str) -> impl IntoView + use<> {
    let number = row + 1;
    let field = |field: &str, label: &str, hint: Option<&'static str>, input: Input| {
        let name = row_field(rows, row, field);
        let value = form.typed.text(&name).to_owned();
        let (problem, focus) = (form.problem(&name), form.focuses(&name));
        Field { label: label.to_owned(), name, value, hint, problem, input, focus }.view()
    };
    let fields = match rows {
        Rows::Choice => view! {
            {right(form, row)}
            {field("text", "Texte du choix", None, Input::Lines(2))}
            {field("feedback", "Explication", Some("Montrée après la réponse, à côté de ce choix."), Input::Lines(2))}
        }
        .into_any(),
        Rows::Pair => view! {
            {field("left", "Côté gauche", None, Input::Line)}
            {field("right", "Côté droit", None, Input::Line)}
        }
        .into_any(),
        Rows::Item => field("text", "Texte", None, Input::Line),
        Rows::Gap => view! {
            {field("key", "Nom du trou", Some("Celui qui est entre accolades dans le texte."), Input::Line)}
            {field("accepted", "Réponses acceptées", Some("Une par ligne."), Input::Lines(2))}
            {field("options", "Propositions", Some("Une par ligne. Sans proposition, l’agent écrit la réponse."), Input::Lines(2))}
        }
        .into_any(),
    };
    let button = |act: Act, label: &'static str, shown: bool| {
        shown.then(|| {
            view! {
                <button type="submit" class="link-button" name="do" value=act.to_string()>
                    {label}
                    <span class="visually-hidden">"\u{a0}: "{one}" "{number}</span>
                </button>
            }
        })
    };
    let last = form.typed.rows - 1;
    view! {
        <fieldset class="question-row">
            <legend>{one}" "{number}</legend>
            {fields}
            <p class="studio-buttons">
                {button(Act::Up(row), "Monter", row > 0)}
                {button(Act::Down(row), "Descendre", row < last)}
                {button(Act::Drop(row), "Retirer", last > 0)}
            </p>
        </fieldset>
    }
}

/// Whether a choice is right: one of them, or each by itself.
fn right(form: &Form<'_>, row: usize) -> impl IntoView + use<> {
    let id = row_field(Rows::Choice, row, "right");
    let (kind, name, value) = match form.typed.kind {
        Type::Single => ("radio", "right".to_owned(), row.to_string()),
        _ => ("checkbox", id.clone(), "true".to_owned()),
    };
    let checked = form.typed.is_right(row);
    view! {
        <p class="check">
            <input type=kind id=id.clone() name=name value=value checked=checked/>
            <label for=id>"Bonne réponse"</label>
        </p>
    }
}
