//! The form that plans a webinar, or changes it.

use super::meanwhile::meanwhile;
use crate::ui::{AreaField, Choice, SelectField, TextField, problem_list};
use domain::place::DEPARTEMENTS;
use domain::webinar::plan::{
    CAPACITY, DESCRIPTION, MINUTES, PlanForm, Problem, RECORDING_DAYS, THRESHOLD, TICKED, TITLE,
};
use leptos::prelude::*;

/// What the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanPage {
    /// Address of the webinar to change; none to plan one.
    pub changes: Option<String>,
    /// Identifier of the webinar to plan, so that sending twice plans one.
    pub webinar: String,
    /// How the webinar to change stood when this was drawn.
    pub edition: String,
    /// As it was typed, or what to start from.
    pub form: PlanForm,
    pub problems: Vec<Problem>,
    /// How it stands now, where somebody else changed it while this was typed.
    pub meanwhile: Option<PlanForm>,
    pub offered: Choosable,
}

/// What may be chosen: a value and its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choosable {
    pub courses: Vec<(String, String)>,
    pub kits: Vec<(String, String)>,
    /// Besides whoever plans it.
    pub trainers: Vec<(String, String)>,
}

/// The page, without its shell. Sends the fields of [`PlanForm`], `webinar` and `edition` by POST.
pub fn plan_page(page: PlanPage) -> impl IntoView {
    let PlanPage { changes, webinar, edition, form, problems, meanwhile: now, offered } = page;
    let (title, send) = match changes {
        Some(_) => ("Modifier le webinaire", "Enregistrer les changements"),
        None => ("Planifier un webinaire", "Planifier le webinaire"),
    };
    let action = changes.clone().map_or_else(|| "/webinaires/nouveau".to_owned(), |href| format!("{href}/modifier"));
    let back = match changes {
        Some(href) => view! { <a href=href>"Revenir au webinaire"</a> }.into_any(),
        None => view! { <a href="/webinaires">"Webinaires"</a> }.into_any(),
    };
    let listed: Vec<_> = problems.iter().map(|problem| (problem.field, problem.said.clone())).collect();
    let overtaken = now.map(|now| meanwhile(&form, &now, &offered));
    let fields = Fields { form, problems };
    view! {
        <p class="overline">{back}</p>
        <h1>{title}</h1>
        {problem_list(&listed)}
        {overtaken}
        <form class="form" method="post" action=action novalidate>
            <input type="hidden" name="webinar" value=webinar/>
            <input type="hidden" name="edition" value=edition/>
            {fields.what(&offered)}
            {fields.when()}
            {fields.whom(&offered)}
            {fields.recorded()}
            <p class="hint">"Les personnes inscrites sont prévenues par courriel si le titre, la date ou la durée changent, ou si le webinaire doit être enregistré."</p>
            <button type="submit" class="button">{send}</button>
        </form>
    }
}

struct Fields {
    form: PlanForm,
    problems: Vec<Problem>,
}

impl Fields {
    fn problem(&self, name: &str) -> Option<String> {
        self.problems.iter().find(|problem| problem.field == name).map(|problem| problem.said.clone())
    }

    fn text(&self, label: &'static str, name: &'static str, kind: &'static str, value: &str) -> TextField {
        TextField {
            label,
            name,
            kind,
            value: value.to_owned(),
            autocomplete: "off",
            problem: self.problem(name),
            ..TextField::default()
        }
    }

    fn what(&self, offered: &Choosable) -> impl IntoView + use<> {
        let title = TextField {
            hint: Some(format!("De {} à {} caractères. C’est ce que montre l’agenda.", TITLE.start(), TITLE.end())),
            ..self.text("Titre", "title", "text", &self.form.title)
        };
        let description = AreaField {
            label: "Présentation (facultatif)",
            name: "description",
            value: self.form.description.clone(),
            hint: Some("Ce que les agents y apprendront, ce qu’il faut préparer.".to_owned()),
            problem: self.problem("description"),
            optional: true,
            rows: 5,
            most: DESCRIPTION,
        };
        let course = SelectField {
            label: "Cours que le webinaire complète",
            name: "course",
            value: self.form.course.clone(),
            groups: vec![("", choices(&offered.courses))],
            problem: self.problem("course"),
            ..SelectField::default()
        };
        let kit = (!offered.kits.is_empty()).then(|| {
            let kit = SelectField {
                label: "Support préparé (facultatif)",
                name: "kit",
                value: self.form.kit.clone(),
                hint: Some("Déroulé, sondages et quiz prêts à lancer dans la salle.".to_owned()),
                none: Some("Aucun"),
                groups: vec![("", choices(&offered.kits))],
                problem: self.problem("kit"),
                ..SelectField::default()
            };
            kit.view()
        });
        view! { {title.view()}{description.view()}{course.view()}{kit} }
    }

