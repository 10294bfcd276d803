//! How much there is of everything, and how much room is left: measured at most once a minute.

use super::health::one;
use super::{beside, failed, seen};
use crate::app::App;
use crate::backup;
use crate::config::Config;
use crate::course;
use crate::error::{Error, Result};
use crate::studio;
use crate::webinar::recording;
use domain::operation::{Copies, Disk, Failure, Folder, Kept, Seen, Space, Storage};
use jiff::SignedDuration;
use rustix::fs::statvfs;
use sea_orm::{ConnectionTrait, DbErr, Statement};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// How long a measure is good.
const GOOD: SignedDuration = SignedDuration::from_mins(1);

/// Files of a folder that are counted at most.
const MOST: usize = 50_000;

/// What was measured last. Who comes while it is measured waits for it, and measures nothing.
#[derive(Debug, Default)]
pub struct Measures(Mutex<Option<Storage>>);

impl Measures {
    /// The last measure, made anew where it is too old.
    pub async fn of(&self, app: &App) -> Storage {
        let now = app.clock.now();
        let mut last = self.0.lock().await;
        if let Some(known) = last.as_ref().filter(|known| now.duration_since(known.at).abs() < GOOD) {
            return known.clone();
        }
        let storage = measure(app).await;
        *last = Some(storage.clone());
        storage
    }
}

async fn measure(app: &App) -> Storage {
    let places = Places::of(&app.config);
    let (uploads, copies) = (studio::media::folder(app), backup::folder(&app.config));
    let (database, recordings, media, uploads, copies, disks) = tokio::join!(
        seen(database(app)),
        seen(recording::store::kept(app.db.reader())),
        seen(course::library::files_kept(app.db.reader())),
        beside(move || folder(&uploads)),
        self::copies(&app.config, copies),
        beside(move || Ok(places.disks())),
    );
    let disks = disks.unwrap_or_else(|failure| {
        let path = app.config.data.display().to_string();
        vec![Disk { holds: vec!["Données"], path, space: Err(failure) }]
    });
    let bucket = Some(app.config.recordings.clone()).filter(|place| place.starts_with("s3://"));
    Storage { at: app.clock.now(), database, recordings, bucket, media, uploads, copies, disks }
}

async fn database(app: &App) -> Result<u64> {
    if app.config.database_url.is_some() {
        let bytes: i64 = one(app, "SELECT pg_database_size(current_database()) AS bytes", "bytes").await?;
        return Ok(u64::try_from(bytes).unwrap_or(0));
    }
    let file = app.config.data.join(backup::DATABASE);
    let unread = |error: io::Error| Error::Internal(error.to_string());
    let bytes = tokio::fs::metadata(&file).await.map_err(unread)?.len();
    // What was written lately is beside, until it is folded in.
    let beside = match tokio::fs::metadata(format!("{}-wal", file.display())).await {
        Err(error) if error.kind() == ErrorKind::NotFound => 0,
        beside => beside.map_err(unread)?.len(),
    };
    Ok(bytes + beside)
}

/// What a query counts as `count` and adds up as `bytes`.
///
/// # Errors
/// When the database fails.
pub(crate) async fn kept(db: &impl ConnectionTrait, query: Statement) -> Result<Kept, DbErr> {
    let Some(row) = db.query_one_raw(query).await? else { return Ok(Kept::default()) };
    let number = |column| Ok::<_, DbErr>(u64::try_from(row.try_get::<i64>("", column)?).unwrap_or(0));
    Ok(Kept { count: number("count")?, bytes: number("bytes")? })
}

async fn copies(config: &Config, at: Option<PathBuf>) -> Copies {
    let Some(at) = at else {
        return if config.database_url.is_some() { Copies::Elsewhere } else { Copies::None };
    };
    let (all, last) = (at.clone(), at.clone());
    let (all, last) = tokio::join!(beside(move || folder(&all)), beside(move || backup::last(&last).map_err(failed)));
    Copies::Made { folder: at.display().to_string(), all, last }
}

/// What a folder holds; nothing where there is none yet.
fn folder(at: &Path) -> Seen<Folder> {
    match weighed(at) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Folder { bytes: 0, whole: true }),
        folder => folder.map_err(failed),
    }
}

fn weighed(at: &Path) -> io::Result<Folder> {
    let mut left = MOST;
    let mut bytes = 0;
    let mut folders = vec![at.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            if left == 0 {
                return Ok(Folder { bytes, whole: false });
            }
            left -= 1;
            let entry = entry?;
            match entry.metadata() {
                Ok(known) if known.is_dir() => folders.push(entry.path()),
                Ok(known) => bytes += known.len(),
                // It went meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(Folder { bytes, whole: true })
}

/// The folders whose disks matter, and what they hold.
struct Places(Vec<(&'static str, PathBuf)>);

impl Places {
    fn of(config: &Config) -> Self {
        let mut places = vec![("Données", config.data.clone())];
        match config.recordings.as_str() {
            "" => places.push(("Enregistrements", config.data.join("recordings"))),
            bucket if bucket.starts_with("s3://") => {}
            folder => places.push(("Enregistrements", PathBuf::from(folder))),
        }
        // Made by the first copy: until then it is on the disk of the folder that will hold it.
        if let Some(mut folder) = backup::folder(config) {
            while !folder.exists() && folder.pop() {}
            places.push(("Copies", if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder }));
        }
        Self(places)
    }

    /// Each disk once.
    fn disks(self) -> Vec<Disk> {
        let mut disks: Vec<(Option<u64>, Disk)> = Vec::new();
        for (holds, path) in self.0 {
            let device = std::fs::metadata(&path).map(|known| known.dev());
            let device = match device {
                Ok(device) => Some(device),
                Err(error) => {
                    let disk = Disk { holds: vec![holds], path: path.display().to_string(), space: Err(failed(error)) };
                    disks.push((None, disk));
                    continue;
                }
            };
            match disks.iter_mut().find(|(known, _)| *known == device) {
                Some((_, disk)) => disk.holds.push(holds),
                None => disks
                    .push((device, Disk { holds: vec![holds], path: path.display().to_string(), space: space(&path) })),
            }
        }
        disks.into_iter().map(|(_, disk)| disk).collect()
    }
}

fn space(path: &Path) -> Seen<Space> {
    let told = statvfs(path).map_err(failed)?;
    let bytes = |blocks: u64| blocks.saturating_mul(told.f_frsize);
    match told.f_blocks {
        // A file system that is of no disk.
        0 => Err(Failure::Unreadable),
        // What is left to whoever is not root.
        blocks => Ok(Space { all: bytes(blocks), free: bytes(told.f_bavail) }),
    }
}
