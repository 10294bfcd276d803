//! A browser before two nodes, behind HAProxy: led to the one that its webinar is on, and back on the other once that dies.

use super::webinar::{DEVICES, enter_with, tab};
use reqwest::StatusCode;
use serde_json::Value;
use server::webinar::media::{Kind, RoomId};
use support::balancer::Balancer;
use support::guest::Guest;
use support::meeting::{Meeting, run};
use support::nats::Nats;
use support::peer::Peer;
use support::peer::light::candidates;
use support::served::House;
use support::{Client, Database};

/// Keeps the addresses of the page's lines.
const KEEP_LINES: &str = "
    window.lines = [];
    window.WebSocket = class extends WebSocket {
        constructor(address, ...all) { super(address, ...all); window.lines.push(new URL(address).pathname); }
    };";

const CONNECTED: &str = "return window.connections.some((connection) => connection.connectionState === 'connected')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_is_led_to_the_node_of_its_webinar_and_finds_it_on_another() {
    let house = House::new(Database::Postgres, "production").expect("a house");
    let house = house.with("SOCLE_TRUSTED_PROXIES", "127.0.0.1".to_owned());
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 1).await;
    let (webinar, agent) = (meeting.webinar, &meeting.agents[0]);
    let (a, b) = (house.serve_as("a").await.expect("serves"), house.serve_as("b").await.expect("serves"));
    let proxy = Balancer::start([a.address, b.address]).expect("a proxy");
    let at = |client: &Client, url: String| client.at(&url);
    let _there = Guest::enter(&at(&meeting.trainer, format!("http://{}", a.address)), webinar).await.expect("comes in");
    // Which node the proxy gives this browser is its own affair: the room is to be on the other.
    let still = format!("/webinaires/{webinar}/images/1?onglet={}", webinar.0);
    let led = at(agent, proxy.url()).get(&still).await.status == StatusCode::TEMPORARY_REDIRECT;
    let (owner, survivor, name) = if led { (a, b, "a") } else { (b, a, "b") };
    if !led {
        let free =
            format!("UPDATE webinar_lease SET node = 'x', epoch = epoch + 1, until_at = 0 WHERE webinar = '{webinar}'");
        run(&app, free).await;
        Guest::enter(&at(&meeting.trainer, format!("http://{}", owner.address)), webinar).await.expect("comes in");
    }

    let room = format!("/webinaires/{webinar}/salle");
    let browser = enter_with(&proxy.url(), agent, &room, DEVICES, KEEP_LINES).await;
    let lines = async || browser.look("return window.lines", vec![]).await;
    let plain = format!("/webinaires/{webinar}/signal");
    let to = format!("/noeud/{name}{plain}");
    let says = |lines: &Value, what: &str| lines.as_array().is_some_and(|all| all.iter().any(|line| line == what));
    browser.until("it is led", async || says(&lines().await, &to)).await;
    assert!(says(&lines().await, &plain), "from the plain address");
    browser.until("its media is connected", async || browser.look(CONNECTED, vec![]).await == Value::Bool(true)).await;
    tab(&browser, "Discussion").await;
    let write = async |words: &str| {
        browser.type_in("[role=tabpanel]:not([hidden]) textarea", words).await;
        browser.press("Envoyer").await;
    };
    write("Avant la panne").await;
    browser.until_text("main", "Avant la panne").await;
    owner.kill().await.expect("is killed");
    browser.look("window.connections = []", vec![]).await;
    write("Pendant la panne").await;
    let kept = async || {
        let guest = Guest::come_back(
            &at(&meeting.trainer, format!("http://{}", survivor.address)),
            webinar,
            webinar_tab(webinar),
        )
        .await;
        let guest = guest.expect("comes in");
        guest.room.messages.values().map(|message| message.text.clone()).collect::<Vec<_>>()
    };
    let both = ["Avant la panne", "Pendant la panne"];
    browser.until("both are kept, once", async || kept().await == both).await;
    browser.until("its media is back", async || browser.look(CONNECTED, vec![]).await == Value::Bool(true)).await;
}

/// The port of the node that serves this browser picture and sound now.
const SERVED_BY: &str = r"
    const last = window.connections.at(-1);
    if (last?.connectionState !== 'connected') return null;
    return Number(last.remoteDescription.sdp.match(/a=candidate:\S+ \d+ \S+ \d+ \S+ (\d+)/)[1]);";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_browser_that_is_served_by_another_node_connects_anew_once_that_dies() {
    let nats = Nats::start().expect("NATS");
    let house = House::new(Database::Postgres, "production").expect("a house");
    let meeting = Meeting::in_house(&house.open().await.expect("opens"), 1).await;
    let house = house.with("SOCLE_NATS", nats.url()).with("SOCLE_WEBINAR_RELAY_FROM", "0".to_owned());
    let (a, b) = (house.serve_as("a").await.expect("serves"), house.serve_as("b").await.expect("serves"));
    nats.hears(2).await.expect("nodes that hear each other");
    let (webinar, agent, url) = (meeting.webinar, &meeting.agents[0], format!("http://{}", a.address));
    let mut trainer = Guest::enter(&meeting.trainer.at(&url), webinar).await.expect("comes in");
    let browser = enter_with(&url, agent, &format!("/webinaires/{webinar}/salle"), DEVICES, "").await;
    let served_by = async || browser.look(SERVED_BY, vec![]).await.as_u64();
    browser.until("its media is connected", async || served_by().await.is_some()).await;
    let relay = served_by().await.expect("a port");
    // A speaker is the room's node's to serve, so its port is known.
    let mut speaker = Peer::new(RoomId(webinar.0), 1, &[Kind::Microphone]).await;
    let (sdp, sends) = speaker.offer().await;
    let answer = trainer.offer(sdp, &sends).await.expect("admitted");
    let here = u64::from(candidates(&answer, "udp")[0].port());
    assert_ne!(relay, here, "the other node serves it");
    tokio::spawn(async move { while trainer.hear().await.is_some() {} });
    b.kill().await.expect("is killed");
    browser.until("the room's node serves it", async || served_by().await == Some(here)).await;
}

/// A tab of the trainer's own.
fn webinar_tab(webinar: domain::ids::WebinarId) -> domain::webinar::signal::TabId {
    domain::webinar::signal::TabId(webinar.0)
}
