//! Where somebody works, on their account's page.

use crate::ui::{Choice, SelectField, TextField, problem_list};
use domain::posting::{REASON, State};
use domain::text::day_long;
use jiff::civil::Date;
use leptos::prelude::*;

/// What is known, and the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Posted {
    /// The maison of today.
    pub now: String,
    /// The latest first.
    pub periods: Vec<Period>,
    pub typed: Typed,
    /// Number and name.
    pub maisons: Vec<(i64, String)>,
}

/// From a day to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    pub from: Date,
    /// None: it goes on.
    pub until: Option<Date>,
    pub said: String,
    pub reason: String,
    pub by: String,
}

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Made with the form, so that sending it twice enters it once.
    pub id: String,
    pub from: String,
    pub state: String,
    pub maison: String,
    pub reason: String,
    /// The field at fault, and what to do.
    pub problem: Option<(&'static str, String)>,
}

/// The section of the page. Sends `affectation`, `depuis`, `situation`, `maison` and `motif`.
pub(super) fn posting_section(href: &str, posted: Posted) -> impl IntoView + use<> {
    let Posted { now, periods, typed, maisons } = posted;
    let Typed { id, from, state, maison, reason, problem } = typed;
    let told = |field: &str| problem.as_ref().filter(|(wrong, _)| *wrong == field).map(|(_, said)| said.clone());
    let states = State::ALL.map(|state| {
        Choice::new(
            state.as_str(),
            match state {
                State::Present => "En poste",
                State::OnLeave => "En congé, et reviendra",
                State::Left => "Parti de la maison",
            },
        )
    });
    let maisons = maisons.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    let from = TextField {
        label: "À partir du",
        name: "depuis",
        kind: "date",
        value: from,
        hint: Some("Un jour à venir compte à partir de ce jour.".to_owned()),
        problem: told("depuis"),
        autocomplete: "off",
        ..TextField::default()
    };
    let state = SelectField {
        label: "Situation",
        name: "situation",
        value: state,
        groups: vec![("", states.to_vec())],
        problem: told("situation"),
        ..SelectField::default()
    };
    let maison = SelectField {
        label: "Maison",
        name: "maison",
        value: maison,
        none: Some("Aucune maison"),
        groups: vec![("", maisons)],
        problem: told("maison"),
        ..SelectField::default()
    };
    let reason = TextField {
        label: "Motif (facultatif)",
        name: "motif",
        value: reason,
        problem: told("motif"),
        autocomplete: "off",
        optional: true,
        length: Some((0, u32::try_from(REASON).unwrap_or(u32::MAX))),
        ..TextField::default()
    };
    let line = |Period { from, until, said, reason, by }: Period| {
        let days = match until {
            Some(until) => format!("du {} au {}", day_long(from), day_long(until)),
            None => format!("depuis le {}", day_long(from)),
        };
        let reason = if reason.is_empty() { String::new() } else { format!(". {reason}") };
        view! { <li>{said}", "{days}{reason}" (inscrit par "{by}")"</li> }
    };
    let history = (!periods.is_empty()).then(|| view! { <ul>{periods.into_iter().map(line).collect_view()}</ul> });
    view! {
        <section aria-labelledby="affectation">
            <h2 id="affectation">"Lieu de travail"</h2>
            <p>"Aujourd’hui\u{a0}: "{now}"."</p>
            {history}
            {problem_list(problem.as_slice())}
            <p>"Son dossier le suit d’une maison à l’autre. En congé ou parti, l’agent n’est plus compté en retard ni relancé\u{a0}; à son retour, le suivi reprend. Un certificat garde la maison du jour où il a été délivré."</p>
            <form class="form" method="post" action=format!("{href}/affectation")>
                <input type="hidden" name="affectation" value=id/>
                {from.view()}
                {state.view()}
                {maison.view()}
                {reason.view()}
                <button type="submit" class="button is-quiet">"Enregistrer"</button>
            </form>
        </section>
    }
}
