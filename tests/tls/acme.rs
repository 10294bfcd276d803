//! The certificate that Socle asks an authority for by itself, and renews: pebble is the authority.

use super::{HOST, ask, connect, get};
use domain::identity::{Role, Scope};
use http::{StatusCode, Version};
use jiff::SignedDuration;
use server::{config, jobs};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;
use support::authority::{Authority, REFUSED};
use support::served::House;
use support::waiting::{come, free_door};
use support::{Database, Product};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::timeout;

/// Everything comes within this.
const PATIENCE: Duration = Duration::from_secs(60);
/// Seconds that a certificate is good for: as long as a scene, or so short that it is renewed in one.
const LONG: u64 = 3600;
const SHORT: u64 = 20;

/// A machine whose ports 443 and 80 are these doors, and the authority that it asks.
struct World {
    authority: Authority,
    https: SocketAddr,
    http: SocketAddr,
    house: House,
}

impl World {
    fn new(life: u64) -> Self {
        let (https, http) = (free_door(), free_door());
        let authority = Authority::new(https, http, life).unwrap();
        let house = House::new(Database::Sqlite, "production")
            .unwrap()
            .with("SOCLE_LISTEN", https.to_string())
            .with("SOCLE_REDIRECT", http.to_string())
            .with("SOCLE_ACME", authority.directory())
            .with("SOCLE_ACME_TERMS", "agreed".to_owned())
            .with("SOCLE_ACME_EMAIL", "anne@socle.example".to_owned())
            .with("SOCLE_ACME_ROOT", authority.root_file().display().to_string());
        Self { authority, https, http, house }
    }

    /// The same, whose authority answers.
    fn with_authority(life: u64) -> Self {
        let mut world = Self::new(life);
        world.authority.start().unwrap();
        world
    }

