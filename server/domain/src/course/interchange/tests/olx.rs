//! OLX: an export with every kind of block, and a course of ours out and in again.

use super::{changed, drafts};
use crate::course::interchange::draft::Asked;
use crate::course::interchange::{Fate, Import, Item, course, to_olx};
use crate::course::parse::{SourceFile, parse};
use crate::course::{Block, Course};
use crate::quiz::Kind;

fn file(path: &str, bytes: impl AsRef<[u8]>) -> SourceFile {
    SourceFile { path: format!("course/{path}"), bytes: bytes.as_ref().to_vec() }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n....";

/// An export whose one unit holds these blocks, with its other files.
fn export(blocks: &str, more: Vec<SourceFile>) -> Vec<SourceFile> {
    let mut files = vec![
        file("course.xml", "<course url_name=\"run\" org=\"Org\" course=\"C\"/>"),
        file(
            "course/run.xml",
            "<course display_name=\"Un cours\" language=\"fr\">\n<chapter url_name=\"c1\"/>\n<wiki slug=\"w\"/></course>",
        ),
        file("chapter/c1.xml", "<chapter display_name=\"Le premier\"><sequential url_name=\"s1\"/></chapter>"),
        file("sequential/s1.xml", "<sequential display_name=\"Accueillir\"><vertical url_name=\"v1\"/></sequential>"),
        file(
            "vertical/v1.xml",
            format!(
                "<vertical display_name=\"Unité\">\n<html url_name=\"h\" display_name=\"Texte\">Un texte.</html>\n{blocks}\n</vertical>"
            ),
        ),
        file("about/short_description.html", "Un résumé."),
        file("policies/run/grading_policy.json", "{\"GRADE_CUTOFFS\": {\"Pass\": 0.55}}"),
    ];
    files.extend(more);
    files
}

#[track_caller]
fn import(blocks: &str, more: Vec<SourceFile>) -> Import {
    course("un-cours", &export(blocks, more)).unwrap()
}

fn text_of(import: &Import, path: &str) -> String {
    let file = import.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.bytes.clone()).unwrap()
}

/// The item that says this of what.
#[track_caller]
fn item<'i>(import: &'i Import, what: &str) -> &'i Item {
    import
        .items
        .iter()
        .find(|item| item.what.contains(what))
        .unwrap_or_else(|| panic!("no {what} in {:#?}", import.items))
}

/// What a problem asks.
#[track_caller]
fn asked(problem: &str) -> Vec<Asked> {
    let import = import(problem, Vec::new());
    assert_eq!(import.problems, Vec::new(), "{}", text_of(&import, "01-c1/quiz.toml"));
    drafts(&text_of(&import, "01-c1/quiz.toml")).into_iter().map(|draft| draft.asked).collect()
}

#[test]
fn files_that_point_to_each_other_come_to_an_end() {
    let twice = "<vertical url_name=\"v1\"/><vertical url_name=\"v2\"/><vertical url_name=\"v2\"/>";
    let around = file("vertical/v2.xml", format!("<vertical>{twice}<html url_name=\"i\">Encore.</html></vertical>"));
    let import = import(twice, vec![around]);
    let text = text_of(&import, "01-c1/chapter.md");
    assert!(text.contains("Un texte.") && text.matches("Encore.").count() == 1, "{text}");
}

#[test]
fn a_course_has_its_chapters_and_is_ready_to_publish() {
    let import = import("", Vec::new());
    assert_eq!(import.problems, Vec::new());
    let text = text_of(&import, "01-c1/chapter.md");
    assert!(text.contains("title = \"Le premier\""), "{text}");
    assert!(text.ends_with("\n## Accueillir {#s1}\n\nUn texte.\n"), "{text}");
    let about = text_of(&import, "course.toml");
    assert!(about.contains("title = \"Un cours\"\nsummary = \"Un résumé.\""), "{about}");
    assert_eq!(item(&import, "le cours « Un cours »").fate, Fate::Changed);
}

