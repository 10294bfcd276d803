//! The versions of a course: who published them and why, what differs, and the way back.

use super::act::{self, Order, Outcome};
use super::entity::publication;
use super::work::foresee;
use super::{framed, gate, published_by, words};
use crate::access::{CourseAuthor, Viewer};
use crate::app::App;
use crate::course::entity::{course_source, course_version};
use crate::error::{Error, Result};
use crate::page::Surroundings;
use crate::studio::authored;
use crate::studio::store::Draft;
use crate::webinar::presence::{by, names};
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::course::Course;
use domain::ids::{CourseSlug, PersonId};
use domain::studio::changes::{ChapterChange, Fate, Piece, QuizChange, SectionChange, changes};
use domain::text::{counted, date_long, date_time};
use frontend::studio::Tab;
use frontend::studio::publishing::{
    Back, ChapterDiff, DiffPiece, QuestionDiff, QuizDiff, SectionDiff, VersionLine, VersionsDiff, VersionsPage,
    because, versions_page,
};
use http::StatusCode;
use jiff::Timestamp;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::Deserialize;
use std::collections::BTreeMap;
use uuid::Uuid;

/// What names the draft where a version is named.
const DRAFT: &str = "brouillon";

/// What is compared, and the version that one thinks of going back to.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    de: Option<String>,
    a: Option<String>,
    retour: Option<u32>,
}

/// The form that goes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoBack {
    request: Uuid,
    number: u32,
    #[serde(default)]
    note: String,
}

/// `GET /studio/{course}/versions`
pub async fn page(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let (draft, author) = authored(&app, &viewer, &course).await?;
    show(&app, around, (&draft, &author), asked, (StatusCode::OK, None)).await
}

/// `POST /studio/{course}/versions`: publishes a former version again.
pub async fn go_back(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(course): Path<CourseSlug>,
    Form(GoBack { request, number, note }): Form<GoBack>,
) -> Result<Response> {
    let (draft, author) = published_by(&app, &viewer, &course).await?;
    let note: String = note.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    let order = Order { request, by: author.person, note, notice: String::new(), by_mail: false };
    if let Outcome::Published(_) = act::go_back(&app, &course, order, number).await? {
        return Ok(Redirect::to(&format!("/studio/{course}/versions")).into_response());
    }
    let said = format!("La version {number} est déjà ce qui est publié\u{a0}: rien n’a été publié.");
    show(&app, around, (&draft, &author), Asked::default(), (StatusCode::CONFLICT, Some(said))).await
}

async fn show(
    app: &App,
    around: Surroundings,
    (draft, author): (&Draft, &CourseAuthor),
    asked: Asked,
    (status, problem): (StatusCode, Option<String>),
) -> Result<Response> {
    let course = &draft.course;
    let versions = lines(app, course).await?;
    let newest = versions.first().map_or_else(|| DRAFT.to_owned(), |line| line.number.to_string());
    let (from, to) = (asked.de.clone().unwrap_or(newest), asked.a.clone().unwrap_or_else(|| DRAFT.to_owned()));
    let (mut diff, mut problem) = (None, problem);
    if !versions.is_empty() {
        let both = (named(app, course, &from).await?, named(app, course, &to).await?);
        if let (Some(old), Some(new)) = both {
            diff = Some(told(&old, &new));
        } else {
            let said =
                "Ce brouillon ne se compare pas encore\u{a0}: corrigez d’abord ce qui l’empêche d’être un cours.";
            problem = problem.or_else(|| Some(said.to_owned()));
        }
    }
    let back = match asked.retour.filter(|_| author.publishes) {
        Some(number) => Some(back(app, course, number).await?),
        None => None,
    };
    let published = app.library.course(course);
    let framed = framed(author, published.as_ref().map_or("", |it| &it.course.title), Tab::Publishing);
    let view = versions_page(VersionsPage { framed, versions, from, to, diff, back, problem });
    Ok(around.studio_page(status, "Versions", view))
}

/// What going back changes for agents.
async fn back(app: &App, course: &CourseSlug, number: u32) -> Result<Back> {
    let (former, _) = act::former(app, course, number).await?;
    let current = app.library.course(course).ok_or(Error::NotFound)?;
    let foreseen = foresee(app, &current.course, &former).await?;
    let told = words::consequences(&foreseen, &current.course, &former);
    let mut changes =
        vec![format!("{}.", counted(told.keep, "agent garde tout son travail", "agents gardent tout leur travail"))];
    changes.extend(told.lines.into_iter().map(|line| format!("{}, {}.", line.who, because(line.why))));
    Ok(Back { request: app.dice.uuid().to_string(), number, note: String::new(), changes })
}

/// The version of that name, or the draft; none where the draft is no course.
async fn named(app: &App, course: &CourseSlug, name: &str) -> Result<Option<Course>> {
    if name == DRAFT {
        return Ok(gate::examine(app, course).await?.course);
    }
    let number: u32 = name.parse().map_err(|_| Error::NotFound)?;
    let known = app.library.numbered(&app.db, course, number).await?.ok_or(Error::NotFound)?;
    Ok(Some(known.course.clone()))
}

