//! Webhooks and their messages as they are kept.

use super::entity::{delivery, webhook};
use super::outbox;
use crate::app::App;
use crate::config::Mode;
use crate::error::{Error, Result};
use domain::ids::{DeliveryId, PersonId, WebhookId};
use domain::operation::Webhooks;
use domain::webhook::{Address, Event, MOST_WEBHOOKS, NewWebhook, RETRIES};
use http::StatusCode;
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Set,
};

/// A webhook.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Webhook {
    pub(super) id: WebhookId,
    pub(super) url: String,
    pub(super) kinds: Vec<String>,
    pub(super) secret: Vec<u8>,
    pub(super) created_at: Timestamp,
    pub(super) disabled_at: Option<Timestamp>,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "webhook {}", self.id)
    }
}

impl Webhook {
    /// Where its messages go, if that is still a place where they may.
    pub(super) fn address(&self, app: &App) -> Option<Address> {
        Address::read(&self.url, is_trying(app)).ok()
    }
}

/// A message, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delivery {
    pub(super) id: DeliveryId,
    pub(super) kind: String,
    pub(super) body: String,
    pub(super) created_at: Timestamp,
    pub(super) send_after: Timestamp,
    pub(super) attempts: i32,
    pub(super) delivered_at: Option<Timestamp>,
    pub(super) given_up_at: Option<Timestamp>,
    pub(super) status: Option<i32>,
    pub(super) failure: Option<String>,
}

/// Whether receivers may be on this very machine: in a demonstration.
pub(super) fn is_trying(app: &App) -> bool {
    app.config.mode == Mode::Demonstration
}

/// Makes a webhook and returns its secret. None where that one was made already.
pub(super) async fn create(app: &App, by: PersonId, id: WebhookId, new: NewWebhook) -> Result<Option<[u8; 32]>> {
    let secret = app.dice.secret();
    let kinds: Vec<&str> = new.kinds.iter().map(|kind| kind.as_str()).collect();
    let row = webhook::ActiveModel {
        id: Set(id.to_string()),
        url: Set(new.address.to_string()),
        kinds: Set(kinds.join(" ")),
        secret: Set(hex::encode(secret)),
        created_by: Set(by.0),
        created_at: Set(app.clock.now().as_millisecond()),
        disabled_at: Set(None),
    };
    let made = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let column = webhook::Column::Id;
                let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
                let insert = webhook::Entity::insert(row).on_conflict(once).try_insert();
                let made = insert.exec_without_returning(db).await?;
                if webhook::Entity::find().count(db).await? > MOST_WEBHOOKS as u64 {
                    let said = format!(
                        "Il y a {MOST_WEBHOOKS} webhooks au plus\u{a0}: retirez d’abord ceux qui ne servent plus."
                    );
                    return Err(Error::Conflict(said));
                }
                Ok(matches!(made, sea_orm::TryInsertResult::Inserted(1)))
            })
        })
        .await?;
    Ok(made.then_some(secret))
}

/// Every webhook, in the order of their making.
pub(super) async fn list(app: &App) -> Result<Vec<Webhook>> {
    let rows = webhook::Entity::find().order_by_asc(webhook::Column::CreatedAt).all(app.db.reader()).await?;
    rows.into_iter().map(read).collect()
}

/// One webhook.
pub(super) async fn find(app: &App, id: WebhookId) -> Result<Webhook> {
    let row = webhook::Entity::find_by_id(id.to_string()).one(app.db.reader()).await?;
    read(row.ok_or(Error::NotFound)?)
}

/// Its latest messages, the newest first.
pub(super) async fn deliveries(app: &App, id: WebhookId, limit: u64) -> Result<Vec<Delivery>> {
    let rows = delivery::Entity::find()
        .filter(delivery::Column::WebhookId.eq(id.to_string()))
        .order_by_desc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .limit(limit)
        .all(app.db.reader())
        .await?;
    rows.into_iter().map(message).collect()
}

