//! Single sign-on by ProConnect, the way in of public agents: OpenID Connect, by the authorization code flow (OpenID Connect
//! Core 1.0, section 3.1) with PKCE (RFC 7636), and with what is ProConnect's own: no parameter but those that it names,
//! `state` and `nonce` of 32 signs at least, a signed userinfo, a code of 30 seconds. Its page is
//! <https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/implementation_technique>.
//!
//! Accounts stay those of this site: ProConnect says who somebody is, never what they may.

mod begun;
mod provider;
pub mod routes;
mod store;

use super::routes::{before, before_unless_home};

pub use provider::ProConnect;
pub(crate) use store::linked_since;
pub(super) use store::unlink;

/// Where a sign-in by ProConnect begins, and then leads on to `back`, a path of this site.
pub(super) fn sign_in(back: &str) -> String {
    before_unless_home(BEGIN, back)
}

/// The same where ProConnect is to ask again for all that it asks for at first.
pub(super) fn prove_again(back: &str) -> String {
    format!("{}&preuve=oui", before(BEGIN, back))
}

const BEGIN: &str = "/connexion/proconnect";

/// Where ProConnect leads back to once somebody is known, or is not: the `redirect_uri` that it is told.
const RETURN: &str = "/connexion/proconnect/retour";

/// Where it leads back to once its session is ended: the `post_logout_redirect_uri`.
const SIGNED_OUT: &str = "/deconnexion/proconnect/retour";
