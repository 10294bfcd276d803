//! Sessions: kept on the server, known by the hash of a secret that only the browser holds.

use super::entity::{person, role_grant, session};
use super::{passkey, second_factor, store};
use crate::access::Viewer;
use crate::app::App;
use crate::audit::Trace;
use crate::error::{Error, Result};
use crate::node::Node;
use domain::identity::needs_second_factor;
use domain::ids::PersonId;
use domain::operation;
use http::HeaderMap;
use http::header::COOKIE;
use jiff::Timestamp;
use moka::sync::Cache;
use sea_orm::sea_query::ExprTrait as _;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, JoinType, PaginatorTrait as _,
    QueryFilter as _, QuerySelect as _, Set, Statement,
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// `__Host-`: sent to this very host only, over a secure channel, and not settable by a neighbour.
const COOKIE_NAME: &str = "__Host-socle";

/// How stale `seen_at` may be; idleness is measured in hours.
const SEEN_EVERY_MS: i64 = 5 * 60 * 1000;

/// How long a session waits for the second factor.
const WAITS_MS: i64 = 15 * 60 * 1000;

/// Sessions lately used. Entries live a few seconds, so that what the command line
/// changes (a suspended account) is seen here too. Where other nodes end sessions, nothing is remembered.
#[derive(Debug, Clone)]
pub struct Sessions(Option<Cache<String, Arc<Known>>>);

#[derive(Debug)]
struct Known {
    viewer: Viewer,
    created_at: i64,
    seen_at: i64,
}

impl Sessions {
    /// None yet.
    #[must_use]
    pub fn of(node: &Node) -> Self {
        let alone = node.name().is_none();
        Self(alone.then(|| {
            Cache::builder()
                .max_capacity(20_000)
                .time_to_live(Duration::from_secs(10))
                .support_invalidation_closures()
                .build()
        }))
    }

    /// Forgets what is known of a person's sessions: roles changed, or sessions ended.
    pub fn forget(&self, person: PersonId) {
        // The predicate form cannot fail: the cache is built with support for it.
        let _ = self.0.as_ref().map(|known| known.invalidate_entries_if(move |_, known| known.viewer.person == person));
    }

    fn get(&self, hash: &String) -> Option<Arc<Known>> {
        self.0.as_ref()?.get(hash)
    }

    fn remember(&self, hash: String, session: Arc<Known>) {
        if let Some(known) = &self.0 {
            known.insert(hash, session);
        }
    }

    fn forget_one(&self, hash: &String) {
        if let Some(known) = &self.0 {
            known.invalidate(hash);
        }
    }
}

/// The hash under which a secret is stored.
#[must_use]
pub fn hashed(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// A session just opened.
#[derive(Debug)]
pub struct Opened {
    /// For the browser.
    pub secret: String,
    /// It opens nothing until the second factor is shown.
    pub pending: bool,
}

/// Opens a session for whoever knew the password; where this person has a second factor, or must have one, one that waits
/// for it.
///
/// # Errors
/// When the database fails.
pub async fn open(app: &App, person: PersonId) -> Result<Opened> {
    begin(app, person, None).await
}

/// The same for whom ProConnect knows, by that ID token; where it says that it asked for a second factor itself
/// (`proved`), the session waits for no other.
///
/// # Errors
/// When the database fails.
pub(crate) async fn open_federated(app: &App, person: PersonId, id_token: String, proved: bool) -> Result<Opened> {
    if proved {
        return Ok(Opened { secret: open_proved(app, person, Some(id_token)).await?, pending: false });
    }
    begin(app, person, Some(id_token)).await
}

async fn begin(app: &App, person: PersonId, id_token: Option<String>) -> Result<Opened> {
    let pending = has_factor(app, person).await? || must_have_one(app, person).await?;
    Ok(Opened { secret: start(app, person, (pending, None), id_token).await?, pending })
}

/// Opens a session for whoever showed the second factor just now.
///
/// # Errors
/// When the database fails.
pub(crate) async fn open_proved(app: &App, person: PersonId, id_token: Option<String>) -> Result<String> {
    start(app, person, (false, Some(app.clock.now().as_millisecond())), id_token).await
}

/// Whether this person has set up a second factor here.
///
/// # Errors
/// When the database fails.
pub(crate) async fn has_factor(app: &App, person: PersonId) -> Result<bool> {
    second_factor::is_set(app.db.reader(), person).await
}

/// The ID token by which the session that these headers carry is ended at ProConnect too, where it was begun there;
/// whether or not it waits for the second factor.
///
/// # Errors
/// When the database fails.
pub(crate) async fn id_token(app: &App, headers: &HeaderMap) -> Result<Option<String>> {
    let Some(hash) = hash_in(headers) else { return Ok(None) };
    let row = session::Entity::find_by_id(hash).one(app.db.reader()).await?;
    Ok(row.and_then(|row| row.id_token))
}

/// Whether a second factor is asked of this person: of all who see other people's records, where the settings require it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn must_have_one(app: &App, person: PersonId) -> Result<bool> {
    if !app.config.second_factor_required {
        return Ok(false);
    }
    let rows =
        role_grant::Entity::find().filter(role_grant::Column::PersonId.eq(person.0)).all(app.db.reader()).await?;
    let grants: Vec<_> = rows.iter().filter_map(|row| store::grant(&row.role, &row.scope)).collect();
    Ok(needs_second_factor(&grants))
}

