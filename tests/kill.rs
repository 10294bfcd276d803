//! `kill -9`, again and again, while agents answer: what was acknowledged is found in the record.
//!
//! `SOCLE_KILLS` says how often (6 by default; the campaign is 200), `SOCLE_SEED` repeats the dice of a run.

use std::net::SocketAddr;
use std::time::Duration;
use support::Database;
use support::answerer::{Answerer, Trouble, answerers, compare};
use support::dice::Rolls;
use support::http::Connection;
use support::served::House;
use tokio::sync::watch;
use tokio::task::JoinSet;

const AGENTS: u64 = 12;

/// Where the service is, as far as the agents know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    /// Nowhere, after so many starts.
    Down(u32),
    /// There, at that start.
    Up(u32, SocketAddr),
    /// No more answers are wanted.
    Over,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_answer_is_lost_to_kill_9_on_sqlite() {
    campaign(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_answer_is_lost_to_kill_9_on_postgres() {
    campaign(Database::Postgres).await;
}

async fn campaign(database: Database) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let kills = number("SOCLE_KILLS").unwrap_or(6);
    let seed = number("SOCLE_SEED").unwrap_or_else(|| server::clock::Dice::system().expect("dice").seed());
    println!("{database:?}: SOCLE_KILLS={kills} SOCLE_SEED={seed}");
    let mut rolls = Rolls(seed);
    let house = House::new(database, "production").expect("a house");
    let (tell, hear) = watch::channel(Service::Down(0));
    let mut agents = JoinSet::new();
    for agent in answerers(&house.open().await.expect("opens"), AGENTS, &mut rolls).await {
        agents.spawn(answer(agent, hear.clone()));
    }
    for start in 1..=u32::try_from(kills).expect("not so many") {
        let served = house.serve().await.expect("starts again");
        tell.send_replace(Service::Up(start, served.address));
        tokio::time::sleep(Duration::from_millis(50 + rolls.below(550))).await;
        served.kill().await.expect("dies");
        tell.send_replace(Service::Down(start));
    }
    tell.send_replace(Service::Over);
    let mut agents = agents.join_all().await;
    let served = house.serve().await.expect("starts a last time");
    for agent in &mut agents {
        let mut line = Connection::open(served.address, &agent.session, "identity").await.expect("connects");
        agent.hand_in_last(&mut line).await.expect("answers");
    }
    served.kill().await.expect("dies");
    let acknowledged = compare(&house.open().await.expect("opens"), &agents).await;
    println!("{kills} kills");
    assert!(acknowledged > kills * 5, "the campaign is one: answers are acknowledged between kills");
}

/// Answers wherever the service is, until it is over.
async fn answer(mut agent: Answerer, mut hear: watch::Receiver<Service>) -> Answerer {
    loop {
        let known = *hear.borrow_and_update();
        match known {
            Service::Over => return agent,
            Service::Down(_) => {}
            // This ends with the process: then the agent waits for the next.
            Service::Up(_, address) => while_it_lasts(&mut agent, address).await,
        }
        hear.wait_for(|now| *now != known).await.expect("the campaign goes on");
    }
}

async fn while_it_lasts(agent: &mut Answerer, address: SocketAddr) {
    let Ok(mut line) = Connection::open(address, &agent.session, "identity").await else { return };
    loop {
        match agent.act(&mut line).await {
            Ok(()) => {}
            Err(Trouble::Line(_)) => return,
            Err(Trouble::Refused(status, said)) => panic!("refused: {status} {said}"),
        }
    }
}
