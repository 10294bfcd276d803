//! The problems of sounds, videos, captions and drawings.

use super::{check, file, whole, with, without};
use crate::course::parse::SourceFile;

const CHAPTER: &str = "02-posture/chapter.md";

/// The whole course with this at the end of its second chapter, from line 11 on.
fn ending(text: &str) -> Vec<SourceFile> {
    let mut files = whole();
    let chapter = files.iter_mut().find(|file| file.path == CHAPTER).unwrap();
    chapter.bytes.extend_from_slice(format!("\n{text}\n").as_bytes());
    files
}

const VIDEO: &str = ":::video media/demo.webm\ntitle = \"D\"\ncaptions = \"media/demo.vtt\"\n:::";

#[test]
fn a_video_has_a_title_and_captions() {
    check(&ending(VIDEO), &[]);
    check(
        &ending(":::video media/demo.webm\n:::"),
        &[(CHAPTER, 12, "il manque « title »"), (CHAPTER, 12, "il manque « captions »")],
    );
    check(
        &ending(&VIDEO.replace("demo.webm", "demi.webm")),
        &[(CHAPTER, 11, "Vouliez-vous écrire « media/demo.webm » ?")],
    );
    check(&ending(&VIDEO.replace("demo.webm", "plan.svg")), &[(CHAPTER, 11, "il faut un fichier webm, mp4")]);
    check(&ending(&VIDEO.replace("demo.vtt", "plan.svg")), &[(CHAPTER, 13, "il faut un fichier vtt")]);
    check(
        &ending(&VIDEO.replace("title", "titre")),
        &[(CHAPTER, 12, "il manque « title »"), (CHAPTER, 12, "« titre » n’est pas connue")],
    );
    check(&ending(&VIDEO.replace("\n:::", "")), &[(CHAPTER, 11, "n’est pas fermé")]);
    check(&ending(&format!(":::cas A\n{VIDEO}\n:::")), &[(CHAPTER, 12, "ne se met pas dans un cas")]);
    check(
        &ending(&VIDEO.replace(":::video", ":::audio").replace("captions", "poster = \"media/plan.svg\"\ncaptions")),
        &[(CHAPTER, 11, "il faut un fichier ogg, opus, mp3"), (CHAPTER, 13, "« poster » n’est pas connue")],
    );
    check(
        &ending(":::video\ntitle = \"D\"\ncaptions = \"media/demo.vtt\"\n:::"),
        &[(CHAPTER, 11, "n’est pas un fichier du cours")],
    );
}

#[test]
fn a_transcript_is_plain_markdown() {
    let transcript = "Texte <b>\n\n## Titre\n\nnote[^1]\n\n[^1]: x\n\n[illectronisme](glossaire:illectronisme)\n";
    check(
        &with("media/demo.md", transcript),
        &[
            ("media/demo.md", 1, "HTML"),
            ("media/demo.md", 3, "titre de ce niveau"),
            ("media/demo.md", 5, "pas de note"),
            ("media/demo.md", 7, "rien n’appelle"),
        ],
    );
}

#[test]
fn captions_are_checked_line_by_line() {
    for (vtt, line, said) in [
        ("", 1, "aucun sous-titre"),
        ("WEBVTT\n", 1, "aucun sous-titre"),
        ("00:01.000 --> 00:02.000\na\n", 1, "une ligne WEBVTT"),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\na\n\n00:03.000 --> 00:04.000\nb\n", 3, "temps mal écrits"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\na\n\n00:03.000 --> 00:04.000\nb\n", 3, "temps mal écrits"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\na\n", 3, "finit avant d’avoir commencé"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\na\n\n00:02.000 --> 00:04.000\nb\n", 6, "avant la fin du précédent"),
        ("WEBVTT\n\n00:01.000 --> 00:03.000\n<i></i>\n", 3, "est vide"),
        ("WEBVTT\n\nbonjour\n\n00:01.000 --> 00:03.000\na\n", 3, "la ligne des temps"),
    ] {
        let found = super::problems(&with("media/demo.vtt", vtt));
        assert!(
            found.iter().any(|p| p.file == "media/demo.vtt" && p.line == line && p.said.contains(said)),
            "{vtt:?}: {found:?}"
        );
    }
}

