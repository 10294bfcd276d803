//! Documents kept for other systems: states and profiles (Communication 2.2, 2.3, 2.6, 2.7).

use super::asked::{Asked, Granted};
use super::entity::document::{ActiveModel, Column, Entity, Model};
use crate::app::App;
use crate::error::{Error, Result};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::xapi::{Address, Change, Kind, Problem, Refused, Supposed, may_change, merged};
use http::header::{CONTENT_TYPE, ETAG, IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED};
use http::{HeaderValue, Method, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
    SqlErr,
};
use sha1::{Digest as _, Sha1};

/// `/xapi/activities/state`
pub async fn state(State(app): State<App>, granted: Granted) -> Result<Response> {
    answer(&app, Kind::State, granted.asked).await
}

/// `/xapi/activities/profile`
pub async fn activity_profile(State(app): State<App>, granted: Granted) -> Result<Response> {
    answer(&app, Kind::ActivityProfile, granted.asked).await
}

/// `/xapi/agents/profile`
pub async fn agent_profile(State(app): State<App>, granted: Granted) -> Result<Response> {
    answer(&app, Kind::AgentProfile, granted.asked).await
}

async fn answer(app: &App, kind: Kind, asked: Asked) -> Result<Response> {
    // All of an agent's states may go at once; profiles go one by one.
    let one = match asked.method {
        Method::GET | Method::HEAD => false,
        Method::DELETE => kind != Kind::State,
        _ => true,
    };
    let address =
        Address::read(kind, &asked.parameters, one).map_err(|problem| Error::BadRequest(problem.to_string()))?;
    match asked.method {
        Method::GET | Method::HEAD if address.name.is_some() => tell(app, &address).await,
        Method::GET | Method::HEAD => list(app, &address).await,
        Method::DELETE if address.name.is_none() => delete_all(app, address).await,
        Method::DELETE => change(app, address, asked, Change::Delete).await,
        Method::POST => change(app, address, asked, Change::Post).await,
        Method::PUT => change(app, address, asked, Change::Put).await,
        _ => Err(Error::BadRequest("method : GET, PUT, POST ou DELETE est attendu ici.".into())),
    }
}

async fn tell(app: &App, address: &Address) -> Result<Response> {
    let row = Entity::find_by_id(address.id()).one(app.db.reader()).await?.ok_or(Error::NotFound)?;
    let kind = HeaderValue::from_str(&row.content_type);
    let kind = kind.unwrap_or_else(|_| HeaderValue::from_static("application/octet-stream"));
    let mut response = (StatusCode::OK, [(CONTENT_TYPE, kind)], row.content).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", row.tag)) {
        response.headers_mut().insert(ETAG, tag);
    }
    dated(&mut response, row.updated_at);
    Ok(response)
}

/// Says when what is told was last changed.
pub(super) fn dated(response: &mut Response, at: i64) {
    let at = Timestamp::from_millisecond(at)
        .ok()
        .and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
    if let Some(at) = at.and_then(|at| HeaderValue::from_str(&at).ok()) {
        response.headers_mut().insert(LAST_MODIFIED, at);
    }
}

async fn list(app: &App, address: &Address) -> Result<Response> {
    let mut select = Entity::find().filter(Column::Place.eq(address.place()));
    if let Some(registration) = address.registration {
        select = select.filter(Column::Registration.eq(registration.to_string()));
    }
    if let Some(since) = address.since {
        select = select.filter(Column::UpdatedAt.gt(since.as_millisecond()));
    }
    let select = select.select_only().columns([Column::Name, Column::UpdatedAt]).order_by_asc(Column::Id);
    let rows: Vec<(String, i64)> = select.into_tuple().all(app.db.reader()).await?;
    let last = rows.iter().map(|(_, at)| *at).max();
    let mut names: Vec<String> = rows.into_iter().map(|(name, _)| name).collect();
    names.sort_unstable();
    names.dedup();
    let body = serde_json::Value::from(names).to_string();
    let tag = format!("\"{}\"", digest(body.as_bytes()));
    let mut response = ([(CONTENT_TYPE, "application/json".to_owned()), (ETAG, tag)], body).into_response();
    if let Some(last) = last {
        dated(&mut response, last);
    }
    Ok(response)
}

