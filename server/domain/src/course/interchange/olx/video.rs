//! `video`: taken with its captions where the archive holds it; else a link, and what is said in it.

use super::archive::{Archive, Block, line_of};
use super::links::Links;
use crate::course::Cue;
use crate::course::interchange::html::{self, literal};
use crate::course::interchange::media::For;
use crate::course::interchange::{Item, Notes, subtitles, xml};
use serde_json::Value;

/// Reads a video: what is said of it, its place in the text, and its length in seconds as far as it is known.
pub(super) fn read(archive: &Archive<'_>, block: &Block<'_>, links: &mut Links<'_>) -> (Item, Option<String>, u32) {
    let what = archive.named(block);
    let mut notes = Notes::default();
    let cues = captions(archive, block, links, &mut notes);
    let seconds = cues.iter().map(|cue| cue.end_ms / 1000).max().unwrap_or(0);
    let title = archive.title(block);
    let sources = sources(archive, block);
    let mut held = None;
    for source in &sources {
        let Some((path, bytes)) = links.file(source) else { continue };
        match links.shelf.take(path, Some(bytes), For::Video) {
            Ok(path) => held = held.or(Some(path)),
            Err(why) => notes.say(why),
        }
    }
    if let Some(path) = held {
        let captions = if cues.is_empty() {
            notes.say("elle n’a pas de sous-titres : ajoutez-les (captions), sans quoi le cours ne se publie pas");
            String::new()
        } else {
            let captions = links.shelf.put(&path, "vtt", subtitles::vtt(&cues).into_bytes());
            format!("captions = {}\n", line_of(&captions, 200))
        };
        let text = format!(":::video {path}\ntitle = {}\n{captions}:::", line_of(&title, 200));
        return (Item::kept(block.file, block.line, what, notes), Some(text), seconds);
    }
    let youtube = archive.attribute(block, "youtube_id_1_0").filter(|id| !id.is_empty());
    let youtube = youtube.or_else(|| {
        let listed = archive.attribute(block, "youtube")?;
        listed.split(',').find_map(|one| one.trim().strip_prefix("1.00:").map(str::to_owned))
    });
    let youtube = youtube.filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)));
    let away = youtube.map(|id| format!("https://www.youtube.com/watch?v={id}"));
    let away = away.or_else(|| sources.iter().find_map(|source| html::elsewhere(source, &mut notes).ok()));
    let Some(away) = away else {
        return (
            Item::left(block.file, block.line, what, "ni son fichier ni son adresse ne sont dans l’archive"),
            None,
            0,
        );
    };
    notes.say("son fichier n’est pas dans l’archive : un lien y mène ; pour la montrer ici, ajoutez-la à media/ avec ses sous-titres dans un bloc :::video");
    let mut text = format!("[{} (vidéo sur un autre site)]({away})", literal(&title));
    if !cues.is_empty() {
        notes.say("ce qui y est dit est repris en texte");
        push!(text, "\n\n**Transcription**\n\n{}", subtitles::transcript(&cues));
    }
    (Item::kept(block.file, block.line, what, notes), Some(text), seconds)
}

/// The addresses of its files, the archive's own or not.
fn sources(archive: &Archive<'_>, block: &Block<'_>) -> Vec<String> {
    let listed =
        archive.attribute(block, "html5_sources").and_then(|list| serde_json::from_str::<Vec<String>>(&list).ok());
    let mut sources = listed.unwrap_or_default();
    sources.extend(archive.attribute(block, "source"));
    sources.extend(xml::children(block.node, "source").filter_map(|source| source.attribute("src")).map(str::to_owned));
    sources.retain(|source| !source.trim().is_empty());
    sources
}

/// Its captions in French, else in the course's language, else in the first.
fn captions(archive: &Archive<'_>, block: &Block<'_>, links: &Links<'_>, notes: &mut Notes) -> Vec<Cue> {
    let mut known: Vec<(String, String)> = Vec::new();
    for transcript in xml::children(block.node, "transcript") {
        if let (Some(language), Some(file)) = (transcript.attribute("language"), transcript.attribute("src")) {
            known.push((language.to_owned(), file.to_owned()));
        }
    }
    let listed = archive.attribute(block, "transcripts").and_then(|list| serde_json::from_str::<Value>(&list).ok());
    for (language, file) in listed.as_ref().and_then(Value::as_object).into_iter().flatten() {
        known.extend(file.as_str().map(|file| (language.clone(), file.to_owned())));
    }
    if let Some(name) = archive.attribute(block, "sub").filter(|name| !name.is_empty()) {
        known.push((String::new(), format!("subs_{name}.srt.sjson")));
    }
    let own = archive.whole().and_then(|course| archive.attribute(&course, "language")).unwrap_or_default();
    known.sort_by_key(|(language, _)| (!language.starts_with("fr"), *language != own));
    let mut tried = None;
    for (language, file) in known {
        let read = links.named(file.rsplit('/').next().unwrap_or_default());
        match read.map(|bytes| subtitles::read(bytes, notes)) {
            Some(Ok(cues)) => {
                if !language.is_empty() && !language.starts_with("fr") {
                    notes.say(format!("ses sous-titres sont en « {language} »"));
                }
                return cues;
            }
            Some(Err(why)) => tried = Some(why),
            None => tried = Some(format!("ses sous-titres « {} » ne sont pas dans l’archive", html::short(&file))),
        }
    }
    if let Some(why) = tried {
        notes.say(why);
    }
    Vec::new()
}