#[test]
fn html_comes_with_its_images_and_links() {
    let html = "<h2>Titre</h2><p>Voir <a href=\"/jump_to_id/s1\">ici</a>, <a href=\"http://a.fr\">là</a>, <a href=\"/static/doc.pdf\">le PDF</a>.</p>\
        <img src=\"/static/Mon image (1).PNG\" alt=\"Le plan\"><img src=\"/asset-v1:O+C+R+type@asset+block@autre.png\">\
        <script>alert(1)</script><iframe src=\"https://video.fr/1\"></iframe>";
    let import = import(
        "<html url_name=\"page\"/>",
        vec![
            file("html/page.xml", "<html filename=\"page\" display_name=\"Page\"/>"),
            file("html/page.html", html),
            file("static/Mon image (1).PNG", PNG),
            file("static/autre.png", PNG),
            file("static/doc.pdf", "%PDF"),
            file("static/inutile.css", "a{}"),
        ],
    );
    assert_eq!(import.problems, Vec::new());
    let text = text_of(&import, "01-c1/chapter.md");
    assert!(text.contains("### Titre\n\nVoir [ici](chapitre:c1#s1), [là](https://a.fr), le PDF."), "{text}");
    assert!(text.contains("![Le plan](media/mon-image-1.png)![](media/autre.png \"décoratif\")"), "{text}");
    assert!(!text.contains("alert"), "{text}");
    let said = item(&import, "« Page »");
    assert_eq!((said.file.as_str(), said.fate), ("course/html/page.html", Fate::Changed));
    for note in ["doc.pdf", "script", "https://", "décorative", "autre site"] {
        assert!(said.notes.join(" ; ").contains(note), "{note} in {said}");
    }
    assert!(item(&import, "1 fichier").notes[0].contains("n’y renvoie"));
}

#[test]
fn every_response_with_a_counterpart_is_a_question() {
    let problem = |inside: &str| format!("<problem display_name=\"Q\"><p>Énoncé.</p>{inside}</problem>");
    let hinted = problem(
        "<multiplechoiceresponse><label>Laquelle ?</label><choicegroup type=\"MultipleChoice\"><choice correct=\"true\">a<choicehint label=\"x\">Bien.</choicehint></choice><choice correct=\"false\">b</choice></choicegroup></multiplechoiceresponse><solution><div><p>Explanation</p><p>Parce que.</p></div></solution><demandhint><hint>Cherchez.</hint></demandhint>",
    );
    let import = import(&hinted, Vec::new());
    let draft = &drafts(&text_of(&import, "01-c1/quiz.toml"))[0];
    assert_eq!(
        (draft.stem.as_str(), draft.feedback.as_str()),
        ("Énoncé.\n\nLaquelle ?", "Parce que.\n\nIndices\u{a0}: Cherchez.")
    );
    assert_eq!(draft.section.as_deref(), Some("s1"));
    assert!(text_of(&import, "01-c1/quiz.toml").starts_with("[rules]\npass = 55\n"));
    changed(&import.items, 3, "indices");

    let ticked = "<choiceresponse><checkboxgroup><choice correct=\"true\">a</choice><choice correct=\"false\">b</choice></checkboxgroup></choiceresponse>";
    assert!(matches!(&asked(&problem(ticked))[..], [Asked::Multiple { .. }]));
    let truth = "<truefalseresponse><choicegroup><choice correct=\"false\">Vrai</choice><choice correct=\"true\">Faux</choice></choicegroup></truefalseresponse>";
    assert!(matches!(&asked(&problem(truth))[..], [Asked::TrueFalse { answer: false, .. }]));
    let list = "<optionresponse><optioninput options=\"('un','deux')\" correct=\"deux\"/></optionresponse>";
    assert!(matches!(&asked(&problem(list))[..], [Asked::Single { choice }] if choice[1].right));
    let text = "<stringresponse answer=\"CNAV\" type=\"ci\"><additional_answer answer=\"Cnav Paris\"/><textline/></stringresponse>";
    assert_eq!(asked(&problem(text)), [Asked::ShortText { accepted: vec!["CNAV".into(), "Cnav Paris".into()] }]);
    let number = "<numericalresponse answer=\"600\"><responseparam type=\"tolerance\" default=\"5%\"/><formulaequationinput trailing_text=\"km\"/></numericalresponse>";
    assert_eq!(asked(&problem(number)), [Asked::Numeric { answer: 600.0, tolerance: 30.0, unit: Some("km".into()) }]);
    let range = "<numericalresponse answer=\"[1,5)\"><formulaequationinput/></numericalresponse>";
    assert_eq!(asked(&problem(range)), [Asked::Numeric { answer: 3.0, tolerance: 2.0, unit: None }]);
    let option = |left: &str, right: &str| {
        let option = |text: &str| {
            format!("<option correct=\"{}\">{text}</option>", if text == right { "True" } else { "False" })
        };
        format!(
            "<optionresponse><label>{left}</label><optioninput>{}</optioninput></optionresponse>",
            ["CAF", "CNAV", "MSA"].map(option).concat()
        )
    };
    let lists = [option("Retraite", "CNAV"), option("Famille", "CAF")].concat();
    assert!(
        matches!(&asked(&problem(&lists))[..], [Asked::Matching { pair, distractors }] if pair.len() == 2 && distractors == &["MSA"])
    );
    assert_eq!(asked(&problem(&[text, number].concat())).len(), 2, "one question a response");
}

