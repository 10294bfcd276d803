//! What agents add up to, asked of the enrolments.

use crate::error::{Error, Result};
use crate::place::maison;
use domain::follow_up::{Tally, window};
use domain::ids::{CourseSlug, MaisonId};
use domain::place::{DepartementCode, Territory};
use jiff::Timestamp;
use jiff::civil::Date;
use sea_orm::{ConnectionTrait, EntityTrait as _, FromQueryResult, Statement, Value};
use std::collections::BTreeMap;

/// What is asked of a course at an instant.
#[derive(Debug, Clone)]
pub struct Question {
    pub course: CourseSlug,
    pub now: Timestamp,
    /// Days after which who is in no cohort is late.
    pub days: u32,
}

impl Question {
    /// Whether an enrolment is late, as [`domain::follow_up::due_at`] says: a condition on the enrolments `e`. `$2` is the instant.
    pub(crate) fn late(&self) -> String {
        let window = window(self.days).as_millis();
        format!("(e.done_at IS NULL AND COALESCE(e.due_at, e.enrolled_at + {window}) < $2)")
    }

    /// The same of one row: when they were enrolled, by when their cohort has them done, when they were.
    pub(crate) fn is_late(&self, enrolled_at: i64, due_at: Option<i64>, done_at: Option<i64>) -> bool {
        let instant = |at: i64| Timestamp::from_millisecond(at).unwrap_or(Timestamp::MAX);
        done_at.is_none() && domain::follow_up::due_at(instant(enrolled_at), due_at.map(instant), self.days) < self.now
    }
}

/// A maison and its agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaisonTally {
    pub id: MaisonId,
    pub name: String,
    pub commune: String,
    pub tally: Tally,
}

/// A département and its agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartementTally {
    /// None for the agents who work in no maison.
    pub code: Option<DepartementCode>,
    pub maisons: u64,
    /// Maisons of which an agent is done.
    pub formed: u64,
    pub tally: Tally,
}

/// How agents fare at the quiz of a chapter.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct ChapterTally {
    pub chapter: String,
    /// Agents who tried.
    pub tried: i64,
    pub passed: i64,
    pub attempts: i64,
    /// Sum of the percents of everybody's best attempt.
    pub best: i64,
}

#[derive(Debug, FromQueryResult)]
struct Counted {
    place: Option<i64>,
    departement: String,
    name: String,
    commune: String,
    formed: i64,
    agents: i64,
    under_way: i64,
    done: i64,
    late: i64,
    minutes: i64,
    minutes_live: i64,
    webinars: i64,
    webinars_met: i64,
}

/// The sums over the enrolments `e`, as [`Counted`] reads them.
fn sums(asked: &Question) -> String {
    let late = asked.late();
    format!(
        "COUNT(DISTINCT CASE WHEN e.done_at IS NOT NULL THEN e.maison_id END) AS formed, \
    COUNT(e.person_id) AS agents, \
    COUNT(CASE WHEN e.begun = 1 AND e.done_at IS NULL THEN 1 END) AS under_way, \
    COUNT(e.done_at) AS done, \
    COUNT(CASE WHEN {late} THEN 1 END) AS late, \
    CAST(COALESCE(SUM(e.minutes), 0) AS BIGINT) AS minutes, \
    CAST(COALESCE(SUM(e.minutes_live), 0) AS BIGINT) AS minutes_live, \
    CAST(COALESCE(SUM(e.webinars), 0) AS BIGINT) AS webinars, \
    CAST(COALESCE(SUM(e.webinars_met), 0) AS BIGINT) AS webinars_met"
    )
}

