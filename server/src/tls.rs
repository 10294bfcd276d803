//! HTTPS in the binary: a certificate and its key from files, read again where whoever renews them wrote them anew.

use crate::config::Tls;
use anyhow::Context as _;
use axum_server::tls_rustls::RustlsConfig;
use domain::operation::Certificate;
use jiff::Timestamp;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WantsServerCert;
use tokio_rustls::rustls::{ConfigBuilder, ServerConfig};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;

/// How often it is looked whether the files changed.
pub const LOOKS: Duration = Duration::from_secs(30);

/// What connections are made with: TLS 1.2 and 1.3, HTTP/2 where the browser knows it.
///
/// # Errors
/// When a file cannot be read, holds no such thing, or the key is not that certificate's: says which.
pub fn read(Tls { certificate, key }: &Tls) -> anyhow::Result<ServerConfig> {
    let chain = chain(certificate)?;
    let secret = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("{}, which holds no private key in PEM", of("SOCLE_TLS_KEY", key)))?;
    let mut config = begin()?
        .with_single_cert(chain, secret)
        .with_context(|| format!("{}, whose key is not that of SOCLE_TLS_CERTIFICATE", of("SOCLE_TLS_KEY", key)))?;
    config.alpn_protocols = protocols();
    Ok(config)
}

/// The same, without a certificate yet.
pub(crate) fn begin() -> anyhow::Result<ConfigBuilder<ServerConfig, WantsServerCert>> {
    let provider = Arc::new(ring::default_provider());
    Ok(ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?.with_no_client_auth())
}

/// What is spoken, the best first.
pub(crate) fn protocols() -> Vec<Vec<u8>> {
    vec![b"h2".to_vec(), b"http/1.1".to_vec()]
}

/// `SOCLE_TLS_KEY names /etc/socle/key.pem`
fn of(name: &str, path: &Path) -> String {
    format!("{name} names {}", path.display())
}

fn chain(certificate: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let named = || of("SOCLE_TLS_CERTIFICATE", certificate);
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .with_context(|| format!("{}, which cannot be read as PEM", named()))?;
    anyhow::ensure!(!chain.is_empty(), "{}, which holds no certificate", named());
    Ok(chain)
}

/// What the file says of its certificate: for whom, until when, and whether its key is that of the other file.
///
/// # Errors
/// When the file cannot be read, or holds no certificate.
pub fn certificate(files: &Tls) -> anyhow::Result<Certificate> {
    let none = || format!("{}, which holds no certificate", of("SOCLE_TLS_CERTIFICATE", &files.certificate));
    let told = described(&chain(&files.certificate)?).with_context(none)?;
    Ok(Certificate { fits: read(files).is_ok(), ..told })
}

/// What the first of them says, whose key is there.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn described(chain: &[CertificateDer<'_>]) -> anyhow::Result<Certificate> {
    let (_, first) = X509Certificate::from_der(chain.first().context("there is none")?)?;
    let at = |time: ASN1Time| Timestamp::from_second(time.timestamp());
    let (since, until) = (at(first.validity().not_before)?, at(first.validity().not_after)?);
    let alternative = first.subject_alternative_name().ok().flatten();
    let mut names: Vec<String> =
        alternative.iter().flat_map(|names| &names.value.general_names).filter_map(name).collect();
    if names.is_empty() {
        names.extend(first.subject().iter_common_name().filter_map(|name| name.as_str().ok()).map(str::to_owned));
    }
    Ok(Certificate { names, since, until, fits: true })
}

fn name(name: &GeneralName<'_>) -> Option<String> {
    match *name {
        GeneralName::DNSName(name) => Some(name.to_owned()),
        GeneralName::IPAddress(bytes) => match *bytes {
            [a, b, c, d] => Some(Ipv4Addr::new(a, b, c, d).to_string()),
            _ => <[u8; 16]>::try_from(bytes).ok().map(|bytes| Ipv6Addr::from(bytes).to_string()),
        },
        _ => None,
    }
}

/// Tells monitoring how long that certificate, which is served, is good for.
pub(crate) fn measure(told: &Certificate) {
    #[expect(clippy::cast_precision_loss, reason = "seconds of dates are far below 2^52")]
    let seconds = |of: i64| of as f64;
    metrics::gauge!("socle_certificate_end_seconds").set(seconds(told.until.as_second()));
    metrics::gauge!("socle_certificate_life_seconds").set(seconds(told.until.duration_since(told.since).as_secs()));
}

fn measure_files(files: &Tls) {
    if let Ok(told) = certificate(files) {
        measure(&told);
    }
}

/// Takes up the files whenever they changed, looking as often as that, for as long as the product runs. Where they cannot be used yet, connections
/// go on being made with the former ones.
pub async fn follow(files: Tls, config: RustlsConfig, every: Duration) {
    let mut known = changed_at(&files);
    measure_files(&files);
    let mut looks = tokio::time::interval(every);
    loop {
        looks.tick().await;
        let now = changed_at(&files);
        if now == known {
            continue;
        }
        measure_files(&files);
        match read(&files) {
            Ok(new) => {
                config.reload_from_config(Arc::new(new));
                known = now;
                tracing::info!("A new certificate was taken up");
            }
            // Half written, perhaps: it is looked at again.
            Err(error) => tracing::warn!(error = format!("{error:#}"), "The new certificate cannot be used"),
        }
    }
}

fn changed_at(files: &Tls) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|path| std::fs::metadata(path).and_then(|known| known.modified()).ok())
}
