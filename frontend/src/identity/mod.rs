//! Signing in, taking up an invitation, the second factor.

mod own;
mod page;
mod passkey;
mod proconnect;
mod resend;
mod second_factor;
#[cfg(test)]
mod tests;

use leptos::prelude::*;

pub use own::{EntryLine, ForgottenPage, OwnPage, SessionLine, forgotten_page, own_page};
pub use page::{Invitation, SignIn, invitation_dead, invitation_page, sign_in_page};
pub use passkey::{PasskeyLine, add_passkey_page, passkey_page};
pub use proconnect::{NotIn, not_in_page, signed_out_page};
pub use resend::{Resend, resend_page};
pub use second_factor::{CodePage, FactorPage, SetUp, Where, code_page, codes_page, factor_page, set_up_page};

/// Where a form leads on to, a path of this site.
fn going_back(back: Option<String>) -> impl IntoView {
    back.map(|back| view! { <input type="hidden" name="back" value=back/> })
}
