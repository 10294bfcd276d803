use super::*;
use crate::home::{Path, Step, StepState};
use crate::ui::support::{assert_sound, html};
use domain::course::{Block, Chapter, Cue, Media, MediaKind, Section, Sheet, Term};

fn section(slug: &str, blocks: Vec<Block>) -> Section {
    Section { slug: slug.parse().unwrap(), title: format!("Section {slug}"), blocks, passages: Vec::new() }
}

fn sound() -> Block {
    let cue = Cue { start_ms: 0, end_ms: 900, text: "Maison de Rethel, bonjour.".into() };
    Block::Media(Media {
        anchor: "p-un-m1".into(),
        kind: MediaKind::Audio,
        title: "Un appel".into(),
        file: "media/appel.ogg".into(),
        captions: "media/appel.vtt".into(),
        poster: None,
        cues: vec![cue],
        transcript: None,
    })
}

fn page() -> ChapterPage {
    let prose = "<p id=\"p-un-1\">Un <a class=\"term\" href=\"#glossaire-mandat\">mandat</a>.</p>\
                 <figure class=\"figure\"><img src=\"media:///media/a.svg\" alt=\"Deux &lt;chaises&gt;\" loading=\"lazy\"></figure>\
                 <img src=\"media:///media/b.svg\" alt=\"\" loading=\"lazy\">";
    let term = |key: &str| Term { key: key.into(), term: key.to_uppercase(), definition: "Une définition.".into() };
    ChapterPage {
        notices: Vec::new(),
        course: "mediation".parse().unwrap(),
        course_title: "La médiation".into(),
        chapter: Chapter {
            slug: "accueil".parse().unwrap(),
            number: 1,
            title: "L’accueil".into(),
            summary: "En bref.".into(),
            objectives: vec!["Accueillir".into()],
            minutes: 20,
            sections: vec![
                section("un", vec![Block::Prose { html: prose.into() }, sound()]),
                section("deux", Vec::new()),
            ],
            quiz: None,
            sheet: Some(Sheet { title: "Les quatre temps".into(), html: "<h2>Dire</h2><p>Bonjour.</p>".into() }),
        },
        terms: vec![term("mandat")],
        media_base: "/media/mediation/3/".into(),
        read: [("un".parse().unwrap(), "2026-11-24T13:05:00Z".parse().unwrap())].into(),
        light: false,
        previous: None,
        next: Some(Neighbour { href: "/cours/mediation/suite".into(), title: "La suite".into() }),
        quiz: Some(QuizStatus { href: "/cours/mediation/accueil/quiz".into(), said: "80\u{a0}% suffisent.".into() }),
        remains: vec!["lire 1 section".into(), "réussir le quiz".into()],
    }
}

fn drawn(page: ChapterPage) -> String {
    html(chapter_page(page))
}

#[test]
fn a_chapter_reads_whole_with_its_media_where_they_are_served() {
    let html = drawn(page());
    assert!(html.contains("src=\"/media/mediation/3/media/a.svg\"") && !html.contains("media:///"), "{html}");
    assert!(html.contains("/media/mediation/3/media/appel.ogg") && html.contains("href=\"#un\""));
    assert!(html.contains("id=\"un\"") && html.contains("id=\"deux\"") && html.contains("id=\"suite\""));
}

#[test]
fn a_section_is_marked_as_read_by_a_form_or_tells_when_it_was() {
    let html = drawn(page());
    assert!(html.contains("Section lue le <time datetime=\"2026-11-24T13:05:00Z\">24 novembre 2026</time>"), "{html}");
    assert_eq!(html.matches("action=\"/cours/mediation/accueil/lu\"").count(), 1);
    assert!(html.contains("name=\"section\" value=\"deux\"") && html.contains("J’ai lu cette section"));
}

#[test]
fn the_words_and_the_sheet_come_after_the_sections() {
    let html = drawn(page());
    let at = |text: &str| html.find(text).unwrap_or_else(|| panic!("{text} not in {html}"));
    assert!(at("id=\"deux\"") < at("/cours/mediation/accueil/fiche") && at("fiche\"") < at("id=\"glossaire-mandat\""));
}

#[test]
fn a_sheet_is_a_page_of_its_own_that_leads_back() {
    let html = html(sheet_page(SheetPage {
        sheet: page().chapter.sheet.unwrap(),
        back: Neighbour { href: "/cours/mediation/accueil".into(), title: "Chapitre 1\u{a0}: L’accueil".into() },
        media_base: "/media/mediation/3/".into(),
    }));
    assert_sound(&html);
    assert!(html.contains("<h1>Les quatre temps</h1>") && html.contains("href=\"/cours/mediation/accueil\""), "{html}");
}

#[test]
fn what_remains_and_what_comes_next_are_told() {
    let html = drawn(page());
    assert!(html.contains("il reste à lire 1 section et à réussir le quiz."));
    assert!(
        html.contains("href=\"/cours/mediation/accueil/quiz\"")
            && html.contains("rel=\"next\"")
            && !html.contains("rel=\"prev\"")
    );
    let html = drawn(ChapterPage { remains: Vec::new(), ..page() });
    assert!(html.contains("Ce chapitre est acquis."));
}

#[test]
fn light_a_chapter_asks_for_no_image_and_no_media_and_loses_no_word() {
    let html = drawn(ChapterPage { light: true, ..page() });
    assert_sound(&html);
    assert!(!html.contains("<img") && !html.contains("<audio") && !html.contains("<track"), "{html}");
    assert!(html.contains("Image\u{a0}: Deux &lt;chaises&gt;") && html.contains("Maison de Rethel, bonjour."));
    assert!(html.contains("<a href=\"/media/mediation/3/media/appel.ogg\">Charger le son"));
    assert_eq!(html.matches("image-words").count(), 1, "a decorative image goes without a word");
}

#[test]
fn an_image_cut_short_ends_the_text_rather_than_the_page() {
    assert_eq!(light::without_images("a<img alt=\"b"), "a");
    assert_eq!(light::without_images("sans image"), "sans image");
}

#[test]
fn a_chapter_page_wakes_the_reader() {
    assert!(drawn(page()).contains("<leptos-island"));
}

#[test]
fn an_outline_shows_objectives_chapters_and_licence() {
    let step = Step {
        title: "Chapitre 1\u{a0}: L’accueil".into(),
        href: "/cours/mediation/accueil".into(),
        minutes: 20,
        state: StepState::Todo,
    };
    let path = Path {
        slug: "mediation".parse().unwrap(),
        title: "La médiation".into(),
        summary: "En bref.".into(),
        minutes_done: 0,
        minutes_total: 20,
        positioning: None,
        chapters: vec![step],
        assessment: None,
        next: None,
    };
    let html = html(outline_page(OutlinePage {
        path,
        objectives: vec!["Accueillir".into()],
        licence: "CC BY 4.0".into(),
        version: 3,
    }));
    assert_sound(&html);
    assert!(
        html.contains("Accueillir") && html.contains("href=\"/cours/mediation/accueil\"") && html.contains("CC BY 4.0")
    );
}
