//! Carrying a plan out, all of it in one transaction.

use super::store::{self, Import, Outcome};
use crate::app::App;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::identity::entity::{person, role_grant};
use crate::place::maison;
use domain::identity::{Role, Scope};
use domain::import::{AgentLine, Kind, MaisonLine, Matching, Plan, plan_agents, plan_maisons};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set,
};
use uuid::Uuid;

/// Rows written by one statement.
const TOGETHER: usize = 300;

/// What was planned, of either kind.
#[derive(Debug)]
pub(super) enum Planned {
    Maisons(Plan<MaisonLine>),
    Agents(Plan<AgentLine>),
}

impl Planned {
    /// What would come of it.
    pub(super) fn outcome(&self) -> Outcome {
        fn of<T>(plan: &Plan<T>) -> Outcome {
            Outcome {
                created: plan.create.len() as u64,
                updated: plan.update.len() as u64,
                unchanged: plan.unchanged,
                wrong: plan.wrong(),
            }
        }
        match self {
            Self::Maisons(plan) => of(plan),
            Self::Agents(plan) => of(plan),
        }
    }

    pub(super) fn problems(&self) -> &[domain::import::Problem] {
        match self {
            Self::Maisons(plan) => &plan.problems,
            Self::Agents(plan) => &plan.problems,
        }
    }
}

/// What the file would change as things stand.
pub(super) async fn plan(db: &impl ConnectionTrait, import: &Import, matching: &Matching) -> Result<Planned> {
    let maisons = store::known_maisons(db).await?;
    Ok(match import.kind {
        Kind::Maisons => Planned::Maisons(plan_maisons(&import.table, matching, &maisons)),
        Kind::Agents => {
            let people = store::known_people(db).await?;
            Planned::Agents(plan_agents(&import.table, matching, &maisons, &people))
        }
    })
}

/// Carries it out as things stand then, once. Where everything is wanted and a line is wrong, nothing is done: tells
/// whether it was.
pub(super) async fn apply(app: &App, id: Uuid, matching: Matching, only_whole: bool) -> Result<bool> {
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                let import = store::load(db, id).await?;
                if import.outcome.is_some() {
                    return Ok(true);
                }
                let planned = plan(db, &import, &matching).await?;
                let outcome = planned.outcome();
                if only_whole && outcome.wrong > 0 {
                    return Ok(false);
                }
                match planned {
                    Planned::Maisons(plan) => write_maisons(db, plan).await?,
                    Planned::Agents(plan) => write_agents(db, plan, now).await?,
                }
                store::conclude(db, id, outcome, now).await?;
                Ok::<_, Error>(true)
            })
        })
        .await
}

async fn write_maisons(db: &impl ConnectionTrait, plan: Plan<MaisonLine>) -> Result<()> {
    let row = |line: MaisonLine| maison::ActiveModel {
        name: Set(line.name),
        commune: Set(line.commune),
        departement: Set(line.departement.to_string()),
        siret: Set(line.siret.map(|siret| siret.to_string())),
        labelled_on: Set(line.labelled_on.map(|day| day.to_string())),
        ..Default::default()
    };
    let mut changed = Vec::new();
    for (id, line) in plan.update {
        maison::ActiveModel { id: Set(id), ..row(line) }.update(db).await?;
        changed.push(id);
    }
    let rows: Vec<_> = plan.create.into_iter().map(row).collect();
    for rows in rows.chunks(TOGETHER) {
        maison::Entity::insert_many(rows.to_vec()).exec_without_returning(db).await?;
    }
    for maisons in changed.chunks(TOGETHER) {
        let people: Vec<i64> = person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::MaisonId.is_in(maisons.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        enrolment::place(db, &people).await?;
    }
    Ok(())
}

async fn write_agents(db: &impl ConnectionTrait, plan: Plan<AgentLine>, now: i64) -> Result<()> {
    let mut touched = Vec::new();
    for (id, line) in plan.update {
        let row = person::ActiveModel {
            id: Set(id),
            first_name: Set(line.name.given().to_owned()),
            last_name: Set(line.name.family().to_owned()),
            maison_id: Set(line.maison),
            ..Default::default()
        };
        row.update(db).await?;
        touched.push(id);
    }
    for lines in plan.create.chunks(TOGETHER) {
        let rows = lines.iter().map(|line| person::ActiveModel {
            email: Set(line.email.as_str().to_owned()),
            first_name: Set(line.name.given().to_owned()),
            last_name: Set(line.name.family().to_owned()),
            maison_id: Set(line.maison),
            created_at: Set(now),
            demonstration: Set(false),
            extra_time: Set(0),
            ..Default::default()
        });
        person::Entity::insert_many(rows).exec_without_returning(db).await?;
        let emails = lines.iter().map(|line| line.email.as_str());
        let made: Vec<i64> = person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::Email.is_in(emails))
            .into_tuple()
            .all(db)
            .await?;
        let grants = made.iter().map(|id| role_grant::ActiveModel {
            person_id: Set(*id),
            role: Set(Role::Agent.as_str().to_owned()),
            scope: Set(Scope::Own.to_string()),
        });
        role_grant::Entity::insert_many(grants).exec_without_returning(db).await?;
        touched.extend(made);
    }
    enrolment::place(db, &touched).await
}
