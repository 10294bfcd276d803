//! Archives read without any trust, and written.
//!
//! An archive that could harm is refused whole: a path that climbs out, a link, a name that some system takes for a
//! device, two names that some system takes for one, an encrypted or lying entry, a bomb. Nothing is kept in memory
//! beyond what is allowed, whatever an entry says of its size. A file that is only too large is left out and told.

use domain::course::parse::SourceFile;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write as _};
use tar::EntryType;
use unicode_normalization::UnicodeNormalization as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const MIB: u64 = 1024 * 1024;
/// The most that an archive, and all that it holds, may weigh.
pub const MOST_PACKED: u64 = 512 * MIB;
const MOST_TOTAL: u64 = 768 * MIB;
/// The most that a file may weigh; a larger one is left out.
const MOST_FILE: u64 = 64 * MIB;
/// The most files that an archive may hold.
pub const MOST_FILES: usize = 20_000;
/// No text that people write is packed as tightly.
const MOST_RATIO: u64 = 200;
const LONGEST_PATH: usize = 400;

/// What was in an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// In the order of the paths.
    pub files: Vec<SourceFile>,
    /// Files that are too large, which were not read.
    pub too_large: Vec<String>,
}

/// Why an archive is refused.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("neither a zip nor a .tar.gz: export it again in one of these forms")]
    Unknown,
    #[error("it cannot be read ({0}): fetch or export it again")]
    Broken(String),
    #[error("{0:?} is not a path inside the archive, of plain names: rename it and pack it again")]
    Path(String),
    #[error("{0:?} is a link or a device: pack the file itself")]
    Special(String),
    #[error("{0:?} and another file differ by case or accents only: rename one")]
    Twice(String),
    #[error("{0:?} is encrypted: pack it without a password")]
    Encrypted(String),
    #[error("{0:?} is not as large as it says: pack it again")]
    Lying(String),
    #[error("it unpacks to far more than it weighs, as bombs do: pack it again, or in several parts")]
    Bomb,
    #[error("it holds more than {MOST_FILES} files or {} MiB: pack it in several parts", MOST_TOTAL / MIB)]
    TooMuch,
}

/// Reads a zip or a .tar.gz, by what it begins with.
///
/// # Errors
/// When it is neither, or is refused.
pub fn open(bytes: &[u8]) -> Result<Opened, Refused> {
    let mut opened = match bytes {
        [0x1f, 0x8b, ..] => open_tar(bytes)?,
        [b'P', b'K', ..] => open_zip(bytes)?,
        _ => return Err(Refused::Unknown),
    };
    opened.files.sort_by(|a, b| a.path.cmp(&b.path));
    opened.too_large.sort();
    Ok(opened)
}

/// What has been taken so far.
#[derive(Default)]
struct Taken {
    opened: Opened,
    names: BTreeMap<String, bool>,
    total: u64,
}

impl Taken {
    /// A file of that path comes next; whether it may be read, or is too large.
    fn next(&mut self, path: &str, size: u64) -> Result<bool, Refused> {
        if self.names.len() >= MOST_FILES {
            return Err(Refused::TooMuch);
        }
        // each folder and the file, as a system that is not fussy would know them
        let folded: String = path.nfkc().flat_map(char::to_lowercase).nfc().collect();
        let parents = folded.char_indices().filter(|(_, sign)| *sign == '/').filter_map(|(at, _)| folded.get(..at));
        let is_file_above = parents.map(str::to_owned).any(|parent| self.names.insert(parent, false) == Some(true));
        if is_file_above || self.names.insert(folded, true).is_some() {
            return Err(Refused::Twice(path.to_owned()));
        }
        if size > MOST_FILE {
            self.opened.too_large.push(path.to_owned());
            return Ok(false);
        }
        Ok(true)
    }

