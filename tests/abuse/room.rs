//! The live room: who is taken away leaves it, and being in it is not being present.

use domain::record::Fact;
use domain::webinar::presence::Reason;
use domain::webinar::signal::Bye;
use domain::webinar::{Act, Lead};
use jiff::SignedDuration;
use reqwest::StatusCode;
use std::time::Duration;
use support::guest::Guest;
use support::on_both;
use tokio::time::timeout;

on_both!(whoever_is_suspended_or_has_their_sessions_ended_leaves_the_room, |product| async {
    let meeting = product.meeting(3).await;
    let administrator = product.administrator().await;
    let mut guests = Vec::new();
    for agent in &meeting.agents {
        guests.push(Guest::enter(agent, meeting.webinar).await.unwrap());
    }
    for (agent, what) in meeting.agent_ids.iter().zip(["sessions", "suspendre"]) {
        let page = administrator.post(&format!("/administration/comptes/{agent}/{what}"), &[]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
    }
    let mut stays = guests.pop().unwrap();
    for guest in &mut guests {
        assert_eq!(timeout(Duration::from_secs(5), guest.until_bye()).await.expect("in time"), Bye::SignedOut);
    }
    for agent in &meeting.agents[..2] {
        assert_eq!(Guest::enter(agent, meeting.webinar).await.err(), Some(Bye::SignedOut));
    }
    stays.act(Act::Say { text: "Je suis là".to_owned() }).await.unwrap();
});

on_both!(a_browser_that_says_it_is_there_and_receives_nothing_is_not_present, |product| async {
    let meeting = product.meeting(1).await;
    let mut trainer = Guest::enter(&meeting.trainer, meeting.webinar).await.unwrap();
    let mut agent = Guest::enter(&meeting.agents[0], meeting.webinar).await.unwrap();
    trainer.act(Act::Lead(Lead::GoLive)).await.unwrap();
    for _ in 0..9 {
        // Each beat answered, each check of presence too: everything but picture and sound.
        product.wait(SignedDuration::from_secs(10));
        for guest in [&mut trainer, &mut agent] {
            guest.act(Act::Say { text: "Je suis là".to_owned() }).await.unwrap();
        }
    }
    trainer.act(Act::Lead(Lead::Close)).await.unwrap();
    let facts = async || {
        let all = server::record::store::facts(product.app.db.reader(), meeting.agent_ids[0], None, 10).await.unwrap();
        all.into_iter().map(|entry| entry.fact).collect::<Vec<_>>()
    };
    let written = async {
        while facts().await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(15), written).await.expect("the webinar lands in the record");
    let [Fact::WebinarAttended { minutes, met, reason, .. }] = &*facts().await else { panic!("one fact") };
    assert_eq!((*minutes, *met, *reason), (0, false, Reason::Absent));
});
