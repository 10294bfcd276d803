//! A certificate of HTTPS that Socle asks an authority for by itself (ACME, RFC 8555), keeps in the data folder and renews:
//! the job looks whether it is time, and the former one serves until the new one is there.
//!
//! The authority makes sure that the name leads here by a handshake on port 443 (TLS-ALPN-01); where it does not find us so,
//! and plain HTTP is answered too, on port 80 (HTTP-01).

mod authority;
mod kept;
mod line;
mod shown;

use crate::app::App;
use crate::config::{self, Config};
use crate::tls;
use anyhow::Context as _;
use authority::{Authority, Refusal, Way, advice};
use axum::extract::{Path, State};
use domain::operation::{self, Certificate, Trouble, due, pause};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use kept::Kept;
use line::Line;
use shown::Shown;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;

/// The protocol of an authority's handshakes.
const CHALLENGE: &[u8] = b"acme-tls/1";

/// Where it asks over plain HTTP.
pub const PLAIN: &str = "/.well-known/acme-challenge/{token}";

/// An order takes seconds; one that takes longer is given up.
const PATIENCE: Duration = Duration::from_mins(5);

/// How often an authority is asked when it would have the certificate renewed: as it says, within these.
const OFTEN: SignedDuration = SignedDuration::from_hours(1);
const SELDOM: SignedDuration = SignedDuration::from_hours(24);

/// The certificate, and how asking for it goes.
#[derive(Debug)]
pub struct Acme {
    settings: config::Acme,
    line: Line,
    name: String,
    /// Whether plain HTTP is answered too.
    plain: bool,
    kept: Kept,
    shown: Arc<Shown>,
    standing: Mutex<Standing>,
}

#[derive(Debug, Clone)]
struct Standing {
    held: Option<Held>,
    failed: Option<(Timestamp, Trouble)>,
    /// In a row.
    failures: u32,
    /// When a certificate is asked for next.
    next: Timestamp,
    /// When the authority is asked next when it would have it renewed.
    ask: Timestamp,
}

/// The certificate that is served.
#[derive(Debug, Clone)]
struct Held {
    came: Timestamp,
    certificate: CertificateDer<'static>,
    told: Certificate,
}

impl Acme {
    /// The one of the settings, with the certificate that is kept, where there is one. Nothing is asked of anybody yet.
    ///
    /// # Errors
    /// When the root certificate of the settings cannot be read.
    pub fn configured(config: &Config, now: Timestamp) -> anyhow::Result<Option<Self>> {
        let Some(settings) = config.acme.clone() else { return Ok(None) };
        let name = config.public_host();
        let kept = Kept::of(&config.data, &settings.directory, &name);
        let standing = Standing { held: None, failed: None, failures: 0, next: now, ask: now };
        let acme = Self {
            line: Line::of(&settings)?,
            settings,
            name,
            plain: config.redirect.is_some(),
            kept,
            shown: Arc::default(),
            standing: Mutex::new(standing),
        };
        match acme.kept.certificate() {
            Ok(None) => {}
            Ok(Some(pem)) => {
                if let Err(error) = acme.take_up(&pem, now) {
                    tracing::warn!(error = format!("{error:#}"), "The certificate that is kept cannot be used");
                }
            }
            Err(error) => tracing::warn!(%error, "The certificate that is kept cannot be read"),
        }
        Ok(Some(acme))
    }

    /// What connections are made with.
    ///
    /// # Errors
    /// When this machine has no TLS.
    pub fn server(&self) -> anyhow::Result<ServerConfig> {
        let mut config = tls::begin()?.with_cert_resolver(self.shown.clone());
        config.alpn_protocols = tls::protocols();
        config.alpn_protocols.push(CHALLENGE.to_vec());
        Ok(config)
    }

    /// What HTTPS waits for, where there is no certificate yet.
    #[must_use]
    pub fn waits(&self) -> Option<String> {
        if !self.shown.is_empty() {
            return None;
        }
        let standing = self.standing();
        let why = standing
            .failed
            .map(|(_, trouble)| format!("; {}; it is asked again at {}", advice(trouble), standing.next));
        let (name, directory) = (&self.name, &self.settings.directory);
        Some(format!("HTTPS waits for a certificate of {name} from {directory}{}", why.unwrap_or_default()))
    }

    /// The certificate that is served.
    #[must_use]
    pub fn certificate(&self) -> Option<Certificate> {
        self.standing().held.as_ref().map(|held| held.told.clone())
    }

    /// How asking for it goes.
    #[must_use]
    pub fn told(&self) -> operation::Acme {
        let standing = self.standing();
        operation::Acme {
            came: standing.held.as_ref().map(|held| held.came),
            failed: standing.failed,
            next: standing.next,
        }
    }

