use super::*;
use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest as _, Sha256};

const SITE: &str = "https://socle.example";

fn certificate() -> Certificate {
    serde_json::from_str(include_str!("../../../domain/src/certificate/badge/certificate.json")).unwrap()
}

fn badge() -> (Value, PublicKey) {
    let (key, public) = Key::of_test([7; 32]);
    let address = Address::digest_of("lea@exemple.example", "5e1".into());
    let at = "2026-12-04T09:00:00Z".parse().unwrap();
    (signed(SITE, &certificate(), Some(&address), &key, at).unwrap(), public)
}

/// With no code of ours: the key and the signature as the document has them, over what `jsonld.js` makes of it.
#[test]
fn whoever_has_the_document_alone_can_verify_it() {
    let (badge, _) = badge();
    let proof = &badge["proof"][0];
    let (_, name) = proof["verificationMethod"].as_str().unwrap().split_once('#').unwrap();
    let key = bs58::decode(&name[1..]).into_vec().unwrap();
    assert_eq!(key[..2], [0xed, 0x01]);
    let key = VerifyingKey::from_bytes(&key[2..].try_into().unwrap()).unwrap();
    let signature = bs58::decode(&proof["proofValue"].as_str().unwrap()[1..]).into_vec().unwrap();
    let signature = Signature::from_slice(&signature).unwrap();
    let proof = include_str!("../../../domain/src/certificate/badge/proof.nq").replace("#z6Mk>", &format!("#{name}>"));
    let document = include_str!("../../../domain/src/certificate/badge/badge.nq");
    let message = [Sha256::digest(proof), Sha256::digest(document)].concat();
    key.verify_strict(&message, &signature).unwrap();
}

/// The addresses of every text of the document.
fn texts(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Object(all) => all.iter().flat_map(|(name, value)| texts(value, &format!("{at}/{name}"))).collect(),
        Value::Array(all) => {
            all.iter().enumerate().flat_map(|(place, value)| texts(value, &format!("{at}/{place}"))).collect()
        }
        _ => vec![at.to_owned()],
    }
}

#[test]
fn whatever_is_changed_in_it_is_found() {
    let (badge, public) = badge();
    let (_, other) = Key::of_test([8; 32]);
    assert!(is_signed(&badge, &[other.clone(), public.clone()]));
    assert!(!is_signed(&badge, &[other]));
    let all = texts(&badge, "");
    assert!(all.len() > 30, "{all:?}");
    for path in all {
        let mut changed = badge.clone();
        let place = changed.pointer_mut(&path).unwrap();
        *place = match &*place {
            Value::Bool(flag) => Value::Bool(!flag),
            other => format!("{}x", other.as_str().unwrap()).into(),
        };
        assert!(!is_signed(&changed, std::slice::from_ref(&public)), "{path}");
    }
    for path in ["/proof", "/credentialStatus", "/credentialSubject/identifier"] {
        let mut changed = badge.clone();
        let (parent, name) = path.rsplit_once('/').unwrap();
        changed.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
        assert!(!is_signed(&changed, std::slice::from_ref(&public)), "{path}");
    }
}

#[test]
fn its_picture_holds_it_whatever_it_says() {
    let (key, public) = Key::of_test([7; 32]);
    let odd = Certificate { title: "Fin]]> <de> « tout » & plus".repeat(9), ..certificate() };
    let badge = signed(SITE, &odd, None, &key, Timestamp::UNIX_EPOCH).unwrap();
    let picture = baked(&badge);
    let (_, held) = picture.split_once("<openbadges:credential><![CDATA[").unwrap();
    let (held, rest) = held.split_once("]]>").unwrap();
    assert!(rest.starts_with("</openbadges:credential>") && !rest.contains("<de>"), "{rest}");
    let held: Value = serde_json::from_str(held).unwrap();
    assert_eq!(held, badge);
    assert!(is_signed(&held, &[public]));
}
