//! Agents as other systems list them, in the order of their identifiers.

use super::entity::{person, role_grant};
use crate::error::Result;
use crate::follow_up::standings;
use crate::place;
use domain::identity::Role;
use domain::ids::PersonId;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Select,
};

/// Which agents.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) email: Option<&'w str>,
    pub(crate) departement: Option<&'w str>,
    pub(crate) maison: Option<i64>,
    /// Those who stand so in a course.
    pub(crate) standing: Option<standings::Wanted<'w>>,
}

/// Some agents after that identifier, suspended ones too.
///
/// # Errors
/// When the database fails.
pub(crate) async fn agents(
    db: &impl ConnectionTrait,
    wanted: &Wanted<'_>,
    after: i64,
    limit: u64,
) -> Result<Vec<person::Model>> {
    let mut select = all().filter(person::Column::Id.gt(after));
    if let Some(email) = wanted.email {
        select = select.filter(person::Column::Email.eq(email.to_lowercase()));
    }
    select = at_home(select, wanted.departement, wanted.maison);
    if let Some(standing) = &wanted.standing {
        select = select.filter(person::Column::Id.in_subquery(standing.people()));
    }
    Ok(select.order_by_asc(person::Column::Id).limit(limit).all(db).await?)
}

/// Those who work there.
pub(crate) fn ids_of(departement: Option<&str>, maison: Option<i64>) -> SelectStatement {
    let ids = person::Entity::find().select_only().column(person::Column::Id);
    at_home(ids, departement, maison).into_query()
}

fn at_home(
    mut select: Select<person::Entity>,
    departement: Option<&str>,
    maison: Option<i64>,
) -> Select<person::Entity> {
    if let Some(departement) = departement {
        select = select.filter(person::Column::MaisonId.in_subquery(place::ids_in(departement)));
    }
    if let Some(maison) = maison {
        select = select.filter(person::Column::MaisonId.eq(maison));
    }
    select
}

/// One agent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn agent(db: &impl ConnectionTrait, id: PersonId) -> Result<Option<person::Model>> {
    Ok(all().filter(person::Column::Id.eq(id.0)).one(db).await?)
}

fn all() -> Select<person::Entity> {
    let agents = role_grant::Entity::find().select_only().column(role_grant::Column::PersonId);
    let agents = agents.filter(role_grant::Column::Role.eq(Role::Agent.as_str())).into_query();
    person::Entity::find().filter(person::Column::Id.in_subquery(agents))
}
