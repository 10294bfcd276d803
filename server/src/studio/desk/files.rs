//! `GET /studio/{course}/fichiers/{path}`: the files of a draft, for its previews.

use super::store;
use crate::access::Viewer;
use crate::app::App;
use crate::course::media;
use crate::error::{Error, Result};
use crate::site::mime;
use crate::studio::authored;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::CourseSlug;
use domain::studio::folder;
use http::HeaderMap;

/// A medium of the draft as it is now, named as in the course's folder or as in the draft.
pub async fn file(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, path)): Path<(CourseSlug, String)>,
    headers: HeaderMap,
) -> Result<Response> {
    authored(&app, &viewer, &course).await?;
    let path = folder::path_in_draft(&path);
    let is_medium = path.starts_with("media/") || path.split('/').nth(1) == Some("media");
    let file = store::file(app.db.reader(), &course, &path).await?.filter(|_| is_medium).ok_or(Error::NotFound)?;
    let bytes = store::bytes(app.db.reader(), &file).await?;
    // It may be replaced at any moment.
    Ok(media::served(bytes.into(), mime(&path), &headers, "private, no-cache"))
}
