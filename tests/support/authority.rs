//! An authority of certificates, as Let's Encrypt is one: pebble, asking where it is told to, in a world where every name leads
//! to this machine (pebble-challtestsrv).

use crate::certificate;
use crate::waiting::{free_door, until_open};
use anyhow::Context as _;
use serde_json::json;
use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;

/// The name that it gives no certificate.
pub const REFUSED: &str = "refuse.example";

/// The authority. Stopped when dropped; what it knew is gone then.
#[derive(Debug)]
pub struct Authority {
    folder: TempDir,
    address: SocketAddr,
    told: SocketAddr,
    names: SocketAddr,
    processes: Vec<Child>,
}

impl Authority {
    /// One that will ask at those two doors instead of ports 443 and 80, and give certificates that are good for so many seconds.
    pub fn new(https: SocketAddr, http: SocketAddr, life: u64) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let (address, told) = (free_door(), free_door());
        certificate::write(folder.path(), &address.ip().to_string())?;
        let settings = json!({ "pebble": {
            "listenAddress": address,
            "managementListenAddress": told,
            "certificate": "cert.pem",
            "privateKey": "key.pem",
            "tlsPort": https.port(),
            "httpPort": http.port(),
            "certificateValidityPeriod": life,
            "domainBlocklist": [REFUSED],
        }});
        std::fs::write(folder.path().join("pebble.json"), settings.to_string())?;
        Ok(Self { folder, address, told, names: free_door(), processes: Vec::new() })
    }

    /// It answers from now on.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let (names, other) = (self.names.to_string(), free_door().to_string());
        // Over IPv4 alone, and no challenge of its own.
        let world = [
            "-dns01",
            &names,
            "-management",
            &other,
            "-defaultIPv6",
            "",
            "-http01",
            "",
            "-https01",
            "",
            "-tlsalpn01",
            "",
        ];
        self.run("pebble-challtestsrv", &world)?;
        self.run("pebble", &["-config", "pebble.json", "-strict", "-dnsserver", &names])?;
        for door in [self.address, self.told] {
            until_open(door).with_context(|| format!("pebble: {}", self.log()))?;
        }
        Ok(())
    }

    fn run(&mut self, program: &str, words: &[&str]) -> anyhow::Result<()> {
        let log = File::options().create(true).append(true).open(self.folder.path().join("log"))?;
        let mut command = Command::new(program);
        // It neither dawdles nor spares anybody a question.
        command.env("PEBBLE_VA_NOSLEEP", "1").env("PEBBLE_AUTHZREUSE", "0").args(words).current_dir(self.folder.path());
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child =
            command.spawn().with_context(|| format!("{program} does not run: `make setup-tests` installs it"))?;
        self.processes.push(child);
        Ok(())
    }

    /// Nobody answers at its address any more.
    pub fn goes(&mut self) {
        for mut process in self.processes.drain(..) {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// The address of its directory.
    pub fn directory(&self) -> String {
        format!("https://{}/dir", self.address)
    }

    /// What its own HTTPS is trusted by.
    pub fn root_file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// What the certificates that it gives are trusted by.
    pub async fn root(&self) -> anyhow::Result<CertificateDer<'static>> {
        let trusted = reqwest::Certificate::from_pem(&std::fs::read(self.root_file())?)?;
        let browser = reqwest::Client::builder().tls_certs_only([trusted]).build()?;
        let root = browser.get(format!("https://{}/roots/0", self.told)).send().await?.bytes().await?;
        Ok(CertificateDer::from_pem_slice(&root)?)
    }

    /// How many orders it took.
    pub fn orders(&self) -> usize {
        self.log().matches("Added order ").count()
    }

    /// How many accounts it made.
    pub fn accounts(&self) -> usize {
        self.log().matches(" accounts in memory").count()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        self.goes();
    }
}
