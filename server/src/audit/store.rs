//! The log in the database. Lines are added at one end and go from the other; triggers refuse anything else.

use super::entity::{audit, audit_chain};
use super::unreadable;
use crate::db::Db;
use crate::error::{Error, Result};
use domain::audit::{Broken, Deed, End, Line, Note};
use domain::ids::PersonId;
use domain::record::Hash;
use jiff::Timestamp;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Set,
};
use std::collections::BTreeSet;

/// The only row of the table of ends.
const CHAIN: i64 = 1;

/// Lines read, written or removed at a time.
const TOGETHER: usize = 500;

/// Adds these lines at the end of the chain.
pub(crate) async fn append(db: &impl ConnectionTrait, notes: Vec<Note>) -> Result<Vec<()>> {
    let chain = audit_chain::Entity::find_by_id(CHAIN).lock_exclusive().one(db).await?;
    let chain = chain.ok_or_else(|| unreadable("chain"))?;
    let mut head = end(chain.head_seq, &chain.head_hash)?;
    let told = vec![(); notes.len()];
    let rows: Vec<audit::ActiveModel> = notes
        .into_iter()
        .map(|note| {
            let line = head.then(note);
            head = End { seq: line.seq, hash: line.hash };
            row(line)
        })
        .collect();
    for rows in crate::crowd::runs(&rows) {
        audit::Entity::insert_many(rows.to_vec()).exec_without_returning(db).await?;
    }
    let ends = audit_chain::ActiveModel {
        id: Set(CHAIN),
        head_seq: Set(signed(head.seq)),
        head_hash: Set(head.hash.to_string()),
        ..Default::default()
    };
    audit_chain::Entity::update(ends).exec(db).await?;
    Ok(told)
}

/// Removes lines older than `before` from the oldest end of the chain, some at a time; returns how many went. Saying it
/// until none goes removes all of them.
///
/// # Errors
/// When the database fails.
pub async fn prune(db: &impl ConnectionTrait, before: Timestamp) -> Result<u64> {
    let chain = audit_chain::Entity::find_by_id(CHAIN).lock_exclusive().one(db).await?;
    let chain = chain.ok_or_else(|| unreadable("chain"))?;
    let lines = audit::Entity::find()
        .filter(audit::Column::Seq.gt(chain.origin_seq))
        .order_by_asc(audit::Column::Seq)
        .limit(TOGETHER as u64)
        .all(db)
        .await?;
    // A clock that was put back leaves an older line after a younger one: it waits for that one.
    let past: Vec<_> = lines.into_iter().take_while(|line| line.at < before.as_millisecond()).collect();
    let Some(last) = past.last() else { return Ok(0) };
    let ends = audit_chain::ActiveModel {
        id: Set(CHAIN),
        origin_seq: Set(last.seq),
        origin_hash: Set(last.hash.clone()),
        ..Default::default()
    };
    audit_chain::Entity::update(ends).exec(db).await?;
    let gone = audit::Entity::delete_many().filter(audit::Column::Seq.lte(last.seq)).exec(db).await?;
    Ok(gone.rows_affected)
}

/// Checks the whole log; returns how many lines it has, and what is wrong with it.
///
/// # Errors
/// When the database fails; what is wrong with the log is in the outcome.
pub async fn check(db: &Db) -> Result<(u64, std::result::Result<(), Broken>)> {
    let db = db.reader();
    let chain = audit_chain::Entity::find_by_id(CHAIN).one(db).await?.ok_or_else(|| unreadable("chain"))?;
    let (origin, head) = (end(chain.origin_seq, &chain.origin_hash)?, end(chain.head_seq, &chain.head_hash)?);
    let mut at = origin;
    loop {
        let rows = audit::Entity::find()
            .filter(audit::Column::Seq.gt(signed(at.seq)))
            // What is added meanwhile is for the next check.
            .filter(audit::Column::Seq.lte(chain.head_seq))
            .order_by_asc(audit::Column::Seq)
            .limit(TOGETHER as u64)
            .all(db)
            .await?;
        if rows.is_empty() {
            return Ok((at.seq - origin.seq, at.is_head(head)));
        }
        for row in rows {
            let checked = match read(row) {
                Ok(line) => at.check(&line),
                Err(_) => Err(Broken::Changed(at.seq + 1)),
            };
            match checked {
                Ok(end) => at = end,
                Err(broken) => return Ok((at.seq - origin.seq, Err(broken))),
            }
        }
    }
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    /// Of these people's data; none for everybody's.
    pub(crate) subjects: Option<BTreeSet<i64>>,
    /// Of what these people did; none for everybody.
    pub(crate) actors: Option<BTreeSet<i64>>,
    /// Of these deeds; none for all.
    pub(crate) deeds: Option<Vec<Deed>>,
    /// Of ways into accounts, and not of pages.
    pub(crate) ways_in: bool,
    /// From that instant.
    pub(crate) from: Option<Timestamp>,
    /// Before that one.
    pub(crate) to: Option<Timestamp>,
}

