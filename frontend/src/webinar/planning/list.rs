//! Every webinar that somebody may know of.

use domain::text::{counted, duration, hour, weekday_long};
use domain::webinar::schedule::Stage;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebinarList {
    /// Whether they see « Planifier un webinaire ».
    pub can_plan: bool,
    /// Those to come in which they have a part, the next first.
    pub mine: Vec<Card>,
    /// The others to come, the next first.
    pub to_come: Vec<Card>,
    /// Over, the latest first.
    pub past: Vec<Card>,
}

/// A webinar on one or two lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    pub href: String,
    pub title: String,
    pub starts_at: Timestamp,
    pub minutes: u32,
    pub stage: Stage,
    pub standing: Standing,
    /// Places left.
    pub free: u32,
}

/// What part somebody has in a webinar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    None,
    Registered,
    /// At that rank from 1, where it is known.
    Waiting(Option<usize>),
    Leads,
}

/// The page, without its shell.
pub fn list_page(page: WebinarList) -> impl IntoView {
    let WebinarList { can_plan, mine, to_come, past } = page;
    let plan =
        can_plan.then(|| view! { <p><a class="button" href="/webinaires/nouveau">"Planifier un webinaire"</a></p> });
    let nothing_at_all = mine.is_empty() && to_come.is_empty();
    let empty_mine = if nothing_at_all {
        "Aucun webinaire n’est prévu pour l’instant. Ceux qui le seront apparaîtront ici."
    } else {
        "Vous n’êtes inscrit à aucun webinaire. Choisissez-en un ci-dessous\u{a0}: l’inscription prend un instant."
    };
    let past_section = (!past.is_empty()).then(|| {
        view! {
            <section aria-labelledby="passes">
                <h2 id="passes">"Passés"</h2>
                {cards(past)}
            </section>
        }
    });
    let others = (!to_come.is_empty()).then(|| {
        view! {
            <section aria-labelledby="a-venir">
                <h2 id="a-venir">"À venir"</h2>
                {cards(to_come)}
            </section>
        }
    });
    let own = if mine.is_empty() { view! { <p>{empty_mine}</p> }.into_any() } else { cards(mine).into_any() };
    view! {
        <h1>"Webinaires"</h1>
        <p class="lead">"En direct, une formatrice ou un formateur montre les outils de la maison et répond à vos questions."</p>
        {plan}
        <section aria-labelledby="mes-webinaires">
            <h2 id="mes-webinaires">"Mes webinaires"</h2>
            {own}
        </section>
        {others}
        {past_section}
    }
}

fn cards(cards: Vec<Card>) -> impl IntoView {
    view! { <ul class="hits webinars">{cards.into_iter().map(card).collect_view()}</ul> }
}

fn card(card: Card) -> impl IntoView {
    let Card { href, title, starts_at, minutes, stage, standing, free } = card;
    let said = said(stage, standing, free);
    view! {
        <li>
            <a href=href>{title}</a>
            <p>{when(starts_at)}", "{duration(minutes)}</p>
            <p class="webinar-state" data-stage=key(stage)>{said}</p>
        </li>
    }
}

/// The stage where it matters, then what part one has, else the places left.
fn said(stage: Stage, standing: Standing, free: u32) -> String {
    let part = match standing {
        Standing::Registered => Some("Vous êtes inscrit".to_owned()),
        Standing::Waiting(Some(rank)) => Some(format!("Liste d’attente, {} position", domain::text::rank(rank))),
        Standing::Waiting(None) => Some("Liste d’attente".to_owned()),
        Standing::Leads => Some("Vous animez".to_owned()),
        Standing::None => None,
    };
    match (stage, part) {
        (Stage::Closed | Stage::Cancelled, _) | (_, None) if stage.is_over() => stage.name().to_owned(),
        (Stage::Scheduled, Some(part)) => part,
        (stage, Some(part)) => format!("{} · {part}", stage.name()),
        (Stage::Scheduled, None) => places(free),
        (stage, None) => format!("{} · {}", stage.name(), places(free)),
    }
}

/// « Il reste 12 places »
pub(super) fn places(free: u32) -> String {
    match free {
        0 => "Complet, avec liste d’attente".to_owned(),
        free => format!("Il reste {}", counted(free.into(), "place", "places")),
    }
}

/// For the style sheet.
pub(super) fn key(stage: Stage) -> &'static str {
    match stage {
        Stage::Scheduled => "scheduled",
        Stage::Open => "open",
        Stage::Live => "live",
        Stage::Closed => "closed",
        Stage::Cancelled => "cancelled",
    }
}

/// « jeudi 3 décembre 2026 à 10 h 00 », for people and for machines.
pub(crate) fn when(at: Timestamp) -> impl IntoView {
    view! { <time datetime=at.to_string()>{weekday_long(at)}" à "{hour(at)}</time> }
}
