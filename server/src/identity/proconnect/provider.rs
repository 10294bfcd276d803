//! What is asked of ProConnect behind the browser's back, and whether its answers are to be believed: its description and its
//! keys, a code exchanged for tokens, the tokens and the userinfo verified.

use super::begun::Begun;
use super::{RETURN, SIGNED_OUT};
use crate::config::{self, Config};
use domain::place::Siret;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreIdToken, CoreIdTokenClaims,
    CoreIdTokenVerifier, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId,
    ClientSecret, CsrfToken, EndSessionUrl, HttpRequest, HttpResponse, IdToken, IdTokenClaims, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::pin::Pin;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// What is asked about people: who they are, and their employer's establishment, which leads to their maison. `uid` is
/// ProConnect's to give too, and nothing here needs it.
const SCOPES: [&str; 4] = ["given_name", "usual_name", "email", "siret"];

/// That the ID token is to say how the person was recognised: without being asked it does not (ProConnect, « claims »).
const CLAIMS: &str = r#"{"id_token":{"acr":null,"amr":{"essential":true}}}"#;

/// Levels of assurance (`acr`) that are reached with two factors only (ProConnect, « Niveaux ACR »).
const TWO_FACTORS: [&str; 6] = [
    "eidas0-mfa",
    "eidas1-mfa",
    "eidas2",
    "eidas3",
    "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
];

/// How ProConnect may sign: with a key that it alone has. (`HS256` is signed with the secret that is shared, and refused.)
const ALGORITHMS: [CoreJwsSigningAlgorithm; 2] =
    [CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, CoreJwsSigningAlgorithm::EcdsaP256Sha256];

/// How long one answer may take; a code lives for 30 seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// Octets of the largest answer that is read.
const LARGEST: usize = 256 * 1024;

/// How long the description and the keys are taken for what they are; a key that was withdrawn counts no longer.
const FRESH: SignedDuration = SignedDuration::from_hours(1);

/// How soon they are asked for again where they did not come, and where a token names a key that is not among them: nobody
/// who makes tokens up has ProConnect asked more often.
const AGAIN: SignedDuration = SignedDuration::from_secs(10);
const KEYS_AGAIN: SignedDuration = SignedDuration::from_mins(1);

/// How far ProConnect's clock may be from ours.
const LEEWAY: SignedDuration = SignedDuration::from_mins(1);

/// Why nobody was recognised. The texts are for logs: they hold nothing of anybody.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// It does not answer, or not as it describes.
    #[error("ProConnect cannot be used: {0}")]
    Unavailable(String),
    /// It refuses the code, or this site.
    #[error("ProConnect refuses the code: {0}")]
    Refused(String),
    /// What it says is not to be believed.
    #[error("ProConnect's answer is not believed: {0}")]
    Unverified(String),
}

/// What ProConnect says of somebody, verified.
pub(super) struct Said {
    /// What it calls them, for this site and the identity that they chose (OpenID Connect Core 1.0, section 8).
    pub(super) subject: String,
    pub(super) email: Option<String>,
    /// Whether it says that the address is theirs, where it says anything of that.
    pub(super) email_verified: Option<bool>,
    /// First and last name.
    pub(super) name: String,
    /// Of the establishment that employs them.
    pub(super) siret: Option<Siret>,
    /// Whether they were asked for two factors there.
    pub(super) proved: bool,
    /// What ends the session there.
    pub(super) id_token: String,
}

/// The way in by ProConnect.
#[derive(Debug)]
pub struct ProConnect {
    settings: config::ProConnect,
    redirect: RedirectUrl,
    signed_out: PostLogoutRedirectUrl,
    line: Line,
    known: Mutex<Known>,
}

/// What is remembered of it.
#[derive(Debug, Default)]
struct Known {
    description: Option<Arc<Description>>,
    /// When it last did not answer.
    failed_at: Option<Timestamp>,
    /// When its keys were last asked for again, for one that was not among them.
    keys_again_at: Option<Timestamp>,
}

