//! Appending to the ledger, and reading the record. Nothing else writes these tables.
//!
//! The record's row holds the fold so far and the head of the chain, so that a page costs the same
//! for ten facts as for ten thousand. It is written with the fact, in one transaction, and so is what the fact
//! leads to: the completion of a course, a certificate issued or withdrawn, its statement for other systems.

use super::entity::{fact, record};
use crate::app::App;
use crate::certificate::issuing;
use crate::certificate::store::Kept;
use crate::course::reading;
use crate::error::{Error, Result};
use crate::follow_up::enrolment;
use crate::identity::directory;
use crate::identity::entity::person;
use crate::merging;
use crate::protection;
use crate::webhook::outbox;
use crate::xapi;
use domain::ids::PersonId;
use domain::record::{
    CourseRecord, Entry, Fact, Hash, Merged, Record, StoredEntry, Told, link, merge, settled, verify,
};
use domain::webhook::Event;
use jiff::Timestamp;
use sea_orm::sea_query::{ExprTrait as _, OnConflict};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use std::collections::{BTreeMap, BTreeSet};

pub use super::check::{Finding, check};

/// Facts written by one statement.
const TOGETHER: usize = 100;

/// A record and the head of the chain it was folded from.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    pub record: Record,
    /// The last fact's rank and hash; none for an empty ledger.
    pub head: Option<(u64, Hash)>,
}

/// Appends a fact, unless the record already says so; tells whether it was appended.
///
/// # Errors
/// When the database fails.
pub async fn append_unless(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    at: Timestamp,
    fact: Fact,
    already: impl FnOnce(&Record) -> bool + Send,
) -> Result<bool> {
    append(app, db, agent, (at, None), fact, already).await
}

/// Appends what somebody else says of the agent, unless the record already says so.
///
/// # Errors
/// When the database fails.
pub async fn append_by(
    app: &App,
    db: &impl ConnectionTrait,
    author: PersonId,
    agent: PersonId,
    at: Timestamp,
    fact: Fact,
    already: impl FnOnce(&Record) -> bool + Send,
) -> Result<bool> {
    append(app, db, agent, (at, Some(author)), fact, already).await
}

async fn append(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    (at, author): (Timestamp, Option<PersonId>),
    fact: Fact,
    already: impl FnOnce(&Record) -> bool + Send,
) -> Result<bool> {
    // What comes late for an account that was folded into another is a fact of the other.
    let agent = merging::store::standing_for(db, agent).await?;
    let mut folded = lock(db, agent).await?;
    if already(&folded.record) {
        return Ok(false);
    }
    if author.is_some() {
        protection::not_erased(db, agent).await?;
    }
    let course = fact.course().clone();
    add(app, db, agent, &mut folded, (at, author), fact).await?;
    if let Some(done) = issuing::completed(app, &folded, &course) {
        add(app, db, agent, &mut folded, (at, None), done).await?;
    }
    project(db, agent, &folded, app.clock.now()).await?;
    issuing::follow(app, db, agent, &folded).await?;
    Ok(true)
}

/// Links a fact to the chain, folds it in, and tells who asked to be told.
async fn add(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    folded: &mut Folded,
    (at, author): (Timestamp, Option<PersonId>),
    fact: Fact,
) -> Result<()> {
    let (entry, body) = link(agent, folded.head, at, author, fact);
    folded.record.apply(&entry);
    folded.head = Some((entry.seq, entry.hash));
    fact::Entity::insert(row(agent, &entry, body)).exec_without_returning(db).await?;
    xapi::state(app, db, agent, &entry).await?;
    enrolment::fold(db, agent, &folded.record, &entry).await?;
    outbox::tell(app, db, &Event::FactRecorded { person: agent, seq: entry.seq, fact: &entry.fact }).await
}

fn row(agent: PersonId, entry: &Entry, body: String) -> fact::ActiveModel {
    fact::ActiveModel {
        person_id: Set(agent.0),
        seq: Set(signed(entry.seq)),
        at: Set(entry.at.as_millisecond()),
        author_id: Set(entry.author.map(|author| author.0)),
        body: Set(body),
        hash: Set(entry.hash.to_string()),
    }
}