/// Writes a message that only tries the way.
pub(super) async fn try_out(app: &App, id: WebhookId) -> Result<()> {
    let row = outbox::message(app, id.to_string(), &Event::Trial);
    app.db
        .write(move |db| {
            Box::pin(async move {
                delivery::Entity::insert(row).exec_without_returning(db).await.map(drop).map_err(Error::from)
            })
        })
        .await
}

/// Delivers to it again, what waited first.
pub(super) async fn enable(app: &App, id: WebhookId) -> Result<()> {
    app.db.write(move |db| Box::pin(async move { set_disabled(db, id, None).await })).await
}

async fn set_disabled(db: &impl ConnectionTrait, id: WebhookId, at: Option<i64>) -> Result<()> {
    let this = webhook::Entity::update_many().filter(webhook::Column::Id.eq(id.to_string()));
    this.col_expr(webhook::Column::DisabledAt, Expr::value(at)).exec(db).await?;
    Ok(())
}

/// Removes it, with its messages.
pub(super) async fn remove(app: &App, id: WebhookId) -> Result<()> {
    app.db
        .write(move |db| {
            Box::pin(async move {
                webhook::Entity::delete_by_id(id.to_string()).exec(db).await.map(drop).map_err(Error::from)
            })
        })
        .await
}

/// Delivers that message once more, from the beginning of its tries: known by the same identifier, so that a receiver
/// that had it knows.
///
/// # Errors
/// [`Error::NotFound`] for no message of that webhook; when the database fails.
pub(super) async fn send_again(app: &App, id: WebhookId, message: DeliveryId) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let anew = delivery::ActiveModel {
                    send_after: Set(now),
                    attempts: Set(0),
                    delivered_at: Set(None),
                    given_up_at: Set(None),
                    ..Default::default()
                };
                let this = delivery::Column::Id.eq(message.to_string());
                let this = this.and(delivery::Column::WebhookId.eq(id.to_string()));
                let sent = delivery::Entity::update_many().set(anew).filter(this).exec(db).await?;
                if sent.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
            })
        })
        .await
}

/// The webhooks that a message is due to.
pub(super) async fn with_due(app: &App) -> Result<Vec<Webhook>> {
    let due = due(app).select_only().column(delivery::Column::WebhookId).into_query();
    let rows = webhook::Entity::find()
        .filter(webhook::Column::DisabledAt.is_null())
        .filter(webhook::Column::Id.in_subquery(due))
        .all(app.db.reader())
        .await?;
    rows.into_iter().map(read).collect()
}

/// The message that is due to that webhook first, unless it was disabled meanwhile.
pub(super) async fn next_due(app: &App, id: WebhookId) -> Result<Option<Delivery>> {
    let open = webhook::Entity::find_by_id(id.to_string()).filter(webhook::Column::DisabledAt.is_null());
    if open.one(app.db.reader()).await?.is_none() {
        return Ok(None);
    }
    let row = due(app)
        .filter(delivery::Column::WebhookId.eq(id.to_string()))
        .order_by_asc(delivery::Column::SendAfter)
        .order_by_asc(delivery::Column::CreatedAt)
        .one(app.db.reader())
        .await?;
    row.map(message).transpose()
}

fn due(app: &App) -> sea_orm::Select<delivery::Entity> {
    delivery::Entity::find()
        .filter(delivery::Column::SendAfter.lte(app.clock.now().as_millisecond()))
        .filter(delivery::Column::DeliveredAt.is_null())
        .filter(delivery::Column::GivenUpAt.is_null())
}