/// Every département where there is a maison or an agent, in the order of the codes, those without a maison last.
///
/// # Errors
/// When the database fails.
pub async fn departements(db: &impl ConnectionTrait, asked: &Question) -> Result<Vec<DepartementTally>> {
    let sums = sums(asked);
    let sql = format!(
        "SELECT CAST(NULL AS BIGINT) AS place, e.departement, '' AS name, '' AS commune, {sums} FROM enrolment e \
         WHERE e.course = $1 AND e.active = 1 GROUP BY e.departement"
    );
    let counted = counted(db, &sql, asked, Vec::new()).await?;
    let mut found: BTreeMap<String, DepartementTally> = BTreeMap::new();
    for (code, maisons) in maisons(db).await? {
        let known = code.parse().ok();
        let empty = DepartementTally { code: known, maisons, formed: 0, tally: Tally::default() };
        found.insert(code, empty);
    }
    for row in counted {
        let code = row.departement.parse().ok();
        let known = found.entry(row.departement.clone()).or_insert_with(|| DepartementTally {
            code,
            maisons: 0,
            formed: 0,
            tally: Tally::default(),
        });
        known.formed = unsigned(row.formed);
        known.tally = tally(&row);
    }
    let (none, mut some): (Vec<_>, Vec<_>) = found.into_values().partition(|known| known.code.is_none());
    some.extend(none);
    Ok(some)
}

/// How many maisons there are in each département.
async fn maisons(db: &impl ConnectionTrait) -> Result<Vec<(String, u64)>> {
    let sql = "SELECT departement, COUNT(*) AS maisons FROM maison GROUP BY departement";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "departement")?, unsigned(row.try_get::<i64>("", "maisons")?)))).collect()
}

/// The maisons of a département by name, those without an agent too.
///
/// # Errors
/// When the database fails.
pub async fn maisons_of(
    db: &impl ConnectionTrait,
    asked: &Question,
    departement: DepartementCode,
) -> Result<Vec<MaisonTally>> {
    let sums = sums(asked);
    let sql = format!(
        "SELECT m.id AS place, m.departement, m.name, m.commune, {sums} FROM maison m \
         LEFT JOIN enrolment e ON e.maison_id = m.id AND e.course = $1 AND e.active = 1 \
         WHERE m.departement = $3 GROUP BY m.id, m.departement, m.name, m.commune"
    );
    let rows = counted(db, &sql, asked, vec![departement.as_str().into()]).await?;
    let mut maisons: Vec<MaisonTally> = rows
        .into_iter()
        .map(|row| MaisonTally {
            id: MaisonId(row.place.unwrap_or_default()),
            tally: tally(&row),
            name: row.name,
            commune: row.commune,
        })
        .collect();
    maisons.sort_by_cached_key(|maison| (domain::text::folded(&maison.name), maison.id));
    Ok(maisons)
}

/// The agents of one maison.
///
/// # Errors
/// [`Error::NotFound`] where there is no such maison; when the database fails.
pub async fn maison(
    db: &impl ConnectionTrait,
    asked: &Question,
    id: MaisonId,
) -> Result<(MaisonTally, DepartementCode)> {
    let sums = sums(asked);
    let sql = format!(
        "SELECT m.id AS place, m.departement, m.name, m.commune, {sums} FROM maison m \
         LEFT JOIN enrolment e ON e.maison_id = m.id AND e.course = $1 AND e.active = 1 \
         WHERE m.id = $3 GROUP BY m.id, m.departement, m.name, m.commune"
    );
    let row = counted(db, &sql, asked, vec![id.0.into()]).await?.into_iter().next().ok_or(Error::NotFound)?;
    let departement = row.departement.parse().map_err(|_| Error::Internal(format!("the maison {id} is nowhere")))?;
    Ok((MaisonTally { id, tally: tally(&row), name: row.name, commune: row.commune }, departement))
}

/// The département of a maison.
///
/// # Errors
/// [`Error::NotFound`] where there is no such maison; when the database fails.
pub async fn departement_of(db: &impl ConnectionTrait, id: MaisonId) -> Result<DepartementCode> {
    let row = maison::Entity::find_by_id(id.0).one(db).await?.ok_or(Error::NotFound)?;
    row.departement.parse().map_err(|_| Error::Internal(format!("the maison {id} is nowhere")))
}

async fn counted(db: &impl ConnectionTrait, sql: &str, asked: &Question, more: Vec<Value>) -> Result<Vec<Counted>> {
    let mut values: Vec<Value> = vec![asked.course.as_str().into(), asked.now.as_millisecond().into()];
    values.extend(more);
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(Counted::find_by_statement(statement).all(db).await?)
}

