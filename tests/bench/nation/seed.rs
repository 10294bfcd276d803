//! A country of agents, with records that the product folded, and as many facts behind them as years leave.

use super::Scale;
use domain::identity::{Grant, Role, Scope};
use domain::ids::{AttemptId, ChapterSlug, PersonId, WebinarId};
use domain::pathway::Pathway;
use domain::place::DEPARTEMENTS;
use domain::quiz::Counts;
use domain::record::{Fact, link};
use domain::webinar::presence::Reason;
use sea_orm::{ConnectionTrait as _, Statement};
use server::app::App;
use server::error::Error;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use server::place::{self, NewMaison};
use server::record::store::Folded;
use server::{course, document, record};
use support::dice::Rolls;
use support::workspace;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Agents made at the same time.
const AT_ONCE: u32 = 48;

/// Agents whose years are written in one commit.
const TOGETHER: usize = 50;

/// Who was made.
#[derive(Debug)]
pub struct Nation {
    /// The session of a national pilot.
    pub pilot: String,
    pub agents: Vec<PersonId>,
    chapters: Vec<ChapterSlug>,
}

/// Maisons in every département, agents in them; each has followed what the dice say.
pub async fn people(app: &App, scale: Scale) -> anyhow::Result<Nation> {
    let checked = course::publish::check(&workspace().join("content/mediation-numerique"))?;
    course::publish::publish(app, checked).await?;
    let path = workspace().join("content/parcours-france-services");
    document::publish(app, document::check::<Pathway>(&path)?).await?;
    let published = app.library.current().into_iter().next().ok_or_else(|| anyhow::anyhow!("no course"))?;
    let chapters: Vec<ChapterSlug> = published.course.chapters.iter().map(|chapter| chapter.slug.clone()).collect();
    let mut maisons = Vec::new();
    for number in 0..scale.maisons {
        let departement = DEPARTEMENTS[number as usize % DEPARTEMENTS.len()].code.parse()?;
        let new = NewMaison {
            name: format!("Maison {number}"),
            commune: format!("Commune {number}"),
            departement,
            siret: None,
            labelled_on: None,
        };
        maisons.push(place::create(app, new).await?);
    }
    let mut tasks = JoinSet::new();
    for first in 0..AT_ONCE {
        let (app, chapters, maisons) = (app.clone(), chapters.clone(), maisons.clone());
        tasks.spawn(async move {
            let mut made = Vec::new();
            for number in (first..scale.agents).step_by(AT_ONCE as usize) {
                let new = NewPerson {
                    email: format!("agent{number}@exemple.example").parse()?,
                    first_name: "Camille".into(),
                    last_name: format!("Agent {number}"),
                    maison: Some(maisons[number as usize % maisons.len()]),
                    grants: vec![Grant::new(Role::Agent, Scope::Own)?],
                    demonstration: false,
                };
                let person = store::create(&app, new).await?;
                follow(&app, person, &chapters).await?;
                made.push(person);
            }
            anyhow::Ok(made)
        });
    }
    let mut agents = Vec::new();
    for made in tasks.join_all().await {
        agents.extend(made?);
    }
    let pilot = NewPerson {
        email: "pilote@exemple.example".parse()?,
        first_name: "Samira".into(),
        last_name: "Haddad".into(),
        maison: None,
        grants: vec![Grant::new(Role::NationalPilot, Scope::Nation)?],
        demonstration: false,
    };
    let pilot = store::create(app, pilot).await?;
    Ok(Nation { pilot: session::open(app, pilot).await?.secret, agents, chapters })
}

