//! The log of who looked at or changed whose record, who entered, and who was refused.

use crate::ui::{Choice, SelectField, TextField, problem_box, scrolling};
use domain::audit::Deed;
use domain::text::date_time;
use jiff::Timestamp;
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    pub asked: Asked,
    pub problem: Option<String>,
    /// The latest first.
    pub lines: Vec<DeedLine>,
    /// Where older ones are.
    pub more: Option<String>,
    /// Where all of what was asked for is taken away.
    pub csv: String,
}

/// The filter as it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Whose data.
    pub subject: String,
    /// Who looked.
    pub actor: String,
    /// What was done, as stored.
    pub deed: String,
    /// Days, as browsers send them.
    pub from: String,
    pub to: String,
}

/// A line of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeedLine {
    pub at: Timestamp,
    /// « Marie Le Goff »
    pub actor: String,
    /// « formateur ou formatrice »
    pub role: String,
    /// Whose data; empty where it is about many people.
    pub subject: String,
    /// « Consultation »
    pub deed: &'static str,
    /// « Dossier »
    pub page: String,
}

/// The page, without its shell. Sends `dossier`, `par`, `acte`, `du` and `au` by GET.
pub fn journal_page(page: Journal) -> impl IntoView {
    let Journal { asked, problem, lines, more, csv } = page;
    let wrong = problem.is_some();
    let field = |label, name, kind, value| {
        TextField {
            label,
            name,
            kind,
            value,
            autocomplete: "off",
            optional: true,
            wrong: wrong && kind == "date",
            ..TextField::default()
        }
        .view()
    };
    let kinds = SelectField {
        label: "Acte",
        name: "acte",
        value: asked.deed,
        none: Some("Tous"),
        groups: vec![("", Deed::ALL.map(|deed| Choice::new(deed.as_str(), deed.name())).into())],
        ..SelectField::default()
    };
    let body = if lines.is_empty() {
        view! { <p role="status">"Aucune ligne ne répond à cette demande."</p> }.into_any()
    } else {
        view! { {scrolling("actes", deeds(lines, true))} }.into_any()
    };
    view! {
        <p class="overline"><a href="/administration/comptes">"Comptes"</a></p>
        <h1>"Journal"</h1>
        <p>"Qui a consulté ou modifié le dossier de qui, qui est entré et par quel moyen, et qui a été refusé. Les lignes sont liées par empreintes\u{a0}: aucune ne se modifie ni ne se retire."</p>
        {problem_box(problem)}
        <form class="form" method="get" action="/administration/journal">
            {field("Dossier de (nom ou adresse)", "dossier", "text", asked.subject)}
            {field("Par (nom ou adresse)", "par", "text", asked.actor)}
            {kinds.view()}
            {field("Du", "du", "date", asked.from)}
            {field("Au", "au", "date", asked.to)}
            <button type="submit" class="button is-quiet">"Filtrer"</button>
        </form>
        {body}
        <ul class="actions">
            {more.map(|href| view! { <li><a href=href rel="next">"Lignes plus anciennes"</a></li> })}
            <li><a href=csv>"Emporter en CSV"</a></li>
        </ul>
    }
}

/// The lines as a table; without the column of whose data where it is all one person's.
pub(super) fn deeds(lines: Vec<DeedLine>, with_subject: bool) -> impl IntoView {
    let row = |line: DeedLine| {
        let DeedLine { at, actor, role, subject, deed, page } = line;
        let subject = if subject.is_empty() { "plusieurs personnes".to_owned() } else { subject };
        let narrow = if with_subject {
            format!("Dossier de {subject}. {deed}\u{a0}: {page}.")
        } else {
            format!("{deed}\u{a0}: {page}.")
        };
        let role = (!role.is_empty()).then(|| view! { <span class="attendance-note">{role}</span> });
        view! {
            <tr>
                <th scope="row"><time datetime=at.to_string()>{date_time(at)}</time></th>
                <td>{actor}{role}<span class="narrow-only">{narrow}</span></td>
                {with_subject.then(|| view! { <td class="wide-only">{subject}</td> })}
                <td class="wide-only">{deed}<span class="attendance-note">{page}</span></td>
            </tr>
        }
    };
    view! {
        <table>
            <caption id="actes">{if with_subject { "Lignes du journal" } else { "Consultations et modifications" }}</caption>
            <thead>
                <tr>
                    <th scope="col">"Quand"</th>
                    <th scope="col">"Qui"</th>
                    {with_subject.then(|| view! { <th scope="col" class="wide-only">"Dossier de"</th> })}
                    <th scope="col" class="wide-only">"Acte et page"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