/// Writes down what came of a try. A message that failed is tried again later; where it is given up and nothing else
/// arrived since it was written, or where the receiver says that it is gone, its webhook is disabled.
pub(super) async fn conclude(
    app: &App,
    id: WebhookId,
    message: &Delivery,
    outcome: Result<StatusCode, String>,
) -> Result<()> {
    let now = app.clock.now().as_millisecond();
    let mut row = delivery::ActiveModel {
        attempts: Set(message.attempts.saturating_add(1)),
        status: Set(outcome.as_ref().ok().map(|status| i32::from(status.as_u16()))),
        ..Default::default()
    };
    let mut gone = false;
    match outcome {
        Ok(status) if status.is_success() => {
            metrics::counter!("socle_webhooks_total", "outcome" => "delivered").increment(1);
            row.delivered_at = Set(Some(now));
            row.failure = Set(None);
        }
        refused => {
            metrics::counter!("socle_webhooks_total", "outcome" => "failed").increment(1);
            gone = refused == Ok(StatusCode::GONE);
            row.failure = Set(Some(match refused {
                Ok(status) => format!("Le système a répondu {}.", status.as_u16()),
                Err(why) => why,
            }));
            match usize::try_from(message.attempts).ok().and_then(|tried| RETRIES.get(tried)) {
                Some(minutes) => row.send_after = Set(now.saturating_add(minutes * 60_000)),
                None => row.given_up_at = Set(Some(now)),
            }
        }
    }
    let (given_up, since) = (row.given_up_at.is_set(), message.created_at.as_millisecond());
    let this = delivery::Column::Id.eq(message.id.to_string());
    app.db
        .write(move |db| {
            Box::pin(async move {
                // Its webhook may have been removed meanwhile, and the message with it.
                delivery::Entity::update_many().set(row).filter(this).exec(db).await?;
                if gone || (given_up && !arrived_since(db, id, since).await?) {
                    tracing::warn!(webhook = %id, "A webhook is disabled: nothing arrives there");
                    set_disabled(db, id, Some(now)).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await
}

async fn arrived_since(db: &impl ConnectionTrait, id: WebhookId, since: i64) -> Result<bool> {
    let arrived = delivery::Entity::find()
        .filter(delivery::Column::WebhookId.eq(id.to_string()))
        .filter(delivery::Column::DeliveredAt.gte(since));
    Ok(arrived.one(db).await?.is_some())
}

/// How the webhooks stand.
///
/// # Errors
/// When the database fails.
pub async fn standing(app: &App) -> Result<Webhooks> {
    let db = app.db.reader();
    let disabled = webhook::Entity::find().filter(webhook::Column::DisabledAt.is_not_null());
    let waiting = delivery::Entity::find()
        .filter(delivery::Column::DeliveredAt.is_null())
        .filter(delivery::Column::GivenUpAt.is_null());
    Ok(Webhooks {
        all: webhook::Entity::find().count(db).await?,
        disabled: disabled.count(db).await?,
        waiting: waiting.count(db).await?,
    })
}

fn read(row: webhook::Model) -> Result<Webhook> {
    let unreadable = || Error::Internal(format!("webhook {} cannot be read", row.id));
    Ok(Webhook {
        id: row.id.parse().map_err(|_| unreadable())?,
        secret: hex::decode(&row.secret).map_err(|_| unreadable())?,
        created_at: instant(row.created_at).ok_or_else(unreadable)?,
        disabled_at: row.disabled_at.and_then(instant),
        kinds: row.kinds.split(' ').map(str::to_owned).collect(),
        url: row.url,
    })
}

fn message(row: delivery::Model) -> Result<Delivery> {
    let unreadable = || Error::Internal(format!("a message {} cannot be read", row.id));
    Ok(Delivery {
        id: row.id.parse().map_err(|_| unreadable())?,
        created_at: instant(row.created_at).ok_or_else(unreadable)?,
        send_after: instant(row.send_after).ok_or_else(unreadable)?,
        delivered_at: row.delivered_at.and_then(instant),
        given_up_at: row.given_up_at.and_then(instant),
        kind: row.kind,
        body: row.body,
        attempts: row.attempts,
        status: row.status,
        failure: row.failure,
    })
}

fn instant(at: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at).ok()
}
