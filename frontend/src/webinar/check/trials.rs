//! Trying each thing, in the browser.

use super::super::gear::{Chosen, Gear};
use super::super::pictures;
use super::super::room::trial::{self, Stood};
use super::super::room::{Device, Trouble, otherwise, socket};
use super::page::{Told, Verdict};
use crate::browser::room::devices::{self, Given};
use crate::browser::room::{direct, memory, place, sound};
use domain::ids::WebinarId;
use domain::webinar::signal::Pictures;
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlVideoElement, MediaStream};

/// Media that does not come within this is blocked, in milliseconds.
const PATIENCE: u32 = 8_000;
/// How long the microphone is listened to, in tenths of a second.
const LISTENING: u32 = 300;
/// Louder than a quiet room.
const VOICE: f64 = 35.0;

fn tell(told: Told, trial: RwSignal<Verdict>, verdict: Verdict) {
    if let Verdict::Good(said) | Verdict::Bad(said) = &verdict {
        told.said.set(said.clone());
    }
    trial.set(verdict);
}

/// Reads what was chosen on this machine, and follows what is plugged in and out.
fn know(gear: Chosen) {
    for one in Gear::ALL {
        gear.of(one).set(devices::remembered(one));
    }
    list(gear);
    devices::on_change(move || list(gear));
}

fn list(gear: Chosen) {
    spawn_local(async move { gear.known.set(devices::known().await) });
}

/// Another one is chosen: remembered, and tried at once where the former one was being.
pub(super) fn pick(told: Told, gear: Gear, id: String, picture: Option<&HtmlVideoElement>) {
    devices::remember(gear, &id);
    told.gear.of(gear).set(id);
    match gear {
        Gear::Microphone if EAR.with_borrow(Option::is_some) => listen(told),
        Gear::Camera => {
            if let Some(picture) = picture.filter(|picture| picture.src_object().is_some()) {
                look(told, picture);
            }
        }
        Gear::Microphone | Gear::Loudspeaker => {}
    }
}

/// What can be tried without asking the person.
pub(super) fn begin(told: Told, webinar: WebinarId, light: bool) {
    know(told.gear);
    told.pictures.set(pictures::chosen(&memory::kept(pictures::KEY).unwrap_or_default(), light));
    let missing: Vec<&str> = trial::NEEDED.into_iter().filter(|word| !place::knows(word)).collect();
    let verdict = if missing.is_empty() {
        Verdict::Good("Votre navigateur sait recevoir le webinaire.".to_owned())
    } else {
        Verdict::Bad("Ce navigateur est trop ancien pour recevoir le son et l’image en direct. Utilisez Firefox, Chrome, Edge ou Safari à jour.".to_owned())
    };
    tell(told, told.browser, verdict);
    network(told, webinar);
}

/// What is to be shown is remembered for the room.
pub(super) fn choose(chosen: Pictures) {
    memory::keep(pictures::KEY, pictures::key(chosen));
}

/// The two ways to the server: the line for words, and the one for sound and pictures.
pub(super) fn network(told: Told, webinar: WebinarId) {
    told.line.set(Verdict::Running);
    told.media.set(Verdict::Running);
    spawn_local(async move {
        let open = socket::echoes(&format!("/webinaires/{webinar}/essai"), PATIENCE).await;
        let verdict = if open {
            Verdict::Good("La discussion, les questions et les sondages passent.".to_owned())
        } else {
            Verdict::Bad("La liaison avec le serveur ne s’établit pas. Vérifiez la connexion\u{a0}; sur un réseau d’administration, demandez au service informatique d’autoriser les WebSockets vers ce site (port 443).".to_owned())
        };
        tell(told, told.line, verdict);
        let verdict = match trial::connects(PATIENCE, trial::Ways::Any, &format!("/webinaires/{webinar}/essai")).await {
            Some(Stood { milliseconds, way }) => {
                let said = format!("Le son et l’image passent, en {milliseconds}\u{a0}ms.");
                let slow = way.and_then(otherwise).unwrap_or_default();
                Verdict::Good(format!("{said} {slow}").trim_end().to_owned())
            }
            None if open && direct::can_play() => Verdict::Good("Le son et l’image passeront par HTTPS, avec 2 à 3\u{a0}secondes de retard\u{a0}: votre réseau ne laisse passer que les pages. Vous ne pourrez ni parler ni vous montrer\u{a0}; la discussion et les sondages fonctionnent. Le diagnostic de la connexion, ci-dessous, dit quoi demander à votre service informatique.".to_owned()),
            None => Verdict::Bad("Le son et l’image ne passent pas\u{a0}: le réseau les bloque. Essayez un autre réseau (partage de connexion d’un téléphone), ou faites le diagnostic de la connexion, ci-dessous, pour votre service informatique. La discussion et les sondages restent possibles.".to_owned()),
        };
        tell(told, told.media, verdict);
    });
}

