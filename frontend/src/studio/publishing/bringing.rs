//! Bringing a course or questions in from elsewhere: sent, shown item by item, then carried out.

use crate::ui::{Choice, SelectField, TextField, problem_box};
use domain::text::counted;
use leptos::prelude::*;

/// The form that sends a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BringPage {
    /// Made with the form, so that sending it twice keeps one file.
    pub import: String,
    /// « course » or « questions ».
    pub kind: String,
    pub course: String,
    /// The draft's files that take questions: a value and a label.
    pub targets: Vec<(String, String)>,
    pub target: String,
    pub section: String,
    pub skill: String,
    pub problem: Option<String>,
}

/// What a file would make, or made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtPage {
    pub href: String,
    pub file_name: String,
    /// Where it goes, in words.
    pub into: String,
    /// « 12 repris, 3 modifiés, 1 laissé »
    pub counts: String,
    pub items: Vec<BroughtItem>,
    /// What remains to be mended afterwards.
    pub problems: Vec<String>,
    pub state: BroughtState,
    pub problem: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroughtItem {
    pub place: String,
    pub what: String,
    pub fate: &'static str,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BroughtState {
    Planned,
    /// Nothing can be brought in of it.
    Refused,
    /// Where it is now.
    Done {
        href: String,
    },
}

/// The page, without its shell. POSTs `import`, `kind`, `course`, `target`, `section`, `skill` and `file`, as
/// `multipart/form-data`.
pub fn bring_page(page: BringPage) -> impl IntoView {
    let BringPage { import, kind, course, targets, target, section, skill, problem } = page;
    let kind = SelectField {
        label: "Ce que le fichier apporte",
        name: "kind",
        value: kind,
        groups: vec![("", vec![Choice::new("course", "Un cours entier"), Choice::new("questions", "Des questions")])],
        ..SelectField::default()
    };
    let course = TextField {
        label: "Pour un cours\u{a0}: son identifiant",
        name: "course",
        value: course,
        hint: Some(
            "Lettres minuscules sans accent, chiffres et tirets, par exemple «\u{a0}accueil-telephonique\u{a0}»."
                .to_owned(),
        ),
        autocomplete: "off",
        optional: true,
        length: Some((1, 64)),
        ..TextField::default()
    };
    let target = SelectField {
        label: "Pour des questions\u{a0}: le quiz ou la banque qui les reçoit",
        name: "target",
        value: target,
        none: Some("Choisir"),
        groups: vec![("", targets.into_iter().map(|(value, label)| Choice::new(value, label)).collect())],
        ..SelectField::default()
    };
    let small = |label, name, value, hint: &str| TextField {
        label,
        name,
        value,
        hint: Some(hint.to_owned()),
        autocomplete: "off",
        optional: true,
        length: Some((0, 64)),
        ..TextField::default()
    };
    let section = small(
        "Section à relire",
        "section",
        section,
        "L’ancre de la section, la même pour toutes\u{a0}; nécessaire pour une banque.",
    );
    let skill = small(
        "Compétence",
        "skill",
        skill,
        "Sa clé, la même pour toutes\u{a0}; sans elle, celle que disent les étiquettes du fichier.",
    );
    view! {
        <p class="overline"><a href="/studio">"Studio"</a></p>
        <h1>"Importer"</h1>
        {problem_box(problem)}
        <p>"Rien n’est écrit avant que vous ayez vu, élément par élément, ce qui est repris, ce qui change et ce qui est laissé."</p>
        <form class="form" method="post" action="/studio/importer" enctype="multipart/form-data">
            <input type="hidden" name="import" value=import/>
            {kind.view()}
            {course.view()}
            {target.view()}
            {section.view()}
            {skill.view()}
            <div class="field">
                <label for="file">"Fichier"</label>
                <p class="hint" id="aide-file">"Un cours\u{a0}: notre zip, ou un export d’Open edX (.tar.gz). Des questions\u{a0}: GIFT ou Moodle XML. 64\u{a0}Mo au plus."</p>
                <input type="file" id="file" name="file" required=true aria-describedby="aide-file"/>
            </div>
            <button type="submit" class="button">"Voir ce qui serait importé"</button>
        </form>
    }
}

/// The page of a file that was sent, without its shell. POSTs nothing but itself to carry it out.
pub fn brought_page(page: BroughtPage) -> impl IntoView {
    let BroughtPage { href, file_name, into, counts, items, problems, state, problem } = page;
    let item = |BroughtItem { place, what, fate, notes }: BroughtItem| {
        let notes = (!notes.is_empty()).then(|| view! { <p class="hint">{notes.join("\u{a0}; ")}</p> });
        view! { <li><p><strong>{fate}</strong>"\u{a0}: "{what}" "<span class="small">{place}</span></p>{notes}</li> }
    };
    let left = problems.len() as u64;
    let mend = if state == BroughtState::Refused {
        ().into_any()
    } else if problems.is_empty() {
        view! { <p class="notice is-good">"Rien n’y empêchera de publier."</p> }.into_any()
    } else {
        let lines = problems.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
        view! {
            <details>
                <summary>{counted(left, "point restera à corriger", "points resteront à corriger")}" avant de publier"</summary>
                <ul>{lines}</ul>
            </details>
        }
        .into_any()
    };
    let done = match state {
        BroughtState::Refused => ().into_any(),
        BroughtState::Planned => view! {
            <form method="post" action=href>
                <button type="submit" class="button">"Importer"</button>
            </form>
        }
        .into_any(),
        BroughtState::Done { href } => view! {
            <div class="notice is-good">
                <p class="notice-title">"Import terminé"</p>
                <p><a href=href>"Ouvrir le brouillon"</a></p>
            </div>
        }
        .into_any(),
    };
    view! {
        <p class="overline"><a href="/studio/importer">"Importer"</a></p>
        <h1>"Importer "{file_name}</h1>
        {problem_box(problem)}
        <p>{into}" "{counts}"."</p>
        {mend}
        {done}
        <h2>"Élément par élément"</h2>
        <ul class="findings">{items.into_iter().map(item).collect_view()}</ul>
    }
}
