//! The way in by ProConnect.

use super::Mode;
use anyhow::{Context as _, bail};
use openidconnect::IssuerUrl;
use std::fmt;
use std::net::IpAddr;

/// Who this site is to ProConnect.
#[derive(Clone, PartialEq, Eq)]
pub struct ProConnect {
    /// To the letter, as tokens name it (OpenID Connect Discovery 1.0, section 4.3).
    pub issuer: String,
    pub client_id: String,
    pub client_secret: String,
}

impl fmt::Debug for ProConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProConnect({} as {})", self.issuer, self.client_id)
    }
}

/// What the three settings say; none where none is set.
pub(super) fn read(some: impl Fn(&str) -> Option<String>, mode: Mode) -> anyhow::Result<Option<ProConnect>> {
    let named = ["ISSUER", "CLIENT_ID", "CLIENT_SECRET"].map(|name| some(&format!("SOCLE_PROCONNECT_{name}")));
    let [issuer, client_id, client_secret] = match named {
        [None, None, None] => return Ok(None),
        [Some(issuer), Some(id), Some(secret)] => [issuer, id, secret],
        _ => bail!(
            "SOCLE_PROCONNECT_ISSUER, SOCLE_PROCONNECT_CLIENT_ID and SOCLE_PROCONNECT_CLIENT_SECRET go together: set all \
             three, or none"
        ),
    };
    let url = IssuerUrl::new(issuer.clone())
        .with_context(|| format!("SOCLE_PROCONNECT_ISSUER: `{issuer}` is not an address"))?;
    let here = url.url().host_str().is_some_and(|host| {
        host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|host| host.is_loopback())
    });
    match url.url().scheme() {
        "https" => {}
        "http" if here && mode == Mode::Demonstration => {}
        _ => bail!(
            "SOCLE_PROCONNECT_ISSUER: `{issuer}` must start with https:// (in demonstration, http:// to this very machine \
             will do)"
        ),
    }
    Ok(Some(ProConnect { issuer, client_id, client_secret }))
}
