//! `/studio/{course}/questions`: the quizzes of a course being written, and what is done to their questions.

use super::change::{self, Change};
use super::reading::Reading;
use super::{file_of, path_of};
use crate::access::Viewer;
use crate::app::App;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::parse::Problem;
use domain::course::{ASSESSMENT, Course, POSITIONING};
use domain::ids::CourseSlug;
use domain::studio::question::Type;
use domain::studio::quiz_sheet::{Entry, QuizFile, RulesTable, Sheet, line_of_question};
use frontend::studio::Tab;
use frontend::studio::questions::{ChapterBlock, Filter, QuestionLine, QuestionsPage, QuizBlock, questions_page};
use http::StatusCode;
use serde::Deserialize;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is looked for; empty for all.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default, rename = "competence")]
    skill: String,
    #[serde(default, rename = "chapitre")]
    chapter: String,
    #[serde(default, rename = "etiquette")]
    tag: String,
}

/// `GET /studio/{course}/questions`
pub async fn list(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let reading = Reading::of(&app, &viewer, &course).await?;
    let (course, problems) = reading.glimpse();
    let chapters = reading.chapters();
    let mut tags = BTreeSet::new();
    let shown = chapters.iter().filter(|slug| wanted.chapter.is_empty() || wanted.chapter == **slug);
    let mut blocks = Vec::new();
    for slug in shown {
        let quizzes = QuizFile::ALL.map(|file| block(&reading, &problems, (slug, file), &wanted, &mut tags));
        blocks.push(ChapterBlock {
            slug: slug.clone(),
            title: title_of(course.as_ref(), slug),
            quizzes: quizzes.into_iter().collect(),
        });
    }
    let page = QuestionsPage {
        framed: reading.framed(course.as_ref(), Tab::Questions),
        filter: Filter { kind: wanted.kind, skill: wanted.skill, chapter: wanted.chapter, tag: wanted.tag },
        chapters: chapters.iter().map(|slug| (slug.clone(), title_of(course.as_ref(), slug))).collect(),
        skills: skills(course.as_ref()),
        tags: tags.into_iter().collect(),
        blocks,
        whole: [(ASSESSMENT, QuizFile::Bank), (POSITIONING, QuizFile::Positioning)]
            .map(|(slug, file)| (format!("{slug}/{}", file.key()), whole_title(file).to_owned()))
            .to_vec(),
        request: app.dice.uuid().to_string(),
    };
    Ok(around.studio_page(StatusCode::OK, "Questions", questions_page(page)))
}

/// A quiz of the whole course, as authors name its rules.
pub(super) fn whole_title(file: QuizFile) -> &'static str {
    match file {
        QuizFile::Positioning => "Quiz de positionnement",
        QuizFile::Quiz | QuizFile::Bank => "Évaluation finale",
    }
}

/// The title of a chapter, else its slug.
pub(in crate::studio) fn title_of(course: Option<&Course>, slug: &str) -> String {
    let chapter = course.and_then(|course| course.chapter(&slug.parse().ok()?));
    chapter.map(|chapter| chapter.title.clone()).filter(|title| !title.is_empty()).unwrap_or_else(|| slug.to_owned())
}

/// Keys and names.
pub(super) fn skills(course: Option<&Course>) -> Vec<(String, String)> {
    let skills = course.into_iter().flat_map(|course| &course.skills);
    skills.map(|skill| (skill.slug.to_string(), skill.name.clone())).collect()
}

