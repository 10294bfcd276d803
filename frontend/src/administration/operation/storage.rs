//! How much there is of everything, and how much room is left.

use super::{fact, seen, unread};
use crate::ui::scrolling;
use domain::operation::{Copies, Disk, Folder, Kept, LastCopy, Storage};
use domain::studio::medium::weight;
use domain::text::{counted, date_time, percent};
use jiff::Timestamp;
use leptos::prelude::*;

pub(super) fn section(storage: Storage, now: Timestamp) -> impl IntoView {
    let Storage { at, database, recordings, bucket, media, uploads, copies, disks } = storage;
    let recordings = recordings.map(|recordings| (recordings, bucket));
    view! {
        <section aria-labelledby="stockage">
            <h2 id="stockage">"Stockage"</h2>
            <p>"Mesuré à "<time datetime=at.to_string()>{domain::text::hour(at)}</time>"\u{a0}; une mesure vaut une minute."</p>
            <dl class="facts-list">
                {seen("Base de données", database, weight)}
                {seen("Enregistrements", recordings, |(recordings, bucket)| view! {
                    {kept_of(recordings, "enregistrement", "enregistrements")}
                    {bucket.map(|bucket| view! { <span class="attendance-note">"Dans "<code class="address">{bucket}</code></span> })}
                })}
                {seen("Médias des cours", media, |media| kept_of(media, "fichier", "fichiers"))}
                {seen("Envois en cours", uploads, size)}
                {copies_of(copies, now)}
            </dl>
            {(!disks.is_empty()).then(|| scrolling("disques", table(disks)))}
        </section>
    }
}

fn kept_of(Kept { count, bytes }: Kept, one: &str, many: &str) -> String {
    match count {
        0 => "Aucun".to_owned(),
        _ => format!("{}, {}", counted(count, one, many), weight(bytes)),
    }
}

fn size(Folder { bytes, whole }: Folder) -> String {
    match (bytes, whole) {
        (0, true) => "Aucun".to_owned(),
        (bytes, true) => weight(bytes),
        (bytes, false) => format!("Plus de {}", weight(bytes)),
    }
}

fn copies_of(copies: Copies, now: Timestamp) -> impl IntoView {
    match copies {
        Copies::Elsewhere => fact(
            "Copies",
            view! {
                "Celles de PostgreSQL ("<code>"pg_dump"</code>"), que Socle ne voit pas\u{a0}: "<code>"OPERATING.md"</code>", «\u{a0}Copies\u{a0}», dit comment les faire"
            },
        )
        .into_any(),
        Copies::None => fact(
            "Copies",
            view! { "Aucune en démonstration, tant que "<code>"SOCLE_BACKUPS"</code>" ne dit pas où" },
        )
        .into_any(),
        Copies::Made { folder, all, last } => (
            seen("Dernière copie", last, move |last| last_of(last, now)),
            seen("Toutes les copies", all, move |all| view! {
                {size(all)}<span class="attendance-note">"Dans "<code class="address">{folder}</code></span>
            }),
        )
            .into_any(),
    }
}

fn last_of(last: Option<LastCopy>, now: Timestamp) -> impl IntoView {
    let Some(LastCopy { at, bytes, path }) = last else {
        return "Aucune".into_any();
    };
    let bytes = match bytes {
        Ok(bytes) => weight(bytes).into_any(),
        Err(failure) => unread(failure).into_any(),
    };
    view! {
        "Le "<time datetime=at.to_string()>{date_time(at)}</time>" ("{domain::text::ago(now.duration_since(at))}"), "{bytes}
        <span class="attendance-note"><code class="address">{path}</code></span>
    }
    .into_any()
}

fn table(disks: Vec<Disk>) -> impl IntoView {
    view! {
        <table>
            <caption id="disques">"Place sur les disques"</caption>
            <thead>
                <tr><th scope="col">"Disque"</th><th scope="col">"Place libre"</th></tr>
            </thead>
            <tbody>{disks.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

fn row(Disk { holds, path, space }: Disk) -> impl IntoView {
    let short = space.is_ok_and(domain::operation::Space::is_short);
    let said = match space {
        Ok(space) => {
            let free = format!("{} sur {} ({})", weight(space.free), weight(space.all), percent(space.percent()));
            view! { {free}{short.then(|| view! { <span class="attendance-note is-late">"Trop peu"</span> })} }
                .into_any()
        }
        Err(failure) => unread(failure).into_any(),
    };
    view! {
        <tr data-state=if short { "wrong" } else { "done" }>
            <th scope="row">{holds.join(", ")}<span class="attendance-note"><code class="address">{path}</code></span></th>
            <td>{said}</td>
        </tr>
    }
}
