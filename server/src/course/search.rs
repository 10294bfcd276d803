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

/// Rows written by one statement.
const TOGETHER: usize = 200;

/// Replaces a course's index by that of this version.
pub(super) async fn index(db: &impl ConnectionTrait, course: &Course) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let run = |sql: String, values: Vec<Value>| db.execute_raw(Statement::from_sql_and_values(backend, sql, values));
    run("DELETE FROM passage WHERE course = $1".to_owned(), vec![course.slug.as_str().into()]).await?;
    let rows: Vec<[&str; 6]> = rows(course).collect();
    for rows in rows.chunks(TOGETHER) {
        let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 7);
        let mut places = Vec::with_capacity(rows.len());
        for row in rows {
            let first = values.len();
            values.extend(row.iter().map(|text| Value::from(*text)));
            values.push(normalised(row[5]).into());
            let row = (1..=7).map(|place| format!("${}", first + place)).collect::<Vec<_>>().join(", ");
            places.push(format!("({row})"));
        }
        let columns = "course, chapter, chapter_title, section_title, anchor, body, terms";
        run(format!("INSERT INTO passage ({columns}) VALUES {}", places.join(", ")), values).await?;
    }
    Ok(())
}

/// Every heading and passage: course, chapter, its title, its section's title, anchor, text.
fn rows(course: &Course) -> impl Iterator<Item = [&str; 6]> {
    let sections = course.chapters.iter().flat_map(|chapter| chapter.sections.iter().map(move |it| (chapter, it)));
    sections.flat_map(|(chapter, section)| {
        let heading = (section.slug.as_str(), section.title.as_str());
        let passages = section.passages.iter().map(|passage| (passage.anchor.as_str(), passage.text.as_str()));
        std::iter::once(heading).chain(passages).map(|(anchor, text)| {
            [course.slug.as_str(), chapter.slug.as_str(), &chapter.title, &section.title, anchor, text]
        })
    })
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
