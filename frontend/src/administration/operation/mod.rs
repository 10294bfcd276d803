//! How the product runs: whether something needs attention, then what was seen of each part.

mod jobs;
mod keys;
mod storage;
#[cfg(test)]
mod tests;
mod words;

use crate::ui::scrolling;
use domain::operation::{
    Cascade, Concern, Database, Degree, Edition, Failure, Health, Mails, Media, Seen, State, Versions, Webhooks,
    concerns,
};
use domain::text::{counted, date_long, date_time, integer, lasting};
use jiff::Timestamp;
use leptos::prelude::*;

/// The page, without its shell.
pub fn operation_page(state: State) -> impl IntoView {
    let now = state.now;
    let top = attention(concerns(&state));
    let engine = state.health.database.as_ref().map(|database| database.engine.clone()).ok();
    let since = state.health.since;
    view! {
        <p class="overline no-print"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"État du service"</h1>
        <p>"Vu le "<time datetime=now.to_string()>{date_time(now)}</time>". "<a class="no-print" href="/administration/exploitation">"Actualiser"</a></p>
        {top}
        <nav class="no-print" aria-label="Parties de la page"><p>
            <a href="#sante">"Santé"</a>" · "<a href="#taches">"Tâches"</a>" · "<a href="#courriels">"Courriels"</a>" · "<a href="#stockage">"Stockage"</a>" · "<a href="#versions">"Versions"</a>" · "<a href="#cles">"Clés et certificat"</a>
        </p></nav>
        {health(state.health, now)}
        {jobs::section(state.jobs, since, now)}
        {mails(state.mails, state.webhooks, now)}
        {storage::section(state.storage, now)}
        {versions(state.versions, engine)}
        {keys::section(state.keys, now)}
    }
}

/// One sentence, or what needs attention, each with what to do.
fn attention(concerns: Vec<Concern>) -> impl IntoView {
    let (now, soon): (Vec<_>, Vec<_>) = concerns.into_iter().partition(|concern| concern.degree() == Degree::Now);
    let items = |concerns: Vec<Concern>| concerns.iter().map(item).collect_view();
    let first = if now.is_empty() {
        view! { <div class="notice is-good"><p class="notice-title">"Tout fonctionne."</p></div> }.into_any()
    } else {
        let many = counted(now.len() as u64, "point à traiter", "points à traiter");
        view! {
            <div class="notice is-problem">
                <h2 class="notice-title">{many}</h2>
                <ul class="concerns">{items(now)}</ul>
            </div>
        }
        .into_any()
    };
    let second = (!soon.is_empty()).then(|| {
        view! {
            <div class="notice">
                <h2 class="notice-title">"À prévoir"</h2>
                <ul class="concerns">{items(soon)}</ul>
            </div>
        }
    });
    (first, second)
}

fn item(concern: &Concern) -> impl IntoView + use<> {
    let words::Told { what, remedy, command, link } = words::told(concern);
    let command = command.map(|command| view! { " "<code>{command}</code> });
    let (href, said) = link;
    view! {
        <li>
            <strong>{what}</strong>" "{remedy}{command}" "<a class="no-print" href=href>{said}</a>
        </li>
    }
}

/// A line of a list of facts.
fn fact(term: &'static str, said: impl IntoView) -> impl IntoView {
    view! { <dt>{term}</dt><dd>{said}</dd> }
}

/// A line of what was read, or why it could not be.
fn seen<T, V: IntoView + 'static>(term: &'static str, seen: Seen<T>, say: impl FnOnce(T) -> V) -> impl IntoView {
    let said = match seen {
        Ok(seen) => say(seen).into_any(),
        Err(failure) => unread(failure).into_any(),
    };
    fact(term, said)
}

fn unread(failure: Failure) -> impl IntoView {
    view! { <span class="is-late">"Lecture impossible\u{a0}: "{failure.said()}"."</span> }
}

/// « il y a 3 s »; the day and hour of what is longer ago than a day.
fn ago(at: Timestamp, now: Timestamp) -> impl IntoView {
    let since = now.duration_since(at);
    let said = if since.as_hours() >= 24 { format!("le {}", date_time(at)) } else { domain::text::ago(since) };
    view! { <time datetime=at.to_string()>{said}</time> }
}

fn health(health: Health, now: Timestamp) -> impl IntoView {
    let Health { since, production, public_url, database, clock, media, rooms, cascade, sessions } = health;
    let mode = if production { "Production" } else { "Démonstration\u{a0}: comptes et données fictifs" };
    let answered = |Database { engine, took }: Database| format!("{engine}, répond en {}", lasting(took));
    // Of the clock, only what is wrong.
    let clock = clock.map(domain::operation::Clock::wrong_by).transpose().map(|wrong| {
        seen("Horloge", wrong, |by| view! { <span class="is-late">"Fausse de "{lasting(by)}" environ"</span> })
    });
    let media = match media {
        Media::Waiting => "Pas encore ouverts\u{a0}: ils le seront au premier besoin".into_any(),
        Media::Open(ports) => format!("Ouverts\u{a0}: {}", ports.join(", ")).into_any(),
        Media::Stopped => {
            view! { <span class="is-late">"Fermés\u{a0}: le son et l’image ne passent plus"</span> }.into_any()
        }
    };
    view! {
        <section aria-labelledby="sante">
            <h2 id="sante">"Santé"</h2>
            <dl class="facts-list">
                {seen("Base de données", database, answered)}
                {fact("En marche depuis", format!("le {} ({})", date_time(since), lasting(now.duration_since(since))))}
                {fact("Mode", mode)}
                {fact("Adresse publique", view! { <span class="address">{public_url}</span> })}
                {clock}
                {fact("Ports du son et de l’image", media)}
                {seen("Salles", rooms, |rooms| match rooms.open {
                    0 => "Aucune salle ouverte".to_owned(),
                    open => format!(
                        "{}, {} dedans",
                        counted(open, "salle ouverte", "salles ouvertes"),
                        counted(rooms.people, "personne", "personnes")
                    ),
                })}
                {cascade.map(|cascade| fact("Autres machines (NATS)", others(cascade)))}
                {seen("Sessions", sessions, |sessions| format!(
                    "{}, dont {} dans le dernier quart d’heure",
                    counted(sessions.open, "session ouverte", "sessions ouvertes"),
                    counted(sessions.lately, "utilisée", "utilisées")
                ))}
            </dl>
        </section>
    }
}

