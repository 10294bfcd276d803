//! Putting a copy back.

use super::{DATABASE, MANIFEST, Manifest, digested, sync_folder};
use crate::config::Config;
use crate::db::Db;
use crate::{audit, record};
use anyhow::{Context as _, bail, ensure};
use std::path::Path;

/// What was put back, and found sound.
#[derive(Debug)]
pub struct Restored {
    pub manifest: Manifest,
    /// Facts in the training records, each chain of which holds.
    pub facts: u64,
    /// Lines in the log of who looked at what, whose chain holds.
    pub lines: u64,
}

/// Puts a copy into the data folder, which must hold no database; reads every byte back against its digest, brings the
/// schema up to date and checks every chain.
///
/// # Errors
/// When the copy is not whole, the place is taken, or a chain does not hold. Until the database has its name nothing is
/// left behind; one whose chains do not hold stays, to be looked at.
pub async fn restore(config: &Config, folder: &Path) -> anyhow::Result<Restored> {
    ensure!(
        config.database_url.is_none(),
        "DATABASE_URL names a PostgreSQL: put its dump back with `pg_restore`, or unset it to restore into {}",
        config.data.display()
    );
    let place = config.data.join(DATABASE);
    for suffix in ["", "-wal", "-shm"] {
        let taken = config.data.join(format!("{DATABASE}{suffix}"));
        ensure!(
            taken.symlink_metadata().is_err(),
            "{} is there already: restore into an empty place, by SOCLE_DATA, or move it away first",
            taken.display()
        );
    }
    let manifest = read(folder)?;
    tokio::task::block_in_place(|| put_back(folder, &manifest, &config.data))?;
    let db =
        Db::open(config).await.with_context(|| format!("{} is put back, and cannot be opened", place.display()))?;
    let (facts, findings) = record::store::check(&db).await?;
    if let Some(first) = findings.first() {
        bail!("{} is put back, and {} ledger(s) do not hold; the first: {first}", place.display(), findings.len());
    }
    let (lines, chain) = audit::check(&db).await?;
    if let Err(broken) = chain {
        bail!("{} is put back, and its log does not hold: {broken}", place.display());
    }
    Ok(Restored { manifest, facts, lines })
}

fn read(folder: &Path) -> anyhow::Result<Manifest> {
    let file = folder.join(MANIFEST);
    let text = std::fs::read(&file).with_context(|| {
        format!("{} cannot be read: is {} a copy that `socle backup` made?", file.display(), folder.display())
    })?;
    let manifest: Manifest =
        serde_json::from_slice(&text).with_context(|| format!("{} is not understood", file.display()))?;
    for held in &manifest.files {
        ensure!(
            held.path == DATABASE,
            "{} names {}, which this version of Socle does not know",
            file.display(),
            held.path
        );
    }
    ensure!(!manifest.files.is_empty(), "{} names no file", file.display());
    Ok(manifest)
}

fn put_back(folder: &Path, manifest: &Manifest, data: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(data).with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    for held in &manifest.files {
        let from = folder.join(&held.path);
        let made = data.join(format!(".{}.{}.part", held.path, std::process::id()));
        let copied = (|| -> anyhow::Result<()> {
            let mut file =
                std::fs::File::create(&made).with_context(|| format!("{} cannot be written", made.display()))?;
            let (size, sha256) =
                digested(&from, &mut file).with_context(|| format!("{} cannot be copied", from.display()))?;
            ensure!(
                (size, &sha256) == (held.size, &held.sha256),
                "{} is not as it was made ({size} bytes, SHA-256 {sha256}): nothing is restored; take another copy",
                from.display()
            );
            file.sync_all()?;
            std::fs::rename(&made, data.join(&held.path))?;
            Ok(sync_folder(data)?)
        })();
        if copied.is_err() {
            let _ = std::fs::remove_file(&made);
        }
        copied?;
    }
    Ok(())
}
