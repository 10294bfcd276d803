//! Accounts, mails, and the ways of other systems, as administrators manage them.

mod account;
mod accounts;
mod import;
mod invitations;
mod merging;
mod operation;
mod outbox;
mod posting;
#[cfg(test)]
mod tests;
mod tokens;
mod webhooks;

pub use account::{AccountPage, Gone, SessionLine, WayIn, account_page};
pub use accounts::{AccountRow, Accounts, InviteForm, accounts_page};
pub use import::{
    ColumnChoice, Desk, ImportPage, ImportState, Imported, ProblemLine, SendFile, import_page, send_file_page,
};
pub use invitations::{Invitations, invitations_page};
pub use merging::{MergePage, Merged, Side, Sum, merge_page};
pub use operation::operation_page;
pub use outbox::{MailLine, MailState, Outbox, outbox_page};
pub use posting::{Period, Posted, Typed};
pub use tokens::{MadeToken, TokenRow, TokenState, TokensPage, tokens_page};
pub use webhooks::{
    DeliveryLine, DeliveryState, MadeWebhook, WebhookPage, WebhookRow, WebhooksPage, webhook_page, webhooks_page,
};
