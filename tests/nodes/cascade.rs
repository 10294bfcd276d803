//! Viewers of one webinar spread over nodes, by NATS: those beyond a threshold have picture and sound from another node than the
//! room's, and live through its death and through that of NATS.

mod people;

use domain::webinar::presence::CHECKPOINT;
use domain::webinar::signal::FromServer;
use domain::webinar::{Act, Lead};
use futures_util::StreamExt as _;
use people::{Somebody, agent, trainer};
use server::app::App;
use server::webinar::media::Kind;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;
use support::Database;
use support::balancer::Balancer;
use support::guest::Guest;
use support::meeting::Meeting;
use support::nats::Nats;
use support::peer::Came;
use support::peer::light::{LightPeer, Passport, candidates, offer};
use support::served::{House, Served};
use support::waiting;
use tokio::time::{Instant, sleep, timeout};

const PATIENCE: Duration = Duration::from_secs(40);
/// Media is back elsewhere within this.
const BACK: Duration = Duration::from_secs(10);

/// A house that serves two itself of each room, NATS, and a meeting of so many agents.
async fn house(agents: usize) -> (House, Nats, App, Meeting) {
    let nats = Nats::start().unwrap();
    let house = House::new(Database::Postgres, "production").unwrap();
    let house = house.with("SOCLE_TRUSTED_PROXIES", "127.0.0.1".to_owned());
    // Opened before there is a node, which this process is not.
    let app = house.open().await.unwrap();
    let meeting = Meeting::in_house(&app, agents).await;
    let house = house.with("SOCLE_NATS", nats.url()).with("SOCLE_WEBINAR_RELAY_FROM", "2".to_owned());
    (house, nats, app, meeting)
}

/// Each node once it has heard the others, which it says every second.
async fn nodes<const MANY: usize>(house: &House, names: [&str; MANY], nats: &Nats) -> [Served; MANY] {
    let mut nodes = Vec::new();
    for name in names {
        nodes.push(house.serve_as(name).await.unwrap());
    }
    nats.hears(MANY).await.unwrap();
    nodes.try_into().expect("as many")
}

/// How long that took to be so.
async fn until(what: &str, so: impl Fn() -> bool) -> Duration {
    let began = Instant::now();
    waiting::until(what, PATIENCE, async || so()).await;
    began.elapsed()
}

async fn all_see(agents: &[Somebody], what: &str) -> Duration {
    until(what, || agents.iter().all(Somebody::sees)).await
}

/// Until pictures can be made out. Whoever misses the first keyframe, still shaking hands, asks for another as a browser does.
async fn until_keyframe(agent: &Somebody) {
    let peer = agent.peer().expect("has media");
    let first = &peer.pictures()[0];
    assert!(first.sequence > 1 || first.is_keyframe(), "a keyframe is what is sent first");
    waiting::until("a keyframe comes", PATIENCE, async || {
        let came = peer.pictures().iter().any(Came::is_keyframe);
        if !came {
            peer.ask_for_keyframe().await;
        }
        came
    })
    .await;
}

