//! What is attached to statements (Data 2.4.11, Communication 1.5.2).

use super::json::{Object, Problem};
use super::statement::Statement;
use super::values::{hex, iri, language_map, text};
use serde_json::Value;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};
use std::collections::{BTreeMap, BTreeSet};

/// A part of a message after the first: something attached, as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `X-Experience-API-Hash`
    pub hash: String,
    /// `Content-Type`, where it has one.
    pub content_type: Option<String>,
    pub content: Vec<u8>,
}

pub(super) fn attachment(value: &Value) -> Result<(), Problem> {
    let known = ["usageType", "display", "description", "contentType", "length", "sha2", "fileUrl"];
    let object = Object::of(value, &known)?;
    object.required("usageType", iri)?;
    object.required("display", language_map)?;
    object.optional("description", language_map)?;
    object.required("contentType", |value| {
        let kind = text(value)?;
        let good = kind.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
        good.then_some(()).ok_or_else(|| Problem::new("un type de contenu est attendu ici\u{a0}: text/plain."))
    })?;
    object.required("length", |value| {
        value.as_u64().ok_or_else(|| Problem::new("un nombre entier d’octets est attendu ici, sans guillemets."))
    })?;
    object.required("sha2", |value| {
        let digest = text(value)?;
        let good = digest_like(digest, b"").is_some() && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then_some(())
            .ok_or_else(|| Problem::new("une empreinte SHA-2 est attendue ici, en chiffres hexadécimaux."))
    })?;
    object.optional("fileUrl", iri)?;
    Ok(())
}

/// The digest of `content`, of the length of `like`, in hexadecimal; none where SHA-2 has none so long.
fn digest_like(like: &str, content: &[u8]) -> Option<String> {
    match like.len() {
        56 => Some(hex(&Sha224::digest(content))),
        64 => Some(hex(&Sha256::digest(content))),
        96 => Some(hex(&Sha384::digest(content))),
        128 => Some(hex(&Sha512::digest(content))),
        _ => None,
    }
}

/// Whether each part is what some statement says is attached to it, and nothing attached is missing: it comes along,
/// or else a `fileUrl` says where it is.
pub fn match_parts(statements: &[Statement], parts: &[Part]) -> Result<(), Problem> {
    let said: BTreeMap<String, &Value> = statements
        .iter()
        .flat_map(Statement::attachments)
        .filter_map(|said| Some((hash_of(said)?.to_lowercase(), said)))
        .collect();
    let mut came = BTreeSet::new();
    for (rank, part) in parts.iter().enumerate() {
        let wrong = |remedy: &str| Err(Problem::new(remedy).within(&format!("pièce jointe n°\u{a0}{}", rank + 1)));
        let hash = part.hash.to_lowercase();
        if digest_like(&hash, &part.content).as_ref() != Some(&hash) {
            return wrong("X-Experience-API-Hash n’est pas l’empreinte SHA-2 de ce contenu.");
        }
        let Some(said) = said.get(&hash) else {
            return wrong("aucune déclaration n’annonce cette pièce dans son sha2.");
        };
        let kind = said.get("contentType").and_then(Value::as_str);
        if part.content_type.as_deref().zip(kind).is_some_and(|(sent, said)| !same_type(sent, said)) {
            return wrong("son Content-Type n’est pas le contentType que la déclaration annonce.");
        }
        came.insert(hash);
    }
    for (hash, said) in said {
        if said.get("fileUrl").is_none() && !came.contains(&hash) {
            let remedy = format!("la pièce {hash} n’est pas jointe, et aucun fileUrl ne dit où elle est.");
            return Err(Problem::new(remedy).within("attachments"));
        }
    }
    Ok(())
}

/// The digest under which a statement announces something.
#[must_use]
pub fn hash_of(said: &Value) -> Option<&str> {
    said.get("sha2").and_then(Value::as_str)
}

fn same_type(left: &str, right: &str) -> bool {
    let plain = |kind: &str| kind.replace(' ', "").to_lowercase();
    plain(left) == plain(right)
}
