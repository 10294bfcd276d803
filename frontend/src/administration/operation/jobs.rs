//! What is done without being asked.

use super::ago;
use crate::ui::scrolling;
use domain::operation::{Job, Run, Standing, standings};
use domain::text::lasting;
use jiff::Timestamp;
use leptos::prelude::*;

pub(super) fn section(jobs: Vec<(Job, Run)>, since: Timestamp, now: Timestamp) -> impl IntoView {
    let standings = standings(&jobs, since, now);
    let rows =
        jobs.into_iter().zip(standings).map(|((job, run), standing)| row(job, run, standing, now)).collect_view();
    let table = view! {
        <table class="jobs">
            <caption id="liste-taches">"Ce que Socle fait de lui-même, depuis qu’il est en marche"</caption>
            <thead>
                <tr>
                    <th scope="col">"Tâche"</th>
                    <th scope="col">"État"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    view! {
        <section aria-labelledby="taches">
            <h2 id="taches">"Tâches"</h2>
            {scrolling("liste-taches", table)}
        </section>
    }
}

fn row(job: Job, run: Run, standing: Standing, now: Timestamp) -> impl IntoView {
    let (key, said) = match standing {
        Standing::ToCome => ("todo", "Pas encore faite".to_owned()),
        Standing::UnderWay(began) => ("done", format!("En cours depuis {}", lasting(now.duration_since(began)))),
        Standing::Well => ("done", "À l’heure".to_owned()),
        Standing::Elsewhere => ("done", "Faite par un autre serveur".to_owned()),
        Standing::Behind(other) => ("done", format!("Attend la fin de «\u{a0}{}\u{a0}»", other.name())),
        Standing::Failing(failure) => ("wrong", format!("Échoue\u{a0}: {failure}")),
        Standing::Overdue(last) if run.under_way.is_some() => {
            ("wrong", format!("En cours depuis {}", lasting(now.duration_since(last))))
        }
        Standing::Overdue(last) => {
            ("wrong", format!("En retard\u{a0}: pas faite depuis {}", lasting(now.duration_since(last))))
        }
    };
    let ended = run.ended.map(|(at, took)| {
        view! { <span class="attendance-note">"Faite "{ago(at, now)}", en "{lasting(took)}</span> }
    });
    let failed = run.failed.map(|(at, failure)| {
        view! { <span class="attendance-note">"Dernier échec "{ago(at, now)}"\u{a0}: "{failure.said()}</span> }
    });
    view! {
        <tr data-state=key>
            <th scope="row">{job.name()}<span class="attendance-note">{job.purpose()}</span></th>
            <td>{said}{ended}{failed}</td>
        </tr>
    }
}
