//! NATS between nodes: Debian's `nats-server`, which asks for a password.

use crate::certificate;
use crate::waiting::{free_door, until_open};
use anyhow::Context as _;
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::timeout;

/// Nodes are heard within this.
const PATIENCE: Duration = Duration::from_secs(10);
const USER: &str = "socle";
const PASSWORD: &str = "entre-nous";

/// The server. Stopped when dropped.
#[derive(Debug)]
pub struct Nats {
    child: Child,
    pub address: SocketAddr,
    /// Beside its address and its password.
    settings: Vec<String>,
    /// What it is trusted by, where it speaks TLS.
    certificate: Option<PathBuf>,
}

impl Drop for Nats {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Nats {
    /// On a port that was free.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(Vec::new(), None)
    }

    /// Two that are one cluster, and speak TLS alone; their certificate is in that folder.
    ///
    /// # Errors
    /// Where they do not start.
    pub fn cluster_under_tls(folder: &Path) -> anyhow::Result<[Self; 2]> {
        let routes = [free_door(), free_door()];
        certificate::write(folder, &routes[0].ip().to_string())?;
        let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
        let of = |own: SocketAddr, other: SocketAddr| {
            let files = ["--tls", "--tlscert", &certificate.to_string_lossy(), "--tlskey", &key.to_string_lossy()];
            let routes = [format!("--cluster=nats://{own}"), format!("--routes=nats://{other}")];
            let settings = files.map(str::to_owned).into_iter().chain(routes).collect();
            Self::start_with(settings, Some(certificate.clone()))
        };
        Ok([of(routes[0], routes[1])?, of(routes[1], routes[0])?])
    }

    fn start_with(settings: Vec<String>, certificate: Option<PathBuf>) -> anyhow::Result<Self> {
        let address = free_door();
        Ok(Self { child: serve(address, &settings)?, address, settings, certificate })
    }

    /// `kill -9`; whoever was connected is no more.
    ///
    /// # Errors
    /// Where it had stopped by itself.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// It is back, where it was.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn come_back(&mut self) -> anyhow::Result<()> {
        self.child = serve(self.address, &self.settings)?;
        Ok(())
    }

    /// The number of the process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As `SOCLE_NATS` names it.
    pub fn url(&self) -> String {
        let scheme = if self.certificate.is_some() { "tls" } else { "nats" };
        format!("{scheme}://{USER}:{PASSWORD}@{}", self.address)
    }

    /// Returns once so many nodes have said twice that they are there: each has heard the others then.
    ///
    /// # Errors
    /// Where they are not heard in time.
    pub async fn hears(&self, many: usize) -> anyhow::Result<()> {
        let mut said = self.client().await?.subscribe("*.*.nodes").await?;
        let mut rounds = BTreeMap::<String, u32>::new();
        while rounds.len() < many || rounds.values().any(|said| *said < 2) {
            let said = timeout(PATIENCE, said.next()).await.context("nodes are not heard")?.context("NATS is gone")?;
            let said: serde_json::Value = serde_json::from_slice(&said.payload)?;
            *rounds.entry(said["node"].to_string()).or_default() += 1;
        }
        Ok(())
    }

    /// Somebody else who knows the password.
    ///
    /// # Errors
    /// Where it does not answer.
    pub async fn client(&self) -> anyhow::Result<async_nats::Client> {
        let mut options = async_nats::ConnectOptions::with_user_and_password(USER.into(), PASSWORD.into());
        if let Some(certificate) = &self.certificate {
            options = options.add_root_certificates(certificate.clone());
        }
        Ok(options.connect(self.url()).await?)
    }
}

fn serve(address: SocketAddr, settings: &[String]) -> anyhow::Result<Child> {
    let child = Command::new("nats-server")
        .args(["--addr", &address.ip().to_string(), "--port", &address.port().to_string()])
        .args(["--user", USER, "--pass", PASSWORD])
        .args(settings)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("NATS does not run: `make setup-tests` installs it")?;
    until_open(address).context("NATS")?;
    Ok(child)
}
