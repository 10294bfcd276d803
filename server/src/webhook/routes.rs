//! Webhooks, as administrators make, try, watch and remove them.

use super::sending::shown;
use super::store::{self, Delivery, Webhook};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{Redirect, Response};
use domain::ids::{DeliveryId, WebhookId};
use domain::webhook::{Kind, WebhookForm, read_webhook};
use frontend::administration::{
    DeliveryLine, DeliveryState, MadeWebhook, WebhookPage, WebhookRow, WebhooksPage, webhook_page, webhooks_page,
};
use http::StatusCode;

const TITLE: &str = "Webhooks";
const HREF: &str = "/administration/webhooks";

/// Messages that the page of a webhook shows.
const SHOWN: u64 = 50;

/// `GET /administration/webhooks`
pub async fn list(State(app): State<App>, viewer: Viewer, around: Surroundings) -> Result<Response> {
    viewer.administrator()?;
    Ok(around.page(TITLE, webhooks_page(page(&app).await?)))
}

/// `POST /administration/webhooks`: makes one and shows its secret, this once.
pub async fn create(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    viewer.administrator()?;
    let (id, form) = typed(fields)?;
    match read_webhook(&form, store::is_trying(&app)) {
        Ok(new) => {
            let url = new.address.to_string();
            let Some(secret) = store::create(&app, viewer.person, id, new).await? else {
                return Err(Error::Conflict(
                    "Ce webhook est déjà fait, et son secret n’a été montré qu’une fois. S’il est perdu, retirez le webhook et faites-en un autre.".into(),
                ));
            };
            let made = MadeWebhook { url, secret: shown(&secret) };
            Ok(around.page(TITLE, webhooks_page(WebhooksPage { made: Some(made), ..page(&app).await? })))
        }
        Err(problems) => {
            let view = webhooks_page(WebhooksPage { webhook: id.to_string(), form, problems, ..page(&app).await? });
            Ok(around.page_as(StatusCode::UNPROCESSABLE_ENTITY, TITLE, view))
        }
    }
}

/// `GET /administration/webhooks/{webhook}`
pub async fn one(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(id): Path<String>,
) -> Result<Response> {
    let webhook = known(&app, &viewer, &id).await?;
    let href = href(webhook.id);
    let messages = store::deliveries(&app, webhook.id, SHOWN).await?;
    let view = webhook_page(WebhookPage {
        url: webhook.url.clone(),
        kinds: webhook.kinds,
        created_at: webhook.created_at,
        disabled_at: webhook.disabled_at,
        deliveries: messages.into_iter().map(|message| line(&href, message)).collect(),
        href,
    });
    Ok(around.page(&webhook.url, view))
}

/// `POST …/essai`: a message that only tries the way.
pub async fn try_out(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let webhook = known(&app, &viewer, &id).await?;
    store::try_out(&app, webhook.id).await?;
    Ok(Redirect::to(&href(webhook.id)))
}

/// `POST …/reactiver`
pub async fn enable(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let webhook = known(&app, &viewer, &id).await?;
    store::enable(&app, webhook.id).await?;
    Ok(Redirect::to(&href(webhook.id)))
}

/// `POST …/retirer`
pub async fn remove(State(app): State<App>, viewer: Viewer, Path(id): Path<String>) -> Result<Redirect> {
    let webhook = known(&app, &viewer, &id).await?;
    store::remove(&app, webhook.id).await?;
    Ok(Redirect::to(HREF))
}

/// `POST …/messages/{delivery}`: sends a message again.
pub async fn send_again(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, message)): Path<(String, String)>,
) -> Result<Redirect> {
    let webhook = known(&app, &viewer, &id).await?;
    let message: DeliveryId = message.parse().map_err(|_| Error::NotFound)?;
    store::send_again(&app, webhook.id, message).await?;
    Ok(Redirect::to(&href(webhook.id)))
}

async fn known(app: &App, viewer: &Viewer, id: &str) -> Result<Webhook> {
    viewer.administrator()?;
    store::find(app, id.parse().map_err(|_| Error::NotFound)?).await
}

fn href(id: WebhookId) -> String {
    format!("{HREF}/{id}")
}

fn typed(fields: Vec<(String, String)>) -> Result<(WebhookId, WebhookForm)> {
    let malformed = || Error::BadRequest("Rechargez la page, puis envoyez de nouveau le formulaire.".into());
    let (mut id, mut form) = (None, WebhookForm::default());
    for (field, value) in fields {
        match field.as_str() {
            "webhook" => id = value.parse().ok(),
            "url" => form.url = value,
            "kinds" if form.kinds.len() < Kind::ALL.len() => form.kinds.push(value),
            _ => return Err(malformed()),
        }
    }
    Ok((id.ok_or_else(malformed)?, form))
}

/// The page with a form for another webhook.
async fn page(app: &App) -> Result<WebhooksPage> {
    let rows = store::list(app).await?.into_iter().map(|webhook| WebhookRow {
        href: href(webhook.id),
        url: webhook.url,
        kinds: webhook.kinds,
        disabled_at: webhook.disabled_at,
    });
    Ok(WebhooksPage { webhook: app.dice.uuid().to_string(), rows: rows.collect(), ..WebhooksPage::default() })
}

fn line(href: &str, message: Delivery) -> DeliveryLine {
    DeliveryLine {
        again: format!("{href}/messages/{}", message.id),
        state: match (message.delivered_at, message.given_up_at) {
            (Some(at), _) => DeliveryState::Delivered(at),
            (None, Some(at)) => DeliveryState::GivenUp(at),
            (None, None) => DeliveryState::Waiting(message.send_after),
        },
        id: message.id.to_string(),
        kind: message.kind,
        body: message.body,
        created_at: message.created_at,
        attempts: u64::try_from(message.attempts).unwrap_or(0),
        status: message.status,
        failure: message.failure,
    }
}
