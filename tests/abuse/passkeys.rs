//! What is tried with passkeys: answers sent twice, made elsewhere, for somebody else, or by whoever was not asked.

use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use support::accounts::PASSWORD;
use support::authenticator::{Authenticator, SITE, answer, asked, enrol, enter, show};
use support::{Client, Database, Page, Product};

const ALONE: &str = "/connexion/cle";
const AFTER: &str = "/connexion/code/cle";

async fn start(database: Database) -> Product {
    let settings = [("SOCLE_SECOND_FACTOR", "required".to_owned()), ("SOCLE_PUBLIC_URL", SITE.to_owned())];
    Product::start_with(database, &settings).await
}

/// Somebody with a password and a passkey, and their browser.
async fn somebody(product: &Product, name: &str) -> (PersonId, Client, Authenticator) {
    let person = product.person(name, Role::NationalPilot, Scope::Nation).await;
    product.give_password(person).await;
    let (client, mut key) = (known_by_password(product, name).await, Authenticator::default());
    let page = enrol(&client, &mut key, "Téléphone").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    (person, client, key)
}

/// A browser in which the password was typed, and nothing more; from an address of its own.
async fn known_by_password(product: &Product, name: &str) -> Client {
    let number = product.app.dice.seed() % 65_536;
    let client = product.stranger().from_address(&format!("198.18.{}.{}", number / 256, number % 256));
    let email = format!("{}@exemple.example", name.to_lowercase());
    let page = client.post("/connexion", &[("email", &email), ("password", PASSWORD)]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    client
}

fn assert_refused(page: &Page, what: &str) {
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", page.body);
    let generic = page.body.contains("n’a pas été acceptée") || page.body.contains("n’ouvre aucun compte ici");
    assert!(generic, "{what}: {}", page.body);
}

async fn assert_out(client: &Client, what: &str) {
    assert!(client.get("/suivi/france").await.location.is_some_and(|to| to.starts_with("/connexion")), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_serves_once_in_the_browser_that_asked_and_for_what_was_asked() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database).await;
        let (_, _, mut key) = somebody(&product, "Paul").await;
        // Sent twice.
        let client = product.stranger();
        let question = asked(&client, ALONE).await;
        let signed = key.sign(&question);
        assert_eq!(answer(&client, ALONE, &question, &signed, &[]).await.status, StatusCode::SEE_OTHER);
        assert_refused(&answer(&client, ALONE, &question, &signed, &[]).await, "sent twice");
        // A new question, the old answer.
        let again = asked(&client, ALONE).await;
        assert_refused(&answer(&client, ALONE, &again, &signed, &[]).await, "an old answer");
        // Asked of one browser, answered by another.
        let (mine, thief) = (product.stranger(), product.stranger());
        let question = asked(&mine, ALONE).await;
        let signed = key.sign(&question);
        asked(&thief, ALONE).await;
        assert_refused(&answer(&thief, ALONE, &question, &signed, &[]).await, "from another browser");
        assert_out(&thief, "from another browser").await;
        // Between two sessions of the same person.
        let (one, other) = (known_by_password(&product, "Paul").await, known_by_password(&product, "Paul").await);
        let question = asked(&one, AFTER).await;
        let signed = key.sign(&question);
        assert_refused(&answer(&other, AFTER, &question, &signed, &[]).await, "from another session");
        // Asked for one thing, used for another.
        let question = asked(&one, AFTER).await;
        let signed = key.sign(&question);
        assert_refused(&answer(&one, ALONE, &question, &signed, &[]).await, "asked after the password");
        let question = asked(&one, ALONE).await;
        let signed = key.sign(&question);
        assert_refused(&answer(&one, AFTER, &question, &signed, &[]).await, "asked without one");
        assert_out(&one, "asked for something else").await;
        // Too late.
        let question = asked(&one, AFTER).await;
        let signed = key.sign(&question);
        product.wait(SignedDuration::from_mins(5));
        assert_refused(&answer(&one, AFTER, &question, &signed, &[]).await, "five minutes later");
        // A try spends the question.
        let question = asked(&one, AFTER).await;
        let signed = key.sign(&question);
        assert_refused(&answer(&one, AFTER, &question, "{}", &[]).await, "no answer");
        assert_refused(&answer(&one, AFTER, &question, &signed, &[]).await, "after a try");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_made_elsewhere_or_without_its_holder_opens_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database).await;
        let (_, _, key) = somebody(&product, "Paul").await;
        type Twist = fn(&mut Authenticator);
        let twists: [(&str, Twist); 5] = [
            ("a site that looks like it", |key| key.origin = "https://socle.example.autre.example".to_owned()),
            ("in the clear", |key| key.origin = "http://socle.example".to_owned()),
            ("another port", |key| key.origin = "https://socle.example:8443".to_owned()),
            ("for another site", |key| key.site = Some("autre.example".to_owned())),
            ("without a finger", |key| key.verifies = false),
        ];
        for (what, twist) in twists {
            let mut twisted = key.clone();
            twist(&mut twisted);
            let alone = product.stranger();
            assert_refused(&enter(&alone, &mut twisted, "/").await, what);
            assert_out(&alone, what).await;
            let after = known_by_password(&product, "Paul").await;
            assert_refused(&show(&after, &mut twisted, "/").await, what);
            assert_out(&after, what).await;
        }
        let honest = enter(&product.stranger(), &mut key.clone(), "/").await;
        assert_eq!(honest.status, StatusCode::SEE_OTHER, "the same, honestly");
        // Nor is one made so.
        let newcomer = product.person("Anne", Role::NationalPilot, Scope::Nation).await;
        product.give_password(newcomer).await;
        for (what, twist) in twists {
            let client = known_by_password(&product, "Anne").await;
            let mut twisted = Authenticator::default();
            twist(&mut twisted);
            let page = enrol(&client, &mut twisted, "").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
            assert!(page.body.contains("La clé d’accès n’a pas été enregistrée"), "{what}");
        }
        assert_eq!(product.number("SELECT COUNT(*) FROM passkey").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_or_proves_with_somebody_elses() {
    let product = start(Database::Sqlite).await;
    let (paul, pauls, key_of_paul) = somebody(&product, "Paul").await;
    let (_, annes, mut key_of_anne) = somebody(&product, "Anne").await;
    // Anne knows Paul's password, and signs with her own.
    let client = known_by_password(&product, "Paul").await;
    let question = asked(&client, AFTER).await;
    let signed = key_of_anne.sign_anyway(&question);
    assert_refused(&answer(&client, AFTER, &question, &signed, &[]).await, "another's");
    assert_out(&client, "another's").await;
    // Her signature, said to be of his key, or of his account.
    let question = asked(&client, ALONE).await;
    let mut forged: Value = serde_json::from_str(&key_of_anne.sign(&question)).unwrap();
    let his: Value = serde_json::from_str(&key_of_paul.clone().sign_anyway(&question)).unwrap();
    forged["rawId"] = his["rawId"].clone();
    forged["id"] = his["id"].clone();
    forged["response"]["userHandle"] = his["response"]["userHandle"].clone();
    assert_refused(&answer(&client, ALONE, &question, &forged.to_string(), &[]).await, "said to be his");
    let question = asked(&client, ALONE).await;
    let mut forged: Value = serde_json::from_str(&key_of_anne.sign(&question)).unwrap();
    forged["response"]["userHandle"] = his["response"]["userHandle"].clone();
    assert_refused(&answer(&client, ALONE, &question, &forged.to_string(), &[]).await, "his account, her key");
    // One that does not say whose it is opens nothing alone.
    let mut silent = key_of_paul.clone();
    silent.tells = false;
    assert_refused(&enter(&product.stranger(), &mut silent, "/").await, "of nobody");
    // Hers are unknown to him, and stay.
    let id = product.number("SELECT MAX(id) FROM passkey").await;
    for page in [
        pauls.get(&format!("/second-facteur/cles/{id}")).await,
        pauls.post(&format!("/second-facteur/cles/{id}"), &[("do", "remove")]).await,
        pauls.post(&format!("/second-facteur/cles/{id}"), &[("do", "rename"), ("name", "x")]).await,
    ] {
        assert_eq!(page.status, StatusCode::NOT_FOUND);
    }
    // Hers cannot be made his.
    let question = asked(&annes, "/second-facteur/cles").await;
    let made = key_of_anne.make(&question);
    answer(&annes, "/second-facteur/cles", &question, &made, &[]).await;
    assert_eq!(product.number("SELECT COUNT(*) FROM passkey").await, 3);
    // Whose account is closed enters no more.
    server::identity::store::suspend(&product.app, paul, true).await.expect("suspends");
    assert_refused(&enter(&product.stranger(), &mut key_of_paul.clone(), "/").await, "suspended");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_alone_sets_up_no_factor_beside_the_one_there_is() {
    let product = start(Database::Sqlite).await;
    let (_, pauls, _) = somebody(&product, "Paul").await;
    let thief = known_by_password(&product, "Paul").await;
    let refused = thief.post_json("/second-facteur/cles/defi", &json!({})).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let page = thief.get("/connexion/code").await;
    assert!(!page.body.contains("<svg") && !page.body.contains("Créer une clé d’accès"), "nothing to set up");
    assert_eq!(product.number("SELECT COUNT(*) FROM second_factor WHERE confirmed_at IS NOT NULL").await, 0);
    // Asked before the first factor was there, answered after.
    let anne = product.person("Anne", Role::NationalPilot, Scope::Nation).await;
    product.give_password(anne).await;
    let (thief, annes) = (known_by_password(&product, "Anne").await, known_by_password(&product, "Anne").await);
    let question = asked(&thief, "/second-facteur/cles").await;
    let made = Authenticator::default().make(&question);
    enrol(&annes, &mut Authenticator::default(), "").await;
    let late = answer(&thief, "/second-facteur/cles", &question, &made, &[]).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED, "that session ended");
    assert_eq!(product.number("SELECT COUNT(*) FROM passkey").await, 2);
    // Nor a generator, in a session where no factor was shown for long.
    product.wait(SignedDuration::from_mins(16));
    let page = pauls.post("/second-facteur", &[("do", "set-up"), ("code", "123456")]).await;
    assert_eq!(page.location.as_deref(), Some("/connexion/code?back=%2Fsecond-facteur"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_backwards_is_refused_noted_and_told() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database).await;
        let (paul, _, mut key) = somebody(&product, "Paul").await;
        let mut copy = key.clone();
        assert_eq!(enter(&product.stranger(), &mut key, "/").await.status, StatusCode::SEE_OTHER);
        assert_eq!(enter(&product.stranger(), &mut key, "/").await.status, StatusCode::SEE_OTHER);
        let thief = product.stranger();
        assert_refused(&enter(&thief, &mut copy, "/").await, "a copy");
        assert_out(&thief, "a copy").await;
        let noted = format!("SELECT COUNT(*) FROM audit WHERE page = 'cle-d-acces/copie' AND subject_id = {paul}");
        assert_eq!(product.number(&noted).await, 1);
        let told = "SELECT COUNT(*) FROM mail WHERE subject = 'Une clé d’accès de votre compte a été refusée'";
        assert_eq!(product.number(told).await, 1);
        assert_eq!(
            enter(&product.stranger(), &mut key, "/").await.status,
            StatusCode::SEE_OTHER,
            "the real one goes on"
        );
        // Those that do not count are not taken for copies.
        key.counter = 0;
        let client = known_by_password(&product, "Paul").await;
        assert_refused(&show(&client, &mut key, "/").await, "it counted before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_sent_as_an_answer_is_refused_the_same_way() {
    let product = start(Database::Sqlite).await;
    let (_, _, mut key) = somebody(&product, "Paul").await;
    let client = product.stranger();
    let question = asked(&client, ALONE).await;
    let good: Value = serde_json::from_str(&key.sign(&question)).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        bad.to_string()
    };
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    for (number, bad) in [
        String::new(),
        "null".to_owned(),
        deep,
        format!("{{\"id\":\"{}\"}}", "A".repeat(40_000)),
        with("/response/signature", json!("")),
        with("/response/authenticatorData", json!("AAAA")),
        with("/response/clientDataJSON", json!("e30")),
        with("/response/userHandle", json!("AAAA")),
        with("/rawId", json!("A".repeat(2_000))),
        with("/type", json!("password")).replace(good["rawId"].as_str().unwrap(), "AAAA"),
    ]
    .into_iter()
    .enumerate()
    {
        let client = product.stranger().from_address(&format!("198.51.100.{number}"));
        let question = asked(&client, ALONE).await;
        assert_refused(&answer(&client, ALONE, &question, &bad, &[]).await, &number.to_string());
    }
    // A key whose maker nests without end.
    product.give_password(product.person("Anne", Role::NationalPilot, Scope::Nation).await).await;
    let annes = known_by_password(&product, "Anne").await;
    let asked_of_her = asked(&annes, "/second-facteur/cles").await;
    let mut made: Value = serde_json::from_str(&Authenticator::default().make(&asked_of_her)).unwrap();
    made["response"]["attestationObject"] = json!("gYGB".repeat(6_000));
    let nested = answer(&annes, "/second-facteur/cles", &asked_of_her, &made.to_string(), &[]).await;
    assert_eq!(nested.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = answer(&client, ALONE, &question, &"A".repeat(3_000_000), &[]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    let unknown = answer(&client, ALONE, &json!({ "challenge": "x".repeat(5_000) }), "{}", &[]).await;
    assert_refused(&unknown, "a name of nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_that_nobody_answers_fill_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let product = start(database).await;
        let (_, _, mut key) = somebody(&product, "Paul").await;
        let (now, soon) = (product.app.clock.now().as_millisecond(), 60_000);
        let rows = (0..2_000).map(|n| format!("('{n}', 'h', 'enter', '{{}}', {})", now + soon + n));
        let rows = rows.collect::<Vec<_>>().join(", ");
        product
            .sql(format!("INSERT INTO passkey_challenge (id, holder, ceremony, state, expires_at) VALUES {rows}"))
            .await;
        let count = "SELECT COUNT(*) FROM passkey_challenge WHERE ceremony = 'enter'";
        for _ in 0..5 {
            asked(&product.stranger(), ALONE).await;
        }
        assert_eq!(product.number(count).await, 2_000, "the oldest give way");
        assert_eq!(product.number("SELECT COUNT(*) FROM passkey_challenge WHERE id = '4'").await, 0);
        assert_eq!(enter(&product.stranger(), &mut key, "/").await.status, StatusCode::SEE_OTHER, "people go on");
        product.wait(SignedDuration::from_mins(6));
        server::identity::session::sweep(&product.app).await.expect("sweeps");
        assert_eq!(product.number("SELECT COUNT(*) FROM passkey_challenge").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_asks_so_many_questions_and_tries_so_many_answers() {
    let product = start(Database::Sqlite).await;
    let crowd = product.stranger().from_address("203.0.113.9");
    let mut last = StatusCode::OK;
    for _ in 0..200 {
        last = crowd.post_json("/connexion/cle/defi", &json!({})).await.status;
        if last != StatusCode::OK {
            break;
        }
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let question = asked(&product.stranger(), ALONE).await;
    let guesser = product.stranger().from_address("203.0.113.10");
    let guessing =
        async { while answer(&guesser, ALONE, &question, "{}", &[]).await.status != StatusCode::TOO_MANY_REQUESTS {} };
    tokio::time::timeout(Duration::from_secs(60), guessing).await.expect("it is stopped");
    // After the password: few, as of codes.
    let (_, _, _) = somebody(&product, "Paul").await;
    let client = known_by_password(&product, "Paul").await;
    let question = asked(&client, AFTER).await;
    for _ in 0..10 {
        assert_refused(&answer(&client, AFTER, &question, "{}", &[]).await, "a guess");
    }
    assert_eq!(answer(&client, AFTER, &question, "{}", &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
}
