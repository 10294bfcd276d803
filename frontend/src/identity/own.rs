//! One's own account: the password, where one is signed in; and a new link where the password is forgotten.

use super::page::new_password;
use crate::ui::{TextField, problem_box};
use leptos::prelude::*;

/// What the page of one's own account shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnPage {
    pub name: String,
    pub email: String,
    pub maison: Option<String>,
    /// « 1er décembre 2026 »; none without a password.
    pub password_since: Option<String>,
    /// Since when ProConnect opens it too, where it does.
    pub proconnect_since: Option<String>,
    /// Whether ProConnect is a way in.
    pub offers_proconnect: bool,
    pub sessions: Vec<SessionLine>,
    /// The latest first.
    pub entries: Vec<EntryLine>,
    /// What was just done.
    pub said: Option<&'static str>,
    pub problem: Option<String>,
}

/// A browser where this account is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionLine {
    /// Names it in the form that closes it.
    pub key: String,
    /// « 1er décembre 2026 à 9 h 00 »
    pub since: String,
    pub seen: String,
    /// The one that shows this page.
    pub is_this: bool,
}

/// One way into this account that was taken, or tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryLine {
    /// « 1er décembre 2026 à 9 h 00 »
    pub at: String,
    /// « Mot de passe »
    pub by: String,
    pub refused: bool,
}

/// What the page of those who forgot their password shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForgottenPage {
    pub email: String,
    pub problem: Option<String>,
    /// Whether mails leave this site.
    pub writes: bool,
    /// It was asked for: whether there is such an account is not told.
    pub asked: bool,
}

/// The page, without its shell. Sends `do` to `/compte`: `password` with `current`, `password` and `password_again`;
/// `end` with `session`; `end-others`; `unlink-proconnect`.
pub fn own_page(page: OwnPage) -> impl IntoView {
    let OwnPage { name, email, maison, password_since, sessions, entries, said, problem, .. } = page;
    let wrong = problem.is_some();
    let has_password = password_since.is_some();
    let proconnect = (page.offers_proconnect || page.proconnect_since.is_some())
        .then(|| proconnect(page.proconnect_since, has_password, &email));
    let others = sessions.len() > 1;
    let lines = sessions.into_iter().map(session).collect_view();
    view! {
        <h1>"Mon compte"</h1>
        {said.map(|said| view! { <p class="notice is-good" role="status">{said}</p> })}
        {problem_box(problem)}
        <dl class="facts-list">
            <dt>"Nom"</dt><dd>{name}</dd>
            <dt>"Adresse électronique"</dt><dd>{email.clone()}</dd>
            {maison.map(|maison| view! { <dt>"Maison"</dt><dd>{maison}</dd> })}
        </dl>
        <p class="hint">"Une erreur ici\u{a0}? Votre administrateur la corrige."</p>
        <section aria-labelledby="mot-de-passe">
            <h2 id="mot-de-passe">"Mot de passe"</h2>
            {match password_since {
                Some(since) => password(since, email, wrong).into_any(),
                None => view! { <p>"Vous n’en avez pas. "<a href="/mot-de-passe-oublie">"Recevez un lien pour en choisir un"</a>"."</p> }.into_any(),
            }}
        </section>
        {proconnect}
        <section aria-labelledby="ouvert">
            <h2 id="ouvert">"Où votre compte est ouvert"</h2>
            <ul class="plain-list">{lines}</ul>
            {others.then(|| view! {
                <form method="post" action="/compte">
                    <button type="submit" class="button is-quiet" name="do" value="end-others">"Fermer partout ailleurs"</button>
                </form>
            })}
        </section>
        {(!entries.is_empty()).then(|| entered(entries, has_password))}
        <ul class="actions">
            <li><a href="/second-facteur">"Second facteur"</a></li>
            <li><a href="/mes-donnees">"Mes données"</a></li>
        </ul>
    }
}

fn password(since: String, email: String, wrong: bool) -> impl IntoView {
    let current = TextField {
        label: "Mot de passe actuel",
        name: "current",
        kind: "password",
        autocomplete: "current-password",
        wrong,
        ..TextField::default()
    };
    view! {
        <p>"Choisi le "{since}". En le changeant, vous fermez votre compte partout ailleurs."</p>
        <form class="form" method="post" action="/compte">
            <input type="hidden" name="do" value="password"/>
            <input type="text" name="username" value=email autocomplete="username" hidden readonly/>
            {current.view()}
            {new_password("Nouveau mot de passe", wrong)}
            <button type="submit" class="button">"Changer le mot de passe"</button>
        </form>
    }
}