/// What the record of `kept` would be with the facts of `from`, another account of the same person.
///
/// # Errors
/// [`Error::Conflict`] where a ledger is not as it was written; when the database fails.
pub(crate) async fn together(
    app: &App,
    db: &impl ConnectionTrait,
    author: PersonId,
    (kept, from): (PersonId, PersonId),
) -> Result<Merged> {
    let (own, other) = (verified(db, kept).await?, verified(db, from).await?);
    let pathways: Vec<_> = app.pathways.current().iter().map(|published| published.pathway.clone()).collect();
    Ok(merge((kept, &own), (from, &other), (app.clock.now(), author), &pathways, || app.dice.uuid()))
}

/// Brings the facts of `from` over to `kept`. Returns where each of them stands now, by its place in the ledger that it
/// stays in.
///
/// # Errors
/// As [`together`].
pub(crate) async fn bring_over(
    app: &App,
    db: &impl ConnectionTrait,
    author: PersonId,
    (kept, from): (PersonId, PersonId),
) -> Result<BTreeMap<u64, u64>> {
    // In one order, whichever is kept: two merges that cross do not wait for each other.
    lock(db, kept.min(from)).await?;
    lock(db, kept.max(from)).await?;
    let Merged { written, record } = together(app, db, author, (kept, from)).await?;
    let place = |entry: &Entry| Some((entry.origin?.seq, entry.seq));
    let places = written.iter().filter_map(|(entry, _)| place(entry)).collect();
    let head = match written.last() {
        Some((entry, _)) => Some((entry.seq, entry.hash)),
        None => load(db, kept).await?.head,
    };
    // Those brought over were stated and told of when they were written; what the merge itself says is new.
    for (entry, _) in written.iter().filter(|(entry, _)| entry.origin.is_none()) {
        xapi::state(app, db, kept, entry).await?;
        outbox::tell(app, db, &Event::FactRecorded { person: kept, seq: entry.seq, fact: &entry.fact }).await?;
    }
    let rows: Vec<_> = written.into_iter().map(|(entry, body)| row(kept, &entry, body)).collect();
    for rows in rows.chunks(TOGETHER) {
        fact::Entity::insert_many(rows.to_vec()).exec_without_returning(db).await?;
    }
    let folded = Folded { record, head };
    project(db, kept, &folded, app.clock.now()).await?;
    Ok(places)
}

/// A ledger that is as it was written.
async fn verified(db: &impl ConnectionTrait, agent: PersonId) -> Result<Vec<Entry>> {
    let head = load(db, agent).await?.head;
    verify(agent, ledger(db, agent).await?, head).map_err(|broken| {
        tracing::error!(%broken, "A ledger is not as it was written");
        let said = "Le registre d’un des deux comptes n’est plus tel qu’il a été écrit\u{a0}: rien n’a été fait.";
        Error::Conflict(said.to_owned())
    })
}

/// Draws from a record what today's rules make of it: a chapter or a course that a new version completes, a certificate
/// that is due. Saying it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub(crate) async fn conclude(app: &App, db: &impl ConnectionTrait, agent: PersonId) -> Result<()> {
    conclude_replacing(app, db, agent, &[]).await
}

/// The same, where these certificates were withdrawn just before.
///
/// # Errors
/// As [`conclude`].
pub(crate) async fn conclude_replacing(
    app: &App,
    db: &impl ConnectionTrait,
    agent: PersonId,
    before: &[Kept],
) -> Result<()> {
    // What an account that was folded into another earned is certified of the other.
    if merging::store::of(db, agent).await?.is_some() {
        return Ok(());
    }
    let read = reading::read_everywhere(db, agent).await?;
    if read.is_empty() && load(db, agent).await?.head.is_none() {
        return Ok(());
    }
    let mut folded = lock(db, agent).await?;
    let now = app.clock.now();
    let (none, mut changed) = (CourseRecord::default(), false);
    let nothing = BTreeMap::new();
    for published in app.library.current() {
        let course = &published.course;
        let known = folded.record.courses.get(&course.slug).unwrap_or(&none);
        for fact in settled(known, read.get(&course.slug).unwrap_or(&nothing), course, published.number) {
            add(app, db, agent, &mut folded, (now, None), fact).await?;
            changed = true;
        }
    }
    let courses: Vec<_> = folded.record.courses.keys().cloned().collect();
    for course in courses {
        if let Some(done) = issuing::completed(app, &folded, &course) {
            add(app, db, agent, &mut folded, (now, None), done).await?;
            changed = true;
        }
    }
    if folded.head.is_none() {
        return Ok(());
    }
    if changed {
        project(db, agent, &folded, now).await?;
    }
    issuing::follow_replacing(app, db, agent, &folded, before).await
}

/// The tables that nothing else writes.
pub(crate) const LEDGER: [&str; 2] = ["fact", "record"];