#[test]
fn drawings_cannot_run_nor_fetch_anything() {
    let draw = |inside: &str| {
        with("media/plan.svg", format!("<svg xmlns=\"http://www.w3.org/2000/svg\">\n{inside}\n</svg>\n"))
    };
    for inside in [
        "<path d=\"M0 0\" style=\"fill:red\"/>",
        "<image href=\"data:image/png;base64,AA==\"/>",
        "<use xlink:href=\"#a\"/>",
        "<text>on x = 3</text>",
    ] {
        check(&draw(inside), &[]);
    }
    for (inside, said) in [
        ("<script>alert(1)</script>", "<script> est refusé"),
        ("<SCRIPT/>", "<SCRIPT> est refusé"),
        ("<svg:script/>", "<svg:script> est refusé"),
        ("<foreignObject/>", "<foreignObject> est refusé"),
        ("<rect onload=\"x\"/>", "lance du code"),
        ("<rect ONCLICK='x'/>", "lance du code"),
        ("<a href=\"https://x.fr\"><g/></a>", "autre chose que lui-même"),
        ("<image xlink:href=\"//x.fr/a.png\"/>", "autre chose que lui-même"),
        ("<image href=\"data:image/svg+xml,x\"/>", "autre chose que lui-même"),
        ("<rect fill=\"url(https://x.fr)\"/>", "un autre fichier"),
        ("<rect fill=\"u&#114;l(https://x.fr)\"/>", "un autre fichier"),
        ("<style>@import 'x.css';</style>", "un autre fichier"),
        ("<style><![CDATA[a{background:url(x)}]]></style>", "un autre fichier"),
        ("<rect style=\"fill:\\75rl(x)\"/>", "un autre fichier"),
        ("<set attributeName=\"href\" to=\"#a\"/>", "change un lien"),
        ("<!DOCTYPE svg [<!ENTITY a \"b\">]>", "déclaration refusée"),
        ("<?xml-stylesheet href=\"#\"?>", "déclaration refusée"),
        ("<g>", "ne s’emboîtent pas"),
        ("<g", "une balise n’est pas fermée"),
        ("<g a=b/>", "entre guillemets"),
        ("<g a/>", "pas de valeur"),
    ] {
        let found = super::problems(&draw(inside));
        assert!(found.iter().any(|p| p.file == "media/plan.svg" && p.said.contains(said)), "{inside}: {found:?}");
        assert!(found.iter().all(|p| p.file == "media/plan.svg"), "{found:?}");
    }
    let found = super::problems(&draw("<a href=\"java&#x0A;script&colon;x\"><g/></a><a to=\"&#106;avascript:x\"/>"));
    assert_eq!(found.iter().filter(|p| p.line == 2).count(), 3, "{found:?}");
    check(&with("media/plan.svg", "Bonjour"), &[("media/plan.svg", 1, "dessin SVG complet")]);
    check(&with("media/plan.svg", "<html></html>"), &[("media/plan.svg", 1, "par une balise <svg>")]);
}

#[test]
fn a_medium_is_what_its_name_says() {
    for path in ["media/frise.png", "media/demo.webm", "01-accueil/media/temoin.ogg"] {
        check(&with(path, "autre chose"), &[(path, 1, "ne correspond pas à l’extension")]);
    }
    check(
        &with("media/demo.webm", [b"\x1a\x45\xdf\xa3".to_vec(), vec![0; 20 * 1024 * 1024]].concat()),
        &[("media/demo.webm", 1, "20 Mio")],
    );
    let mut files = whole();
    files.push(file("media/lettre.docx", "PK"));
    check(&files, &[("media/lettre.docx", 1, "pas accepté")]);
}

#[test]
fn a_missing_file_is_reported_where_it_is_named() {
    check(&without("media/demo.vtt"), &[("01-accueil/chapter.md", 58, "« media/demo.vtt » n’existe pas")]);
}

#[test]
fn every_format_is_known_by_its_first_bytes() {
    for (name, bytes) in [
        ("a.jpg", b"\xff\xd8\xff\xe0".as_slice()),
        ("a.jpeg", b"\xff\xd8\xff\xe0"),
        ("a.webp", b"RIFF....WEBP"),
        ("a.avif", b"....ftypavif"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
    ] {
        let mut files = ending(&format!("![a](media/{name})"));
        files.push(file(&format!("media/{name}"), bytes));
        check(&files, &[]);
    }
    for (name, kind, bytes) in
        [("a.mp3", "audio", b"ID3.".as_slice()), ("a.opus", "audio", b"OggS"), ("a.mp4", "video", b"....ftypisom")]
    {
        let mut files = ending(&format!(":::{kind} media/{name}\ntitle = \"D\"\ncaptions = \"media/demo.vtt\"\n:::"));
        files.push(file(&format!("media/{name}"), bytes));
        check(&files, &[]);
    }
}
