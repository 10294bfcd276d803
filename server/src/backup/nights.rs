//! A copy each night, and those that are not kept any longer.

use super::{MANIFEST, Manifest, take};
use crate::app::App;
use crate::config::{Config, Mode};
use domain::backup::is_due;
use domain::operation::{Failure, LastCopy};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the nights' copies are, in the data folder unless a setting says otherwise.
const FOLDER: &str = "copies";

/// Makes tonight's copy once it is due, and removes those that are not kept. A job; the embedded database's alone.
///
/// # Errors
/// When the copy cannot be made; it is tried again.
pub async fn tick(app: &App) -> anyhow::Result<()> {
    let config = &app.config;
    let Some(folder) = folder(config) else { return Ok(()) };
    let now = app.clock.now();
    let made = copies(&folder)?;
    let last = made.keys().next_back().copied();
    metrics::gauge!("socle_backup_age_seconds")
        .set(last.map_or(f64::INFINITY, |last| now.duration_since(last).as_secs_f64()));
    if !is_due(now, last) {
        return Ok(());
    }
    std::fs::create_dir_all(&folder)?;
    let manifest = take(config, &folder.join(name(now)), now).await?;
    let bytes: u64 = manifest.files.iter().map(|held| held.size).sum();
    tracing::info!(folder = %folder.display(), bytes, "A copy of everything was made");
    let made = copies(&folder)?;
    for at in config.keep_backups.surplus(&made.keys().copied().collect()) {
        if let Some(copy) = made.get(&at) {
            std::fs::remove_dir_all(copy)?;
        }
    }
    Ok(())
}

/// Where to make copies; none on PostgreSQL, nor of a demonstration that was not told where.
pub(crate) fn folder(config: &Config) -> Option<PathBuf> {
    let usual = (config.mode == Mode::Production).then(|| config.data.join(FOLDER));
    config.backups.clone().or(usual).filter(|_| config.database_url.is_none())
}

/// The copies that a folder holds, by the instant that their names tell.
fn copies(folder: &Path) -> std::io::Result<BTreeMap<Timestamp, PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let mut copies = BTreeMap::new();
    for entry in entries {
        let path = entry?.path();
        if let Some(at) = path.file_name().and_then(|name| name.to_str()).and_then(instant) {
            copies.insert(at, path);
        }
    }
    Ok(copies)
}

/// The last copy that a folder holds, with the bytes that it tells of.
///
/// # Errors
/// When the folder cannot be read.
pub(crate) fn last(folder: &Path) -> std::io::Result<Option<LastCopy>> {
    let Some((at, path)) = copies(folder)?.pop_last() else { return Ok(None) };
    let manifest = std::fs::read_to_string(path.join(MANIFEST)).map_err(|error| Failure::read(&error.to_string()));
    let manifest = manifest.and_then(|text| serde_json::from_str(&text).map_err(|_| Failure::Unreadable));
    let bytes = manifest.map(|manifest: Manifest| manifest.files.iter().map(|held| held.size).sum());
    Ok(Some(LastCopy { at, bytes, path: path.display().to_string() }))
}

/// `2026-12-01T003100Z`, without a colon, which some systems refuse in names.
fn name(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H%M%SZ").to_string()
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok().filter(|at| name(*at) == text)
}