/// Ends the whole ledger of an agent, whose account was erased, at its term; returns how many rows went.
///
/// # Errors
/// [`Error::Internal`] where the account is not erased, and when the database fails.
pub(crate) async fn end(db: &impl ConnectionTrait, agent: PersonId) -> Result<u64> {
    let erased = person::Entity::find_by_id(agent.0).filter(person::Column::ErasedAt.is_not_null()).one(db).await?;
    if erased.is_none() {
        return Err(Error::Internal(format!("the ledger of person {agent}, who is not erased, does not end")));
    }
    let facts = fact::Entity::delete_many().filter(fact::Column::PersonId.eq(agent.0)).exec(db).await?;
    let record = record::Entity::delete_by_id(agent.0).exec(db).await?;
    Ok(facts.rows_affected + record.rows_affected)
}

/// The record as it stands, held against other writers until the transaction ends.
pub(crate) async fn lock(db: &impl ConnectionTrait, agent: PersonId) -> Result<Folded> {
    let empty = record::ActiveModel {
        person_id: Set(agent.0),
        seq: Set(0),
        hash: Set(String::new()),
        body: Set(as_json(&Record::default())?),
        updated_at: Set(0),
    };
    let once = OnConflict::column(record::Column::PersonId).do_nothing_on([record::Column::PersonId]).to_owned();
    record::Entity::insert(empty).on_conflict(once).try_insert().exec_without_returning(db).await?;
    let row = record::Entity::find_by_id(agent.0).lock_exclusive().one(db).await?;
    row.as_ref().map_or_else(|| Ok(Folded::default()), read)
}

async fn project(db: &impl ConnectionTrait, agent: PersonId, folded: &Folded, now: Timestamp) -> Result<()> {
    let (seq, hash) = folded.head.map_or((0, String::new()), |(seq, hash)| (signed(seq), hash.to_string()));
    let row = record::ActiveModel {
        person_id: Set(agent.0),
        seq: Set(seq),
        hash: Set(hash),
        body: Set(as_json(&folded.record)?),
        updated_at: Set(now.as_millisecond()),
    };
    record::Entity::update(row).exec(db).await?;
    Ok(())
}

/// The record of an agent, empty where nothing was earned yet.
///
/// # Errors
/// When the database fails.
pub async fn load(db: &impl ConnectionTrait, agent: PersonId) -> Result<Folded> {
    record::Entity::find_by_id(agent.0).one(db).await?.as_ref().map_or_else(|| Ok(Folded::default()), read)
}

/// The records of several agents; those who have none are left out.
///
/// # Errors
/// When the database fails.
pub async fn load_all(db: &impl ConnectionTrait, agents: &[PersonId]) -> Result<BTreeMap<PersonId, Record>> {
    let rows = record::Entity::find()
        .filter(record::Column::PersonId.is_in(agents.iter().map(|agent| agent.0)))
        .all(db)
        .await?;
    rows.iter().map(|row| Ok((PersonId(row.person_id), read(row)?.record))).collect()
}

