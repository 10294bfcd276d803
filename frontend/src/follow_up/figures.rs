//! Figures of a territory: pictures and the tables that say the same.

use crate::ui::{growth, parts, scrolling};
use domain::follow_up::{Month, Tally};
use domain::text::{counted, hundredths, integer, percent};
use leptos::prelude::*;

/// The courses followed up, and the one shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Courses {
    /// Slug and title.
    pub shown: (String, String),
    pub all: Vec<(String, String)>,
}

/// How agents fare at a chapter's quiz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChapterLine {
    pub title: String,
    /// Agents who tried; none where they are too few to be told.
    pub tried: Option<u64>,
    pub percent_passed: u8,
    /// Hundredths of an attempt, by agent.
    pub attempts: u32,
    /// Mean of everybody's best attempt.
    pub percent_best: u8,
}

/// So many maisons, by a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub maisons: u64,
    /// « 31 décembre 2026 »
    pub by: String,
}

/// The choice of a course, where there are several.
pub(super) fn course_choice(courses: &Courses, action: String) -> impl IntoView + use<> {
    let Courses { shown, all } = courses.clone();
    (all.len() > 1).then(|| {
        let options = all.into_iter().map(|(slug, title)| {
            let selected = slug == shown.0;
            view! { <option value=slug selected=selected>{title}</option> }
        });
        view! {
            <form class="filter" method="get" action=action>
                <label for="cours">"Cours"</label>
                <div class="filter-line">
                    <select id="cours" name="cours">{options.collect_view()}</select>
                    <button type="submit" class="button is-quiet">"Afficher"</button>
                </div>
            </form>
        }
    })
}

/// « 12 480 h »
pub(super) fn hours(minutes: u64) -> String {
    format!("{}\u{a0}h", integer(minutes / 60))
}

/// Who has not begun, is under way, is done, is late; hours; webinars.
pub(super) fn progress(tally: &Tally, days: u32) -> impl IntoView + use<> {
    let Tally { agents, under_way, done, late, .. } = *tally;
    let line = |class: &'static str, said: &'static str, n: u64| {
        let share = u8::try_from((n * 100).checked_div(agents).unwrap_or(0)).unwrap_or(100);
        view! {
            <tr>
                <th scope="row"><span class=format!("key {class}") aria-hidden="true"></span>{said}</th>
                <td class="align-right">{integer(n)}</td>
                <td class="align-right">{percent(share)}</td>
            </tr>
        }
    };
    view! {
        <p class="figure-line"><strong>{percent(tally.percent_done())}</strong>" des "{counted(agents, "agent inscrit", "agents inscrits")}" ont terminé la journée à distance."</p>
        {parts(&[(done, "part-done"), (under_way, "part-under-way"), (tally.not_begun(), "part-not-begun")])}
        <table class="figures">
            <caption class="visually-hidden">"Agents par avancement"</caption>
            <thead class="visually-hidden">
                <tr><th scope="col">"Avancement"</th><th scope="col">"Agents"</th><th scope="col">"Part"</th></tr>
            </thead>
            <tbody>
                {line("part-done", "Terminé\u{a0}: MOOC et webinaire", done)}
                {line("part-under-way", "En cours", under_way)}
                {line("part-not-begun", "Pas commencé", tally.not_begun())}
                <tr class="figures-apart">
                    <th scope="row">"Dont en retard"<span class="hint">{format!("inscrits depuis plus de {}, et pas encore au bout", counted(days.into(), "jour", "jours"))}</span></th>
                    <td class="align-right">{integer(late)}</td>
                    <td class="align-right">{percent(u8::try_from((late * 100).checked_div(agents).unwrap_or(0)).unwrap_or(100))}</td>
                </tr>
            </tbody>
        </table>
    }
}

/// Hours delivered by modality, and who came to the webinars.
pub(super) fn delivered(tally: &Tally) -> impl IntoView + use<> {
    let webinars = match tally.webinars {
        0 => "Aucun webinaire n’a encore été tenu pour ces agents.".to_owned(),
        places => format!(
            "{} sur {} au seuil de présence, soit {}.",
            integer(tally.webinars_met),
            counted(places, "place prise", "places prises"),
            percent(tally.percent_met())
        ),
    };
    let line = |class: &'static str, said: &'static str, minutes: u64| {
        view! {
            <tr>
                <th scope="row"><span class=format!("key {class}") aria-hidden="true"></span>{said}</th>
                <td class="align-right">{hours(minutes)}</td>
            </tr>
        }
    };
    let missed = tally.webinars.saturating_sub(tally.webinars_met);
    view! {
        {parts(&[(tally.minutes, "part-done"), (tally.minutes_live, "part-under-way")])}
        <table class="figures">
            <caption class="visually-hidden">"Heures données, par modalité"</caption>
            <thead class="visually-hidden"><tr><th scope="col">"Modalité"</th><th scope="col">"Heures"</th></tr></thead>
            <tbody>
                {line("part-done", "MOOC, à distance asynchrone", tally.minutes)}
                {line("part-under-way", "Webinaires, à distance synchrone", tally.minutes_live)}
            </tbody>
        </table>
        <h3>"Assiduité aux webinaires"</h3>
        {parts(&[(tally.webinars_met, "part-done"), (missed, "part-not-begun")])}
        <p>{webinars}</p>
    }
}

