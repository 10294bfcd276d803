//! What is worth keeping at the counter, on one page to print.

use super::Neighbour;
use domain::course::{Sheet, with_media_base};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetPage {
    pub sheet: Sheet,
    /// The chapter.
    pub back: Neighbour,
    /// Where the version's files are: `/media/mediation-numerique/3/`.
    pub media_base: String,
}

/// The page, without its shell.
pub fn sheet_page(page: SheetPage) -> impl IntoView {
    let SheetPage { sheet: Sheet { title, html }, back: Neighbour { href, title: from }, media_base } = page;
    view! {
        <article class="sheet">
            <p class="overline"><a href=href>{from}</a></p>
            <h1>{title}</h1>
            <p class="sheet-how">
                "Cette fiche tient sur une page. Pour l’imprimer\u{a0}: "<kbd>"Ctrl"</kbd>" + "<kbd>"P"</kbd>
                ", ou «\u{a0}Imprimer\u{a0}» dans le menu du navigateur."
            </p>
            <div class="prose" inner_html=with_media_base(&html, &media_base)></div>
        </article>
    }
}
