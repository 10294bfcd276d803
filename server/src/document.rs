//! What a folder of files describes in one document, a pathway or what a webinar is led with: kept whole, a row a version, which
//! never changes.

use crate::app::App;
use crate::course::publish::{self, Publication};
use crate::error::Result;
use anyhow::bail;
use domain::course::parse::{Problem, SourceFile};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait as _, Order, Query, SelectStatement};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// A kind of document.
pub trait Document: Serialize + DeserializeOwned + Send + 'static {
    /// The file that makes of a folder one.
    const FILE: &'static str;
    /// Its table: `slug`, `version`, `body` and `published_at`.
    const TABLE: &'static str;

    /// Reads the one of that slug. There is one only where there is no problem.
    fn parse(slug: &str, files: &[SourceFile]) -> (Option<Self>, Vec<Problem>);

    /// Takes up what was published since, where a process remembers documents of this kind.
    fn refresh(_: &App) -> impl Future<Output = Result<(), DbErr>> + Send {
        async { Ok(()) }
    }
}

/// A folder, read and checked.
#[derive(Debug)]
pub struct Checked<D> {
    pub slug: String,
    /// Present when there is no problem.
    pub document: Option<D>,
    pub problems: Vec<Problem>,
}

/// One published version.
#[derive(Debug)]
pub struct Version<D> {
    pub slug: String,
    /// From 1, one more at each publication.
    pub number: u32,
    pub published_at: Timestamp,
    pub document: D,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    slug: String,
    version: i32,
    body: String,
    published_at: i64,
}

impl Row {
    fn number(&self) -> u32 {
        u32::try_from(self.version).unwrap_or(0)
    }

    fn read<D: Document>(self) -> Result<Version<D>, DbErr> {
        let unreadable = |error: String| {
            DbErr::Custom(format!("{} {}, version {}: cannot be read: {error}", D::TABLE, self.slug, self.version))
        };
        let document = serde_json::from_str(&self.body).map_err(|error| unreadable(error.to_string()))?;
        let published_at =
            Timestamp::from_millisecond(self.published_at).map_err(|error| unreadable(error.to_string()))?;
        Ok(Version { number: self.number(), slug: self.slug, published_at, document })
    }
}

/// Whether that folder holds such a document: what is in its file says the rest.
#[must_use]
pub fn is<D: Document>(folder: &Path) -> bool {
    folder.join(D::FILE).is_file()
}

/// Reads a folder and reports every problem in it.
///
/// # Errors
/// When the folder cannot be read.
pub fn check<D: Document>(folder: &Path) -> anyhow::Result<Checked<D>> {
    let (slug, files) = publish::read(folder)?;
    let (document, problems) = D::parse(&slug, &files);
    Ok(Checked { slug, document, problems })
}

/// Publishes a checked document as a new version. One equal to the newest publishes nothing.
///
/// # Errors
/// When the document has problems or the database fails.
pub async fn publish<D: Document>(app: &App, checked: Checked<D>) -> anyhow::Result<Publication> {
    let Checked { slug, document: Some(document), .. } = checked else {
        bail!("{} has {} problem(s): nothing is published", checked.slug, checked.problems.len());
    };
    let body = serde_json::to_string(&document)?;
    let now = app.clock.now().as_millisecond();
    let publication = app.db.write(move |db| Box::pin(async move { write::<D>(db, slug, body, now).await })).await?;
    D::refresh(app).await?;
    Ok(publication)
}

async fn write<D: Document>(db: &impl ConnectionTrait, slug: String, body: String, now: i64) -> Result<Publication> {
    let newest = row(db, of::<D>(&slug)).await?;
    let number = newest.as_ref().map_or(0, Row::number);
    if newest.is_some_and(|row| row.body == body) {
        return Ok(Publication::Unchanged { number });
    }
    let number = number + 1;
    let mut insert = Query::insert();
    insert.into_table(D::TABLE).columns(COLUMNS);
    insert.values_panic([slug.into(), number.into(), body.into(), now.into()]);
    db.execute(&insert).await?;
    Ok(Publication::New { number })
}

/// The newest version of that slug.
///
/// # Errors
/// When the database fails, or holds what cannot be read.
pub async fn newest<D: Document>(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Version<D>>, DbErr> {
    row(db, of::<D>(slug)).await?.map(Row::read).transpose()
}

/// That version.
///
/// # Errors
/// When the database fails, or holds what cannot be read.
pub async fn version<D: Document>(
    db: &impl ConnectionTrait,
    slug: &str,
    number: u32,
) -> Result<Option<Version<D>>, DbErr> {
    let mut select = of::<D>(slug);
    select.and_where(Expr::col("version").eq(number));
    row(db, select).await?.map(Row::read).transpose()
}

/// Each in its newest version, in the order of their slugs.
///
/// # Errors
/// When the database fails, or holds what cannot be read.
pub async fn all<D: Document>(db: &impl ConnectionTrait) -> Result<Vec<Version<D>>, DbErr> {
    let mut select = versions::<D>();
    select.order_by("slug", Order::Asc).order_by("version", Order::Desc);
    let mut rows = Row::find_by_statement(db.get_database_backend().build(&select)).all(db).await?;
    rows.dedup_by(|row, newer| row.slug == newer.slug);
    rows.into_iter().map(Row::read).collect()
}

const COLUMNS: [&str; 4] = ["slug", "version", "body", "published_at"];

fn versions<D: Document>() -> SelectStatement {
    Query::select().columns(COLUMNS).from(D::TABLE).to_owned()
}

/// Those of that slug, the newest first.
fn of<D: Document>(slug: &str) -> SelectStatement {
    versions::<D>().and_where(Expr::col("slug").eq(slug)).order_by("version", Order::Desc).to_owned()
}

async fn row(db: &impl ConnectionTrait, mut select: SelectStatement) -> Result<Option<Row>, DbErr> {
    Row::find_by_statement(db.get_database_backend().build(select.limit(1))).one(db).await
}
