//! Issuing and withdrawing, in the very transaction of the fact that calls for it.
//!
//! The agent's record is locked while this runs, so that of two facts that meet the rule together one issues the
//! certificate and the other finds it.

use super::entity::{certificate, rules_applied};
use super::keys::Of;
use super::store::{self, Kept};
use crate::app::App;
use crate::error::{Error, Result};
use crate::identity::entity::person;
use crate::pathway::store::Published;
use crate::place::maison;
use crate::record::store::{self as records, Folded};
use crate::webhook::outbox;
use domain::certificate::{Attested, Certificate, Decision, Head, Number, Provider, decide};
use domain::ids::PersonId;
use domain::pathway::Award;
use domain::record::completion;
use domain::text::paris;
use domain::webhook::Event;
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, Set,
};

/// Agents that a catching up goes through in one transaction.
const TOGETHER: u64 = 50;

/// Does what the record, as it has just become, calls for.
///
/// # Errors
/// When the database fails; then the fact is not kept either.
pub(crate) async fn follow(app: &App, db: &impl ConnectionTrait, agent: PersonId, folded: &Folded) -> Result<()> {
    follow_replacing(app, db, agent, folded, &[]).await
}

/// The same, where these were withdrawn just before: another in the place of one of them says so.
///
/// # Errors
/// As [`follow`].
pub(crate) async fn follow_replacing(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    folded: &Folded,
    before: &[Kept],
) -> Result<()> {
    let in_force = store::in_force(db, agent).await?;
    for published in app.pathways.current() {
        for award in &published.pathway.awards {
            let of_it =
                |kept: &&Kept| kept.certificate.pathway == published.slug && kept.certificate.award == award.slug;
            let known = in_force.iter().find(of_it);
            let lines = known.map(|kept| kept.certificate.lines.as_slice());
            let now = app.clock.now();
            match decide(&published.pathway, award, &folded.record, lines) {
                Decision::Nothing => {}
                Decision::Issue(lines) => {
                    issue(app, db, agent, folded, (&published, award), lines, before.iter().find(of_it)).await?;
                }
                Decision::Withdraw => withdraw(app, db, known, now).await?,
                Decision::Replace(lines) => {
                    withdraw(app, db, known, now).await?;
                    issue(app, db, agent, folded, (&published, award), lines, known).await?;
                }
            }
        }
    }
    Ok(())
}

/// Withdraws all that stands for somebody, and returns it.
///
/// # Errors
/// When the database fails.
pub(crate) async fn withdraw_all(app: &App, db: &impl ConnectionTrait, agent: PersonId) -> Result<Vec<Kept>> {
    let in_force = store::in_force(db, agent).await?;
    for kept in &in_force {
        withdraw(app, db, Some(kept), app.clock.now()).await?;
    }
    Ok(in_force)
}

async fn withdraw(app: &App, db: &impl ConnectionTrait, kept: Option<&Kept>, now: Timestamp) -> Result<()> {
    let Some(kept) = kept else { return Ok(()) };
    let row = certificate::ActiveModel {
        number: Set(kept.certificate.number.to_string()),
        withdrawn_at: Set(Some(now.as_millisecond())),
        ..Default::default()
    };
    certificate::Entity::update(row).exec(db).await?;
    let Certificate { agent, number, award, .. } = &kept.certificate;
    tracing::info!(person = agent.0, "A certificate was withdrawn");
    let event = Event::CertificateWithdrawn { person: *agent, number: number.to_string(), award: award.clone() };
    outbox::tell(app, db, &event).await
}

