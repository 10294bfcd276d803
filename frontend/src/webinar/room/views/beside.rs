//! Two agents before one screen: each is present, by their own account.

use super::super::desk::{Desk, Joining};
use super::super::state::Part;
use super::parts::press_for;
use domain::webinar::Act;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

const PROBLEM: &str = "a-deux-probleme";

pub(super) fn beside(desk: Desk) -> AnyView {
    if desk.leads() {
        return ().into_any();
    }
    let companions = move || desk.read(Part::People, super::super::state::Live::companions);
    let closed = move || desk.read(Part::Phase, |live| live.room.is_closed());
    view! {
        <div class="beside" hidden=closed>
            <ul class="people" aria-label="Avec vous devant cet écran" hidden=move || companions().is_empty()>
                <For each=companions key=|(person, _)| *person let((person, name))>
                    <li tabindex="-1">
                        <span>"Avec vous devant cet écran\u{a0}: "<strong>{name.clone()}</strong></span>
                        <span class="moderate">
                            {press_for("N’est plus là", name, "link-button", move || desk.act(Act::PartWith { person }))}
                        </span>
                    </li>
                </For>
            </ul>
            <details class="folded">
                <summary>"Nous sommes deux devant cet écran"</summary>
                <p class="small">
                    "Votre collègue s’identifie avec son propre compte\u{a0}: sa présence est alors comptée à côté de la vôtre. Son mot de passe n’est pas conservé sur cet ordinateur."
                </p>
                {form(desk)}
            </details>
        </div>
    }
    .into_any()
}

fn form(desk: Desk) -> AnyView {
    let refused = move || match desk.beside.get() {
        Joining::Refused(why) => Some(why),
        Joining::Idle | Joining::Asking => None,
    };
    let asking = move || desk.beside.get() == Joining::Asking;
    let wrong = move || refused().is_some().then_some("true");
    let told = move || refused().is_some().then_some(PROBLEM);
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        #[cfg(feature = "room")]
        if let Some(form) = event.target().and_then(|form| wasm_bindgen::JsCast::dyn_into(form).ok()) {
            super::super::engine::sit_beside(form);
        }
    };
    view! {
        <form class="form" on:submit=sent>
            <p class="field-problem" id=PROBLEM role="alert" hidden=move || refused().is_none()>
                {move || refused().unwrap_or_default()}
            </p>
            <div class="field">
                <label for="a-deux-adresse">"Adresse électronique de votre collègue"</label>
                <input
                    type="email"
                    id="a-deux-adresse"
                    name="email"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    required=true
                    aria-invalid=wrong
                    aria-describedby=told
                />
            </div>
            <div class="field">
                <label for="a-deux-secret">"Son mot de passe"</label>
                <input
                    type="password"
                    id="a-deux-secret"
                    name="password"
                    autocomplete="off"
                    required=true
                    aria-invalid=wrong
                    aria-describedby=told
                />
            </div>
            <button type="submit" class="button" disabled=asking>
                {move || if asking() { "Vérification…" } else { "Compter sa présence" }}
            </button>
        </form>
    }
    .into_any()
}
