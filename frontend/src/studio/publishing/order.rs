//! The order to publish, what it changes for agents, and what else is decided there.

use crate::ui::{AreaField, TextField};
use domain::text::{counted, date_time};
use jiff::Timestamp;
use leptos::prelude::*;

/// What the new version changes for agents, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Consequences {
    /// Agents who keep all and have nothing more to do.
    pub keep: u64,
    pub more: u64,
    pub less: u64,
    pub not_begun: u64,
    pub lines: Vec<ConsequenceLine>,
}

/// One reason, and how many agents it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsequenceLine {
    /// « 9 agents refont le chapitre « Accueillir » »
    pub who: String,
    /// Why.
    pub why: &'static str,
}

/// The form, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderTyped {
    /// Made with the form, so that sending it twice publishes once.
    pub request: String,
    /// What tells the draft that is shown from any other.
    pub draft: String,
    pub note: String,
    pub notice: String,
    pub by_mail: bool,
    pub date: String,
    pub time: String,
    /// What is wrong, and in which field.
    pub problem: Option<(&'static str, String)>,
}

/// A publication to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    pub due_at: Timestamp,
    pub by: String,
    pub note: String,
    /// When it was tried in vain, and why.
    pub failed: Option<(Timestamp, String)>,
}

/// A course that is not offered any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    pub reason: String,
    /// « Marie Durand, le 1er décembre 2026 »
    pub by: String,
}

/// « parce que ce chapitre est retiré », « parce qu’un essai… »
#[must_use]
pub fn because(why: &str) -> String {
    if why.starts_with(['a', 'e', 'i', 'o', 'u', 'é']) {
        format!("parce qu’{why}")
    } else {
        format!("parce que {why}")
    }
}

