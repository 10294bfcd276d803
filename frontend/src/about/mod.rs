//! What the site says of itself: accessibility, publisher, personal data.

mod accessibility;
mod legal;
mod privacy;
#[cfg(test)]
mod tests;

pub use accessibility::accessibility_page;
pub use legal::legal_page;
pub use privacy::privacy_page;

use leptos::prelude::*;

/// Facts about the site, from its settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    pub publisher: String,
    pub publication_director: String,
    /// Name and address.
    pub host: String,
    pub contact_email: String,
    /// « non conforme », « partiellement conforme » or « totalement conforme ».
    pub accessibility_status: String,
    /// When the statement was made or the audit done, as shown.
    pub accessibility_date: Option<String>,
    pub public_url: String,
}

/// The address to write to, as a link.
pub(crate) fn write_to(email: &str) -> impl IntoView + use<> {
    view! { <a href=format!("mailto:{email}")>{email.to_owned()}</a> }
}