async fn start(
    app: &App,
    person: PersonId,
    (pending, proved_at): (bool, Option<i64>),
    id_token: Option<String>,
) -> Result<String> {
    let secret = hex::encode(app.dice.secret());
    let now = app.clock.now().as_millisecond();
    let row = session::ActiveModel {
        token_hash: Set(hashed(&secret)),
        person_id: Set(person.0),
        created_at: Set(now),
        seen_at: Set(now),
        pending: Set(pending),
        proved_at: Set(proved_at),
        id_token: Set(id_token),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                session::Entity::insert(row).exec_without_returning(db).await?;
                let seen = person::ActiveModel {
                    id: Set(person.0),
                    seen_at: Set(Some(now)),
                    warned_at: Set(None),
                    ..Default::default()
                };
                person::Entity::update(seen).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(secret)
}

/// Ends the session that these headers carry, if any.
///
/// # Errors
/// When the database fails.
pub async fn close(app: &App, headers: &HeaderMap) -> Result<()> {
    let Some(hash) = secret_in(headers).map(hashed) else { return Ok(()) };
    app.sessions.forget_one(&hash);
    app.db
        .write(move |db| {
            Box::pin(async move { session::Entity::delete_by_id(hash).exec(db).await.map(drop).map_err(Error::from) })
        })
        .await
}

/// Which sessions of a person end.
#[derive(Debug, Clone)]
pub(crate) enum Ending {
    All,
    /// All but the one of this hash.
    Others(String),
    /// The one whose hash begins so.
    One(String),
}

/// Ends every session of a person.
///
/// # Errors
/// When the database fails.
pub async fn close_all(app: &App, person: PersonId) -> Result<()> {
    end(app, person, Ending::All).await
}

/// Ends these sessions of a person.
///
/// # Errors
/// When the database fails.
pub(crate) async fn end(app: &App, person: PersonId, which: Ending) -> Result<()> {
    app.db.write(move |db| Box::pin(async move { delete(db, person, which).await })).await?;
    app.sessions.forget(person);
    Ok(())
}

/// The same in the transaction of what asks for it; the caller then has them forgotten.
///
/// # Errors
/// When the database fails.
pub(crate) async fn delete(db: &impl ConnectionTrait, person: PersonId, which: Ending) -> Result<()> {
    let theirs = session::Entity::delete_many().filter(session::Column::PersonId.eq(person.0));
    let theirs = match which {
        Ending::All => theirs,
        Ending::Others(this) => theirs.filter(session::Column::TokenHash.ne(this)),
        Ending::One(start) => theirs.filter(session::Column::TokenHash.starts_with(start)),
    };
    theirs.exec(db).await?;
    Ok(())
}

/// The `Set-Cookie` that gives the secret to the browser.
#[must_use]
pub fn cookie(app: &App, secret: &str) -> String {
    format!(
        "{COOKIE_NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}",
        app.config.session_max.as_secs()
    )
}

/// The `Set-Cookie` that takes it back.
#[must_use]
pub fn spent_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

fn secret_in(headers: &HeaderMap) -> Option<&str> {
    cookie_in(headers, COOKIE_NAME)
}

/// What the cookie of that name holds.
pub(crate) fn cookie_in<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The hash of the secret that these headers carry, if any.
#[must_use]
pub fn hash_in(headers: &HeaderMap) -> Option<String> {
    secret_in(headers).map(hashed)
}

/// Which of these sessions, by their hashes, are still open: not ended by anybody, nor their person suspended.
///
/// # Errors
/// When the database fails.
pub async fn still_open(app: &App, hashes: BTreeSet<String>) -> Result<BTreeSet<String>> {
    /// Fewer than what a statement may have parameters for.
    const AT_ONCE: usize = 500;
    let hashes: Vec<String> = hashes.into_iter().collect();
    let mut open = BTreeSet::new();
    for some in hashes.chunks(AT_ONCE) {
        let on = session::Entity::belongs_to(person::Entity).from(session::Column::PersonId).to(person::Column::Id);
        let rows: Vec<String> = session::Entity::find()
            .select_only()
            .column(session::Column::TokenHash)
            .join(JoinType::InnerJoin, on.into())
            .filter(session::Column::TokenHash.is_in(some))
            .filter(person::Column::SuspendedAt.is_null())
            .filter(session::Column::Pending.eq(false))
            .into_tuple()
            .all(app.db.reader())
            .await?;
        open.extend(rows);
    }
    Ok(open)
}

/// Whose session these headers carry that waits for the second factor, if it is alive: who knew the password lately.
///
/// # Errors
/// When the database fails.
pub async fn waiting(app: &App, headers: &HeaderMap) -> Result<Option<PersonId>> {
    let Some(hash) = hash_in(headers) else { return Ok(None) };
    let oldest = app.clock.now().as_millisecond() - WAITS_MS;
    let row = session::Entity::find_by_id(hash)
        .filter(session::Column::Pending.eq(true))
        .filter(session::Column::CreatedAt.gt(oldest))
        .one(app.db.reader())
        .await?;
    Ok(row.map(|row| PersonId(row.person_id)))
}

/// Who these headers speak for, if their session is alive.
///
/// # Errors
/// When the database fails.
pub async fn viewer(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>> {
    let Some(hash) = secret_in(headers).map(hashed) else { return Ok(None) };
    let known = match app.sessions.get(&hash) {
        Some(known) => known,
        None => match load(app, &hash).await? {
            Some(known) => {
                let known = Arc::new(known);
                app.sessions.remember(hash.clone(), Arc::clone(&known));
                known
            }
            None => return Ok(None),
        },
    };
    let now = app.clock.now();
    if !is_alive(app, known.created_at, known.seen_at) {
        app.sessions.forget_one(&hash);
        return Ok(None);
    }
    if now.as_millisecond() - known.seen_at > SEEN_EVERY_MS {
        note_seen(app, hash, &known, now).await?;
    }
    Ok(Some(known.viewer.clone()))
}

/// Whether a session begun then, and used last then, has ended neither by age nor by idleness.
pub(crate) fn is_alive(app: &App, created_at: i64, seen_at: i64) -> bool {
    let now = app.clock.now().as_millisecond();
    let since = |at: i64| Duration::from_millis(u64::try_from(now - at).unwrap_or(0));
    since(created_at) < app.config.session_max && since(seen_at) < app.config.session_idle
}

async fn note_seen(app: &App, hash: String, known: &Known, now: Timestamp) -> Result<()> {
    let seen_at = now.as_millisecond();
    let refreshed = Known { viewer: known.viewer.clone(), created_at: known.created_at, seen_at };
    app.sessions.remember(hash.clone(), Arc::new(refreshed));
    app.db
        .write(move |db| {
            Box::pin(async move {
                let seen = session::ActiveModel { seen_at: Set(seen_at), ..Default::default() };
                session::Entity::update_many().set(seen).filter(session::Column::TokenHash.eq(hash)).exec(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// A session with its person and one of their grants: a row a grant.
#[derive(Debug, FromQueryResult)]
struct Row {
    person_id: i64,
    first_name: String,
    last_name: String,
    extra_time: i64,
    is_author: bool,
    created_at: i64,
    seen_at: i64,
    proved_at: Option<i64>,
    role: Option<String>,
    scope: Option<String>,
}

async fn load(app: &App, hash: &str) -> Result<Option<Known>> {
    let sql = "SELECT p.id AS person_id, p.first_name, p.last_name, p.extra_time, s.created_at, s.seen_at, s.proved_at, g.role, \
               g.scope, EXISTS (SELECT 1 FROM draft_author a WHERE a.person_id = p.id) AS is_author \
               FROM session s JOIN person p ON p.id = s.person_id LEFT JOIN role_grant g ON g.person_id = p.id \
               WHERE s.token_hash = $1 AND NOT s.pending AND p.suspended_at IS NULL";
    let rows = Row::find_by_statement(Statement::from_sql_and_values(app.db.backend(), sql, [hash.into()]));
    let rows = rows.all(app.db.reader()).await?;
    let grants = rows.iter().filter_map(|row| store::grant(row.role.as_deref()?, row.scope.as_deref()?)).collect();
    let Some(row) = rows.into_iter().next() else { return Ok(None) };
    Ok(Some(Known {
        viewer: Viewer {
            person: PersonId(row.person_id),
            first_name: row.first_name,
            last_name: row.last_name,
            grants,
            extra_time: u32::try_from(row.extra_time).unwrap_or(0),
            is_author: row.is_author,
            proved_at: row.proved_at.and_then(|at| Timestamp::from_millisecond(at).ok()),
            trace: Trace::default(),
        },
        created_at: row.created_at,
        seen_at: row.seen_at,
    }))
}

/// A session used so lately is in use.
const LATELY_MS: i64 = 15 * 60 * 1000;

/// How many sessions are alive, and how many of them are in use.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App) -> Result<operation::Sessions> {
    let now = app.clock.now().as_millisecond();
    let after = |age: Duration| now - i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let open = session::Entity::find()
        .filter(session::Column::Pending.eq(false))
        .filter(session::Column::SeenAt.gt(after(app.config.session_idle)))
        .filter(session::Column::CreatedAt.gt(after(app.config.session_max)));
    let lately = open.clone().filter(session::Column::SeenAt.gt(now - LATELY_MS));
    let db = app.db.reader();
    Ok(operation::Sessions { open: open.count(db).await?, lately: lately.count(db).await? })
}

/// When anybody was last seen, as far as sessions tell.
///
/// # Errors
/// When the database fails.
pub async fn last_seen(app: &App) -> Result<Option<Timestamp>> {
    let last: Option<Option<i64>> = session::Entity::find()
        .select_only()
        .column_as(session::Column::SeenAt.max(), "last")
        .into_tuple()
        .one(app.db.reader())
        .await?;
    Ok(last.flatten().and_then(|last| Timestamp::from_millisecond(last).ok()))
}

/// Deletes the sessions that have ended by idleness or age, and what authenticators were asked in vain. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn sweep(app: &App) -> Result<()> {
    passkey::sweep(app).await?;
    let now = app.clock.now().as_millisecond();
    let before = |age: Duration| now - i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    let dead = session::Column::SeenAt
        .lt(before(app.config.session_idle))
        .or(session::Column::CreatedAt.lt(before(app.config.session_max)));
    app.db
        .write(move |db| {
            Box::pin(async move {
                session::Entity::delete_many().filter(dead).exec(db).await.map(drop).map_err(Error::from)
            })
        })
        .await
}
