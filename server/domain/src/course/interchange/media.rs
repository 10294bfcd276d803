//! Images, sounds and videos on their way into a course: named as it names files, and of the kinds that it takes.

use super::html::short;
use crate::course::parse::{MOST_MEDIA, SourceFile, extension_of};
use crate::text::slug;
use std::collections::{BTreeMap, BTreeSet};

/// What a medium is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Image,
    Video,
}

/// The media that something refers to, by their new paths.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    files: BTreeMap<String, Vec<u8>>,
    /// Where each source went, or why it went nowhere.
    known: BTreeMap<String, Result<String, String>>,
    names: BTreeSet<String>,
}

impl Shelf {
    /// Takes a file, once, and says its path in the course; or why it is left out.
    pub(super) fn take(&mut self, source: &str, bytes: Option<&[u8]>, wanted: For) -> Result<String, String> {
        if let Some(known) = self.known.get(source) {
            return known.clone();
        }
        let taken = self.place(source, bytes, wanted);
        self.known.insert(source.to_owned(), taken.clone());
        taken
    }

    fn place(&mut self, source: &str, bytes: Option<&[u8]>, wanted: For) -> Result<String, String> {
        let shown = short(source);
        let Some(bytes) = bytes else { return Err(format!("le fichier « {shown} » n’est pas dans l’archive")) };
        if bytes.len() > MOST_MEDIA {
            return Err(format!("le fichier « {shown} » dépasse {} Mio : allégez-le", MOST_MEDIA / 1024 / 1024));
        }
        let (kinds, said): (&[&str], &str) = match wanted {
            For::Image => (&["svg", "png", "jpg", "webp", "avif"], "SVG sans script, PNG, JPEG, WebP ou AVIF"),
            For::Video => (&["webm", "mp4"], "WebM ou MP4"),
        };
        let extension = extension_of(bytes).filter(|extension| kinds.contains(extension));
        let extension = extension.ok_or_else(|| {
            format!("le fichier « {shown} » n’est pas d’un format accepté ({said}) : convertissez-le")
        })?;
        Ok(self.put(source, extension, bytes.to_vec()))
    }

    /// Puts a file in `media/` under a name near its own.
    pub(super) fn put(&mut self, source: &str, extension: &str, bytes: Vec<u8>) -> String {
        let name = source.rsplit('/').next().unwrap_or_default();
        let stem = slug(name.rsplit_once('.').map_or(name, |(stem, _)| stem), 60);
        let stem = if stem.is_empty() { String::from("fichier") } else { stem };
        let mut path = format!("media/{stem}.{extension}");
        for number in 2.. {
            if self.names.insert(path.clone()) {
                break;
            }
            path = format!("media/{stem}-{number}.{extension}");
        }
        self.files.insert(path.clone(), bytes);
        path
    }

    /// Everything that was taken.
    pub(super) fn files(self) -> impl Iterator<Item = SourceFile> {
        self.files.into_iter().map(|(path, bytes)| SourceFile { path, bytes })
    }
}
