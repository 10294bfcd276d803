//! The live room through its WebSocket: who may come in, what is said and told, what is kept.

use domain::webinar::signal::{ActId, Bye, FromBrowser, FromServer, MediaKind, TabId};
use domain::webinar::{Act, Ballot, Lead, Refusal, Written, WrittenChoice};
use reqwest::StatusCode;
use server::webinar::media::Kind;
use std::time::Duration;
use support::dice::new_uuid;
use support::guest::{Guest, upgrade};
use support::meeting::Meeting;
use support::on_both;
use support::peer::Peer;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

fn say(text: &str) -> Act {
    Act::Say { text: text.to_owned() }
}

fn lead(lead: Lead) -> Act {
    Act::Lead(lead)
}

/// The trainer and the agents, in the room, live.
async fn live(meeting: &Meeting) -> (Guest, Vec<Guest>) {
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.expect("comes in");
    trainer.act(lead(Lead::GoLive)).await.expect("begins");
    let mut agents = Vec::new();
    for agent in &meeting.agents {
        agents.push(Guest::enter(agent, meeting.webinar).await.expect("comes in"));
    }
    (trainer, agents)
}

on_both!(what_is_said_reaches_everybody_once_and_outlives_the_server, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    let id = ActId(new_uuid());
    agents[0].act_as(id, say("Bonjour à tous")).await.unwrap();
    agents[0].act_as(id, say("Bonjour à tous")).await.unwrap();
    agents[0].act(Act::Ask { text: "Et le mandat ?".to_owned() }).await.unwrap();
    for guest in [&mut trainer, &mut agents[1]] {
        guest.until("the question", |guest| guest.room.questions.len() == 1).await;
        let said: Vec<_> = guest.room.messages.values().map(|message| message.text.as_str()).collect();
        assert_eq!(said, ["Bonjour à tous"]);
    }
    let url = product.restarted().await;
    let back = Guest::come(&meeting.agents[1].at(&url), meeting.webinar, Some(agents[1].tab)).await.unwrap();
    assert_eq!((&back.room, back.tab), (&agents[1].room, agents[1].tab));
    assert!(!back.kept, "media is to be made anew");
});

on_both!(hands_the_floor_and_moderation_are_the_trainers, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    let person = meeting.agent_ids[0];
    assert_eq!(agents[1].act(lead(Lead::GiveFloor { person })).await, Err(Refusal::TrainersOnly));
    agents[0].act(Act::RaiseHand).await.unwrap();
    trainer.until("the hand", |guest| guest.room.hands.len() == 1).await;
    trainer.act(lead(Lead::GiveFloor { person })).await.unwrap();
    agents[0].until("the floor", |guest| guest.room.has_floor(person)).await;
    trainer.act(lead(Lead::Remove { person })).await.unwrap();
    assert_eq!(agents[0].until_bye().await, Bye::Removed);
    assert_eq!(Guest::enter(&meeting.agents[0], meeting.webinar).await.err(), Some(Bye::Removed), "stays out");
    agents[1].until("the list", |guest| !guest.people.contains_key(&person)).await;
    trainer.act(lead(Lead::LetBack { person })).await.unwrap();
    Guest::enter(&meeting.agents[0], meeting.webinar).await.expect("is let back");
});

on_both!(a_locked_door_lets_back_whoever_was_in_and_nobody_else, |product| async {
    let meeting = product.meeting(2).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    let first = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    trainer.act(lead(Lead::Lock { on: true })).await.unwrap();
    assert_eq!(Guest::enter(&meeting.agents[1], meeting.webinar).await.err(), Some(Bye::Locked));
    Guest::come(&meeting.agents[0], meeting.webinar, Some(first.tab)).await.expect("comes back");
});

on_both!(votes_are_counted_by_the_trainer_and_seen_by_nobody_until_they_are_shown, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    let choices = vec!["Oui".to_owned(), "Non".to_owned()];
    let ballot = Ballot { stem: "Prêts ?".to_owned(), choices, many: false };
    trainer.act(lead(Lead::LaunchPoll { ballot })).await.unwrap();
    let poll = *trainer.room.polls.keys().next().unwrap();
    for (agent, choice) in agents.iter_mut().zip([0, 1]) {
        agent.until("the poll", |guest| !guest.room.polls.is_empty()).await;
        agent.act(Act::Vote { poll, choices: vec![choice] }).await.unwrap();
    }
    trainer.until("both votes", |guest| guest.room.polls[&poll].tally().counts == [1, 1]).await;
    trainer.act(lead(Lead::ShowPoll { poll })).await.unwrap();
    agents[0].until("the counts", |guest| guest.room.polls[&poll].shown.is_some()).await;
    assert_eq!(agents[0].room.polls[&poll].votes.len(), 1, "one's own vote");
});

