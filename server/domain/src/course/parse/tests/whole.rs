//! A whole course, with every block and every type of question.

use super::{course, html, whole};
use crate::course::{Block, MediaKind};
use crate::quiz::{Counts, GapPart, Kind};

#[test]
fn a_whole_course_is_read_without_problem() {
    let course = course(&whole());
    assert_eq!(course.slug.as_str(), "socle");
    assert_eq!(course.title, "La médiation numérique");
    assert_eq!(course.objectives, ["Accueillir", "Orienter"]);
    assert_eq!(course.licence, "CC BY 4.0");
    assert_eq!(course.minutes(), 35);
    let terms: Vec<&str> = course.glossary.iter().map(|term| term.term.as_str()).collect();
    assert_eq!(terms, ["Illectronisme", "Usager"]);
    let chapters: Vec<(u32, &str)> = course.chapters.iter().map(|c| (c.number, c.slug.as_str())).collect();
    assert_eq!(chapters, [(1, "accueil"), (2, "posture")]);
    let sections: Vec<&str> = course.chapters[0].sections.iter().map(|s| s.slug.as_str()).collect();
    assert_eq!(sections, ["ecouter", "cas-pratiques"]);
}

#[test]
fn a_chapter_knows_the_terms_it_uses() {
    let course = course(&whole());
    let used: Vec<&str> = course.terms_used(&course.chapters[0]).iter().map(|term| term.key.as_str()).collect();
    assert_eq!(used, ["illectronisme"]);
    assert!(course.terms_used(&course.chapters[1]).is_empty());
}

#[test]
fn prose_is_rendered_with_anchors_and_links() {
    let html = html(&course(&whole()).chapters[0].sections[0]);
    for expected in [
        "<p id=\"p-ecouter-1\">Une personne touchée",
        "<a class=\"term\" href=\"#glossaire-illectronisme\">illectronisme</a>",
        "<sup class=\"footnote-ref\"><a id=\"p-ecouter-r1\" href=\"#p-ecouter-n1\" aria-label=\"Note 1\">1</a></sup>",
        "<a href=\"#cas-pratiques\">la suite</a>",
        "<a href=\"/cours/socle/posture#distance\">la posture</a>",
        "<a href=\"/cours/socle/posture\">tout le chapitre</a>",
        "<li id=\"p-ecouter-2\">Dire bonjour</li>",
        "<div class=\"callout callout-important\" role=\"note\"><p class=\"callout-title\">À retenir</p>",
        "<h3 id=\"p-ecouter-7\">Les démarches</h3>",
        "<th scope=\"col\">Démarche</th>",
        "<td class=\"align-right\">30</td>",
        "<dt id=",
        "<blockquote>",
        "<hr>",
        "<aside class=\"footnotes\">",
        "<a class=\"footnote-back\" href=\"#p-ecouter-r1\" aria-label=\"Retour au texte, note 1\">↩</a>",
    ] {
        assert!(html.contains(expected), "{expected} not in {html}");
    }
    assert_eq!(html.matches("Comptez").count(), 1);
    assert!(html.find("<hr>") < html.find("Comptez"), "notes come last");
}

#[test]
fn passages_are_plain_text_under_their_anchors() {
    let section = &course(&whole()).chapters[0].sections[0];
    let text = |anchor: &str| section.passages.iter().find(|p| p.anchor == anchor).map(|p| p.text.as_str());
    assert_eq!(text("p-ecouter-2"), Some("Dire bonjour"));
    assert_eq!(text("p-ecouter-3"), Some("Écouter :"));
    assert_eq!(text("p-ecouter-4"), Some("sans couper ;"));
    assert_eq!(text("p-ecouter-7"), Some("Les démarches"));
    assert_eq!(text("p-ecouter-9"), Some("Retraite · CNAV · 30"));
}

