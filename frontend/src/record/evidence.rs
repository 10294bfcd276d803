//! What proves a line of the record.

use leptos::prelude::*;

/// One thing that proves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub said: String,
    /// Where it is seen, and what the link says.
    pub href: Option<(String, &'static str)>,
}

pub(crate) fn evidence(all: Vec<Evidence>) -> impl IntoView {
    let one = |Evidence { said, href }: Evidence| {
        let link = href.map(|(href, label)| view! { " "<a href=href>{label}</a> });
        view! { <li>{said}{link}</li> }
    };
    view! {
        <section aria-labelledby="preuve">
            <h2 id="preuve">"Ce qui le prouve"</h2>
            <ul>{all.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}
