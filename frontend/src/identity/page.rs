//! The forms by which people come in.

use super::going_back;
use crate::ui::{TextField, problem_box};
use domain::identity::{MAX_PASSWORD, MIN_PASSWORD};
use leptos::prelude::*;

/// What the sign-in page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// What was typed before, kept.
    pub email: String,
    pub problem: Option<String>,
    /// Where to go on, a path of this site.
    pub back: Option<String>,
    /// Where the way in by ProConnect begins, where there is one.
    pub proconnect: Option<String>,
    /// Whether a passkey alone opens accounts here.
    pub passkey: bool,
    /// What was just done.
    pub said: Option<&'static str>,
}

/// What the page of an invitation shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub name: String,
    pub email: String,
    pub problem: Option<String>,
    /// Where the way in by ProConnect begins, where there is one.
    pub proconnect: Option<String>,
}

/// The sign-in page, without its shell. Sends `email`, `password` and `back` to `/connexion`, or a passkey to
/// `/connexion/cle`.
pub fn sign_in_page(page: SignIn) -> impl IntoView {
    let SignIn { email, problem, back, proconnect, passkey, said } = page;
    let wrong = problem.is_some();
    let email = TextField {
        label: "Adresse électronique",
        name: "email",
        kind: "email",
        value: email,
        // Browsers then offer passkeys beside the addresses that they know.
        autocomplete: if passkey { "username webauthn" } else { "username" },
        wrong,
        ..TextField::default()
    };
    let password = TextField {
        label: "Mot de passe",
        name: "password",
        kind: "password",
        autocomplete: "current-password",
        wrong,
        ..TextField::default()
    };
    view! {
        <h1>"Se connecter"</h1>
        {said.map(|said| view! { <p class="notice is-good" role="status">{said}</p> })}
        {problem_box(problem)}
        {proconnect.map(super::proconnect::way_in)}
        <form class="form" method="post" action="/connexion">
            {email.view()}
            {password.view()}
            {going_back(back.clone())}
            <button type="submit" class="button">"Se connecter"</button>
        </form>
        {passkey.then(|| super::passkey::way_in(back))}
        <h2>"Difficulté à vous connecter\u{a0}?"</h2>
        <ul>
            <li>"Première fois\u{a0}: ouvrez le lien d’invitation que vous avez reçu, il vous fait choisir votre mot de passe."</li>
            <li><a href="/mot-de-passe-oublie">"Mot de passe oublié"</a>"\u{a0}: recevez un lien pour en choisir un autre. Ce que vous avez fait reste dans votre dossier."</li>
            <li>"Ordinateur partagé\u{a0}: déconnectez-vous en partant."</li>
        </ul>
    }
}

/// The page where the password is chosen, without its shell. Sends `password` and `password_again`
/// to the address it is at.
pub fn invitation_page(page: Invitation) -> impl IntoView {
    let Invitation { name, email, problem, proconnect } = page;
    let other_way = proconnect.map(|href| {
        view! { <p>"Vous avez ProConnect à cette adresse\u{a0}? "<a href=href>"Entrez par ProConnect"</a>"\u{a0}: vous n’avez alors pas de mot de passe à choisir."</p> }
    });
    let wrong = problem.is_some();
    view! {
        <h1>"Choisir un mot de passe"</h1>
        {problem_box(problem)}
        <p>"Bonjour "{name}", ce mot de passe ouvrira votre compte."</p>
        <form class="form" method="post">
            <div class="field">
                <label for="email">"Adresse électronique"</label>
                <input type="email" id="email" value=email autocomplete="username" readonly/>
            </div>
            {new_password("Mot de passe", wrong)}
            <button type="submit" class="button">"Enregistrer et entrer"</button>
        </form>
        {other_way}
    }
}

/// The fields `password` and `password_again`, where one is chosen.
pub(super) fn new_password(label: &'static str, wrong: bool) -> impl IntoView {
    let rule = format!(
        "Au moins {MIN_PASSWORD}\u{a0}caractères. Quelques mots sans rapport entre eux se retiennent bien et résistent mieux qu’un mot compliqué."
    );
    let most = u32::try_from(MAX_PASSWORD).unwrap_or(u32::MAX);
    let length = Some((u32::try_from(MIN_PASSWORD).unwrap_or_default(), most));
    let first = TextField {
        label,
        name: "password",
        kind: "password",
        hint: Some(rule),
        autocomplete: "new-password",
        wrong,
        length,
        ..TextField::default()
    };
    let again = TextField {
        label: "Le même, une seconde fois",
        name: "password_again",
        kind: "password",
        autocomplete: "new-password",
        wrong,
        length,
        ..TextField::default()
    };
    view! { {first.view()}{again.view()} }
}

/// The page of an invitation that no longer works, without its shell.
pub fn invitation_dead() -> impl IntoView {
    view! {
        <h1>"Ce lien d’invitation ne fonctionne pas, ou plus"</h1>
        <p class="lead">"Un lien sert une seule fois et pour un temps limité. Il peut aussi avoir été coupé par la messagerie."</p>
        <ul>
            <li>"Vous avez déjà choisi votre mot de passe\u{a0}: "<a href="/connexion">"connectez-vous"</a>"."</li>
            <li>"Le lien est coupé\u{a0}: copiez-le en entier depuis le message reçu."</li>
            <li>"Sinon\u{a0}: demandez un nouveau lien à votre administrateur. Les liens précédents cessent alors de fonctionner."</li>
        </ul>
    }
}
