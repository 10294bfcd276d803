//! The recording: a word for everybody while it runs, and what trainers do with it.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{field, form, press, send};
use domain::text::counted;
use domain::webinar::{Lead, RecordingState, limits};
use leptos::prelude::*;

/// « Enregistré », as long as it is so.
pub(super) fn word(desk: Desk) -> AnyView {
    let state = move || desk.read(Part::Recording, |live| live.room.recording.clone());
    let said = move || match state() {
        Some(RecordingState::On) => "Enregistré",
        Some(RecordingState::Paused) => "Enregistrement suspendu",
        Some(RecordingState::Failed { .. }) | None => "",
    };
    let on = move || (state() == Some(RecordingState::On)).to_string();
    view! { <span class="recorded" data-on=on hidden=move || said().is_empty()>{said}</span> }.into_any()
}

/// Why nothing more is recorded, for trainers.
pub(super) fn trouble(desk: Desk) -> AnyView {
    let why = move || {
        desk.read(Part::Recording, |live| match &live.room.recording {
            Some(RecordingState::Failed { why }) if live.leads() => Some(why.clone()),
            _ => None,
        })
    };
    view! {
        <div class="notice is-problem room-notice" hidden=move || why().is_none()>
            <p>
                <strong>{move || why().unwrap_or_default()}</strong>
                " Le webinaire continue\u{a0}; ce qui était enregistré jusque-là pourra être revu. Prévenez l’administration du site."
            </p>
        </div>
    }
    .into_any()
}

/// Suspending, going on, and marking moments: for trainers, while it runs.
pub(super) fn desk(desk: Desk) -> AnyView {
    if !desk.leads() {
        return ().into_any();
    }
    let state = move || desk.read(Part::Recording, |live| live.room.recording.clone());
    let runs = move || matches!(state(), Some(RecordingState::On | RecordingState::Paused));
    let switch = move || match state() {
        Some(RecordingState::On) => {
            press("Suspendre l’enregistrement", "tool", move || desk.lead(Lead::Record { on: false }))
        }
        Some(RecordingState::Paused) => {
            press("Reprendre l’enregistrement", "tool is-strong", move || desk.lead(Lead::Record { on: true }))
        }
        Some(RecordingState::Failed { .. }) | None => ().into_any(),
    };
    let title = RwSignal::new(String::new());
    let mark = move || {
        let said = title.get_untracked();
        if !said.trim().is_empty() {
            desk.lead(Lead::Mark { title: said });
            title.set(String::new());
        }
    };
    let marks = move || desk.read(Part::Recording, |live| live.room.marks.len() as u64);
    let inside = view! {
        {field("repere", "Ce qui commence maintenant", limits::TITLE, title, None)}
        {send("Poser le repère")}
    };
    view! {
        <details class="recording-desk" hidden=move || !runs()>
            <summary>"Enregistrement"</summary>
            <p>{switch}</p>
            {form("inline-form", mark, inside.into_any())}
            <p class="small">
                {move || match marks() {
                    0 => "Les repères deviennent les chapitres de la vidéo.".to_owned(),
                    marks => format!("{}.", counted(marks, "repère posé", "repères posés")),
                }}
            </p>
        </details>
    }
    .into_any()
}