fn tally(row: &Counted) -> Tally {
    Tally {
        agents: unsigned(row.agents),
        under_way: unsigned(row.under_way),
        done: unsigned(row.done),
        late: unsigned(row.late),
        minutes: unsigned(row.minutes),
        minutes_live: unsigned(row.minutes_live),
        webinars: unsigned(row.webinars),
        webinars_met: unsigned(row.webinars_met),
    }
}

/// The condition that keeps to a territory, on the enrolments `e`, and its value.
fn within(territory: Territory) -> (&'static str, Option<Value>) {
    match territory {
        Territory::Nation => ("", None),
        Territory::Departement(code) => (" AND e.departement = $2", Some(code.as_str().into())),
        Territory::Maison(id, _) => (" AND e.maison_id = $2", Some(id.0.into())),
    }
}

/// How many agents were done on each day.
///
/// # Errors
/// When the database fails.
pub async fn done_on(db: &impl ConnectionTrait, course: &CourseSlug, territory: Territory) -> Result<Vec<(Date, u64)>> {
    let (condition, value) = within(territory);
    let sql = format!(
        "SELECT e.done_on AS day, COUNT(*) AS n FROM enrolment e WHERE e.course = $1 AND e.active = 1 \
         AND e.done_on IS NOT NULL{condition} GROUP BY e.done_on ORDER BY e.done_on"
    );
    days(db, &sql, course, value).await
}

/// How many maisons had a first agent done on each day.
///
/// # Errors
/// When the database fails.
pub async fn formed_on(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    territory: Territory,
) -> Result<Vec<(Date, u64)>> {
    let (condition, value) = within(territory);
    let sql = format!(
        "SELECT f.day, COUNT(*) AS n FROM (SELECT MIN(e.done_on) AS day FROM enrolment e WHERE e.course = $1 \
         AND e.active = 1 AND e.done_on IS NOT NULL AND e.maison_id IS NOT NULL{condition} GROUP BY e.maison_id) f \
         GROUP BY f.day ORDER BY f.day"
    );
    days(db, &sql, course, value).await
}

async fn days(
    db: &impl ConnectionTrait,
    sql: &str,
    course: &CourseSlug,
    value: Option<Value>,
) -> Result<Vec<(Date, u64)>> {
    let values = std::iter::once(course.as_str().into()).chain(value);
    let rows = db.query_all_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await?;
    rows.iter()
        .map(|row| {
            let day: String = row.try_get("", "day")?;
            let day = day.parse().map_err(|_| Error::Internal(format!("`{day}` is no day")))?;
            Ok((day, unsigned(row.try_get::<i64>("", "n")?)))
        })
        .collect()
}

/// How agents of a territory fare at each chapter's quiz. Of the whole country, those whose account is suspended are
/// counted too.
///
/// # Errors
/// When the database fails.
pub async fn chapters(
    db: &impl ConnectionTrait,
    course: &CourseSlug,
    territory: Territory,
) -> Result<Vec<ChapterTally>> {
    let (condition, value) = within(territory);
    // From the few enrolments to their chapters: SQLite keeps the order of a CROSS JOIN, and would go the long way.
    let from = match territory {
        Territory::Nation => "chapter_standing c WHERE",
        _ => {
            "enrolment e CROSS JOIN chapter_standing c \
             WHERE c.course = e.course AND c.person_id = e.person_id AND e.course = $1 AND e.active = 1 AND"
        }
    };
    let sql = format!(
        "SELECT c.chapter, COUNT(*) AS tried, CAST(SUM(c.passed) AS BIGINT) AS passed, \
         CAST(SUM(c.attempts) AS BIGINT) AS attempts, CAST(SUM(c.best) AS BIGINT) AS best \
         FROM {from} c.course = $1{condition} GROUP BY c.chapter"
    );
    let values = std::iter::once(course.as_str().into()).chain(value);
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(ChapterTally::find_by_statement(statement).all(db).await?)
}

fn unsigned(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}
