//! The page about the API, and the token that asks.

use super::answer::Privacy;
use super::call::Call;
use super::document::OPERATIONS;
use crate::app::App;
use crate::error::Result;
use crate::page::Surroundings;
use axum::extract::State;
use axum::response::Response;
use domain::identity::TokenScope;
use frontend::api::{ApiPage, Opened, api_page};
use jiff::Timestamp;
use serde::Serialize;

/// `GET /api/v1`: how to use it, for whoever writes a system.
pub async fn page(State(app): State<App>, around: Surroundings) -> Response {
    let opened = TokenScope::ALL.into_iter().map(|scope| Opened {
        scope: scope.as_str(),
        said: scope.name(),
        paths: OPERATIONS.iter().filter(|operation| operation.scope == Some(scope)).map(|known| known.path).collect(),
    });
    let opened = opened.filter(|opened| !opened.paths.is_empty()).collect();
    around.page("Interface pour d’autres systèmes", api_page(ApiPage { url: app.config.public_url.clone(), opened }))
}

/// What a token is.
#[derive(Debug, Serialize)]
struct Token {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    expires_at: Timestamp,
}

/// `GET /api/v1/token`: what the token that asks opens; it needs no scope.
pub async fn token(call: Call) -> Result<Response> {
    call.asks_of_itself(&[])?;
    let machine = &call.machine;
    let token = Token {
        id: machine.token.0.simple().to_string(),
        name: machine.name.clone(),
        scopes: machine.scopes.0.iter().map(|scope| scope.as_str()).collect(),
        expires_at: machine.expires_at,
    };
    call.one(Privacy::Personal, &token, None)
}
