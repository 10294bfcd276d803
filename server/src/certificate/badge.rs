//! Badges: signed as they are asked for, with the key in use, so that none is kept; read again and checked.

mod image;
pub mod routes;
#[cfg(test)]
mod tests;

use image::baked;

use super::keys::{Key, Of, PublicKey};
use crate::error::{Error, Result};
use domain::certificate::Certificate;
use domain::certificate::badge::{Address, credential, message, proof};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The badge of a certificate, signed.
pub(super) fn signed(
    site: &str,
    certificate: &Certificate,
    address: Option<&Address>,
    key: &Key,
    now: Timestamp,
) -> Result<Value> {
    let mut badge = credential(site, certificate, address);
    let mut proof = proof(site, &key.multikey(), now);
    let unsaid = |error| Error::Internal(format!("a badge cannot be signed: {error}"));
    let signature = key.sign(Of::Badge, &message(&badge, &proof).map_err(unsaid)?);
    let signature = hex::decode(signature).map_err(|error| Error::Internal(error.to_string()))?;
    // « z » says base 58 (Controlled Identifiers 1.0, §2.4).
    proof["proofValue"] = format!("z{}", bs58::encode(signature).into_string()).into();
    badge["proof"] = json!([proof]);
    Ok(badge)
}

/// Whether one of these keys signed the badge, as it is.
pub(super) fn is_signed(badge: &Value, keys: &[PublicKey]) -> bool {
    let read = || {
        let mut document = badge.clone();
        let mut proof = document.as_object_mut()?.remove("proof")?.as_array()?.first()?.clone();
        let value = proof.as_object_mut()?.remove("proofValue")?;
        let signature = bs58::decode(value.as_str()?.strip_prefix('z')?).into_vec().ok()?;
        let (_, name) = proof["verificationMethod"].as_str()?.split_once('#')?;
        let key = keys.iter().find(|key| key.multikey().as_deref() == Some(name))?;
        let fits = proof["type"] == "DataIntegrityProof"
            && proof["cryptosuite"] == "eddsa-rdfc-2022"
            && proof["proofPurpose"] == "assertionMethod";
        let message = message(&document, &proof).ok().filter(|_| fits)?;
        key.signed(Of::Badge, &message, &hex::encode(signature)).then_some(())
    };
    read().is_some()
}
