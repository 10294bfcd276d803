//! Who is there, whose hand is up, who has the floor.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{press, press_for};
use domain::ids::PersonId;
use domain::text::counted;
use domain::webinar::Lead;
use domain::webinar::signal::MediaKind;
use leptos::prelude::*;

/// People drawn at most: beyond, one filters.
const SHOWN: usize = 60;

pub(super) fn people(desk: Desk) -> AnyView {
    let hands = move || desk.read(Part::Floor, |live| live.room.hands.iter().map(|who| who.person).collect::<Vec<_>>());
    let floor = move || desk.read(Part::Floor, |live| live.room.floor.keys().copied().collect::<Vec<_>>());
    let removed = move || {
        desk.read(Part::Floor, |live| {
            live.room.removed.iter().map(|(person, name)| (*person, name.clone())).collect::<Vec<_>>()
        })
    };
    view! {
        <section hidden=move || floor().is_empty()>
            <h3>"Ont la parole"</h3>
            <ul class="people">
                <For each=floor key=|person| *person let(person)>{on_floor(desk, person)}</For>
            </ul>
        </section>
        <section hidden=move || hands().is_empty()>
            <h3>"Mains levées, dans l’ordre"</h3>
            <ol class="people">
                <For each=hands key=|person| *person let(person)>{hand(desk, person)}</For>
            </ol>
        </section>
        {present(desk)}
        {desk.leads().then(|| view! {
            <section hidden=move || removed().is_empty()>
                <h3>"Exclues de la salle"</h3>
                <ul class="people">
                    <For each=removed key=|(person, _)| *person let((person, name))>
                        <li tabindex="-1">
                            {name.clone()}
                            <span class="moderate">
                                {press_for("Laisser revenir", name, "link-button", move || desk.lead(Lead::LetBack { person }))}
                            </span>
                        </li>
                    </For>
                </ul>
            </section>
        })}
    }
    .into_any()
}

fn hand(desk: Desk, person: PersonId) -> AnyView {
    let name = desk.peek(|live| {
        let raised = live.room.hands.iter().find(|who| who.person == person);
        raised.map_or_else(|| live.name_of(person), |who| who.name.clone())
    });
    let lead = desk.leads().then(|| {
        view! {
            <span class="moderate">
                {press_for("Donner la parole", format!("à {name}"), "link-button", move || desk.lead(Lead::GiveFloor { person }))}
                {press_for("Baisser", format!("la main de {name}"), "link-button", move || desk.lead(Lead::LowerHandOf { person }))}
            </span>
        }
    });
    view! { <li tabindex="-1">{name.clone()}{lead}</li> }.into_any()
}

fn on_floor(desk: Desk, person: PersonId) -> AnyView {
    let name = desk.peek(|live| live.name_of(person));
    let lead = desk.leads().then(|| {
        view! {
            <span class="moderate">
                {press_for("Reprendre la parole", format!("à {name}"), "link-button", move || desk.lead(Lead::TakeFloor { person }))}
                {mute(desk, person, name.clone(), MediaKind::Microphone)}
                {mute(desk, person, name.clone(), MediaKind::Camera)}
            </span>
        }
    });
    view! { <li tabindex="-1">{name.clone()}{lead}</li> }.into_any()
}

fn mute(desk: Desk, person: PersonId, name: String, kind: MediaKind) -> AnyView {
    let muted = move || desk.read(Part::Floor, |live| live.room.muted.contains(&(person, kind)));
    let label = if kind == MediaKind::Camera { "Couper la caméra" } else { "Couper le micro" };
    view! {
        <button
            type="button"
            class="link-button"
            aria-pressed=move || muted().to_string()
            on:click=move |_| desk.lead(Lead::Mute { person, kind, on: !muted() })
        >
            {label}
            <span class="visually-hidden">" de "{name}</span>
        </button>
    }
    .into_any()
}

fn present(desk: Desk) -> AnyView {
    let sought = RwSignal::new(String::new());
    let found = move || {
        let sought = domain::text::folded(&sought.get());
        desk.read(Part::People, |live| {
            let mut found: Vec<_> = live
                .people
                .values()
                .filter(|present| {
                    sought.is_empty()
                        || domain::text::folded(&format!("{} {}", present.name, present.place)).contains(&sought)
                })
                .collect();
            found.sort_unstable_by(|one, other| (!one.trainer, &one.name).cmp(&(!other.trainer, &other.name)));
            found.into_iter().map(|present| present.person).collect::<Vec<_>>()
        })
    };
    let shown = move || found().into_iter().take(SHOWN).collect::<Vec<_>>();
    let more = move || found().len().saturating_sub(SHOWN);
    let count = move || {
        desk.read(Part::People, |live| counted(u64::from(live.count), "personne présente", "personnes présentes"))
    };
    view! {
        <section>
            <h3>{count}</h3>
            <div class="field">
                <label for="chercher">"Chercher quelqu’un"</label>
                <input type="search" id="chercher" autocomplete="off" prop:value=move || sought.get() on:input=move |event| sought.set(event_target_value(&event))/>
            </div>
            <ul class="people">
                <For each=shown key=|person| *person let(person)>{one(desk, person)}</For>
            </ul>
            <p class="small" hidden=move || more() == 0>
                {move || format!("Et {}\u{a0}: cherchez par nom ou par lieu.", counted(more() as u64, "autre personne", "autres personnes"))}
            </p>
        </section>
    }
    .into_any()
}

fn one(desk: Desk, person: PersonId) -> AnyView {
    let Some(present) = desk.peek(|live| live.people.get(&person).cloned()) else { return ().into_any() };
    let sure = RwSignal::new(false);
    let beside = move || {
        desk.read(Part::People, |live| {
            live.room.beside.get(&person).map(|beside| format!("à côté de {}", live.name_of(beside.host)))
        })
    };
    let name = present.name.clone();
    let floor = move || desk.read(Part::Floor, |live| live.room.has_floor(person));
    let remove = move || {
        let name = name.clone();
        if sure.get() {
            view! {
                {press_for("Oui, exclure", name, "link-button is-wrong", move || desk.lead(Lead::Remove { person }))}
                {press("Annuler", "link-button", move || sure.set(false))}
            }
            .into_any()
        } else {
            press_for("Exclure", name, "link-button", move || sure.set(true))
        }
    };
    let sits = move || beside().is_some();
    let name = present.name.clone();
    let lead = (desk.leads() && !present.trainer).then(|| {
        view! {
            <span class="moderate" tabindex="-1">
                <span hidden=move || floor() || sits()>
                    {press_for("Donner la parole", format!("à {name}"), "link-button", move || desk.lead(Lead::GiveFloor { person }))}
                </span>
                {remove}
            </span>
        }
    });
    view! {
        <li tabindex="-1">
            <span>
                {present.name.clone()}
                {present.trainer.then(|| view! { " "<span class="badge">"animation"</span> })}
            </span>
            <span class="small">{present.place}</span>
            <span class="small" hidden=move || beside().is_none()>{move || beside().unwrap_or_default()}</span>
            {lead}
        </li>
    }
    .into_any()
}
