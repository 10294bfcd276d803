//! Copies of everything: made while Socle runs, checked, put back into an empty place.
//!
//! A copy is a folder: the database as it stood at one instant, media included since they are in it, and `copie.json`,
//! which tells what there must be and its digests. It is made beside under another name and renamed once it is on disk:
//! a folder that has its name is whole. PostgreSQL has its own tools for it.

mod nights;
mod restore;
mod take;

pub use nights::tick;
pub(crate) use nights::{folder, last};
pub use restore::{Restored, restore};
pub use take::take;

use serde::{Deserialize, Serialize};
use std::io::{Read, Write};
use std::path::Path;

/// The database, in the data folder and in a copy of it.
pub const DATABASE: &str = "socle.sqlite";

/// What tells of a copy, in its folder.
const MANIFEST: &str = "copie.json";

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of Socle: `0.1.0`.
    pub version: String,
    /// When it was begun: nothing acknowledged before is missing from it.
    pub made_at: jiff::Timestamp,
    pub files: Vec<Held>,
}

/// A file of a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// From the copy's folder.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// In hexadecimal.
    pub sha256: String,
}

/// Reads a file to its end into `to`; its size and its digest.
fn digested(file: &Path, mut to: impl Write) -> std::io::Result<(u64, String)> {
    let mut from = std::fs::File::open(file)?;
    let mut digest = <sha2::Sha256 as sha2::Digest>::new();
    let mut buffer = vec![0; 1 << 20];
    let mut size = 0;
    loop {
        let read = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        sha2::Digest::update(&mut digest, bytes);
        to.write_all(bytes)?;
        size += read as u64;
    }
    Ok((size, hex::encode(sha2::Digest::finalize(digest))))
}

/// Puts what a folder lists on disk: names made or changed in it survive a crash.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}
