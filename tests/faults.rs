//! Faults, one after the other, while agents answer, read and attend a webinar, and an author writes and publishes:
//! nothing that was acknowledged is lost, nothing is half done, what is refused says what to do, and the service is back
//! within five seconds of a fault's end.
//!
//! `SOCLE_FAULTS` says how many (each once by default; the campaign is 250 on each database), `SOCLE_SEED` repeats the
//! dice of a run.

mod attending;
mod authoring;
mod crowd;
mod fault;

use attending::Attending;
use authoring::Authoring;
use crowd::{Crowd, Pulse};
use fault::{Fault, Orders};
use sea_orm::{ConnectionTrait as _, Statement};
use std::collections::BTreeMap;
use std::time::Duration;
use support::Database;
use support::answerer::{answerers, compare};
use support::dice::Rolls;
use support::http::Connection;
use support::meeting::Meeting;
use support::postgres::Cluster;
use support::served::House;
use tokio::time::Instant;

/// The service is back within this, on a machine that does nothing else.
const BACK: Duration = Duration::from_secs(5);
/// On one that runs other tests too.
const BACK_AMONG_OTHERS: Duration = Duration::from_secs(25);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_to_any_fault_on_sqlite() {
    campaign(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_to_any_fault_on_postgres() {
    campaign(Database::Postgres).await;
}

async fn campaign(database: Database) {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let kinds = Fault::of(database);
    let faults = number("SOCLE_FAULTS").unwrap_or(kinds.len() as u64);
    let seed = number("SOCLE_SEED").unwrap_or_else(|| server::clock::Dice::system().expect("dice").seed());
    println!("{database:?}: SOCLE_FAULTS={faults} SOCLE_SEED={seed}");
    let mut rolls = Rolls(seed);

    let orders = Orders::new().expect("a file");
    let cluster = (database == Database::Postgres).then(|| Cluster::start(&orders.environment().expect("built")));
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a port").port();
    let mut house = House::new(Database::Sqlite, "production").expect("a house");
    // Its log is on the disk too.
    let log = house.folder().join("log");
    house = house.with("SOCLE_LISTEN", format!("127.0.0.1:{port}")).logging_to(log);
    if let Some(cluster) = &cluster {
        house = house.with("DATABASE_URL", cluster.new_database());
    }
    house = house.with_all(orders.environment().expect("built"));

    // Everybody is prepared on a product that nothing befalls, and closed again.
    let app = house.open().await.expect("opens");
    let agents = answerers(&app, 6, &mut rolls).await;
    let readers = [agents[0].session.clone(), agents[1].session.clone()];
    let author = Authoring::prepare(&app, rolls.roll()).await;
    let meeting = Meeting::in_house(&app, 1).await;
    drop(app);
    let mut served = house.serve().await.expect("serves");
    let author = author.open_draft(served.address).await;
    let attending = Attending::begin(&meeting, served.address, rolls.roll()).await;

    let crowd = Crowd::new(served.address);
    let answering: Vec<_> = agents.into_iter().map(|agent| crowd.set_to("an agent who answers", agent)).collect();
    let reading = readers.map(|session| crowd.set_to("an agent who reads", crowd::Reader::new(session)));
    let authoring = crowd.set_to("an author", author);
    let attending = crowd.send(attending);
    let mut pulses: Vec<Pulse> = answering.iter().map(|(pulse, _)| pulse.clone()).collect();
    pulses.extend(reading.iter().map(|(pulse, _)| pulse.clone()));
    pulses.extend([authoring.0.clone(), attending.0.clone()]);

    let mut worst: BTreeMap<Fault, (u32, Duration)> = BTreeMap::new();
    for turn in 0..faults {
        // Each in turn, then as the dice fall.
        let place = if turn < kinds.len() as u64 { turn } else { rolls.below(kinds.len() as u64) };
        let fault = kinds[usize::try_from(place).expect("few")];
        println!("{turn}: {fault:?}");
        fault.begins(&orders, cluster.as_ref(), &crowd);
        let lasting = Duration::from_millis(200 + rolls.below(1300));
        if fault == Fault::Kill {
            tokio::time::sleep(lasting).await;
            served.kill().await.expect("dies");
            let ended = Instant::now();
            served = house.serve().await.expect("starts again");
            back(fault, ended, &mut pulses, &mut worst).await;
            continue;
        }
        tokio::time::sleep(lasting).await;
        fault.ends(&orders, cluster.as_ref(), &crowd);
        back(fault, Instant::now(), &mut pulses, &mut worst).await;
        assert!(served.is_running(), "{fault:?}: the product stopped");
    }

    let refusals = crowd.over();
    let mut agents = Vec::new();
    for (_, agent) in answering {
        agents.push(agent.await.expect("an agent"));
    }
    for agent in &mut agents {
        let mut line = Connection::open(served.address, &agent.session, "identity").await.expect("connects");
        agent.hand_in_last(&mut line).await.expect("answers");
    }
    let mut pages = 0;
    for (_, reader) in reading {
        pages += reader.await.expect("a reader").pages;
    }
    let (author, attending) = (authoring.1.await.expect("an author"), attending.1.await.expect("an attendee"));
    attending.compare(&meeting, served.address).await;
    served.kill().await.expect("dies");
    let app = house.open().await.expect("opens");
    compare(&app, &agents).await;
    author.compare(&app).await;
    if database == Database::Sqlite {
        let sound = Statement::from_string(sea_orm::DbBackend::Sqlite, "PRAGMA integrity_check");
        let row = app.db.reader().query_one_raw(sound).await.expect("reads").expect("a row");
        assert_eq!(row.try_get_by_index::<String>(0).expect("a text"), "ok");
    }
    println!("{database:?}: {faults} faults; {pages} pages read; refused meanwhile, by status: {refusals:?}");
    for (fault, (times, took)) in worst {
        println!("  {fault:?}: {times} times, back within {took:?}");
    }
}

/// Waits until everybody has done something since that instant.
async fn back(fault: Fault, ended: Instant, pulses: &mut [Pulse], worst: &mut BTreeMap<Fault, (u32, Duration)>) {
    for pulse in pulses {
        pulse.beats(&format!("{fault:?}")).await;
    }
    let took = ended.elapsed();
    let alone = std::env::var_os("SOCLE_FAULTS").is_some();
    assert!(took < if alone { BACK } else { BACK_AMONG_OTHERS }, "{fault:?}: back after {took:?}");
    let known = worst.entry(fault).or_default();
    *known = (known.0 + 1, known.1.max(took));
}