#[test]
fn cases_images_and_media_are_blocks_of_the_section() {
    let section = &course(&whole()).chapters[0].sections[1];
    let kinds: Vec<&str> = section
        .blocks
        .iter()
        .map(|block| match block {
            Block::Prose { .. } => "prose",
            Block::Media(media) if media.kind == MediaKind::Video => "video",
            Block::Media(_) => "audio",
        })
        .collect();
    assert_eq!(kinds, ["prose", "video", "audio", "prose"]);
    let html = html(section);
    for expected in [
        "<figure class=\"figure\" id=\"p-cas-pratiques-1\"><img src=\"media:///media/plan.svg\" alt=\"Plan de la maison\" loading=\"lazy\"></figure>",
        "<img src=\"media:///media/frise.png\" alt=\"\" loading=\"lazy\"> et <a href=\"https://www.france-services.gouv.fr\" rel=\"noopener external\">",
        "<a href=\"mailto:aide@example.fr\">aide@example.fr</a>",
        "<details class=\"case\"><summary id=\"p-cas-pratiques-3\">Madame D. n’a pas d’adresse &amp; téléphone</summary>",
        "## pas un titre\n:::cas pas un cas",
    ] {
        assert!(html.contains(expected), "{expected} not in {html}");
    }
    let Block::Media(video) = &section.blocks[1] else { panic!("{:?}", section.blocks[1]) };
    assert_eq!(video.anchor, "p-cas-pratiques-m1");
    assert_eq!(video.file, "media/demo.webm");
    assert_eq!(video.captions, "media/demo.vtt");
    assert_eq!(video.poster.as_deref(), Some("media/plan.svg"));
    assert!(video.transcript.as_deref().is_some_and(|html| html.starts_with("<p>Camille <strong>accueille</strong>")));
    assert_eq!(video.cues.len(), 2);
    assert_eq!(
        (video.cues[0].start_ms, video.cues[0].end_ms, video.cues[0].text.as_str()),
        (1000, 4500, "Bonjour & bienvenue")
    );
    assert_eq!(video.cues[1].start_ms, 3_605_000);
    let Block::Media(audio) = &section.blocks[2] else { panic!("{:?}", section.blocks[2]) };
    assert_eq!(audio.file, "01-accueil/media/temoin.ogg", "a chapter's own folder comes first");
    let said =
        section.passages.iter().find(|passage| passage.anchor == video.anchor).map(|passage| passage.text.as_str());
    assert_eq!(said, Some("Démonstration Bonjour & bienvenue Au revoir"));
}

#[test]
fn the_rules_of_a_quiz_are_read() {
    let quiz = course(&whole()).chapters[0].quiz.clone().unwrap();
    assert_eq!(quiz.title, "Quiz : Accueillir");
    let rules = quiz.rules;
    assert_eq!((rules.pass, rules.attempts, rules.counts, rules.draw), (70, Some(3), Counts::Best, Some(8)));
    assert_eq!((rules.shuffle, rules.time_limit), (true, Some(20)));
    assert_eq!(rules.opens.map(|t| t.to_string()).as_deref(), Some("2026-12-01T08:00:00Z"), "winter time");
    assert_eq!(rules.closes.map(|t| t.to_string()).as_deref(), Some("2027-07-01T16:00:00Z"), "summer time");
}

#[test]
fn the_eight_types_of_question_are_read() {
    let quiz = course(&whole()).chapters[0].quiz.clone().unwrap();
    let [single, multiple, truth, numeric, short, matching, ordering, gap] = quiz.questions.as_slice() else {
        panic!("{:?}", quiz.questions)
    };
    assert_eq!(single.stem, "<p>Que demander <strong>avant</strong> ?</p>\n");
    assert_eq!((single.points, multiple.points), (1, 2));
    assert_eq!(single.section.as_ref().map(crate::ids::SectionSlug::as_str), Some("ecouter"));
    let Kind::Single { choices } = &single.kind else { panic!("{single:?}") };
    assert_eq!((choices[0].text.as_str(), choices[0].right), ("Le <em>consentement</em>", true));
    assert_eq!(choices[0].feedback, "<p>Oui, voir <a href=\"/cours/socle/accueil#ecouter\">l’écoute</a>.</p>\n");
    assert!(matches!(&multiple.kind, Kind::Multiple { choices } if !choices[1].right));
    assert!(multiple.stem.contains("<figure class=\"figure\"><img src=\"media:///media/plan.svg\""));
    assert!(
        matches!(&truth.kind, Kind::TrueFalse { answer: true, feedback_false, .. } if feedback_false == "<p>Si.</p>\n")
    );
    assert_eq!(numeric.kind, Kind::Numeric { answer: 10.0, tolerance: 0.5, unit: Some("min".into()) });
    assert!(matches!(&short.kind, Kind::ShortText { accepted } if accepted.len() == 2));
    assert!(
        matches!(&matching.kind, Kind::Matching { pairs, distractors } if pairs[1].right == "CAF" && distractors == &["La Poste"])
    );
    assert!(matches!(&ordering.kind, Kind::Ordering { items } if items[2] == "Orienter"));
    let Kind::Gap { parts } = &gap.kind else { panic!("{gap:?}") };
    assert_eq!(parts.len(), 5);
    assert!(matches!(&parts[1], GapPart::Gap(gap) if gap.key == "a" && gap.options.len() == 2));
    assert_eq!(parts[4], GapPart::Text { text: ".".into() });
}
