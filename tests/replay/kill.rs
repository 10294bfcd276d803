//! `kill -9` while a recording is watched: what was acknowledged is there, and what was not is sent again.

use super::*;
use domain::webinar::replay::{Claim, Report};
use sea_orm::{ConnectionTrait as _, Statement};
use server::app::App;
use std::collections::BTreeMap;
use support::Database;
use support::replays::missed;
use support::served::House;
use uuid::Uuid;

const KILLS: u64 = 4;
const REPORTS: u64 = 6;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_report_is_lost_to_kill_9_on_sqlite() {
    dies(Database::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_report_is_lost_to_kill_9_on_postgres() {
    dies(Database::Postgres).await;
}

async fn dies(database: Database) {
    let house = House::new(database, "production").expect("a house");
    let app = house.open().await.expect("opens");
    let meeting = missed(&app).await;

    let path = format!("/webinaires/{}/revoir/lecture", meeting.webinar);
    let watch = app.dice.uuid();
    let (mut acknowledged, mut stopped) = (BTreeMap::<Uuid, u64>::new(), 0);
    for start in 0..KILLS {
        let served = house.serve().await.expect("starts again");
        let agent = meeting.agents[0].at(&format!("http://{}", served.address));
        // The first report of all opens the player: what is claimed in it was not played yet.
        for number in 0..REPORTS {
            let now = app.clock.now().as_millisecond();
            let at = (start * REPORTS + number) * 100;
            let (id, to) = (app.dice.uuid(), at + 1);
            let piece = Claim { id, from: at, to, at: now - 1, took: 1, speed: 100, hidden: false, silent: false };
            let position = Some(Position { at: at + 7, said: now });
            let report = Report { watch, now, pieces: vec![piece], position };
            let page = agent.post_json(&path, &serde_json::to_value(&report).unwrap()).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.body);
            if (start, number) != (0, 0) {
                acknowledged.insert(id, at);
            }
            stopped = at + 7;
        }
        served.kill().await.expect("dies");
        assert_eq!(kept(&app).await, acknowledged, "after {} kills", start + 1);
        let position = one(&app, "SELECT at_ms FROM replay_position").await;
        assert_eq!(u64::try_from(position).unwrap(), stopped);
    }
}

/// The pieces on disk: where each begins.
async fn kept(app: &App) -> BTreeMap<Uuid, u64> {
    let sql = Statement::from_string(app.db.backend(), "SELECT id, from_ms FROM replay_piece");
    let rows = app.db.reader().query_all_raw(sql).await.unwrap();
    let row = |row: sea_orm::QueryResult| {
        let (id, from): (String, i64) = (row.try_get("", "id").unwrap(), row.try_get("", "from_ms").unwrap());
        (id.parse().unwrap(), u64::try_from(from).unwrap())
    };
    rows.into_iter().map(row).collect()
}

async fn one(app: &App, sql: &str) -> i64 {
    let row = app.db.reader().query_one_raw(Statement::from_string(app.db.backend(), sql.to_owned())).await.unwrap();
    row.unwrap().try_get_by_index(0).unwrap()
}