pub(super) fn consequences(all: Consequences) -> impl IntoView {
    let Consequences { keep, more, less, not_begun, lines } = all;
    let untouched = lines.is_empty();
    let row = |ConsequenceLine { who, why }| view! { <li><strong>{who}</strong>", "{because(why)}"."</li> };
    let rows = lines.into_iter().map(row).collect::<Vec<_>>();
    let figure = |count: u64, one: &str, many: &str| (count > 0).then(|| counted(count, one, many));
    let said: Vec<String> = [
        Some(counted(keep, "agent garde tout son travail", "agents gardent tout leur travail")),
        figure(more, "a quelque chose de plus à faire", "ont quelque chose de plus à faire"),
        figure(less, "en a moins à faire", "en ont moins à faire"),
        figure(
            not_begun,
            "n’a pas commencé et suivra la nouvelle version",
            "n’ont pas commencé et suivront la nouvelle version",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    view! {
        <section aria-labelledby="consequences">
            <h3 id="consequences">"Ce qui change pour les agents"</h3>
            <p>{said.join(", ")}"."</p>
            {untouched.then(|| view! { <p>"Cette version ne touche le travail de personne."</p> })}
            {(!untouched).then(|| view! { <ul class="consequences">{rows}</ul> })}
            <p class="hint">"Ce qui est acquis reste acquis, un chapitre lu reste lu, un essai commencé se termine sur sa version. Un agent peut être compté sur plusieurs lignes."</p>
        </section>
    }
}

pub(super) fn publication(action: &str, typed: OrderTyped, is_open: bool, planned: Option<&Planned>) -> AnyView {
    let OrderTyped { request, draft, note, notice, by_mail, date, time, problem } = typed;
    let of = |name: &str| problem.as_ref().filter(|(field, _)| *field == name).map(|(_, said)| said.clone());
    let note = AreaField {
        label: "Ce qui change, pour les auteurs",
        name: "note",
        value: note,
        hint: Some("Gardé dans la liste des versions.".to_owned()),
        optional: true,
        rows: 2,
        most: 500,
        ..AreaField::default()
    };
    let notice = AreaField {
        label: "Avis aux agents que cela concerne (facultatif)",
        name: "notice",
        value: notice,
        hint: Some("Sur leur accueil et dans les chapitres concernés, jusqu’à ce qu’ils l’aient lu.".to_owned()),
        optional: true,
        rows: 2,
        most: 500,
        ..AreaField::default()
    };
    let date = TextField {
        label: "Date",
        name: "date",
        kind: "date",
        value: date,
        problem: of("date"),
        autocomplete: "off",
        optional: true,
        ..TextField::default()
    };
    let time = TextField {
        label: "Heure, à Paris",
        name: "time",
        kind: "time",
        value: time,
        problem: of("time"),
        autocomplete: "off",
        optional: true,
        ..TextField::default()
    };
    let later = if planned.is_some() { "Publier à cette autre date" } else { "Publier à cette date" };
    let action = action.to_owned();
    if !is_open {
        return view! {
            <h3>"Publier"</h3>
            <p>"La publication s’ouvre ici une fois corrigé ce qui la bloque."</p>
        }
        .into_any();
    }
    view! {
        <h3>"Publier"</h3>
        <form class="form" method="post" action=action>
            <input type="hidden" name="request" value=request/>
            <input type="hidden" name="draft" value=draft/>
            {note.view()}
            {notice.view()}
            <ul class="boxes"><li>
                <input type="checkbox" id="by_mail" name="by_mail" value="yes" checked=by_mail/>
                <label for="by_mail">"Leur écrire aussi par courriel"</label>
            </li></ul>
            <p><button type="submit" class="button" name="do" value="publish">"Publier maintenant"</button></p>
            <fieldset class="group">
                <legend>"Ou plus tard"</legend>
                <p class="hint">"Le brouillon sera publié tel qu’il sera à ce moment\u{a0}; si un point bloque alors, rien ne change et les auteurs sont prévenus."</p>
                {date.view()}
                {time.view()}
                <p><button type="submit" class="button is-quiet" name="do" value="plan">{later}</button></p>
            </fieldset>
        </form>
    }
    .into_any()
}

pub(super) fn planned(action: &str, planned: Planned) -> impl IntoView + use<> {
    let Planned { due_at, by, note, failed } = planned;
    let said = match failed {
        None => view! {
            <p class="notice-title">"Publication prévue le "{date_time(due_at)}</p>
            <p>"Par "{by}"."{(!note.is_empty()).then(|| format!(" {note}"))}</p>
        }
        .into_any(),
        Some((at, why)) => view! {
            <p class="notice-title">"La publication prévue n’a pas eu lieu"</p>
            <p>"Essayée le "{date_time(at)}"\u{a0}: "{why}</p>
        }
        .into_any(),
    };
    view! {
        <div class="notice">
            {said}
            <form method="post" action=action.to_owned()>
                <input type="hidden" name="do" value="cancel"/>
                <button type="submit" class="button is-quiet">"Ne plus publier à cette date"</button>
            </form>
        </div>
    }
}

pub(super) fn elsewhere(action: &str, course: &str, number: u32) -> impl IntoView + use<> {
    view! {
        <div class="notice is-problem" role="alert">
            <p class="notice-title">"La version "{number}" a été publiée depuis, et ce brouillon n’en vient pas"</p>
            <p>"Publier maintenant effacerait ce qu’elle apporte. "<a href=format!("/studio/{course}/versions?de={number}&a=brouillon")>"Regardez ce qui les distingue"</a>", reprenez-en ce qui doit l’être, puis confirmez."</p>
            <form method="post" action=action.to_owned()>
                <input type="hidden" name="do" value="rebase"/>
                <input type="hidden" name="number" value=number.to_string()/>
                <button type="submit" class="button is-quiet">"J’ai regardé\u{a0}: mon brouillon fait suite à la version "{number}</button>
            </form>
        </div>
    }
}

pub(super) fn withdrawal(action: &str, withdrawn: Option<Withdrawn>) -> impl IntoView + use<> {
    let action = action.to_owned();
    match withdrawn {
        Some(Withdrawn { reason, by }) => view! {
            <h3>"Cours retiré"</h3>
            <p>"Il n’est plus proposé à ceux qui ne l’ont pas commencé\u{a0}; les autres le gardent. "{by}"\u{a0}: «\u{a0}"{reason}"\u{a0}»."</p>
            <form method="post" action=action>
                <input type="hidden" name="do" value="put-back"/>
                <button type="submit" class="button is-quiet">"Le proposer de nouveau"</button>
            </form>
        }
        .into_any(),
        None => view! {
            <h3>"Retirer le cours"</h3>
            <details>
                <summary>"Ne plus le proposer"</summary>
                <form class="form" method="post" action=action>
                    <input type="hidden" name="do" value="withdraw"/>
                    <p>"Il ne sera plus proposé à ceux qui ne l’ont pas commencé. Ceux qui l’ont commencé le gardent, et peuvent le finir."</p>
                    <div class="field">
                        <label for="withdraw-reason">"Motif"</label>
                        <input type="text" id="withdraw-reason" name="reason" required=true maxlength="300" autocomplete="off"/>
                    </div>
                    <button type="submit" class="button is-quiet">"Retirer le cours"</button>
                </form>
            </details>
        }
        .into_any(),
    }
}
