//! What an author brings in: told by its content, measured, and refused with a remedy where agents could not use it.

mod mp3;
mod mp4;
mod ogg;
#[cfg(test)]
mod tests;
mod webm;

use crate::course::Cue;
use crate::text::NBSP;

/// What a file of a course is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Image,
    Drawing,
    Sound,
    Video,
    Captions,
    Transcript,
    Other,
}

impl Kind {
    /// By the extension that its content called for.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
            "png" | "jpg" | "jpeg" | "webp" | "avif" => Self::Image,
            "svg" => Self::Drawing,
            "ogg" | "opus" | "mp3" => Self::Sound,
            "webm" | "mp4" => Self::Video,
            "vtt" => Self::Captions,
            "md" => Self::Transcript,
            _ => Self::Other,
        }
    }

    /// As authors name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "Image",
            Self::Drawing => "Dessin",
            Self::Sound => "Son",
            Self::Video => "Vidéo",
            Self::Captions => "Sous-titres",
            Self::Transcript => "Transcription",
            Self::Other => "Fichier",
        }
    }

    /// « Cette vidéo »
    #[must_use]
    pub fn this(self) -> &'static str {
        match self {
            Self::Image => "Cette image",
            Self::Drawing => "Ce dessin",
            Self::Sound => "Ce son",
            Self::Video => "Cette vidéo",
            Self::Captions => "Ce fichier de sous-titres",
            Self::Transcript => "Cette transcription",
            Self::Other => "Ce fichier",
        }
    }

    /// The heaviest that is taken in, in bytes. Images are made lighter as they come.
    #[must_use]
    pub fn most(self) -> u64 {
        match self {
            Self::Image => 40 * MB,
            Self::Sound | Self::Video => 20 * MB,
            Self::Drawing | Self::Captions | Self::Transcript | Self::Other => 512 * 1024,
        }
    }

    /// What to do where it is too heavy.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Video => {
                "exportez-la en 480 lignes et 500 kbit/s (H.264 ou VP9), ou coupez-la en séquences de moins de 5 minutes"
            }
            Self::Sound => "exportez-le en Opus ou en MP3 à 64 kbit/s, ou coupez-le",
            Self::Image => "réduisez-la à 3 000 points de large, ou enregistrez-la en JPEG",
            Self::Drawing => "simplifiez le tracé, ou exportez-le en PNG",
            Self::Captions | Self::Transcript | Self::Other => "coupez-le en plusieurs",
        }
    }
}

const MB: u64 = 1_000_000;

/// What shows a medium in a chapter, `path` being as the chapter names it: what stands before the words that the author
/// has to choose, these words, and what stands after. Nothing for what is not shown by itself.
#[must_use]
pub fn written(path: &str, has_transcript: bool) -> Option<(String, &'static str, String)> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let name = match Kind::of(path) {
        Kind::Image | Kind::Drawing => return Some(("![".to_owned(), "Ce que montre l’image", format!("]({path})"))),
        Kind::Video => "video",
        Kind::Sound => "audio",
        Kind::Captions | Kind::Transcript | Kind::Other => return None,
    };
    let transcript = if has_transcript { format!("\ntranscript = \"{stem}.md\"") } else { String::new() };
    let end = format!("\"\ncaptions = \"{stem}.vtt\"{transcript}\n:::");
    Some((format!(":::{name} {path}\ntitle = \""), "Titre", end))
}

/// Says that a file is too heavy, and what to do; nothing where it is not.
#[must_use]
pub fn too_heavy(kind: Kind, bytes: u64) -> Option<String> {
    (bytes > kind.most()).then(|| {
        let (this, most, remedy) = (kind.this(), weight(kind.most()), kind.remedy());
        format!("{this} pèse {}, au plus {most}{NBSP}: {remedy}.", weight(bytes))
    })
}

/// « 1,2 Go », « 84 Mo », « 120 ko ».
#[must_use]
pub fn weight(bytes: u64) -> String {
    // What rounds up to a thousand megabytes is a gigabyte.
    if bytes > 999 * MB {
        let tenths = bytes.div_ceil(100 * MB);
        let decimal = if tenths.is_multiple_of(10) { String::new() } else { format!(",{}", tenths % 10) };
        return format!("{}{decimal}{NBSP}Go", crate::text::integer(tenths / 10));
    }
    if bytes >= MB {
        let tenths = bytes.saturating_mul(10).div_ceil(MB);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        let decimals = if whole < 10 && tenth > 0 { format!(",{tenth}") } else { String::new() };
        return format!("{whole}{decimals}{NBSP}Mo");
    }
    format!("{}{NBSP}ko", bytes.div_ceil(1000).max(1))
}

/// « 2 min 05 s »
#[must_use]
pub fn length(milliseconds: u64) -> String {
    let seconds = milliseconds.div_ceil(1000);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}{NBSP}s"),
        (minutes, seconds) => format!("{minutes}{NBSP}min{NBSP}{seconds:02}{NBSP}s"),
    }
}

