//! Pages of cohorts.

pub use super::adding::add;
pub use super::listing::list;

use super::page::{self, Opened};
use super::store::Cohort;
use super::{attached, members, planning};
use crate::access::{CohortManager, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::routes::published;
use crate::page::Surroundings;
use crate::webinar::planning::trainers;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::cohort::{Form as Typed, Offered, Plan, Problem, read, read_reason};
use domain::ids::{ClassroomId, CohortId, CourseSlug, PersonId, WebinarId};
use domain::text::paris;
use frontend::cohort::{Choosable, PlanPage, cohort_page, plan_page};
use http::StatusCode;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a cohort starts from.
const PLACES: &str = "15";

fn back_to(id: CohortId) -> Redirect {
    Redirect::to(&format!("/cohortes/{id}"))
}

/// The cohort, to whoever keeps it.
async fn managed(app: &App, viewer: &Viewer, id: CohortId) -> Result<(Cohort, CohortManager)> {
    let Opened { cohort, manager, .. } = page::open(app, viewer, id).await?;
    Ok((cohort, manager.ok_or(Error::NotFound)?))
}

/// `GET /cohortes/nouvelle`
pub async fn new(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    let planner = viewer.planner(&published(&app))?;
    let (_, offered) = offered(&app, planner.courses, &[]).await?;
    let own = viewer.person.to_string();
    let trainers = offered.trainers.iter().filter(|(id, _)| *id == own).map(|(id, _)| id.clone()).collect();
    let form = Typed { capacity: PLACES.to_owned(), trainers, ..Typed::default() };
    let cohort = app.dice.uuid().to_string();
    let view = plan_page(PlanPage { cohort, form, offered, ..PlanPage::default() });
    Ok(around.page("Créer une cohorte", view))
}

/// `POST /cohortes/nouvelle`
pub async fn plan(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let planner = viewer.planner(&published(&app))?;
    let (cohort, form) = typed(sent);
    let id: CohortId = cohort
        .parse()
        .map_err(|_| Error::BadRequest("Rechargez la page, puis envoyez de nouveau le formulaire.".into()))?;
    let (allowed, offered) = offered(&app, planner.courses.clone(), &[]).await?;
    match read(&form, &allowed, paris(app.clock.now()).date(), 0) {
        Ok(plan) => {
            planning::plan(&app, &planner, id, plan).await?;
            Ok(back_to(id).into_response())
        }
        Err(problems) => {
            let view = plan_page(PlanPage { cohort, form, problems, offered, ..PlanPage::default() });
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, "Créer une cohorte", view))
        }
    }
}

/// `GET /cohortes/{cohort}`
pub async fn cohort(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
) -> Result<Response> {
    let opened = page::open(&app, &viewer, id).await?;
    let name = opened.cohort.name.clone();
    let view = cohort_page(page::page(&app, opened, None).await?);
    Ok(around.page(&name, view))
}

/// `GET /cohortes/{cohort}/modifier`
pub async fn change_page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
) -> Result<Response> {
    let (cohort, _) = managed(&app, &viewer, id).await?;
    let form = form_of(&cohort.plan());
    change_form(&app, around, StatusCode::OK, &cohort, form, Vec::new()).await
}

/// `POST /cohortes/{cohort}/modifier`
pub async fn change(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (cohort, manager) = managed(&app, &viewer, id).await?;
    let (_, form) = typed(sent);
    let form = Typed { course: cohort.course.to_string(), ..form };
    let (allowed, _) = offered(&app, vec![cohort.course.clone()], &cohort.trainers_known()).await?;
    let size = super::store::size(app.db.reader(), id).await?;
    match read(&form, &allowed, paris(app.clock.now()).date(), size) {
        Ok(plan) => {
            planning::change(&app, manager, plan).await?;
            Ok(back_to(id).into_response())
        }
        Err(problems) => change_form(&app, around, StatusCode::UNPROCESSABLE_ENTITY, &cohort, form, problems).await,
    }
}

async fn change_form(
    app: &App,
    around: Surroundings,
    status: StatusCode,
    cohort: &Cohort,
    form: Typed,
    problems: Vec<Problem>,
) -> Result<Response> {
    let (_, offered) = offered(app, vec![cohort.course.clone()], &cohort.trainers_known()).await?;
    let view = plan_page(PlanPage {
        changes: Some(format!("/cohortes/{}", cohort.id)),
        cohort: cohort.id.to_string(),
        form,
        problems,
        offered,
    });
    Ok(around.page_as(status, "Modifier la cohorte", view))
}

