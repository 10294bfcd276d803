//! Files to import, and what is known already.

use super::entity::import;
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::{person, role_grant};
use crate::merging;
use crate::place::maison;
use crate::record::store as records;
use domain::identity::Role;
use domain::ids::{CohortId, PersonId};
use domain::import::{Attended, Kind, KnownMaison, KnownPerson, MaisonLine, Table};
use domain::record::AttendanceRecord;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Records read by one statement.
const TOGETHER: usize = 300;

/// A file, as it was read.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) id: Uuid,
    pub(super) kind: Kind,
    pub(super) file_name: String,
    pub(super) table: Table,
    pub(super) outcome: Option<Outcome>,
    /// The cohort whose members it brings.
    pub(super) cohort: Option<CohortId>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub(super) created: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
    /// Lines left out.
    pub(super) wrong: u64,
}

/// Keeps a file under the identifier of its form: sent twice, it is one.
pub(super) async fn keep(
    app: &App,
    (author, cohort): (PersonId, Option<CohortId>),
    id: Uuid,
    kind: Kind,
    name: String,
    table: &Table,
) -> Result<()> {
    let now = app.clock.now();
    let row = import::ActiveModel {
        id: Set(id.to_string()),
        author_id: Set(author.0),
        kind: Set(kind.as_str().to_owned()),
        file_name: Set(name),
        body: Set(serde_json::to_string(table).map_err(unreadable)?),
        created_at: Set(now.as_millisecond()),
        applied_at: Set(None),
        outcome: Set(None),
        cohort_id: Set(cohort.map(|cohort| cohort.to_string())),
    };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let once = OnConflict::column(import::Column::Id).do_nothing_on([import::Column::Id]).to_owned();
                import::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

pub(super) async fn load(db: &impl ConnectionTrait, id: Uuid) -> Result<Import> {
    let row = import::Entity::find_by_id(id.to_string()).one(db).await?.ok_or(Error::NotFound)?;
    let outcome = row.outcome.as_deref().map(serde_json::from_str).transpose().map_err(unreadable)?;
    Ok(Import {
        id,
        kind: row.kind.parse().map_err(|()| unreadable("its kind"))?,
        file_name: row.file_name,
        cohort: row.cohort_id.map(|cohort| cohort.parse()).transpose().map_err(unreadable)?,
        table: serde_json::from_str(&row.body).map_err(unreadable)?,
        outcome,
    })
}

/// Writes down what came of it, and forgets its lines.
pub(super) async fn conclude(db: &impl ConnectionTrait, id: Uuid, outcome: Outcome, now: i64) -> Result<()> {
    let row = import::ActiveModel {
        id: Set(id.to_string()),
        body: Set(serde_json::to_string(&Table::default()).map_err(unreadable)?),
        applied_at: Set(Some(now)),
        outcome: Set(Some(serde_json::to_string(&outcome).map_err(unreadable)?)),
        ..Default::default()
    };
    import::Entity::update(row).exec(db).await?;
    Ok(())
}

pub(super) async fn known_maisons(db: &impl ConnectionTrait) -> Result<Vec<KnownMaison>> {
    let rows = maison::Entity::find().all(db).await?;
    rows.into_iter()
        .map(|row| {
            Ok(KnownMaison {
                id: row.id,
                maison: MaisonLine {
                    departement: row.departement.parse().map_err(unreadable)?,
                    // What another hand wrote there is replaced by what a file says.
                    siret: row.siret.and_then(|siret| siret.parse().ok()),
                    labelled_on: row.labelled_on.and_then(|day| day.parse().ok()),
                    name: row.name,
                    commune: row.commune,
                },
            })
        })
        .collect()
}

pub(super) async fn known_people(db: &impl ConnectionTrait) -> Result<Vec<KnownPerson>> {
    let agents: BTreeSet<i64> = role_grant::Entity::find()
        .select_only()
        .column(role_grant::Column::PersonId)
        .filter(role_grant::Column::Role.eq(Role::Agent.as_str()))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let rows = person::Entity::find().all(db).await?;
    let known = rows.into_iter().map(|row| KnownPerson {
        is_agent: agents.contains(&row.id),
        id: row.id,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        maison: row.maison_id,
        suspended: row.suspended_at.is_some(),
        state: row.away.and_then(|away| away.parse().ok()).unwrap_or_default(),
    });
    let mut known: BTreeMap<i64, KnownPerson> = known.map(|known| (known.id, known)).collect();
    // The address of an account that was folded into another is one more address of the same person.
    for (folded, kept) in merging::store::all(db).await? {
        let Some(email) = known.get(&folded).map(|folded| folded.email.clone()) else { continue };
        let Some(kept) = known.get(&kept).cloned() else { continue };
        known.insert(folded, KnownPerson { email, ..kept });
    }
    Ok(known.into_values().collect())
}

/// What the records of these agents say of what is followed away from the platform.
pub(super) async fn attendances(
    db: &impl ConnectionTrait,
    agents: &BTreeSet<PersonId>,
) -> Result<BTreeMap<Attended, AttendanceRecord>> {
    let agents: Vec<PersonId> = agents.iter().copied().collect();
    let mut found = BTreeMap::new();
    for some in agents.chunks(TOGETHER) {
        for (agent, record) in records::load_all(db, some).await? {
            for (course, earned) in record.courses {
                let attendances = earned.attendances.into_iter();
                found.extend(attendances.map(|(component, known)| ((agent, course.clone(), component), known)));
            }
        }
    }
    Ok(found)
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("an import cannot be read: {error}"))
}