/// The other nodes, and what each serves.
fn others(cascade: Cascade) -> impl IntoView {
    let Cascade { hosts, connected, nodes } = cascade;
    if !connected {
        let hosts = hosts.join(", ");
        return view! { <span class="is-late">"NATS ne répond pas ("{hosts}")"</span> }.into_any();
    }
    if nodes.is_empty() {
        return "Aucune ne se fait entendre".into_any();
    }
    let one = |(node, peers): &(String, u64)| {
        format!("{node} ({} le son et l’image)", counted(*peers, "personne y reçoit", "personnes y reçoivent"))
    };
    nodes.iter().map(one).collect::<Vec<_>>().join(", ").into_any()
}

fn mails(mails: Seen<Mails>, webhooks: Seen<Webhooks>, now: Timestamp) -> impl IntoView {
    let mails = match mails {
        Ok(mails) => outbox(mails, now).into_any(),
        Err(failure) => fact("Courriels", unread(failure)).into_any(),
    };
    let hooks = |Webhooks { all, disabled, waiting }: Webhooks| match all {
        0 => "Aucun".to_owned(),
        _ => format!(
            "{}, dont {}\u{a0}; {}",
            counted(all, "webhook", "webhooks"),
            counted(disabled, "désactivé", "désactivés"),
            counted(waiting, "message en attente", "messages en attente")
        ),
    };
    view! {
        <section aria-labelledby="courriels">
            <h2 id="courriels">"Courriels et webhooks"</h2>
            <dl class="facts-list">
                {mails}
                {seen("Webhooks", webhooks, hooks)}
            </dl>
            <p class="no-print"><a href="/administration/courriels">"Voir les courriels"</a>" · "<a href="/administration/webhooks">"Voir les webhooks"</a></p>
        </section>
    }
}

fn outbox(mails: Mails, now: Timestamp) -> impl IntoView {
    let Mails { relay, waiting, eldest, planned, given_up, last_sent } = mails;
    let relay = if relay {
        "Réglé".into_any()
    } else {
        view! { "Aucun ("<code>"SOCLE_SMTP_URL"</code>")\u{a0}: les messages restent ici" }.into_any()
    };
    let waiting = match (waiting, eldest) {
        (0, _) => "Aucun".to_owned(),
        (waiting, Some(eldest)) if waiting > 1 => {
            format!("{}, le plus ancien depuis {}", integer(waiting), lasting(now.duration_since(eldest)))
        }
        (waiting, Some(eldest)) => format!("{}, depuis {}", integer(waiting), lasting(now.duration_since(eldest))),
        (waiting, None) => integer(waiting),
    };
    let number = |n| if n == 0 { "Aucun".to_owned() } else { integer(n) };
    (
        fact("Relais", relay),
        fact("En attente", waiting),
        fact("Prévus plus tard", number(planned)),
        fact("Abandonnés depuis sept jours", number(given_up)),
        fact("Dernier envoi", last_sent.map_or_else(|| "Aucun".into_any(), |at| ago(at, now).into_any())),
    )
}

fn versions(versions: Versions, engine: Option<String>) -> impl IntoView {
    let Versions { socle, commit, target, migrations, editions } = versions;
    let commit = commit.map(|commit| view! { ", commit "<code>{commit}</code> });
    let editions = match editions {
        Ok(editions) if editions.is_empty() => view! { <p>"Aucun cours n’est publié."</p> }.into_any(),
        Ok(editions) => scrolling("editions", table(editions)).into_any(),
        Err(failure) => view! { <p>"Cours et parcours. "{unread(failure)}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="versions">
            <h2 id="versions">"Versions"</h2>
            <dl class="facts-list">
                {fact("Socle", view! { {socle}{commit} })}
                {fact("Système", target)}
                {engine.map(|engine| fact("Base de données", engine))}
                {seen("Schéma", migrations, |migrations| view! {
                    {counted(migrations.count, "migration appliquée", "migrations appliquées")}
                    <span class="attendance-note">"La dernière\u{a0}: "<code class="address">{migrations.last}</code></span>
                })}
            </dl>
            {editions}
        </section>
    }
}

fn table(editions: Vec<Edition>) -> impl IntoView {
    let row = |Edition { title, pathway, number, at, withdrawn }: Edition| {
        let kind = match (pathway, withdrawn) {
            (true, _) => "Parcours",
            (false, false) => "Cours",
            (false, true) => "Cours retiré",
        };
        let at = at.map(|at| view! { ", le "<time datetime=at.to_string()>{date_long(at)}</time> });
        view! {
            <tr>
                <th scope="row">{title}<span class="attendance-note">{kind}</span></th>
                <td>"Version "{number}{at}</td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="editions">"Cours et parcours publiés"</caption>
            <thead><tr><th scope="col">"Titre"</th><th scope="col">"Version en vigueur"</th></tr></thead>
            <tbody>{editions.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
