//! One port for pages and media: each finds its own, and whoever says nothing finds neither.

use reqwest::StatusCode;
use serde_json::{Value, json};
use server::webinar::media::Kind;
use std::net::SocketAddr;
use std::time::Duration;
use support::bridge::Bridge;
use support::meeting::Meeting;
use support::peer::light::{LightPeer, Passport, candidates, offer};
use support::served::House;
use support::{Client, Database};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the port waits for a first byte.
const PATIENCE: Duration = Duration::from_secs(30);

async fn answer(client: &Client, meeting: &Meeting, passport: &Passport) -> String {
    let (sdp, _) = offer(passport, 1, &[] as &[Kind]);
    let answer = client.post_json(&format!("/webinaires/{}/essai", meeting.webinar), &json!({ "sdp": sdp })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let Value::String(sdp) = &answer.json()["sdp"] else { panic!("a description") };
    sdp.clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_goes_through_the_port_of_the_pages_and_pages_still_do() {
    let house = House::new(Database::Sqlite, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    let shared = house.with("SOCLE_MEDIA_SHARED_PORT", "443".to_owned());
    let served = shared.serve().await.expect("serves");
    let agent = meeting.agents[0].at(&format!("http://{}", served.address));
    let passport = Passport::new().expect("a certificate");

    let answer = answer(&agent, &meeting, &passport).await;
    let over_tcp = candidates(&answer, "tcp");
    assert_eq!(over_tcp.len(), 2, "the port of media, then that of the pages: {answer}");
    assert_eq!(over_tcp[1].port(), 443, "as a proxy of TCP is told to be reached");
    // That proxy is not there: its way leads to where Socle listens.
    let bridge = Bridge::to(served.address).await;
    let mut light = LightPeer::connect(&passport, &answer, Some(bridge.near)).await.expect("connects");
    light.check().await.expect("sent");
    let page = agent.get(&format!("/webinaires/{}/essai", meeting.webinar)).await;
    assert_eq!(page.status, StatusCode::OK);

    // Whoever says nothing is not waited for, nor is what only begins as media does.
    for beginning in [&[][..], &[0, 0], &[0, 20, 0, 1], &[5, 0xff]] {
        ended(served.address, beginning).await;
    }
    assert_eq!(agent.get("/connexion").await.status, StatusCode::OK);
    // Neither keeps it from stopping.
    let _silent = TcpStream::connect(served.address).await.expect("a port");
    served.terminate().expect("told");
    assert!(timeout(PATIENCE / 3, served.stopped()).await.expect("soon").expect("stops").success());
}

/// Asserts that the server ends a connection that begins so and goes no further.
async fn ended(address: SocketAddr, beginning: &[u8]) {
    let mut line = TcpStream::connect(address).await.expect("a port");
    line.write_all(beginning).await.expect("sent");
    let ended = timeout(PATIENCE, line.read(&mut [0; 10])).await;
    assert!(matches!(ended, Ok(Ok(0) | Err(_))), "{beginning:?}: {ended:?}");
}
