//! The diagnosis, which anybody may make, abused: its pings, its trial of media, its bytes.

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::webinar::media::Kind;
use std::time::Duration;
use support::guest::upgrade_at;
use support::on_both;
use support::peer::light::{LightPeer, Passport, candidates, offer};
use tokio_tungstenite::tungstenite::Message;

/// Longer than pings may last.
const PATIENCE: Duration = Duration::from_secs(25);

on_both!(anybody_makes_the_diagnosis_and_that_of_a_webinar_is_its_members, |product| async {
    let meeting = product.meeting(1).await;
    let (agent, stranger, other) = (&meeting.agents[0], product.stranger(), product.agent("Autre").await);
    let page = stranger.get("/diagnostic").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("Sans JavaScript") && page.text().contains("127.0.0.1 (127.0.0.1)"));
    let own = format!("/webinaires/{}/diagnostic", meeting.webinar);
    assert_eq!(agent.get(&own).await.status, StatusCode::OK);
    assert_eq!(other.get(&own).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.get(&own).await.status, StatusCode::SEE_OTHER, "to the sign-in page");

    // A trial is a real connection, to nobody.
    let passport = Passport::new().expect("a certificate");
    for sends in [&[][..], &[Kind::Microphone]] {
        let (sdp, _) = offer(&passport, 1, sends);
        let answer = stranger.post_json("/diagnostic", &json!({ "sdp": sdp })).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let Value::String(sdp) = &answer.json()["sdp"] else { panic!("a description") };
        assert_eq!((candidates(sdp, "udp").len(), candidates(sdp, "tcp").len()), (1, 1), "{sdp}");
        assert_eq!(sdp.contains("a=recvonly"), !sends.is_empty(), "what is sent is taken");
        LightPeer::connect(&passport, sdp, None).await.expect("connects");
    }
    for nonsense in [json!({ "sdp": "v=0" }), json!({ "sdp": "" }), json!({ "sdp": "m=\r\n".repeat(1000) })] {
        assert_eq!(stranger.post_json("/diagnostic", &nonsense).await.status, StatusCode::BAD_REQUEST);
    }
    let more = stranger.post_json("/diagnostic", &json!({ "sdp": "v=0", "role": "trainer" })).await;
    assert_eq!(more.status, StatusCode::UNPROCESSABLE_ENTITY);
});

on_both!(pings_come_back_with_the_servers_clock_and_are_bounded, |product| async {
    let (stranger, here) = (product.stranger(), product.url.clone());
    let line = async || upgrade_at(&stranger, "/diagnostic", &here).await.expect("opens");
    for origin in ["https://autre.example", "null"] {
        assert_eq!(upgrade_at(&stranger, "/diagnostic", origin).await.err(), Some(StatusCode::FORBIDDEN));
    }
    let mut pings = line().await;
    for number in 0..60 {
        // The line may be closed already.
        let _ = pings.send(Message::text(number.to_string())).await;
    }
    let now = product.app.clock.now().as_millisecond();
    let all = said(pings).await;
    let expected: Vec<String> = (0..40).map(|number| format!("{now} {number}")).collect();
    assert_eq!(all, expected, "the clock and the word, forty times at most");
    for oversize in [Message::text("x".repeat(65)), Message::text("x".repeat(1 << 20)), Message::binary(vec![0; 10])] {
        let mut line = line().await;
        let _ = line.send(oversize).await;
        assert_eq!(said(line).await, [""; 0]);
    }
    assert_eq!(said(line().await).await, [""; 0], "whoever says nothing is left");
});

on_both!(bytes_are_bounded_and_so_is_how_often_one_address_asks, |product| async {
    let stranger = product.stranger();
    let down = async |octets: &str| {
        let answer = stranger.request(Method::GET, &format!("/diagnostic/debit?octets={octets}")).send().await;
        let answer = answer.expect("an answer");
        (answer.status(), answer.bytes().await.expect("a body").len())
    };
    assert_eq!(down("1000").await, (StatusCode::OK, 1000));
    assert_eq!(down("999999999").await, (StatusCode::OK, 2 << 20));
    assert_eq!(down("0").await, (StatusCode::OK, 0));
    for nonsense in ["-1", "x", "", "99999999999999999999999", "1&b=2"] {
        assert_eq!(down(nonsense).await.0, StatusCode::BAD_REQUEST, "{nonsense}");
    }
    let up = async |bytes: usize| {
        stranger
            .request(Method::POST, "/diagnostic/debit")
            .body(vec![7; bytes])
            .send()
            .await
            .expect("an answer")
            .status()
    };
    assert_eq!(up(1 << 20).await, StatusCode::NO_CONTENT);
    assert_eq!(up((1 << 20) + 1).await, StatusCode::PAYLOAD_TOO_LARGE);
    let mut last = StatusCode::OK;
    for _ in 0..130 {
        last = down("1").await.0;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let elsewhere = product.stranger().from_address("192.0.2.77");
    assert_eq!(elsewhere.get("/diagnostic/debit?octets=1").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/diagnostic").await.status, StatusCode::OK, "the page itself stays");
});

/// All that is said until the end, which must come in time: texts.
async fn said(mut line: tokio_tungstenite::WebSocketStream<tokio::net::TcpStream>) -> Vec<String> {
    let mut texts = Vec::new();
    let hearing = async {
        while let Some(Ok(message)) = line.next().await {
            texts.extend(message.into_text().ok().map(|text| text.to_string()).filter(|text| !text.is_empty()));
        }
    };
    tokio::time::timeout(PATIENCE, hearing).await.expect("the server ends the line");
    texts
}
