//! What is said to the authority (RFC 8555): an account, an order, the answer to its question, the certificate; and when it
//! would have it renewed (RFC 9773).

use super::kept::Kept;
use super::line::Line;
use super::shown::{Question, Shown};
use crate::config;
use domain::operation::{Failure, Trouble};
use instant_acme::{
    Account, AccountBuilder, AccountCredentials, AuthorizationStatus, CertificateIdentifier, ChallengeType, Error,
    Identifier, NewAccount, NewOrder, Order, OrderStatus, Problem, RetryPolicy,
};
use jiff::Timestamp;
use rcgen::{CertificateParams, CustomExtension, KeyPair};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, Der, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;

/// How often it is asked whether it has made up its mind, and for how long.
const ASKING: RetryPolicy =
    RetryPolicy::new().initial_delay(Duration::from_millis(250)).backoff(1.5).timeout(Duration::from_mins(2));

/// Why no certificate came; what it said of that is for the log.
#[derive(Debug, thiserror::Error)]
#[error("{said}")]
pub(super) struct Refusal {
    pub(super) trouble: Trouble,
    said: String,
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let trouble = match &error {
            Error::Api(problem) => of(problem),
            _ => Trouble::Unreachable,
        };
        Self { trouble, said: format!("{:#}", anyhow::Error::new(error)) }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        let said = error.to_string();
        Self { trouble: Trouble::Kept(Failure::read(&said)), said }
    }
}

impl Refusal {
    /// What came is of no use.
    pub(super) fn odd(said: impl Into<String>) -> Self {
        Self { trouble: Trouble::Refused, said: said.into() }
    }

    /// Nothing came in time.
    pub(super) fn late() -> Self {
        Self { trouble: Trouble::Unreachable, said: "it takes too long".to_owned() }
    }
}

/// What its kinds of errors come to (RFC 8555, section 6.7).
fn of(problem: &Problem) -> Trouble {
    match kind(problem) {
        "connection" | "dns" | "tls" | "unauthorized" | "incorrectResponse" => Trouble::NotFound,
        "rejectedIdentifier" | "unsupportedIdentifier" | "caa" => Trouble::Name,
        "rateLimited" => Trouble::TooOften,
        "serverInternal" => Trouble::Unreachable,
        _ => Trouble::Refused,
    }
}

fn kind(problem: &Problem) -> &str {
    problem.r#type.as_deref().and_then(|kind| kind.strip_prefix("urn:ietf:params:acme:error:")).unwrap_or_default()
}

/// What to look at, for whoever reads the log.
pub(super) fn advice(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable => {
            "the authority does not answer as one does: look at SOCLE_ACME and SOCLE_ACME_ROOT, and whether this machine \
             reaches it (port 443, outwards)"
        }
        Trouble::NotFound => {
            "the authority does not find this machine by its name: look where the name leads (DNS, A and AAAA), and whether \
             port 443 is open from the internet"
        }
        Trouble::Name => {
            "the authority gives none for that name: look at SOCLE_PUBLIC_URL, and at the CAA record of the domain"
        }
        Trouble::TooOften => "the authority was asked too often: wait, and do not restart meanwhile",
        Trouble::Refused => "the authority refuses what is asked: what it says tells why",
        Trouble::Kept(_) => "it cannot be kept: look at the room and the rights of the data folder",
    }
}

/// How it may find out that the name leads here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// On port 443.
    Handshake,
    /// On port 80.
    Plain,
}

/// Who asks.
#[derive(Debug)]
pub(super) struct Authority<'a> {
    pub(super) settings: &'a config::Acme,
    pub(super) line: &'a Line,
    pub(super) name: &'a str,
    pub(super) kept: &'a Kept,
}

