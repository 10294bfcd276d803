//! What the pages about one course have in common: its name, and the way from one to another.

use leptos::prelude::*;

/// A course being written, as its pages name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framed {
    /// The course's slug.
    pub course: String,
    pub title: String,
    /// Whether who looks at it publishes it.
    pub publishes: bool,
    pub tab: Tab,
}

/// A part of the studio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Outline,
    Questions,
    Media,
    Publishing,
    Results,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Outline, Self::Questions, Self::Media, Self::Publishing, Self::Results];

    fn name(self) -> &'static str {
        match self {
            Self::Outline => "Plan et textes",
            Self::Questions => "Questions",
            Self::Media => "Images et vidéos",
            Self::Publishing => "Vérifier et publier",
            Self::Results => "Résultats des questions",
        }
    }

    /// Where it is, from the course's address in the studio.
    fn path(self) -> &'static str {
        match self {
            Self::Outline => "",
            Self::Questions => "/questions",
            Self::Media => "/medias",
            Self::Publishing => "/publier",
            Self::Results => "/resultats",
        }
    }
}

/// A page about a course, below its name and the way to its other parts. The page's own title is an `h2`.
pub fn frame(Framed { course, title, publishes, tab }: Framed, page: impl IntoView + 'static) -> impl IntoView {
    let link = move |one: Tab| {
        let current = (one == tab).then_some("page");
        view! { <li><a href=format!("/studio/{course}{}", one.path()) aria-current=current>{one.name()}</a></li> }
    };
    let shown = Tab::ALL.into_iter().filter(|tab| publishes || *tab != Tab::Results);
    view! {
        <p class="overline"><a href="/studio">"Studio"</a></p>
        <h1>{title}</h1>
        <nav class="studio-tabs" aria-label="Les parties du cours"><ul>{shown.map(link).collect_view()}</ul></nav>
        {page}
    }
}
