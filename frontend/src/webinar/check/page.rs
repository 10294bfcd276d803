//! The page, and the island that tries each thing and says in plain words what works.

use super::super::gear::{Chosen, Gear, choice};
use super::super::pictures;
#[cfg(feature = "ssr")]
use super::super::room::ask;
#[cfg(feature = "ssr")]
use crate::ui::rooted::rooted;
use domain::ids::WebinarId;
use domain::webinar::signal::Pictures;
use leptos::prelude::*;
#[cfg(feature = "room")]
use leptos::web_sys;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckPage {
    pub webinar: WebinarId,
    pub title: String,
    /// The webinar is recorded: what that means, and until when it is kept; empty where it is not.
    pub recorded: String,
    /// Where to ask for help: an e-mail address; may be empty.
    pub help: String,
    /// Pages are asked for without images.
    pub light: bool,
}

/// What came of a trial.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Verdict {
    #[default]
    ToDo,
    Running,
    /// In words for a person, as the other one.
    Good(String),
    Bad(String),
}

impl Verdict {
    fn key(&self) -> &'static str {
        match self {
            Self::ToDo => "to-do",
            Self::Running => "running",
            Self::Good(_) => "good",
            Self::Bad(_) => "bad",
        }
    }

    fn said(&self, to_do: &'static str) -> String {
        match self {
            Self::ToDo => to_do.to_owned(),
            Self::Running => "Essai en cours…".to_owned(),
            Self::Good(said) | Self::Bad(said) => said.clone(),
        }
    }
}

/// The trials of the page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) browser: RwSignal<Verdict>,
    pub(crate) line: RwSignal<Verdict>,
    pub(crate) media: RwSignal<Verdict>,
    pub(crate) loudspeaker: RwSignal<Verdict>,
    pub(crate) microphone: RwSignal<Verdict>,
    pub(crate) camera: RwSignal<Verdict>,
    /// How loud the microphone is, from 0 to 100.
    pub(crate) level: RwSignal<f64>,
    /// The tone was played: whether it was heard is the person's to say.
    pub(crate) played: RwSignal<bool>,
    /// For screen readers.
    pub(crate) said: RwSignal<String>,
    pub(crate) gear: Chosen,
    /// What is to be shown of the webinar.
    pub(crate) pictures: RwSignal<Pictures>,
}

impl Told {
    fn new() -> Self {
        Self {
            browser: RwSignal::default(),
            line: RwSignal::default(),
            media: RwSignal::default(),
            loudspeaker: RwSignal::default(),
            microphone: RwSignal::default(),
            camera: RwSignal::default(),
            level: RwSignal::new(0.0),
            played: RwSignal::new(false),
            said: RwSignal::default(),
            gear: Chosen::new(),
            pictures: RwSignal::default(),
        }
    }
}

/// The page, without its shell.
#[cfg(feature = "ssr")]
pub fn check_page(page: CheckPage) -> impl IntoView {
    let CheckPage { webinar, title, recorded, help, light } = page;
    rooted(move || {
        view! {
            <article>
                <p class="overline"><a href=format!("/webinaires/{webinar}")>{title}</a></p>
                <h1>"Vérifier mon matériel"</h1>
                <p class="lead">"Deux minutes avant d’entrer, pour ne rien manquer ensuite. Pour suivre le webinaire, il suffit d’entendre\u{a0}: le micro et la caméra ne servent que si vous prenez la parole."</p>
                {(!recorded.is_empty()).then(|| view! {
                    <div class="notice"><p class="notice-title">"Ce webinaire est enregistré."</p><p>{recorded}</p></div>
                })}
                <Trials webinar=webinar light=light/>
                <p><a class="button" href=format!("/webinaires/{webinar}/salle")>"Entrer dans la salle"</a></p>
                <p class="small">{ask(&help)}</p>
            </article>
        }
    })
}

/// Draws the trials in their place, and begins. The loader finds it by the island's name.
#[cfg(feature = "trials")]
#[leptos::wasm_bindgen::prelude::wasm_bindgen(js_name = "Trials_0", wasm_bindgen = leptos::wasm_bindgen)]
pub fn wake_trials(island: web_sys::HtmlElement) {
    #[derive(serde::Deserialize)]
    struct Props {
        webinar: WebinarId,
        light: bool,
    }
    let Some(Props { webinar, light }) = crate::browser::page::props(&island) else { return };
    island.set_inner_html("");
    mount_to(island, move || Trials(TrialsProps { webinar, light })).forget();
}

