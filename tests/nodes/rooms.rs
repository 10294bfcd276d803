//! A room is on one node: the others lead there, and a node that does not have it any more writes nothing to its log.

use super::two;
use domain::ids::WebinarId;
use domain::webinar::signal::{Bye, FromServer};
use domain::webinar::{Act, Lead};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use support::Client;
use support::accounts::PASSWORD;
use support::guest::{Guest, upgrade};
use support::meeting::run;
use tokio_tungstenite::tungstenite::Message;

/// What is said to who says hello there; nothing more is.
async fn only_word(client: &Client, webinar: WebinarId) -> FromServer {
    let mut line = upgrade(client, webinar, client.url()).await.expect("a line");
    line.send(Message::text(r#"{"hello": {"tab": null}}"#)).await.unwrap();
    let Some(Ok(Message::Text(said))) = line.next().await else { panic!("no word") };
    assert!(matches!(line.next().await, Some(Ok(Message::Close(_))) | None), "and nothing more");
    serde_json::from_str(&said).expect("of the protocol")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asks_another_node_is_led_to_the_one_that_has_the_room() {
    let (product, _, url) = two().await;
    let meeting = product.meeting(1).await;
    let room = format!("/webinaires/{}", meeting.webinar);
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    trainer.act(Act::Lead(Lead::GoLive)).await.unwrap();

    let there = meeting.agents[0].at(&url);
    assert_eq!(only_word(&there, meeting.webinar).await, FromServer::Elsewhere { node: "a".into() });

    let form = [("email", "x@exemple.example"), ("password", PASSWORD)];
    let led = there.post(&format!("{room}/a-deux"), &form).await;
    assert_eq!((led.status, led.location), (StatusCode::TEMPORARY_REDIRECT, Some(format!("/noeud/a{room}/a-deux"))));
    let tab = trainer.tab.0;
    let led = there.get(&format!("{room}/images/1?onglet={tab}")).await;
    assert_eq!(led.location, Some(format!("/noeud/a{room}/images/1?onglet={tab}")), "with what it asks");
    // Where it is led, it is answered.
    let asked = meeting.agents[0].post(&format!("/noeud/a{room}/a-deux"), &form).await;
    assert_eq!(asked.status, StatusCode::CONFLICT, "{}", asked.body);
    let page = there.get(&format!("{room}/salle")).await;
    assert_eq!(page.status, StatusCode::OK, "pages are of any node");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_has_lost_the_room_acknowledges_nothing_and_sends_everybody_away() {
    let (product, other, url) = two().await;
    let meeting = product.meeting(1).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    trainer.act(Act::Lead(Lead::GoLive)).await.unwrap();
    trainer.act(Act::Say { text: "avant".into() }).await.unwrap();
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();

    // As if this node had been held up for longer than its lease, and the other had taken the room.
    let taken = format!("UPDATE webinar_lease SET node = 'b', epoch = epoch + 1 WHERE webinar = '{}'", meeting.webinar);
    run(&other, taken).await;
    let said =
        agent.try_act(domain::webinar::signal::ActId(uuid::Uuid::from_u128(7)), Act::Say { text: "perdu".into() });
    assert_eq!(said.await, None, "neither done nor refused: it is to be said again where the room is");
    assert!(agent.said.contains(&FromServer::Bye { why: Bye::Stopping }), "{:?}", agent.said);
    assert_eq!(trainer.until_bye().await, Bye::Stopping);

    let free = format!("UPDATE webinar_lease SET until_at = 0 WHERE webinar = '{}'", meeting.webinar);
    run(&other, free).await;
    let agent = Guest::come(&meeting.agents[0].at(&url), meeting.webinar, Some(agent.tab)).await.unwrap();
    let texts: Vec<_> = agent.room.messages.values().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["avant"]);
    let led = only_word(&meeting.trainer, meeting.webinar).await;
    assert_eq!(led, FromServer::Elsewhere { node: "b".into() }, "the former node leads to the new one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_that_nobody_is_in_any_more_is_any_nodes() {
    let (product, _, url) = two().await;
    let meeting = product.meeting(1).await;
    drop(Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap());
    product.app.rooms.stop().await;
    let agent = Guest::come(&meeting.agents[0].at(&url), meeting.webinar, None).await.unwrap();
    assert_eq!(agent.led, None, "a node that stops gives its rooms back at once");
}
