//! Delivering: each webhook has a lane of its own, one message at a time, so that one that is slow delays no other.

use super::sending::Message;
use super::store::{self, Webhook};
use crate::app::App;
use crate::error::Result;
use domain::ids::WebhookId;
use futures_util::future::join_all;
use http::StatusCode;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The webhooks that are being delivered to.
#[derive(Debug, Default)]
pub struct Lanes(Mutex<BTreeSet<WebhookId>>);

/// A webhook that nobody else delivers to, until this is dropped.
struct Lane<'l> {
    lanes: &'l Lanes,
    webhook: WebhookId,
}

impl Lanes {
    fn enter(&self, webhook: WebhookId) -> Option<Lane<'_>> {
        let free = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(webhook);
        free.then_some(Lane { lanes: self, webhook })
    }
}

impl Drop for Lane<'_> {
    fn drop(&mut self) {
        self.lanes.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.webhook);
    }
}

/// Delivers what is due. May be run at any moment, and by several at once: a webhook that is being delivered to is left
/// to whoever does.
///
/// # Errors
/// When the database fails; what is due stays so.
pub async fn deliver(app: &App) -> Result<()> {
    let due = store::with_due(app).await?;
    let lanes = due.iter().filter_map(|webhook| Some((app.lanes.enter(webhook.id)?, webhook)));
    let lanes = lanes.map(async |(_lane, webhook)| deliver_to(app, webhook).await);
    join_all(lanes.collect::<Vec<_>>()).await.into_iter().collect()
}

/// Everything that is due there, the oldest first, until a message does not arrive: the others wait for the next round.
async fn deliver_to(app: &App, webhook: &Webhook) -> Result<()> {
    while let Some(message) = store::next_due(app, webhook.id).await? {
        let outcome = match webhook.address(app) {
            Some(address) => {
                let id = message.id.to_string();
                let sent = Message { id: &id, body: &message.body, secret: &webhook.secret, at: app.clock.now() };
                sent.send(&address).await
            }
            None => Err("Rien n’est envoyé à cette adresse\u{a0}: elle n’est pas publique.".to_owned()),
        };
        let arrived = outcome.as_ref().is_ok_and(StatusCode::is_success);
        store::conclude(app, webhook.id, &message, outcome).await?;
        if !arrived {
            break;
        }
    }
    Ok(())
}
