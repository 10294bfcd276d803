//! A course as a whole.

use crate::home::{Path, go_on, progress, steps};
use domain::text::duration;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlinePage {
    pub path: Path,
    /// What one knows how to do at the end.
    pub objectives: Vec<String>,
    /// `CC BY 4.0`
    pub licence: String,
    /// Number of the published version.
    pub version: u32,
}

/// The page, without its shell.
pub fn outline_page(page: OutlinePage) -> impl IntoView {
    let OutlinePage { path, objectives, licence, version } = page;
    let progress = progress(&path);
    let Path { slug, title, summary, minutes_total, positioning, chapters, assessment, next, .. } = path;
    view! {
        <p class="overline"><a href="/">"Mon parcours"</a></p>
        <h1>{title}</h1>
        <p class="lead">{summary}</p>
        {next.map(|next| go_on(&slug, next))}
        {(!objectives.is_empty()).then(|| view! {
            <h2>"À la fin, vous saurez"</h2>
            <ul>{objectives.into_iter().map(|objective| view! { <li>{objective}</li> }).collect_view()}</ul>
        })}
        <h2>"Chapitres"</h2>
        {progress}
        {steps(positioning, chapters, assessment)}
        <p class="small">"Durée totale\u{a0}: "{duration(minutes_total)}". Version\u{a0}"{version}" du cours, sous licence "{licence}"."</p>
    }
}
