//! The pathways that are published, in memory.

use crate::app::App;
use crate::db::Db;
use crate::document::{self, Document};
use domain::course::parse::pathway::PATHWAY;
use domain::course::parse::{Problem, SourceFile};
use domain::ids::PathwaySlug;
use domain::pathway::{Pathway, parse};
use jiff::Timestamp;
use sea_orm::DbErr;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

impl Document for Pathway {
    const FILE: &'static str = PATHWAY;
    const TABLE: &'static str = "pathway";

    fn parse(slug: &str, files: &[SourceFile]) -> (Option<Self>, Vec<Problem>) {
        parse(slug, files)
    }

    async fn refresh(app: &App) -> Result<(), DbErr> {
        app.pathways.refresh(&app.db).await
    }
}

/// One published version of a pathway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub slug: PathwaySlug,
    /// From 1, one more at each publication.
    pub number: u32,
    pub at: Timestamp,
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
        let mut current = BTreeMap::new();
        for version in document::all(db.reader()).await? {
            let document::Version { slug, number, published_at: at, document: pathway } = version;
            let slug: PathwaySlug =
                slug.parse().map_err(|error| DbErr::Custom(format!("pathway {slug}: cannot be read: {error}")))?;
            current.insert(slug.clone(), Arc::new(Published { slug, number, at, pathway }));
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = current;
        Ok(())
    }
}
