//! A request of another system: who asks, and what.

use super::answer::{self, Page, Privacy};
use super::asked::{Asked, Parameter};
use crate::access::Machine;
use crate::app::App;
use crate::error::{Error, Result};
use axum::extract::FromRequestParts;
use axum::response::Response;
use domain::identity::TokenScope;
use http::HeaderMap;
use http::request::Parts;
use jiff::Timestamp;
use serde::Serialize;

/// A request that shows a good token.
#[derive(Debug)]
pub struct Call {
    pub(super) app: App,
    pub(super) machine: Machine,
    headers: HeaderMap,
    query: Option<String>,
}

impl FromRequestParts<App> for Call {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let machine = Machine::from_request_parts(parts, app).await?;
        let query = parts.uri.query().map(str::to_owned);
        Ok(Self { app: app.clone(), machine, headers: parts.headers.clone(), query })
    }
}

impl Call {
    /// What it asks, if its token opens that.
    ///
    /// # Errors
    /// [`Error::Lacks`] where it does not; [`Error::Parameter`] for what cannot be asked here.
    pub(super) fn asks(&self, scope: TokenScope, parameters: &'static [Parameter]) -> Result<Asked<'_>> {
        self.machine.may(scope)?;
        self.asks_of_itself(parameters)
    }

    /// The same, where no scope is needed.
    ///
    /// # Errors
    /// [`Error::Parameter`] for what cannot be asked here.
    pub(super) fn asks_of_itself(&self, parameters: &'static [Parameter]) -> Result<Asked<'_>> {
        Asked::read(parameters, self.query.as_deref())
    }

    /// A page of the list at `path`, as [`answer::page`] cuts it.
    pub(super) fn page<T>(
        &self,
        path: &str,
        asked: &Asked<'_>,
        items: Vec<T>,
        cursor: impl Fn(&T) -> String,
    ) -> Page<T> {
        answer::page(&self.app, path, asked, items, cursor)
    }

    /// That page's answer, with the link to the next.
    pub(super) fn list<T: Serialize>(&self, privacy: Privacy, page: &Page<T>) -> Result<Response> {
        answer::list(&self.headers, privacy, page)
    }

    /// One thing, changed last at that instant.
    pub(super) fn one(
        &self,
        privacy: Privacy,
        value: &impl Serialize,
        modified: Option<Timestamp>,
    ) -> Result<Response> {
        answer::one(&self.headers, privacy, value, modified)
    }
}
