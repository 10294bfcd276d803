//! A pathway in the record: the next step, hours by modality, each component.

use crate::ui::scrolling;
use domain::pathway::Modality;
use domain::text::duration;
use leptos::prelude::*;

/// What is shown of a pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathwayLines {
    pub title: String,
    pub summary: String,
    /// Minutes that count, and those announced, of each modality.
    pub hours: Vec<(Modality, u32, u32)>,
    pub components: Vec<ComponentLine>,
    /// None when all is done.
    pub next: Option<NextStep>,
}

/// A component, and where the agent stands with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComponentLine {
    pub title: String,
    pub modality: Modality,
    /// « Acquis, du 1er au 3 décembre 2026 »
    pub said: String,
    pub is_done: bool,
    /// Minutes that count.
    pub minutes: u32,
    /// Minutes announced.
    pub announced: u32,
    /// Who entered what and why, in the order of the ledger.
    pub notes: Vec<String>,
    /// Where a trainer enters attendance.
    pub enter: Option<String>,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    pub title: String,
    pub how_to: String,
    /// Where it is done, on the platform.
    pub href: Option<String>,
}

/// The section of a record.
pub(crate) fn pathway(lines: PathwayLines, place: usize, owner_view: bool) -> impl IntoView {
    let PathwayLines { title, summary, hours, components, next } = lines;
    let done = components.iter().filter(|line| line.is_done).count();
    let of = components.len();
    let enters = components.iter().any(|line| line.enter.is_some());
    let caption = format!("composantes-{place}");
    let table = view! {
        <table>
            <caption id=caption.clone()>{format!("{done} sur {of} composantes acquises")}</caption>
            <thead>
                <tr>
                    <th scope="col">"Composante"</th>
                    <th scope="col">"État"</th>
                    <th scope="col" class="align-right wide-only">"Temps compté"</th>
                </tr>
            </thead>
            <tbody>{components.into_iter().map(component).collect_view()}</tbody>
        </table>
    };
    view! {
        <section aria-labelledby=format!("parcours-{place}")>
            <h2 id=format!("parcours-{place}")>{title}</h2>
            <p>{summary}</p>
            {next_step(next, owner_view)}
            {modalities(hours, place)}
            {scrolling(caption, table)}
            {enters.then(|| view! {
                <p class="small">"Ce que vous inscrivez s’ajoute au dossier avec votre nom et votre raison. Rien n’y est effacé."</p>
            })}
        </section>
    }
}

fn next_step(next: Option<NextStep>, owner_view: bool) -> impl IntoView {
    match next {
        None => view! { <p class="notice is-good">"Tout le parcours est acquis."</p> }.into_any(),
        Some(NextStep { title, how_to, href }) => {
            let link =
                href.filter(|_| owner_view).map(|href| view! { <p><a class="button" href=href>"Y aller"</a></p> });
            view! {
                <div class="notice">
                    <p class="notice-title">"Prochaine étape\u{a0}: "{title}</p>
                    {owner_view.then(|| view! { <p>{how_to}</p> })}
                    {link}
                </div>
            }
            .into_any()
        }
    }
}

fn modalities(hours: Vec<(Modality, u32, u32)>, place: usize) -> impl IntoView {
    let caption = format!("modalites-{place}");
    let row = |(modality, minutes, announced): (Modality, u32, u32)| {
        view! {
            <tr>
                <th scope="row">{capitalised(modality.name())}</th>
                <td class="align-right">{duration(minutes)}</td>
                <td class="align-right">{duration(announced)}</td>
            </tr>
        }
    };
    let total = |of: fn(&(Modality, u32, u32)) -> u32| duration(hours.iter().map(of).sum());
    let (counted, announced) = (total(|hours| hours.1), total(|hours| hours.2));
    let table = view! {
        <table>
            <caption id=caption.clone()>"Heures par modalité"</caption>
            <thead>
                <tr>
                    <th scope="col">"Modalité"</th>
                    <th scope="col" class="align-right">"Compté"</th>
                    <th scope="col" class="align-right">"Prévu"</th>
                </tr>
            </thead>
            <tbody>
                {hours.into_iter().map(row).collect_view()}
                <tr>
                    <th scope="row">"En tout"</th>
                    <td class="align-right"><strong>{counted}</strong></td>
                    <td class="align-right">{announced}</td>
                </tr>
            </tbody>
        </table>
    };
    scrolling(caption, table)
}

fn component(line: ComponentLine) -> impl IntoView {
    let ComponentLine { title, modality, said, is_done, minutes, announced, notes, enter } = line;
    let key = if is_done { "done" } else { "todo" };
    let counts = format!("{} sur {}", duration(minutes), duration(announced));
    let label = format!("Inscrire la présence\u{a0}: {title}");
    view! {
        <tr data-state=key>
            <th scope="row">{title}<span class="attendance-note">{capitalised(modality.name())}</span></th>
            <td>
                {said}
                {notes.into_iter().map(|note| view! { <span class="attendance-note">{note}</span> }).collect_view()}
                {enter.map(|href| view! { <span class="attendance-note"><a href=href aria-label=label>"Inscrire la présence"</a></span> })}
                <span class="narrow-only">"Temps compté\u{a0}: "{counts.clone()}"."</span>
            </td>
            <td class="align-right wide-only">{counts}</td>
        </tr>
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
