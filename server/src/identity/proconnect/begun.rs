//! What a browser keeps while its person is at ProConnect: a cookie that no other site can set or read.

use super::super::session::cookie_in;
use crate::clock::Dice;
use http::HeaderMap;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::borrow::Cow;

/// `__Host-`: whoever owns a neighbouring name cannot plant one, and so cannot have somebody signed in as another
/// (RFC 6265bis, section 4.1.3.2).
const COOKIE_NAME: &str = "__Host-socle-proconnect";

/// How long somebody may take there, who perhaps makes an account first.
const LASTS: SignedDuration = SignedDuration::from_mins(30);

/// Characters of the way back that are kept; cookies have 4,096 with their names.
const BACK: usize = 1_000;

/// A sign-in that was begun, or a sign-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Begun {
    /// Comes back as it was sent: the answer is to what this browser asked (RFC 6749, section 10.12).
    pub(super) state: String,
    /// Comes back in the ID token: it was made for this sign-in (OpenID Connect Core 1.0, section 15.5.2).
    pub(super) nonce: String,
    /// Whoever began knows it, and whoever stole the code does not (RFC 7636, section 4.1).
    pub(super) verifier: String,
    at: Timestamp,
    /// Where to go on, a path of this site.
    pub(super) back: String,
}

impl Begun {
    pub(super) fn new(dice: &Dice, at: Timestamp, back: &str) -> Self {
        let secret = || hex::encode(dice.secret());
        let back = if back.len() > BACK { "/" } else { back };
        Self { state: secret(), nonce: secret(), verifier: secret(), at, back: back.to_owned() }
    }

    /// The one that these headers carry, if it is not too old.
    pub(super) fn read(headers: &HeaderMap, now: Timestamp) -> Option<Self> {
        let mut parts = cookie_in(headers, COOKIE_NAME)?.splitn(5, '.');
        let mut secret = || parts.next().filter(|part| part.len() == 64).map(str::to_owned);
        let (state, nonce, verifier) = (secret()?, secret()?, secret()?);
        let at = Timestamp::from_millisecond(parts.next()?.parse().ok()?).ok()?;
        let back = form_urlencoded::parse(parts.next()?.as_bytes()).next().map(|(back, _)| back)?;
        let lately = now.duration_since(at).abs() < LASTS;
        lately.then(|| Self { state, nonce, verifier, at, back: super::super::routes::local(&back).to_owned() })
    }

    /// Whether the answer is to this one. Digests are compared, so that the time taken tells nothing of it.
    pub(super) fn is_of(&self, state: &str) -> bool {
        Sha256::digest(state) == Sha256::digest(&self.state)
    }

    /// The `Set-Cookie` that has the browser keep it; sent back when another site leads here (`Lax`).
    pub(super) fn cookie(&self) -> String {
        let Self { state, nonce, verifier, at, back } = self;
        let back: Cow<'_, str> = form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>().into();
        format!(
            "{COOKIE_NAME}={state}.{nonce}.{verifier}.{}.{back}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}",
            at.as_millisecond(),
            LASTS.as_secs()
        )
    }
}

/// The `Set-Cookie` that takes it back: it serves once.
pub(super) fn spent_cookie() -> String {
    format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use http::header::COOKIE;

    fn carried(cookie: &str) -> HeaderMap {
        let pair = cookie.split(';').next().unwrap();
        let cookies = HeaderValue::from_str(&format!("__Host-socle=abc; {pair}")).unwrap();
        std::iter::once((COOKIE, cookies)).collect()
    }

    #[test]
    fn what_is_begun_comes_back_whole_within_half_an_hour() {
        let now = Timestamp::from_second(1_796_113_800).unwrap();
        let begun = Begun::new(&Dice::system().unwrap(), now, "/recherche?q=élu.e&page=2#ici");
        let headers = carried(&begun.cookie());
        assert_eq!(Begun::read(&headers, now), Some(begun.clone()));
        assert!(begun.is_of(&begun.state) && !begun.is_of(&begun.nonce) && !begun.is_of(""));
        assert!(begun.state.len() >= 32 && begun.nonce.len() >= 32 && (43..=128).contains(&begun.verifier.len()));
        for minutes in [30, -30] {
            assert_eq!(Begun::read(&headers, now + SignedDuration::from_mins(minutes)), None);
        }
    }

    #[test]
    fn what_was_not_made_here_is_nothing_and_leads_nowhere_else() {
        let now = Timestamp::from_second(1_796_113_800).unwrap();
        let whole = Begun::new(&Dice::system().unwrap(), now, "/dossier").cookie();
        let pair = whole.split(';').next().unwrap();
        for odd in ["", "a.b.c.d.e", &pair[..pair.len() - 12], &pair.replace('.', "")] {
            assert_eq!(Begun::read(&carried(&format!("{COOKIE_NAME}={odd}")), now), None, "{odd}");
        }
        let elsewhere = pair.replace("%2Fdossier", "%2F%2Fautre.example");
        assert_eq!(Begun::read(&carried(&elsewhere), now).unwrap().back, "/");
        let long = Begun::new(&Dice::system().unwrap(), now, &format!("/{}", "a".repeat(2_000)));
        assert!(long.back == "/" && long.cookie().len() < 4_096);
    }
}
