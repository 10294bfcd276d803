//! The form that plans a webinar, or changes it.

use super::super::planning::{self, Edited};
use super::super::store::Webinar;
use super::{back_to, known, published};
use crate::access::Viewer;
use crate::app::App;
use crate::document;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use domain::ids::{CourseSlug, WebinarId};
use domain::webinar::kit::Kit;
use domain::webinar::plan::{Offered, PlanForm, TICKED, read_plan};
use frontend::webinar::planning::{Choosable, PlanPage, plan_page};
use http::StatusCode;
use std::collections::{BTreeMap, BTreeSet};

/// What the form may offer: these courses and their trainers, but for whoever leads anyway.
async fn offered(
    app: &App,
    courses: Vec<CourseSlug>,
    had: Option<&Webinar>,
    leader: i64,
) -> Result<(Offered, Choosable)> {
    let trainers = planning::trainers(app.db.reader(), &courses).await?;
    let mut named = BTreeSet::new();
    let known = document::all::<Kit>(app.db.reader()).await?;
    let mut titles: BTreeMap<String, String> =
        known.into_iter().map(|version| (version.slug, version.document.title)).collect();
    // One that a webinar has stays on offer, whatever became of it.
    if let Some(kit) = had.and_then(|webinar| webinar.kit.clone()) {
        titles.entry(kit.clone()).or_insert(kit);
    }
    let kits: Vec<String> = titles.keys().cloned().collect();
    let choosable = Choosable {
        courses: app
            .library
            .current()
            .into_iter()
            .filter(|published| courses.contains(&published.course.slug))
            .map(|published| (published.course.slug.to_string(), published.course.title.clone()))
            .collect(),
        kits: titles.into_iter().collect(),
        trainers: trainers
            .iter()
            .filter(|(_, person)| person.id.0 != leader && named.insert(person.id))
            .map(|(_, person)| (person.id.to_string(), person.name()))
            .collect(),
    };
    let trainers = trainers.into_iter().map(|(course, person)| (course, person.id)).collect();
    Ok((Offered { courses, kits, trainers }, choosable))
}

/// `GET /webinaires/nouveau`
pub async fn new_page(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let planner = viewer.planner(&published(&app))?;
    let (_, offered) = offered(&app, planner.courses, None, viewer.person.0).await?;
    let form = PlanForm {
        minutes: "60".into(),
        capacity: "300".into(),
        threshold: "80".into(),
        audience: "nation".into(),
        replay_counts: TICKED.into(),
        recording_days: recording_days(&app).to_string(),
        ..PlanForm::default()
    };
    let webinar = app.dice.uuid().to_string();
    let view = plan_page(PlanPage { webinar, form, offered, ..PlanPage::default() });
    Ok(around.page("Planifier un webinaire", view))
}

/// For how many days recordings are kept where nothing else is chosen.
fn recording_days(app: &App) -> u32 {
    app.config.retention.get("SOCLE_RETENTION_RECORDINGS").map_or(365, |term| term.days())
}

/// `POST /webinaires/nouveau`
pub async fn plan(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let planner = viewer.planner(&published(&app))?;
    let Typed { webinar, form, .. } = typed(fields);
    let id: WebinarId = webinar
        .parse()
        .map_err(|_| Error::BadRequest("Rechargez la page, puis envoyez de nouveau le formulaire.".into()))?;
    let (allowed, offered) = offered(&app, planner.courses.clone(), None, viewer.person.0).await?;
    match read_plan(&form, &allowed, app.clock.now(), None) {
        Ok(plan) => {
            planning::plan(&app, &planner, id, plan).await?;
            Ok(back_to(id).into_response())
        }
        Err(problems) => {
            let view = plan_page(PlanPage { webinar, form, problems, offered, ..PlanPage::default() });
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Planifier un webinaire", view))
        }
    }
}

/// `GET …/modifier`
pub async fn edit_page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    viewer.manager_of(&webinar)?;
    webinar.stage(app.clock.now()).before_live().map_err(|wrong| Error::Conflict(wrong.to_string()))?;
    let (_, offered) = offered(&app, vec![webinar.course.clone()], Some(&webinar), webinar.created_by.0).await?;
    let view = plan_page(change(&webinar, PlanForm::from(&webinar.plan()), offered));
    Ok(around.page("Modifier le webinaire", view))
}

/// `POST …/modifier`
pub async fn edit(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (webinar, _) = known(&app, &viewer, &id).await?;
    let manager = viewer.manager_of(&webinar)?;
    let Typed { edition, form, .. } = typed(fields);
    let (allowed, offered) = offered(&app, vec![webinar.course.clone()], Some(&webinar), webinar.created_by.0).await?;
    let (status, page) = match read_plan(&form, &allowed, app.clock.now(), Some(webinar.schedule.starts_at)) {
        Ok(plan) => {
            let read = PlanForm::from(&plan);
            match planning::edit(&app, manager, plan, edition).await? {
                Edited::Saved => return Ok(back_to(webinar.id).into_response()),
                Edited::Overtaken(now) => {
                    let meanwhile = Some(PlanForm::from(&now.plan()));
                    (StatusCode::CONFLICT, PlanPage { meanwhile, ..change(&now, read, offered) })
                }
            }
        }
        // What was overtaken is told once the form can be read.
        Err(problems) => {
            let page = PlanPage { problems, edition, ..change(&webinar, form, offered) };
            (StatusCode::UNPROCESSABLE_ENTITY, page)
        }
    };
    Ok(around.page_as(status, "Modifier le webinaire", plan_page(page)))
}

/// The page that changes a webinar as it stands.
fn change(webinar: &Webinar, form: PlanForm, offered: Choosable) -> PlanPage {
    PlanPage {
        changes: Some(format!("/webinaires/{}", webinar.id)),
        webinar: webinar.id.to_string(),
        edition: webinar.plan().edition(),
        form,
        offered,
        ..PlanPage::default()
    }
}

/// The form as it was sent.
#[derive(Default)]
struct Typed {
    webinar: String,
    /// As the webinar stood when the form was drawn.
    edition: String,
    form: PlanForm,
}

/// Reads what was sent; unknown fields say nothing.
fn typed(fields: Vec<(String, String)>) -> Typed {
    let mut typed = Typed::default();
    for (name, value) in fields {
        let form = &mut typed.form;
        let field = match name.as_str() {
            "webinar" => &mut typed.webinar,
            "edition" => &mut typed.edition,
            "course" => &mut form.course,
            "kit" => &mut form.kit,
            "title" => &mut form.title,
            "description" => &mut form.description,
            "date" => &mut form.date,
            "time" => &mut form.time,
            "minutes" => &mut form.minutes,
            "capacity" => &mut form.capacity,
            "threshold" => &mut form.threshold,
            "audience" => &mut form.audience,
            "replay_counts" => &mut form.replay_counts,
            "replay_quiz" => &mut form.replay_quiz,
            "recorded" => &mut form.recorded,
            "recording_days" => &mut form.recording_days,
            "trainers" => {
                form.trainers.push(value);
                continue;
            }
            _ => continue,
        };
        *field = value;
    }
    typed
}