/// Every version, newest first.
async fn lines(app: &App, course: &CourseSlug) -> Result<Vec<VersionLine>> {
    let db = app.db.reader();
    let versions: Vec<(i64, i64, i64)> = course_version::Entity::find()
        .select_only()
        .columns([course_version::Column::Id, course_version::Column::Number, course_version::Column::PublishedAt])
        .filter(course_version::Column::Course.eq(course.as_str()))
        .order_by_desc(course_version::Column::Number)
        .into_tuple()
        .all(db)
        .await?;
    let kept: Vec<i64> = course_source::Entity::find()
        .select_only()
        .column(course_source::Column::VersionId)
        .distinct()
        .filter(course_source::Column::VersionId.is_in(versions.iter().map(|(id, ..)| *id)))
        .into_tuple()
        .all(db)
        .await?;
    let published = publication::Entity::find().filter(publication::Column::Course.eq(course.as_str())).all(db).await?;
    let published: BTreeMap<i64, publication::Model> = published.into_iter().map(|row| (row.number, row)).collect();
    let mut waivers = BTreeMap::new();
    for number in published.keys() {
        waivers.insert(*number, gate::waivers(db, course, *number).await?);
    }
    let people = published.values().map(|row| PersonId(row.by_id));
    let people = people.chain(waivers.values().flatten().map(|waiver| waiver.by));
    let authors = names(db, people.collect::<Vec<_>>()).await?;
    let newest = versions.first().map(|(_, number, _)| *number);
    let line = |(id, number, at): &(i64, i64, i64)| {
        let row = published.get(number);
        let former = row.and_then(|row| row.former).map(|former| format!("Retour à la version {former}. "));
        let waived = waivers.get(number).into_iter().flatten();
        VersionLine {
            number: u32::try_from(*number).unwrap_or(0),
            at: date_time(Timestamp::from_millisecond(*at).unwrap_or_default()),
            by: row.map_or_else(String::new, |row| by(Some(PersonId(row.by_id)), &authors)),
            note: former.unwrap_or_default() + row.map_or("", |row| row.note.as_str()),
            waivers: waived
                .map(|it| {
                    format!("{} ({}\u{a0}; {}, le {})", it.said, it.reason, by(Some(it.by), &authors), date_long(it.at))
                })
                .collect(),
            may_go_back: kept.contains(id) && newest != Some(*number),
        }
    };
    Ok(versions.iter().map(line).collect())
}

fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Added => "Ajouté",
        Fate::Removed => "Retiré",
        Fate::Changed => "Modifié",
    }
}

fn told(old: &Course, new: &Course) -> VersionsDiff {
    let changes = changes(old, new);
    VersionsDiff {
        whole: changes.whole,
        chapters: changes.chapters.into_iter().map(chapter).collect(),
        quizzes: changes.quizzes.into_iter().map(quiz).collect(),
    }
}

fn chapter(change: ChapterChange) -> ChapterDiff {
    let moved = change.moved.map(|(was, is)| format!("Déplacé de la place {was} à la place {is}."));
    let about = (!change.about.is_empty()).then(|| format!("Changent aussi\u{a0}: {}.", change.about.join(", ")));
    ChapterDiff {
        title: change.title,
        fate: fate(change.fate),
        notes: moved.into_iter().chain(about).collect(),
        sections: change.sections.into_iter().map(section).collect(),
    }
}

fn section(SectionChange { title, fate, added, removed, pieces }: SectionChange) -> SectionDiff {
    let words = |count: u32, one: &str, many: &str| (count > 0).then(|| counted(count.into(), one, many));
    let said = [words(added, "mot ajouté", "mots ajoutés"), words(removed, "mot retiré", "mots retirés")];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let pieces = pieces.into_iter().map(|piece| match piece {
        Piece::Same(text) => DiffPiece::Same(text),
        Piece::Added(text) => DiffPiece::Added(text),
        Piece::Removed(text) => DiffPiece::Removed(text),
        Piece::Gap => DiffPiece::Gap,
    });
    SectionDiff {
        title,
        fate: match fate {
            Fate::Added => "ajoutée",
            Fate::Removed => "retirée",
            Fate::Changed => "modifiée",
        },
        said: if said.is_empty() { "liens, images, médias ou mise en forme".to_owned() } else { said.join(", ") },
        pieces: pieces.collect(),
    }
}

fn quiz(change: QuizChange) -> QuizDiff {
    let questions = change.questions.into_iter().map(|question| QuestionDiff {
        asked: question.asked,
        fate: match question.fate {
            Fate::Added => "Ajoutée",
            Fate::Removed => "Retirée",
            Fate::Changed => "Modifiée",
        },
        what: match question.what.as_slice() {
            [] => ".".to_owned(),
            what => format!("\u{a0}: {}.", what.join(", ")),
        },
        meaning: question.meaning,
    });
    QuizDiff { title: change.title, fate: fate(change.fate), rules: change.rules, questions: questions.collect() }
}
