//! The quizzes of the whole course: their rules are in `course.toml`, their questions in the chapters'
//! `positioning.toml` and `bank.toml`.

use super::quiz_file::{self, FREE, RULES};
use super::report::Report;
use super::toml_reader::{Doc, Table};
use super::world::Place;
use crate::course::{Assessment, Exemption, Positioning};
use crate::ids::ChapterSlug;
use crate::quiz::{Question, Quiz, Rules};
use std::collections::BTreeMap;

/// Questions gathered from the chapters, in their order.
#[derive(Debug, Default)]
pub(super) struct Pool {
    questions: Vec<Question>,
    exemptions: Vec<Exemption>,
    /// The file where each identifier was first seen.
    ids: BTreeMap<String, String>,
}

impl Pool {
    /// Takes what a chapter brings; `exempting` when its file may say who need not follow the chapter.
    pub(super) fn add(&mut self, place: &Place<'_>, text: &str, exempting: bool, report: &mut Report) {
        let doc = Doc::read(place.file, text, 1, report);
        let root = doc.root();
        root.shape(&["question"], if exempting { &["exempts_at"] } else { &[] }, report);
        let (questions, ids) = quiz_file::questions(place, &root, true, report);
        for id in ids.into_iter().filter(|id| !id.said.is_empty()) {
            match self.ids.get(&id.said) {
                Some(other) if other != place.file => {
                    place.say(
                        id.line,
                        format!("l’identifiant « {} » est déjà pris dans {other} : changez-le", id.said),
                        report,
                    );
                }
                Some(_) => {}
                None => {
                    self.ids.insert(id.said, place.file.to_owned());
                }
            }
        }
        if let (true, Ok(chapter)) = (root.has("exempts_at"), place.chapter.parse::<ChapterSlug>()) {
            let percent = u8::try_from(root.whole("exempts_at", 1..=100, report)).unwrap_or(100);
            self.exemptions.push(Exemption { chapter, percent });
        }
        self.questions.extend(questions);
    }

    /// Whether the table of `course.toml` and the questions go together, which is said where they do not.
    fn fits(&self, place: &Place<'_>, keys: &Table<'_>, table: &str, file: &str, report: &mut Report) -> bool {
        if keys.has(table) && self.ids.is_empty() {
            place.say(
                keys.line_of(table),
                format!("aucun chapitre n’a de {file} : écrivez-en, ou retirez [{table}]"),
                report,
            );
        }
        if !keys.has(table) && !self.ids.is_empty() {
            place.say(1, format!("des chapitres ont un {file} : ajoutez une table [{table}]"), report);
        }
        keys.has(table) && !self.ids.is_empty()
    }
}

/// `[positioning]`: one attempt, all the questions, no pass mark.
pub(super) fn positioning(place: &Place<'_>, keys: &Table<'_>, pool: Pool, report: &mut Report) -> Option<Positioning> {
    let table = Some(()).filter(|()| pool.fits(place, keys, "positioning", "positioning.toml", report));
    let table = table.and_then(|()| keys.table("positioning", report))?;
    table.shape(&["title", "summary", "minutes"], &[], report);
    let rules = Rules { attempts: Some(1), shuffle: false, ..FREE };
    Some(Positioning {
        summary: table.line_of_text("summary", 1000, report).said,
        minutes: table.whole("minutes", 1..=240, report),
        quiz: Quiz { title: table.line_of_text("title", 200, report).said, rules, questions: pool.questions },
        exemptions: pool.exemptions,
    })
}

/// `[assessment]`: the rules of a quiz, beside its title, its summary and its minutes.
pub(super) fn assessment(place: &Place<'_>, keys: &Table<'_>, pool: Pool, report: &mut Report) -> Option<Assessment> {
    let table = Some(()).filter(|()| pool.fits(place, keys, "assessment", "bank.toml", report));
    let table = table.and_then(|()| keys.table("assessment", report))?;
    table.shape(&["title", "summary", "minutes", "pass"], &RULES, report);
    let rules = quiz_file::rules(place, &table, pool.ids.len(), report);
    Some(Assessment {
        summary: table.line_of_text("summary", 1000, report).said,
        minutes: table.whole("minutes", 1..=240, report),
        quiz: Quiz { title: table.line_of_text("title", 200, report).said, rules, questions: pool.questions },
    })
}
