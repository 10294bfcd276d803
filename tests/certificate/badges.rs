//! Badges: taken by who may, saying no more than their holder wants, followed by anybody to who issued them.

use super::{certificates, correct, remote_day};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::certificate;
use support::{Client, Product, on_both};

async fn json_of(client: &Client, path: &str) -> Value {
    let page = client.get(path).await;
    assert_eq!(page.status, StatusCode::OK, "{path}");
    page.json()
}

/// What a document names, on this very site.
async fn followed(product: &Product, address: &Value) -> Value {
    let site = &product.app.config.public_url;
    let path = address.as_str().unwrap().strip_prefix(site).expect("an address of this site");
    let page = product.stranger().get(path).await;
    assert_eq!((page.status, &page.headers["access-control-allow-origin"]), (StatusCode::OK, &"*".parse().unwrap()));
    page.json()
}

on_both!(a_badge_leads_anybody_to_its_issuer_its_action_and_its_status, |product| async {
    let day = remote_day(&product).await;
    let (agent, trainer) = (product.signed_in(day.lea).await, product.signed_in(day.marie).await);
    let number = certificates(&product, day.lea).await.remove(0).number;
    let path = format!("/dossier/certificats/{number}/badge.json");
    let file = agent.get(&path).await;
    assert_eq!(file.headers["content-type"], "application/vc+ld+json");
    assert_eq!(file.headers["content-disposition"], format!("attachment; filename=\"badge-{number}.json\""));
    let badge = file.json();
    let subject = &badge["credentialSubject"];
    assert_eq!(subject["identifier"][0]["identityHash"], "Lea Durand");
    assert!(subject["narrative"].as_str().unwrap().contains("5\u{a0}h\u{a0}6\u{a0}min à distance, asynchrone"));
    assert_eq!(badge["id"], badge["evidence"][0]["id"].as_str().unwrap().trim_end_matches("#detail"));

    // The key is found from the proof, as long as it is published; the next one signs the next badges.
    certificate::keys::rotate(&product.app).await.unwrap();
    let next = json_of(&agent, &path).await;
    let issuer = followed(&product, &badge["issuer"]["id"]).await;
    let methods = issuer["assertionMethod"].as_array().unwrap();
    let named = [&badge, &next].map(|badge| &badge["proof"][0]["verificationMethod"]);
    assert_eq!((methods.len(), named[0], named[1]), (2, &methods[0], &methods[1]));
    assert_eq!((&issuer["name"], &issuer["id"]), (&badge["issuer"]["name"], &badge["issuer"]["id"]));
    let mut action = followed(&product, &subject["achievement"]["id"]).await;
    action.as_object_mut().unwrap().remove("@context");
    assert_eq!(action, subject["achievement"]);

    assert_eq!(followed(&product, &badge["credentialStatus"]["id"]).await["revokedCredential"], json!([]));
    correct(&product, &trainer, &day, "10").await;
    let status = followed(&product, &badge["credentialStatus"]["id"]).await;
    assert_eq!(status["revokedCredential"], json!([{ "id": badge["id"], "revoked": true }]));
    assert_eq!(agent.get(&path).await.status, StatusCode::NOT_FOUND, "nobody takes away what is withdrawn");
    assert!(!agent.get(path.trim_end_matches("/badge.json")).await.body.contains("badge.json"));
});

on_both!(an_address_stands_in_a_badge_as_a_digest_and_for_its_holder_only, |product| async {
    let day = remote_day(&product).await;
    let (agent, trainer) = (product.signed_in(day.lea).await, product.signed_in(day.marie).await);
    let number = certificates(&product, day.lea).await.remove(0).number;
    let path = format!("/dossier/certificats/{number}/badge.json");
    let identifiers = async |client: &Client, query: &str| {
        json_of(client, &format!("{path}{query}")).await["credentialSubject"]["identifier"].clone()
    };
    for (client, query) in [(&agent, ""), (&agent, "?adresse=non"), (&agent, "?autre=oui"), (&trainer, "?adresse=oui")]
    {
        assert_eq!(identifiers(client, query).await.as_array().unwrap().len(), 1, "{query}");
    }
    let (once, again) = (identifiers(&agent, "?adresse=oui").await, identifiers(&agent, "?adresse=oui").await);
    assert_eq!((&once[1]["hashed"], &once[1]["identityType"]), (&true.into(), &"emailAddress".into()));
    assert!(once[1]["salt"].as_str().unwrap().len() >= 32 && once[1]["salt"] != again[1]["salt"]);
    assert!(once[1]["identityHash"].as_str().unwrap().starts_with("sha256$") && !once.to_string().contains("lea@"));

    let (other, elsewhere) = (product.agent("Karim").await, product.trainer_of("Paul", "autre-cours").await);
    let elsewhere = product.signed_in(elsewhere).await;
    for path in [path.clone(), path.replace(".json", ".svg")] {
        for forger in [&other, &elsewhere] {
            assert_eq!(forger.get(&path).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(product.stranger().get(&path).await.status, StatusCode::SEE_OTHER, "to sign in");
        assert_eq!(trainer.get(&path).await.status, StatusCode::OK);
    }
});

on_both!(a_picture_holds_the_badge, |product| async {
    let day = remote_day(&product).await;
    let agent = product.signed_in(day.lea).await;
    let number = certificates(&product, day.lea).await.remove(0).number;
    let picture = agent.get(&format!("/dossier/certificats/{number}/badge.svg")).await;
    assert_eq!(picture.headers["content-type"], "image/svg+xml");
    let (_, held) = picture.body.split_once("<![CDATA[").unwrap();
    let held: Value = serde_json::from_str(held.split_once("]]>").unwrap().0).unwrap();
    assert_eq!(held["credentialSubject"]["identifier"][0]["identityHash"], "Lea Durand");
    assert!(held["proof"][0]["proofValue"].as_str().unwrap().starts_with('z'));
});

on_both!(what_is_published_of_badges_answers_to_what_exists_only, |product| async {
    let stranger = product.stranger();
    for nowhere in [
        "/certificats/SF-2026-0000-0000-0000/statut.json",
        "/certificats/x/statut.json",
        "/certificats/actions/parcours-france-services/99/journee-a-distance",
        "/certificats/actions/parcours-france-services/1/rien",
        "/certificats/actions/rien/1/journee-a-distance",
    ] {
        assert_eq!(stranger.get(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
    for odd in ["99999999999", "-1", "%00"] {
        let path = format!("/certificats/actions/parcours-france-services/{odd}/journee-a-distance");
        let status = stranger.get(&path).await.status;
        assert!(status.is_client_error(), "{odd}: {status}");
    }
    // Whoever tries numbers is slowed.
    let guesser = product.stranger().from_address("203.0.113.9");
    let mut slowed = false;
    for _ in 0..70 {
        let path = "/certificats/SF-2026-0000-0000-0000/statut.json";
        slowed |= guesser.send(guesser.request(Method::GET, path)).await.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(slowed);
});
