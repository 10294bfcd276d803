//! What webinars are led with: from a folder of files to an immutable version in the database.

use anyhow::bail;
use domain::course::parse::Problem;
use domain::ids::KitSlug;
use domain::webinar::kit::{Kit, parse};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, Set};
use std::collections::BTreeMap;
use std::path::Path;

use crate::app::App;
use crate::course::publish::{self, Publication};
use crate::error::{Error, Result};

mod webinar_kit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webinar_kit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub slug: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i32,
        pub body: String,
        pub published_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A webinar's folder, read and checked.
#[derive(Debug)]
pub struct Checked {
    pub slug: String,
    /// Present when there is no problem.
    pub kit: Option<Kit>,
    pub problems: Vec<Problem>,
}

/// Whether that folder is a webinar's: what is in `webinar.toml` says the rest.
#[must_use]
pub fn is_kit(folder: &Path) -> bool {
    folder.join(domain::course::parse::kit::WEBINAR).is_file()
}

/// Reads a webinar's folder and reports every problem in it.
///
/// # Errors
/// When the folder cannot be read.
pub fn check(folder: &Path) -> anyhow::Result<Checked> {
    let (slug, files) = publish::read(folder)?;
    let (kit, problems) = parse(&slug, &files);
    Ok(Checked { slug, kit, problems })
}

/// Publishes a checked kit as a new version. One equal to the newest publishes nothing.
///
/// # Errors
/// When the kit has problems or the database fails.
pub async fn publish(app: &App, checked: Checked) -> anyhow::Result<Publication> {
    let Checked { slug, kit: Some(kit), .. } = checked else {
        bail!("{} has {} problem(s): nothing is published", checked.slug, checked.problems.len());
    };
    let body = serde_json::to_string(&kit)?;
    let now = app.clock.now().as_millisecond();
    let publication = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let newest = row(db, &slug, None).await?;
                let number = newest.as_ref().map_or(0, |row| row.version);
                if newest.is_some_and(|row| row.body == body) {
                    return Ok::<_, Error>(Publication::Unchanged { number: unsigned(number) });
                }
                let number = number + 1;
                let row = webinar_kit::ActiveModel {
                    slug: Set(slug),
                    version: Set(number),
                    body: Set(body),
                    published_at: Set(now),
                };
                webinar_kit::Entity::insert(row).exec_without_returning(db).await?;
                Ok(Publication::New { number: unsigned(number) })
            })
        })
        .await?;
    Ok(publication)
}

/// The newest version of a kit, and its number.
///
/// # Errors
/// When the database fails.
pub async fn newest(db: &impl ConnectionTrait, slug: &KitSlug) -> Result<Option<(u32, Kit)>> {
    row(db, slug.as_str(), None).await?.as_ref().map(read).transpose()
}

/// One version of a kit: a room keeps the one that it began with.
///
/// # Errors
/// When the database fails.
pub async fn version(db: &impl ConnectionTrait, slug: &KitSlug, number: u32) -> Result<Option<Kit>> {
    Ok(row(db, slug.as_str(), Some(number)).await?.as_ref().map(read).transpose()?.map(|(_, kit)| kit))
}

/// Every kit in its newest version, in the order of their slugs.
///
/// # Errors
/// When the database fails.
pub async fn all(db: &impl ConnectionTrait) -> Result<BTreeMap<KitSlug, Kit>> {
    let rows = webinar_kit::Entity::find().order_by_asc(webinar_kit::Column::Version).all(db).await?;
    rows.iter().map(|row| Ok((row.slug.parse().map_err(unreadable)?, read(row)?.1))).collect()
}

async fn row(db: &impl ConnectionTrait, slug: &str, version: Option<u32>) -> Result<Option<webinar_kit::Model>> {
    let mut rows = webinar_kit::Entity::find().filter(webinar_kit::Column::Slug.eq(slug));
    if let Some(version) = version {
        rows = rows.filter(webinar_kit::Column::Version.eq(version));
    }
    Ok(rows.order_by_desc(webinar_kit::Column::Version).one(db).await?)
}

fn read(row: &webinar_kit::Model) -> Result<(u32, Kit)> {
    Ok((unsigned(row.version), serde_json::from_str(&row.body).map_err(unreadable)?))
}

fn unsigned(number: i32) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("a stored kit cannot be read: {error}"))
}
