//! The authority that is asked for the certificate of HTTPS.

use super::{Config, Shared};
use anyhow::{bail, ensure};
use std::net::IpAddr;
use std::path::PathBuf;

/// The one that `SOCLE_ACME=on` names.
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

/// Who is asked, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acme {
    /// The address of its directory.
    pub directory: String,
    /// Where it may write to.
    pub email: Option<String>,
    /// What its own HTTPS is trusted by, beside what this machine trusts.
    pub root: Option<PathBuf>,
}

/// What the settings say; none where no authority is named.
pub(super) fn read(some: impl Fn(&str) -> Option<String>) -> anyhow::Result<Option<Acme>> {
    let (terms, email, root) = (some("SOCLE_ACME_TERMS"), some("SOCLE_ACME_EMAIL"), some("SOCLE_ACME_ROOT"));
    let directory = match some("SOCLE_ACME").as_deref() {
        None if terms.is_some() || email.is_some() || root.is_some() => bail!(
            "SOCLE_ACME names no authority: say `on`, or take SOCLE_ACME_TERMS, SOCLE_ACME_EMAIL and SOCLE_ACME_ROOT out"
        ),
        None => return Ok(None),
        Some("on") => LETS_ENCRYPT.to_owned(),
        Some(directory) if directory.starts_with("https://") => directory.to_owned(),
        Some(other) => bail!("SOCLE_ACME: `{other}` is neither `on` nor the address of a directory, in https://"),
    };
    match terms.as_deref() {
        Some("agreed") => {}
        _ => bail!("SOCLE_ACME_TERMS: read the terms of service of {directory}, and say `agreed` if you do agree"),
    }
    if let Some(email) = &email {
        ensure!(email.contains('@'), "SOCLE_ACME_EMAIL: `{email}` is not an e-mail address");
    }
    Ok(Some(Acme { directory, email, root: root.map(PathBuf::from) }))
}

/// Refuses what an authority could not be asked with.
pub(super) fn check(config: &Config) -> anyhow::Result<()> {
    let Some(acme) = &config.acme else { return Ok(()) };
    ensure!(
        config.tls.is_none(),
        "SOCLE_ACME and SOCLE_TLS_CERTIFICATE: the certificate comes from an authority or from files: take one of both out"
    );
    ensure!(
        config.node.is_none(),
        "SOCLE_ACME: the proxy before several nodes (SOCLE_NODE) holds the certificate: take SOCLE_ACME out"
    );
    ensure!(
        config.public_url.starts_with("https://"),
        "SOCLE_PUBLIC_URL: with SOCLE_ACME it must start with https://: the certificate is asked for its name"
    );
    let host = config.public_host();
    ensure!(
        host.trim_matches(['[', ']']).parse::<IpAddr>().is_err(),
        "SOCLE_PUBLIC_URL: `{host}` is an address, and SOCLE_ACME asks for a certificate of a name: give the name that \
         browsers use"
    );
    // A directory of one's own may ask wherever it is told to.
    if acme.root.is_none() {
        ensure!(
            config.public_port() == 443,
            "SOCLE_PUBLIC_URL: the authority of SOCLE_ACME asks on port 443, not on {}: take the port out",
            config.public_port()
        );
        ensure!(
            config.listen.port() == 443 || config.media_shared == Shared::Port(443),
            "SOCLE_LISTEN: the authority of SOCLE_ACME asks on port 443: listen there, or say SOCLE_MEDIA_SHARED_PORT=443 \
             where a proxy of TCP, or the container's host, leads from there to {}",
            config.listen
        );
    }
    Ok(())
}
