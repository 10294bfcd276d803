//! Passkeys: asked for at sign-in and after the password, made, named, taken away. Their forms are sent by a script of the
//! page, which the shell adds where it finds one of them; without it a sentence says so.

use super::going_back;
use crate::ui::{TextField, problem_box};
use domain::identity::MAX_PASSKEY_NAME;
use leptos::prelude::*;

/// A form that asks an authenticator. Sends `challenge`, `credential`, `back` and, where it names a new one, `name` to
/// `action`; what to sign is asked for at `action` with `/defi`.
#[derive(Debug, Clone, Default)]
pub(super) struct PasskeyForm {
    pub(super) action: &'static str,
    pub(super) label: &'static str,
    pub(super) back: Option<String>,
    /// Whether it makes one, that has a name.
    pub(super) makes: bool,
    /// Whether browsers may offer it in the field of the address, unasked.
    pub(super) offered: bool,
    /// Whether the page has a button that comes before this one.
    pub(super) second: bool,
    /// What to do without script.
    pub(super) without_script: &'static str,
}

impl PasskeyForm {
    pub(super) fn view(self) -> impl IntoView {
        let Self { action, label, back, makes, offered, second, without_script } = self;
        let name = makes.then(|| {
            let hint = "Facultatif\u{a0}: celui de l’appareil ou du trousseau qui la garde, «\u{a0}Téléphone du travail\u{a0}» par exemple.";
            TextField {
                label: "Nom de la clé d’accès",
                name: "name",
                hint: Some(hint.to_owned()),
                autocomplete: "off",
                optional: true,
                length: Some((0, u32::try_from(MAX_PASSKEY_NAME).unwrap_or(u32::MAX))),
                ..TextField::default()
            }
            .view()
        });
        view! {
            <noscript><p>{without_script}</p></noscript>
            <form class="form" method="post" action=action data-passkey=if offered { "offered" } else { "asked" } hidden>
                {name}
                <input type="hidden" name="challenge"/>
                <input type="hidden" name="credential"/>
                {going_back(back)}
                <button type="submit" class=if second { "button is-quiet" } else { "button" }>{label}</button>
                <p class="field-problem" role="alert"></p>
            </form>
        }
    }
}

/// The way in by a passkey alone, on the sign-in page.
pub(super) fn way_in(back: Option<String>) -> impl IntoView {
    let form = PasskeyForm {
        action: "/connexion/cle",
        label: "Se connecter avec une clé d’accès",
        back,
        offered: true,
        second: true,
        without_script: "Une clé d’accès demande que JavaScript soit permis dans le navigateur\u{a0}: sans lui, votre mot de passe suffit, suivi d’un code si votre compte en demande un.",
        ..PasskeyForm::default()
    };
    view! { <section aria-label="Clé d’accès">{form.view()}</section> }
}

/// What one makes a passkey with: the form, or why there is none.
pub(super) fn maker(why_not: Option<&'static str>, back: Option<String>) -> impl IntoView {
    match why_not {
        Some(why) => view! { <p>{why}</p> }.into_any(),
        None => PasskeyForm {
            action: "/second-facteur/cles",
            label: "Créer une clé d’accès",
            back,
            makes: true,
            without_script: "Une clé d’accès demande que JavaScript soit permis dans le navigateur\u{a0}: permettez-le et rechargez la page, ou prenez une application de codes, qui s’en passe.",
            ..PasskeyForm::default()
        }
        .view()
        .into_any(),
    }
}

/// The page where one more is made, without its shell.
pub fn add_passkey_page(problem: Option<String>, why_not: Option<&'static str>) -> impl IntoView {
    view! {
        <h1>"Ajouter une clé d’accès"</h1>
        {problem_box(problem)}
        <p>"Votre téléphone, votre ordinateur ou une clé de sécurité la garde, et ne l’ouvre que par votre doigt, votre visage ou votre code\u{a0}: rien à taper, rien à se faire voler par un faux site."</p>
        {maker(why_not, None)}
        <p><a href="/second-facteur">"Revenir au second facteur"</a></p>
    }
}

/// A passkey, as the page of one's own second factor lists it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PasskeyLine {
    pub id: i64,
    pub name: String,
    /// « 1er décembre 2026 »
    pub since: String,
    /// « 1er décembre 2026 à 9 h 00 »; none where it never served.
    pub used: Option<String>,
}

pub(super) fn line(PasskeyLine { id, name, since, used }: PasskeyLine) -> impl IntoView {
    let used =
        used.map_or_else(|| ", jamais servie depuis".to_owned(), |used| format!(", servie en dernier le {used}"));
    view! {
        <li><a href=format!("/second-facteur/cles/{id}")>{name}</a>"\u{a0}: ajoutée le "{since}{used}"."</li>
    }
}

/// The page of one passkey, without its shell. Sends `do`: `rename` with `name`, or `remove`.
pub fn passkey_page(PasskeyLine { id, name, since, used }: PasskeyLine, stays: bool) -> impl IntoView {
    let action = format!("/second-facteur/cles/{id}");
    let field = TextField {
        label: "Nom",
        name: "name",
        value: name.clone(),
        autocomplete: "off",
        length: Some((1, u32::try_from(MAX_PASSKEY_NAME).unwrap_or(u32::MAX))),
        ..TextField::default()
    };
    let removal = if stays {
        view! { <p>"Votre rôle demande un second facteur, et celui-ci est le dernier qui vous reste\u{a0}: ajoutez-en un autre avant de la retirer."</p> }
            .into_any()
    } else {
        view! {
            <p>"Elle n’ouvrira plus votre compte. Supprimez-la aussi de l’appareil ou du trousseau qui la garde."</p>
            <form class="form" method="post" action=action.clone()>
                <button type="submit" class="button is-quiet" name="do" value="remove">"Retirer cette clé d’accès"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <h1>{format!("Clé d’accès «\u{a0}{name}\u{a0}»")}</h1>
        <p>"Ajoutée le "{since}{used.map(|used| format!(", servie en dernier le {used}"))}"."</p>
        <form class="form" method="post" action=action>
            {field.view()}
            <button type="submit" class="button" name="do" value="rename">"Renommer"</button>
        </form>
        <section aria-labelledby="retirer">
            <h2 id="retirer">"La retirer"</h2>
            {removal}
        </section>
        <p><a href="/second-facteur">"Revenir au second facteur"</a></p>
    }
}
