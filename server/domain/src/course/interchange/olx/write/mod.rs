//! A course as the files of an Open edX export: chapter → chapter, section → sequential of one unit, quiz → graded
//! sequential. OLX has no place for the glossary, skills, exemptions, and what a question says to read again.

mod page;
mod problem;

use crate::course::interchange::html::plain;
use crate::course::interchange::{Item, Notes, subtitles};
use crate::course::parse::SourceFile;
use crate::course::{Block, Chapter, Course, Media, MediaKind};
use crate::ids::ChapterSlug;
use crate::quiz::Quiz;
use crate::text::escaped;
use page::Pages;
use serde_json::json;

/// The run that the files are of.
const RUN: &str = "socle";

/// The files of the export, in order, and what each part became.
pub(in crate::course::interchange) fn write(course: &Course, files: &[SourceFile]) -> (Vec<SourceFile>, Vec<Item>) {
    let mut writer =
        Writer { pages: Pages::new(course), files: Vec::new(), items: Vec::new(), chapters: Vec::new(), graded: 0 };
    if let Some(positioning) = &course.positioning {
        let mut notes = Notes::default();
        notes.say("les dispenses de chapitre ne se disent pas en OLX");
        writer.alone("positionnement", &positioning.quiz, false);
        writer.items.push(Item::kept("course.toml", 1, "le positionnement", notes));
    }
    for chapter in &course.chapters {
        writer.chapter(chapter);
    }
    if let Some(assessment) = &course.assessment {
        let mut notes = Notes::default();
        if assessment.quiz.rules.draw.is_some() {
            notes.say("le tirage au sort ne se dit pas en OLX : toutes les questions sont posées");
        }
        writer.alone("evaluation", &assessment.quiz, true);
        writer.items.push(Item::kept("course.toml", 1, "l’évaluation finale", notes));
    }
    if !course.glossary.is_empty() {
        writer.items.push(Item::left(
            "glossary.toml",
            1,
            "le glossaire",
            "OLX n’en a pas : les mots restent dans le texte, sans lien",
        ));
    }
    writer.course(course);
    for (path, name) in writer.pages.statics() {
        if let Some(file) = files.iter().find(|file| file.path == path) {
            writer.put(&format!("static/{name}"), file.bytes.clone());
        }
    }
    let Writer { mut files, items, .. } = writer;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    (files, items)
}

struct Writer<'c> {
    pages: Pages<'c>,
    files: Vec<SourceFile>,
    items: Vec<Item>,
    /// Their names, in order.
    chapters: Vec<String>,
    /// How many graded sequentials there are.
    graded: usize,
}

