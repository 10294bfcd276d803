//! The files of a course: their names, their sizes, and whether they are what they say.

use super::report::{Report, line_at, nearest};
use super::{SourceFile, svg};
use std::collections::{BTreeMap, BTreeSet};

/// A `chapter.md` is read in one sitting.
const MOST_TEXT: usize = 512 * 1024;
/// On a rural line, 20 MiB is already long.
pub const MOST_MEDIA: usize = 20 * 1024 * 1024;

/// What an extension is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Image,
    Audio,
    Video,
    Captions,
    Transcript,
}

impl Use {
    const ALL: [Self; 5] = [Self::Image, Self::Audio, Self::Video, Self::Captions, Self::Transcript];

    /// Extensions that fit, for the messages.
    pub(super) fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Image => &["svg", "png", "jpg", "jpeg", "webp", "avif"],
            Self::Audio => &["ogg", "opus", "mp3"],
            Self::Video => &["webm", "mp4"],
            Self::Captions => &["vtt"],
            Self::Transcript => &["md"],
        }
    }

    fn of(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.extensions().contains(&extension(path)))
    }
}

/// The files of a course by path.
#[derive(Debug)]
pub(super) struct Files<'a>(BTreeMap<&'a str, &'a [u8]>);

impl<'a> Files<'a> {
    /// Takes the files whose path is sound, and reports the others.
    pub(super) fn new(files: &'a [SourceFile], report: &mut Report) -> Self {
        let mut kept = BTreeMap::new();
        for file in files {
            let sound = file.path.split('/').all(|part| {
                !part.is_empty()
                    && !part.starts_with('.')
                    && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
            });
            if !sound {
                report.say(&file.path, 1, "nom de fichier refusé : renommez-le avec des lettres sans accent, des chiffres, « - », « _ » et « . », sans « .. » ni point au début");
            } else if kept.insert(file.path.as_str(), file.bytes.as_slice()).is_some() {
                report.say(&file.path, 1, "ce fichier est donné deux fois : gardez-en un seul");
            }
        }
        Self(kept)
    }

    /// Puts other bytes in the place of a file.
    pub(super) fn replace(&mut self, path: &'a str, bytes: &'a [u8]) {
        self.0.insert(path, bytes);
    }

