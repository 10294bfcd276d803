//! Mails: written in the outbox in the same transaction as what they tell of, then sent from there, once.
//!
//! A mail is claimed before it is sent. Where the line breaks in the middle of a sending, or the server dies,
//! nobody knows whether it left: it is not sent again, and the outbox shows it.

pub(crate) mod entity;
pub mod notice;
pub mod outbox;

pub mod routes;
pub mod smtp;

use domain::webinar::calendar::Method;
use jiff::Timestamp;

/// The text of a mail, from its greeting to where it comes from: `url` is the address of this site.
#[must_use]
pub fn body(first_name: &str, text: &str, url: &str) -> String {
    format!(
        "Bonjour {first_name},\n\n{text}\n\n--\u{20}\nSocle, la formation à distance des maisons France\u{a0}Services\n\
         {url}\nCe message est automatique\u{a0}: les réponses ne sont pas lues.\n"
    )
}

/// A mail to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// What it tells, to whom: saying it twice sends once.
    pub key: String,
    pub to_address: String,
    pub to_name: String,
    pub subject: String,
    /// Plain text, lines ended by `\n`.
    pub body: String,
    pub calendar: Option<(Method, String)>,
    pub send_after: Timestamp,
    /// When it is no longer worth sending.
    pub send_before: Option<Timestamp>,
}