fn form_of(plan: &Plan) -> Typed {
    Typed {
        course: plan.course.to_string(),
        name: plan.name.clone(),
        from: plan.from.to_string(),
        to: plan.to.to_string(),
        capacity: plan.capacity.to_string(),
        trainers: plan.trainers.iter().map(ToString::to_string).collect(),
    }
}

/// What the form may offer: these courses and their trainers, and those whom the cohort has already.
async fn offered(app: &App, courses: Vec<CourseSlug>, known: &[(PersonId, String)]) -> Result<(Offered, Choosable)> {
    let found = trainers(app.db.reader(), &courses).await?;
    let mut named: BTreeMap<PersonId, String> = known.iter().cloned().collect();
    named.extend(found.iter().map(|(_, person)| (person.id, person.name())));
    let mut allowed: Vec<(CourseSlug, PersonId)> =
        found.into_iter().map(|(course, person)| (course, person.id)).collect();
    for course in &courses {
        allowed.extend(known.iter().map(|(person, _)| (course.clone(), *person)));
    }
    let titles = app.library.current().into_iter().filter(|published| courses.contains(&published.course.slug));
    let choosable = Choosable {
        courses: titles.map(|it| (it.course.slug.to_string(), it.course.title.clone())).collect(),
        trainers: named.into_iter().map(|(id, name)| (id.to_string(), name)).collect(),
    };
    Ok((Offered { courses, trainers: allowed }, choosable))
}

/// The form as it was sent, and the identifier it carries; unknown fields say nothing.
fn typed(sent: Vec<(String, String)>) -> (String, Typed) {
    let (mut cohort, mut form) = (String::new(), Typed::default());
    for (name, value) in sent {
        match name.as_str() {
            "cohort" => cohort = value,
            "course" => form.course = value,
            "name" => form.name = value,
            "from" => form.from = value,
            "to" => form.to = value,
            "capacity" => form.capacity = value,
            "trainers" => form.trainers.push(value),
            _ => {}
        }
    }
    (cohort, form)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /cohortes/{cohort}/annuler`
pub async fn call_off(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<Response> {
    let opened = page::open(&app, &viewer, id).await?;
    let manager = opened.manager.ok_or(Error::NotFound)?;
    match read_reason(&reason) {
        Ok(why) => {
            planning::call_off(&app, manager, why).await?;
            Ok(back_to(id).into_response())
        }
        Err(said) => {
            let name = opened.cohort.name.clone();
            let view = cohort_page(page::page(&app, opened, Some((reason, said))).await?);
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, &name, view))
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    person: PersonId,
}

/// `POST /cohortes/{cohort}/retirer`
pub async fn remove(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CohortId>,
    Form(Person { person }): Form<Person>,
) -> Result<Redirect> {
    let (_, manager) = managed(&app, &viewer, id).await?;
    members::remove(&app, manager, person).await?;
    Ok(back_to(id))
}

/// Whether something becomes the cohort's, or is no longer.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    Attach,
    Detach,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfWebinar {
    webinar: WebinarId,
    #[serde(rename = "do")]
    act: Act,
}

/// `POST /cohortes/{cohort}/webinaires`
pub async fn webinar(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CohortId>,
    Form(OfWebinar { webinar, act }): Form<OfWebinar>,
) -> Result<Redirect> {
    let (_, manager) = managed(&app, &viewer, id).await?;
    match act {
        Act::Attach => attached::attach_webinar(&app, manager, webinar).await?,
        Act::Detach => attached::detach_webinar(&app, manager, webinar).await?,
    }
    Ok(back_to(id))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfClassroom {
    classroom: ClassroomId,
    #[serde(rename = "do")]
    act: Act,
}

/// `POST /cohortes/{cohort}/presentiel`
pub async fn classroom(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<CohortId>,
    Form(OfClassroom { classroom, act }): Form<OfClassroom>,
) -> Result<Redirect> {
    let (_, manager) = managed(&app, &viewer, id).await?;
    match act {
        Act::Attach => attached::attach_session(&app, manager, classroom).await?,
        Act::Detach => attached::detach_session(&app, manager, classroom).await?,
    }
    Ok(back_to(id))
}
