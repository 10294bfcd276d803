//! Where answers are handed over to be kept. While some are being written others arrive; those are
//! then written together, in a few statements and one commit, and acknowledged after it.

use super::entity::{answer, attempt};
use super::store;
use crate::db::Db;
use crate::error::{Error, Result};
use domain::ids::AttemptId;
use domain::quiz::{Saying, latest};
use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Set,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// The most messages written by one transaction.
const TOGETHER: usize = 256;
/// The most rows of one statement: databases bound the number of values.
const ROWS: usize = 1000;

/// The answers that wait, and whose turn it is to write them.
#[derive(Debug, Default)]
pub struct Desk {
    waiting: Mutex<Vec<Waiting>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// One message, and whom to tell what is kept.
#[derive(Debug)]
struct Waiting {
    said: Said,
    tell: oneshot::Sender<Result<Vec<Saying>>>,
}

/// What one message says about one attempt.
#[derive(Debug, Clone)]
struct Said {
    attempt: AttemptId,
    sayings: Vec<Saying>,
    received_at: i64,
}

/// An answer's place: attempt and question, as stored.
type Place = (String, String);

impl Desk {
    /// Keeps the answers; returns, for each question said, the answer that is now kept.
    pub(super) async fn keep(
        &self,
        db: &Db,
        attempt: AttemptId,
        sayings: Vec<Saying>,
        received_at: i64,
    ) -> Result<Vec<Saying>> {
        let (tell, mut told) = oneshot::channel();
        self.waiting().push(Waiting { said: Said { attempt, sayings, received_at }, tell });
        let stopped = |_| Error::Internal("the answers' writer stopped".into());
        // Whoever is told leaves the queue: else each would take a turn for nothing, and groups stay small.
        let turn = tokio::select! {
            biased;
            kept = &mut told => return kept.map_err(stopped)?,
            turn = Arc::clone(&self.turn).lock_owned() => turn,
        };
        let group = std::mem::take(&mut *self.waiting());
        // A task of its own: a browser that goes away takes only its own answer's acknowledgement with
        // it, nobody else's.
        let db = db.clone();
        tokio::spawn(async move {
            write(&db, group).await;
            drop(turn);
        });
        told.await.map_err(stopped)?
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(db: &Db, mut group: Vec<Waiting>) {
    while !group.is_empty() {
        let rest = group.split_off(group.len().min(TOGETHER));
        if let Err(together) = write_some(db, std::mem::replace(&mut group, rest)).await {
            // One that fails must not take the others with it: each gets a transaction of its own.
            for alone in together {
                // One alone is told of its failure: it does not come back.
                let _ = write_some(db, vec![alone]).await;
            }
        }
    }
}

/// Writes these in one transaction and tells each; gives them back where several could not be written.
async fn write_some(db: &Db, group: Vec<Waiting>) -> std::result::Result<(), Vec<Waiting>> {
    let said: Vec<Said> = group.iter().map(|waiting| waiting.said.clone()).collect();
    match db.write(move |db| Box::pin(async move { keep_all(db, &said).await })).await {
        Ok(kept) => {
            for (waiting, kept) in group.into_iter().zip(kept) {
                // Whoever asked may have gone: the answer stands all the same.
                let _ = waiting.tell.send(kept.ok_or_else(store::closed));
            }
            Ok(())
        }
        Err(_) if group.len() > 1 => Err(group),
        Err(error) => {
            if let Some(alone) = group.into_iter().next() {
                let _ = alone.tell.send(Err(error));
            }
            Ok(())
        }
    }
}

/// What is kept of each message's questions; none for a message about a closed attempt.
async fn keep_all(db: &impl ConnectionTrait, said: &[Said]) -> Result<Vec<Option<Vec<Saying>>>> {
    let asked: BTreeSet<String> = said.iter().map(|said| said.attempt.to_string()).collect();
    let open: BTreeSet<String> = attempt::Entity::find()
        .filter(attempt::Column::Id.is_in(asked))
        .filter(attempt::Column::HandedInAt.is_null())
        .select_only()
        .column(attempt::Column::Id)
        .order_by_asc(attempt::Column::Id)
        .lock_shared()
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let mut last = BTreeMap::<Place, (&Saying, i64)>::new();
    for said in said.iter().filter(|said| open.contains(&said.attempt.to_string())) {
        for saying in &said.sayings {
            let known = last.entry(place(said.attempt, saying)).or_insert((saying, said.received_at));
            if latest(known.0, saying) != known.0 {
                *known = (saying, said.received_at);
            }
        }
    }
    let stored = store_latest(db, &last).await?;
    let earlier = if stored == last.len() as u64 { BTreeMap::new() } else { read(db, &open).await? };
    let kept = |attempt: AttemptId, saying: &Saying| -> Saying {
        let place = place(attempt, saying);
        earlier.get(&place).or_else(|| last.get(&place).map(|(saying, _)| *saying)).unwrap_or(saying).clone()
    };
    let message = |said: &Said| {
        let is_open = open.contains(&said.attempt.to_string());
        is_open.then(|| said.sayings.iter().map(|saying| kept(said.attempt, saying)).collect())
    };
    Ok(said.iter().map(message).collect())
}

fn place(attempt: AttemptId, saying: &Saying) -> Place {
    (attempt.to_string(), saying.question.to_string())
}

/// Stores each, in the order of their places, unless a later one is stored; returns how many were.
async fn store_latest(db: &impl ConnectionTrait, last: &BTreeMap<Place, (&Saying, i64)>) -> Result<u64> {
    let mut rows = Vec::with_capacity(last.len());
    for ((attempt, question), (saying, received_at)) in last {
        rows.push(answer::ActiveModel {
            attempt_id: Set(attempt.clone()),
            question: Set(question.clone()),
            saying_id: Set(saying.id.to_string()),
            revision: Set(saying.revision.into()),
            body: Set(serde_json::to_string(&saying.answer).map_err(|error| Error::Internal(error.to_string()))?),
            received_at: Set(*received_at),
        });
    }
    let mut stored = 0;
    for rows in rows.chunks(ROWS) {
        let replace = OnConflict::columns([answer::Column::AttemptId, answer::Column::Question])
            .update_columns([
                answer::Column::SayingId,
                answer::Column::Revision,
                answer::Column::Body,
                answer::Column::ReceivedAt,
            ])
            .action_and_where(is_later())
            .to_owned();
        let insert = answer::Entity::insert_many(rows.to_vec()).on_conflict(replace);
        match insert.exec_without_returning(db).await {
            Ok(count) => stored += count,
            Err(DbErr::RecordNotInserted) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(stored)
}

/// `domain::quiz::latest`, as the database says it: the higher revision, then the higher id.
fn is_later() -> SimpleExpr {
    let said = |column| Expr::col(("excluded", column));
    let kept = |column| Expr::col((answer::Entity, column));
    said(answer::Column::Revision).gt(kept(answer::Column::Revision)).or(said(answer::Column::Revision)
        .eq(kept(answer::Column::Revision))
        .and(said(answer::Column::SayingId).gt(kept(answer::Column::SayingId))))
}

/// Every answer of these attempts.
async fn read(db: &impl ConnectionTrait, attempts: &BTreeSet<String>) -> Result<BTreeMap<Place, Saying>> {
    let rows = answer::Entity::find().filter(answer::Column::AttemptId.is_in(attempts.clone())).all(db).await?;
    rows.iter().map(|row| Ok(((row.attempt_id.clone(), row.question.clone()), store::saying(row)?))).collect()
}
