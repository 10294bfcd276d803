//! Accounts, as administrators manage them.

mod account;
mod accounts;
#[cfg(test)]
mod tests;

pub use account::{AccountPage, SessionLine, account_page};
pub use accounts::{AccountRow, Accounts, InviteForm, accounts_page};