#[test]
fn a_problem_of_which_only_the_source_is_there_is_read() {
    let source = |markdown: &str| {
        format!("<problem display_name=\"Q\" markdown=\"{}\"/>", crate::text::escaped(markdown).replace('\n', "&#10;"))
    };
    assert!(
        matches!(&asked(&source(">>Lequel ?||Un seul.<<\n\n( ) a {{Non.}}\n(x) b\n\n||Un indice||\n[explanation]\nCar.\n[explanation]\n"))[..], [Asked::Single { choice }] if choice[0].feedback == "Non." && choice[1].right)
    );
    assert!(matches!(&asked(&source("Q ?\n[ ] a {{s:Non}}\n[x] b\n[x] c {{u:Si}}"))[..], [Asked::Multiple { .. }]));
    assert!(
        matches!(&asked(&source("Q ?\n[[un, (deux), trois]]"))[..], [Asked::Single { choice }] if choice[1].right && choice[1].text == "deux")
    );
    assert_eq!(
        asked(&source("Q ?\n= Doc\nor= Sleepy")),
        [Asked::ShortText { accepted: vec!["Doc".into(), "Sleepy".into()] }]
    );
    assert_eq!(
        asked(&source("Q ?\n= 600 +- 5\n---\nR ?\n= [1,3]")),
        [
            Asked::Numeric { answer: 600.0, tolerance: 5.0, unit: None },
            Asked::Numeric { answer: 2.0, tolerance: 1.0, unit: None },
        ]
    );
}

