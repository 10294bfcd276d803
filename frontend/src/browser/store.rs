//! The browser's own store of answers (IndexedDB): what is said is kept here first.
//!
//! One record a question of an attempt, under the key `[attempt, question]`, so that one agent's
//! attempt is never shown in another's.

use super::idb::{Done, done, finished, open};
use domain::quiz::Saying;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "socle";
const ANSWERS: &str = "answers";
const BY_TIME: &str = "at";

/// The open store.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    database: IdbDatabase,
}

/// A saying found in the store.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) saying: Saying,
    /// Whether the server has not acknowledged it yet.
    pub(crate) pending: bool,
}

impl Store {
    /// Opens the store, making it on the first visit.
    pub(crate) async fn open() -> Done<Self> {
        Ok(Self { database: open(DATABASE, make).await? })
    }

    /// Keeps a saying. Gives its revision, raised where another tab had said as much already.
    pub(crate) async fn put(&self, attempt: &str, saying: &Saying) -> Done<u32> {
        let (transaction, answers) = self.answers(IdbTransactionMode::Readwrite)?;
        let key = key(attempt, saying.question.as_str());
        let known = stored(&done(&answers.get(&key)?).await?);
        let mut saying = saying.clone();
        if let Some(known) = known.filter(|known| known.saying.id != saying.id) {
            saying.revision = saying.revision.max(known.saying.revision.saturating_add(1));
        }
        answers.put_with_key(&record(&saying, true)?, &key)?;
        finished(&transaction).await?;
        Ok(saying.revision)
    }

    /// Notes that the server has this saying, unless a newer one has been put meanwhile.
    pub(crate) async fn acknowledge(&self, attempt: &str, saying: &Saying) -> Done<()> {
        let (transaction, answers) = self.answers(IdbTransactionMode::Readwrite)?;
        let key = key(attempt, saying.question.as_str());
        let known = stored(&done(&answers.get(&key)?).await?);
        let overtaken = known.is_some_and(|known| {
            known.saying.id != saying.id && (known.saying.revision, known.saying.id) > (saying.revision, saying.id)
        });
        if !overtaken {
            answers.put_with_key(&record(saying, false)?, &key)?;
        }
        finished(&transaction).await
    }

    /// Everything kept of an attempt.
    pub(crate) async fn all(&self, attempt: &str) -> Done<Vec<Stored>> {
        let (_transaction, answers) = self.answers(IdbTransactionMode::Readonly)?;
        let found: Array = done(&answers.get_all_with_key(&range(attempt)?.into())?).await?.dyn_into()?;
        Ok(found.iter().filter_map(|value| stored(&value)).collect())
    }

    /// Forgets an attempt that takes no more answers.
    pub(crate) async fn forget(&self, attempt: &str) -> Done<()> {
        let (transaction, answers) = self.answers(IdbTransactionMode::Readwrite)?;
        answers.delete(&range(attempt)?.into())?;
        finished(&transaction).await
    }

    /// Forgets what was last touched before that moment, in milliseconds.
    pub(crate) async fn forget_before(&self, moment: f64) -> Done<()> {
        let (transaction, answers) = self.answers(IdbTransactionMode::Readwrite)?;
        let old = IdbKeyRange::upper_bound(&JsValue::from_f64(moment))?;
        let keys: Array = done(&answers.index(BY_TIME)?.get_all_keys_with_key(&old)?).await?.dyn_into()?;
        for key in keys.iter() {
            answers.delete(&key)?;
        }
        finished(&transaction).await
    }

    fn answers(&self, mode: IdbTransactionMode) -> Done<(IdbTransaction, IdbObjectStore)> {
        let transaction = self.database.transaction_with_str_and_mode(ANSWERS, mode)?;
        let answers = transaction.object_store(ANSWERS)?;
        Ok((transaction, answers))
    }
}

fn make(database: &IdbDatabase) -> Done<()> {
    database.create_object_store(ANSWERS)?.create_index_with_str(BY_TIME, BY_TIME)?;
    Ok(())
}

fn key(attempt: &str, question: &str) -> JsValue {
    Array::of2(&attempt.into(), &question.into()).into()
}

/// Every key that begins with the attempt: in IndexedDB's order an array comes after every text.
fn range(attempt: &str) -> Done<IdbKeyRange> {
    IdbKeyRange::bound(&Array::of1(&attempt.into()), &Array::of2(&attempt.into(), &Array::new()))
}

fn record(saying: &Saying, pending: bool) -> Done<JsValue> {
    let text = serde_json::to_string(saying).map_err(|_| JsValue::NULL)?;
    let record = Object::new();
    Reflect::set(&record, &"saying".into(), &text.into())?;
    Reflect::set(&record, &"pending".into(), &pending.into())?;
    Reflect::set(&record, &BY_TIME.into(), &js_sys::Date::now().into())?;
    Ok(record.into())
}

/// A record as it was written; anything else is as if it were not there.
fn stored(record: &JsValue) -> Option<Stored> {
    if !record.is_object() {
        return None;
    }
    let text = Reflect::get(record, &"saying".into()).ok()?.as_string()?;
    let pending = Reflect::get(record, &"pending".into()).ok()?.as_bool()?;
    Some(Stored { saying: serde_json::from_str(&text).ok()?, pending })
}
