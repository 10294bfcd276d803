//! The nation before the load: every agent with a session and a ledger, one of them with a long life.

use domain::identity::{Grant, Role, Scope};
use domain::ids::{AttemptId, PersonId};
use domain::quiz::Counts;
use domain::record::Fact;
use jiff::{SignedDuration, Timestamp};
use server::app::App;
use server::error::Error;
use server::identity::session;
use server::identity::store::{self, NewPerson};
use server::{course, record};
use support::dice::Rolls;
use support::workspace;
use tokio::task::JoinSet;

/// Agents of the nation's maisons.
pub const AGENTS: usize = 6_800;
/// Facts of the agent who has been there for ever.
pub const LONG_LIFE: u32 = 10_000;
/// Facts that the record shows at a time.
pub const PAGE: u32 = 10;
/// Facts of everybody else who has any.
const SHORT_LIFE: u32 = 3;
/// Agents made at the same time.
const AT_ONCE: usize = 48;
/// Facts appended in one transaction.
const BATCH: u32 = 500;

pub const CHAPTER: &str = "/cours/mediation-numerique/accueil-et-posture";

/// The secrets of everybody's sessions, by place. Place 0 has [`LONG_LIFE`] facts, place 1 none,
/// place 2 as many as a page of the record shows.
pub async fn seed(app: &App, agents: usize) -> anyhow::Result<Vec<String>> {
    let checked = course::publish::check(&workspace().join("content/mediation-numerique"))?;
    anyhow::ensure!(checked.problems.is_empty(), "the course has problems");
    course::publish::publish(app, checked).await?;
    let mut tasks = JoinSet::new();
    for first in 0..AT_ONCE {
        let app = app.clone();
        tasks.spawn(async move {
            let mut made = Vec::new();
            for place in (first..agents).step_by(AT_ONCE) {
                made.push((place, agent(&app, place).await?));
            }
            anyhow::Ok(made)
        });
    }
    let mut sessions = vec![String::new(); agents];
    for made in tasks.join_all().await {
        for (place, session) in made? {
            sessions[place] = session;
        }
    }
    Ok(sessions)
}

async fn agent(app: &App, place: usize) -> anyhow::Result<String> {
    let new = NewPerson {
        email: format!("agent{place}@exemple.example").parse()?,
        first_name: "Camille".into(),
        last_name: format!("Agent {place}"),
        maison: None,
        grants: vec![Grant::new(Role::Agent, Scope::Own)?],
        demonstration: false,
    };
    let person = store::create(app, new).await?;
    let facts = match place {
        0 => LONG_LIFE,
        1 => 0,
        2 => PAGE,
        _ => SHORT_LIFE,
    };
    live(app, person, facts).await?;
    Ok(session::open(app, person).await?.secret)
}

/// Gives the agent so many facts, one a minute until now, chained as the product chains them.
async fn live(app: &App, person: PersonId, facts: u32) -> anyhow::Result<()> {
    let start = app.clock.now() - SignedDuration::from_mins(i64::from(facts));
    for first in (0..facts).step_by(BATCH as usize) {
        let (numbers, inside) = (first..facts.min(first + BATCH), app.clone());
        app.db
            .write(move |db| {
                Box::pin(async move {
                    for number in numbers {
                        let (at, fact) = fact(start, person, number)?;
                        record::store::append_unless(&inside, db, person, at, fact, |_| false).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    Ok(())
}

fn fact(start: Timestamp, person: PersonId, number: u32) -> Result<(Timestamp, Fact), Error> {
    let unreadable = |_| Error::Internal("a slug".into());
    let (course, chapter) =
        ("mediation-numerique".parse().map_err(unreadable)?, "accueil-et-posture".parse().map_err(unreadable)?);
    let at = start + SignedDuration::from_mins(i64::from(number));
    let fact = if number == 0 {
        Fact::ChapterRead { course, version: 1, chapter, minutes: 45, suffices: false }
    } else {
        Fact::AttemptGraded {
            course,
            version: 1,
            chapter,
            attempt: AttemptId(Rolls(person.0.unsigned_abs() << 32 | u64::from(number)).uuid()),
            number,
            earned: 600 + number % 1000,
            max: 1900,
            pass: 70,
            counts: Counts::Best,
            minutes: 45,
        }
    };
    Ok((at, fact))
}
