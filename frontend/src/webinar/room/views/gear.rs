//! Choosing microphone, camera and loudspeaker without leaving the room.

use super::super::super::gear::{Gear, choice};
use super::super::desk::{Desk, Order};
use super::super::state::{Live, Part};
use leptos::prelude::*;

pub(super) fn gear(desk: Desk) -> AnyView {
    let may = move || desk.read(Part::Floor, |live: &Live| live.leads() || live.has_floor());
    let pick = move |gear: Gear| choice(desk.gear, gear, Box::new(move |id| desk.order(Order::Use(gear, id))));
    let nothing = move || Gear::ALL.into_iter().all(|gear| !desk.gear.is_offered(gear));
    view! {
        <details class="quality" on:toggle=move |_| desk.order(Order::KnowGear)>
            <summary>"Micro, caméra et haut-parleurs"</summary>
            <p class="small" hidden=move || !nothing()>
                "Il n’y a pas de choix à faire ici, ou le navigateur ne le dira qu’une fois le micro ou la caméra allumés."
            </p>
            <div hidden=move || !may()>{pick(Gear::Microphone)}{pick(Gear::Camera)}</div>
            {pick(Gear::Loudspeaker)}
        </details>
    }
    .into_any()
}
