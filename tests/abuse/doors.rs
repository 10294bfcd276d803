//! Every door walked by who has no business there, or from where nobody has.

use crate::access_matrix::{LAST, body, filled, told, walkers};
use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait as _, Statement};
use server::error::is_for_machines;
use server::router::ROUTES;
use std::collections::BTreeMap;
use support::{Client, Database, Page, Product};

/// Every method of every route, but what would take the walkers away.
fn walked() -> impl Iterator<Item = (&'static str, &'static str)> {
    let stays = |(path, _): &&(&'static str, &[&'static str])| !LAST.contains(path);
    ROUTES.iter().filter(stays).flat_map(|(path, methods)| methods.iter().map(move |method| (*method, *path)))
}

/// The address of that route for things that do not exist.
fn unknown(path: &str) -> String {
    let mut path = path.replace("{person}", "999999").replace("{seq}", "999").replace("{maison}", "999999");
    for (name, other) in [("{course}", "autre-cours"), ("{pathway}", "autre-parcours"), ("{award}", "autre")] {
        path = path.replace(name, other);
    }
    for name in ["{attempt}", "{classroom}", "{webinar}", "{import}", "{token}", "{webhook}", "{delivery}"] {
        path = path.replace(name, "ffffffff-ffff-4fff-8fff-ffffffffffff");
    }
    filled(&path, "SF-2026-0000-0000-0000")
}