/// The trials, one after the other.
#[cfg_attr(feature = "ssr", island)]
#[cfg_attr(not(feature = "ssr"), component)]
pub fn Trials(webinar: WebinarId, light: bool) -> impl IntoView {
    let told = Told::new();
    told.pictures.set(pictures::chosen("", light));
    let awake = RwSignal::new(false);
    let picture = NodeRef::<leptos::html::Video>::new();
    #[cfg(feature = "room")]
    picture.on_load(move |_| {
        awake.set(true);
        super::trials::begin(told, webinar, light);
    });
    let asleep = move || !awake.get();
    let try_line = move |_| {
        #[cfg(feature = "room")]
        super::trials::network(told, webinar);
    };
    let play = move |_| {
        #[cfg(feature = "room")]
        super::trials::play(told);
    };
    let listen = move |_| {
        #[cfg(feature = "room")]
        super::trials::listen(told);
    };
    let look = move |_| {
        #[cfg(feature = "room")]
        if let Some(video) = picture.get_untracked() {
            super::trials::look(told, &video);
        }
    };
    let pick = move |gear: Gear| {
        let picked = move |id: String| {
            #[cfg(feature = "room")]
            super::trials::pick(told, gear, id, picture.get_untracked().as_ref());
            #[cfg(not(feature = "room"))]
            drop(id);
        };
        choice(told.gear, gear, Box::new(picked))
    };
    let heard = move |yes: bool| {
        move |_| {
            let verdict = if yes {
                Verdict::Good("Vous entendez\u{a0}: tout va bien de ce côté.".to_owned())
            } else {
                Verdict::Bad("Montez le volume de l’ordinateur, vérifiez que le casque ou les enceintes sont branchés et choisis comme sortie du son, puis recommencez.".to_owned())
            };
            told.loudspeaker.set(verdict);
        }
    };
    let choose = move |chosen| {
        told.pictures.set(chosen);
        #[cfg(feature = "room")]
        super::trials::choose(chosen);
    };
    let running = move |trial: RwSignal<Verdict>| move || asleep() || trial.get() == Verdict::Running;
    view! {
        <ul class="trials">
            <li class="trial">
                <h2>"Le navigateur"</h2>
                {verdict(told.browser, "Sans JavaScript, rien ne peut être essayé ici, et la salle ne s’ouvrira pas. Activez-le, ou changez de navigateur.")}
            </li>
            <li class="trial">
                <h2>"La connexion au serveur"</h2>
                {verdict(told.line, "À essayer\u{a0}: discussion, questions et sondages.")}
                {verdict(told.media, "À essayer\u{a0}: son et image.")}
                <button type="button" class="button is-quiet" disabled=running(told.media) on:click=try_line>"Réessayer la connexion"</button>
                <p><a href=format!("/webinaires/{webinar}/diagnostic")>"Diagnostic de la connexion"</a>", pour savoir ce qui bloque et quoi demander au service informatique."</p>
            </li>
            <li class="trial">
                <h2>"L’image et la consommation"</h2>
                {pictures::choice(move || told.pictures.get(), || None, choose)}
            </li>
            <li class="trial">
                <h2>"Les haut-parleurs"</h2>
                {pick(Gear::Loudspeaker)}
                {verdict(told.loudspeaker, "À essayer\u{a0}: un son doux d’une seconde.")}
                <ul class="actions">
                    <li><button type="button" class="button is-quiet" disabled=asleep on:click=play>"Jouer un son"</button></li>
                    <li hidden=move || !told.played.get()><button type="button" class="button is-quiet" on:click=heard(true)>"Je l’ai entendu"</button></li>
                    <li hidden=move || !told.played.get()><button type="button" class="button is-quiet" on:click=heard(false)>"Je n’entends rien"</button></li>
                </ul>
            </li>
            <li class="trial">
                <h2>"Le micro"</h2>
                {pick(Gear::Microphone)}
                {verdict(told.microphone, "Facultatif. Rien n’est enregistré ni envoyé.")}
                <p>
                    <label for="niveau">"Niveau du micro"</label>
                    <meter id="niveau" min="0" max="100" low="15" prop:value=move || told.level.get()></meter>
                </p>
                <button type="button" class="button is-quiet" disabled=running(told.microphone) on:click=listen>"Essayer le micro"</button>
            </li>
            <li class="trial">
                <h2>"La caméra"</h2>
                {pick(Gear::Camera)}
                {verdict(told.camera, "Facultatif. L’image ne quitte pas cet ordinateur.")}
                <video node_ref=picture prop:muted=true playsinline=true autoplay=true aria-label="Ce que voit votre caméra" hidden=move || !matches!(told.camera.get(), Verdict::Good(_))></video>
                <button type="button" class="button is-quiet" disabled=running(told.camera) on:click=look>"Essayer la caméra"</button>
            </li>
        </ul>
        <p class="visually-hidden" role="status">{move || told.said.get()}</p>
    }
}

fn verdict(of: RwSignal<Verdict>, to_do: &'static str) -> AnyView {
    view! { <p class="verdict" data-verdict=move || of.get().key()>{move || of.get().said(to_do)}</p> }.into_any()
}
