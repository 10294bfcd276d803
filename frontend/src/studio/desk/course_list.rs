//! The courses that one writes.

use domain::text::counted;
use leptos::prelude::*;

/// What `/studio` shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskPage {
    pub courses: Vec<CourseLine>,
    /// Whether who looks at it may begin a course.
    pub founds: bool,
}

/// A course of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseLine {
    pub slug: String,
    pub title: String,
    pub stands: Stands,
    /// Whether who looks at it publishes it.
    pub publishes: bool,
}

/// Where a course stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// Never published.
    Draft,
    Published {
        number: u64,
        /// Whether something changed since.
        changed: bool,
    },
    /// Published, and not opened in the studio.
    Closed { number: u32, request: String },
}

/// The page, without its shell.
pub fn desk_page(DeskPage { courses, founds }: DeskPage) -> impl IntoView {
    let count = courses.len() as u64;
    let lines = courses.into_iter().map(|course| line(course, founds)).collect_view();
    view! {
        <h1>"Studio"</h1>
        <p class="lead">"Écrire un cours, le relire, le publier. Rien n’arrive aux agents avant la publication."</p>
        {founds.then(|| view! { <p><a class="button" href="/studio/nouveau">"Commencer un cours"</a></p> })}
        {if count == 0 {
            view! { <p>"Vous n’écrivez encore aucun cours."</p> }.into_any()
        } else {
            view! {
                <h2>{counted(count, "cours", "cours")}</h2>
                <ul class="course-lines">{lines}</ul>
            }
            .into_any()
        }}
    }
}

fn line(CourseLine { slug, title, stands, publishes }: CourseLine, founds: bool) -> impl IntoView {
    let href = format!("/studio/{slug}");
    let copy = (founds && publishes).then(|| {
        view! {
            <a href=format!("/studio/nouveau?copie={slug}")>"Copier"<span class="visually-hidden">" « "{title.clone()}" »"</span></a>
        }
    });
    let said = match &stands {
        Stands::Draft => "Brouillon, jamais publié".to_owned(),
        Stands::Published { number, changed: false } => format!("Version {number} publiée, rien de changé depuis"),
        Stands::Published { number, changed: true } => {
            format!("Version {number} publiée, et des changements qui ne le sont pas encore")
        }
        Stands::Closed { number, .. } => format!("Version {number} publiée, pas encore ouverte dans le studio"),
    };
    let open = match stands {
        Stands::Closed { request, .. } => Some(opening(&slug, request, "button is-quiet")),
        _ => None,
    };
    let name = match &open {
        Some(_) => view! { <strong>{title}</strong> }.into_any(),
        None => view! { <a href=href><strong>{title}</strong></a> }.into_any(),
    };
    view! {
        <li>
            <p class="course-line-title">{name}</p>
            <p class="small">{said}</p>
            <div class="actions">{open}{copy}</div>
        </li>
    }
}

fn opening(slug: &str, request: String, class: &'static str) -> impl IntoView + use<> {
    view! {
        <form method="post" action=format!("/studio/{slug}/ouvrir")>
            <input type="hidden" name="request" value=request/>
            <button type="submit" class=class>"Ouvrir dans le studio"</button>
        </form>
    }
}

/// A published course that is not being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedPage {
    pub slug: String,
    pub title: String,
    pub number: u32,
    pub request: String,
}

/// The page, without its shell.
pub fn closed_page(ClosedPage { slug, title, number, request }: ClosedPage) -> impl IntoView {
    view! {
        <p class="overline"><a href="/studio">"Studio"</a></p>
        <h1>{title}</h1>
        <p>
            "La version "{number}" est publiée. Ouvrez le cours dans le studio pour préparer la suivante\u{a0}: les agents gardent la version publiée tant que vous n’en publiez pas une autre."
        </p>
        {opening(&slug, request, "button")}
    }
}
