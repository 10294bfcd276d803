//! One message on its way: the receiver's address found and checked, a connection to that very address, one request, no
//! redirection followed.

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::webhook::Address;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::{Method, Request, StatusCode};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use sha2::Sha256;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How long the receiver may take, from the first look for its address to its answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is sent, and how it is known and signed (Standard Webhooks 1.0).
#[derive(Clone, Copy)]
pub(super) struct Message<'m> {
    pub(super) id: &'m str,
    pub(super) body: &'m str,
    pub(super) secret: &'m [u8],
    pub(super) at: Timestamp,
}

/// The authorities that this machine trusts.
static TLS: LazyLock<Option<TlsConnector>> = LazyLock::new(|| {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().ok()?;
    Some(TlsConnector::from(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
});

/// What a receiver is given to check signatures with.
pub(super) fn shown(secret: &[u8]) -> String {
    format!("whsec_{}", STANDARD.encode(secret))
}

impl Message<'_> {
    /// The value of `webhook-signature`.
    fn signature(&self) -> String {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(self.secret) else { return String::new() };
        let said = format!("{}.{}.{}", self.id, self.at.as_second(), self.body);
        format!("v1,{}", STANDARD.encode(mac.chain_update(said).finalize().into_bytes()))
    }

    /// Sends it, and returns what the receiver answers.
    ///
    /// # Errors
    /// Why no answer came, for the page about the webhook.
    pub(super) async fn send(&self, to: &Address) -> Result<StatusCode, String> {
        let sent = timeout(PATIENCE, self.send_to(to)).await;
        sent.unwrap_or_else(|_| Err(format!("Pas de réponse en {} secondes.", PATIENCE.as_secs())))
    }

    async fn send_to(&self, to: &Address) -> Result<StatusCode, String> {
        let address = find(to).await?;
        let line = TcpStream::connect(address).await.map_err(|_| "La connexion a été refusée.".to_owned())?;
        if !to.secure {
            return self.ask(line, to).await;
        }
        let tls = TLS.as_ref().ok_or("Ce serveur ne sait pas ouvrir de connexion chiffrée.")?;
        let name = ServerName::try_from(to.host.clone()).map_err(|_| "Le nom du serveur est mal formé.".to_owned())?;
        let untrusted = |error: std::io::Error| format!("La connexion chiffrée a échoué\u{a0}: {error}");
        self.ask(tls.connect(name, line).await.map_err(untrusted)?, to).await
    }

    async fn ask<L>(&self, line: L, to: &Address) -> Result<StatusCode, String>
    where
        L: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let cut = |error: hyper::Error| format!("L’échange a échoué\u{a0}: {error}");
        let request = Request::builder()
            .method(Method::POST)
            .uri(&to.path)
            .header(HOST, to.authority())
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, "Socle")
            .header("webhook-id", self.id)
            .header("webhook-timestamp", self.at.as_second())
            .header("webhook-signature", self.signature())
            .body(Body::from(self.body.to_owned()))
            .map_err(|_| "L’adresse est mal formée.".to_owned())?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(line)).await.map_err(cut)?;
        // Ends with the sender, and so with this request, whatever the receiver does.
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await.map_err(cut);
        connection.abort();
        answer.map(|answer| answer.status())
    }
}

/// The receiver's address, by which it is then connected to: a name that leads to several is not followed to any that
/// is private.
async fn find(to: &Address) -> Result<SocketAddr, String> {
    let found = tokio::net::lookup_host((to.host.as_str(), to.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|_| "Ce nom de serveur n’existe pas.".to_owned())?.collect();
    if found.iter().any(|address| !to.allows(address.ip())) {
        return Err("Ce nom mène à un réseau privé\u{a0}: rien n’y est envoyé.".to_owned());
    }
    found.first().copied().ok_or_else(|| "Ce nom de serveur ne mène à aucune adresse.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let message = Message {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            body: "{\"test\": 2432232314}",
            secret: &secret,
            at: Timestamp::from_second(1_614_265_330).unwrap(),
        };
        // The specification's own example.
        assert_eq!(message.signature(), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(shown(&secret), "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_not_followed() {
        // Read while trying, asked for in earnest: as if the name had led elsewhere when it was typed.
        let mut to = Address::read("http://localhost:9/", true).unwrap();
        to.trying = false;
        assert!(find(&to).await.unwrap_err().contains("réseau privé"));
        assert!(TLS.is_some());
    }
}