/// The cohort of that number, as addresses name it.
pub fn cohort(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// Puts every agent in a cohort, with so many others.
pub async fn cohorts(app: &App, nation: &Nation, size: usize) -> anyhow::Result<()> {
    let groups: Vec<Vec<PersonId>> = nation.agents.chunks(size).map(<[PersonId]>::to_vec).collect();
    let now = app.clock.now().as_millisecond();
    app.db
        .write(move |db| {
            Box::pin(async move {
                for (number, members) in groups.into_iter().enumerate() {
                    let (id, by) = (cohort(number), members.first().copied().unwrap_or(PersonId(1)));
                    let ids: Vec<String> = members.iter().map(ToString::to_string).collect();
                    for statement in [
                        format!(
                            "INSERT INTO cohort (id, course, name, from_on, to_on, capacity, created_by, created_at) VALUES \
                             ('{id}', 'mediation-numerique', 'Cohorte {number}', '2026-01-01', '2027-12-31', 30, {by}, {now})"
                        ),
                        format!(
                            "INSERT INTO cohort_member (cohort_id, person_id, course, added_by, added_at) SELECT '{id}', p.id, \
                             'mediation-numerique', {by}, {now} FROM person p WHERE p.id IN ({})",
                            ids.join(", ")
                        ),
                        format!(
                            "UPDATE enrolment SET cohort_id = '{id}', due_at = {now} WHERE person_id IN ({})",
                            ids.join(", ")
                        ),
                    ] {
                        db.execute_unprepared(&statement).await?;
                    }
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(())
}

async fn follow(app: &App, person: PersonId, chapters: &[ChapterSlug]) -> anyhow::Result<()> {
    let mut dice = Rolls(person.0.unsigned_abs());
    let upto = usize::try_from(dice.below(chapters.len() as u64 + 4))?;
    let mut facts: Vec<Fact> = Vec::new();
    for chapter in chapters.iter().take(upto) {
        facts.push(read(chapter)?);
        facts.push(graded(chapter, 1, &mut dice)?);
    }
    if upto > chapters.len() {
        facts.push(assessed()?);
    }
    if dice.below(2) == 0 {
        facts.push(attended(app, &mut dice)?);
    }
    let (now, inside) = (app.clock.now(), app.clone());
    app.db
        .write(move |db| {
            Box::pin(async move {
                for fact in facts {
                    record::store::append_unless(&inside, db, person, now, fact, |_| false).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .await?;
    Ok(())
}

/// The median time of a fact appended, in milliseconds.
pub async fn append(app: &App, nation: &Nation, rounds: u32) -> anyhow::Result<f64> {
    let mut spent = Vec::new();
    let mut dice = Rolls(9);
    for round in 0..rounds.max(20) {
        let agent = nation.agents[usize::try_from(dice.below(nation.agents.len() as u64))?];
        let fact = graded(&nation.chapters[round as usize % nation.chapters.len()], round + 2, &mut dice)?;
        let (now, inside) = (app.clock.now(), app.clone());
        let start = Instant::now();
        app.db
            .write(move |db| {
                Box::pin(async move { record::store::append_unless(&inside, db, agent, now, fact, |_| false).await })
            })
            .await
            .map_err(|error: Error| anyhow::anyhow!("{error}"))?;
        spent.push(start.elapsed());
    }
    Ok(crate::report::Durations::new(spent).rank(0.5))
}

/// So many facts for each agent, chained behind those that the product appended: what years leave in the ledger.
pub async fn millions(app: &App, facts: u32) -> anyhow::Result<i64> {
    let known = Statement::from_string(app.db.backend(), "SELECT person_id FROM record");
    let known = app.db.reader().query_all_raw(known).await?;
    let agents: Vec<i64> = known.iter().map(|row| row.try_get("", "person_id")).collect::<Result<_, _>>()?;
    for agents in agents.chunks(TOGETHER) {
        let mut written = String::new();
        for agent in agents {
            written += &years(app, PersonId(*agent), facts).await?;
        }
        app.db
            .write(move |db| {
                Box::pin(async move { db.execute_unprepared(&written).await.map(drop).map_err(Error::from) })
            })
            .await?;
    }
    if app.db.backend() == sea_orm::DatabaseBackend::Postgres {
        // As the server itself would have done meanwhile.
        let analyze =
            app.db.write(|db| Box::pin(async move { db.execute_unprepared("ANALYZE").await.map_err(Error::from) }));
        analyze.await?;
    }
    let counted = Statement::from_string(app.db.backend(), "SELECT COUNT(*) AS n FROM fact");
    let row = app.db.reader().query_one_raw(counted).await?.ok_or_else(|| anyhow::anyhow!("no count"))?;
    Ok(row.try_get("", "n")?)
}

/// What writes so many failed attempts behind an agent's last fact, and the record that they fold into.
async fn years(app: &App, agent: PersonId, facts: u32) -> anyhow::Result<String> {
    let Folded { mut record, mut head } = record::store::load(app.db.reader(), agent).await?;
    let (now, chapter) = (app.clock.now(), "accueil-et-posture".parse()?);
    let mut dice = Rolls(agent.0.unsigned_abs());
    let mut rows = Vec::new();
    for number in 0..facts {
        let mut fact = graded(&chapter, number + 2, &mut dice)?;
        if let Fact::AttemptGraded { earned, .. } = &mut fact {
            *earned = 600;
        }
        let (entry, body) = link(agent, head, now, None, fact);
        record.apply(&entry);
        head = Some((entry.seq, entry.hash));
        rows.push(format!("({agent}, {}, {}, NULL, '{body}', '{}')", entry.seq, now.as_millisecond(), entry.hash));
    }
    let (seq, hash) = head.ok_or_else(|| anyhow::anyhow!("agent {agent} has no fact"))?;
    let record = serde_json::to_string(&record)?.replace('\'', "''");
    Ok(format!(
        "INSERT INTO fact (person_id, seq, at, author_id, body, hash) VALUES {};\n\
         UPDATE record SET seq = {seq}, hash = '{hash}', body = '{record}' WHERE person_id = {agent};\n",
        rows.join(", ")
    ))
}

fn read(chapter: &ChapterSlug) -> anyhow::Result<Fact> {
    let course = "mediation-numerique".parse()?;
    Ok(Fact::ChapterRead { course, version: 1, chapter: chapter.clone(), minutes: 45, suffices: false })
}

fn graded(chapter: &ChapterSlug, number: u32, dice: &mut Rolls) -> anyhow::Result<Fact> {
    Ok(Fact::AttemptGraded {
        course: "mediation-numerique".parse()?,
        version: 1,
        chapter: chapter.clone(),
        attempt: AttemptId(dice.uuid()),
        number,
        earned: 1_000 + u32::try_from(dice.below(900))?,
        max: 1_900,
        pass: 60,
        counts: Counts::Best,
        minutes: 45,
    })
}

fn assessed() -> anyhow::Result<Fact> {
    Ok(Fact::AssessmentGraded {
        course: "mediation-numerique".parse()?,
        version: 1,
        attempt: AttemptId(Rolls(1).uuid()),
        number: 1,
        earned: 900,
        max: 1_000,
        pass: 70,
        counts: Counts::Best,
        minutes: 40,
    })
}

fn attended(app: &App, dice: &mut Rolls) -> anyhow::Result<Fact> {
    let minutes = u32::try_from(dice.below(91))?;
    let met = minutes >= 72;
    Ok(Fact::WebinarAttended {
        course: "mediation-numerique".parse()?,
        webinar: WebinarId(Rolls(2).uuid()),
        title: "Les outils en direct".into(),
        held_at: app.clock.now(),
        minutes,
        live_minutes: 90,
        percent: u8::try_from(minutes * 100 / 90)?,
        threshold: 80,
        met,
        reason: if met { Reason::Present } else { Reason::BelowThreshold },
    })
}
