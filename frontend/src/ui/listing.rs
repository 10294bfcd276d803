//! Long lists: filter, pages, tables wider than the screen.

use super::encoded;
use leptos::prelude::*;

/// A filter over a list, sent as `q`.
pub(crate) fn filter(label: &'static str, action: &'static str, query: String) -> impl IntoView {
    let clear = (!query.is_empty()).then(|| view! { <a href=action>"Tout afficher"</a> });
    view! {
        <form class="filter" method="get" action=action>
            <label for="q">{label}</label>
            <div class="filter-line">
                <input type="search" id="q" name="q" value=query maxlength="100" autocomplete="off"/>
                <button type="submit" class="button is-quiet">"Filtrer"</button>
                {clear}
            </div>
        </form>
    }
}

/// Links to the pages around this one.
pub(crate) fn pagination(path: &'static str, query: &str, page: u64, pages: u64) -> impl IntoView + use<> {
    let filter = if query.is_empty() { String::new() } else { format!("q={}&", encoded(query)) };
    let link = |to: u64, rel: &'static str, label: &'static str| {
        let href = format!("{path}?{filter}page={to}");
        view! { <li><a href=href rel=rel>{label}</a></li> }
    };
    (pages > 1).then(|| {
        view! {
            <nav class="pagination" aria-label="Pages">
                <ul>
                    {(page > 1).then(|| link(page - 1, "prev", "Page précédente"))}
                    <li aria-current="page">"Page "{page}" sur "{pages}</li>
                    {(page < pages).then(|| link(page + 1, "next", "Page suivante"))}
                </ul>
            </nav>
        }
    })
}

/// Links to the pages before and after this one, where there are any.
pub(crate) fn around(before: Option<String>, after: Option<String>) -> impl IntoView {
    let links = [(before, "prev", "Page précédente"), (after, "next", "Page suivante")];
    let links: Vec<_> = links
        .into_iter()
        .filter_map(|(href, rel, said)| Some(view! { <li><a href=href? rel=rel>{said}</a></li> }))
        .collect();
    (!links.is_empty()).then(|| view! { <nav class="pagination" aria-label="Pages"><ul>{links}</ul></nav> })
}

/// A table that scrolls in its own frame where the screen is narrow; the keyboard reaches it.
/// `caption` is the id of the table's caption.
pub(crate) fn scrolling(caption: impl Into<String>, table: impl IntoView + 'static) -> impl IntoView {
    let caption: String = caption.into();
    view! { <div class="table-scroll" role="region" tabindex="0" aria-labelledby=caption>{table}</div> }
}
