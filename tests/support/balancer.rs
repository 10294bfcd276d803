//! The proxy before several nodes: HAProxy, with the very file that `OPERATING.md` tells of.

use crate::workspace;
use anyhow::{Context as _, ensure};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// It listens within this, or does not start.
const PATIENCE: Duration = Duration::from_secs(10);
/// What the file says of a machine that is not this one.
const DOOR: &str = "bind :443 ssl crt /etc/haproxy/socle.pem alpn h2,http/1.1";
const NODES: [&str; 2] = ["192.0.2.1:3000", "192.0.2.2:3000"];

/// The proxy. Stopped when dropped.
#[derive(Debug)]
pub struct Balancer {
    child: Child,
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Balancer {
    /// Before the nodes `a` and `b`, which listen there.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(nodes: [SocketAddr; 2]) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let written = std::fs::read_to_string(workspace().join("server/package/haproxy.cfg"))?;
        ensure!(written.contains(DOOR), "the file binds otherwise than this knows");
        let mut settings = written.replace(DOOR, &format!("bind {address}"));
        for (said, here) in NODES.iter().zip(nodes) {
            ensure!(settings.contains(said), "the file does not name {said}");
            settings = settings.replace(said, &here.to_string());
        }
        let folder = TempDir::new()?;
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, settings)?;
        let child = Command::new("haproxy")
            .args(["-db", "-f"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("HAProxy does not run: `make setup-tests` installs it")?;
        let proxy = Self { child, address, _folder: folder };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            ensure!(began.elapsed() < PATIENCE, "HAProxy does not listen on {address}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(proxy)
    }

    /// Where browsers go.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
