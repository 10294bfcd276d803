//! The outbox, as administrators read it.

use axum::extract::{Query, State};
use axum::response::Response;
use frontend::administration::{MailLine, MailState, Outbox, outbox_page};
use jiff::Timestamp;
use serde::Deserialize;

use super::outbox;
use crate::access::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::page::Surroundings;

const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub struct Asked {
    page: Option<u64>,
}

/// `GET /administration/courriels`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    viewer.administrator()?;
    let page = asked.page.unwrap_or(1).clamp(1, 1_000_000);
    let (rows, total) = outbox::list(&app, page - 1, PAGE).await?;
    let instant = |at| Timestamp::from_millisecond(at).unwrap_or_default();
    let mails = rows.into_iter().map(|row| MailLine {
        to: format!("{} <{}>", row.to_name, row.to_address),
        subject: row.subject,
        body: row.body,
        calendar: row.calendar,
        state: match (row.sent_at, row.given_up_at, row.claimed_at) {
            (Some(at), _, _) => MailState::Sent(instant(at)),
            (None, Some(at), _) => MailState::GivenUp(instant(at)),
            (None, None, Some(_)) => MailState::Leaving,
            (None, None, None) => MailState::Waiting(instant(row.send_after)),
        },
        failure: row.failure,
    });
    let view = outbox_page(Outbox {
        sends: app.relay.is_some(),
        mails: mails.collect(),
        page,
        pages: total.div_ceil(PAGE).max(1),
        total,
    });
    Ok(around.page("Courriels", view))
}
