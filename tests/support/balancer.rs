//! The proxy before several nodes: HAProxy, with the very file that `OPERATING.md` tells of.

use crate::waiting::{free_door, until_open};
use crate::workspace;
use anyhow::{Context as _, ensure};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

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
        let address = free_door();
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
        until_open(address).context("HAProxy")?;
        Ok(proxy)
    }

    /// Where browsers go.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}
