//! The product as it is installed: the real binary as a child process, on data of its own.

use crate::http::Connection;
use crate::postgres::Borrowed;
use crate::{Database, workspace};
use anyhow::{Context as _, bail};
use server::app::App;
use server::clock::{Clock, Dice};
use server::config::Config;
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};

/// A data folder, and the settings with which the product runs on it.
#[derive(Debug)]
pub struct House {
    data: TempDir,
    _database: Option<Borrowed>,
    settings: Vec<(&'static str, String)>,
    /// Where what it logs goes; to this process's own where none is said.
    log: Option<PathBuf>,
}

/// The binary, serving; killed when dropped.
#[derive(Debug)]
pub struct Served {
    pub address: SocketAddr,
    child: Child,
    // Kept open: a product that says something after it started must not meet a closed pipe.
    _said: BufReader<ChildStdout>,
}

impl House {
    /// An empty database, on this workspace's disk, in that mode (`production` or `demonstration`).
    pub fn new(database: Database, mode: &str) -> anyhow::Result<Self> {
        let data = TempDir::new_in(workspace().join("target"))?;
        let public_url = if mode == "production" { "https://socle.example" } else { "http://127.0.0.1:3000" };
        let mut settings = vec![
            ("SOCLE_MODE", mode.to_owned()),
            ("SOCLE_LISTEN", "127.0.0.1:0".to_owned()),
            ("SOCLE_PUBLIC_URL", public_url.to_owned()),
            ("SOCLE_DATA", data.path().display().to_string()),
            ("SOCLE_SITE", workspace().join("target/site").display().to_string()),
            ("SOCLE_CONTENT", workspace().join("content").display().to_string()),
            ("SOCLE_LOG", "warn".to_owned()),
            ("SOCLE_SECOND_FACTOR", "offered".to_owned()),
            ("SOCLE_MEDIA_PORT", "0".to_owned()),
        ];
        let database = (database == Database::Postgres).then(Borrowed::make);
        settings.extend(database.as_ref().map(|database| ("DATABASE_URL", database.url.clone())));
        Ok(Self { data, _database: database, settings, log: None })
    }

    /// The same, that logs to that file.
    #[must_use]
    pub fn logging_to(mut self, file: PathBuf) -> Self {
        self.log = Some(file);
        self
    }

    /// The same with that setting.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value));
        self
    }

    /// The same with those settings.
    #[must_use]
    pub fn with_all(self, settings: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        settings.into_iter().fold(self, |house, (name, value)| house.with(name, value))
    }

    /// The product opened in this process, to prepare or to look at the data.
    pub async fn open(&self) -> anyhow::Result<App> {
        App::open(Config::read(|name| self.setting(name), "")?, Clock::system(), Dice::system()?, None).await
    }

    /// The binary with those words, to its end, beside whoever serves.
    pub fn command(&self, words: &[&str]) -> anyhow::Result<Output> {
        let mut command = std::process::Command::new(program()?);
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        Ok(command.args(words).env_clear().envs(settings).output()?)
    }

    /// Where the data are.
    pub fn folder(&self) -> &Path {
        self.data.path()
    }

    /// The address of the database.
    pub fn url(&self) -> String {
        let embedded = || format!("sqlite://{}", self.data.path().join("socle.sqlite").display());
        self.setting("DATABASE_URL").unwrap_or_else(embedded)
    }

    fn setting(&self, name: &str) -> Option<String> {
        self.settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
    }

    /// Starts the binary; returns once it says that it is ready.
    pub async fn serve(&self) -> anyhow::Result<Served> {
        self.serve_with(&[]).await
    }

    /// The same as the node of that name, beside others.
    pub async fn serve_as(&self, node: &str) -> anyhow::Result<Served> {
        self.serve_with(&[("SOCLE_NODE", node)]).await
    }

    /// The same at that address.
    pub async fn serve_at(&self, address: SocketAddr) -> anyhow::Result<Served> {
        self.serve_with(&[("SOCLE_LISTEN", &address.to_string())]).await
    }

    async fn serve_with(&self, more: &[(&str, &str)]) -> anyhow::Result<Served> {
        let program = program()?;
        let mut command = Command::new(&program);
        command.arg("serve").env_clear().envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.envs(more.iter().copied());
        if let Some(log) = &self.log {
            command.stderr(File::options().create(true).append(true).open(log)?);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut said = BufReader::new(child.stdout.take().context("piped")?);
        let (scheme, address): (String, SocketAddr) = loop {
            let mut line = String::new();
            if said.read_line(&mut line).await? == 0 {
                bail!("{} stopped before it served: {}", program.display(), child.wait().await?);
            }
            if let Some((scheme, address)) =
                line.trim().strip_prefix("Socle serves on ").and_then(|url| url.split_once("://"))
            {
                break (scheme.to_owned(), address.parse()?);
            }
        };
        if scheme == "https" {
            return Ok(Served { address, child, _said: said }); // whoever has the certificate looks
        }
        let ready = Connection::open(address, "", "identity").await?.get("/health/ready").await?;
        if ready.status != 200 {
            bail!("not ready: {}", String::from_utf8_lossy(&ready.body));
        }
        Ok(Served { address, child, _said: said })
    }
}

impl Served {
    /// `kill -9`, at once.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) -> anyhow::Result<()> {
        let told = std::process::Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        if told.success() { Ok(()) } else { bail!("kill -TERM failed") }
    }

    /// Until it has stopped by itself.
    pub async fn stopped(mut self) -> anyhow::Result<std::process::ExitStatus> {
        Ok(self.child.wait().await?)
    }

    /// Whether it has not stopped by itself.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The number of the process.
    pub fn pid(&self) -> u32 {
        self.child.id().unwrap_or_default()
    }
}

/// `socle`, built in the same profile as this program.
pub fn program() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folder = here.ancestors().skip(1).find(|folder| !folder.ends_with("deps")).context("a folder")?;
    let program = folder.join("socle");
    if !program.is_file() {
        bail!("{} is not built: run `cargo build -p server` first (with `--release` for the bench)", program.display());
    }
    Ok(program)
}