/// Plays the tone; whether it is heard is asked.
pub(super) fn play(told: Told) {
    spawn_local(async move {
        if let Ok(replaced) = sound::tone(&told.gear.of(Gear::Loudspeaker).get_untracked()).await {
            told.played.set(true);
            told.said.set("Un son est joué. Dites ensuite si vous l’avez entendu.".to_owned());
            if replaced {
                tell(told, told.loudspeaker, Verdict::Bad(Gear::Loudspeaker.replaced().to_owned()));
            }
        } else {
            let why = "Ce navigateur ne joue pas de son. Mettez-le à jour.";
            tell(told, told.loudspeaker, Verdict::Bad(why.to_owned()));
        }
    });
}

/// What works, and that it is another one than was chosen, where it is.
fn works(gear: Gear, replaced: bool, said: &str) -> Verdict {
    Verdict::Good(if replaced { format!("{said} {}", gear.replaced()) } else { said.to_owned() })
}

/// Listens to the microphone for half a minute, and tells as soon as a voice is heard.
pub(super) fn listen(told: Told) {
    told.microphone.set(Verdict::Running);
    spawn_local(async move {
        let asked = devices::ask(Gear::Microphone, &told.gear.of(Gear::Microphone).get_untracked()).await;
        let Given { stream, replaced } = match asked {
            Ok(given) => given,
            Err(name) => {
                let why = Trouble::named(&name).said(Device::Microphone).to_owned();
                return tell(told, told.microphone, Verdict::Bad(why));
            }
        };
        list(told.gear);
        let Ok(level) = sound::Level::of(&stream) else { return };
        told.said.set("Le micro est ouvert\u{a0}: parlez.".to_owned());
        let (heard, left) = (Cell::new(false), Cell::new(LISTENING));
        let beat = move || {
            let now = level.now();
            told.level.set(now);
            if now > VOICE && !heard.replace(true) {
                tell(told, told.microphone, works(Gear::Microphone, replaced, "Le micro vous entend."));
            }
            left.set(left.get().saturating_sub(1));
            if left.get() == 0 {
                if !heard.get() {
                    let why = "Le micro est branché mais n’entend rien. Vérifiez qu’il n’est pas coupé (bouton du casque, réglages du son), puis recommencez.";
                    tell(told, told.microphone, Verdict::Bad(why.to_owned()));
                }
                EAR.take();
            }
        };
        let timer = set_interval_with_handle(beat, Duration::from_millis(100)).ok();
        // One microphone is listened to at a time.
        EAR.set(Some(Ear { stream, timer, level: told.level }));
    });
}

/// A microphone that is listened to. Dropping it lets it go.
struct Ear {
    stream: MediaStream,
    timer: Option<IntervalHandle>,
    level: RwSignal<f64>,
}

impl Drop for Ear {
    fn drop(&mut self) {
        devices::stop(&self.stream);
        self.level.set(0.0);
        if let Some(timer) = self.timer {
            timer.clear();
        }
    }
}

thread_local! {
    // A page has one check.
    static EAR: RefCell<Option<Ear>> = const { RefCell::new(None) };
}

/// Shows what the camera sees.
pub(super) fn look(told: Told, video: &HtmlVideoElement) {
    told.camera.set(Verdict::Running);
    let video = video.clone();
    spawn_local(async move {
        match devices::ask(Gear::Camera, &told.gear.of(Gear::Camera).get_untracked()).await {
            Ok(Given { stream, replaced }) => {
                list(told.gear);
                if let Some(former) = video.src_object() {
                    devices::stop(&former);
                }
                video.set_src_object(Some(&stream));
                let said = "La caméra fonctionne\u{a0}: voici ce qu’elle voit.";
                tell(told, told.camera, works(Gear::Camera, replaced, said));
            }
            Err(name) => tell(told, told.camera, Verdict::Bad(Trouble::named(&name).said(Device::Camera).to_owned())),
        }
    });
}
