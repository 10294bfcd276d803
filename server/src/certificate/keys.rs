//! The keys that sign certificates and proof files (Ed25519). The first is made at the first start; a command makes the
//! next, and those before stay published so that what they signed still verifies.

use super::entity::signing_key;
use crate::app::App;
use crate::clock::{Clock, Dice};
use crate::db::Db;
use crate::error::{Error, Result};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait as _, QueryOrder as _, Set};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// Stands before all that is signed, so that no signature passes for one of something else.
const CERTIFICATE: &[u8] = b"socle/certificate/1\n";
const PROOF: &[u8] = b"socle/proof/1\n";

/// What a signature is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Certificate,
    Proof,
    /// Its standard has nothing stand before it: two digests, which nobody can make begin like the others.
    Badge,
}

/// A key, as it is published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicKey {
    /// The first sixteen digits of the SHA-256 of the key.
    pub name: String,
    /// 32 bytes, in hexadecimal.
    pub public: String,
    pub since: jiff::Timestamp,
    /// When the next one took over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<jiff::Timestamp>,
}

/// A key that signs.
pub struct Key {
    pub name: String,
    secret: SigningKey,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.name)
    }
}

impl Key {
    /// As a Multikey (Controlled Identifiers 1.0, §2.2.2).
    #[must_use]
    pub fn multikey(&self) -> String {
        multikey(self.secret.verifying_key().as_bytes())
    }

    /// The signature, in hexadecimal.
    #[must_use]
    pub fn sign(&self, of: Of, text: &[u8]) -> String {
        hex::encode(self.secret.sign(&message(of, text)).to_bytes())
    }
}

#[cfg(test)]
impl Key {
    /// The key of that secret, with what is published of it.
    pub(super) fn of_test(secret: [u8; 32]) -> (Arc<Self>, PublicKey) {
        let secret = SigningKey::from_bytes(&secret);
        let public = secret.verifying_key().to_bytes();
        let since = jiff::Timestamp::UNIX_EPOCH;
        let published = PublicKey { name: name_of(&public), public: hex::encode(public), since, until: None };
        (Arc::new(Self { name: published.name.clone(), secret }), published)
    }
}

fn message(of: Of, text: &[u8]) -> Vec<u8> {
    let purpose = match of {
        Of::Certificate => CERTIFICATE,
        Of::Proof => PROOF,
        Of::Badge => b"",
    };
    [purpose, text].concat()
}

/// « z » for base 58, then what says an Ed25519 key (0xed01), then the key.
fn multikey(public: &[u8; 32]) -> String {
    format!("z{}", bs58::encode([[0xed, 0x01].as_slice(), public].concat()).into_string())
}

impl PublicKey {
    /// As a Multikey; none for what is no key.
    #[must_use]
    pub fn multikey(&self) -> Option<String> {
        Some(multikey(&hex::decode(&self.public).ok()?.try_into().ok()?))
    }

    /// Whether that signature, in hexadecimal, is this key's.
    #[must_use]
    pub fn signed(&self, of: Of, text: &[u8], signature: &str) -> bool {
        let read = || {
            let public: [u8; 32] = hex::decode(&self.public).ok()?.try_into().ok()?;
            let signature: [u8; 64] = hex::decode(signature).ok()?.try_into().ok()?;
            let key = VerifyingKey::from_bytes(&public).ok().filter(|_| name_of(&public) == self.name)?;
            key.verify_strict(&message(of, text), &Signature::from_bytes(&signature)).ok()
        };
        read().is_some()
    }
}

fn name_of(public: &[u8]) -> String {
    hex::encode(Sha256::digest(public)).chars().take(16).collect()
}

/// The key in use, and all those that were published.
#[derive(Debug, Default)]
pub struct Keys(RwLock<Option<Held>>);

#[derive(Debug, Clone)]
struct Held {
    current: Arc<Key>,
    published: Vec<PublicKey>,
}