    /// Reads a file, no further than it said and than all may weigh.
    fn read(&mut self, path: String, size: u64, from: impl Read) -> Result<(), Refused> {
        let mut bytes = Vec::new();
        from.take(size.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        let read = bytes.len() as u64;
        if read != size {
            return Err(Refused::Lying(path));
        }
        self.total += read;
        if self.total > MOST_TOTAL {
            return Err(Refused::TooMuch);
        }
        self.opened.files.push(SourceFile { path, bytes });
        Ok(())
    }
}

fn broken(error: &dyn std::fmt::Display) -> Refused {
    Refused::Broken(error.to_string())
}

fn open_zip(bytes: &[u8]) -> Result<Opened, Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > MOST_FILES {
        return Err(Refused::TooMuch);
    }
    if archive.has_duplicate_names() {
        return Err(Refused::Twice(String::from("a name")));
    }
    if archive.has_overlapping_files().map_err(|error| broken(&error))? {
        return Err(Refused::Bomb);
    }
    let mut taken = Taken::default();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|error| broken(&error))?;
        let (size, packed) = (entry.size(), entry.compressed_size());
        let path = sound(entry.name_raw())?;
        let special = entry.is_symlink()
            || entry.unix_mode().is_some_and(|mode| !matches!(mode & 0o170_000, 0 | 0o100_000 | 0o040_000));
        if special {
            return Err(Refused::Special(path));
        }
        if entry.encrypted() {
            return Err(Refused::Encrypted(path));
        }
        if size > MIB && size / MOST_RATIO > packed {
            return Err(Refused::Bomb);
        }
        if entry.is_dir() || is_leftover(&path) || !taken.next(&path, size)? {
            continue;
        }
        let file = archive.by_index(index).map_err(|error| broken(&error))?;
        taken.read(path, size, file)?;
    }
    Ok(taken.opened)
}

fn open_tar(bytes: &[u8]) -> Result<Opened, Refused> {
    let most = MOST_TOTAL.min((bytes.len() as u64).saturating_mul(MOST_RATIO).saturating_add(MIB));
    let over = std::cell::Cell::new(false);
    let counted = Counted { from: GzDecoder::new(bytes), left: most, over: &over };
    let mut archive = tar::Archive::new(counted);
    let mut read = || -> Result<Opened, Refused> {
        let mut taken = Taken::default();
        for entry in archive.entries().map_err(|error| broken(&error))? {
            let entry = entry.map_err(|error| broken(&error))?;
            let sort = entry.header().entry_type();
            if sort == EntryType::XGlobalHeader {
                continue;
            }
            let path = sound(&entry.path_bytes())?;
            match sort {
                EntryType::Regular | EntryType::Continuous => {}
                EntryType::Directory => continue,
                _ => return Err(Refused::Special(path)),
            }
            let size = entry.size();
            if is_leftover(&path) || !taken.next(&path, size)? {
                continue;
            }
            taken.read(path, size, entry)?;
        }
        Ok(taken.opened)
    };
    // what stops the reading short is told for what it is
    match read() {
        Err(_) if over.get() && most < MOST_TOTAL => Err(Refused::Bomb),
        Err(_) if over.get() => Err(Refused::TooMuch),
        opened => opened,
    }
}

/// A reader that fails rather than give more than is allowed.
struct Counted<'o, R> {
    from: R,
    left: u64,
    over: &'o std::cell::Cell<bool>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        let Some(left) = self.left.checked_sub(read as u64) else {
            self.over.set(true);
            return Err(std::io::Error::other("more than is allowed"));
        };
        self.left = left;
        Ok(read)
    }
}

/// What file managers leave in archives: hidden files and their folders.
fn is_leftover(path: &str) -> bool {
    path.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

/// The path, when it stays in the archive and has one meaning on every system.
fn sound(raw: &[u8]) -> Result<String, Refused> {
    let refused = || Refused::Path(String::from_utf8_lossy(raw).chars().take(80).collect());
    let path = std::str::from_utf8(raw).map_err(|_| refused())?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<&str> =
        path.split('/').enumerate().filter(|(at, part)| *at > 0 || *part != ".").map(|(_, part)| part).collect();
    let is_sound = |part: &&str| {
        !matches!(*part, "" | "." | "..")
            && !part.contains(|sign: char| {
                sign.is_control() || matches!(sign, '\\' | ':' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            })
            && !part.ends_with(['.', ' '])
            && !is_device(part)
    };
    // the archive's own folder, `./`
    if path == "." {
        return Ok(String::from(".root"));
    }
    if parts.is_empty() || path.len() > LONGEST_PATH || !parts.iter().all(is_sound) {
        return Err(refused());
    }
    Ok(parts.join("/"))
}

/// Names that Windows takes for devices, whatever follows their first point.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |port: &str| {
        stem.strip_prefix(port).is_some_and(|number| {
            matches!(number, "¹" | "²" | "³") || (number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered("COM") || numbered("LPT")
}

/// The files as a zip, the same bytes for the same files.
///
/// # Errors
/// When there is too much for a zip.
pub fn zip(files: &[SourceFile]) -> zip::result::ZipResult<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for file in files {
        writer.start_file(&file.path, options)?;
        writer.write_all(&file.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The files as a .tar.gz, the same bytes for the same files.
///
/// # Errors
/// When a path is too long for a tar.
pub fn tar_gz(files: &[SourceFile]) -> std::io::Result<Vec<u8>> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, &file.path, file.bytes.as_slice())?;
    }
    builder.into_inner()?.finish()
}