#[test]
fn what_has_no_counterpart_is_left_out_with_its_reason() {
    let blocks = [
        ("discussion", "forum"),
        ("lti_consumer", "autre site"),
        ("poll", "sondage"),
        ("survey", "sondage"),
        ("word_cloud", "sondage"),
        ("openassessment", "personnes"),
        ("drag-and-drop-v2", "clavier"),
        ("library_content", "bibliothèque"),
        ("edx_sga", "formateur"),
        ("annotatable", "annotations"),
        ("done", "lecture"),
        ("scorm", "programme"),
        ("split_test", "version"),
        ("inconnu", "« inconnu »"),
    ];
    for (tag, why) in blocks {
        let import = import(&format!("<{tag} url_name=\"x\" display_name=\"Celui-ci\"/>"), Vec::new());
        let said = item(&import, "Celui-ci");
        assert!(said.fate == Fate::Left && said.line == 3 && said.notes[0].contains(why), "{said}");
        assert_eq!(import.problems, Vec::new(), "one bad item never stops the rest");
    }
    let responses = [
        ("<customresponse cfn=\"f\"><textline/></customresponse>", "programme"),
        ("<imageresponse><imageinput/></imageresponse>", "image"),
        ("<formularesponse answer=\"x\"/>", "formule"),
        ("<stringresponse answer=\"a.*\" type=\"ci regexp\"/>", "régulière"),
        ("<numericalresponse answer=\"$x\"/><script>x=1</script>", "programme"),
        ("<numericalresponse answer=\"3*4\"/>", "calcul"),
        ("<p>Rien</p>", "reconnue"),
    ];
    for (inside, why) in responses {
        let import = import(&format!("<problem display_name=\"Celle-ci\">{inside}</problem>"), Vec::new());
        let said = item(&import, "Celle-ci");
        assert!(said.fate == Fate::Left && said.notes[0].contains(why), "{said}");
    }
    let hidden = import("<html visible_to_staff_only=\"true\" display_name=\"Secret\">x</html>", Vec::new());
    assert_eq!(item(&hidden, "Secret").fate, Fate::Left);
    let broken = import("<problem url_name=\"p\"/>", vec![file("problem/p.xml", "<problem>\n<p>&nbsp;</p></problem>")]);
    let said = item(&broken, "ce qui est dans ce fichier");
    assert_eq!((said.file.as_str(), said.line), ("course/problem/p.xml", 2));
    assert!(course("c", &[]).unwrap_err().0.contains("course.xml"));
}

#[test]
fn a_video_comes_with_its_captions_or_as_a_link_with_what_is_said() {
    let srt = "1\n00:00:01,000 --> 00:00:03,500\nBonjour &amp; <i>bienvenue</i>\n\n2\n00:00:03,000 --> 00:00:05,000\nÀ tous\n";
    let held = import(
        "<video display_name=\"Démo\" html5_sources='[\"/static/demo.mp4\"]'><transcript language=\"en\" src=\"en.srt\"/><transcript language=\"fr\" src=\"fr.srt\"/></video>",
        vec![
            file("static/demo.mp4", b"....ftypisom...."),
            file("static/fr.srt", srt),
            file("static/en.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello\n"),
        ],
    );
    assert_eq!(held.problems, Vec::new());
    let text = text_of(&held, "01-c1/chapter.md");
    assert!(text.contains(":::video media/demo.mp4\ntitle = \"Démo\"\ncaptions = \"media/demo.vtt\"\n:::"), "{text}");
    let vtt = text_of(&held, "media/demo.vtt");
    assert_eq!(
        vtt,
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nBonjour & bienvenue\n\n00:00:03.000 --> 00:00:05.000\nÀ tous\n"
            .replace('&', "&amp;")
    );

    let json = "{\"start\": [0, 1000], \"end\": [1000, 2000], \"text\": [\"Il était\", \"une fois.\"]}";
    let away = import(
        "<video display_name=\"Loin\" youtube_id_1_0=\"AbC_-1\" sub=\"xyz\"/>",
        vec![file("static/subs_xyz.srt.sjson", json)],
    );
    assert_eq!(away.problems, Vec::new());
    let text = text_of(&away, "01-c1/chapter.md");
    assert!(text.contains("[Loin (vidéo sur un autre site)](https://www.youtube.com/watch?v=AbC_-1)"), "{text}");
    assert!(text.contains("**Transcription**\n\nIl était une fois."), "{text}");

    let mute = import(
        "<video display_name=\"Muette\" html5_sources='[\"/static/m.mp4\"]'/>",
        vec![file("static/m.mp4", b"....ftypisom....")],
    );
    assert!(
        mute.problems.iter().any(|problem| problem.file == "01-c1/chapter.md" && problem.said.contains("captions"))
    );
    assert_eq!(item(&import("<video display_name=\"Vide\"/>", Vec::new()), "Vide").fate, Fate::Left);
}