/// How ProConnect describes itself (OpenID Connect Discovery 1.0, section 3), with its keys.
#[derive(Debug)]
struct Description {
    metadata: ProviderMetadataWithLogout,
    at: Timestamp,
}

/// What ProConnect adds to the claims of the standard, in its userinfo.
#[derive(Debug, Serialize, Deserialize)]
struct Employment {
    usual_name: Option<String>,
    siret: Option<String>,
}

impl AdditionalClaims for Employment {}

/// Its userinfo is a signed JWT, with an issuer, an audience and an end: what an ID token is, but for the nonce.
type UserInfo = IdToken<Employment, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

impl ProConnect {
    /// The one of the settings, if there is one. Nothing is asked of it yet.
    ///
    /// # Errors
    /// When this machine has no TLS.
    pub fn configured(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(settings) = config.proconnect.clone() else { return Ok(None) };
        let line = reqwest::Client::builder()
            .https_only(settings.is_secure())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(PATIENCE)
            .timeout(PATIENCE)
            .user_agent("Socle")
            .build()?;
        Ok(Some(Self {
            redirect: RedirectUrl::new(format!("{}{RETURN}", config.public_url))?,
            signed_out: PostLogoutRedirectUrl::new(format!("{}{SIGNED_OUT}", config.public_url))?,
            settings,
            line: Line(line),
            known: Mutex::default(),
        }))
    }

