//! Who would join a cohort, before they do.

use crate::ui::{Choice, SelectField, problem_box};
use domain::text::{counted, plural};
use leptos::prelude::*;

/// Names that are shown of each kind.
const SHOWN: usize = 20;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddPage {
    /// The cohort's.
    pub href: String,
    pub cohort: String,
    /// « de Vouziers », « du département des Ardennes », or nothing: where they come from.
    pub whence: String,
    /// What the form repeats: name and value.
    pub hidden: Vec<(&'static str, String)>,
    /// Those who are in no cohort of the course.
    pub new: Vec<String>,
    /// Those who are in another, and in which.
    pub elsewhere: Vec<(String, String)>,
    /// Whether these are to be moved.
    pub moves: bool,
    pub already: u64,
    /// Addresses of nobody who may join.
    pub unknown: Vec<String>,
    /// Those who are done, and left aside.
    pub done: u64,
    /// Maisons of the territory, to keep to one: identifier and name.
    pub maisons: Vec<(String, String)>,
    pub maison: String,
    pub places: u64,
    pub problem: Option<String>,
}

/// The page, without its shell. POSTs what is hidden to `{href}/membres`, with `moves` where the box is ticked, and `do`:
/// `look` or `add`.
pub fn add_page(page: AddPage) -> impl IntoView {
    let AddPage { href, cohort, whence, hidden, new, elsewhere, moves, .. } = page;
    let action = format!("{href}/membres");
    let hidden = move |but: &'static str| {
        let kept = hidden.clone().into_iter().filter(move |(name, _)| *name != but);
        kept.map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()
    };
    let narrow = (!page.maisons.is_empty()).then(|| {
        let choices = page.maisons.into_iter().map(|(id, name)| Choice::new(id, name)).collect();
        let maison = SelectField {
            label: "Ne garder qu’une maison",
            name: "maison",
            value: page.maison,
            none: Some("Toutes"),
            groups: vec![("", choices)],
            ..SelectField::default()
        };
        view! {
            <form class="form" method="post" action=action.clone()>
                {hidden("maison")}
                {maison.view()}
                <button type="submit" class="button is-quiet" name="do" value="look">"Voir ces agents"</button>
            </form>
        }
    });
    let joins = !new.is_empty() || !elsewhere.is_empty();
    let ways = (!elsewhere.is_empty()).then(|| move_box(&elsewhere, moves));
    let lines = [
        (page.already, "agent est déjà dans la cohorte", "agents sont déjà dans la cohorte"),
        (page.done, "agent a déjà terminé, et n’est pas ajouté", "agents ont déjà terminé, et ne sont pas ajoutés"),
    ];
    let lines = lines.into_iter().filter(|(n, ..)| *n > 0);
    let lines = lines.map(|(n, one, many)| view! { <li>{counted(n, one, many)}</li> }).collect_view();
    let unknown = unknown(page.unknown);
    let confirm = joins.then(|| {
        view! {
            <form class="form" method="post" action=action.clone()>
                {hidden("")}
                {ways}
                <button type="submit" class="button" name="do" value="add">"Ajouter à la cohorte"</button>
            </form>
        }
    });
    view! {
        <p class="overline"><a href=href>{cohort}</a></p>
        <h1>"Ajouter des agents"{(!whence.is_empty()).then(|| format!(" {whence}"))}</h1>
        {problem_box(page.problem)}
        <p role="status">{counted(new.len() as u64, "agent à ajouter", "agents à ajouter")}", "{counted(page.places, "place libre", "places libres")}"."</p>
        {names(new)}
        <ul>{lines}</ul>
        {unknown}
        {confirm}
        {narrow}
    }
}

fn names(names: Vec<String>) -> impl IntoView {
    let others = names.len().saturating_sub(SHOWN) as u64;
    let others = (others > 0).then(|| view! { <li>"et "{counted(others, "autre", "autres")}</li> });
    let names: Vec<_> = names.into_iter().take(SHOWN).map(|name| view! { <li>{name}</li> }).collect();
    (!names.is_empty()).then(|| view! { <ul>{names}{others}</ul> })
}

/// An agent is in one cohort of a course at a time: those of another may be moved.
fn move_box(elsewhere: &[(String, String)], moves: bool) -> impl IntoView + use<> {
    let n = elsewhere.len() as u64;
    let said = elsewhere.iter().map(|(name, cohort)| format!("{name} ({cohort})")).collect();
    view! {
        <fieldset class="group">
            <legend>{counted(n, "agent est dans une autre cohorte", "agents sont dans une autre cohorte")}</legend>
            <p class="hint">"Un agent n’est que dans une cohorte du même cours à la fois."</p>
            {names(said)}
            <ul class="boxes"><li>
                <input type="checkbox" id="moves" name="moves" value="yes" checked=moves/>
                <label for="moves">{plural(n, "Le déplacer dans celle-ci", "Les déplacer dans celle-ci")}</label>
            </li></ul>
        </fieldset>
    }
}

fn unknown(addresses: Vec<String>) -> impl IntoView {
    let n = addresses.len() as u64;
    (n > 0).then(|| {
        view! {
            <p>{counted(n, "adresse n’est celle d’aucun agent en poste", "adresses ne sont celles d’aucun agent en poste")}"\u{a0}: vérifiez-"{plural(n, "la", "les")}"."</p>
            <ul>{addresses.into_iter().map(|address| view! { <li>{address}</li> }).collect_view()}</ul>
        }
    })
}