/// A chapter: its title, its sections' titles, its questions by identifier.
type Shape = (String, Vec<String>, Vec<(String, String)>);

/// Titles of the chapters, of their sections, and questions without what OLX does not say.
fn shape(course: &Course) -> Vec<Shape> {
    let kinds = |question: &crate::quiz::Question| match &question.kind {
        Kind::Ordering { items } => format!("matching of {}", items.len()),
        Kind::Matching { pairs, .. } => format!("matching of {}", pairs.len()),
        Kind::Gap { .. } => String::from("gaps"),
        Kind::Single { choices } | Kind::Multiple { choices } => {
            let multiple = matches!(question.kind, Kind::Multiple { .. });
            let choices = choices.iter().map(|choice| (choice.text.as_str(), choice.right, choice.feedback.as_str()));
            format!("{multiple} {:?}", choices.collect::<Vec<_>>())
        }
        kind => format!("{kind:?}"),
    };
    let chapters = course.chapters.iter().map(|chapter| {
        let sections = chapter.sections.iter().map(|section| section.title.clone()).collect();
        let questions = chapter.quiz.iter().flat_map(|quiz| &quiz.questions);
        let questions = questions.map(|question| (question.slug.to_string(), kinds(question)));
        (chapter.title.clone(), sections, questions.filter(|(_, kind)| kind != "gaps").collect())
    });
    chapters.collect()
}

#[test]
fn a_course_of_ours_goes_out_and_comes_back_as_far_as_olx_can_say() {
    let files = crate::course::parse::tests::whole();
    let (ours, problems) = parse("socle", &files);
    assert!(problems.is_empty());
    let ours = ours.unwrap();
    let (exported, items) = to_olx(&ours, &files);
    assert!(items.iter().any(|item| item.what == "le glossaire" && item.fate == Fate::Left));
    let import = course("socle", &exported).unwrap();
    assert_eq!(import.problems.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    let (theirs, _) = parse("socle", &import.files);
    let theirs = theirs.unwrap();
    let (mut ours_shape, mut theirs_shape) = (shape(&ours), shape(&theirs));
    for chapter in ours_shape.iter_mut().chain(&mut theirs_shape) {
        // a gap is a question of its own
        chapter.2.retain(|(slug, _)| !slug.starts_with("trous"));
        for (_, kind) in &mut chapter.2 {
            *kind = kind.replace("/cours/socle/accueil#", "#");
        }
    }
    assert_eq!(ours_shape, theirs_shape);
    assert_eq!((ours.title, ours.licence, ours.objectives), (theirs.title, theirs.licence, theirs.objectives));
    let html = |blocks: &[Block]| -> String {
        let prose =
            blocks.iter().filter_map(|block| if let Block::Prose { html } = block { Some(html.clone()) } else { None });
        prose.collect()
    };
    let (one, other) = (&ours.chapters[0].sections[0], &theirs.chapters[0].sections[0]);
    let unlinked = html(&one.blocks)
        .replace("<a class=\"term\" href=\"#glossaire-illectronisme\">illectronisme</a>", "illectronisme");
    let linked = unlinked.replace("href=\"#cas-pratiques\"", "href=\"/cours/socle/accueil#cas-pratiques\"");
    assert_eq!(
        linked.replace("\nVoir", " Voir"),
        html(&other.blocks),
        "call-outs, tables, notes and definitions come back as they were"
    );
    assert!(
        matches!(&theirs.chapters[0].sections[1].blocks[..], [Block::Prose { .. }, Block::Media(video), Block::Prose { .. }] if video.cues.len() == 2)
    );
}