    fn when(&self) -> impl IntoView + use<> {
        let date = TextField {
            hint: Some("Par exemple 3/12/2026.".to_owned()),
            ..self.text("Date", "date", "date", &self.form.date)
        };
        let time = TextField {
            hint: Some("À l’heure de Paris, par exemple 14:30.".to_owned()),
            ..self.text("Heure du début", "time", "time", &self.form.time)
        };
        let minutes = TextField {
            hint: Some(format!("De {} à {}.", MINUTES.start(), MINUTES.end())),
            ..self.text("Durée, en minutes", "minutes", "number", &self.form.minutes)
        };
        view! {
            <fieldset class="group">
                <legend>"Quand"</legend>
                {date.view()}
                {time.view()}
                {minutes.view()}
            </fieldset>
        }
    }

    fn whom(&self, offered: &Choosable) -> impl IntoView + use<> {
        let departements = DEPARTEMENTS.iter().map(|known| {
            Choice::new(format!("departement:{}", known.code), format!("{} – {}", known.code, known.name))
        });
        let audience = SelectField {
            label: "Ouvert à",
            name: "audience",
            value: self.form.audience.clone(),
            groups: vec![
                ("", vec![Choice::new("nation", "Tous les agents")]),
                ("Les agents d’un département", departements.collect()),
            ],
            problem: self.problem("audience"),
            ..SelectField::default()
        };
        let capacity = TextField {
            hint: Some(format!(
                "De {} à {}. Au-delà, une liste d’attente. Qui a une place la garde, même si vous en réduisez le nombre.",
                CAPACITY.start(),
                domain::text::integer((*CAPACITY.end()).into())
            )),
            ..self.text("Nombre de places", "capacity", "number", &self.form.capacity)
        };
        let threshold = TextField {
            hint: Some(format!(
                "De {} à {}. Part du temps en direct à partir de laquelle un agent est compté présent.",
                THRESHOLD.start(),
                THRESHOLD.end()
            )),
            ..self.text("Seuil de présence, en pourcentage", "threshold", "number", &self.form.threshold)
        };
        view! {
            <fieldset class="group">
                <legend>"Pour qui"</legend>
                {audience.view()}
                {capacity.view()}
                {threshold.view()}
            </fieldset>
            {self.with(offered)}
        }
    }

    fn recorded(&self) -> impl IntoView + use<> {
        let tick = |name: &'static str, value: &str, label: &'static str, hint: Option<&'static str>| {
            view! {
                <li>
                    <input type="checkbox" id=name name=name value=TICKED checked=!value.is_empty() aria-describedby=hint/>
                    <label for=name>{label}</label>
                </li>
            }
        };
        let days = TextField {
            hint: Some(format!(
                "De {} à {}. La date est dite aux agents\u{a0}; l’enregistrement est supprimé le lendemain. Vous pouvez le supprimer avant.",
                RECORDING_DAYS.start(),
                domain::text::integer((*RECORDING_DAYS.end()).into())
            )),
            ..self.text(
                "Conservation de l’enregistrement, en jours",
                "recording_days",
                "number",
                &self.form.recording_days,
            )
        };
        view! {
            <fieldset class="group">
                <legend>"Enregistrement"</legend>
                <ul class="boxes">
                    {tick("recorded", &self.form.recorded, "Enregistrer ce webinaire", Some("aide-recorded"))}
                </ul>
                <p class="hint" id="aide-recorded">"Qui l’a manqué pourra le revoir. Chacun en est prévenu dans l’invitation, avant d’entrer et dans la salle. Vous pourrez suspendre l’enregistrement à tout moment."</p>
                {days.view()}
                <ul class="boxes">
                    {tick(
                        "replay_counts",
                        &self.form.replay_counts,
                        "Le revoir compte pour la présence, à distance, asynchrone, au même seuil",
                        None,
                    )}
                    {tick(
                        "replay_quiz",
                        &self.form.replay_quiz,
                        "Qui n’a pas répondu au quiz en direct peut y répondre alors, une fois, pour son dossier",
                        None,
                    )}
                </ul>
            </fieldset>
        }
    }

    fn with(&self, offered: &Choosable) -> impl IntoView + use<> {
        let problem = self.problem("trainers");
        let boxes = offered.trainers.iter().map(|(id, name)| {
            let field = format!("trainer-{id}");
            let checked = self.form.trainers.contains(id);
            view! {
                <li>
                    <input type="checkbox" id=field.clone() name="trainers" value=id.clone() checked=checked/>
                    <label for=field>{name.clone()}</label>
                </li>
            }
        });
        let boxes = boxes.collect_view();
        let described = problem.is_some().then_some("erreur-trainers");
        (!offered.trainers.is_empty()).then(|| {
            view! {
                <fieldset class="group" id="trainers" aria-describedby=described>
                    <legend>"Co-animation (facultatif)"</legend>
                    <p class="hint">"Qui anime avec vous\u{a0}: parmi les formateurs et formatrices du cours."</p>
                    {problem.map(|problem| view! { <p class="field-problem" id="erreur-trainers">{problem}</p> })}
                    <ul class="boxes">{boxes}</ul>
                </fieldset>
            }
        })
    }
}

fn choices(offered: &[(String, String)]) -> Vec<Choice> {
    offered.iter().map(|(value, label)| Choice::new(value.clone(), label.clone())).collect()
}