impl Filter {
    fn condition(&self) -> Condition {
        let among = |column: audit::Column, people: &BTreeSet<i64>| column.is_in(people.iter().copied());
        Condition::all()
            .add_option(self.subjects.as_ref().map(|people| among(audit::Column::SubjectId, people)))
            .add_option(self.actors.as_ref().map(|people| among(audit::Column::ActorId, people)))
            .add_option(
                self.deeds.as_ref().map(|deeds| audit::Column::Deed.is_in(deeds.iter().map(|deed| deed.as_str()))),
            )
            .add_option(self.ways_in.then(|| audit::Column::Path.eq("")))
            .add_option(self.from.map(|at| audit::Column::At.gte(at.as_millisecond())))
            .add_option(self.to.map(|at| audit::Column::At.lt(at.as_millisecond())))
    }
}

/// The latest lines before that place (from the end when none), the latest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn list(
    db: &impl ConnectionTrait,
    filter: &Filter,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<Line>> {
    let mut select = audit::Entity::find().filter(filter.condition());
    if let Some(before) = before {
        select = select.filter(audit::Column::Seq.lt(signed(before)));
    }
    let rows = select.order_by_desc(audit::Column::Seq).limit(limit).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// What others looked at or changed of that person's, the latest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn about(
    db: &impl ConnectionTrait,
    person: PersonId,
    before: Option<u64>,
    limit: u64,
) -> Result<Vec<Line>> {
    let deeds = Some(vec![Deed::Looked, Deed::Changed]);
    let filter = Filter { subjects: Some(BTreeSet::from([person.0])), deeds, ..Filter::default() };
    list(db, &filter, before, limit).await
}

/// How that person's account was entered, and was not, the latest first.
///
/// # Errors
/// When the database fails.
pub(crate) async fn entries(db: &impl ConnectionTrait, person: PersonId, limit: u64) -> Result<Vec<Line>> {
    let deeds = Some(vec![Deed::Entered, Deed::Refused]);
    let filter = Filter { subjects: Some(BTreeSet::from([person.0])), deeds, ways_in: true, ..Filter::default() };
    list(db, &filter, None, limit).await
}

fn row(Line { seq, note, hash }: Line) -> audit::ActiveModel {
    audit::ActiveModel {
        seq: Set(signed(seq)),
        at: Set(note.at.as_millisecond()),
        actor_id: Set(note.actor.map(|actor| actor.0)),
        role: Set(note.role),
        subject_id: Set(note.subject.map(|subject| subject.0)),
        deed: Set(note.deed.as_str().to_owned()),
        page: Set(note.page),
        path: Set(note.path),
        hash: Set(hash.to_string()),
    }
}

fn read(row: audit::Model) -> Result<Line> {
    let note = Note {
        at: Timestamp::from_millisecond(row.at).map_err(|_| unreadable("date"))?,
        actor: row.actor_id.map(PersonId),
        role: row.role,
        subject: row.subject_id.map(PersonId),
        deed: row.deed.parse().map_err(|()| unreadable("deed"))?,
        page: row.page,
        path: row.path,
    };
    Ok(Line { seq: unsigned(row.seq)?, note, hash: row.hash.parse().map_err(|_| unreadable("hash"))? })
}

fn end(seq: i64, hash: &str) -> Result<End> {
    let hash: Hash = hash.parse().map_err(|_| unreadable("hash"))?;
    Ok(End { seq: unsigned(seq)?, hash })
}

fn unsigned(seq: i64) -> Result<u64, Error> {
    u64::try_from(seq).map_err(|_| unreadable("place"))
}

fn signed(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