    /// What it calls itself.
    pub(super) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// Where to lead the browser that keeps `begun`; with `again`, ProConnect asks for everything again (`prompt=login`).
    pub(super) async fn ask(&self, now: Timestamp, begun: &Begun, again: bool) -> Result<String, Trouble> {
        let description = self.description(now).await?;
        let client = CoreClient::from_provider_metadata(description.metadata.clone(), self.client_id(), None)
            .set_redirect_uri(self.redirect.clone());
        let (state, nonce) = (CsrfToken::new(begun.state.clone()), Nonce::new(begun.nonce.clone()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(begun.verifier.clone()));
        let mut request = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(SCOPES.map(|scope| Scope::new(scope.to_owned())))
            .add_extra_param("claims", CLAIMS)
            .set_pkce_challenge(challenge);
        if again {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        Ok(request.url().0.into())
    }

    /// Whom that code is of, for the browser that kept `begun`.
    pub(super) async fn recognise(&self, now: Timestamp, begun: &Begun, code: String) -> Result<Said, Trouble> {
        let mut description = self.description(now).await?;
        let tokens = self.exchange(&description, begun, code).await?;
        let id_token = tokens.id_token().ok_or_else(|| Trouble::Unverified("there is no ID token".to_owned()))?;
        let nonce = Nonce::new(begun.nonce.clone());
        let claims = match self.verify(&description, id_token, &nonce) {
            // Its keys were changed since they were read (OpenID Connect Core 1.0, section 10.1.1).
            Err(error) if names_unknown_key(&error) => {
                description = self.newer_keys(now, &description).await?;
                self.verify(&description, id_token, &nonce).map_err(|error| unverified(&error))?
            }
            verified => verified.map_err(|error| unverified(&error))?,
        };
        timely(claims, now)?;
        self.of_this_exchange(&description, &tokens, id_token, claims)?;

        let userinfo = self.userinfo(&description, &tokens).await?;
        // It answers no nonce: it was asked for with the access token.
        let person =
            self.verify(&description, &userinfo, |_: Option<&Nonce>| Ok(())).map_err(|error| unverified(&error))?;
        timely(person, now)?;
        // Else it may be of somebody else (OpenID Connect Core 1.0, section 5.3.2).
        if person.subject() != claims.subject() {
            return Err(Trouble::Unverified("the userinfo is of another subject than the ID token".to_owned()));
        }
        let own = person.additional_claims();
        let first_name = person.given_name().and_then(|name| name.get(None)).map_or("", |name| name.as_str());
        Ok(Said {
            subject: claims.subject().as_str().to_owned(),
            email: person.email().map(|email| email.as_str().to_owned()),
            email_verified: person.email_verified(),
            name: format!("{first_name} {}", own.usual_name.as_deref().unwrap_or_default()).trim().to_owned(),
            siret: own.siret.as_deref().and_then(|siret| siret.parse().ok()),
            proved: proved(claims),
            id_token: id_token.to_string(),
        })
    }

    /// Where to lead a browser whose session came with that ID token, for it to be ended there too
    /// (OpenID Connect RP-Initiated Logout 1.0, section 2).
    pub(super) async fn sign_out(&self, now: Timestamp, id_token: &str, state: String) -> Result<String, Trouble> {
        let description = self.description(now).await?;
        let there = description.metadata.additional_metadata().end_session_endpoint.clone();
        let there = there.ok_or_else(|| Trouble::Unavailable("it names no end_session_endpoint".to_owned()))?;
        let id_token = CoreIdToken::from_str(id_token)
            .map_err(|_| Trouble::Unverified("the ID token that was kept is none".to_owned()))?;
        let request = LogoutRequest::from(there)
            .set_id_token_hint(&id_token)
            .set_post_logout_redirect_uri(self.signed_out.clone())
            .set_state(CsrfToken::new(state));
        Ok(request.http_get_url().into())
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.settings.client_id.clone())
    }

    async fn description(&self, now: Timestamp) -> Result<Arc<Description>, Trouble> {
        // One asks, and the others wait for what it learns.
        let mut known = self.known.lock().await;
        if let Some(description) = &known.description
            && is_within(Some(description.at), now, FRESH)
        {
            return Ok(Arc::clone(description));
        }
        self.discover(&mut known, now).await
    }

    /// Its description with keys that were read after those, or that are about to be.
    async fn newer_keys(&self, now: Timestamp, than: &Arc<Description>) -> Result<Arc<Description>, Trouble> {
        let mut known = self.known.lock().await;
        match &known.description {
            Some(other) if !Arc::ptr_eq(other, than) => return Ok(Arc::clone(other)),
            _ if is_within(known.keys_again_at, now, KEYS_AGAIN) => {
                return Err(Trouble::Unverified("a key that is not ProConnect's signs".to_owned()));
            }
            _ => {}
        }
        known.keys_again_at = Some(now);
        self.discover(&mut known, now).await
    }

    async fn discover(&self, known: &mut Known, now: Timestamp) -> Result<Arc<Description>, Trouble> {
        if is_within(known.failed_at, now, AGAIN) {
            return Err(Trouble::Unavailable("it did not answer a moment ago".to_owned()));
        }
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(unavailable)?;
        let found = ProviderMetadataWithLogout::discover_async(issuer, &self.line).await;
        let found = found.map_err(|error| unavailable(causes(&error))).and_then(|metadata| self.checked(metadata));
        match found {
            Ok(metadata) => {
                let description = Arc::new(Description { metadata, at: now });
                known.description = Some(Arc::clone(&description));
                known.failed_at = None;
                Ok(description)
            }
            Err(trouble) => {
                known.failed_at = Some(now);
                Err(trouble)
            }
        }
    }

    /// Browsers too are led over HTTPS alone.
    fn checked(&self, metadata: ProviderMetadataWithLogout) -> Result<ProviderMetadataWithLogout, Trouble> {
        let logout = metadata.additional_metadata().end_session_endpoint.as_ref().map(EndSessionUrl::url);
        let led = [Some(metadata.authorization_endpoint().url()), logout];
        let secure = led.iter().flatten().all(|url| url.scheme() == "https");
        if secure || !self.settings.is_secure() {
            Ok(metadata)
        } else {
            Err(Trouble::Unavailable("it describes addresses without https".to_owned()))
        }
    }

    /// Exchanges a code, once (OpenID Connect Core 1.0, section 3.1.3), with the secret in the body, as ProConnect asks.
    async fn exchange(
        &self,
        description: &Description,
        begun: &Begun,
        code: String,
    ) -> Result<CoreTokenResponse, Trouble> {
        let secret = ClientSecret::new(self.settings.client_secret.clone());
        let client = CoreClient::from_provider_metadata(description.metadata.clone(), self.client_id(), Some(secret))
            .set_redirect_uri(self.redirect.clone())
            .set_auth_type(AuthType::RequestBody);
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(unavailable)?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(begun.verifier.clone()));
        request.request_async(&self.line).await.map_err(|error| match error {
            // Their code alone: what is said besides is theirs to choose.
            RequestTokenError::ServerResponse(answer) => Trouble::Refused(answer.error().to_string()),
            RequestTokenError::Request(failure) => unavailable(failure),
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                Trouble::Unverified("the tokens cannot be read".to_owned())
            }
        })
    }

    /// The claims of a token that is signed by a key of ProConnect, by ProConnect and for this site alone (OpenID Connect
    /// Core 1.0, section 3.1.3.7, rules 2 to 8 and 11). Its times are looked at by [`timely`], with the clock of the house.
    fn verify<'t, C: AdditionalClaims>(
        &self,
        description: &Description,
        token: &'t IdToken<C, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>,
        nonce: impl openidconnect::NonceVerifier,
    ) -> Result<&'t IdTokenClaims<C, CoreGenderClaim>, ClaimsVerificationError> {
        let verifier = self.verifier(description).set_time_fn(Default::default);
        token.claims(&verifier, nonce)
    }

    fn verifier(&self, description: &Description) -> CoreIdTokenVerifier<'static> {
        let Description { metadata, .. } = description;
        let (issuer, keys) = (metadata.issuer().clone(), metadata.jwks().clone());
        CoreIdTokenVerifier::new_public_client(self.client_id(), issuer, keys).set_allowed_algs(ALGORITHMS)
    }

    /// That the ID token goes with this access token (rule of section 3.1.3.8), and was made for this site (`azp`).
    fn of_this_exchange(
        &self,
        description: &Description,
        tokens: &CoreTokenResponse,
        id_token: &CoreIdToken,
        claims: &CoreIdTokenClaims,
    ) -> Result<(), Trouble> {
        if claims.authorized_party().is_some_and(|party| *party != self.client_id()) {
            return Err(Trouble::Unverified("the ID token was made for another site".to_owned()));
        }
        let Some(expected) = claims.access_token_hash() else { return Ok(()) };
        let verifier = self.verifier(description);
        let unread = |_| Trouble::Unverified("the ID token is signed in no way that is known".to_owned());
        let (algorithm, key) =
            (id_token.signing_alg().map_err(unread)?, id_token.signing_key(&verifier).map_err(unread)?);
        match AccessTokenHash::from_token(tokens.access_token(), algorithm, key) {
            Ok(hash) if hash == *expected => Ok(()),
            _ => Err(Trouble::Unverified("the ID token goes with another access token".to_owned())),
        }
    }

    /// What ProConnect says of whom the access token is of, not verified yet.
    async fn userinfo(&self, description: &Description, tokens: &CoreTokenResponse) -> Result<UserInfo, Trouble> {
        let there = description.metadata.userinfo_endpoint();
        let there = there.ok_or_else(|| Trouble::Unavailable("it names no userinfo_endpoint".to_owned()))?;
        let request = http::Request::get(there.as_str())
            .header(ACCEPT, "application/jwt")
            .header(AUTHORIZATION, format!("Bearer {}", tokens.access_token().secret()))
            .body(Vec::new())
            .map_err(|_| Trouble::Unverified("the access token cannot be shown".to_owned()))?;
        let answer = self.line.call(request).await.map_err(unavailable)?;
        let kind = answer.headers().get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
        if answer.status() != StatusCode::OK || !kind.to_ascii_lowercase().starts_with(b"application/jwt") {
            return Err(Trouble::Unverified(format!("the userinfo is no signed one ({})", answer.status())));
        }
        let text = std::str::from_utf8(answer.body()).ok();
        // What cannot be read is not told: it may be of somebody.
        let read = text.and_then(|text| UserInfo::from_str(text).ok());
        read.ok_or_else(|| Trouble::Unverified("the userinfo cannot be read".to_owned()))
    }
}

