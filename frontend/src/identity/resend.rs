//! A session ended while a form was being filled: what was typed waits here.

use leptos::prelude::*;

/// The form that came too late, to be sent again once signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resend {
    /// Where the form goes.
    pub action: String,
    pub fields: Vec<(String, String)>,
}

/// The page, without its shell. Signing in happens in another tab, so that nothing typed leaves this one.
pub fn resend_page(page: Resend) -> impl IntoView {
    let Resend { action, fields } = page;
    let fields =
        fields.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view();
    view! {
        <h1>"Reconnectez-vous pour enregistrer"</h1>
        <p class="lead">"Votre session a pris fin avant l’envoi. Vos réponses sont dans cette page\u{a0}: gardez-la ouverte."</p>
        <ol>
            <li><a href="/connexion" target="_blank">"Reconnectez-vous dans un autre onglet"</a>"."</li>
            <li>"Revenez ici, puis envoyez vos réponses."</li>
        </ol>
        <form class="form" method="post" action=action>
            {fields}
            <button type="submit" class="button">"Envoyer mes réponses"</button>
        </form>
    }
}
