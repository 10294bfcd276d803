//! Certificates of HTTPS that nobody but a test trusts.

use rcgen::{CertifiedKey, generate_simple_self_signed};
use std::path::Path;
use tokio_rustls::rustls::pki_types::CertificateDer;

/// Writes a new certificate of that name or address, and its key, in `cert.pem` and `key.pem`; gives the certificate.
///
/// # Errors
/// Where they cannot be written.
pub fn write(folder: &Path, name: &str) -> anyhow::Result<CertificateDer<'static>> {
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()])?;
    std::fs::write(folder.join("cert.pem"), cert.pem())?;
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem())?;
    Ok(cert.der().clone())
}
