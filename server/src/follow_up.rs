//! Trainers and their agents: who is where, and each one's record.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::identity::Subject;
use domain::ids::{CourseSlug, PersonId};
use frontend::follow_up::{AgentRow, Agents, agents_page};
use frontend::record::dossier_page;
use jiff::Timestamp;
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement, Value};
use serde::Deserialize;

use crate::access::{FollowUp, Viewer};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity;
use crate::page::Surroundings;
use crate::record::routes::{Before, dossier};

const PAGE: u64 = 50;

#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    page: Option<u64>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    person_id: i64,
    first_name: String,
    last_name: String,
    maison: Option<String>,
    departement: Option<String>,
    chapters: i64,
    minutes: i64,
    last_at: i64,
}

/// `GET /suivi`: the agents who have earned something in the courses that this person follows up.
pub async fn agents(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Query(Asked { q, page }): Query<Asked>,
) -> Result<Response> {
    let follow_up = viewer.follow_up(&published(&app))?;
    let query: String = q.trim().chars().take(100).collect();
    let page = page.unwrap_or(1).max(1);
    let (rows, total) = find(&app, &follow_up, &query, page).await?;
    let of = follow_up
        .courses
        .iter()
        .filter_map(|course| app.library.course(course))
        .map(|published| published.course.chapters.len())
        .sum::<usize>();
    let rows = rows.into_iter().map(|row| AgentRow {
        href: format!("/suivi/{}", row.person_id),
        name: format!("{} {}", row.first_name, row.last_name),
        maison: row.maison,
        departement: row.departement,
        done: u32::try_from(row.chapters).unwrap_or(0),
        of: u32::try_from(of).unwrap_or(0),
        minutes: u32::try_from(row.minutes).unwrap_or(0),
        last: Timestamp::from_millisecond(row.last_at).ok(),
    });
    let view = agents_page(Agents { query, rows: rows.collect(), page, pages: total.div_ceil(PAGE).max(1), total });
    Ok(around.page("Suivi des agents", view))
}

/// `GET /suivi/{person}`: the record of an agent who follows one of this person's courses.
pub async fn agent(
    State(app): State<App>,
    viewer: Viewer,
    around: Surroundings,
    Path(person): Path<PersonId>,
    Query(before): Query<Before>,
) -> Result<Response> {
    let subject = subject(&app, person).await?;
    let reader = viewer.reader_of(&subject)?;
    let account = identity::store::account(&app, person).await?.ok_or(Error::NotFound)?;
    let name = format!("{} {}", account.first_name, account.last_name);
    let title = format!("Dossier de {name}");
    let dossier = dossier(&app, &reader, name, &format!("/suivi/{person}"), before, false).await?;
    Ok(around.page(&title, dossier_page(dossier)))
}

pub(crate) fn published(app: &App) -> Vec<CourseSlug> {
    app.library.current().iter().map(|published| published.course.slug.clone()).collect()
}

async fn find(app: &App, follow_up: &FollowUp, query: &str, page: u64) -> Result<(Vec<Row>, u64)> {
    let backend = app.db.backend();
    let mut values: Vec<Value> = follow_up.courses.iter().map(|course| course.as_str().into()).collect();
    let courses = (1..=values.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let mut filter = format!("s.course IN ({courses})");
    if !query.is_empty() {
        // `%` and `_` typed by a person mean themselves.
        let escaped = query.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        values.push(format!("%{escaped}%").into());
        let place = values.len();
        let named = format!(
            " AND (LOWER(p.last_name || ' ' || p.first_name || ' ' || p.last_name) LIKE ${place} ESCAPE '\\' \
             OR LOWER(COALESCE(m.name, '') || ' ' || COALESCE(m.commune, '')) LIKE ${place} ESCAPE '\\')"
        );
        filter.push_str(&named);
    }
    let from = format!(
        "FROM course_standing s JOIN person p ON p.id = s.person_id LEFT JOIN maison m ON m.id = p.maison_id WHERE {filter}"
    );
    let total = format!("SELECT COUNT(DISTINCT s.person_id) AS total {from}");
    let total = app.db.reader().query_one_raw(Statement::from_sql_and_values(backend, total, values.clone())).await?;
    let total = total.map_or(Ok(0), |row| row.try_get::<i64>("", "total"))?;
    let rows = format!(
        "SELECT s.person_id, p.first_name, p.last_name, m.name AS maison, m.departement, \
         CAST(SUM(s.chapters) AS BIGINT) AS chapters, CAST(SUM(s.minutes) AS BIGINT) AS minutes, MAX(s.last_at) AS last_at {from} \
         GROUP BY s.person_id, p.first_name, p.last_name, m.name, m.departement \
         ORDER BY p.last_name, p.first_name, s.person_id LIMIT {PAGE} OFFSET {}",
        (page - 1).saturating_mul(PAGE).min(1_000_000_000)
    );
    let rows =
        Row::find_by_statement(Statement::from_sql_and_values(backend, rows, values)).all(app.db.reader()).await?;
    Ok((rows, u64::try_from(total).unwrap_or(0)))
}

pub(crate) async fn subject(app: &App, person: PersonId) -> Result<Subject> {
    let folded = crate::record::store::load(app.db.reader(), person).await?;
    let place = crate::place::of(app, person).await?;
    Ok(Subject { person, maison: place, courses: folded.record.courses.keys().cloned().collect() })
}
