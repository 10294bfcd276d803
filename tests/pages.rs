//! Weights of pages: a budget on bytes is a promise to thin lines.

use reqwest::Method;
use reqwest::header::ACCEPT_ENCODING;
use support::{Client, Database, Product};

/// Bytes on the wire, as a browser that takes brotli receives them.
async fn weight(client: &Client, path: &str) -> usize {
    let request = client.request(Method::GET, path).header(ACCEPT_ENCODING, "br, gzip");
    let response = request.send().await.expect("an answer");
    assert!(response.status().is_success(), "{path}: {}", response.status());
    response.bytes().await.expect("bytes").len()
}

fn assets(html: &str) -> Vec<String> {
    let mut found: Vec<String> =
        html.split('"').filter(|value| value.starts_with("/assets/")).map(str::to_owned).collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chapter_fits_a_thin_line() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    let chapter = "/cours/mediation-numerique/accueil-et-posture";
    let html = agent.get(chapter).await.body;
    let page = weight(&agent, chapter).await;
    let mut before_wasm = page;
    let mut everything = page;
    for asset in assets(&html) {
        let bytes = weight(&agent, &asset).await;
        everything += bytes;
        if !asset.ends_with(".wasm") {
            before_wasm += bytes;
        }
    }
    for image in html.split('"').filter(|value| value.starts_with("/media/") && value.ends_with(".svg")) {
        let bytes = weight(&agent, image).await;
        everything += bytes;
        before_wasm += bytes;
    }
    println!("chapter page {page} B, before WebAssembly {before_wasm} B, everything {everything} B");
    assert!(before_wasm <= 60_000, "first view before WebAssembly: {before_wasm} B, budget 60 kB");
    assert!(everything <= 200_000, "first view with everything: {everything} B, budget 200 kB");
    let next = weight(&agent, "/cours/mediation-numerique/mediation-numerique").await;
    println!("next chapter {next} B");
    assert!(next <= 25_000, "next chapter: {next} B, budget 25 kB");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_an_island_loads_no_script_and_no_page_loads_a_font() {
    let product = Product::start(Database::Sqlite).await;
    let agent = product.agent("Lea").await;
    for path in ["/", "/dossier", "/recherche?q=accueil", "/accessibilite", "/cours/mediation-numerique"] {
        let html = agent.get(path).await.body;
        assert!(!html.contains("<script") && !html.contains(".wasm"), "{path}");
    }
    let html = agent.get("/cours/mediation-numerique/accueil-et-posture").await.body;
    let css = assets(&html).into_iter().find(|asset| asset.ends_with(".css")).expect("a style sheet");
    assert!(!agent.get(&css).await.body.contains("@font-face"));
}

/// Bundles that few pages load, by the manifest: the ceiling of each in bytes. For the room, on lines that carry a picture,
/// the aim is 260 kB: what weighs is the views, reading the protocol, and the ways through firewalls.
const BUNDLES: [(&str, usize); 3] = [("room", 300_000), ("trials", 125_000), ("replay", 80_000)];

#[tokio::test(flavor = "multi_thread")]
async fn the_room_and_what_is_around_it_fit_a_line_that_carries_a_webinar() {
    let product = Product::start(Database::Sqlite).await;
    let stranger = product.stranger();
    let manifest = std::fs::read(support::workspace().join("target/site/manifest.json")).expect("the bundle is built");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("JSON");
    for (bundle, ceiling) in BUNDLES {
        let mut whole = 0;
        for part in ["css", "js", "wasm"] {
            whole += weight(&stranger, manifest[bundle][part].as_str().expect("an address")).await;
        }
        println!("{bundle}, all in: {whole} B");
        assert!(whole <= ceiling, "the bundle of {bundle}: {whole} B, ceiling {ceiling} B");
    }
    let agent = product.agent("Lea").await;
    let chapter = agent.get("/cours/mediation-numerique/accueil-et-posture").await.body;
    assert!(assets(&chapter).iter().all(|asset| !asset.contains("/room-")), "chapters load nothing of it");
}