on_both!(a_live_quiz_tells_what_is_right_after_the_answer_only, |product| async {
    let meeting = product.meeting(1).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    let agent = &mut agents[0];
    let choice = |text: &str, right| WrittenChoice { text: text.to_owned(), right };
    let questions =
        vec![Written { stem: "Que garder ?".to_owned(), choices: vec![choice("Rien", true), choice("Tout", false)] }];
    trainer.act(lead(Lead::LaunchQuiz { title: "Direct".to_owned(), questions })).await.unwrap();
    agent.until("the quiz", |guest| !guest.room.quizzes.is_empty()).await;
    let before = serde_json::to_string(&(
        &agent.room,
        agent.said.iter().map(|said| serde_json::to_value(said).unwrap()).collect::<Vec<_>>(),
    ))
    .unwrap();
    assert!(!before.contains("is_answer") && !before.contains("\"right\""), "{before}");
    let (quiz, prompt) =
        agent.room.quizzes.iter().map(|(quiz, known)| (*quiz, known.prompts[0].clone())).next().unwrap();
    let domain::quiz::Field::Single { choices } = &prompt.field else { panic!("{prompt:?}") };
    let key = choices.iter().find(|choice| choice.label == "Rien").unwrap().key.clone();
    agent.act(Act::Answer { quiz, question: prompt.slug, answer: domain::quiz::Answer::Choice(key) }).await.unwrap();
    agent.until("the review", |guest| guest.said.iter().any(|said| matches!(said, FromServer::Reviewed { .. }))).await;
    let answered = agent.room.quizzes[&quiz].answered(agent.me.person);
    let score = match answered {
        Some(answered) => answered.score,
        None => {
            agent.until("the mark", |guest| guest.room.quizzes[&quiz].answered(guest.me.person).is_some()).await;
            agent.room.quizzes[&quiz].answered(agent.me.person).unwrap().score
        }
    };
    assert_eq!((score.earned, score.max), (100, 100));
});

on_both!(only_this_site_only_members_and_only_while_it_is_open, |product| async {
    let meeting = product.meeting(1).await;
    let webinar = meeting.webinar;
    let here = meeting.trainer.url().to_owned();
    let (stranger, other) = (product.stranger(), product.agent("Autre").await);
    let refused = async |client, origin: &str| upgrade(client, webinar, origin).await.err();
    assert_eq!(refused(&meeting.trainer, "https://autre.example").await, Some(StatusCode::FORBIDDEN));
    assert_eq!(Guest::enter(&stranger, webinar).await.err(), Some(Bye::SignedOut));
    assert_eq!(refused(&other, &here).await, Some(StatusCode::NOT_FOUND));
    let unknown = domain::ids::WebinarId(new_uuid());
    assert_eq!(upgrade(&meeting.trainer, unknown, &here).await.err(), Some(StatusCode::NOT_FOUND));
    let (mut trainer, _) = live(&meeting).await;
    trainer.act(lead(Lead::Close)).await.unwrap();
    assert_eq!(Guest::enter(&meeting.agents[0], webinar).await.err(), Some(Bye::NotOpen));
});

on_both!(a_tab_that_comes_back_is_itself_and_its_old_line_is_closed, |product| async {
    let meeting = product.meeting(2).await;
    let mut first = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    let back = Guest::come(&meeting.agents[0], meeting.webinar, Some(first.tab)).await.unwrap();
    assert!(back.kept && back.tab == first.tab);
    assert_eq!(first.until_bye().await, Bye::Replaced);
    let thief = Guest::come(&meeting.agents[1], meeting.webinar, Some(first.tab)).await.unwrap();
    assert_ne!(thief.tab, first.tab, "another person's tab is not theirs");
    let mut tabs = vec![back];
    for _ in 0..3 {
        tabs.push(Guest::come(&meeting.agents[0], meeting.webinar, Some(TabId(new_uuid()))).await.unwrap());
    }
    assert_eq!(Guest::enter(&meeting.agents[0], meeting.webinar).await.err(), Some(Bye::Full));
});

