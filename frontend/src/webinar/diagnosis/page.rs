//! The page, and the island that tries.

#[cfg(feature = "ssr")]
use super::super::room::ask;
#[cfg(feature = "ssr")]
use super::super::way::Over;
use super::super::way::Way;
#[cfg(feature = "ssr")]
use crate::ui::rooted::rooted;
use domain::ids::WebinarId;
use leptos::prelude::*;
#[cfg(feature = "room")]
use leptos::web_sys;
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosisPage {
    /// The webinar that it is about, with its title; none for the page of whoever keeps a network.
    pub webinar: Option<(WebinarId, String)>,
    pub reach: Reach,
    /// Where to ask for help: an e-mail address; may be empty.
    pub help: String,
}

/// How the server is reached, by whom, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// The name of the server.
    pub host: String,
    /// The TCP port of its pages.
    pub pages: u16,
    /// The IP addresses of its sound and pictures.
    pub addresses: Vec<String>,
    /// Their ways, the best first.
    pub ways: Vec<Way>,
    /// Where who looks works; empty where that is not known.
    pub office: String,
    /// Day and hour in Paris, in words.
    pub now: String,
}

impl Reach {
    /// « socle.example (192.0.2.1) ».
    pub(crate) fn server(&self) -> String {
        format!("{} ({})", self.host, self.addresses.join(", "))
    }
}

/// The page, without its shell.
#[cfg(feature = "ssr")]
pub fn diagnosis_page(page: DiagnosisPage) -> impl IntoView {
    let DiagnosisPage { webinar, reach, help } = page;
    rooted(move || {
        let back = webinar.map(|(id, title)| {
            view! { <p class="overline no-print"><a href=format!("/webinaires/{id}")>{title}</a></p> }
        });
        let line = |what: &'static str, way: Way| {
            view! { <tr><th scope="row">{what}</th><td>{if way.over == Over::Udp { "UDP" } else { "TCP" }}</td><td>{way.port}</td></tr> }
        };
        let pages =
            line("Pages, discussion et sondages (HTTPS, WebSocket)", Way { over: Over::Tcp, port: reach.pages });
        let media = reach.ways.iter().enumerate().map(|(rank, way)| {
            let what = if rank == 0 { "Son et image" } else { "Son et image, à défaut" };
            line(what, *way)
        });
        let media = media.collect_view();
        view! {
            <article class="diagnosis">
                {back}
                <h1>"Diagnostic de la connexion"</h1>
                <p class="lead no-print">"Cette page essaie, depuis ce navigateur, tout ce dont un webinaire a besoin, dit ce qui bloque, et prépare une fiche pour votre service informatique."</p>
                <DiagnosisPlace reach=reach.clone()>
                    <p class="notice">"Sans JavaScript, rien ne peut être essayé ici, et la salle ne s’ouvrira pas. Voici ce dont elle a besoin."</p>
                </DiagnosisPlace>
                <section class="no-print">
                    <h2>"Ce qu’un réseau doit laisser sortir"</h2>
                    <p>"Vers "<strong>{reach.server()}</strong>", et rien en entrée\u{a0}:"</p>
                    <div class="table-scroll" role="region" aria-label="Ports à ouvrir" tabindex="0">
                        <table class="table">
                            <thead><tr><th scope="col">"Pour"</th><th scope="col">"Protocole"</th><th scope="col">"Port"</th></tr></thead>
                            <tbody>{pages}{media}</tbody>
                        </table>
                    </div>
                    <p class="small">"Une seule des lignes «\u{a0}Son et image\u{a0}» suffit, la première étant la meilleure. Sans aucune d’elles, le son et l’image passent avec les pages (HTTPS, WebSocket), avec 2 à 3 secondes de retard et sans pouvoir prendre la parole. Le port des pages sert aussi au son et à l’image tant qu’aucun proxy n’inspecte ni ne déchiffre ce qui va vers ce serveur."</p>
                    <p class="small">{ask(&help)}</p>
                </section>
            </article>
        }
    })
}

/// The place where the trials are made: what the server drew there stays until then.
#[cfg(feature = "ssr")]
#[island]
pub fn DiagnosisPlace(reach: Reach, children: Children) -> impl IntoView {
    // Read in the browser from the island's properties.
    drop(reach);
    view! { <div class="diagnosis-place">{children()}</div> }
}

/// Draws the trials in their place. The loader finds it by the island's name.
#[cfg(feature = "trials")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "DiagnosisPlace_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_diagnosis(island: web_sys::HtmlElement) {
    #[derive(Deserialize)]
    struct Props {
        reach: Reach,
    }
    let Some(Props { reach }) = crate::browser::page::props(&island) else { return };
    island.set_inner_html("");
    mount_to(island, move || super::trials::trials(reach)).forget();
}