    /// Serves that certificate from now on, and plans its renewal.
    fn take_up(&self, pem: &[u8], now: Timestamp) -> anyhow::Result<()> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>()?;
        let certificate = chain.first().context("it holds no certificate")?.clone();
        let told = tls::described(&chain)?;
        let key = PrivateKeyDer::from_pem_slice(pem)?;
        self.shown.show(Arc::new(CertifiedKey::from_der(chain, key, &ring::default_provider())?));
        tls::measure(&told);
        let came = told.since;
        let mut standing = self.standing();
        (standing.failed, standing.failures, standing.ask) = (None, 0, now);
        standing.next = due(told.since, told.until);
        standing.held = Some(Held { came, certificate, told });
        Ok(())
    }

    /// Asks for a certificate where it is time.
    async fn tick(&self, app: &App) -> anyhow::Result<()> {
        self.heed(app).await;
        let now = app.clock.now();
        let (former, first) = {
            let standing = self.standing();
            if now < standing.next {
                return Ok(());
            }
            (standing.held.as_ref().map(|held| held.certificate.clone()), standing.failures == 0)
        };
        if former.is_none() && first {
            tracing::info!(
                name = self.name,
                directory = self.settings.directory,
                "Waiting for a certificate: the name must lead to this machine (DNS), and its port 443 be open from the internet"
            );
        }
        let mut asked = self.order(Way::Handshake, former.as_ref()).await;
        if let Err(refusal) = &asked
            && refusal.trouble == Trouble::NotFound
            && self.plain
        {
            tracing::warn!(%refusal, "The authority does not find this machine on port 443: it is to ask on port 80");
            asked = self.order(Way::Plain, former.as_ref()).await;
        }
        let kept = match asked {
            Ok(pem) => self.keep(pem, app.clock.now()).await,
            Err(refusal) => Err(refusal),
        };
        let Err(refusal) = kept else {
            if let Some(Certificate { until, .. }) = self.certificate() {
                tracing::info!(name = self.name, %until, "A new certificate serves");
            }
            return Ok(());
        };
        let now = app.clock.now();
        let mut standing = self.standing();
        // For another reason: the first of its kind.
        let again = standing.failed.is_some_and(|(_, former)| former == refusal.trouble);
        standing.failures = if again { standing.failures + 1 } else { 1 };
        standing.failed = Some((now, refusal.trouble));
        standing.next = now + pause(refusal.trouble, standing.failures, app.dice.seed());
        anyhow::bail!(
            "no certificate of {}: {}; it is asked again at {}, or at the next start. What was said: {refusal}",
            self.name,
            advice(refusal.trouble),
            standing.next
        )
    }

    async fn order(&self, way: Way, former: Option<&CertificateDer<'_>>) -> Result<String, Refusal> {
        let asked = tokio::time::timeout(PATIENCE, self.authority().order(&self.shown, way, former)).await;
        self.shown.answer(None);
        asked.unwrap_or_else(|_| Err(Refusal::late()))
    }

    async fn keep(&self, pem: String, now: Timestamp) -> Result<(), Refusal> {
        let written = pem.clone();
        self.kept.beside(move |kept| kept.keep_certificate(written.as_bytes())).await?;
        self.take_up(pem.as_bytes(), now).map_err(|error| Refusal::odd(format!("{error:#}")))?;
        let mut standing = self.standing();
        // Whatever its dates are by this machine's clock: none is asked for as soon as it came.
        if let Some(held) = &mut standing.held {
            held.came = now;
            let least = now + held.told.until.duration_since(held.told.since) / 3;
            standing.next = standing.next.max(least);
        }
        Ok(())
    }

    /// Renews earlier where the authority would have it so (RFC 9773): a certificate that it will revoke, say.
    async fn heed(&self, app: &App) {
        let now = app.clock.now();
        let certificate = {
            let standing = self.standing();
            match &standing.held {
                Some(held) if standing.ask <= now && standing.failed.is_none() => held.certificate.clone(),
                _ => return,
            }
        };
        let asked = tokio::time::timeout(PATIENCE, self.authority().suggested(&certificate)).await;
        let mut standing = self.standing();
        standing.ask = now + OFTEN;
        match asked {
            Ok(Ok(None)) => standing.ask = now + SELDOM,
            Ok(Ok(Some((first, last, again)))) => {
                let window = last.duration_since(first).as_secs().max(1);
                let into = i64::try_from(app.dice.seed() % window.unsigned_abs()).unwrap_or(0);
                standing.next = standing.next.min(first + SignedDuration::from_secs(into));
                let again = SignedDuration::try_from(again).unwrap_or(SELDOM);
                standing.ask = now + again.clamp(OFTEN, SELDOM);
            }
            Ok(Err(refusal)) => tracing::debug!(%refusal, "When to renew is not known of the authority"),
            Err(_) => tracing::debug!("The authority does not say in time when to renew"),
        }
    }

    fn authority(&self) -> Authority<'_> {
        Authority { settings: &self.settings, line: &self.line, name: &self.name, kept: &self.kept }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Asks for a certificate where it is time, and for Socle to do, once.
///
/// # Errors
/// When none came: says why, what to look at, and when it is asked for again.
pub async fn tick(app: &App) -> anyhow::Result<()> {
    match &app.acme {
        Some(acme) => acme.tick(app).await,
        None => Ok(()),
    }
}

/// `GET /.well-known/acme-challenge/{token}`, over plain HTTP.
pub async fn answer(State(app): State<App>, Path(token): Path<String>) -> Result<String, StatusCode> {
    app.acme.as_ref().and_then(|acme| acme.shown.plain(&token)).ok_or(StatusCode::NOT_FOUND)
}
