//! One person's presence: what was seen, what counts, what was corrected, and correcting it.

use super::in_minutes;
use crate::ui::problem_box;
use domain::text::{counted, date_long, date_time, hour, percent};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correct {
    /// The sheet.
    pub sheet: String,
    /// The page's own address; its form sends there.
    pub href: String,
    pub title: String,
    pub name: String,
    /// When it went live; none before.
    pub held_at: Option<Timestamp>,
    pub live_minutes: u32,
    pub threshold: u8,
    /// Whole minutes that count now, and why: « Seuil atteint ».
    pub minutes: u32,
    pub percent: u8,
    pub stands: String,
    /// What the server has proof of, in the order of time.
    pub seen: Vec<SeenLine>,
    /// In the order in which they were made.
    pub history: Vec<HistoryLine>,
    pub form: CorrectionForm,
}

/// A stretch of proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenLine {
    pub from: Timestamp,
    pub to: Timestamp,
    /// At whose screen, when it was a colleague's.
    pub beside: Option<String>,
}

/// A correction that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub at: Timestamp,
    pub by: String,
    pub why: String,
    /// Minutes that counted before; none where there was nothing in the record.
    pub before: Option<u32>,
    pub after: u32,
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CorrectionForm {
    /// Nothing, for that reason.
    Closed(&'static str),
    Open(Sent),
    /// What was sent is right, and waits for a yes.
    Confirm {
        sent: Sent,
        after: u32,
        percent: u8,
        met: bool,
    },
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// Made with the form, so that it counts once however often it is sent.
    pub correction: String,
    pub minutes: String,
    pub why: String,
    /// What is wrong, and in which of the two fields.
    pub problem: Option<(&'static str, String)>,
}

/// The page, without its shell. Its form POSTs `correction`, `minutes`, `why`, and `sure` once confirmed.
pub fn correction_page(page: Correct) -> impl IntoView {
    let Correct { sheet, href, title, name, held_at, live_minutes, threshold, minutes, percent: share, .. } = page;
    let problem = match &page.form {
        CorrectionForm::Open(sent) => sent.problem.clone().map(|(_, said)| said),
        _ => None,
    };
    let held = held_at.map_or_else(String::new, |at| format!(", le {}", date_long(at)));
    let form = match page.form {
        CorrectionForm::Closed(why) => view! { <p>{why}</p> }.into_any(),
        CorrectionForm::Open(sent) => open(&href, sent, live_minutes, threshold).into_any(),
        CorrectionForm::Confirm { sent, after, percent, met } => {
            confirm(&href, &sheet, sent, (minutes, after, percent, met)).into_any()
        }
    };
    view! {
        <p class="overline"><a href=sheet>"Feuille de présence"</a></p>
        <h1>"Présence de "{name}</h1>
        {problem_box(problem)}
        <p>"Webinaire «\u{a0}"{title}"\u{a0}»"{held}"."</p>
        <p class="figure-line">
            <strong>{in_minutes(minutes)}</strong>
            " sur "{in_minutes(live_minutes)}" en direct, soit "{percent(share)}". "{page.stands}"."
        </p>
        <section aria-labelledby="corriger">
            <h2 id="corriger">"Corriger"</h2>
            {form}
        </section>
        {history(page.history)}
        {seen(page.seen)}
    }
}

fn open(href: &str, sent: Sent, live_minutes: u32, threshold: u8) -> impl IntoView + use<> {
    let Sent { correction, minutes, why, problem } = sent;
    let wrong = |name: &str| problem.as_ref().is_some_and(|(field, _)| *field == name);
    let described = |hint: &str, name: &str| {
        if wrong(name) { format!("probleme {hint}") } else { hint.to_owned() }
    };
    view! {
        <p>"Une correction s’ajoute au dossier avec votre nom et votre raison. Ce qui était inscrit reste visible."</p>
        <form class="form" method="post" action=href.to_owned()>
            <input type="hidden" name="correction" value=correction/>
            <div class="field">
                <label for="minutes">"Minutes de présence"</label>
                <p class="hint" id="aide-minutes">
                    "De 0 à "{live_minutes}". Le seuil est de "{percent(threshold)}" du temps en direct."
                </p>
                <input
                    type="number" id="minutes" name="minutes" value=minutes.clone() min="0" max=live_minutes.to_string()
                    step="1" inputmode="numeric" required autocomplete="off"
                    aria-invalid=wrong("minutes").then_some("true")
                    aria-describedby=described("aide-minutes", "minutes")
                />
            </div>
            <div class="field">
                <label for="why">"Raison"</label>
                <p class="hint" id="aide-why">"Ce que vous avez constaté. L’agent lira cette phrase dans son dossier."</p>
                <textarea
                    id="why" name="why" rows="3" required maxlength="500"
                    aria-invalid=wrong("why").then_some("true")
                    aria-describedby=described("aide-why", "why")
                >{why.clone()}</textarea>
            </div>
            <button type="submit" class="button">"Vérifier la correction"</button>
        </form>
    }
}

fn confirm(
    href: &str,
    sheet: &str,
    sent: Sent,
    (before, after, share, met): (u32, u32, u8, bool),
) -> impl IntoView + use<> {
    let Sent { correction, minutes, why, .. } = sent;
    let verdict = if met { "Le seuil sera atteint." } else { "Le seuil ne sera pas atteint." };
    view! {
        <div class="notice" role="status">
            <p class="notice-title">"À confirmer"</p>
            <p>
                {in_minutes(before)}" → "<strong>{in_minutes(after)}</strong>", soit "{percent(share)}". "{verdict}
            </p>
            <p>"Raison\u{a0}: "{why.clone()}</p>
        </div>
        <form method="post" action=href.to_owned()>
            <input type="hidden" name="correction" value=correction/>
            <input type="hidden" name="minutes" value=minutes/>
            <input type="hidden" name="why" value=why/>
            <input type="hidden" name="sure" value="yes"/>
            <ul class="actions">
                <li><button type="submit" class="button">"Inscrire la correction"</button></li>
                <li><a class="button is-quiet" href=sheet.to_owned()>"Ne rien changer"</a></li>
            </ul>
        </form>
    }
}

fn history(lines: Vec<HistoryLine>) -> impl IntoView {
    let line = |HistoryLine { at, by, why, before, after }: HistoryLine| {
        let before = before.map_or_else(|| "rien d’inscrit".to_owned(), in_minutes);
        view! {
            <li>
                <time datetime=at.to_string()>{date_time(at)}</time>
                <span class="fact-said">{before}" → "{in_minutes(after)}", par "{by}</span>
                <span class="fact-more">"Raison\u{a0}: "{why}</span>
            </li>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <section aria-labelledby="historique">
                <h2 id="historique">"Corrections"</h2>
                <ol class="facts">{lines.into_iter().map(line).collect_view()}</ol>
            </section>
        }
    })
}

fn seen(lines: Vec<SeenLine>) -> impl IntoView {
    let said = if lines.is_empty() {
        "Le serveur n’a reçu aucune preuve de présence.".to_owned()
    } else {
        format!(
            "{}. Ce qui se recouvre compte une fois, et seul le temps en direct compte.",
            counted(lines.len() as u64, "intervalle prouvé", "intervalles prouvés")
        )
    };
    let line = |SeenLine { from, to, beside }: SeenLine| {
        let beside = beside.map(|name| format!(", à côté de {name}"));
        view! { <li>"De "{with_seconds(from)}" à "{with_seconds(to)}{beside}</li> }
    };
    view! {
        <section aria-labelledby="preuves">
            <h2 id="preuves">"Ce que le serveur a constaté"</h2>
            <p>{said}</p>
            {(!lines.is_empty()).then(|| view! { <ul>{lines.into_iter().map(line).collect_view()}</ul> })}
        </section>
    }
}

/// « 14 h 05 min 09 s »
fn with_seconds(at: Timestamp) -> String {
    format!("{}\u{a0}min\u{a0}{:02}\u{a0}s", hour(at), domain::text::paris(at).second())
}
