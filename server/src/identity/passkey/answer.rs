//! What authenticators answer, and how what concerns them is written down.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use webauthn_rs::prelude::WebauthnError;

/// Bytes of what an authenticator answers, written as JSON; real ones are under four thousand.
const LONGEST: usize = 32 * 1024;

/// What a browser sends back: what was asked, by its name, and what the authenticator made of it.
#[derive(Debug, Clone)]
pub(super) struct Signed {
    pub(super) challenge: String,
    pub(super) credential: String,
}

/// Why a passkey was not taken: for operators, without saying whose.
pub(super) fn refused<T>(why: &str) -> Option<T> {
    tracing::info!(why, "Refused a passkey");
    None
}

/// What it answered, if that can be read at all.
pub(super) fn answered<T: for<'a> Deserialize<'a>>(signed: &Signed) -> Option<T> {
    (signed.credential.len() <= LONGEST).then(|| serde_json::from_str(&signed.credential).ok()).flatten()
}

/// The options alone, of what the library hands to browsers.
pub(super) fn public_key(asked: &impl Serialize) -> Result<Value> {
    let mut asked = serde_json::to_value(asked).map_err(|error| Error::Internal(error.to_string()))?;
    Ok(asked["publicKey"].take())
}

/// What the library is to find again.
pub(super) fn written(state: &impl Serialize) -> Result<String> {
    serde_json::to_string(state).map_err(|error| Error::Internal(error.to_string()))
}

pub(super) fn read<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Internal(format!("a passkey cannot be read: {error}")))
}

/// A failure that is none of whoever asked.
pub(super) fn internal(error: &WebauthnError) -> Error {
    Error::Internal(error.to_string())
}
