//! How the questions of a course's quizzes did, from the attempts that agents handed in.
//!
//! A quiz is read at a time, in two queries over its attempts and their answers: for 6,800 agents and eight questions, some
//! 55,000 rows. No table of sums is kept.

use super::framed;
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::course::library::Published;
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::authored;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::course::{ASSESSMENT, POSITIONING};
use domain::csv;
use domain::ids::{ChapterSlug, CourseSlug, QuestionSlug, VersionId};
use domain::quiz::{Answer, Question};
use domain::studio::items::{Analysis, Asked, ENOUGH, Item, ItemFigures};
use domain::text::{counted, integer};
use frontend::studio::Tab;
use frontend::studio::publishing::{ChoiceLine, QuizLink, ResultLine, ResultsPage, results_page};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Milliseconds beyond which somebody was elsewhere between two answers.
const AWAY: i64 = 30 * 60 * 1000;

/// What is shown of what is hidden.
const HIDDEN: &str = "masqué";

#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    quiz: Option<ChapterSlug>,
}

/// The analysis of a quiz.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysed {
    pub title: String,
    /// First attempts that were handed in.
    pub attempts: u64,
    pub items: Vec<Item>,
}

/// `GET /studio/{course}/resultats`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let (published, author) = read_by(&app, &viewer, &course).await?;
    let view = results_page(match &published {
        Some(published) => shown(&app, published, &author, wanted.quiz).await?,
        None => ResultsPage {
            framed: framed(&author, "", Tab::Results),
            quizzes: Vec::new(),
            title: None,
            csv: String::new(),
            attempts: 0,
            enough: ENOUGH,
            lines: Vec::new(),
        },
    });
    Ok(around.studio_page(StatusCode::OK, "Résultats des questions", view))
}

async fn shown(
    app: &App,
    published: &Arc<Published>,
    author: &CourseAuthor,
    wanted: Option<ChapterSlug>,
) -> Result<ResultsPage> {
    let course = &published.course.slug;
    let exercise = chosen(published, wanted)?;
    let analysed = match &exercise {
        Some(exercise) => Some(analyse(app, published, exercise).await?),
        None => None,
    };
    let link = |slug: ChapterSlug| {
        let quiz = published.course.exercise(&slug)?.quiz();
        let href = format!("/studio/{course}/resultats?quiz={slug}");
        Some(QuizLink { href, title: quiz.title.clone(), current: exercise.as_ref() == Some(&slug) })
    };
    let items = analysed.as_ref().map(|it| it.items.as_slice()).unwrap_or_default();
    Ok(ResultsPage {
        framed: framed(author, &published.course.title, Tab::Results),
        quizzes: exercises(published).filter_map(link).collect(),
        title: analysed.as_ref().map(|it| it.title.clone()),
        csv: exercise.as_ref().map_or_else(String::new, |slug| format!("/studio/{course}/resultats.csv?quiz={slug}")),
        attempts: analysed.as_ref().map_or(0, |it| it.attempts),
        enough: ENOUGH,
        lines: items.iter().zip(1..).map(|(item, place)| line(item, place)).collect(),
    })
}

/// `GET /studio/{course}/resultats.csv`: the same figures, to be opened in a spreadsheet.
pub async fn file(
    State(app): State<App>,
    viewer: Viewer,
    Path(course): Path<CourseSlug>,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let (published, _) = read_by(&app, &viewer, &course).await?;
    let published = published.ok_or(Error::NotFound)?;
    let exercise = chosen(&published, wanted.quiz)?.ok_or(Error::NotFound)?;
    let analysed = analyse(&app, &published, &exercise).await?;
    let head =
        ["Question", "Énoncé", "Posée", "Réussite", "Discrimination", "Temps médian (s)", "Réponses", "À revoir"];
    let rows = analysed.items.iter().map(row);
    let file = csv::written(std::iter::once(head.map(str::to_owned).to_vec()).chain(rows));
    let mut response = file.into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    let name = format!("attachment; filename=\"resultats-{course}-{exercise}.csv\"");
    headers
        .insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(|error| Error::Internal(error.to_string()))?);
    Ok(response)
}

/// Its published version, for those who read how its questions are answered.
async fn read_by(app: &App, viewer: &Viewer, course: &CourseSlug) -> Result<(Option<Arc<Published>>, CourseAuthor)> {
    let (_, author) = authored(app, viewer, course).await?;
    viewer.course_publisher(course)?;
    Ok((app.library.course(course), author))
}

