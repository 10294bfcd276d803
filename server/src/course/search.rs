//! Full-text search over what is published, the same words found on both databases.

use crate::app::App;
use crate::error::Result;
use domain::course::Course;
use domain::search::{normalised, terms};
use sea_orm::{ConnectionTrait, DatabaseBackend, DbErr, FromQueryResult, Statement, Value};

/// The most hits a page shows.
pub const MOST_HITS: u64 = 30;

/// A paragraph that answers a search.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Hit {
    pub course: String,
    pub chapter: String,
    pub chapter_title: String,
    pub section_title: String,
    pub anchor: String,
    pub body: String,
}

/// Replaces a course's index by that of this version.
pub(super) async fn index(db: &impl ConnectionTrait, backend: DatabaseBackend, course: &Course) -> Result<(), DbErr> {
    let run = |sql: &str, values: Vec<Value>| db.execute_raw(Statement::from_sql_and_values(backend, sql, values));
    run("DELETE FROM passage WHERE course = $1", vec![course.slug.as_str().into()]).await?;
    for chapter in &course.chapters {
        for section in &chapter.sections {
            let heading = (section.slug.as_str(), section.title.as_str());
            let passages = section.passages.iter().map(|passage| (passage.anchor.as_str(), passage.text.as_str()));
            for (anchor, text) in std::iter::once(heading).chain(passages) {
                run(
                    "INSERT INTO passage (course, chapter, chapter_title, section_title, anchor, body, terms) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    vec![
                        course.slug.as_str().into(),
                        chapter.slug.as_str().into(),
                        chapter.title.as_str().into(),
                        section.title.as_str().into(),
                        anchor.into(),
                        text.into(),
                        normalised(text).into(),
                    ],
                )
                .await?;
            }
        }
    }
    Ok(())
}

/// The paragraphs that hold every word of the query, best first.
///
/// # Errors
/// When the database fails.
pub async fn find(app: &App, query: &str) -> Result<Vec<Hit>> {
    let terms = terms(query);
    if terms.is_empty() {
        return Ok(Vec::new());
    }
    let backend = app.db.backend();
    let (sql, wanted) = match backend {
        // Terms are bare letters and digits, so quoting them is all that either syntax needs.
        DatabaseBackend::Postgres => (
            "SELECT course, chapter, chapter_title, section_title, anchor, body FROM passage, to_tsquery('simple', $1) AS wanted \
             WHERE index @@ wanted ORDER BY ts_rank(index, wanted, 1) DESC, chapter, anchor LIMIT $2",
            terms.join(" & "),
        ),
        _ => (
            "SELECT course, chapter, chapter_title, section_title, anchor, body FROM passage \
             WHERE passage MATCH $1 ORDER BY bm25(passage), chapter, anchor LIMIT $2",
            terms.iter().map(|term| format!("\"{term}\"")).collect::<Vec<_>>().join(" AND "),
        ),
    };
    let limit = i64::try_from(MOST_HITS).unwrap_or(i64::MAX);
    let statement = Statement::from_sql_and_values(backend, sql, [wanted.into(), limit.into()]);
    Ok(Hit::find_by_statement(statement).all(app.db.reader()).await?)
}
