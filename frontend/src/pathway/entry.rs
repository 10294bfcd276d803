//! A trainer enters what an agent followed away from the platform.

use crate::ui::problem_box;
use domain::text::{date_time, duration, rank};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryPage {
    /// The agent's record.
    pub record: String,
    /// The page's own address; its form sends there.
    pub href: String,
    pub name: String,
    /// The component's.
    pub title: String,
    /// Minutes of one half day.
    pub minutes: u32,
    /// Where the agent stands: « Rien n’est encore inscrit. »
    pub stands: String,
    /// In the order in which they were made.
    pub history: Vec<HistoryLine>,
    pub typed: Typed,
}

/// An entry that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub at: Timestamp,
    /// « 1er décembre 2026, matin »
    pub said: String,
    pub by: String,
    pub why: String,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Made with the form, so that it counts once however often it is sent.
    pub entry: String,
    /// `attended`, `exempted` or `nothing`.
    pub state: String,
    pub slots: Vec<Slot>,
    pub why: String,
    /// What is wrong, and in which field.
    pub problem: Option<(String, String)>,
}

/// A half day, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slot {
    /// « 2026-12-01 », or nothing.
    pub date: String,
    /// `morning` or `afternoon`.
    pub part: String,
}

/// The page, without its shell. Its form POSTs `entry`, `state`, `why`, and `date-N` and `part-N` of each half day.
pub fn entry_page(page: EntryPage) -> impl IntoView {
    let EntryPage { record, href, name, title, minutes, stands, history, typed } = page;
    let problem = typed.problem.clone().map(|(_, said)| said);
    let form = form(&href, typed, minutes);
    view! {
        <p class="overline"><a href=record>"Dossier de "{name.clone()}</a></p>
        <h1>"Présence de "{name}</h1>
        {problem_box(problem)}
        <p><strong>{title}</strong></p>
        <p>{stands}</p>
        <section aria-labelledby="inscrire">
            <h2 id="inscrire">"Inscrire"</h2>
            {form}
        </section>
        {past(history)}
    }
}

fn form(href: &str, typed: Typed, minutes: u32) -> impl IntoView + use<> {
    let Typed { entry, state, slots, why, problem } = typed;
    let wrong = move |name: &str| problem.as_ref().is_some_and(|(field, _)| field == name);
    let described =
        |name: &str, hint: &'static str| if wrong(name) { format!("probleme {hint}") } else { hint.to_owned() };
    let choice = |value: &'static str, label: &'static str| {
        let id = format!("state-{value}");
        view! {
            <li>
                <input type="radio" id=id.clone() name="state" value=value checked={state == value}/>
                <label for=id>{label}</label>
            </li>
        }
    };
    let (wrong_state, wrong_why) = (wrong("state"), wrong("why"));
    let described_why = described("why", "aide-why");
    let rows =
        slots.iter().enumerate().map(|(place, slot)| half_day(place + 1, slot, wrong(&format!("date-{}", place + 1))));
    view! {
        <p>"Ce que vous inscrivez remplace ce qui l’était pour cette composante\u{a0}; l’ancienne inscription reste visible. Un certificat qui ne serait plus exact est retiré aussitôt."</p>
        <form class="form" method="post" action=href.to_owned()>
            <input type="hidden" name="entry" value=entry/>
            <fieldset class="group" aria-describedby=wrong_state.then_some("probleme")>
                <legend>"Ce que vous inscrivez"</legend>
                <ul class="boxes">
                    {choice("attended", "Une présence, par demi-journée")}
                    {choice("exempted", "Une dispense")}
                    {choice("nothing", "Rien\u{a0}: retirer ce qui est inscrit")}
                </ul>
            </fieldset>
            <fieldset class="group">
                <legend>"Demi-journées suivies"</legend>
                <p class="hint">"Pour une présence seulement. Chaque demi-journée compte "{duration(minutes)}"\u{a0}; laissez vides celles qui manquent."</p>
                {rows.collect_view()}
            </fieldset>
            <div class="field">
                <label for="why">"Source ou raison"</label>
                <p class="hint" id="aide-why">"Par exemple\u{a0}: feuille de présence signée du 3\u{a0}décembre. L’agent lira cette phrase dans son dossier."</p>
                <textarea
                    id="why" name="why" rows="3" required maxlength="500"
                    aria-invalid=wrong_why.then_some("true") aria-describedby=described_why
                >{domain::text::escaped(&why)}</textarea>
            </div>
            <button type="submit" class="button">"Inscrire au dossier"</button>
        </form>
    }
}

/// The fields of one half day: `date-N` and `part-N`.
pub(crate) fn half_day(place: usize, slot: &Slot, wrong: bool) -> impl IntoView + use<> {
    let (date, part) = (format!("date-{place}"), format!("part-{place}"));
    let option = |value: &'static str, label: &'static str| {
        view! { <option value=value selected={slot.part == value}>{label}</option> }
    };
    view! {
        <div class="half-day">
            <div class="field">
                <label for=date.clone()>{format!("{} demi-journée", rank(place))}</label>
                <input
                    type="date" id=date.clone() name=date.clone() value=slot.date.clone()
                    aria-invalid=wrong.then_some("true") aria-describedby=wrong.then_some("probleme")
                />
            </div>
            <div class="field">
                <label for=part.clone()>"Moment"<span class="visually-hidden">{format!(" de la {} demi-journée", rank(place))}</span></label>
                <select id=part.clone() name=part.clone()>
                    {option("morning", "Matin")}
                    {option("afternoon", "Après-midi")}
                </select>
            </div>
        </div>
    }
}

fn past(lines: Vec<HistoryLine>) -> impl IntoView {
    let line = |HistoryLine { at, said, by, why }: HistoryLine| {
        view! {
            <li>
                <time datetime=at.to_string()>{date_time(at)}</time>
                <span class="fact-said">{said}", par "{by}</span>
                <span class="fact-more">"Source ou raison\u{a0}: "{why}</span>
            </li>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <section aria-labelledby="historique">
                <h2 id="historique">"Inscriptions"</h2>
                <ol class="facts">{lines.into_iter().map(line).collect_view()}</ol>
            </section>
        }
    })
}