impl config::ProConnect {
    fn is_secure(&self) -> bool {
        self.issuer.starts_with("https://")
    }
}

/// Whether they were asked for two factors: by the level, or by the methods (RFC 8176).
fn proved(claims: &CoreIdTokenClaims) -> bool {
    let level = claims.auth_context_ref().is_some_and(|level| TWO_FACTORS.contains(&level.as_str()));
    level || claims.auth_method_refs().is_some_and(|methods| methods.iter().any(|method| method.as_str() == "mfa"))
}

/// That the token was made just now, and has not ended (OpenID Connect Core 1.0, section 3.1.3.7, rules 9 and 10).
fn timely<C: AdditionalClaims>(claims: &IdTokenClaims<C, CoreGenderClaim>, now: Timestamp) -> Result<(), Trouble> {
    between(claims.issue_time().timestamp(), claims.expiration().timestamp(), now.as_second()).map_err(|apart| {
        Trouble::Unverified(format!("by this clock, the token {apart}: is it right, and is ProConnect's?"))
    })
}

/// The same of instants in seconds.
fn between(issued: i64, ends: i64, now: i64) -> Result<(), String> {
    let leeway = LEEWAY.as_secs();
    if issued.saturating_sub(now) > leeway {
        return Err(format!("is made in {} seconds", issued.saturating_sub(now)));
    }
    if now.saturating_sub(ends) >= leeway {
        return Err(format!("has ended {} seconds ago", now.saturating_sub(ends)));
    }
    Ok(())
}

