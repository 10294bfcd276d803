//! The second factor: shown at sign-in, set up, kept.

use super::going_back;
use super::passkey::{self, PasskeyForm, PasskeyLine};
use crate::ui::{TextField, problem_box};
use domain::text::counted;
use leptos::prelude::*;

/// What the page that asks for a second factor shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodePage {
    pub problem: Option<String>,
    /// Where to go on, a path of this site.
    pub back: Option<String>,
    /// Whether they have a passkey, that works here.
    pub passkey: bool,
    /// Whether they have a generator.
    pub generator: bool,
}

/// Where a generator is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    /// After the password, where one is required.
    AtSignIn,
    /// On one's own pages, as the first factor.
    First,
    /// There, beside passkeys.
    Beside,
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
    /// Since when there is a generator, where there is one: « 1er décembre 2026 »
    pub generator: Option<String>,
    pub passkeys: Vec<PasskeyLine>,
    /// Why passkeys cannot work on this site, where they cannot.
    pub no_passkeys: Option<&'static str>,
    /// Recovery codes that were not used yet.
    pub codes_left: u64,
    /// Whether this person's role demands one.
    pub required: bool,
    /// What was just done.
    pub said: Option<&'static str>,
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

/// The page that asks for a second factor, without its shell. Sends `code` and `back` to `/connexion/code`, or a passkey to
/// `/connexion/code/cle`.
pub fn code_page(CodePage { problem, back, passkey, generator }: CodePage) -> impl IntoView {
    let (label, hint) = if generator {
        (
            "Code de connexion",
            "Les six chiffres que votre générateur affiche en ce moment, ou l’un de vos codes de secours.",
        )
    } else {
        ("Code de secours", "L’un de ceux que vous avez gardés\u{a0}: chacun sert une fois.")
    };
    let field = code_field(label, Some(hint), problem.is_some());
    let title = if passkey { "Votre second facteur" } else { "Votre code de connexion" };
    let first = passkey.then(|| PasskeyForm {
        action: "/connexion/code/cle",
        label: "Continuer avec une clé d’accès",
        back: back.clone(),
        without_script: "Une clé d’accès demande que JavaScript soit permis dans le navigateur\u{a0}: sans lui, tapez un code.",
        ..PasskeyForm::default()
    });
    let lost = if generator {
        "Vous n’avez plus votre générateur\u{a0}?"
    } else {
        "Vous n’avez plus votre clé d’accès\u{a0}?"
    };
    view! {
        <h1>{title}</h1>
        {problem_box(problem)}
        <p>"Un second facteur protège votre compte\u{a0}: il s’ajoute au mot de passe, et se redemande avant ce qui compte le plus."</p>
        {first.map(|form| view! { {form.view()}<h2>"Ou avec un code"</h2> })}
        <form class="form" method="post" action="/connexion/code">
            {field.view()}
            {going_back(back)}
            <button type="submit" class=if passkey { "button is-quiet" } else { "button" }>"Continuer"</button>
        </form>
        <h2>{lost}</h2>
        <ul>
            <li>"Tapez l’un des codes de secours que vous avez gardés\u{a0}: chacun sert une fois."</li>
            <li>"Sans eux, demandez à un administrateur de retirer votre second facteur\u{a0}: vous en mettrez un autre en place à la connexion suivante."</li>
        </ul>
    }
}

/// The page where a second factor is set up, without its shell: a passkey first, where there is none yet. Sends `code` and
/// `back` to where it is, or a passkey to `/second-facteur/cles`.
pub fn set_up_page(set_up: SetUp, at: Where, no_passkeys: Option<&'static str>, back: Option<String>) -> impl IntoView {
    let problem = set_up.problem.clone();
    if at == Where::Beside {
        return view! {
            <h1>"Ajouter une application de codes"</h1>
            {problem_box(problem)}
            {generator(set_up, "/second-facteur", back)}
            <p><a href="/second-facteur">"Revenir au second facteur"</a></p>
        }
        .into_any();
    }
    let action = if at == Where::AtSignIn { "/connexion/code" } else { "/second-facteur" };
    view! {
        <h1>"Protéger votre compte par un second facteur"</h1>
        {problem_box(problem)}
        <p>"Un mot de passe se devine ou se vole. Avec un second facteur, personne n’entre à votre place. Cela prend deux minutes, une seule fois."</p>
        <section aria-labelledby="cle">
            <h2 id="cle">"Par une clé d’accès"</h2>
            <p>"Le plus simple\u{a0}: votre téléphone, votre ordinateur ou une clé de sécurité la garde, et ne l’ouvre que par votre doigt, votre visage ou votre code. Elle ouvre ensuite votre compte sans mot de passe."</p>
            {passkey::maker(no_passkeys, back.clone())}
        </section>
        <section aria-labelledby="application">
            <h2 id="application">"Par une application de codes"</h2>
            <p>"Une application de votre téléphone affiche un code qui change sans cesse."</p>
            {generator(set_up, action, back)}
        </section>
    }
    .into_any()
}

