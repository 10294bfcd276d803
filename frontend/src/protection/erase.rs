//! Erasing an account: what goes, what stays and why, then the button.

use crate::ui::scrolling;
use domain::text::counted;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erase {
    /// Of the account; the form sends to `…/effacer` under it.
    pub href: String,
    pub name: String,
    pub email: String,
    pub lines: Vec<EraseLine>,
    /// Why it may not be erased, if so.
    pub refusal: Option<String>,
    /// Whether the form was sent without its box.
    pub unconfirmed: bool,
}

/// What becomes of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EraseLine {
    pub name: &'static str,
    pub rows: u64,
    pub erasure: &'static str,
    /// Until when what stays is kept.
    pub until: Option<String>,
    /// Why it stays.
    pub why: Option<&'static str>,
}

/// The page, without its shell. The form POSTs `sure=yes`.
pub fn erase_page(page: Erase) -> impl IntoView {
    let Erase { href, name, email, lines, refusal, unconfirmed } = page;
    let row = |EraseLine { name, rows, erasure, until, why }: EraseLine| {
        let why = why.map(|why| view! { <span class="attendance-note">{why}"."</span> });
        let until = until.map(|until| view! { <span class="attendance-note">"Jusqu’à\u{a0}: "{until}"."</span> });
        view! {
            <tr>
                <th scope="row">{name}<span class="narrow-only">{counted(rows, "ligne", "lignes")}</span></th>
                <td class="align-right wide-only">{counted(rows, "ligne", "lignes")}</td>
                <td>{erasure}"."{until}{why}</td>
            </tr>
        }
    };
    let table = view! {
        <table>
            <caption id="effets">"Ce qui part, ce qui reste"</caption>
            <thead>
                <tr>
                    <th scope="col">"Données"</th>
                    <th scope="col" class="align-right wide-only">"Aujourd’hui"</th>
                    <th scope="col">"Après l’effacement"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    };
    let end = match refusal {
        Some(said) => view! { <div class="notice"><p class="notice-title">"Cet effacement n’est pas possible"</p><p>{said}</p></div> }.into_any(),
        None => form(&href, unconfirmed).into_any(),
    };
    view! {
        <p class="overline"><a href=href>"Compte de "{name.clone()}</a></p>
        <h1>"Effacer le compte de "{name}</h1>
        <p>"À faire à la demande de la personne (RGPD, article\u{a0}17), ou quand le compte n’a plus d’objet. Cela ne se défait pas."</p>
        <ul>
            <li>"La connexion devient impossible, et les sessions ouvertes se ferment."</li>
            <li>"Un dernier courriel part à "{email}", puis l’adresse disparaît."</li>
            <li>"Partout où son nom paraissait, on lit un pseudonyme\u{a0}: «\u{a0}Agent effacé 3F9A1C\u{a0}»."</li>
            <li>"Ses certificats se vérifient encore par leur numéro, sans dire de qui ils sont."</li>
        </ul>
        {scrolling("effets", table)}
        {end}
    }
}

fn form(href: &str, unconfirmed: bool) -> impl IntoView + use<> {
    let problem = unconfirmed.then(|| {
        view! {
            <div class="notice is-problem" role="alert">
                <p class="notice-title">"À confirmer"</p>
                <p id="probleme">"Cochez la case pour confirmer que ce compte doit être effacé."</p>
            </div>
        }
    });
    view! {
        {problem}
        <form class="form" method="post" action=format!("{href}/effacer")>
            <p class="check">
                <input
                    type="checkbox"
                    id="sure"
                    name="sure"
                    value="yes"
                    required=true
                    aria-invalid=unconfirmed.then_some("true")
                    aria-describedby=unconfirmed.then_some("probleme")
                />
                " "<label for="sure">"J’ai vu ce qui part et ce qui reste\u{a0}; ce compte doit être effacé."</label>
            </p>
            <button type="submit" class="button">"Effacer ce compte"</button>
        </form>
    }
}
