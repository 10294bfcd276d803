//! The page of the room as the server draws it, and the place where the room wakes.

#[cfg(feature = "ssr")]
use crate::ui::rooted::rooted;
use domain::ids::WebinarId;
use domain::webinar::Ballot;
use leptos::prelude::*;
#[cfg(feature = "room")]
use leptos::web_sys;
use serde::{Deserialize, Serialize};

/// What the page shows and hands to the room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomPage {
    pub webinar: WebinarId,
    pub title: String,
    /// Whether who looks at it leads the room.
    pub trainer: bool,
    /// The webinar is recorded: what that means, and until when it is kept; empty where it is not.
    pub recorded: String,
    /// What trainers have at hand; empty for agents.
    pub prepared: Prepared,
    /// Where to ask for help: an e-mail address; may be empty.
    pub help: String,
    /// Pages are asked for without images.
    pub light: bool,
}

/// What was prepared for the webinar.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    pub polls: Vec<Ballot>,
    /// The title of the live quiz, if there is one.
    pub quiz: Option<String>,
    pub links: Vec<PreparedLink>,
}

/// A link to hand out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedLink {
    pub title: String,
    pub url: String,
}

/// What the room starts from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    pub webinar: WebinarId,
    pub title: String,
    pub trainer: bool,
    pub recorded: String,
    pub prepared: Prepared,
    pub help: String,
    pub light: bool,
}

/// The page, without its shell.
#[cfg(feature = "ssr")]
pub fn room_page(page: RoomPage) -> impl IntoView {
    let RoomPage { webinar, title, trainer, recorded, prepared, help, light } = page;
    let told = recorded.clone();
    let entrance = Entrance { webinar, title: title.clone(), trainer, recorded, prepared, help: help.clone(), light };
    rooted(move || {
        view! {
            <header class="room-title">
                <p class="overline"><a href=format!("/webinaires/{webinar}")>"Le webinaire"</a></p>
                <h1>{title}</h1>
                {(!told.is_empty()).then(|| view! { <p class="small"><strong>"Ce webinaire est enregistré."</strong>" "{told}</p> })}
            </header>
            <RoomPlace entrance=entrance>
                <div class="notice">
                    <p class="notice-title">"Vous entrez dans la salle…"</p>
                    <p>
                        "Si rien ne change d’ici quelques secondes, c’est que la salle ne peut pas s’ouvrir ici\u{a0}: le son, l’image et la discussion en direct demandent un navigateur à jour, avec JavaScript activé."
                    </p>
                    <ul>
                        <li>
                            <a href=format!("/webinaires/{webinar}/essai")>"Vérifier mon matériel"</a>
                            "\u{a0}: navigateur, son, image et connexion, en deux minutes."
                        </li>
                        <li>"Essayez avec Firefox, Chrome, Edge ou Safari, dans leur dernière version."</li>
                        <li>{ask(&help)}</li>
                    </ul>
                </div>
            </RoomPlace>
        }
    })
}

/// Where to ask, as a link when there is an address.
pub(crate) fn ask(help: &str) -> AnyView {
    if help.is_empty() {
        return view! { "Demandez de l’aide à votre administrateur, ou à qui vous a invité." }.into_any();
    }
    view! {
        "Demandez de l’aide\u{a0}: "
        <a href=format!("mailto:{help}")>{help.to_owned()}</a>
    }
    .into_any()
}

/// The place where the room wakes: what the server drew there stays until then.
#[cfg(feature = "ssr")]
#[island]
pub fn RoomPlace(entrance: Entrance, children: Children) -> impl IntoView {
    // Read by the room from the island's properties.
    drop(entrance);
    view! { <div class="room-place">{children()}</div> }
}

/// Draws the room in its place, and enters. The loader finds it by the island's name.
#[cfg(all(feature = "room", not(feature = "trials")))]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "RoomPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_room(island: web_sys::HtmlElement) {
    #[derive(Deserialize)]
    struct Props {
        entrance: Entrance,
    }
    let Some(Props { entrance }) = crate::browser::page::props(&island) else { return };
    island.set_inner_html("");
    let place = island.clone();
    mount_to(island, move || {
        let desk = super::desk::Desk::new(entrance);
        super::engine::start(desk, place.into());
        super::views::room(desk)
    })
    .forget();
}
