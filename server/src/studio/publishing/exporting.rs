//! Taking a draft away: our own zip, GIFT, OLX.

use super::{framed, gate};
use crate::access::Viewer;
use crate::app::App;
use crate::course::interchange::{self, Form};
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::authored;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use domain::course::interchange::{Fate, Item};
use domain::ids::CourseSlug;
use frontend::studio::Tab;
use frontend::studio::publishing::{ExportPage, export_page};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

/// `GET /studio/{course}/exporter`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
) -> Result<Response> {
    let (_, author) = authored(&app, &viewer, &course).await?;
    let examined = gate::examine(&app, &course).await?;
    let losses = |form: Form| {
        let packed = interchange::pack(course.as_str(), examined.course.as_ref(), &examined.files, form).ok()?;
        let lost = packed.1.into_iter().filter(|item| item.fate != Fate::Kept);
        Some(lost.map(|item: Item| item.to_string()).collect())
    };
    let framed = framed(&author, examined.course.as_ref().map_or("", |course| &course.title), Tab::Outline);
    let page = ExportPage { framed, gift: losses(Form::Gift), olx: losses(Form::Olx) };
    Ok(around.studio_page(StatusCode::OK, "Emporter ce cours", export_page(page)))
}

/// `GET /studio/{course}/exporter/{format}`
pub async fn file(
    State(app): State<App>,
    viewer: Viewer,
    Path((course, format)): Path<(CourseSlug, String)>,
) -> Result<Response> {
    authored(&app, &viewer, &course).await?;
    let (form, kind, extension) = match format.as_str() {
        "zip" => (Form::Zip, "application/zip", "zip"),
        "gift" => (Form::Gift, "text/plain; charset=utf-8", "gift.txt"),
        "olx" => (Form::Olx, "application/gzip", "tar.gz"),
        _ => return Err(Error::NotFound),
    };
    let examined = gate::examine(&app, &course).await?;
    let slug = course.to_string();
    let packed =
        tokio::task::spawn_blocking(move || interchange::pack(&slug, examined.course.as_ref(), &examined.files, form));
    let packed = packed.await.map_err(|error| Error::Internal(error.to_string()))?;
    let (bytes, _) = packed.map_err(|_| {
        Error::Conflict(
            "Ce brouillon n’est pas encore un cours\u{a0}: corrigez ce qui bloque, ou emportez le zip.".into(),
        )
    })?;
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    let name = format!("attachment; filename=\"{course}.{extension}\"");
    headers
        .insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|error| Error::Internal(error.to_string()))?);
    Ok(response)
}
