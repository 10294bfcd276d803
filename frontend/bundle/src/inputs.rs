//! What the bundle is made from, as one digest.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const INPUTS: [&str; 9] = [
    "Cargo.lock",
    "Cargo.toml",
    "frontend/Cargo.toml",
    "frontend/assets",
    "frontend/bundle/Cargo.toml",
    "frontend/bundle/src",
    "frontend/src",
    "frontend/style",
    "server/domain",
];

/// Every file under a path, in the order of names; none when the path is absent.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut entries = fs::read_dir(path)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>())
        .with_context(|| format!("reading {}", path.display()))?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        // Editors' own files are nobody's input.
        if entry.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.')) {
            found.extend(files(&entry)?);
        }
    }
    Ok(found)
}

/// The digest of every input's path and content, and of what may change the output on this machine.
pub(crate) fn digest(root: &Path) -> Result<String> {
    digest_of(root, &INPUTS, &[])
}

/// The digest of what a compilation is made from: of all that is compiled, but for what lies in folders `apart`.
pub(crate) fn digest_compiled(root: &Path, apart: &[&str]) -> Result<String> {
    let compiled: Vec<&str> =
        INPUTS.into_iter().filter(|input| !matches!(*input, "frontend/assets" | "frontend/style")).collect();
    digest_of(root, &compiled, apart)
}

fn digest_of(root: &Path, inputs: &[&str], apart: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    for input in inputs {
        for file in files(&root.join(input))? {
            let name = file.strip_prefix(root).unwrap_or(&file);
            if apart.iter().any(|folder| name.starts_with(folder)) {
                continue;
            }
            let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            hash.update(name.to_string_lossy().as_bytes());
            hash.update([0]);
            hash.update(content.len().to_le_bytes());
            hash.update(content);
        }
    }
    hash.update([u8::from(crate::compile::optimiser().is_some())]);
    Ok(hex(&hash.finalize()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