/// The quizzes of a course: the chapters' in order, then those of the whole course.
fn exercises(published: &Published) -> impl Iterator<Item = ChapterSlug> + '_ {
    let chapters = published.course.chapters.iter().map(|chapter| chapter.slug.clone());
    let whole = [POSITIONING, ASSESSMENT].into_iter().filter_map(|slug| slug.parse().ok());
    chapters.chain(whole).filter(|slug| published.course.exercise(slug).is_some())
}

/// The quiz that was asked for; the first where none was.
fn chosen(published: &Published, wanted: Option<ChapterSlug>) -> Result<Option<ChapterSlug>> {
    match wanted {
        Some(slug) => exercises(published).find(|known| *known == slug).map(Some).ok_or(Error::NotFound),
        None => Ok(exercises(published).next()),
    }
}

#[derive(Debug, FromQueryResult)]
struct AttemptRow {
    id: String,
    person_id: i64,
    version_id: i64,
    questions: String,
    started_at: i64,
}

#[derive(Debug, FromQueryResult)]
struct AnswerRow {
    attempt_id: String,
    question: String,
    body: String,
    received_at: i64,
}

/// Reads the first attempt that each enrolled agent handed in at a quiz, and says how its questions did.
///
/// # Errors
/// [`Error::NotFound`] where the course has no such quiz; when the database fails.
pub async fn analyse(app: &App, published: &Arc<Published>, exercise: &ChapterSlug) -> Result<Analysed> {
    let quiz = published.course.exercise(exercise).ok_or(Error::NotFound)?.quiz();
    let attempts = first_attempts(app.db.reader(), &published.course.slug, exercise).await?;
    let mut answers = answers(app.db.reader(), &published.course.slug, exercise).await?;
    let mut same = BTreeMap::new();
    for version in attempts.iter().map(|row| row.version_id).collect::<BTreeSet<_>>() {
        let former = app.library.version(&app.db, VersionId(version)).await?;
        let asked = former.course.exercise(exercise).map(|it| it.quiz().questions.clone()).unwrap_or_default();
        same.insert(version, unchanged(&quiz.questions, &asked));
    }
    let mut analysis = Analysis::of(&quiz.questions);
    for attempt in &attempts {
        let drawn: Vec<QuestionSlug> = serde_json::from_str(&attempt.questions)
            .map_err(|_| Error::Internal(format!("attempt {} cannot be read", attempt.id)))?;
        let said = timed(attempt.started_at, answers.remove(&attempt.id).unwrap_or_default());
        let same = same.get(&attempt.version_id);
        let asked = drawn.iter().filter(|slug| same.is_some_and(|same| same.contains(*slug))).map(|slug| {
            let said = said.get(slug.as_str());
            Asked {
                question: slug,
                answer: said.map(|(answer, _)| answer),
                seconds: said.and_then(|(_, seconds)| *seconds),
            }
        });
        analysis.add(&asked.collect::<Vec<_>>());
    }
    Ok(Analysed { title: quiz.title.clone(), attempts: attempts.len() as u64, items: analysis.items() })
}

/// The questions that are the same in both: what is asked, what is right, what it is worth.
fn unchanged(now: &[Question], then: &[Question]) -> BTreeSet<QuestionSlug> {
    let key = |question: &Question| (question.slug.clone(), question.stem.clone(), question.points);
    let same = |question: &&Question| then.iter().any(|it| key(it) == key(question) && it.kind == question.kind);
    now.iter().filter(same).map(|question| question.slug.clone()).collect()
}

async fn first_attempts(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    exercise: &ChapterSlug,
) -> Result<Vec<AttemptRow>> {
    let sql = "SELECT t.id, t.person_id, t.version_id, t.questions, t.started_at FROM attempt t \
        JOIN enrolment e ON e.course = t.course AND e.person_id = t.person_id \
        WHERE t.course = $1 AND t.chapter = $2 AND t.handed_in_at IS NOT NULL ORDER BY t.person_id, t.number";
    let mut rows = AttemptRow::find_by_statement(asked(db, sql, course, exercise)).all(db).await?;
    rows.dedup_by_key(|row| row.person_id);
    Ok(rows)
}