/// How a generator is set up, step by step.
fn generator(set_up: SetUp, action: &'static str, back: Option<String>) -> impl IntoView {
    let SetUp { code, key, uri, problem } = set_up;
    let field = code_field(
        "Code affiché par l’application",
        Some("Six chiffres, qui changent toutes les trente secondes."),
        problem.is_some(),
    );
    let what = (action == "/second-facteur").then(|| view! { <input type="hidden" name="do" value="set-up"/> });
    let spaced = key.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    view! {
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
                    {going_back(back)}
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
        <p class="lead">"Le jour où vous n’avez pas votre second facteur sous la main, chacun de ces codes le remplace, une fois."</p>
        <ul class="recovery-codes">{codes.into_iter().map(line).collect_view()}</ul>
        <p>"Imprimez-les ou recopiez-les maintenant, et gardez-les loin de votre ordinateur\u{a0}: cette page ne les montrera plus."</p>
        <p><a class="button" href=on>"Je les ai gardés, continuer"</a></p>
    }
}

/// The page of one's own second factor, without its shell. Sends `do` to `/second-facteur`, with `code` where there is a
/// generator.
pub fn factor_page(page: FactorPage) -> impl IntoView {
    let FactorPage { generator, passkeys, no_passkeys, codes_left, required, said, problem } = page;
    let alone = passkeys.is_empty();
    let few = (codes_left < 3).then_some("\u{a0}: demandez-en d’autres");
    let has_generator = generator.is_some();
    let wrong = problem.is_some();
    let hint = (!alone).then_some("Laissez vide pour donner plutôt une clé d’accès.");
    let field = code_field("Code affiché par l’application, ou code de secours", hint, wrong);
    let field = has_generator.then(|| TextField { optional: !alone, ..field }.view());
    let remove = (has_generator && !(alone && required)).then(|| {
        let label = if alone { "Retirer le second facteur" } else { "Retirer l’application de codes" };
        view! { <button type="submit" class="button is-quiet" name="do" value="remove">{label}</button> }
    });
    view! {
        <h1>"Second facteur"</h1>
        {said.map(|said| view! { <p class="notice is-good" role="status">{said}</p> })}
        {problem_box(problem)}
        <section aria-labelledby="cles">
            <h2 id="cles">"Clés d’accès"</h2>
            {if alone { view! { <p>"Vous n’en avez pas encore."</p> }.into_any() } else {
                view! { <ul>{passkeys.into_iter().map(passkey::line).collect_view()}</ul> }.into_any()
            }}
            {match no_passkeys {
                Some(why) => view! { <p class="hint">{why}</p> }.into_any(),
                None => view! { <p><a href="/second-facteur/cles">"Ajouter une clé d’accès"</a></p> }.into_any(),
            }}
        </section>
        <section aria-labelledby="application">
            <h2 id="application">"Application de codes"</h2>
            {match generator {
                Some(since) => view! { <p>"En place depuis le "{since}"."</p> }.into_any(),
                None => view! { <p>"Vous n’en avez pas. "<a href="/second-facteur/application">"Ajouter une application de codes"</a>"\u{a0}: elle fonctionne sur n’importe quel ordinateur."</p> }.into_any(),
            }}
        </section>
        <section aria-labelledby="secours">
            <h2 id="secours">"Codes de secours"</h2>
            <p>"Il vous reste "{counted(codes_left, "code de secours", "codes de secours")}{few}"."</p>
            <form class="form" method="post" action="/second-facteur">
                {field}
                <p class="actions">
                    <button type="submit" class="button" name="do" value="renew-codes">"Obtenir dix nouveaux codes de secours"</button>
                    {remove}
                </p>
            </form>
        </section>
        {required.then(|| view! { <p>"Votre rôle ouvre sur les dossiers d’autres personnes\u{a0}: le dernier second facteur ne se retire pas. Pour en changer, ajoutez le nouveau d’abord. Si vous avez tout perdu, demandez à un administrateur de le retirer\u{a0}: vous en mettrez un autre en place aussitôt."</p> })}
    }
}
