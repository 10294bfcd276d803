//! Passwords that leaked, from a list that the operator keeps on this machine: no other site is asked.

use crate::config::Config;
use crate::error::{Error, Result};
use anyhow::{Context as _, ensure};
use sha1::{Digest as _, Sha1};
use std::cmp::Ordering;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

/// Bytes that a line has at most: 40 of a hash, a colon, a count, its end.
const LINE: usize = 64;

/// A list of passwords that leaked: the SHA-1 of each in hexadecimal, one a line and in order, with a count after a
/// colon or without. So are those of Have I Been Pwned.
#[derive(Debug)]
pub struct Leaks(PathBuf);

impl Leaks {
    /// The list that `SOCLE_LEAKED_PASSWORDS` names.
    ///
    /// # Errors
    /// When it cannot be read, or its first line or its last is no hash: says what a list is.
    pub(crate) fn configured(config: &Config) -> anyhow::Result<Option<Self>> {
        let Some(path) = &config.leaked_passwords else { return Ok(None) };
        let named = || format!("SOCLE_LEAKED_PASSWORDS names {}", path.display());
        let ends = || -> io::Result<_> {
            let (file, size) = open(path)?;
            Ok((line(&file, size, 0)?.hash, line(&file, size, size.saturating_sub(1))?.hash))
        };
        let (first, last) = ends().with_context(|| {
            format!("{}, which is no list of SHA-1 in hexadecimal, one a line and in order (LC_ALL=C sort)", named())
        })?;
        ensure!(first <= last, "{}, whose lines are not in order: sort it (LC_ALL=C sort)", named());
        Ok(Some(Self(path.clone())))
    }

    /// Whether the password is in the list, as it is read now: a newer one takes its place by a rename.
    ///
    /// # Errors
    /// When the list cannot be read: whether a password leaked is then not known, and none is taken.
    pub(crate) async fn hold(&self, password: &str) -> Result<bool> {
        let (path, wanted): (_, [u8; 20]) = (self.0.clone(), Sha1::digest(password).into());
        let found = tokio::task::spawn_blocking(move || {
            let (file, size) = open(&path)?;
            find(&file, size, &wanted)
        });
        let found = found.await.map_err(|error| Error::Internal(error.to_string()))?;
        found.map_err(|error| Error::Internal(format!("the list of SOCLE_LEAKED_PASSWORDS cannot be read: {error}")))
    }
}

/// A line of the list, and where it stands.
struct Line {
    hash: [u8; 20],
    start: u64,
    /// Where the next one begins.
    end: u64,
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

/// By halves: a list of a billion is read at some thirty places.
fn find(file: &File, size: u64, wanted: &[u8; 20]) -> io::Result<bool> {
    let (mut from, mut to) = (0, size);
    while from < to {
        let middle = line(file, size, from + (to - from) / 2)?;
        match middle.hash.cmp(wanted) {
            Ordering::Equal => return Ok(true),
            Ordering::Less => from = middle.end,
            Ordering::Greater => to = middle.start,
        }
    }
    Ok(false)
}

/// The line that holds the byte at that place.
fn line(file: &File, size: u64, at: u64) -> io::Result<Line> {
    let from = at.saturating_sub(LINE as u64);
    let mut bytes = [0; 2 * LINE];
    let length = usize::try_from(size - from).map_or(bytes.len(), |left| left.min(bytes.len()));
    let bytes = &mut bytes[..length];
    file.read_exact_at(bytes, from)?;
    let (before, after) = bytes.split_at(usize::try_from(at - from).unwrap_or(0).min(length));
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(length, |end| before.len() + end + 1);
    let mut hash = [0; 20];
    let text = bytes[start..end].get(..40).ok_or_else(|| no_hash(from + start as u64))?;
    hex::decode_to_slice(text, &mut hash).map_err(|_| no_hash(from + start as u64))?;
    Ok(Line { hash, start: from + start as u64, end: from + end as u64 })
}

fn no_hash(at: u64) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the line at byte {at} does not begin with a SHA-1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::io::Write as _;

    fn listed(text: &[u8]) -> (File, u64) {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(text).expect("written");
        (file, text.len() as u64)
    }

    proptest! {
        #[test]
        fn what_is_listed_is_found_and_nothing_else(
            hashes in prop::collection::btree_set(any::<[u8; 20]>(), 0..60),
            others in prop::collection::vec(any::<[u8; 20]>(), 0..20),
            counts in any::<u64>(),
            (upper, carriage, ended) in any::<(bool, bool, bool)>(),
        ) {
            let end = if carriage { "\r\n" } else { "\n" };
            let lines: Vec<String> = hashes.iter().enumerate().map(|(rank, hash)| {
                let hash = if upper { hex::encode_upper(hash) } else { hex::encode(hash) };
                // Some with a count, short or as long as it can be.
                if (counts >> (rank % 64)) & 1 == 0 { hash } else { format!("{hash}:{}", counts >> (rank % 64)) }
            }).collect();
            let mut text = lines.join(end);
            if ended && !text.is_empty() {
                text += end;
            }
            let (file, size) = listed(text.as_bytes());
            let known: BTreeSet<_> = hashes.iter().copied().collect();
            for hash in hashes.iter().chain(&others) {
                prop_assert_eq!(find(&file, size, hash).unwrap(), known.contains(hash));
            }
        }

        #[test]
        fn what_is_no_list_is_an_error_and_ends(text in prop::collection::vec(any::<u8>(), 1..400), at in any::<prop::sample::Index>()) {
            let (file, size) = listed(&text);
            let _ = find(&file, size, &[7; 20]);
            if let Ok(line) = line(&file, size, at.index(text.len()) as u64) {
                prop_assert!(line.start < line.end && line.end <= size);
            }
        }
    }
}
