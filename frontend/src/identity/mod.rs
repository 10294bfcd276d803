//! Signing in, taking up an invitation.

mod page;
mod resend;
#[cfg(test)]
mod tests;

pub use page::{Invitation, SignIn, invitation_dead, invitation_page, sign_in_page};
pub use resend::{Resend, resend_page};
