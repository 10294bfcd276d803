//! Two nodes behind HAProxy, set up as `OPERATING.md` says; the one that a webinar is on is killed in the middle of it, while
//! agents talk, and others answer a quiz.

use domain::ids::WebinarId;
use domain::webinar::presence::CHECKPOINT;
use domain::webinar::recording::read::{cluster, clusters};
use domain::webinar::signal::ActId;
use domain::webinar::{Act, Lead, Refusal};
use jiff::{SignedDuration, Timestamp};
use server::app::App;
use server::webinar::media::{Kind, RoomId};
use server::webinar::recording::{self, State};
use server::webinar::{presence, store};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;
use support::answerer::{Answerer, Trouble, answerers, compare};
use support::balancer::Balancer;
use support::dice::{Rolls, new_uuid};
use support::guest::Guest;
use support::http::Connection;
use support::meeting::Meeting;
use support::peer::Peer;
use support::served::House;
use support::waiting::until;
use support::{Client, Database};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

const AGENTS: u8 = 6;
const ANSWERERS: u64 = 6;
/// Everybody is back within this.
const BACK: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(60);

/// What somebody in the room lived through.
struct Lived {
    guest: Guest,
    client: Client,
    /// What was acknowledged of what they said, in order.
    said: Vec<String>,
    /// They came in by the node that did not have the room.
    led: bool,
    /// When they were in the room again, with their media.
    back: Option<Instant>,
}

/// Somebody who talks, in words and in sound, and comes back as often as it takes.
async fn attends(client: Client, webinar: WebinarId, speaks: bool, over: watch::Receiver<bool>) -> Lived {
    let guest = Guest::enter(&client, webinar).await.expect("comes in");
    let led = guest.led.is_some();
    let mut lived = Lived { guest, client, said: Vec::new(), led, back: None };
    if speaks {
        lived.guest.act(Act::Lead(Lead::GoLive)).await.expect("begins");
    }
    let mut media = connected(&mut lived.guest, webinar, speaks).await;
    let mut id = ActId(new_uuid());
    while !*over.borrow() {
        let text = format!("{} {}", lived.guest.me.name, lived.said.len());
        match lived.guest.try_act(id, Act::Say { text: text.clone() }).await {
            Some(Ok(())) => {
                lived.said.push(text);
                id = ActId(new_uuid());
                sleep(Duration::from_millis(250)).await;
            }
            Some(Err(Refusal::NotKept)) => {}
            Some(Err(why)) => panic!("refused: {why}"),
            None => {
                drop(media);
                lived.guest = Guest::come_back(&lived.client, webinar, lived.guest.tab).await.expect("is let in again");
                media = connected(&mut lived.guest, webinar, speaks).await;
                lived.back = Some(Instant::now());
            }
        }
    }
    lived
}

/// A browser's media; whoever speaks does so until it is dropped.
struct Media {
    talking: Option<tokio::task::JoinHandle<()>>,
    _listening: Option<Peer>,
}

impl Drop for Media {
    fn drop(&mut self) {
        if let Some(talking) = &self.talking {
            talking.abort();
        }
    }
}

async fn connected(guest: &mut Guest, webinar: WebinarId, speaks: bool) -> Media {
    let sends: &[Kind] = if speaks { &[Kind::Microphone] } else { &[] };
    let mut peer = Peer::new(RoomId(webinar.0), 2, sends).await;
    guest.connect(&mut peer).await;
    if !speaks {
        return Media { talking: None, _listening: Some(peer) };
    }
    let talking = tokio::spawn(async move {
        for number in 0.. {
            peer.say(Kind::Microphone, number).await;
            sleep(Duration::from_millis(20)).await;
        }
    });
    Media { talking: Some(talking), _listening: None }
}