async fn ask(client: &Client, method: &str, route: &str, path: &str) -> Page {
    let request = client.request(Method::from_bytes(method.as_bytes()).unwrap(), path);
    client.send(if method == "GET" { request } else { request.form(body(method, route)) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trainer_of_another_course_reaches_no_more_than_an_agent() {
    let product = Product::start(Database::Sqlite).await;
    let (_, number) = walkers(&product).await;
    let trainer = product.signed_in(product.trainer_of("Paul", "autre-cours").await).await;
    let agent = product.agent("Nour").await;
    // Whoever trains a course may begin another.
    let begins = ["/studio", "/studio/nouveau", "/studio/importer"];
    for (method, path) in walked().filter(|(_, path)| !begins.contains(path)) {
        let expected = told(&agent, method, path, &number).await;
        assert_eq!(told(&trainer, method, path, &number).await, expected, "{method} {path}");
    }
}

/// What is shown to whoever knows its number, which cannot be guessed.
const PUBLISHED: &[&str] = &[
    "/emargement/{classroom}/{half_day}/{code}",
    "/certificats/{number}",
    "/certificats/{number}/statut.json",
    "/certificats/actions/{pathway}/{edition}/{award}",
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_what_exists_from_a_refusal() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let (stranger, agent) = (&people[0].1, &people[2].1);
    let mut refused = 0;
    for (method, route) in walked().filter(|(_, route)| route.contains('{') && !PUBLISHED.contains(route)) {
        let (known, absent) = (filled(route, &number), unknown(route));
        let (first, other) = (ask(stranger, method, route, &known).await, ask(stranger, method, route, &absent).await);
        assert_eq!((first.status, first.text()), (other.status, other.text()), "a stranger at {method} {route}");
        let first = ask(agent, method, route, &known).await;
        if first.status == StatusCode::NOT_FOUND {
            let other = ask(agent, method, route, &absent).await;
            assert_eq!((other.status, other.text()), (first.status, first.text()), "an agent at {method} {route}");
            refused += 1;
        }
    }
    assert!(refused > 50, "{refused} refusals were compared");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_route_takes_a_change_from_another_site() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    for (method, route) in walked().filter(|(method, _)| !["GET", "HEAD", "OPTIONS"].contains(method)) {
        let expected = if is_for_machines(route) { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        for (who, client) in [&people[1], people.last().expect("the administrator")] {
            for said in [("sec-fetch-site", "cross-site"), ("origin", "https://autre.example"), ("x-nothing", "said")] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let request = client.bare_request(method.clone(), &filled(route, &number)).header(said.0, said.1);
                let page = client.send(request.form(body(method.as_str(), route))).await;
                assert_eq!(page.status, expected, "{who}, {method} {route}, {said:?}");
            }
        }
    }
}

/// Rows of every table.
async fn rows(product: &Product) -> BTreeMap<String, i64> {
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'".to_owned();
    let tables = Statement::from_string(product.app.db.backend(), tables);
    let mut rows = BTreeMap::new();
    for table in product.app.db.reader().query_all_raw(tables).await.unwrap() {
        let table: String = table.try_get("", "name").unwrap();
        let count = product.number(&format!("SELECT COUNT(*) FROM \"{table}\"")).await;
        rows.insert(table, count);
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_reads_changes_nothing() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let before = rows(&product).await;
    for (_, route) in walked().filter(|(method, _)| *method == "GET") {
        for (_, client) in &people {
            client.get(&filled(route, &number)).await;
        }
    }
    product.app.audit.settle().await;
    let mut after = rows(&product).await;
    // Who looked is noted, and the key of a second factor is made as it is shown: neither is anything that was asked for.
    for noted in ["audit", "audit_chain", "second_factor", "sqlite_sequence"] {
        after.insert(noted.to_owned(), before[noted]);
    }
    assert_eq!(after, before);
}

/// Fields that no form has.
const FORGED: &[(&str, &str)] =
    &[("role", "administrator"), ("person_id", "1"), ("score", "100"), ("earned", "3000"), ("enrolled_at", "0")];

/// Forms of which only the fields they know are read, one by one.
const READ_BY_NAME: &[&str] = &["/essais/{attempt}", "/presentiel/nouvelle", "/webinaires/nouveau"];

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_a_form_does_not_have_gives_nobody_anything() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let given = async || {
        let (facts, grants) = ("SELECT COUNT(*) FROM fact", "SELECT COUNT(*) FROM role_grant");
        (product.number(facts).await, product.number(grants).await)
    };
    let before = given().await;
    let mut refused = 0;
    for (method, route) in walked().filter(|(method, route)| !body(method, route).is_empty()) {
        for (who, client) in &people[1..] {
            let form = [body(method, route), FORGED].concat();
            let status = client.post(&filled(route, &number), &form).await.status;
            assert!(status.is_client_error() || READ_BY_NAME.contains(&route), "{who}, {method} {route}: {status}");
            refused += usize::from(status.is_client_error());
        }
    }
    assert!(refused > 100, "{refused}");
    assert_eq!(given().await, before, "no fact, no role");
    assert_eq!(people[1].1.get("/administration/comptes").await.status, StatusCode::NOT_FOUND);
}

/// What anybody may keep a copy of.
const EVERYBODYS: &[&str] = &[
    "/certificats/cles.json",
    "/certificats/emetteur.json",
    "/certificats/actions/{pathway}/{edition}/{award}",
    "/certificats/{number}/statut.json",
    "/api/v1/openapi.json",
    "/health/live",
    "/health/ready",
];

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_every_route_says_how_it_may_be_used() {
    let product = Product::start(Database::Sqlite).await;
    let (people, number) = walkers(&product).await;
    let mut seen = 0;
    for (_, route) in walked().filter(|(method, _)| *method == "GET") {
        for (who, client) in &people {
            let page = client.get(&filled(route, &number)).await;
            let header = |name: &str| page.headers.get(name).map_or("", |value| value.to_str().unwrap());
            let place = format!("{who} at {route}: {:?}", page.headers);
            assert_eq!((header("x-content-type-options"), header("x-frame-options")), ("nosniff", "DENY"), "{place}");
            assert_eq!((header("referrer-policy"), header("set-cookie")), ("same-origin", ""), "{place}");
            assert!(header("content-security-policy").contains("frame-ancestors 'none'"), "{place}");
            assert!(header("strict-transport-security").starts_with("max-age=31536000"), "{place}");
            let open = header("access-control-allow-origin");
            assert!(open.is_empty() || (open == "*" && EVERYBODYS.contains(&route)), "{place}");
            if page.body.is_empty() {
                continue;
            }
            seen += 1;
            let kind = header("content-type");
            assert!(!kind.is_empty() && (!kind.starts_with("text/") || kind.contains("charset=utf-8")), "{place}");
            let kept = header("cache-control");
            let private = kept.contains("no-store") || kept.contains("private");
            assert!(private || EVERYBODYS.contains(&route), "{place}");
        }
    }
    assert!(seen > 300, "{seen}");
}
