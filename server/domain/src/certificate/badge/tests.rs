use super::*;

const SITE: &str = "https://socle.example";

/// Someone whose name is not easy to write down, who was exempted from a part.
fn certificate() -> Certificate {
    serde_json::from_str(include_str!("certificate.json")).unwrap()
}

fn badge() -> Value {
    credential(SITE, &certificate(), Some(&Address::digest_of("lea@exemple.example", "5e1".into())))
}

/// What Open Badges 3.0 requires of each class (its §B.1, properties of multiplicity 1 and 1..*, and its constraints).
#[test]
fn it_has_all_that_open_badges_requires() {
    let badge = badge();
    assert_eq!(badge["@context"][0], "https://www.w3.org/ns/credentials/v2");
    assert_eq!(badge["@context"][1], "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json");
    for (path, of) in [
        ("", "VerifiableCredential"),
        ("", "OpenBadgeCredential"),
        ("/issuer", "Profile"),
        ("/credentialSubject", "AchievementSubject"),
        ("/credentialSubject/achievement", "Achievement"),
        ("/evidence/0", "Evidence"),
    ] {
        let types = badge.pointer(path).unwrap()["type"].as_array().unwrap();
        assert!(types.contains(&of.into()), "{path}: {types:?}");
    }
    for path in [
        "/id",
        "/validFrom",
        "/issuer/id",
        "/credentialSubject/achievement/id",
        "/credentialSubject/achievement/name",
        "/credentialSubject/achievement/description",
        "/credentialSubject/achievement/criteria/narrative",
        "/credentialStatus/id",
        "/credentialSchema/0/id",
    ] {
        assert!(badge.pointer(path).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{path}");
    }
    assert_eq!(badge["credentialStatus"]["type"], "1EdTechRevocationList");
    assert_eq!(badge["credentialSchema"][0]["type"], "1EdTechJsonSchemaValidator2019");
    // « Either `id` or at least one `identifier` MUST be supplied. »
    for identifier in badge["credentialSubject"]["identifier"].as_array().unwrap() {
        assert_eq!(identifier["type"], "IdentityObject");
        assert!(identifier["hashed"].is_boolean() && identifier["identityHash"].is_string());
        assert!(["name", "emailAddress"].contains(&identifier["identityType"].as_str().unwrap()));
    }
}

#[test]
fn it_says_what_the_paper_says_and_no_more() {
    let badge = credential(SITE, &certificate(), None);
    let subject = &badge["credentialSubject"];
    assert_eq!(
        subject["narrative"],
        "Suivi du 1er au 3 décembre 2026\u{a0}: 6\u{a0}h\u{a0}26\u{a0}min, dont 5\u{a0}h\u{a0}6\u{a0}min à distance, \
         asynchrone\u{a0}; 1\u{a0}h\u{a0}20\u{a0}min à distance, synchrone. Dispense\u{a0}: En salle."
    );
    assert_eq!(subject["identifier"].as_array().unwrap().len(), 1);
    let text = badge.to_string();
    assert!(!text.contains("Vouziers") && !text.contains("\\u0007"), "{text}");
}

#[test]
fn an_address_is_there_as_a_digest_where_its_holder_wants_it() {
    let identifier = &badge()["credentialSubject"]["identifier"][1];
    // As `sha256sum` says of « lea@exemple.example5e1 ».
    let digest = "a69f5c70b0c8db52139c824a804095ef223071930584ccf546f6b81017e71ada";
    assert_eq!(identifier["identityHash"], format!("sha256${digest}"));
    assert_eq!((identifier["salt"].clone(), identifier["hashed"].clone()), ("5e1".into(), true.into()));
    assert!(!badge().to_string().contains("lea@"));
}

#[test]
fn its_canonical_form_is_that_of_another_library() {
    assert_eq!(badge(), serde_json::from_str::<Value>(include_str!("badge.json")).unwrap());
    assert_eq!(rdf::canonical(&badge()).unwrap(), include_str!("badge.nq"));
    let proof = proof(SITE, "z6Mk", "2026-12-04T09:00:00Z".parse().unwrap());
    assert_eq!(rdf::canonical(&proof).unwrap(), include_str!("proof.nq"));
}

#[test]
fn a_document_that_says_anything_else_is_refused() {
    let proof = proof(SITE, "z6Mk", Timestamp::UNIX_EPOCH);
    assert!(message(&badge(), &proof).is_ok());
    let changed = |path: &str, value: Value| {
        let mut badge = badge();
        let (parent, name) = path.rsplit_once('/').unwrap();
        badge.pointer_mut(parent).unwrap()[name] = value;
        message(&badge, &proof)
    };
    for (path, value) in [
        ("/@context", json!(["https://www.w3.org/ns/credentials/v2"])),
        ("/credentialSubject/employer", "Maison".into()),
        ("/type", json!(["VerifiableCredential", "Diploma"])),
        ("/name", 7.into()),
        ("/name", "deux\nlignes".into()),
        ("/id", "certificats/1".into()),
    ] {
        assert!(changed(path, value).is_err(), "{path}");
    }
    let twin = badge()["credentialSubject"]["identifier"][0].clone();
    let twins = changed("/credentialSubject/identifier", json!([twin.clone(), twin]));
    assert!(twins.is_err(), "two that say the same");
}

#[test]
fn a_status_tells_of_one_certificate_whether_it_is_withdrawn() {
    let number = certificate().number;
    assert_eq!(status(SITE, number, false)["revokedCredential"], json!([]));
    let withdrawn = status(SITE, number, true);
    assert_eq!(withdrawn["revokedCredential"], json!([{ "id": badge()["id"], "revoked": true }]));
    assert_eq!(
        (withdrawn["id"].clone(), withdrawn["issuer"].clone()),
        (badge()["credentialStatus"]["id"].clone(), badge()["issuer"]["id"].clone())
    );
}

#[test]
fn the_issuer_publishes_the_key_that_a_proof_names() {
    let document = issuer_document(SITE, "CNFPT", &["z6Mka".into(), "z6Mkb".into()]);
    assert_eq!(document["id"], badge()["issuer"]["id"]);
    let named = &proof(SITE, "z6Mkb", Timestamp::UNIX_EPOCH)["verificationMethod"];
    assert_eq!(document["verificationMethod"][1]["id"], *named);
    assert_eq!(document["assertionMethod"][1], *named);
    assert_eq!(document["verificationMethod"][1]["controller"], document["id"]);
}

#[test]
fn an_action_is_the_same_from_its_pathway_and_from_a_certificate() {
    let pathway = crate::record::support::pathway();
    let slug = "parcours".parse().unwrap();
    let action = Action::in_pathway(&slug, 3, &pathway, &pathway.awards[0]).document(SITE);
    assert_eq!(action["id"], "https://socle.example/certificats/actions/parcours/3/a-distance");
    assert_eq!(
        action["criteria"]["narrative"],
        "Avoir suivi, ou en être dispensé\u{a0}: mooc (à distance, asynchrone)\u{a0}; webinaire (à distance, synchrone)."
    );
    let mut certificate = certificate();
    (certificate.pathway, certificate.version, certificate.award) = (slug, 3, pathway.awards[0].slug.clone());
    certificate.title.clone_from(&pathway.awards[0].title);
    certificate.lines.truncate(2);
    for (line, component) in certificate.lines.iter_mut().zip(&pathway.components) {
        line.title.clone_from(&component.title);
    }
    assert_eq!(Action::of(&certificate).document(SITE), action);
}

#[test]
fn a_badge_says_what_its_certificate_says_and_no_other() {
    assert!(says(&badge(), &certificate()));
    assert!(!says(&badge(), &Certificate { name: "Eve".into(), ..certificate() }));
    let mut longer = certificate();
    longer.lines[0].earned.as_mut().unwrap().minutes += 1;
    assert!(!says(&badge(), &longer));
}