impl Writer<'_> {
    fn put(&mut self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.files.push(SourceFile { path: format!("course/{path}"), bytes: bytes.into() });
    }

    fn element(&mut self, tag: &str, name: &str, attributes: &[(&str, &str)], inside: &str) {
        let attributes =
            attributes.iter().map(|(key, value)| format!(" {key}=\"{}\"", escaped(value))).collect::<Vec<_>>().concat();
        self.put(&format!("{tag}/{name}.xml"), format!("<{tag}{attributes}>\n{inside}</{tag}>\n"));
    }

    /// An `html` block, and the line that points to it.
    fn html(&mut self, name: &str, title: &str, html: &str) -> String {
        self.put(&format!("html/{name}.html"), html);
        self.put(
            &format!("html/{name}.xml"),
            format!("<html filename=\"{name}\" display_name=\"{}\"/>\n", escaped(title)),
        );
        pointer("html", name)
    }

    fn sequential(&mut self, name: &str, title: &str, graded: bool, inside: &str) -> String {
        let mut attributes = vec![("display_name", title)];
        if graded {
            self.graded += 1;
            attributes.extend([("graded", "true"), ("format", "Quiz")]);
        }
        self.element("vertical", name, &[("display_name", title)], inside);
        self.element("sequential", name, &attributes, &pointer("vertical", name));
        pointer("sequential", name)
    }

    fn chapter(&mut self, chapter: &Chapter) {
        let slug = chapter.slug.as_str();
        let folder = format!("{:02}-{slug}", chapter.number);
        let mut notes = Notes::default();
        let mut inside = String::new();
        for section in &chapter.sections {
            let name = format!("{slug}_{}", section.slug);
            let mut unit = String::new();
            for (number, block) in (1..).zip(&section.blocks) {
                let name = format!("{name}_{number}");
                match block {
                    Block::Prose { html } => {
                        let html = self.pages.html(html, slug, &mut notes);
                        unit.push_str(&self.html(&name, &section.title, &html));
                    }
                    Block::Media(media) => unit.push_str(&self.media(&name, media, slug, &mut notes)),
                }
            }
            inside.push_str(&self.sequential(&name, &section.title, false, &unit));
        }
        if let Some(sheet) = &chapter.sheet {
            notes.say("la fiche à imprimer devient une dernière section");
            let html = self.pages.html(&sheet.html, slug, &mut notes);
            let unit = self.html(&format!("{slug}__fiche"), &sheet.title, &html);
            inside.push_str(&self.sequential(&format!("{slug}__fiche"), &sheet.title, false, &unit));
        }
        self.items.push(Item::kept(
            &format!("{folder}/chapter.md"),
            1,
            format!("le chapitre « {} »", chapter.title),
            notes,
        ));
        if let Some(quiz) = &chapter.quiz {
            inside.push_str(&self.quiz(
                &format!("{slug}__quiz"),
                &quiz.title,
                quiz,
                Some(slug),
                true,
                &format!("{folder}/quiz.toml"),
            ));
        }
        self.element("chapter", slug, &[("display_name", &chapter.title)], &inside);
        self.chapters.push(slug.to_owned());
    }

    /// A quiz of the whole course is a chapter of its own.
    fn alone(&mut self, name: &str, quiz: &Quiz, graded: bool) {
        let inside = self.quiz(&format!("{name}__quiz"), &quiz.title, quiz, None, graded, "course.toml");
        self.element("chapter", name, &[("display_name", &quiz.title)], &inside);
        self.chapters.push(name.to_owned());
    }

    fn quiz(
        &mut self,
        name: &str,
        title: &str,
        quiz: &Quiz,
        chapter: Option<&str>,
        graded: bool,
        file: &str,
    ) -> String {
        let mut unit = String::new();
        for question in &quiz.questions {
            let mut notes = Notes::default();
            let chapter = chapter.or(question.chapter.as_ref().map(ChapterSlug::as_str)).unwrap_or_default();
            let problem =
                problem::write(question, &mut |html, notes| self.pages.html(html, chapter, notes), &mut notes);
            let name = format!("{name}_{}", question.slug);
            self.put(&format!("problem/{name}.xml"), problem);
            unit.push_str(&pointer("problem", &name));
            self.items.push(Item::kept(file, 1, format!("la question « {} »", question.slug), notes));
        }
        self.sequential(name, title, graded, &unit)
    }

    fn media(&mut self, name: &str, media: &Media, chapter: &str, notes: &mut Notes) -> String {
        let file = self.pages.file(&media.file);
        let said = match &media.transcript {
            Some(html) => self.pages.html(html, chapter, notes),
            None => {
                media.cues.iter().map(|cue| format!("<p>{}</p>\n", escaped(&cue.text))).collect::<Vec<_>>().concat()
            }
        };
        let said = format!("<details><summary>Transcription : {}</summary>\n{said}</details>\n", escaped(&media.title));
        match media.kind {
            MediaKind::Video => {
                let captions = format!("{name}-fr.srt");
                self.put(&format!("static/{captions}"), subtitles::srt(&media.cues));
                if media.poster.is_some() {
                    notes.say("l’image d’attente d’une vidéo ne se dit pas en OLX");
                }
                let sources = json!([format!("/static/{file}")]).to_string();
                let transcripts = json!({ "fr": captions }).to_string();
                let attributes = [
                    ("url_name", name),
                    ("display_name", &media.title),
                    ("html5_sources", &sources),
                    ("transcripts", &transcripts),
                    ("sub", ""),
                    ("youtube_id_1_0", ""),
                ];
                let inside =
                    format!("  <source src=\"/static/{file}\"/>\n  <transcript language=\"fr\" src=\"{captions}\"/>\n");
                self.element("video", name, &attributes, &inside);
                let mut out = pointer("video", name);
                if media.transcript.is_some() {
                    out.push_str(&self.html(&format!("{name}_texte"), &media.title, &said));
                }
                out
            }
            MediaKind::Audio => {
                notes.say("un son n’a pas de bloc à lui en OLX : il est dans le texte, suivi de ce qui y est dit");
                let html = format!(
                    "<p><strong>{}</strong></p>\n<audio controls src=\"/static/{file}\"></audio>\n{said}",
                    escaped(&media.title)
                );
                self.html(name, &media.title, &html)
            }
        }
    }

    /// The course itself, its policies, and what is said about it.
    fn course(&mut self, course: &Course) {
        let slug = course.slug.as_str();
        self.put("course.xml", format!("<course url_name=\"{RUN}\" org=\"Socle\" course=\"{slug}\"/>\n"));
        let learning = json!(course.objectives).to_string();
        let licence = match course.licence.strip_prefix("CC ").and_then(|rest| rest.rsplit_once(' ')) {
            Some((parts, version)) => format!("creative-commons: ver={version} {}", parts.replace('-', " ")),
            None => course.licence.clone(),
        };
        let chapters: String = self.chapters.clone().iter().map(|chapter| pointer("chapter", chapter)).collect();
        let attributes = [
            ("display_name", course.title.as_str()),
            ("language", "fr"),
            ("learning_info", &learning),
            ("license", &licence),
            ("start", "2020-01-01T00:00:00Z"),
        ];
        self.element("course", RUN, &attributes, &chapters);
        let policy = json!({ format!("course/{RUN}"): { "display_name": course.title, "language": "fr" } });
        self.put(&format!("policies/{RUN}/policy.json"), format!("{policy:#}\n"));
        let quizzes = course.assessment.iter().map(|assessment| &assessment.quiz);
        let pass = quizzes
            .chain(course.chapters.iter().filter_map(|chapter| chapter.quiz.as_ref()))
            .map(|quiz| quiz.rules.pass)
            .next();
        let grading = json!({
            "GRADER": [{ "type": "Quiz", "short_label": "Quiz", "min_count": self.graded, "drop_count": 0, "weight": 1.0 }],
            "GRADE_CUTOFFS": { "Pass": f64::from(pass.unwrap_or(70)) / 100.0 },
        });
        self.put(&format!("policies/{RUN}/grading_policy.json"), format!("{grading:#}\n"));
        self.put("about/short_description.html", escaped(&plain(&escaped(&course.summary))));
        self.put("about/overview.html", format!("<p>{}</p>\n", escaped(&course.summary)));
    }
}

fn pointer(tag: &str, name: &str) -> String {
    format!("  <{tag} url_name=\"{name}\"/>\n")
}