    /// What plain HTTP says of whether it is ready.
    async fn ready(&self) -> (StatusCode, String) {
        let answer = reqwest::get(format!("http://{}/health/ready", self.http)).await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Until HTTPS is answered with a certificate of this authority.
    async fn serves(&self) -> super::Answer {
        let root = self.authority.root().await.unwrap();
        come("HTTPS", PATIENCE, async || ask(&root, self.https, b"h2", get("/connexion")).await.ok()).await
    }
}

/// The files that are kept, by name, and their modes.
fn kept(data: &Path) -> Vec<(String, u32)> {
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = data.join("acme");
    let mut found = vec![("acme".to_owned(), mode(&folder))];
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        // Behind what tells one authority from another.
        let (_, name) = path.file_name().unwrap().to_str().unwrap().split_once('-').unwrap();
        found.push((name.to_owned(), mode(&path)));
    }
    found.sort();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_https_with_a_certificate_that_a_restart_keeps() {
    let world = World::with_authority(LONG);
    let served = world.house.serve().await.unwrap();
    let page = world.serves().await;
    assert_eq!((page.status, page.version), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(page.headers["strict-transport-security"], "max-age=31536000");
    let root = world.authority.root().await.unwrap();
    let old = ask(&root, world.https, b"http/1.1", get("/connexion")).await.unwrap();
    assert_eq!((old.status, old.version), (StatusCode::OK, Version::HTTP_11));
    assert_eq!(world.ready().await, (StatusCode::OK, "ready\n".to_owned()));
    let mine = |name: &str| (name.to_owned(), 0o600);
    let expected = [mine("account.json"), ("acme".to_owned(), 0o700), mine("socle.example.pem")];
    assert_eq!(kept(world.house.folder()), expected);
    // Nobody is shown what only the authority asks for, nor an answer that nobody asked for.
    assert!(connect(&root, world.https, &[b"acme-tls/1"]).await.is_err());
    let asked = reqwest::get(format!("http://{}/.well-known/acme-challenge/abc", world.http)).await.unwrap();
    assert_eq!(asked.status(), StatusCode::NOT_FOUND);

    served.terminate().unwrap();
    assert!(served.stopped().await.unwrap().success());
    let _served = world.house.serve().await.unwrap();
    let again = ask(&root, world.https, b"h2", get("/connexion")).await.unwrap();
    assert_eq!(again.certificate, page.certificate, "at once, and the same");
    assert_eq!((world.authority.orders(), world.authority.accounts()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_cuts_nobody() {
    let world = World::with_authority(SHORT);
    let _served = world.house.serve().await.unwrap();
    let first = world.serves().await.certificate;
    let root = world.authority.root().await.unwrap();
    // Half of a form is sent.
    let mut long = connect(&root, world.https, &[b"http/1.1"]).await.unwrap();
    let form = "email=lea%40exemple.example&password=rien";
    let head = format!(
        "POST /connexion HTTP/1.1\r\nhost: {HOST}\r\norigin: https://{HOST}\r\ncontent-length: {}\r\n\
         content-type: application/x-www-form-urlencoded\r\nconnection: close\r\n\r\n",
        form.len()
    );
    let (begun, rest) = form.split_at(10);
    long.write_all(format!("{head}{begun}").as_bytes()).await.unwrap();
    let renewed = come("a renewal", PATIENCE, async || {
        // The former serves until the new one is there.
        let answer = ask(&root, world.https, b"h2", get("/connexion")).await.unwrap();
        assert_eq!(answer.status, StatusCode::OK);
        Some(answer.certificate).filter(|certificate| *certificate != first)
    });
    renewed.await;
    long.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    long.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422 "), "{answer}");
    assert_eq!(world.authority.accounts(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_does_not_answer_is_waited_for_and_its_absence_told() {
    let mut world = World::new(LONG);
    let served = world.house.serve().await.unwrap();
    let waited = format!("HTTPS waits for a certificate of {HOST} from {}", world.authority.directory());
    let said =
        come("what is waited for", PATIENCE, async || Some(world.ready().await.1).filter(|said| said.contains("; ")))
            .await;
    assert!(
        said.starts_with(&waited) && said.contains("the authority does not answer as one does: look at SOCLE_ACME"),
        "{said}"
    );
    assert_eq!(world.ready().await.0, StatusCode::SERVICE_UNAVAILABLE);
    world.authority.start().unwrap();
    assert_eq!(world.serves().await.status, StatusCode::OK);
    assert_eq!(world.ready().await.0, StatusCode::OK);

    // Gone once more: what is kept serves at once.
    let root = world.authority.root().await.unwrap();
    world.authority.goes();
    served.terminate().unwrap();
    assert!(served.stopped().await.unwrap().success());
    let _served = world.house.serve().await.unwrap();
    assert_eq!(ask(&root, world.https, b"h2", get("/connexion")).await.unwrap().status, StatusCode::OK);
    assert_eq!(world.ready().await.0, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_the_authority_refuses_is_told_with_what_to_do() {
    let mut world = World::with_authority(LONG);
    let log = world.house.folder().join("log");
    world.house = world.house.with("SOCLE_PUBLIC_URL", format!("https://{REFUSED}")).logging_to(log.clone());
    let _served = world.house.serve().await.unwrap();
    let told = "no certificate of refuse.example: the authority gives none for that name: look at SOCLE_PUBLIC_URL, and at the \
                CAA record of the domain; it is asked again at ";
    let logged =
        come("the refusal", PATIENCE, async || std::fs::read_to_string(&log).ok().filter(|log| log.contains(told)))
            .await;
    assert!(logged.contains("rejectedIdentifier"), "what it said: {logged}");
    assert_eq!(world.ready().await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.authority.orders(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_port_443_is_not_found_the_authority_asks_on_port_80() {
    let mut world = World::with_authority(LONG);
    // Something stands before it that opens TLS: the authority comes to a door where nobody answers it.
    let behind = free_door();
    world.house = world.house.with("SOCLE_LISTEN", behind.to_string());
    let _served = world.house.serve().await.unwrap();
    world.https = behind;
    assert_eq!(world.serves().await.status, StatusCode::OK);
    assert_eq!(world.authority.orders(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_an_order_it_finishes_at_the_next_start() {
    let world = World::with_authority(LONG);
    // Whoever comes to port 443 is let wait, as the authority is while it asks.
    let door = TcpListener::bind(world.https).await.unwrap();
    let behind = free_door();
    let waiting = world.house.serve_at(behind).await.unwrap();
    let (asking, _) = timeout(PATIENCE, door.accept()).await.expect("it asks").unwrap();
    waiting.kill().await.unwrap();
    drop((asking, door));
    assert_eq!(kept(world.house.folder()).len(), 2, "the account, and no certificate");

    let _served = world.house.serve().await.unwrap();
    assert_eq!(world.serves().await.status, StatusCode::OK);
    assert_eq!((world.authority.orders(), world.authority.accounts()), (2, 1), "by the same account");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_read_why_no_certificate_came_and_when_it_is_asked_for_next() {
    let product = Product::start(Database::Sqlite).await;
    let keeper = product.person("Odile", Role::Administrator, Scope::Nation).await;
    let mut authority = Authority::new(free_door(), free_door(), LONG).unwrap();
    let mut config = product.app.config.clone();
    let (directory, root) = (authority.directory(), Some(authority.root_file()));
    config.acme = Some(config::Acme { directory, email: None, root });
    config.public_url = format!("http://{HOST}");
    let (app, url) = product.served_from(config).await;
    let opens = async || {
        let page = product.signed_in(keeper).await.at(&url).get("/administration/exploitation").await;
        page.text().replace(['\u{a0}', '\u{202f}'], " ")
    };
    jobs::certify(&app).await;
    let page = opens().await;
    for said in
        ["Il n’y a pas de certificat HTTPS : l’autorité de certification ne répond pas.", "Aucun encore", "Échec du "]
    {
        assert!(page.contains(said), "{said} in {page}");
    }
    // A pause, and it asks a machine that nobody finds.
    authority.start().unwrap();
    product.wait(SignedDuration::from_mins(20));
    jobs::certify(&app).await;
    let page = opens().await;
    assert!(page.contains("l’autorité ne trouve pas cette machine sous son nom."), "{page}");
    assert!(page.contains("Vérifiez où mène le nom (DNS, A et AAAA)"), "{page}");
    jobs::certify(&app).await;
    assert_eq!(authority.orders(), 1, "it is not time yet");
}

#[test]
fn a_root_that_cannot_be_read_is_named_before_anything_is_served() {
    let house = World::new(LONG).house.with("SOCLE_ACME_ROOT", "/absent.pem".to_owned());
    let refused = house.command(&["serve"]).unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success());
    assert!(said.contains("SOCLE_ACME_ROOT names /absent.pem, which cannot be read as PEM: No such file"), "{said}");
}
