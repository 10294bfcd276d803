//! What those who lead a webinar see of it besides: who comes, and how to change it or call it off.

use crate::ui::{AreaField, scrolling};
use domain::text::{counted, date_time};
use domain::webinar::plan::REASON;
use domain::webinar::registration::Status;
use domain::webinar::schedule::Stage;
use jiff::Timestamp;
use leptos::prelude::*;

/// For those who may change a webinar.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manage {
    /// In the order of asking.
    pub roster: Vec<RosterLine>,
    /// The reason of a cancellation, as it was typed.
    pub reason: String,
    /// What is wrong with it.
    pub problem: Option<String>,
    /// There is a recording that can be removed.
    pub removable: bool,
}

/// Somebody who asked for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    pub name: String,
    pub email: String,
    pub at: Timestamp,
    pub status: Status,
}

pub(super) fn manage(href: &str, stage: Stage, managed: Manage) -> impl IntoView + use<> {
    let Manage { roster, reason, problem, removable } = managed;
    let changeable = stage.before_live().is_ok();
    let edit = changeable.then(
        || view! { <li><a class="button is-quiet" href=format!("{href}/modifier")>"Modifier le webinaire"</a></li> },
    );
    let sheet = (stage != Stage::Cancelled).then(
        || view! { <li><a class="button is-quiet" href=format!("{href}/presences")>"Feuille de présence"</a></li> },
    );
    view! {
        <section aria-labelledby="inscrits">
            <h2 id="inscrits">"Inscriptions"</h2>
            {who(roster)}
            <ul class="actions">{edit}{sheet}</ul>
        </section>
        {changeable.then(|| cancel(href, reason, problem))}
        {removable.then(|| remove(href))}
    }
}

fn remove(href: &str) -> impl IntoView + use<> {
    view! {
        <details class="cancel">
            <summary>"Supprimer l’enregistrement"</summary>
            <form class="form" method="post" action=format!("{href}/enregistrement/supprimer")>
                <p>"Plus personne ne pourra revoir ce webinaire. Les présences et les résultats restent aux dossiers. Cela ne peut pas être annulé."</p>
                <button type="submit" class="button">"Supprimer l’enregistrement pour tout le monde"</button>
            </form>
        </details>
    }
}

fn who(roster: Vec<RosterLine>) -> impl IntoView {
    let of = |status| roster.iter().filter(|line| line.status == status).count() as u64;
    let (registered, waiting, withdrawn) = (of(Status::Registered), of(Status::Waiting), of(Status::Withdrawn));
    let mut said = vec![match registered {
        0 => "Personne n’est inscrit pour l’instant.".to_owned(),
        n => format!("{}.", counted(n, "personne inscrite", "personnes inscrites")),
    }];
    if waiting > 0 {
        said.push(format!("{} sur la liste d’attente.", counted(waiting, "personne", "personnes")));
    }
    if withdrawn > 0 {
        said.push(format!("{}.", counted(withdrawn, "désinscription", "désinscriptions")));
    }
    let table = (!roster.is_empty()).then(|| scrolling("inscrits-titre", table(roster)));
    view! { <p>{said.join(" ")}</p>{table} }
}

fn table(mut roster: Vec<RosterLine>) -> impl IntoView {
    // A stable sort: the order of asking stays within each status.
    roster.sort_by_key(|line| match line.status {
        Status::Registered => 0,
        Status::Waiting => 1,
        Status::Withdrawn => 2,
    });
    let row = |RosterLine { name, email, at, status }: RosterLine| {
        let said = match status {
            Status::Registered => "Inscrit",
            Status::Waiting => "Liste d’attente",
            Status::Withdrawn => "Désinscrit",
        };
        view! {
            <tr>
                <th scope="row">{name}<span class="narrow-only">{email.clone()}</span></th>
                <td>{said}</td>
                <td class="wide-only">{email}</td>
                <td class="wide-only">{date_time(at)}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="inscrits-titre">"Dans l’ordre des demandes"</caption>
            <thead>
                <tr>
                    <th scope="col">"Personne"</th>
                    <th scope="col">"État"</th>
                    <th scope="col" class="wide-only">"Adresse électronique"</th>
                    <th scope="col" class="wide-only">"Demande"</th>
                </tr>
            </thead>
            <tbody>{roster.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn cancel(href: &str, reason: String, problem: Option<String>) -> impl IntoView + use<> {
    let open = problem.is_some();
    let field = AreaField {
        label: "Pourquoi le webinaire n’a pas lieu",
        name: "reason",
        value: reason,
        hint: Some("Les personnes inscrites reçoivent cette raison par courriel.".to_owned()),
        rows: 3,
        most: REASON,
        problem,
        ..AreaField::default()
    };
    view! {
        <details class="cancel" open=open>
            <summary>"Annuler le webinaire"</summary>
            <form class="form" method="post" action=format!("{href}/annuler")>
                <p>"Le webinaire disparaît des agendas et ne peut pas être rétabli\u{a0}: il faudra en planifier un autre."</p>
                {field.view()}
                <button type="submit" class="button">"Annuler le webinaire et prévenir les inscrits"</button>
            </form>
        </details>
    }
}
