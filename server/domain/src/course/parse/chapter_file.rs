//! `chapter.md`: its front matter, then its sections.

use super::markdown;
use super::media;
use super::outline::{self, Cut, Insert};
use super::quiz_file;
use super::report::Report;
use super::toml_reader::Doc;
use super::whole_quiz::Pool;
use super::world::Place;
use crate::course::{Chapter, Section, Sheet};
use crate::ids::ChapterSlug;

/// A folder of the course that holds a chapter.
#[derive(Debug)]
pub(super) struct Folder<'a> {
    pub(super) name: &'a str,
    pub(super) number: u32,
    pub(super) slug: ChapterSlug,
}

/// What the chapters bring to the quizzes of the course.
#[derive(Debug, Default)]
pub(super) struct Pools {
    pub(super) positioning: Pool,
    pub(super) assessment: Pool,
}

/// A chapter of which only the front matter and the headings have been read.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) file: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) minutes: u32,
    pub(super) objectives: Vec<String>,
    pub(super) cuts: Vec<Cut>,
}

impl Draft {
    /// Reads the front matter and cuts the rest.
    pub(super) fn read(file: String, text: &str, report: &mut Report) -> Self {
        let (front, body) = front_matter(&file, text, report);
        let cuts = body.map_or_else(Vec::new, |(body, line)| outline::cut(&file, body, line, report));
        let mut draft =
            Self { title: String::new(), summary: String::new(), minutes: 1, objectives: Vec::new(), cuts, file };
        if let Some(front) = front {
            let doc = Doc::read(&draft.file, front, 2, report);
            let keys = doc.root();
            keys.shape(&["title", "summary", "minutes", "objectives"], &[], report);
            let title = keys.line_of_text("title", 200, report).said;
            let summary = keys.line_of_text("summary", 1000, report).said;
            let minutes = keys.whole("minutes", 1..=240, report);
            let objectives = keys.lines_of_text("objectives", 300, report).into_iter().map(|text| text.said).collect();
            (draft.title, draft.summary, draft.minutes, draft.objectives) = (title, summary, minutes, objectives);
        }
        draft
    }

    /// Renders the sections, reads the quiz and the sheet, and adds to the quizzes of the course.
    pub(super) fn finish(
        self,
        place: &Place<'_>,
        folder: &Folder<'_>,
        pools: &mut Pools,
        report: &mut Report,
    ) -> Chapter {
        let mut sections = Vec::new();
        for cut in &self.cuts {
            let media = cut.inserts.iter().map(|insert| match insert {
                Insert::Media { kind, path, line, toml } => media::read(place, *kind, path, *line, toml, report),
                _ => None,
            });
            let media = media.collect();
            let (blocks, passages) = markdown::section(place, cut, media, report);
            if cut.text.trim().is_empty() {
                place.say(cut.line, "cette section est vide : écrivez-la ou retirez son titre", report);
            }
            if let Some(slug) = cut.slug.clone() {
                sections.push(Section { slug, title: cut.title.clone(), blocks, passages });
            }
        }
        let away = |file: &str, report: &mut Report| {
            let file = format!("{}/{file}", folder.name);
            place.world.files.text(&file, report).map(|text| (file, text))
        };
        let quiz = away("quiz.toml", report).map(|(file, text)| {
            let place = Place { file: &file, away: true, ..*place };
            quiz_file::read(&place, &text, &self.title, report)
        });
        for (file, pool, exempting) in
            [("positioning.toml", &mut pools.positioning, true), ("bank.toml", &mut pools.assessment, false)]
        {
            if let Some((file, text)) = away(file, report) {
                pool.add(&Place { file: &file, away: true, ..*place }, &text, exempting, report);
            }
        }
        let sheet = away("fiche.md", report)
            .map(|(file, text)| sheet(&Place { file: &file, away: true, ..*place }, &text, report));
        Chapter {
            slug: folder.slug.clone(),
            number: folder.number,
            title: self.title,
            summary: self.summary,
            objectives: self.objectives,
            minutes: self.minutes,
            sections,
            quiz,
            sheet,
        }
    }
}

/// `fiche.md`: a title, and Markdown without sections.
fn sheet(place: &Place<'_>, text: &str, report: &mut Report) -> Sheet {
    let (front, body) = front_matter(place.file, text, report);
    let title = front.map_or_else(String::new, |front| {
        let doc = Doc::read(place.file, front, 2, report);
        doc.root().shape(&["title"], &[], report);
        doc.root().line_of_text("title", 200, report).said
    });
    let (body, line) = body.unwrap_or_default();
    if front.is_some() && body.trim().is_empty() {
        place.say(line, "cette fiche est vide : écrivez-la ou retirez le fichier", report);
    }
    // On a page of its own, what is under the title is one level higher than in a section.
    let html = markdown::fragment(place, body, line, report).0;
    let html = [("h3>", "h2>"), ("h4>", "h3>")].into_iter().fold(html, |html, (from, to)| html.replace(from, to));
    Sheet { title, html }
}

/// The TOML between two lines `+++`, then the text after it and its first line.
fn front_matter<'t>(file: &str, text: &'t str, report: &mut Report) -> (Option<&'t str>, Option<(&'t str, u32)>) {
    let front = text.split_once('\n').filter(|(line, _)| line.trim_end() == "+++");
    let Some((_, front)) = front else {
        report.say(file, 1, "ce texte commence par un en-tête entre deux lignes +++, où se trouve au moins title");
        return (None, Some((text, 1)));
    };
    let mut end = 0;
    for (line, number) in front.split_inclusive('\n').zip(2u32..) {
        let body = end + line.len();
        if line.trim_end() == "+++" {
            return (front.get(..end), Some((front.get(body..).unwrap_or_default(), number + 1)));
        }
        end = body;
    }
    report.say(file, 1, "l’en-tête n’est pas fermé : ajoutez une ligne +++ à sa fin");
    (None, None)
}
