//! A section of a chapter, and the form that says it is read.

use super::light;
use super::player::Player;
use crate::ui::day;
use domain::course::{Block, Section, with_media_base};
use domain::ids::SectionSlug;
use jiff::Timestamp;
use leptos::prelude::*;

/// Where a section stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// The chapter's address.
    pub(super) here: &'a str,
    pub(super) media_base: &'a str,
    pub(super) light: bool,
    /// Whether players wake in the browser.
    pub(super) awake: bool,
}

pub(super) fn view(section: Section, read: Option<Timestamp>, around: &Around<'_>) -> impl IntoView + use<> {
    let form = form(&section.slug, read, around.here);
    framed(section, around, Some(form))
}

/// The section as it is read, without the form that says it is.
#[cfg(feature = "ssr")]
pub(super) fn preview(section: Section, around: &Around<'_>) -> impl IntoView + use<> {
    framed(section, around, None)
}

fn framed(section: Section, around: &Around<'_>, form: Option<AnyView>) -> impl IntoView + use<> {
    let Section { slug, title, blocks, passages: _ } = section;
    let blocks = blocks.into_iter().map(|block| drawn(block, around)).collect_view();
    view! {
        <section class="section" id=slug.to_string() aria-labelledby=format!("titre-{slug}")>
            <h2 id=format!("titre-{slug}")>{title}</h2>
            {blocks}
            {form}
        </section>
    }
}

fn drawn(block: Block, around: &Around<'_>) -> AnyView {
    match block {
        Block::Prose { html } if around.light => prose(light::without_images(&html)).into_any(),
        Block::Prose { html } => prose(with_media_base(&html, around.media_base)).into_any(),
        Block::Media(media) if around.light => light::media(media, around.media_base).into_any(),
        Block::Media(media) => {
            let base = format!("{}/", around.media_base.trim_end_matches('/'));
            view! { <Player media=media base=base awake=around.awake/> }.into_any()
        }
    }
}

fn prose(html: String) -> impl IntoView {
    view! { <div class="prose" inner_html=html></div> }
}

fn form(slug: &SectionSlug, read: Option<Timestamp>, here: &str) -> AnyView {
    match read {
        Some(at) => view! { <p class="section-read">"Section lue le "{day(at)}</p> }.into_any(),
        None => view! {
            <form class="section-done" method="post" action=format!("{here}/lu")>
                <input type="hidden" name="section" value=slug.to_string()/>
                <button type="submit" class="button is-quiet">"J’ai lu cette section"</button>
                <span role="status"></span>
            </form>
        }
        .into_any(),
    }
}
