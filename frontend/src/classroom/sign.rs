//! The page on which an agent signs, on their own phone.

use domain::text::hour;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignPage {
    /// The page's own address; its form sends there.
    pub href: String,
    pub name: String,
    /// The component's.
    pub title: String,
    pub place: String,
    /// « 3 décembre 2026, matin »
    pub half_day: String,
    pub signing: Signing,
}

/// Where the agent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// They may sign now.
    Open,
    Signed(Timestamp),
    /// They showed no good code, or too long ago.
    NeedsCode,
    /// They are on no roster of this session.
    NotOnRoster,
    /// The sheet is closed.
    Closed,
}

/// The page, without its shell. Signing is a POST without fields.
pub fn sign_page(page: SignPage) -> impl IntoView {
    let SignPage { href, name, title, place, half_day, signing } = page;
    let stands = match signing {
        Signing::Open => view! {
            <form class="form" method="post" action=href>
                <p>"Vous êtes "<strong>{name}</strong>". En signant, vous attestez que vous suivez cette demi-journée."</p>
                <button type="submit" class="button">"Signer ma présence"</button>
            </form>
        }
        .into_any(),
        Signing::Signed(at) => view! {
            <p class="notice" role="status">"Vous avez signé à "{hour(at)}". Votre présence entrera dans votre dossier à la clôture de la feuille."</p>
            <p><a href="/dossier">"Mon dossier"</a></p>
        }
        .into_any(),
        Signing::NeedsCode => view! {
            <p>"Pour signer, visez avec votre téléphone le code affiché dans la salle. S’il n’y est plus, demandez à votre formateur ou formatrice de l’afficher, ou de noter votre présence."</p>
        }
        .into_any(),
        Signing::NotOnRoster => view! {
            <p>"Vous n’êtes pas sur la liste de cette session. Donnez à votre formateur ou formatrice l’adresse électronique de votre compte, pour y être ajouté, puis visez le code à nouveau."</p>
        }
        .into_any(),
        Signing::Closed => view! {
            <p>"La feuille de cette demi-journée est close. Si votre présence n’y figure pas, voyez-le avec votre formateur ou formatrice\u{a0}: elle peut encore être inscrite à votre dossier."</p>
        }
        .into_any(),
    };
    view! {
        <h1>"Ma présence"</h1>
        <p class="lead">{title}</p>
        <p>{half_day}", "{place}</p>
        {stands}
    }
}

/// For whoever comes with a code that is good no more.
pub fn spent_code_page() -> impl IntoView {
    view! {
        <h1>"Ce code n’est plus valable"</h1>
        <p>"Le code affiché dans la salle change toutes les trente secondes\u{a0}: visez à nouveau celui qui y est maintenant."</p>
    }
}
