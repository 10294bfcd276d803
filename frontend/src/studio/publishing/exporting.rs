//! Taking a course away.

use crate::studio::{Framed, frame};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportPage {
    pub framed: Framed,
    /// What GIFT cannot say, and what OLX cannot; none where the draft makes no course.
    pub gift: Option<Vec<String>>,
    pub olx: Option<Vec<String>>,
}

/// The page, without its shell.
pub fn export_page(page: ExportPage) -> impl IntoView {
    let ExportPage { framed, gift, olx } = page;
    let base = format!("/studio/{}/exporter", framed.course);
    let form = |path: &str, title: &'static str, what: &'static str, losses: Option<Vec<String>>| {
        let link = losses.is_some().then(|| view! { <p><a class="button is-quiet" href=format!("{base}/{path}") download="">"Emporter"<span class="visually-hidden">" en "{title}</span></a></p> });
        let refused =
            losses.is_none().then(|| view! { <p>"Possible une fois corrigé ce qui bloque la publication."</p> });
        let losses = losses.unwrap_or_default();
        let told = (!losses.is_empty()).then(|| {
            let lines = losses.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
            view! { <details><summary>"Ce qui n’y est pas tel quel"</summary><ul>{lines}</ul></details> }
        });
        view! { <section><h3>{title}</h3><p>{what}</p>{link}{refused}{told}</section> }
    };
    let body = view! {
        <h2>"Emporter ce cours"</h2>
        {form("zip", "Notre format (zip)", "Tout le brouillon, octet pour octet\u{a0}: il se réimporte tel quel.", Some(Vec::new()))}
        {form("gift", "GIFT", "Les questions seules, pour Moodle et d’autres.", gift)}
        {form("olx", "OLX", "Le cours pour Open edX (FUN).", olx)}
    };
    frame(framed, body)
}
