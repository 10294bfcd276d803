//! The second factor: shown at sign-in, set up, kept.

use crate::ui::{TextField, problem_box};
use domain::text::counted;
use leptos::prelude::*;

/// What the page that asks for a code shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodePage {
    pub problem: Option<String>,
    /// Where to go on, a path of this site.
    pub back: Option<String>,
}

/// A key to set up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SetUp {
    /// Its QR code, as SVG.
    pub code: String,
    /// For those who type it.
    pub key: String,
    /// For whoever reads this page on the very phone: `otpauth://…`.
    pub uri: String,
    pub problem: Option<String>,
}

/// What the page of one's own second factor shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FactorPage {
    /// « 1er décembre 2026 »
    pub since: String,
    /// Recovery codes that were not used yet.
    pub codes_left: u64,
    /// Whether this person's role demands one.
    pub required: bool,
    pub problem: Option<String>,
}

fn code_field(label: &'static str, hint: Option<&str>, wrong: bool) -> TextField {
    TextField {
        label,
        name: "code",
        kind: "text",
        hint: hint.map(str::to_owned),
        autocomplete: "one-time-code",
        wrong,
        ..TextField::default()
    }
}

fn hidden(back: Option<String>) -> impl IntoView {
    back.map(|back| view! { <input type="hidden" name="back" value=back/> })
}

/// The page that asks for a code, without its shell. Sends `code` and `back` to `/connexion/code`.
pub fn code_page(CodePage { problem, back }: CodePage) -> impl IntoView {
    let hint = "Les six chiffres que votre générateur affiche en ce moment, ou l’un de vos codes de secours.";
    let field = code_field("Code de connexion", Some(hint), problem.is_some());
    view! {
        <h1>"Votre code de connexion"</h1>
        {problem_box(problem)}
        <p>"Votre compte ouvre sur les dossiers d’autres personnes\u{a0}: un code s’ajoute au mot de passe."</p>
        <form class="form" method="post" action="/connexion/code">
            {field.view()}
            {hidden(back)}
            <button type="submit" class="button">"Continuer"</button>
        </form>
        <h2>"Vous n’avez plus votre générateur\u{a0}?"</h2>
        <ul>
            <li>"Tapez l’un des codes de secours que vous avez gardés\u{a0}: chacun sert une fois."</li>
            <li>"Sans eux, demandez à un administrateur de retirer votre second facteur\u{a0}: vous en mettrez un autre en place à la connexion suivante."</li>
        </ul>
    }
}

/// The page where a generator is set up, without its shell. Sends `code` and `back` to `action`.
pub fn set_up_page(set_up: SetUp, action: &'static str, back: Option<String>) -> impl IntoView {
    let SetUp { code, key, uri, problem } = set_up;
    let field = code_field(
        "Code affiché par l’application",
        Some("Six chiffres, qui changent toutes les trente secondes."),
        problem.is_some(),
    );
    let what = (action == "/second-facteur").then(|| view! { <input type="hidden" name="do" value="set-up"/> });
    let spaced = key.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    view! {
        <h1>"Protéger votre compte par un second facteur"</h1>
        {problem_box(problem)}
        <p>
            "Un mot de passe se devine ou se vole. Une application de votre téléphone affiche un code qui change sans cesse\u{a0}: sans elle, personne n’entre à votre place. Cela prend deux minutes, une seule fois."
        </p>
        <ol>
            <li>
                <p>"Ouvrez une application de codes sur votre téléphone, ou installez-en une (FreeOTP, Aegis, Google Authenticator, Microsoft Authenticator…)."</p>
            </li>
            <li>
                <p>"Faites-lui lire cette image."</p>
                <div class="factor-code" inner_html=code></div>
                <details>
                    <summary>"Vous ne pouvez pas lire l’image"</summary>
                    <p>"Tapez cette clé dans l’application\u{a0}: "<code class="secret">{spaced}</code></p>
                    <p><a href=uri>"Ou ouvrez l’application de ce téléphone"</a></p>
                </details>
            </li>
            <li>
                <p>"Tapez ici le code qu’elle affiche."</p>
                <form class="form" method="post" action=action>
                    {field.view()}
                    {what}
                    {hidden(back)}
                    <button type="submit" class="button">"Vérifier le code"</button>
                </form>
            </li>
        </ol>
    }
}

/// The recovery codes, shown once, and the way on.
pub fn codes_page(codes: Vec<String>, on: String) -> impl IntoView {
    let line = |code: String| view! { <li><code>{code}</code></li> };
    view! {
        <h1>"Vos codes de secours"</h1>
        <p class="lead">"Le jour où vous n’avez pas votre téléphone, chacun de ces codes remplace le sien, une fois."</p>
        <ul class="recovery-codes">{codes.into_iter().map(line).collect_view()}</ul>
        <p>"Imprimez-les ou recopiez-les maintenant, et gardez-les loin de votre ordinateur\u{a0}: cette page ne les montrera plus."</p>
        <p><a class="button" href=on>"Je les ai gardés, continuer"</a></p>
    }
}

/// The page of one's own second factor, without its shell. Sends `code` and `do` to `/second-facteur`.
pub fn factor_page(FactorPage { since, codes_left, required, problem }: FactorPage) -> impl IntoView {
    let field = code_field("Code affiché par l’application, ou code de secours", None, problem.is_some());
    let few = (codes_left < 3).then_some("\u{a0}: demandez-en d’autres");
    let remove = (!required).then(|| {
        view! { <button type="submit" class="button is-quiet" name="do" value="remove">"Retirer le second facteur"</button> }
    });
    view! {
        <h1>"Second facteur"</h1>
        {problem_box(problem)}
        <p>"En place depuis le "{since}". Il vous reste "{counted(codes_left, "code de secours", "codes de secours")}{few}"."</p>
        <form class="form" method="post" action="/second-facteur">
            {field.view()}
            <p class="actions">
                <button type="submit" class="button" name="do" value="renew-codes">"Obtenir dix nouveaux codes de secours"</button>
                {remove}
            </p>
        </form>
        {required.then(|| view! { <p>"Votre rôle ouvre sur les dossiers d’autres personnes\u{a0}: le second facteur ne se retire pas. Pour changer de téléphone, demandez à un administrateur de le retirer\u{a0}: vous en mettrez un autre en place aussitôt."</p> })}
    }
}
