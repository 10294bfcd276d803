//! What other systems read: lists, pages, validators, and the document that tells of it.

use domain::identity::{Role, Scope};
use domain::ids::PersonId;
use jiff::SignedDuration;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED, LINK};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use server::api::document::{OPERATIONS, document};
use server::certificate::keys::Of;
use server::router::ROUTES;
use std::collections::BTreeSet;
use support::classroom::ROOM;
use support::held::seen;
use support::machine::Token;
use support::{Database, Page, Product, on_both, workspace};

const WEBINAR: &str = "66666666-6666-4666-8666-666666666666";

/// Three agents of two maisons: one holds a certificate, two had a place at a webinar, one at a session.
async fn filled(product: &Product) -> (Token, String) {
    let (vouziers, rennes) = (product.maison("Vouziers", "08").await, product.maison("Rennes", "35").await);
    let agents = product.agents_of(vouziers, "Vouziers", 2).await;
    product.agents_of(rennes, "Rennes", 1).await;
    let leader = product.trainer_of("Rose", "mediation-numerique").await;
    product.webinar_known_as(WEBINAR.parse().unwrap(), leader, &agents).await;
    let live_at = product.begin(WEBINAR.parse().unwrap()).await;
    let there = seen(WEBINAR.parse().unwrap(), agents[0], 1, live_at, (0, 90));
    server::webinar::presence::checkpoint(&product.app, vec![there]).await.unwrap();
    product.wait(SignedDuration::from_mins(90));
    product.close(WEBINAR.parse().unwrap(), live_at).await;
    product.wait(SignedDuration::from_mins(1));
    product.complete_course(agents[0]).await;
    let trainer = product.trainer().await;
    let day = domain::text::paris(product.app.clock.now()).date();
    support::classroom::plan(&trainer, day, "agent2.vouziers@exemple.example").await;
    let number = product.certificate_of(agents[0]).await;
    let all = ["people:read", "maisons:read", "sessions:read", "records:read", "certificates:read"];
    (product.token(&all).await, number)
}

fn names(page: &Page) -> Vec<String> {
    let items = page.json()["items"].as_array().cloned().unwrap_or_default();
    items.iter().map(|item| format!("{} {}", item["first_name"], item["last_name"]).replace('"', "")).collect()
}

on_both!(agents_are_listed_by_page_and_filtered, |product| async move {
    let (token, _) = filled(&product).await;
    let read = async |path: &str| product.read_by(&token, path).await;
    let first = read("/api/v1/people?limit=2").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert_eq!(names(&first), ["Agent1 Vouziers", "Agent2 Vouziers"]);
    assert_eq!(first.headers[CONTENT_TYPE], "application/json");
    assert_eq!(first.headers[CACHE_CONTROL], "private, no-store");
    let next = first.json()["next"].as_str().expect("a next page").to_owned();
    assert_eq!(first.headers[LINK].to_str().unwrap(), format!("<{next}>; rel=\"next\""));
    let path = next.strip_prefix(&product.app.config.public_url).expect("an address of this site");
    let last = read(path).await;
    assert_eq!(
        (names(&last), last.json()["next"].is_null(), last.headers.get(LINK)),
        (vec!["Agent1 Rennes".into()], true, None)
    );

    assert_eq!(names(&read("/api/v1/people?departement=35").await), ["Agent1 Rennes"]);
    assert_eq!(
        names(&read("/api/v1/people?maison=1&email=Agent2.Vouziers%40exemple.example").await),
        ["Agent2 Vouziers"]
    );
    assert_eq!(names(&read("/api/v1/people?state=done&course=mediation-numerique").await), ["Agent1 Vouziers"]);
    assert_eq!(names(&read("/api/v1/people?state=not-begun").await), ["Agent2 Vouziers", "Agent1 Rennes"]);
    let none = read("/api/v1/people?course=un-autre-cours").await;
    assert_eq!((names(&none), none.json()["next"].is_null()), (vec![], true));

    let person = read("/api/v1/people/1").await.json();
    assert_eq!((person["maison"]["departement"].as_str(), person["active"].as_bool()), (Some("08"), Some(true)));
    let enrolment = &person["enrolments"][0];
    assert_eq!((enrolment["state"].as_str(), enrolment["webinars_met"].as_u64()), (Some("done"), Some(1)));
    // Who trains is no agent.
    assert_eq!(read("/api/v1/people/4").await.status, StatusCode::NOT_FOUND);
});

