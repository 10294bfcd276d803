//! The bar under the stage: what one may do, and nothing else.

use super::super::super::way::Way;
use super::super::desk::{Desk, Order, Quality, Sent};
use super::super::stage::Layout;
use super::super::state::{Live, Part};
use super::super::words::ONE_WAY;
use super::gear::gear;
use super::parts::{field, form, press, send};
use super::pictures::pictures;
use domain::webinar::signal::MediaKind;
use domain::webinar::{Act, Lead, Phase, limits};
use leptos::prelude::*;
use leptos::web_sys;

pub(super) fn bar(desk: Desk, wide: RwSignal<bool>) -> AnyView {
    view! {
        <div class="bar" role="group" aria-label="Commandes" tabindex="-1">
            {if desk.leads() { course(desk) } else { hand(desk) }}
            {device(desk, MediaKind::Microphone, ["Allumer le micro", "Couper le micro"])}
            {device(desk, MediaKind::Camera, ["Allumer la caméra", "Couper la caméra"])}
            {desk.leads().then(|| device(desk, MediaKind::Screen, ["Partager l’écran", "Arrêter le partage"]))}
            {one_way(desk)}
            {leave(desk)}
        </div>
        <div class="bar is-second" role="group" aria-label="Affichage">
            {layouts(desk)}
            {press("Plein écran", "tool", move || desk.order(Order::FullScreen))}
            <button type="button" class="tool" aria-pressed=move || desk.captions.get().to_string() on:click=move |_| desk.captions.update(|on| *on = !*on)>
                "Sous-titres"
            </button>
            <button type="button" class="tool only-wide" aria-pressed=move || wide.get().to_string() on:click=move |_| wide.update(|on| *on = !*on)>
                "Agrandir la scène"
            </button>
            {press("Aide et raccourcis", "tool", move || desk.help.set(true))}
        </div>
        {desk.leads().then(|| caption(desk))}
        {gear(desk)}
        {pictures(desk)}
        {quality(desk)}
    }
    .into_any()
}

/// Begin, end, lock.
fn course(desk: Desk) -> AnyView {
    let sure = RwSignal::new(false);
    let phase = move || desk.read(Part::Phase, |live| live.room.phase);
    let locked = move || desk.read(Part::Floor, |live| live.room.locked);
    let end = move || {
        view! {
            <span class="sure" role="group" aria-label="Terminer le webinaire pour tout le monde">
                "Terminer pour tout le monde\u{a0}? "
                {press("Oui, terminer", "tool is-strong", move || desk.lead(Lead::Close))}
                {press("Non", "tool", move || sure.set(false))}
            </span>
        }
        .into_any()
    };
    view! {
        {move || match phase() {
            Phase::Waiting => press("Commencer le webinaire", "tool is-strong", move || desk.lead(Lead::GoLive)),
            Phase::Live { .. } if sure.get() => end(),
            Phase::Live { .. } => press("Terminer", "tool", move || sure.set(true)),
            Phase::Closed { .. } => ().into_any(),
        }}
        <button type="button" class="tool" aria-pressed=move || locked().to_string() on:click=move |_| desk.lead(Lead::Lock { on: !desk.peek(|live| live.room.locked) })>
            "Verrouiller la salle"
        </button>
    }
    .into_any()
}

/// Raising one's hand, or giving the floor back.
fn hand(desk: Desk) -> AnyView {
    let up = move || desk.read(Part::Floor, Live::hand_is_up);
    let floor = move || desk.read(Part::Floor, Live::has_floor);
    let place =
        move || desk.read(Part::Floor, |live| live.room.hands.iter().position(|who| Some(who.person) == live.me()));
    let label = move || match (floor(), up()) {
        (true, _) => "Rendre la parole",
        (false, true) => "Baisser la main",
        (false, false) => "Lever la main",
    };
    let does = move |_| {
        let act = desk.peek(|live| match (live.has_floor(), live.hand_is_up()) {
            (true, _) => Act::LeaveFloor,
            (false, true) => Act::LowerHand,
            (false, false) => Act::RaiseHand,
        });
        desk.act(act);
    };
    view! {
        <button type="button" class="tool is-strong" data-key="l" on:click=does>{label}</button>
        <span class="bar-said" hidden=move || place().is_none()>
            {move || match place() {
                Some(0) => "Main levée\u{a0}: vous êtes en tête.".to_owned(),
                Some(place) => format!("Main levée\u{a0}: {place}\u{a0}avant vous."),
                None => String::new(),
            }}
        </span>
    }
    .into_any()
}

