//! Writing messages, in the transaction of what they tell of.

use super::entity::{delivery, webhook};
use crate::app::App;
use crate::error::Result;
use domain::webhook::Event;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, Set};

/// Writes a message of that event for each webhook that asks for its kind. One that is disabled is told of nothing.
///
/// # Errors
/// When the database fails; then what it tells of is not kept either.
pub(crate) async fn tell(app: &App, db: &impl ConnectionTrait, event: &Event<'_>) -> Result<()> {
    let hooks = webhook::Entity::find().filter(webhook::Column::DisabledAt.is_null()).all(db).await?;
    let asks = |hook: &webhook::Model| hook.kinds.split(' ').any(|kind| kind == event.name());
    let rows: Vec<_> = hooks.into_iter().filter(asks).map(|hook| message(app, hook.id, event)).collect();
    if !rows.is_empty() {
        delivery::Entity::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

/// A message to deliver to that webhook.
pub(super) fn message(app: &App, webhook: String, event: &Event<'_>) -> delivery::ActiveModel {
    let now = app.clock.now();
    delivery::ActiveModel {
        id: Set(app.dice.uuid().to_string()),
        webhook_id: Set(webhook),
        kind: Set(event.name().to_owned()),
        body: Set(event.message(now)),
        created_at: Set(now.as_millisecond()),
        send_after: Set(now.as_millisecond()),
        attempts: Set(0),
        delivered_at: Set(None),
        given_up_at: Set(None),
        status: Set(None),
        failure: Set(None),
    }
}
