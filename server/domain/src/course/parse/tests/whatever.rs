//! Whatever the bytes and whatever the Markdown: no panic, nothing unsafe, anchors that hold.

use super::super::{
    files::Files,
    markdown, outline,
    report::Report,
    world::{Place, World},
};
use super::{SVG, VTT, file, html, parse, section_files, whole};
use crate::course::{Block, Section};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Pieces that mean something to one reader or another.
const PIECES: [&str; 56] = [
    "## Titre {#a}\n",
    "### Sous\n",
    "#### Sous\n",
    "# Un\n",
    "\n",
    "\n\n",
    "- a\n",
    "  1. b\n",
    "> [!NOTE]\n",
    "> c\n",
    "| a | b |\n|--|:-:|\n| c | d |\n",
    "[^1]",
    "[^1]: note\n",
    "[t](#a)",
    "[t](glossaire:usager)",
    "[t](javascript:alert(1))",
    "[t](https://x.fr/?a=\"><script>)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![a](media/plan.svg)",
    "![](x \"décoratif\")",
    "![a](javascript:x)",
    ":::cas T\n",
    ":::\n",
    ":::video media/demo.webm\n",
    "title = \"t\"\n",
    "captions = \"media/demo.vtt\"\n",
    "```\n",
    "~~~\n",
    "**",
    "*",
    "`",
    "Terme\n: def\n",
    "    code\n",
    "\\",
    "&lt;script&gt;",
    "&#106;avascript:",
    "<https://x.fr>",
    "<a@b.fr>",
    "\u{e000}0\u{e000}",
    "\u{e000}",
    "\r\n",
    "\u{0}",
    "é",
    "“",
    "+++\n",
    "\"\"\"",
    "[[question]]\n",
    "type = \"gap\"\n",
    "{",
    "}",
    "[x]: javascript:a\n",
    "[x]",
    "---\n",
    "mot ",
    "<!-- -->",
];

fn markdown() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => "\\PC{0,12}"],
        0..40,
    )
    .prop_map(|pieces| pieces.concat())
}

/// A section rendered even when it has problems.
fn rendered(text: &str) -> Vec<Section> {
    let sources = whole();
    let mut report = Report::default();
    let files = Files::new(&sources, &mut report);
    let terms = BTreeSet::from([String::from("usager")]);
    let world = World { course: "socle", files: &files, terms, skills: BTreeSet::new(), anchors: BTreeMap::new() };
    let place = Place { world: &world, file: "f", folder: "01-accueil", chapter: "accueil", away: false };
    let cuts = outline::cut("f", text, 1, &mut report);
    let render = |cut: &outline::Cut| {
        let media = cut.inserts.iter().map(|insert| match insert {
            outline::Insert::Media { kind, .. } => Some(crate::course::Media {
                anchor: String::new(),
                kind: *kind,
                title: String::from("m"),
                file: String::new(),
                captions: String::new(),
                poster: None,
                cues: Vec::new(),
                transcript: None,
            }),
            _ => None,
        });
        let (blocks, passages) = markdown::section(&place, cut, media.collect(), &mut Report::default());
        Section { slug: "a".parse().unwrap(), title: cut.title.clone(), blocks, passages }
    };
    cuts.iter().map(render).collect()
}

/// Refuses every tag that the format does not write, and every attribute that could do something.
fn assert_harmless(html: &str) {
    let lower = html.to_lowercase();
    for tag in lower.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        for refused in ["script", "onerror=", "onload=", "javascript:", "style=", "iframe", "svg", "data:"] {
            let text = tag.split('"').step_by(2).collect::<String>();
            assert!(!text.contains(refused), "{refused} in {html}");
        }
        for attribute in ["href=\"", "src=\""] {
            let value = tag.split(attribute).nth(1).unwrap_or_default();
            assert!(!value.trim_start().starts_with("javascript:"), "{html}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn rendered_html_is_harmless_whatever_the_markdown(text in markdown()) {
        for section in rendered(&format!("## A {{#a}}\n{text}")) {
            for block in &section.blocks {
                if let Block::Prose { html } = block {
                    assert_harmless(html);
                }
            }
        }
    }

    #[test]
    fn every_passage_is_somewhere_once_whatever_the_markdown(text in markdown()) {
        for section in rendered(&format!("## A {{#a}}\n{text}")) {
            let html = html(&section);
            for passage in &section.passages {
                let id = format!("id=\"{}\"", passage.anchor);
                prop_assert_eq!(html.matches(&id).count(), 1, "{} in {}", id, html);
            }
        }
    }

    #[test]
    fn a_section_is_read_or_reported_whatever_the_markdown(text in markdown()) {
        let (course, problems) = parse("socle", &section_files(&text));
        prop_assert_eq!(course.is_some(), problems.is_empty());
        prop_assert!(problems.iter().all(|problem| problem.line >= 1 && !problem.said.is_empty()));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), which in 0usize..12) {
        let mut files = whole();
        files[which].bytes = bytes;
        let (course, problems) = parse("socle", &files);
        prop_assert_eq!(course.is_some(), problems.is_empty());
    }

    #[test]
    fn no_mutation_of_a_sound_course_makes_it_panic(which in 0usize..12, at in 0.0f64..1.0, cut in 0usize..30, piece in prop::sample::select(&PIECES[..])) {
        let mut files = whole();
        let bytes = &mut files[which].bytes;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        let start = (bytes.len() as f64 * at) as usize;
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, piece.bytes());
        let (course, problems) = parse("socle", &files);
        prop_assert_eq!(course.is_some(), problems.is_empty());
    }

    #[test]
    fn no_path_makes_it_panic(path in "[a-z0-9./ é-]{0,30}", slug in "[a-z/. -]{0,10}") {
        let mut files = whole();
        files.push(file(&path, "x"));
        let (course, _) = parse(&slug, &files);
        prop_assert!(course.is_none(), "a file of too many or a wrong name is always a problem: {path}");
    }

    #[test]
    fn no_drawing_nor_captions_make_it_panic(at in 0usize..400, piece in "[<>\"'=&;/!?a-z -]{0,6}", vtt in "[0-9:.> \n-]{0,60}") {
        let mut svg = SVG.to_owned();
        svg.insert_str(at.min(svg.len()), &piece);
        let mut files = whole();
        files[2].bytes = svg.into_bytes();
        files[5].bytes = format!("{VTT}{vtt}").into_bytes();
        let (course, problems) = parse("socle", &files);
        prop_assert_eq!(course.is_some(), problems.is_empty());
    }
}

#[test]
fn very_deep_markdown_is_reported_and_not_followed() {
    for text in [">".repeat(50_000), "- ".repeat(5_000), "*a **a ".repeat(5_000), "[".repeat(50_000)] {
        let (_, problems) = parse("socle", &section_files(&text));
        assert!(problems.len() < 10, "{}", problems.len());
    }
    let (course, _) = parse("socle", &section_files(&">".repeat(50_000)));
    assert!(course.is_none());
}

#[test]
fn very_deep_toml_is_reported_and_not_followed() {
    let deep = format!("title = {}", "[".repeat(20_000));
    assert!(!super::problems(&super::with("course.toml", deep)).is_empty());
}
