//! The API in `OpenAPI` 3.1: drawn from the same tables that read requests, with the shape of each answer.

mod shapes;

use super::asked::{Kind, LIMITS, Parameter};
use super::{certificates, classrooms, maisons, people, records, webinars};
use crate::app::App;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::identity::TokenScope;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Map, Value, json};

/// What may be asked at one address.
#[derive(Debug)]
pub struct Operation {
    pub path: &'static str,
    summary: &'static str,
    /// What the token must open; none where it need not open anything.
    pub scope: Option<TokenScope>,
    parameters: &'static [Parameter],
    /// The shape of the answer; of its items, for a list.
    shape: &'static str,
    is_list: bool,
}

const fn list(
    path: &'static str,
    summary: &'static str,
    scope: TokenScope,
    parameters: &'static [Parameter],
    shape: &'static str,
) -> Operation {
    Operation { path, summary, scope: Some(scope), parameters, shape, is_list: true }
}

const fn one(path: &'static str, summary: &'static str, scope: TokenScope, shape: &'static str) -> Operation {
    Operation { path, summary, scope: Some(scope), parameters: &[], shape, is_list: false }
}

/// Everything that may be asked.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        path: "/api/v1/token",
        summary: "What the token that asks opens",
        scope: None,
        parameters: &[],
        shape: "Token",
        is_list: false,
    },
    list("/api/v1/people", "Agents", TokenScope::PeopleRead, people::PARAMETERS, "Person"),
    one("/api/v1/people/{person}", "One agent", TokenScope::PeopleRead, "Person"),
    list("/api/v1/maisons", "Maisons France Services", TokenScope::MaisonsRead, maisons::PARAMETERS, "Maison"),
    one("/api/v1/maisons/{maison}", "One maison", TokenScope::MaisonsRead, "Maison"),
    list("/api/v1/webinars", "Webinars, by their beginning", TokenScope::SessionsRead, webinars::PARAMETERS, "Webinar"),
    one("/api/v1/webinars/{webinar}", "One webinar, with who was there", TokenScope::SessionsRead, "WebinarWhole"),
    list("/api/v1/classrooms", "Sessions face to face", TokenScope::SessionsRead, classrooms::PARAMETERS, "Classroom"),
    one("/api/v1/classrooms/{classroom}", "One session, with its sheets", TokenScope::SessionsRead, "ClassroomWhole"),
    list(
        "/api/v1/records",
        "Training records, by their last fact",
        TokenScope::RecordsRead,
        records::PARAMETERS,
        "RecordSummary",
    ),
    one("/api/v1/records/{person}", "What an agent's facts add up to", TokenScope::RecordsRead, "Record"),
    list(
        "/api/v1/records/{person}/facts",
        "An agent's facts, chained",
        TokenScope::RecordsRead,
        records::FACT_PARAMETERS,
        "Fact",
    ),
    list(
        "/api/v1/certificates",
        "Certificates, by their date",
        TokenScope::CertificatesRead,
        certificates::PARAMETERS,
        "CertificateSummary",
    ),
    one("/api/v1/certificates/{number}", "One certificate, as signed", TokenScope::CertificatesRead, "Certificate"),
];

/// `GET /api/v1/openapi.json`
pub async fn openapi(State(app): State<App>) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-cache")];
    (headers, document(&app.config.public_url).to_string()).into_response()
}

/// The document of the API served at that address.
#[must_use]
pub fn document(url: &str) -> Value {
    let mut paths: Map<String, Value> =
        OPERATIONS.iter().map(|operation| (operation.path.to_owned(), path(operation))).collect();
    let document = json!({ "get": {
        "operationId": "openapi",
        "summary": "This document",
        "security": [],
        "responses": {
            "200": { "description": "OpenAPI", "content": { "application/json": { "schema": { "type": "object" } } } },
        },
    } });
    paths.insert("/api/v1/openapi.json".into(), document);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Socle",
            "version": "1",
            "summary": "Training of the agents of the maisons France Services",
            "description": "Read-only. Identifiers never change. Fields may be added; none is renamed or removed in version 1.",
        },
        "servers": [{ "url": url }],
        "security": [{ "bearer": [] }, { "basic": [] }],
        "paths": paths,
        "components": {
            "schemas": shapes::schemas(),
            "responses": responses(),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "The whole token: socle_…" },
                "basic": { "type": "http", "scheme": "basic", "description": "The token's identifier and its secret." },
            },
        },
    })
}