/// Answers by one way and by another, and forgets nothing of what was acknowledged by any.
async fn answers(
    mut agent: Answerer,
    ways: [SocketAddr; 3],
    mut rolls: Rolls,
    over: watch::Receiver<bool>,
) -> Answerer {
    while !*over.borrow() {
        let way = ways[usize::try_from(rolls.below(3)).expect("few")];
        let Ok(mut line) = Connection::open(way, &agent.session, "identity").await else { continue };
        for _ in 0..rolls.below(6) {
            match agent.act(&mut line).await {
                Ok(()) => {}
                // The node is gone, or the proxy says so.
                Err(Trouble::Line(_) | Trouble::Refused(502..=504, _)) => break,
                Err(Trouble::Refused(status, said)) => panic!("refused: {status} {said}"),
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
    agent
}

/// Milliseconds of the file at which sound was written.
fn sounds(part: &Path) -> Vec<i64> {
    let bytes = std::fs::read(part).unwrap_or_default();
    let blocks = clusters(&bytes).flat_map(|(_, whole)| cluster(whole).unwrap_or_default());
    blocks.map(|block| i64::try_from(block.time).expect("this century")).collect()
}

/// Whether what was proved of everybody since then is on disk, to that instant.
async fn proved(app: &App, meeting: &Meeting, to: Timestamp) -> bool {
    for agent in &meeting.agent_ids {
        let seen = presence::intervals_of(app.db.reader(), meeting.webinar, *agent).await.unwrap();
        if seen.last().is_none_or(|interval| interval.span.to < to) {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_webinar_and_a_quiz_outlive_the_node_that_is_killed() {
    let house = House::new(Database::Postgres, "production").unwrap();
    let house = house.with("SOCLE_TRUSTED_PROXIES", "127.0.0.1".to_owned());
    let app = house.open().await.unwrap();
    let meeting = Meeting::in_house(&app, AGENTS.into()).await;
    meeting.is_recorded(&app).await;
    let webinar = meeting.webinar;
    let mut rolls = Rolls(app.dice.seed());
    let quizzed = answerers(&app, ANSWERERS, &mut rolls).await;
    let (a, b) = (house.serve_as("a").await.unwrap(), house.serve_as("b").await.unwrap());
    let proxy = Balancer::start([a.address, b.address]).unwrap();
    let (tell, over) = watch::channel(false);

    // Who leads comes by the first node, which so has the room; on its way back by the proxy, as everybody.
    let leader = meeting.trainer.at(&format!("http://{}", a.address));
    drop(Guest::enter(&leader, webinar).await.unwrap());
    let mut attending = JoinSet::new();
    attending.spawn(attends(meeting.trainer.at(&proxy.url()), webinar, true, over.clone()));
    let began = app.clock.now();
    for (number, agent) in (1..).zip(&meeting.agents) {
        // From places of their own, which the proxy spreads over both nodes.
        let agent = agent.at(&proxy.url()).sitting_at(Ipv4Addr::new(127, 0, 1, number));
        attending.spawn(attends(agent, webinar, false, over.clone()));
    }
    let mut answering = JoinSet::new();
    for agent in quizzed {
        let ways = [proxy.address, a.address, b.address];
        answering.spawn(answers(agent, ways, Rolls(rolls.roll()), over.clone()));
    }
    until("what is proved of everybody is on disk", PATIENCE, async || {
        proved(&app, &meeting, began + CHECKPOINT).await
    })
    .await;
    let part = house.folder().join(format!("recordings/parts/{webinar}.stage.webm"));
    assert!(!sounds(&part).is_empty(), "it is recorded");

    let (killed, killed_at) = (Instant::now(), app.clock.now());
    a.kill().await.unwrap();
    until("what is proved of everybody afterwards is on disk", PATIENCE, async || {
        proved(&app, &meeting, killed_at + SignedDuration::from_secs(12)).await
    })
    .await;
    tell.send_replace(true);
    let attended = attending.join_all().await;
    assert!(attended.iter().any(|lived| lived.led), "the proxy spreads them, and some were led");
    let mut slowest = Duration::ZERO;
    for lived in &attended {
        let back = lived.back.expect("everybody was interrupted").duration_since(killed);
        slowest = slowest.max(back);
        assert!(back <= BACK, "{} was back after {back:?} only", lived.guest.me.name);
    }
    println!("everybody back with media on the other node {slowest:?} after the kill");

    let mut trainer = None;
    let mut said = Vec::new();
    for lived in attended {
        said.push((lived.guest.me.person, lived.said));
        if lived.guest.me.trainer {
            trainer = Some(lived.guest);
        }
    }
    let mut trainer = trainer.expect("who leads");
    let total = said.iter().map(|(_, said)| said.len()).sum::<usize>();
    trainer.until("all words", |guest| guest.room.messages.len() >= total).await;
    for (person, said) in &said {
        let theirs = trainer.room.messages.values().filter(|message| message.by.person == *person);
        let theirs: Vec<_> = theirs.map(|message| message.text.clone()).collect();
        // The last may have been kept without its acknowledgement being awaited.
        assert_eq!(
            theirs.iter().take(said.len()).collect::<Vec<_>>(),
            said.iter().collect::<Vec<_>>(),
            "once, in order"
        );
        assert!(theirs.len() <= said.len() + 1, "{theirs:?}");
    }
    println!("{total} words acknowledged, each kept once and in order");

    trainer.act(Act::Lead(Lead::Close)).await.unwrap();
    let known = store::webinar(app.db.reader(), webinar).await.unwrap().unwrap();
    let schedule = known.schedule;
    let live = schedule.closed_at.unwrap().duration_since(schedule.live_at.unwrap());
    let record = async |person| server::record::store::load(app.db.reader(), person).await.unwrap().record;
    until("everybody's presence is in the records", PATIENCE, async || {
        for agent in &meeting.agent_ids {
            let record = record(*agent).await;
            if record.webinar(&known.course, webinar).is_none_or(|known| known.measured.is_none()) {
                return false;
            }
        }
        true
    })
    .await;
    // What a node had proved and not put on disk yet goes with it, and the time until everybody is back.
    let away = SignedDuration::try_from(slowest).unwrap() + CHECKPOINT + SignedDuration::from_secs(6);
    for agent in &meeting.agent_ids {
        let seen = presence::intervals_of(app.db.reader(), webinar, *agent).await.unwrap();
        let milliseconds: u64 = seen.iter().map(|interval| interval.span.millis()).sum();
        let missing = live - SignedDuration::from_millis(i64::try_from(milliseconds).unwrap());
        assert!(missing <= away + SignedDuration::from_secs(5), "{missing:?} of {live:?} are missing");
    }
    println!("presence whole but for {away:?} at most of {live:?}");

    until("the recording is whole", PATIENCE, async || {
        recording::of(app.db.reader(), webinar).await.unwrap().is_some_and(|known| known.state != State::Running)
    })
    .await;
    let recorded = recording::of(app.db.reader(), webinar).await.unwrap().unwrap();
    assert_eq!((recorded.state, recorded.why), (State::Whole, None));
    let cut = killed_at.duration_since(recorded.started_at);
    let cut = i64::try_from(cut.as_millis()).unwrap();
    let heard = sounds(&house.folder().join(format!("recordings/{webinar}/stage.webm")));
    assert!(heard.iter().any(|at| *at < cut - 2_000) && heard.iter().any(|at| *at > cut + 5_000), "both nodes' parts");

    let mut agents = answering.join_all().await;
    for agent in &mut agents {
        let mut line = Connection::open(proxy.address, &agent.session, "identity").await.unwrap();
        agent.hand_in_last(&mut line).await.expect("answers");
    }
    assert!(compare(&app, &agents).await > ANSWERERS * 5, "answers were acknowledged before and after");
}
