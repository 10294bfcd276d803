//! Two agents before one screen: the second signs in beside the first, and both are present.

use domain::webinar::{Act, Lead};
use reqwest::StatusCode;
use std::time::Duration;
use support::accounts::PASSWORD;
use support::guest::Guest;
use support::meeting::Meeting;
use support::{Client, Page, on_both};
use tokio::time::timeout;

async fn sit(meeting: &Meeting, by: &Client, email: &str, password: &str) -> Page {
    by.post(&format!("/webinaires/{}/a-deux", meeting.webinar), &[("email", email), ("password", password)]).await
}

on_both!(the_second_agent_is_shown_beside_the_first_until_they_are_gone, |product| async {
    let meeting = product.meeting(2).await;
    let (host, companion) = (meeting.agent_ids[0], meeting.agent_ids[1]);
    product.give_password(companion).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    let mut first = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    for _ in 0..2 {
        let seated = sit(&meeting, &meeting.agents[0], " Agent2@exemple.example ", PASSWORD).await;
        assert_eq!((seated.status, seated.body.as_str()), (StatusCode::OK, "{\"name\":\"Agent2 Durand\"}"));
    }
    let beside = |guest: &Guest| guest.room.companions(host).map(|(person, _)| person).collect::<Vec<_>>();
    for guest in [&mut trainer, &mut first] {
        guest.until("the companion in the list", |guest| guest.people.contains_key(&companion)).await;
        assert_eq!(beside(guest), [companion]);
        assert_eq!(guest.people[&companion].name, "Agent2 Durand");
    }
    let late = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    assert_eq!(beside(&late), [companion], "whoever comes later sees it too");
    let url = product.restarted().await;
    let mut back = Guest::come(&meeting.agents[0].at(&url), meeting.webinar, Some(first.tab)).await.unwrap();
    assert_eq!(beside(&back), [companion], "and it outlives the server");
    back.act(Act::PartWith { person: companion }).await.unwrap();
    back.until("the list without", |guest| !guest.people.contains_key(&companion)).await;
    assert_eq!(beside(&back), []);
});

on_both!(who_sits_beside_is_asked_who_they_are_like_anywhere, |product| async {
    let meeting = product.meeting(2).await;
    let (host, companion) = (&meeting.agents[0], meeting.agent_ids[1]);
    for person in &meeting.agent_ids {
        product.give_password(*person).await;
    }
    let absent = sit(&meeting, host, "agent2@exemple.example", PASSWORD).await;
    assert_eq!(absent.status, StatusCode::CONFLICT, "whose screen it is, is in the room");
    let mut first = Guest::enter(host, meeting.webinar).await.unwrap();
    let known = product.person("Nour", domain::identity::Role::Agent, domain::identity::Scope::Own).await;
    product.give_password(known).await;
    let said = async |email: &str, password: &str| {
        let page = sit(&meeting, host, email, password).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{email}");
        page.text()
    };
    let wrong = said("agent2@exemple.example", "pas le bon").await;
    assert!(wrong.contains("incorrect"), "{wrong}");
    assert_eq!(said("personne@exemple.example", PASSWORD).await, wrong, "nobody learns who has an account");
    assert_eq!(said("<script>", PASSWORD).await, wrong);
    assert!(said("agent1@exemple.example", PASSWORD).await.contains("votre propre compte"));
    assert!(said("nour@exemple.example", PASSWORD).await.contains("pas inscrite"));
    let path = format!("/webinaires/{}/a-deux", meeting.webinar);
    let other = product.agent("Autre").await;
    let fields = [("email", "agent2@exemple.example"), ("password", PASSWORD)];
    assert_eq!(other.post(&path, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(host.post(&path, &[("email", "a")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = "x".repeat(200_000);
    let huge = host.post(&path, &[("email", "a"), ("password", &huge)]).await;
    assert_eq!(huge.status, StatusCode::PAYLOAD_TOO_LARGE);
    for _ in 0..12 {
        sit(&meeting, host, "agent2@exemple.example", "pas le bon").await;
    }
    let guessed = sit(&meeting, host, "agent2@exemple.example", PASSWORD).await;
    assert_eq!(guessed.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!first.people.contains_key(&companion));
    // Nothing was written of any of this.
    first.act(Act::Say { text: "Bonjour".to_owned() }).await.unwrap();
    assert!(first.room.beside.is_empty() && first.room.seq == 1, "{:?}", first.room);
});

on_both!(a_trainer_removes_whoever_sits_beside, |product| async {
    let meeting = product.meeting(2).await;
    let companion = meeting.agent_ids[1];
    product.give_password(companion).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    let _first = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    let seated = sit(&meeting, &meeting.agents[0], "agent2@exemple.example", PASSWORD).await;
    assert_eq!(seated.status, StatusCode::OK);
    trainer.until("the companion", |guest| guest.people.contains_key(&companion)).await;
    trainer.act(Act::Lead(Lead::Remove { person: companion })).await.unwrap();
    let gone = trainer.until("their going", |guest| !guest.people.contains_key(&companion));
    timeout(Duration::from_secs(5), gone).await.expect("in time");
    let again = sit(&meeting, &meeting.agents[0], "agent2@exemple.example", PASSWORD).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "stays out");
});