async fn issue(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    folded: &Folded,
    (published, award): (&Published, &Award),
    lines: Vec<Attested>,
    replaced: Option<&Kept>,
) -> Result<()> {
    let Some((seq, hash)) = folded.head else { return Ok(()) };
    let (name, employer) = beneficiary(db, agent).await?;
    let key = app.keys.current()?;
    let now = app.clock.now();
    let provider = &app.config.provider;
    let certificate = Certificate {
        number: Number::drawn(paris(now).year(), app.dice.seed()),
        award: award.slug.clone(),
        pathway: published.slug.clone(),
        version: published.number,
        title: award.title.clone(),
        nature: published.pathway.nature.clone(),
        agent,
        name,
        employer,
        provider: Provider {
            name: provider.name.clone(),
            place: provider.place.clone(),
            signatory: provider.signatory.clone(),
        },
        lines,
        issued_at: now,
        ledger: Head { seq, hash },
        replaces: replaced.map(|kept| kept.certificate.number),
        key: key.name.clone(),
        erased_at: None,
    };
    let body = serde_json::to_string(&certificate).map_err(|error| Error::Internal(error.to_string()))?;
    let row = certificate::ActiveModel {
        number: Set(certificate.number.to_string()),
        person_id: Set(agent.0),
        pathway: Set(certificate.pathway.to_string()),
        award: Set(certificate.award.to_string()),
        signature: Set(key.sign(Of::Certificate, body.as_bytes())),
        body: Set(body),
        key: Set(key.name.clone()),
        issued_at: Set(now.as_millisecond()),
        withdrawn_at: Set(None),
    };
    certificate::Entity::insert(row).exec_without_returning(db).await?;
    tracing::info!(person = agent.0, award = %certificate.award, "A certificate was issued");
    let event = Event::CertificateIssued {
        person: agent,
        number: certificate.number.to_string(),
        award: certificate.award,
        replaces: certificate.replaces.map(|number| number.to_string()),
    };
    outbox::tell(app, db, &event).await
}

/// The name of somebody, and where they work.
async fn beneficiary(db: &impl ConnectionTrait, agent: PersonId) -> Result<(String, Option<String>)> {
    let row = person::Entity::find_by_id(agent.0).one(db).await?.ok_or(Error::NotFound)?;
    let employer = match row.maison_id {
        Some(id) => maison::Entity::find_by_id(id).one(db).await?.map(|maison| maison.name),
        None => None,
    };
    Ok((format!("{} {}", row.first_name, row.last_name), employer))
}

/// Applies the rules to those who met them before they were published. A job: done once for each state of the rules,
/// and again from the beginning where it was cut short.
///
/// # Errors
/// When the database fails; it is tried again.
pub async fn catch_up(app: &App) -> Result<()> {
    let rules = rules(app);
    let db = app.db.reader();
    if rules.is_empty() || rules_applied::Entity::find_by_id(&rules).one(db).await?.is_some() {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let agents: Vec<i64> = person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::Id.gt(after))
            .order_by_asc(person::Column::Id)
            .limit(TOGETHER)
            .into_tuple()
            .all(db)
            .await?;
        let Some(last) = agents.last() else { break };
        after = *last;
        let inside = app.clone();
        app.db
            .write(move |db| {
                Box::pin(async move {
                    for agent in agents {
                        records::conclude(&inside, db, PersonId(agent)).await?;
                    }
                    Ok::<_, Error>(())
                })
            })
            .await?;
    }
    let row = rules_applied::ActiveModel { rules: Set(rules), done_at: Set(app.clock.now().as_millisecond()) };
    app.db
        .write(move |db| {
            Box::pin(async move {
                let column = rules_applied::Column::Rules;
                let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
                rules_applied::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
                Ok::<_, Error>(())
            })
        })
        .await
}

/// The state of the rules: every pathway and every course, with its version.
fn rules(app: &App) -> String {
    let pathways = app.pathways.current();
    let pathways = pathways.iter().map(|published| format!("{}={}", published.slug, published.number));
    let courses = app.library.current();
    let courses = courses.iter().map(|published| format!("{}={}", published.course.slug, published.number));
    pathways.chain(courses).collect::<Vec<_>>().join(",")
}

/// The fact that a course is done, where the one just folded in completes it.
pub(crate) fn completed(app: &App, folded: &Folded, course: &domain::ids::CourseSlug) -> Option<domain::record::Fact> {
    let published = app.library.course(course)?;
    completion(&folded.record, &published.course, published.number)
}

/// Takes the name and the maison out of a person's certificates, which are signed anew: all else that they say stays.
///
/// # Errors
/// When the database fails.
pub(crate) async fn unname(app: &App, db: &impl ConnectionTrait, agent: PersonId, pseudonym: &str) -> Result<()> {
    let key = app.keys.current()?;
    for kept in store::of(db, agent).await? {
        let certificate = Certificate {
            name: pseudonym.to_owned(),
            employer: None,
            key: key.name.clone(),
            erased_at: Some(app.clock.now()),
            ..kept.certificate
        };
        let body = serde_json::to_string(&certificate).map_err(|error| Error::Internal(error.to_string()))?;
        let row = certificate::ActiveModel {
            number: Set(certificate.number.to_string()),
            signature: Set(key.sign(Of::Certificate, body.as_bytes())),
            body: Set(body),
            key: Set(key.name.clone()),
            ..Default::default()
        };
        certificate::Entity::update(row).exec(db).await?;
    }
    Ok(())
}