fn proconnect(since: Option<String>, has_password: bool, email: &str) -> impl IntoView + use<> {
    let told = match since {
        None => {
            let said = format!("Pas encore relié. Pour le relier, entrez par ProConnect avec l’adresse {email}.");
            view! { <p>{said}</p> }.into_any()
        }
        Some(since) if has_password => view! {
            <p>"Relié depuis le "{since}". Détaché, il le sera de nouveau si vous entrez par ProConnect avec la même adresse."</p>
            <form method="post" action="/compte">
                <button type="submit" class="button is-quiet" name="do" value="unlink-proconnect">"Détacher ProConnect"</button>
            </form>
        }
        .into_any(),
        Some(since) => view! {
            <p>"Relié depuis le "{since}". C’est votre seul accès\u{a0}: pour le détacher, choisissez d’abord un mot de passe."</p>
        }
        .into_any(),
    };
    view! {
        <section aria-labelledby="proconnect">
            <h2 id="proconnect">"ProConnect"</h2>
            {told}
        </section>
    }
}

fn entered(entries: Vec<EntryLine>, has_password: bool) -> impl IntoView {
    let line = |EntryLine { at, by, refused }: EntryLine| {
        let refused = refused.then(|| view! { <strong>"\u{a0}: refusé"</strong> });
        view! { <li>"Le "{at}" · "{by}{refused}</li> }
    };
    let remedy = if has_password { ", changez votre mot de passe" } else { "" };
    view! {
        <section aria-labelledby="entrees">
            <h2 id="entrees">"Dernières connexions"</h2>
            <ul class="plain-list">{entries.into_iter().map(line).collect_view()}</ul>
            <p class="hint">{format!("Une connexion n’est pas de vous\u{a0}? Fermez votre compte partout ailleurs{remedy} et prévenez votre administrateur.")}</p>
        </section>
    }
}

fn session(SessionLine { key, since, seen, is_this }: SessionLine) -> impl IntoView {
    if is_this {
        return view! { <li><strong>"Ici"</strong>", depuis le "{since}"."</li> }.into_any();
    }
    view! {
        <li>
            <form class="actions" method="post" action="/compte">
                <input type="hidden" name="session" value=key/>
                <span>"Depuis le "{since.clone()}", servi en dernier le "{seen}"."</span>
                <button type="submit" class="link-button" name="do" value="end">
                    "Fermer"<span class="visually-hidden">" la session ouverte le "{since}</span>
                </button>
            </form>
        </li>
    }
    .into_any()
}

/// The page of those who forgot their password, without its shell. Sends `email` to its own address.
pub fn forgotten_page(ForgottenPage { email, problem, writes, asked }: ForgottenPage) -> impl IntoView {
    if asked {
        return view! {
            <h1>"Regardez vos courriels"</h1>
            <p class="lead">"Si un compte existe à cette adresse, un lien pour choisir un nouveau mot de passe vient d’y partir. Il fonctionne une heure, une seule fois."</p>
            <ul>
                <li>"Rien au bout de dix minutes\u{a0}? Regardez dans les indésirables, et vérifiez que l’adresse est bien celle de votre compte."</li>
                <li>"Sinon, demandez un lien à votre administrateur. Ce que vous avez fait reste dans votre dossier."</li>
            </ul>
            <p><a href="/connexion">"Revenir à la connexion"</a></p>
        }
        .into_any();
    }
    let field = TextField {
        label: "Adresse électronique de votre compte",
        name: "email",
        kind: "email",
        value: email,
        autocomplete: "username",
        wrong: problem.is_some(),
        ..TextField::default()
    };
    let form = if writes {
        view! {
            <p>"Un lien vous sera envoyé pour en choisir un autre. L’ancien fonctionne tant que vous ne l’avez pas fait."</p>
            <form class="form" method="post">
                {field.view()}
                <button type="submit" class="button">"Recevoir un lien"</button>
            </form>
        }
        .into_any()
    } else {
        view! { <p>"Aucun courriel ne part de ce site\u{a0}: demandez un nouveau lien à votre administrateur. Ce que vous avez fait reste dans votre dossier."</p> }
            .into_any()
    };
    view! {
        <h1>"Mot de passe oublié"</h1>
        {problem_box(problem)}
        {form}
        <p><a href="/connexion">"Revenir à la connexion"</a></p>
    }
    .into_any()
}
