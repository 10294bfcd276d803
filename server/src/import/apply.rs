//! Carrying a plan out, all of it in one transaction.

use super::store::{self, Import, Outcome};
use crate::app::App;
use crate::cohort;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::identity::entity::{person, role_grant};
use crate::place::maison;
use crate::posting;
use crate::record::store as records;
use domain::identity::{Role, Scope};
use domain::ids::{EntryId, MaisonId, PersonId};
use domain::import::{
    AgentLine, AttendanceLine, Group, Kind, MaisonLine, Matching, MemberLine, Plan, Training, agents_named,
    plan_agents, plan_attendance, plan_maisons, plan_members,
};
use domain::posting::{Posting, REASON, on};
use domain::record::{FIRST_DAY, Fact};
use domain::text::paris;
use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, Set,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows written by one statement.
const TOGETHER: usize = 300;

/// What was planned, of any kind.
#[derive(Debug)]
pub(super) enum Planned {
    Maisons(Plan<MaisonLine>),
    Agents(Plan<AgentLine>),
    Attendances(Plan<AttendanceLine>),
    Members(Plan<MemberLine>),
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
            Self::Attendances(plan) => of(plan),
            Self::Members(plan) => of(plan),
        }
    }

    pub(super) fn problems(&self) -> &[domain::import::Problem] {
        match self {
            Self::Maisons(plan) => &plan.problems,
            Self::Agents(plan) => &plan.problems,
            Self::Attendances(plan) => &plan.problems,
            Self::Members(plan) => &plan.problems,
        }
    }
}

/// What the file would change as things stand, brought in by `author`.
pub(super) async fn plan(
    app: &App,
    db: &impl ConnectionTrait,
    author: PersonId,
    import: &Import,
    matching: &Matching,
) -> Result<Planned> {
    let table = &import.table;
    Ok(match import.kind {
        Kind::Maisons => Planned::Maisons(plan_maisons(table, matching, &store::known_maisons(db).await?)),
        Kind::Agents => {
            let (maisons, people) = (store::known_maisons(db).await?, store::known_people(db).await?);
            let today = paris(app.clock.now()).date();
            Planned::Agents(plan_agents(table, matching, &maisons, &people, today))
        }
        Kind::Attendances => {
            let people = store::known_people(db).await?;
            let pathways: Vec<_> = app.pathways.current().iter().map(|published| published.pathway.clone()).collect();
            let attendances = store::attendances(db, &agents_named(table, matching, &people)).await?;
            let training = Training {
                pathways: &pathways,
                people: &people,
                attendances: &attendances,
                author,
                today: paris(app.clock.now()).date(),
            };
            Planned::Attendances(plan_attendance(table, matching, &training))
        }
        Kind::Members => {
            let cohort = cohort::cohort(db, import.cohort.ok_or(Error::NotFound)?).await?;
            let people = store::known_people(db).await?;
            let cohorts = cohort::of_agents(db, &cohort).await?;
            let places = cohort::places(db, &cohort).await?;
            let group = Group { people: &people, cohort: cohort.id, cohorts: &cohorts, places };
            Planned::Members(plan_members(table, matching, &group))
        }
    })
}