fn path(operation: &Operation) -> Value {
    let placeholder = operation.path.split_once('{').and_then(|(_, rest)| rest.split('}').next());
    let mut parameters: Vec<Value> = placeholder.into_iter().map(in_path).collect();
    parameters.extend(operation.parameters.iter().map(in_query));
    let schema = shapes::reference(operation.shape);
    let schema = if operation.is_list { shapes::page(&schema) } else { schema };
    let mut headers = json!({ "ETag": { "description": "For If-None-Match.", "schema": { "type": "string" } } });
    if operation.is_list {
        headers["Link"] = json!({ "description": "The next page (RFC 8288).", "schema": { "type": "string" } });
    }
    let mut responses = json!({
        "200": { "description": operation.summary, "headers": headers, "content": { "application/json": { "schema": schema } } },
        "304": { "description": "It did not change since the answer whose ETag If-None-Match holds." },
        "400": { "$ref": "#/components/responses/Parameter" },
        "401": { "$ref": "#/components/responses/Token" },
        "429": { "$ref": "#/components/responses/TooMany" },
    });
    let mut about = operation.summary.to_owned();
    if let Some(scope) = operation.scope {
        responses["403"] = json!({ "$ref": "#/components/responses/Scope" });
        about = format!("{about}. Scope: `{scope}`.");
    }
    if placeholder.is_some() {
        responses["404"] = json!({ "$ref": "#/components/responses/NotFound" });
    }
    let name = operation.path.trim_start_matches("/api/v1/").replace(['{', '}'], "").replace('/', "_");
    json!({ "get": {
        "operationId": name,
        "summary": operation.summary,
        "description": about,
        "parameters": parameters,
        "responses": responses,
    } })
}

fn in_path(name: &str) -> Value {
    let schema = match name {
        "webinar" | "classroom" => json!({ "type": "string", "format": "uuid" }),
        "number" => json!({ "type": "string" }),
        _ => shapes::id(),
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn in_query(parameter: &Parameter) -> Value {
    let schema = match parameter.kind {
        Kind::Integer(least, most) if parameter.name == "limit" => {
            json!({ "type": "integer", "minimum": least, "maximum": most, "default": LIMITS.0 })
        }
        Kind::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Instant => json!({ "type": "string", "format": "date-time" }),
        Kind::Word(words) => json!({ "type": "string", "enum": words }),
        Kind::Departement => {
            let codes: Vec<&str> = domain::place::DEPARTEMENTS.iter().map(|known| known.code).collect();
            json!({ "type": "string", "enum": codes })
        }
        Kind::Slug => json!({ "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$" }),
        Kind::Spelled(pattern) => json!({ "type": "string", "pattern": pattern }),
        Kind::Text => json!({ "type": "string", "pattern": "^[^\\x00-\\x1f\\x7f-\\x9f]{1,256}$" }),
    };
    json!({ "name": parameter.name, "in": "query", "description": parameter.meaning, "schema": schema })
}

fn responses() -> Value {
    let problem = |description: &str| {
        let schema = shapes::reference("Problem");
        json!({ "description": description, "content": { "application/problem+json": { "schema": schema } } })
    };
    json!({
        "Parameter": problem("A parameter is unknown, repeated or malformed: the problem names it."),
        "Token": problem("No token, or one that is unknown, revoked or expired."),
        "Scope": problem("The token lacks the scope."),
        "NotFound": problem("There is nothing there."),
        "TooMany": problem("Too many tokens were refused: wait as long as Retry-After says."),
    })
}
