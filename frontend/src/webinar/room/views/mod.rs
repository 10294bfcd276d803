//! What is seen of the room. Each view follows the parts of the room that it draws.

mod bar;
mod beside;
mod chat;
mod check;
mod documents;
mod gear;
mod help;
mod live_quiz;
mod panels;
mod parts;
mod people;
mod pictures;
mod polls;
mod questions;
mod recording;
mod tiles;
mod written;

use super::desk::{Desk, Order, Path};
use super::page::ask;
use super::state::{Ending, Line, Live, Part};
use super::words::{countdown, otherwise};
use domain::text::{counted, duration};
use domain::webinar::Phase;
use leptos::prelude::*;
use parts::press;

/// The whole room.
pub(crate) fn room(desk: Desk) -> AnyView {
    let over = move || desk.read(Part::Line, Live::is_over);
    let closed = move || desk.read(Part::Line, |live| live.line == Line::Ended(Ending::Closed));
    let wide = RwSignal::new(false);
    view! {
        <div class="room" data-wide=move || wide.get().to_string()>
            {move || ending(desk)}
            <div class="room-main" hidden=over>
                {strip(desk)}
                {troubles(desk)}
                {check::check(desk)}
                {tiles::stage(desk)}
                {bar::bar(desk, wide)}
                {recording::desk(desk)}
                {beside::beside(desk)}
            </div>
            <div class="room-side" hidden=move || over() && !closed()>{panels::panels(desk)}</div>
            {help::help(desk)}
            <p class="visually-hidden" role="status">{move || desk.said.get()}</p>
        </div>
    }
    .into_any()
}

/// Where the webinar stands, who is there, how the line is.
fn strip(desk: Desk) -> AnyView {
    let phase = move || {
        let now = desk.clock.get();
        desk.read(Part::Phase, |live| match live.room.phase {
            Phase::Waiting => "En attente du début".to_owned(),
            Phase::Live { .. } => match live.minutes_live(now).unwrap_or(0) {
                0 => "En direct".to_owned(),
                minutes => format!("En direct depuis {}", duration(minutes)),
            },
            Phase::Closed { .. } => "Terminé".to_owned(),
        })
    };
    let key = move || desk.read(Part::Phase, |live| if live.room.is_live() { "live" } else { "waiting" });
    let count = move || {
        desk.read(Part::People, |live| counted(u64::from(live.count), "personne présente", "personnes présentes"))
    };
    let joining = move || desk.read(Part::Line, |live| live.line == Line::Joining);
    let locked = move || desk.read(Part::Floor, |live| live.room.locked && live.leads());
    view! {
        <p class="room-strip">
            <strong class="phase" data-phase=key>{move || if joining() { "Entrée dans la salle…".to_owned() } else { phase() }}</strong>
            <span hidden=joining>{count}</span>
            {recording::word(desk)}
            <span hidden=move || !locked()>"Salle verrouillée"</span>
        </p>
    }
    .into_any()
}

/// What goes wrong, and what can be done.
fn troubles(desk: Desk) -> AnyView {
    let lost = move || desk.read(Part::Line, |live| live.line == Line::Lost);
    let unsent = move || desk.read(Part::Unsent, |live| live.unsent.len());
    let failed = move || match desk.path.get() {
        Path::Failed(why) if !desk.late.get() => Some(why),
        Path::Failed(_) | Path::Connecting | Path::Connected => None,
    };
    let again = move || match desk.again.get() {
        Some(at) => format!("Nouvel essai dans {}.", countdown((at - desk.clock.get()).max(0.0))),
        None => "Nouvel essai en cours…".to_owned(),
    };
    let diagnosis = desk.entrance.with_value(|entrance| format!("/webinaires/{}/diagnostic", entrance.webinar));
    let comes = move || desk.late.get() || desk.path.get() == Path::Connected;
    let slow = move || desk.way.get().filter(|_| comes()).and_then(otherwise);
    view! {
        <div class="notice is-problem room-notice" hidden=move || !lost()>
            <p>
                <strong>"Connexion perdue."</strong>
                " Nous vous ramenons dans la salle dès qu’elle revient. "
                {move || match unsent() {
                    0 => String::new(),
                    1 => "Ce que vous avez dit partira alors.".to_owned(),
                    waiting => format!("Les {waiting}\u{a0}choses que vous avez dites ou faites partiront alors."),
                }}
            </p>
            <p>{press("Réessayer maintenant", "button is-quiet", move || desk.order(Order::Reconnect))}</p>
        </div>
        <div class="notice is-problem room-notice" hidden=move || failed().is_none()>
            <p>{move || failed().unwrap_or_default()}" "{again}</p>
            <p>{press("Réessayer maintenant", "button is-quiet", move || desk.order(Order::SeekMedia))}</p>
            <p><a href=diagnosis.clone() target="_blank">"Savoir ce qui bloque, et quoi demander au service informatique (nouvel onglet)"</a></p>
        </div>
        {recording::trouble(desk)}
        <p class="room-notice small" hidden=move || slow().is_none() && pictures::told(desk).is_empty()>
            {move || pictures::told(desk)}" "
            <span hidden=move || slow().is_none()>
                {slow}" "
                <a href=diagnosis target="_blank">"Quoi demander au service informatique (nouvel onglet)"</a>
            </span>
        </p>
        <div class="notice is-problem room-notice" role="alert" hidden=move || desk.trouble.get().is_none()>
            <p>{move || desk.trouble.get().unwrap_or_default()}</p>
            <p>{press("J’ai compris", "button is-quiet", move || desk.trouble.set(None))}</p>
        </div>
        <p class="room-notice" hidden=move || !desk.silent.get()>
            <button type="button" class="button is-large" on:click=move |_| desk.order(Order::Play)>"Activer le son"</button>
            " Votre navigateur attend votre accord pour faire entendre la salle."
        </p>
    }
    .into_any()
}

/// Why one is no longer in the room, and where to go.
fn ending(desk: Desk) -> AnyView {
    let Some(ending) = desk.read(Part::Line, |live| match live.line {
        Line::Ended(ending) => Some(ending),
        _ => None,
    }) else {
        return ().into_any();
    };
    let (title, said) = ending.said();
    let (webinar, help) =
        desk.entrance.with_value(|entrance| (format!("/webinaires/{}", entrance.webinar), entrance.help.clone()));
    let room = format!("{webinar}/salle");
    let place = NodeRef::<leptos::html::H2>::new();
    #[cfg(feature = "room")]
    place.on_load(|title| crate::browser::page::focus(&title));
    view! {
        <section class="ending" aria-labelledby="fin">
            <h2 id="fin" tabindex="-1" node_ref=place>{title}</h2>
            <p class="lead">{said}</p>
            <ul class="actions">
                {ending.may_return().then(|| view! { <li><a class="button" href=room.clone()>"Revenir dans la salle"</a></li> })}
                {(ending == Ending::SignedOut).then(|| view! {
                    <li><a class="button" href=format!("/connexion?back={room}")>"Se reconnecter"</a></li>
                })}
                <li><a href=webinar>"Voir la page du webinaire"</a></li>
                <li><a href="/">"Aller à mon parcours"</a></li>
            </ul>
            <p class="small">{ask(&help)}</p>
        </section>
    }
    .into_any()
}