/// Agents done at the end of each month.
pub(super) fn over_time(months: &[Month]) -> impl IntoView + use<> {
    let (Some(first), Some(last)) = (months.first(), months.last()) else {
        return view! { <p>"Personne n’a encore terminé\u{a0}: la courbe commencera avec le premier agent."</p> }
            .into_any();
    };
    let points: Vec<u64> = months.iter().map(|month| month.total).collect();
    view! {
        {growth(&points, &[], (first.name(), last.name()))}
        {by_month(months, "Agents ayant terminé, en fin de mois", "Agents")}
    }
    .into_any()
}

/// What a growth shows, as a table.
fn by_month(months: &[Month], caption: &'static str, what: &'static str) -> impl IntoView + use<> {
    let rows = months.iter().map(|month| {
        view! { <tr><th scope="row">{month.name()}</th><td class="align-right">{integer(month.total)}</td></tr> }
    });
    let rows = rows.collect_view();
    view! {
        <details>
            <summary>"Les chiffres, mois par mois"</summary>
            <table>
                <caption>{caption}</caption>
                <thead><tr><th scope="col">"Mois"</th><th scope="col" class="align-right">{what}</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </details>
    }
}

/// Maisons with an agent who is done, against what was planned.
pub(super) fn against_plan(months: &[Month], plan: &[Step], total: u64) -> impl IntoView + use<> {
    let points: Vec<u64> = months.iter().map(|month| month.total).collect();
    let levels: Vec<u64> = plan.iter().map(|step| step.maisons).collect();
    let now = points.last().copied().unwrap_or(0);
    let ends = months.first().zip(months.last()).map(|(first, last)| (first.name(), last.name()));
    let steps = plan.iter().map(|step| {
        let share = u8::try_from((now * 100).checked_div(step.maisons).unwrap_or(0).min(100)).unwrap_or(100);
        view! {
            <tr>
                <th scope="row">{counted(step.maisons, "maison", "maisons")}</th>
                <td>"au "{step.by.clone()}</td>
                <td class="align-right">{integer(now)}</td>
                <td class="align-right">{percent(share)}</td>
            </tr>
        }
    });
    let steps = (!plan.is_empty()).then(|| {
        let steps = steps.collect_view();
        scrolling(
            "plan",
            view! {
                <table>
                    <caption id="plan">"Maisons dont un agent au moins a terminé, au regard du plan"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Prévu"</th><th scope="col">"Échéance"</th>
                            <th scope="col" class="align-right">"Aujourd’hui"</th><th scope="col" class="align-right">"Part"</th>
                        </tr>
                    </thead>
                    <tbody>{steps}</tbody>
                </table>
            },
        )
    });
    view! {
        <p>{counted(now, "maison compte", "maisons comptent")}" au moins un agent qui a terminé, sur "{counted(total, "maison connue", "maisons connues")}"."</p>
        {ends.map(|ends| view! {
            {growth(&points, &levels, ends)}
            {by_month(months, "Maisons dont un agent au moins a terminé, en fin de mois", "Maisons")}
        })}
        {steps}
    }
}

/// Chapters, hardest first.
pub(super) fn hardest(chapters: Vec<ChapterLine>) -> impl IntoView {
    if chapters.is_empty() {
        return view! { <p>"Aucun quiz n’a encore été rendu."</p> }.into_any();
    }
    let rows = chapters.into_iter().map(|chapter| {
        let ChapterLine { title, tried, percent_passed, attempts, percent_best } = chapter;
        let cells = match tried {
            Some(tried) => view! {
                <td class="align-right">{integer(tried)}</td>
                <td class="align-right">{share(percent_passed)}{percent(percent_passed)}</td>
                <td class="align-right">{hundredths(attempts)}</td>
                <td class="align-right">{percent(percent_best)}</td>
            }
            .into_any(),
            None => view! { <td colspan="4">"Masqué\u{a0}: moins de cinq agents"</td> }.into_any(),
        };
        view! { <tr><th scope="row">{title}</th>{cells}</tr> }
    });
    let rows = rows.collect_view();
    scrolling(
        "chapitres",
        view! {
            <table>
                <caption id="chapitres">"Quiz des chapitres, du moins réussi au plus réussi"</caption>
                <thead>
                    <tr>
                        <th scope="col">"Chapitre"</th>
                        <th scope="col" class="align-right">"Agents"</th>
                        <th scope="col" class="align-right">"Réussi par"</th>
                        <th scope="col" class="align-right">"Essais par agent"</th>
                        <th scope="col" class="align-right">"Meilleur score moyen"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        },
    )
    .into_any()
}

/// So many percent, as a picture.
fn share(percent: u8) -> impl IntoView + use<> {
    let percent = u64::from(percent.min(100));
    parts(&[(percent, "part-done"), (100 - percent, "part-not-begun")])
}
