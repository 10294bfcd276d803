//! Cohorts for tests.

use crate::importing::{FORM, form};
use crate::{Client, Page};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, StatusCode};

/// The identifier of one, as its form makes it.
pub const COHORT: &str = "88888888-8888-4888-8888-88888888888a";

/// A form well filled: from 1 December 2026 to 31 January 2027, three places.
const FIELDS: [(&str, &str); 5] = [
    ("course", "mediation-numerique"),
    ("name", "Ardennes, hiver"),
    ("from", "2026-12-01"),
    ("to", "2027-01-31"),
    ("capacity", "3"),
];

/// The form, with these fields changed or added.
pub fn fields<'f>(cohort: &'f str, changes: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let kept = FIELDS.into_iter().filter(|(name, _)| changes.iter().all(|(changed, _)| changed != name));
    kept.chain(changes.iter().copied()).chain([("cohort", cohort)]).collect()
}

/// Makes that cohort.
pub async fn plan(trainer: &Client, cohort: &str, changes: &[(&str, &str)]) {
    let made = trainer.post("/cohortes/nouvelle", &fields(cohort, changes)).await;
    assert_eq!(made.location, Some(format!("/cohortes/{cohort}")), "{}", made.text());
}

/// Adds those who have these addresses, who are in no other.
pub async fn add(trainer: &Client, cohort: &str, addresses: &str) {
    let sent = [("addresses", addresses), ("do", "add")];
    let added = trainer.post(&format!("/cohortes/{cohort}/membres"), &sent).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
}

/// Sends a file of members, as the cohort's page does.
pub async fn send(client: &Client, import: &str, file: &[u8]) -> Page {
    let request = client.request(Method::POST, &format!("/cohortes/{COHORT}/importations"));
    client.send(request.header(CONTENT_TYPE, FORM).body(form(import, ("membres", ""), file))).await
}
