//! Keeping statements that other systems send: all of a batch or nothing, on disk when it is answered.

use super::entity::{activity_definition, attachment, statement, statement_trait};
use super::{read, reference};
use crate::app::App;
use crate::crowd::{evened, runs};
use crate::error::{Error, Result};
use crate::node;
use domain::xapi::{Key, Part, Statement, equivalent, redefined};
use jiff::Timestamp;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, NotSet, QueryFilter as _, QuerySelect as _, Set, SqlErr,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::RwLock;
use uuid::Uuid;

/// Rows looked for, or written, by one statement of SQL.
pub(super) const TOGETHER: usize = 256;

/// Times that a batch is tried, while others store the same statements at the same time.
const TRIES: usize = 3;

/// A statement that points at another is kept alone, so that of two that arrive together one finds the other; those that
/// arrive on other nodes wait in the database.
#[derive(Debug, Default)]
pub struct Order(RwLock<()>);

/// What one request brings.
#[derive(Debug)]
pub struct Batch {
    statements: Vec<Statement>,
    parts: Vec<Part>,
}

impl Batch {
    /// Gives the statements what only this store can say of them.
    #[must_use]
    pub fn sealed(app: &App, mut statements: Vec<Statement>, parts: Vec<Part>, authority: &Value) -> Self {
        let now = app.clock.now();
        for statement in &mut statements {
            if statement.id.is_none() {
                statement.identify(app.dice.uuid());
            }
            statement.seal(now, authority);
        }
        Self { statements, parts }
    }

    /// Whether a statement points at another.
    fn points(&self) -> bool {
        self.statements.iter().any(|statement| statement.traits.target.is_some())
    }

    fn ids(&self) -> Vec<Uuid> {
        self.statements.iter().filter_map(|statement| statement.id).collect()
    }
}

/// Keeps a batch; gives the identifiers of its statements, in their order. Those that are there already and say the
/// same are left as they are.
///
/// # Errors
/// [`Error::Conflict`] where one is there already and says something else; when the database fails.
pub async fn keep(app: &App, batch: Batch) -> Result<Vec<Uuid>> {
    let ids = batch.ids();
    let (_together, _alone) = if batch.points() {
        (None, Some(app.statements.0.write().await))
    } else {
        (Some(app.statements.0.read().await), None)
    };
    let batch = Arc::new(batch);
    let mut tries = 0;
    loop {
        let (inside, batch) = (app.clone(), Arc::clone(&batch));
        let kept = app.db.write(move |db| Box::pin(async move { write(&inside, db, &batch).await })).await;
        tries += 1;
        match kept {
            // Somebody else has just stored one of these: the next try finds it.
            Err(Error::Database(error))
                if tries < TRIES && matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {}
            other => return other.map(|()| ids),
        }
    }
}

async fn write(app: &App, db: &impl ConnectionTrait, batch: &Batch) -> Result<()> {
    if app.node.name().is_some() {
        node::order_statements(db, batch.points()).await?;
    }
    let known = known(db, batch.ids()).await?;
    let mut fresh = Vec::new();
    for statement in &batch.statements {
        let Some(id) = statement.id else { continue };
        match known.get(&id) {
            None => fresh.push((id, statement)),
            Some(row) => {
                let kept = read::told(app, db, &[row.seq]).await?;
                let kept = kept.first().and_then(|kept| serde_json::from_str(&kept.body).ok()).unwrap_or_default();
                if !equivalent(&Value::Object(statement.body().clone()), &kept) {
                    return Err(Error::Conflict(format!(
                        "La déclaration {id} existe déjà et dit autre chose. Une déclaration ne change pas : donnez un autre identifiant à celle-ci, ou retirez l’autre.",
                    )));
                }
            }
        }
    }
    if fresh.is_empty() {
        return Ok(());
    }
    // The same order for everybody: no two batches wait for each other.
    fresh.sort_by_key(|(id, _)| *id);
    let mut seqs = insert(db, &fresh).await?;
    traits(db, fresh.iter().filter_map(|(id, statement)| Some((*seqs.get(id)?, *statement)))).await?;
    if fresh.iter().any(|(_, statement)| statement.traits.target.is_some()) || reference::awaited(db, &fresh).await? {
        reference::follow(db, &fresh, &mut seqs).await?;
    }
    attach(db, &batch.parts).await?;
    define(db, &fresh).await
}

