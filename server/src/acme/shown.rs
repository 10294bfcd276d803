//! What handshakes are answered with: the certificate, and the answer to the authority's question while it asks.

use super::CHALLENGE;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;

/// What is shown at present.
#[derive(Debug, Default)]
pub(super) struct Shown(Mutex<Now>);

#[derive(Debug, Default)]
struct Now {
    certificate: Option<Arc<CertifiedKey>>,
    question: Option<Question>,
}

/// What the authority asks, and the answer.
#[derive(Debug)]
pub(super) enum Question {
    /// TLS-ALPN-01 (RFC 8737): on port 443, a certificate that holds the answer.
    Handshake(Arc<CertifiedKey>),
    /// HTTP-01 (RFC 8555, section 8.3): on port 80, at an address that ends with that token.
    Plain { token: String, answer: String },
}

impl Shown {
    pub(super) fn is_empty(&self) -> bool {
        self.now().certificate.is_none()
    }

    /// Handshakes to come get that certificate; connections that are open stay as they are.
    pub(super) fn show(&self, certificate: Arc<CertifiedKey>) {
        self.now().certificate = Some(certificate);
    }

    /// The authority asks that, or nothing any more.
    pub(super) fn answer(&self, question: Option<Question>) {
        self.now().question = question;
    }

    /// The answer at that address.
    pub(super) fn plain(&self, asked: &str) -> Option<String> {
        match &self.now().question {
            Some(Question::Plain { token, answer }) if token == asked => Some(answer.clone()),
            _ => None,
        }
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let now = self.now();
        if hello.alpn().is_some_and(|offered| offered.eq([CHALLENGE])) {
            return match &now.question {
                Some(Question::Handshake(answer)) => Some(answer.clone()),
                _ => None,
            };
        }
        now.certificate.clone()
    }
}
