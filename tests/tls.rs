//! HTTPS by the binary itself: a whole installation without a proxy.

mod acme;

use axum::body::{Body, to_bytes};
use axum_server::tls_rustls::RustlsConfig;
use http::{HeaderMap, Request, StatusCode, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use server::config::Tls;
use server::tls;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use support::Database;
use support::served::House;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const HOST: &str = "socle.example";

/// Writes a new certificate and its key, and gives the certificate.
fn certificate(folder: &Path) -> CertificateDer<'static> {
    support::certificate::write(folder, HOST).unwrap()
}

/// What came back.
struct Answer {
    status: StatusCode,
    version: Version,
    headers: HeaderMap,
    body: String,
    certificate: CertificateDer<'static>,
}

/// Connects as somebody who trusts this certificate alone and speaks these protocols.
async fn connect(
    trusted: &CertificateDer<'static>,
    address: SocketAddr,
    protocols: &[&[u8]],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.to_vec()).collect();
    let line = TcpStream::connect(address).await?;
    TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(HOST).unwrap(), line).await
}

/// Asks as a browser that trusts this certificate alone and prefers that version of HTTP.
async fn ask(
    trusted: &CertificateDer<'static>,
    address: SocketAddr,
    prefers: &[u8],
    request: Request<String>,
) -> std::io::Result<Answer> {
    let line = connect(trusted, address, &[prefers, b"http/1.1"]).await?;
    let certificate = line.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned();
    let response = if line.get_ref().1.alpn_protocol() == Some(b"h2") {
        let (mut sender, line) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(line)).await.unwrap();
        tokio::spawn(line);
        sender.send_request(request).await.unwrap()
    } else {
        let (mut sender, line) = hyper::client::conn::http1::handshake(TokioIo::new(line)).await.unwrap();
        tokio::spawn(line);
        sender.send_request(request).await.unwrap()
    };
    let (head, body) = response.into_parts();
    let body = to_bytes(Body::new(body), 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    Ok(Answer { status: head.status, version: head.version, headers: head.headers, body, certificate })
}

fn get(path: &str) -> Request<String> {
    let request = Request::get(format!("https://{HOST}{path}")).header("host", HOST).header("accept", "text/html");
    request.body(String::new()).unwrap()
}

fn house(folder: &Path) -> House {
    let file = |name: &str| folder.join(name).display().to_string();
    House::new(Database::Sqlite, "production")
        .unwrap()
        .with("SOCLE_TLS_CERTIFICATE", file("cert.pem"))
        .with("SOCLE_TLS_KEY", file("key.pem"))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_binary_serves_https_over_both_versions_of_http_and_sends_plain_http_there() {
    let folder = tempfile::tempdir().unwrap();
    let trusted = certificate(folder.path());
    let redirect = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let house = house(folder.path()).with("SOCLE_REDIRECT", redirect.to_string());
    let served = house.serve().await.unwrap();

    let page = ask(&trusted, served.address, b"h2", get("/connexion")).await.unwrap();
    assert_eq!((page.status, page.version), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(page.headers["strict-transport-security"], "max-age=31536000");
    assert!(page.body.contains("Se connecter"));
    let old = ask(&trusted, served.address, b"http/1.1", get("/connexion")).await.unwrap();
    assert_eq!((old.status, old.version), (StatusCode::OK, Version::HTTP_11));
    for (origin, status) in
        [("https://socle.example", StatusCode::UNPROCESSABLE_ENTITY), ("https://autre.example", StatusCode::FORBIDDEN)]
    {
        let form = Request::post(format!("https://{HOST}/connexion"))
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("email=lea%40exemple.example&password=rien".to_owned());
        assert_eq!(ask(&trusted, served.address, b"h2", form.unwrap()).await.unwrap().status, status, "{origin}");
    }

    let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let sent_on = browser.get(format!("http://{redirect}/cours/x?a=1")).send().await.unwrap();
    assert_eq!(sent_on.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(sent_on.headers()["location"], "https://socle.example/cours/x?a=1");
    let system = browser.get(format!("http://{redirect}/api/v1/people")).send().await.unwrap();
    assert_eq!(system.status(), StatusCode::FORBIDDEN, "whoever sends a token in the clear is not led on");

    served.terminate().unwrap();
    assert!(served.stopped().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_up_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let former = certificate(folder.path());
    let files = Tls { certificate: folder.path().join("cert.pem"), key: folder.path().join("key.pem") };
    let config = RustlsConfig::from_config(Arc::new(tls::read(&files).unwrap()));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    let router = axum::Router::new().route("/", axum::routing::get(async || "bonjour"));
    let server = axum_server::from_tcp_rustls(listener, config.clone()).unwrap();
    tokio::spawn(server.serve(router.into_make_service()));
    tokio::spawn(tls::follow(files, config, Duration::from_millis(20)));
    assert_eq!(ask(&former, address, b"h2", get("/")).await.unwrap().status, StatusCode::OK);

    // Half written: the former goes on.
    std::fs::write(folder.path().join("cert.pem"), "-----BEGIN CERTIFICATE-----\n").unwrap();
    assert_eq!(ask(&former, address, b"h2", get("/")).await.unwrap().status, StatusCode::OK);
    let new = certificate(folder.path());
    while ask(&new, address, b"h2", get("/")).await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(ask(&former, address, b"h2", get("/")).await.is_err(), "the former is given to nobody any more");
}

#[test]
fn a_certificate_that_cannot_be_used_is_named_before_anything_is_served() {
    let folder = tempfile::tempdir().unwrap();
    certificate(folder.path());
    let path = |name: &str| folder.path().join(name);
    let files = |certificate: &str, key: &str| Tls { certificate: path(certificate), key: path(key) };
    let other = tempfile::tempdir().unwrap();
    certificate(other.path());
    std::fs::copy(other.path().join("key.pem"), path("other.pem")).unwrap();
    std::fs::write(path("empty.pem"), "").unwrap();
    for (files, said) in [
        (files("absent.pem", "key.pem"), "SOCLE_TLS_CERTIFICATE names"),
        (files("empty.pem", "key.pem"), "which holds no certificate"),
        (files("cert.pem", "empty.pem"), "which holds no private key in PEM"),
        (files("cert.pem", "other.pem"), "whose key is not that of SOCLE_TLS_CERTIFICATE"),
    ] {
        let refused = format!("{:#}", tls::read(&files).unwrap_err());
        assert!(refused.contains(said), "{refused}");
    }
}