    /// Every path.
    pub(super) fn paths(&self) -> impl Iterator<Item = &'a str> {
        self.0.keys().copied()
    }

    /// The text of a file, when it is there: without its byte order mark, and with Unix line ends.
    pub(super) fn text(&self, path: &str, report: &mut Report) -> Option<String> {
        let bytes = self.0.get(path)?;
        report.used.insert(path.to_owned());
        if bytes.len() > MOST_TEXT {
            report.say(path, 1, "fichier trop gros : 512 Kio au plus. Coupez-le en plusieurs");
            return None;
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
                let line = u32::try_from(line).unwrap_or_default() + 1;
                report.say(path, line, "ce texte n’est pas en UTF-8 : enregistrez le fichier avec l’encodage UTF-8");
                return None;
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        if let Some(at) = text.find(hidden) {
            report.say(
                path,
                line_at(&text, at),
                "signe invisible ou réservé dans le texte : effacez la ligne et tapez-la de nouveau",
            );
        }
        Some(text.replace(hidden, " "))
    }

    /// The path in the course of something named in a chapter, from the chapter's folder first.
    pub(super) fn resolve(&self, folder: &str, path: &str) -> Option<String> {
        let own = format!("{folder}/{path}");
        [own.as_str(), path].into_iter().find(|path| self.0.contains_key(path)).map(str::to_owned)
    }

    /// Finds a medium that a chapter names, reports what is wrong with the name, and marks it as used.
    pub(super) fn medium(&self, from: &Source<'_>, path: &str, wanted: Use, report: &mut Report) -> Option<String> {
        let Source { file, line, folder } = *from;
        if !path.starts_with("media/") || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
            report.say(
                file,
                line,
                format!(
                    "« {path} » n’est pas un fichier du cours : rangez-le dans media/ et écrivez media/nom-du-fichier"
                ),
            );
            return None;
        }
        let Some(found) = self.resolve(folder, path) else {
            let own = format!("{folder}/");
            let near = nearest(
                path,
                self.paths()
                    .filter(|known| Use::of(known) == Some(wanted))
                    .map(|known| known.strip_prefix(&own).unwrap_or(known)),
            );
            report.say(file, line, format!("le fichier « {path} » n’existe pas, ni dans le chapitre ni dans le cours : ajoutez-le ou corrigez le nom.{near}"));
            return None;
        };
        report.used.insert(found.clone());
        if Use::of(path) != Some(wanted) {
            let expected = wanted.extensions().join(", ");
            report.say(file, line, format!("« {path} » ne convient pas ici : il faut un fichier {expected}"));
            return None;
        }
        Some(found)
    }

    /// The width and the height of an image made of points.
    pub(super) fn size(&self, path: &str) -> Option<(usize, usize)> {
        let size = imagesize::blob_size(self.0.get(path)?).ok()?;
        Some((size.width, size.height))
    }

    /// Checks every medium, used or not.
    pub(super) fn check_media(&self, report: &mut Report) {
        for (path, bytes) in self.0.iter().filter(|(path, _)| is_medium(path)) {
            let Some(kind) = Use::of(path) else {
                let all: Vec<&str> = Use::ALL.into_iter().flat_map(Use::extensions).copied().collect();
                report.say(
                    path,
                    1,
                    format!(
                        "ce format n’est pas accepté : convertissez-le ou retirez-le (extensions, en minuscules : {})",
                        all.join(", ")
                    ),
                );
                report.used.insert((*path).to_owned());
                continue;
            };
            if bytes.len() > MOST_MEDIA {
                report.say(path, 1, "fichier trop gros : 20 Mio au plus. Compressez-le ou coupez-le");
            } else if extension(path) == "svg" {
                if let Some(text) = self.text_unmarked(path, report) {
                    svg::check(path, &text, report);
                }
            } else if matches!(kind, Use::Image | Use::Audio | Use::Video) && !magic(path, bytes) {
                report.say(
                    path,
                    1,
                    "le contenu ne correspond pas à l’extension : exportez de nouveau le fichier au bon format",
                );
            }
        }
    }

    fn text_unmarked(&self, path: &str, report: &mut Report) -> Option<String> {
        let used = report.used.contains(path);
        let text = self.text(path, report);
        if !used {
            report.used.remove(path);
        }
        text
    }

    /// Reports the files that nothing refers to.
    pub(super) fn check_used(&self, chapters: &BTreeSet<&str>, report: &mut Report) {
        for path in self.paths().filter(|path| !report.used.contains(*path)).collect::<Vec<_>>() {
            let folder = path.split('/').next().unwrap_or_default();
            let known = !path.contains('/') || folder == "media" || chapters.contains(folder);
            let why = if known {
                ""
            } else {
                " Un dossier de chapitre s’appelle 01-nom-du-chapitre et contient chapter.md"
            };
            report.say(path, 1, format!("ce fichier ne sert à rien : retirez-le.{why}"));
        }
    }
}

/// Where a medium is named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) line: u32,
    /// Folder of the chapter.
    pub(super) folder: &'a str,
}

fn extension(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn is_medium(path: &str) -> bool {
    path.starts_with("media/") || path.split('/').nth(1) == Some("media")
}

/// Control characters, and the private ones that mark the inserts of a section.
fn hidden(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The extension that a medium's content calls for; none for what a course does not take.
#[must_use]
pub fn extension_of(bytes: &[u8]) -> Option<&'static str> {
    let known = ["png", "jpg", "webp", "avif", "ogg", "webm", "mp4", "mp3"];
    known.into_iter().find(|extension| magic(&format!(".{extension}"), bytes)).or_else(|| {
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains("<svg"))?;
        let mut report = Report::default();
        svg::check("dessin.svg", text, &mut report);
        report.problems.is_empty().then_some("svg")
    })
}

/// Whether a file starts as its extension says.
fn magic(path: &str, bytes: &[u8]) -> bool {
    let at = |offset: usize, expected: &[u8]| bytes.get(offset..).is_some_and(|rest| rest.starts_with(expected));
    match extension(path) {
        "png" => at(0, b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => at(0, b"\xff\xd8\xff"),
        "webp" => at(0, b"RIFF") && at(8, b"WEBP"),
        "avif" => at(4, b"ftypavif") || at(4, b"ftypavis") || at(4, b"ftypmif1"),
        "ogg" | "opus" => at(0, b"OggS"),
        "mp3" => at(0, b"ID3") || (at(0, b"\xff") && bytes.get(1).is_some_and(|b| b & 0xe0 == 0xe0)),
        "webm" => at(0, b"\x1a\x45\xdf\xa3"),
        "mp4" => at(4, b"ftyp") && !at(8, b"avi"),
        _ => false,
    }
}
