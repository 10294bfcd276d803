//! Several processes on one PostgreSQL: what is said to one is so on the others, what is to be done once is, and a webinar
//! outlives the node that it is on.

mod cascade;
mod killed;
mod once;
mod rooms;

use reqwest::{Method, StatusCode};
use server::app::App;
use server::clock::Dice;
use server::config::Config;
use server::identity::{session, store};
use support::accounts::PASSWORD;
use support::postgres::Borrowed;
use support::served::House;
use support::{Client, Database, Product, workspace};

/// The node `a`, and the node `b` beside it: its address too.
async fn two() -> (Product, App, String) {
    let product = Product::start_with(Database::Postgres, &[("SOCLE_NODE", "a".to_owned())]).await;
    let mut config = product.app.config.clone();
    config.node = Some("b".to_owned());
    let (other, url) = product.served_from(config).await;
    (product, other, url)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_open_an_empty_database_together_all_open_it() {
    let product = Product::start(Database::Postgres).await;
    let database = Borrowed::make();
    let opening = ["a", "b", "c", "d"].map(|node| {
        let mut config = product.app.config.clone();
        (config.node, config.database_url) = (Some(node.to_owned()), Some(database.url.clone()));
        let clock = product.app.clock.clone();
        tokio::spawn(async move { App::open(config, clock, Dice::system().expect("dice"), None).await.map(drop) })
    });
    for opened in opening {
        opened.await.expect("no panic").expect("opens");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ended_on_one_node_opens_nothing_on_the_other() {
    let (product, other, url) = two().await;
    let there = async |client: &Client| client.at(&url).get("/dossier").await.status;
    let lea = product.agent("Lea").await;
    assert_eq!((lea.get("/dossier").await.status, there(&lea).await), (StatusCode::OK, StatusCode::OK));
    let form = lea.post("/deconnexion", &[]).await;
    assert_eq!(form.status, StatusCode::SEE_OTHER);
    // The browser kept a copy of its cookie.
    let noe = product.agent("Noe").await;
    let copy = noe.at(&url);
    assert_eq!((noe.get("/dossier").await.status, there(&copy).await), (StatusCode::OK, StatusCode::OK));
    noe.post("/deconnexion", &[]).await;
    assert_eq!(there(&copy).await, StatusCode::SEE_OTHER, "signed out on the other node");
    let ana = product.agent("Ana").await;
    assert_eq!((ana.get("/dossier").await.status, there(&ana).await), (StatusCode::OK, StatusCode::OK));
    let person = store::find(&other, &"ana@exemple.example".parse().unwrap()).await.unwrap().expect("an account");
    store::suspend(&other, person, true).await.unwrap();
    session::close_all(&other, person).await.unwrap();
    assert_eq!(ana.get("/dossier").await.status, StatusCode::SEE_OTHER, "suspended on the other node");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_led_to_a_node_by_its_name_is_as_if_asked_without_it() {
    let (product, _, url) = two().await;
    let stranger = product.stranger();
    assert_eq!(stranger.get("/noeud/a/health/ready").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/noeud/b/health/ready").await.status, StatusCode::NOT_FOUND, "a proxy that errs");
    let form = [("email", "rose@exemple.example"), ("password", PASSWORD)];
    assert_eq!(stranger.post("/noeud/a/connexion", &form).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What is refused or asked again by its route is so under that address too.
    let agent = product.agent("Lea").await;
    assert_eq!(agent.get("/noeud/a/administration/jetons").await.status, StatusCode::NOT_FOUND);
    let bare = agent.bare_request(Method::POST, "/noeud/a/deconnexion");
    assert_eq!(agent.send(bare).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.at(&url).get("/noeud/b/dossier").await.status, StatusCode::OK);
}

/// What a start that is refused says.
async fn refused(served: anyhow::Result<support::served::Served>, log: &std::path::Path) -> String {
    assert!(served.is_err(), "it serves");
    std::fs::read_to_string(log).expect("words")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_database_is_served_by_one_process_and_commands_go_on_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let house = House::new(Database::Sqlite, "production").unwrap().logging_to(log.clone());
    let served = house.serve().await.unwrap();
    let said = refused(house.serve().await, &log).await;
    assert!(said.contains("another Socle serves") && said.contains("one PostgreSQL"), "{said}");
    let course = workspace().join("content/mediation-numerique").display().to_string();
    let copy = folder.path().join("copy").display().to_string();
    for words in [["content", "publish", &course].as_slice(), &["record", "verify"], &["backup", &copy]] {
        let done = house.command(words).unwrap();
        assert!(done.status.success(), "{words:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
    served.kill().await.unwrap();
    house.serve().await.expect("the system took the lock back with the process");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_serve_one_postgres_have_each_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let house = House::new(Database::Postgres, "production").unwrap().logging_to(log.clone());
    let alone = house.serve().await.unwrap();
    let said = refused(house.serve().await, &log).await;
    assert!(said.contains("each has a name (SOCLE_NODE)"), "{said}");
    let said = refused(house.serve_as("a").await, &log).await;
    assert!(said.contains("a Socle without a name serves this database"), "{said}");
    alone.kill().await.unwrap();
    let (first, _second) = (house.serve_as("a").await.unwrap(), house.serve_as("b").await.unwrap());
    let said = refused(house.serve_as("a").await, &log).await;
    assert!(said.contains("another Socle that serves this database is called `a`"), "{said}");
    first.kill().await.unwrap();
    house.serve_as("a").await.expect("its name is free again");
}

#[test]
fn a_node_has_a_short_name_and_postgres() {
    let read = |settings: &[(&str, &str)]| {
        let find = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Config::read(find, "").map(|config| config.node)
    };
    assert_eq!(read(&[]).unwrap(), None);
    let database = ("DATABASE_URL", "postgres://x");
    assert_eq!(read(&[("SOCLE_NODE", "salle-2"), database]).unwrap().as_deref(), Some("salle-2"));
    assert!(read(&[("SOCLE_NODE", "salle 2"), database]).is_err() && read(&[("SOCLE_NODE", "a")]).is_err());
}
