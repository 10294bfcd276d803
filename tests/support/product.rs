//! Starting the product.

use crate::client::Client;
use crate::postgres::Borrowed;
use domain::pathway::Pathway;
use jiff::{SignedDuration, Timestamp};
use server::app::App;
use server::clock::{Clock, Dice};
use server::config::Config;
use server::document;
use server::{course, router};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Which database the product runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace").to_owned()
}

/// The product, running in this process on a random port, with the real course published.
/// Its clock stands still until it is moved.
pub struct Product {
    pub app: App,
    pub url: String,
    now: Arc<AtomicI64>,
    _data: TempDir,
    _database: Option<Borrowed>,
}

/// 1 December 2026, 9:30 in Paris.
const START: i64 = 1_796_113_800_000;

impl Product {
    /// Starts the product on a new, empty database and publishes the course.
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same, with these settings too.
    pub async fn start_with(database: Database, more: &[(&'static str, String)]) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let database = (database == Database::Postgres).then(Borrowed::make);
        let mut settings = vec![
            ("SOCLE_DATA", data.path().display().to_string()),
            ("SOCLE_SITE", workspace().join("target/site").display().to_string()),
            ("SOCLE_CONTENT", workspace().join("content").display().to_string()),
            ("SOCLE_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
            ("SOCLE_MEDIA_PORT", "0".to_owned()),
        ];
        settings.extend(more.iter().cloned());
        settings.extend(database.as_ref().map(|database| ("DATABASE_URL", database.url.clone())));
        let find = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let config = Config::read(find, "").expect("settings");
        let now = Arc::new(AtomicI64::new(START));
        let told = Arc::clone(&now);
        let clock =
            Clock::told_by(move || Timestamp::from_millisecond(told.load(Ordering::SeqCst)).expect("an instant"));
        let app = App::open(config, clock, Dice::system().expect("dice"), None).await.expect("the product opens");
        let product = Self { url: serve(door().await, &app), app, now, _data: data, _database: database };
        product.publish("mediation-numerique").await;
        product.publish_pathway("parcours-france-services").await;
        product
    }

    /// Publishes a course of the content folder.
    pub async fn publish(&self, slug: &str) {
        let checked = course::publish::check(&workspace().join("content").join(slug)).expect("a folder");
        assert_eq!(checked.problems, [], "the course has problems");
        course::publish::publish(&self.app, checked).await.expect("publishes");
    }

    /// Publishes a pathway of the content folder.
    pub async fn publish_pathway(&self, slug: &str) {
        let checked = document::check::<Pathway>(&workspace().join("content").join(slug)).expect("a folder");
        assert_eq!(checked.problems, [], "the pathway has problems");
        document::publish(&self.app, checked).await.expect("publishes");
    }

    /// A second server on the same database and clock, as after a restart: nothing is remembered but what is stored.
    pub async fn restarted(&self) -> String {
        self.served_from(self.app.config.clone()).await.1
    }

    /// A second server with other settings, on the same clock.
    pub async fn served_from(&self, config: Config) -> (App, String) {
        let door = door().await;
        let url = url(&door);
        (self.served_at(door, config).await, url)
    }

    /// The same at that door, whose address others were told before it opens.
    pub async fn served_at(&self, door: TcpListener, config: Config) -> App {
        let clock = self.app.clock.clone();
        let app = App::open(config, clock, Dice::system().expect("dice"), None).await.expect("the product opens");
        serve(door, &app);
        app
    }

    /// A second server, called by the name of this machine: browsers take passkeys there, and none at a bare address.
    pub async fn at_localhost(&self) -> (App, String) {
        let door = door().await;
        let mut config = self.app.config.clone();
        config.public_url = url(&door).replace("127.0.0.1", "localhost");
        let url = config.public_url.clone();
        (self.served_at(door, config).await, url)
    }

    /// Moves the clock on.
    pub fn wait(&self, duration: SignedDuration) {
        self.now.fetch_add(i64::try_from(duration.as_millis()).expect("a while"), Ordering::SeqCst);
    }

    /// Somebody who is not signed in.
    pub fn stranger(&self) -> Client {
        Client::new(&self.url)
    }
}

/// A random port of this machine, on which nobody answers yet.
pub(crate) async fn door() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.expect("a port")
}

/// The address of a door.
pub(crate) fn url(door: &TcpListener) -> String {
    format!("http://{}", door.local_addr().expect("an address"))
}

fn serve(listener: TcpListener, app: &App) -> String {
    let url = url(&listener);
    let product = router::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum_serve(listener, product).await });
    url
}

async fn axum_serve(
    listener: TcpListener,
    product: axum::extract::connect_info::IntoMakeServiceWithConnectInfo<axum::Router, SocketAddr>,
) {
    axum::serve(listener, product).await.expect("serves");
}