/// What was measured of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Of an image or a video, in points.
    pub size: Option<(u32, u32)>,
    /// Of a sound or a video, in milliseconds; none where the file does not say.
    pub length_ms: Option<u64>,
    /// As their formats name them: `avc1`, `V_VP9`, `opus`.
    pub codecs: Vec<String>,
}

/// Reads a sound or a video whose first bytes are those of that format.
///
/// # Errors
/// A sentence in French: what is wrong, and the remedy.
pub fn examine(extension: &str, bytes: &[u8]) -> Result<Facts, String> {
    let read = match extension {
        "mp4" => mp4::read(bytes),
        "webm" => webm::read(bytes),
        "ogg" | "opus" => ogg::read(bytes),
        "mp3" => mp3::read(bytes),
        _ => return Ok(Facts::default()),
    };
    let this = Kind::of(&format!(".{extension}"));
    read.map_err(|wrong| match wrong {
        Wrong::Cut => format!(
            "{} n’est pas entière ou contient autre chose à sa fin{NBSP}: exportez-la de nouveau, sans passer par un autre outil.",
            match this {
                Kind::Video => "Cette vidéo",
                _ => "Cette piste sonore",
            }
        ),
        Wrong::Codec(codec) => {
            let (word, remedy) = match this {
                Kind::Video => ("encodée", "exportez-la en H.264 et AAC (MP4), ou en VP8 ou VP9 et Opus (WebM)"),
                _ => ("encodé", "exportez-le en Opus (OGG) ou en MP3"),
            };
            format!("{} est {word} en {codec}, que tous les navigateurs ne lisent pas{NBSP}: {remedy}.", this.this())
        }
        Wrong::Nothing => {
            format!("{} ne contient ni son ni image lisible{NBSP}: exportez de nouveau le fichier.", this.this())
        }
    })
}

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Wrong {
    /// It ends too early, or goes on after its end.
    Cut,
    /// Browsers do not all play it.
    Codec(String),
    /// No track in it.
    Nothing,
}

/// So many bytes from there, as a big-endian number.
fn big(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

fn little(bytes: &[u8], at: usize, count: usize) -> Option<u64> {
    let part = bytes.get(at..at.checked_add(count)?)?;
    Some(part.iter().rev().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
}

/// A name that files of a course may have, made of the one that a file was sent under. None where it is no name: it climbs,
/// or has nothing left.
#[must_use]
pub fn name(sent: &str, extension: &str) -> Option<String> {
    if sent.contains(['/', '\\', '\0']) || sent.starts_with('.') || sent.chars().count() > 200 {
        return None;
    }
    let stem = sent.rsplit_once('.').map_or(sent, |(stem, _)| stem);
    let stem = crate::text::slug(stem, 60);
    // Names of devices, which some systems cannot write to a disk.
    let is_device = ["con", "prn", "aux", "nul"].contains(&stem.as_str())
        || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
    (!stem.is_empty() && !is_device).then(|| format!("{stem}.{extension}"))
}

/// The paths under `media/` that a text names.
#[must_use]
pub fn named_in(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("media/") {
        let from = rest.get(at..).unwrap_or_default();
        let end = from
            .find(|sign: char| !(sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_' | '.' | '/')))
            .unwrap_or(from.len());
        let (path, after) = from.split_at(end);
        found.push(path.trim_end_matches('.'));
        rest = after;
    }
    found
}

/// A pause so long begins a paragraph.
const PAUSE_MS: u32 = 1_500;
/// A paragraph so long ends with its sentence.
const LONG: usize = 400;

/// A transcript in Markdown of what captions say, to be read over.
#[must_use]
pub fn transcript(cues: &[Cue]) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    let mut end = 0;
    for cue in cues {
        let said = cue.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_long = |last: &String| last.chars().count() > LONG && last.ends_with(['.', '!', '?', '…']);
        let goes_on = cue.start_ms.saturating_sub(end) < PAUSE_MS && !cue.text.starts_with(['–', '—', '-']);
        match paragraphs.last_mut().filter(|last| goes_on && !is_long(last)) {
            Some(last) => {
                last.push(' ');
                last.push_str(&said);
            }
            None => paragraphs.push(said),
        }
        end = cue.end_ms;
    }
    let marked = |paragraph: &String| {
        let mut out = String::with_capacity(paragraph.len());
        for sign in paragraph.chars() {
            if matches!(sign, '\\' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' | '|') {
                out.push('\\');
            }
            out.push(sign);
        }
        // at the beginning of a line, a dash would make a list
        if out.starts_with(['-', '+']) { format!("\\{out}") } else { out }
    };
    paragraphs.iter().map(marked).collect::<Vec<_>>().join("\n\n") + "\n"
}
