//! Trying each thing, in the browser.

use super::super::room::{Device, Trouble, socket, trial};
use super::page::{Told, Verdict};
use crate::browser::net;
use crate::browser::room::{devices, place, sound};
use domain::ids::WebinarId;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlVideoElement;

/// Media that does not come within this is blocked, in milliseconds.
const PATIENCE: u32 = 8_000;
/// How long the microphone is listened to, in tenths of a second.
const LISTENING: u32 = 300;
/// Louder than a quiet room.
const VOICE: f64 = 35.0;

#[derive(Serialize, Deserialize)]
struct Description {
    sdp: String,
}

fn tell(told: Told, trial: RwSignal<Verdict>, verdict: Verdict) {
    if let Verdict::Good(said) | Verdict::Bad(said) = &verdict {
        told.said.set(said.clone());
    }
    trial.set(verdict);
}

/// What can be tried without asking the person.
pub(super) fn begin(told: Told, webinar: WebinarId) {
    let missing: Vec<&str> = trial::NEEDED.into_iter().filter(|word| !place::knows(word)).collect();
    let verdict = if missing.is_empty() {
        Verdict::Good("Votre navigateur sait recevoir le webinaire.".to_owned())
    } else {
        Verdict::Bad("Ce navigateur est trop ancien pour recevoir le son et l’image en direct. Utilisez Firefox, Chrome, Edge ou Safari à jour.".to_owned())
    };
    tell(told, told.browser, verdict);
    network(told, webinar);
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
        let verdict = match media(webinar).await {
            Some(milliseconds) => Verdict::Good(format!("Le son et l’image passent, en {milliseconds}\u{a0}ms.")),
            None => Verdict::Bad("Le son et l’image ne passent pas\u{a0}: le réseau bloque sans doute l’UDP. Essayez un autre réseau (partage de connexion d’un téléphone), ou demandez au service informatique de l’autoriser vers ce serveur. La discussion et les sondages restent possibles.".to_owned()),
        };
        tell(told, told.media, verdict);
    });
}

async fn media(webinar: WebinarId) -> Option<u32> {
    let address = format!("/webinaires/{webinar}/essai");
    trial::connects(PATIENCE, async |sdp| {
        let body = serde_json::to_string(&Description { sdp }).ok()?;
        let reply = net::post_json(&address, &body).await.filter(|reply| reply.status == 200)?;
        serde_json::from_str::<Description>(&reply.body).ok().map(|description| description.sdp)
    })
    .await
}

/// Plays the tone; whether it is heard is asked.
pub(super) fn play(told: Told) {
    if sound::tone().is_ok() {
        told.played.set(true);
        told.said.set("Un son est joué. Dites ensuite si vous l’avez entendu.".to_owned());
    } else {
        let why = "Ce navigateur ne joue pas de son. Mettez-le à jour.";
        tell(told, told.loudspeaker, Verdict::Bad(why.to_owned()));
    }
}

/// Listens to the microphone for half a minute, and tells as soon as a voice is heard.
pub(super) fn listen(told: Told) {
    told.microphone.set(Verdict::Running);
    spawn_local(async move {
        let stream = match devices::microphone().await {
            Ok(stream) => stream,
            Err(name) => {
                let why = Trouble::named(&name).said(Device::Microphone).to_owned();
                return tell(told, told.microphone, Verdict::Bad(why));
            }
        };
        let Ok(level) = sound::Level::of(&stream) else { return };
        told.said.set("Le micro est ouvert\u{a0}: parlez.".to_owned());
        let (heard, left) = (Cell::new(false), Cell::new(LISTENING));
        let timer = Rc::new(RefCell::new(None::<IntervalHandle>));
        let clock = Rc::clone(&timer);
        let beat = move || {
            let now = level.now();
            told.level.set(now);
            if now > VOICE && !heard.replace(true) {
                tell(told, told.microphone, Verdict::Good("Le micro vous entend.".to_owned()));
            }
            left.set(left.get().saturating_sub(1));
            if left.get() == 0 {
                if !heard.get() {
                    let why = "Le micro est branché mais n’entend rien. Vérifiez qu’il n’est pas coupé (bouton du casque, réglages du son), puis recommencez.";
                    tell(told, told.microphone, Verdict::Bad(why.to_owned()));
                }
                told.level.set(0.0);
                devices::stop(&stream);
                if let Some(timer) = clock.take() {
                    timer.clear();
                }
            }
        };
        timer.replace(set_interval_with_handle(beat, Duration::from_millis(100)).ok());
    });
}

/// Shows what the camera sees.
pub(super) fn look(told: Told, video: &HtmlVideoElement) {
    told.camera.set(Verdict::Running);
    let video = video.clone();
    spawn_local(async move {
        match devices::camera().await {
            Ok(stream) => {
                if let Some(former) = video.src_object() {
                    devices::stop(&former);
                }
                video.set_src_object(Some(&stream));
                tell(told, told.camera, Verdict::Good("La caméra fonctionne\u{a0}: voici ce qu’elle voit.".to_owned()));
            }
            Err(name) => tell(told, told.camera, Verdict::Bad(Trouble::named(&name).said(Device::Camera).to_owned())),
        }
    });
}
