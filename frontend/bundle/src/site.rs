//! The folder that the server serves: hashed names, compressed twins, a manifest.

use crate::inputs::{files, hex};
use crate::say;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const COMPRESSIBLE: [&str; 9] = ["css", "js", "wasm", "svg", "json", "txt", "html", "vtt", "webmanifest"];

/// The folder being written.
pub(crate) struct Site {
    out: PathBuf,
    /// By bundle: `css`, `js`, `wasm` → path.
    bundles: BTreeMap<String, BTreeMap<String, String>>,
    /// Name in `frontend/assets` → path.
    files: BTreeMap<String, String>,
    written: BTreeSet<PathBuf>,
}

impl Site {
    pub(crate) fn open(out: &Path) -> Result<Self> {
        fs::create_dir_all(out.join("assets")).with_context(|| format!("making {}", out.display()))?;
        let (bundles, files) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { out: out.to_owned(), bundles, files, written: BTreeSet::new() })
    }

    /// Copies the assets under hashed names.
    pub(crate) fn assets(&mut self, folder: &Path) -> Result<()> {
        for file in files(folder)? {
            let content = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let path = self.put(&name, &content)?;
            self.files.insert(name, path);
        }
        Ok(())
    }

    /// Writes the style sheet, the script or the WebAssembly of a bundle.
    pub(crate) fn bundle(&mut self, name: &str, extension: &str, content: &[u8]) -> Result<()> {
        let path = self.put(&format!("{name}.{extension}"), content)?;
        self.bundles.entry(name.to_owned()).or_default().insert(extension.to_owned(), path);
        Ok(())
    }

    /// `/assets/<name>` with the hash, where the text names an asset.
    pub(crate) fn with_hashed_names(&self, text: &str) -> String {
        let named = |text: String, (name, path): (&String, &String)| text.replace(&format!("/assets/{name}"), path);
        self.files.iter().fold(text.to_owned(), named)
    }

    fn put(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let hash = hex(&Sha256::digest(content));
        let hash = hash.get(..12).unwrap_or(&hash);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = if extension.is_empty() { format!("{stem}-{hash}") } else { format!("{stem}-{hash}.{extension}") };
        let path = self.out.join("assets").join(&hashed);
        self.write(&path, content)?;
        if COMPRESSIBLE.contains(&extension) {
            let brotli = brotli(content)?;
            let gzip = gzip(content)?;
            say(&format!("{hashed}: {}, brotli {}, gzip {}", kilobytes(content), kilobytes(&brotli), kilobytes(&gzip)));
            self.write(&twin(&path, "br"), &brotli)?;
            self.write(&twin(&path, "gz"), &gzip)?;
        }
        Ok(format!("/assets/{hashed}"))
    }

    fn write(&mut self, path: &Path, content: &[u8]) -> Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        }
        fs::write(path, content).with_context(|| format!("writing {}", path.display()))?;
        self.written.insert(path.to_owned());
        Ok(())
    }

    /// Writes the manifest, whole or not at all, then removes what an earlier bundle left.
    pub(crate) fn close(mut self) -> Result<()> {
        self.bundles.insert("files".to_owned(), self.files);
        let text = serde_json::to_string_pretty(&self.bundles)?;
        let (draft, manifest) = (self.out.join("manifest.json.new"), self.out.join("manifest.json"));
        fs::write(&draft, text).and_then(|()| fs::rename(&draft, &manifest)).context("writing the manifest")?;
        for file in files(&self.out.join("assets"))? {
            if !self.written.contains(&file) {
                fs::remove_file(&file).with_context(|| format!("removing {}", file.display()))?;
            }
        }
        say(&format!("written to {}", self.out.display()));
        Ok(())
    }
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let params = ::brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    ::brotli::BrotliCompress(&mut &*content, &mut packed, &params).context("brotli")?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn kilobytes(content: &[u8]) -> String {
    let tenths = content.len() / 100;
    format!("{}.{}\u{a0}kB", tenths / 10, tenths % 10)
}
