//! The list of agents.

use super::figures::Courses;
use crate::ui::{Choice, SelectField, TextField, around, day, scrolling};
use domain::follow_up::State;
use domain::text::{counted, duration};
use jiff::Timestamp;
use leptos::prelude::*;

/// What was asked of the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    pub query: String,
    /// Code of a département, or nothing.
    pub departement: String,
    /// Identifier of a maison, or nothing.
    pub maison: String,
    /// Identifier of a cohort, `aucune`, or nothing.
    pub cohort: String,
    /// `pas-commence`, `en-cours`, `termine`, `en-retard`, or nothing.
    pub state: String,
    /// `nom`, `avancement`, `recent` or `ancien`.
    pub order: String,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agents {
    pub asked: Asked,
    pub courses: Courses,
    /// Code and name of those that can be asked for; none where there is no choice.
    pub departements: Vec<(String, String)>,
    /// Identifier and name of those that can be asked for.
    pub cohorts: Vec<(String, String)>,
    /// The maison that the list keeps to, where it does.
    pub maison: Option<String>,
    pub rows: Vec<AgentRow>,
    /// Agents that answer, on all pages.
    pub total: u64,
    /// Where the pages around this one begin.
    pub before: Option<String>,
    pub after: Option<String>,
    pub csv: String,
    pub xlsx: String,
    /// Where those of the list who are late are reminded.
    pub reminders: Option<String>,
    /// Whether only those who have begun are listed.
    pub takers_only: bool,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Their record.
    pub href: String,
    pub name: String,
    pub maison: Option<String>,
    pub departement: Option<String>,
    pub state: State,
    pub is_late: bool,
    /// Chapters acquired.
    pub done: u32,
    /// Chapters there are.
    pub of: u32,
    /// Minutes at a distance acquired.
    pub minutes: u32,
    /// Minutes at a distance in webinars.
    pub minutes_live: u32,
    /// When something was last earned.
    pub last: Option<Timestamp>,
}

/// The page, without its shell. Sends `q`, `departement`, `maison`, `etat`, `tri` and `cours` to `/suivi/agents`.
pub fn agents_page(page: Agents) -> impl IntoView {
    let Agents { asked, courses, departements, cohorts, maison, rows, total, before, after, csv, xlsx, .. } = page;
    let (reminders, takers_only) = (page.reminders, page.takers_only);
    let is_all = asked == Asked { order: asked.order.clone(), ..Asked::default() };
    let said = match (total, is_all) {
        (0, true) if takers_only => {
            "Aucun agent n’a encore commencé\u{a0}: chacun apparaît ici dès son premier chapitre lu ou quiz rendu, ou dès qu’il est dans une cohorte."
                .to_owned()
        }
        (0, true) => "Aucun agent n’est encore inscrit.".to_owned(),
        (0, false) => "Aucun agent ne répond à cette recherche.".to_owned(),
        _ => counted(total, "agent", "agents"),
    };
    let empty = rows.is_empty();
    view! {
        <p class="overline"><a href="/suivi">"Suivi"</a></p>
        <h1>"Agents"</h1>
        <p class="lead">{courses.shown.1.clone()}</p>
        {maison.map(|maison| view! { <p>"Maison\u{a0}: "<strong>{maison}</strong></p> })}
        {filter(asked, &courses, departements, cohorts)}
        <p role="status">{said}</p>
        {(!empty).then(|| scrolling("agents", table(rows)))}
        {around(before, after)}
        {(!empty).then(|| view! {
            <p class="small no-print">"Emporter cette liste\u{a0}: "<a href=csv>"CSV"</a>" · "<a href=xlsx>"tableur (XLSX)"</a>{reminders.map(|href| view! { " · "<a href=href>"Relancer les agents en retard de cette liste"</a> })}</p>
        })}
    }
}

