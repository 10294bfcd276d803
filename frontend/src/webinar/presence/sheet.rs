//! The attendance sheet of a webinar: on screen while it is live, on paper once it is over.

use super::in_minutes;
use crate::ui::scrolling;
use domain::text::{counted, date_long, date_time, hour, percent};
use domain::webinar::presence::Reason;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The webinar's own address; the sheet is under it.
    pub href: String,
    pub title: String,
    pub trainers: Vec<String>,
    pub starts_at: Timestamp,
    pub state: State,
    /// Whole minutes that it was live until now, rounded down.
    pub live_minutes: u32,
    /// Percent of the live time that makes somebody present.
    pub threshold: u8,
    /// When the figures were read.
    pub now: Timestamp,
    /// Everybody who has a place, by name.
    pub registered: Vec<Line>,
    /// Who came without one, by name.
    pub others: Vec<Line>,
}

/// Where the webinar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing counts yet.
    Before,
    Live {
        since: Timestamp,
    },
    Over {
        from: Timestamp,
        to: Timestamp,
    },
    /// It was called off, or nobody came to lead it.
    NeverHeld,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where their presence is told in full, and corrected.
    pub href: String,
    pub name: String,
    pub maison: Option<String>,
    /// Its code: « 08 ».
    pub departement: Option<String>,
    pub is_here: bool,
    /// Whole minutes present, rounded down.
    pub minutes: u32,
    /// Percent of the live time, rounded down.
    pub percent: u8,
    pub reason: Reason,
    /// Who corrected it and why: « Marie Le Goff, le 3 décembre 2026 : ligne coupée ».
    pub corrected: Option<String>,
}

impl Sheet {
    fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    fn counts(&self) -> bool {
        matches!(self.state, State::Live { .. } | State::Over { .. })
    }
}

/// The page, without its shell.
pub fn sheet_page(page: Sheet) -> impl IntoView {
    let Sheet { href, title, trainers, starts_at, threshold, live_minutes, now, .. } = &page;
    let when = match page.state {
        State::Before => format!("Prévu le {}. Rien n’est compté avant le début.", date_time(*starts_at)),
        State::Live { since } => {
            format!("En direct depuis {}, soit {}. Relevé de {}.", hour(since), in_minutes(*live_minutes), hour(*now))
        }
        State::Over { from, to } => format!(
            "Le {}, de {} à {}, soit {} en direct.",
            date_long(from),
            hour(from),
            hour(to),
            in_minutes(*live_minutes)
        ),
        State::NeverHeld => {
            format!("Prévu le {}. Il n’a pas eu lieu\u{a0}: personne n’y est absent.", date_time(*starts_at))
        }
    };
    let led = (!trainers.is_empty()).then(|| {
        let label = if trainers.len() > 1 { "Animé par\u{a0}: " } else { "Animé par " };
        view! { <p class="attendance-led">{label}{trainers.join(", ")}</p> }
    });
    let actions = view! {
        <ul class="actions attendance-actions">
            {page.is_live().then(|| view! { <li><a class="button" href=format!("{href}/presences")>"Actualiser"</a></li> })}
            <li><a class="button is-quiet" href=format!("{href}/presences.csv")>"Télécharger en CSV"</a></li>
        </ul>
    };
    let rule = format!(
        "Le seuil est de {} du temps en direct. Les minutes et les pourcentages sont arrondis à l’entier inférieur.",
        percent(*threshold)
    );
    let overline = view! { <p class="overline"><a href=href.clone()>{title.clone()}</a></p> };
    let heading = view! { <h1>"Feuille de présence"</h1> };
    let printed = view! { <p class="attendance-title">{title.clone()}</p> };
    let sum = summary(&page);
    let (counts, live) = (page.counts(), page.is_live());
    let others = (!page.others.is_empty()).then(|| {
        let table = table("venues", "Venues sans être inscrites", page.others.clone(), live, counts);
        view! {
            <section aria-labelledby="titre-venues">
                <h2 id="titre-venues">"Sans inscription"</h2>
                <p>"Ces personnes étaient dans la salle sans avoir de place. Rien n’entre dans leur dossier, sauf si vous l’ajoutez."</p>
                {table}
            </section>
        }
    });
    let registered = if page.registered.is_empty() {
        view! { <p>"Personne n’a de place à ce webinaire."</p> }.into_any()
    } else {
        table("inscrits", "Personnes inscrites, par ordre alphabétique", page.registered, live, counts).into_any()
    };
    view! {
        {overline}
        {heading}
        {printed}
        <p>{when}</p>
        {led}
        {actions}
        <section aria-labelledby="titre-inscrits">
            <h2 id="titre-inscrits">"Personnes inscrites"</h2>
            {sum}
            {registered}
        </section>
        {others}
        <p class="small">{rule}</p>
    }
}

