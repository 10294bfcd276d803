//! A certificate as an Open Badge, for wallets and other platforms: an `OpenBadgeCredential` of 1EdTech Open Badges 3.0,
//! which is a W3C Verifiable Credential 2.0.
//!
//! It is secured by a Data Integrity proof, cryptosuite `eddsa-rdfc-2022` (W3C Data Integrity `EdDSA` Cryptosuites 1.0,
//! §3.2). Of what our Ed25519 keys can sign, it is the one that Open Badges verifiers take: 1EdTech's conformance asks
//! for it by name (Open Badges 3.0 Certification, « Supported Proof Mechanisms »), and their validator refuses both
//! `eddsa-jcs-2022` and a JWT whose `alg` is not RS256 or ES256.
//!
//! It says what the paper says, and less: no employer, and no address unless its holder wants a digest of theirs in it.

mod rdf;
#[cfg(test)]
mod tests;

pub use rdf::Unspoken;

use super::{Certificate, Number};
use crate::ids::{AwardSlug, PathwaySlug};
use crate::pathway::{Award, Modality, Pathway};
use crate::record::Hash;
use crate::text::{days_long, duration};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What gives the words of a badge their meaning, in the order that Open Badges asks for (§ B.1.2, `@context`).
const CONTEXTS: [&str; 3] = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
];

/// What the issuer's document is said in: keys in words that verifiers have at hand, the rest as Open Badges has it.
const ISSUER_CONTEXTS: [&str; 3] =
    ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1", CONTEXTS[1]];

const SCHEMA: &str = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json";

/// A digest of the holder's address: whoever knows the address can tell that the badge is theirs (Open Badges 3.0,
/// `IdentityHash`), and nobody else learns it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    digest: String,
    salt: String,
}

impl Address {
    #[must_use]
    pub fn digest_of(email: &str, salt: String) -> Self {
        let digest = Hash(Sha256::digest(format!("{email}{salt}")).into());
        Self { digest: format!("sha256${digest}"), salt }
    }
}

/// What is certified, whoever holds it: the achievement of a badge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action<'a> {
    pathway: &'a PathwaySlug,
    version: u32,
    award: &'a AwardSlug,
    title: &'a str,
    nature: &'a str,
    components: Vec<(&'a str, Modality)>,
}

impl<'a> Action<'a> {
    /// As a certificate says it.
    #[must_use]
    pub fn of(certificate: &'a Certificate) -> Self {
        Self {
            pathway: &certificate.pathway,
            version: certificate.version,
            award: &certificate.award,
            title: &certificate.title,
            nature: &certificate.nature,
            components: certificate.lines.iter().map(|line| (line.title.as_str(), line.modality)).collect(),
        }
    }

    /// As that version of the pathway says it.
    #[must_use]
    pub fn in_pathway(slug: &'a PathwaySlug, version: u32, pathway: &'a Pathway, award: &'a Award) -> Self {
        let components = award.components.iter().filter_map(|slug| pathway.component(slug));
        Self {
            pathway: slug,
            version,
            award: &award.slug,
            title: &award.title,
            nature: &pathway.nature,
            components: components.map(|component| (component.title.as_str(), component.modality)).collect(),
        }
    }

    fn said(&self, site: &str) -> Value {
        let components = self.components.iter().map(|(title, modality)| format!("{title} ({})", modality.name()));
        let components = components.collect::<Vec<_>>().join("\u{a0}; ");
        json!({
            "id": format!("{site}/certificats/actions/{}/{}/{}", self.pathway, self.version, self.award),
            "type": ["Achievement"],
            "achievementType": "Course",
            "inLanguage": "fr",
            "name": spoken(self.title),
            "description": spoken(&format!("{}\u{a0}: {}.", self.nature, self.title)),
            "criteria": { "narrative": spoken(&format!("Avoir suivi, ou en être dispensé\u{a0}: {components}.")) },
        })
    }

    /// The achievement as a document of its own.
    #[must_use]
    pub fn document(&self, site: &str) -> Value {
        with_context(&CONTEXTS, self.said(site))
    }
}

