//! Accounts, as administrators manage them.

mod account;
mod accounts;
mod outbox;
#[cfg(test)]
mod tests;

pub use account::{AccountPage, SessionLine, account_page};
pub use accounts::{AccountRow, Accounts, InviteForm, accounts_page};
pub use outbox::{MailLine, MailState, Outbox, outbox_page};
