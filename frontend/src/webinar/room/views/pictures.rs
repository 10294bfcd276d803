//! What is shown: the choice, and that stills are in the place of pictures.

use super::super::super::pictures::choice;
use super::super::desk::{Desk, Order};
use super::super::state::Part;
use domain::webinar::signal::Pictures;
use leptos::prelude::*;

pub(super) fn pictures(desk: Desk) -> AnyView {
    let now = move || desk.read(Part::Seats, |live| live.pictures);
    // What is counted is what comes by the call; stills do not.
    let measured = move || desk.spent.get().filter(|_| now() != Pictures::Stills && !desk.peek(|live| live.stills));
    view! {
        <details class="quality">
            <summary>"Image et consommation"</summary>
            {choice(now, measured, move |chosen| desk.order(Order::Choose(chosen)))}
        </details>
    }
    .into_any()
}

/// What stands in the place of pictures, where something does.
pub(super) fn told(desk: Desk) -> &'static str {
    desk.read(Part::Seats, |live| match live.pictures {
        Pictures::Auto if live.stills => "La ligne ne porte plus l’image\u{a0}: des images fixes de l’écran la remplacent, et le son continue. L’image reviendra toute seule.",
        Pictures::Auto => "",
        Pictures::Stills => "Vous recevez des images fixes de l’écran, et le son.",
        Pictures::None => "Vous recevez le son seul.",
    })
}
