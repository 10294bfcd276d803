//! A sound or a video: the inside of `:::audio` and `:::video`.

use super::files::{Source, Use};
use super::markdown;
use super::report::Report;
use super::toml_reader::{Doc, Text};
use super::vtt;
use super::world::Place;
use crate::course::{Media, MediaKind};

/// Reads a medium. None when a file is missing, which has been reported.
pub(super) fn read(
    place: &Place<'_>,
    kind: MediaKind,
    path: &str,
    line: u32,
    toml: &str,
    report: &mut Report,
) -> Option<Media> {
    let doc = Doc::read(place.file, toml, line + 1, report);
    let keys = doc.root();
    match kind {
        MediaKind::Video => keys.shape(&["title", "captions"], &["poster", "transcript"], report),
        MediaKind::Audio => keys.shape(&["title", "captions"], &["transcript"], report),
    }
    let title = keys.line_of_text("title", 200, report).said;
    let wanted = if kind == MediaKind::Video { Use::Video } else { Use::Audio };
    let medium = find(place, &Text { said: path.to_owned(), line }, wanted, report);
    let named = |key: &str, wanted: Use, report: &mut Report| {
        let named = keys.has(key).then(|| keys.line_of_text(key, 200, report))?;
        find(place, &named, wanted, report)
    };
    let captions = named("captions", Use::Captions, report);
    let poster = named("poster", Use::Image, report);
    let transcript = named("transcript", Use::Transcript, report);

    let cues = captions.as_ref().and_then(|path| Some(vtt::read(path, &place.world.files.text(path, report)?, report)));
    let transcript = transcript.and_then(|path| {
        let text = place.world.files.text(&path, report)?;
        let place = Place { file: &path, ..*place };
        Some(markdown::fragment(&place, &text, 1, report).0)
    });
    Some(Media {
        anchor: String::new(),
        kind,
        title,
        file: medium?,
        captions: captions?,
        poster,
        cues: cues?,
        transcript,
    })
}

fn find(place: &Place<'_>, named: &Text, wanted: Use, report: &mut Report) -> Option<String> {
    let source = Source { file: place.file, line: named.line, folder: place.folder };
    place.world.files.medium(&source, &named.said, wanted, report)
}
