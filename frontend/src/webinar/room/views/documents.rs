//! Documents and links that were handed out.

use super::super::desk::Desk;
use super::super::state::Part;
use super::parts::{field, form, outward, send};
use super::polls::{folded, prepared};
use domain::webinar::{Lead, limits};
use leptos::prelude::*;

pub(super) fn documents(desk: Desk) -> AnyView {
    let all = move || {
        desk.read(Part::Documents, |live| {
            live.room.handouts.iter().rev().map(|(id, handout)| (*id, handout.clone())).collect::<Vec<_>>()
        })
    };
    view! {
        {desk.leads().then(|| hand_out(desk))}
        <p class="small" hidden=move || !all().is_empty()>"Aucun document pour l’instant. Ceux que l’animation distribue restent ici."</p>
        <ul class="messages">
            <For each=all key=|(id, _)| *id let((_, handout))>
                <li tabindex="-1">{outward(handout.url, handout.title)}</li>
            </For>
        </ul>
    }
    .into_any()
}

fn hand_out(desk: Desk) -> AnyView {
    let links = desk.entrance.with_value(|entrance| entrance.prepared.links.clone());
    let links: Vec<AnyView> = links
        .into_iter()
        .map(|link| {
            prepared("Distribuer", link.title.clone(), move || {
                desk.lead(Lead::HandOut { title: link.title.clone(), url: link.url.clone() });
            })
        })
        .collect();
    let at_hand = (!links.is_empty())
        .then(|| folded("Ce qui est préparé", view! { <ul class="prepared">{links}</ul> }.into_any()));
    let (title, url) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let sent = move || {
        let (name, address) = (title.get_untracked(), url.get_untracked());
        let whole = !name.trim().is_empty() && address.trim().starts_with("https://");
        desk.lead(Lead::HandOut { title: name, url: address });
        if whole {
            title.set(String::new());
            url.set(String::new());
        }
    };
    let inside = view! {
        {field("document-titre", "Titre", limits::TITLE, title, None)}
        {field("document-adresse", "Adresse, qui commence par https://", limits::URL, url, None)}
        {send("Distribuer à tous")}
    };
    view! {
        {at_hand}
        {folded("Distribuer un lien", form("form", sent, inside.into_any()))}
    }
    .into_any()
}
