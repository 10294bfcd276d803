//! Making a copy.

use super::{DATABASE, Held, MANIFEST, Manifest, digested, sync_folder};
use crate::config::Config;
use anyhow::{Context as _, bail};
use jiff::Timestamp;
use sea_orm::{ConnectionTrait as _, Database};
use std::path::Path;

/// Copies the embedded database to a new folder, as it stands at one instant, while it is in use.
///
/// # Errors
/// When the folder is there already or cannot be written, or on PostgreSQL; then nothing is left of it.
pub async fn take(config: &Config, folder: &Path, now: Timestamp) -> anyhow::Result<Manifest> {
    if config.database_url.is_some() {
        bail!("this database is PostgreSQL: back it up with `pg_dump --format=custom`");
    }
    let shown = folder.display();
    if folder.symlink_metadata().is_ok() {
        bail!("{shown} is there already: name a folder to make");
    }
    let name =
        folder.file_name().and_then(|name| name.to_str()).context("that folder has no name: write it in full")?;
    let made = folder.with_file_name(format!(".{name}.{}.part", std::process::id()));
    std::fs::create_dir_all(&made).with_context(|| format!("{} cannot be made", made.display()))?;
    let copied = async {
        let manifest = copy(config, &made, now).await?;
        std::fs::rename(&made, folder).with_context(|| format!("{shown} cannot be made"))?;
        sync_folder(folder.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        Ok(manifest)
    };
    let copied = copied.await;
    if copied.is_err() {
        let _ = std::fs::remove_dir_all(&made);
    }
    copied
}

async fn copy(config: &Config, made: &Path, now: Timestamp) -> anyhow::Result<Manifest> {
    let database = made.join(DATABASE);
    let name = database.to_str().context("the folder's name is not UTF-8")?.replace('\'', "''");
    let source = config.data.join(DATABASE);
    let url = format!("sqlite://{}?mode=rw", source.display());
    let connection =
        Database::connect(url).await.with_context(|| format!("there is no database at {}", source.display()))?;
    let copied = connection.execute_unprepared(&format!("VACUUM INTO '{name}'")).await;
    connection.close().await?;
    copied.with_context(|| format!("{} cannot be written: is there room for it?", database.display()))?;
    let manifest = tokio::task::block_in_place(|| -> std::io::Result<Manifest> {
        std::fs::File::open(&database)?.sync_all()?;
        let (size, sha256) = digested(&database, std::io::sink())?;
        let files = vec![Held { path: DATABASE.to_owned(), size, sha256 }];
        let manifest = Manifest { version: env!("CARGO_PKG_VERSION").to_owned(), made_at: now, files };
        let mut file = std::fs::File::create(made.join(MANIFEST))?;
        serde_json::to_writer_pretty(&mut file, &manifest)?;
        file.sync_all()?;
        sync_folder(made)?;
        Ok(manifest)
    });
    manifest.with_context(|| format!("{} cannot be written", made.display()))
}