/// Which of these people have a record.
///
/// # Errors
/// When the database fails.
pub(crate) async fn known(db: &impl ConnectionTrait, people: &BTreeSet<i64>) -> Result<BTreeSet<i64>> {
    let known: Vec<i64> = record::Entity::find()
        .select_only()
        .column(record::Column::PersonId)
        .filter(record::Column::PersonId.is_in(people.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(known.into_iter().collect())
}

/// The latest facts before `before` (all of them when none), newest first.
///
/// # Errors
/// When the database fails.
pub async fn facts(db: &impl ConnectionTrait, agent: PersonId, before: Option<u64>, limit: u64) -> Result<Vec<Entry>> {
    let mut select = fact::Entity::find().filter(fact::Column::PersonId.eq(agent.0));
    if let Some(before) = before {
        select = select.filter(fact::Column::Seq.lt(signed(before)));
    }
    let rows = select.order_by_desc(fact::Column::Seq).limit(limit).all(db).await?;
    rows.into_iter()
        .map(|row| {
            let StoredEntry { seq, at, author, body, hash } = stored(row)?;
            let told = Told::read(&body);
            let told = told.map_err(|_| Error::Internal(format!("fact {seq} of person {agent} cannot be read")))?;
            let Told { fact, origin } = told;
            Ok(Entry { seq, at, author, fact, origin, hash })
        })
        .collect()
}

/// An agent's record as a list tells it.
#[derive(Debug, Clone, FromQueryResult)]
pub(crate) struct Head {
    pub(crate) person_id: i64,
    /// The place of its last fact.
    pub(crate) seq: i64,
    pub(crate) hash: String,
    pub(crate) updated_at: i64,
}

/// Which records.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) departement: Option<&'w str>,
    pub(crate) maison: Option<i64>,
    /// Written at that millisecond or later.
    pub(crate) since: Option<i64>,
}

/// Some records that hold anything, in the order in which they were last written, after that instant and agent.
///
/// # Errors
/// When the database fails.
pub(crate) async fn page(
    db: &impl ConnectionTrait,
    wanted: Wanted<'_>,
    after: Option<(i64, i64)>,
    limit: u64,
) -> Result<Vec<Head>> {
    let (updated, agent) = (record::Column::UpdatedAt, record::Column::PersonId);
    let mut select = record::Entity::find().select_only().columns([agent, record::Column::Seq]);
    select = select.columns([record::Column::Hash, updated]).filter(record::Column::Seq.gt(0));
    if let Some((at, person)) = after {
        let same = updated.eq(at).and(agent.gt(person));
        // Said of the instant alone too, which the index serves.
        select = select.filter(updated.gte(at)).filter(updated.gt(at).or(same));
    }
    if let Some(since) = wanted.since {
        select = select.filter(updated.gte(since));
    }
    if wanted.departement.is_some() || wanted.maison.is_some() {
        select = select.filter(agent.in_subquery(directory::ids_of(wanted.departement, wanted.maison)));
    }
    Ok(select.order_by_asc(updated).order_by_asc(agent).limit(limit).into_model().all(db).await?)
}

/// An agent's record with its head, if it holds anything.
///
/// # Errors
/// When the database fails.
pub(crate) async fn whole(db: &impl ConnectionTrait, agent: PersonId) -> Result<Option<(Record, Head)>> {
    let row = record::Entity::find_by_id(agent.0).filter(record::Column::Seq.gt(0)).one(db).await?;
    let Some(row) = row else { return Ok(None) };
    let record = read(&row)?.record;
    let record::Model { person_id, seq, hash, updated_at, .. } = row;
    Ok(Some((record, Head { person_id, seq, hash, updated_at })))
}

/// Some of an agent's facts as they are stored, in order, after that place.
///
/// # Errors
/// When the database fails.
pub(crate) async fn ledger_after(
    db: &impl ConnectionTrait,
    agent: PersonId,
    after: u64,
    limit: u64,
) -> Result<Vec<StoredEntry>> {
    let rows =
        fact::Entity::find().filter(fact::Column::PersonId.eq(agent.0)).filter(fact::Column::Seq.gt(signed(after)));
    rows.order_by_asc(fact::Column::Seq).limit(limit).all(db).await?.into_iter().map(stored).collect()
}

/// An agent's ledger as it is stored, in order.
///
/// # Errors
/// When the database fails.
pub(crate) async fn ledger(db: &impl ConnectionTrait, agent: PersonId) -> Result<Vec<StoredEntry>> {
    let rows = fact::Entity::find().filter(fact::Column::PersonId.eq(agent.0)).order_by_asc(fact::Column::Seq);
    rows.all(db).await?.into_iter().map(stored).collect()
}

fn read(row: &record::Model) -> Result<Folded> {
    let unreadable =
        |what: &str| Error::Internal(format!("the record of person {} has an unreadable {what}", row.person_id));
    let head = match u64::try_from(row.seq) {
        Ok(0) => None,
        Ok(seq) => Some((seq, row.hash.parse().map_err(|_| unreadable("hash"))?)),
        Err(_) => return Err(unreadable("rank")),
    };
    Ok(Folded { record: serde_json::from_str(&row.body).map_err(|_| unreadable("body"))?, head })
}

fn stored(row: fact::Model) -> Result<StoredEntry> {
    let unreadable = || Error::Internal(format!("fact {} of person {} has an unreadable date", row.seq, row.person_id));
    Ok(StoredEntry {
        seq: u64::try_from(row.seq).unwrap_or(0),
        at: Timestamp::from_millisecond(row.at).map_err(|_| unreadable())?,
        author: row.author_id.map(PersonId),
        body: row.body,
        // One that is no hash is no fact's either: the check finds it changed.
        hash: row.hash.parse().unwrap_or(Hash::ZERO),
    })
}

fn as_json(record: &Record) -> Result<String> {
    serde_json::to_string(record).map_err(|error| Error::Internal(error.to_string()))
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
