//! Members of a cohort from a file: the pages of the administration's imports, at the cohort's own desk.

use super::page;
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::import::routes::{self as imports, Desk, Fields, Sent};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::ids::CohortId;
use frontend::administration::Desk as Shown;
use uuid::Uuid;

async fn desk(app: &App, viewer: &Viewer, id: CohortId) -> Result<Desk> {
    let opened = page::open(app, viewer, id).await?;
    let manager = opened.manager.ok_or(Error::NotFound)?;
    let shown = Shown::Cohort(format!("/cohortes/{id}"), opened.cohort.name);
    Ok(Desk { author: manager.person, cohort: Some(id), shown })
}

/// `GET /cohortes/{cohort}/importations`
pub async fn new_page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
) -> Result<Response> {
    Ok(imports::begin(&app, around, desk(&app, &viewer, id).await?))
}

/// `POST /cohortes/{cohort}/importations`
pub async fn send(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<CohortId>,
    form: Sent,
) -> Result<Response> {
    imports::keep(&app, around, desk(&app, &viewer, id).await?, form).await
}

/// `GET /cohortes/{cohort}/importations/{import}`
pub async fn check(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((id, import)): Path<(CohortId, Uuid)>,
    Query(chosen): Query<Fields>,
) -> Result<Response> {
    imports::look(&app, around, desk(&app, &viewer, id).await?, import, &chosen).await
}

/// `POST /cohortes/{cohort}/importations/{import}`
pub async fn carry_out(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path((id, import)): Path<(CohortId, Uuid)>,
    Form(chosen): Form<Fields>,
) -> Result<Response> {
    imports::apply(&app, around, desk(&app, &viewer, id).await?, import, &chosen).await
}