fn is_within(at: Option<Timestamp>, now: Timestamp, lasting: SignedDuration) -> bool {
    // A clock that was put back does not hold it for ever.
    at.is_some_and(|at| now.duration_since(at).abs() < lasting)
}

fn names_unknown_key(error: &ClaimsVerificationError) -> bool {
    matches!(error, ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
}

fn unverified(error: &ClaimsVerificationError) -> Trouble {
    Trouble::Unverified(causes(error))
}

fn unavailable(error: impl Display) -> Trouble {
    Trouble::Unavailable(error.to_string())
}

/// An error and what it comes from.
fn causes(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said = format!("{said}: {error}");
        cause = error.source();
    }
    said
}

/// The line to ProConnect: answers are bounded in time and in length, and no redirection is followed.
#[derive(Debug)]
struct Line(reqwest::Client);

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{}", causes(.0))]
    Line(#[from] reqwest::Error),
    #[error("an answer is larger than {} octets", LARGEST)]
    TooLarge,
    #[error("it answers {0}")]
    Status(StatusCode),
}

impl<'l> AsyncHttpClient<'l> for Line {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Failure>> + Send + 'l>>;

    fn call(&'l self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let mut answer = self.0.execute(reqwest::Request::try_from(request)?).await?;
            if answer.status().is_server_error() {
                return Err(Failure::Status(answer.status()));
            }
            let mut body = Vec::new();
            while let Some(piece) = answer.chunk().await? {
                if body.len() + piece.len() > LARGEST {
                    return Err(Failure::TooLarge);
                }
                body.extend_from_slice(&piece);
            }
            let mut whole = HttpResponse::new(body);
            *whole.status_mut() = answer.status();
            whole.headers_mut().clone_from(answer.headers());
            Ok(whole)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_between_the_clocks_is_forgiven_and_five_are_not() {
        let now = 1_796_113_800;
        // What ProConnect makes lives for a minute.
        let made_by = |clock: i64| between(now + clock, now + clock + 60, now);
        for near in [-119, -60, 0, 60] {
            assert_eq!(made_by(near), Ok(()), "{near}");
        }
        assert_eq!(made_by(300), Err("is made in 300 seconds".to_owned()));
        assert_eq!(made_by(-300), Err("has ended 240 seconds ago".to_owned()));
        for odd in [i64::MIN, i64::MAX] {
            assert!(between(odd, odd, now).is_err());
        }
    }
}