fn ports(agents: &[Somebody]) -> Vec<u16> {
    agents.iter().map(|agent| agent.port().expect("has media")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_beyond_the_threshold_see_and_hear_by_another_node_and_are_counted_there() {
    let (house, nats, app, meeting) = house(5).await;
    let [a, b] = nodes(&house, ["a", "b"], &nats).await;
    let proxy = Balancer::start([a.address, b.address]).unwrap();
    let webinar = meeting.webinar;
    let began = app.clock.now();
    let marie = trainer(meeting.trainer.at(&format!("http://{}", a.address)), webinar).await;
    let mut agents = Vec::new();
    for (number, client) in (1..).zip(&meeting.agents[..4]) {
        let client = client.at(&proxy.url()).sitting_at(Ipv4Addr::new(127, 0, 2, number));
        agents.push(agent(client, webinar).await);
        all_see(&agents, "who came sees and hears").await;
    }
    let (origin, served) = (marie.port().unwrap(), ports(&agents));
    assert_eq!(served[0], origin, "the room's node serves two itself: the trainer, and one more");
    assert!(served[1] != origin && served[1..].iter().all(|port| *port == served[1]), "{origin}, {served:?}");
    for agent in &agents {
        until_keyframe(agent).await;
    }

    // Words are the room's, wherever picture and sound come from.
    agents[3].act(Act::Say { text: "de loin".into() });
    until("what is said far away is heard by all", || {
        agents.iter().chain([&marie]).all(|one| one.heard().contains(&"de loin".to_owned()))
    })
    .await;

    // Whatever is said over NATS that is not of the protocol does nothing.
    let stranger = nats.client().await.unwrap();
    let mut heard = stranger.subscribe(">").await.unwrap();
    let mut subjects = BTreeSet::new();
    while !["nodes", "node", "stage"]
        .iter()
        .all(|kind| subjects.iter().any(|subject: &String| subject.split('.').nth(2) == Some(kind)))
    {
        subjects.insert(timeout(PATIENCE, heard.next()).await.unwrap().unwrap().subject.to_string());
    }
    for subject in &subjects {
        for said in
            [&b"x"[..], b"{}", b"S\xff", b"P\x00\x00", &[b'S'; 300_000], br#"{"leave":{"stage":1}}"#, b"{\"seen\":{}}"]
        {
            stranger.publish(subject.clone(), said.to_vec().into()).await.unwrap();
        }
    }
    stranger.flush().await.unwrap();

    // Who is served far away is as present as who is not.
    let to = app.clock.now() + CHECKPOINT;
    let proved = async {
        loop {
            let mut all = true;
            for agent in &meeting.agent_ids[..4] {
                let seen = server::webinar::presence::intervals_of(app.db.reader(), webinar, *agent).await.unwrap();
                all &= seen.first().is_some_and(|first| first.span.from >= began)
                    && seen.last().is_some_and(|last| last.span.to >= to)
                    && seen.len() == 1;
            }
            if all {
                break;
            }
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(PATIENCE, proved).await.expect("everybody is present without a gap");
    assert!(agents.iter().all(|agent| agent.sees() && agent.connections() == 1), "and nobody was disturbed");

    // Who is given the floor is served by the room's node from then on: only that one takes what is sent.
    let (passport, anew) = (Passport::new().unwrap(), Passport::new().unwrap());
    let mut guest = Guest::enter(&meeting.agents[4].at(&proxy.url()), webinar).await.unwrap();
    let (sdp, sends) = offer(&passport, 2, &[]);
    let answer = guest.offer(sdp, &sends).await.unwrap();
    assert_eq!(candidates(&answer, "udp")[0].port(), served[1]);
    let _watching = LightPeer::connect(&passport, &answer, None).await.unwrap();
    let (sdp, sends) = offer(&passport, 2, &[Kind::Microphone]);
    let refused = guest.offer(sdp.clone(), &sends).await.unwrap_err();
    assert!(refused.contains("pas la parole"), "{refused}");
    marie.act(Act::Lead(Lead::GiveFloor { person: meeting.agent_ids[4] }));
    let person = meeting.agent_ids[4];
    guest.until("the floor is given", |guest| guest.room.has_floor(person)).await;
    assert_eq!(guest.try_offer(sdp, &sends).await, None);
    assert_eq!(guest.said.last(), Some(&FromServer::ConnectAnew));
    let (sdp, sends) = offer(&anew, 2, &[Kind::Microphone]);
    let answer = guest.offer(sdp, &sends).await.unwrap();
    assert_eq!(candidates(&answer, "udp")[0].port(), origin);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_outlive_their_relay_and_nats_and_the_rooms_own_node() {
    let (house, mut nats, _app, meeting) = house(5).await;
    let [a, b, c] = nodes(&house, ["a", "b", "c"], &nats).await;
    let proxy = Balancer::start([a.address, c.address]).unwrap();
    let webinar = meeting.webinar;
    // The room is the first node's from the first word on.
    let first = meeting.trainer.at(&format!("http://{}", a.address));
    drop(Guest::enter(&first, webinar).await.unwrap());
    let marie = trainer(meeting.trainer.at(&proxy.url()), webinar).await;
    let mut agents = Vec::new();
    for (number, client) in (1..).zip(&meeting.agents[..4]) {
        let client = client.at(&proxy.url()).sitting_at(Ipv4Addr::new(127, 0, 3, number));
        agents.push(agent(client, webinar).await);
        all_see(&agents, "who came sees and hears").await;
    }
    let (origin, before) = (marie.port().unwrap(), ports(&agents));
    assert_eq!(before[0], origin);
    let relays = &before[1..];
    assert!(relays.iter().all(|port| *port != origin) && relays.iter().any(|port| *port != relays[0]), "{before:?}");

    // A relay dies: its viewers see again by others, and nobody else is disturbed.
    b.kill().await.unwrap();
    let moved = until("those of the dead node are told", || agents.iter().any(|agent| agent.anew() > 0)).await;
    let back = moved + all_see(&agents, "everybody sees again").await;
    println!("a relay died: media back after {back:?}");
    assert!(back < BACK, "{back:?}");
    let after = ports(&agents);
    assert!(
        after.iter().zip(&before).any(|(after, before)| after == before && *after != origin),
        "{before:?} {after:?}"
    );
    assert_eq!(after.iter().collect::<BTreeSet<_>>().len(), 2, "{after:?}");

    // NATS dies: what is local goes on, and everybody is served by the room's node.
    let local = agents[0].connections();
    nats.kill().unwrap();
    let moved = until("all are served by the room's node", || ports(&agents).iter().all(|port| *port == origin)).await;
    let back = moved + all_see(&agents, "everybody sees again").await;
    println!("NATS died: media back after {back:?}");
    assert!(back < BACK, "{back:?}");
    assert_eq!(agents[0].connections(), local, "who was served there is not disturbed");
    agents[2].act(Act::Say { text: "sans NATS".into() });
    until("words go on", || agents.iter().all(|one| one.heard().contains(&"sans NATS".to_owned()))).await;

    // It is back: whoever comes next is served by another node again.
    nats.come_back().unwrap();
    nats.hears(2).await.unwrap();
    agents.push(agent(meeting.agents[4].at(&proxy.url()), webinar).await);
    all_see(&agents, "and sees").await;
    assert_ne!(agents[4].port(), Some(origin));

    // The room's own node dies: another takes the room, and everybody comes back.
    a.kill().await.unwrap();
    let gone = until("they notice", || !agents.iter().any(Somebody::sees)).await;
    let back = gone + all_see(&agents, "everybody sees again").await;
    println!("the room's node died: media back after {back:?}");
    assert!(marie.port().is_some_and(|port| port != origin));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_meet_under_tls_and_outlive_one_of_the_servers_of_a_cluster() {
    let folder = tempfile::tempdir().unwrap();
    let [mut first, second] = Nats::cluster_under_tls(folder.path()).unwrap();
    let house = House::new(Database::Postgres, "demonstration").unwrap();
    let house = house.with("SOCLE_NATS", format!("{},{}", first.url(), second.url()));
    // What this machine trusts.
    let house = house.with("SSL_CERT_FILE", folder.path().join("cert.pem").display().to_string());
    let _nodes = nodes(&house, ["a", "b"], &first).await;
    second.hears(2).await.expect("what is said to one is heard by the other");
    first.kill().unwrap();
    second.hears(2).await.expect("whoever was with the one that died goes on with the other");
}
