//! Help, and the keys that do something from anywhere in the room. All of them want Alt: no letter typed, or said to
//! a computer, does anything by itself (WCAG 2.1.4, RGAA 12.11).

use super::super::desk::Desk;
use leptos::prelude::*;

/// Keys with Alt: letter, what it does.
const KEYS: [(&str, &str); 9] = [
    ("L", "lever ou baisser la main, rendre la parole"),
    ("M", "allumer ou couper le micro, quand vous avez la parole"),
    ("V", "allumer ou couper la caméra, quand vous avez la parole"),
    ("P", "partager l’écran (animation)"),
    ("J", "répondre «\u{a0}Je suis là\u{a0}»"),
    ("T", "écrire dans la discussion"),
    ("K", "changer de disposition\u{a0}: écran, caméra, mosaïque"),
    ("G", "mettre la scène en plein écran, ou en sortir"),
    ("A", "ouvrir cette aide"),
];

pub(super) fn help(desk: Desk) -> AnyView {
    let place = NodeRef::<leptos::html::Dialog>::new();
    let close = move |_| desk.help.set(false);
    Effect::new(move |_| {
        let open = desk.help.get();
        #[cfg(feature = "room")]
        if let Some(dialog) = place.get() {
            crate::browser::room::place::dialog(&dialog, open);
        }
        #[cfg(not(feature = "room"))]
        let _ = open;
    });
    let lines =
        KEYS.into_iter().map(|(key, does)| view! { <dt><kbd>"Alt"</kbd>" + "<kbd>{key}</kbd></dt><dd>{does}</dd> });
    view! {
        <dialog class="help" aria-labelledby="aide-titre" node_ref=place on:close=move |_| desk.help.set(false)>
            <h2 id="aide-titre">"Aide et raccourcis"</h2>
            <p>"Vous regardez et écoutez\u{a0}: rien de vous n’est filmé ni enregistré. Pour prendre la parole, levez la main\u{a0}; votre micro et votre caméra ne s’allument que si vous le demandez."</p>
            <h3>"Au clavier"</h3>
            <dl class="keys">{lines.collect_view()}</dl>
            <p class="small">"Dans les onglets, les flèches passent de l’un à l’autre. Dans la discussion, Entrée envoie, Maj\u{a0}+\u{a0}Entrée passe à la ligne."</p>
            <p><button type="button" class="button" on:click=close>"Fermer"</button></p>
        </dialog>
    }
    .into_any()
}
