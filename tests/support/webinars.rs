//! Webinars for tests.

use crate::{Client, Page, Product};
use server::mail::outbox;

/// A form well filled: Thursday 10 December 2026 at 10:00 in Paris, an hour, two places.
pub const FORM: &[(&str, &str)] = &[
    ("course", "mediation-numerique"),
    ("title", "Les outils de la maison"),
    ("description", "Apportez vos questions."),
    ("date", "2026-12-10"),
    ("time", "10:00"),
    ("minutes", "60"),
    ("capacity", "2"),
    ("threshold", "80"),
    ("audience", "nation"),
];

/// The form with these fields changed or added.
pub fn form<'f>(changes: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let mut fields: Vec<_> =
        FORM.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name)).copied().collect();
    fields.extend(changes);
    fields
}

/// Sends the form that plans that webinar.
pub async fn plan(trainer: &Client, webinar: &str, changes: &[(&str, &str)]) -> Page {
    let mut fields = form(changes);
    fields.push(("webinar", webinar));
    trainer.post("/webinaires/nouveau", &fields).await
}

/// Opens the form that changes the webinar there, and sends it with these fields changed from [`FORM`].
pub async fn change(trainer: &Client, webinar: &str, changes: &[(&str, &str)]) -> Page {
    let path = format!("{webinar}/modifier");
    let edition = trainer.get(&path).await.field("edition");
    let mut fields = form(changes);
    fields.push(("edition", &edition));
    trainer.post(&path, &fields).await
}

/// A mail as the outbox holds it: to whom, its subject, the calendar file, from when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub calendar: Option<String>,
    /// Milliseconds since 1970.
    pub send_after: i64,
    pub failure: Option<String>,
    pub sent: bool,
    pub given_up: bool,
}

impl Product {
    /// Every mail of the outbox.
    pub async fn mails(&self) -> Vec<Mail> {
        let (rows, _) = outbox::list(&self.app, 0, 1000).await.expect("reads");
        let mut mails: Vec<_> = rows
            .into_iter()
            .map(|row| Mail {
                to: row.to_address,
                subject: row.subject,
                calendar: row.calendar,
                send_after: row.send_after,
                failure: row.failure,
                sent: row.sent_at.is_some(),
                given_up: row.given_up_at.is_some(),
            })
            .collect();
        mails.sort_by(|a, b| (a.send_after, &a.to, &a.subject).cmp(&(b.send_after, &b.to, &b.subject)));
        mails
    }

    /// Those of one person whose subject starts so.
    pub async fn mails_to(&self, address: &str, subject: &str) -> Vec<Mail> {
        let all = self.mails().await;
        all.into_iter().filter(|mail| mail.to == address && mail.subject.starts_with(subject)).collect()
    }
}