/// A device of one's own: shown to who may send it, and asked for only then.
fn device(desk: Desk, kind: MediaKind, [turn_on, turn_off]: [&'static str; 2]) -> AnyView {
    let (sent, order, key): (_, fn(bool) -> Order, _) = match kind {
        MediaKind::Camera => (desk.camera, Order::Camera, "v"),
        MediaKind::Microphone => (desk.microphone, Order::Microphone, "m"),
        MediaKind::Screen | MediaKind::ScreenSound => (desk.screen, Order::Screen, "p"),
    };
    let may = move || desk.read(Part::Floor, |live| live.leads() || live.has_floor());
    let muted = move || desk.read(Part::Floor, |live| live.is_muted(kind));
    let label = move || match sent.get() {
        Sent::Off => turn_on,
        Sent::Asking => "Autorisation demandée…",
        Sent::On => turn_off,
    };
    view! {
        <button
            type="button"
            class="tool"
            data-key=key
            data-on=move || (sent.get() == Sent::On).to_string()
            hidden=move || !may()
            disabled=move || muted() || desk.late.get()
            on:click=move |_| desk.order(order(sent.get_untracked() == Sent::Off))
        >
            {label}
        </button>
        <span class="bar-said" hidden=move || !muted()>
            {match kind {
                MediaKind::Microphone => "Micro coupé par l’animation.",
                MediaKind::Camera => "Caméra coupée par l’animation.",
                MediaKind::Screen | MediaKind::ScreenSound => "Partage coupé par l’animation.",
            }}
        </span>
    }
    .into_any()
}

/// Why nothing can be sent, to who might.
fn one_way(desk: Desk) -> AnyView {
    let may = move || desk.read(Part::Floor, |live| live.leads() || live.has_floor());
    view! { <span class="bar-said" hidden=move || !(desk.late.get() && may())>{ONE_WAY}</span> }.into_any()
}

fn leave(desk: Desk) -> AnyView {
    press("Quitter la salle", "tool is-leaving", move || desk.order(Order::Leave))
}

fn layouts(desk: Desk) -> AnyView {
    let now = move || {
        let layout = desk.layout.get();
        desk.read(Part::Seats, |live| layout.now(live))
    };
    let choice = move |(layout, label): (Layout, &'static str)| {
        view! {
            <button type="button" class="tool" aria-pressed=move || (now() == layout).to_string() on:click=move |_| desk.order(Order::Layout(layout))>
                {label}
            </button>
        }
    };
    view! {
        <span class="layouts" role="group" aria-label="Disposition">
            {Layout::CHOICES.into_iter().map(choice).collect_view()}
        </span>
    }
    .into_any()
}

/// Typing what is said, for who does not hear it.
fn caption(desk: Desk) -> AnyView {
    let text = RwSignal::new(String::new());
    let sent = move || {
        let said = text.get_untracked();
        if !said.trim().is_empty() {
            desk.lead(Lead::Caption { text: said });
            text.set(String::new());
        }
    };
    let inside = view! {
        {field("sous-titre", "Sous-titrer ce qui est dit", limits::CAPTION, text, None)}
        {send("Afficher")}
    };
    view! {
        <details class="caption-writer">
            <summary>"Sous-titrer en direct"</summary>
            {form("inline-form", sent, inside.into_any())}
        </details>
    }
    .into_any()
}

/// How the connection does.
fn quality(desk: Desk) -> AnyView {
    let place = NodeRef::<leptos::html::Details>::new();
    let toggled = move |_| {
        let open = place.get_untracked().is_some_and(|details| is_open(&details));
        desk.order(Order::Measure(open));
    };
    let figure = move |said: fn(&Quality) -> String| {
        move || desk.quality.get().map_or_else(|| "mesure en cours…".to_owned(), |quality| said(&quality))
    };
    view! {
        <details class="quality" node_ref=place on:toggle=toggled>
            <summary>"Qualité de la connexion"</summary>
            <dl class="facts-list">
                <dt>"Débit reçu"</dt>
                <dd data-figure="received">{figure(|quality| format!("{}\u{a0}kbit/s", quality.received))}</dd>
                <dt>"Débit envoyé"</dt>
                <dd data-figure="sent">{figure(|quality| format!("{}\u{a0}kbit/s", quality.sent))}</dd>
                <dt>"Perte"</dt>
                <dd data-figure="lost">{figure(|quality| format!("{},{}\u{a0}%", quality.lost / 10, quality.lost % 10))}</dd>
                <dt>"Délai aller-retour"</dt>
                <dd data-figure="delay">
                    {figure(|quality| quality.delay.map_or_else(|| "inconnu".to_owned(), |delay| format!("{delay}\u{a0}ms")))}
                </dd>
                <dt>"Image reçue"</dt>
                <dd data-figure="picture">
                    {figure(|quality| match quality.size {
                        Some((width, height)) => format!("{width}\u{a0}×\u{a0}{height}, {}\u{a0}images", quality.frames),
                        None => "aucune".to_owned(),
                    })}
                </dd>
                <dt>"Chemin"</dt>
                <dd data-figure="way">{move || desk.way.get().map_or_else(|| "aucun".to_owned(), Way::name)}</dd>
                <dt>"Son"</dt>
                <dd data-figure="sound">{figure(|quality| if quality.heard { "reçu".to_owned() } else { "silence".to_owned() })}</dd>
            </dl>
        </details>
    }
    .into_any()
}

fn is_open(details: &web_sys::HtmlDetailsElement) -> bool {
    details.has_attribute("open")
}