/// How many came, and how many did not.
fn summary(page: &Sheet) -> impl IntoView + use<> {
    let lines = &page.registered;
    let count = |test: &dyn Fn(&Line) -> bool| lines.iter().filter(|line| test(line)).count() as u64;
    let mut parts = vec![counted(lines.len() as u64, "personne inscrite", "personnes inscrites")];
    if page.is_live() {
        parts.push(counted(count(&|line| line.is_here), "dans la salle", "dans la salle"));
    }
    if page.counts() {
        parts.push(counted(count(&|line| line.reason.is_met()), "au seuil", "au seuil"));
        let below = count(&|line| line.reason == Reason::BelowThreshold);
        parts.push(counted(below, "sous le seuil", "sous le seuil"));
        let absent = if page.is_live() { ("pas encore venue", "pas encore venues") } else { ("absente", "absentes") };
        parts.push(counted(count(&|line| line.reason == Reason::Absent), absent.0, absent.1));
    }
    (!lines.is_empty()).then(|| view! { <p role="status">{parts.join(", ")}"."</p> })
}

fn table(id: &'static str, caption: &'static str, lines: Vec<Line>, live: bool, counts: bool) -> impl IntoView {
    let rows = lines.into_iter().map(move |line| row(line, live, counts)).collect_view();
    scrolling(
        id,
        view! {
            <table class="attendance">
                <caption id=id>{caption}</caption>
                <thead>
                    <tr>
                        <th scope="col">"Nom"</th>
                        <th scope="col" class="wide-only">"Maison"</th>
                        <th scope="col">"Présence"</th>
                        <th scope="col" class="align-right wide-only">"Minutes"</th>
                        <th scope="col" class="align-right wide-only">"Part"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        },
    )
}

fn row(line: Line, is_live: bool, counts: bool) -> impl IntoView {
    let Line { href, name, maison, departement, is_here, minutes, percent: share, reason, corrected } = line;
    let place = match (maison, departement) {
        (Some(maison), Some(departement)) => format!("{maison} ({departement})"),
        (maison, departement) => maison.or(departement).unwrap_or_else(|| "Non renseignée".to_owned()),
    };
    let key = if counts && reason.is_met() { "done" } else { "todo" };
    let stands = match (counts, is_live, reason) {
        (false, ..) => "Pas encore comptée",
        (true, true, Reason::Absent) => "Pas encore venue",
        (true, true, Reason::BelowThreshold) => "Pas encore au seuil",
        (true, _, reason) => reason.name(),
    };
    let here = is_live.then_some(if is_here { "Dans la salle. " } else { "Hors de la salle. " });
    let corrected = corrected.map(|said| view! { <span class="attendance-note">"Corrigée par "{said}</span> });
    view! {
        <tr data-state=key>
            <th scope="row"><a href=href>{name}</a><span class="narrow-only">{place.clone()}</span></th>
            <td class="wide-only">{place}</td>
            <td>{here}{stands}<span class="narrow-only">{in_minutes(minutes)}", "{percent(share)}</span>{corrected}</td>
            <td class="align-right wide-only">{minutes}</td>
            <td class="align-right wide-only">{percent(share)}</td>
        </tr>
    }
}
