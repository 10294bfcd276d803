//! The page of the state of the service.

use super::look;
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::page::Surroundings;
use axum::extract::State;
use axum::response::Response;
use frontend::administration::operation_page;

/// `GET /administration/exploitation`
pub async fn page(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    viewer.administrator()?;
    let state = Box::pin(look(&app)).await;
    Ok(around.page("État du service", operation_page(state)))
}
