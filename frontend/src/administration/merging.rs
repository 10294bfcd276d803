//! Before two accounts of one person are made one.

use crate::ui::{TextField, problem_box, scrolling};
use domain::text::{counted, duration, integer};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergePage {
    /// The account that is kept; the page is under it.
    pub href: String,
    pub name: String,
    /// The address that was typed.
    pub typed: String,
    pub problem: Option<String>,
    pub shown: Option<Merged>,
}

/// The two accounts, and what they come to together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// The account to fold in.
    pub folded: i64,
    /// Made with the form, so that sending it twice does it once.
    pub key: String,
    /// The one to keep, and the other.
    pub sides: [Side; 2],
    pub sum: Sum,
}

/// One of the accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    pub name: String,
    pub email: String,
    pub maison: Option<String>,
    /// Facts of its ledger.
    pub facts: u64,
    pub sum: Sum,
    /// Those that stand.
    pub certificates: u64,
    /// Webinars where it has or had a place.
    pub webinars: u64,
    /// Sessions face to face on whose roster it is.
    pub classrooms: u64,
}

/// What a record comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    pub chapters: u64,
    pub minutes: u32,
    pub minutes_live: u32,
    pub half_days: u64,
    pub minutes_in_room: u32,
}

/// The page, without its shell. Asks by GET with `compte` (an address), confirms by POST with `compte` (a number) and `cle`.
pub fn merge_page(page: MergePage) -> impl IntoView {
    let MergePage { href, name, typed, problem, shown } = page;
    let form = TextField {
        label: "Adresse électronique de l’autre compte",
        name: "compte",
        kind: "email",
        value: typed,
        hint: Some("Celui qui sera fermé\u{a0}: ce qu’il contient passe dans celui-ci.".to_owned()),
        autocomplete: "off",
        ..TextField::default()
    };
    let action = format!("{href}/reunion");
    let shown = shown.map(|merged| confirmation(&action, merged));
    view! {
        <p class="overline"><a href=href>{name.clone()}</a></p>
        <h1>"Réunir deux comptes"</h1>
        {problem_box(problem)}
        <p>"Quand une même personne a deux comptes, l’un est gardé et l’autre fermé. Le dossier gardé reprend chaque fait de l’autre, à sa date et avec son origine\u{a0}; rien n’est compté deux fois. Le registre du compte fermé reste tel quel, et se vérifie toujours. C’est définitif."</p>
        <p>"Compte à garder\u{a0}: "<strong>{name}</strong></p>
        <form class="form" method="get" action=action.clone()>
            {form.view()}
            <button type="submit" class="button is-quiet">"Voir ce que cela donnerait"</button>
        </form>
        {shown}
    }
}

fn confirmation(action: &str, merged: Merged) -> impl IntoView + use<> {
    let Merged { folded, key, sides: [kept, other], sum } = merged;
    let line = |label: &'static str, values: [String; 3]| {
        view! { <tr><th scope="row">{label}</th>{values.into_iter().map(|value| view! { <td>{value}</td> }).collect_view()}</tr> }
    };
    let sums = |of: fn(&Sum) -> String| [of(&kept.sum), of(&other.sum), of(&sum)];
    let both = |of: fn(&Side) -> u64, after: &str| [integer(of(&kept)), integer(of(&other)), after.to_owned()];
    let maison = |side: &Side| side.maison.clone().unwrap_or_else(|| "aucune".to_owned());
    let rows = [
        line("Adresse", [kept.email.clone(), other.email.clone(), format!("{}, et l’autre y mène", kept.email)]),
        line(
            "Maison",
            [maison(&kept), maison(&other), if kept.maison.is_some() { maison(&kept) } else { maison(&other) }],
        ),
        line("Faits au registre", both(|side| side.facts, "ceux des deux")),
        line("Chapitres acquis ou dispensés", sums(|sum| integer(sum.chapters))),
        line("À distance", sums(|sum| duration(sum.minutes))),
        line("En webinaire", sums(|sum| duration(sum.minutes_live))),
        line(
            "En salle",
            sums(|sum| {
                format!(
                    "{}, {}",
                    counted(sum.half_days, "demi-journée", "demi-journées"),
                    duration(sum.minutes_in_room)
                )
            }),
        ),
        line("Certificats en vigueur", both(|side| side.certificates, "un seul par attestation")),
        line("Inscriptions à des webinaires", both(|side| side.webinars, "réunies")),
        line("Sessions en salle", both(|side| side.classrooms, "réunies")),
    ];
    let table = view! {
        <table>
            <caption id="reunion">"Ce que disent les deux comptes, et ce que dira celui qui reste"</caption>
            <thead><tr><td></td><th scope="col">"Gardé"</th><th scope="col">"Fermé"</th><th scope="col">"Ensuite"</th></tr></thead>
            <tbody>{rows.into_iter().collect_view()}</tbody>
        </table>
    };
    view! {
        <h2>"Ce que cela donnerait"</h2>
        {scrolling("reunion", table)}
        <ul>
            <li>"Le compte de "{other.name.clone()}" ("{other.email}") est fermé\u{a0}: son adresse mène au compte gardé."</li>
            <li>"Ses certificats en vigueur sont retirés\u{a0}; ceux que le dossier réuni mérite sont délivrés, et disent lequel ils remplacent."</li>
            <li>"Ses inscriptions à venir, ses places en session et ses messages en attente passent au compte gardé."</li>
        </ul>
        <form method="post" action=action.to_owned()>
            <input type="hidden" name="compte" value=folded.to_string()/>
            <input type="hidden" name="cle" value=key/>
            <button type="submit" class="button">"Réunir les deux comptes"</button>
        </form>
    }
}
