//! The cohorts of a course.

use crate::follow_up::Courses;
use crate::ui::{Choice, SelectField, TextField, around, scrolling};
use domain::cohort::Stage;
use domain::text::{counted, integer};
use leptos::prelude::*;

/// What was asked of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub query: String,
    /// A stage as addresses spell it, or nothing.
    pub stage: String,
    /// `fin`, `debut`, `nom` or `retard`.
    pub order: String,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    pub courses: Courses,
    pub asked: Asked,
    pub rows: Vec<Listed>,
    /// Cohorts that answer, on all pages.
    pub total: u64,
    /// Where the pages around this one are.
    pub before: Option<String>,
    pub after: Option<String>,
    pub may_plan: bool,
    /// Whether the figures are those of this reader's own agents.
    pub is_partial: bool,
}

/// A cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub href: String,
    pub name: String,
    /// « du 3 décembre 2026 au 28 février 2027 »
    pub days: String,
    pub trainers: String,
    pub stage: Stage,
    pub members: u64,
    pub done: u64,
    pub late: u64,
}

/// The page, without its shell. Sends `q`, `etat`, `tri` and `cours` to `/cohortes`.
pub fn list_page(page: List) -> impl IntoView {
    let List { courses, asked, rows, total, before, after, may_plan, is_partial } = page;
    let is_all = asked == Asked { order: asked.order.clone(), ..Asked::default() };
    let said = match (total, is_all) {
        (0, true) if may_plan => {
            "Aucune cohorte n’est encore créée. Créez-en une pour faire suivre le cours à un groupe, entre deux dates."
                .to_owned()
        }
        (0, true) => "Aucun de vos agents n’est dans une cohorte.".to_owned(),
        (0, false) => "Aucune cohorte ne répond à cette recherche.".to_owned(),
        _ => counted(total, "cohorte", "cohortes"),
    };
    let new = may_plan.then(|| {
        view! { <ul class="actions"><li><a class="button" href="/cohortes/nouvelle">"Créer une cohorte"</a></li></ul> }
    });
    let filter = (total > 0 || !is_all).then(|| filter(asked, &courses));
    view! {
        <p class="overline"><a href="/suivi">"Suivi"</a></p>
        <h1>"Cohortes"</h1>
        <p class="lead">{courses.shown.1}</p>
        {new}
        {filter}
        <p role="status">{said}</p>
        {(!rows.is_empty()).then(|| scrolling("cohortes", table(rows)))}
        {around(before, after)}
        {is_partial.then(|| view! { <p class="small">"Les chiffres sont ceux de vos agents\u{a0}; d’autres peuvent être dans la même cohorte."</p> })}
    }
}

fn filter(asked: Asked, courses: &Courses) -> impl IntoView + use<> {
    let Asked { query, stage, order } = asked;
    let query = TextField {
        label: "Nom de la cohorte",
        name: "q",
        kind: "search",
        value: query,
        autocomplete: "off",
        optional: true,
        length: Some((0, 100)),
        ..TextField::default()
    };
    let stage = SelectField {
        label: "État",
        name: "etat",
        value: stage,
        none: Some("Toutes"),
        groups: vec![("", Stage::ALL.map(|stage| Choice::new(stage.as_str(), stage.name())).to_vec())],
        ..SelectField::default()
    };
    let orders = [
        ("fin", "de la fin, les dernières d’abord"),
        ("debut", "du début, les premières d’abord"),
        ("nom", "du nom"),
        ("retard", "du retard, les plus en retard d’abord"),
    ];
    let order = SelectField {
        label: "Dans l’ordre",
        name: "tri",
        value: order,
        groups: vec![("", orders.map(|(value, said)| Choice::new(value, said)).to_vec())],
        ..SelectField::default()
    };
    let course =
        (courses.all.len() > 1).then(|| view! { <input type="hidden" name="cours" value=courses.shown.0.clone()/> });
    view! {
        <form class="filter filter-many" method="get" action="/cohortes">
            {course}{query.view()}{stage.view()}{order.view()}
            <p class="actions"><button type="submit" class="button is-quiet">"Filtrer"</button><a href="/cohortes">"Tout afficher"</a></p>
        </form>
    }
}

fn table(rows: Vec<Listed>) -> impl IntoView {
    let row = |Listed { href, name, days, trainers, stage, members, done, late }: Listed| {
        let late = if late > 0 {
            view! { <strong class="is-late">{integer(late)}</strong> }.into_any()
        } else {
            "0".into_any()
        };
        let narrow = format!(
            "{}, {days}. {}\u{a0}; terminé\u{a0}: {done}.",
            stage.name(),
            counted(members, "membre", "membres")
        );
        view! {
            <tr>
                <th scope="row"><a href=href>{name}</a><span class="narrow-only">{narrow}</span></th>
                <td class="wide-only">{days}</td>
                <td class="wide-only">{trainers}</td>
                <td class="wide-only">{stage.name()}</td>
                <td class="align-right wide-only">{integer(members)}</td>
                <td class="align-right wide-only">{integer(done)}</td>
                <td class="align-right">{late}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="cohortes" class="visually-hidden">"Cohortes\u{a0}: dates, état et avancement de leurs membres"</caption>
            <thead>
                <tr>
                    <th scope="col">"Cohorte"</th>
                    <th scope="col" class="wide-only">"Dates"</th>
                    <th scope="col" class="wide-only">"Suivie par"</th>
                    <th scope="col" class="wide-only">"État"</th>
                    <th scope="col" class="align-right wide-only">"Membres"</th>
                    <th scope="col" class="align-right wide-only">"Terminé"</th>
                    <th scope="col" class="align-right">"En retard"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
