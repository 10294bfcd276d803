//! A backup taken while the product runs opens as the product.

use reqwest::StatusCode;
use server::record::store;
use support::{Database, Product};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_taken_while_running_is_whole() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    let chapter = "/cours/mediation-numerique/accueil-et-posture";
    let page = agent.post(&format!("{chapter}/quiz"), &[("attempt", "11111111-1111-4111-8111-111111111111")]).await;
    agent.post(&page.location.unwrap(), &[("action", "finish")]).await;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("socle.sqlite");
    server::db::backup(&product.app.config, &file).await.unwrap();
    assert!(server::db::backup(&product.app.config, &file).await.is_err(), "an existing file is never overwritten");

    let mut config = product.app.config.clone();
    config.data = folder.path().to_owned();
    let (clock, dice) = (product.app.clock.clone(), product.app.dice.clone());
    let restored = server::app::App::open(config, clock, dice, None).await.unwrap();
    let (facts, findings) = store::check(&restored.db).await.unwrap();
    assert_eq!((facts, findings.len()), (1, 0));
    assert_eq!(agent.get("/dossier").await.status, StatusCode::OK);
}