on_both!(whoever_signs_out_leaves_the_room_within_five_seconds, |product| async {
    let meeting = product.meeting(1).await;
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    assert_eq!(meeting.agents[0].post("/deconnexion", &[]).await.status, StatusCode::SEE_OTHER);
    let bye = timeout(Duration::from_secs(5), agent.until_bye()).await.expect("in time");
    assert_eq!(bye, Bye::SignedOut);
});

on_both!(what_is_not_of_the_protocol_is_refused_and_the_room_goes_on, |product| async {
    let meeting = product.meeting(2).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    for bad in [
        "",
        "{",
        "[]",
        "{\"act\":{}}",
        "{\"act\":{\"id\":\"1\",\"act\":\"raise-hand\"}}",
        "{\"say\":\"x\"}",
        "\u{0}",
        "{\"offer\":{\"turn\":-1,\"sdp\":\"\",\"sends\":[]}}",
    ] {
        agents[0].say_raw(Message::text(bad)).await;
    }
    agents[0].say_raw(Message::binary(vec![0; 100])).await;
    agents[0].say(&FromBrowser::Offer { turn: 1, sdp: "v=0".to_owned(), sends: Vec::new() }).await;
    agents[0]
        .until("a refusal", |guest| guest.said.iter().any(|said| matches!(said, FromServer::NoMedia { .. })))
        .await;
    agents[0].act(say("Toujours là")).await.unwrap();
    for _ in 0..30 {
        agents[0].say_raw(Message::text("{")).await;
    }
    assert_eq!(agents[0].until_bye().await, Bye::Misspoken);
    agents[1].say_raw(Message::text("x".repeat(200_000))).await;
    while agents[1].hear().await.is_some() {}
    trainer.act(say("La séance continue")).await.unwrap();
});

on_both!(whoever_says_too_much_is_slowed_and_harms_nobody, |product| async {
    let meeting = product.meeting(1).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    for number in 0..200 {
        let act = say(&format!("{number}"));
        agents[0].say(&FromBrowser::Act { id: ActId(new_uuid()), act }).await;
    }
    assert_eq!(agents[0].until_bye().await, Bye::Misspoken);
    trainer.act(say("On continue")).await.unwrap();
    assert!(trainer.room.messages.len() < 120, "{}", trainer.room.messages.len());
});

on_both!(media_follows_the_floor, |product| async {
    let meeting = product.meeting(1).await;
    let (mut trainer, mut agents) = live(&meeting).await;
    let (agent, person) = (&mut agents[0], meeting.agent_ids[0]);
    let room = server::webinar::media::RoomId(meeting.webinar.0);
    let mut shared = Peer::new(room, 2, &[Kind::Screen, Kind::Microphone]).await;
    trainer.connect(&mut shared).await;
    let mut watched = Peer::new(room, 2, &[]).await;
    agent.connect(&mut watched).await;
    let performing = tokio::spawn(async move {
        for number in 0.. {
            shared.show(Kind::Screen, number, number % 50 == 0).await;
            shared.say(Kind::Microphone, number).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    agent.until("who sits where", |guest| guest.seats.iter().any(|seat| seat.seat == 0 && seat.picture)).await;
    let seen = async {
        while watched.pictures().is_empty() || watched.sounds().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), seen).await.expect("picture and sound come");
    let mut speaks = Peer::new(room, 2, &[Kind::Microphone]).await;
    let refused = agent.try_connect(&mut speaks).await.expect_err("has not the floor");
    assert!(refused.contains("parole"), "{refused}");
    trainer.act(lead(Lead::GiveFloor { person })).await.unwrap();
    agent.until("the floor", |guest| guest.room.has_floor(person)).await;
    let mut speaks = Peer::new(room, 2, &[Kind::Microphone]).await;
    agent.connect(&mut speaks).await;
    for number in 0..20 {
        speaks.say(Kind::Microphone, number).await;
    }
    trainer.until("the agent on the stage", |guest| guest.seats.iter().any(|seat| seat.person == person)).await;
    trainer.act(lead(Lead::Mute { person, kind: MediaKind::Microphone, on: true })).await.unwrap();
    trainer.until("silence", |guest| guest.seats.iter().all(|seat| seat.person != person || !seat.sound)).await;
    performing.abort();
});
