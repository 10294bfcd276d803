//! A whole training, read from its file: as for a course, every problem with its line and its remedy.
//!
//! # The format
//!
//! ```text
//! content/<pathway>/pathway.toml
//! ```
//!
//! ```toml
//! title = "Formation des agents"
//! summary = "Six jours et demi, dont un à distance."
//! nature = "Action de formation"
//! course = "mediation-numerique"     # whose trainers enter attendance
//!
//! [[component]]                      # in the order in which they are best followed
//! id = "mooc"
//! title = "MOOC sur la médiation numérique"
//! how_to = "Suivez les chapitres, puis réussissez l’évaluation finale."
//! modality = "asynchronous"          # or "synchronous", "face-to-face"
//! minutes = 306                      # what it lasts, as announced
//! course = "mediation-numerique"     # earned by completing that course…
//!                                    # …or webinar = "mediation-numerique": by one webinar of that course
//!                                    # …or half_days = 5: by so many half days, which a trainer enters
//!
//! [[award]]                          # what is certified once these are all earned
//! id = "journee-a-distance"
//! title = "La journée à distance"
//! components = ["mooc"]
//! ```

#[cfg(test)]
mod tests;

use super::files::Files;
use super::report::{Report, nearest, quoted};
use super::toml_reader::{Doc, Table, Text};
use super::{Problem, SourceFile};
use crate::ids::{ComponentSlug, CourseSlug, PathwaySlug};
use crate::pathway::{Award, Component, Modality, Pathway, Way};

/// The file that describes a pathway, and makes of its folder one.
pub const PATHWAY: &str = "pathway.toml";

/// Components that a certificate can list on its page.
const MOST: usize = 12;

/// Reads the pathway of that slug. There is one only when there is no problem.
#[must_use]
pub fn parse(slug: &str, files: &[SourceFile]) -> (Option<Pathway>, Vec<Problem>) {
    let mut report = Report::default();
    if let Err(error) = slug.parse::<PathwaySlug>() {
        report.say(PATHWAY, 1, format!("le dossier du parcours est mal nommé : {error}"));
    }
    let files = Files::new(files, &mut report);
    let text = files.text(PATHWAY, &mut report).unwrap_or_default();
    let pathway = read(&text, &mut report);
    for path in files.paths().filter(|path| *path != PATHWAY) {
        report.say(path, 1, format!("ce fichier ne sert à rien : retirez-le. Un parcours tient dans « {PATHWAY} »"));
    }
    let mut problems = report.problems;
    problems.sort();
    problems.dedup();
    (pathway.filter(|_| problems.is_empty()), problems)
}

fn read(text: &str, report: &mut Report) -> Option<Pathway> {
    let doc = Doc::read(PATHWAY, text, 1, report);
    let root = doc.root();
    root.shape(&["title", "summary", "nature", "course", "component", "award"], &[], report);
    let course = course(&root, "course", report);
    let components: Vec<_> =
        root.tables("component", report).iter().filter_map(|table| component(table, report)).collect();
    let ids: Vec<_> = components.iter().map(|(id, component)| (component.slug.as_str(), id.line)).collect();
    twice("composante", &ids, report);
    let known: Vec<&str> = ids.iter().map(|(id, _)| *id).collect();
    let awards: Vec<_> = root.tables("award", report).iter().filter_map(|table| award(table, &known, report)).collect();
    let ids: Vec<_> = awards.iter().map(|(id, award)| (award.slug.as_str(), id.line)).collect();
    twice("certificat", &ids, report);
    Some(Pathway {
        title: root.line_of_text("title", 200, report).said,
        summary: root.line_of_text("summary", 1000, report).said,
        nature: root.line_of_text("nature", 100, report).said,
        course: course?,
        components: components.into_iter().map(|(_, component)| component).collect(),
        awards: awards.into_iter().map(|(_, award)| award).collect(),
    })
}

