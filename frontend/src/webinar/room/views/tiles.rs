//! The stage: eight seats, that are never made anew, and what is said as it is said.

use super::super::desk::Desk;
use super::super::stage::{Layout, SEATS, main_seat};
use super::super::state::{Live, Part};
use super::super::words::initials;
use domain::webinar::signal::Seat;
use leptos::prelude::*;

/// Lines of captions on screen.
const CAPTIONS: usize = 2;

pub(super) fn stage(desk: Desk) -> AnyView {
    let now = move || {
        let layout = desk.layout.get();
        desk.read(Part::Seats, |live| layout.now(live))
    };
    let empty = move || {
        let people = desk.read(Part::Seats, |live| live.seats.is_empty());
        (people && now() != Layout::Screen).then(|| {
            desk.read(Part::Phase, |live| {
                if live.room.is_live() {
                    "Personne n’est à l’image pour l’instant."
                } else {
                    "Le webinaire va commencer. Vous êtes au bon endroit."
                }
            })
        })
    };
    let captions = move || {
        desk.read(Part::Captions, |live| {
            let last = live.room.captions.iter().rev().take(CAPTIONS);
            let mut last: Vec<(u64, String)> = last.map(|(id, text)| (*id, text.clone())).collect();
            last.reverse();
            last
        })
    };
    let silent = move || !desk.captions.get() || captions().is_empty();
    view! {
        <section class="stage" data-now=move || now().key() aria-labelledby="scene" tabindex="-1">
            <h2 class="visually-hidden" id="scene">"Scène"</h2>
            <div class="tiles" data-count=move || desk.read(Part::Seats, |live| live.seats.len().to_string())>
                {direct(desk)}
                {(0..SEATS).map(|seat| tile(desk, seat)).collect_view()}
                <p class="stage-empty" hidden=move || empty().is_none()>{empty}</p>
            </div>
            <div class="captions" role="group" aria-label="Sous-titres" hidden=silent>
                <For each=captions key=|(id, _)| *id let((_, text))>
                    <p>{text}</p>
                </For>
            </div>
        </section>
    }
    .into_any()
}

/// Whether pictures come as one film.
fn is_film(desk: Desk) -> bool {
    desk.late.get() && !desk.read(Part::Seats, Live::is_blank)
}

/// What comes over HTTPS alone: the screen while one is shared, else who leads; and who speaks.
fn direct(desk: Desk) -> AnyView {
    let seen = move || is_film(desk) && desk.read(Part::Seats, |live| live.seats.iter().any(|seat| seat.picture));
    view! {
        <figure class="tile is-direct" hidden=move || !seen() data-main="true" data-picture="true">
            <video data-direct="" playsinline=true aria-label="Image et son du webinaire"></video>
            <figcaption>"Par HTTPS, avec 2 à 3\u{a0}secondes de retard"</figcaption>
        </figure>
    }
    .into_any()
}

fn tile(desk: Desk, number: u8) -> AnyView {
    let seat = move || desk.read(Part::Seats, |live| live.seats.iter().find(|seat| seat.seat == number).copied());
    let name = move || {
        let person = seat().map(|seat| seat.person);
        person.map(|person| desk.read(Part::People, |live| live.name_of(person))).unwrap_or_default()
    };
    let is_main = move || {
        let layout = desk.layout.get();
        !is_film(desk) && desk.read(Part::Seats, |live| main_seat(live, layout) == Some(number))
    };
    // The screen's place is kept where it was asked for, though nothing is shown there yet.
    let waits = move || number == 0 && is_main() && seat().is_none();
    let own = move || seat().is_some_and(|seat| desk.peek(|live| live.tab == Some(seat.tab)));
    let moves = move || own() || !desk.read(Part::Seats, Live::is_blank);
    let still = move || number == 0 && !own() && desk.read(Part::Seats, |live| live.still.is_some());
    let label = move || match seat() {
        Some(_) if number == 0 => format!("Écran partagé par {}", name()),
        Some(_) => format!("Caméra de {}", name()),
        None => String::new(),
    };
    let caption = move || match seat() {
        None => "Aucun écran n’est partagé pour l’instant.".to_owned(),
        Some(_) if number == 0 && own() => "Votre écran, tel que la salle le voit".to_owned(),
        Some(_) if number == 0 && still() => format!("Écran de {}, en images fixes", name()),
        Some(_) if number == 0 => format!("Écran de {}", name()),
        Some(Seat { sound, .. }) => {
            let you = if own() { " (vous)" } else { "" };
            format!("{}{you}{}", name(), if sound { "" } else { " · micro coupé" })
        }
    };
    view! {
        <figure
            class="tile"
            class:is-screen=number == 0
            hidden=move || seat().is_none() && !waits() || number == 0 && is_film(desk)
            data-main=move || is_main().to_string()
            data-picture=move || (!desk.late.get() && seat().is_some_and(|seat| seat.picture && moves())).to_string()
        >
            <video data-seat=number.to_string() prop:muted=true playsinline=true autoplay=true aria-label=label></video>
            {(number == 0).then(|| view! { <div class="still" hidden=move || !still()></div> })}
            <audio data-seat=number.to_string() autoplay=true></audio>
            <span class="initials" aria-hidden="true">{move || initials(&name())}</span>
            <figcaption>{caption}</figcaption>
        </figure>
    }
    .into_any()
}
