//! The form that makes a cohort, or changes it.

use crate::ui::{Choice, SelectField, TextField, problem_list};
use domain::cohort::{CAPACITY, Form, NAME, Problem};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanPage {
    /// Address of the cohort to change; none to make one.
    pub changes: Option<String>,
    /// Made with the form, so that sending it twice makes one.
    pub cohort: String,
    pub form: Form,
    pub problems: Vec<Problem>,
    pub offered: Choosable,
}

/// What may be chosen: a value and its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choosable {
    pub courses: Vec<(String, String)>,
    pub trainers: Vec<(String, String)>,
}

/// The page, without its shell. Sends the fields of [`Form`] and `cohort` by POST.
pub fn plan_page(page: PlanPage) -> impl IntoView {
    let PlanPage { changes, cohort, form, problems, offered } = page;
    let problem = |field: &str| problems.iter().find(|(of, _)| *of == field).map(|(_, said)| said.clone());
    let (title, label, action, back) = match &changes {
        Some(href) => ("Modifier la cohorte", "Enregistrer", format!("{href}/modifier"), (href.clone(), "Cohorte")),
        None => (
            "Créer une cohorte",
            "Créer la cohorte",
            "/cohortes/nouvelle".to_owned(),
            ("/cohortes".to_owned(), "Cohortes"),
        ),
    };
    // A cohort keeps its course: its members were told of it.
    let course = if changes.is_some() {
        view! { <input type="hidden" name="course" value=form.course.clone()/> }.into_any()
    } else {
        let choices = offered.courses.into_iter().map(|(value, label)| Choice::new(value, label)).collect();
        let course = SelectField {
            label: "Cours",
            name: "course",
            value: form.course.clone(),
            groups: vec![("", choices)],
            problem: problem("course"),
            ..SelectField::default()
        };
        course.view().into_any()
    };
    let name = TextField {
        label: "Nom",
        name: "name",
        value: form.name.clone(),
        hint: Some("Tel que ses membres le liront, par exemple\u{a0}: Ardennes, hiver 2026.".to_owned()),
        autocomplete: "off",
        problem: problem("name"),
        length: Some((3, u32::try_from(*NAME.end()).unwrap_or(u32::MAX))),
        ..TextField::default()
    };
    let day = |label, name, value: &str, hint: Option<&str>| TextField {
        label,
        name,
        kind: "date",
        value: value.to_owned(),
        hint: hint.map(str::to_owned),
        autocomplete: "off",
        problem: problem(name),
        ..TextField::default()
    };
    let from = day("Premier jour", "from", &form.from, None);
    let to = day(
        "Dernier jour",
        "to",
        &form.to,
        Some("Qui n’a pas terminé ce jour-là est en retard. Pour clore une cohorte plus tôt, avancez-le."),
    );
    let capacity = TextField {
        label: "Nombre de places",
        name: "capacity",
        kind: "number",
        value: form.capacity.clone(),
        hint: Some(format!("De {} à {}.", CAPACITY.start(), CAPACITY.end())),
        autocomplete: "off",
        problem: problem("capacity"),
        ..TextField::default()
    };
    let trainers = trainers(offered.trainers, &form.trainers, problem("trainers"));
    let list = problem_list(&problems);
    view! {
        <p class="overline"><a href=back.0>{back.1}</a></p>
        <h1>{title}</h1>
        {list}
        <form class="form" method="post" action=action novalidate>
            <input type="hidden" name="cohort" value=cohort/>
            {course}
            {name.view()}
            {from.view()}
            {to.view()}
            {capacity.view()}
            {trainers}
            <button type="submit" class="button">{label}</button>
        </form>
    }
}

fn trainers(offered: Vec<(String, String)>, chosen: &[String], problem: Option<String>) -> impl IntoView + use<> {
    let described = problem.is_some().then_some("erreur-trainers");
    let boxes: Vec<_> = offered
        .into_iter()
        .map(|(id, name)| {
            let (field, checked) = (format!("trainer-{id}"), chosen.contains(&id));
            view! {
                <li>
                    <input type="checkbox" id=field.clone() name="trainers" value=id checked=checked/>
                    <label for=field>{name}</label>
                </li>
            }
        })
        .collect();
    (!boxes.is_empty()).then(|| {
        view! {
            <fieldset class="group" id="trainers" aria-describedby=described>
                <legend>"Qui la suit (facultatif)"</legend>
                <p class="hint">"Parmi les formateurs et formatrices du cours\u{a0}; les membres liront leurs noms."</p>
                {problem.map(|problem| view! { <p class="field-problem" id="erreur-trainers">{problem}</p> })}
                <ul class="boxes">{boxes}</ul>
            </fieldset>
        }
    })
}