/// The answers of every attempt that was handed in, by attempt.
async fn answers(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    exercise: &ChapterSlug,
) -> Result<BTreeMap<String, Vec<AnswerRow>>> {
    let sql = "SELECT a.attempt_id, a.question, a.body, a.received_at FROM answer a JOIN attempt t ON t.id = a.attempt_id \
        WHERE t.course = $1 AND t.chapter = $2 AND t.handed_in_at IS NOT NULL";
    let mut answers = BTreeMap::<String, Vec<AnswerRow>>::new();
    for row in AnswerRow::find_by_statement(asked(db, sql, course, exercise)).all(db).await? {
        answers.entry(row.attempt_id.clone()).or_default().push(row);
    }
    Ok(answers)
}

fn asked(db: &impl ConnectionTrait, sql: &str, course: &CourseSlug, exercise: &ChapterSlug) -> Statement {
    let values = [course.as_str().into(), exercise.as_str().into()];
    Statement::from_sql_and_values(db.get_database_backend(), sql, values)
}

/// Each answer, with the seconds since the one before where they came one by one.
fn timed(started_at: i64, mut rows: Vec<AnswerRow>) -> BTreeMap<String, (Answer, Option<u32>)> {
    rows.sort_by_key(|row| row.received_at);
    let instants: Vec<i64> = rows.iter().map(|row| row.received_at).collect();
    let mut before = started_at;
    let mut timed = BTreeMap::new();
    for row in rows {
        let alone = instants.iter().filter(|at| **at == row.received_at).count() == 1;
        let spent = row.received_at - before;
        before = row.received_at;
        let seconds =
            (alone && (0..AWAY).contains(&spent)).then_some(spent / 1000).and_then(|it| u32::try_from(it).ok());
        // One that cannot be read any more is no answer.
        if let Ok(answer) = serde_json::from_str(&row.body) {
            timed.insert(row.question, (answer, seconds));
        }
    }
    timed
}

fn line(item: &Item, place: usize) -> ResultLine {
    let figures = item.figures.as_ref();
    let told = |hidden: &str, said: &dyn Fn(&ItemFigures) -> String| figures.map_or_else(|| hidden.to_owned(), said);
    let choices = figures.map(|figures| figures.choices.as_slice()).unwrap_or_default();
    ResultLine {
        place,
        asked: plain(&item.stem),
        attempts: match (figures, item.asked) {
            (None, 0) => "personne encore".to_owned(),
            (None, _) => "moins de 5 agents".to_owned(),
            (Some(_), asked) => counted(asked, "agent", "agents"),
        },
        facility: told("masquée", &|figures| format!("{}\u{a0}%", figures.facility.div_ceil(10))),
        discrimination: told("masquée", &|figures| {
            figures.discrimination.map_or_else(|| "inconnue".to_owned(), decimal)
        }),
        seconds: told(HIDDEN, &|figures| {
            figures.median_seconds.map_or_else(|| "inconnu".to_owned(), |it| format!("{it}\u{a0}s"))
        }),
        choices: choices
            .iter()
            .map(|choice| ChoiceLine {
                label: choice.label.clone(),
                right: choice.right,
                count: choice.count.map_or_else(|| HIDDEN.to_owned(), integer),
            })
            .collect(),
        remarks: figures.map(|figures| figures.remarks.clone()).unwrap_or_default(),
    }
}

/// Thousandths as « −0,12 ».
fn decimal(thousandths: i32) -> String {
    let sign = if thousandths < 0 { "−" } else { "" };
    let hundredths = thousandths.unsigned_abs().div_ceil(10);
    format!("{sign}{},{:02}", hundredths / 100, hundredths % 100)
}

fn row(item: &Item) -> Vec<String> {
    let mut cells = vec![item.question.to_string(), plain(&item.stem)];
    let Some(figures) = &item.figures else {
        cells.extend([if item.asked == 0 { "0" } else { HIDDEN }.to_owned()]);
        cells.extend(std::iter::repeat_n(HIDDEN.to_owned(), 4));
        cells.push(String::new());
        return cells;
    };
    let choices = figures.choices.iter().map(|choice| {
        let count = choice.count.map_or_else(|| HIDDEN.to_owned(), |count| count.to_string());
        format!("{}\u{a0}: {count}", plain(&choice.label))
    });
    cells.extend([
        item.asked.to_string(),
        decimal(i32::try_from(figures.facility).unwrap_or(0)),
        figures.discrimination.map_or_else(String::new, decimal),
        figures.median_seconds.map_or_else(String::new, |it| it.to_string()),
        choices.collect::<Vec<_>>().join(" | "),
        figures.remarks.join(" | "),
    ]);
    cells
}

/// The words of some HTML.
fn plain(html: &str) -> String {
    domain::studio::changes::plain(html)
}
