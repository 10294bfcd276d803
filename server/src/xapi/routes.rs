//! Statements, activities and agents, as other systems send them and ask for them.

use super::asked::{Asked, Granted, SPOKEN, VERSION};
use super::documents::{dated, digest};
use super::keep::{self, Batch};
use super::read::{self, Told};
use super::{message, signed};
use crate::app::App;
use crate::error::{Error, Result};
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use domain::xapi::{
    self, AFTER, Format, Key, Languages, Parameters, Part, Problem, Statement, Wanted, hash_of, match_parts, read_iri,
    to_canonical, to_ids, told,
};
use http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_TYPE, ETAG};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The largest body that is taken, with all that is attached.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// The most statements on a page that what is attached comes along with.
const PAGE_WITH_ATTACHMENTS: u64 = 10;

const CONSISTENT_THROUGH: HeaderName = HeaderName::from_static("x-experience-api-consistent-through");

/// A write is over by then: what was stored before can be read.
const SETTLED: SignedDuration = SignedDuration::from_secs(1);

/// What every answer under `/xapi` bears, refusals too (Communication 2.1.3, 3.3).
pub fn mark(app: &App, path: &str, response: &mut Response) {
    if !path.starts_with("/xapi/") {
        return;
    }
    let headers = response.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static(SPOKEN));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    let settled = app.clock.now().checked_sub(SETTLED).map(told).ok().and_then(|at| HeaderValue::from_str(&at).ok());
    if let Some(settled) = settled.filter(|_| path == "/xapi/statements") {
        headers.insert(CONSISTENT_THROUGH, settled);
    }
}

/// `GET /xapi/about`: for everybody, in any version (Communication 2.8).
pub async fn about(RawQuery(query): RawQuery) -> Result<Response> {
    let given: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    Parameters::of(&given, &[]).map_err(refused)?;
    Ok(as_json(&json!({ "version": [SPOKEN, "1.0.2", "1.0.1", "1.0.0"], "extensions": {} })))
}

/// `/xapi/statements`
pub async fn statements(State(app): State<App>, granted: Granted) -> Result<Response> {
    match granted.asked.method {
        Method::GET | Method::HEAD => find(&app, &granted.asked).await,
        Method::PUT => put(&app, &granted).await,
        Method::POST => post(&app, &granted).await,
        _ => Err(Error::BadRequest("method : GET, PUT ou POST est attendu ici.".into())),
    }
}

/// `GET /xapi/activities` (Communication 2.5)
pub async fn activities(State(app): State<App>, granted: Granted) -> Result<Response> {
    only_reads(&granted.asked)?;
    let parameters = Parameters::of(&granted.asked.parameters, &["activityId"]).map_err(refused)?;
    let id = parameters.required("activityId", read_iri).map_err(refused)?;
    let mut activity = json!({ "objectType": "Activity", "id": id });
    if let Some(definition) = read::definition(&app, id).await? {
        activity["definition"] = definition;
    }
    Ok(tagged(&activity))
}

/// `GET /xapi/agents` (Communication 2.4)
pub async fn agents(granted: Granted) -> Result<Response> {
    only_reads(&granted.asked)?;
    let parameters = Parameters::of(&granted.asked.parameters, &["agent"]).map_err(refused)?;
    let agent = parameters.required("agent", xapi::read_agent).map_err(refused)?;
    Ok(tagged(&xapi::person(&agent)))
}

fn only_reads(asked: &Asked) -> Result<()> {
    asked.reads().then_some(()).ok_or_else(|| Error::BadRequest("method : GET est attendu ici.".into()))
}

#[expect(clippy::needless_pass_by_value, reason = "it is mapped over errors")]
fn refused(problem: Problem) -> Error {
    Error::BadRequest(problem.to_string())
}

