//! A half day's sheet, as the trainer reads, completes and closes it.

use crate::ui::{problem_box, scrolling};
use domain::text::hour;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPage {
    /// The session's address, and the sheet's own.
    pub room: String,
    pub href: String,
    /// The component's.
    pub title: String,
    pub place: String,
    /// « 3 décembre 2026, matin »
    pub half_day: String,
    /// When it was closed, and by whom.
    pub closed: Option<String>,
    /// The day has come: the sheet may be closed.
    pub may_close: bool,
    /// The day is today: the code may be shown.
    pub shows_code: bool,
    pub lines: Vec<SheetLine>,
    pub problem: Option<String>,
}

/// Somebody on the sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetLine {
    pub person: i64,
    pub name: String,
    pub maison: Option<String>,
    pub signed_at: Option<Timestamp>,
    pub is_present: bool,
    /// Their record, where the sheet is closed.
    pub record: String,
}

/// The page, without its shell. POSTs `present` of everybody who was there, and `do`: `keep` or `close`.
pub fn sheet_page(page: SheetPage) -> impl IntoView {
    let SheetPage { room, href, title, place, half_day, closed, may_close, shows_code, lines, problem } = page;
    let is_closed = closed.is_some();
    let empty = lines.is_empty();
    let rows = lines.into_iter().map(|line| row(line, is_closed)).collect_view();
    let table = view! {
        <table class="attendance">
            <caption id="feuille" class="visually-hidden">"Personnes inscrites, par ordre alphabétique"</caption>
            <thead>
                <tr>
                    <th scope="col">"Présence"</th>
                    <th scope="col">"Nom"</th>
                    <th scope="col" class="wide-only">"Maison"</th>
                    <th scope="col">"Signature"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let body = if empty {
        view! { <p>"Personne n’est inscrit à cette session\u{a0}: "<a href=room.clone()>"ajoutez les agents"</a>" d’abord."</p> }.into_any()
    } else if is_closed {
        scrolling("feuille", table).into_any()
    } else {
        let close = may_close.then(|| {
            view! {
                <button type="submit" class="button" name="do" value="close">"Clore la feuille et l’inscrire aux dossiers"</button>
            }
        });
        view! {
            <form method="post" action=href.clone()>
                {scrolling("feuille", table)}
                <p class="hint">"Cochez qui était là, décochez qui est parti. Une feuille close ne change plus\u{a0}: la présence de chacun se corrige ensuite dans son dossier, avec une raison."</p>
                <p class="actions">
                    {close}
                    <button type="submit" class="button is-quiet" name="do" value="keep">"Enregistrer sans clore"</button>
                </p>
            </form>
        }
        .into_any()
    };
    let code = shows_code.then(|| {
        view! { <ul class="actions"><li><a class="button" href=format!("{href}/code")>"Afficher le code à signer"</a></li></ul> }
    });
    view! {
        <p class="overline"><a href=room>{title}</a></p>
        <h1>"Feuille du "{half_day}</h1>
        <p class="lead">{place}</p>
        {problem_box(problem)}
        {closed.map(|said| view! { <p class="notice" role="status">{said}</p> })}
        {code}
        {body}
    }
}

fn row(line: SheetLine, is_closed: bool) -> impl IntoView {
    let SheetLine { person, name, maison, signed_at, is_present, record } = line;
    let id = format!("present-{person}");
    let signed = signed_at.map_or_else(|| "Pas de signature".to_owned(), |at| format!("Signé à {}", hour(at)));
    let (mark, named) = if is_closed {
        let said = if is_present { "Présence" } else { "Absence" };
        (said.into_any(), view! { <a href=record>{name}</a> }.into_any())
    } else {
        let mark = view! {
            <input type="checkbox" id=id.clone() name="present" value=person.to_string() checked=is_present/>
        };
        (mark.into_any(), view! { <label for=id>{name}</label> }.into_any())
    };
    view! {
        <tr data-state=if is_present { "done" } else { "todo" }>
            <td>{mark}</td>
            <th scope="row">{named}<span class="narrow-only">{maison.clone()}</span></th>
            <td class="wide-only">{maison.unwrap_or_else(|| "Non renseignée".to_owned())}</td>
            <td>{signed}</td>
        </tr>
    }
}