/// The badge of a certificate, before it is signed. `site` is the public address of the product.
#[must_use]
pub fn credential(site: &str, certificate: &Certificate, address: Option<&Address>) -> Value {
    let number = certificate.number;
    let mut identifiers = vec![json!({
        "type": "IdentityObject", "hashed": false, "identityType": "name", "identityHash": spoken(&certificate.name),
    })];
    if let Some(Address { digest, salt }) = address {
        identifiers.push(json!({
            "type": "IdentityObject", "hashed": true, "identityType": "emailAddress", "identityHash": digest, "salt": salt,
        }));
    }
    let it = json!({
        "id": format!("{site}/certificats/{number}"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": spoken(&certificate.title),
        "issuer": profile(site, &certificate.provider.name),
        "validFrom": certificate.issued_at.to_string(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": identifiers,
            "achievement": Action::of(certificate).said(site),
            "narrative": spoken(&followed(certificate)),
        },
        "evidence": [{
            "id": format!("{site}/certificats/{number}#detail"),
            "type": ["Evidence"],
            "name": format!("Certificat de réalisation n°\u{a0}{number}"),
        }],
        "credentialStatus": { "id": status_of(site, number), "type": "1EdTechRevocationList" },
        "credentialSchema": [{ "id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019" }],
    });
    with_context(&CONTEXTS, it)
}

/// Whether the badge says of its holder what that certificate says, whatever else was asked to stand in it.
#[must_use]
pub fn says(badge: &Value, certificate: &Certificate) -> bool {
    let site = badge["issuer"]["url"].as_str().unwrap_or_default();
    let said = credential(site, certificate, None);
    let subject = ["achievement", "narrative", "identifier/0"].map(|name| format!("/credentialSubject/{name}"));
    let parts = ["/id", "/validFrom", "/issuer"].into_iter().chain(subject.iter().map(String::as_str));
    parts.into_iter().all(|part| badge.pointer(part) == said.pointer(part))
}

/// « Suivi du 1er au 3 décembre 2026 : 6 h 26 min, dont 5 h 6 min à distance, asynchrone ; 1 h 20 min… »
fn followed(certificate: &Certificate) -> String {
    let days = certificate.days().map(|(from, to)| format!(" {}", days_long(from, to))).unwrap_or_default();
    let hours = certificate.minutes_by_modality();
    let hours = hours.into_iter().map(|(modality, minutes)| format!("{} {}", duration(minutes), modality.name()));
    let hours = hours.collect::<Vec<_>>().join("\u{a0}; ");
    let dispensed = certificate.lines.iter().filter(|line| line.earned.is_none()).map(|line| line.title.as_str());
    let dispensed = dispensed.collect::<Vec<_>>().join("\u{a0}; ");
    let followed = match hours.as_str() {
        "" => String::new(),
        hours => format!("Suivi{days}\u{a0}: {}, dont {hours}.", duration(certificate.minutes())),
    };
    match dispensed.as_str() {
        "" => followed,
        dispensed => format!("{followed} Dispense\u{a0}: {dispensed}.").trim_start().to_owned(),
    }
}

/// The address at which the issuer says who it is, with which keys.
#[must_use]
pub fn issuer(site: &str) -> String {
    format!("{site}/certificats/emetteur.json")
}

fn profile(site: &str, name: &str) -> Value {
    json!({ "id": issuer(site), "type": ["Profile"], "name": spoken(name), "url": site })
}

/// Who issues, and the keys that verify: those of `keys` are Multikeys (Controlled Identifiers 1.0, §2.2.2).
#[must_use]
pub fn issuer_document(site: &str, name: &str, keys: &[String]) -> Value {
    let issuer = issuer(site);
    let method = |key: &String| {
        json!({
            "id": format!("{issuer}#{key}"), "type": "Multikey", "controller": issuer, "publicKeyMultibase": key,
        })
    };
    let mut it = with_context(&ISSUER_CONTEXTS, profile(site, name));
    it["verificationMethod"] = keys.iter().map(method).collect();
    it["assertionMethod"] = keys.iter().map(|key| Value::from(format!("{issuer}#{key}"))).collect();
    it
}

fn status_of(site: &str, number: Number) -> String {
    format!("{site}/certificats/{number}/statut.json")
}

/// Whether that one is withdrawn, as a 1EdTech Revocation List (Status Method 1.0) of one certificate: a list of all
/// would publish numbers, each of which leads to a name.
#[must_use]
pub fn status(site: &str, number: Number, withdrawn: bool) -> Value {
    let it = json!({ "id": format!("{site}/certificats/{number}"), "revoked": true });
    json!({
        "id": status_of(site, number),
        "issuer": issuer(site),
        "revokedCredential": if withdrawn { vec![it] } else { Vec::new() },
    })
}

/// A proof by that key, a Multikey of the issuer, without its value yet.
#[must_use]
pub fn proof(site: &str, key: &str, created: Timestamp) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": created.to_string(),
        "verificationMethod": format!("{}#{key}", issuer(site)),
        "proofPurpose": "assertionMethod",
    })
}

/// The 64 bytes that are signed: the digest of the proof without its value, then that of the document without its
/// proof (Data Integrity `EdDSA` Cryptosuites 1.0, §3.2.4).
///
/// # Errors
/// When either says something that no badge of ours says.
pub fn message(document: &Value, proof: &Value) -> Result<Vec<u8>, Unspoken> {
    if document["@context"] != json!(CONTEXTS) {
        return Err(Unspoken("@context".to_owned()));
    }
    Ok([Sha256::digest(rdf::canonical(proof)?), Sha256::digest(rdf::canonical(document)?)].concat())
}

/// The document first says what its words mean.
fn with_context(contexts: &[&str], mut document: Value) -> Value {
    document["@context"] = json!(contexts);
    document
}

/// A text without what cannot be said in one line.
fn spoken(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
