//! `make bench`: every budget measured on the real binary, load and server on the same machine.
//!
//! `--only a,b` measures some figures, `--quick` takes less time and proves less, `--on sqlite` or
//! `--on postgres` takes one database, `--rounds 30` goes on for longer in `d` and `e`, `--stay` leaves
//! the country of `n` open to be looked at. `y` is measured where it is named: `--only y --viewers 2000`. A missed budget
//! makes the command fail.

mod answers;
mod cascade;
mod certificates;
mod desk;
mod direct;
mod machine;
mod media;
mod media_load;
mod media_server;
mod media_storm;
mod nation;
mod nodes;
mod pages;
mod presence;
mod publishing;
mod recording;
mod report;
mod rush;
mod seed;
mod seeking;
mod signing;
mod upload;
mod xapi;

use anyhow::{Context as _, bail};
use report::Figure;
use sea_orm::{ConnectOptions, ConnectionTrait as _, DatabaseConnection};
use std::process::ExitCode;
use std::time::Duration;
use support::Database;
use support::served::House;

/// What was asked for on the command line.
#[derive(Debug)]
struct Options {
    only: Option<String>,
    quick: bool,
    stay: bool,
    rounds: Option<usize>,
    viewers: usize,
    databases: Vec<Database>,
}

impl Options {
    fn read(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut options = Self {
            only: None,
            quick: false,
            stay: false,
            rounds: None,
            viewers: 2000,
            databases: vec![Database::Sqlite, Database::Postgres],
        };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--quick" => options.quick = true,
                "--stay" => options.stay = true,
                "--only" => options.only = Some(words.next().context("--only takes letters, as in `--only a,b`")?),
                "--rounds" => {
                    options.rounds =
                        Some(words.next().and_then(|word| word.parse().ok()).context("--rounds takes a number")?);
                }
                "--viewers" => {
                    options.viewers =
                        words.next().and_then(|word| word.parse().ok()).context("--viewers takes a number")?;
                }
                "--on" => {
                    options.databases = match words.next().as_deref() {
                        Some("sqlite") => vec![Database::Sqlite],
                        Some("postgres") => vec![Database::Postgres],
                        _ => bail!("--on takes `sqlite` or `postgres`"),
                    }
                }
                other => bail!("`{other}` is not understood: --only a,b --quick --rounds 30 --stay --on sqlite"),
            }
        }
        Ok(options)
    }

    fn wants(&self, letters: &str) -> bool {
        self.only.as_ref().is_none_or(|only| letters.chars().any(|letter| only.contains(letter)))
    }

    fn seconds(&self, whole: u64) -> Duration {
        Duration::from_secs(if self.quick { whole / 3 } else { whole })
    }
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(media_server::WORD) {
        return serve_media();
    }
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            eprintln!("\n{missed} budget(s) missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<usize> {
    let options = Options::read(std::env::args().skip(1))?;
    let mut missed = 0;
    let cores = std::thread::available_parallelism()?;
    if options.wants("m") {
        // One thread for the whole load: the other core is the server's.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let clock = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let figures = runtime.block_on(media::figures(options.seconds(15), clock.handle()))?;
        missed += figures.iter().filter(|figure| figure.misses()).count();
        report::print(&format!("media, {cores} cores shared by load and server; release build"), &figures);
    }
    // More than a machine of two cores carries beside anything else: where it is asked for by its letter.
    if options.only.as_ref().is_some_and(|only| only.contains('y')) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let clock = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let figures = runtime.block_on(cascade::figures(options.viewers, options.seconds(15), clock.handle()))?;
        missed += figures.iter().filter(|figure| figure.misses()).count();
        report::print(&format!("one webinar over three nodes, {cores} cores shared by load and servers"), &figures);
    }
    if !options.wants("abcdefghinoprstuvwx") {
        return Ok(missed);
    }
    for database in &options.databases {
        // A runtime each: what seeding opened is closed before the next database.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let figures = runtime.block_on(measure(&options, *database))?;
        missed += figures.iter().filter(|figure| figure.misses()).count();
        report::print(
            &format!("{database:?}, {cores} cores shared by load, server and database; release build"),
            &figures,
        );
    }
    Ok(missed)
}

