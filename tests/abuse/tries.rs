//! Words that mean something to a database, and who tries over and over.

use crate::access_matrix::{filled, walkers};
use domain::identity::{Role, Scope};
use reqwest::header::AUTHORIZATION;
use reqwest::{Method, StatusCode};
use serde_json::json;
use server::config::Config;
use server::router::ROUTES;
use std::fmt::Write as _;
use support::accounts::PASSWORD;
use support::{Client, Database, Product, on_both};

/// Each ends a text, a statement or a pattern somewhere, or is no text at all.
const HOSTILE: &[&str] = &[
    "' OR '1'='1",
    "1'); DROP TABLE person; --",
    "x' UNION SELECT email, email FROM person --",
    "\" OR \"\"=\"",
    "l%a",
    "\\",
    "a & | ! <-> :*",
    "NEAR(\"a\" AND *",
    "\u{0}",
    "\r\nx-forged: yes",
    "9223372036854775808",
    "-1",
    "../../../../etc/passwd",
];

/// What any page is asked with.
const PARAMETERS: &[&str] = &[
    "q",
    "cours",
    "departement",
    "maison",
    "etat",
    "tri",
    "apres",
    "avant",
    "page",
    "dossier",
    "par",
    "du",
    "au",
    "back",
    "adresse",
    "compte",
    "c-nom",
    "filter",
    "since",
];

fn asked(path: &str, names: &[&str], value: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    format!("{path}?{}", query.extend_pairs(names.iter().map(|name| (name, value))).finish())
}

/// The value as a part of a path, every byte of it written out.
fn in_path(value: &str) -> String {
    value.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    })
}

async fn is_answered(client: &Client, path: &str) {
    let page = client.get(path).await;
    assert!(!page.status.is_server_error(), "{path}: {} {}", page.status, page.text());
    assert!(!page.headers.contains_key("x-forged"), "{path}");
}

on_both!(words_that_a_database_would_obey_are_words_wherever_they_are_asked, |product| async {
    let (people, number) = walkers(&product).await;
    let (_, administrator) = people.last().expect("the administrator");
    let accounts = product.number("SELECT COUNT(*) FROM person").await;
    let pages: Vec<&str> =
        ROUTES.iter().filter(|(_, methods)| methods.contains(&"GET")).map(|(path, _)| *path).collect();
    for value in HOSTILE {
        for path in &pages {
            is_answered(administrator, &asked(&filled(path, &number), PARAMETERS, value)).await;
            if let Some((before, after)) = path.split_once('{') {
                let after = after.split_once('}').expect("its end").1;
                is_answered(administrator, &filled(&format!("{before}{}{after}", in_path(value)), &number)).await;
            }
        }
        for path in ["/suivi/agents", "/administration/comptes", "/administration/journal"] {
            for name in PARAMETERS {
                is_answered(administrator, &asked(path, &[name], value)).await;
            }
        }
        let found = administrator.get(&asked("/suivi/agents", &["q"], value)).await;
        assert!(!found.text().contains("Lea Durand"), "{value} finds nobody");
    }
    assert_eq!(product.number("SELECT COUNT(*) FROM person").await, accounts);
});

on_both!(what_no_database_keeps_is_refused_before_it_is_written, |product| async {
    let administrator = product.administrator().await;
    let form =
        [("first_name", "Zo\u{0}é"), ("last_name", "Petit"), ("email", "zoe@exemple.example"), ("role", "agent")];
    let page = administrator.post("/administration/comptes", &form).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("retapez le texte"), "{}", page.text());
    let file = "Nom;Prénom;Courriel\r\nPet\u{0}it;Zoé;zoe@exemple.example\r\n";
    let import = "77777777-7777-4777-8777-777777777777";
    let page = support::importing::send(&administrator, import, "agents", file.as_bytes()).await;
    assert!(!page.status.is_server_error(), "{}", page.text());
    let page = administrator.post(&format!("/administration/importations/{import}"), &[]).await;
    assert!(!page.status.is_server_error(), "{}", page.text());
    assert!(!administrator.get("/administration/comptes").await.text().contains("zoe@exemple.example"));
    let token = product.token(&["statements:write"]).await;
    let statement = json!({
        "actor": { "account": { "homePage": "https://exemple.fr", "name": "zo\u{0}é" } },
        "verb": { "id": "http://adlnet.gov/expapi/verbs/passed" },
        "object": { "id": "https://exemple.fr/cours" },
    });
    let request = product.stranger().bare_request(Method::POST, "/xapi/statements").json(&statement);
    let request = request.header(AUTHORIZATION, token.bearer()).header("x-experience-api-version", "1.0.3");
    let page = administrator.send(request).await;
    assert!(!page.status.is_server_error(), "{}", page.body);
});

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_leads_to_the_second_factor_and_not_round_it() {
    let required = [("SOCLE_SECOND_FACTOR", "required".to_owned())];
    let product = Product::start_with(Database::Sqlite, &required).await;
    let paul = product.person("Paul", Role::NationalPilot, Scope::Nation).await;
    let link = format!("/invitation/{}", server::identity::store::invite(&product.app, paul).await.unwrap());
    let client = product.stranger();
    let page = client.post(&link, &[("password", PASSWORD), ("password_again", PASSWORD)]).await;
    assert_eq!(page.location.as_deref(), Some("/connexion/code?back=%2F"));
    let page = client.get("/suivi/france").await;
    assert!(page.location.is_some_and(|to| to.starts_with("/connexion?")), "nothing is open yet");
}

/// Guesses a password so often; the last answer.
async fn guesses(client: &Client, count: usize) -> StatusCode {
    let mut last = StatusCode::OK;
    for guess in 0..count {
        let fields = [("email", "lea@exemple.example"), ("password", &*format!("un essai de plus {guess}"))];
        last = client.post("/connexion", &fields).await.status;
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_made_up_buys_no_more_tries() {
    let product = Product::start(Database::Sqlite).await;
    let believing_nobody = Config { trusted_proxies: Vec::new(), ..Config::clone(&product.app.config) };
    let (_app, url) = product.served_from(believing_nobody).await;
    product.agent("Lea").await;
    for number in 0..10 {
        let client = Client::new(&url).from_address(&format!("198.51.100.{number}"));
        assert_eq!(guesses(&client, 1).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let client = Client::new(&url).from_address("198.51.100.99");
    assert_eq!(guesses(&client, 1).await, StatusCode::TOO_MANY_REQUESTS, "nobody told to believe that address");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_of_one_network_are_one_guesser_and_the_victim_is_not_locked_out() {
    let product = Product::start(Database::Sqlite).await;
    let lea = product.person("Lea", Role::Agent, Scope::Own).await;
    product.give_password(lea).await;
    for number in 0..10 {
        let client = product.stranger().from_address(&format!("2001:db8:0:1::{number}"));
        assert_eq!(guesses(&client, 1).await, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let client = product.stranger().from_address("2001:db8:0:1:ffff::1");
    assert_eq!(guesses(&client, 1).await, StatusCode::TOO_MANY_REQUESTS);
    let victim = product.stranger().from_address("2001:db8:0:2::1");
    let entered = victim.post("/connexion", &[("email", "lea@exemple.example"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
}
