//! Copies of everything, and what they are put back into.

use jiff::SignedDuration;
use reqwest::StatusCode;
use sea_orm::{ConnectionTrait as _, Statement};
use server::app::App;
use server::backup::{self, DATABASE};
use server::config::Config;
use std::path::Path;
use support::{Client, Database, Product};

fn config_at(product: &Product, data: &Path) -> Config {
    let mut config = product.app.config.clone();
    config.data = data.to_owned();
    config
}

/// The end of every agent's chain.
async fn heads(app: &App) -> Vec<(i64, String)> {
    let sql = "SELECT person_id, hash FROM record ORDER BY person_id";
    let rows = app.db.reader().query_all_raw(Statement::from_string(app.db.backend(), sql)).await.unwrap();
    rows.iter().map(|row| (row.try_get("", "person_id").unwrap(), row.try_get("", "hash").unwrap())).collect()
}

fn files(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_taken_while_running_and_put_back_is_the_same_product() {
    let product = Product::start(Database::Sqlite).await;
    let held = product.everything_held().await;
    let number = product.certificate_of(held.zebulon).await;
    let records = heads(&product.app).await;

    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copie");
    let now = product.app.clock.now();
    let manifest = backup::take(&product.app.config, &copy, now).await.unwrap();
    assert_eq!(manifest.files.len(), 1);
    let again = backup::take(&product.app.config, &copy, now).await.unwrap_err();
    assert!(again.to_string().contains("is there already"), "{again}");
    // What comes after the copy is not in it, and what is there when it is put back stays.
    product.person("Apres", domain::identity::Role::Agent, domain::identity::Scope::Own).await;
    let taken = backup::restore(&product.app.config, &copy).await.unwrap_err();
    assert!(taken.to_string().contains("restore into an empty place"), "{taken}");

    let config = config_at(&product, &folder.path().join("data"));
    let restored = backup::restore(&config, &copy).await.unwrap();
    assert_eq!((restored.manifest, restored.facts > 0), (manifest, true));
    let (app, url) = product.served_from(config).await;
    assert_eq!(heads(&app).await, records);
    let page = Client::new(&url).get(&format!("/certificats/{number}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Certificat authentique et en vigueur"), "{}", page.body);
    assert_eq!(held.agent.at(&url).get("/dossier").await.status, StatusCode::OK, "sessions go on");
    let gone = Client::new(&url).post("/connexion", &[("email", "apres@exemple.example"), ("password", "x")]).await;
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_not_whole_is_refused_and_leaves_nothing() {
    let product = Product::start(Database::Sqlite).await;
    let folder = tempfile::tempdir().unwrap();
    let (copy, data) = (folder.path().join("copie"), folder.path().join("data"));
    backup::take(&product.app.config, &copy, product.app.clock.now()).await.unwrap();
    let config = config_at(&product, &data);
    let database = std::fs::read(copy.join(DATABASE)).unwrap();

    let mut changed = database.clone();
    changed[database.len() / 2] ^= 1;
    for (bytes, why) in [(&changed[..], "one bit"), (&database[..database.len() - 1], "cut short"), (&[], "empty")] {
        std::fs::write(copy.join(DATABASE), bytes).unwrap();
        let refused = backup::restore(&config, &copy).await.unwrap_err();
        assert!(refused.to_string().contains("is not as it was made"), "{why}: {refused}");
        assert_eq!(files(&data), [""; 0], "{why}");
    }
    std::fs::write(copy.join(DATABASE), &database).unwrap();
    let manifest = std::fs::read_to_string(copy.join("copie.json")).unwrap();
    for (text, why) in [
        (manifest.replace(DATABASE, "../socle.sqlite"), "which this version of Socle does not know"),
        (manifest.replace('{', ""), "is not understood"),
    ] {
        std::fs::write(copy.join("copie.json"), text).unwrap();
        let refused = backup::restore(&config, &copy).await.unwrap_err();
        assert!(format!("{refused:#}").contains(why), "{refused:#}");
    }
    std::fs::remove_file(copy.join("copie.json")).unwrap();
    let refused = backup::restore(&config, &copy).await.unwrap_err();
    assert!(refused.to_string().contains("is") && refused.to_string().contains("a copy that `socle backup` made?"));
    assert_eq!(files(folder.path()), ["copie", "data"], "no part is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_night_makes_a_copy_and_removes_those_that_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let copies = folder.path().join("copies");
    let settings = [("SOCLE_BACKUPS", copies.display().to_string()), ("SOCLE_KEEP_BACKUPS", "2 1 0".to_owned())];
    let product = Product::start_with(Database::Sqlite, &settings).await;
    // Tuesday 1 December, 9:30 in Paris: there is none, one is made at once, and one only.
    for _ in 0..2 {
        backup::tick(&product.app).await.unwrap();
        assert_eq!(files(&copies), ["2026-12-01T083000Z"]);
    }
    for _ in 0..3 {
        product.wait(SignedDuration::from_hours(24));
        backup::tick(&product.app).await.unwrap();
    }
    assert_eq!(
        files(&copies),
        ["2026-12-03T083000Z", "2026-12-04T083000Z"],
        "two days; the week's last is one of them"
    );
    let config = config_at(&product, &folder.path().join("data"));
    backup::restore(&config, &copies.join("2026-12-04T083000Z")).await.unwrap();
}
