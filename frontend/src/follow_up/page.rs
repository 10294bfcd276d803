//! The list of agents.

use crate::ui::{day, filter, pagination, scrolling};
use domain::text::{counted, duration};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agents {
    pub query: String,
    pub rows: Vec<AgentRow>,
    /// From 1.
    pub page: u64,
    pub pages: u64,
    /// Agents that answer the query, on all pages.
    pub total: u64,
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Their record.
    pub href: String,
    pub name: String,
    pub maison: Option<String>,
    pub departement: Option<String>,
    /// Chapters acquired.
    pub done: u32,
    /// Chapters there are.
    pub of: u32,
    /// Minutes at a distance acquired.
    pub minutes: u32,
    /// When something was last earned.
    pub last: Option<Timestamp>,
}

/// The page, without its shell. Sends `q` and `page` to `/suivi`.
pub fn agents_page(page: Agents) -> impl IntoView {
    let Agents { query, rows, page, pages, total } = page;
    let said = match (total, query.is_empty()) {
        (0, true) => "Aucun agent n’a encore de résultat dans vos cours. Chacun apparaît ici dès son premier chapitre lu ou quiz rendu.".to_owned(),
        (0, false) => format!("Aucun agent ne répond à «\u{a0}{query}\u{a0}»."),
        _ => counted(total, "agent", "agents"),
    };
    let pages = pagination("/suivi", &query, page, pages);
    view! {
        <h1>"Suivi des agents"</h1>
        <p><a href="/suivi/contestations">"Lignes contestées par des agents"</a></p>
        {filter("Nom de l’agent, maison ou commune", "/suivi", query)}
        <p role="status">{said}</p>
        {(!rows.is_empty()).then(|| scrolling("agents", table(rows)))}
        {pages}
    }
}

fn table(rows: Vec<AgentRow>) -> impl IntoView {
    view! {
        <table>
            <caption id="agents">"Agents, par ordre alphabétique\u{a0}: chapitres acquis et temps à distance"</caption>
            <thead>
                <tr>
                    <th scope="col">"Agent"</th>
                    <th scope="col">"Maison"</th>
                    <th scope="col" class="align-right">"Chapitres"</th>
                    <th scope="col" class="align-right">"Temps"</th>
                    <th scope="col">"Dernier résultat"</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(row: AgentRow) -> impl IntoView {
    let AgentRow { href, name, maison, departement, done, of, minutes, last } = row;
    let place = match (maison, departement) {
        (Some(maison), Some(departement)) => format!("{maison} ({departement})"),
        (maison, departement) => maison.or(departement).unwrap_or_else(|| "Non renseignée".to_owned()),
    };
    view! {
        <tr>
            <th scope="row"><a href=href>{name}</a></th>
            <td>{place}</td>
            <td class="align-right">{done}" sur "{of}</td>
            <td class="align-right">{duration(minutes)}</td>
            <td>{match last {
                Some(at) => day(at).into_any(),
                None => "Aucun".into_any(),
            }}</td>
        </tr>
    }
}