fn block(
    reading: &Reading,
    problems: &[Problem],
    (chapter, file): (&str, QuizFile),
    wanted: &Wanted,
    tags: &mut BTreeSet<String>,
) -> QuizBlock {
    let path = path_of(chapter, file);
    let text = reading.text(&path);
    let own: Vec<&Problem> = problems.iter().filter(|problem| problem.file == path).collect();
    let sheet = text.as_deref().map(Sheet::read);
    let entries = match &sheet {
        Some(Ok(sheet)) => sheet.entries(),
        _ => Vec::new(),
    };
    tags.extend(entries.iter().flat_map(|entry| entry.tags.iter().cloned()));
    let mut elsewhere: Vec<&Problem> = own.clone();
    let count = entries.len();
    let mut lines = Vec::new();
    for (place, entry) in entries.into_iter().enumerate() {
        let range = text.as_deref().and_then(|text| line_of_question(text, &entry.id));
        let is_here = |problem: &Problem| range.as_ref().is_some_and(|range| range.contains(&problem.line));
        let wrong: Vec<String> = own.iter().filter(|problem| is_here(problem)).map(|one| one.said.clone()).collect();
        elsewhere.retain(|problem| !is_here(problem));
        if fits(&entry, wanted) {
            lines.push(line(chapter, file, entry, (place > 0, place + 1 < count), wrong));
        }
    }
    QuizBlock {
        file,
        exists: text.is_some(),
        said: match sheet {
            Some(Ok(sheet)) if file == QuizFile::Quiz => rules_said(&sheet),
            _ => String::new(),
        },
        questions: count as u64,
        lines,
        problems: elsewhere.into_iter().map(|problem| problem.said.clone()).collect(),
    }
}

fn fits(entry: &Entry, wanted: &Wanted) -> bool {
    let kind = entry.kind.map(Type::key).unwrap_or_default();
    (wanted.kind.is_empty() || wanted.kind == kind)
        && (wanted.skill.is_empty() || wanted.skill == entry.skill)
        && (wanted.tag.is_empty() || entry.tags.contains(&wanted.tag))
}

fn line(
    chapter: &str,
    file: QuizFile,
    entry: Entry,
    (may_go_up, may_go_down): (bool, bool),
    problems: Vec<String>,
) -> QuestionLine {
    let Entry { id, kind, stem, section, skill, tags } = entry;
    let first = stem.lines().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
    QuestionLine {
        path: format!("{chapter}/{}/{id}", file.key()),
        stem: if first.is_empty() { id.clone() } else { first },
        id,
        kind: kind.map_or("Type inconnu", Type::name),
        section,
        skill,
        tags,
        may_go_up,
        may_go_down,
        problems,
    }
}

/// « Réussi à 70 %, 3 essais au plus »
fn rules_said(sheet: &Sheet) -> String {
    let rules = sheet.rules(RulesTable::Rules);
    let text = |name: &str| rules.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
    let mut said = Vec::new();
    match text("pass") {
        "" => said.push("sans seuil".to_owned()),
        pass => said.push(format!("réussi à {pass}\u{a0}%")),
    }
    if let Ok(attempts) = text("attempts").parse() {
        said.push(domain::text::counted(attempts, "essai au plus", "essais au plus"));
    }
    if let Ok(draw) = text("draw").parse() {
        said.push(domain::text::counted(draw, "question tirée au sort", "questions tirées au sort"));
    }
    said.join(", ")
}

/// What a button of the list sends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    request: Uuid,
    chapter: String,
    quiz: String,
    /// What, and to which question: `up:accueil`.
    #[serde(rename = "do")]
    what: String,
}

/// `POST /studio/{course}/questions`
pub async fn act(
    State(app): State<App>,
    viewer: Viewer,
    Path(course): Path<CourseSlug>,
    Form(asked): Form<Asked>,
) -> Result<Response> {
    let (_, author) = crate::studio::authored(&app, &viewer, &course).await?;
    let Asked { request, chapter, quiz, what } = asked;
    let file = file_of(&quiz)?;
    let (what, question) = what.split_once(':').unwrap_or((&what, ""));
    let question = question.to_owned();
    let anchor = if what == "remove" { format!("{chapter}-{quiz}") } else { format!("{chapter}-{quiz}-{question}") };
    let change = match what {
        "up" => Change::Up(question),
        "down" => Change::Down(question),
        "copy" => Change::Copy(question),
        "remove" => Change::Remove(question),
        _ => return Err(Error::BadRequest("Cette action n’existe pas\u{a0}: rouvrez la page.".to_owned())),
    };
    change::change(&app, &author, (&path_of(&chapter, file), request), change).await?;
    Ok(Redirect::to(&format!("/studio/{course}/questions#{anchor}")).into_response())
}