async fn delete_all(app: &App, address: Address) -> Result<Response> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                let mut delete = Entity::delete_many().filter(Column::Place.eq(address.place()));
                if let Some(registration) = address.registration {
                    delete = delete.filter(Column::Registration.eq(registration.to_string()));
                }
                delete.exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn change(app: &App, address: Address, asked: Asked, change: Change) -> Result<Response> {
    if address.since.is_some() {
        let problem = Problem::new("ce paramètre ne sert qu’à lire une liste.").within("since");
        return Err(Error::BadRequest(problem.to_string()));
    }
    let is_json = asked.content_type().to_lowercase().starts_with("application/json");
    if change != Change::Delete && is_json {
        domain::xapi::read(&asked.content).map_err(|problem| Error::BadRequest(problem.to_string()))?;
    }
    let now = app.clock.now();
    app.db.write(move |db| Box::pin(async move { write(db, &address, &asked, change, now).await })).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn write(
    db: &impl ConnectionTrait,
    address: &Address,
    asked: &Asked,
    change: Change,
    now: Timestamp,
) -> Result<()> {
    let known = Entity::find_by_id(address.id()).lock_exclusive().one(db).await?;
    let supposed = Supposed { if_match: asked.header(&IF_MATCH), if_none_match: asked.header(&IF_NONE_MATCH) };
    may_change(address.kind, change, known.as_ref().map(|row| row.tag.as_str()), supposed).map_err(refused)?;
    let kind = match asked.content_type() {
        "" => "application/octet-stream",
        kind => kind,
    };
    let content = match change {
        Change::Delete => {
            Entity::delete_by_id(address.id()).exec(db).await?;
            return Ok(());
        }
        Change::Put => asked.content.to_vec(),
        Change::Post => {
            let known = known.as_ref().map(|row: &Model| (row.content_type.as_str(), row.content.as_slice()));
            merged(known, (kind, &asked.content)).map_err(|problem| Error::BadRequest(problem.to_string()))?
        }
    };
    let row = ActiveModel {
        id: Set(address.id()),
        place: Set(address.place()),
        activity: Set(address.activity.clone()),
        agent: Set(address.agent.as_ref().map(ToString::to_string)),
        registration: Set(address.registration.map(|id| id.to_string())),
        name: Set(address.name.clone().unwrap_or_default()),
        content_type: Set(kind.to_owned()),
        tag: Set(digest(&content)),
        updated_at: Set(now.as_millisecond()),
        content: Set(content),
    };
    let insert = Entity::insert(row);
    if known.is_none() && supposed.if_none_match.is_some() {
        // Somebody may have made it since: they were first.
        return insert.exec_without_returning(db).await.map(|_| ()).map_err(|error| match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => refused(Refused::Otherwise),
            _ => error.into(),
        });
    }
    let replace = OnConflict::column(Column::Id)
        .update_columns([Column::ContentType, Column::Tag, Column::UpdatedAt, Column::Content])
        .to_owned();
    insert.on_conflict(replace).exec_without_returning(db).await?;
    Ok(())
}

fn refused(why: Refused) -> Error {
    match why {
        Refused::Otherwise => Error::Otherwise(
            "Le document n’est pas celui que If-Match ou If-None-Match suppose : lisez-le, puis recommencez avec son ETag."
                .into(),
        ),
        Refused::Unseen => Error::Conflict(
            "Le document existe déjà : lisez-le, puis envoyez le vôtre avec son ETag dans l’en-tête If-Match.".into(),
        ),
        Refused::Unsaid => Error::BadRequest(
            "L’en-tête If-Match, avec l’ETag du document, ou If-None-Match: * s’il n’existe pas encore, est obligatoire."
                .into(),
        ),
    }
}

/// What a document is tagged with (Communication 3.1).
pub(super) fn digest(content: &[u8]) -> String {
    hex::encode(Sha1::digest(content))
}