/// Carries it out as things stand then, once. Where everything is wanted and a line is wrong, nothing is done: tells
/// whether it was.
pub(super) async fn apply(app: &App, author: PersonId, id: Uuid, matching: Matching, only_whole: bool) -> Result<bool> {
    let (now, inside) = (app.clock.now(), app.clone());
    app.db
        .write(move |db| {
            Box::pin(async move {
                let import = store::load(db, id).await?;
                if import.outcome.is_some() {
                    return Ok(true);
                }
                let planned = plan(&inside, db, author, &import, &matching).await?;
                let outcome = planned.outcome();
                if only_whole && outcome.wrong > 0 {
                    return Ok(false);
                }
                match planned {
                    Planned::Maisons(plan) => write_maisons(db, plan).await?,
                    Planned::Agents(plan) => {
                        let source = (author, import.file_name.as_str());
                        write_agents(&inside, db, source, plan, now).await?;
                    }
                    Planned::Attendances(plan) => write_attendances(&inside, db, author, plan, now).await?,
                    Planned::Members(plan) => {
                        let cohort = cohort::locked(db, import.cohort.ok_or(Error::NotFound)?).await?;
                        cohort::still_open(&inside, &cohort)?;
                        let moved = plan.update.into_iter().map(|(_, line)| line);
                        let joining: Vec<i64> = plan.create.into_iter().chain(moved).map(|line| line.agent.0).collect();
                        cohort::enter(&inside, db, author, &cohort, &joining).await?;
                    }
                }
                store::conclude(db, id, outcome, now.as_millisecond()).await?;
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

async fn write_agents(
    app: &App,
    db: &impl ConnectionTrait,
    source: (PersonId, &str),
    plan: Plan<AgentLine>,
    now: Timestamp,
) -> Result<()> {
    let mut touched = Vec::new();
    for (id, line) in plan.update {
        let row = person::ActiveModel {
            id: Set(id),
            first_name: Set(line.name.given().to_owned()),
            last_name: Set(line.name.family().to_owned()),
            ..Default::default()
        };
        row.update(db).await?;
        post(app, db, source, PersonId(id), &line).await?;
        touched.push(id);
    }
    for lines in plan.create.chunks(TOGETHER) {
        let rows = lines.iter().map(|line| person::ActiveModel {
            email: Set(line.email.as_str().to_owned()),
            first_name: Set(line.name.given().to_owned()),
            last_name: Set(line.name.family().to_owned()),
            maison_id: Set(line.maison),
            created_at: Set(now.as_millisecond()),
            demonstration: Set(false),
            extra_time: Set(0),
            ..Default::default()
        });
        person::Entity::insert_many(rows).exec_without_returning(db).await?;
        let emails = lines.iter().map(|line| line.email.as_str());
        let made: Vec<(i64, String)> = person::Entity::find()
            .select_only()
            .columns([person::Column::Id, person::Column::Email])
            .filter(person::Column::Email.is_in(emails))
            .into_tuple()
            .all(db)
            .await?;
        let grants = made.iter().map(|(id, _)| role_grant::ActiveModel {
            person_id: Set(*id),
            role: Set(Role::Agent.as_str().to_owned()),
            scope: Set(Scope::Own.to_string()),
        });
        role_grant::Entity::insert_many(grants).exec_without_returning(db).await?;
        let made: BTreeMap<String, i64> = made.into_iter().map(|(id, email)| (email, id)).collect();
        for line in lines.iter().filter(|line| line.moves) {
            if let Some(id) = made.get(line.email.as_str()) {
                post(app, db, source, PersonId(*id), line).await?;
            }
        }
        touched.extend(made.into_values());
    }
    enrolment::place(db, &touched).await
}

/// Where the line has somebody work, or be away, from another day on.
async fn post(
    app: &App,
    db: &impl ConnectionTrait,
    (author, file): (PersonId, &str),
    person: PersonId,
    line: &AgentLine,
) -> Result<()> {
    if !line.moves {
        return Ok(());
    }
    let today = paris(app.clock.now()).date();
    let known: Vec<Posting> = posting::store::of(db, person).await?.into_iter().map(|kept| kept.posting).collect();
    // What is entered counts from now on, even where something began since the day that the file tells.
    let latest = on(today, &known).map(|posting| posting.from);
    let posting = Posting {
        from: line.since.unwrap_or(today).max(latest.unwrap_or(FIRST_DAY)),
        state: line.state,
        maison: line.maison.map(MaisonId),
        reason: format!("Fichier «\u{a0}{file}\u{a0}»").chars().take(REASON).collect(),
    };
    posting::store::enter(app, db, author, (person, app.dice.uuid()), posting).await
}

/// A fact a line.
async fn write_attendances(
    app: &App,
    db: &impl ConnectionTrait,
    author: PersonId,
    plan: Plan<AttendanceLine>,
    now: Timestamp,
) -> Result<()> {
    for AttendanceLine { agent, course, component, title, half_days, minutes, why } in plan.create {
        let entry = EntryId(app.dice.uuid());
        let fact =
            Fact::AttendanceEntered { course, component, title, entry, half_days, minutes, exempted: false, why };
        records::append_by(app, db, author, agent, now, fact, |_| false).await?;
    }
    Ok(())
}
