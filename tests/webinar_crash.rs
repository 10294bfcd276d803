//! A server that dies in the middle of a webinar: nothing acknowledged is gone, presence is right to ten seconds.

use domain::webinar::presence::CHECKPOINT;
use domain::webinar::{Act, Ballot, Lead};
use jiff::SignedDuration;
use server::webinar::media::{Kind, RoomId};
use server::webinar::{presence, store};
use std::time::Duration;
use support::guest::Guest;
use support::meeting::Meeting;
use support::peer::Peer;
use support::served::House;
use support::{Client, Database};

async fn dies(database: Database) {
    let house = House::new(database, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = Meeting::in_house(&app, 2).await;
    let served = house.serve().await.expect("serves");
    let at = |client: &Client, served: &support::served::Served| client.at(&format!("http://{}", served.address));
    let mut trainer = Guest::enter(&at(&meeting.trainer, &served), meeting.webinar).await.expect("comes in");
    trainer.act(Act::Lead(Lead::GoLive)).await.unwrap();
    let mut agent = Guest::enter(&at(&meeting.agents[0], &served), meeting.webinar).await.expect("comes in");
    let room = RoomId(meeting.webinar.0);
    let mut shared = Peer::new(room, 2, &[Kind::Microphone]).await;
    trainer.connect(&mut shared).await;
    let mut heard = Peer::new(room, 2, &[]).await;
    agent.connect(&mut heard).await;
    let talking = tokio::spawn(async move {
        for number in 0.. {
            shared.say(Kind::Microphone, number).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });

    let choices = vec!["Oui".to_owned(), "Non".to_owned()];
    let ballot = Ballot { stem: "Là ?".to_owned(), choices, many: false };
    trainer.act(Act::Lead(Lead::LaunchPoll { ballot })).await.unwrap();
    agent.until("the poll", |guest| !guest.room.polls.is_empty()).await;
    let poll = *agent.room.polls.keys().next().unwrap();
    agent.act(Act::Vote { poll, choices: vec![1] }).await.unwrap();
    // Until the first checkpoint is on disk, with the trainer answering its beats meanwhile.
    let mut said = 0;
    let began = app.clock.now();
    loop {
        agent.act(Act::Say { text: format!("message {said}") }).await.unwrap();
        said += 1;
        trainer.until("the message", |guest| guest.room.messages.len() == said).await;
        let seen = presence::intervals_of(app.db.reader(), meeting.webinar, agent.me.person).await.unwrap();
        if seen.last().is_some_and(|interval| interval.span.millis() > 8_000) {
            break;
        }
        assert!(app.clock.now().duration_since(began) < SignedDuration::from_secs(60), "no checkpoint: {seen:?}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let killed = app.clock.now();
    served.kill().await.unwrap();
    talking.abort();

    let served = house.serve().await.expect("serves again");
    let mut trainer = Guest::come(&at(&meeting.trainer, &served), meeting.webinar, Some(trainer.tab)).await.unwrap();
    let agent = Guest::come(&at(&meeting.agents[0], &served), meeting.webinar, Some(agent.tab)).await.unwrap();
    assert_eq!(agent.room.messages.len(), said, "every message that was acknowledged");
    assert_eq!(trainer.room.polls[&poll].votes[&agent.me.person], [1]);
    assert!(agent.room.is_live(), "the webinar goes on");
    let seen = presence::intervals_of(app.db.reader(), meeting.webinar, agent.me.person).await.unwrap();
    let lost = killed.duration_since(seen.last().unwrap().span.to);
    // What was proved up to a checkpoint is proved by evidence a few seconds old.
    assert!(lost <= CHECKPOINT + SignedDuration::from_secs(6), "{lost:?} of presence are gone");

    trainer.act(Act::Lead(Lead::Close)).await.unwrap();
    let webinar = store::webinar(app.db.reader(), meeting.webinar).await.unwrap().unwrap();
    assert!(webinar.schedule.closed_at.is_some());
    let record = async |person| server::record::store::load(app.db.reader(), person).await.unwrap().record;
    let measured = loop {
        let record = record(meeting.agent_ids[0]).await;
        let known = record.webinar(&webinar.course, webinar.id).and_then(|known| known.measured);
        if let Some((figures, _)) = known {
            break figures;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert!(measured.percent > 0 && measured.percent <= 100, "{measured:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_outlives_its_server_on_sqlite() {
    dies(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_outlives_its_server_on_postgres() {
    dies(Database::Postgres).await;
}