fn component(table: &Table<'_>, report: &mut Report) -> Option<(Text, Component)> {
    table.shape(&["id", "title", "how_to", "modality", "minutes"], &["course", "webinar", "half_days"], report);
    let id = table.text("id", report);
    let slug = named::<ComponentSlug>(&id, report);
    Some((
        id,
        Component {
            slug: slug?,
            title: table.line_of_text("title", 200, report).said,
            how_to: table.line_of_text("how_to", 500, report).said,
            modality: modality(table, report),
            minutes: table.whole("minutes", 1..=6000, report),
            way: way(table, report)?,
        },
    ))
}

fn modality(table: &Table<'_>, report: &mut Report) -> Modality {
    let text = table.text("modality", report);
    match text.said.as_str() {
        "asynchronous" => Modality::Asynchronous,
        "synchronous" => Modality::Synchronous,
        "face-to-face" | "" => Modality::FaceToFace,
        other => {
            let names = quoted(["asynchronous", "synchronous", "face-to-face"]);
            report.say(
                PATHWAY,
                text.line,
                format!("la modalité « {other} » n’existe pas. Modalités possibles : {names}"),
            );
            Modality::FaceToFace
        }
    }
}

fn way(table: &Table<'_>, report: &mut Report) -> Option<Way> {
    match ["course", "webinar", "half_days"].map(|key| table.has(key)) {
        [true, false, false] => course(table, "course", report).map(|course| Way::Course { course }),
        [false, true, false] => course(table, "webinar", report).map(|course| Way::Webinar { course }),
        [false, false, true] => Some(Way::HalfDays { count: table.whole("half_days", 1..=20, report) }),
        _ => {
            let said = "dites comment la composante s’acquiert, par une seule de ces clés : « course », « webinar », \
                        « half_days »";
            report.say(PATHWAY, table.line, said);
            None
        }
    }
}

fn course(table: &Table<'_>, key: &str, report: &mut Report) -> Option<CourseSlug> {
    let text = table.text(key, report);
    named::<CourseSlug>(&text, report)
}

fn award(table: &Table<'_>, known: &[&str], report: &mut Report) -> Option<(Text, Award)> {
    table.shape(&["id", "title", "components"], &[], report);
    let id = table.text("id", report);
    let slug = named(&id, report);
    let texts = table.lines_of_text("components", 64, report);
    if texts.len() > MOST {
        let said = format!("un certificat tient sur une page : {MOST} composantes au plus");
        report.say(PATHWAY, table.line_of("components"), said);
    }
    for text in texts.iter().filter(|text| !text.said.is_empty() && !known.contains(&text.said.as_str())) {
        let near = nearest(&text.said, known.iter().copied());
        let said = format!(
            "« {} » n’est pas une composante.{near} Composantes : {}",
            text.said,
            quoted(known.iter().copied())
        );
        report.say(PATHWAY, text.line, said);
    }
    twice("composante", &texts.iter().map(|text| (text.said.as_str(), text.line)).collect::<Vec<_>>(), report);
    Some((
        id,
        Award {
            slug: slug?,
            title: table.line_of_text("title", 200, report).said,
            components: texts.iter().filter_map(|text| text.said.parse().ok()).collect(),
        },
    ))
}

fn named<T: std::str::FromStr<Err = crate::ids::NotASlug>>(text: &Text, report: &mut Report) -> Option<T> {
    match text.said.parse() {
        Ok(slug) => Some(slug),
        Err(_) if text.said.is_empty() => None,
        Err(error) => {
            report.say(PATHWAY, text.line, format!("{error}"));
            None
        }
    }
}

fn twice(what: &str, ids: &[(&str, u32)], report: &mut Report) {
    for (place, (id, line)) in ids.iter().enumerate() {
        if ids.iter().take(place).any(|(before, _)| before == id) {
            report.say(PATHWAY, *line, format!("« {id} » est écrit deux fois : chaque {what} l’est une seule fois"));
        }
    }
}