impl Keys {
    /// Reads the keys, and makes the first where there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(db: &Db, clock: &Clock, dice: &Dice) -> Result<Self> {
        // Two processes that start together keep the one that came first.
        add(db, clock, dice, 1).await?;
        let keys = Self::default();
        keys.refresh(db).await?;
        Ok(keys)
    }

    /// Takes up a key made by another process.
    ///
    /// # Errors
    /// When the database fails, or holds what is no key.
    pub async fn refresh(&self, db: &Db) -> Result<()> {
        let rows = signing_key::Entity::find().order_by_asc(signing_key::Column::Place).all(db.reader()).await?;
        let unreadable = || Error::Internal("a signing key cannot be read".into());
        let last = rows.last().ok_or_else(unreadable)?;
        let secret: [u8; 32] =
            hex::decode(&last.secret).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(unreadable)?;
        let current = Arc::new(Key { name: last.name.clone(), secret: SigningKey::from_bytes(&secret) });
        let at = |at: i64| jiff::Timestamp::from_millisecond(at).map_err(|_| unreadable());
        let mut published: Vec<PublicKey> = Vec::new();
        for row in &rows {
            let since = at(row.created_at)?;
            if let Some(before) = published.last_mut() {
                before.until = Some(since);
            }
            published.push(PublicKey { name: row.name.clone(), public: row.public.clone(), since, until: None });
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Held { current, published });
        Ok(())
    }

    fn held(&self) -> Result<Held> {
        let held = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        held.ok_or_else(|| Error::Internal("no signing key was read".into()))
    }

    /// The one that signs now.
    ///
    /// # Errors
    /// When none was read.
    pub fn current(&self) -> Result<Arc<Key>> {
        Ok(self.held()?.current)
    }

    /// All that were ever used, the oldest first.
    ///
    /// # Errors
    /// When none was read.
    pub fn published(&self) -> Result<Vec<PublicKey>> {
        Ok(self.held()?.published)
    }
}

/// Makes the next key; returns its name. What was signed before stays as it is.
///
/// # Errors
/// When the database fails.
pub async fn rotate(app: &App) -> Result<String> {
    let next = i64::try_from(app.keys.published()?.len()).unwrap_or(i64::MAX) + 1;
    add(&app.db, &app.clock, &app.dice, next).await?;
    app.keys.refresh(&app.db).await?;
    Ok(app.keys.current()?.name.clone())
}

async fn add(db: &Db, clock: &Clock, dice: &Dice, place: i64) -> Result<()> {
    let secret = SigningKey::from_bytes(&dice.secret());
    let public = secret.verifying_key().to_bytes();
    let row = signing_key::ActiveModel {
        place: Set(place),
        name: Set(name_of(&public)),
        public: Set(hex::encode(public)),
        secret: Set(hex::encode(secret.to_bytes())),
        created_at: Set(clock.now().as_millisecond()),
    };
    db.write(move |db| {
        Box::pin(async move {
            let column = signing_key::Column::Place;
            let once = OnConflict::column(column).do_nothing_on([column]).to_owned();
            signing_key::Entity::insert(row).on_conflict(once).try_insert().exec_without_returning(db).await?;
            Ok::<_, Error>(())
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_of_one_text_one_use_and_one_key() {
        let ((key, public), (_, other)) = (Key::of_test([1; 32]), Key::of_test([2; 32]));
        let signature = key.sign(Of::Certificate, b"text");
        assert!(public.signed(Of::Certificate, b"text", &signature));
        assert!(!public.signed(Of::Certificate, b"texx", &signature));
        assert!(!public.signed(Of::Proof, b"text", &signature));
        assert!(!other.signed(Of::Certificate, b"text", &signature));
        for odd in ["", "zz", &signature[2..]] {
            assert!(!public.signed(Of::Certificate, b"text", odd), "{odd}");
        }
        let renamed = PublicKey { name: other.name, ..public };
        assert!(!renamed.signed(Of::Certificate, b"text", &signature), "a name is that of its key");
    }
}
