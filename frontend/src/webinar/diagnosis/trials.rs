//! Trying each leg, in the browser, and what is seen of it.

use super::findings::{Findings, Found, Sound, Words};
use super::page::Reach;
use super::sheet::{clock, decimal, rate, sheet};
use crate::browser::room::{direct, first, pings, place, rate as rates};
use crate::webinar::room::trial::{self, Ways};
use crate::webinar::way::{Over, Way};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

const HERE: &str = "/diagnostic";
const BYTES: &str = "/diagnostic/debit";
/// A leg that does not answer within this is blocked, in milliseconds.
const PATIENCE: u32 = 8_000;
const PINGS: usize = 12;
/// How long a tone is sent, in milliseconds.
const TONE: u32 = 5_000;
/// Bytes that are asked for, and sent, one amount after the other, until one takes long enough to tell (milliseconds).
const DOWN: [u32; 4] = [32 << 10, 128 << 10, 512 << 10, 2 << 20];
const UP: [u32; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
const TELLING: f64 = 1_200.0;

/// The trials, before, during and after.
pub(super) fn trials(reach: Reach) -> AnyView {
    let findings = RwSignal::new(Findings::new(&reach));
    let running = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let kept = StoredValue::new(reach);
    let begin = move |_| {
        if running.get_untracked() {
            return;
        }
        running.set(true);
        findings.set(kept.with_value(Findings::new));
        said.set("Le diagnostic est en cours.".to_owned());
        spawn_local(async move {
            try_all(findings).await;
            running.set(false);
            said.set(findings.with_untracked(Findings::said));
        });
    };
    let over = move || findings.with(|findings| findings.over);
    let text = move || {
        let first = first::kept().map(|first| (first.milliseconds, first.way));
        findings.with(|findings| kept.with_value(|reach| sheet(findings, reach, first)))
    };
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let text = untrack(text);
        spawn_local(async move { copied.set(place::copy(&text).await) });
    };
    view! {
        <p class="no-print">"L’essai dure moins d’une minute et échange cinq mégaoctets au plus, moins sur une ligne lente. Rien n’est gardé sur le serveur."</p>
        <p class="no-print">
            <button type="button" class="button" disabled=move || running.get() on:click=begin>
                {move || if over() { "Recommencer le diagnostic" } else { "Lancer le diagnostic" }}
            </button>
        </p>
        <ul class="trials no-print">{move || legs(&findings.get())}</ul>
        <section class="diagnosis-sheet" hidden=move || !over() aria-labelledby="fiche">
            <h2 id="fiche" class="no-print">"La fiche pour le service informatique"</h2>
            <p class="lead no-print">{move || findings.with(Findings::said)}</p>
            <pre class="diagnosis-text" tabindex="0" aria-labelledby="fiche">{text}</pre>
            <ul class="actions no-print">
                <li><button type="button" class="button" on:click=copy>"Copier le texte"</button></li>
                <li><button type="button" class="button is-quiet" on:click=|_| place::print()>"Imprimer la fiche"</button></li>
            </ul>
            <p class="no-print" role="status">{move || copied.get().then_some("Le texte est copié\u{a0}: collez-le dans un courriel.")}</p>
        </section>
        <p class="visually-hidden" role="status">{move || said.get()}</p>
    }
    .into_any()
}

/// Each leg, with what came of it.
fn legs(findings: &Findings) -> Vec<AnyView> {
    let mut legs = vec![
        leg("Le nom du serveur et les pages (HTTPS)", &findings.pages, |took| {
            format!("Passent, en {took:.0}\u{a0}ms.")
        }),
        leg("La discussion et les sondages (WebSocket)", &findings.words, |words| {
            format!(
                "Passent\u{a0}: {:.0}\u{a0}ms aller-retour, gigue {:.0}\u{a0}ms\u{a0}; horloge de l’ordinateur {}.",
                words.delay,
                words.jitter,
                clock(words.skew)
            )
        }),
    ];
    legs.extend(findings.ways.iter().map(|(way, found)| {
        leg(&format!("Le son et l’image par {}", way.name()), found, |took| format!("Passent, en {took}\u{a0}ms."))
    }));
    legs.push(leg("Les pertes par UDP, sur cinq secondes de son envoyé", &findings.sound, |sound| {
        format!("{}\u{a0}% de pertes.", decimal(sound.lost))
    }));
    legs.push(leg("Le débit reçu", &findings.down, |kilobits| rate(*kilobits)));
    legs.push(leg("Le débit envoyé", &findings.up, |kilobits| rate(*kilobits)));
    legs
}

fn leg<T>(title: &str, found: &Found<T>, passes: impl Fn(&T) -> String) -> AnyView {
    let (key, said) = match found {
        Found::ToDo => ("to-do", "À essayer.".to_owned()),
        Found::Running => ("running", "Essai en cours…".to_owned()),
        Found::Passes(found) => ("good", passes(found)),
        Found::Blocked => ("bad", "Ne passe pas.".to_owned()),
        Found::Moot(why) => ("to-do", (*why).to_owned()),
    };
    view! { <li class="trial"><h2>{title.to_owned()}</h2><p class="verdict" data-verdict=key>{said}</p></li> }
        .into_any()
}

async fn try_all(findings: RwSignal<Findings>) {
    findings.update(|findings| findings.pages = Found::Running);
    let pages = rates::answers("/health/live", PATIENCE).await;
    findings.update(|findings| (findings.pages, findings.words) = (Found::of(pages), Found::Running));
    let pongs = pings::ping(HERE, PINGS, PATIENCE).await;
    let pongs: Vec<_> = pongs.iter().map(|pong| (pong.took, pong.skew)).collect();
    findings.update(|findings| {
        findings.words = Found::of(Words::of(&pongs));
        findings.plays = direct::can_play();
    });
    let ways: Vec<Way> = findings.with_untracked(|findings| findings.ways.iter().map(|(way, _)| *way).collect());
    for (rank, way) in ways.into_iter().enumerate() {
        let note = |found| findings.update(|findings| findings.ways[rank].1 = found);
        note(Found::Running);
        let stood = trial::connects(PATIENCE, Ways::Only(way), HERE).await;
        note(Found::of(stood.map(|stood| stood.milliseconds)));
    }
    let mut sound = Found::Moot("Ne se mesure pas\u{a0}: rien ne passe par UDP.");
    if let Some(best) = findings.with_untracked(Findings::best).filter(|best| best.over == Over::Udp) {
        findings.update(|findings| findings.sound = Found::Running);
        let carried = trial::carries(PATIENCE, TONE, Ways::Only(best), HERE).await;
        let carried = carried.filter(|carried| carried.sent > 0.0);
        sound = Found::of(carried.map(|carried| Sound { lost: (carried.lost / carried.sent * 100.0).min(100.0) }));
    }
    findings.update(|findings| (findings.sound, findings.down) = (sound, Found::Running));
    let mut down = None;
    for bytes in DOWN {
        let Some(took) = rates::down(BYTES, bytes, PATIENCE).await else { break };
        down = Some(f64::from(bytes) * 8.0 / took.max(1.0));
        if took > TELLING {
            break;
        }
    }
    findings.update(|findings| (findings.down, findings.up) = (Found::of(down), Found::Running));
    let mut up = None;
    for bytes in UP {
        let Some(took) = rates::up(BYTES, bytes, PATIENCE).await else { break };
        up = Some(f64::from(bytes) * 8.0 / took.max(1.0));
        if took > TELLING {
            break;
        }
    }
    findings.update(|findings| {
        findings.up = Found::of(up);
        findings.over = true;
    });
}
