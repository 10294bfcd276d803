//! An office's proxy (tinyproxy): it connects browsers to port 443 of whom they name (CONNECT), and to nothing else.

use crate::office::{Office, PROXY};
use anyhow::{Context as _, ensure};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

/// It listens within this, or does not start.
const PATIENCE: Duration = Duration::from_secs(10);

/// The proxy. Stopped when dropped.
#[derive(Debug)]
pub struct Proxy {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Proxy {
    /// That of an office, which cuts connections on which nothing was said for so many seconds.
    ///
    /// # Errors
    /// Where it does not start.
    pub fn start(office: &Office, idle: u32) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let file = folder.path().join("tinyproxy.conf");
        let (here, there) = (office.here, office.there);
        let settings = format!(
            "Port {PROXY}\nListen {here}\nTimeout {idle}\nAllow {there}\nConnectPort 443\nMaxClients 200\nLogLevel Critical\n"
        );
        std::fs::write(&file, settings)?;
        let child = Command::new("tinyproxy")
            .arg("-d")
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("tinyproxy does not run: `make setup-tests` installs it")?;
        let proxy = Self { child, address: SocketAddr::new(here.into(), PROXY), _folder: folder };
        let began = Instant::now();
        while TcpStream::connect(proxy.address).is_err() {
            ensure!(began.elapsed() < PATIENCE, "tinyproxy does not listen on {}", proxy.address);
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(proxy)
    }

    /// The switch that has Chromium use it.
    pub fn switch(&self) -> String {
        format!("--proxy-server=http://{}", self.address)
    }
}