fn filter(
    asked: Asked,
    courses: &Courses,
    departements: Vec<(String, String)>,
    cohorts: Vec<(String, String)>,
) -> impl IntoView + use<> {
    let Asked { query, departement, maison, cohort, state, order } = asked;
    let choices =
        |all: &[(&'static str, &'static str)]| all.iter().map(|(value, said)| Choice::new(*value, *said)).collect();
    let query = TextField {
        label: "Nom de l’agent, maison ou commune",
        name: "q",
        kind: "search",
        value: query,
        autocomplete: "off",
        optional: true,
        length: Some((0, 100)),
        ..TextField::default()
    };
    let departement = (departements.len() > 1).then(|| {
        let choices =
            departements.into_iter().map(|(code, name)| Choice::new(code.clone(), format!("{code} – {name}")));
        let field = SelectField {
            label: "Département",
            name: "departement",
            value: departement,
            none: Some("Tous"),
            groups: vec![("", choices.collect())],
            ..SelectField::default()
        };
        field.view()
    });
    let cohort = (!cohorts.is_empty()).then(|| {
        let cohorts = cohorts.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
        let field = SelectField {
            label: "Cohorte",
            name: "cohorte",
            value: cohort,
            none: Some("Toutes"),
            groups: vec![("", vec![Choice::new("aucune", "Aucune cohorte")]), ("Une cohorte", cohorts)],
            ..SelectField::default()
        };
        field.view()
    });
    let state = SelectField {
        label: "Avancement",
        name: "etat",
        value: state,
        none: Some("Tous"),
        groups: vec![(
            "",
            choices(&[
                ("en-retard", "En retard"),
                ("pas-commence", "Pas commencé"),
                ("en-cours", "En cours"),
                ("termine", "Terminé"),
            ]),
        )],
        ..SelectField::default()
    };
    let order = SelectField {
        label: "Dans l’ordre",
        name: "tri",
        value: order,
        groups: vec![(
            "",
            choices(&[
                ("nom", "du nom"),
                ("avancement", "de l’avancement, les plus avancés d’abord"),
                ("recent", "du dernier résultat, les plus récents d’abord"),
                ("ancien", "de l’inscription, les plus anciens d’abord"),
            ]),
        )],
        ..SelectField::default()
    };
    let course =
        (courses.all.len() > 1).then(|| view! { <input type="hidden" name="cours" value=courses.shown.0.clone()/> });
    let maison = (!maison.is_empty()).then(|| view! { <input type="hidden" name="maison" value=maison/> });
    view! {
        <form class="filter filter-many" method="get" action="/suivi/agents">
            {course}{maison}
            {query.view()}{departement}{cohort}{state.view()}{order.view()}
            <p class="actions"><button type="submit" class="button is-quiet">"Filtrer"</button><a href="/suivi/agents">"Tout afficher"</a></p>
        </form>
    }
}

fn table(rows: Vec<AgentRow>) -> impl IntoView {
    view! {
        <table>
            <caption id="agents">"Agents\u{a0}: avancement, chapitres acquis et temps de formation à distance"</caption>
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"Maison"</th>
                    <th scope="col">"Avancement"</th>
                    <th scope="col" class="align-right">"Chapitres"</th>
                    <th scope="col" class="align-right">"MOOC"</th>
                    <th scope="col" class="align-right">"En direct"</th>
                    <th scope="col">"Dernier résultat"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(row: AgentRow) -> impl IntoView {
    let AgentRow { href, name, maison, departement, state, is_late, done, of, minutes, minutes_live, last } = row;
    let place = match (maison, departement) {
        (Some(maison), Some(departement)) => format!("{maison} ({departement})"),
        (maison, departement) => maison.or(departement).unwrap_or_else(|| "Aucune".to_owned()),
    };
    view! {
        <tr>
            <th scope="row"><a href=href>{name}</a></th>
            <td>{place}</td>
            <td>{state.name()}{is_late.then(|| view! { ", "<strong class="is-late">"en retard"</strong> })}</td>
            <td class="align-right">{done}" sur "{of}</td>
            <td class="align-right">{duration(minutes)}</td>
            <td class="align-right">{duration(minutes_live)}</td>
            <td>{match last {
                Some(at) => day(at).into_any(),
                None => "Aucun".into_any(),
            }}</td>
        </tr>
    }
}
