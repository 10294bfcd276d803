//! Maisons France Services in the database.

use domain::ids::{MaisonId, PersonId};
use domain::place::{DepartementCode, Siret};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Set,
};

use std::collections::BTreeMap;

use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;

pub mod maison {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "maison")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub name: String,
        pub commune: String,
        pub departement: String,
        pub siret: Option<String>,
        pub labelled_on: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What is needed to know a maison.
#[derive(Debug, Clone)]
pub struct NewMaison {
    pub name: String,
    pub commune: String,
    pub departement: DepartementCode,
    pub siret: Option<Siret>,
    pub labelled_on: Option<jiff::civil::Date>,
}

/// Adds a maison.
///
/// # Errors
/// When the database fails.
pub async fn create(app: &App, new: NewMaison) -> Result<MaisonId> {
    let row = maison::ActiveModel {
        name: Set(new.name),
        commune: Set(new.commune),
        departement: Set(new.departement.to_string()),
        siret: Set(new.siret.map(|siret| siret.to_string())),
        labelled_on: Set(new.labelled_on.map(|date| date.to_string())),
        ..Default::default()
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let id = maison::Entity::insert(row).exec(db).await?.last_insert_id;
                Ok::<_, Error>(MaisonId(id))
            })
        })
        .await
}

/// Every maison, by département and name.
///
/// # Errors
/// When the database fails.
pub async fn list(app: &App) -> Result<Vec<maison::Model>> {
    let rows = maison::Entity::find()
        .order_by_asc(maison::Column::Departement)
        .order_by_asc(maison::Column::Name)
        .all(app.db.reader())
        .await?;
    Ok(rows)
}

/// The maisons of that département.
pub(crate) fn ids_in(departement: &str) -> SelectStatement {
    let ids = maison::Entity::find().select_only().column(maison::Column::Id);
    ids.filter(maison::Column::Departement.eq(departement)).into_query()
}

/// Some maisons after that identifier, in the order of their identifiers.
///
/// # Errors
/// When the database fails.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    departement: Option<&str>,
    siret: Option<&str>,
    after: i64,
    limit: u64,
) -> Result<Vec<maison::Model>> {
    let mut select = maison::Entity::find().filter(maison::Column::Id.gt(after));
    if let Some(departement) = departement {
        select = select.filter(maison::Column::Departement.eq(departement));
    }
    if let Some(siret) = siret {
        select = select.filter(maison::Column::Siret.eq(siret));
    }
    Ok(select.order_by_asc(maison::Column::Id).limit(limit).all(db).await?)
}

/// The maison of that SIRET, of which there is one at most.
///
/// # Errors
/// When the database fails.
pub(crate) async fn of_siret(db: &impl ConnectionTrait, siret: &Siret) -> Result<Option<maison::Model>> {
    Ok(maison::Entity::find().filter(maison::Column::Siret.eq(siret.as_str())).one(db).await?)
}

/// These maisons.
///
/// # Errors
/// When the database fails.
pub(crate) async fn find(
    db: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = i64> + Send,
) -> Result<BTreeMap<i64, maison::Model>> {
    let rows = maison::Entity::find().filter(maison::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|maison| (maison.id, maison)).collect())
}

/// The maison a person works in, by name; empty for who works in none.
///
/// # Errors
/// When the database fails.
pub async fn named(app: &App, person: PersonId) -> Result<String> {
    let db = app.db.reader();
    let Some(person) = person::Entity::find_by_id(person.0).one(db).await? else { return Ok(String::new()) };
    let Some(id) = person.maison_id else { return Ok(String::new()) };
    Ok(maison::Entity::find_by_id(id).one(db).await?.map(|maison| maison.name).unwrap_or_default())
}

/// The maison a person works in, with its département's code.
///
/// # Errors
/// When the database fails.
pub async fn of(app: &App, person: PersonId) -> Result<Option<(MaisonId, DepartementCode)>> {
    let db = app.db.reader();
    let Some(person) = person::Entity::find_by_id(person.0).one(db).await? else { return Ok(None) };
    let Some(id) = person.maison_id else { return Ok(None) };
    let maison = maison::Entity::find_by_id(id).one(db).await?;
    Ok(maison.and_then(|maison| Some((MaisonId(maison.id), maison.departement.parse().ok()?))))
}
