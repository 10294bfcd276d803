//! Single sign-on by ProConnect, tried against a provider of identity that behaves as it does: who is let in, and as whom;
//! what is not believed; what is told where nobody is; and out again at both ends.

use domain::identity::{Role, Scope, TotpKey};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use reqwest::header::SET_COOKIE;
use sea_orm::ConnectionTrait as _;
use serde_json::json;
use server::identity::store;
use server::place::{self, NewMaison};
use std::collections::{BTreeMap, BTreeSet};
use support::accounts::PASSWORD;
use support::proconnect::{Door, Provider, SIRET, Signs};
use support::served::House;
use support::{Client, Database, Page, Product, on_both};

/// Léa, who may sign in by her password too, and the way in by ProConnect, which knows her.
async fn lea(product: &Product) -> (PersonId, Door) {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(lea).await;
    let door = product.with_proconnect(Signs::Es256).await;
    door.knows_lea(json!({})).await;
    (lea, door)
}

async fn password_works(door: &Door) {
    let page = door.stranger().post("/connexion", &[("email", "lea@exemple.example"), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
}

/// Nobody is signed in there, and the page says so in these words.
async fn assert_refused(client: &Client, page: &Page, status: StatusCode, words: &str) {
    assert_eq!(page.status, status, "{words}: {}", page.text());
    assert!(page.text().contains(words), "{words}: {}", page.text());
    assert!(page.body.contains("href=\"/connexion"), "the password is offered");
    assert!(client.get("/dossier").await.location.is_some_and(|to| to.starts_with("/connexion?")), "{words}");
}

/// What the log has of that, of them.
async fn noted(product: &Product, person: PersonId, what: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM audit WHERE subject_id = {person} AND deed || ' ' || page = '{what}'");
    product.number(&sql).await
}

fn query(url: &str) -> BTreeMap<String, String> {
    let query = url.split_once('?').expect("a query").1;
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

on_both!(whoever_is_invited_enters_by_proconnect_and_chooses_no_password, |product| async {
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    let secret = store::invite(&product.app, lea).await.unwrap();
    let door = product.with_proconnect(Signs::Es256).await;
    door.knows_lea(json!({ "email": "LEA@exemple.example" })).await;
    let client = door.stranger();
    let page = client.get("/connexion?back=%2Fdossier%3Favant%3D3").await;
    assert!(page.text().contains("S’identifier avec ProConnect") && page.text().contains("Qu’est-ce que ProConnect"));
    let link = "/connexion/proconnect?back=%2Fdossier%3Favant%3D3";
    assert!(page.body.contains(link), "{}", page.body);
    assert!(client.get(&format!("/invitation/{secret}")).await.body.contains("href=\"/connexion/proconnect\""));

    let begun = client.get(link).await;
    let cookie = begun.headers[SET_COOKIE].to_str().unwrap();
    for attribute in ["__Host-socle-proconnect=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=1800"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let location = begun.location.unwrap();
    let asked = query(&location);
    let names: Vec<&str> = asked.keys().map(String::as_str).collect();
    let known = [
        "claims",
        "client_id",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
    ];
    assert_eq!(names, known, "ProConnect refuses any other");
    assert_eq!(asked["scope"], "openid given_name usual_name email siret");
    assert_eq!((&*asked["code_challenge_method"], &*asked["response_type"]), ("S256", "code"));
    assert!(asked["state"].len() >= 32 && asked["nonce"].len() >= 32 && asked["state"] != asked["nonce"]);

    let path = door.identify(&door.provider.browser(), &location, "lea").await;
    client.take_cookie("__Host-socle", "planted-by-a-neighbour");
    let entered = client.get(&path).await;
    assert_eq!(entered.location.as_deref(), Some("/dossier?avant=3"), "{}", entered.text());
    assert!(
        client.cookies().starts_with("__Host-socle=") && !client.cookies().contains("planted"),
        "and the other is spent"
    );
    assert_eq!(client.get("/dossier").await.status, StatusCode::OK);
    assert_eq!(client.get(&path).await.location.as_deref(), Some("/"), "loaded again, it leads home");
    assert_eq!(
        product.stranger().get(&format!("/invitation/{secret}")).await.status,
        StatusCode::NOT_FOUND,
        "accepted"
    );
    let own = client.get("/compte").await;
    assert!(own.text().contains("Relié depuis le 1er décembre 2026") && own.text().contains("C’est votre seul accès"));
    let refused = client.post("/compte", &[("do", "unlink-proconnect")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "it is the only way in");

    // By what ProConnect calls her, once it does: another address there changes nothing, nor does it here.
    door.knows_lea(json!({ "email": "lea.perrin@ailleurs.example" })).await;
    assert_eq!(door.sign_in(&door.stranger(), "/").await.location.as_deref(), Some("/"));
    assert_eq!(product.number("SELECT COUNT(*) FROM federated_identity").await, 1);
    assert_eq!(product.number("SELECT COUNT(*) FROM person WHERE email = 'lea@exemple.example'").await, 1);
    assert_eq!(
        product.number("SELECT COUNT(*) FROM mail WHERE subject LIKE '%relié à ProConnect'").await,
        1,
        "told once"
    );
    assert_eq!(
        (
            noted(&product, lea, "changed proconnect/relie").await,
            noted(&product, lea, "entered connexion/proconnect").await
        ),
        (1, 2)
    );
    let administrator = product.administrator().await;
    let account = administrator.get(&format!("/administration/comptes/{lea}")).await.text();
    assert!(account.contains("Ouvert, par ProConnect"), "{account}");
    administrator.post("/administration/invitations", &[]).await;
    let invited = "SELECT COUNT(*) FROM mail WHERE key LIKE 'invitation/%' AND to_address = 'lea@exemple.example'";
    assert_eq!(product.number(invited).await, 0, "who came is not invited again");
});

on_both!(an_account_that_has_a_password_is_linked_by_its_address_and_unlinked_by_its_holder, |product| async {
    let (lea, door) = lea(&product).await;
    let client = door.stranger();
    assert!(door.sign_in(&client, "/compte").await.location.as_deref() == Some("/compte"));
    password_works(&door).await;
    // Another employer, another identity there: the same person.
    let other = door.stranger();
    door.tell(json!({ "people": { "lea-2": {
        "email": "lea@exemple.example", "given_name": "Léa", "usual_name": "Perrin", "siret": SIRET, "uid": "7",
    } } }))
    .await;
    let location = door.begin(&other, "/").await;
    let path = door.identify(&door.provider.browser(), &location, "lea-2").await;
    assert_eq!(other.get(&path).await.location.as_deref(), Some("/"));
    let links = format!("SELECT COUNT(*) FROM federated_identity WHERE person_id = {lea}");
    assert_eq!(product.number(&links).await, 2);
    assert!(client.get("/compte").await.body.contains("unlink-proconnect"));
    let unlinked = client.post("/compte", &[("do", "unlink-proconnect")]).await;
    assert_eq!(unlinked.location.as_deref(), Some("/compte?fait=detache"));
    assert!(client.get("/compte?fait=detache").await.text().contains("Pas encore relié"));
    assert_eq!((product.number(&links).await, noted(&product, lea, "changed proconnect/detache").await), (0, 1));
});

on_both!(whom_nobody_invited_is_told_whom_to_ask_and_nothing_is_made, |product| async {
    let (_, door) = lea(&product).await;
    let maison = NewMaison {
        name: "Maison de Morlaix".into(),
        commune: "Morlaix".into(),
        departement: "29".parse().unwrap(),
        siret: Some(SIRET.parse().unwrap()),
        labelled_on: None,
    };
    place::create(&product.app, maison).await.unwrap();
    let counted = async || {
        let mut counts = Vec::new();
        for table in ["person", "federated_identity", "session", "mail", "audit"] {
            counts.push(product.number(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        counts
    };
    let before = counted().await;
    for (said, words) in [
        (json!({ "email": "nour@exemple.example" }), "l’adresse nour@exemple.example. Aucun compte n’a cette adresse"),
        (json!({ "email": "nour@exemple.example" }), "la personne qui suit la formation à Maison de Morlaix"),
        (
            json!({ "email": "nour@exemple.example", "siret": "35600000000048" }),
            "dans votre maison ou votre département",
        ),
        (json!({ "email": "nour@exemple.example", "siret": null }), "(Léa Perrin)"),
        (json!({ "email_verified": false }), "ne confirme pas que l’adresse lea@exemple.example"),
        (json!({ "email": null }), "n’a donné aucune adresse"),
        (json!({ "email": "pas une adresse" }), "ne confirme pas"),
    ] {
        door.knows_lea(said).await;
        let client = door.stranger();
        let page = door.sign_in(&client, "/").await;
        assert_refused(&client, &page, StatusCode::FORBIDDEN, words).await;
    }
    assert_eq!(counted().await, before);
});

on_both!(a_suspended_account_stays_shut_and_a_merged_one_opens_the_other, |product| async {
    let (lea, door) = lea(&product).await;
    let client = door.stranger();
    door.sign_in(&client, "/").await;
    store::suspend(&product.app, lea, true).await.unwrap();
    let other = door.stranger();
    let page = door.sign_in(&other, "/").await;
    assert_refused(&other, &page, StatusCode::FORBIDDEN, "Votre compte est suspendu").await;
    door.app.audit.settle().await;
    assert_eq!(noted(&product, lea, "refused connexion/proconnect").await, 1);
    store::suspend(&product.app, lea, false).await.unwrap();

    let kept = product.person("Nadia", Role::Agent, Scope::Own).await;
    let administrator = product.administrator().await;
    let path = format!("/administration/comptes/{kept}/reunion");
    let fields = [("compte", lea.to_string()), ("cle", "99999999-9999-4999-8999-999999999999".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(administrator.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
    let other = door.stranger();
    assert_eq!(door.sign_in(&other, "/").await.location.as_deref(), Some("/"));
    assert!(other.get("/compte").await.text().contains("Nadia Durand"));
});

on_both!(a_siret_posts_who_works_nowhere_yet_and_moves_nobody, |product| async {
    let (lea, door) = lea(&product).await;
    let maison = |name: &str, siret: &str| NewMaison {
        name: format!("Maison de {name}"),
        commune: name.to_owned(),
        departement: "29".parse().unwrap(),
        siret: Some(siret.parse().unwrap()),
        labelled_on: None,
    };
    place::create(&product.app, maison("Morlaix", SIRET)).await.unwrap();
    place::create(&product.app, maison("Brest", "35600000000048")).await.unwrap();
    let client = door.stranger();
    door.sign_in(&client, "/").await;
    assert!(client.get("/compte").await.text().contains("Maison de Morlaix"));
    let administrator = product.administrator().await;
    let account = administrator.get(&format!("/administration/comptes/{lea}")).await.text();
    assert!(account.contains("SIRET donné par ProConnect"), "{account}");
    assert_eq!(
        (
            noted(&product, lea, "changed proconnect/maison").await,
            noted(&product, lea, "changed proconnect/autre-maison").await
        ),
        (1, 0)
    );
    for _ in 0..2 {
        door.knows_lea(json!({ "siret": "35600000000048" })).await;
        door.sign_in(&client, "/").await;
    }
    assert!(client.get("/compte").await.text().contains("Maison de Morlaix"), "nobody is moved");
    assert_eq!(
        (
            noted(&product, lea, "changed proconnect/maison").await,
            noted(&product, lea, "changed proconnect/autre-maison").await
        ),
        (1, 1),
        "told once"
    );
});

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_unless_proconnect_says_that_it_asked_for_one() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = Product::start_with(database, &[("SOCLE_SECOND_FACTOR", "required".to_owned())]).await;
        product.person("Lea", Role::NationalPilot, Scope::Nation).await;
        let door = product.with_proconnect(Signs::Rs256).await;
        for weak in [json!({}), json!({ "acr": null, "amr": null }), json!({ "acr": "eidas", "amr": ["mfa2"] })] {
            door.knows_lea(weak).await;
            let client = door.stranger();
            let page = door.sign_in(&client, "/suivi/france").await;
            assert_eq!(page.location.as_deref(), Some("/connexion/code?back=%2Fsuivi%2Ffrance"));
            assert!(client.get("/suivi/france").await.location.is_some_and(|to| to.starts_with("/connexion?")));
        }
        for strong in [json!({ "amr": ["pwd", "mfa"] }), json!({ "acr": "eidas2" })] {
            door.knows_lea(strong).await;
            let client = door.stranger();
            let page = door.sign_in(&client, "/suivi/france").await;
            assert_eq!(page.location.as_deref(), Some("/suivi/france"), "{}", page.text());
            assert_eq!(client.get("/suivi/france").await.status, StatusCode::OK);
        }
        // What weighs most asks for it again: there, where it was shown.
        let file = "/suivi/agents/fichier/csv";
        let (client, there) = (door.stranger(), door.provider.browser());
        let location = door.begin(&client, "/").await;
        client.get(&door.identify(&there, &location, "lea").await).await;
        product.wait(SignedDuration::from_mins(16));
        door.tell(json!({ "now": product.app.clock.now().as_millisecond() })).await;
        let again = client.get(file).await.location.unwrap();
        assert_eq!(again, "/connexion/proconnect?back=%2Fsuivi%2Fagents%2Ffichier%2Fcsv&preuve=oui");
        let location = client.get(&again).await.location.unwrap();
        assert_eq!(query(&location)["prompt"], "login");
        let asked = there.get(location.strip_prefix(door.provider.issuer.trim_end_matches("/api/v2")).unwrap()).await;
        assert!(asked.location.is_some_and(|to| to.contains("/interaction/")), "known there, and asked again");
        let back = client.get(&door.identify(&there, &location, "lea").await).await;
        assert_eq!(back.location.as_deref(), Some(file));
        assert_eq!(client.get(file).await.status, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_is_not_to_be_believed_opens_anything() {
    let product = Product::start(Database::Sqlite).await;
    for signs in [Signs::Es256, Signs::Rs256] {
        if signs == Signs::Es256 {
            product.person("Lea", Role::Agent, Scope::Own).await;
        }
        let door = product.with_proconnect(signs).await;
        door.knows_lea(json!({})).await;
        let lies = [
            ("id_token", "audience"),
            ("id_token", "audiences"),
            ("id_token", "issuer"),
            ("id_token", "nonce"),
            ("id_token", "no-nonce"),
            ("id_token", "party"),
            ("id_token", "access-token"),
            ("id_token", "key"),
            ("id_token", "unknown-key"),
            ("id_token", "none"),
            ("id_token", "secret"),
            ("id_token", "critical"),
            ("userinfo", "audience"),
            ("userinfo", "issuer"),
            ("userinfo", "subject"),
            ("userinfo", "key"),
            ("userinfo", "unknown-key"),
            ("userinfo", "none"),
            ("userinfo", "secret"),
            ("userinfo", "plain"),
        ];
        for (number, (token, lie)) in lies.into_iter().enumerate() {
            door.tell(json!({ "lie": { token: lie } })).await;
            let client = door.stranger().from_address(&format!("192.0.2.{number}"));
            let page = door.sign_in(&client, "/").await;
            assert_refused(&client, &page, StatusCode::FORBIDDEN, "n’a pas pu être vérifiée").await;
            assert_eq!(product.number("SELECT COUNT(*) FROM federated_identity").await, 0, "{token}: {lie}");
        }
        door.tell(json!({ "lie": {} })).await;
        assert_eq!(door.sign_in(&door.stranger(), "/").await.location.as_deref(), Some("/"), "it is believed else");
        product.sql("DELETE FROM federated_identity".to_owned()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_five_minutes_off_is_not_believed_and_one_half_a_minute_off_is() {
    let product = Product::start(Database::Sqlite).await;
    let (_, door) = lea(&product).await;
    let now = product.app.clock.now().as_millisecond();
    for (seconds, status) in [(300, 403), (-300, 403), (30, 303), (-30, 303)] {
        door.tell(json!({ "now": now + seconds * 1000 })).await;
        let page = door.sign_in(&door.stranger(), "/").await;
        assert_eq!(page.status.as_u16(), status, "{seconds}: {}", page.text());
    }
    password_works(&door).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_serves_once_within_half_a_minute_in_the_browser_that_asked_for_it() {
    let product = Product::start(Database::Sqlite).await;
    let (_, door) = lea(&product).await;
    let there = door.provider.browser();

    // Somebody else's code, put in the way of a browser: whoever planted it is not signed in there.
    let thief = door.stranger();
    let stolen = door.identify(&there, &door.begin(&thief, "/").await, "lea").await;
    let victim = door.stranger();
    for begun in [false, true] {
        if begun {
            door.begin(&victim, "/").await;
        }
        let page = victim.get(&stolen).await;
        assert_refused(&victim, &page, StatusCode::BAD_REQUEST, "n’est plus valable").await;
    }
    // With a state of its own, the code is still bound to the verifier of who began (PKCE).
    let mut own = query(&door.begin(&victim, "/").await);
    let code = query(&stolen).remove("code").unwrap();
    let state = own.remove("state").unwrap();
    let page = victim.get(&format!("/connexion/proconnect/retour?code={code}&state={state}")).await;
    assert_refused(&victim, &page, StatusCode::FORBIDDEN, "n’a pas pu être vérifiée").await;

    // A code that served; and one that waited for too long.
    let client = door.stranger();
    let path = door.identify(&there, &door.begin(&client, "/").await, "lea").await;
    let kept = client.cookies();
    assert_eq!(client.get(&path).await.location.as_deref(), Some("/"));
    let replayed = door.stranger();
    let (name, value) = kept.split_once('=').unwrap();
    replayed.take_cookie(name, value);
    let page = replayed.get(&path).await;
    assert_refused(&replayed, &page, StatusCode::FORBIDDEN, "n’a pas pu être vérifiée").await;
    let late = door.stranger();
    let path = door.identify(&there, &door.begin(&late, "/").await, "lea").await;
    door.tell(json!({ "now": product.app.clock.now().as_millisecond() + 31_000 })).await;
    let page = late.get(&path).await;
    assert_refused(&late, &page, StatusCode::FORBIDDEN, "n’a pas pu être vérifiée").await;

    // Answers that are none.
    for odd in ["", "?state=x", "?code=x", "?state=x&code=x&error=access_denied"] {
        let page = late.get(&format!("/connexion/proconnect/retour{odd}")).await;
        assert_refused(&late, &page, StatusCode::BAD_REQUEST, "n’est plus valable").await;
    }
    let state = query(&door.begin(&late, "/").await).remove("state").unwrap();
    let other = format!("/connexion/proconnect/retour?code=x&state={state}&iss=https%3A%2F%2Fautre.example");
    let page = late.get(&other).await;
    assert_refused(&late, &page, StatusCode::FORBIDDEN, "n’a pas pu être vérifiée").await;
    let begun = query(&door.begin(&late, "/").await).remove("state").unwrap();
    product.wait(SignedDuration::from_mins(31));
    let page = late.get(&format!("/connexion/proconnect/retour?code=x&state={begun}")).await;
    assert_refused(&late, &page, StatusCode::BAD_REQUEST, "plus d’une demi-heure").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_gives_up_there_is_told_so_and_so_is_whom_it_refuses() {
    let product = Product::start(Database::Sqlite).await;
    let (_, door) = lea(&product).await;
    for (gives, who, status, words) in [
        (None, "", StatusCode::FORBIDDEN, "vous y avez renoncé"),
        (Some("temporarily_unavailable"), "lea", StatusCode::SERVICE_UNAVAILABLE, "ProConnect ne répond pas"),
        (Some("server_error"), "lea", StatusCode::SERVICE_UNAVAILABLE, "il fonctionne toujours"),
        (Some("unauthorized_client"), "lea", StatusCode::FORBIDDEN, "n’a pas pu être vérifiée"),
    ] {
        door.tell(json!({ "gives": gives })).await;
        let client = door.stranger();
        let location = door.begin(&client, "/dossier").await;
        let path = door.identify(&door.provider.browser(), &location, who).await;
        let page = client.get(&path).await;
        assert_refused(&client, &page, status, words).await;
        assert!(page.body.contains("href=\"/connexion?back=%2Fdossier\""), "the way on is kept: {}", page.body);
        assert!(page.body.contains("href=\"/connexion/proconnect?back=%2Fdossier\""), "{}", page.body);
        assert_eq!(client.cookies(), "", "what was begun is over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rotated_keys_are_taken_up_and_made_up_ones_ask_for_nothing_more() {
    let product = Product::start(Database::Sqlite).await;
    let (_, door) = lea(&product).await;
    let keys = async || door.asked("/jwks").await;
    door.tell(json!({})).await;
    for _ in 0..3 {
        assert_eq!(door.sign_in(&door.stranger(), "/").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(keys().await, 1, "they are remembered");
    door.tell(json!({ "rotate": true })).await;
    assert_eq!(door.sign_in(&door.stranger(), "/").await.status, StatusCode::SEE_OTHER, "at once");
    assert_eq!(keys().await, 1);

    product.wait(SignedDuration::from_mins(2));
    door.tell(json!({ "now": product.app.clock.now().as_millisecond(), "lie": { "id_token": "unknown-key" } })).await;
    for _ in 0..5 {
        assert_eq!(door.sign_in(&door.stranger(), "/").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(keys().await, 1, "once a minute, however many are made up");
    door.tell(json!({ "lie": {} })).await;
    assert_eq!(door.sign_in(&door.stranger(), "/").await.status, StatusCode::SEE_OTHER, "those that are known go on");
    assert_eq!(keys().await, 0);
    product.wait(SignedDuration::from_mins(61));
    door.tell(json!({ "now": product.app.clock.now().as_millisecond() })).await;
    door.sign_in(&door.stranger(), "/").await;
    assert_eq!(keys().await, 1, "one that was withdrawn counts for an hour at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_keeps_nobody_out_who_has_a_password() {
    let product = Product::start(Database::Sqlite).await;
    product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(PersonId(1)).await;
    // Each with nothing known of the provider.
    for (path, how) in [
        ("/.well-known/openid-configuration", "failure"),
        ("/.well-known/openid-configuration", "elsewhere"),
        ("/.well-known/openid-configuration", "giant"),
        ("/.well-known/openid-configuration", "impostor"),
        ("/jwks", "failure"),
        ("/token", "failure"),
        ("/token", "giant"),
        ("/token", "elsewhere"),
        ("/userinfo", "failure"),
        ("/userinfo", "giant"),
        ("/userinfo", "elsewhere"),
        ("/userinfo", "silence"),
    ] {
        let door = product.with_proconnect(Signs::Es256).await;
        door.knows_lea(json!({ "email": "lea@exemple.example" })).await;
        door.tell(json!({ "answer": { "path": path, "how": how } })).await;
        let client = door.stranger();
        let page = if matches!(path, "/token" | "/userinfo") {
            door.sign_in(&client, "/").await
        } else {
            client.get("/connexion/proconnect").await
        };
        let words = if page.status == StatusCode::SERVICE_UNAVAILABLE {
            "ne répond pas"
        } else {
            "n’a pas pu être vérifiée"
        };
        assert!(how == "elsewhere" || page.status == StatusCode::SERVICE_UNAVAILABLE, "{path} {how}: {}", page.text());
        assert_refused(&client, &page, page.status, words).await;
        password_works(&door).await;
        // It is not asked at each click; a moment later it is, and answers.
        door.tell(json!({ "answer": null })).await;
        if page.status == StatusCode::SERVICE_UNAVAILABLE && !matches!(path, "/token" | "/userinfo") {
            assert_eq!(client.get("/connexion/proconnect").await.status, StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(door.asked("/.well-known/openid-configuration").await, 0);
            product.wait(SignedDuration::from_secs(11));
            door.tell(json!({ "now": product.app.clock.now().as_millisecond() })).await;
        }
        assert_eq!(door.sign_in(&client, "/").await.location.as_deref(), Some("/"), "{path} {how}");
    }
    let door = product.with_proconnect(Signs::Es256).await;
    door.provider.goes();
    let client = door.stranger();
    let page = client.get("/connexion/proconnect?back=%2Fdossier").await;
    assert_refused(&client, &page, StatusCode::SERVICE_UNAVAILABLE, "ProConnect ne répond pas").await;
    password_works(&door).await;
}

/// The key that a page shows.
fn key_in(page: &str) -> TotpKey {
    let shown = page.split("<code class=\"secret\">").nth(1).unwrap().split("</code>").next().unwrap();
    TotpKey::read(&shown.replace([' ', '\u{a0}'], "")).unwrap()
}

on_both!(whoever_signs_out_is_signed_out_at_both_ends, |product| async {
    let (_, door) = lea(&product).await;
    let (client, there) = (door.stranger(), door.provider.browser());
    let location = door.begin(&client, "/").await;
    client.get(&door.identify(&there, &location, "lea").await).await;
    let tokens = "SELECT COUNT(*) FROM session WHERE id_token IS NOT NULL";
    assert_eq!(product.number(tokens).await, 1);
    // The second factor makes another session of it, which came from there as well.
    let key = key_in(&client.get("/second-facteur").await.body);
    let code = key.code(product.app.clock.now().as_second() / 30);
    client.post("/second-facteur", &[("code", code.as_str()), ("do", "set-up")]).await;
    assert_eq!(product.number(tokens).await, 1);
    // Known there: another browser window is signed in without being asked for anything.
    let second = door.stranger();
    let at = door.begin(&second, "/").await;
    let known = there.get(at.strip_prefix(door.provider.issuer.trim_end_matches("/api/v2")).unwrap()).await;
    assert!(known.location.is_some_and(|to| to.starts_with(&door.url)));

    let page = client.post("/deconnexion", &[]).await;
    assert!(page.status == StatusCode::OK && page.text().contains("Vous êtes déconnecté de Socle"), "{}", page.text());
    assert!(!page.text().contains("Mon dossier"), "as a stranger sees it");
    assert_eq!(client.get("/dossier").await.status, StatusCode::SEE_OTHER);
    assert_eq!(product.number(tokens).await, 0, "the token goes with the session");
    let (after, to) = page.headers["refresh"].to_str().unwrap().split_once("; url=").unwrap();
    let asked = query(to);
    assert_eq!(after, "0");
    assert_eq!(asked.keys().collect::<Vec<_>>(), ["id_token_hint", "post_logout_redirect_uri", "state"]);
    assert!(page.body.contains("Continuer vers ProConnect") && asked["state"].len() >= 32);

    let confirm = there.get(to.strip_prefix(door.provider.issuer.trim_end_matches("/api/v2")).unwrap()).await;
    let form = [("xsrf", confirm.field("xsrf")), ("logout", "yes".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let ended = there.post("/api/v2/session/end/confirm", &form).await.location.unwrap();
    let back = client.get(ended.strip_prefix(&door.url).unwrap()).await;
    assert_eq!(back.location.as_deref(), Some("/connexion?fait=deconnecte"));
    assert!(client.get(&back.location.unwrap()).await.text().contains("déconnecté de Socle et de ProConnect"));
    assert_eq!(client.cookies(), "");
    let again = there
        .get(door.begin(&client, "/").await.strip_prefix(door.provider.issuer.trim_end_matches("/api/v2")).unwrap())
        .await;
    assert!(again.location.is_some_and(|to| to.contains("/interaction/")), "nobody is known there any more");
    assert_eq!(
        door.stranger().get("/deconnexion/proconnect/retour?state=x").await.location.as_deref(),
        Some("/"),
        "whoever did not ask for it is told nothing"
    );
});

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_here_whatever_happens_there() {
    let product = Product::start(Database::Sqlite).await;
    let (_, door) = lea(&product).await;
    let client = door.stranger();
    door.sign_in(&client, "/").await;
    door.provider.goes();
    product.wait(SignedDuration::from_mins(61));
    let page = client.post("/deconnexion", &[]).await;
    assert!(
        page.text().contains("votre session y reste ouverte") && !page.headers.contains_key("refresh"),
        "{}",
        page.text()
    );
    assert_eq!(client.get("/dossier").await.status, StatusCode::SEE_OTHER);
    let by_password = door.stranger();
    by_password.post("/connexion", &[("email", "lea@exemple.example"), ("password", PASSWORD)]).await;
    assert_eq!(by_password.post("/deconnexion", &[]).await.location.as_deref(), Some("/"), "nothing to end there");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_says_what_went_wrong_and_keeps_no_secret() {
    let house = House::new(Database::Sqlite, "demonstration").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, folder) = (listener.local_addr().unwrap(), tempfile::tempdir().unwrap());
    drop(listener);
    let url = format!("http://{address}");
    let (provider, log) = (Provider::start(&url, Signs::Es256), folder.path().join("log"));
    let settings = provider.settings();
    let house = house
        .with("SOCLE_LISTEN", address.to_string())
        .with("SOCLE_PUBLIC_URL", url.clone())
        .with("SOCLE_LOG", "debug".to_owned())
        .with("SOCLE_PROCONNECT_ISSUER", settings.issuer.clone())
        .with("SOCLE_PROCONNECT_CLIENT_ID", settings.client_id.clone())
        .with("SOCLE_PROCONNECT_CLIENT_SECRET", settings.client_secret.clone())
        .logging_to(log.clone());
    let app = house.open().await.unwrap();
    support::accounts::person(&app, "Lea", Role::Agent, Scope::Own).await;
    let served = house.serve().await.unwrap();
    let door = Door { app, url, provider };
    door.tell(json!({ "now": door.app.clock.now().as_millisecond() })).await;
    door.knows_lea(json!({})).await;
    let (client, there) = (door.stranger(), door.provider.browser());
    let location = door.begin(&client, "/").await;
    let path = door.identify(&there, &location, "lea").await;
    assert_eq!(client.get(&path).await.location.as_deref(), Some("/"));
    let other = door.stranger();
    door.tell(json!({ "lie": { "id_token": "audience" } })).await;
    assert_eq!(door.sign_in(&other, "/").await.status, StatusCode::FORBIDDEN);
    let sql = "SELECT id_token FROM session WHERE id_token IS NOT NULL".to_owned();
    let statement = sea_orm::Statement::from_string(door.app.db.backend(), sql);
    let token: String =
        door.app.db.reader().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    served.terminate().unwrap();
    assert!(served.stopped().await.unwrap().success());
    let log = std::fs::read_to_string(log).unwrap();
    assert!(
        log.contains("Nobody signed in by ProConnect") && log.contains("must contain `socle`"),
        "what went wrong is told"
    );
    let mut secrets: BTreeSet<String> = query(&path).into_values().filter(|value| !value.starts_with("http")).collect();
    secrets.extend([settings.client_secret, token, "lea@exemple.example".to_owned(), "Perrin".to_owned()]);
    for secret in secrets {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{secret}");
    }
}
