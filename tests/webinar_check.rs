//! The check before the room, abused: its echo, and its trial of media.

use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::StatusCode;
use std::time::Duration;
use support::dice::new_uuid;
use support::guest::upgrade_at;
use support::on_both;
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// Longer than an echo may last.
const PATIENCE: Duration = Duration::from_secs(15);

/// All that is said until the end, which must come in time: texts.
async fn said(line: &mut WebSocketStream<TcpStream>) -> Vec<String> {
    let mut texts = Vec::new();
    let hearing = async {
        while let Some(Ok(message)) = line.next().await {
            texts.extend(message.into_text().ok().map(|text| text.to_string()).filter(|text| !text.is_empty()));
        }
    };
    tokio::time::timeout(PATIENCE, hearing).await.expect("the server ends the line");
    texts
}

on_both!(the_echo_is_for_members_from_this_site_only, |product| async {
    let meeting = product.meeting(1).await;
    let (agent, here) = (&meeting.agents[0], meeting.trainer.url().to_owned());
    let path = format!("/webinaires/{}/essai", meeting.webinar);
    let refused = async |client, path: &str, origin: &str| upgrade_at(client, path, origin).await.err();
    assert_eq!(refused(agent, &path, "https://autre.example").await, Some(StatusCode::FORBIDDEN));
    assert_eq!(refused(agent, &path, "null").await, Some(StatusCode::FORBIDDEN));
    let (stranger, other) = (product.stranger(), product.agent("Autre").await);
    assert_eq!(refused(&stranger, &path, &here).await, Some(StatusCode::SEE_OTHER), "to the sign-in page");
    assert_eq!(refused(&other, &path, &here).await, Some(StatusCode::NOT_FOUND));
    assert_eq!(refused(agent, &format!("/webinaires/{}/essai", new_uuid()), &here).await, Some(StatusCode::NOT_FOUND));
    let mut line = upgrade_at(agent, &path, &here).await.unwrap();
    line.send(Message::text("écho")).await.unwrap();
    assert_eq!(said(&mut line).await, ["écho"]);
});

on_both!(an_echo_is_one_short_text_and_soon_over, |product| async {
    let meeting = product.meeting(1).await;
    let (agent, here) = (&meeting.agents[0], meeting.trainer.url().to_owned());
    let path = format!("/webinaires/{}/essai", meeting.webinar);
    let line = async || upgrade_at(agent, &path, &here).await.unwrap();

    let mut many = line().await;
    for number in 0..50 {
        // The line may be closed already.
        let _ = many.send(Message::text(number.to_string())).await;
    }
    assert_eq!(said(&mut many).await, ["0"], "the first, once");
    for oversize in [Message::text("x".repeat(1025)), Message::text("x".repeat(1 << 20)), Message::binary(vec![0; 10])]
    {
        let mut line = line().await;
        let _ = line.send(oversize).await;
        assert_eq!(said(&mut line).await, [""; 0]);
    }
    let mut longest = line().await;
    longest.send(Message::text("x".repeat(1024))).await.unwrap();
    assert_eq!(said(&mut longest).await, ["x".repeat(1024)]);

    // Whoever says nothing is left, and so is whoever only keeps the line busy.
    let (mut silent, mut busy) = (line().await, line().await);
    busy.send(Message::Ping(Vec::new().into())).await.unwrap();
    let (one, other) = tokio::join!(said(&mut silent), said(&mut busy));
    assert_eq!((one, other), (Vec::new(), Vec::new()));
});

on_both!(whoever_tries_their_line_over_and_over_is_asked_to_wait_and_others_are_not, |product| async {
    let meeting = product.meeting(2).await;
    let here = meeting.trainer.url().to_owned();
    let path = format!("/webinaires/{}/essai", meeting.webinar);
    let mut statuses = Vec::new();
    for _ in 0..40 {
        statuses.push(upgrade_at(&meeting.agents[0], &path, &here).await.err());
    }
    assert!(statuses[..20].iter().all(Option::is_none), "{statuses:?}");
    assert_eq!(statuses[39], Some(StatusCode::TOO_MANY_REQUESTS));
    assert!(upgrade_at(&meeting.agents[1], &path, &here).await.is_ok());
    assert_eq!(meeting.agents[0].get(&path).await.status, StatusCode::OK, "the page itself stays");
});
