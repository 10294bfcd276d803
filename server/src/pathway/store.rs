//! From a folder to an immutable version in the database, and in memory.

use anyhow::bail;
use domain::course::parse::Problem;
use domain::ids::PathwaySlug;
use domain::pathway::{Pathway, parse};
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Set,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use crate::app::App;
use crate::course::publish::{self, Publication};
use crate::db::Db;
use crate::error::{Error, Result};

mod pathway {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "pathway")]
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

/// One published version of a pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub slug: PathwaySlug,
    /// From 1, one more at each publication.
    pub number: u32,
    pub pathway: Pathway,
}

/// What is published, by pathway.
#[derive(Debug, Default)]
pub struct Pathways(RwLock<BTreeMap<PathwaySlug, Arc<Published>>>);

impl Pathways {
    /// The current version of every pathway, in the order of their slugs.
    #[must_use]
    pub fn current(&self) -> Vec<Arc<Published>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Takes up what was published since, by this process or another. Saying it twice changes nothing.
    ///
    /// # Errors
    /// When the database fails, or holds what cannot be read.
    pub async fn refresh(&self, db: &Db) -> Result<(), DbErr> {
        let rows = pathway::Entity::find().order_by_asc(pathway::Column::Version).all(db.reader()).await?;
        let mut current = BTreeMap::new();
        for row in rows {
            let unreadable = |error: String| DbErr::Custom(format!("pathway {} cannot be read: {error}", row.slug));
            let slug: PathwaySlug = row.slug.parse().map_err(|error| unreadable(format!("{error}")))?;
            let pathway = serde_json::from_str(&row.body).map_err(|error| unreadable(error.to_string()))?;
            let number = u32::try_from(row.version).unwrap_or(0);
            current.insert(slug.clone(), Arc::new(Published { slug, number, pathway }));
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }
}

/// When each version of each pathway was published.
///
/// # Errors
/// When the database fails.
pub(crate) async fn published_at(db: &impl ConnectionTrait) -> Result<BTreeMap<(String, u32), Timestamp>> {
    let rows: Vec<(String, i32, i64)> = pathway::Entity::find()
        .select_only()
        .columns([pathway::Column::Slug, pathway::Column::Version, pathway::Column::PublishedAt])
        .into_tuple()
        .all(db)
        .await?;
    let known = rows.into_iter().filter_map(|(slug, version, at)| {
        Some(((slug, u32::try_from(version).ok()?), Timestamp::from_millisecond(at).ok()?))
    });
    Ok(known.collect())
}

/// A pathway as that version has it.
///
/// # Errors
/// When the database fails, or holds what cannot be read.
pub(crate) async fn version(db: &impl ConnectionTrait, slug: &PathwaySlug, number: u32) -> Result<Option<Pathway>> {
    let Ok(number) = i32::try_from(number) else { return Ok(None) };
    let row = pathway::Entity::find_by_id((slug.to_string(), number)).one(db).await?;
    let unreadable = |error| Error::Internal(format!("pathway {slug} cannot be read: {error}"));
    row.map(|row| serde_json::from_str(&row.body).map_err(unreadable)).transpose()
}

/// A pathway's folder, read and checked.
#[derive(Debug)]
pub struct Checked {
    pub slug: String,
    /// Present when there is no problem.
    pub pathway: Option<Pathway>,
    pub problems: Vec<Problem>,
}

/// Whether that folder is a pathway's: what is in `pathway.toml` says the rest.
#[must_use]
pub fn is_pathway(folder: &Path) -> bool {
    folder.join(domain::course::parse::pathway::PATHWAY).is_file()
}

/// Reads a pathway's folder and reports every problem in it.
///
/// # Errors
/// When the folder cannot be read.
pub fn check(folder: &Path) -> anyhow::Result<Checked> {
    let (slug, files) = publish::read(folder)?;
    let (pathway, problems) = parse(&slug, &files);
    Ok(Checked { slug, pathway, problems })
}

/// Publishes a checked pathway as a new version. One equal to the newest publishes nothing.
///
/// # Errors
/// When the pathway has problems or the database fails.
pub async fn publish(app: &App, checked: Checked) -> anyhow::Result<Publication> {
    let Checked { slug, pathway: Some(pathway), .. } = checked else {
        bail!("{} has {} problem(s): nothing is published", checked.slug, checked.problems.len());
    };
    let body = serde_json::to_string(&pathway)?;
    let now = app.clock.now().as_millisecond();
    let publication = app
        .db
        .write(move |db| {
            Box::pin(async move {
                let newest = newest(db, &slug).await?;
                let number = newest.as_ref().map_or(0, |row| row.version);
                let unsigned = |number: i32| u32::try_from(number).unwrap_or(0);
                if newest.is_some_and(|row| row.body == body) {
                    return Ok::<_, Error>(Publication::Unchanged { number: unsigned(number) });
                }
                let number = number + 1;
                let row = pathway::ActiveModel {
                    slug: Set(slug),
                    version: Set(number),
                    body: Set(body),
                    published_at: Set(now),
                };
                pathway::Entity::insert(row).exec_without_returning(db).await?;
                Ok(Publication::New { number: unsigned(number) })
            })
        })
        .await?;
    app.pathways.refresh(&app.db).await?;
    Ok(publication)
}

async fn newest(db: &impl ConnectionTrait, slug: &str) -> Result<Option<pathway::Model>> {
    let rows = pathway::Entity::find().filter(pathway::Column::Slug.eq(slug));
    Ok(rows.order_by_desc(pathway::Column::Version).one(db).await?)
}
