//! Signed statements (Data 2.6): whether a signature is well formed, and what it signs.

use super::attachment::{Part, hash_of};
use super::compare::equivalent;
use super::json::{self, Problem};
use super::statement::Statement;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// What says that an attachment is a signature.
const USAGE: &str = "http://adlnet.gov/expapi/attachments/signature";

/// How a statement is signed: RSASSA-PKCS1-v1_5 with SHA-2 (RFC 7518 §3.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
}

/// A signature that is to be checked against the certificate it brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub algorithm: Algorithm,
    /// What is signed.
    pub message: Vec<u8>,
    pub signature: Vec<u8>,
    /// In DER.
    pub certificate: Vec<u8>,
}

/// Checks the form of every signature of these statements, and that each signs the statement it comes with; gives
/// those that a certificate can be asked about.
pub fn signatures(statements: &[Statement], parts: &[Part]) -> Result<Vec<Signed>, Problem> {
    let mut signed = Vec::new();
    for statement in statements {
        for said in statement.attachments().filter(|said| is_signature(said)) {
            if said.get("contentType").and_then(Value::as_str) != Some("application/octet-stream") {
                return Err(refused("son contentType est application/octet-stream."));
            }
            let part = parts.iter().find(|part| Some(part.hash.as_str()) == hash_of(said));
            let part = part.ok_or_else(|| refused("elle est jointe à la déclaration, en multipart/mixed."))?;
            signed.extend(check(statement, &part.content)?);
        }
    }
    Ok(signed)
}

fn is_signature(said: &Value) -> bool {
    said.get("usageType").and_then(Value::as_str) == Some(USAGE)
}

fn refused(remedy: &str) -> Problem {
    Problem::new(remedy).within("signature")
}

fn check(statement: &Statement, jws: &[u8]) -> Result<Option<Signed>, Problem> {
    let form = || refused("une signature JWS compacte est attendue (RFC 7515)\u{a0}: en-tête.contenu.signature.");
    let jws = std::str::from_utf8(jws).map_err(|_| form())?;
    let [header, payload, signature] = *jws.split('.').collect::<Vec<_>>().as_slice() else { return Err(form()) };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| form());
    let signature = decoded(signature)?;
    let message = format!("{header}.{payload}").into_bytes();
    let header = json::read(&decoded(header)?).map_err(|_| form())?;
    let algorithm = match header.get("alg").and_then(Value::as_str) {
        Some("RS256") => Algorithm::Rs256,
        Some("RS384") => Algorithm::Rs384,
        Some("RS512") => Algorithm::Rs512,
        _ => return Err(refused("l’algorithme est RS256, RS384 ou RS512.")),
    };
    let payload = json::read(&decoded(payload)?).map_err(|_| refused("son contenu est la déclaration, en JSON."))?;
    if !equivalent(&payload, &unsigned(statement)) {
        return Err(refused("elle signe une autre déclaration que celle à laquelle elle est jointe."));
    }
    let Some(chain) = header.get("x5c") else { return Ok(None) };
    let certificate = chain.get(0).and_then(Value::as_str).and_then(|first| STANDARD.decode(first).ok());
    let certificate = certificate.ok_or_else(|| refused("x5c est une liste de certificats X.509, en base64."))?;
    Ok(Some(Signed { algorithm, message, signature, certificate }))
}

/// The statement before it was signed.
fn unsigned(statement: &Statement) -> Value {
    let mut body = statement.body().clone();
    let others: Vec<Value> = statement.attachments().filter(|said| !is_signature(said)).cloned().collect();
    if others.is_empty() {
        body.remove("attachments");
    } else {
        body.insert("attachments".into(), others.into());
    }
    Value::Object(body)
}
