//! Passkeys (WebAuthn): a key pair that an authenticator keeps and unlocks for its holder alone, by a finger, a face or a
//! code. Its signature counts as a second factor after the password; and as both factors without one, since holding the
//! authenticator and unlocking it are two (NIST SP 800-63B-4, section 3.1.7). Unlocking is therefore always asked for.
//!
//! The library judges what is signed; what is asked is kept here, on the server, once and for some minutes.

mod answer;
mod challenge;
mod judging;
mod letters;
mod making;
pub mod pages;
pub mod routes;
pub(crate) mod store;

pub(crate) use challenge::sweep;

use crate::config::Config;
use crate::error::{Error, Result};
use domain::identity::{NoPasskeys, passkey_site};
use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::{Url, Webauthn};

/// What passkeys of this site are for: its public address; or why browsers take none there.
#[derive(Debug)]
pub struct Passkeys(std::result::Result<Webauthn, NoPasskeys>);

impl Passkeys {
    /// Those of the configured public address.
    ///
    /// # Errors
    /// Where that is no address.
    pub fn configured(config: &Config) -> anyhow::Result<Self> {
        if let Err(why) = passkey_site(&config.public_url) {
            return Ok(Self(Err(why)));
        }
        let origin = Url::parse(&config.public_url)?;
        // As browsers write it: in small letters, and in ASCII whatever it is made of.
        let Some(host) = origin.domain() else { return Ok(Self(Err(NoPasskeys::Unnamed))) };
        let name = format!("Socle {host}");
        let site = WebauthnBuilder::new(host, &origin)?.rp_name(&name).timeout(challenge::LASTS).build()?;
        Ok(Self(Ok(site)))
    }

    /// Why there are none, in words; nothing where there are.
    #[must_use]
    pub fn why_not(&self) -> Option<&'static str> {
        self.0.as_ref().err().map(|why| why.said())
    }

    /// The judge of what is signed.
    fn site(&self) -> Result<&Webauthn> {
        self.0.as_ref().map_err(|why| Error::Conflict(why.said().to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configured(url: &str) -> Passkeys {
        let config = Config::read(|name| (name == "SOCLE_PUBLIC_URL").then(|| url.to_owned()), "").unwrap();
        Passkeys::configured(&config).unwrap()
    }

    #[test]
    fn passkeys_are_for_the_public_address_however_it_is_written() {
        for (url, origin) in [
            ("https://Socle.Example:443", "https://socle.example"),
            ("https://médiation.example:8443/", "https://xn--mdiation-b1a.example:8443"),
            ("http://localhost:3000", "http://localhost:3000"),
        ] {
            let site = configured(url);
            let origins = site.site().unwrap().get_allowed_origins();
            assert_eq!(origins.iter().map(|url| url.origin().ascii_serialization()).collect::<Vec<_>>(), [origin]);
        }
        assert!(configured("https://192.0.2.7").why_not().is_some());
        assert!(configured("http://socle.example").site().is_err());
    }
}
