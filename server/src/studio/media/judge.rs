//! What a file that was sent is, by its content alone, and what a course keeps of it.

use super::image::{self, lighten};
use super::tus::wrong_name;
use ::image::ImageFormat;
use domain::course::parse::{captions, drawing, extension_of};
use domain::studio::medium::{self, Facts, Kind, length, too_heavy, weight};
use domain::text::NBSP;

/// So many of its first bytes tell what a file is.
pub(super) const HEAD: usize = 4096;

/// What a course keeps of a file.
#[derive(Debug)]
pub(super) struct Judged {
    /// The name that it has in the course.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// What was found, for its author.
    pub(super) said: String,
}

/// The extension that a file calls for by its first bytes.
///
/// # Errors
/// A sentence in French: why it is refused, and the remedy.
pub(super) fn kind_of(name: &str, head: &[u8], size: u64) -> Result<&'static str, String> {
    let start = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let brand = head.get(4..12).unwrap_or_default();
    if [b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1"].iter().any(|known| brand == *known) {
        return Err(format!(
            "Cette photo est au format HEIC, que les navigateurs ne lisent pas{NBSP}: enregistrez-la en JPEG (sur un iPhone{NBSP}: Réglages, Appareil photo, Formats, Le plus compatible)."
        ));
    }
    let text_start = start.trim_ascii_start();
    let extension = if start.starts_with(b"WEBVTT") {
        "vtt"
    } else if text_start.starts_with(b"<") {
        "svg"
    } else {
        extension_of(head).ok_or_else(|| {
            format!(
                "Ce fichier n’est d’aucun type accepté{NBSP}: images PNG, JPEG, WebP ou SVG, sons OGG ou MP3, vidéos WebM ou MP4, sous-titres WebVTT."
            )
        })?
    };
    if extension == "avif" {
        return Err(format!(
            "Les images AVIF ne peuvent pas être relues ici{NBSP}: enregistrez celle-ci en JPEG, en PNG ou en WebP."
        ));
    }
    let (said, found) = (Kind::of(&name.to_lowercase()), Kind::of(&format!(".{extension}")));
    if said != found && said != Kind::Other {
        return Err(format!(
            "Ce fichier s’annonce comme «{NBSP}{}{NBSP}» et contient autre chose ({}){NBSP}: vérifiez que c’est le bon.",
            said.name().to_lowercase(),
            found.name().to_lowercase()
        ));
    }
    too_heavy(found, size).map_or(Ok(extension), Err)
}

/// Judges a whole file.
///
/// # Errors
/// As [`kind_of`].
pub(super) fn judge(name: &str, bytes: Vec<u8>) -> Result<Judged, String> {
    let head = bytes.get(..HEAD.min(bytes.len())).unwrap_or_default();
    let extension = kind_of(name, head, bytes.len() as u64)?;
    let named = |extension: &str| medium::name(name, extension).ok_or_else(|| wrong_name(name));
    let as_is = |bytes: Vec<u8>, facts: &Facts| {
        let said = said(Kind::of(&format!(".{extension}")), bytes.len(), facts);
        Ok(Judged { name: named(extension)?, bytes, said })
    };
    match extension {
        "png" | "jpg" | "webp" => {
            let format = match extension {
                "png" => ImageFormat::Png,
                "jpg" => ImageFormat::Jpeg,
                _ => ImageFormat::WebP,
            };
            let before = bytes.len();
            let made = lighten(&bytes, format)?;
            let facts = Facts { size: Some(made.size), ..Facts::default() };
            let said = said(Kind::Image, made.bytes.len(), &facts);
            let before = weight(before as u64);
            let said = format!("{said}. Elle pesait {before}{NBSP}; ses métadonnées sont retirées");
            Ok(Judged { name: named(made.extension)?, bytes: made.bytes, said })
        }
        "svg" => {
            let text = text_of(&bytes)?;
            refuse(&drawing(text))?;
            as_is(bytes, &Facts::default())
        }
        "vtt" => {
            let text = text_of(&bytes)?.replace("\r\n", "\n");
            refuse(&captions(&text).1)?;
            as_is(text.into_bytes(), &Facts::default())
        }
        _ => {
            let facts = medium::examine(extension, &bytes)?;
            as_is(bytes, &facts)
        }
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes)
        .map_err(|_| format!("Ce texte n’est pas en UTF-8{NBSP}: enregistrez le fichier dans cet encodage."))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// Problems of a text, by line.
fn refuse(problems: &[domain::course::parse::Problem]) -> Result<(), String> {
    let lines = problems.iter().take(10).map(|problem| format!("ligne {}, {}", problem.line, problem.said));
    let said = lines.collect::<Vec<_>>().join("\u{202f}; ");
    if problems.is_empty() { Ok(()) } else { Err(format!("Ce fichier est à corriger{NBSP}: {said}.")) }
}

/// « Vidéo de 2 min 05 s, 640 × 360 points, 4,2 Mo »
fn said(kind: Kind, bytes: usize, facts: &Facts) -> String {
    let mut parts = vec![kind.name().to_owned()];
    if let Some(milliseconds) = facts.length_ms {
        parts = vec![format!("{} de {}", kind.name(), length(milliseconds))];
    }
    parts.extend(facts.size.map(|(width, height)| format!("{width} × {height} points")));
    parts.push(weight(bytes as u64));
    parts.join(", ")
}

/// What is told of a file of a course: its dimensions, its length.
pub(super) fn facts(path: &str, bytes: &[u8]) -> Facts {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match Kind::of(path) {
        Kind::Image => Facts { size: image::size(bytes), ..Facts::default() },
        // What was published before these checks is shown all the same.
        _ => medium::examine(extension, bytes).unwrap_or_default(),
    }
}