fn serve_media() -> ExitCode {
    match media_server::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options, database: Database) -> anyhow::Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if options.wants("g") {
        figures.extend(machine::starts(database).await?);
    }
    let house = House::new(database, "production")?;
    if options.wants("f") {
        figures.push(machine::disk(&house, if options.quick { 200 } else { 1000 })?);
    }
    if options.wants("h") {
        let house = House::new(database, "production")?;
        figures.extend(presence::checkpoints(&house, if options.quick { 20 } else { 100 }).await?);
    }
    if options.wants("r") && database == Database::Sqlite {
        figures.extend(recording::figures(options.seconds(15)).await?);
    }
    if options.wants("w") && database == Database::Sqlite {
        let house = House::new(database, "production")?;
        figures.extend(direct::figures(&house, options.seconds(15)).await?);
    }
    if options.wants("v") && database == Database::Sqlite {
        figures.extend(seeking::figures(&House::new(database, "production")?).await?);
    }
    if options.wants("i") {
        figures.extend(signing::figures(House::new(database, "production")?).await?);
    }
    if options.wants("n") {
        let house = House::new(database, "production")?;
        let (scale, rounds) = if options.quick { (nation::SMALL, 5) } else { (nation::WHOLE, 100) };
        figures.extend(nation::figures(&house, scale, rounds, options.stay).await?);
        figures.push(nation::imported(&House::new(database, "production")?, scale).await?);
    }
    if options.wants("x") {
        let house = House::new(database, "production")?;
        figures.extend(xapi::figures(&house, options.seconds(15)).await?);
    }
    if options.wants("p") {
        let house = House::new(database, "production")?;
        let promotion = if options.quick { certificates::SMALL } else { certificates::WHOLE };
        figures.extend(certificates::figures(&house, promotion).await?);
    }
    if options.wants("o") {
        let house = House::new(database, "production")?;
        figures.extend(desk::figures(&house, if options.quick { 20 } else { 100 }).await?);
    }
    if options.wants("u") {
        let house = House::new(database, "production")?;
        figures.extend(upload::figures(&house, if options.quick { 100_000_000 } else { 500_000_000 }).await?);
    }
    if options.wants("s") {
        let house = House::new(database, "production")?;
        figures.extend(
            publishing::figures(&house, if options.quick { publishing::SMALL } else { publishing::WHOLE }).await?,
        );
    }
    if options.wants("t") && database == Database::Postgres {
        let house = House::new(database, "production")?;
        let sessions = prepare(&house, 200)?;
        figures.extend(nodes::figures(&house, &sessions, options.seconds(30)).await?);
    }
    if !options.wants("abcde") {
        return Ok(figures);
    }
    let agents = if options.quick { 4_000 } else { seed::AGENTS };
    let began = tokio::time::Instant::now();
    let sessions = prepare(&house, agents)?;
    eprintln!("{database:?}: {agents} agents seeded in {:.0} s", began.elapsed().as_secs_f64());
    let served = house.serve().await?;
    let reader = connect(&house).await?;
    // A database that was filled some days ago, not a moment ago: its own housekeeping is not measured.
    let housekeeping = if database == Database::Postgres { "VACUUM ANALYZE; CHECKPOINT" } else { "ANALYZE" };
    for statement in housekeeping.split("; ") {
        reader.execute_unprepared(statement).await?;
    }
    if options.wants("a") {
        figures.extend(pages::chapter(served.address, &sessions, options.seconds(30)).await?);
    }
    if options.wants("e") {
        let rounds = options.rounds.unwrap_or(if options.quick { 100 } else { 500 });
        figures.extend(pages::record(served.address, &sessions, rounds).await?);
    }
    if options.wants("b") {
        figures.extend(answers::answers(served.address, database, &reader, &sessions, options.seconds(15)).await?);
    }
    served.kill().await?;
    if options.wants("cd") {
        // A server of its own, so that its memory is that of the rush.
        let served = house.serve().await?;
        let mut hall = rush::Hall::open(served.address, &sessions[700..3_700]).await?;
        let rounds = options.rounds.unwrap_or(if options.quick { 3 } else { 10 });
        figures.extend(rush::rush(&mut hall, &reader, served.pid(), rounds).await?);
        served.kill().await?;
    }
    figures.sort_by_key(|figure| figure.name.chars().next());
    Ok(figures)
}

/// Seeds through the product itself, in a runtime of its own: when this returns nothing of it is left
/// but what is on disk.
fn prepare(house: &House, agents: usize) -> anyhow::Result<Vec<String>> {
    let seeding = || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async { seed::seed(&house.open().await?, agents).await })
    };
    std::thread::scope(|scope| scope.spawn(seeding).join()).unwrap_or_else(|_| bail!("seeding panicked"))
}

/// Another eye on the same database.
async fn connect(house: &House) -> anyhow::Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(house.url());
    options.max_connections(2).sqlx_logging(false);
    Ok(sea_orm::Database::connect(options).await?)
}
