//! Accounts, as administrators manage them.

mod account;
mod accounts;
mod import;
mod invitations;
mod outbox;
#[cfg(test)]
mod tests;

pub use account::{AccountPage, SessionLine, account_page};
pub use accounts::{AccountRow, Accounts, InviteForm, accounts_page};
pub use import::{ColumnChoice, ImportPage, ImportState, Imported, ProblemLine, SendFile, import_page, send_file_page};
pub use invitations::{Invitations, invitations_page};
pub use outbox::{MailLine, MailState, Outbox, outbox_page};