fn as_json(value: &Value) -> Response {
    ([(CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

fn tagged(value: &Value) -> Response {
    let mut response = as_json(value);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", digest(value.to_string().as_bytes()))) {
        response.headers_mut().insert(ETAG, tag);
    }
    response
}

/// `PUT` (Communication 2.1.1)
async fn put(app: &App, granted: &Granted) -> Result<Response> {
    let parameters = Parameters::of(&granted.asked.parameters, &["statementId"]).map_err(refused)?;
    let id = parameters.required("statementId", xapi::read_uuid).map_err(refused)?;
    let (sent, parts) = sent(&granted.asked).await?;
    if sent.is_array() {
        return Err(refused(
            Problem::new("une seule déclaration est attendue ici\u{a0}; une liste va par POST.").within("$"),
        ));
    }
    let mut statements = xapi::statements(sent).map_err(refused)?;
    for statement in &mut statements {
        match statement.id {
            None => statement.identify(id),
            Some(known) if known == id => {}
            Some(_) => {
                let problem = Problem::new("cet identifiant n’est pas celui de statementId.");
                return Err(refused(problem.within("$.id")));
            }
        }
    }
    store(app, granted, statements, parts).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `POST` (Communication 2.1.2)
async fn post(app: &App, granted: &Granted) -> Result<Response> {
    Parameters::of(&granted.asked.parameters, &[]).map_err(refused)?;
    let (sent, parts) = sent(&granted.asked).await?;
    let statements = xapi::statements(sent).map_err(refused)?;
    let ids = store(app, granted, statements, parts).await?;
    Ok(as_json(&ids.iter().map(Uuid::to_string).collect()))
}

/// What is sent: JSON, alone or as the first part of a message.
async fn sent(asked: &Asked) -> Result<(Value, Vec<Part>)> {
    let kind = asked.content_type();
    if let Some(boundary) = message::boundary(kind) {
        let (json, parts) = message::read(&boundary?, asked.content.clone()).await?;
        return Ok((xapi::read(&json).map_err(refused)?, parts));
    }
    let json = kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !json {
        let problem = Problem::new("application/json ou multipart/mixed est attendu ici.");
        return Err(refused(problem.within("Content-Type")));
    }
    Ok((xapi::read(&asked.content).map_err(refused)?, Vec::new()))
}

async fn store(app: &App, granted: &Granted, statements: Vec<Statement>, parts: Vec<Part>) -> Result<Vec<Uuid>> {
    let mut ids = BTreeSet::new();
    for (rank, statement) in statements.iter().enumerate() {
        if statement.id.is_some_and(|id| !ids.insert(id)) {
            let problem = Problem::new("cet identifiant est déjà celui d’une autre déclaration de cet envoi.");
            return Err(refused(problem.of("id").at(rank).within("$")));
        }
    }
    match_parts(&statements, &parts).map_err(refused)?;
    for signature in xapi::signatures(&statements, &parts).map_err(refused)? {
        signed::check(&signature).map_err(refused)?;
    }
    let mut authority = xapi::account(&app.config.public_url, &granted.machine.token.to_string());
    authority["name"] = granted.machine.name.as_str().into();
    keep::keep(app, Batch::sealed(app, statements, parts, &authority)).await
}

/// `GET` (Communication 2.1.3)
async fn find(app: &App, asked: &Asked) -> Result<Response> {
    let query = xapi::query(&asked.parameters).map_err(refused)?;
    let languages = Languages::read(asked.header(&ACCEPT_LANGUAGE).unwrap_or_default());
    let (found, more) = match query.wanted {
        Wanted::One { id, voided } => {
            let one = read::one(app, id, voided).await?.ok_or(Error::NotFound)?;
            (vec![one], None)
        }
        Wanted::Many(mut filter) => {
            if query.attachments {
                filter.limit = filter.limit.min(PAGE_WITH_ATTACHMENTS);
            }
            let page = read::many(app, &filter).await?;
            (page.told, Some(page.after.map(|after| next_page(asked, after)).unwrap_or_default()))
        }
    };
    let last = found.iter().map(|told| told.stored).max();
    let attached = if query.attachments { attached(app, &found).await? } else { Vec::new() };
    let bodies = formatted(app, found, query.format, &languages).await?;
    let body = match more {
        None => bodies.concat(),
        Some(more) => format!("{{\"statements\":[{}],\"more\":{}}}", bodies.join(","), Value::from(more)),
    };
    let mut response = if query.attachments {
        let boundary = app.dice.uuid().simple().to_string();
        let kind = format!("multipart/mixed; boundary={boundary}");
        ([(CONTENT_TYPE, kind)], message::write(&boundary, &body, &attached)).into_response()
    } else {
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    };
    if let Some(last) = last {
        dated(&mut response, last.as_millisecond());
    }
    Ok(response)
}

/// Where the rest is (Data 2.5): the same question, from there on.
fn next_page(asked: &Asked, after: i64) -> String {
    let same = asked.parameters.iter().filter(|(name, _)| name != AFTER);
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(same).append_pair(AFTER, &after.to_string());
    format!("/xapi/statements?{}", query.finish())
}

async fn formatted(app: &App, found: Vec<Told>, format: Format, languages: &Languages) -> Result<Vec<String>> {
    if format == Format::Exact {
        return Ok(found.into_iter().map(|told| told.body).collect());
    }
    let read = |told: Told| serde_json::from_str(&told.body).map_err(|error| Error::Internal(error.to_string()));
    let mut statements: Vec<Value> = found.into_iter().map(read).collect::<Result<_>>()?;
    if format == Format::Ids {
        statements.iter_mut().for_each(to_ids);
    } else {
        let keys = xapi::activities_of(&statements).into_iter().map(Key::activity).collect();
        let known = read::definitions(app, keys).await?;
        for statement in &mut statements {
            to_canonical(statement, languages, &|iri| known.get(&Key::activity(iri)).cloned());
        }
    }
    Ok(statements.iter().map(Value::to_string).collect())
}

/// What is attached to these statements, once each.
async fn attached(app: &App, found: &[Told]) -> Result<Vec<Part>> {
    let mut said = Vec::new();
    for told in found {
        let statement: Value = serde_json::from_str(&told.body).map_err(|error| Error::Internal(error.to_string()))?;
        said.extend(statement.get("attachments").and_then(Value::as_array).cloned().unwrap_or_default());
    }
    let hash = |said: &Value| hash_of(said).map(str::to_lowercase);
    let mut contents = read::attached(app, said.iter().filter_map(hash).collect()).await?;
    let part = |said: &Value| {
        let hash = hash(said)?;
        let content = contents.remove(&hash)?;
        let content_type = said.get("contentType").and_then(Value::as_str).map(str::to_owned);
        Some(Part { hash, content_type, content })
    };
    Ok(said.iter().filter_map(part).collect())
}