/// Those of these statements that are there.
pub(super) async fn known(db: &impl ConnectionTrait, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, statement::Model>> {
    let mut known = BTreeMap::new();
    for ids in ids.chunks(TOGETHER) {
        let ids = evened(ids.iter().map(|id| id.as_bytes().to_vec()));
        for row in statement::Entity::find().filter(statement::Column::Id.is_in(ids)).all(db).await? {
            let id = Uuid::from_slice(&row.id).map_err(|_| Error::Internal("a statement has no identifier".into()))?;
            known.insert(id, row);
        }
    }
    Ok(known)
}

async fn insert(db: &impl ConnectionTrait, fresh: &[(Uuid, &Statement)]) -> Result<BTreeMap<Uuid, i64>> {
    let mut seqs = BTreeMap::new();
    for group in fresh.chunks(TOGETHER) {
        let rows: Vec<_> = group.iter().map(|(id, statement)| row(*id, statement)).collect();
        for run in runs(&rows) {
            statement::Entity::insert_many(run.iter().cloned()).exec_without_returning(db).await?;
        }
        let ids = evened(group.iter().map(|(id, _)| id.as_bytes().to_vec()));
        let found: Vec<(Vec<u8>, i64)> = statement::Entity::find()
            .select_only()
            .columns([statement::Column::Id, statement::Column::Seq])
            .filter(statement::Column::Id.is_in(ids))
            .into_tuple()
            .all(db)
            .await?;
        seqs.extend(found.into_iter().filter_map(|(id, seq)| Some((Uuid::from_slice(&id).ok()?, seq))));
    }
    Ok(seqs)
}

fn row(id: Uuid, kept: &Statement) -> statement::ActiveModel {
    let body = Value::Object(kept.body().clone());
    let stored = body.get("stored").and_then(Value::as_str).and_then(|at| at.parse::<Timestamp>().ok());
    let body = body.to_string();
    statement::ActiveModel {
        seq: NotSet,
        stored_at: Set(stored.unwrap_or_default().as_millisecond()),
        verb: Set(kept.traits.verb.0),
        activity: Set(kept.traits.activity.map(|Key(activity)| activity)),
        person_id: Set(None),
        fact_seq: Set(None),
        size: Set(i64::try_from(body.len()).unwrap_or(i64::MAX)),
        voided: Set(false),
        voids: Set(kept.traits.voids),
        id: Set(id.as_bytes().to_vec()),
        body: Set(Some(body)),
    }
}

/// Writes what statements are found by.
pub(super) async fn traits<'s>(
    db: &impl ConnectionTrait,
    statements: impl Iterator<Item = (i64, &'s Statement)>,
) -> Result<()> {
    let rows: Vec<_> = statements
        .flat_map(|(seq, statement)| {
            statement.traits.others.iter().map(move |(Key(key), broad)| statement_trait::ActiveModel {
                key: Set(*key),
                seq: Set(seq),
                broad: Set(*broad),
            })
        })
        .collect();
    for rows in rows.chunks(TOGETHER) {
        for run in runs(rows) {
            statement_trait::Entity::insert_many(run.iter().cloned()).exec_without_returning(db).await?;
        }
    }
    Ok(())
}

/// Keeps what is attached, once whoever announces it.
async fn attach(db: &impl ConnectionTrait, parts: &[Part]) -> Result<()> {
    for part in parts {
        let row = attachment::ActiveModel { sha2: Set(part.hash.to_lowercase()), content: Set(part.content.clone()) };
        let column = attachment::Column::Sha2;
        let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
        attachment::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
    }
    Ok(())
}

/// Keeps what is known of each activity, once more is said of it.
async fn define(db: &impl ConnectionTrait, fresh: &[(Uuid, &Statement)]) -> Result<()> {
    let mut brought: BTreeMap<i64, Value> = BTreeMap::new();
    for (iri, definition) in fresh.iter().flat_map(|(_, statement)| &statement.traits.definitions) {
        let known = brought.entry(Key::activity(iri).0).or_insert_with(|| Value::Object(serde_json::Map::new()));
        *known = redefined(known.take(), definition);
    }
    let keys: Vec<i64> = brought.keys().copied().collect();
    for keys in keys.chunks(TOGETHER) {
        let rows = activity_definition::Entity::find()
            .filter(activity_definition::Column::Activity.is_in(evened(keys.iter().copied())))
            .all(db)
            .await?;
        let known: BTreeMap<i64, String> = rows.into_iter().map(|row| (row.activity, row.body)).collect();
        for (key, brought) in keys.iter().filter_map(|key| Some((key, brought.get(key)?))) {
            let before = known.get(key).and_then(|body| serde_json::from_str::<Value>(body).ok());
            let whole = before.clone().map_or_else(|| brought.clone(), |before| redefined(before, brought));
            if before.as_ref() == Some(&whole) {
                continue;
            }
            let row = activity_definition::ActiveModel { activity: Set(*key), body: Set(whole.to_string()) };
            let replace = OnConflict::column(activity_definition::Column::Activity)
                .update_column(activity_definition::Column::Body)
                .to_owned();
            activity_definition::Entity::insert(row).on_conflict(replace).exec_without_returning(db).await?;
        }
    }
    Ok(())
}