on_both!(sessions_tell_who_was_there, |product| async move {
    let (token, _) = filled(&product).await;
    let read = async |path: &str| product.read_by(&token, path).await.json();
    let list = read("/api/v1/webinars?status=closed&course=mediation-numerique").await;
    assert_eq!((list["items"][0]["id"].as_str(), list["items"][0]["registered"].as_u64()), (Some(WEBINAR), Some(2)));
    assert_eq!(read("/api/v1/webinars?status=planned").await["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(read("/api/v1/webinars?before=2026-01-01T00:00:00Z").await["items"].as_array().map(Vec::len), Some(0));
    let webinar = read(&format!("/api/v1/webinars/{WEBINAR}")).await;
    assert_eq!((webinar["present"].as_u64(), webinar["status"].as_str()), (Some(1), Some("closed")));
    let met: Vec<_> = webinar["roster"].as_array().unwrap().iter().map(|it| it["met"].as_bool().unwrap()).collect();
    assert_eq!(met, [true, false]);
    let list = read("/api/v1/classrooms?component=retraite").await;
    assert_eq!(
        (list["items"][0]["id"].as_str(), list["items"][0]["half_days"].as_array().map(Vec::len)),
        (Some(ROOM), Some(2))
    );
    let classroom = read(&format!("/api/v1/classrooms/{ROOM}")).await;
    assert_eq!(
        (classroom["roster"][0]["person"].as_u64(), classroom["roster"][0]["marks"][0]["present"].as_bool()),
        (Some(2), Some(false))
    );
});

on_both!(a_record_is_read_with_its_chain_and_what_changed_since_is_found, |product| async move {
    let (token, _) = filled(&product).await;
    let read = async |path: &str| product.read_by(&token, path).await;
    let list = read("/api/v1/records").await.json();
    let order: Vec<_> = list["items"].as_array().unwrap().iter().map(|item| item["person"].as_u64().unwrap()).collect();
    assert_eq!(order, [2, 1], "the one written last comes last");
    let since = list["items"][1]["updated_at"].as_str().unwrap();
    let changed = read(&format!("/api/v1/records?updated_since={since}&departement=08")).await.json();
    assert_eq!((changed["items"][0]["person"].as_u64(), changed["items"].as_array().map(Vec::len)), (Some(1), Some(1)));
    let paged = read("/api/v1/records?limit=1").await.json();
    let next = paged["next"].as_str().unwrap().strip_prefix(&product.app.config.public_url).unwrap().to_owned();
    assert_eq!(read(&next).await.json()["items"][0]["person"], 1);

    let record = read("/api/v1/records/1").await;
    assert!(record.headers.contains_key(LAST_MODIFIED));
    let record = record.json();
    assert!(record["courses"]["mediation-numerique"]["completed"].is_object(), "{record}");
    // Page by page, the chain is the one that the ledger's own check accepts.
    let (mut path, mut entries) = ("/api/v1/records/1/facts?limit=7".to_owned(), Vec::new());
    loop {
        let page = read(&path).await.json();
        entries.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = next.strip_prefix(&product.app.config.public_url).unwrap().to_owned();
    }
    assert_eq!(Some(entries.len() as u64), record["seq"].as_u64());
    let rows = entries.iter().map(|entry| domain::record::StoredEntry {
        seq: entry["seq"].as_u64().unwrap(),
        at: entry["at"].as_str().unwrap().parse().unwrap(),
        author: entry["author"].as_i64().map(PersonId),
        body: entry["sealed"].as_str().unwrap().to_owned(),
        hash: entry["hash"].as_str().unwrap().parse().unwrap(),
    });
    let head = (record["seq"].as_u64().unwrap(), record["hash"].as_str().unwrap().parse().unwrap());
    assert!(domain::record::verify(PersonId(1), rows, Some(head)).is_ok());
    for unknown in ["/api/v1/records/3", "/api/v1/records/3/facts", "/api/v1/records/x", "/api/v1/records/-1"] {
        assert_eq!(read(unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }
});

on_both!(certificates_are_listed_with_their_status_and_read_as_they_were_signed, |product| async move {
    let (token, number) = filled(&product).await;
    let read = async |path: &str| product.read_by(&token, path).await;
    let list = read("/api/v1/certificates?person=1&status=valid").await.json();
    assert_eq!(
        (list["items"][0]["number"].as_str(), list["items"][0]["status"].as_str()),
        (Some(&*number), Some("valid"))
    );
    assert_eq!(read("/api/v1/certificates?status=withdrawn").await.json()["items"].as_array().map(Vec::len), Some(0));
    let after = product.app.clock.now() + SignedDuration::from_mins(1);
    let since = format!("/api/v1/certificates?updated_since={after}");
    assert_eq!(read(&since).await.json()["items"].as_array().map(Vec::len), Some(0));
    let whole = read(&format!("/api/v1/certificates/{number}")).await;
    assert!(whole.headers.contains_key(LAST_MODIFIED));
    let whole = whole.json();
    let signed: Value = serde_json::from_str(whole["signed"].as_str().unwrap()).unwrap();
    assert_eq!((&signed, whole["person"].as_u64()), (&whole["certificate"], Some(1)));
    let keys = product.app.keys.published().unwrap();
    let key = keys.iter().find(|key| whole["key"] == key.name).unwrap();
    let text = whole["signed"].as_str().unwrap().as_bytes();
    assert!(key.signed(Of::Certificate, text, whole["signature"].as_str().unwrap()));
});

on_both!(what_has_not_changed_is_not_sent_again, |product| async move {
    let (token, _) = filled(&product).await;
    let stranger = product.stranger();
    for path in ["/api/v1/people", "/api/v1/maisons/1", "/api/v1/records/1"] {
        let first = product.read_by(&token, path).await;
        let again = stranger.bare_request(Method::GET, path).header(AUTHORIZATION, token.bearer());
        let again = stranger.send(again.header(IF_NONE_MATCH, first.headers[ETAG].clone())).await;
        assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(again.headers[ETAG], first.headers[ETAG]);
    }
    let before = product.read_by(&token, "/api/v1/people/2").await.headers[ETAG].clone();
    server::identity::store::suspend(&product.app, PersonId(2), true).await.unwrap();
    assert_ne!(product.read_by(&token, "/api/v1/people/2").await.headers[ETAG], before);
});

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_not_understood_is_refused_and_names_its_parameter() {
    let product = Product::start(Database::Sqlite).await;
    let (token, _) = filled(&product).await;
    for (query, named) in [
        ("people?departemant=08", "departemant"),
        ("people?limit=201", "limit"),
        ("people?limit=2&limit=3", "limit"),
        ("people?state=late", "state"),
        ("people?cursor=x", "cursor"),
        ("people?email=%00", "email"),
        ("people/1?limit=3", "limit"),
        ("maisons?departement=99", "departement"),
        ("webinars?from=hier", "from"),
        ("webinars?cursor=1~x", "cursor"),
        ("records?updated_since=2026-12-01", "updated_since"),
        ("certificates?person=-1", "person"),
        ("token?x=1", "x"),
    ] {
        let refused = product.read_by(&token, &format!("/api/v1/{query}")).await;
        let problem = refused.json();
        assert_eq!(
            (refused.status, problem["type"].as_str()),
            (StatusCode::BAD_REQUEST, Some("/api/v1#parametre")),
            "{query}"
        );
        assert!(problem["detail"].as_str().unwrap().contains(named), "{query}: {problem}");
    }
}

/// Where the fields of an answer are not those that its shape has.
fn compare(root: &Value, shape: &Value, told: &Value, at: &str, wrong: &mut Vec<String>) {
    if let Some(name) = shape["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap();
        return compare(root, &root["components"]["schemas"][name], told, at, wrong);
    }
    if let Some(either) = shape["anyOf"].as_array() {
        if !told.is_null() {
            compare(root, &either[0], told, at, wrong);
        }
        return;
    }
    match told {
        Value::Object(fields)
            if shape["properties"].is_object() && shape["required"].as_array().map(Vec::len) > Some(1) =>
        {
            let known: BTreeSet<&String> = shape["properties"].as_object().unwrap().keys().collect();
            let there: BTreeSet<&String> = fields.keys().collect();
            if known != there {
                wrong.push(format!("{at}: {there:?} is not {known:?}"));
            }
            fields.iter().for_each(|(name, told)| {
                compare(root, &shape["properties"][name], told, &format!("{at}.{name}"), wrong)
            });
        }
        Value::Array(items) => items.iter().for_each(|item| compare(root, &shape["items"], item, at, wrong)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_tells_every_address_and_every_answer_as_it_is() {
    let product = Product::start(Database::Sqlite).await;
    let (token, number) = filled(&product).await;
    let told = product.stranger().get("/api/v1/openapi.json").await.json();
    assert_eq!(told, document(&product.app.config.public_url));
    let routes: BTreeSet<&str> =
        ROUTES.iter().map(|(path, _)| *path).filter(|path| path.starts_with("/api/v1/")).collect();
    let paths: BTreeSet<&str> = told["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(routes, paths, "the document and the router");

    let mut wrong = Vec::new();
    for operation in OPERATIONS {
        let path = operation.path.replace("{person}", "1").replace("{maison}", "1").replace("{webinar}", WEBINAR);
        let path = path.replace("{classroom}", ROOM).replace("{number}", &number);
        let answer = product.read_by(&token, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        let shape = &told["paths"][operation.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let answer = answer.json();
        assert!(answer["items"].as_array().is_none_or(|items| !items.is_empty()), "{path} has nothing to look at");
        compare(&told, shape, &answer, operation.path, &mut wrong);
        // A token with every other scope does not open it.
        if let Some(scope) = operation.scope {
            let others = domain::identity::TokenScope::ALL.iter().filter(|other| **other != scope);
            let others: Vec<&str> = others.map(|other| other.as_str()).collect();
            let refused = product.read_by(&product.token(&others).await, &path).await;
            assert_eq!(
                (refused.status, refused.json()["type"].as_str()),
                (StatusCode::FORBIDDEN, Some("/api/v1#portee"))
            );
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_about_the_api_is_open_and_no_cookie_opens_the_api() {
    let product = Product::start(Database::Sqlite).await;
    let page = product.stranger().get("/api/v1").await;
    assert!(page.status == StatusCode::OK && page.text().contains("people:read"));
    let administrator = product.follows(Role::Administrator, Scope::Nation).await;
    assert_eq!(administrator.get("/api/v1/people").await.status, StatusCode::UNAUTHORIZED);
}

/// Schemathesis asks what the document allows and what it forbids, and holds each answer to it.
#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_answer_that_the_document_does_not_tell() {
    let product = Product::start(Database::Sqlite).await;
    let (token, _) = filled(&product).await;
    let said = tokio::process::Command::new("sh")
        .arg(workspace().join("tests/schemathesis.sh"))
        .args([&product.url, &token.whole])
        .output()
        .await
        .expect("schemathesis; `make setup-tests` fetches it");
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
}
