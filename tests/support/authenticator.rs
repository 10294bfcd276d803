//! An authenticator of passkeys, in software: it makes keys and signs with them, as honestly as it is told to (WebAuthn
//! level 2, sections 6.1 and 6.5).

use crate::{Client, Page};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// Where passkeys of these tests are for.
pub const SITE: &str = "https://socle.example";

/// A browser with a telephone, say.
#[derive(Clone)]
pub struct Authenticator {
    /// The site that it believes to be on.
    pub origin: String,
    /// For whom it signs, where it does not do as it is asked.
    pub site: Option<String>,
    /// Whether it asks for a finger.
    pub verifies: bool,
    /// Whether it tells whose key it is.
    pub tells: bool,
    /// What it counts to next; 0 where it does not count.
    pub counter: u32,
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    id: Vec<u8>,
    signing: SigningKey,
    handle: Vec<u8>,
}

impl Default for Authenticator {
    fn default() -> Self {
        Self { origin: SITE.to_owned(), site: None, verifies: true, tells: true, counter: 1, keys: Vec::new() }
    }
}

impl Authenticator {
    /// Makes a key, as it is asked to.
    pub fn make(&mut self, asked: &Value) -> String {
        let options = &asked["publicKey"];
        // Drawn from the challenge, which nobody is asked twice.
        let secret = Sha256::digest(options["challenge"].as_str().expect("a challenge"));
        let key = Key {
            id: Sha256::digest(secret).to_vec(),
            signing: SigningKey::from_slice(&secret).expect("a key"),
            handle: BASE64.decode(options["user"]["id"].as_str().expect("a handle")).expect("base64"),
        };
        let point = key.signing.verifying_key().to_sec1_point(false);
        let (x, y) = (point.x().expect("not at infinity"), point.y().expect("a point"));
        let length = u16::try_from(key.id.len()).expect("short").to_be_bytes();
        // COSE_Key: of an elliptic curve, ES256, P-256 (RFC 9053, section 7.1.1).
        let cose = [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32], &x[..], &[0x22, 0x58, 32], &y[..]].concat();
        let made = [&[0; 16], &length[..], &key.id, &cose].concat();
        let data = self.data(options["rp"]["id"].as_str().expect("a site"), WITH_KEY, &made);
        let size = u8::try_from(data.len()).expect("short");
        let attested = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", &[size][..], &data].concat();
        let answer = json!({
            "id": BASE64.encode(&key.id), "rawId": BASE64.encode(&key.id), "type": "public-key",
            "response": {
                "attestationObject": BASE64.encode(attested),
                "clientDataJSON": BASE64.encode(self.said("webauthn.create", options)),
                "transports": ["internal"],
            },
        });
        self.keys.push(key);
        answer.to_string()
    }

    /// Signs with the last key that it may, as it is asked to.
    pub fn sign(&mut self, asked: &Value) -> String {
        let options = &asked["publicKey"];
        let allowed = options["allowCredentials"].as_array().cloned().unwrap_or_default();
        let may = |key: &&Key| allowed.is_empty() || allowed.iter().any(|one| one["id"] == BASE64.encode(&key.id));
        let key = self.keys.iter().rev().find(may).expect("a key for that").clone();
        self.sign_with(options, &key)
    }

    /// Signs with its last key, whether or not it may.
    pub fn sign_anyway(&mut self, asked: &Value) -> String {
        let key = self.keys.last().expect("a key").clone();
        self.sign_with(&asked["publicKey"], &key)
    }

    fn sign_with(&mut self, options: &Value, key: &Key) -> String {
        let data = self.data(options["rpId"].as_str().expect("a site"), 0, &[]);
        let said = self.said("webauthn.get", options);
        let signature: Signature = key.signing.sign(&[&data[..], &Sha256::digest(&said)].concat());
        let handle = self.tells.then(|| BASE64.encode(&key.handle));
        json!({
            "id": BASE64.encode(&key.id), "rawId": BASE64.encode(&key.id), "type": "public-key",
            "response": {
                "authenticatorData": BASE64.encode(data),
                "clientDataJSON": BASE64.encode(said),
                "signature": BASE64.encode(signature.to_der().as_bytes()),
                "userHandle": handle,
            },
        })
        .to_string()
    }

    /// What it says of itself and counts on.
    fn data(&mut self, asked: &str, more: u8, made: &[u8]) -> Vec<u8> {
        let site = Sha256::digest(self.site.as_deref().unwrap_or(asked));
        let flags = PRESENT | more | if self.verifies { VERIFIED } else { 0 };
        let counter = self.counter.to_be_bytes();
        self.counter += u32::from(self.counter > 0);
        [&site[..], &[flags], &counter, made].concat()
    }

    /// What the browser says that it was asked.
    fn said(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said =
            json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false });
        said.to_string().into_bytes()
    }
}

/// What a browser is asked at that address.
pub async fn asked(client: &Client, path: &str) -> Value {
    let page = client.post_json(&format!("{path}/defi"), &json!({})).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.json()
}

/// Sends what the authenticator made of it.
pub async fn answer(client: &Client, path: &str, asked: &Value, credential: &str, more: &[(&str, &str)]) -> Page {
    let challenge = asked["challenge"].as_str().expect("a name");
    let fields = [&[("challenge", challenge), ("credential", credential)], more].concat();
    client.post(path, &fields).await
}

/// Makes a passkey of whoever is at that browser.
pub async fn enrol(client: &Client, key: &mut Authenticator, name: &str) -> Page {
    let asked = asked(client, "/second-facteur/cles").await;
    let made = key.make(&asked);
    answer(client, "/second-facteur/cles", &asked, &made, &[("name", name)]).await
}

/// Shows one as a second factor.
pub async fn show(client: &Client, key: &mut Authenticator, back: &str) -> Page {
    let asked = asked(client, "/connexion/code/cle").await;
    let signed = key.sign(&asked);
    answer(client, "/connexion/code/cle", &asked, &signed, &[("back", back)]).await
}

/// Enters with one alone.
pub async fn enter(client: &Client, key: &mut Authenticator, back: &str) -> Page {
    let asked = asked(client, "/connexion/cle").await;
    let signed = key.sign(&asked);
    answer(client, "/connexion/cle", &asked, &signed, &[("back", back)]).await
}