impl Authority<'_> {
    /// A certificate of the name, those that lead to its authority, and its key, in PEM; in the place of that one, where there
    /// is one.
    pub(super) async fn order(
        &self,
        shown: &Shown,
        way: Way,
        former: Option<&CertificateDer<'_>>,
    ) -> Result<String, Refusal> {
        self.kept.beside(Kept::check).await?;
        let account = self.account().await?;
        let ordered = self.place(&account, former).await;
        let (account, mut order) = match ordered {
            Err(Error::Api(problem)) if kind(&problem) == "accountDoesNotExist" => {
                self.kept.beside(Kept::forget_account).await?;
                let account = self.account().await?;
                let order = self.place(&account, former).await?;
                (account, order)
            }
            ordered => (account, ordered?),
        };
        tracing::debug!(account = account.id(), order = order.url(), "An order was placed");
        self.prove(&mut order, shown, way).await?;
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&ASKING).await?;
        Ok(format!("{chain}\n{key}"))
    }

    /// The first moment and the last at which it would have that certificate renewed, and how long to wait before asking again;
    /// none where it says nothing of it.
    pub(super) async fn suggested(
        &self,
        certificate: &CertificateDer<'_>,
    ) -> Result<Option<(Timestamp, Timestamp, Duration)>, Refusal> {
        let Some(identifier) = identifier(certificate) else { return Ok(None) };
        let account = self.account().await?;
        let (information, again) = match account.renewal_info(&identifier).await {
            Err(Error::Unsupported(_)) => return Ok(None),
            told => told?,
        };
        let at = |unix: i64| Timestamp::from_second(unix).map_err(|error| Refusal::odd(error.to_string()));
        let window = information.suggested_window;
        Ok(Some((at(window.start.unix_timestamp())?, at(window.end.unix_timestamp())?, again)))
    }

    /// The account that is kept, or a new one.
    async fn account(&self) -> Result<Account, Refusal> {
        if let Some(kept) = self.kept.beside(Kept::account).await? {
            match serde_json::from_slice::<AccountCredentials>(&kept) {
                Ok(credentials) => return Ok(self.account_with().from_credentials(credentials).await?),
                Err(error) => tracing::warn!(%error, "The account that is kept cannot be read: a new one is made"),
            }
        }
        let email = self.settings.email.as_ref().map(|email| format!("mailto:{email}"));
        let contact: Vec<&str> = email.as_deref().into_iter().collect();
        // The settings say so: SOCLE_ACME_TERMS.
        let account = NewAccount { contact: &contact, terms_of_service_agreed: true, only_return_existing: false };
        let (account, credentials) =
            self.account_with().create(&account, self.settings.directory.clone(), None).await?;
        let credentials = serde_json::to_vec(&credentials).map_err(|error| Refusal::odd(error.to_string()))?;
        self.kept.beside(move |kept| kept.keep_account(&credentials)).await?;
        Ok(account)
    }

    async fn place(&self, account: &Account, former: Option<&CertificateDer<'_>>) -> Result<Order, Error> {
        let names = [Identifier::Dns(self.name.to_owned())];
        // An authority that is told counts a renewal less; one that knows nothing of it, or of that certificate, is asked
        // without.
        if let Some(former) = former.and_then(identifier)
            && let Ok(order) = account.new_order(&NewOrder::new(&names).replaces(former)).await
        {
            return Ok(order);
        }
        account.new_order(&NewOrder::new(&names)).await
    }

    /// Answers its question, and waits until it is content.
    async fn prove(&self, order: &mut Order, shown: &Shown, way: Way) -> Result<(), Refusal> {
        let kind = match way {
            Way::Handshake => ChallengeType::TlsAlpn01,
            Way::Plain => ChallengeType::Http01,
        };
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge =
                authorization.challenge(kind.clone()).ok_or_else(|| Refusal::odd("it asks in no way known here"))?;
            let answer = challenge.key_authorization();
            shown.answer(Some(match way {
                Way::Plain => Question::Plain { token: challenge.token.clone(), answer: answer.as_str().to_owned() },
                Way::Handshake => {
                    let made = answering(self.name, answer.digest().as_ref())
                        .map_err(|error| Refusal::odd(format!("{error:#}")))?;
                    Question::Handshake(Arc::new(made))
                }
            }));
            challenge.set_ready().await?;
        }
        let standing = order.poll_ready(&ASKING).await;
        if let Ok(OrderStatus::Ready) = standing {
            return Ok(());
        }
        // What went wrong is said there best.
        let mut authorizations = order.authorizations();
        while let Some(Ok(mut authorization)) = authorizations.next().await {
            let told = authorization.refresh().await?;
            if let Some(problem) = told.challenges.iter().find_map(|challenge| challenge.error.clone()) {
                return Err(Error::Api(problem).into());
            }
        }
        Err(standing.map_or_else(Refusal::from, |standing| Refusal::odd(format!("the order is {standing:?}"))))
    }

    fn account_with(&self) -> AccountBuilder {
        Account::builder_with_http(Box::new(self.line.clone()))
    }
}

/// What an authority that asks by a handshake is shown (RFC 8737).
fn answering(name: &str, digest: &[u8]) -> anyhow::Result<CertifiedKey> {
    let mut certificate = CertificateParams::new([name.to_owned()])?;
    certificate.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let key = KeyPair::generate()?;
    let certificate = certificate.self_signed(&key)?.der().clone();
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
    // Unlike other certificates it is not looked over: the extension is one that whoever does not know it must refuse.
    Ok(CertifiedKey::new(vec![certificate], ring::sign::any_supported_type(&key)?))
}

/// What renewals of that certificate are told by (RFC 9773, section 4.1).
fn identifier(certificate: &CertificateDer<'_>) -> Option<CertificateIdentifier<'static>> {
    let (_, read) = X509Certificate::from_der(certificate).ok()?;
    let authority = read.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(authority) => authority.key_identifier.as_ref(),
        _ => None,
    })?;
    let serial = Der::from_slice(read.tbs_certificate.raw_serial());
    Some(CertificateIdentifier::new(Der::from_slice(authority.0), serial).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;

    #[test]
    fn a_certificate_is_named_as_rfc_9773_names_its_example() {
        let example = "-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----";
        let certificate = CertificateDer::from_pem_slice(example.as_bytes()).unwrap();
        assert_eq!(identifier(&certificate).unwrap().to_string(), "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE");
    }

    #[test]
    fn what_an_authority_says_comes_to_what_can_be_done_about_it() {
        let said = |kind: &str| {
            let problem = serde_json::json!({ "type": format!("urn:ietf:params:acme:error:{kind}"), "detail": "d" });
            Refusal::from(Error::Api(serde_json::from_value(problem).unwrap())).trouble
        };
        assert_eq!(["connection", "dns", "unauthorized"].map(said), [Trouble::NotFound; 3]);
        assert_eq!(["rejectedIdentifier", "caa"].map(said), [Trouble::Name; 2]);
        assert_eq!(["rateLimited", "invalidContact"].map(said), [Trouble::TooOften, Trouble::Refused]);
        let full = std::io::Error::other("No space left on device");
        assert_eq!(Refusal::from(full).trouble, Trouble::Kept(Failure::DiskFull));
    }
}
