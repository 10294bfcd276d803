//! Texts that this computer keeps until the server has them (IndexedDB).

use super::super::idb::{Done, done, finished, open};
use web_sys::{IdbDatabase, IdbTransactionMode};

const DATABASE: &str = "socle-studio";
const TEXTS: &str = "texts";

/// The open store.
#[derive(Debug, Clone)]
pub(crate) struct Texts(IdbDatabase);

impl Texts {
    /// Opens the store, making it on the first visit.
    pub(crate) async fn open() -> Done<Self> {
        let make = |database: &IdbDatabase| database.create_object_store(TEXTS).map(|_| ());
        Ok(Self(open(DATABASE, make).await?))
    }

    /// What is kept under that key.
    pub(crate) async fn get(&self, key: &str) -> Option<String> {
        let transaction = self.0.transaction_with_str(TEXTS).ok()?;
        let found = transaction.object_store(TEXTS).ok()?.get(&key.into()).ok()?;
        done(&found).await.ok()?.as_string()
    }

    /// Keeps a text, or forgets what is kept.
    pub(crate) async fn keep(&self, key: &str, text: Option<&str>) -> Done<()> {
        let transaction = self.0.transaction_with_str_and_mode(TEXTS, IdbTransactionMode::Readwrite)?;
        let store = transaction.object_store(TEXTS)?;
        match text {
            Some(text) => store.put_with_key(&text.into(), &key.into())?,
            None => store.delete(&key.into())?,
        };
        finished(&transaction).await
    }
}
