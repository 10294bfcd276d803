//! DTLS (RFC 6347), the server's side: who is there, and which keys media travels under.

use super::srtp::Keys;
use rtc::crypto::{HashAlgorithm, RTCCryptoProvider, default_provider};
use rtc::dtls::config::{ClientAuthType, ConfigBuilder, ExtendedMasterSecretType, HandshakeConfig};
use rtc::dtls::crypto::Certificate;
use rtc::dtls::endpoint::{Endpoint, EndpointEvent};
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use rtc::shared::TransportProtocol;
use rtc::shared::error::Error;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

/// Datagrams of one connection that are read. A handshake has about four, and the library keeps those that come
/// before their time.
const MOST_DATAGRAMS: u16 = 1000;

/// SHA-256 of a certificate.
pub type Fingerprint = [u8; 32];

/// The library sorts handshakes by address. Ours may move from one address to another, so each has an endpoint
/// of its own, in which it is always here.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9);

/// The server's certificate, made at each start: browsers learn its fingerprint from the answer to their offer.
#[derive(Clone)]
pub struct Identity {
    pub provider: Arc<dyn RTCCryptoProvider>,
    pub fingerprint: Fingerprint,
    config: Arc<HandshakeConfig>,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

impl Identity {
    /// A new certificate.
    ///
    /// # Errors
    /// Where there is no randomness.
    pub fn new() -> Result<Self, Error> {
        let provider = default_provider().map_err(|error| Error::Crypto(error.to_string()))?;
        let certificate = Certificate::generate_self_signed(vec!["socle".to_owned()], provider.crypto())?;
        let der = certificate.certificate.first().ok_or(Error::ErrNonCertificate)?;
        let fingerprint = fingerprint(der, provider.as_ref())?;
        let config = ConfigBuilder::default()
            .with_crypto_provider(Arc::clone(&provider))
            .with_certificates(vec![certificate])
            .with_srtp_protection_profiles(vec![
                SrtpProtectionProfile::Srtp_Aead_Aes_128_Gcm,
                SrtpProtectionProfile::Srtp_Aes128_Cm_Hmac_Sha1_80,
            ])
            .with_client_auth(ClientAuthType::RequireAnyClientCert)
            // No authority signs browsers' certificates: `Handshake::read` compares the fingerprint instead.
            .with_insecure_skip_verify(true)
            .with_extended_master_secret(ExtendedMasterSecretType::Require)
            .build(false, None)?;
        Ok(Self { provider, fingerprint, config: Arc::new(config) })
    }
}

fn fingerprint(certificate: &[u8], provider: &dyn RTCCryptoProvider) -> Result<Fingerprint, Error> {
    let hash = provider.crypto().hash(HashAlgorithm::Sha256, certificate);
    let hash = hash.map_err(|error| Error::Crypto(error.to_string()))?;
    hash.try_into().map_err(|_| Error::ErrNoMatchingCertificateFingerprint)
}

/// What a datagram led to.
#[derive(Debug)]
pub enum Step {
    Waiting,
    /// The handshake is done, with the expected browser.
    Done(Box<Keys>),
    /// The browser said goodbye.
    Closed,
}

/// One connection's handshake.
pub struct Handshake {
    endpoint: Endpoint,
    expected: Fingerprint,
    identity: Identity,
    datagrams: u16,
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handshake")
    }
}

impl Handshake {
    /// Waits for the browser with that certificate to begin.
    pub fn new(identity: &Identity, expected: Fingerprint) -> Self {
        let endpoint = Endpoint::new(HERE, TransportProtocol::UDP, Some(Arc::clone(&identity.config)));
        Self { endpoint, expected, identity: identity.clone(), datagrams: 0 }
    }

    /// Takes a datagram.
    ///
    /// # Errors
    /// Where it is malformed, or from another browser than the one whose offer was answered.
    pub fn read(&mut self, datagram: &[u8], now: Instant) -> Result<Step, Error> {
        self.datagrams = self.datagrams.saturating_add(1);
        if self.datagrams > MOST_DATAGRAMS {
            return Err(Error::Other("too many datagrams".to_owned()));
        }
        let mut step = Step::Waiting;
        for event in self.endpoint.read(now, HERE, None, datagram.into())? {
            match event {
                EndpointEvent::HandshakeComplete => step = Step::Done(Box::new(self.keys()?)),
                EndpointEvent::PeerClosed => return Ok(Step::Closed),
                // There are no data channels.
                _ => {}
            }
        }
        Ok(step)
    }

    fn keys(&self) -> Result<Keys, Error> {
        let state = self.endpoint.get_connection_state(HERE).ok_or(Error::HandshakeInProgress)?;
        let theirs = state.peer_certificates.first().ok_or(Error::ErrNonCertificate)?;
        if fingerprint(theirs, self.identity.provider.as_ref())? != self.expected {
            return Err(Error::ErrNoMatchingCertificateFingerprint);
        }
        Keys::of(state, self.identity.provider.as_ref())
    }

    /// Sends again what was not answered in time.
    ///
    /// # Errors
    /// Where the browser has not answered for too long.
    pub fn tick(&mut self, now: Instant) -> Result<(), Error> {
        match self.endpoint.poll_timeout(&HERE) {
            Some(at) if at <= now => self.endpoint.handle_timeout(HERE, now),
            _ => Ok(()),
        }
    }

    /// Says goodbye.
    pub fn close(&mut self, now: Instant) {
        self.endpoint.stop(now, HERE);
    }

    /// The next datagram to send.
    pub fn outgoing(&mut self) -> Option<impl AsRef<[u8]> + use<>> {
        self.endpoint.poll_transmit().map(|transmit| transmit.message)
    }
}
