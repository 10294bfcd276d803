//! What befalls the product, and how it is ordered.

use super::crowd::Crowd;
use anyhow::ensure;
use std::fs::File;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::process::{Child, Command};
use std::sync::Mutex;
use support::Database;
use support::postgres::Cluster;
use support::served::program;
use tempfile::NamedTempFile;

/// A fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// `kill -9`; its end is when it is started again.
    Kill,
    /// No file grows, of the product or of its database.
    FullDisk,
    ReadOnlyDisk,
    /// Each write takes 200 ms.
    SlowDisk,
    /// The clock is ten minutes ahead, and then right again.
    ClockAhead,
    ClockBehind,
    /// Connections are cut in mid-request.
    CutLines,
    /// Somebody else keeps a core busy.
    StolenCore,
    /// The database is gone, and comes back.
    NoDatabase,
}

impl Fault {
    /// What may befall the product on that database.
    pub fn of(database: Database) -> Vec<Self> {
        let mut all = vec![
            Self::Kill,
            Self::FullDisk,
            Self::ReadOnlyDisk,
            Self::SlowDisk,
            Self::ClockAhead,
            Self::ClockBehind,
            Self::CutLines,
            Self::StolenCore,
        ];
        all.extend((database == Database::Postgres).then_some(Self::NoDatabase));
        all
    }

    pub fn begins(self, orders: &Orders, cluster: Option<&Cluster>, crowd: &Crowd) {
        match self {
            Self::Kill => {}
            Self::FullDisk => orders.disk(1),
            Self::ReadOnlyDisk => orders.disk(2),
            Self::SlowDisk => orders.disk(3),
            Self::ClockAhead => orders.clock(600_000),
            Self::ClockBehind => orders.clock(-600_000),
            Self::CutLines => crowd.cut(true),
            Self::StolenCore => orders.steal(),
            Self::NoDatabase => cluster.expect("a server").goes(),
        }
    }

    pub fn ends(self, orders: &Orders, cluster: Option<&Cluster>, crowd: &Crowd) {
        match self {
            Self::Kill => {}
            Self::FullDisk | Self::ReadOnlyDisk | Self::SlowDisk => orders.disk(0),
            Self::ClockAhead | Self::ClockBehind => orders.clock(0),
            Self::CutLines => crowd.cut(false),
            Self::StolenCore => orders.give_back(),
            Self::NoDatabase => cluster.expect("a server").comes_back(),
        }
    }
}

/// What is ordered of the library that the product is started with (`tests/faulty`), and who steals.
#[derive(Debug)]
pub struct Orders {
    place: NamedTempFile,
    file: File,
    thief: Mutex<Option<Child>>,
}

impl Orders {
    /// None yet.
    pub fn new() -> anyhow::Result<Self> {
        let place = NamedTempFile::new()?;
        let file = place.reopen()?;
        file.write_all_at(&[0; 16], 0)?;
        // The database may run as another user.
        place.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
        Ok(Self { place, file, thief: Mutex::default() })
    }

    /// What makes a program obey.
    pub fn environment(&self) -> anyhow::Result<Vec<(&'static str, String)>> {
        let library = program()?.with_file_name("libfaulty.so");
        ensure!(library.is_file(), "{} is not built: run `cargo build --workspace` first", library.display());
        let library = library.display().to_string();
        Ok(vec![("LD_PRELOAD", library), ("FAULTY_ORDERS", self.place.path().display().to_string())])
    }

    fn disk(&self, how: u32) {
        self.file.write_all_at(&how.to_le_bytes(), 0).expect("written");
    }

    fn clock(&self, ahead_ms: i64) {
        self.file.write_all_at(&ahead_ms.to_le_bytes(), 8).expect("written");
    }

    fn steal(&self) {
        let thief = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("a shell");
        self.thief.lock().expect("unpoisoned").replace(thief);
    }

    fn give_back(&self) {
        if let Some(mut thief) = self.thief.lock().expect("unpoisoned").take() {
            thief.kill().and_then(|()| thief.wait()).expect("it ends");
        }
    }
}

impl Drop for Orders {
    fn drop(&mut self) {
        if let Ok(thief) = self.thief.get_mut()
            && let Some(mut thief) = thief.take()
        {
            let _ = thief.kill();
        }
    }
}
