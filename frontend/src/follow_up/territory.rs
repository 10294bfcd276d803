//! A territory: France, a département or a maison.

use super::figures::{
    ChapterLine, Courses, Step, against_plan, course_choice, delivered, hardest, over_time, progress,
};
use crate::ui::scrolling;
use domain::follow_up::{Month, Tally};
use domain::text::{integer, percent};
use leptos::prelude::*;

/// What is counted, and what its parts are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// Its parts are départements.
    #[default]
    Nation,
    /// Its parts are maisons.
    Departement,
    Maison,
}

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TerritoryPage {
    pub place: Place,
    /// « Ardennes (08) »
    pub title: String,
    /// The territories around it: address and name.
    pub trail: Vec<(String, String)>,
    pub href: String,
    pub courses: Courses,
    /// Days after which who is not done is late.
    pub days: u32,
    /// None where it is about too few people to be told.
    pub whole: Option<Tally>,
    /// How many maisons there are.
    pub maisons: u64,
    /// Agents done, at the end of each month.
    pub done: Vec<Month>,
    /// Maisons with an agent who is done, at the end of each month.
    pub formed: Vec<Month>,
    pub plan: Vec<Step>,
    /// None where this reader is not told.
    pub chapters: Option<Vec<ChapterLine>>,
    pub rows: Vec<Row>,
    /// Whether the figures of small parts are hidden from this reader.
    pub masks: bool,
    pub links: Links,
}

/// Where to go from the page; none for what this reader may not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    pub agents: Option<String>,
    pub late: Option<String>,
    pub reminders: Option<String>,
    /// What agents dispute, for those who may answer.
    pub disputes: Option<String>,
    pub sessions: Option<String>,
    pub cohorts: Option<String>,
    pub csv: Option<String>,
    pub xlsx: Option<String>,
}

/// A part of the territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub href: Option<String>,
    pub name: String,
    /// None where it is hidden.
    pub tally: Option<Tally>,
}

/// The page, without its shell. Sends `cours` to its own address.
pub fn territory_page(page: TerritoryPage) -> impl IntoView {
    let TerritoryPage { place, title, trail, href, courses, days, whole, maisons, done, formed, plan, .. } = page;
    let (rows, links, masks) = (page.rows, page.links, page.masks);
    let trail = trail.into_iter().map(|(href, name)| view! { <a href=href>{name}</a>" › " }).collect_view();
    let trail = view! { <p class="overline">{trail}"Suivi de la formation"</p> };
    let Links { agents, late, reminders, disputes, sessions, cohorts, csv, xlsx } = links;
    let actions = [
        (agents, "Liste des agents"),
        (late, "Agents en retard"),
        (reminders, "Relancer les agents en retard"),
        (cohorts, "Cohortes"),
        (disputes, "Lignes contestées"),
        (sessions, "Sessions en présentiel"),
    ];
    let actions = actions.into_iter().filter_map(|(href, said)| {
        let href = href?;
        Some(view! { <li><a class="button is-quiet" href=href>{said}</a></li> })
    });
    let actions = actions.collect_view();
    let files = csv.zip(xlsx).map(|(csv, xlsx)| view! { <p class="small no-print">"Emporter ce tableau\u{a0}: "<a href=csv>"CSV"</a>" · "<a href=xlsx>"tableur (XLSX)"</a></p> });
    let figures = match whole {
        None => view! {
            <div class="notice">
                <p class="notice-title">"Chiffres masqués"</p>
                <p>"Ils porteraient sur moins de cinq personnes, ou permettraient de les retrouver par soustraction."</p>
            </div>
        }
        .into_any(),
        Some(tally) if tally.agents == 0 => view! { <p>"Aucun agent n’y est encore inscrit."</p> }.into_any(),
        Some(tally) => view! {
            {progress(&tally, days)}
            <h2>"Heures données"</h2>
            {delivered(&tally)}
            <h2>"Agents qui ont terminé"</h2>
            {over_time(&done)}
            {(place != Place::Maison).then(|| view! {
                <h2>"Maisons formées"</h2>
                {against_plan(&formed, &plan, maisons)}
            })}
            {page.chapters.map(|chapters| view! { <h2>"Chapitres les plus difficiles"</h2>{hardest(chapters)} })}
        }
        .into_any(),
    };
    let (heading, empty) = match place {
        Place::Nation => ("Départements", "Aucune maison n’est encore connue."),
        Place::Departement => ("Maisons", "Aucune maison n’est encore connue dans ce département."),
        Place::Maison => ("", ""),
    };
    let shows_parts = place != Place::Maison && (whole.is_some() || !rows.is_empty());
    let parts = shows_parts.then(|| {
        let body = if rows.is_empty() {
            view! { <p>{empty}</p> }.into_any()
        } else {
            scrolling("parties", table(heading, rows)).into_any()
        };
        view! { <h2>{heading}</h2>{body}{files} }
    });
    view! {
        {trail}
        <h1>{title}</h1>
        <p class="lead">{courses.shown.1.clone()}</p>
        {course_choice(&courses, href)}
        {figures}
        <ul class="actions no-print">{actions}</ul>
        {parts}
        {masks.then(|| view! { <p class="small">"Ce qui porte sur moins de cinq agents est masqué, et avec lui ce qui permettrait de le retrouver par soustraction."</p> })}
    }
}

fn table(heading: &'static str, rows: Vec<Row>) -> impl IntoView {
    let row = |Row { href, name, tally }: Row| {
        let name = match href {
            Some(href) => view! { <a href=href>{name}</a> }.into_any(),
            None => name.into_any(),
        };
        let cells = match tally {
            None => view! { <td colspan="6">"Masqué"</td> }.into_any(),
            Some(tally) => view! {
                <td class="align-right">{integer(tally.agents)}</td>
                <td class="align-right">{integer(tally.not_begun())}</td>
                <td class="align-right">{integer(tally.under_way)}</td>
                <td class="align-right">{integer(tally.done)}</td>
                <td class="align-right">{if tally.agents == 0 { "–".to_owned() } else { percent(tally.percent_done()) }}</td>
                <td class="align-right">{integer(tally.late)}</td>
            }
            .into_any(),
        };
        view! { <tr><th scope="row">{name}</th>{cells}</tr> }
    };
    view! {
        <table class="parts">
            <caption id="parties">{heading}"\u{a0}: agents par avancement"</caption>
            <thead>
                <tr>
                    <th scope="col">"Nom"</th>
                    <th scope="col" class="align-right">"Agents"</th>
                    <th scope="col" class="align-right">"Pas commencé"</th>
                    <th scope="col" class="align-right">"En cours"</th>
                    <th scope="col" class="align-right">"Terminé"</th>
                    <th scope="col" class="align-right">"Part"</th>
                    <th scope="col" class="align-right">"En retard"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
